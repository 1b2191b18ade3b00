"""Resolve the sources of statements to holders: one holder per somebody, however the text calls it.

The article is read from its start. Each source is matched, in this order, to a holder that shares
a full name, a surname, an acronym, a country's other names, a described head noun ("the ministry")
or, for pronouns, to the nearest holder before; what matches nothing is a new holder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from stance.names import (
    LEADER,
    ORG_WORDS,
    PRONOUNS,
    SPEAKER,
    Reading,
    is_organization,
    is_person,
    names_in,
    read_source,
    strip_titles,
)
from stance.places import table
from stance.records import Holder, HolderKind, Span, Statement
from stance.text import Document

_SINGULAR = frozenset({"he", "she", "him", "her", "his", "i", "who"})
_FIRST = frozenset({"i", "we"})
_SEX = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
_FEMALE = frozenset(
    "ms mrs miss lady dame sister mother daughter wife widow woman queen princess spokeswoman "
    "chairwoman councilwoman congresswoman actress she her grandmother girl".split()
)
_MALE = frozenset(
    "mr sir lord brother father son husband man king prince spokesman chairman councilman "
    "congressman he his him grandfather boy".split()
)
# Heads that stand for any person or any organization spoken of just before.
_ANY_PERSON = frozenset(
    ["man", "woman", "official", "spokesman", "spokeswoman", "spokesperson", "lawmaker"]
)
_ANY_ORGANIZATION = frozenset(
    ["company", "firm", "agency", "group", "organization", "organisation", "body"]
)
_POST = re.compile(f"{SPEAKER.pattern}|{LEADER.pattern}", re.IGNORECASE)
_PEOPLE_OF_ORG = frozenset(
    ["official", "officials", "spokesman", "spokeswoman", "spokesperson", "statement"]
)


@dataclass(slots=True)
class _Draft:
    """Hold a holder while it is being gathered."""

    name: str
    kind: HolderKind
    aliases: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    last: int = 0
    sex: str = ""

    def knows(self, name: str) -> bool:
        """Tell whether `name` is this holder's, in full."""
        return _key(name) in {_key(self.name), *(_key(a) for a in self.aliases)}


@dataclass(frozen=True, slots=True)
class Resolution:
    """Hold the holders of a document and, for each statement, the index of its own (or None)."""

    holders: tuple[Holder, ...]
    owner: tuple[int | None, ...]


def resolve(document: Document, statements: Sequence[Statement]) -> Resolution:
    """Resolve every statement's source.

    Args:
        document: the article.
        statements: in the order of the text.

    Returns:
        The holders in order of appearance, with all mentions, and each statement's holder.
    """
    gatherer = _Gatherer(document)
    drafts = [gatherer.place(s.source) if s.source else None for s in statements]
    order = {id(draft): index for index, draft in enumerate(gatherer.drafts)}
    holders = tuple(gatherer.finish(draft) for draft in gatherer.drafts)
    return Resolution(holders, tuple(None if d is None else order[id(d)] for d in drafts))


