"""Adapt sets that ask how a text stands toward a target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from eval.adapters.labels import ANSWER, GOLD, GROUP, LabelSuite, as_scores
from eval.base import Classifies, Item, Json, ScoresPairs, need
from eval.data import DataFolder, Row
from eval.measures import Measure
from stance.metrics import words
from stance.records import Span

Scores = NDArray[np.float64]

# What the labels of the sets mean in the columns of `score_pairs`.
FAVOR, AGAINST, NEUTRAL, RELATED = range(4)
MEANING = {
    **dict.fromkeys(("favor", "positive", "pro", "support", "agree"), FAVOR),
    **dict.fromkeys(("against", "negative", "con", "undermine", "disagree"), AGAINST),
    **dict.fromkeys(("neutral", "none", "discuss"), NEUTRAL),
    "unrelated": RELATED,
}


@dataclass(frozen=True, slots=True)
class PairSet:
    """Describe one set: its test splits, its labels, its headline.

    `cluster` and `group` are columns: rows that are resampled together, and rows that are also
    scored apart. `parts` are the targets over which published measures are averaged.
    """

    name: str
    splits: tuple[str, ...]
    labels: tuple[str, ...]
    headline: str = "macro_f1"
    cluster: str = "text"
    group: str | None = None
    parts: tuple[str, ...] = ()


def set_scores(labels: Sequence[str], scores: Scores) -> Scores:
    """Put calibrated pair scores into a set's labels.

    Args:
        labels: two (for, against), three (with neutral) or four (with unrelated).
        scores: shape (n, 4): favor, against, neutral (sum one), and related in [0, 1].

    Returns:
        Shape (n, labels). Without *unrelated*, what is not related is neutral; without *neutral*,
        only favor and against are compared.
    """
    related = scores[:, [RELATED]]
    whole = np.concatenate([scores[:, :3] * related, 1.0 - related], axis=1)
    meanings = [MEANING[label] for label in labels]
    if NEUTRAL not in meanings:
        two = scores[:, :2] / np.maximum(scores[:, :2].sum(1, keepdims=True), 1e-9)
        return np.asarray(two[:, meanings])
    if RELATED not in meanings:
        whole[:, NEUTRAL] += whole[:, RELATED]
    return np.asarray(whole[:, meanings])


class PairSuite(LabelSuite):
    """Be one split of a set of (text, target, label)."""

    def __init__(self, data: DataFolder, spec: PairSet, split: str) -> None:
        super().__init__(
            data,
            spec.name,
            split,
            labels=spec.labels,
            headline=spec.headline,
        )
        self.spec = spec
        if spec.parts:
            columns, first = (GOLD, ANSWER, GROUP), self.measures[0]
            name, size, parts = f"{spec.headline}_by_target", len(self.labels), len(spec.parts)
            by_part = Measure(name, "macro_f1_by_group", columns, size, first.labels, parts)
            self.measures = (*self.measures, by_part)

    def require(self, system: object) -> None:
        """Ask for pair scores or a classifier."""
        need(system, self.name, ScoresPairs, Classifies)

    def rows(self) -> list[Row]:
        """Return all rows of the set."""
        return self.data.bench(self.set_name)

    def item(self, row: Row, number: int) -> Item:
        """Keep the text, the target and where the text names it."""
        shown: Json = {k: row[k] for k in ("text", "target", "start", "end") if k in row}
        gold: Json = {"label": self.label_of(row)}
        if self.spec.parts:
            gold["group"] = self.spec.parts.index(row["target"])
        return Item(
            f"{self.split}-{number}", str(row[self.spec.cluster]), shown, gold, self.tags(row)
        )

    def tags(self, row: Row) -> tuple[str, ...]:
        """Name the parts of the set that the row belongs to."""
        group = self.spec.group
        return (f"{group}={row.get(group)}",) if group else ()

    def probabilities(self, system: object, items: Sequence[Item]) -> list[dict[str, float]]:
        """Score the pairs and read the scores in the set's labels."""
        spans = [
            Span(i.input["start"], i.input["end"]) if "start" in i.input else None for i in items
        ]
        scores = cast(ScoresPairs, system).score_pairs(
            [i.input["text"] for i in items],
            [i.input["target"] for i in items],
            target_spans=spans,
        )
        return as_scores(self.labels, set_scores(self.labels, np.asarray(scores, np.float64)))

    def decide(self, scores: dict[str, float]) -> str:
        """Take *unrelated* from one half on, else the best of the others."""
        if "unrelated" not in self.labels or not 1.0 - scores.get("unrelated", 0.0) >= 0.5:
            return super().decide(scores)
        related = {k: v for k, v in scores.items() if k != "unrelated"}
        return super().decide(related)


