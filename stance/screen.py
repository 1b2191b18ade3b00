"""Tell an article's own sentences from ballast and from instructions to a language model.

An article is data. A sentence in it that speaks to the summarizer ("ignore previous instructions",
a fake system turn, a ready-made "summary:") is kept from generators, from extracts and from the
evidence of a check, unless it is quoted as news; then only generators do not see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from stance.baits import (
    BAIT,
    FOLLOW_UP,
    FOREIGN,
    LEAD_UP,
    QUOTATION,
    READY,
    addresses,
    is_order,
    is_quoted,
)
from stance.disguises import unmask as unmask
from stance.text import Document
from stance.tongues import strangers
from stance.turns import CLOSER, PART, TURN

_AGENCY = (
    r"(?:Reuters|Thomson Reuters Foundation|Associated Press|Bloomberg|Xinhua|Kyodo|Yonhap|Agencies"
    r"|CNN(?: Business| Student News)?|The Hill|AP|AFP|AAP|UPI|BBC|ANI|PTI|IANS|DPA|dpa|EFE|NPR"
    r"|(?:ITAR-)?TASS)"
)
_PLACE = r"[A-Z][\w.’'-]*(?:[ ,/]+[A-Z][\w.’'-]*){0,5}"
_CAPITALS = r"[A-Z][A-Z.’'-]+(?:[ ,/]+[A-Z][A-Z.’'-]+){0,3}"
_DAY = r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
_DATELINE = re.compile(
    rf"(?:{_PLACE}{_DAY}\s)?\({_AGENCY}\)\s*(?:[-–—:]{{1,2}}\s*)?(?=[A-Z“\"‘'\d])"
    rf"|{_CAPITALS}(?:, [A-Z][a-z.]+)?(?:{_DAY}\s(?:—|–|--)|, [A-Z][a-z]{{2,8}}\.? \d{{1,2}}\s-)"
    r"\s(?=[A-Z“\"‘'\d])"
    # A place in capitals with whoever reports from it, of whatever name.
    rf"|{_CAPITALS}(?:, [A-Z][a-z.]+)?{_DAY}\s\([A-Z][\w.]*(?: [A-Z][\w.]*){{0,2}}\)"
    r"\s(?:—|–|--|-)\s(?=[A-Z“\"‘'\d])"
)
_DASH = re.compile(r"—|–|--")
# What is left of a sentence after its dateline must still be one.
_MIN_WORDS = 4

_CONNECTIVE = re.compile(
    r"(?:Meanwhile|In the meantime|In addition|Additionally|Moreover|Furthermore|Besides|Also"
    r"|Separately|Elsewhere|Of course|For (?:his|her|its|their) part),\s+(?=\w)"
)
_POINTER = re.compile(
    r"\s*(?:\((?:pictured?|photo|see|above|below|left|right|file photo|inset)\b[^()]{0,60}\)"
    r"|\[\d{1,3}\])",
    re.IGNORECASE,
)

_BALLAST = re.compile(
    r"""
    for\s(?:the\s)?(?:latest|more|breaking|full)\b.{0,80}
        \b(?:head\sto|go\sto|visit|follow|click|see|download|sign\sup)\b
    | (?:read|see|watch|listen|scroll|click|tap|swipe)
        \s(?:more|also|here|now|next|on|down|below|the\sfull\sstory)\b(?!.*\b(?:said|says)\b)
    | (?:read\s|show\s|see\s)?(?:more|less)\W*$
    | (?:subscribe|sign\sup|log\sin|register|follow\sus|like\sus|join\sus|share\sthis
        |download\s(?:the|our)\sapp)\b
    | (?:copyright\s(?:©|\(c\)|\d{4}|(?-i:[A-Z]))|©|\(c\)\s\d{4}|all\srights\sreserved)
    | .{0,120}\ball\srights\sreserved\b.{0,60}$
    | (?:image|photo|picture|video|media)\s(?:copyright|caption|credit|source|playback)\b
    | (?:advertisement|sponsored|most\sread|recommended|editors?['’]?s?\s(?:note|picks?)
        |related\s(?:articles?|stories|topics|links))\b\W{0,2}(?:$|:)
    | (?:by|reporting\sby|additional\sreporting\sby|editing\sby|written\sby)\s(?-i:[A-Z])[\w.’'-]+
        (?:[ ,]+(?:and\s)?(?-i:[A-Z])[\w.’'-]+){0,7}[\s,;|]*\.?$
    | \(?reporting\sby\b.{0,160}$
    | (?:last\s|first\s)?(?:updated|published|posted)(?:\s(?:at|on)\b|\s?:|\s\d).{0,60}$
    | (?:the\s)?(?:associated\spress|reuters|afp|bbc|cnn)(?:['’]s\s[\w.,\s-]{3,80})?
        \scontributed\sto\sthis\s(?:report|story|article)\b
    | this\s(?:article|story|report|content)\s(?:was|has\sbeen|is)
        \s(?:first\s|originally\s)?(?:published|updated|corrected|part\sof)\b
    | (?:we\suse\scookies|accept\scookies|this\s(?:site|website)\suses\scookies)\b
    | (?:e-?mail|contact|follow)
        \s(?:the\s(?:author|reporter|writer)|@\w+|[\w.\s]{3,40}\son\stwitter)\b
    | (?:https?://|www\.)\S+$
    | (?:do\syou\shave|have\syou\sgot|got)\san?\s(?:story|news\stip|tip)\b
    | we\spay\sfor\syour\b | (?:e-?mail|text|call|write\sto)\sus\s(?:at|on|with)\b
    | (?-i:[A-Z][A-Z.’' -]{2,30}),\s(?:mon|tues|wednes|thurs|fri|satur|sun)day\.$
    | (?:by|in)\s(?:processing|reading|using|accessing|continuing)\b.{0,80}\byou\s(?:accept|agree)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

_MAX_TURN = 6
# A mark or a label has no more words than this, and takes so many lines below its own with it.
_MARK_WORDS, _MARK_LINES = 2, 2
# What leads up to an order is short.
_LEAD_WORDS = 20
# A paragraph of so many sentences is a letter, or a plug, where every other one of them has "you",
# in an article of so many more that hardly says it elsewhere.
_LETTER, _ELSEWHERE, _OTHERS = (3, 8), 0.03, 8
# What is no sentence ends like none where most others do; a stop that stands alone ends a caption.
_ENDED = re.compile(r"(?<!\s)[.!?…:;。！？؟।][\"'”’»)\]*_\s]*$")
_LEAST_SENTENCES, _MOSTLY = 4, 0.6
_SHOUTED_WORDS = 6
_YOU = re.compile(r"\b(?:you|your|yours)\b")
_OPEN_QUOTATION = re.compile(r"\"[^\"]*$")


@dataclass(frozen=True, slots=True)
class Screen:
    """Hold the indices of the sentences that are not the article's own.

    `ballast` are bylines, captions, adverts; `baits` instructions to a language model; `quoted`
    such instructions that the article quotes as news; `foreign` are in another script than the
    article's.
    """

    ballast: frozenset[int]
    baits: frozenset[int]
    quoted: frozenset[int]
    foreign: frozenset[int] = frozenset()

    def readable(self, count: int) -> list[int]:
        """Return which of `count` sentences may stand in an extract."""
        barred = self.ballast | self.baits | self.foreign
        return [i for i in range(count) if i not in barred]


def screen(document: Document) -> Screen:
    """Sort out the sentences that are ballast or speak to a language model.

    Args:
        document: the article; its other sentences are left alone.

    Returns:
        The indices of both kinds. The lists are short and made to be precise: a sentence is not
        barred because it is odd.
    """
    texts = [document.sentence(i) for i in range(len(document.sentences))]
    plains = [unmask(text) for text in texts]
    ballast = {i for i, text in enumerate(texts) if is_ballast(text)}
    # No letter shows in a run of Unicode's tags, whatever it says to a model.
    ballast |= {i for i, text in enumerate(texts) if not any(map(str.isalnum, text))}
    baits: set[int] = set()
    quoted: set[int] = set()
    for index, plain in enumerate(plains):
        if index in baits:
            continue
        found = _find(plain, texts[index])
        if found is not None and is_quoted(plain, found.start()):
            quoted.add(index)
        elif found is not None or is_order(plain):
            baits.update(_reach(document, plains, index))
    ballast |= _letters(document, plains) | _fragments(texts)
    kinds = (ballast, baits, quoted - baits, strangers(texts) - baits)
    return Screen(*map(frozenset, kinds))


def _find(plain: str, text: str) -> re.Match[str] | None:
    """Return the words that speak to a model."""
    for pattern in (TURN, PART, BAIT, READY):
        if found := pattern.search(plain):
            return found
    # "Ig-nore": a hyphen too many hides a word as well.
    return BAIT.search(plain.replace("-", "")) or FOREIGN.search(text.casefold())


def is_ballast(text: str) -> bool:
    """Tell whether a sentence is a byline, a caption, an advert or the like."""
    return _BALLAST.match(text) is not None


def strip_dateline(text: str) -> str:
    """Take "LONDON (Reuters) - " off the head of a sentence, where a sentence is left."""
    match = _DATELINE.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    # "NASA — the agency — said" has a pair of dashes and no dateline.
    paired = ")" not in match.group() and _DASH.search(rest)
    return text if paired or len(rest.split()) < _MIN_WORDS else rest


def _reach(document: Document, plains: list[str], index: int) -> list[int]:
    """Return the sentences that a bait takes with it, itself first.

    They are of its paragraph; a mark that has a line to itself takes the lines right below it.
    """
    plain = plains[index]
    turn, closer = TURN.search(plain), CLOSER.search(plain)
    part = PART.search(plain) is not None
    # What closes the turn that it opens itself takes nothing before it.
    last = document.paragraph_of[index + 1 : index + 2] != (document.paragraph_of[index],)
    ends = last and closer is not None and (turn is None or closer.start() <= turn.start())
    reached = [index]
    for before in range(index - 1, max(-1, index - _MAX_TURN), -1):
        own = document.paragraph_of[before] == document.paragraph_of[index]
        if not own or not (part or ends or _leads_up(plains[before])):
            break
        reached.append(before)
    whole, alone = part or turn is not None, len(plain.split()) <= _MARK_WORDS
    # Where blank lines part the paragraphs, a turn goes on over a single line end.
    over, lines = alone or (whole and "\n\n" in document.text), 0
    for after in range(index + 1, min(index + _MAX_TURN, len(plains))):
        gap = document.text[document.sentences[after - 1].end : document.sentences[after].start]
        lines += gap.count("\n")
        if gap.count("\n") > over or lines > _MARK_LINES:
            break
        if not (whole or alone) and not FOLLOW_UP.match(plains[after].lstrip("\"'“‘ ")):
            break
        reached.append(after)
    return reached


def _leads_up(plain: str) -> bool:
    """Tell whether a sentence before an order belongs to it: "Stop.", "You have a new task."."""
    if len(plain.split()) > _LEAD_WORDS or plain[:1] in "\"'“‘":
        return False
    return LEAD_UP.match(plain) is not None or addresses(plain)


def _fragments(texts: list[str]) -> set[int]:
    """Return headings, captions and lines of lists in an article of sentences."""
    loose = {i for i, text in enumerate(texts) if not _ENDED.search(text) or _is_shouted(text)}
    few = len(texts) - len(loose) < max(_LEAST_SENTENCES, _MOSTLY * len(texts))
    return set() if few else loose


def _is_shouted(text: str) -> bool:
    return text.isupper() and len(text.split()) <= _SHOUTED_WORDS


def _letters(document: Document, plains: list[str]) -> set[int]:
    """Return the sentences of paragraphs that speak to a reader to whom no other one speaks."""
    members: dict[int, list[int]] = {}
    for index, paragraph in enumerate(document.paragraph_of):
        members.setdefault(paragraph, []).append(index)
    spoken = {p: _addressed([plains[i] for i in own]) for p, own in members.items()}
    total, found = sum(spoken.values()), set[int]()
    for paragraph, own in members.items():
        others = len(plains) - len(own)
        rare = total - spoken[paragraph] <= _ELSEWHERE * others and others >= _OTHERS
        if rare and _LETTER[0] <= len(own) <= _LETTER[1] and 2 * spoken[paragraph] >= len(own):
            found.update(own)
    return found


def _addressed(sentences: list[str]) -> int:
    """Count the sentences of a paragraph that say "you" in its own voice."""
    own = _OPEN_QUOTATION.sub(" ", QUOTATION.sub(" ", "\n".join(sentences)))
    return sum(_YOU.search(line) is not None for line in own.split("\n"))


def trim_ballast(text: str) -> str:
    """Leave a sentence without its dateline and what only ties it to its page.

    Args:
        text: one sentence.

    Returns:
        The sentence without a dateline, without words that do nothing but go on from the sentence
        before ("Meanwhile, …"), and without pointers to pictures and notes. Attributions stay,
        even a bare "he added": without it somebody's words would be the article's own.
    """
    told = strip_dateline(text)
    told = _POINTER.sub("", told)
    match = _CONNECTIVE.match(told)
    if match is None or len(told[match.end() :].split()) < _MIN_WORDS:
        return told
    rest = told[match.end() :]
    return rest[:1].upper() + rest[1:]


def without_baits(document: Document) -> Document:
    """Leave out what speaks to a language model or is in another script; offsets hold.

    Args:
        document: the article.

    Returns:
        The document itself where there is nothing of the kind, or nothing else.
    """
    found = screen(document)
    barred = found.baits | found.foreign
    kept = [i for i in range(len(document.sentences)) if i not in barred]
    if not barred or not kept:
        return document
    return replace(
        document,
        sentences=tuple(document.sentences[i] for i in kept),
        paragraph_of=tuple(document.paragraph_of[i] for i in kept),
    )
