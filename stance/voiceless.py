"""Find words that a sentence tells as fact and its article has in somebody's mouth only.

"Kosovo is not part of Albania," said the minister; a summary that begins with his words and leaves
out the marks and the minister makes a fact of a claim, though each of its words is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from stance.quotes import Quote, find_quotes
from stance.records import Span
from stance.text import Document

# So many words in a row make a borrowing; a sentence is borrowed that has so many words of such
# rows, and such a share of its words.
_RUN = 4
_LEAST_WORDS, _SHARE = 5, 0.6
# A quotation of fewer words is a scare quote, a title or a nickname, not a claim; one of more, or
# one that nothing closes, may be an odd mark that turned the text inside out.
_CLAIM_WORDS, _MOST_WORDS = 4, 80

_WORD = re.compile(r"\w+(?:['’]\w+)*")
# A sentence with one of these gives its words to somebody, or at least does not stand for them.
_GIVEN = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|sp(?:eak|eaks|oke|eaking)"
    r"|wr(?:ite|ites|ote|itten|iting)|th(?:ink|inks|ought)|fe(?:el|els|lt)|vow(?:s|ed)?"
    r"|ask(?:s|ed|ing)?|call(?:s|ed|ing)?|add(?:s|ed|ing)?|according\sto|in\sthe\swords\sof"
    r"|quot\w+|(?:accus|acknowledg|admi|alleg|announc|argu|assert|assur|believ|blam|boast|caution"
    r"|charg|cit|claim|comment|complain|conced|condemn|confess|confirm|conten|counter|criticis"
    r"|criticiz|declar|defend|demand|den(?=y|ie)|describ|dismiss|emphasi|estimat|expect|explain"
    r"|express|fear|hail|hint|hop(?=e|ing\b)|impl(?=y|ie)|indicat|insist|joke|label|lament|maintain|mention|not(?=e)"
    r"|object|pledg|point|prais|predict|promis|propos|protest|question|recall|recommend|reiterat"
    r"|reject|remark|repeat|repl(?=y|ie)|report|respon|reveal|stat(?=e[ds]|ing)|stress|suggest"
    r"|suspect|swor|tweet|urg|view|vow|warn|welcom|worr|post(?=ed|s))\w*)\b"
    # A name or a description, and what it says: "Brandt: the bridge is safe."
    r"|^[^:“”\"]{2,60}:\s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Voices:
    """Hold what an article has in quotation marks only.

    `borrowed` are the rows of words in them that stand nowhere else, `inside` the sentences in the
    middle of a quotation, which have no mark of it themselves.
    """

    borrowed: frozenset[tuple[str, ...]]
    inside: frozenset[int] = frozenset()

    @classmethod
    def of(cls, document: Document) -> Voices:
        """Read an article's quotations.

        Args:
            document: the article; quotations of fewer than four words count as its own words.
        """
        text = document.text
        found = find_quotes(text, document.paragraphs)
        quotes = [
            quote
            for quote, after in zip_longest(found, found[1:])
            if _is_marked(quote, after) and _CLAIM_WORDS <= quote.words(text) <= _MOST_WORDS
        ]
        quoted = set(chain.from_iterable(_rows(_words(q.inner.of(text))) for q in quotes))
        own = set(chain.from_iterable(_rows(_words(part)) for part in _outside(text, quotes)))
        return cls(frozenset(quoted - own), frozenset(_inside(document, quotes)))

    def lost(self, text: str) -> tuple[Span, ...]:
        """Find the words of a sentence that are somebody's and are not given to anybody.

        Args:
            text: one sentence.

        Returns:
            Their spans in `text`; none where the sentence has quotation marks around them, or any
            word by which it gives them to somebody.
        """
        if not self.borrowed:
            return ()
        paragraph = Span(0, len(text))
        marked = find_quotes(text, [paragraph])
        if _GIVEN.search(" ".join(_outside(text, marked))):
            return ()
        tokens = [
            Span(*match.span())
            for match in _WORD.finditer(text)
            if not any(quote.span.overlaps(Span(*match.span())) for quote in marked)
        ]
        places = self._places([_folded(token.of(text)) for token in tokens])
        if len(places) < max(_LEAST_WORDS, _SHARE * len(tokens)):
            return ()
        return tuple(_runs(tokens, places))

    def _places(self, words: Sequence[str]) -> list[int]:
        """Return the places of the words that stand in a borrowed row."""
        rows = (i for i, row in enumerate(_rows(words)) if row in self.borrowed)
        return sorted({place for start in rows for place in range(start, start + _RUN)})


def _is_marked(quote: Quote, after: Quote | None) -> bool:
    """Tell whether a mark closes a quotation, or the next paragraph opens it again.

    A dash may begin a mere item of a list.
    """
    if not quote.closed:
        return after is not None and after.continues
    return quote.inner.end < quote.span.end


def _inside(document: Document, quotes: Sequence[Quote]) -> list[int]:
    """Return the sentences that lie between a quotation's marks."""
    return [
        index
        for quote in quotes
        for index in document.covering(quote.inner)
        if quote.inner.start < document.sentences[index].start
        and document.sentences[index].end < quote.inner.end + (not quote.closed)
    ]


def _runs(tokens: Sequence[Span], places: Sequence[int]) -> list[Span]:
    """Join the tokens at neighbouring places."""
    runs: list[Span] = []
    last = -2
    for place in places:
        start = runs.pop().start if place == last + 1 else tokens[place].start
        runs.append(Span(start, tokens[place].end))
        last = place
    return runs


def _rows(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[i:] for i in range(_RUN)), strict=False))


def _words(text: str) -> list[str]:
    return [_folded(match[0]) for match in _WORD.finditer(text)]


def _folded(word: str) -> str:
    return word.casefold().replace("’", "'")


def _outside(text: str, quotes: Sequence[Quote]) -> list[str]:
    """Return the parts of a text between its quotations."""
    edges = [0, *chain.from_iterable((q.span.start, q.span.end) for q in quotes), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
