"""Turn labelled rows into questions with their right answers, as the loss and the report see them.

Stance has four columns: favor, against, neutral, unrelated. Where a set does not tell neutral from
unrelated, a neutral row counts as either; where it knows only favor and against, the loss compares
these two alone, so that it does not teach that nothing is neutral.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stance.backends.base import Encoder, Floats, PairScorer, StancePair
from stance.pairs import pair_of, shortened
from stance.training.labelled import ENTAILMENTS, STANCES, LabelledRow

FAVOR, AGAINST, NEUTRAL, UNRELATED = range(4)
# A label ten times as rare as another one weighs at most so much more.
MAX_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one pair, the columns that count as right, and those that its set has at all.

    `spoken` says that the text speaks to the target although the set has no label for that.
    """

    pair: StancePair
    label: str
    gold: tuple[int, ...]
    allowed: tuple[int, ...]
    cluster: str
    spoken: bool = False
    weight: float = 1.0


def labels_in(rows: Sequence[LabelledRow], task: str) -> tuple[str, ...]:
    """Return the labels that rows have, in our order."""
    have = {row.label for row in rows}
    return tuple(label for label in (ENTAILMENTS if task == "nli" else STANCES) if label in have)


def questions(
    rows: Sequence[LabelledRow], labels: Sequence[str], task: str, encoder: Encoder
) -> list[Question]:
    """Write rows as questions, long texts cut to the passages nearest to the target.

    Args:
        rows: of one part.
        labels: all labels of the set.
        task: ``stance`` or ``nli``.
        encoder: says which passages are near, as it does in use.
    """
    spans = [row.target_span or row.holder_span for row in rows]
    texts = [row.text for row in rows]
    if task == "stance":
        texts = shortened(texts, [row.target for row in rows], spans, encoder)
    return [_question(row, text, labels, task) for row, text in zip(rows, texts, strict=True)]


def _question(row: LabelledRow, text: str, labels: Sequence[str], task: str) -> Question:
    if task == "nli":
        gold = {"entailment": (0,), "neutral": (1,), "contradiction": (2,)}.get(row.label, (1, 2))
        return Question(StancePair(text, row.target), row.label, gold, (0, 1, 2), row.text)
    pair = pair_of(text, row.target, row.holder)
    if text == row.text:
        pair = replace(
            pair,
            target_span=row.target_span,
            holder_span=row.holder_span or pair.holder_span,
        )
    return Question(
        pair, row.label, _gold(row, labels), _allowed(labels), row.text, "neutral" not in labels
    )


def _gold(row: LabelledRow, labels: Sequence[str]) -> tuple[int, ...]:
    if row.label == "neutral" and not row.spoken and "unrelated" not in labels:
        return (NEUTRAL, UNRELATED)
    return (STANCES.index(row.label),)


def _allowed(labels: Sequence[str]) -> tuple[int, ...]:
    if "neutral" in labels:
        return (FAVOR, AGAINST, NEUTRAL, UNRELATED)
    return tuple(STANCES.index(label) for label in labels)


def weighted(asked: Sequence[Question]) -> list[Question]:
    """Let rare labels weigh more, by the root of how rare they are; the mean weight stays one."""
    counts = Counter(q.label for q in asked)
    most = max(counts.values())
    raw = {label: min(MAX_WEIGHT, (most / n) ** 0.5) for label, n in counts.items()}
    mean = sum(raw[label] * n for label, n in counts.items()) / len(asked)
    return [replace(q, weight=raw[q.label] / mean) for q in asked]


def scored(scorer: PairScorer, asked: Sequence[Question], task: str) -> Floats:
    """Ask a scorer; return the chance of each column, (questions, columns)."""
    if not asked:
        return np.zeros((0, 3 if task == "nli" else 4), dtype=np.float32)
    if task == "nli":
        return scorer.entail([(q.pair.text, q.pair.target) for q in asked])
    rows = scorer.stance([q.pair for q in asked])
    return np.concatenate([rows[:, :3] * rows[:, 3:], 1.0 - rows[:, 3:]], axis=1)


def in_labels(table: Floats, labels: Sequence[str], task: str) -> Floats:
    """Put the chances of columns into the labels of a set; each row sums to one.

    Without *unrelated*, what is not related is neutral; without *neutral* too, only favor and
    against are compared.
    """
    if task == "nli":
        columns = {"entailment": [0], "neutral": [1], "contradiction": [2]}
        taken = [columns.get(label, [1, 2]) for label in labels]
    else:
        both = [NEUTRAL] if "unrelated" in labels else [NEUTRAL, UNRELATED]
        taken = [both if label == "neutral" else [STANCES.index(label)] for label in labels]
    found = np.stack([table[:, columns].sum(1) for columns in taken], axis=1)
    return np.asarray(found / np.maximum(found.sum(1, keepdims=True), 1e-9), dtype=np.float32)
