"""Cut a text into paragraphs and sentences without losing a character.

Sentence boundaries come from `sentencex` (MIT); everything here works on offsets, so that each
sentence is a slice of the text that came in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sentencex import segment

from stance.errors import EmptyTextError, EncodingError, NotTextError
from stance.records import Article, Span

# Beyond this many characters a "sentence" is a table, a log or a text without punctuation; it is
# cut at white space so that one sentence always fits the encoder's window.
MAX_SENTENCE_CHARS = 900

_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Marks that open what follows, where the splitter leaves them at the end of a sentence; straight
# ones do where the next word touches them.
_OPENING = re.compile(r"(?<=\s)(?:[“„«]\s*|[\"'‘])$")
# "She said no. Nobody left": the splitter takes "no." for *number* before some words.
_NO = re.compile(r"\b[Nn]o\.(?!\s+(?:[VXLC][IVXLC]*|I[IVX]+)\b)(?=\s+[\"'“‘]?[A-ZÀ-Þ](?!\w*\d))")
_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Document:
    """Hold an article cut into paragraphs and sentences; all offsets refer to `text`.

    `paragraph_of[i]` is the paragraph of sentence `i`.
    """

    article: Article
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    paragraph_of: tuple[int, ...]

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def sentence(self, index: int) -> str:
        """Return the words of sentence `index`."""
        return self.sentences[index].of(self.text)

    def at(self, position: int) -> int:
        """Return the index of the sentence at or before `position` (0 where there is none)."""
        low, high = 0, len(self.sentences)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if self.sentences[middle].start <= position else (low, middle)
            )
        return low

    def covering(self, span: Span) -> range:
        """Return the indices of the sentences that `span` touches."""
        return range(self.at(span.start), self.at(max(span.start, span.end - 1)) + 1)


def as_article(value: str | Article) -> Article:
    """Accept a str wherever an article is expected.

    Args:
        value: a text or an `Article`.

    Returns:
        The article itself, or a new one around the text.

    Raises:
        NotTextError: the value, or the article's text, is not a str.
        EmptyTextError: the text has nothing but white space.
        EncodingError: the text has half of a surrogate pair, which no encoding can write.
    """
    article = Article(text=value) if isinstance(value, str) else value
    if not isinstance(article, Article) or not isinstance(article.text, str):
        raise NotTextError(
            f"expected a str or a stance.Article, got {type(value).__name__}; "
            "read files with stance.files.read_articles(path)"
        )
    if not article.text.strip():
        raise EmptyTextError(f"the text of article {article.id or '(no id)'!r} is empty")
    broken = _SURROGATE.search(article.text)
    if broken is not None:
        raise EncodingError(
            f"the text of article {article.id or '(no id)'!r} has a lone surrogate "
            f"{broken[0]!r} at {broken.start()}; decode its bytes as UTF-8 or UTF-16"
        )
    return article


def make_document(value: str | Article) -> Document:
    """Cut an article into paragraphs and sentences.

    Args:
        value: a text or an `Article`.

    Returns:
        A document whose sentences are trimmed, in order, and never cross a paragraph's end.
    """
    article = as_article(value)
    paragraphs = tuple(
        span for m in _PARAGRAPH.finditer(article.text) if (span := trim(article.text, *m.span()))
    )
    sentences: list[Span] = []
    paragraph_of: list[int] = []
    for index, paragraph in enumerate(paragraphs):
        cut = sentence_spans(article.text, paragraph)
        sentences += cut
        paragraph_of += [index] * len(cut)
    return Document(article, paragraphs, tuple(sentences), tuple(paragraph_of))


def trim(text: str, start: int, end: int) -> Span | None:
    """Return the stretch without the white space around it, or None where nothing is left."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    right = end - len(words) + len(words.rstrip())
    return Span(left, right) if left < right else None


def joined(spans: Iterable[Span], *, touching: bool = False) -> list[Span]:
    """Sort spans and join those that overlap.

    Args:
        spans: in any order.
        touching: join those, too, of which one ends where the other begins.
    """
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end + touching:
            found[-1] = Span(found[-1].start, max(span.end, found[-1].end))
        else:
            found.append(span)
    return found


def split_sentences(text: str) -> list[str]:
    """Cut a text into its sentences' words."""
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)))]


def sentence_spans(text: str, within: Span) -> list[Span]:
    """Return the trimmed sentences of one stretch of `text`, none over `MAX_SENTENCE_CHARS`."""
    spans: list[Span] = []
    start = position = within.start
    for piece in segment("en", within.of(text)):
        position += len(piece)
        opening = _OPENING.search(piece)
        for cut in _answers(piece):
            spans += _bounded(text, start, position - len(piece) + cut)
            start = position - len(piece) + cut
        end = position - len(opening[0]) if opening else position
        spans += _bounded(text, start, end)
        start = end
    return spans + _bounded(text, start, position)


def _answers(piece: str) -> Iterator[int]:
    """Yield the ends of "no." as an answer that the splitter ran over; none within a quotation."""
    looked, opened, straight = 0, 0, 0
    for match in _NO.finditer(piece):
        words = piece[looked : match.start()]
        looked, opened = match.start(), opened + words.count("“") - words.count("”")
        straight += words.count('"')
        if opened <= 0 and straight % 2 == 0:
            yield match.end()


def _bounded(text: str, start: int, end: int) -> list[Span]:
    """Cut an overlong sentence at white space (anywhere, if it has none)."""
    spans: list[Span] = []
    while end - start > MAX_SENTENCE_CHARS:
        space = text.rfind(" ", start + 1, start + MAX_SENTENCE_CHARS)
        cut = space if space > start else start + MAX_SENTENCE_CHARS
        if span := trim(text, start, cut):
            spans.append(span)
        start = cut
    if span := trim(text, start, end):
        spans.append(span)
    return spans
