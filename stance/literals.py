"""Check names, numbers and quotes word for word: what an article lacks must not be told of it.

Names are compared without case, accents and possessives; a country stands for its adjective, a run
of capitalized words for its initials. Numbers are compared by value (`numerals`), quotes verbatim
but for the marks. Without capitals there are no names to be seen, so a text in lower case, or in a
script that has none, is checked for numbers and quotes only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from stance.graves import unfounded
from stance.lexicon import ALIASES, FUNCTION_WORDS, OPENERS
from stance.numerals import agrees, numbers, tabulate
from stance.records import Span

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]\w*(?:['’]\w+)?")
_ENDING = re.compile(r"(?<=\w\w)(?:n['’]t|['’](?:s|ll|re|ve|d|m))$", re.IGNORECASE)
_RUN = re.compile(r"[A-Z][\w’'-]*(?:\s+(?:(?:of|and|the|for|on)\s+){0,2}[A-Z][\w’'-]*)+")
# After these a capital says nothing: a sentence, a quote or a list item begins.
_BEGINS = re.compile(r"(?:^|[.!?:;…\"“„«‘'•*–—])\s*$|(?:^|\s)-\s+$|^\s*\d+[.)]\s*$")
_QUOTED = re.compile(
    r"“([^“”]+)(?:”|$)|(?<!\w)\"(\S(?:[^\"]*[^\"\s])?|\s[^\"]+\s)\"|«([^«»]+)»|「([^「」]+)」|^([^“”]+)”"
    r"|(?<!\w)‘(\S.*?)’(?!\w)|(?<!\w)'(\S|\S.*?\S)'(?!\w)",
    re.S,
)
# "6-2, 5-7, 7-6 (7-1)": a match told by its sets, or its quarters.
_SET = r"\d{1,3}[-–]\d{1,3}"
_SCORE = re.compile(
    rf"(?<![\w-]){_SET}(?:\s?\(\d[\d–-]*\))?(?:(?:,|,?\sand)?\s{_SET}(?:\s?\(\d[\d–-]*\))?)+(?![\w-])"
)
_SETS = re.compile(rf"{_SET}(?![^()]*\))")
_GAP = re.compile(r"…|\.\.\.|\[[^\]]*\]")
_MARKS = re.compile(r"[\"“”„«»「」]|(?<!\w)'|'(?!\w)")
_SPACED = re.compile(r"\s+([,.;:!?])")
_MAX_ACRONYM = 6
# Capitals of up to so many letters are read as initials: "US" is not "us".
_MAX_INITIALS = 4
_PRONOUN = ("I", "I'", "I’")
_NO_NAMES = ("TV", "OK", "Mr", "Mrs", "Ms")
# Letters that words of one stem share at their beginning ("official", "officials").
_STEM = 5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Inventory:
    """Hold what a text has, ready to be asked.

    `words` has every word in lower case, and in upper case too where it stands with a capital;
    `stems` their first letters; `pairs` the words that stand side by side; `numbers` the units
    under each value; `flat` the text without quotation marks; `scores` the sets of each match.
    """

    words: frozenset[str]
    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    numbers: Mapping[Decimal, frozenset[str]]
    flat: str
    scores: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Inventory:
        """Take stock of several texts (the sentences of an article, its title)."""
        text = " ".join(texts)
        words = {key for m in _TOKEN.finditer(text) for key in _keys(m.group())}
        words |= _acronyms(text)
        words |= _aliases(words)
        readings = (reading for number in numbers(text) for reading in number.readings)
        stems = frozenset(w[:_STEM] for w in words.union(_WORD.findall(text.casefold())))
        return cls(
            frozenset(words),
            stems,
            _pairs(text),
            tabulate(readings),
            _flatten(text),
            frozenset(map(_sets, _SCORE.finditer(text))),
        )


def missing(text: str, inventory: Inventory) -> tuple[Span, ...]:
    """Find the names, numbers, quotes and grave matters of a sentence that an article lacks.

    A match of which the article tells more sets is a number that it lacks.

    Args:
        text: one sentence.
        inventory: what the article has.

    Returns:
        Their spans in `text`, in order; neighbours are joined into one.
    """
    counted = numbers(text)
    spans = [number.span for number in counted if not agrees(number, inventory.numbers)]
    spans += _missing_names(text, [number.span for number in counted], inventory)
    spans += _missing_quotes(text, inventory.flat)
    spans += [Span(*m.span()) for m in _SCORE.finditer(text) if _is_short(_sets(m), inventory)]
    spans += unfounded(text, inventory.flat)
    return _joined(text, spans)


def new_words(text: str, inventory: Inventory) -> float:
    """Return the share of a sentence's content words, by stem, that the article lacks."""
    stems = {w[:_STEM] for w in _WORD.findall(text.casefold()) if w not in FUNCTION_WORDS}
    return len(stems - inventory.stems) / len(stems) if stems else 0.0


def strange(text: str, inventory: Inventory) -> tuple[Span, ...]:
    """Find the content words of a sentence that an article lacks, whatever their ending."""
    return tuple(
        Span(*match.span())
        for match in _WORD.finditer(text)
        if match[0].casefold() not in FUNCTION_WORDS
        and match[0].casefold()[:_STEM] not in inventory.stems
    )


