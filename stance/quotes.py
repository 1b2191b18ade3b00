"""Find quotations: straight, curly, guillemets, dashes; unclosed, nested, over several paragraphs.

Deterministic, linear in the text, and never at a loss: an odd mark yields a quotation that ends
with its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.records import Span

# Opening mark → the marks that may close it.
PAIRS = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    '"': '"',
    "‘": "’",
    "'": "'",
}
_SINGLE = {"‘", "'"}
_DASH_START = re.compile(r"[—–―-]\s+(?=\S)")
_DASH_BREAK = re.compile(r"\s[—–―]\s|,\s[—–―]\s?")
# A single mark opens a quotation only when so many words follow before it closes: else it is an
# apostrophe, a title or a scare quote.
MIN_SINGLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """Hold one quotation of one paragraph: `span` with its marks, `inner` without.

    `continues` is True where the paragraph before left it open.
    """

    span: Span
    inner: Span
    closed: bool = True
    continues: bool = False

    def words(self, text: str) -> int:
        """Count the words inside."""
        return len(self.inner.of(text).split())


def find_quotes(text: str, paragraphs: Sequence[Span]) -> tuple[Quote, ...]:
    """Find the outermost quotations of a text.

    Args:
        text: the article's text.
        paragraphs: its paragraphs, in order; no quotation crosses their ends, one that does in
            the text comes back as one quotation per paragraph, marked `continues`.

    Returns:
        The quotations, in order.
    """
    found: list[Quote] = []
    for paragraph in paragraphs:
        before = found[-1] if found else None
        opened = before is not None and not before.closed
        for quote in _in_paragraph(text, paragraph):
            starts = quote.span.start == paragraph.start
            follows = bool(opened and starts and before and _adjacent(text, before, paragraph))
            found.append(Quote(quote.span, quote.inner, quote.closed, follows))
            opened = False
    return tuple(found)


def _adjacent(text: str, quote: Quote, paragraph: Span) -> bool:
    """Tell whether only white space lies between a quotation and the next paragraph."""
    return not text[quote.span.end : paragraph.start].strip()


def _in_paragraph(text: str, paragraph: Span) -> Iterator[Quote]:
    dash = _DASH_START.match(text, paragraph.start, paragraph.end)
    if dash:
        stop = _DASH_BREAK.search(text, dash.end(), paragraph.end)
        end = stop.start() if stop else paragraph.end
        yield Quote(Span(paragraph.start, end), Span(dash.end(), end))
        return
    position = paragraph.start
    unclosed: set[str] = set()
    while position < paragraph.end:
        mark = text[position]
        if mark in PAIRS and mark not in unclosed and _opens(text, position, paragraph):
            close = _close(text, position, paragraph)
            if close is None and mark in _SINGLE:
                # Nothing closes the next one either: looking once keeps the whole linear.
                unclosed.add(mark)
            quote = _quote(text, position, close, paragraph)
            if quote is not None:
                yield quote
                position = quote.span.end
                continue
        position += 1


def _opens(text: str, at: int, paragraph: Span) -> bool:
    """Tell whether the mark stands where a quotation can begin."""
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + 1] if at + 1 < paragraph.end else " "
    if text[at] == "»":
        return before.isspace() and not after.isspace()
    clear = before.isspace() or before in "([{—–-:“\"‘'"
    return clear and not after.isspace()


def _close(text: str, start: int, paragraph: Span) -> int | None:
    """Return where the mark stands that closes the quotation from `start`, None for nowhere."""
    marks = PAIRS[text[start]]
    for position in range(start + 1, paragraph.end):
        if text[position] in marks and _closes(text, position, paragraph):
            return position
    return None


def _quote(text: str, start: int, close: int | None, paragraph: Span) -> Quote | None:
    """Make a quotation that ends at its close, or, in double marks, with its paragraph."""
    single = text[start] in _SINGLE
    if close is not None:
        quote = Quote(Span(start, close + 1), Span(start + 1, close))
        return quote if not single or quote.words(text) >= MIN_SINGLE_WORDS else None
    if single:
        return None
    return Quote(Span(start, paragraph.end), Span(start + 1, paragraph.end), closed=False)


def _closes(text: str, at: int, paragraph: Span) -> bool:
    """Tell whether the mark can end a quotation (an apostrophe inside a word cannot)."""
    if text[at] in "”»›」』“«":
        return True
    after = text[at + 1] if at + 1 < paragraph.end else " "
    if after.isalnum():
        return False
    if text[at] in "'’":
        # "the dogs' owner": a plural genitive, unless punctuation comes just before the mark.
        return (
            text[at - 1] in ".,!?;…"
            or not text[at - 1].isalpha()
            or after in ".,;:)"
            or (after.isspace() and text[at - 1] != "s")
        )
    return True
