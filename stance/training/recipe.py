"""Train a `StanceModel` from a recipe: one TOML file, one command, resumable at any step.

::

    python -m stance.training.recipe models/mini.toml --out runs/mini --data-dir DATA
    torchrun --nproc-per-node 2 -m stance.training.recipe models/mini.toml --out runs/mini
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from transformers import AutoModel, PreTrainedTokenizerBase

from stance.backends.inputs import load_tokenizer
from stance.backends.modeling import StanceModel
from stance.backends.quantize import load_model
from stance.errors import DataError
from stance.training.batches import Limits, collate, group_batches
from stance.training.checkpoint import load_state, save_state
from stance.training.derived import DERIVED, derive
from stance.training.examples import Example, PairExample
from stance.training.losses import Trainable
from stance.training.passages import shorten
from stance.training.sets import find_data, load_set

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hold what a run depends on; `passes` says how often each set's rows are seen.

    `start` is the folder of a trained model to go on from, instead of a bare trunk.
    """

    base: str = "minilm-l6"
    start: str = ""
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
    with Path(path).open("rb") as file:
        table = tomllib.load(file)
    run, passes = table.get("run", {}), table.get("passes", {})
    known = {f.name for f in fields(Recipe)} - {"passes"}
    if unknown := sorted(set(run) - known):
        raise DataError(f"{path}: unknown key {unknown[0]!r} in [run]; known: {sorted(known)}")
    return Recipe(**run, passes=passes)


def load_examples(recipe: Recipe, data: Path, base: str) -> dict[str, list[Example]]:
    """Read every set of the recipe, long texts already cut to their nearest passages."""
    pools: dict[str, list[Example]] = {}
    for name in recipe.passes:
        pool = derive(data, name, recipe.seed) if name in DERIVED else load_set(data, name)
        pools[name] = pool.train
    if "fnc1" in pools:
        pairs = balance_fnc([e for e in pools["fnc1"] if isinstance(e, PairExample)], recipe.seed)
        pools["fnc1"] = [*shorten(pairs, base)]
    return pools


def balance_fnc(examples: Sequence[PairExample], seed: int) -> list[PairExample]:
    """Thin out FNC-1's easy *unrelated* and its *discuss* rows, and show *disagree* twice."""
    rng = random.Random(seed)
    kept: list[PairExample] = []
    for example in examples:
        share = {(): 0.16, (2,): 0.6, (1,): 2.0}.get(example.gold, 1.0)
        copies = int(share) + (rng.random() < share % 1)
        kept += [example] * copies
    return kept


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


def learning_rate(step: int, total: int, warmup: float) -> float:
    """Rise linearly, then fall along a cosine: the factor at `step`, in [0, 1]."""
    rise = max(1, int(total * warmup))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, total - rise)))


class Run:
    """Hold the state of one training run."""

    def __init__(self, recipe: Recipe, base: str, out: Path) -> None:
        set_seed(recipe.seed)
        self.recipe, self.out = recipe, out
        precision = recipe.precision if recipe.precision in ("bf16", "fp16") else "no"
        self.accelerator = Accelerator(mixed_precision=precision)
        self.tokenizer: PreTrainedTokenizerBase = load_tokenizer(base)
        model = (
            load_model(Path(recipe.start))
            if recipe.start
            else StanceModel.from_trunk(base, dropout=recipe.trunk_dropout)
        )
        anchor = AutoModel.from_pretrained(base, dtype=torch.float32, trust_remote_code=False)
        anchor.to(self.accelerator.device).eval().requires_grad_(False)
        self.model = model
        trainable = Trainable(model, anchor)
        self.optimizer: Any = torch.optim.AdamW(self._parameters(model), fused=True)
        self.trainable, self.optimizer = self.accelerator.prepare(trainable, self.optimizer)

    def _parameters(self, model: StanceModel) -> list[dict[str, Any]]:
        """Part the parameters by learning rate and weight decay."""
        groups: dict[tuple[bool, bool], list[Any]] = {}
        for name, parameter in model.named_parameters():
            key = (name.startswith("trunk."), parameter.ndim > 1)
            groups.setdefault(key, []).append(parameter)
        rates = {True: self.recipe.trunk_lr, False: self.recipe.head_lr}
        return [
            {
                "params": group,
                "lr": rates[trunk],
                "base_lr": rates[trunk],
                "weight_decay": self.recipe.weight_decay if decay else 0.0,
            }
            for (trunk, decay), group in sorted(groups.items(), key=lambda item: item[0])
        ]

    def step(self, examples: Sequence[Example], factor: float) -> tuple[str, float]:
        """Take one optimizer step; return the task and the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["base_lr"] * factor
        rank, world = self.accelerator.process_index, self.accelerator.num_processes
        batch = collate(self.tokenizer, examples[rank::world] or examples[:1], self.recipe.limits)
        batch = _to(batch, self.accelerator.device)
        with self.accelerator.autocast():
            loss = self.trainable(batch)
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.trainable.parameters(), self.recipe.clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return batch["task"], float(loss.detach())

    def train(self, batches: Sequence[list[Example]]) -> None:
        """Run through the plan from the last checkpoint to its end."""
        first = load_state(self.out, self.model, self.optimizer)
        started, means = time.monotonic(), dict[str, float]()
        for number in range(first, len(batches)):
            factor = learning_rate(number, len(batches), self.recipe.warmup)
            task, loss = self.step(batches[number], factor)
            means[task] = 0.98 * means.get(task, loss) + 0.02 * loss
            done = number + 1
            if done % 25 == 0:
                self.log(done, len(batches), (time.monotonic() - started) / (done - first), means)
            if done % self.recipe.checkpoint_every == 0 or done == len(batches):
                self.checkpoint(done)

    def log(self, done: int, total: int, pace: float, means: dict[str, float]) -> None:
        """Add a line to ``curve.jsonl`` and print it."""
        if self.accelerator.is_main_process:
            row = {"step": done, "of": total, "s_per_step": round(pace, 3)}
            row |= {"minutes_left": round((total - done) * pace / 60, 1)}
            row |= {task: round(mean, 4) for task, mean in sorted(means.items())}
            with (self.out / "curve.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)

    def checkpoint(self, done: int) -> None:
        """Write the state, and the model as it stands."""
        if self.accelerator.is_main_process:
            save_state(self.out, self.model, self.optimizer, done)
            self.model.save_pretrained(self.out / "model")
            self.tokenizer.save_pretrained(self.out / "model")
        self.accelerator.wait_for_everyone()


def _to(value: Any, device: torch.device) -> Any:
    if isinstance(value, dict):
        return {key: _to(item, device) for key, item in value.items()}
    return value.to(device) if isinstance(value, torch.Tensor) else value


def main(argv: Sequence[str] | None = None) -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(prog="stance.training.recipe", description=__doc__)
    parser.add_argument("recipe", help="a TOML file, for example models/mini.toml")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints and model")
    parser.add_argument("--data-dir", help="folder with train/ and bench/ (default: STANCE_DATA)")
    parser.add_argument("--base", help="folder of the trunk, instead of the recipe's")
    options = parser.parse_args(argv)
    from stance.weights import resolve

    recipe = read_recipe(options.recipe)
    base = str(resolve(options.base or recipe.base).folder)
    options.out.mkdir(parents=True, exist_ok=True)
    batches = plan(load_examples(recipe, find_data(options.data_dir), base), recipe)
    Run(recipe, base, options.out).train(batches)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
