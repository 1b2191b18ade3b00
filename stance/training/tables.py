"""Read tables of labelled rows: JSON Lines, JSON, CSV, Parquet, and data sets of a hub."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.decode import decode
from stance.errors import DataError, EncodingError, FileMissingError, MissingExtraError
from stance.files import suffix_of
from stance.training.labelled import Bad

# The csv module refuses fields over 131,072 characters, which a long report can have.
_FIELD_CHARS = 16 * 2**20

Raw = tuple[str, Mapping[str, Any]] | Bad


def read_table(path: Path) -> Iterator[Raw]:
    """Read the rows of a file with their places.

    Args:
        path: ``.jsonl``, ``.ndjson``, ``.json``, ``.csv``, ``.tsv``, ``.txt`` (tabs) or
            ``.parquet``; the text formats also gzipped.

    Yields:
        ``(file:line, row)``, or what is wrong with the line.

    Raises:
        FileMissingError: there is no such file.
        DataError: it is of no known kind, or damaged as a whole.
    """
    if not path.is_file():
        raise FileMissingError(f"there is no file {str(path)!r}")
    suffix = suffix_of(path)
    if suffix == ".parquet":
        yield from _parquet(path)
        return
    reader = _READERS.get(suffix)
    if reader is None:
        raise DataError(
            f"{path} has the suffix {suffix!r}; labelled data is {', '.join(_READERS)}, .parquet, "
            "a folder of gold articles or of brat files, or the id of a data set"
        )
    yield from reader(path)


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    try:
        return gzip.decompress(data) if path.suffix.lower() == ".gz" else data
    except (OSError, EOFError) as error:
        raise DataError(f"{path} is damaged: {error}; copy or pack it again") from error


def _json_lines(path: Path) -> Iterator[Raw]:
    for number, line in enumerate(_bytes(path).split(b"\n"), 1):
        place = f"{path.name}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            yield Bad(place, f"byte {error.start} is not UTF-8; convert the file to UTF-8")
            continue
        except (ValueError, RecursionError) as error:
            said = line.decode("utf-8", "replace").strip()[:60]
            yield Bad(place, f"is not JSON ({error}): {said!r}; write one object per line")
            continue
        yield _object(row, place)


def _object(row: object, place: str) -> Raw:
    if isinstance(row, Mapping):
        return place, row
    return Bad(place, f"is a JSON {type(row).__name__} {row!r:.40}, not an object with columns")


def _json_items(path: Path) -> Iterator[Raw]:
    try:
        data = json.loads(_bytes(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DataError(f"{path} is not JSON: {error}") from error
    for number, item in enumerate(data if isinstance(data, list) else [data]):
        yield _object(item, f"{path.name}[{number}]")


def _csv(path: Path) -> Iterator[Raw]:
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_CHARS))
    try:
        text = decode(_bytes(path), path.name)
    except EncodingError as error:
        raise DataError(f"{error}; convert the file to UTF-8") from error
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    mark = max(",;\t|", key=first.count)
    lines.seek(0)
    # Tweets in tab-separated files carry bare quotation marks; there a line is a row.
    tabs = first.count("\t")
    bare = mark == "\t" and all(n == tabs for n in _tabs(text))
    quoting: Any = csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL
    reader = csv.reader(lines, delimiter=mark, quoting=quoting)
    header = [name.strip() for name in next(reader, [])]
    while True:
        place = f"{path.name}:{reader.line_num + 1}"
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Bad(place, f"{error}; double the quotation marks inside a quoted field")
            continue
        if row is None:
            return
        if len(row) == len(header):
            yield place, dict(zip(header, row, strict=True))
        elif row:
            yield Bad(
                place,
                f"has {len(row)} fields, the header has {len(header)}; quote the fields that hold "
                "the separator or a line end",
            )


def _tabs(text: str) -> Iterator[int]:
    return (line.count("\t") for line in text.split("\n") if line.strip())


_READERS: dict[str, Callable[[Path], Iterator[Raw]]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_items,
    ".csv": _csv,
    ".tsv": _csv,
    ".txt": _csv,
}


def _parquet(path: Path) -> Iterator[Raw]:
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise MissingExtraError.of("pyarrow", "train") from error
    try:
        file = parquet.ParquetFile(path)
        batches = list(file.iter_batches())
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is no Parquet file: {str(error).splitlines()[0]}") from error
    number = 0
    for batch in batches:
        for row in batch.to_pylist():
            yield f"{path.name}[{number}]", row
            number += 1


def read_dataset(data: Any, name: str) -> Iterator[Raw]:
    """Read a data set of the `datasets` library, class numbers turned into their names.

    Args:
        data: a ``Dataset``, or a mapping from split names to them.
        name: how to call it in messages.

    Yields:
        ``(name:split[number], row)``; the split is a column of the row where it had none.
    """
    parts = dict(data) if isinstance(data, Mapping) else {"": data}
    for split, part in parts.items():
        names = _class_names(part)
        for number, row in enumerate(part):
            place = f"{name}:{split}[{number}]" if split else f"{name}[{number}]"
            named = {
                key: names[key][value]
                if key in names and isinstance(value, int) and 0 <= value < len(names[key])
                else value
                for key, value in row.items()
            }
            yield place, named if "split" in named or not split else {**named, "split": split}


def _class_names(part: Any) -> dict[str, list[str]]:
    features = getattr(part, "features", None) or {}
    return {k: list(f.names) for k, f in features.items() if getattr(f, "names", None)}


def fetch_dataset(name: str) -> Any:
    """Fetch a data set from the hub, ``owner/name`` or ``owner/name:split``.

    Raises:
        DataError: it cannot be had; the message says what the hub said.
    """
    from datasets import load_dataset

    repository, _, split = name.partition(":")
    try:
        return load_dataset(repository, split=split or None)
    except Exception as error:  # the library raises nearly anything when the hub does not answer
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise DataError(
            f"the data set {name!r} cannot be had: {said}; check its id and the network, or save "
            "it as JSONL, CSV or Parquet and give that file"
        ) from error
