"""Score answers to labelled pairs, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from stance.errors import MissingExtraError
from stance.labelled_pairs import LabelledPair
from stance.metrics import (
    Array,
    accuracy,
    calibration_bins,
    calibration_error,
    confusion,
    macro_f1,
)
from stance.records import LABELS, Label, Record, Stance

BATCH = 64

Table = tuple[Array, Callable[[Array], Array]]
Step = Callable[[int], None]


class Detects(Protocol):
    """Judge pairs, as `stance.Analyzer` does."""

    def detect(self, text: Any, target: Any, *, holder: Any = None) -> Any:
        """Judge lists of pairs."""
        ...


@dataclass(frozen=True, slots=True)
class JudgedPair(Record):
    """Hold one pair with its answer; `predicted` is None where the model crashed."""

    pair: LabelledPair
    predicted: Label | None
    confidence: float = 0.0
    error: str | None = None

    @property
    def id(self) -> str:
        """The pair's id."""
        return self.pair.id

    @property
    def explanation(self) -> str:
        """Right or wrong, in one line."""
        if self.error:
            return f"crashed: {self.error}"
        verdict = "right" if self.predicted == self.pair.label else "wrong"
        said = f"said {self.predicted} ({self.confidence:.2f})"
        return f"{verdict}: {said}, gold says {self.pair.label}"


def judge_pairs(
    analyzer: Detects, pairs: Sequence[LabelledPair], *, step: Step | None = None
) -> list[JudgedPair]:
    """Ask for every pair; a crash is a miss, and costs no other pair its answer.

    The answer is the best of the labels that the pairs have: a set that knows only favor and
    against is not answered with neutral. The floor of confidence below which `detect` abstains is
    not applied.

    Args:
        analyzer: has a `detect` like `stance.Analyzer`'s.
        pairs: what to ask.
        step: called with the number of pairs done, after each batch.

    Returns:
        One judged pair each, in order.
    """
    labels = [label for label in LABELS if any(p.label == label for p in pairs)]
    judged: list[JudgedPair] = []
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        judged += _judge(analyzer, batch, labels)
        if step is not None:
            step(len(batch))
    return judged


def _judge(
    analyzer: Detects, batch: Sequence[LabelledPair], labels: Sequence[Label]
) -> list[JudgedPair]:
    """Ask for a whole batch; if that crashes, ask for its pairs one by one."""
    try:
        stances = analyzer.detect(
            [p.text for p in batch], [p.target for p in batch], holder=[p.holder for p in batch]
        )
    except MissingExtraError:
        raise
    except Exception as error:  # whatever a model raises must not lose the other pairs
        if len(batch) == 1:
            return [JudgedPair(batch[0], None, error=f"{type(error).__name__}: {error}")]
        return [judged for pair in batch for judged in _judge(analyzer, [pair], labels)]
    return [_judged(p, s, labels) for p, s in zip(batch, stances, strict=True)]


def _judged(pair: LabelledPair, stance: Stance, labels: Sequence[Label]) -> JudgedPair:
    best = max(labels, key=lambda label: stance.scores[label])
    whole = sum(stance.scores[label] for label in labels)
    return JudgedPair(pair, best, stance.scores[best] / whole if whole else 0.0)


def pair_tables(judged: Sequence[JudgedPair]) -> dict[str, Table]:
    """Return, for each measure, what the pairs of each text add and how sums become a number."""
    wanted = [i for i, name in enumerate(LABELS) if any(j.pair.label == name for j in judged)]
    tables = np.array([confusion([j.pair.label], [j.predicted], LABELS) for j in judged])
    bins = np.array([_bins(j) for j in judged])
    texts = [j.pair.text for j in judged]
    counts = _by_text(tables, texts)
    return {
        "macro_f1": (counts, lambda sums: macro_f1(sums, labels=wanted)),
        "accuracy": (counts, accuracy),
        "ece": (_by_text(bins, texts), calibration_error),
    }


def _bins(judged: JudgedPair) -> Array:
    if judged.predicted is None:
        return calibration_bins(np.zeros(0), np.zeros(0))
    right = float(judged.predicted == judged.pair.label)
    return calibration_bins(np.array([judged.confidence]), np.array([right]))


def _by_text(rows: Array, texts: Sequence[str]) -> Array:
    """Add up the rows of pairs that share a text: they are drawn together."""
    place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    sums = np.zeros((len(place), *rows.shape[1:]))
    np.add.at(sums, [place[text] for text in texts], rows)
    return sums
