"""Recognize the files of known data sets, and read any table, folder or data set as labelled rows.

Known are NewsMTSC (Hamborg and Donnay 2021), the Fake News Challenge's pair of CSV files (Pomerleau
and Rao 2017), VAST (Allaway and McKeown 2020) and SemEval-2016 Task 6 (Mohammad et al. 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any

from stance.errors import DataError, FileMissingError
from stance.files import suffix_of
from stance.hub import is_hub_id
from stance.training.brat import is_brat, read_brat
from stance.training.gold_data import is_gold, read_gold
from stance.training.labelled import REQUIRED, Bad, Labelled, Reading, key_of, row_of, settle
from stance.training.tables import Raw, fetch_dataset, read_dataset, read_table

_VAST = {"0": "against", "1": "favor", "2": "neutral"}
# The release counts from 2 to 6, public copies of it from -1 to 1.
_POLARITY = {
    "2": "against",
    "4": "neutral",
    "6": "favor",
    "-1": "against",
    "0": "neutral",
    "1": "favor",
}
_TABLES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".parquet")


def read_labelled(data: Any, reading: Reading, *, split: str = "") -> Labelled:
    """Read labelled data of any kind.

    Args:
        data: a file, a folder (gold articles, brat files, or tables), a hub's data set id, a
            `datasets` object, or rows as dictionaries.
        reading: the task, and how columns and labels are called.
        split: what every row without a split of its own belongs to.

    Returns:
        The rows, with notes on what was left out.

    Raises:
        DataError: rows are bad, or there are none.
        FileMissingError: there is no such file.
    """
    if not isinstance(data, str | Path):
        found = _rows(read_dataset(data, "data") if _is_dataset(data) else _given(data), reading)
        found.source = "data"
    else:
        found = _from_path(str(data), reading)
    if split:
        found.rows = [row if row.split else replace(row, split=split) for row in found.rows]
    return settle(found, reading)


def _is_dataset(data: Any) -> bool:
    return hasattr(data, "features") or (
        isinstance(data, Mapping) and any(hasattr(part, "features") for part in data.values())
    )


def _given(rows: Iterable[Any]) -> Iterator[Raw]:
    for number, row in enumerate(rows):
        if isinstance(row, Mapping):
            yield f"row {number}", row
        else:
            yield Bad(f"row {number}", f"is a {type(row).__name__}, not a dict with columns")


def _from_path(name: str, reading: Reading) -> Labelled:
    path = Path(name).expanduser()
    if path.is_dir():
        return _from_folder(path, reading)
    if not path.exists() and is_hub_id(name.partition(":")[0]) and not suffix_of(path):
        found = _rows(read_dataset(fetch_dataset(name), name), reading)
    elif not path.exists():
        raise FileMissingError(
            f"there is no file or folder {name!r}; a data set on the hub is written owner/name"
        )
    elif reading.task in ("attribution", "salience"):
        raise DataError(
            f"{name}: {reading.task} is learned from whole articles; give a folder in the gold "
            "format" + (" or of brat files" if reading.task == "attribution" else "")
        )
    else:
        found = _rows(_joined(path), reading)
    found.source = name
    return found


def _from_folder(path: Path, reading: Reading) -> Labelled:
    if is_gold(path):
        return read_gold(path, reading)
    if is_brat(path):
        return read_brat(path, reading)
    files = sorted(p for p in path.iterdir() if suffix_of(p) in _TABLES and p.suffix != ".txt")
    files = [p for p in files if "bodies" not in p.name]
    if not files or reading.task in ("attribution", "salience"):
        raise DataError(
            f"{path} holds neither gold articles (articles/*.txt and labels/*.json) nor brat files "
            f"(*.ann with *.txt){'' if files else ' nor a table of labelled rows'}"
        )
    found = _rows(chain.from_iterable(_joined(file) for file in files), reading)
    found.source = str(path)
    return found


def _rows(raws: Iterable[Raw], reading: Reading) -> Labelled:
    """Check and word every row of a table."""
    found = Labelled("")
    whole = list(raws)
    first = next((raw for raw in whole if not isinstance(raw, Bad)), None)
    if first is None:
        found.bad += [raw for raw in whole if isinstance(raw, Bad)]
        return found
    _check_names([raw[1] for raw in whole if not isinstance(raw, Bad)], reading)
    reading, expand = _form(first[1], reading)
    for raw in whole:
        if isinstance(raw, Bad):
            found.bad.append(raw)
            continue
        place, one = raw
        try:
            parts = [*expand(one)]
        except DataError as error:
            found.bad.append(Bad(place, str(error)))
            continue
        for part in parts:
            row = row_of(part, place, reading)
            found.bad.append(row) if isinstance(row, Bad) else found.rows.append(row)
    return found


def _check_names(rows: Sequence[Mapping[str, Any]], reading: Reading) -> None:
    """Raise DataError where no row has a column that was named: it would be missed in silence."""
    for what, name in reading.columns.items():
        if not any(name in row for row in rows):
            known = sorted({str(key) for row in rows for key in row})
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {what}={close[0]}? " if close else ""
            raise DataError(
                f"no row has the column {name!r} of --columns {what}={name}; {hint}there are "
                f"{', '.join(map(repr, known[:12]))}"
            )


Expand = Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]]


def _form(first: Mapping[str, Any], reading: Reading) -> tuple[Reading, Expand]:
    """Recognize a known set by its columns."""
    keys = {str(key).strip().casefold() for key in first}
    if {"sentence_normalized", "targets"} <= keys:
        return _worded(reading, _POLARITY), _newsmtsc
    if {"mention", "polarity", "from", "to"} <= keys:
        columns = {"target": "mention", "label": "polarity", "start": "from", "end": "to"}
        return _worded(_named(reading, columns), _POLARITY), _whole
    if {"post", "new_topic", "label"} <= keys:
        topic = "topic_str" if "topic_str" in keys else "new_topic"
        columns = {"text": "post", "target": topic}
        return _worded(_named(reading, columns), _VAST), _whole
    missing = [what for what in REQUIRED if key_of(first, what, reading) is None]
    if missing:
        raise DataError(
            f"no column for {missing[0]} among {', '.join(map(repr, first))}; "
            f"name it: --columns {missing[0]}=NAME"
        )
    return reading, _whole


def _named(reading: Reading, columns: Mapping[str, str]) -> Reading:
    return replace(reading, columns={**columns, **reading.columns})


def _worded(reading: Reading, labels: Mapping[str, str]) -> Reading:
    numbers = {f"{word}.0": label for word, label in labels.items()}
    return replace(reading, labels={**labels, **numbers, **reading.labels})


def _whole(row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return (row,)


def _newsmtsc(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Part a sentence of the original release into one row per target."""
    article = str(row.get("primary_gid", "")).rsplit("_", 3)[0]
    targets = row.get("targets") or ()
    if isinstance(targets, str) or not all(isinstance(target, Mapping) for target in targets):
        raise DataError(
            f"targets is {targets!r:.40}; write a list of objects with mention, polarity, from, to"
        )
    for target in targets:
        yield {
            "text": row.get("sentence_normalized"),
            "target": target.get("mention"),
            "label": target.get("polarity"),
            "start": target.get("from"),
            "end": target.get("to"),
            "group": article,
        }


