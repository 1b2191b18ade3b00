"""Read how an article introduces people and bodies: full names, posts, acronyms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.drafts import key
from stance.names import (
    LEADER,
    SPEAKER,
    Reading,
    is_organization,
    is_person,
    names_in,
    read_source,
    strip_titles,
)

_POST = re.compile(f"{SPEAKER.pattern}|{LEADER.pattern}", re.IGNORECASE)


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


def acronyms(text: str) -> dict[str, str]:
    """Map acronyms to the names that they follow in brackets."""
    found = re.finditer(
        r"((?:\b[A-Z][\w’'-]+\s+(?:(?:of|and|for|the)\s+)*){2,7})\(([A-Z]{2,7})\)", text
    )
    return {m[2].casefold(): key(m[1]) for m in found}


def initials(name: str) -> str:
    """Return the first letters of a name, as its acronym would have them."""
    return "".join(w[0] for w in name.split() if w not in {"of", "and", "for", "the"})
