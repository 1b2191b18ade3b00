"""Join what the tagger found with what quotation marks say: who says or does what.

The tagger knows cues and sources; the marks know exactly where a quotation begins and ends. A
quotation that the tagger missed goes to the speaker of its paragraph, or, where it continues one,
to the speaker before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from stance.acts import find_acts
from stance.backends.base import Attribution, Encoding
from stance.names import names_somebody
from stance.quotes import Quote, find_quotes
from stance.records import Span, Statement, StatementKind
from stance.sources import mended
from stance.text import Document, joined, trim

# Attributions below this score look like noise; chosen by eye, not yet fitted.
MIN_SCORE = 0.45
# A quotation this short is a term or a scare quote, unless the tagger says otherwise.
MIN_QUOTE_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?][”\"’')]*\s+[A-Z“\"‘]|\n")
_LETTER = re.compile(r"\w")
_REPORTED = re.compile(
    r"^(?:an?\s+|the\s+|this\s+|those\s+|these\s+)?(?P<source>[^,;“\"]{2,60}?)[’']?s?\s+"
    r"(?P<cue>(?:intelligence\s+|police\s+|news\s+|media\s+)?(?:reports?|allegations?|claims?|"
    r"accusations?|assessments?|charges?|findings?|suggestions?|insistence|assertions?))\s+"
    r"(?P<that>that\s+)?(?P<content>\S.{12,})$",
    re.DOTALL,
)
_REPORT_BY = re.compile(
    r"^(?:an?\s+|the\s+)?(?P<cue>reports?|allegations?|claims?|accusations?|assessments?|"
    r"statements?|findings?)\s+(?:by|from|of)\s+(?P<source>.{2,60}?)\s+that\s+(?P<content>\S.{12,})$",
    re.DOTALL,
)
_REPORT_NOUN = re.compile(
    r"(?:(?:intelligence|police|news|media)\s+)?(?:reports?|allegations?|claims?|accusations?|"
    r"assessments?|charges?|findings?|suggestions?|insistence|assertions?|statements?)"
)
_NAMED = re.compile(r"[A-Z]|\b(?:ministry|council|union|police|critics|residents|opposition)\b")

# A statement that stretches over more words, its source included, is shown without its source.
MAX_CONTEXT = 150


def find_statements(
    document: Document, encoding: Encoding, *, acts: bool = True
) -> list[Statement]:
    """Find the statements of a document.

    Args:
        document: the article, cut into sentences.
        encoding: what the encoder found in it.
        acts: also take stances shown by acts ("vetoed", "sued"), as kind ``narration``.

    Returns:
        Statements in the order of the text.
    """
    text = document.text
    quotes = find_quotes(text, document.paragraphs)
    tagged = [a for a in encoding.attributions if a.score >= MIN_SCORE and _has_words(text, a)]
    statements = [_statement(text, attribution, quotes) for attribution in tagged]
    statements = _lent(document, statements)
    statements += _unclaimed(document, quotes, statements)
    statements += [inner for s in statements if (inner := reported(document, s))]
    if acts:
        statements += find_acts(document, statements, quotes, encoding.acts)
    statements = mended(text, statements)
    # Not a set: its order, and with it who comes first of two alike, would change from run to run.
    return sorted(dict.fromkeys(statements), key=lambda s: (s.span.start, s.span.end))


def _has_words(text: str, attribution: Attribution) -> bool:
    return any(_LETTER.search(span.of(text)) for span in attribution.content)


def _statement(text: str, attribution: Attribution, quotes: Sequence[Quote]) -> Statement:
    """Fit the content to the quotations it touches, and name its kind."""
    content = list(_near_cue(text, attribution, quotes))
    for index, span in enumerate(content):
        for near in _touching(quotes, span):
            if _belongs(span, quotes[near], attribution):
                content[index] = _union(content[index], quotes[near].span)
    fitted = tuple(joined(content, touching=True))
    return Statement(fitted, attribution.source, attribution.cue, kind_of(text, fitted, quotes))


def _near_cue(text: str, attribution: Attribution, quotes: Sequence[Quote]) -> tuple[Span, ...]:
    """Leave out contents that neither stand by the cue nor in quotation marks.

    What is reported without marks stands in the sentence of its cue; a content elsewhere is a slip
    of the tagger, unless it is all there is.
    """
    cue = attribution.cue
    if cue is None:
        return attribution.content
    kept = tuple(
        span
        for span in attribution.content
        if len(_touching(quotes, span)) or not _SENTENCE_END.search(_between(text, span, cue))
    )
    return kept or attribution.content


def _between(text: str, span: Span, cue: Span) -> str:
    first, second = sorted((span, cue))
    return text[first.end : second.start]


def _touching(quotes: Sequence[Quote], span: Span) -> range:
    """Return the indices of the quotations that a span overlaps (they lie in order, apart)."""
    first = bisect_right(quotes, span.start, key=lambda quote: quote.span.end)
    return range(first, bisect_left(quotes, span.end, key=lambda quote: quote.span.start))


def _belongs(span: Span, quote: Quote, attribution: Attribution) -> bool:
    """Tell whether a quotation that sticks out of the content is part of it."""
    if not span.overlaps(quote.span) or span.contains(quote.span):
        return False
    others = [part for part in (attribution.source, attribution.cue) if part is not None]
    return not any(part.overlaps(quote.span) for part in others)


def _union(a: Span, b: Span) -> Span:
    return Span(min(a.start, b.start), max(a.end, b.end))


def kind_of(text: str, content: Sequence[Span], quotes: Sequence[Quote]) -> StatementKind:
    """Call a content direct, mixed or indirect by the share of it inside quotation marks."""
    total = sum(len(span) for span in content)
    inside = sum(
        max(0, min(span.end, quotes[i].span.end) - max(span.start, quotes[i].span.start))
        for span in content
        for i in _touching(quotes, span)
    )
    if inside >= 0.85 * total:
        return "direct"
    return "mixed" if inside > 0 else "indirect"


def _unclaimed(
    document: Document, quotes: Sequence[Quote], statements: Sequence[Statement]
) -> list[Statement]:
    """Give quotations that no statement holds to the nearest speaker."""
    claimed = {i for s in statements for span in s.content for i in _touching(quotes, span)}
    speakers = sorted((s for s in statements if s.source), key=lambda s: s.span.start)
    owners: dict[int, Statement] = {}
    for statement in speakers:
        for span in statement.content:
            owners |= {i: statement for i in _touching(quotes, span) if i not in owners}
    nearest = _Speakers(document, speakers)
    result: list[Statement] = []
    previous: Statement | None = None
    for index, quote in enumerate(quotes):
        if index in owners:
            previous = owners[index]
        elif quote.words(document.text) >= MIN_QUOTE_WORDS and index not in claimed:
            speaker = previous if quote.continues else nearest.to(quote.span)
            speaker = speaker or (previous if _opens_paragraph(document, quote) else None)
            if speaker is not None:
                found = replace(speaker, content=(quote.span,), kind="direct")
                result.append(found)
                previous = found
    return result


def _lent(document: Document, statements: Sequence[Statement]) -> list[Statement]:
    """Give statements without a source that of the nearest speaker of their paragraph.

    What is quoted or has no cue either goes on with what somebody says; "it is alleged" does not.
    """
    known = (s for s in statements if not _unsaid(document.text, s))
    nearest = _Speakers(document, sorted(known, key=lambda s: s.span.start))
    result: list[Statement] = []
    for statement in statements:
        goes_on = statement.kind != "indirect" or statement.cue is None
        if goes_on and _unsaid(document.text, statement):
            speaker = nearest.to(statement.content[0])
            if speaker is None and statement.kind == "direct" and result:
                speaker = result[-1]
            if speaker is not None:
                statement = replace(statement, source=speaker.source)
        result.append(statement)
    return result


def _unsaid(text: str, statement: Statement) -> bool:
    """Tell whether a statement lacks a source, or has one that names nobody."""
    return statement.source is None or not names_somebody(statement.source.of(text))


def _opens_paragraph(document: Document, quote: Quote) -> bool:
    """Tell whether the quotation is the first thing in its paragraph."""
    index = document.paragraph_of[document.at(quote.span.start)]
    return document.paragraphs[index].start == quote.span.start


class _Speakers:
    """Find the speaker whose source stands nearest to a quotation, in its own paragraph."""

    def __init__(self, document: Document, speakers: Sequence[Statement]) -> None:
        self.document = document
        self.by_paragraph: dict[int, list[tuple[int, Statement]]] = {}
        for statement in speakers:
            source = statement.source or statement.span
            index = self._paragraph(source)
            if document.paragraphs[index].contains(source):
                self.by_paragraph.setdefault(index, []).append((source.start, statement))
        for here in self.by_paragraph.values():
            here.sort(key=lambda pair: pair[0])

    def _paragraph(self, span: Span) -> int:
        return self.document.paragraph_of[self.document.at(span.start)]

    def to(self, span: Span) -> Statement | None:
        """Return the speaker nearest to a span, None where the paragraph has none."""
        here = self.by_paragraph.get(self._paragraph(span), [])
        place = bisect_left(here, span.start, key=lambda pair: pair[0])
        near = here[max(0, place - 1) : place + 1]
        best = min(near, key=lambda pair: abs(pair[0] - span.start), default=None)
        return best[1] if best else None


def is_reported(text: str, statement: Statement) -> bool:
    """Tell whether a statement stands inside another's, as somebody's report or claim."""
    return statement.cue is not None and bool(_REPORT_NOUN.fullmatch(statement.cue.of(text)))


def words_of(text: str, statement: Statement) -> str:
    """Return a statement's content as one string, its marks trimmed."""
    parts = [span.of(text) for span in statement.content]
    return " ".join(part.strip(' \t\r\n“”"«»„,') for part in parts)


