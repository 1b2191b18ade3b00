"""Resolve the sources of statements to holders: one holder per somebody, however the text calls it.

The article is read from its start. Each source is matched, in this order, to a holder that shares
a full name, a surname, an acronym, a country's other names, a described head noun ("the ministry")
or, for pronouns, to the nearest holder before; what matches nothing is a new holder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stance.antecedents import SEX, Antecedents, unsure
from stance.bodies import ANY_ORGANIZATION, points_back, suits
from stance.drafts import Draft, key, speaks_for
from stance.introductions import acronyms, full_names, initials, posts
from stance.mentions import Mention, Mentions
from stance.names import (
    OFFICER,
    ORG_WORDS,
    PRONOUNS,
    SPEAKER,
    Reading,
    head_noun,
    is_person,
    names_in,
    read_source,
    strip_titles,
    surname,
)
from stance.narration import narrated, voiced
from stance.places import country_of, proper_names
from stance.records import Holder, Span, Statement
from stance.speakers import MERE_VOICE, OF_STATE, OWN_BODIES, OWN_WORDS, POSSESSIVE, STATE, lender
from stance.text import Document

# Heads that stand for any person or any organization spoken of just before.
_ANY_PERSON = frozenset(
    ["man", "woman", "official", "spokesman", "spokeswoman", "spokesperson", "lawmaker"]
)
# Of those who say nothing of their own, nobody asks about "a daughter" or "the samples".
_NEVER_NEW = ("group", "unnamed")
_PEOPLE_OF_ORG = frozenset(
    ["official", "officials", "spokesman", "spokeswoman", "spokesperson", "statement"]
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Hold the holders of a document and, for each statement, the index of its own (or None)."""

    holders: tuple[Holder, ...]
    owner: tuple[int | None, ...]
    statements: tuple[Statement, ...] = ()


def resolve(
    document: Document, statements: Sequence[Statement], *, narration: bool = False
) -> Resolution:
    """Resolve every statement's source.

    Args:
        document: the article.
        statements: in the order of the text.
        narration: also take, as statements among the others, the sentences that say something of
            somebody who says nothing there, and those that the article says in nobody's name.

    Returns:
        The holders as they were found, those of `statements` before those that narration alone
        has; with all mentions, and each statement's holder.
    """
    gatherer = _Gatherer(document)
    drafts = [gatherer.place(s.source) if s.source else None for s in statements]
    if narration:
        heard = narrated(document, statements, gatherer.antecedents.mentions)
        drafts += [gatherer.hear(s.source) if s.source else None for s in heard]
        own = voiced(document, statements)
        drafts += [gatherer.author() for _ in own]
        heard += own
        both = sorted(
            zip([*statements, *heard], drafts, strict=True), key=lambda pair: pair[0].span
        )
        statements, drafts = [s for s, _ in both], [d for _, d in both]
    order = {id(draft): index for index, draft in enumerate(gatherer.drafts)}
    holders = tuple(gatherer.finish(draft) for draft in gatherer.drafts)
    owner = tuple(None if d is None else order[id(d)] for d in drafts)
    return Resolution(holders, owner, tuple(statements))


