"""Adapt sets that ask whether a text entails a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from eval.adapters.labels import LabelSuite, as_scores
from eval.base import Classifies, Entails, Item, need
from eval.data import DataFolder, Row

LABELS = ("entailment", "neutral", "contradiction")


@dataclass(frozen=True, slots=True)
class NliSet:
    """Describe one set: its test splits, its headline, its clusters."""

    name: str
    splits: tuple[str, ...]
    headline: str = "accuracy"
    cluster: str = "text"


class NliSuite(LabelSuite):
    """Be one split of a set of (premise, hypothesis, label)."""

    def __init__(self, data: DataFolder, spec: NliSet, split: str) -> None:
        super().__init__(
            data,
            spec.name,
            split,
            labels=LABELS,
            headline=spec.headline,
        )
        self.spec = spec

    def require(self, system: object) -> None:
        """Ask for entailment or a classifier."""
        need(system, self.name, Entails, Classifies)

    def rows(self) -> list[Row]:
        """Return all rows of the set."""
        return self.data.bench(self.set_name)

    def item(self, row: Row, number: int) -> Item:
        """Keep the premise and the hypothesis."""
        shown = {"text": row["text"], "target": row["target"]}
        cluster = str(row.get(self.spec.cluster, row["text"]))
        return Item(f"{self.split}-{number}", cluster, shown, {"label": row["label"]})

    def probabilities(self, system: object, items: Sequence[Item]) -> list[dict[str, float]]:
        """Ask whether each text entails its target."""
        pairs = [(i.input["text"], i.input["target"]) for i in items]
        return as_scores(LABELS, cast(Entails, system).entail(pairs))
