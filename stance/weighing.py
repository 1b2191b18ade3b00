"""Weigh the judgements on one holder and one target: which sides are taken, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.backends.base import StancePair
from stance.records import LABELS, Evidence, Holder, Label, Scores, Stance, Statement, Target

# A statement this far from a target is not asked about (cosine; seeds dev).
NEAR = 0.05
# The scorer must find at least this much relation between statement and target (seeds dev).
RELATED = 0.4
# An act says less plainly than words what it is about (seeds dev).
RELATED_ACT = 0.85
# The article itself takes few sides, and seldom by the way (seeds dev).
RELATED_AUTHOR = 0.85
# Below this probability of the best label a stance abstains; a fitted sureness has its own floor.
FLOOR = 0.45
# A second side of the same holder needs as much, from another statement.
SECOND_SIDE = 0.97


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold one scored pair: statement and holder by index, the chances of the labels, related.

    `pair` is the question that was asked.
    """

    statement: int
    holder: int
    scores: Scores
    related: float
    pair: StancePair | None = None

    @property
    def weight(self) -> float:
        """How much this judgement counts when a holder's are summed up."""
        return self.related * max(self.scores[label] for label in LABELS)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold the cut-offs of the pairing and of the abstention."""

    near: float = NEAR
    related: float = RELATED
    acts: float = RELATED_ACT
    author: float = RELATED_AUTHOR
    floor: float = FLOOR
    second_side: float = SECOND_SIDE

    def relation(self, statement: Statement) -> float:
        """Return how much relation to a target the scorer must find in a statement."""
        if statement.kind != "narration":
            return self.related
        return self.acts if statement.source is not None else self.author


def sides(judgements: Sequence[Judgement], second: float) -> list[list[Judgement]]:
    """Part a holder's judgements on one target into sides held one after the other.

    The side with the most weight is kept; the opposite one only where a statement of its own shows
    it with probability `second`. Neutral statements give way to any side that is taken clearly.
    """
    order = by_strength(judgements)
    main = next(iter(order), None)
    kept = [
        label
        for label, strongest in order.items()
        if label == main or (label != "neutral" and strongest >= second)
    ]
    if main == "neutral" and len(kept) > 1:
        kept = kept[1:]
    groups = [[j for j in judgements if j.scores.best == label] for label in kept]
    return sorted(groups, key=lambda group: group[0].statement)


def by_strength(judgements: Sequence[Judgement]) -> dict[Label, float]:
    """Return the labels that judgements take, the one of the strongest judgement first.

    Args:
        judgements: one holder's, on one target.

    Returns:
        Each label with the weight of its strongest judgement; of equals, the one whose judgements
        weigh more together comes first.
    """
    weights: dict[Label, list[float]] = {}
    for label in LABELS:
        if own := [j.weight for j in judgements if j.scores.best == label]:
            weights[label] = own

    def strength(label: Label) -> tuple[float, float]:
        return max(weights[label]), sum(weights[label])

    return {label: max(weights[label]) for label in sorted(weights, key=strength, reverse=True)}


def conclude(
    holder: Holder,
    target: Target,
    judgements: Sequence[Judgement],
    evidence: tuple[Evidence, ...],
    floor: float,
) -> Stance:
    """Sum up one side of one holder on one target; below the floor it is ``unclear``."""
    # The small addend keeps a mean where no judgement is related at all.
    weights = np.array([j.related for j in judgements]) + 1e-9
    table = np.array([[j.scores[label] for label in LABELS] for j in judgements])
    means = (weights[:, None] * table).sum(0) / weights.sum()
    strongest = max(judgements, key=lambda j: j.weight).scores
    mixed = [
        0.5 * float(m) + 0.5 * strongest[label] for m, label in zip(means, LABELS, strict=True)
    ]
    scores = Scores(*(value / sum(mixed) for value in mixed))
    confidence = scores[scores.best]
    label = scores.best if confidence >= floor else "unclear"
    return Stance(holder, target, label, confidence, scores, evidence)
