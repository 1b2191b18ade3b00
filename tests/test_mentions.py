from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.introductions import full_names
from stance.mentions import REACH, Mention, Mentions
from stance.text import make_document


def mentions_in(text: str) -> Mentions:
    return Mentions(make_document(text), full_names(text))


def found(text: str) -> dict[str, str]:
    """Map what a text speaks of to its sort."""
    return {m.words: m.sort for m in mentions_in(text).all}


def one(text: str, words: str) -> Mention:
    """Return the mention that has these words, the last of several."""
    return [m for m in mentions_in(text).all if m.words == words][-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Petrov left. Petrov is back.", {"Ana Petrov": "person", "Petrov": "person"}),
        ("Mayor Stone left.", {"Mayor Stone": "person"}),
        ("Acme Foods and France left.", {"Acme Foods": "body", "France": "body"}),
        ("The Acme Group and NATO left.", {"Acme Group": "body", "NATO": "body"}),
        ("It is about Wednesday and Zarya.", {}),
        ("Meat from South American farms is cheap.", {}),
        ("Michael Jordan left.", {"Michael Jordan": "person"}),
    ],
)
def test_names_are_of_persons_or_bodies(text: str, expected: dict[str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A former engineer who left is ill.", {"A former engineer": "person"}),
        ("It is what the agency wants.", {"the agency": "body"}),
        ("It is the police chief who left.", {"the police chief": "person"}),
        ("It is the plan that the mayor made.", {"the mayor": "person"}),
        ("It is the plan the mayor made.", {"the mayor": "person"}),
        (
            "The mayor told the union that her lawyer left.",
            {"The mayor": "person", "the union": "body", "her lawyer": "person"},
        ),
        ("It is the weather that she fears.", {}),
    ],
)
def test_descriptions_are_of_persons_or_bodies(text: str, expected: dict[str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The workers left.", "The workers"),
        ("Some farmers left.", "Some farmers"),
        ("Residents of the town left.", "Residents"),
        ("“Dairy farmers left, he said.", None),
        ("Rail workers left.", None),
        ("The company officials left.", "The company officials"),
        ("The police officers left.", "The police officers"),
        ("Two of the drivers left.", "Two of the drivers"),
        ("She says it is late.", None),
        ("It denies what he said.", None),
        ("This is late.", None),
        ("The council's bridge is old.", None),
        ("The bridge is old, and the drivers know it.", None),
    ],
)
def test_a_plural_opens_its_sentence(text: str, words: str | None) -> None:
    many = [w for w, sort in found(text).items() if sort == "many"]
    assert many == ([words] if words else [])


@pytest.mark.parametrize(
    ("text", "words", "sort"),
    [
        ("The agency says it is late.", "The agency", "body"),
        ("The mayor denies it.", "The mayor", "person"),
        ("Petrov denies it. Ana Petrov left.", "Petrov", "person"),
    ],
)
def test_somebody_who_says_is_no_plural(text: str, words: str, sort: str) -> None:
    assert found(text)[words] == sort


def test_what_is_quoted_is_not_spoken_of() -> None:
    mentions = mentions_in("“Ana Petrov met the mayor,” said Bo Stone of the agency.")
    assert [m.words for m in mentions.all] == ["Bo Stone", "the agency"]
    assert mentions.quoted(1)
    assert not mentions.quoted(mentions.document.text.index("said"))


@pytest.mark.parametrize(
    "text",
    [
        "He lives in Cedar Bend. The people of Cedar Bend left.",
        "The storm hit Cedar Bend at noon; in Cedar Bend nobody slept.",
        "A ferry runs near Cedar Bend.",
    ],
)
def test_a_name_that_stands_behind_in_is_a_place(text: str) -> None:
    assert "Cedar Bend" in full_names(text)
    assert "Cedar Bend" not in found(text)


def test_a_person_may_stand_behind_in_once() -> None:
    text = "The trust is in Ana Petrov. Ana Petrov left. Ana Petrov came back."
    assert found(text)["Ana Petrov"] == "person"