def _joined(path: Path) -> Iterator[Raw]:
    """Read a table; where it is FNC-1's, put the bodies of the file beside it into its rows."""
    rows = read_table(path)
    first = next(rows, None)
    if first is None:
        return
    whole = chain([first], rows)
    keys = {} if isinstance(first, Bad) else {str(k).casefold(): k for k in first[1]}
    if not {"headline", "body id", "stance"} <= keys.keys():
        yield from whole
        return
    bodies = _bodies(path)
    for raw in whole:
        if isinstance(raw, Bad):
            yield raw
            continue
        place, row = raw
        number = str(row[keys["body id"]]).strip()
        if number in bodies:
            yield place, {**row, "text": bodies[number]}
        else:
            yield Bad(place, f"body {number!r} is not in the file of bodies; add it there")


def _bodies(path: Path) -> dict[str, str]:
    """Find FNC-1's bodies beside its stances."""
    beside = sorted(path.parent.glob("*bodies*.csv"))
    same = [p for p in beside if p.name.split("bodies")[0] == path.name.split("stances")[0]]
    if not beside:
        raise FileMissingError(
            f"{path} has Headline, Body ID and Stance, the form of FNC-1; put the file of its "
            f"bodies (*bodies*.csv, columns Body ID and articleBody) into {path.parent}"
        )
    found = {}
    for raw in read_table((same or beside)[0]):
        if not isinstance(raw, Bad):
            row = {str(key).casefold(): value for key, value in raw[1].items()}
            found[str(row.get("body id", "")).strip()] = row.get("articlebody", "")
    return found
