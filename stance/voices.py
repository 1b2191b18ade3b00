"""Know the words of those who speak in somebody else's name: spokesmen, lawyers, ministers."""

from __future__ import annotations

import re

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
