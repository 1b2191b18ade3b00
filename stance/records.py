"""Hold the records that the library takes and returns: frozen, slotted, JSON-ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from stance.parts import LABELS as LABELS
from stance.parts import Evidence as Evidence
from stance.parts import Holder as Holder
from stance.parts import HolderKind as HolderKind
from stance.parts import Label as Label
from stance.parts import Scores as Scores
from stance.parts import Span as Span
from stance.parts import StanceLabel as StanceLabel
from stance.parts import Statement as Statement
from stance.parts import StatementKind as StatementKind
from stance.parts import Target as Target
from stance.parts import TargetKind as TargetKind
from stance.parts import parse_label as parse_label
from stance.record import ON_REQUEST
from stance.record import Record as Record
from stance.trail import Check as Check
from stance.trail import Ground as Ground
from stance.trail import Question as Question
from stance.trail import Trail as Trail
from stance.views import Cell as Cell
from stance.views import Matrix as Matrix
from stance.views import matrix, to_frame

if TYPE_CHECKING:
    from pandas import DataFrame


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
class Stance(Record):
    """Hold one answer to "who stands where", with the words that show it.

    `confidence`, in [0, 1], is the chance that holder, target and label are all right; of one
    passage, or by a model that this was not fitted for, the probability of the best label. Below
    its floor `label` is ``unclear``; `scores`, the labels' probabilities, are there all the same.
    `trail` tells how the stance came to be, where that was asked for with ``explain=True``.
    """

    holder: Holder
    target: Target
    label: StanceLabel
    confidence: float
    scores: Scores
    evidence: tuple[Evidence, ...] = ()
    trail: Trail | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True, slots=True)
class SummarySentence(Record):
    """Hold one sentence of a summary, the words it comes from, and how far they support it.

    `support` is in [0, 1]; `method` tells how the sentence came to be: ``extract``, ``generate``,
    ``rewrite``, ``replace`` (by its best source sentence) or ``given`` (by the caller).
    `unsupported` marks the names, numbers and quotes that the article lacks, and the facts that it
    has only as possible or in somebody's mouth, as spans of this sentence's `text`.
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

    def matrix(self) -> Matrix:
        """Set the holders against the targets; ``str()`` of it is a table to print."""
        return matrix(self)

    def to_frame(self) -> DataFrame:
        """Return a pandas table with one row for each quote of each stance.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return to_frame(self)

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
