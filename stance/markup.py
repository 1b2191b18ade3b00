"""Build HTML that cannot forget to escape, and cut a text where its marks begin and end."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stance.records import Span, StanceLabel

# Control characters that HTML forbids and that a terminal obeys, and halves of characters that no
# encoder takes. Each is replaced by one character, so that offsets hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"\r?\n[ \t]*\r?\n[ \t\r\n]*")
_LINE = re.compile(r"[\r\n]+")
_VOID = frozenset({"meta", "br"})


class Html(str):
    """Hold markup that is already safe; every other str is escaped on its way in."""

    __slots__ = ()


def printable(text: str) -> str:
    """Replace control characters and lone surrogates by U+FFFD, one for one."""
    return _UNPRINTABLE.sub("\ufffd", text)


def tag(name: str, /, *children: str | None, **attributes: str | None) -> Html:
    """Build one element.

    Args:
        name: the element's name.
        *children: what goes in; a str is escaped, `Html` is not, None is left out.
        **attributes: always escaped; None leaves one out. ``class_`` and ``data_n`` stand for
            ``class`` and ``data-n``.

    Returns:
        The markup.
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{pairs}>" + ("" if name in _VOID else f"{join(children)}</{name}>"))


def join(children: Iterable[str | None], mark: str = "") -> Html:
    """Put children side by side, escaping those that are not `Html`, with `mark` between them."""
    parts = (c if isinstance(c, Html) else _escape(c) for c in children if c is not None)
    return Html(_escape(mark).join(parts))


def _escape(text: str) -> str:
    return html.escape(printable(text), quote=True)


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark a stretch of the article.

    `anchor` is the id of its beginning and the class of all its parts. `label` is None for the
    source of a summary sentence, which shows only when it is linked to; `tip` is one line about a
    stance and `number` the stance's own.
    """

    span: Span
    anchor: str
    label: StanceLabel | None = None
    tip: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Hold a stretch of text that the same marks cover from end to end."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def segments(within: Span, marks: Sequence[Mark]) -> list[Segment]:
    """Cut a stretch of text wherever a mark begins or ends.

    Args:
        within: the stretch to cut.
        marks: any marks, overlapping, nested or crossing.

    Returns:
        Segments that follow one another without a gap from the beginning of `within` to its end.
    """
    here = [m for m in marks if m.span.overlaps(within)]
    edges = {edge for m in here for edge in (m.span.start, m.span.end)}
    cuts = sorted({within.start, within.end, *(e for e in edges if within.start < e < within.end)})
    return [
        Segment(a, b, tuple(m for m in here if m.span.start <= a and b <= m.span.end))
        for a, b in pairwise(cuts)
    ]


def paragraph_spans(text: str) -> list[Span]:
    """Return the paragraphs, parted by blank lines, or else by line ends."""
    spans: list[Span] = []
    start = 0
    parting = _BREAK if _BREAK.search(text.strip()) else _LINE
    for gap in parting.finditer(text):
        spans.append(Span(start, gap.start()))
        start = gap.end()
    return [s for s in (*spans, Span(start, len(text))) if s.of(text).strip()]


def highlight(text: str, marks: Sequence[Mark]) -> Html:
    """Set a text in paragraphs, its marks inside and a note on each beside.

    Args:
        text: the article.
        marks: what to mark in it.

    Returns:
        One ``div`` per paragraph: the words in ``p``, the notes in ``aside``. Without the notes and
        the tags it is the text itself.
    """
    begun: set[str] = set()
    parts: list[str] = []
    end = 0
    for number, paragraph in enumerate(paragraph_spans(text), 1):
        parts.append(text[end : paragraph.start])
        before = set(begun)
        inner = [_segment(text, s, begun) for s in segments(paragraph, marks)]
        fresh = [m for m in marks if m.label and m.anchor in begun and m.anchor not in before]
        aside = tag("aside", *map(_note, fresh)) if fresh else None
        parts.append(tag("div", tag("p", *inner, id=f"p{number}", dir="auto"), aside))
        end = paragraph.end
    return join([*parts, text[end:]])


def _note(mark: Mark) -> Html:
    return tag("div", tag("b", mark.number, class_=mark.label), mark.tip)


def _segment(text: str, segment: Segment, begun: set[str]) -> Html:
    """Wrap one segment: the source inside, then one mark for each label, each with its own line."""
    fresh = [m for m in segment.marks if m.anchor not in begun]
    begun.update(m.anchor for m in fresh)
    words: str = text[segment.start : segment.end]
    classes = " ".join(m.anchor for m in segment.marks)
    if any(m.label is None for m in segment.marks):
        words = tag("span", words, class_=f"source {classes}")
    layers = list(_layers(segment.marks))
    for depth, (label, of_label) in enumerate(reversed(layers), 1):
        outer = depth == len(layers)
        tip = "\n".join(m.tip for m in segment.marks if m.label) if outer else None
        numbers = "\u2009".join(dict.fromkeys(m.number for m in of_label if m in fresh)) or None
        words = tag(
            "mark",
            words,
            class_=f"{label} {classes}",
            data_n=numbers,
            title=tip,
            data_tip=tip,
            tabindex="0" if outer else None,
        )
    return join([*(tag("a", id=m.anchor) for m in fresh), words])


def _layers(marks: Sequence[Mark]) -> Iterator[tuple[StanceLabel, list[Mark]]]:
    labels = dict.fromkeys(m.label for m in marks if m.label is not None)
    for label in labels:
        yield label, [m for m in marks if m.label == label]
