from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_data import polnear, write

from stance.errors import DataError
from stance.records import Span
from stance.text import split_sentences
from stance.training.examples import (
    AGAINST,
    FAVOR,
    NEUTRAL,
    PairExample,
    SalienceExample,
    TaggedExample,
)
from stance.training.sets import (
    LOADERS,
    MAX_SENTENCES,
    dse_pairs,
    find_data,
    held_out,
    load_set,
    read_rows,
    tagged,
)


def pairs(data: Path, name: str) -> list[PairExample]:
    return [e for e in load_set(data, name).train if isinstance(e, PairExample)]


# ---------------------------------------------------------------------- the folder


def test_the_folder_is_found_where_it_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_data(data) == data
    monkeypatch.setenv("STANCE_DATA", str(data))
    assert find_data() == data
    with pytest.raises(DataError, match="nowhere"):
        find_data(tmp_path / "nowhere")
    monkeypatch.setenv("STANCE_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="--data-dir"):
        find_data()


def test_what_is_missing_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"unknown training set 'x'.*polnear"):
        load_set(data, "x")
    with pytest.raises(DataError, match=r"mnli\.jsonl\.gz"):
        load_set(tmp_path, "mnli")
    with pytest.raises(DataError, match=r"bench.*x\.jsonl\.gz"):
        list(read_rows(data, "bench", "x"))


@pytest.mark.parametrize("name", sorted(LOADERS))
def test_every_set_has_training_and_development_examples(data: Path, name: str) -> None:
    pool = load_set(data, name)
    assert len(pool.train) > 20
    assert pool.dev


@pytest.mark.parametrize("name", sorted(set(LOADERS) - {"polnear", "salience"}))
def test_no_group_is_in_both_parts(data: Path, name: str) -> None:
    pool = load_set(data, name)
    train = {e.group for e in pool.train if isinstance(e, PairExample)}
    dev = {e.group for e in pool.dev if isinstance(e, PairExample)}
    own_dev = (data / "bench" / f"{name}.jsonl.gz").is_file()
    assert own_dev or not train & dev


def test_no_test_split_is_read(data: Path, tmp_path: Path) -> None:
    for name in ("perspectrum", "ibm_arg30k", "polnear"):
        assert len(load_set(data, name).dev) == 3
    rows = [
        polnear(n, "it rained all day in May", split) for n, split in enumerate(["dev", "test"])
    ]
    write(tmp_path, "train", "polnear", rows)
    write(tmp_path, "bench", "polnear", rows)
    assert [e.group for e in load_set(tmp_path, "polnear").dev if isinstance(e, TaggedExample)] == [
        "doc0"
    ]


@given(st.text(max_size=20), st.floats(0, 1))
def test_a_group_stays_in_its_part(group: str, share: float) -> None:
    assert held_out(group, share) == held_out(group, share)
    assert not held_out(group, 0)
    assert held_out(group, 1)
    assert held_out(group, share) == (zlib.crc32(group.encode()) % 10_000 < share * 10_000)


# ---------------------------------------------------------------------- pairs


def test_labels_are_read_by_their_words(data: Path) -> None:
    rows = list(read_rows(data, "train", "newsmtsc"))
    labels = {"positive": FAVOR, "negative": AGAINST, "neutral": NEUTRAL}
    gold = {
        e.pair.text: e.gold for e in (*pairs(data, "newsmtsc"), *load_set(data, "newsmtsc").dev)
    }
    assert all(gold[row["text"]] == (labels[row["label"]],) for row in rows)


def test_a_sentence_of_newsmtsc_marks_its_target(data: Path) -> None:
    for example in pairs(data, "newsmtsc"):
        span = example.pair.target_span
        assert span is not None
        assert span.of(example.pair.text) == example.pair.target
        assert (example.related, example.task) == (1, "stance")


@pytest.mark.parametrize("name", ["perspectrum", "ibm_arg30k", "ibm_claim_stance"])
def test_pro_con_sets_say_nothing_about_neutral(data: Path, name: str) -> None:
    for example in pairs(data, name):
        assert example.allowed == (FAVOR, AGAINST)
        assert example.gold in ((FAVOR,), (AGAINST,))
        assert example.group == example.pair.target
    if name == "ibm_arg30k":
        assert {e.weight for e in pairs(data, name)} == {0.5, 1.0}