class _Gatherer:
    """Read sources in order and keep the holders found so far."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        title = document.article.title or ""
        self.people = _full_names(f"{title}. {document.text}")
        self.surnames = frozenset(name.split()[-1] for name in self.people)
        self.acronyms = _acronyms(document.text)
        self.posts = _posts(document.text, self.people)
        self.drafts: list[_Draft] = []

    def place(self, source: Span) -> _Draft | None:
        """Return the holder that a source belongs to, making it where there is none."""
        words = source.of(self.text)
        reading = self._in_office(read_source(words, self.surnames))
        draft = self._pronoun(reading, source) if reading.pronoun else self._match(reading, source)
        if draft is None and not reading.pronoun and reading.name:
            draft = _Draft(reading.name, reading.kind)
            self.drafts.append(draft)
        if draft is not None:
            self._note(draft, reading, source)
        return draft

    def _in_office(self, reading: Reading) -> Reading:
        """Read a person whom the article introduces as the voice of a body as that body."""
        if reading.kind != "person" or reading.pronoun:
            return reading
        full = self._full(reading.name)
        post = self.posts.get(full) if full else None
        if post is None or full is None:
            return reading
        return replace(post, aliases=(full, *reading.aliases))

    def _note(self, draft: _Draft, reading: Reading, source: Span) -> None:
        draft.spans.append(source)
        draft.last = source.end
        draft.aliases |= {a for a in (*reading.aliases, reading.name) if a}
        draft.heads |= {reading.head} if reading.head and not reading.pronoun else set()
        full = self._full(reading.name)
        if draft.kind == "person" and full and len(full.split()) > len(draft.name.split()):
            draft.name = full

    # ------------------------------------------------------------------ matching

    def _match(self, reading: Reading, source: Span) -> _Draft | None:
        names = [reading.name, *reading.aliases]
        if reading.kind == "person" and (full := self._full(reading.name)):
            names.append(full)
        for draft in reversed(self.drafts):
            if any(draft.knows(name) for name in names if name):
                return draft
        for draft in reversed(self.drafts):
            if self._same_person(draft, reading) or self._same_body(draft, reading):
                return draft
        return self._described(reading) if reading.definite else None

    def _full(self, name: str) -> str | None:
        """Return the full name behind a surname, None where two people share it."""
        last = strip_titles(name).split()[-1:] or [""]
        whole = [p for p in self.people if p.split()[-1] == last[0]]
        exact = [p for p in whole if _key(p) == _key(strip_titles(name))]
        if exact:
            return exact[0]
        return whole[0] if len(whole) == 1 and len(strip_titles(name).split()) == 1 else None

    def _same_person(self, draft: _Draft, reading: Reading) -> bool:
        """Match "Kirby" with John Kirby, wherever his name is an alias."""
        if reading.kind != "person" or reading.head:
            return False
        bare = strip_titles(reading.name)
        known = [draft.name, *draft.aliases]
        if " " in bare:
            return any(_key(strip_titles(k)) == _key(bare) for k in known)
        return any(strip_titles(k).split()[-1:] == [bare] and is_person(k) for k in known)

    def _same_body(self, draft: _Draft, reading: Reading) -> bool:
        """Match an acronym with its expansion, and a name with its short form."""
        if draft.kind not in ("organization", "country") or reading.kind != "organization":
            return False
        pairs = {(_key(reading.name), _key(draft.name)), (_key(draft.name), _key(reading.name))}
        if any(
            self.acronyms.get(short) == long or _initials(long) == short for short, long in pairs
        ):
            return True
        short, long = sorted((_key(reading.name), _key(draft.name)), key=len)
        return len(short) > 3 and short not in ORG_WORDS and long.startswith(f"{short} ")

    def _described(self, reading: Reading) -> _Draft | None:
        """Match "the ministry" with the last holder that is one, else with one that has such."""
        head = reading.head
        for draft in reversed(self.drafts):
            named = {w for a in (draft.name, *draft.aliases) for w in _key(a).split()}
            if head in named or head in draft.heads:
                return draft
        for draft in reversed(self.drafts):
            if head in _ANY_PERSON and draft.kind in ("person", "unnamed"):
                return draft
            if head in _PEOPLE_OF_ORG and draft.kind in ("country", "organization"):
                return draft
            if head in _ANY_ORGANIZATION and draft.kind == "organization":
                return draft
        return None

    def _pronoun(self, reading: Reading, source: Span) -> _Draft | None:
        """Match a pronoun with the nearest holder before it that it can stand for."""
        personal = reading.head in _SINGULAR
        sex = _SEX.get(reading.head, "")
        recent = sorted(self.drafts, key=lambda d: d.last, reverse=True)
        fit = (d for d in recent if reading.head in _FIRST or personal == self._is_one(d))
        nearest = next((d for d in fit if self._can_be(d, sex)), None)
        # "A former driver … He": whoever was spoken of last, by name or not.
        since = nearest.last if nearest is not None and nearest.kind == "unnamed" else 0
        draft = self._named_before(source, sex, since) if personal else None
        draft = draft or nearest or (recent[0] if recent and not sex else None)
        if draft is not None and sex and not draft.sex:
            draft.sex = sex
        return draft

    def _can_be(self, draft: _Draft, sex: str) -> bool:
        """Tell whether nothing speaks against a pronoun's sex, where it has one."""
        return not sex or self._sex(draft) in ("", sex)

    def _sex(self, draft: _Draft) -> str:
        """Return what the text gives away of a holder's sex: title, noun, earlier pronoun."""
        if not draft.sex:
            words = {w.casefold() for n in (draft.name, *draft.aliases) for w in n.split()}
            words |= {self.text[s.start : s.end].split()[0].casefold() for s in draft.spans}
            draft.sex = "f" if words & _FEMALE else "m" if words & _MALE else ""
        return draft.sex

    def _is_one(self, draft: _Draft) -> bool:
        return draft.kind in ("person", "unnamed") or any(is_person(a) for a in draft.aliases)

    def _named_before(self, source: Span, sex: str, since: int) -> _Draft | None:
        """Find the last person named before a pronoun, as a holder (new where need be)."""
        start = max(since, source.start - 400, 0)
        places = [
            (found[-1].start(), person)
            for person in self.people
            if (found := [*_whole(person.split()[-1]).finditer(self.text, start, source.start)])
        ]
        for _, person in sorted(places, reverse=True):
            known = next((d for d in reversed(self.drafts) if self._goes_by(d, person)), None)
            if known is None:
                return self._new_person(person)
            if self._can_be(known, sex):
                return known
        return None

    def _goes_by(self, draft: _Draft, full: str) -> bool:
        surname = full.split()[-1]
        return draft.knows(full) or any(
            surname == a.split()[-1] for a in (draft.name, *draft.aliases) if a
        )

    def _new_person(self, name: str) -> _Draft:
        draft = _Draft(name, "person", {name})
        self.drafts.append(draft)
        return draft

    # ------------------------------------------------------------------ finishing

    def finish(self, draft: _Draft) -> Holder:
        """Make the record: canonical name, kind and every mention in the text."""
        spans = set(draft.spans)
        for alias in self._all_names(draft):
            spans |= {Span(m.start(), m.end()) for m in _whole(alias).finditer(self.text)}
        return Holder(draft.name, draft.kind, tuple(sorted(spans)))

    def _all_names(self, draft: _Draft) -> Iterable[str]:
        names = {draft.name, *draft.aliases}
        if draft.kind == "country":
            names |= {n for n, country in _proper_names() if country == draft.name}
        if draft.kind == "person" or any(is_person(a) for a in draft.aliases):
            people = [n for n in names if is_person(n)]
            names |= {s for n in people if self._full(s := strip_titles(n).split()[-1]) is not None}
        short = {k for k, long in self.acronyms.items() if long == _key(draft.name)}
        names |= {s.upper() for s in short}
        return [n for n in names if len(n) > 2 and n.casefold() not in PRONOUNS]


