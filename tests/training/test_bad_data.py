"""Read bad data and check what is said of it: the file, the line, the value, the fix."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError, FileMissingError, OptionError
from stance.training.importers import read_labelled
from stance.training.labelled import LabelledRow, Reading, label_of
from stance.training.splits import Parts, SplitBy, split_rows

HEAD = "text,target,label\n"
GOOD = '"Ann praised the bridge.",the bridge,favor\n'


def csv(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "rows.csv"
    path.write_text(head + "".join(lines), encoding="utf-8")
    return path


def jsonl(folder: Path, *rows: Any) -> Path:
    path = folder / "rows.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def said(data: Any, reading: Reading | None = None) -> str:
    with pytest.raises(DataError) as caught:
        read_labelled(data, reading or Reading())
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Ann.,the bridge,favour it\n", ("rows.csv:3", "'favour it'", "--labels")),
        ("Ann.,the bridge,agre\n", ("rows.csv:3", "did you mean 'agree'?")),
        ("Ann.,the bridge,\n", ("rows.csv:3", "the label is empty", "label the row or remove it")),
        (",the bridge,favor\n", ("rows.csv:3", "text is empty", "fill it or remove the row")),
        ("Ann., ,favor\n", ("rows.csv:3", "target is empty", "fill it")),
        ("Ann, too,the bridge,favor\n", ("rows.csv:3", "4 fields", "quote the fields")),
    ],
)
def test_a_bad_row_is_told_with_file_line_value_and_fix(
    tmp_path: Path, line: str, told: tuple[str, ...]
) -> None:
    path = csv(tmp_path, GOOD, line)
    message = said(path)
    assert all(words in message for words in told), message
    assert "1 bad rows" in message
    assert "--skip-bad" in message
    found = read_labelled(path, Reading(skip_bad=True))
    assert len(found.rows) == 1
    assert found.notes[0].startswith("1 bad rows were left out, the first: rows.csv:3")


def test_bad_json_lines_are_told_one_by_one(tmp_path: Path) -> None:
    good = {"text": "Ann praised it.", "target": "it", "label": "favor"}
    path = jsonl(tmp_path, good, "{half", [1], good | {"text": 7}, good | {"start": 3, "end": 400})
    message = said(path)
    assert "4 bad rows" in message
    assert "rows.jsonl:2: is not JSON" in message
    assert "write one object per line" in message
    assert "rows.jsonl:3: is a JSON list [1]" in message
    assert "rows.jsonl:4: text must be a text, but is int 7" in message
    assert "offsets (3, 400) lie outside the text of 15 characters" in message


def test_bad_rows_of_parquet_are_told_by_their_number(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    good = {"text": "Ann praised it.", "target": "it", "label": "favor"}
    rows = [good, good | {"text": "Bob.", "label": "agre"}, good | {"text": None}]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "rows.parquet")
    message = said(tmp_path / "rows.parquet")
    assert "2 bad rows" in message
    assert "rows.parquet[1]: label 'agre' is no stance label; did you mean 'agree'?" in message
    assert "rows.parquet[2]: text must be a text, but is empty; correct it or remove" in message
    found = read_labelled(tmp_path / "rows.parquet", Reading(skip_bad=True))
    assert found.notes[0].startswith("2 bad rows were left out, the first: rows.parquet[1]")


def test_only_so_many_bad_rows_are_told(tmp_path: Path) -> None:
    message = said(csv(tmp_path, *["Ann.,the bridge,x\n"] * 30))
    assert "30 bad rows" in message
    assert "… and 10 more" in message


def test_a_missing_column_names_those_that_are_there(tmp_path: Path) -> None:
    path = csv(tmp_path, "Ann.,it,favor\n", head="words,target,label\n")
    assert "no column for text among 'words', 'target', 'label'; name it: --columns text=NAME" in (
        said(path)
    )
    (row,) = read_labelled(path, Reading(columns={"text": "words"})).rows
    assert (row.text, row.target, row.label) == ("Ann.", "it", "favor")


def test_a_named_column_that_no_row_has_is_told(tmp_path: Path) -> None:
    path = csv(tmp_path, "Ann.,it,favor,Orr\n", head="text,target,label,writer\n")
    message = said(path, Reading(columns={"author": "writter"}))
    assert "no row has the column 'writter' of --columns author=writter" in message
    assert "did you mean author=writer?" in message
    assert "there are 'label', 'target', 'text', 'writer'" in message
    (row,) = read_labelled(path, Reading(columns={"author": "writer"})).rows
    assert row.author == "Orr"
    # A column may be missing from some rows.
    rows = [{"text": "Ann.", "target": "it", "label": "pro"}]
    rows += [rows[0] | {"writer": "Orr"}]
    found = read_labelled(rows, Reading(columns={"author": "writer"})).rows
    assert [r.author for r in found] == ["", "Orr"]


def test_an_empty_file_and_no_file(tmp_path: Path) -> None:
    assert "has no labelled row" in said(csv(tmp_path))
    with pytest.raises(FileMissingError, match=r"no file or folder '.*gone\.csv'"):
        read_labelled(tmp_path / "gone.csv", Reading())
    assert "whole articles; give a folder in the gold format" in said(
        csv(tmp_path, GOOD), Reading("salience")
    )


def test_names_of_columns_and_labels_are_checked() -> None:
    with pytest.raises(OptionError, match="map it to one of favor, against"):
        Reading(labels={"yes": "good"})
    with pytest.raises(OptionError, match="no column 'words' is read"):
        Reading(columns={"words": "text"})
    assert label_of("YES", Reading(labels={"yes": "favor"})) == "favor"


def test_known_sets_are_read_as_they_are(tmp_path: Path) -> None:
    newsmtsc = {
        "sentence_normalized": "Ann thanked Bob.",
        "primary_gid": "paper_1_2_Ann_0_3",
        "targets": [{"mention": "Bob", "polarity": 6.0, "from": 12, "to": 15}],
    }
    (row,) = read_labelled(jsonl(tmp_path, newsmtsc), Reading()).rows
    assert (row.target, row.label, row.spoken) == ("Bob", "favor", True)
    (tmp_path / "train_bodies.csv").write_text("Body ID,articleBody\n4,The mill burns.\n")
    stances = tmp_path / "train_stances.csv"
    stances.write_text("Headline,Body ID,Stance\nMill on fire,4,agree\nMill gone,5,disagree\n")
    assert "body '5' is not in the file of bodies" in said(stances)
    (row,) = read_labelled(stances, Reading(skip_bad=True)).rows
    assert (row.text, row.target, row.label) == ("The mill burns.", "Mill on fire", "favor")
    vast = tmp_path / "vast.csv"
    vast.write_text("post,new_topic,label\nI like trams.,trams,1\nI hate trams.,trams,0\n")
    assert [r.label for r in read_labelled(vast, Reading()).rows] == ["favor", "against"]
    semeval = tmp_path / "semeval.txt"
    semeval.write_text("ID\tTarget\tTweet\tStance\n1\ttrams\tI like trams\tFAVOR\n")
    (row,) = read_labelled(semeval, Reading()).rows
    assert (row.text, row.label) == ("I like trams", "favor")


def test_parquet_and_datasets_are_read(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    rows = {"text": ["Ann praised it."], "target": ["it"], "label": [1]}
    features = datasets.Features(
        text=datasets.Value("string"),
        target=datasets.Value("string"),
        label=datasets.ClassLabel(names=["against", "favor"]),
    )
    data = datasets.Dataset.from_dict(rows, features=features)
    (row,) = read_labelled(datasets.DatasetDict(validation=data), Reading()).rows
    assert (row.label, row.split) == ("favor", "dev")
    words = datasets.Dataset.from_dict({**rows, "label": ["against"]})
    words.to_parquet(tmp_path / "rows.parquet")
    (row,) = read_labelled(tmp_path / "rows.parquet", Reading()).rows
    assert row.label == "against"
    (tmp_path / "bad.parquet").write_bytes(b"none of that")
    assert "is no Parquet file" in said(tmp_path / "bad.parquet")


def test_brat_files_are_read_and_checked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ann praised the bridge.", encoding="utf-8")
    notes = tmp_path / "a.ann"
    notes.write_text(
        "T1\tSource 0 3\tAnn\nT2\tCue 4 11\tpraised\nT3\tContent 12 22\tthe bridge\n"
        "E1\tCue:T2 Source:T1 Content:T3\n"
    )
    (example,) = read_labelled(tmp_path, Reading("attribution")).tagged
    (found,) = example.attributions
    assert [s.of(example.text) for s in found.cue] == ["praised"]
    notes.write_text("T1\tSource 0 3\tBob\n")
    message = said(tmp_path, Reading("attribution"))
    assert "a.ann:1" in message
    assert "Bob" in message


# Parting.


def row(n: int, label: str, **more: Any) -> LabelledRow:
    fields = {"text": f"text number {n}", "target": "it", "place": f"f:{n}", **more}
    return LabelledRow(label=label, **fields)


def test_one_label_is_too_few() -> None:
    with pytest.raises(DataError, match=r"all 9 rows have the label 'favor'.*at least two labels"):
        split_rows([row(n, "favor") for n in range(9)])


def test_a_label_that_dev_lacks_and_a_one_sided_set_are_told() -> None:
    rows = [row(n, "favor") for n in range(60)] + [row(60, "against")]
    notes = "\n".join(split_rows(rows).notes)
    assert "dev has no row with the label 'against' (train has 1)" in notes
    assert "have the label 'favor'; rare labels weigh more" in notes


def test_nineteen_rows_of_twenty_alike_are_told() -> None:
    rows = [row(n, "favor", split="train") for n in range(19)]
    rows += [row(19, "against", split="train"), row(20, "favor", split="dev")]
    rows += [row(21, "against", split="dev")]
    (note,) = split_rows(rows).notes
    assert note.startswith("19 of 20 training rows (95%) have the label 'favor'; rare labels weigh")
    assert "label more rows of the others before you trust it" in note
    rows[0] = row(0, "against", split="train")
    assert split_rows(rows).notes == []


def test_doubles_and_contradictions_are_named() -> None:
    rows = [row(n, ("favor", "against")[n % 2]) for n in range(20)]
    twice = row(30, "favor", text="Text number 0!")
    against = row(31, "against", text="text number 2")
    parts = split_rows([*rows, twice, against])
    assert parts.notes[0] == "1 rows stand twice; each was kept once: f:30 repeats f:0"
    assert "f:31 repeats f:2 as against, not favor" in parts.notes[1]
    assert sum(parts.counts().values()) == 21


def test_rows_of_dev_leave_train_and_are_named() -> None:
    rows = [row(n, ("favor", "against")[n % 2], split="train") for n in range(8)]
    dev = [row(n, ("favor", "against")[n % 2], split="dev", place=f"g:{n}") for n in (0, 11)]
    parts = split_rows([*rows, *dev])
    assert parts.counts() == {"train": 7, "dev": 2, "test": 0}
    assert any("f:0 is g:0" in note for note in parts.notes)


def test_rows_of_dev_and_test_files_leave_train_too(tmp_path: Path) -> None:
    lines = [f"Text number {n}.,it,{('pro', 'con')[n % 2]}\n" for n in range(12)]
    found = []
    for name, part, own in (
        ("train", "", lines),
        ("dev", "dev", [lines[0], "Of dev.,it,pro\n"]),
        ("test", "test", lines[3:5]),
    ):
        (tmp_path / f"{name}.csv").write_text(HEAD + "".join(own), "utf-8")
        found += read_labelled(tmp_path / f"{name}.csv", Reading(), split=part).rows
    parts = split_rows([replace(r, split=r.split or "train") for r in found])
    assert parts.counts() == {"train": 9, "dev": 2, "test": 2}
    notes = "\n".join(parts.notes)
    assert "1 rows of dev stood in train too and left it: train.csv:2 is dev.csv:2" in notes
    assert "2 rows of test stood in train too and left it: train.csv:5 is test.csv:2" in notes


def test_too_few_groups_cannot_be_parted() -> None:
    rows = [row(n, ("favor", "against")[n % 2], group=f"a{n % 2}") for n in range(20)]
    with pytest.raises(DataError, match=r"only 2 groups.*--split-by none"):
        split_rows(rows)
    assert split_rows(rows, by="none").dev
    with pytest.raises(OptionError, match="no row has an author"):
        split_rows(rows, by="author")


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.booleans()), min_size=8),
    st.sampled_from(["article", "target"]),
    st.integers(0, 3),
)
def test_no_group_is_torn_apart(drawn: list[tuple[int, int, bool]], by: SplitBy, seed: int) -> None:
    rows = [
        row(n, "favor" if yes else "against", text=f"t {text}", target=f"on {g}", group=f"g{g}")
        for n, (text, g, yes) in enumerate(drawn)
    ]
    try:
        parts: Parts[LabelledRow] = split_rows(rows, by=by, seed=seed)
    except DataError:
        return
    for of in (lambda r: r.text, lambda r: r.group if by == "article" else r.target):
        assert not {of(r) for r in parts.train} & {of(r) for r in parts.dev}
