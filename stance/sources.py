"""Mend the ends of sources: a tagger cuts names in two and takes a stray verb along."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from stance.names import PRONOUNS, WHEN, name_spans
from stance.records import Span, Statement

# Each turn takes one sign or one word, so that a row of commas is read in one pass.
_STRAY_START = re.compile(
    r"(?:[\s,;:—–-]|(?:[Aa]nd|[Oo]r|[Bb]ut|[Ss]aid|[Ss]ays|[Tt]old|[Ww]ent|[Aa]sked|[Pp]ut|that|"
    r"[Ww]hen|[Aa]s|[Bb]y|[Aa]ccording|[Tt]o)\s)+"
)
# In small letters alone: "the WHO" ends with its name.
_STRAY_END = re.compile(
    r"(?:[\s,;:—–-]|[’']s?|\s(?:himself|herself|itself|themselves|and|or|but|also|had|has|who|"
    r"which|put|said|says))\Z"
)
_LONGEST_END = len(" themselves")


def mended(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """Give each statement a source that begins and ends with whole names.

    Args:
        text: the article's text.
        statements: as the tagger found them.

    Returns:
        The same statements; without a source where nothing was left of it.
    """
    names = [Span(start, start + len(name)) for start, name in name_spans(text)]
    starts = [name.start for name in names]
    return [
        s if s.source is None else replace(s, source=_whole(text, s.source, names, starts))
        for s in statements
    ]


def _whole(text: str, source: Span, names: Sequence[Span], starts: Sequence[int]) -> Span | None:
    """Strip what belongs to no source, then take in the names that were cut."""
    words = source.of(text)
    if words.casefold() in PRONOUNS:
        return source
    lead = _STRAY_START.match(words)
    start = source.start + (len(lead[0]) if lead else 0)
    end = source.end
    while tail := _STRAY_END.search(text, max(start, end - _LONGEST_END), end):
        end = tail.start()
    if start >= end or WHEN.fullmatch(text[start:end]):
        return None
    for index in range(max(0, bisect_left(starts, start) - 1), len(names)):
        name = names[index]
        if name.start >= end:
            break
        if name.end > start and not WHEN.search(name.of(text)):
            start, end = min(start, name.start), max(end, name.end)
    return Span(start, end)
