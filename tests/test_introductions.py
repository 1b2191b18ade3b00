from __future__ import annotations

import pytest
from hypothesis import given
from wild_texts import wild_texts

from stance.introductions import acronyms, full_names, initials, posts


def bodies(text: str) -> dict[str, str]:
    """Map the persons of a text to the names of those they speak for."""
    return {person: reading.name for person, reading in posts(text, full_names(text)).items()}


def test_persons_are_called_by_two_names_or_more() -> None:
    text = (
        "Mayor Ana Petrov met Mr. Bo Stone of the Acme Group in France. Petrov left. "
        "Jan van der Berg and Stone stayed. Ana Petrov came back."
    )
    assert full_names(text) == ["Ana Petrov", "Bo Stone", "Jan van der Berg"]


def test_a_title_is_no_part_of_a_name() -> None:
    assert full_names("Junior Energy Secretary Flora Dunmore said so.") == ["Flora Dunmore"]


@pytest.mark.parametrize(
    ("text", "person", "body"),
    [
        ("Mina Holt, a spokeswoman for Brack Rail, said so.", "Mina Holt", "Brack Rail"),
        ("Brack Rail spokeswoman Mina Holt said so.", "Mina Holt", "Brack Rail"),
        ("Mina Holt, the chairwoman of Brack Rail, said so.", "Mina Holt", "Brack Rail"),
        ("A lawyer for Brack Rail, Mina Holt, said so.", "Mina Holt", None),
        ("“Yes,” said Rail Union president Mina Holt.", "Mina Holt", "Rail Union"),
        ("North Korean government spokesman Bo Stone left.", "Bo Stone", "North Korea"),
        ("It is late. Council leader Mina Holt said so.", "Mina Holt", "Council"),
        ("Brack Rail lost. Its president, Mina Holt, said so.", "Mina Holt", "Brack Rail"),
        ("Brack Rail lost. Mina Holt, its president, said so.", "Mina Holt", "Brack Rail"),
        (
            "Brack Rail’s new trains came late, its manager Mina Holt said.",
            "Mina Holt",
            "Brack Rail",
        ),
    ],
)
def test_a_person_is_introduced_as_the_voice_of_a_body(
    text: str, person: str, body: str | None
) -> None:
    assert bodies(text).get(person) == body


@pytest.mark.parametrize(
    "text",
    [
        "Energy Secretary Mina Holt said so.",
        "Police Chief Mina Holt said so.",
        "Mina Holt, a fund manager who has given Brack University millions, said so.",
        "Mina Holt, who takes the trains of Brack Rail, said so.",
        "The report went to the head of the Brack Trust in 2024. Mina Holt said so.",
        "The report went to the head of Brack Rail on that day. Mina Holt said so.",
        "The United States would not abandon its allies. President Mina Holt said so.",
        "Brack Rail made profits. Credits manager Mina Holt said so.",
        "Its president, Mina Holt, said so.",
        "NDOLA — Cattle died. Its regional head, Mina Holt, said so.",
        "Energy Minister Stine Haug won. Its leader, Mina Holt, said so.",
    ],
)
def test_a_person_without_a_post_speaks_for_nobody_else(text: str) -> None:
    assert "Mina Holt" not in bodies(text)


def test_a_short_title_ends_no_sentence() -> None:
    assert bodies("It is late. Coast Guard spokesman Gen. Mina Holt said so.") == {
        "Mina Holt": "Coast Guard"
    }


def test_the_unions_president_is_of_the_body_that_is_a_union() -> None:
    lost = "The Rail Union struck. The Senate met. "
    assert bodies(f"{lost}The union’s president, Mina Holt, said so.") == {
        "Mina Holt": "Rail Union"
    }
    assert bodies(f"{lost}The group’s president, Mina Holt, said so.") == {"Mina Holt": "Senate"}


@pytest.mark.parametrize("row", ["a", "A'", "A’", "the ", "The ", "Ana Petrov, "])
def test_a_long_row_of_letters_is_read_in_one_pass(row: str) -> None:
    text = f"Ana Petrov left. {row * 20_000}"
    assert set(posts(text, ["Ana Petrov"])) <= {"Ana Petrov"}
    assert acronyms(text) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The World Health Organization (WHO) said so.", {"who": "world health organization"}),
        ("the Ministry of Rail and Roads (MRR)", {"mrr": "ministry of rail and roads"}),
        ("St. Mary Hospital Trust (SMT) said so.", {"smt": "mary hospital trust"}),
        ("Rail (RU) and a union (AU)", {}),
        ("The Rail Union (ru) said so.", {}),
    ],
)
def test_an_acronym_stands_in_brackets_behind_its_name(text: str, found: dict[str, str]) -> None:
    assert acronyms(text) == found


@pytest.mark.parametrize(
    ("name", "letters"),
    [("world health organization", "who"), ("ministry of rail and roads", "mrr"), ("", "")],
)
def test_initials_leave_small_words_out(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(wild_texts())
def test_any_text_introduces_only_persons_in_it(text: str) -> None:
    people = full_names(text)
    assert len(people) == len(set(people))
    assert all(len(person.split()) > 1 for person in people)
    found = posts(text, people)
    assert set(found) <= set(people)
    assert all(r.name and r.kind in ("organization", "country") for r in found.values())
    assert all(short.upper() in text for short in acronyms(text))
