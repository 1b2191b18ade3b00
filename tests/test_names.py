from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.names import (
    head_noun,
    is_organization,
    is_person,
    names_in,
    read_source,
    strip_titles,
    surname,
)

KINDS = {"person", "organization", "country", "group", "unnamed"}


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("Ana Petrov", "Ana Petrov", "person"),
        ("Mayor Ana Petrov", "Ana Petrov", "person"),
        ("Prime Minister Ana Petrov", "Ana Petrov", "person"),
        ("Supt Ana Petrov", "Ana Petrov", "person"),
        ("Her Party", "Party", "organization"),
        ("the U.N.", "U.N.", "organization"),
        ("Mr. Petrov", "Petrov", "person"),
        ("North Korea", "North Korea", "country"),
        ("Pyongyang", "North Korea", "country"),
        ("the DPRK", "North Korea", "country"),
        ("U.S. intelligence", "U.S. intelligence", "organization"),
        ("the World Health Organization", "World Health Organization", "organization"),
        ("NATO", "NATO", "organization"),
        ("the ministry", "ministry", "organization"),
        ("The ministry", "ministry", "organization"),
        ("The senior judge", "senior judge", "person"),
        ("Local residents", "Local residents", "group"),
        ("Critics", "Critics", "group"),
        ("Greenpeace", "Greenpeace", "organization"),
        ("Russia", "Russia", "country"),
        ("residents", "residents", "group"),
        ("several witnesses", "several witnesses", "group"),
        ("an official", "an official", "unnamed"),
        ("councillors last Thursday", "councillors", "group"),
        ("Thursday", "", "unnamed"),
        ("a former clerk, a man of about 30", "a former clerk", "unnamed"),
        ("a clerk, who asked not to be named", "a clerk", "unnamed"),
        ("a nurse who had met Ana Petrov", "a nurse", "unnamed"),
        ("The union, which left the Acme Group,", "union", "organization"),
        ("a person familiar with the matter", "a person familiar with the matter", "unnamed"),
    ],
)
def test_a_source_is_read_as_whom_it_names(words: str, name: str, kind: str) -> None:
    reading = read_source(words)
    assert (reading.name, reading.kind) == (name, kind)
    assert not reading.pronoun


@pytest.mark.parametrize(
    ("words", "name", "kind", "alias"),
    [
        ("White House spokesman John Kirby", "White House", "organization", "John Kirby"),
        ("a spokeswoman for the Acme Group", "Acme Group", "organization", None),
        ("a spokesman for the ministry", "ministry", "organization", None),
        ("Russian officials", "Russia", "country", None),
        ("a North Korean official", "North Korea", "country", None),
        ("a lawyer for the Acme Group, Ana Petrov", "Acme Group", "organization", "Ana Petrov"),
    ],
)
def test_a_spokesman_is_read_as_whom_he_speaks_for(
    words: str, name: str, kind: str, alias: str | None
) -> None:
    reading = read_source(words)
    assert (reading.name, reading.kind) == (name, kind)
    assert alias is None or alias in reading.aliases


def test_an_acronym_is_no_pronoun() -> None:
    assert read_source("WHO").name == "WHO"
    assert read_source("who").pronoun


@pytest.mark.parametrize("word", ["he", "She", "they", " it ", "“We", "I"])
def test_pronouns_are_told_apart(word: str) -> None:
    reading = read_source(word)
    assert reading.pronoun
    assert reading.name == ""


def test_a_surname_that_the_article_introduces_is_a_person() -> None:
    assert read_source("Petrov", frozenset({"Petrov"})).kind == "person"
    assert read_source("Young", frozenset({"Young"})).kind == "person"


def test_the_definite_points_back() -> None:
    assert read_source("the ministry").definite
    assert read_source("the ministry").head == "ministry"
    assert read_source("the Ministry").definite
    assert not read_source("an official").definite
    assert not read_source("the Health Ministry").definite
    assert not read_source("the Russian government").definite


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("President Joe Stone", "Joe Stone"),
        ("Vice Prime Minister Dr. Joe Stone", "Joe Stone"),
        ("Mr. Stone", "Stone"),
        ("President", "President"),
        ("Joe Stone", "Joe Stone"),
    ],
)
def test_titles_are_taken_off(name: str, bare: str) -> None:
    assert strip_titles(name) == bare


