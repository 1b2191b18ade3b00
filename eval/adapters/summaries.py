"""Adapt sets of news articles with reference summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from eval.base import Item, Json, Sample, Suite, Summarizes, need
from eval.data import DataFolder
from eval.measures import Measure
from stance.errors import DataError
from stance.metrics import ROUGE, rouge
from stance.text import split_sentences


@dataclass(frozen=True, slots=True)
class SummarySet:
    """Describe one set or one subset of it; `length` is how many sentences its summaries have."""

    name: str
    subset: str | None
    length: int

    @property
    def suite(self) -> str:
        """The name of the suite."""
        return f"{self.name}:{self.subset or 'test'}"


class SummarySuite(Suite):
    """Be the test rows of one summarization set, scored by ROUGE."""

    headline = "rouge1"
    measures = (
        *(Measure(name, "mean", (2 * i, 2 * i + 1)) for i, name in enumerate(ROUGE)),
        Measure("support", "mean", (6, 7)),
    )

    def __init__(self, data: DataFolder, spec: SummarySet) -> None:
        self.data, self.spec, self.name = data, spec, spec.suite

    def require(self, system: object) -> None:
        """Ask for summaries."""
        need(system, self.name, Summarizes)

    def items(self) -> list[Item]:
        """Return one item per article; the outputs of published systems stand beside it."""
        rows = self.data.bench(self.spec.name)
        kept = [r for r in rows if self.spec.subset in (None, r.get("subset"))]
        if not kept:
            raise DataError(f"{self.spec.name} has no subset {self.spec.subset!r}")
        return [
            Item(
                row["id"],
                row["id"],
                {"text": row["document"], "systems": row.get("system_summaries", {})},
                {"summary": row["summary"]},
            )
            for row in kept
        ]

    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return the sentences of each summary and their support."""
        writer = cast(Summarizes, system)
        answers = []
        for item in items:
            made = writer.summarize(item.input["text"], length=self.spec.length, item=item)
            sentences = [s.text for s in made.sentences] or split_sentences(made.text)
            support = made.support if made.sentences and made.method != "given" else None
            answers.append({"sentences": sentences, "support": support, "method": made.method})
        return answers

    def score(self, item: Item, prediction: Json) -> Sample:
        """Compute ROUGE, one sentence per line on both sides."""
        reference = "\n".join(split_sentences(item.gold["summary"]))
        grades = rouge("\n".join(prediction["sentences"]), reference)
        support = prediction["support"]
        row = [x for name in ROUGE for x in (grades[name], 1.0)]
        row += [support or 0.0, float(support is not None)]
        text = ", ".join(f"{name} {grades[name]:.2f}" for name in ROUGE)
        return Sample(item, prediction, grades["rouge1"], text, tuple(row))

    def miss(self, item: Item, error: str) -> Sample:
        """Count a crash as an empty summary."""
        row = (0.0, 1.0) * len(ROUGE) + (0.0, 0.0)
        return Sample(item, None, 0.0, f"crashed: {error}", row, error)
