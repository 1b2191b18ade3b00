from __future__ import annotations

import pytest

from stance.errors import DataError, LabelError, OptionError
from stance.records import Span
from stance.training.labelled import (
    Bad,
    Labelled,
    LabelledRow,
    Reading,
    label_of,
    parse_stance,
    row_of,
    settle,
    split_name,
)

ROW = {"text": "The bridge is safe.", "target": "the bridge", "label": "favor"}


@pytest.mark.parametrize(
    ("word", "label"),
    [("Agree", "favor"), ("con", "against"), ("NONE", "neutral"), (" unrelated ", "unrelated")],
)
def test_stance_labels_come_in_many_words(word: str, label: str) -> None:
    assert parse_stance(word) == label_of(word, Reading()) == label


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("SUPPORTS", "entailment"),
        ("refutes", "contradiction"),
        ("not_entailment", "not_entailment"),
    ],
)
def test_entailment_labels_too(word: str, label: str) -> None:
    assert label_of(word, Reading("nli")) == label


def test_given_labels_come_first() -> None:
    reading = Reading(labels={"1": "favor", "positive": "neutral"})
    assert [label_of(w, reading) for w in (1, "Positive", "negative")] == [
        "favor",
        "neutral",
        "against",
    ]


def test_a_slip_gets_a_proposal_and_a_fix() -> None:
    with pytest.raises(LabelError, match=r"'agre'.*did you mean 'agree'.*--labels agre=LABEL"):
        label_of("agre", Reading())
    with pytest.raises(LabelError, match="'maybe' is no entailment label"):
        label_of("maybe", Reading("nli"))


def test_readings_are_checked() -> None:
    with pytest.raises(OptionError, match=r"'yes' is mapped to 'good'; map it to one of favor"):
        Reading(labels={"yes": "good"})
    with pytest.raises(OptionError, match="no column 'words'"):
        Reading(columns={"words": "text"})
    with pytest.raises(OptionError, match="task='stances'"):
        Reading(task="stances")  # type: ignore[arg-type]


def test_a_row_is_worded_with_all_that_it_says() -> None:
    raw = {
        "Sentence": "Mayor Orr said no.",
        "Entity": "Orr",
        "polarity": "negative",
        "speaker": "Orr",
        "start": 6,
        "end": "9.0",
        "doc_id": 17,
        "split": "validation",
        "user": None,
    }
    assert row_of(raw, "x.csv:2", Reading()) == LabelledRow(
        "Mayor Orr said no.",
        "Orr",
        "against",
        "x.csv:2",
        holder="Orr",
        target_span=Span(6, 9),
        group="17",
        split="dev",
        spoken=True,
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": ""}, "text is empty; fill it or remove the row"),
        ({"text": None}, "text must be a text, but is empty"),
        ({"target": 7}, "target must be a text, but is int 7"),
        ({"label": "agre"}, "did you mean 'agree'"),
        ({"label": ""}, "the label is empty; label the row or remove it"),
        ({"label": None}, "the label is empty"),
        ({"start": 4, "end": 99}, r"offsets \(4, 99\) lie outside the text of 19 characters"),
        ({"start": 4, "end": "x"}, r"offsets \(4, x\)"),
        ({"start": 9, "end": 4}, r"offsets \(9, 4\)"),
    ],
)
def test_each_kind_of_bad_row_is_told_with_its_place_and_its_fix(
    change: dict[str, object], problem: str
) -> None:
    bad = row_of({**ROW, **change}, "labels.csv:12", Reading())
    assert isinstance(bad, Bad)
    with pytest.raises(DataError, match=problem) as error:
        settle(Labelled("labels.csv", bad=[bad]), Reading())
    assert "labels.csv:12: " in str(error.value)
    assert "--skip-bad" in str(error.value)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    bad = row_of({"text": "a", "label": "pro"}, "x:1", Reading())
    assert (
        str(bad)
        == "x:1: has no target column, only 'text', 'label'; name it: --columns target=NAME"
    )
    named = Reading(columns={"target": "about"})
    good = row_of({"text": "a", "label": "pro", "about": "b"}, "x:1", named)
    assert isinstance(good, LabelledRow)
    assert good.target == "b"


def test_bad_rows_are_left_out_and_counted_where_asked() -> None:
    row = row_of(ROW, "x:1", Reading())
    assert isinstance(row, LabelledRow)
    found = Labelled("x", rows=[row], bad=[Bad("x:2", "is wrong")])
    kept = settle(found, Reading(skip_bad=True))
    assert kept.notes == ["1 bad rows were left out, the first: x:2: is wrong"]
    with pytest.raises(DataError, match="no labelled row that can be used"):
        settle(Labelled("x", bad=[Bad("x:2", "is wrong")]), Reading(skip_bad=True))


def test_many_bad_rows_are_counted_and_the_first_ones_told() -> None:
    bad = [Bad(f"x:{n}", "is wrong") for n in range(1, 31)]
    with pytest.raises(DataError, match=r"30 bad rows") as error:
        settle(Labelled("x", bad=bad), Reading())
    assert "x:20: " in str(error.value)
    assert "x:21: " not in str(error.value)
    assert "and 10 more" in str(error.value)


def test_splits_have_many_names() -> None:
    assert [split_name(w) for w in ("Validation", "trial", "TRAIN", "devtest_rw", "")] == [
        "dev", "dev", "train", "devtest_rw", "",
    ]  # fmt: skip
