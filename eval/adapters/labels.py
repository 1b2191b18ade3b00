"""Score suites whose items have one right label out of a few."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from eval.base import Classifies, Example, Item, Json, Sample, Suite
from eval.data import DataFolder, Row
from eval.measures import Measure
from stance.errors import DataError

# Columns of the rows: gold index, index of the answer (-1: none), its confidence, group index.
GOLD, ANSWER, CONFIDENCE, GROUP = range(4)


def label_measures(labels: Sequence[str], headline: str) -> tuple[Measure, ...]:
    """Return the measures of a label suite: headline first, then the other usual ones."""
    size, pair = len(labels), (GOLD, ANSWER)
    known = {
        "macro_f1": Measure("macro_f1", "macro_f1", pair, size),
        "accuracy": Measure("accuracy", "accuracy", pair, size),
        "ece": Measure("ece", "ece", (GOLD, ANSWER, CONFIDENCE), size),
    }
    if headline == "f1_favor_against":
        two = tuple(labels.index(name) for name in ("favor", "against"))
        known[headline] = Measure(headline, "macro_f1", pair, size, two)
    if tuple(labels) == ("agree", "disagree", "discuss", "unrelated"):
        known["fnc_score"] = Measure("fnc_score", "fnc_score", pair, size)
    return (known.pop(headline), *known.values())


class LabelSuite(Suite):
    """Be a suite over one split of a set of labelled pairs (`text`, `target`, `label`)."""

    paired = True
    batch = 256

    def __init__(
        self,
        data: DataFolder,
        set_name: str,
        split: str,
        *,
        labels: Sequence[str],
        headline: str = "macro_f1",
    ) -> None:
        self.data, self.set_name, self.split = data, set_name, split
        self.name, self.labels, self.headline = f"{set_name}:{split}", tuple(labels), headline
        self.measures = label_measures(self.labels, headline)

    @abstractmethod
    def item(self, row: Row, number: int) -> Item:
        """Turn one row of the set into an item."""

    @abstractmethod
    def rows(self) -> list[Row]:
        """Return the rows of the whole set."""

    @abstractmethod
    def probabilities(self, system: object, items: Sequence[Item]) -> list[dict[str, float]]:
        """Ask the system and put its answers into the set's own labels."""

    def items(self) -> list[Item]:
        """Return the items of the split."""
        kept = [row for row in self.rows() if row["split"] == self.split]
        if not kept:
            raise DataError(f"{self.set_name} has no split {self.split!r}")
        return [self.item(row, number) for number, row in enumerate(kept)]

    def training(self) -> list[Example]:
        """Return the training pairs of the same set: its own file, or its own training split."""
        if self.data.has("train", self.set_name):
            rows = self.data.train(self.set_name)
        else:
            rows = [row for row in self.rows() if row["split"] == "train"]
        if not rows:
            raise DataError(f"{self.set_name} has no training split; no baseline can be fitted")
        return [Example(row["text"], row["target"], self.label_of(row)) for row in rows]

    def prior(self) -> list[str]:
        """Return the labels of the training split; where there is none, of the test itself."""
        try:
            return [example.label for example in self.training()]
        except DataError:
            return [self.label_of(row) for row in self.rows() if row["split"] == self.split]

    def label_of(self, row: Row) -> str:
        """Return the label of a row."""
        return str(row["label"])

    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return `label` and `scores` (one probability per label) for each item."""
        if isinstance(system, Classifies):
            pairs = [(item.input["text"], item.input["target"]) for item in items]
            scores = system.classify(self, pairs)
        else:
            scores = self.probabilities(system, items)
        return [{"label": self.decide(s), "scores": s} for s in scores]

    def decide(self, scores: dict[str, float]) -> str:
        """Return the most probable label; ties go to the earlier one."""
        return max(self.labels, key=lambda label: scores.get(label, 0.0))

    def score(self, item: Item, prediction: Json) -> Sample:
        """Compare labels."""
        label, right = prediction["label"], item.gold["label"]
        confidence = float(prediction["scores"].get(label, 0.0))
        verdict = "right" if label == right else "wrong"
        return Sample(
            item,
            prediction,
            float(label == right),
            f"{verdict}: said {label} ({confidence:.2f}), gold says {right}",
            self._row(item, self.labels.index(label), confidence),
        )

    def miss(self, item: Item, error: str) -> Sample:
        """Count a crash as no answer."""
        return Sample(item, None, 0.0, f"crashed: {error}", self._row(item, -1, 0.0), error)

    def _row(self, item: Item, answer: int, confidence: float) -> tuple[float, ...]:
        gold = self.labels.index(item.gold["label"])
        return (float(gold), float(answer), confidence, float(item.gold.get("group", 0)))


def as_scores(labels: Sequence[str], table: Any) -> list[dict[str, float]]:
    """Turn an array (n, labels) of probabilities into one dictionary per row."""
    return [
        {label: float(value) for label, value in zip(labels, row, strict=True)}
        for row in np.asarray(table, dtype=np.float64)
    ]
