from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import OptionError
from stance.length import Length, count_words, parse_length


@pytest.mark.parametrize(
    ("given_length", "expected"),
    [
        (3, Length(3, "sentences")),
        ("3", Length(3, "sentences")),
        ("2 sentences", Length(2, "sentences")),
        ("60w", Length(60, "words")),
        ("60 words", Length(60, "words")),
        ("10%", Length(10, "percent")),
        ("2.5 %", Length(2.5, "percent")),
        ("100%", Length(100, "percent")),
    ],
)
def test_lengths_are_read(given_length: int | str, expected: Length) -> None:
    assert parse_length(given_length) == expected


@pytest.mark.parametrize(
    "nonsense", [0, -1, True, "", "three", "0%", "101%", "-5w", "1.5w", "1.5", "10 %%", "w", None]
)
def test_nonsense_is_named_with_the_forms(nonsense: object) -> None:
    with pytest.raises(OptionError) as caught:
        parse_length(nonsense)  # type: ignore[arg-type]
    message = str(caught.value)
    assert repr(nonsense) in message
    assert '"60w"' in message
    assert '"10%"' in message


def test_percent_is_of_the_words() -> None:
    assert parse_length("10%").budget("a " * 100) == 10
    assert parse_length("10%").budget("a b c") == 1


@given(st.integers(1, 2000), st.integers(1, 1000))
def test_a_share_is_exact_to_the_word(words: int, permille: int) -> None:
    length = parse_length(f"{permille // 10}.{permille % 10}%")
    assert length.budget("a " * words) == max(1, words * permille // 1000)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("two words", 2),
        ("U.S.-led force", 2),
        ("核兵器", 3),
        ("北 Korea", 2),
        ("😀 ok", 2),
    ],
)
def test_words(text: str, count: int) -> None:
    assert count_words(text) == count


@given(st.integers(min_value=1, max_value=10**6))
def test_a_number_means_sentences_in_either_form(count: int) -> None:
    assert parse_length(count) == parse_length(str(count)) == Length(count, "sentences")


def test_a_budget_of_words_is_full_but_for_a_few() -> None:
    assert Length(20, "words").slack(20) == pytest.approx(4)
    assert Length(10, "percent").slack(10_000) == 10
    assert Length(3, "sentences").slack(3) == 0