def _proper_names() -> list[tuple[str, str]]:
    return [(name.title() if len(name) > 4 else name.upper(), c) for name, c in table().items()]


@lru_cache(maxsize=1 << 14)
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


@lru_cache(maxsize=1 << 14)
def _key(name: str) -> str:
    """Fold a name: no case, no article, no punctuation."""
    bare = re.sub(r"[^\w\s&-]", "", name.casefold())
    return " ".join(re.sub(r"^(?:the|a|an)\s+", "", bare.strip()).split())


def _full_names(text: str) -> list[str]:
    """List the persons that the text calls by two or more names."""
    people: dict[str, None] = {}
    for name in names_in(text):
        bare = strip_titles(name)
        if is_person(name) and len(bare.split()) > 1:
            people.setdefault(bare)
    return list(people)


def _posts(text: str, people: Sequence[str]) -> dict[str, Reading]:
    """Map persons to the bodies they are introduced as speaking for.

    "Mina Holt, a spokeswoman for Brack Rail," and "Brack Rail spokeswoman Mina Holt" both do it.
    """
    found: dict[str, Reading] = {}
    for person in people:
        name = re.escape(person)
        behind = re.search(rf"{name},\s+([^,;.“”\"]{{4,90}})[,.;]", text)
        before = re.search(rf"((?:[\w’'.&-]+\s+){{1,8}}){name}(?!\w)", text)
        for words in (behind and behind[1], before and before[1]):
            reading = read_source(words) if words and _POST.search(words) else None
            if reading and (is_organization(reading.name) or " " in reading.name):
                if reading.kind in ("organization", "country") and names_in(reading.name):
                    found[person] = reading
                break
        if person not in found and (body := _body_of(text, name)):
            found[person] = Reading(body, "organization")
    return found


def _body_of(text: str, name: str) -> str | None:
    """Find the body whose officer a person is ("its president, Ann Lee"): the last one named."""
    possessor = r"(?:[Ii]ts|[Tt]heir|[Tt]he\s+[\w-]+[’']s?)"
    post = re.search(rf"{possessor}\s+([\w\s-]{{3,50}}?),?\s+{name}(?!\w)", text)
    post = post or re.search(rf"{name},\s+{possessor}\s+([\w\s-]{{3,50}}?)[,.;]", text)
    if post is None or not _POST.search(post[1]):
        return None
    earlier = names_in(text[max(0, post.start() - 500) : post.start()])
    bodies = [n for n in earlier if is_organization(n)]
    return bodies[-1] if bodies else None


def _acronyms(text: str) -> dict[str, str]:
    """Map acronyms to the names that they follow in brackets."""
    found = re.finditer(
        r"((?:\b[A-Z][\w’'-]+\s+(?:(?:of|and|for|the)\s+)*){2,7})\(([A-Z]{2,7})\)", text
    )
    return {m[2].casefold(): _key(m[1]) for m in found}


def _initials(name: str) -> str:
    return "".join(w[0] for w in name.split() if w not in {"of", "and", "for", "the"})