def new_pairs(text: str, inventory: Inventory) -> float:
    """Return the share of a sentence's pairs of neighbouring words that the article lacks."""
    pairs = _pairs(text)
    return len(pairs - inventory.pairs) / len(pairs) if pairs else 0.0


def fold(word: str) -> str:
    """Return a word without accents, dots, typographic apostrophes and its possessive ending."""
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c != ".")
    return _ENDING.sub("", plain.replace("’", "'"))


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = _WORD.findall(text.casefold())
    return frozenset(pairwise(words))


def _keys(token: str) -> set[str]:
    plain = fold(token)
    lower = plain.casefold()
    return {lower} if plain == plain.lower() else {lower, plain.upper()}


def _acronyms(text: str) -> set[str]:
    """Return the initials that runs of capitalized words make ("European Union": EU)."""
    found: set[str] = set()
    for run in set(_RUN.findall(text)):
        initials = "".join(word[0] for word in run.split() if word[0].isupper())
        found.add(initials[:_MAX_ACRONYM])
        for start in range(len(initials)):
            for end in range(start + 3, min(start + _MAX_ACRONYM, len(initials)) + 1):
                found.add(initials[start:end])
    return found


def _groups() -> list[list[str]]:
    """Read the alias table: one list of phrases per group."""
    groups = []
    for group in ALIASES.split("|"):
        entries = [entry.replace("_", " ") for entry in group.split()]
        groups.append(
            [e.lstrip("~") for e in entries] + [f"{e[1:]}s" for e in entries if e[0] == "~"]
        )
    return groups


_GROUPS = _groups()


def _aliases(words: set[str]) -> set[str]:
    """Return the words of every alias group of which the text has a member, capitalized."""
    return {
        key
        for group in _GROUPS
        if any(all(w.upper() in words for w in phrase.split()) for phrase in group)
        for phrase in group
        for word in phrase.split()
        for key in _keys(word)
    }


def _missing_names(text: str, taken: list[Span], inventory: Inventory) -> list[Span]:
    tokens = [Span(*m.span()) for m in _TOKEN.finditer(text)]
    headline = _is_headline([token.of(text) for token in tokens])
    spans = []
    for index, token in enumerate(tokens):
        word = token.of(text)
        if word == word.lower() or any(token.overlaps(span) for span in taken):
            continue
        if word[:2] in _PRONOUN or word in _NO_NAMES:
            continue
        following = tokens[index + 1 : index + 2]
        begins = _BEGINS.search(text, max(0, token.start - 8), token.start) is not None
        alone = not (following and following[0].of(text)[0].isupper())
        if not _has_name(word, inventory, loose=headline or begins, stemmed=headline or alone):
            spans.append(token)
    return spans


def _has_name(word: str, inventory: Inventory, *, loose: bool, stemmed: bool) -> bool:
    """Tell whether the text has the name; `loose` where the capital may be the sentence's own."""
    plain = fold(word)
    key = plain.casefold()
    shouted = plain.rstrip("s")
    if 2 <= len(shouted) <= _MAX_INITIALS and shouted.isupper():
        if shouted in inventory.words:
            return True
        if not loose:
            return False
    if key in inventory.words:
        return True
    return loose and (key in OPENERS or (stemmed and key[:_STEM] in inventory.stems))


def _is_headline(words: list[str]) -> bool:
    """Tell whether capitals mean nothing here, as in a headline or a shouted line."""
    long = [word for word in words[1:] if len(word) > 3]
    return len(long) >= 4 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _missing_quotes(text: str, flat: str) -> list[Span]:
    spans = []
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 0
        parts = [
            part for gap in _GAP.split(match[group]) if (part := _flatten(gap).strip(" .,;:!?-–—"))
        ]
        if not all(_has_words(part, flat) for part in parts):
            spans.append(Span(*match.span(group)))
    return spans


def _sets(score: re.Match[str]) -> tuple[str, ...]:
    """Return the sets of a match, without what is in brackets."""
    return tuple(part.replace("–", "-") for part in _SETS.findall(score[0]))


def _is_short(sets: tuple[str, ...], inventory: Inventory) -> bool:
    """Tell whether the text tells of the same match with more sets."""
    return sets not in inventory.scores and any(
        _is_part(sets, whole) for whole in inventory.scores if len(whole) > len(sets)
    )


def _is_part(sets: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Tell whether the sets come in the whole, in their order."""
    rest = iter(whole)
    return all(part in rest for part in sets)


def _has_words(part: str, flat: str) -> bool:
    """Tell whether the words stand in the text, not cut out of longer ones."""
    return re.search(rf"(?<![a-z0-9]){re.escape(part)}(?![a-z0-9])", flat) is not None


def _flatten(text: str) -> str:
    bare = _MARKS.sub(" ", text.replace("’", "'").replace("‘", "'"))
    return _SPACED.sub(r"\1", " ".join(bare.split())).casefold()


def _joined(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or have only white space between them."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
