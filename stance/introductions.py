"""Read how an article introduces people and bodies: full names, posts, acronyms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.drafts import is_dateline, key
from stance.names import (
    LEADER,
    SPEAKER,
    TITLES,
    Reading,
    is_organization,
    is_person,
    name_spans,
    names_in,
    read_source,
    strip_titles,
)

_POST = re.compile(f"{SPEAKER.pattern}|{LEADER.pattern}", re.IGNORECASE)
# Where a word begins: a row of signs without a gap is looked at once.
_START = r"(?<![\w’'.&-])"
_CLAUSE = re.compile(r"\s(?:who|whose|which|that)\s")
# A full stop behind a number, a long word or one in small letters: behind no short title.
_SENTENCE_END = re.compile(
    r"(?:(?<=\d)|(?<=[\w’']{5})|(?<=\s[a-z]\w)|(?<=\s[a-z]\w\w)|(?<=\s[a-z]\w{3}))\.\s+"
)


def full_names(text: str) -> list[str]:
    """List the persons that the text calls by two or more names."""
    people: dict[str, None] = {}
    for name in names_in(text):
        bare = strip_titles(name)
        if is_person(name) and len(bare.split()) > 1:
            people.setdefault(bare)
    return list(people)


def posts(text: str, people: Sequence[str]) -> dict[str, Reading]:
    """Map persons to the bodies they are introduced as speaking for.

    "Mina Holt, a spokeswoman for Brack Rail," and "Brack Rail spokeswoman Mina Holt" both do it.
    """
    found: dict[str, Reading] = {}
    for person in people:
        name = re.escape(person)
        behind = re.search(rf"{_START}{name},\s+([^,;.“”\"]{{4,90}})[,.;]", text)
        before = re.search(rf"{_START}((?:[\w’'.&-]+\s+){{1,8}}){name}(?!\w)", text)
        phrase = behind and _CLAUSE.split(behind[1])[0]
        for words in (phrase, before and _sentence(before[1])):
            reading = read_source(words) if words and _POST.search(words) else None
            if reading and (is_organization(reading.name) or " " in reading.name):
                if _speaks(reading):
                    found[person] = reading
                break
        if person not in found and (body := _body_of(text, name)):
            found[person] = Reading(body, "organization")
    return found


def _sentence(words: str) -> str:
    """Return what stands behind the last full stop, as if in the midst of a sentence."""
    *earlier, last = _SENTENCE_END.split(words)
    return f"the {last}" if earlier else last


def _speaks(reading: Reading) -> bool:
    """Tell whether a post is held for a body with a name: "Energy Secretary" alone is a title."""
    named = reading.kind in ("organization", "country") and names_in(reading.name)
    return bool(named) and reading.name.split()[-1].casefold() not in TITLES


def _body_of(text: str, name: str) -> str | None:
    """Find the body whose officer a person is ("its president, Ann Lee"): the last one named.

    "The union's president" is of the last one that is called a union, where there is one.
    """
    possessor = r"(?<!\w)(?:[Ii]ts|[Tt]heir|[Tt]he\s+([\w-]+)[’']s?)"
    post = re.search(rf"{possessor}\s+([\w\s-]{{3,50}}?),?\s+{name}(?!\w)", text)
    post = post or re.search(rf"{_START}{name},\s+{possessor}\s+([\w\s-]{{3,50}}?)[,.;]", text)
    if post is None or not _POST.search(post[2]):
        return None
    first = max(0, post.start() - 500)
    bodies = [
        body
        for start, body in name_spans(text[first : post.start()])
        if is_organization(body) and not is_person(body) and not is_dateline(text, first + start)
    ]
    if not bodies:
        return None
    called = [body for body in bodies if key(post[1] or "") in key(body).split()]
    return (called or bodies)[-1]


def acronyms(text: str) -> dict[str, str]:
    """Map acronyms to the names that they follow in brackets."""
    found = re.finditer(
        rf"{_START}((?:[A-Z][\w’'-]+\s+(?:(?:of|and|for|the)\s+)*){{2,7}})\(([A-Z]{{2,7}})\)", text
    )
    return {m[2].casefold(): key(m[1]) for m in found}


def initials(name: str) -> str:
    """Return the first letters of a name, as its acronym would have them."""
    return "".join(w[0] for w in name.split() if w not in {"of", "and", "for", "the"})
