from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError, OptionError
from stance.training.examples import SalienceExample
from stance.training.labelled import LabelledRow
from stance.training.splits import (
    Parts,
    choose_groups,
    group_rows,
    split_examples,
    split_rows,
)


def rows(
    count: int, *, labels: Sequence[str] = ("favor", "against"), **more: Any
) -> list[LabelledRow]:
    return [
        LabelledRow(
            f"text {n}", f"target {n % 7}", labels[n % len(labels)], f"x.csv:{n + 2}", **more
        )
        for n in range(count)
    ]


def change(row: LabelledRow, **more: object) -> LabelledRow:
    return LabelledRow.from_dict({**row.to_dict(), **more})


def test_few_rows_give_train_and_dev_many_give_test_too() -> None:
    assert split_rows(rows(60)).counts() == {"train": 44, "dev": 16, "test": 0}
    counts = split_rows(rows(1000)).counts()
    assert counts == {"train": 800, "dev": 100, "test": 100}


def test_labels_are_spread_evenly() -> None:
    mixed = rows(900, labels=("favor",) * 8 + ("against", "neutral"))
    random.Random(1).shuffle(mixed)
    parts = split_rows(mixed)
    for part in (parts.dev, parts.test):
        assert Counter(r.label for r in part) == {"favor": 72, "against": 9, "neutral": 9}


def test_the_choice_depends_on_the_seed_alone() -> None:
    assert split_rows(rows(60), seed=3).dev == split_rows(rows(60), seed=3).dev
    assert split_rows(rows(60), seed=3).dev != split_rows(rows(60), seed=4).dev


