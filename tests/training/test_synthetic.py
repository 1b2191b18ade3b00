from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.training.examples import AGAINST, FAVOR, NEUTRAL, PairExample
from stance.training.synthetic import (
    Claim,
    Writer,
    cap,
    lower,
    negate,
    possessive,
    usable_clause,
)

CLAIMS = [
    Claim(
        "the old bridge is safe for heavy traffic",
        ("the bridge can be used",),
        ("the bridge is grey",),
        ("the old bridge is closed",),
    ),
    Claim("pay in the mills has fallen by a tenth"),
    Claim("the ministry sold its shares to a foreign bank"),
    Claim("Ravens were seen near the tower on Monday"),
]
TEXTS = {cap(t) for c in CLAIMS for t in (c.text, *c.entailed, *c.open, *c.excluded)}
SCENES = ("asserted", "denied", "left_open", "disputed", "quoted", "acted", "two_voices", "named")


def scenes(name: str, count: int = 300) -> list[list[PairExample]]:
    writer = Writer(CLAIMS, 7)
    return [getattr(writer, name)() for _ in range(count)]


def test_the_same_seed_writes_the_same() -> None:
    assert Writer(CLAIMS, 3).write(200) == Writer(CLAIMS, 3).write(200)
    assert Writer(CLAIMS, 3).write(200) != Writer(CLAIMS, 4).write(200)
    assert len(Writer(CLAIMS, 3).write(57)) == 57


@pytest.mark.parametrize("name", SCENES)
def test_every_example_is_well_formed(name: str) -> None:
    for example in (e for scene in scenes(name) for e in scene):
        pair = example.pair
        assert example.task == "stance"
        assert pair.holder
        assert pair.target[0] == pair.target[0].upper()
        assert (example.gold == ()) == (example.related == 0)
        assert set(example.gold) <= {FAVOR, AGAINST, NEUTRAL}
        assert not re.search(r"[{}]|\s\s(?!\n)| \.|\.\.$", pair.text.replace("\n\n", " "))
        if pair.holder_span is not None:
            assert pair.holder_span.end <= len(pair.text)
            assert pair.holder_span.of(pair.text).strip() == pair.holder_span.of(pair.text) != ""


def test_marks_are_there_mostly_and_not_always() -> None:
    examples = Writer(CLAIMS, 1).write(1000)
    share = sum(e.pair.holder_span is not None for e in examples) / len(examples)
    assert 0.6 < share < 0.95


def test_every_label_is_written() -> None:
    examples = Writer(CLAIMS, 1).write(3000)
    counts = dict.fromkeys(((FAVOR,), (AGAINST,), (NEUTRAL,), ()), 0)
    for example in examples:
        counts[example.gold] += 1
    assert min(counts.values()) > 0.08 * len(examples)


def test_who_leaves_it_open_is_neutral() -> None:
    assert {e.gold for scene in scenes("left_open") for e in scene} == {(NEUTRAL,)}


def test_of_two_in_dispute_one_is_against_and_one_in_favor() -> None:
    for first, second in scenes("disputed"):
        assert (first.gold, second.gold) == ((AGAINST,), (FAVOR,))
        assert first.pair.target == second.pair.target


def test_two_voices_speak_to_their_own_claim_only() -> None:
    for own, foreign, mismatched in scenes("two_voices"):
        assert (own.gold, own.related) == ((FAVOR,), 1)
        assert foreign.pair.target == own.pair.target
        assert foreign.related == mismatched.related == 0


def test_nobody_is_unrelated_to_what_the_sentence_is_about() -> None:
    """A sentence on a topic says nothing only about another topic."""

    def bare(topic: str) -> str:
        return topic.casefold().removeprefix("the ")

    seen = 0
    for scene in scenes("acted", 20_000):
        related = {bare(e.pair.target) for e in scene if e.related}
        unrelated = {bare(e.pair.target) for e in scene if not e.related}
        seen += len(unrelated)
        assert not related & unrelated
        labels = [e.gold for e in scene if e.related]
        assert labels[0] != labels[1]
    assert seen > 100


def test_targets_are_claims_or_their_negations() -> None:
    known = TEXTS | {cap(n) for t in TEXTS if (n := negate(t))}
    for name in ("asserted", "denied", "quoted", "left_open", "disputed"):
        assert {e.pair.target for scene in scenes(name) for e in scene} <= known


def test_what_a_claim_excludes_is_denied_by_who_asserts_it() -> None:
    for (example,) in scenes("asserted", 2000):
        if example.pair.target == "The old bridge is closed" and example.related:
            assert example.gold == (AGAINST,)
        if example.pair.target == "The bridge can be used" and example.related:
            assert example.gold == (FAVOR,)


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("clause", "negated"),
    [
        ("the bridge is safe", "the bridge is not safe"),
        ("pay has fallen", "pay has not fallen"),
        ("the bridge is not safe", None),
        ("the bridge isn't safe", None),
        ("birds sing", None),
    ],
)
def test_a_clause_is_negated_once(clause: str, negated: str | None) -> None:
    assert negate(clause) == negated


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("The bridge is quite safe.", "The bridge is quite safe"),
        ("the  bridge\nis quite safe", "the bridge is quite safe"),
        ("He is quite safe now", None),
        ("Too short", None),
        ("word " * 40, None),
        ("Is the bridge really safe?", None),
        ("The “old” bridge is quite safe", None),
    ],
)
def test_a_usable_clause_can_be_put_in_a_mouth(text: str, clause: str | None) -> None:
    assert usable_clause(text) == clause


@given(st.text(max_size=80))
def test_any_text_is_usable_or_not(text: str) -> None:
    clause = usable_clause(text)
    assert clause is None or 4 <= len(clause.split()) <= 26
    assert cap(text).casefold() == text.casefold()
    assert lower(text).casefold() == text.casefold()


def test_a_name_keeps_its_capital() -> None:
    assert lower("Ravens were seen") == "Ravens were seen"
    assert lower("The bridge is safe") == "the bridge is safe"
    assert lower("") == ""
    assert (possessive("Paris"), possessive("Rome")) == ("Paris'", "Rome's")
