from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.claims import MAX_WORDS, MIN_WORDS, self_contained, tells_no_event


@pytest.mark.parametrize(
    ("clause", "holder", "text"),
    [
        ("it supplied weapons to Russia", "North Korea", "North Korea supplied weapons to Russia"),
        (
            "allegations it supplied weapons to Russia",
            "North Korea",
            "North Korea supplied weapons to Russia",
        ),
        ("that the bridge is safe", "Ana Petrov", "The bridge is safe"),
        ("“the bridge is ‘safe’ enough.”", "Ana Petrov", "The bridge is ‘safe’ enough"),
        ("the bridge is not safe at all", "Ana Petrov", "The bridge is safe"),
        ("whether the bridge will be closed", "Ana Petrov", "The bridge will be closed"),
        ("a report by the union that pay has fallen", "Ana Petrov", "Pay has fallen"),
    ],
)
def test_a_content_is_made_to_stand_alone(clause: str, holder: str, text: str) -> None:
    assert self_contained(clause, holder) == text


@pytest.mark.parametrize(
    "clause",
    [
        "",
        "no",
        "it is late",
        "that he said so to them",
        "word " * (MAX_WORDS + 1),
        "this is bad news",
    ],
)
def test_what_cannot_stand_alone_is_no_target(clause: str) -> None:
    assert self_contained(clause, "") is None


@given(wild_texts() | st.text(), st.sampled_from(["", "Ana Petrov", "North Korea", "\\1 (x)"]))
def test_any_clause_is_taken_or_left(clause: str, holder: str) -> None:
    text = self_contained(clause, holder)
    if text is not None:
        assert MIN_WORDS <= len(text.split()) <= MAX_WORDS
        assert text == " ".join(text.split())
        assert not set('“”"') & set(text)
        assert not text[0].islower() or text[0].upper() == text[0]


@pytest.mark.parametrize(
    "fragment",
    [
        "Holds the casting vote in the council",
        "The prize that we gave you",
        "Took the sash on the last of the",
        "the corridor of the palace and",
        "هذا أجمل ما في المدينة اليوم",
    ],
)
def test_a_fragment_is_no_target(fragment: str) -> None:
    assert self_contained(fragment, "Ana Petrov") is None


@pytest.mark.parametrize(
    ("clause", "holder", "text"),
    [
        ("We did not sell arms to Russia", "North Korea", "North Korea sold arms to Russia"),
        ("that any report had been hidden", "", "A report had been hidden"),
        (
            "the ministry hid a report about the pool",
            "",
            "The ministry hid a report about the pool",
        ),
        ("the heads were looted and that all knew", "", "The heads were looted"),
        (
            "ending trains would ruin hotels in his town",
            "",
            "Ending trains would ruin hotels in the town",
        ),
        ("there were no troops in Congo", "Rwanda", "There were troops in Congo"),
        ("We build safe bridges", "Harbour Board", "Harbour Board builds safe bridges"),
        ("we build safe bridges", "engineers", "engineers build safe bridges"),
        ("the dam is safe, because it was inspected", "", "The dam is safe"),
        (
            "a closure would move the crowding elsewhere",
            "",
            "A closure would move the crowding elsewhere",
        ),
    ],
)
def test_a_claim_is_affirmative_and_one_clause(clause: str, holder: str, text: str) -> None:
    assert (self_contained(clause, holder) or "").casefold() == text.casefold()


@pytest.mark.parametrize(
    ("clause", "holder"),
    [
        ("I hope the bridge holds", "Ana Petrov"),
        ("I was sure of the bridge", "Ana Petrov"),
        ("nobody doubts the bridge is safe", ""),
        ("he is safe", "North Korea"),
    ],
)
def test_what_is_only_in_somebodys_mind_is_no_claim(clause: str, holder: str) -> None:
    assert self_contained(clause, holder) is None


def test_a_headline_may_tell_an_event_or_claim_something() -> None:
    assert tells_no_event("The Ferrens has suspended the wrong person")
    assert not tells_no_event("Firm sold batteries")
