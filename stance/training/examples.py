"""Define the examples that training reads, one record per head."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stance.backends.base import StancePair
from stance.records import Span

FAVOR, AGAINST, NEUTRAL = 0, 1, 2
ALL_LABELS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class PairExample:
    """Hold one labelled pair for the stance or the nli head.

    `gold` are the label indices that count as right (several for "not entailed"), `allowed` those
    that its data set has at all: the loss compares `gold` with `allowed` only, so that a set
    without *neutral* does not teach that nothing is neutral. `related` is 1, 0 or -1 (unknown);
    `gold` is empty where only relatedness is known.
    """

    task: Literal["stance", "nli"]
    pair: StancePair
    gold: tuple[int, ...]
    allowed: tuple[int, ...] = ALL_LABELS
    related: int = -1
    weight: float = 1.0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Attributed:
    """Hold one gold attribution as character spans; parts may be missing."""

    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedExample:
    """Hold a text, its sentences, the attributions in it, and the acts (None: not marked)."""

    text: str
    sentences: tuple[Span, ...]
    attributions: tuple[Attributed, ...]
    group: str = ""
    acts: tuple[Attributed, ...] | None = None


@dataclass(frozen=True, slots=True)
class SalienceExample:
    """Hold a document as sentences and the indices of those that a summary draws on."""

    sentences: tuple[str, ...]
    salient: frozenset[int]
    group: str = ""


Example = PairExample | TaggedExample | SalienceExample


@dataclass(slots=True)
class Pool:
    """Hold the examples of one data set, split for training and development."""

    train: list[Example] = field(default_factory=list)
    dev: list[Example] = field(default_factory=list)
