"""Look after what a model knew before: general sets to measure on, and to mix in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from stance.backends.base import PairScorer
from stance.errors import DataError
from stance.training.examples import PairExample
from stance.training.measured import Measured
from stance.training.questions import Question, scored
from stance.training.scores import compared, pair_tables
from stance.training.sets import load_set

SUITES = {
    "stance": ("newsmtsc", "dse", "perspectrum", "ibm_arg30k", "ibm_claim_stance", "fnc1"),
    "nli": ("mnli", "snli", "cad_nli", "fever_nli"),
}
# Rows of each set's development part; enough to see a drop of five points.
PER_SET = 300
# Long bodies would have to be cut to passages first.
MAX_WORDS = 150

_STANCE = ("favor", "against", "neutral")
_NLI = ("entailment", "neutral", "contradiction")


def general_rows(data: Path, task: str, part: str, seed: int) -> dict[str, list[Question]]:
    """Read the general sets that a data folder has.

    Args:
        data: the data folder (``train/*.jsonl.gz``).
        task: ``stance`` or ``nli``.
        part: ``train`` or ``dev``.
        seed: of the choice of rows.

    Returns:
        Questions by set; sets that the folder lacks are left out.
    """
    rng = random.Random(seed)
    found: dict[str, list[Question]] = {}
    for name in SUITES.get(task, ()):
        try:
            pool = getattr(load_set(data, name), part)
        except DataError:
            continue
        pairs = [e for e in pool if isinstance(e, PairExample)]
        pairs = [e for e in pairs if len(e.pair.text.split()) <= MAX_WORDS]
        chosen = rng.sample(pairs, min(PER_SET, len(pairs))) if part == "dev" else pairs
        if chosen:
            found[name] = [_question(e) for e in chosen]
    return found


def _question(example: PairExample) -> Question:
    if example.task == "nli":
        label = _NLI[example.gold[0]] if len(example.gold) == 1 else "not_entailment"
        return Question(example.pair, label, example.gold, (0, 1, 2), example.pair.text)
    if example.related == 0:
        return Question(example.pair, "unrelated", (3,), (0, 1, 2, 3), example.pair.text)
    label = _STANCE[example.gold[0]]
    whole = len(example.allowed) == 3
    # A neutral row of a set that does not say whether the text speaks to the target is either.
    loose = label == "neutral" and example.related < 0
    gold = (2, 3) if loose else example.gold
    allowed = (0, 1, 2, 3) if whole else example.allowed
    return Question(example.pair, label, gold, allowed, example.pair.text, not whole)


def replayed(data: Path, task: str, share: float, rows: int, seed: int) -> list[Question]:
    """Draw a sample of the general sets' training rows, as many of each set.

    Args:
        data: the data folder.
        task: ``stance`` or ``nli``.
        share: of `rows`, in (0, 1].
        rows: of the new data.
        seed: of the choice.

    Raises:
        DataError: the folder has none of the sets.
    """
    sets = general_rows(data, task, "train", seed)
    if not sets:
        raise DataError(f"{data} has none of {', '.join(SUITES.get(task, ()))} to replay")
    rng = random.Random(seed)
    each = max(1, round(share * rows / len(sets)))
    return [q for pool in sets.values() for q in rng.sample(pool, min(each, len(pool)))]


def forgotten(
    sets: dict[str, list[Question]], before: PairScorer, after: PairScorer, task: str
) -> list[Measured]:
    """Measure macro-F1 of every general set before and after."""
    return [*_forgotten(sets, before, after, task)]


def _forgotten(
    sets: dict[str, list[Question]], before: PairScorer, after: PairScorer, task: str
) -> Iterator[Measured]:
    for name, asked in sets.items():
        order = (*_STANCE, "unrelated") if task == "stance" else (*_NLI, "not_entailment")
        have = {q.label for q in asked}
        labels = [label for label in order if label in have]
        if len(labels) < 2:
            continue
        old, new = (
            {"macro_f1": pair_tables(scored(m, asked, task), asked, labels, task)["macro_f1"]}
            for m in (before, after)
        )
        (found,) = compared(old, new)
        yield Measured(name, found.after, found.before, found.change)
