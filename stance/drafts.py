"""Hold a holder while it is being gathered from the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from stance.given import sex_of
from stance.names import PERSON_ROLE, SPEAKER, head_noun, is_person, strip_titles
from stance.records import HolderKind, Span

# Sources that are nobody.
_THINGS = frozenset(
    "study report survey poll placard notice note paper letter statement document article banner "
    "poster email message ruling memo".split()
)

_DATELINE = re.compile(
    r"[A-ZÀ-Þ]{2,}\.?(?:[ -][A-ZÀ-Þ]{2,}){0,3}(?:,[^—–\n-]{1,20})?\s*"
    r"(?:\([^)\n]{1,20}\)\s*)?[—–-]\s"
)


@dataclass(slots=True)
class Draft:
    """Hold what is known of one holder so far.

    `spans` are its sources, `last` the end of the latest; `voice` tells that a person spoke for
    it last ("a spokeswoman for the agency"), who may come back as "she".
    """

    name: str
    kind: HolderKind
    aliases: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    last: int = 0
    sex: str = ""
    voice: bool = False

    def knows(self, name: str) -> bool:
        """Tell whether `name` is this holder's, in full."""
        return key(name) in {key(self.name), *(key(a) for a in self.aliases)}

    @property
    def nameless(self) -> bool:
        """Tell whether nothing but two capitalized words makes a person of it."""
        return not (self.sex or self.heads or sex_of([self.name, *self.aliases])) and not any(
            strip_titles(a) != a for a in self.aliases
        )

    @property
    def one(self) -> bool:
        """Tell whether "he" or "she" can stand for it."""
        if self.kind == "unnamed" and self.heads & _THINGS:
            return False
        return self.kind in ("person", "unnamed") or self.voice or any(map(is_person, self.aliases))


def is_dateline(text: str, start: int) -> bool:
    """Tell whether a name there is "GENEVA (Wire) —": where the article was written."""
    line = text[max(0, start - 20) : start].rpartition("\n")[2]
    return line.strip() in ("", "THE") and bool(_DATELINE.match(text, start))


def dateline_end(text: str, start: int) -> int:
    """Return where the words behind a dateline begin: `start` itself where there is none."""
    if not is_dateline(text, start):
        return start
    found = _DATELINE.match(text, start)
    return found.end() if found else start


def speaks_for(words: str) -> bool:
    """Tell whether the words of a source describe a person: a minister, a spokesman."""
    if PERSON_ROLE.search(head_noun(words)):
        return True
    return bool(SPEAKER.search(words)) and not re.search(
        r"statement|communiqu|release|letter|media", words, re.IGNORECASE
    )


@lru_cache(maxsize=1 << 14)
def key(name: str) -> str:
    """Fold a name: no case, no article, no punctuation."""
    bare = re.sub(r"[^\w\s&-]", "", name.casefold())
    return " ".join(re.sub(r"^(?:the|a|an)\s+", "", bare.strip()).split())
