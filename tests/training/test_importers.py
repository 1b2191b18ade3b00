from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from stance.errors import DataError, FileMissingError
from stance.records import Span
from stance.training.importers import read_labelled
from stance.training.labelled import Reading
from stance.training.tables import read_table

ROWS = [
    {"text": "The bridge is safe.", "target": "the bridge", "label": "pro"},
    {"text": "It is a ruin,\n“they” said; all of it.", "target": "the bridge", "label": "con"},
]


def write_csv(path: Path, rows: Sequence[dict[str, Any]], mark: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=mark)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_lines(path: Path, rows: Sequence[Any]) -> Path:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def labels(data: Any, **reading: Any) -> list[tuple[str, str]]:
    return [(r.place, r.label) for r in read_labelled(data, Reading(**reading)).rows]


# ---------------------------------------------------------------------- tables


def test_every_format_gives_the_same_rows(tmp_path: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet
    from datasets import Dataset

    write_lines(tmp_path / "a.jsonl", ROWS)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    (tmp_path / "c.json").write_text(json.dumps(ROWS), "utf-8")
    write_csv(tmp_path / "d.csv", ROWS)
    write_csv(tmp_path / "e.tsv", ROWS, "\t")
    write_csv(tmp_path / "f.csv", ROWS, ";")
    parquet.write_table(arrow.Table.from_pylist(ROWS), tmp_path / "g.parquet")
    read = [read_labelled(path, Reading()).rows for path in sorted(tmp_path.iterdir())]
    read += [read_labelled(Dataset.from_list(ROWS), Reading()).rows]
    read += [read_labelled(ROWS, Reading()).rows]
    said = [[(r.text, r.target, r.label) for r in rows] for rows in read]
    assert len(said) == 9
    assert all(rows == said[0] for rows in said)
    assert said[0][1][2] == "against"


def test_class_numbers_of_a_data_set_become_their_names() -> None:
    from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

    kinds = Features(
        text=Value("string"), target=Value("string"), label=ClassLabel(names=["con", "pro"])
    )
    part = Dataset.from_list([{"text": "a", "target": "b", "label": 1}], features=kinds)
    found = read_labelled(DatasetDict(train=part, validation=part), Reading())
    assert [(r.place, r.label, r.split) for r in found.rows] == [
        ("data:train[0]", "favor", "train"),
        ("data:validation[0]", "favor", "dev"),
    ]


def test_places_are_lines(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [*ROWS, *ROWS])
    # The second row takes two lines.
    assert [place for place, _ in labels(path)] == ["x.csv:2", "x.csv:3", "x.csv:5", "x.csv:6"]


def test_lines_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    lines = [json.dumps(ROWS[0]).encode(), b"{oops", b"[1]", b'{"text": "\xff"}', b""]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(DataError, match="3 bad rows") as error:
        labels(path)
    said = str(error.value)
    assert "x.jsonl:2: is not JSON" in said
    assert "x.jsonl:3: is a JSON list [1], not an object" in said
    assert "x.jsonl:4: byte 10 is not UTF-8" in said
    assert labels(path, skip_bad=True) == [("x.jsonl:1", "favor")]


def test_a_csv_row_of_another_width_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("text,target,label\na,b,pro\na,b,c,pro\n", "utf-8")
    with pytest.raises(DataError, match=r"x\.csv:3: has 4 fields, the header has 3; quote"):
        labels(path)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("x.docx", b"PK", r"suffix '\.docx'; labelled data is \.jsonl"),
        ("x.jsonl.gz", b"no gzip", "is damaged"),
        ("x.json", b"{", "is not JSON"),
        ("x.parquet", b"PAR", "is no Parquet file"),
        ("x.jsonl", b"", "has no labelled row"),
        ("x.csv", b"text,label\na,pro\n", "no column for target among 'text', 'label'"),
    ],
)
def test_files_that_are_wrong_as_a_whole(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=problem):
        labels(path)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="no file or folder"):
        labels(tmp_path / "missing.csv")
    with pytest.raises(FileMissingError):
        list(read_table(tmp_path / "missing.csv"))
    with pytest.raises(DataError, match="neither gold articles"):
        labels(tmp_path)


