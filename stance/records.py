"""Hold the records that the library takes and returns: frozen, slotted, JSON-ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stance.errors import LabelError, RecordError
from stance.record import Record as Record

Label = Literal["favor", "against", "neutral"]
StanceLabel = Literal["favor", "against", "neutral", "unclear"]
StatementKind = Literal["direct", "indirect", "mixed", "narration"]
HolderKind = Literal["person", "organization", "country", "group", "unnamed", "author"]
TargetKind = Literal["claim", "entity", "topic"]

LABELS: tuple[Label, ...] = ("favor", "against", "neutral")

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
class Article(Record):
    """Hold one article; every offset in the library refers to `text`."""

    text: str
    title: str | None = None
    id: str | None = None
    url: str | None = None
    source: str | None = None
    date: str | None = None


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


@dataclass(frozen=True, slots=True)
class Stance(Record):
    """Hold one answer to "who stands where", with the words that show it.

    `label` is ``unclear`` where `confidence` (the probability of the best label, in [0, 1]) is
    below the floor; `scores` are there all the same.
    """

    holder: Holder
    target: Target
    label: StanceLabel
    confidence: float
    scores: Scores
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SummarySentence(Record):
    """Hold one sentence of a summary, the words it comes from, and how far they support it.

    `support` is in [0, 1]; `method` tells how the sentence came to be: ``extract``, ``generate``,
    ``rewrite``, ``replace`` (by its best source sentence) or ``given`` (by the caller).
    `unsupported` marks the names, numbers and quotes that the article lacks, as spans of this
    sentence's `text`.
    """

    text: str
    sources: tuple[Evidence, ...] = ()
    support: float = 0.0
    method: str = "extract"
    unsupported: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary(Record):
    """Hold a summary; `text` is its sentences joined by spaces."""

    text: str
    method: str
    sentences: tuple[SummarySentence, ...] = ()

    @property
    def support(self) -> float:
        """The mean support of the sentences, 0.0 where there is none."""
        count = len(self.sentences)
        return sum(s.support for s in self.sentences) / count if count else 0.0


@dataclass(frozen=True, slots=True)
class Brief(Record):
    """Tell in one sentence what an article has on one holder or one target.

    `name` is the holder's name or the target's text, as `about` says.
    """

    about: Literal["holder", "target"]
    name: str
    sentence: SummarySentence


@dataclass(frozen=True, slots=True)
class Coverage(Record):
    """Tell how much of the article was read."""

    chars_read: int
    chars_total: int
    sentences_read: int
    sentences_total: int
    truncated: bool = False

    @property
    def ratio(self) -> float:
        """The share of characters read, in [0, 1]."""
        return self.chars_read / self.chars_total if self.chars_total else 1.0


@dataclass(frozen=True, slots=True)
class ModelInfo(Record):
    """Name the weights that made a result, so that it can be made again."""

    name: str
    revision: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Analysis(Record):
    """Hold all that the library found in one article."""

    article: Article
    summary: Summary | None = None
    holders: tuple[Holder, ...] = ()
    targets: tuple[Target, ...] = ()
    stances: tuple[Stance, ...] = ()
    coverage: Coverage | None = None
    models: tuple[ModelInfo, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    briefs: tuple[Brief, ...] = field(default=())

    def brief(self, about: Literal["holder", "target"], name: str) -> SummarySentence | None:
        """Return the one line on a holder or a target, None where there is none."""
        found = (b.sentence for b in self.briefs if (b.about, b.name) == (about, name))
        return next(found, None)

    def by_holder(self) -> dict[str, list[Stance]]:
        """Group the stances by holder name, in the order of the article."""
        return self._grouped("holder")

    def by_target(self) -> dict[str, list[Stance]]:
        """Group the stances by target text, in the order of the article."""
        return self._grouped("target")

    def _grouped(self, side: Literal["holder", "target"]) -> dict[str, list[Stance]]:
        groups: dict[str, list[Stance]] = {}
        for stance in self.stances:
            key = stance.holder.name if side == "holder" else stance.target.text
            groups.setdefault(key, []).append(stance)
        return groups


@dataclass(frozen=True, slots=True)
class Source(Record):
    """Quote one of several articles: the offsets of `evidence` are those of ``articles[article]``.

    `support` in [0, 1] tells how far this article alone supports the sentence.
    """

    article: int
    evidence: Evidence
    support: float = 1.0


@dataclass(frozen=True, slots=True)
class DigestSentence(Record):
    """Hold one sentence on an event, with its sources in every article that supports it."""

    text: str
    sources: tuple[Source, ...] = ()
    support: float = 0.0
    method: str = "extract"
    unsupported: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Side(Record):
    """Say in which of several articles a stance is taken."""

    article: int
    stance: Stance


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """Hold a target on which somebody is in favor and somebody else against."""

    target: Target
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Digest(Record):
    """Sum up several articles on one event: what they say, and who differs from whom."""

    text: str
    method: str
    sentences: tuple[DigestSentence, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure(Record):
    """Stand in a batch for the article that could not be analyzed.

    `error` is the class name of the exception, `message` its text.
    """

    error: str
    message: str
    id: str | None = None
