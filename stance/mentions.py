"""Find whom and what a text speaks of, so that "she", "it" and "the union" find their owners.

A mention is a name or a described somebody ("a former engineer", "the agency") outside of
quotations. The best antecedent of a pronoun is near, and opens its sentence or has just spoken.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from stance.drafts import dateline_end, is_dateline
from stance.given import sex_of
from stance.names import (
    ORG_WORDS,
    PERSON_ROLE,
    PRONOUNS,
    head_noun,
    is_organization,
    is_person,
    name_spans,
    strip_titles,
    surname,
)
from stance.places import country_of
from stance.quotes import find_quotes
from stance.records import Span
from stance.text import Document

Sort = Literal["person", "body", "many"]
# Sentences before a pronoun in which what it stands for is looked for.
REACH = 5

_BODY_HEADS = (
    ORG_WORDS | frozenset("firm newspaper paper operator developer charity body".split())
) - PRONOUNS
_DETERMINER = r"(?:[Aa]n?|[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Mm]y|[Oo]ur|[Aa]nother)"
_AGAIN = re.compile(_DETERMINER)
# Looked ahead for, since one description may stand within five words of the next.
_DESCRIBED = re.compile(rf"(?<![\w’'-])(?=({_DETERMINER}(?:\s+[\w’'-]+){{1,5}}))")
_PLURAL = re.compile(
    r"(?!(?:He|She|It|This|That|We|I|You|They|Who|What)\b)"
    r"(?:(?:The|Some|Many|Most|Several|Other|Few|Dozens of|Hundreds of|Thousands of|His|Her|"
    r"Their|Its|Two|Three)\s+)?(?:[\w’'-]+\s+){0,2}?[A-Za-z][a-z’'-]{2,}(?<![’'])s(?=\s+[a-z])"
)
_MEMBERS = frozenset("official officials members workers staff".split())
# Words before a name that show a place.
_WHERE = re.compile(r"\b(?:in|at|near|around|outside|across|the|keeps|runs)\s+$", re.IGNORECASE)
_OPENING = re.compile(r"[\s“”\"‘’'«»—–-]*")
# "its chairwoman, ", before a name.
_APPOSED = re.compile(rf"{_DETERMINER}(?:\s+[\w’'-]+){{1,5}},?\s+$")
_NAME_NEXT = re.compile(r",?\s+[A-ZÀ-Þ]")
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ][\w’'-]+,\s+$")
# "…,” said Mayor ", between a quotation's end and its speaker.
_SAID_BY = re.compile(r"^[\s,.”’»\"']*[a-z]+(?:\s+[\w’'.-]+){0,4}\s+$")


@dataclass(frozen=True, slots=True)
class Mention:
    """Hold one mention.

    `words` can be read like a source; `subject` where it opens its sentence or speaks a quotation;
    `named` where it is a name; `doubtful` where a person is a guess: "Vocal Mobile" is a body.
    """

    span: Span
    words: str
    sort: Sort
    subject: bool
    named: bool
    doubtful: bool = False


class Mentions:
    """List the mentions of a document in order.

    Args:
        document: the article.
        people: the full names of the persons in it.
    """

    def __init__(self, document: Document, people: Sequence[str]) -> None:
        self.document, self.people = document, people
        self.quotes = [q.span for q in find_quotes(document.text, document.paragraphs)]
        self._quote_starts = [q.start for q in self.quotes]
        found = {m.span.start: m for m in self._described()}
        found |= {m.span.start: m for m in self._named()}
        self.all = sorted(found.values(), key=lambda m: m.span.start)
        self._starts = [m.span.start for m in self.all]

    def before(self, position: int) -> Iterator[Mention]:
        """Yield the mentions of the last sentences before a position, the nearest first."""
        first = self.document.sentences[max(0, self.document.at(position) - REACH)].start
        for index in range(bisect_left(self._starts, position) - 1, -1, -1):
            if self._starts[index] < first:
                return
            if self.all[index].span.end <= position:
                yield self.all[index]

    def plural(self, position: int) -> bool:
        """Tell whether a plural that opens its sentence, and no name, begins at a position."""
        index = bisect_left(self._starts, position)
        found = self.all[index] if index < len(self.all) else None
        return found is not None and found.span.start == position and found.sort == "many"

    def distance(self, earlier: int, later: int) -> int:
        """Count the sentences between two positions."""
        return self.document.at(later) - self.document.at(earlier)

    def quoted(self, position: int) -> bool:
        """Tell whether a position lies within a quotation."""
        index = bisect_left(self._quote_starts, position + 1) - 1
        return index >= 0 and position < self.quotes[index].end

    def _named(self) -> Iterator[Mention]:
        """Read the names of persons, bodies and countries."""
        surnames = set(map(surname, self.people))
        places = self._places()
        text = self.document.text
        for start, name in name_spans(text):
            span = Span(start, start + len(name))
            dateline = is_dateline(text, start) and not country_of(name)
            if self.quoted(start) or name in places or dateline:
                continue
            bare = strip_titles(name)
            person = (
                bare in self.people
                or (" " not in bare and surname(bare) in surnames)
                or is_person(name)
            )
            # "South American" has the looks of a person.
            if person and country_of(name.split()[-1]) and not sex_of([name]):
                continue
            if not person and " " not in name and not (is_organization(name) or country_of(name)):
                continue
            sort: Sort = "person" if person else "body"
            doubtful = person and bare == name and not sex_of([name])
            yield Mention(span, name, sort, self.subject(span, person), True, doubtful)

    def _places(self) -> set[str]:
        """Tell names that read as a person's but mostly stand behind *in* or *at*."""
        text = self.document.text
        seen: dict[str, list[bool]] = {}
        for start, name in name_spans(text):
            where = _WHERE.search(text[max(0, start - 12) : start])
            seen.setdefault(name, []).append(where is not None)
        return {n for n, marks in seen.items() if is_person(n) and 2 * sum(marks) >= len(marks)}

    def _described(self) -> Iterator[Mention]:
        """Read "a former engineer who", "the agency", and a sentence's plural subject."""
        text = self.document.text
        for sentence in self.document.sentences:
            opened = _OPENING.match(text, sentence.start)
            start = opened.end() if opened else sentence.start
            plural = _PLURAL.match(text, start)
            if plural and not self.quoted(start):
                span = Span(start, plural.end())
                yield Mention(span, span.of(text), "many", True, False)
        # "The agency says" reads as a plural too: what is surer comes last.
        for match in _DESCRIBED.finditer(text):
            if not self.quoted(match.start()) and (found := self._headed(match)):
                yield found

    def _headed(self, match: re.Match[str]) -> Mention | None:
        """Cut a described mention behind the first word that can be its head."""
        _, *words = re.findall(r"[\w’'-]+", match[1])
        for count, word in enumerate(words, start=1):
            folded = word.casefold()
            if word[:1].isupper() or _AGAIN.fullmatch(word):
                return None
            if head_noun(" ".join(words[:count])) != folded:
                return None
            sort: Sort | None = (
                "person"
                if PERSON_ROLE.search(folded)
                else "body"
                if folded in _BODY_HEADS
                else None
            )
            following = words[count].casefold() if count < len(words) else ""
            if sort and not _goes_on(following):
                return self._cut(match, count, sort)
        return None

    def _cut(self, match: re.Match[str], count: int, sort: Sort) -> Mention | None:
        """Cut a description behind its head; None where a name beside it says who it is."""
        text = self.document.text
        head = re.match(rf"[\w’'-]+(?:\s+[\w’'-]+){{{count}}}", match[1])
        span = Span(match.start(), match.start() + len(head[0] if head else match[1]))
        before = text[max(0, span.start - 40) : span.start]
        if _NAME_NEXT.match(text, span.end) or _NAME_BEFORE.search(before):
            return None
        return Mention(span, span.of(text), sort, self.subject(span), False)

    def subject(self, span: Span, person: bool = False) -> bool:
        """Tell whether a mention opens its sentence, or follows a quotation as its speaker.

        A person may stand behind a description: "the geologist Ana Lee".
        """
        text = self.document.text
        sentence = self.document.sentences[self.document.at(span.start)]
        start = dateline_end(text, sentence.start)
        if span.start < start:
            return False
        opening = _OPENING.match(text, start)
        start = opening.end() if opening else start
        words = text[start : max(start, span.start)]
        lead = (_APPOSED.sub("", words) if person else words).split()
        if len(lead) <= 2 or (lead[-1].endswith(",") and len(lead) <= 5):
            return True
        index = bisect_left(self._quote_starts, span.start) - 1
        if index < 0 or self.quotes[index].end < sentence.start:
            return False
        return bool(_SAID_BY.match(text[self.quotes[index].end : span.start]))


def _goes_on(word: str) -> bool:
    """Tell whether a word behind "the company" is the description's true head."""
    return word in _BODY_HEADS | _MEMBERS or bool(PERSON_ROLE.search(word.removesuffix("s")))
