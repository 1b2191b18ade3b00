"""Find stances that are shown by acts: a vote, a veto, a lawsuit, a strike, a ban.

The tagger marks acts of any wording, a list of verbs those it overlooks. Both only say where to
look; which side an act takes is for the pair scorer to judge, from the whole sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from stance.backends.base import Attribution
from stance.quotes import Quote
from stance.records import Span, Statement
from stance.text import Document, joined, trim

_VERBS = (
    r"vetoe[sd]|veto|voted\s+(?:\d[\d-]*\s+)?(?:for|against|to|down|in\s+favou?r)|approv(?:ed|es)|"
    r"reject(?:ed|s)|oppos(?:ed|es|e)|back(?:ed|s)|support(?:ed|s)?|endors(?:ed|es)|"
    r"condemn(?:ed|s)|welcom(?:ed|es)|sued|su(?:es|ing)|appeal(?:ed|s)\s+against|banned|bans|"
    r"block(?:ed|s)|boycott(?:ed|s)|resign(?:ed|s)\s+(?:in\s+protest|over)|quit\s+(?:in\s+protest|over)|"
    r"walk(?:ed|s)\s+out|went\s+on\s+strike|strik(?:e|es|ing)\s+over|struck\s+over|"
    r"protest(?:ed|s)?\s+against|march(?:ed|es)\s+against|demonstrat(?:ed|es)\s+against|"
    r"criticis(?:ed|es)|criticiz(?:ed|es)|denounc(?:ed|es)|prais(?:ed|es)|defend(?:ed|s)|"
    r"defied|defies|refus(?:ed|es)\s+to|abstain(?:ed|s)|signed|scrapp?ed|halted|suspended|"
    r"withdrew|withdraws|lobbied|campaign(?:ed|s)\s+(?:for|against)|petitioned|overturned|upheld|"
    r"dismissed|ruled|sanctioned|expelled|pledged|vowed|threaten(?:ed|s)|urg(?:ed|es)|demand(?:ed|s)"
)
_ACT = re.compile(rf"\b(?:has\s+|have\s+|had\s+|will\s+|would\s+)?(?:{_VERBS})\b", re.I)
_BREAK = re.compile(
    r"[;:—–]|\b(?:while|although|but|whereas|after|because|which|who|that)\b|,\s", re.I
)
_AUXILIARY = re.compile(
    r"\s+(?:also|later|then|again|twice|repeatedly|unanimously|narrowly|has|have|had)$"
)
MAX_SUBJECT_WORDS = 8
# Acts that the tagger is less sure of are left out; chosen by eye, not fitted.
MIN_SCORE = 0.5


def find_acts(
    document: Document,
    statements: Sequence[Statement],
    quotes: Sequence[Quote],
    tagged: Sequence[Attribution] = (),
) -> list[Statement]:
    """Find subject–act–object triples that no other statement covers.

    Args:
        document: the article.
        statements: what the tagger found; an act verb inside one of its cues is already known.
        quotes: an act told inside a quotation belongs to its speaker.
        tagged: acts that the tagger found.
    """
    known = joined([*(s.cue for s in statements if s.cue), *(q.span for q in quotes)])
    result = [
        Statement(act.content, act.source, None, "narration")
        for act in tagged
        if act.score >= MIN_SCORE and not _overlaps(known, act.content[0])
    ]
    taken = joined([*known, *(span for act in result for span in act.content)])
    for sentence in document.sentences:
        for found in _ACT.finditer(document.text, sentence.start, sentence.end):
            verb = Span(*found.span())
            if _overlaps(taken, verb):
                continue
            act = _act(document.text, sentence, verb)
            if act is not None:
                result.append(act)
    return result


def _overlaps(taken: Sequence[Span], span: Span) -> bool:
    """Tell whether a span overlaps one of some sorted spans that lie apart."""
    first = bisect_right(taken, span.start, key=lambda other: other.end)
    return any(span.overlaps(other) for other in taken[first : first + 1])


def _act(text: str, sentence: Span, verb: Span) -> Statement | None:
    subject = _subject(text, sentence.start, verb.start)
    content = trim(text, verb.end, _clause_end(text, verb.end, sentence.end))
    if subject is None or content is None or len(content.of(text).split()) < 2:
        return None
    return Statement((content,), subject, verb, "narration")


def _subject(text: str, start: int, end: int) -> Span | None:
    """Take the noun phrase just before the verb, back to the last clause break."""
    left, right = _noun_phrase(text, start, end)
    span = trim(text, left, right)
    if span is None:
        return None
    words = _AUXILIARY.sub("", span.of(text)).rstrip(",")
    if not words or len(words.split()) > MAX_SUBJECT_WORDS or not re.search(r"[A-Za-z]", words):
        return None
    return Span(span.start, span.start + len(words))


def _noun_phrase(text: str, start: int, end: int) -> tuple[int, int]:
    """Bound the phrase before a verb; look past "who" and past one inserted clause."""
    breaks = list(_BREAK.finditer(text, start, end))
    while breaks and not text[breaks[-1].end() : end].strip():
        last = breaks.pop()
        commas = [i for i, m in enumerate(breaks) if m[0].startswith(",")]
        if last[0].startswith(",") and commas:
            # "the union, which has 400 members, voted"
            last = breaks[commas[-1]]
            del breaks[commas[-1] :]
        end = last.start()
    return (breaks[-1].end() if breaks else start), end


def _clause_end(text: str, start: int, end: int) -> int:
    stop = re.search(r";|,\s(?:while|although|but|whereas|and\s+(?:the|a|said))\b", text[start:end])
    cut = start + stop.start() if stop else end
    return cut - 1 if text[cut - 1 : cut] in ".!?" and cut > start else cut