class _Gatherer:
    """Read sources in order and keep the holders found so far."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        title = document.article.title or ""
        self.people = full_names(f"{title}. {document.text}")
        self.surnames = frozenset(map(surname, self.people))
        self.acronyms = acronyms(document.text)
        self.posts = posts(document.text, self.people)
        self.drafts: list[Draft] = []
        self.antecedents = Antecedents(Mentions(document, self.people), self._owner)

    def place(self, source: Span) -> Draft | None:
        """Return the holder that a source belongs to, making it where there is none."""
        words = source.of(self.text)
        reading = self._in_office(read_source(words, self.surnames))
        draft = self._pronoun(reading.head, source) if reading.pronoun else None
        if not reading.pronoun:
            draft = self._lent(words, reading, source) or self._match(reading, source)
        if draft is None and reading.definite and not reading.pronoun:
            draft = self._spoken_of(reading, source)
        if draft is None and not reading.pronoun and reading.name:
            draft = Draft(reading.name, reading.kind)
            self.drafts.append(draft)
        if draft is not None:
            self._note(draft, reading, source)
        return draft

    def author(self) -> Draft:
        """Return the holder of what the article says in nobody's name."""
        if not self.drafts or self.drafts[-1].kind != "author":
            self.drafts.append(Draft("author", "author"))
        return self.drafts[-1]

    def hear(self, mention: Span) -> Draft | None:
        """Return whom a mention outside of sources is of; it tells nothing more of them."""
        reading = self._in_office(read_source(mention.of(self.text), self.surnames))
        if reading.pronoun or not reading.name:
            return None
        draft = self._match(reading)
        if draft is None:
            if reading.kind in _NEVER_NEW or self.antecedents.mentions.plural(mention.start):
                return None
            draft = Draft(self._full(reading.name) or reading.name, reading.kind)
            draft.aliases |= {reading.name, *reading.aliases}
            self.drafts.append(draft)
        return draft

    def _lent(self, words: str, reading: Reading, source: Span) -> Draft | None:
        """Give what "its trustees", "his lawyer", "a spokeswoman" say to whom they speak for."""
        owner = POSSESSIVE.match(words)
        if (body := lender(words)) and (draft := self._body(body, source)):
            return draft
        if OFFICER.match(words):
            return self._pronoun("it", source)
        if owner and not names_in(owner[2]):
            head = head_noun(owner[2])
            word = owner[1].casefold()
            if word in ("his", "her"):
                if SPEAKER.search(owner[2]) or head in OWN_WORDS:
                    return self._pronoun(word, source)
                return self._pronoun("it", source) if head in OWN_BODIES else None
            if word == "their" and head in OWN_BODIES | {"lawyer", "lawyers"}:
                return None
            return self._pronoun("it" if word == "its" else "they", source)
        if reading.kind not in ("country", "organization") and MERE_VOICE.match(words):
            return self._pronoun("it", source)
        if reading.kind != "country" and STATE.search(words) and not self._known(reading):
            return self._country_before(source, 4 if OF_STATE.match(words) else 1)
        return None

    def _body(self, words: str, source: Span) -> Draft | None:
        """Find the body that "the union" stands for."""
        reading = Reading(words, "organization", (), head_noun(words), True)
        draft = self._match(reading, source) or self._spoken_of(reading, source)
        return draft if draft and draft.kind != "person" else None

    def _known(self, reading: Reading) -> bool:
        """Tell whether somebody with this very name has spoken already."""
        return bool(reading.name) and any(d.knows(reading.name) for d in self.drafts)

    def _country_before(self, source: Span, reach: int) -> Draft | None:
        """Find the country whose "foreign ministry" speaks: the last subject."""
        mentions = self.antecedents.mentions
        for mention in mentions.before(source.start):
            if mentions.distance(mention.span.start, source.start) > reach:
                return None
            if mention.named and mention.subject and mention.sort == "body":
                if not country_of(mention.words):
                    return None
                draft = self._owner(mention) or self._new(mention)
                return draft if draft and draft.kind == "country" else None
        return None

    def _spoken_of(self, reading: Reading, source: Span) -> Draft | None:
        """Match "the union" with the last body named so, "the newspaper" with the last body."""
        for mention in self.antecedents.mentions.before(source.start):
            if mention.named and reading.head in key(mention.words).split():
                return self._owner(mention) or self._new(mention)
        return None

    def _in_office(self, reading: Reading) -> Reading:
        """Read a person whom the article introduces as the voice of a body as that body."""
        if reading.kind != "person" or reading.pronoun:
            return reading
        full = self._full(reading.name)
        post = self.posts.get(full) if full else None
        if post is None or full is None:
            return reading
        return replace(post, aliases=(full, *reading.aliases))

    def _note(self, draft: Draft, reading: Reading, source: Span) -> None:
        draft.spans.append(source)
        draft.last = source.end
        draft.voice = speaks_for(source.of(self.text)) or (draft.voice and reading.pronoun)
        draft.aliases |= {a for a in (*reading.aliases, reading.name) if a}
        draft.heads |= {reading.head} if reading.head and not reading.pronoun else set()
        full = self._full(reading.name)
        if draft.kind == "person" and full and len(full.split()) > len(draft.name.split()):
            draft.name = full

    # ------------------------------------------------------------------ matching

    def _match(self, reading: Reading, source: Span | None = None) -> Draft | None:
        names = [reading.name, *reading.aliases]
        if reading.kind == "person" and (full := self._full(reading.name)):
            names.append(full)
        for draft in reversed(self.drafts):
            if any(draft.knows(name) for name in names if name):
                return draft
        for draft in reversed(self.drafts):
            if self._same_person(draft, reading) or self._same_body(draft, reading):
                return draft
        return self._described(reading, source) if reading.definite else None

    def _full(self, name: str) -> str | None:
        """Return the full name behind a surname, None where two people share it."""
        whole = [p for p in self.people if surname(p) == surname(name)]
        exact = [p for p in whole if key(p) == key(strip_titles(name))]
        if exact:
            return exact[0]
        return whole[0] if len(whole) == 1 and len(strip_titles(name).split()) == 1 else None

    def _same_person(self, draft: Draft, reading: Reading) -> bool:
        """Match "Kirby" with John Kirby, wherever his name is an alias."""
        if reading.kind != "person" or reading.head:
            return False
        bare = strip_titles(reading.name)
        known = [draft.name, *draft.aliases]
        if " " in bare:
            return any(key(strip_titles(k)) == key(bare) for k in known)
        return any(surname(k) == surname(bare) and is_person(k) for k in known)

    def _same_body(self, draft: Draft, reading: Reading) -> bool:
        """Match an acronym with its expansion, and a name with its short form."""
        if draft.kind not in ("organization", "country") or reading.kind != "organization":
            return False
        pairs = {(key(reading.name), key(draft.name)), (key(draft.name), key(reading.name))}
        if any(
            self.acronyms.get(short) == long or initials(long) == short for short, long in pairs
        ):
            return True
        short, long = sorted((key(reading.name), key(draft.name)), key=len)
        return len(short) > 3 and short not in ORG_WORDS and long.startswith(f"{short} ")

    def _described(self, reading: Reading, source: Span | None) -> Draft | None:
        """Match "the ministry" with the last holder that is one, else with one that has such."""
        head = reading.head
        for draft in reversed(self.drafts):
            named = {w for a in (draft.name, *draft.aliases) for w in key(a).split()}
            if head in named or head in draft.heads:
                return draft
        for draft in reversed(self.drafts):
            if head in _ANY_PERSON and draft.kind in ("person", "unnamed"):
                return draft
            if head in _PEOPLE_OF_ORG and draft.kind in ("country", "organization"):
                return draft
            if source is None and head in ANY_ORGANIZATION and self._is_such(draft, reading):
                return draft
        if source is not None and points_back(reading.name, head):
            return self._spoken_of(reading, source) or self._pronoun("it", source, head)
        return None

    def _is_such(self, draft: Draft, reading: Reading) -> bool:
        """Tell whether a body is of the sort that a description tells of."""
        suited = draft.kind == "organization" and suits(reading.head, (draft.name,))
        return suited and points_back(reading.name, reading.head)

    def _pronoun(self, word: str, source: Span, head: str = "") -> Draft | None:
        """Match a pronoun with the best of what was spoken of before it."""
        found = self.antecedents.best(word, source, self.drafts, head)
        if found is None:
            return None
        draft = found.draft or (self._new(found.mention) if found.mention else None)
        if draft is not None and not draft.sex:
            draft.sex = SEX.get(word, "")
        if draft is not None and unsure(draft, word):
            draft.kind = "organization"
        return draft

    def _read(self, mention: Mention) -> Reading:
        return self._in_office(read_source(mention.words, self.surnames))

    def _owner(self, mention: Mention) -> Draft | None:
        """Find the holder that a mention already is."""
        reading = self._read(mention)
        return self._match(reading) if reading.name and not reading.pronoun else None

    def _new(self, mention: Mention) -> Draft | None:
        """Make a holder of somebody who was spoken of and now speaks."""
        reading = self._read(mention)
        if not reading.name:
            return None
        name = self._full(reading.name) or reading.name
        heads = {reading.head} if reading.head else set()
        draft = Draft(name, reading.kind, {reading.name, *reading.aliases}, heads)
        self.drafts.append(draft)
        return draft

    # ------------------------------------------------------------------ finishing

    def finish(self, draft: Draft) -> Holder:
        """Make the record: canonical name, kind and every mention in the text."""
        if draft.kind == "author":
            return Holder(draft.name, draft.kind)
        spans = set(draft.spans)
        for alias in self._all_names(draft):
            spans |= {Span(m.start(), m.end()) for m in _whole(alias).finditer(self.text)}
        return Holder(draft.name, draft.kind, tuple(sorted(spans)))

    def _all_names(self, draft: Draft) -> Iterable[str]:
        names = {draft.name, *draft.aliases}
        if draft.kind == "country":
            names |= {n for n, country in proper_names() if country == draft.name}
        if draft.kind == "person" or any(is_person(a) for a in draft.aliases):
            people = [n for n in names if is_person(n)]
            names |= {s for n in people if self._full(s := surname(n)) is not None}
        short = {k for k, long in self.acronyms.items() if long == key(draft.name)}
        names |= {s.upper() for s in short}
        return [n for n in names if len(n) > 2 and n.casefold() not in PRONOUNS]


@lru_cache(maxsize=1 << 14)
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