def context_of(document: Document, statement: Statement, words: int = 90) -> Span:
    """Return the stretch that shows a statement: its sentences, and one before where it fits.

    Args:
        document: the article.
        statement: one of its statements.
        words: the budget; a statement longer than that keeps its own sentences only.
    """
    whole = statement.span
    if len(whole.of(document.text).split()) > MAX_CONTEXT:
        # A source found far away would take others' words along.
        whole = Span(statement.content[0].start, statement.content[-1].end)
    if is_reported(document.text, statement):
        # "A denied a report by B that P": of B's side only B's own words tell.
        return whole
    sentences = document.covering(whole)
    start = document.sentences[sentences.start].start
    end = document.sentences[sentences.stop - 1].end
    if sentences.start > 0:
        earlier = document.sentences[sentences.start - 1]
        if len(document.text[earlier.start : end].split()) <= words // 2:
            start = earlier.start
    return trim(document.text, start, end) or whole


def reported(document: Document, statement: Statement) -> Statement | None:
    """Read a statement inside a statement: "denied a U.S. intelligence report that it sold arms".

    Args:
        document: the article.
        statement: one whose content may open with somebody else's report or claim.

    Returns:
        The inner statement, with its own source, or None.
    """
    whole = statement.content[0]
    words = whole.of(document.text)
    found = _REPORTED.match(words) or _REPORT_BY.match(words)
    if found is None or not _NAMED.search(found["source"]):
        return None
    start = whole.start
    source = Span(start + found.start("source"), start + found.end("source"))
    cue = Span(start + found.start("cue"), start + found.end("cue"))
    if "intelligence" in found["cue"]:
        source = Span(source.start, start + found.start("cue") + len("intelligence"))
        cue = Span(source.end + 1, cue.end)
    content = Span(start + found.start("content"), start + found.end("content"))
    return Statement((content,), source, cue, "indirect")
