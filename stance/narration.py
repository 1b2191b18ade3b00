"""Find where holders are spoken of outside of their own statements: what narration says of them.

"Her brother sees it otherwise.", "The bishop, the parents and the union all want it gone." have no
verb of saying and no act that a list could hold. Each such sentence is one more place to ask; which
of them speak to a target is for the pair scorer to judge.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from stance.drafts import is_dateline
from stance.mentions import Mentions
from stance.quotes import find_quotes
from stance.records import Span, Statement
from stance.text import Document, trim

# Words behind a mention, at least, that can say something of it.
MIN_WORDS = 3


def narrated(
    document: Document, statements: Sequence[Statement], mentions: Mentions
) -> list[Statement]:
    """Find the sentences that say something of somebody who is not their source.

    Args:
        document: the article.
        statements: those found, whose sources are left out.
        mentions: whom the document speaks of.

    Returns:
        Statements of kind ``narration`` without cue: the mention as source, the rest of its
        sentence as content.
    """
    sources = sorted(s.source for s in statements if s.source is not None)
    ends = _running_ends(sources)
    found = []
    for mention in mentions.all:
        sentence = document.sentences[document.at(mention.span.start)]
        if not mention.subject or _taken(sources, ends, mention.span):
            continue
        if is_dateline(document.text, mention.span.start):
            continue
        content = trim(document.text, mention.span.end, sentence.end)
        if content is not None and len(content.of(document.text).split()) >= MIN_WORDS:
            found.append(Statement((content,), mention.span, None, "narration"))
    return found


def _running_ends(spans: Sequence[Span]) -> list[int]:
    """Return, for each of some sorted spans, the furthest end so far."""
    ends: list[int] = []
    for span in spans:
        ends.append(max(span.end, ends[-1]) if ends else span.end)
    return ends


def _taken(sources: Sequence[Span], ends: Sequence[int], span: Span) -> bool:
    """Tell whether a span overlaps one of some sorted spans."""
    first = bisect_right(ends, span.start)
    return any(span.overlaps(s) for s in sources[first:] if s.start < span.end)


def voiced(document: Document, statements: Sequence[Statement]) -> list[Statement]:
    """Find the sentences that the article says itself, in nobody's name.

    Args:
        document: the article.
        statements: those found; a sentence that one of them touches is somebody else's.

    Returns:
        Statements of kind ``narration`` without source and cue, one per sentence.
    """
    spans = [q.span for q in find_quotes(document.text, document.paragraphs)]
    spans += [part for s in statements for part in (*s.content, *((s.cue,) if s.cue else ()))]
    taken = {index for span in spans for index in document.covering(span)}
    return [
        Statement((sentence,), None, None, "narration")
        for index, sentence in enumerate(document.sentences)
        if index not in taken and len(sentence.of(document.text).split()) > MIN_WORDS
    ]