def test_a_dateline_is_nobody_but_its_country() -> None:
    assert found("NDOLA — Cattle are dying.") == {}
    assert found("LUSAKA — Cattle are dying.") == {"LUSAKA": "body"}
    assert found("NATO is late.") == {"NATO": "body"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Petrov left.", "Ana Petrov"),
        ("Late yesterday Ana Petrov left.", "Ana Petrov"),
        ("When it was late, Ana Petrov left.", "Ana Petrov"),
        ("Its chairwoman, Ana Petrov, left.", "Ana Petrov"),
        ("The geologist Ana Petrov left.", "Ana Petrov"),
        ("“It is late,” said Ana Petrov.", "Ana Petrov"),
        ("“It is late,” said the mayor.", "the mayor"),
        ("“It is late,” admitted a tired Ana Petrov.", "Ana Petrov"),
        ("The agency left.", "The agency"),
    ],
)
def test_a_subject_opens_its_sentence_or_speaks_a_quotation(text: str, words: str) -> None:
    assert one(text, words).subject


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mayor told the union that it was late.", "the union"),
        ("His deputy wrote to France.", "France"),
        ("It was late when they told Ana Petrov.", "Ana Petrov"),
        ("“It is late,” Bo Stone told Ana Petrov.", "Ana Petrov"),
        ("“It is late.” Nobody had yet told Ana Petrov.", "Ana Petrov"),
    ],
)
def test_an_object_is_no_subject(text: str, words: str) -> None:
    assert not one(text, words).subject


def test_a_description_beside_a_name_is_left_to_the_name() -> None:
    assert found("The mayor, Ana Petrov, left.") == {"Ana Petrov": "person"}
    assert found("Ana Petrov, the mayor, left.") == {"Ana Petrov": "person"}
    assert found("It is the mayor Ana Petrov.") == {"Ana Petrov": "person"}


def test_a_person_is_a_guess_where_only_the_capitals_say_so() -> None:
    assert one("Vocal Mobile left.", "Vocal Mobile").doubtful
    assert not one("Mayor Bo Stone left.", "Mayor Bo Stone").doubtful
    assert not one("Ana Petrov left.", "Ana Petrov").doubtful
    assert not one("Acme Foods left.", "Acme Foods").doubtful


def test_mentions_come_back_from_the_nearest_on_within_reach() -> None:
    text = "Acme Foods left. " + "It is late. " * (REACH - 1) + "The mayor told Bo Stone no. Go."
    mentions = mentions_in(text)
    names = [m.words for m in mentions.before(text.index("Bo"))]
    assert names == ["The mayor", "Acme Foods"]
    assert [m.words for m in mentions.before(text.index("Go"))] == ["Bo Stone", "The mayor"]
    assert list(mentions.before(0)) == []


def test_a_mention_around_the_position_is_not_before_it() -> None:
    text = "Ana Petrov left."
    assert list(mentions_in(text).before(text.index("Petrov"))) == []


def test_distance_is_counted_in_sentences() -> None:
    text = "Ana Petrov left. It is late. She is back."
    mentions = mentions_in(text)
    assert mentions.distance(0, text.index("She")) == 2
    assert mentions.distance(0, text.index("left")) == 0


@pytest.mark.parametrize("row", ["a' ", "the ", "The mayor ", "Ana Petrov, ", "A'", "“"])
def test_a_long_row_is_read(row: str) -> None:
    text = f"The mayor left. {row * 3000}"
    assert mentions_in(text).all[0].span == at(text, "The mayor")


@given(wild_texts(), st.integers(0, 400))
def test_every_mention_lies_in_any_text(text: str, position: int) -> None:
    mentions = mentions_in(text)
    spans = [m.span for m in mentions.all]
    assert spans == sorted(spans)
    assert len({span.start for span in spans}) == len(spans)
    for mention in mentions.all:
        assert mention.words
        assert mention.span.of(text) == mention.words
        assert not mentions.quoted(mention.span.start)
        assert mention.sort == "person" or not mention.doubtful
    position = min(position, len(text))
    assert all(m.span.end <= position for m in mentions.before(position))


def test_a_name_within_a_dateline_is_no_subject() -> None:
    text = "ADEN, Yemen (AP) — Norway said no."
    found = Mentions(make_document(text), ()).all
    assert [m.words for m in found if m.subject] == ["Norway"]
