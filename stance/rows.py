"""Read articles from JSON Lines, JSON and CSV, row by row, so that a bad row costs itself alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from stance.decode import decode, mark_of
from stance.errors import EmptyTextError, EncodingError, FormatError, InputError
from stance.records import Article

# What data sets call the same column, the commonest name first.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "articlebody", "maintext", "full_text"),
    "title": ("title", "headline"),
    "id": ("id", "_id", "uuid", "guid"),
    "url": ("url", "link"),
    "source": ("source", "publisher", "outlet", "publication", "domain"),
    "date": ("date", "published", "published_at", "date_published", "publish_date"),
}
_META = tuple(name for name in _COLUMNS if name != "text")

_SURROGATE = re.compile("[\ud800-\udfff]")
# What `surrogateescape` makes of bytes that are no text.
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
# The csv module refuses fields over 131,072 characters, which a long report can have.
_FIELD_CHARS = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Bad:
    """Stand for what could not be read, so that a stream can go on after it."""

    place: str
    error: InputError


def clean(text: str) -> str:
    """Replace lone surrogates, which no encoder and no tokenizer takes, one for one."""
    return _SURROGATE.sub("\ufffd", text)


def json_lines(stream: BinaryIO, name: str, column: str | None = None) -> Iterator[Article | Bad]:
    """Read one article from each line that is not blank.

    Args:
        stream: the file, at its start.
        name: how to call it in messages.
        column: the key of the text, where it is none of the usual names.

    Yields:
        An article, or what is wrong with the line. A row without an id gets ``name:line``.
    """
    for number, line in enumerate(_lines(stream, name), 1):
        place = f"{name}:{number}"
        if not line.strip():
            continue
        try:
            if _ESCAPED_BYTE.search(line):
                raise EncodingError(f"{place} is not UTF-8; convert the file to UTF-8")
            yield _article(_parse(line, place), place, column)
        except InputError as error:
            yield Bad(place, error)


def json_items(text: str, name: str, column: str | None = None) -> Iterator[Article | Bad]:
    """Read a JSON file, one object or an array of them; an item without id gets ``name[index]``."""
    data = _parse(text, name)
    for number, item in enumerate(data if isinstance(data, list) else [data]):
        place = f"{name}[{number}]" if isinstance(data, list) else name
        try:
            yield _article(item, place, column)
        except InputError as error:
            yield Bad(place, error)


def csv_rows(stream: BinaryIO, name: str, column: str | None = None) -> Iterator[Article | Bad]:
    """Read one article from each row of a CSV file with a header; otherwise like `json_lines`.

    The separator (comma, semicolon, tab or bar) is the one that the header has most of.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_CHARS))
    lines = _lines(stream, name)
    first = next(lines, "")
    header = next(csv.reader([first], delimiter=(mark := max(",;\t|", key=first.count))), [])
    if _find(dict.fromkeys(header), "text", column) is None:
        raise FormatError(_no_text(name, header, column))
    reader = csv.reader(lines, delimiter=mark, strict=True)
    while True:
        place = f"{name}:{reader.line_num + 2}"
        try:
            row = next(reader, None)
            if row is None:
                return
            if row:
                yield _article(_zip(header, row, place), place, column)
        except csv.Error as error:
            message = f"{place}: {error}; double the quotation marks inside a quoted field"
            yield Bad(place, FormatError(message))
        except InputError as error:
            yield Bad(place, error)


def _lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """Decode line by line; a line in no encoding keeps its bytes as lone surrogates."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    mark = mark_of(buffered.peek(4)[:4])
    if mark:
        wrapper = io.TextIOWrapper(buffered, mark, "surrogateescape", newline="\n")
        yield from wrapper
        wrapper.detach()
        return
    for line in buffered:
        try:
            yield decode(line, name)
        except EncodingError:
            yield line.decode("utf-8", "surrogateescape")


def _parse(text: str, place: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}"
        raise FormatError(
            f"{place} is not JSON ({error.msg}, {where}): {text.strip()[:60]!r}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{place} is JSON that cannot be read: {error}") from error


def _zip(header: list[str], row: list[str], place: str) -> dict[str, str]:
    if len(row) != len(header):
        raise FormatError(
            f"{place} has {len(row)} fields, the header has {len(header)}; "
            "quote the fields that hold the separator or a line end"
        )
    if any(_ESCAPED_BYTE.search(field) for field in row):
        raise EncodingError(f"{place} is not UTF-8; convert the file to UTF-8")
    return dict(zip(header, row, strict=True))


def _article(row: object, place: str, column: str | None) -> Article:
    if not isinstance(row, Mapping):
        raise FormatError(f"{place} is a JSON {type(row).__name__}, not an object with a text")
    key = _find(row, "text", column)
    if key is None:
        raise FormatError(_no_text(place, list(row), column))
    text = row[key]
    if not isinstance(text, str):
        raise FormatError(
            f"{place}: {key} must be a string, not {type(text).__name__} {text!r:.40}"
        )
    if not text.strip():
        raise EmptyTextError(f"{place}: {key} is empty; remove the row or fill it")
    meta = {name: _plain(row.get(_find(row, name) or "")) for name in _META}
    return Article(clean(text), **{**meta, "id": meta["id"] or place})


def _find(row: Mapping[str, object], what: str, column: str | None = None) -> str | None:
    """Return the row's own key for `what`, however it is spelled and capitalized."""
    if column is not None:
        return column if column in row else None
    keys = {str(key).strip().casefold(): key for key in row}
    return next((keys[alias] for alias in _COLUMNS[what] if alias in keys), None)


def _no_text(place: str, keys: list[str], column: str | None) -> str:
    wanted = f"{column!r}" if column is not None else " / ".join(_COLUMNS["text"][:4])
    found = ", ".join(map(repr, keys[:12])) or "none"
    fix = "name the one that holds the text (--text-column, text_column=…)"
    return f"{place} has no {wanted} column, only {found}; {fix}"


def _plain(value: object) -> str | None:
    """Return a scalar as words; what is empty or nested is no metadata."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return clean(str(value)).strip() or None
