"""Cut an article to what is read of it, and warn of what will not be read well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stance.errors import TooLongError
from stance.options import Options
from stance.records import Article, Coverage, Span, Summary
from stance.text import Document, make_document

__all__ = ["read", "warnings_of"]

# An English text has at least this share of the commonest English words.
_ENGLISH = frozenset(
    """
    the of and to in a is that for it was on with as by at from be this an are not have has
    """.split()
)
ENGLISH_SHARE = 0.10
_LAST_LATIN = "\u024f"


def read(article: Article, settings: Options) -> tuple[Document, Coverage]:
    """Cut the article, shortened at a sentence's end where it is over `max_chars`."""
    document = make_document(article)
    total = len(article.text)
    count = len(document.sentences)
    if settings.max_chars is None or total <= settings.max_chars:
        return document, Coverage(total, total, count, count)
    if settings.on_long == "error":
        raise TooLongError(
            f"article {article.id or '(no id)'!r} has {total} characters, over max_chars="
            f"{settings.max_chars}; raise max_chars or use on_long='truncate'"
        )
    kept = sum(1 for s in document.sentences if s.end <= settings.max_chars) or 1
    if kept == count:
        return document, Coverage(total, total, count, count)
    end = document.sentences[kept - 1].end
    paragraphs = tuple(Span(p.start, min(p.end, end)) for p in document.paragraphs if p.start < end)
    cut = Document(article, paragraphs, document.sentences[:kept], document.paragraph_of[:kept])
    return cut, Coverage(end, total, kept, count, truncated=True)


def warnings_of(
    document: Document, coverage: Coverage, summary: Summary | None = None
) -> Iterator[str]:
    """Warn of a text that is not English, hardly a text, not read to its end or not summarized."""
    words = re.findall(r"[^\W\d_]+", document.text.casefold())
    rare = len(words) >= 20 and sum(w in _ENGLISH for w in words) < ENGLISH_SHARE * len(words)
    if rare or _other_script(words):
        yield "the text does not look like English; the models read English only, expect little"
    if len(words) < 8 and len(document.text) > 40:
        yield "the text has hardly any words that can be read; expect little"
    if summary is not None and not summary.sentences:
        yield "no sentence may stand in a summary: each is ballast or speaks to a language model"
    if coverage.truncated:
        yield f"only the first {coverage.chars_read} of {coverage.chars_total} characters were read"


def _other_script(words: Sequence[str]) -> bool:
    """Tell whether most letters are not Latin ones, however the script parts its words."""
    letters = "".join(words)
    return sum(letter > _LAST_LATIN for letter in letters) > len(letters) / 2
