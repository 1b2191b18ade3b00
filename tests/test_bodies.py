from __future__ import annotations

import pytest
from hypothesis import given
from wild_texts import wild_texts

from stance.bodies import points_back, suits


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ("company", "Northmere Water", True),
        ("company", "Environment Agency", False),
        ("company", "Norway", False),
        ("regulator", "Environment Agency", True),
        ("regulator", "Brack Motors", False),
        ("group", "Forest Watch", True),
        ("group", "Supreme Court", False),
        ("body", "Supreme Court", True),
    ],
)
def test_a_description_suits_bodies_of_its_sort(head: str, name: str, expected: bool) -> None:
    assert suits(head, (name,)) is expected


@pytest.mark.parametrize(
    ("words", "head", "expected"),
    [
        ("company", "company", True),
        ("ferry company", "company", True),
        ("food agency", "agency", False),
        ("federal agency", "agency", True),
        ("watchdog", "watchdog", True),
        ("union", "union", False),
    ],
)
def test_a_regulator_with_a_field_of_its_own_points_to_no_other(
    words: str, head: str, expected: bool
) -> None:
    assert points_back(words, head) is expected


@given(wild_texts())
def test_any_words_are_told(text: str) -> None:
    assert suits("company", (text,)) in (True, False)
    assert points_back(text, "agency") in (True, False)
