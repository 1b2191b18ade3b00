from __future__ import annotations

import pytest
from hypothesis import given
from wild_texts import wild_texts

from stance.places import countries_in, country_of, proper_names, table


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("North Korea", "North Korea"),
        ("the DPRK", "North Korea"),
        ("Pyongyang", "North Korea"),
        ("North Koreans", "North Korea"),
        ("U.S.", "United States"),
        ("The United States", "United States"),
        ("Türkiye", "Turkey"),
        ("seoul", "South Korea"),
        ("the White House", None),
        ("Korea Times", None),
        ("", None),
    ],
)
def test_a_country_goes_by_many_names(name: str, country: str | None) -> None:
    assert country_of(name) == country


def test_countries_are_found_in_order_with_their_places() -> None:
    text = "The U.S. accused Pyongyang of arming Russian troops; the UK agreed."
    found = countries_in(text)
    assert [c for c, _, _ in found] == ["United States", "North Korea", "Russia", "United Kingdom"]
    assert [text[a:b] for _, a, b in found] == ["U.S.", "Pyongyang", "Russian", "UK"]


def test_the_longer_name_wins() -> None:
    assert [c for c, _, _ in countries_in("South Korean and South African envoys")] == [
        "South Korea",
        "South Africa",
    ]


@pytest.mark.parametrize(
    "text", ["give us more", "He told Us", "a musing", "turkey for dinner", "Parisienne", "Unorway"]
)
def test_other_words_are_no_countries(text: str) -> None:
    assert countries_in(text) == []


def test_every_name_points_at_a_country_that_is_its_own_name() -> None:
    assert all(table()[country.casefold()] == country for country in set(table().values()))
    assert all(name == name.casefold().strip() for name in table())


@given(wild_texts())
def test_found_places_are_true_slices(text: str) -> None:
    for country, start, end in countries_in(text):
        assert table()[text[start:end].casefold()] == country


def test_proper_names_are_written_as_names() -> None:
    names = dict(proper_names())
    assert names["France"] == names["Paris"]
    assert "france" not in names
    assert all(name[0].isupper() for name in names)
