"""Hold the trail from the words of an article to a stance: what was read, asked, scored, kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stance.parts import LABELS, Evidence, Scores, Span, StatementKind
from stance.record import Record

CheckName = Literal["near", "related", "acts", "author", "floor", "second_side"]


@dataclass(frozen=True, slots=True)
class Check(Record):
    """Hold a value against a cut-off, named as the field of `stance.detect.Thresholds` is.

    ``near`` is the cosine of statement and target, ``related`` (``acts`` for what is done or told
    and not said, ``author`` for the article's own words) the relation that the scorer finds between
    them, ``second_side`` the weight of a side's strongest statement, ``floor`` the stance's
    confidence.
    """

    name: CheckName
    value: float
    needed: float

    @property
    def passed(self) -> bool:
        """Whether the value is high enough."""
        return self.value >= self.needed


@dataclass(frozen=True, slots=True)
class Question(Record):
    """Hold what the scorer was asked: how `holder` stands toward `target` in `context`.

    `holder` None asks for the text's own stance. `holder_span` marks, in the article, the words
    that name the holder where the context has them. Of a long context a model reads as much as it
    has room for.
    """

    context: Evidence
    target: str
    holder: str | None = None
    holder_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Ground(Record):
    """Follow one statement: its parts in the article, the question, the answer, the cut-offs.

    `kind` is None where a whole passage was judged and not a statement in it. `question`, `scores`
    and `related` are None where the scorer was not asked. `reason` tells why the statement does not
    count; it is empty where it does.
    """

    content: tuple[Evidence, ...]
    source: Evidence | None = None
    cue: Evidence | None = None
    kind: StatementKind | None = None
    question: Question | None = None
    scores: Scores | None = None
    related: float | None = None
    checks: tuple[Check, ...] = ()
    reason: str = ""

    @property
    def weight(self) -> float:
        """How much the answer counts: its relation times its best score, 0.0 without an answer."""
        if self.scores is None or self.related is None:
            return 0.0
        return self.related * max(self.scores[label] for label in LABELS)


@dataclass(frozen=True, slots=True)
class Trail(Record):
    """Tell how a stance came to be.

    `grounds` are the statements that it rests on and `aside` the holder's others, each in the order
    of the article; `mentions` are the sources of statements that were taken for the holder;
    `checks` the cut-offs of the stance as a whole; `reasons` tell why statements were summed up as
    one and why this side is shown.
    """

    grounds: tuple[Ground, ...] = ()
    aside: tuple[Ground, ...] = ()
    mentions: tuple[Evidence, ...] = ()
    checks: tuple[Check, ...] = ()
    reasons: tuple[str, ...] = ()
