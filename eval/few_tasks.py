"""Hold the small tasks of the few-label experiment, and how rows are drawn for them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.data import DataFolder, Row
from stance.metrics import confusion, macro_f1


@dataclass(frozen=True, slots=True)
class Few:
    """Hold one small task: rows to draw from, rows to test on, its labels and how it is scored."""

    name: str
    group: str
    task: str
    pool: list[Row]
    test: list[Row]
    labels: tuple[str, ...]
    scored: tuple[int, ...]


def few_tasks(data: DataFolder) -> Iterator[Few]:
    """Yield VAST, the topics of SemEval, and climate_fever, halved by claim."""
    three = ("favor", "against", "neutral")
    rows = data.bench("vast")
    pool = with_strange_topics(_of(rows, "train"))
    yield Few("vast", "vast", "stance", pool, _of(rows, "test"), three, (0, 1, 2))
    rows = data.bench("semeval16_t6")
    for topic in sorted({r["target"] for r in _of(rows, "test")}):
        own = [{**r, "label": r["label"].replace("none", "neutral")} for r in rows
               if r["target"] == topic]  # fmt: skip
        yield Few(
            topic, "semeval16_t6", "stance", _of(own, "train"), _of(own, "test"), three, (0, 1)
        )
    rows = data.bench("climate_fever")
    pool = [r for r in rows if int(r["claim_id"]) % 2 == 0]
    test = [r for r in rows if int(r["claim_id"]) % 2 == 1]
    labels = ("entailment", "neutral", "contradiction")
    yield Few("climate_fever", "climate_fever", "nli", pool, test, labels, (0, 1, 2))


def _of(rows: Sequence[Row], split: str) -> list[Row]:
    return [r for r in rows if r["split"] == split]


def draw(few: Few, each: int, seed: int) -> list[Row]:
    """Draw as many rows of each label, no text twice."""
    rng = random.Random(seed)
    chosen: list[Row] = []
    for label in few.labels:
        texts = {r["text"] for r in chosen}
        rows = {r["text"]: r for r in few.pool if r["label"] == label and r["text"] not in texts}
        chosen += rng.sample(
            sorted(rows.values(), key=lambda r: str(r["text"])), min(each, len(rows))
        )
    return chosen


def score(few: Few, answers: Sequence[str], rows: Sequence[Row]) -> float:
    """Return the macro-F1 over the labels that the task is scored by."""
    table = confusion([r["label"] for r in rows], list(answers), few.labels)
    return float(macro_f1(table, labels=few.scored))


def with_strange_topics(rows: Sequence[Row], seed: int = 0) -> list[Row]:
    """Give the made-up neutrals of VAST's training part a topic of another comment again.

    Its authors made the rows of type 4 so (Allaway and McKeown 2020). Copies are about that name
    the comment's own topic in them, on which the same comment has a side: nine in ten of these rows
    contradict another one, and what is learned from them is that sides are neutral.
    """
    rng = random.Random(seed)
    sided = {(r["text"], r["target"]) for r in rows if r["label"] != "neutral"}
    own: dict[str, set[str]] = {}
    for row in rows:
        own.setdefault(row["text"], set()).add(row["target"])
    topics = sorted({row["target"] for row in rows})
    return [
        {**row, "target": rng.choice([t for t in topics if t not in own[row["text"]]])}
        if row.get("type_idx") == "4" and (row["text"], row["target"]) in sided
        else row
        for row in rows
    ]
