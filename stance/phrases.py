"""Cut sentences into phrases that can name what people take sides on.

Each word gets a one-letter tag from word lists and its neighbours; noun phrases with their
complements ("the sale of four branch libraries") and acts called by their gerund ("to close four
branch libraries": "closing four branch libraries") are then regular expressions over the tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from stance.records import Span
from stance.tags import NUMBER, Word, tagged
from stance.verbs import forms, gerund

PhraseKind = Literal["noun", "gerund"]
MAX_PHRASE_WORDS = 13

_NP = r"D?(?:R?[NE]|(?<=[DNE])G(?=[NE]))*N"
CHAIN = rf"{_NP}(?:[PT]{_NP}(?:C{_NP})?){{0,4}}"
ACT = rf"[GVB]P?{CHAIN}(?:C[GVB]P?{CHAIN})?"
_NOUN = re.compile(rf"{CHAIN}(?:T[VB](?:P?{CHAIN})?|G{CHAIN})?")
_ACT = re.compile(ACT)
_FIRST = re.compile(_NP)
# Nouns that take "to" and a noun, and those that take "to" and a verb; "to" behind others belongs
# to the verb before ("sent the libraries to auction").
_TO_THING = frozenset(
    """access aid answer contribution damage danger delivery deliveries export exports extradition
    gift harm link links loan loans move objection opposition resistance response return right
    sale sales solution supply support threat transfer trip visit weapons""".split()
)
_TO_ACT = frozenset(
    """agreement attempt ban bid bill call campaign contract decision demand duty effort freedom
    law licence license motion move need obligation offer order ordinance pact permission permit
    plan plans pledge power promise proposal proposals push refusal request right scheme threat vote
    willingness""".split()
)
# Words that lean on their context, and what a phrase has in their place.
_POINTING = frozenset("this these those its his her their our my your such".split())
_OPENING, _CLOSING = ("“", '"', "‘"), ("”", '"', "’")
_COUNTING = frozenset("no any another some every each either neither all both".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """Hold one phrase: its words made to stand alone, its place, its kind.

    `before` are the three words before it, `after` the tag behind it; `opens` tells that it begins
    its sentence, where a capital says nothing.
    """

    text: str
    span: Span
    kind: PhraseKind
    before: tuple[str, ...]
    after: str
    opens: bool


def phrases(text: str, within: Span, *, headline: bool = False) -> list[Phrase]:
    """Find the phrases of one sentence, short and long ones alike.

    Args:
        text: what the offsets refer to.
        within: the sentence.
        headline: "Firm recalls batteries" is an act as well: "recalling batteries".
    """
    words = [word for word in tagged(text, within, headline=headline) if word.tag != "Q"]
    tags = "".join(word.tag for word in words)
    if headline:
        tags = re.sub(r"(?<=N)V(?=D?[NE])", "B", tags)
    return [
        _phrase(text, words, start, end, kind)
        for start in range(len(words))
        for end, kind in _from(words, tags, start)
        if end - start <= MAX_PHRASE_WORDS and not _is_cut(words, start, end)
    ]


def _from(words: Sequence[Word], tags: str, start: int) -> Iterator[tuple[int, PhraseKind]]:
    """Yield where the phrases that begin at a word may end."""
    inside = start > 0 and tags[start - 1] in "DNERG" and tags[start] in "NERG"
    whole = None if inside else _NOUN.match(tags, start)
    if whole:
        stop = _complement(words, start, whole.end())
        ends = _ends(tags, start, stop)
        yield from ((end, "noun") for end in ends if not _is_counted(words[start:end]))
    act = _ACT.match(tags, start) if _is_act(tags, start) else None
    if act:
        first = _FIRST.match(tags, start + 1 + (tags[start + 1] == "P"))
        least = first.end() if first else start + 2
        yield from ((end, "gerund") for end in _ends(tags, start, act.end()) if end >= least)


def _is_act(tags: str, start: int) -> bool:
    """Tell whether a gerund or a bare verb begins here; "lending rate" begins none."""
    before = tags[start - 1] if start else "."
    if tags[start] == "G":
        return before not in "DE" and not (before == "N" and tags[start + 1 : start + 2] == "N")
    return tags[start] in "VB" and before in "TMN" and (before != "N" or tags[start] == "B")


def _complement(words: Sequence[Word], start: int, stop: int) -> int:
    """Return where a noun phrase ends, before a "to" that is not its own."""
    for index in range(start + 1, stop - 1):
        head = words[index - 1].text.casefold()
        if words[index].tag == "T":
            own = _TO_ACT if words[index + 1].tag in "VB" else _TO_THING
            heads = {head} if own is _TO_THING else {w.text.casefold() for w in words[start:index]}
            if not heads & own:
                return index
        elif words[index].tag == "G" and words[index + 1].tag not in "NE" and head.istitle():
            return index
    return stop


def _is_cut(words: Sequence[Word], start: int, end: int) -> bool:
    """Tell whether a phrase lacks what belongs to it: "of …", or the other side of "between".

    What "and" joins is one phrase behind "between" only, or where it joins two acts.
    """
    texts = [word.text.casefold() for word in words[start : end + 1]]
    inner = texts[: end - start]
    between = "between" in inner and "and" not in inner[inner.index("between") :]
    things = "".join(word.tag for word in words[start:end])
    joined = bool(re.search(r"C[DNER]", things)) and "between" not in inner
    return texts[-1] == "of" or between or joined


def _is_counted(words: Sequence[Word]) -> bool:
    """Tell whether a noun phrase ends in a mere measure: "the closures at 61 per cent"."""
    places = [i for i, word in enumerate(words) if word.tag in "PT"]
    last = places[-1] if places else -1
    tail = words[last + 1 :]
    measure = bool(tail) and tail[0].tag in "DN" and any(NUMBER.match(w.text) for w in tail[:2])
    return last > 0 and measure and words[last].text.casefold() != "of"


def _ends(tags: str, start: int, stop: int) -> Iterator[int]:
    """Yield every end of a noun phrase within a match."""
    for end in range(start + 1, stop + 1):
        goes_on = end < len(tags) and tags[end] in "NE" and tags[end - 1] in "NER"
        if tags[end - 1] == "N" and not goes_on:
            yield end


def _phrase(text: str, words: Sequence[Word], start: int, end: int, kind: PhraseKind) -> Phrase:
    span = Span(words[start].span.start, words[end - 1].span.end)
    before = tuple(w.text.casefold() for w in words[max(0, start - 3) : start])
    after = words[end].tag if end < len(words) else "."
    opens = start == 0 or words[start - 1].tag == "."
    return Phrase(_written(text, words[start:end], kind), span, kind, before, after, opens)


def _written(text: str, words: Sequence[Word], kind: PhraseKind) -> str:
    """Write a phrase so that it leans on nothing: gerunds for infinitives, "the" for "its"."""
    first = words[0].text.casefold()
    if kind == "noun" and first in _COUNTING and words[0].tag == "D" and len(words) > 1:
        words = words[1:]
    pieces = []
    for index, word in enumerate(words):
        bare = word.text.casefold()
        acts = kind == "gerund" and (index == 0 or words[index - 1].tag == "C")
        if acts and word.tag in "VB":
            pieces.append(gerund(forms().get(bare, (bare, ""))[0]))
        elif word.tag == "D" and not (index and _begins_quote(text, word)):
            pieces.append("the" if bare in _POINTING else bare)
        else:
            pieces.append(word.text)
    return _quoted(text, words, pieces)


def _begins_quote(text: str, word: Word) -> bool:
    return text[max(0, word.span.start - 1) : word.span.start] in _OPENING


def _quoted(text: str, words: Sequence[Word], pieces: Sequence[str]) -> str:
    """Join the words of a phrase; a title within it that is quoted as a whole keeps its marks."""
    opening = [i for i, word in enumerate(words) if _begins_quote(text, word)]
    closing = [i for i, w in enumerate(words) if text[w.span.end : w.span.end + 1] in _CLOSING]
    whole = len(opening) == len(closing) == 1 and 0 < opening[0] <= closing[0]
    marked = list(pieces)
    if whole and words[opening[0]].text[0].isupper():
        marked[opening[0]] = f"“{marked[opening[0]]}"
        marked[closing[0]] = f"{marked[closing[0]]}”"
    return " ".join(marked).rstrip("’'")
