"""Tell a sentence in another script or another language from the article around it."""

from __future__ import annotations

import re
import unicodedata

from stance.disguises import LOOKALIKES
from stance.lexicon import FUNCTION_WORDS

# The script of a text shows in its first letters; the last Latin one, combined ones included.
_SAMPLE, _LAST_LATIN = 2000, "\u024f"
_WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?")
# What English sentences are full of beside function words.
_COMMON = frozenset(
    """
    against between under over per through back off again down still even too very well much many
    more less each two three four five six seven ten first last next million percent year years
    month week day time new old own big great high low long good best early late people state states
    country city town home house world war law men women man woman company police government
    president minister party court national says say tell tells think thinks know want wants see
    sees make makes get gets go goes come comes take takes give gives call calls keep keeps need
    needs let help work begin begins win wins won vote plan plans show shows found made took left
    came went cut cuts set hit hits run runs pay use
    """.split()
)
_ENDING = re.compile(r"(?:ing|ed|ly|['’]\w{1,2}|s['’])$")
# Shorter sentences do not show their language; names and team sheets have none. Of thirty thousand
# sentences of English news eight, tweets and headlines, have a smaller share of English.
_LEAST_WORDS, _LEAST_LOWER, _LEAST_ENGLISH = 8, 0.6, 0.13


def is_latin(text: str) -> bool:
    """Tell whether most letters of a text are Latin ones, or like them in a word that has one."""
    words: list[str] = _WORD.findall(unicodedata.normalize("NFKC", text[:_SAMPLE]))
    return 2 * sum(map(_latin_letters, words)) >= sum(map(len, words))


def _latin_letters(word: str) -> int:
    own = sum(c <= _LAST_LATIN for c in word)
    return own + sum(ord(c) in LOOKALIKES for c in word.casefold()) if own else 0


def is_english(text: str) -> bool:
    """Tell whether a text may be English: it has its words, or too few of any to say."""
    words: list[str] = _WORD.findall(text)
    lower = sum(word[0].islower() or not word.isascii() for word in words)
    if len(words) < _LEAST_WORDS or lower < _LEAST_LOWER * len(words):
        return True
    known = sum(
        # Other languages have a small "i".
        (word.casefold() in FUNCTION_WORDS and word != "i")
        or word.casefold() in _COMMON
        or _ENDING.search(word) is not None
        for word in words
    )
    return known >= _LEAST_ENGLISH * len(words)


def strangers(texts: list[str]) -> set[int]:
    """Return which sentences of an article are in another script or language than most.

    Args:
        texts: the article's sentences, in order.

    Returns:
        Their indices. A quotation is nobody's instruction and stays; in an article that is not
        English only the script counts.
    """
    whole = " ".join(texts)
    if not is_latin(whole):
        return set()
    english = is_english(whole[:_SAMPLE])
    return {
        i
        for i, text in enumerate(texts)
        if text[:1] not in "«“„\"‘'"
        and not (is_latin(text) and (is_english(text) or not english or "://" in text))
    }
