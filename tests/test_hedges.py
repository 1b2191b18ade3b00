from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.hedges import unhedged


@pytest.mark.parametrize(
    ("text", "source", "marked"),
    [
        (
            "The senator reached her goal and is sworn in as president.",
            "If the senator reaches her goal and is sworn in as president, she will be the first.",
            "The senator reached her goal and is sworn in as president.",
        ),
        (
            "The coast guard says 400 migrants are missing.",
            "The group fears that 400 migrants could be missing.",
            "missing",
        ),
        (
            "The rocket landed on the ship.",
            "The firm tried to land a rocket on the ship.",
            "landed",
        ),
        ("The minister resigned.", "The minister may resign over the affair.", "resigned"),
        ("The mill closes in May.", "The owner plans to close the mill in May.", "closes"),
    ],
)
def test_what_is_only_possible_is_no_fact(text: str, source: str, marked: str) -> None:
    assert [span.of(text) for span in unhedged(text, [source])] == [marked]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The minister may resign.", "The minister may resign over the affair."),
        ("The mill will close.", "The owner said that the mill would close."),
        ("The bank cut its rate.", "The bank cut its rate and may cut it again."),
        ("The rocket did not land.", "The firm tried to land a rocket on the ship."),
        ("Theresa May said the vote was lost.", "Theresa May said the vote was lost."),
        ("The senator reached her goal.", "The senator reached her goal, whether or not he did."),
        ("The council met.", "If it rains, the council will stay at home."),
    ],
)
def test_what_is_hedged_or_stated_in_the_source_passes(text: str, source: str) -> None:
    assert unhedged(text, [source]) == ()


def test_another_source_may_state_it() -> None:
    sources = ["The mill may close in May.", "The mill closed in May, the union said."]
    assert unhedged("The mill closed in May.", sources) == ()


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_spans_lie_in_the_sentence_and_a_copy_of_facts_has_none(
    text: str, sources: list[str]
) -> None:
    assert all(0 <= s.start < s.end <= len(text) for s in unhedged(text, sources))
