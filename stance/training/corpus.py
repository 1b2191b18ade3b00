"""Read the training corpus: short articles with their attributions and stances marked in the text.

An article is four parts, parted by lines of three dashes and opened by a line ``=== name``::

    === harbour-dredging
    title: Port council splits over dredging
    H1 person Ana Lindqvist | Mayor Lindqvist | the mayor
    T1 topic dredging the Harsund channel ~ leaving the Harsund channel undredged
    ---
    <s1 H1>Mayor Ana Lindqvist</s1> <c1>called</c1> <p1>the plan “our last chance”</p1>.
    ---
    H1 T1 favor 1

In the text ``s`` marks a source and its holder, ``c`` a cue, ``p`` a content, ``a`` an act that is
told and not said; the number joins the parts of one statement; one without a source of its own
("… and said that") shares that of its holder's statement before. ``|`` parts other wordings, ``~``
a wording that says the opposite. A line of the last part names holder (``A``: the article itself),
target, label, and the statements that show it (of ``A``: the words, in quotation marks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from stance.errors import DataError
from stance.records import LABELS, HolderKind, Span, TargetKind

_TAG = re.compile(r"<(/?)([scpa])(\d+)(?:\s+(H\d+))?>")
_PERSON = re.compile(r"(H\d+)\s+(person|organization|country|group|unnamed)\s+(\S.*)")
_TARGET = re.compile(r"(T\d+)\s+(claim|entity|topic)\s+(\S.*)")
_STANCE = re.compile(r'(H\d+|A)\s+(T\d+)\s+(\w+)\s+(\d+(?:[\s,]+\d+)*|".+")')
AUTHOR = "A"
# A source serves what follows it within so many characters.
SHARED_WITHIN = 300


@dataclass(frozen=True, slots=True)
class Party:
    """Hold a holder of the corpus: its names, the usual one first."""

    names: tuple[str, ...]
    kind: HolderKind


@dataclass(frozen=True, slots=True)
class Question:
    """Hold a target: its wordings, and those that say the opposite."""

    wordings: tuple[str, ...]
    opposites: tuple[str, ...]
    kind: TargetKind


@dataclass(slots=True)
class Told:
    """Hold one statement or act of the text."""

    holder: str | None = None
    source: list[Span] = field(default_factory=list)
    cue: list[Span] = field(default_factory=list)
    content: list[Span] = field(default_factory=list)
    act: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one stance row; `told` are the numbers of its statements, `words` the author's."""

    holder: str
    target: str
    label: Literal["favor", "against", "neutral"]
    told: tuple[int, ...] = ()
    words: Span | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold one article of the corpus."""

    name: str
    title: str
    text: str
    parties: dict[str, Party]
    questions: dict[str, Question]
    told: dict[int, Told]
    rows: tuple[Row, ...]


def read_corpus(folder: Path) -> list[Piece]:
    """Read every ``*.txt`` file of a folder.

    Raises:
        DataError: an article breaks the format; the message names file, article and offence.
    """
    return [piece for path in sorted(folder.glob("*.txt")) for piece in read_pieces(path)]


def read_pieces(path: Path) -> Iterator[Piece]:
    """Read the articles of one file."""
    raw = path.read_text(encoding="utf-8")
    for block in re.split(r"^=== ", raw, flags=re.MULTILINE)[1:]:
        name, _, rest = block.partition("\n")
        try:
            yield parse(name.strip(), rest)
        except DataError as error:
            raise DataError(f"{path}: {name.strip()}: {error}") from None


def parse(name: str, block: str) -> Piece:
    """Parse one article of the corpus."""
    parts = re.split(r"^---[ \t]*$", block, flags=re.MULTILINE)
    if len(parts) != 3:
        raise DataError(f"{len(parts)} parts; give head, text and stances, parted by '---' lines")
    title, parties, questions = _head(parts[0])
    text, told = unmark(parts[1].strip())
    for number, statement in told.items():
        _check(number, statement, parties)
    rows = tuple(_row(line, text, parties, questions, told) for line in _lines(parts[2]))
    _share_sources(told)
    return Piece(name, title, text, parties, questions, told, rows)


def _lines(part: str) -> list[str]:
    return [line.strip() for line in part.splitlines() if line.strip()]


def _head(part: str) -> tuple[str, dict[str, Party], dict[str, Question]]:
    title = ""
    parties: dict[str, Party] = {}
    questions: dict[str, Question] = {}
    for line in _lines(part):
        if line.startswith("title:"):
            title = line.removeprefix("title:").strip()
        elif found := _PERSON.fullmatch(line):
            names = tuple(n.strip() for n in found[3].split("|") if n.strip())
            parties[found[1]] = Party(names, cast(HolderKind, found[2]))
        elif found := _TARGET.fullmatch(line):
            same, *opposite = [part.strip() for part in found[3].split("~")]
            wordings = tuple(w.strip() for w in same.split("|") if w.strip())
            kind = cast(TargetKind, found[2])
            questions[found[1]] = Question(wordings, tuple(o for o in opposite if o), kind)
        else:
            raise DataError(f"head line {line!r}; write 'title: …', 'H1 person …' or 'T1 claim …'")
    if not title:
        raise DataError("no title; begin the head with 'title: …'")
    return title, parties, questions


def unmark(marked: str) -> tuple[str, dict[int, Told]]:
    """Take the marks out of a text: the plain text, and the statements by number."""
    pieces: list[str] = []
    length = position = 0
    opened: dict[tuple[str, int], int] = {}
    told: dict[int, Told] = {}
    for tag in _TAG.finditer(marked):
        pieces.append(marked[position : tag.start()])
        length += tag.start() - position
        position = tag.end()
        key = (tag[2], int(tag[3]))
        statement = told.setdefault(key[1], Told())
        if not tag[1]:
            if key in opened:
                raise DataError(f"<{tag[2]}{tag[3]}> opens twice; close it first")
            opened[key] = length
            statement.holder = tag[4] or statement.holder
            continue
        if key not in opened:
            raise DataError(f"</{tag[2]}{tag[3]}> closes what is not open")
        spans = {"s": statement.source, "c": statement.cue, "p": statement.content}
        spans.get(key[0], statement.act).append(Span(opened.pop(key), length))
    if opened:
        role, number = next(iter(opened))
        raise DataError(f"<{role}{number}> is never closed")
    text = "".join([*pieces, marked[position:]])
    if stray := re.search(r"</?[a-z]\d*[^>]{0,6}>", text):
        raise DataError(f"stray mark {stray[0]!r}; marks are <s1 H1>, <c1>, <p1>, <a1>")
    return text, dict(sorted(told.items()))


def _check(number: int, told: Told, parties: dict[str, Party]) -> None:
    if not told.content and not told.act:
        raise DataError(f"statement {number} has neither content <p{number}> nor act <a{number}>")
    if told.source and told.holder is None:
        raise DataError(f"source <s{number}> names no holder; write <s{number} H1>")
    if told.holder is not None and told.holder not in parties:
        raise DataError(f"statement {number}: {told.holder} is not in the head")


def _row(
    line: str,
    text: str,
    parties: dict[str, Party],
    questions: dict[str, Question],
    told: dict[int, Told],
) -> Row:
    found = _STANCE.fullmatch(line)
    if found is None:
        raise DataError(f"stance line {line!r}; write 'H1 T1 favor 1 3'")
    holder, target, label, shown = found.groups()
    if holder != AUTHOR and holder not in parties:
        raise DataError(f"stance line {line!r}: {holder} is not in the head")
    if target not in questions:
        raise DataError(f"stance line {line!r}: {target} is not in the head")
    if label not in LABELS:
        raise DataError(f"stance line {line!r}: label {label!r}; one of {', '.join(LABELS)}")
    if shown.startswith('"'):
        start = text.find(shown[1:-1])
        if holder != AUTHOR or start < 0:
            raise DataError(f"stance line {line!r}: quote words of the text, for holder A only")
        return Row(holder, target, label, words=Span(start, start + len(shown) - 2))
    numbers = tuple(int(n) for n in re.findall(r"\d+", shown))
    for number in numbers:
        if number in told and not told[number].source:
            told[number].holder = told[number].holder or holder
        if number not in told or told[number].holder != holder:
            raise DataError(f"stance line {line!r}: statement {number} is not one of {holder}'s")
    return Row(holder, target, label, numbers)


def _share_sources(told: dict[int, Told]) -> None:
    """Give a statement without a source that of the last one of its holder, where it is near."""
    for statement in told.values():
        if statement.source or statement.holder is None:
            continue
        start = min(span.start for span in [*statement.cue, *statement.content, *statement.act])
        before = [
            span
            for other in told.values()
            if other is not statement and other.holder == statement.holder
            for span in other.source
            if 0 <= start - span.start <= SHARED_WITHIN
        ]
        statement.source = [max(before)] if before else []
