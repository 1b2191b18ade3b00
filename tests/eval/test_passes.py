"""Two passes of one small article, compared by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.passes import compare, compare_passes, load_pass, match_holders, pair_rows
from stance.errors import DataError, FileMissingError
from stance.gold import GoldArticle, GoldHolder, GoldStance, load_gold
from stance.metrics import Counts
from stance.records import LABELS, Label

TEXT = (
    "The mill will close, the owner Ann Roe said. "
    "The union denied that the mill will close. "
    "Mayor Bo Lund said it was too early to say. "
    "Bo Lund praised the mill."
)
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
Data = dict[str, Any]


def quote(words: str) -> Data:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def row(holder: str, target: str, label: str, *words: str) -> Data:
    evidence = [quote(w) for w in words]
    return {"holder": holder, "target": target, "label": label, "evidence": evidence}


def holder(id_: str, name: str, *aliases: str, kind: str = "person") -> Data:
    return {"id": id_, "name": name, "kind": kind, "aliases": list(aliases)}


def first() -> Data:
    return {
        "id": "mill",
        "split": "test",
        "salient": [
            quote("The mill will close, the owner Ann Roe said."),
            quote("The union denied"),
        ],
        "holders": [
            holder("H1", "Ann Roe", "the owner Ann Roe"),
            holder("H2", "the union", kind="organization"),
            holder("H3", "Bo Lund", "Mayor Bo Lund"),
            holder("H4", "a holder without a row"),
        ],
        "targets": [
            {"id": "T1", "text": "The mill will close", "kind": "claim"},
            {"id": "T2", "text": "the mill", "kind": "entity"},
        ],
        "stances": [
            row("H1", "T1", "favor", "The mill will close"),
            row("H2", "T1", "against", "denied that the mill will close"),
            row("H3", "T1", "neutral", "too early to say"),
            row("H3", "T2", "favor", "praised the mill"),
        ],
    }


def second() -> Data:
    """Give the same targets under other ids; miss one row, add two, and differ in one label."""
    return {
        "id": "mill",
        "salient": [
            quote(w) for w in ("The mill will close,", "Mayor Bo Lund", "praised the mill")
        ],
        "holders": [
            holder("A", "the owner Ann Roe", "Ann Roe"),
            holder("B", "The union", kind="organization"),
            holder("C", "Mayor Bo Lund"),
            holder("D", "readers", kind="group"),
        ],
        "targets": [
            {"id": "X2", "text": "the mill", "kind": "entity"},
            {"id": "X1", "text": "The mill will close", "kind": "claim"},
        ],
        "stances": [
            row("D", "X1", "neutral", "it was too early"),
            row("D", "X2", "against", "The mill will close"),
            row("C", "X1", "favor", "too early"),
            row("B", "X1", "against", "denied"),
            row("A", "X1", "favor", "The mill will close"),
        ],
    }


def article(data: Data) -> GoldArticle:
    parts = {k: v for k, v in data.items() if k != "id"}
    return GoldArticle.from_dict({"article": {"text": TEXT, "id": data["id"]}, **parts})


def write(folder: Path, data: Data, *, name: str = "mill") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


@pytest.fixture
def passes(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "mill.txt").write_text(f"Mill\n\n{TEXT}\n", encoding="utf-8")
    write(tmp_path / "first", first())
    write(tmp_path / "second", second())
    return tmp_path


def test_every_count_is_the_one_worked_out_by_hand() -> None:
    found = compare(article(first()), article(second()), split="dev")
    assert (found.id, found.split) == ("mill", "dev")
    assert sorted(found.labels) == [
        ("absent", "against"),
        ("absent", "neutral"),
        ("against", "against"),
        ("favor", "absent"),
        ("favor", "favor"),
        ("neutral", "favor"),
    ]
    assert found.rows == Counts(tp=2, fp=3, fn=2)
    assert found.holders == Counts(tp=3, fp=1, fn=0)
    # 4 words of 4; 1 of 6; 2 of 4: the rows that both have, whatever their labels.
    assert found.evidence == Counts(tp=7, fp=0, fn=7)
    assert found.exact == Counts(tp=1, fp=2, fn=2)
    assert found.salient == Counts(tp=1, fp=2, fn=1)


def test_the_table_has_the_first_pass_down() -> None:
    table = compare(article(first()), article(second())).table
    assert table.tolist() == [[1, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 1, 0]]


def test_a_pass_agrees_with_itself() -> None:
    found = compare(article(first()), article(first()))
    assert all(a == b for a, b in found.labels)
    for counts in (found.rows, found.holders, found.evidence, found.exact, found.salient):
        assert counts.f1 == 1.0
        assert counts.tp > 0


def test_exchanging_the_passes_exchanges_what_is_missed_and_what_is_added() -> None:
    there, back = (
        compare(article(a), article(b)) for a, b in ((first(), second()), (second(), first()))
    )
    assert back.table.tolist() == there.table.T.tolist()
    for name in ("rows", "holders", "evidence", "exact", "salient"):
        ours, theirs = getattr(there, name), getattr(back, name)
        assert (ours.tp, ours.fp, ours.fn) == (theirs.tp, theirs.fn, theirs.fp)


def test_a_change_of_side_that_one_pass_misses_leaves_one_row_absent() -> None:
    ours, theirs = first(), second()
    ours["stances"].append(row("H2", "T1", "favor", "the mill will close"))
    assert ("favor", "absent") in compare(article(ours), article(theirs)).labels
    theirs["stances"].insert(0, row("B", "X1", "favor", "the mill will close"))
    union = [p for p in compare(article(ours), article(theirs)).labels if p == ("favor", "favor")]
    assert len(union) == 2


def test_passes_on_different_targets_are_refused() -> None:
    theirs = second()
    theirs["targets"][0]["text"] = "the old works"
    with pytest.raises(DataError, match="the mill"):
        compare(article(first()), article(theirs))


def test_the_author_is_the_author_by_any_name() -> None:
    ours = [GoldHolder("H1", "author", "author"), GoldHolder("H2", "the paper", "organization")]
    theirs = [GoldHolder("A", "the column's writer", "author")]
    assert match_holders(ours, theirs) == {"A": "H1"}


def test_no_holders_no_match() -> None:
    assert match_holders([], [GoldHolder("A", "the union", "organization")]) == {}


def stances(labels: Sequence[Label]) -> list[GoldStance]:
    return [GoldStance("H", "T", label) for label in labels]


def test_equal_labels_are_paired_first_and_the_rest_in_order() -> None:
    pairs = pair_rows(stances(["favor", "against"]), stances(["neutral", "favor"]))
    assert [(a and a.label, b and b.label) for a, b in pairs] == [
        ("favor", "favor"),
        ("against", "neutral"),
    ]


@given(
    st.lists(st.sampled_from(LABELS), unique=True), st.lists(st.sampled_from(LABELS), unique=True)
)
def test_every_row_is_paired_once_and_no_equal_labels_are_parted(
    left: list[Label], right: list[Label]
) -> None:
    pairs = pair_rows(stances(left), stances(right))
    assert sorted(a.label for a, _ in pairs if a) == sorted(left)
    assert sorted(b.label for _, b in pairs if b) == sorted(right)
    equal = [a.label for a, b in pairs if a and b and a.label == b.label]
    assert sorted(equal) == sorted(set(left) & set(right))
    assert len(pairs) == max(len(left), len(right))


def test_the_split_is_that_of_the_current_labels(passes: Path) -> None:
    folders = passes / "first", passes / "second", passes / "articles"
    assert [a.split for a in compare_passes(*folders)] == ["test"]
    write(passes / "labels", {**first(), "split": "dev"})
    assert [a.split for a in compare_passes(*folders)] == ["dev"]


def test_an_article_that_one_pass_lacks_is_named(passes: Path) -> None:
    (passes / "articles" / "weir.txt").write_text(f"Weir\n\n{TEXT}\n", encoding="utf-8")
    write(passes / "second", {**second(), "id": "weir"}, name="weir")
    with pytest.raises(DataError, match=r"'weir' is only in .*second"):
        compare_passes(passes / "first", passes / "second", passes / "articles")


def test_an_empty_folder_and_a_missing_text_are_named(passes: Path) -> None:
    with pytest.raises(FileMissingError, match="third"):
        load_pass(passes / "third", passes / "articles")
    (passes / "articles" / "mill.txt").unlink()
    with pytest.raises(FileMissingError, match=r"mill\.txt"):
        load_pass(passes / "first", passes / "articles")


def test_a_quote_that_is_not_in_the_article_is_refused(passes: Path) -> None:
    wrong = first()
    wrong["stances"][1]["evidence"][0]["start"] += 1
    write(passes / "first", wrong)
    with pytest.raises(DataError, match=r"mill\.json: 1 offences[\s\S]*stances\[1\]"):
        load_pass(passes / "first", passes / "articles")


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_file_that_is_no_object_is_refused(passes: Path, text: str) -> None:
    (passes / "first" / "mill.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"mill\.json"):
        load_pass(passes / "first", passes / "articles")


def test_the_passes_in_the_repository_can_be_compared() -> None:
    folders = SEEDS / "passes" / "first", SEEDS / "passes" / "second", SEEDS / "articles"
    compared = compare_passes(*folders)
    twice = [a for a in load_gold(SEEDS) if a.split != "fresh"]
    assert [a.id for a in compared] == [a.id for a in twice]
    assert {a.split for a in compared} == {"dev", "test"}
