"""Say what a training run depends on, and lay out every batch of it before the first step."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from stance.errors import DataError
from stance.training.articles import corpus_pairs, corpus_tags
from stance.training.batches import Limits, group_batches
from stance.training.derived import DERIVED, derive
from stance.training.examples import Example, PairExample, Pool
from stance.training.passages import shorten
from stance.training.sets import load_set

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


# With all of them a holder's stance is nearly always called neutral.
DSE_NEUTRAL = 0.35


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hold what a run depends on; `passes` says how often each set's rows are seen.

    `start` are folders of trained models to go on from, instead of a bare trunk; `corpus` the
    folder of the marked articles; `average` the decay of the running mean of the weights, which is
    what a run writes (0: the last weights); `stop` the share of the steps after which the run ends,
    its rates laid out for the whole; `workers` how many processes prepare batches.
    """

    base: str = "minilm-l6"
    start: tuple[str, ...] = ()
    corpus: str = "models/corpus"
    seed: int = 20
    rounds: int = 4
    trunk_lr: float = 1.2e-4
    head_lr: float = 6e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    clip: float = 1.0
    batch_tokens: int = 4096
    window_batch_tokens: int = 1536
    pair_tokens: int = 192
    window_tokens: int = 256
    trunk_dropout: float = 0.0
    precision: str = "bf16"
    average: float = 0.999
    stop: float = 1.0
    workers: int = 0
    checkpoint_every: int = 200
    passes: dict[str, float] = field(default_factory=dict)

    @property
    def limits(self) -> Limits:
        """The bounds of a batch."""
        return Limits(
            self.batch_tokens, self.window_batch_tokens, self.pair_tokens, self.window_tokens
        )


def read_recipe(path: str | Path) -> Recipe:
    """Read a recipe file.

    Raises:
        DataError: the file has a key that no recipe has.
    """
    settings = read_settings(path, [f.name for f in fields(Recipe)])
    start = settings.pop("start", ())
    folders = [start] if isinstance(start, str) else start
    return Recipe(start=tuple(filter(None, folders)), **settings)


def read_settings(path: str | Path, known: Sequence[str]) -> dict[str, Any]:
    """Read the [run] table of a recipe file, with its [passes] under that name where it has any.

    Raises:
        DataError: [run] has a key that is not among the known ones.
    """
    with Path(path).open("rb") as file:
        table = tomllib.load(file)
    run, passes = table.get("run", {}), table.get("passes", {})
    keys = sorted({*known} - {"passes"})
    if unknown := sorted(set(run) - set(keys)):
        raise DataError(f"{path}: unknown key {unknown[0]!r} in [run]; known: {keys}")
    settings: dict[str, Any] = {**run, **({"passes": passes} if passes else {})}
    return settings


def load_examples(recipe: Recipe, data: Path, base: str) -> dict[str, list[Example]]:
    """Read every set of the recipe, long texts already cut to their nearest passages."""
    pools = {name: load_pool(recipe, data, name).train for name in recipe.passes}
    if "dse" in pools:
        dse = [e for e in pools["dse"] if isinstance(e, PairExample)]
        pools["dse"] = [*balance_dse(dse, recipe.seed)]
    if "fnc1" in pools:
        pairs = balance_fnc([e for e in pools["fnc1"] if isinstance(e, PairExample)], recipe.seed)
        pools["fnc1"] = [*shorten(pairs, base)]
    return pools


def load_pool(recipe: Recipe, data: Path, name: str) -> Pool:
    """Read one set of a recipe: of the data folder, derived from it, or of the corpus."""
    if name == "articles":
        return corpus_pairs(Path(recipe.corpus), recipe.seed)
    if name == "article_tags":
        return corpus_tags(Path(recipe.corpus))
    return derive(data, name, recipe.seed) if name in DERIVED else load_set(data, name)


def balance_fnc(examples: Sequence[PairExample], seed: int) -> list[PairExample]:
    """Thin out FNC-1's easy *unrelated* and its *discuss* rows, and show *disagree* twice."""
    rng = random.Random(seed)
    kept: list[PairExample] = []
    for example in examples:
        share = {(): 0.16, (2,): 0.6, (1,): 2.0}.get(example.gold, 1.0)
        copies = int(share) + (rng.random() < share % 1)
        kept += [example] * copies
    return kept


def balance_dse(examples: Sequence[PairExample], seed: int) -> list[PairExample]:
    """Thin out DSE's *neutral*, two thirds of whose rows say nothing either way."""
    rng = random.Random(seed)
    return [e for e in examples if e.gold != (2,) or rng.random() < DSE_NEUTRAL]


def plan(pools: dict[str, list[Example]], recipe: Recipe) -> list[list[Example]]:
    """Lay out every batch of the run, the same for the same seed."""
    rng = random.Random(recipe.seed)
    batches: list[list[Example]] = []
    order = {name: _cycle(pool, random.Random(recipe.seed)) for name, pool in pools.items()}
    for _ in range(recipe.rounds):
        drawn: list[Example] = []
        for name, pool in pools.items():
            count = round(len(pool) * recipe.passes[name] / recipe.rounds)
            drawn += [next(order[name]) for _ in range(count)]
        batches += group_batches(drawn, recipe.limits, rng)
    return batches


def _cycle(pool: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """Draw without replacement, again and again."""
    while pool:
        yield from rng.sample(pool, len(pool))
