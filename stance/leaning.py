"""Tell whether a sentence leans on the one before it, and cannot be understood alone."""

from __future__ import annotations

import re

# "This week" and "those who" point at nothing that was said before.
_FREE = (
    r"(?!\s(?:who|of\sus|of\syou|week|weekend|month|year|morning|afternoon|evening|spring|summer"
    r"|autumn|fall|winter|season|time|day|article|report)\b)"
)
# "It is rare for a deputy to …", "It was not clear whether …".
_EXPLETIVE = (
    r"(?!\s(?:(?:is|was|has\sbeen|had\sbeen|would\sbe|will\sbe|remains|may\sbe|seems|takes|took)\b"
    r"[^.;]{0,80}?\b(?:that|to|whether|who|if|how|when|for|rain\w*)\b|rain|snow))"
)
_START = re.compile(
    rf"""
    [\"“‘'(]?
    (?:(?:but|and|or|so|yet|nor|then|instead|however|still|nevertheless|nonetheless|therefore|thus
        |hence|otherwise|besides|likewise|similarly|conversely|afterwards?|rather|even\sso|after\sall
        |that\ssaid|as\sa\sresult|for\s(?:example|instance|(?:that|this)\sreason)|in\s(?:contrast
        |other\swords|fact|return|turn)|by\scontrast|on\sthe\s(?:other\shand|contrary)|at\sthe\s
        same\stime|despite\s(?:this|that)|after\s(?:this|that)|in\sresponse)\b
    | (?:he|she|they|his|her|its|their|theirs|hers|both|neither|others|another|such)\b
    | (?:this|that|these|those){_FREE}\b
    | it{_EXPLETIVE}\b
    | the\s(?:former|latter|pair|duo|two|trio|same|other|others)\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_END = re.compile(
    r"\b(?:that|this|those|these|them|there|him|her|so|too|either|neither|the same|as well"
    r"|one of them|the only one|did not|did so)[.!?][\"”’']?$"
    r"|\b(?:reject|den[iy]|dismiss|confirm|disput|welcom|critici|defend|repeat|condemn)\w*"
    r"\s(?:the|that|this)\s\w+[.!?]$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:he|she|him|his|her|hers|they|them|its|their)\b", re.IGNORECASE)
# What a pronoun behind it may stand for: "a man", "the minister", a name, "nineteen people".
_NOUN = re.compile(
    r"\b(?i:an?|the|some|many|most|several|no|every|each|two|three|four|five|six|\d+)\s\w"
    r"|\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|I\b|On\b|In\b|At\b)[A-Z][\w’'-]+\b"
)
_QUOTATION = re.compile(r"“[^”]*(?:”|$)|^[^“”]*”|\"[^\"]*(?:\"|$)|‘[^’]{3,}’(?!\w)|«[^»]*»")


def leans(text: str) -> bool:
    """Tell whether a sentence needs the one before it.

    Args:
        text: one sentence.

    Returns:
        True where it begins with a connective, with a pronoun or in the middle, has a pronoun
        before any name, ends by pointing back, or is a quotation of somebody whom it does not name.
    """
    if text[:1].islower() or _START.match(text) or _END.search(text):
        return True
    own = _QUOTATION.sub(" ", text)
    if own != text and len(own.split()) < 2:
        return True
    pronoun = _ABOUT.search(own)
    return pronoun is not None and _NOUN.search(own[: pronoun.start()]) is None