@dataclass(frozen=True, slots=True)
class Leak:
    """Name a training set that shares texts, or (text, target) pairs, with a test."""

    train: str
    by: Literal["text", "pair"]

    def key(self, row: Row) -> tuple[str, ...]:
        """Return what two rows have in common if one leaks the other: words, not punctuation."""
        parts = (row["text"],) if self.by == "text" else (row["text"], row["target"])
        return tuple(" ".join(words(part)) for part in parts)


class LeakAwareSuite(PairSuite):
    """Be a pair suite that tells apart the rows that a training set also has."""

    def __init__(self, data: DataFolder, spec: PairSet, split: str, *, leak: Leak) -> None:
        super().__init__(data, spec, split)
        self.leak = leak
        self._seen: set[tuple[str, ...]] | None = None

    def tags(self, row: Row) -> tuple[str, ...]:
        """Say whether the row stands in the training set that is known to leak."""
        if self._seen is None:
            known = self.data.has("train", self.leak.train)
            rows = self.data.train(self.leak.train) if known else []
            self._seen = {self.leak.key(r) for r in rows}
        state = "in" if self.leak.key(row) in self._seen else "not_in"
        return (*super().tags(row), f"{self.leak.by}_{state}_{self.leak.train}_train")


DIRECTIONS = ("neutral", "pos p->q", "neg p->q", "pos q->p", "neg q->p")


class DirectedSuite(PairSuite):
    """Be the set of directed sentiments between two entities p and q of one sentence."""

    def item(self, row: Row, number: int) -> Item:
        """Keep both entities and where the sentence marks them."""
        shown = {k: row[k] for k in ("text", "p", "q")}
        # The marked sentence is what a text classifier reads: it shows who p and q are.
        shown |= {"marked": row["marked"], "target": f"{row['p']} -> {row['q']}"}
        shown |= {"spans": marked_spans(row)}
        return Item(f"{self.split}-{number}", row["text"], shown, {"label": row["direction"]})

    def label_of(self, row: Row) -> str:
        """Return the label with its direction."""
        return str(row["direction"])

    def probabilities(self, system: object, items: Sequence[Item]) -> list[dict[str, float]]:
        """Ask in both directions and combine."""
        ways = [self._one_way(system, items, *way) for way in (("p", "q"), ("q", "p"))]
        return as_scores(DIRECTIONS, combine_directions(*ways))

    def _one_way(self, system: object, items: Sequence[Item], holder: str, target: str) -> Scores:
        spans = [i.input["spans"].get(target) for i in items]
        scores = cast(ScoresPairs, system).score_pairs(
            [i.input["text"] for i in items],
            [i.input[target] for i in items],
            holders=[i.input[holder] for i in items],
            target_spans=[Span(*span) if span else None for span in spans],
        )
        return np.asarray(scores, dtype=np.float64)


def combine_directions(forward: Scores, backward: Scores) -> Scores:
    """Combine the scores of p toward q and of q toward p into five labels.

    Each direction either carries a sentiment or does not; a sentiment counts where the other
    direction carries none, which is how the set is labelled.

    Args:
        forward: pair scores with holder p and target q, shape (n, 4).
        backward: pair scores with holder q and target p, shape (n, 4).

    Returns:
        Shape (n, 5), rows sum to one, in the order of `DIRECTIONS`.
    """
    voiced = [s[:, :2] * s[:, [RELATED]] for s in (forward, backward)]
    silent = [1.0 - v.sum(1, keepdims=True) for v in voiced]
    parts = [silent[0] * silent[1], voiced[0] * silent[1], voiced[1] * silent[0]]
    joint = np.concatenate(parts, axis=1)
    return np.asarray(joint / np.maximum(joint.sum(1, keepdims=True), 1e-9))


_MARK = re.compile(r"\[|\]")


def marked_spans(row: Row) -> dict[str, list[int] | None]:
    """Find p and q in the text by the square brackets of the `marked` sentence.

    Returns:
        From ``"p"`` and ``"q"`` to [start, end] in `text`, or to None where the marks do not tell.
    """
    spans: dict[str, list[int] | None] = {"p": None, "q": None}
    for name in spans:
        at = row["marked"].find(f"[{row[name]}]")
        start = len(_MARK.sub("", row["marked"][:at])) if at >= 0 else -1
        if at >= 0 and row["text"][start : start + len(row[name])] == row[name]:
            spans[name] = [start, start + len(row[name])]
    return spans
