"""Adapt PolNeAR: who says what, as spans of tokens (Newell, Margolin and Ruths 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from eval.base import Attributes, Item, Json, Sample, Suite, need
from eval.data import DataFolder, Row
from eval.measures import Measure
from stance.errors import DataError
from stance.matching import match
from stance.metrics import Counts, set_counts
from stance.records import Span, Statement

ROLES = ("source", "cue", "content")
SCORES = (*(f"token_f1_{r}" for r in ROLES), *(f"span_f1_{r}" for r in ROLES), "attribution_f1")
# Both the source and the content of an attribution must share this part of the longer one.
OVERLAP = 0.5

Spans = dict[str, list[list[int]]]


class AttributionSuite(Suite):
    """Be one split of PolNeAR; the first annotator's spans are gold."""

    headline = "attribution_f1"
    measures = tuple(
        Measure(name, "f1", (3 * i, 3 * i + 1, 3 * i + 2)) for i, name in enumerate(SCORES)
    )

    def __init__(self, data: DataFolder, split: str = "test") -> None:
        self.data, self.split, self.name = data, split, f"polnear:{split}"

    def require(self, system: object) -> None:
        """Ask for attributions."""
        need(system, self.name, Attributes)

    def items(self) -> list[Item]:
        """Return one item per document."""
        rows = [r for r in self.data.bench("polnear") if r["split"] == self.split and r["primary"]]
        if not rows:
            raise DataError(f"polnear has no split {self.split!r}")
        return [
            Item(
                row["doc"],
                row["doc"],
                {"text": row["text"], "offsets": row["offsets"]},
                {"attributions": gold_attributions(row)},
                (f"publisher={row['publisher']}",),
            )
            for row in rows
        ]

    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return the statements of each document as spans of characters by role."""
        finder = cast(Attributes, system)
        return [[as_spans(s) for s in finder.attribute(i.input["text"])] for i in items]

    def score(self, item: Item, prediction: Any) -> Sample:
        """Count tokens, exact spans and whole attributions."""
        offsets = item.input["offsets"]
        found = [in_tokens(spans, offsets) for spans in prediction]
        counts = count_all(found, item.gold["attributions"])
        whole = counts[-1]
        text = f"{whole.tp:.0f} right, {whole.fp:.0f} invented, {whole.fn:.0f} missed"
        return Sample(item, prediction, whole.f1, text, _row(counts))

    def miss(self, item: Item, error: str) -> Sample:
        """Count a crash as nothing found."""
        counts = count_all([], item.gold["attributions"])
        return Sample(item, None, 0.0, f"crashed: {error}", _row(counts), error)


def gold_attributions(row: Row) -> list[Json]:
    """Group a document's spans by attribution: from role to [start, end] token spans."""
    groups: dict[int, Spans] = {}
    for span in row["spans"]:
        roles = groups.setdefault(span["group"], {role: [] for role in ROLES})
        roles[span["role"]].append([span["start"], span["end"]])
    return [{role: sorted(spans) for role, spans in g.items()} for g in groups.values()]


def as_spans(statement: Statement) -> Json:
    """Return a statement's roles as [start, end] character spans."""
    return {
        "source": _plain([statement.source]),
        "cue": _plain([statement.cue]),
        "content": _plain(statement.content),
    }


def _plain(spans: Sequence[Span | None]) -> list[list[int]]:
    return [[s.start, s.end] for s in spans if s is not None]


def in_tokens(spans: Spans, offsets: Sequence[Sequence[int]]) -> Spans:
    """Turn character spans into token spans; a token belongs to a span that touches it."""
    starts = np.array([o[0] for o in offsets])
    ends = np.array([o[1] for o in offsets])
    roles: Spans = {}
    for role, pieces in spans.items():
        cut = [
            [int(np.searchsorted(ends, a, side="right")), int(np.searchsorted(starts, b))]
            for a, b in pieces
        ]
        roles[role] = [[a, b] for a, b in cut if a < b]
    return roles


def count_all(found: Sequence[Spans], gold: Sequence[Spans]) -> list[Counts]:
    """Count one document: tokens by role, exact spans by role, whole attributions."""
    tokens = [set_counts(_tokens(found, role), _tokens(gold, role)) for role in ROLES]
    exact = [set_counts(_exact(found, role), _exact(gold, role)) for role in ROLES]
    matched = len(match(overlaps(found, gold)))
    whole = Counts(matched, len(found) - matched, len(gold) - matched)
    return [*tokens, *exact, whole]


def overlaps(found: Sequence[Spans], gold: Sequence[Spans]) -> NDArray[Any]:
    """Return how well each pair of attributions overlaps, 0 below the threshold.

    The overlap of a role is the share of tokens in common, relative to the longer side; two
    attributions without a source agree in that. The lower of source and content counts.
    """
    table = np.zeros((len(found), len(gold)))
    for i, ours in enumerate(found):
        for j, theirs in enumerate(gold):
            shared = min(_overlap(ours, theirs, role) for role in ("content", "source"))
            table[i, j] = shared if shared >= OVERLAP else 0.0
    return table


def _overlap(ours: Spans, theirs: Spans, role: str) -> float:
    left, right = _tokens([ours], role), _tokens([theirs], role)
    longer = max(len(left), len(right))
    return len(left & right) / longer if longer else 1.0


def _tokens(attributions: Sequence[Spans], role: str) -> set[int]:
    return {t for a in attributions for start, end in a[role] for t in range(start, end)}


def _exact(attributions: Sequence[Spans], role: str) -> set[tuple[int, int]]:
    return {(start, end) for a in attributions for start, end in a[role]}


def _row(counts: Sequence[Counts]) -> tuple[float, ...]:
    return tuple(x for c in counts for x in (c.tp, c.fp, c.fn))
