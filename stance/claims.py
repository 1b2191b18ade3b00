"""Write what somebody says as a claim that stands alone, affirmative and without attribution.

"allegations it supplied weapons to Russia" becomes "North Korea supplied weapons to Russia". What
stays half a sentence, or leans on words around it, is left out.
"""

from __future__ import annotations

import re

from stance.names import is_person
from stance.phrases import ACT, CHAIN
from stance.tags import tags_of
from stance.verbs import forms, past, third

MIN_WORDS, MAX_WORDS = 3, 18

_REPORT_NOUN = re.compile(
    r"^(.{0,60}?\b)??(?:reports?|allegations?|claims?|accusations?|suggestions?|assessments?|idea|"
    r"notion|charges?|rumou?rs?|findings?|belief|possibility|assertions?|insistence|fears?|view|fact|"
    r"warnings?|statement)\b"
    r"(?:\s+(?:by|from|of)\s+[^,]{2,50}?\s+that\s+|\s+(?:that\s+)?)(?=\S+\s+\S+\s+\S+)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:that|whether|if|how|and|but|so|because|because of|of|to|for|on|about|over|with|against|"
    r"yes|no|well|look|frankly|actually|in fact|of course|still|then|only that)\b[,\s]*",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"^(it|he|she|they|we|I)\b(?:['’](s|re|ve|ll|d|m))?(?=\s)", re.IGNORECASE)
_EXPLETIVE = re.compile(
    r"^it(?:['’]s|\s+(?:is|was|had\s+been|would\s+be|will\s+be))\s", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(its|his|her|their|our|my)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|must|may|might)"
    r"(?:\s+(?:not|never)|n['’]t)\s+(\w+)",
    re.IGNORECASE,
)
_NONE = re.compile(r"^(there\s+(?:is|are|was|were|had\s+been|has\s+been))\s+no\s+", re.IGNORECASE)
# Where one clause ends and the next begins.
_CUT = re.compile(
    r"\s*(?:[;:—–…()]|,?\sand\sthat\s|,?\s(?:because|while|although|though|whereas|unless|which|but|since)\s|"
    r",\s+(?:and|or|so|as|if|when|who|where|not|adding|saying|or)\s|\s-\s|,\s+[’'”\"])"
)
# Words that lean on their context: a claim with one of them does not stand alone.
_LEANS = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|ours|you|your|yours|him|her|hers|he|she|they|them|it|its|his|"
    r"their|this|these|those|here|such|same|other|others|so|either|neither|"
    r"today|yesterday|tomorrow|yes|no|oh|ago|one|nobody|somebody|someone|anyone|anybody|"
    r"nothing|something|everything|everyone|everybody|would like|would rather|soon enough)\b|"
    r"[“\"«»?!]|^[^‘]*[’'](?!\w)|(?:^|\s)['’]|‘[^’]*$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(rf"(?:{CHAIN}|{ACT})[RX]?[MHV]")
_THERE = re.compile(r"there\s", re.IGNORECASE)
# What somebody has in mind is nothing that others could dispute.
_MENTAL = re.compile(
    r"(?:(?:can|could|will|would|do|does|did|has|have|had|is|was|are|were|am)\s+)*(?:\w+ly\s+)?"
    r"(?:think|thought|believe|hope|want|feel|felt|know|knew|wish|like|love|regret|see|saw|hear|"
    r"heard|say|said|tell|told|sure|glad|sorry|happy|proud|aware|delighted|convinced|certain|"
    r"remember|doubt|mean|meant|agree|wonder)(?:s|ed)?\b"
)
_LAST = re.compile(r"[NVEGBRX]$")
_AGREEING = {"am": "is", "are": "is", "have": "has", "do": "does", "were": "was"}
_ENDINGS = {"s": "is", "re": "is", "ve": "has", "ll": "will", "d": "would", "m": "is"}


def self_contained(clause: str, holder: str) -> str | None:
    """Rewrite a content so that it stands alone, affirmative and without attribution.

    Args:
        clause: for example "allegations it supplied weapons to Russia".
        holder: who says it; stands in for a pronoun at the start.

    Returns:
        "North Korea supplied weapons to Russia", or None where the clause is too short, too long,
        no whole clause, or still leans on its context.
    """
    text = " ".join(re.sub(r"[“”\"]", "", clause).split())
    text = _unattributed(text)
    for _ in range(2):
        text = _OPENING.sub("", text)
    text = _CUT.split(text, maxsplit=1)[0].strip(" ,;:—–-.!?")
    if holder and not _EXPLETIVE.match(text):
        text = _filled(text, holder)
    text = _NONE.sub(r"\1 ", _NEGATED.sub(_affirm, text, count=1))
    text = re.sub(r"^any\s+(?=\w+(\w)\b)", lambda m: "" if m[1] == "s" else "a ", text)
    text = re.sub(r"\b(?:its|his|their|our|my)(?=\s[a-z])", "the", text)
    text = re.sub(r"\s+(?:at all|any more|any longer|yet)$", "", text)
    if not MIN_WORDS <= len(text.split()) <= MAX_WORDS or not is_whole(text):
        return None
    return text[:1].upper() + text[1:]


def _unattributed(text: str) -> str:
    """Take off "a report by the union that", but not "the ministry hid a report that"."""
    found = _REPORT_NOUN.match(text)
    if found is None or set(tags_of(found[1] or "")) & set("VMHB"):
        return text
    rest = text[found.end() :]
    return text if tags_of(rest)[:1] in tuple("VMHB") else rest


def tells_no_event(text: str) -> bool:
    """Tell whether a clause's verb is a form of be or have or a modal.

    "The dam is safe" may be disputed; "Firm recalls batteries", a headline's way to tell what
    happened, is not.
    """
    found = _CLAUSE.match(tags_of(text))
    return found is not None and found[0][-1] in "MH"


def is_whole(text: str) -> bool:
    """Tell whether a wording is a clause with its subject and its verb that leans on nothing."""
    if _LEANS.search(text) or re.search(r"[^\W\d_a-zA-ZÀ-ɏ]", text):
        return False
    tags = tags_of(text)
    opened = tags.startswith(("XM", "XH")) if _THERE.match(text) else _CLAUSE.match(tags)
    return bool(opened and _LAST.search(tags))


def _filled(text: str, holder: str) -> str:
    """Put a holder's name for the pronoun that a clause begins with."""
    found = _REPLACED.match(text)
    if not found:
        return text
    person, pronoun = is_person(holder), found[1].casefold()
    if pronoun == "they" or person != (pronoun in ("he", "she", "i")):
        return text
    verb = _ENDINGS.get((found[2] or "").casefold(), "")
    rest = text[found.end() :].split()
    if not verb and pronoun in ("we", "i") and rest and not re.search(r"[a-z]s$", holder):
        rest[0] = _agreeing(rest[0])
    said = " ".join([*([verb] if verb else []), *rest])
    if _MENTAL.match(said):
        return ""
    words = f"{holder} {said}"
    return _POSSESSIVE.sub("their" if person else "its", words)


def _agreeing(verb: str) -> str:
    """Bend "we build" to what goes with a name: "builds"."""
    base, sort = forms().get(verb, ("", ""))
    return third(base) if sort in ("base", "both") else _AGREEING.get(verb.casefold(), verb)


def _affirm(match: re.Match[str]) -> str:
    """Drop a negation; a bare *do* gives its form to the verb."""
    auxiliary, verb = match[1], match[2]
    bare = auxiliary.casefold()
    if bare in ("do", "does", "did"):
        return {"do": verb, "does": third(verb), "did": past(verb)}[bare]
    return f"{auxiliary} {verb}"