def test_unrelated_rows_have_no_label(data: Path) -> None:
    examples = pairs(data, "fnc1")
    assert {(e.gold, e.related) for e in examples} == {
        ((FAVOR,), 1),
        ((AGAINST,), 1),
        ((NEUTRAL,), 1),
        ((), 0),
    }


def test_not_entailed_is_one_of_two(data: Path) -> None:
    assert {e.gold for e in pairs(data, "fever_nli")} == {(0,), (1, 2)}
    assert {e.gold for e in pairs(data, "mnli")} == {(0,), (1,), (2,)}
    assert {e.task for e in pairs(data, "mnli")} == {"nli"}


def test_both_sides_of_an_arrow_are_asked_about() -> None:
    row = {"marked": "Today [Ana] praised [Bob].", "p": "Ana", "q": "Bob", "direction": "pos p->q"}
    (forth, label), (back, other) = dse_pairs(row)
    assert (forth.holder, forth.target, label) == ("Ana", "Bob", FAVOR)
    assert (back.holder, back.target, other) == ("Bob", "Ana", NEUTRAL)
    assert forth.text == back.text == "Today Ana praised Bob."
    assert [label for _, label in dse_pairs({**row, "direction": "neg q->p"})] == [NEUTRAL, AGAINST]
    assert [label for _, label in dse_pairs({**row, "direction": "neutral"})] == [NEUTRAL, NEUTRAL]


@given(st.permutations(["[Ana Reed]", "[the Board]", "met", "and", "É"]))
def test_marks_come_off_and_leave_true_spans(words: list[str]) -> None:
    row = {"marked": " ".join(words), "p": "Ana Reed", "q": "the Board", "direction": "neutral"}
    for pair, _ in dse_pairs(row):
        assert pair.text == " ".join(words).replace("[", "").replace("]", "")
        assert pair.holder_span is not None
        assert pair.target_span is not None
        assert pair.holder_span.of(pair.text) == pair.holder
        assert pair.target_span.of(pair.text) == pair.target


def test_a_name_that_is_not_marked_has_no_span() -> None:
    row = {"marked": "[Ana] left.", "p": "Ana", "q": "Bob", "direction": "neutral"}
    (pair, _), _ = dse_pairs(row)
    assert (pair.holder_span, pair.target_span) == (Span(0, 3), None)


# ---------------------------------------------------------------------- texts


def test_a_polnear_row_becomes_spans_of_characters() -> None:
    row = polnear(3, "the mill will be closed by the council")
    example = tagged(row)
    (attribution,) = example.attributions
    assert [s.of(row["text"]) for s in attribution.source] == ["Mayor Orr3"]
    assert [s.of(row["text"]) for s in attribution.cue] == ["said"]
    assert [s.of(row["text"]) for s in attribution.content] == [
        "that the mill will be closed by the council"
    ]
    assert len(example.sentences) == 2


def test_only_the_first_annotator_is_read(data: Path) -> None:
    rows = list(read_rows(data, "train", "polnear"))
    assert len(load_set(data, "polnear").train) == sum(row["primary"] for row in rows) < len(rows)


def test_salient_sentences_are_indices_into_the_document(data: Path, tmp_path: Path) -> None:
    for example in load_set(data, "salience").train:
        assert isinstance(example, SalienceExample)
        assert example.salient == {0, 3}
        assert max(example.salient) < len(example.sentences)
    long = {"sentences": ["It rained."] * 60, "extractive": [1, 50], "kind": "x", "split": "train"}
    short = {"sentences": ["It rained."] * 3, "extractive": [1], "kind": "x", "split": "train"}
    late = {"sentences": ["It rained."] * 60, "extractive": [55], "kind": "x", "split": "train"}
    write(tmp_path, "train", "summ_pool", [long, short, late])
    (example,) = load_set(tmp_path, "salience").train
    assert isinstance(example, SalienceExample)
    assert (len(example.sentences), example.salient) == (MAX_SENTENCES, {1})


def test_a_text_is_cut_into_sentences() -> None:
    assert split_sentences("It rained. “No,” she said.\nWe left.") == [
        "It rained.",
        "“No,” she said.",
        "We left.",
    ]
