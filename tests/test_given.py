from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.given import FEMALE_NAMES, MALE_NAMES, sex_of


@pytest.mark.parametrize(
    ("words", "sex"),
    [
        ("Ana Petrov", "f"),
        ("Bo Stone", ""),
        ("Paul Stone", "m"),
        ("Mayor Ana Petrov", "f"),
        ("Mrs Stone", "f"),
        ("Mr. Petrov", "m"),
        ("a Commission spokeswoman", "f"),
        ("the spokesman", "m"),
        ("her husband", "m"),
        ("the judge", ""),
        ("Petrov", ""),
        ("Ana", ""),
        ("", ""),
    ],
)
def test_a_name_or_a_noun_tells_the_sex(words: str, sex: str) -> None:
    assert sex_of([words]) == sex


@pytest.mark.parametrize(
    ("words", "sex"),
    [
        ("the son of the actress", "m"),
        ("the mother of the man", "f"),
        ("a spokesman for the Queen", "m"),
        ("an inspector who was a girl then", ""),
        ("the widow of Paul Stone", "f"),
        ("Robin Lee, a mother of three", "f"),
    ],
)
def test_what_stands_behind_tells_of_somebody_else(words: str, sex: str) -> None:
    assert sex_of([words]) == sex


def test_a_common_word_is_no_given_name() -> None:
    assert sex_of(["rose growers"]) == ""
    assert sex_of(["Rose Growers"]) == "f"


def test_all_that_somebody_is_called_counts_and_a_noun_more_than_a_name() -> None:
    assert sex_of(["Stone", "Paul Stone"]) == "m"
    assert sex_of(["Leslie Stone", "Mr. Stone"]) == "m"


def test_words_that_come_but_once_are_read_whole() -> None:
    assert sex_of(word for word in ("Stone", "Paul Stone")) == "m"


def test_a_given_name_tells_one_sex_alone() -> None:
    assert FEMALE_NAMES.isdisjoint(MALE_NAMES)
    assert all(name == name.casefold() for name in FEMALE_NAMES | MALE_NAMES)


@given(st.lists(st.text(max_size=20), max_size=4))
def test_any_words_have_a_sex_or_none(words: list[str]) -> None:
    assert sex_of(words) in {"f", "m", ""}
    assert sex_of(words) == sex_of(iter(words))


@given(st.sampled_from(sorted(FEMALE_NAMES)), st.sampled_from(["Stone", "van Dam", "O’Hara"]))
def test_every_given_name_is_known_before_a_surname(first: str, last: str) -> None:
    assert sex_of([f"{first.title()} {last}"]) == "f"
