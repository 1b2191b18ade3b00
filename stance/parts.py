"""Hold what the other records are made of: labels, spans, statements, quotes, scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stance.errors import LabelError, RecordError
from stance.record import Record

Label = Literal["favor", "against", "neutral"]
StanceLabel = Literal["favor", "against", "neutral", "unclear"]
StatementKind = Literal["direct", "indirect", "mixed", "narration"]
HolderKind = Literal["person", "organization", "country", "group", "unnamed", "author"]
TargetKind = Literal["claim", "entity", "topic"]

LABELS: tuple[Label, ...] = ("favor", "against", "neutral")
# What stands for a label where there is no room for a word, or no colour.
SIGNS: dict[StanceLabel, str] = {"favor": "▲", "against": "▼", "neutral": "◆", "unclear": "?"}

# The words that data sets and callers use for the three labels.
_SYNONYMS: dict[str, Label] = {
    **dict.fromkeys(
        ("favor", "favour", "for", "support", "supports", "pro", "agree", "affirm", "positive"),
        "favor",
    ),
    **dict.fromkeys(
        ("against", "oppose", "opposes", "con", "disagree", "deny", "undermine", "negative"),
        "against",
    ),
    **dict.fromkeys(("neutral", "none", "discuss", "neither", "observing"), "neutral"),
}


def parse_label(word: str) -> Label:
    """Read a label in any of the field's wordings.

    Args:
        word: for example ``"favor"``, ``"Support"``, ``"con"``, ``"disagree"``, ``"discuss"``.

    Returns:
        One of ``favor``, ``against``, ``neutral``.

    Raises:
        LabelError: the word is none of the known ones.
    """
    label = _SYNONYMS.get(word.strip().casefold()) if isinstance(word, str) else None
    if label is None:
        raise LabelError(f"unknown stance label {word!r}; use one of {sorted(_SYNONYMS)}")
    return label


@dataclass(frozen=True, slots=True, order=True)
class Span(Record):
    """Name a stretch of a text: 0-based, end-exclusive, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise RecordError(f"span ({self.start}, {self.end}) must satisfy 0 <= start <= end")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the words that the span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Statement(Record):
    """Hold one attribution: who (source) says or does (cue) what (content).

    `content` has several spans where the words are interrupted ("…," he said, "…"). `source` and
    `cue` are None where the text gives none ("it is alleged that …").
    """

    content: tuple[Span, ...]
    source: Span | None = None
    cue: Span | None = None
    kind: StatementKind = "indirect"

    @property
    def span(self) -> Span:
        """The smallest stretch of text that holds the whole statement."""
        parts = [*self.content, *(s for s in (self.source, self.cue) if s is not None)]
        return Span(min(p.start for p in parts), max(p.end for p in parts))


@dataclass(frozen=True, slots=True)
class Holder(Record):
    """Hold somebody who takes a stance, with every mention in the article."""

    name: str
    kind: HolderKind = "person"
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Target(Record):
    """Hold what a stance is about: a claim, an entity or a topic."""

    text: str
    kind: TargetKind = "claim"
    given: bool = True
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """Quote the article verbatim: ``article.text[start:end] == text``, always."""

    text: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if len(self.text) != self.end - self.start or self.start < 0:
            raise RecordError(
                f"evidence {self.text[:40]!r} has {len(self.text)} characters, "
                f"but its offsets ({self.start}, {self.end}) span {self.end - self.start}"
            )

    @classmethod
    def cut(cls, text: str, span: Span) -> Evidence:
        """Quote `span` of `text`."""
        return cls(span.of(text), span.start, span.end)

    @property
    def span(self) -> Span:
        """The offsets as a span."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Scores(Record):
    """Hold the calibrated probabilities of the three labels; they sum to one."""

    favor: float
    against: float
    neutral: float

    def __getitem__(self, label: Label) -> float:
        return {"favor": self.favor, "against": self.against, "neutral": self.neutral}[label]

    @property
    def best(self) -> Label:
        """The most probable label; ties go to the earlier of favor, against, neutral."""
        return max(LABELS, key=lambda label: self[label])
