"""Say how likely a stance found in an article is right as a whole: holder, target and label.

The label's probability answers another question: how the words stand, given that they are this
holder's and speak to this target. What a reader of the result needs is the chance that the row is
true, and that hangs on how it was found. A logistic model with few traits, fitted on hand-labelled
articles, turns the one into the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from stance.records import LABELS, Holder, Record, Stance, Statement
from stance.weighing import Judgement


@dataclass(frozen=True, slots=True)
class Traits(Record):
    """Hold what a stance's sureness is computed from.

    `related` is the log odds of relation in the strongest statement, `label` the probability of the
    label, `near` the best cosine of statement and target, `count` the logarithm of the statements
    behind it; the others are 0 or 1: the strongest statement is narration, or quoted; the holder is
    a person, or somebody unnamed.
    """

    related: float = 0.0
    label: float = 0.0
    near: float = 0.0
    count: float = 0.0
    narrated: float = 0.0
    quoted: float = 0.0
    person: float = 0.0
    unnamed: float = 0.0

    @property
    def row(self) -> tuple[float, ...]:
        """The traits in the order of the fields, for a fit."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class Sureness(Record):
    """Map traits to the chance that a stance is right, in [0, 1]; under `floor` it abstains."""

    bias: float
    weights: Traits
    floor: float

    def chance(self, traits: Traits) -> float:
        """Return the chance that a stance with these traits is right."""
        pairs = zip(self.weights.row, traits.row, strict=True)
        score = self.bias + sum(weight * value for weight, value in pairs)
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, score))))

    def judged(self, stance: Stance, traits: Traits) -> Stance:
        """Give a stance its chance as confidence, and ``unclear`` as label below the floor."""
        chance = self.chance(traits)
        label = stance.scores.best if chance >= self.floor else "unclear"
        return replace(stance, confidence=chance, label=label)


def traits_of(
    stance: Stance, group: Sequence[Judgement], statements: Sequence[Statement], near: float
) -> Traits:
    """Read the traits of a stance off the judgements that it rests on.

    Args:
        stance: the stance.
        group: its judgements.
        statements: those of the article, which judgements point at.
        near: the best cosine of its statements with the target.
    """
    strongest = max(group, key=lambda j: j.weight)
    related = min(max(max(j.related for j in group), 1e-4), 1 - 1e-4)
    statement = statements[strongest.statement]
    return Traits(
        related=math.log(related / (1 - related)),
        label=max(stance.scores[label] for label in LABELS),
        near=near,
        count=float(np.log(len(group))),
        narrated=float(statement.kind == "narration" and statement.cue is None),
        quoted=float(statement.kind in ("direct", "mixed")),
        person=float(stance.holder.kind == "person"),
        unnamed=float(_unnamed(stance.holder)),
    )


def _unnamed(holder: Holder) -> bool:
    return holder.kind in ("unnamed", "group")
