"""Read files of labelled pairs: a text, a target, the label, and where it is known the holder."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.decode import decode
from stance.errors import DataError, EncodingError, FileMissingError, LabelError
from stance.files import suffix_of
from stance.records import Label, Record, parse_label

# What data sets call the same column, the commonest name first.
_COLUMNS = {
    "text": ("text", "sentence", "passage", "argument"),
    "target": ("target", "topic", "claim"),
    "label": ("label", "stance"),
    "holder": ("holder", "author"),
}
_OPTIONAL = ("holder",)
# So many offences are told at once; a file of the wrong kind would have one per line.
_TOLD = 20
# The csv module refuses fields over 131,072 characters, which a long report can have.
_FIELD_CHARS = 16 * 2**20

Rows = Iterator[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class LabelledPair(Record):
    """Hold one pair and how its text, or its holder, stands toward its target."""

    id: str
    text: str
    target: str
    label: Label
    holder: str | None = None
    split: str | None = None


def is_pair_file(path: Path) -> bool:
    """Tell whether a path names a file that `load_pairs` reads, there or not."""
    return suffix_of(path) in _READERS


def load_pairs(file: str | Path, *, split: str | None = None) -> tuple[LabelledPair, ...]:
    """Load a file of labelled pairs; refuse it whole if anything in it is wrong.

    Args:
        file: JSON Lines, JSON or CSV (also gzipped), with a text, a target and a label in each row,
            and perhaps a holder, an id and a split. Labels may be in any wording that
            `stance.records.parse_label` knows.
        split: keep only the rows of this split; None keeps all.

    Returns:
        The pairs in the order of the file.

    Raises:
        FileMissingError: there is no such file.
        DataError: rows are wrong (one line each in the message), or none is left.
    """
    path = Path(file)
    pairs: list[LabelledPair] = []
    offences: list[str] = []
    for place, row in _READERS[suffix_of(path)](_read(path), path.name):
        try:
            pairs.append(_pair(row, place))
        except DataError as error:
            offences.append(str(error))
    offences += _twice(pairs)
    if offences:
        more = len(offences) - _TOLD
        lines = "\n  ".join([*offences[:_TOLD], *([f"… and {more} more"] if more > 0 else [])])
        raise DataError(f"{file}: {len(offences)} offences in the pairs:\n  {lines}")
    kept = tuple(p for p in pairs if split is None or p.split == split)
    if not kept:
        have = sorted({str(p.split) for p in pairs})
        raise DataError(f"{file} has no pair of split {split!r}; its splits are {have}")
    return kept


def digest_of_pairs(pairs: Iterable[LabelledPair]) -> str:
    """Return a sha256 over texts and labels: equal digests mean equal gold."""
    rows = [json.dumps(p.to_dict(), ensure_ascii=False, sort_keys=True) for p in pairs]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileMissingError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        return decode(gzip.decompress(data) if path.suffix.lower() == ".gz" else data, path.name)
    except (EncodingError, OSError, EOFError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _json_lines(text: str, name: str) -> Rows:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{name}:{number}", _parse(line)


def _json_items(text: str, name: str) -> Rows:
    data = _parse(text)
    items = data if isinstance(data, list) else [data]
    yield from ((f"{name}[{number}]", item) for number, item in enumerate(items))


def _parse(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        return error
    return parsed


def _csv_rows(text: str, name: str) -> Rows:
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_CHARS))
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in text[:200] else ",")
    try:
        for row in reader:
            yield f"{name}:{reader.line_num}", row
    except csv.Error as error:
        yield f"{name}:{reader.line_num}", error


_READERS: dict[str, Callable[[str, str], Rows]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_items,
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
}


def _pair(row: object, place: str) -> LabelledPair:
    if isinstance(row, Exception):
        raise DataError(f"{place}: cannot be read: {row}")
    if not isinstance(row, Mapping):
        raise DataError(f"{place}: expected an object, got {type(row).__name__}")
    found = {name: _field(row, name, place) for name in _COLUMNS}
    try:
        label = parse_label(found["label"] or "")
    except LabelError as error:
        raise DataError(f"{place}: {error}") from error
    known = {key: str(row[key]) for key in ("id", "split") if row.get(key) not in (None, "")}
    text, target = found["text"] or "", found["target"] or ""
    return LabelledPair(
        known.get("id", place), text, target, label, found["holder"], known.get("split")
    )


def _field(row: Mapping[Any, Any], name: str, place: str) -> str | None:
    key = next((key for key in _COLUMNS[name] if key in row), None)
    value = row.get(key)
    if name in _OPTIONAL and value in (None, ""):
        return None
    if key is None:
        have = ", ".join(map(str, row)) or "none"
        raise DataError(f"{place}: has no {name}; its columns are {have}")
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{place}: {key} must be a string with words in it, got {value!r}")
    return value


def _twice(pairs: Iterable[LabelledPair]) -> list[str]:
    """Name the ids that stand more than once."""
    seen: set[str] = set()
    offences: list[str] = []
    for pair in pairs:
        if pair.id in seen:
            offences.append(f"duplicate id {pair.id!r}")
        seen.add(pair.id)
    return offences
