"""Adapt sets of summaries that people have judged for faithfulness to their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from eval.base import Item, Json, Sample, Suite, Supports, need
from eval.data import DataFolder, Row
from eval.measures import Measure
from stance.errors import DataError

# Columns of the rows: support, whether people found it faithful, how faithful they found it.
SUPPORT, FAITHFUL, GRADE = range(3)
FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class FaithfulnessSet:
    """Describe one set: its split, its headline, where its graded truth stands.

    `grade` is a column, or ``"scores.<key>"`` for a key of the `scores` column.
    """

    name: str
    split: str
    headline: str = "roc_auc"
    grade: str = "score"
    cluster: str = "document"
    group: str | None = None


class FaithfulnessSuite(Suite):
    """Be one split of a set of (document, summary, faithful or not)."""

    def __init__(self, data: DataFolder, spec: FaithfulnessSet) -> None:
        self.data, self.spec, self.headline = data, spec, spec.headline
        self.name = f"{spec.name}:{spec.split}"
        self.measures = (
            Measure("roc_auc", "roc_auc", (SUPPORT, FAITHFUL)),
            Measure("balanced_accuracy", "balanced_accuracy", (SUPPORT, FAITHFUL)),
            Measure("spearman", "spearman", (SUPPORT, GRADE)),
        )

    def require(self, system: object) -> None:
        """Ask for support."""
        need(system, self.name, Supports)

    def items(self) -> list[Item]:
        """Return one item per summary; summaries of one document are a cluster."""
        rows = [r for r in self.data.bench(self.spec.name) if r["split"] == self.spec.split]
        if not rows:
            raise DataError(f"{self.spec.name} has no split {self.spec.split!r}")
        return [self._item(row) for row in rows]

    def _item(self, row: Row) -> Item:
        group = self.spec.group
        return Item(
            row["id"],
            str(row[self.spec.cluster]),
            {"text": row["document"], "summary": row["summary"]},
            {"faithful": int(row["label"]), "grade": float(self._grade(row))},
            (f"{group}={row[group]}",) if group else (),
        )

    def _grade(self, row: Row) -> float:
        column, _, key = self.spec.grade.partition(".")
        return float(row[column][key] if key else row[column])

    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return the support of each summary."""
        judge = cast(Supports, system)
        return [{"support": judge.support(i.input["summary"], i.input["text"])} for i in items]

    def score(self, item: Item, prediction: Json) -> Sample:
        """Compare the support with people's judgement."""
        support, faithful = float(prediction["support"]), item.gold["faithful"]
        right = (support >= FLOOR) == bool(faithful)
        truth = "faithful" if faithful else "not faithful"
        text = f"{'right' if right else 'wrong'}: support {support:.2f}, people say {truth}"
        return Sample(item, prediction, float(right), text, self._row(item, support))

    def miss(self, item: Item, error: str) -> Sample:
        """Count a crash as the wrong answer, with full certainty."""
        support = 0.0 if item.gold["faithful"] else 1.0
        return Sample(item, None, 0.0, f"crashed: {error}", self._row(item, support), error)

    def _row(self, item: Item, support: float) -> tuple[float, ...]:
        return (support, float(item.gold["faithful"]), item.gold["grade"])


class RankSuite(Suite):
    """Be the set of Falke et al. (2019): which of two sentences does the document support?"""

    name = "falke_rank19:test"
    headline = "rank_accuracy"
    paired = True
    measures = (Measure("rank_accuracy", "mean", (0, 1)),)

    def __init__(self, data: DataFolder) -> None:
        self.data = data

    def require(self, system: object) -> None:
        """Ask for support."""
        need(system, self.name, Supports)

    def items(self) -> list[Item]:
        """Return one item per document, with its right and its wrong sentence."""
        pairs: dict[str, dict[int, Row]] = {}
        for row in self.data.bench("falke_rank19"):
            pairs.setdefault(row["doc_key"], {})[row["label"]] = row
        return [
            Item(
                f"falke-{key}",
                key,
                {
                    "text": pair[1]["document"],
                    "first": pair[1]["summary"],
                    "second": pair[0]["summary"],
                },
                {"better": "first"},
            )
            for key, pair in pairs.items()
            if len(pair) == 2
        ]

    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return the support of both sentences."""
        judge = cast(Supports, system)
        return [
            {key: judge.support(i.input[key], i.input["text"]) for key in ("first", "second")}
            for i in items
        ]

    def score(self, item: Item, prediction: Json) -> Sample:
        """Ask for strictly more support for the right sentence; a tie is wrong."""
        right = prediction["first"] > prediction["second"]
        numbers = f"{prediction['first']:.2f} for the right one, {prediction['second']:.2f} for the"
        text = f"{'right' if right else 'wrong'}: support {numbers} wrong one"
        return Sample(item, prediction, float(right), text, (float(right), 1.0))

    def miss(self, item: Item, error: str) -> Sample:
        """Count a crash as the wrong answer."""
        return Sample(item, None, 0.0, f"crashed: {error}", (0.0, 1.0), error)
