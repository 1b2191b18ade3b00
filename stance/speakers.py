"""Know the words of those who speak in somebody else's name: spokesmen, lawyers, ministers."""

from __future__ import annotations

import re

from stance.bodies import ANY_BODY
from stance.names import LEADER, ORG_WORDS, PRONOUNS, SPEAKER, head_noun

POSSESSIVE = re.compile(r"(its|their|his|her)\s+(?:own\s+)?(.+)$", re.IGNORECASE | re.DOTALL)
OWN_WORDS = frozenset("office campaign barrister account memoir diary team aide aides".split())
OWN_BODIES = frozenset(
    "party union company firm club government ministry department employer association group "
    "organization organisation administration".split()
)
# A voice without a word on whose it is.
MERE_VOICE = re.compile(
    r"(?:[Aa]n?|[Oo]ne|[Tt]he)?\s*(?:company|party|police|council|club)?\s*"
    r"(?:spokes(?:man|woman|person)|statement|press\s+release|official\s+statement)"
    r"(?:\s+[A-Z][\w’'-]+){0,3}\s*$",
    re.DOTALL,
)
OF_STATE = re.compile(
    r"(?:an?|the|its)?\s*(?:senior\s+)?(?:government|foreign\s+ministry)\s+"
    r"(?:spokes(?:man|woman|person)|official|statement)\b|the\s+government$",
    re.IGNORECASE,
)
STATE = re.compile(
    r"\b(?:prime\s+minister|(?:foreign|defen[cs]e|interior|deputy|cabinet|state|finance|justice)\s+"
    r"(?:minister|ministry|secretary)|government|navy|army|envoy|ambassador|embassy|ministry|"
    r"minister)\b",
    re.IGNORECASE,
)

_HEADS = (ORG_WORDS | ANY_BODY | {"bloc", "campaign", "guild", "junta"}) - (
    PRONOUNS
    | frozenset("house news times post water power steel trust".split())
    # Theirs is the country's word.
    | frozenset("government administration cabinet army navy force forces".split())
)
_POST = re.compile(
    rf"{LEADER.pattern}|{SPEAKER.pattern}|\b(?:lawmaker|negotiator|trustee)\b", re.IGNORECASE
)
_BODY = r"(?P<body>(?:[a-z-]+\s+){0,2}?[a-z-]+)"
# "the union’s president, Ann Lee"; "union president Ann Lee"; "a spokesman for the union".
_OWNED = re.compile(rf"(?i:the)\s+{_BODY}[’']s?\s+(?P<post>[a-z\s-]+)(?:,?\s+[A-Z].*)?$", re.DOTALL)
_TITLED = re.compile(
    r"(?:[Aa]n?\s+|[Tt]he\s+)?(?P<body>[A-Za-z]?[a-z-]+)\s+(?P<post>[a-z-]+)(?:\s+[A-Z].*)?$",
    re.DOTALL,
)
_ROLE_OF = re.compile(
    rf"(?i:an?|the|one)\s+(?P<post>[a-z\s-]+?)\s(?:of|for|from|at|with)\sthe\s{_BODY}(?:,\s.*)?$",
    re.DOTALL,
)
_FORMER = re.compile(r"\b(?:foreign|former|ex|retired|outgoing|rival|dissident)\b")


def lender(words: str) -> str | None:
    """Return the body, described, in whose name somebody speaks.

    Args:
        words: a source, such as "the union’s president, Ann Lee" or "a spokesman for the union".

    Returns:
        What the body is called without its article ("union"); None where it is not described.
    """
    if _FORMER.search(words):
        return None
    for pattern in (_OWNED, _TITLED, _ROLE_OF):
        found = pattern.match(words)
        if found and head_noun(found["body"]) in _HEADS and _POST.search(found["post"]):
            return found["body"].casefold()
    return None
