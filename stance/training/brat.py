"""Read brat's stand-off annotations (Stenetorp et al. 2012): attributions, or stances on spans.

For attribution a text has spans Source, Cue and Content, joined by relations or by one event
each. For stance a span that shows it has an attribute Stance (``A1 Stance T3 favor``), and
relations ``Toward`` to a Target span and ``By`` to a Source or Holder span; an annotator's note on
the span may hold the target's words instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from stance.errors import LabelError
from stance.records import Span
from stance.text import make_document
from stance.training.examples import Attributed, TaggedExample
from stance.training.labelled import Bad, Labelled, LabelledRow, Reading, label_of

_ROLES = {
    **dict.fromkeys(("source", "holder", "speaker"), "source"),
    **dict.fromkeys(("cue", "verb"), "cue"),
    **dict.fromkeys(("content", "claim", "quote", "quotation"), "content"),
}
_KEY = re.compile(r"[TREAMN]\d+|#\d*|\*")
_TOWARD, _BY = ("toward", "towards", "target", "about"), ("by", "holder", "source")


@dataclass(slots=True)
class _Notes:
    """Hold one ``.ann`` file: spans, which spans belong together, stances and notes."""

    kinds: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    stances: dict[str, tuple[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def is_brat(folder: Path) -> bool:
    """Tell whether a folder holds brat files."""
    return any(folder.glob("*.ann"))


def read_brat(folder: Path, reading: Reading) -> Labelled:
    """Read every pair of ``.txt`` and ``.ann`` files of a folder."""
    found = Labelled(str(folder))
    for path in sorted(folder.glob("*.ann")):
        text_file = path.with_suffix(".txt")
        if not text_file.is_file():
            found.bad.append(Bad(path.name, f"has no text {text_file.name} beside it"))
            continue
        try:
            text, lines = _read(text_file), _read(path).splitlines()
        except UnicodeDecodeError as error:
            problem = f"it or its text is not UTF-8 (byte {error.start}); convert them to UTF-8"
            found.bad.append(Bad(path.name, problem))
            continue
        notes = _parse(path, lines, text, found.bad)
        if reading.task == "attribution":
            example = _tagged(notes, text, path.stem)
            found.tagged += [example] if example.attributions else []
        elif reading.task == "stance":
            found.rows += _rows(notes, text, path, reading, found.bad)
        else:
            found.bad.append(Bad(path.name, f"brat files hold no {reading.task} labels"))
    return found


def _read(path: Path) -> str:
    # As bytes: brat counts both characters of a Windows line end.
    return path.read_bytes().decode("utf-8")


def _parse(path: Path, lines: list[str], text: str, bad: list[Bad]) -> _Notes:
    notes = _Notes()
    for number, line in enumerate(lines, 1):
        if line.strip() and (problem := _take(line, text, notes)):
            bad.append(Bad(f"{path.name}:{number}", problem))
    return notes


def _take(line: str, text: str, notes: _Notes) -> str | None:
    """Read one line; return what is wrong with it."""
    parts = line.split("\t")
    key, head = parts[0], parts[1].split() if len(parts) > 1 else []
    if not _KEY.fullmatch(key):
        return f"{line!r:.60} is no annotation; those begin with T1, R1, E1, A1, # or *, and a tab"
    if key[0] in "TREAM#" and len(head) < 2:
        return f"{line!r:.60} is cut short; export the file from brat again"
    if key[0] == "T":
        return _take_span(parts, text, notes)
    if key[0] in "RE":
        arms = [arm.partition(":")[2] for arm in head]
        ends = arms if key[0] == "E" else arms[1:]
        notes.links += [(head[0].partition(":")[0].casefold(), ends[0], end) for end in ends[1:]]
    elif key[0] in "AM" and head[0].casefold() == "stance":
        notes.stances[head[1]] = (head[2] if len(head) > 2 else "", key)
    elif key[0] == "#" and len(parts) > 2:
        notes.words[head[1]] = parts[2].strip()
    return None


def _take_span(parts: list[str], text: str, notes: _Notes) -> str | None:
    kind, _, places = parts[1].partition(" ")
    ends = re.findall(r"(\d+) (\d+)", places)
    spans = tuple(Span(int(a), int(b)) for a, b in ends if int(a) <= int(b) <= len(text))
    said = parts[2] if len(parts) > 2 else ""
    if not ends or len(spans) < len(ends):
        return f"offsets {places!r} lie outside the text of {len(text)} characters"
    if len(parts) > 2 and _flat(" ".join(s.of(text) for s in spans)) != _flat(said):
        shown = " ".join(s.of(text) for s in spans)
        return (
            f"offsets {places!r} are {shown!r:.40} in the text, not {said!r:.40}; "
            "the .txt is another version than the one that was annotated"
        )
    notes.kinds[parts[0]], notes.spans[parts[0]] = kind.casefold(), spans
    return None


def _flat(words: str) -> str:
    return " ".join(words.split())


def _tagged(notes: _Notes, text: str, group: str) -> TaggedExample:
    """Join the spans that relations connect; each content or cue makes one attribution."""
    owner = {key: key for key in notes.kinds if notes.kinds[key] in _ROLES}

    def root(key: str) -> str:
        while owner[key] != key:
            key = owner[key]
        return key

    for _, one, other in notes.links:
        if one in owner and other in owner:
            owner[root(one)] = root(other)
    groups: dict[str, dict[str, list[Span]]] = {}
    for key in owner:
        role = _ROLES[notes.kinds[key]]
        groups.setdefault(root(key), {}).setdefault(role, []).extend(notes.spans[key])
    found = [
        Attributed(**{role: tuple(sorted(spans)) for role, spans in parts.items()})
        for parts in groups.values()
        if "content" in parts
    ]
    sentences = make_document(text).sentences if text.strip() else ()
    return TaggedExample(text, tuple(sentences), tuple(found), group)


def _rows(
    notes: _Notes, text: str, path: Path, reading: Reading, bad: list[Bad]
) -> list[LabelledRow]:
    rows = []
    for key, (word, attribute) in notes.stances.items():
        place = f"{path.name}:{attribute}"
        toward = _linked(notes, key, _TOWARD)
        target = notes.spans[toward][0].of(text) if toward else notes.words.get(key)
        if key not in notes.spans or not target:
            bad.append(Bad(place, f"no target: join {key} to a Target span by a relation Toward"))
            continue
        try:
            label = label_of(word, reading)
        except LabelError as error:
            bad.append(Bad(place, str(error)))
            continue
        by = _linked(notes, key, _BY)
        holder = notes.spans[by][0].of(text) if by else None
        passage = _around(text, notes.spans[key][0])
        rows.append(
            LabelledRow(passage, target, label, place, holder, group=path.stem, spoken=True)
        )
    return rows


def _linked(notes: _Notes, key: str, names: tuple[str, ...]) -> str | None:
    """Return the span that a relation of one of these names joins to `key`."""
    for name, one, other in notes.links:
        found = other if key == one else one
        # The span at the other end may have been refused.
        if name in names and key in (one, other) and found in notes.spans:
            return found
    return None


def _around(text: str, span: Span) -> str:
    """Return the sentences that a span lies in."""
    document = make_document(text)
    touched = [s for s in document.sentences if s.overlaps(span)]
    return text[touched[0].start : touched[-1].end] if touched else span.of(text)
