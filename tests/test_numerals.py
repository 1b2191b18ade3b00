from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.numerals import agrees, numbers, tabulate


def values(text: str) -> list[list[str]]:
    return [[f"{r.value:f}{r.unit}" for r in number.readings] for number in numbers(text)]


def has(article: str, claim: str) -> bool:
    table = tabulate(r for number in numbers(article) for r in number.readings)
    found = numbers(claim)
    assert found, f"no number in {claim!r}"
    return all(agrees(number, table) for number in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000 and 1000", [["1000"], ["1000"]]),
        ("one thousand", [["1000"]]),
        ("two hundred and five thousand", [["205000"]]),
        ("twenty-one", [["21"]]),
        ("five and six", [["5"], ["6"]]),
        ("seven-five", [["7"], ["5"]]),
        ("a hundred", [["100"]]),
        ("hundreds of millions", []),
        ("one of them, the second", []),
        ("three percent", [["3%"]]),
        ("5 per cent", [["5%"]]),
        ("MH370", []),
        ("in the 1990s", [["1990"]]),
    ],
)
def test_numbers_are_read_by_value(text: str, expected: list[list[str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("article", "claim"),
    [
        ("$1.13bn", "$1.13 billion"),
        ("$1.13bn", "1,130 million"),
        ("1,000 people", "one thousand people"),
        ("rose 5%", "rose 5 percent"),
        ("10 to 15 percent", "10 percent"),
        ("$10-15 million", "$10 million"),
        ("4,981 people", "nearly 5,000 people"),
        ("5,112 people", "more than 5,000 people"),
        ("5m people", "five million people"),
    ],
)
def test_equal_amounts_agree(article: str, claim: str) -> None:
    assert has(article, claim)


@pytest.mark.parametrize(
    ("article", "claim"),
    [
        ("$1.13bn", "$1.13"),
        ("£600m", "$600m"),
        ("$5", "5%"),
        ("4,981 people", "more than 5,000 people"),
        ("4,981 people", "5,000 people"),
        ("4,000 people", "about 5,000 people"),
        ("two people", "three people"),
    ],
)
def test_other_amounts_do_not(article: str, claim: str) -> None:
    assert not has(article, claim)


@given(st.integers(min_value=2, max_value=10**12))
def test_grouping_does_not_change_a_number(value: int) -> None:
    assert has(f"{value:,} things", f"{value} things")
    assert numbers(f"{value:,}")[0].readings[0].value == Decimal(value)


@given(st.text())
def test_spans_are_in_order_and_apart(text: str) -> None:
    found = [number.span for number in numbers(text)]
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(span.of(text).strip() for span in found)


def test_a_page_of_digits_is_read() -> None:
    assert len(numbers("9" * 100_000)) == 1
