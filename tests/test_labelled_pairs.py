from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError, FileMissingError
from stance.labelled_pairs import LabelledPair, digest_of_pairs, is_pair_file, load_pairs

ROWS: list[dict[str, Any]] = [
    {"text": "Unions praised the deal.", "target": "the deal", "label": "support"},
    {"text": "It rained.", "target": "the deal", "label": "none", "holder": "Bo", "id": 7},
    {"text": "A waste!", "target": "the deal", "label": "con", "split": "test"},
]


def write(path: Path, rows: list[Any]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["text", "target", "label", "holder", "id", "split"])
            writer.writeheader()
            writer.writerows(rows)
        return path
    lines = json.dumps(rows) if ".json" in path.suffixes else "\n".join(map(json.dumps, rows))
    data = lines.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.csv"])
def test_every_format_gives_the_same_pairs(name: str, tmp_path: Path) -> None:
    pairs = load_pairs(write(tmp_path / name, ROWS))
    assert [(p.text, p.target, p.label, p.holder, p.split) for p in pairs] == [
        ("Unions praised the deal.", "the deal", "favor", None, None),
        ("It rained.", "the deal", "neutral", "Bo", None),
        ("A waste!", "the deal", "against", None, "test"),
    ]
    assert pairs[1].id == "7"
    assert pairs[0].id.startswith(name.removesuffix(".gz"))
    assert [p.text for p in load_pairs(tmp_path / name, split="test")] == ["A waste!"]


def test_other_names_of_the_columns_are_known(tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_text("sentence\tclaim\tstance\nIt failed, he said.\tit works\tdeny\n", "utf-8")
    (pair,) = load_pairs(file)
    assert (pair.text, pair.target, pair.label) == ("It failed, he said.", "it works", "against")


def test_every_wrong_row_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows = [
        json.dumps(ROWS[0] | {"id": "x"}),
        "{not json",
        "[1]",
        json.dumps({"text": "a", "label": "pro"}),
        json.dumps(ROWS[0] | {"label": "maybe"}),
        json.dumps(ROWS[0] | {"text": " "}),
        json.dumps(ROWS[1] | {"id": "x"}),
    ]
    file.write_text("\n".join(rows), "utf-8")
    with pytest.raises(DataError) as error:
        load_pairs(file)
    head, *lines = str(error.value).splitlines()
    assert head.endswith("6 offences in the pairs:")
    wanted = [
        "a.jsonl:2: cannot be read",
        "a.jsonl:3: expected an object, got list",
        "a.jsonl:4: has no target; its columns are text, label",
        "a.jsonl:5: unknown stance label 'maybe'",
        "a.jsonl:6: text must be a string with words in it, got ' '",
        "duplicate id 'x'",
    ]
    assert len(lines) == len(wanted)
    assert all(words in line for words, line in zip(wanted, lines, strict=True))


def test_a_file_of_another_kind_does_not_flood_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("words\n" * 500, "utf-8")
    with pytest.raises(DataError, match=r"500 offences(.|\n)*and 480 more$") as error:
        load_pairs(file)
    assert len(str(error.value).splitlines()) == 22


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match=r"no\.csv cannot be read"):
        load_pairs(tmp_path / "no.csv")
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(b"{}" * 99)[:-9])
    with pytest.raises(DataError, match="cannot be read"):
        load_pairs(torn)
    with pytest.raises(DataError, match=r"no pair of split 'dev'; its splits are \['None', 'test'"):
        load_pairs(write(tmp_path / "a.csv", ROWS), split="dev")
    empty = tmp_path / "empty.csv"
    empty.write_text("text,target,label\n", "utf-8")
    with pytest.raises(DataError, match="no pair"):
        load_pairs(empty)


def test_pair_files_are_known_by_their_suffix() -> None:
    names = ("a.csv", "a.TSV", "a.jsonl.gz", "b/c.json", "a.txt", "a.gz", "folder")
    assert [is_pair_file(Path(n)) for n in names] == [True] * 4 + [False] * 3


@given(st.lists(st.builds(LabelledPair, st.text(), st.text(), st.text(), st.just("favor"))))
def test_equal_gold_has_an_equal_digest_whatever_its_order(pairs: list[LabelledPair]) -> None:
    assert digest_of_pairs(pairs) == digest_of_pairs(reversed(pairs))
    again = [LabelledPair.from_dict(p.to_dict()) for p in pairs]
    assert digest_of_pairs(again) == digest_of_pairs(pairs)
