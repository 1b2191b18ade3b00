from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.drafts import Draft, dateline_end, is_dateline, key, speaks_for
from stance.records import HolderKind


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The White House", "white house"),
        ("the  White\nHouse.", "white house"),
        ("“Acme” & Co.", "acme & co"),
        ("U.S.", "us"),
        ("An Acme", "acme"),
        ("Thelma Stone", "thelma stone"),
        ("Jean-Luc Stone", "jean-luc stone"),
        ("the", "the"),
        ("", ""),
    ],
)
def test_a_key_has_no_case_no_article_and_no_points(name: str, folded: str) -> None:
    assert key(name) == folded


@given(st.text(max_size=40))
def test_a_key_of_a_folded_name_has_no_wide_space(name: str) -> None:
    assert key(name) == " ".join(key(name).split())


def test_a_holder_knows_its_full_names() -> None:
    draft = Draft("Acme Foods", "organization", {"The Acme Foods Company"})
    assert draft.knows("acme foods")
    assert draft.knows("Acme Foods Company")
    assert not draft.knows("Acme")


@pytest.mark.parametrize(
    ("draft", "nameless"),
    [
        (Draft("Vocal Mobile", "person"), True),
        (Draft("Vocal Mobile", "person", sex="f"), False),
        (Draft("Vocal Mobile", "person", heads={"engineer"}), False),
        (Draft("Ana Petrov", "person"), False),
        (Draft("Bo Stone", "person"), True),
        (Draft("Bo Stone", "person", {"Mayor Bo Stone"}), False),
        (Draft("Bo Stone", "person", {"Bo Stone"}), True),
    ],
)
def test_two_capitalized_words_alone_make_no_sure_person(draft: Draft, nameless: bool) -> None:
    assert draft.nameless is nameless


@pytest.mark.parametrize(
    ("kind", "extra", "one"),
    [
        ("person", {}, True),
        ("unnamed", {}, True),
        ("unnamed", {"heads": {"report"}}, False),
        ("organization", {}, False),
        ("organization", {"voice": True}, True),
        ("organization", {"aliases": {"Ana Petrov"}}, True),
        ("organization", {"aliases": {"The Acme Group"}}, False),
        ("country", {"voice": True}, True),
        ("group", {}, False),
    ],
)
def test_he_or_she_stands_for_somebody_single(
    kind: HolderKind, extra: dict[str, object], one: bool
) -> None:
    assert Draft("somebody", kind, **extra).one is one  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "a spokeswoman for the agency",
        "Rail spokesman Bo Stone",
        "his lawyer",
        "the U.S. ambassador",
        "the German foreign minister",
        "Ukraine’s foreign minister",
        "the union’s chairwoman",
        "its president",
        "the prime minister of Israel",
    ],
)
def test_a_person_may_speak_for_a_body(words: str) -> None:
    assert speaks_for(words)


@pytest.mark.parametrize(
    "words",
    [
        "a statement by its spokesman",
        "state media",
        "a letter from his lawyers",
        "the foreign ministry",
        "Acme Foods",
        "it",
        "",
    ],
)
def test_a_paper_or_a_body_is_no_person(words: str) -> None:
    assert not speaks_for(words)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NDOLA — Cattle died.", "NDOLA"),
        ("NDOLA, Zambia (Wire) - Cattle died.", "NDOLA"),
        ("NDOLA, Nov 12 (Wire) — Cattle died.", "NDOLA"),
        ("THE HAGUE — Cattle died.", "HAGUE"),
        ("A headline\nZWOLLE – Cattle died.", "ZWOLLE"),
    ],
)
def test_where_an_article_was_written_is_a_dateline(text: str, name: str) -> None:
    assert is_dateline(text, text.index(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NATO said no — twice.", "NATO"),
        ("The talks with NATO — and there were three — failed.", "NATO"),
        ("NATO-led troops left.", "NATO"),
        ("Nato — so it is called — said no.", "Nato"),
        ("NATO", "NATO"),
    ],
)
def test_a_body_before_a_dash_is_no_dateline(text: str, name: str) -> None:
    assert not is_dateline(text, text.index(name))


@pytest.mark.parametrize(
    ("text", "end"), [("OSLO, May 3 (Wire) - Norway said no.", 21), ("Norway said no.", 0)]
)
def test_a_sentence_begins_behind_its_dateline(text: str, end: int) -> None:
    assert dateline_end(text, 0) == end
