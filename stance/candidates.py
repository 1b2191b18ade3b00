"""Gather what an article may be about: its phrases, its claims, its headline, each once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from stance.attribution import is_reported, words_of
from stance.claims import self_contained, tells_no_event
from stance.holders import Resolution
from stance.lexicon import FUNCTION_WORDS
from stance.names import names_in
from stance.phrases import Phrase, phrases
from stance.records import Span, Statement
from stance.text import Document, sentence_spans

Sort = Literal["noun", "gerund", "claim"]

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:[-’'][^\W_]+)*")
_ENDING = re.compile(r"(?:['’]s|s['’])$|(?:ations?|ings?|ions?|ures?|ments?|als?|ers?|ed|es|e|s)$")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_TAIL = re.compile(
    r"\s(?:of|on|in|for|at|from|with|against|between|to|by|over|under|about|into|without|near)\s|"
    r"\s(?=\w+ing\s)"
)


@dataclass(slots=True)
class Candidate:
    """Hold one wording, where the article has it, and what stands around it.

    `stems` are those of its content words, `head` that of its last noun before any complement;
    `before` the words before each place, `after` the tags behind; `direct` tells of a claim that it
    was always quoted; `recalled` of a fuller phrase that "the bill" may point back to it.
    """

    text: str
    sort: Sort
    stems: frozenset[str]
    spans: list[Span] = field(default_factory=list)
    before: list[tuple[str, ...]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    in_title: bool = False
    direct: bool = False
    recalled: bool = False

    @property
    def head(self) -> str:
        """The stem of the last noun before any complement."""
        words = _WORD.findall(_TAIL.split(self.bare)[0])
        return stem(words[-1]) if words else ""

    @property
    def bare(self) -> str:
        """The wording without its article."""
        return _ARTICLE.sub("", self.text, count=1) if _ARTICLE.match(self.text) else self.text

    @property
    def is_name(self) -> bool:
        """Whether the wording is one name and nothing else."""
        names = names_in(self.bare)
        return self.sort == "noun" and bool(names) and len(names[0]) >= len(self.bare) - 1

    @property
    def points_back(self) -> bool:
        """Whether the wording is an article and one common noun ("the bill")."""
        words = self.text.split()
        return len(words) == 2 and words[0] == "the" and words[1].islower()


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """Cut a word down to what "closing", "closure" and "closed" share."""
    low = word.casefold()
    bare = _ENDING.sub("", low)
    return (bare if len(bare) >= 3 else low)[:7]


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text's content words."""
    words = (w for w in _WORD.findall(text) if len(w) > 1)
    return frozenset(stem(w) for w in words if w.casefold() not in FUNCTION_WORDS)


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of stems that two wordings have in common (Dice), in [0, 1]."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def gather(
    document: Document, title: Sequence[Statement], resolution: Resolution
) -> list[Candidate]:
    """Find every candidate of an article.

    Args:
        document: the article.
        title: statements found in its title, read as a text of its own.
        resolution: the body's statements and their holders.

    Returns:
        Candidates in the order of their first place, the headline's first.
    """
    found: dict[str, Candidate] = {}
    heading = document.article.title or ""
    for text in _headlines(heading, title):
        _add(found, text, "claim").in_title = True
    small = frozenset(re.findall(r"\b[^\W\dA-Z_]\w+", document.text))
    for phrase in phrases(heading, Span(0, len(heading)), headline=True):
        _add_phrase(found, phrase, small).in_title = True
    for sentence in document.sentences:
        for phrase in phrases(document.text, sentence):
            _add_phrase(found, phrase, small).spans.append(phrase.span)
    for text, span, quoted in _claims(document, resolution):
        candidate = _add(found, text, "claim")
        candidate.direct = quoted and (candidate.direct or not candidate.spans)
        candidate.spans.append(span)
    candidates = [c for c in found.values() if c.stems]
    _recall(candidates)
    return _without_short_names(candidates)


def _add(found: dict[str, Candidate], text: str, sort: Sort) -> Candidate:
    """Return the candidate with this wording, made where it is new; one with its article stays."""
    key = _ARTICLE.sub("", text).casefold()
    candidate = found.get(key)
    if candidate is None:
        found[key] = candidate = Candidate(text, sort, stems_of(text))
    elif len(text) > len(candidate.text):
        candidate.text = text
    return candidate


def _add_phrase(found: dict[str, Candidate], phrase: Phrase, small: frozenset[str]) -> Candidate:
    first = phrase.text.split()[0].casefold()
    lowered = phrase.opens and first in small
    text = first + phrase.text[len(first) :] if lowered else phrase.text
    candidate = _add(found, text, phrase.kind)
    candidate.before.append(phrase.before)
    candidate.after.append(phrase.after)
    return candidate


def _headlines(heading: str, title: Sequence[Statement]) -> Iterator[str]:
    """Yield the propositions of the headline: what its sources say, and what stands plain."""
    for statement in title:
        if not is_reported(heading, statement):
            source = statement.source.of(heading) if statement.source else ""
            if text := self_contained(words_of(heading, statement), source):
                yield text
    for part in re.split(r"[;:–—|]\s|,?\s(?:as|after|but|while|amid|despite)\s", heading):
        text = self_contained(part, "")
        if text and tells_no_event(text):
            yield text


def _claims(document: Document, resolution: Resolution) -> Iterator[tuple[str, Span, bool]]:
    """Yield what holders say, where, and whether it is quoted."""
    for statement, owner in zip(resolution.statements, resolution.owner, strict=True):
        if statement.cue is None or is_reported(document.text, statement):
            continue
        name = resolution.holders[owner].name if owner is not None else ""
        for span in statement.content:
            first = sentence_spans(document.text, bare_of_marks(document.text, span))[:1]
            if first and (text := self_contained(first[0].of(document.text), name)):
                yield text, span, statement.kind == "direct"


def bare_of_marks(text: str, span: Span) -> Span:
    """Trim quotation marks and white space off both ends; a splitter holds quotations together."""
    words = span.of(text)
    left = len(words) - len(words.lstrip(' \t\r\n“”"«»'))
    right = len(words.rstrip(' \t\r\n“”"«»'))
    return Span(span.start + left, span.start + right) if left < right else span


def _recall(candidates: Sequence[Candidate]) -> None:
    """Mark the phrases that a bare one behind them points back to."""
    last = {c.head: c.spans[-1] for c in candidates if c.points_back and c.spans}
    for candidate in candidates:
        if candidate.sort == "noun" and 2 <= len(candidate.stems) <= 6:
            pointer = last.get(candidate.head)
            here = candidate.spans[0] if candidate.spans and not candidate.in_title else None
            candidate.recalled = pointer is not None and (here is None or here <= pointer)


def _without_short_names(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the places of "Dralle" to "Ineke Dralle", the first whose name ends or begins so."""
    names = [c for c in candidates if c.is_name]
    long: dict[str, Candidate] = {}
    for candidate in names:
        words = candidate.bare.split()
        if len(words) > 1:
            long.setdefault(words[-1], candidate)
            long.setdefault(words[0], candidate)
    kept = []
    for candidate in candidates:
        owner = long.get(candidate.text)
        if owner is None or not candidate.is_name:
            kept.append(candidate)
            continue
        owner.spans = sorted([*owner.spans, *candidate.spans])
        owner.in_title |= candidate.in_title
    return kept