def test_numbers_as_labels_have_to_be_mapped(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x.jsonl", [{**ROWS[0], "label": 1}, {**ROWS[1], "label": 0}])
    with pytest.raises(DataError, match=r"label '1' is no stance label.*--labels 1=LABEL"):
        labels(path)
    assert [label for _, label in labels(path, labels={"1": "favor", "0": "against"})] == [
        "favor",
        "against",
    ]


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x.jsonl", [{"words": "a", "about": "b", "side": "pro"}])
    columns = {"text": "words", "target": "about", "label": "side"}
    assert labels(path, columns=columns) == [("x.jsonl:1", "favor")]


def test_a_folder_of_tables_is_read_file_by_file(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl", ROWS)
    write_csv(tmp_path / "a.csv", ROWS)
    places = [place for place, _ in labels(tmp_path)]
    assert places == ["a.csv:2", "a.csv:3", "b.jsonl:1", "b.jsonl:2"]


def test_a_given_split_names_rows_that_have_none(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x.jsonl", [ROWS[0], {**ROWS[1], "split": "train"}])
    found = read_labelled(path, Reading(), split="dev")
    assert [r.split for r in found.rows] == ["dev", "train"]


# ---------------------------------------------------------------------- known sets


def test_newsmtsc_in_its_own_form(tmp_path: Path) -> None:
    row = {
        "primary_gid": "allsides_7_1_2_Orr_6_9",
        "sentence_normalized": "Mayor Orr met Ana.",
        "targets": [
            {"mention": "Orr", "from": 6, "to": 9, "polarity": 6.0},
            {"mention": "Ana", "from": 14, "to": 17, "polarity": 2.0},
        ],
    }
    rows = read_labelled(write_lines(tmp_path / "train.jsonl", [row]), Reading()).rows
    assert [(r.target, r.label, r.target_span, r.spoken) for r in rows] == [
        ("Orr", "favor", Span(6, 9), True),
        ("Ana", "against", Span(14, 17), True),
    ]
    assert len({r.group for r in rows}) == 1


def test_newsmtsc_with_rows_of_another_form_is_told(tmp_path: Path) -> None:
    good = {"mention": "Bob", "polarity": 6.0, "from": 12, "to": 15}
    rows = [
        {"sentence_normalized": "Ann thanked Bob.", "targets": targets}
        for targets in ([good], "Bob", ["Bob"], None)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(r)}\n" for r in [*rows, {"targets": [good]}]), "utf-8")
    with pytest.raises(DataError, match="3 bad rows") as caught:
        read_labelled(path, Reading())
    assert "rows.jsonl:2: targets is 'Bob'; write a list of objects" in str(caught.value)
    assert "rows.jsonl:5: text must be a text, but is empty" in str(caught.value)
    assert len(read_labelled(path, Reading(skip_bad=True)).rows) == 1


def test_newsmtsc_as_it_is_on_hubs(tmp_path: Path) -> None:
    row = {"sentence": "Mayor Orr left.", "mention": "Orr", "from": 6, "to": 9, "polarity": -1}
    (only,) = read_labelled(write_lines(tmp_path / "x.jsonl", [row]), Reading()).rows
    assert (only.label, only.target_span) == ("against", Span(6, 9))


def test_fnc_joins_its_two_files(tmp_path: Path) -> None:
    bodies = [{"Body ID": 4, "articleBody": "One.\n\nTwo."}]
    write_csv(tmp_path / "train_bodies.csv", bodies)
    write_csv(tmp_path / "test_bodies.csv", [{"Body ID": 4, "articleBody": "Another."}])
    stances = [
        {"Headline": "A", "Body ID": 4, "Stance": "discuss"},
        {"Headline": "B", "Body ID": 4, "Stance": "unrelated"},
    ]
    path = write_csv(tmp_path / "train_stances.csv", stances)
    rows = read_labelled(path, Reading()).rows
    assert [(r.text, r.target, r.label, r.group) for r in rows] == [
        ("One.\n\nTwo.", "A", "neutral", "4"),
        ("One.\n\nTwo.", "B", "unrelated", "4"),
    ]
    write_csv(path, [*stances, {"Headline": "C", "Body ID": 5, "Stance": "agree"}])
    with pytest.raises(DataError, match=r"train_stances\.csv:4: body '5' is not in the file"):
        labels(path)


def test_fnc_without_its_bodies_says_what_is_missing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", [{"Headline": "A", "Body ID": 4, "Stance": "agree"}])
    with pytest.raises(FileMissingError, match="bodies"):
        labels(path)


def test_vast_has_numbers_for_labels(tmp_path: Path) -> None:
    rows = [
        {"author": "x", "post": f"Text {n}.", "new_topic": "t", "topic_str": "topic", "label": n}
        for n in range(3)
    ]
    found = read_labelled(write_csv(tmp_path / "vast.csv", rows), Reading()).rows
    assert [(r.target, r.label) for r in found] == [
        ("topic", "against"), ("topic", "favor"), ("topic", "neutral"),
    ]  # fmt: skip
    assert found[0].author == "x"


def test_semeval_has_bare_quotation_marks_between_tabs(tmp_path: Path) -> None:
    path = tmp_path / "semeval.txt"
    lines = [
        "ID\tTarget\tTweet\tStance",
        '1\tAtheism\the "said so #SemST\tAGAINST',
        "2\tX\tno\tNONE",
    ]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    found = read_labelled(path, Reading()).rows
    assert [(r.text, r.target, r.label) for r in found] == [
        ('he "said so #SemST', "Atheism", "against"),
        ("no", "X", "neutral"),
    ]


def test_a_data_set_that_cannot_be_fetched_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no route to host\nmore")

    monkeypatch.setattr(datasets, "load_dataset", refuse)
    with pytest.raises(DataError, match="'someone/stances' cannot be had: no route to host; check"):
        labels("someone/stances")


def test_articles_are_needed_for_tags(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x.jsonl", ROWS)
    with pytest.raises(DataError, match="attribution is learned from whole articles"):
        labels(path, task="attribution")