def test_articles_are_not_parted() -> None:
    whole = [change(r, group=str(n // 5)) for n, r in enumerate(rows(100))]
    parts = split_rows(whole)
    assert parts.dev
    assert not {r.group for r in parts.train} & {r.group for r in parts.dev}


@pytest.mark.parametrize("by", ["target", "author"])
def test_nor_targets_or_authors_where_asked(by: str) -> None:
    own = [change(r, author=f"a{n % 9}") for n, r in enumerate(rows(120))]
    parts = split_rows(own, by=by)  # type: ignore[arg-type]
    assert not {getattr(r, by) for r in parts.train} & {getattr(r, by) for r in parts.dev}


def test_a_text_with_two_targets_stays_together_unless_asked() -> None:
    twice = [change(r, text=f"text {n // 2}") for n, r in enumerate(rows(80))]
    parts = split_rows(twice)
    assert not {r.text for r in parts.train} & {r.text for r in parts.dev}
    loose = split_rows(twice, by="none")
    assert any("share their text" in note for note in loose.notes)


def test_a_split_column_is_kept() -> None:
    named = [
        change(r, split=("train", "train", "dev", "test")[n % 4]) for n, r in enumerate(rows(40))
    ]
    assert split_rows(named).counts() == {"train": 20, "dev": 10, "test": 10}
    odd = [*named, *(change(r, split="other", text=f"odd {r.text}") for r in rows(3))]
    parts = split_rows(odd)
    assert parts.counts() == {"train": 20, "dev": 10, "test": 10}
    assert "the splits other are none of train, dev and test: left out" in parts.notes


def test_a_split_column_without_dev_gets_one_cut_off() -> None:
    named = [change(r, split="test" if n < 10 else "train") for n, r in enumerate(rows(60))]
    counts = split_rows(named).counts()
    assert counts["test"] == 10
    assert counts["dev"] > 0


def test_rows_that_stand_in_two_parts_are_named_and_leave_training() -> None:
    named = [change(r, split=("train", "dev")[n % 2]) for n, r in enumerate(rows(40))]
    leak = change(named[1], split="train", place="x.csv:99", text="Text 1!")
    parts = split_rows([*named, leak])
    assert leak not in parts.train
    assert any(
        "1 rows of dev stood in train too and left it: x.csv:99 is x.csv:3" in n
        for n in parts.notes
    )


def test_doubles_and_contradictions_are_named() -> None:
    base = rows(40)
    double = change(base[0], place="x.csv:50")
    against = change(base[2], place="x.csv:51", label="against")
    notes = "\n".join(split_rows([*base, double, against]).notes)
    assert "1 rows stand twice; each was kept once: x.csv:50 repeats x.csv:2" in notes
    assert "x.csv:51 repeats x.csv:4 as against, not favor" in notes


# ---------------------------------------------------------------------- what is wrong with data


def test_one_label_is_refused() -> None:
    with pytest.raises(
        DataError, match="all 9 rows have the label 'favor'; a model needs at least two"
    ):
        split_rows(rows(9, labels=("favor",)))


def test_a_label_that_dev_lacks_is_said() -> None:
    lone = [*rows(60), change(rows(1)[0], text="lone", label="neutral", place="x.csv:99")]
    notes = split_rows(lone).notes
    assert any("dev has no row with the label 'neutral' (train has 1)" in note for note in notes)
    assert any("label more rows of it, or give your own dev part" in note for note in notes)


def test_a_label_that_train_lacks_is_said() -> None:
    named = [change(r, split=("train", "dev")[n // 2 % 2]) for n, r in enumerate(rows(40))]
    named[2] = change(named[2], label="neutral")
    (note,) = split_rows(named).notes
    assert note.startswith("train has no row with the label 'neutral' (the rows that judge have 1)")
    assert "give training rows of it, or map it with --labels" in note


def test_a_lopsided_set_is_said() -> None:
    notes = split_rows(rows(300, labels=("favor",) * 29 + ("against",))).notes
    assert any("have the label 'favor'; rare labels weigh more in training" in n for n in notes)


def test_rows_of_one_article_cannot_be_parted() -> None:
    whole = [change(r, group="same") for r in rows(30)]
    with pytest.raises(DataError, match=r"make only 1 groups.*--split-by none"):
        split_rows(whole)
    assert split_rows(whole, by="none").dev


def test_no_training_rows_is_an_error() -> None:
    with pytest.raises(DataError, match="no row is for training"):
        split_rows([change(r, split="test") for r in rows(10)])


def test_unknown_ways_to_split_are_refused() -> None:
    with pytest.raises(OptionError, match="split_by='page'"):
        split_rows(rows(10), by="page")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="no row has an author"):
        split_rows(rows(10), by="author")


# ---------------------------------------------------------------------- groups


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40))
def test_groups_part_rows_and_never_a_text_or_an_article(pairs: list[tuple[int, int]]) -> None:
    made = [
        LabelledRow(f"t{a}", "x", "favor", str(i), group=f"g{b}") for i, (a, b) in enumerate(pairs)
    ]
    groups = group_rows(made, "article")
    assert sorted(i for group in groups for i in group) == list(range(len(made)))
    owner = {i: number for number, group in enumerate(groups) for i in group}
    for i, one in enumerate(made):
        for j, other in enumerate(made):
            if one.text == other.text or one.group == other.group:
                assert owner[i] == owner[j]


@given(
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), min_size=3, max_size=30),
    st.integers(0, 5),
)
def test_chosen_groups_are_whole(sizes: list[list[str]], seed: int) -> None:
    labels = [label for group in sizes for label in group]
    groups, start = [], 0
    for group in sizes:
        groups.append(list(range(start, start + len(group))))
        start += len(group)
    chosen = choose_groups(groups, labels, 0.25, set(), seed)
    assert chosen
    assert all(set(g) <= chosen or not set(g) & chosen for g in groups)


def test_examples_are_split_by_article() -> None:
    examples = [SalienceExample(("a", "b"), frozenset({0}), f"g{n // 2}") for n in range(10)]
    parts: Parts[SalienceExample] = split_examples(examples, seed=1, group=lambda e: e.group)
    assert parts.counts() == {"train": 8, "dev": 2, "test": 0}
    with pytest.raises(DataError, match="at least two labelled articles"):
        split_examples(examples[:2], seed=1, group=lambda e: e.group)