def test_persons_and_organizations_are_told_apart() -> None:
    for name in ("Ana Petrov", "Dr. Petrov", "Ana van der Berg"):
        assert is_person(name)
        assert not is_organization(name)
    for name in ("Health Ministry", "Acme Group", "NATO", "Leeds City Council"):
        assert is_organization(name)
        assert not is_person(name)
    assert not is_person("South Korea")
    assert not is_person("Petrov")


def test_names_are_found_without_their_genitive() -> None:
    assert names_in("Ana Petrov’s lawyer met the mayor of Leeds.") == ["Ana Petrov", "Leeds"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They met Ana Petrov. He left.", ["Ana Petrov"]),
        ("They met Ana Petrov.\n\nBob Stone left.", ["Ana Petrov", "Bob Stone"]),
        ("A row in Leeds\r\nThe council met", ["Leeds"]),
        (
            "Mr. Stone met J. R. Hart and Dr. Ana Petrov.",
            ["Mr. Stone", "J. R. Hart", "Dr. Ana Petrov"],
        ),
        ("The U.S. Senate met.", ["U.S. Senate"]),
        ("Later Ana Petrov left. Since Monday I know.", ["Ana Petrov", "Monday"]),
        ("Russia’s Ana Petrov left.", ["Russia", "Ana Petrov"]),
        ("The People’s Bank met Leeds’s mayor.", ["People’s Bank", "Leeds"]),
    ],
)
def test_a_name_ends_with_its_sentence(text: str, names: list[str]) -> None:
    found = names_in(text)
    assert [name for name in names if name in found] == names
    assert not any("." in name and name.split()[-1] in ("He", "Bob", "The") for name in found)
    assert not any("\n" in name for name in found)


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("the head of the union", "head"),
        ("a senior defence official", "official"),
        ("the minister, who resigned", "minister"),
        ("", ""),
    ],
)
def test_the_head_of_a_phrase_is_found(words: str, head: str) -> None:
    assert head_noun(words) == head


@given(wild_texts() | st.text())
def test_any_source_is_read(words: str) -> None:
    reading = read_source(words)
    assert reading.kind in KINDS
    assert not (reading.pronoun and reading.name)
    for name in names_in(words):
        assert len(name) > 1
        assert set(strip_titles(name).split()) <= set(name.split())


def test_an_article_is_a_part_of_a_name_and_no_part_of_the_surname() -> None:
    assert names_in("He met Hanan al-Masri in Amman") == ["Hanan al-Masri", "Amman"]
    assert surname("Hanan al-Masri") == "Masri"
    assert surname("Ana Petrov") == "Petrov"


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("Swedish Prime Minister Ulf Hedlund", "Sweden"),
        ("Britain’s foreign secretary, Eleanor Marsh,", "United Kingdom"),
        ("Italy’s Deputy Interior Minister Carla Neri", "Italy"),
    ],
)
def test_who_governs_a_country_is_read_as_the_country(words: str, country: str) -> None:
    reading = read_source(words)
    assert (reading.name, reading.kind) == (country, "country")
    assert any(is_person(alias) for alias in reading.aliases)


def test_a_countrys_other_people_are_themselves() -> None:
    assert read_source("Swedish economist Ulf Hedlund").kind == "person"


@pytest.mark.parametrize(
    "words", ["The London-based group", "the French-German group", "Eleven ranchers"]
)
def test_an_adjective_or_a_number_names_no_body(words: str) -> None:
    assert read_source(words).name not in ("London-based", "French-German", "Eleven")


@pytest.mark.parametrize(
    "words", ["A baker on Mill Lane", "a farmer from North Dakota", "a driver on the Northern Line"]
)
def test_where_somebody_is_tells_not_who(words: str) -> None:
    reading = read_source(words)
    assert (reading.kind, reading.name) == ("unnamed", words)
