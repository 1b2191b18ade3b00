from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.graves import unfounded
from stance.literals import Inventory, missing

ARTICLE = "Three passengers passed out on the flight, and others felt sick. It landed late."


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Three passengers died in a crash.", ["died", "crash"]),
        ("A man was arrested over the flight.", ["arrested"]),
        ("The pilot resigned.", ["resigned"]),
        ("Others were injured.", ["injured"]),
    ],
)
def test_a_disaster_that_the_article_lacks_is_marked(text: str, marked: list[str]) -> None:
    assert [span.of(text) for span in unfounded(text, ARTICLE)] == marked
    assert {s.of(text) for s in missing(text, Inventory.of([ARTICLE]))} >= set(marked)


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("Two people died.", "Two bodies were found."),
        ("He was found guilty.", "The jury's verdict was that of the prosecutor."),
        ("She resigned.", "She stepped down on Monday."),
        ("The car crashed.", "The car hit a tree."),
        ("Passengers felt sick.", ARTICLE),
        ("It landed in the studio by Diego Rapes-Lund.", "Rapes-Lund filmed the rape trial."),
    ],
)
def test_an_article_may_have_it_in_other_words(text: str, article: str) -> None:
    assert not list(unfounded(text, article))


@given(st.text(max_size=120))
def test_a_text_has_all_its_own_matters(text: str) -> None:
    assert not list(unfounded(text, text))
