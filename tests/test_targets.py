from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.attribution import find_statements
from stance.backends.fake import FakeEncoder
from stance.errors import EmptyTextError, NotTextError
from stance.holders import resolve
from stance.records import Article, Span, Statement, Target
from stance.targets import MAX_WORDS, MIN_WORDS, discover, given_targets, kind_of, self_contained
from stance.text import make_document


def discovered(
    text: str, *told: tuple[str, str], title: str | None = None, limit: int = 9
) -> list[Target]:
    """Discover targets where these sources say these contents."""
    document = make_document(Article(text, title))
    statements = []
    for source, content in told:
        behind = at(text, source)
        start = text.index(content, behind.end)
        statements.append(Statement((Span(start, start + len(content)),), behind))
    headline: list[Statement] = []
    if title:
        headed = make_document(title)
        headline = find_statements(headed, FakeEncoder().encode(headed))
    resolution = resolve(document, statements)
    return discover(document, headline, statements, resolution, FakeEncoder(), limit)


def test_given_targets_keep_their_order_and_their_words() -> None:
    own = Target("the dam", "topic", mentions=(Span(0, 3),))
    targets = given_targets(["  North Korea sold arms to Russia\n", own, "NATO"])
    assert [t.text for t in targets] == ["North Korea sold arms to Russia", "the dam", "NATO"]
    assert targets[1] is own
    assert all(t.given for t in targets)


def test_one_target_needs_no_list() -> None:
    assert given_targets("NATO") == given_targets(["NATO"])
    assert given_targets(Target("NATO")) == [Target("NATO")]


@pytest.mark.parametrize("blank", ["", " \n", Target(" ")])
def test_a_blank_target_is_refused(blank: str | Target) -> None:
    with pytest.raises(EmptyTextError):
        given_targets(["NATO", blank])


@pytest.mark.parametrize("value", [None, 3, b"NATO", ["NATO"]])
def test_a_target_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(NotTextError, match=type(value).__name__):
        given_targets([value])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("North Korea supplied weapons to Russia", "claim"),
        ("The bridge is safe.", "claim"),
        ("Taxes should be cut next year", "claim"),
        ("Ana Petrov", "entity"),
        ("NATO", "entity"),
        ("The Health Ministry", "entity"),
        ("the harbour bridge", "topic"),
        ("a ban on fishing", "topic"),
    ],
)
def test_a_wording_shows_its_kind(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("clause", "holder", "text"),
    [
        ("it supplied weapons to Russia", "North Korea", "North Korea supplied weapons to Russia"),
        (
            "allegations it supplied weapons to Russia",
            "North Korea",
            "North Korea supplied weapons to Russia",
        ),
        ("that the bridge is safe", "Ana Petrov", "The bridge is safe"),
        ("“the bridge is ‘safe’ enough.”", "Ana Petrov", "The bridge is ‘safe’ enough"),
        ("the bridge is not safe at all", "Ana Petrov", "The bridge is safe at all"),
        ("whether the bridge will be closed", "Ana Petrov", "The bridge will be closed"),
        ("a report by the union that pay has fallen", "Ana Petrov", "Pay has fallen"),
    ],
)
def test_a_content_is_made_to_stand_alone(clause: str, holder: str, text: str) -> None:
    assert self_contained(clause, holder) == text


@pytest.mark.parametrize(
    "clause",
    [
        "",
        "no",
        "it is late",
        "that he said so to them",
        "word " * (MAX_WORDS + 1),
        "this is bad news",
    ],
)
def test_what_cannot_stand_alone_is_no_target(clause: str) -> None:
    assert self_contained(clause, "") is None


@given(wild_texts() | st.text(), st.sampled_from(["", "Ana Petrov", "North Korea", "\\1 (x)"]))
def test_any_clause_is_taken_or_left(clause: str, holder: str) -> None:
    text = self_contained(clause, holder)
    if text is not None:
        assert MIN_WORDS <= len(text.split()) <= MAX_WORDS
        assert text == " ".join(text.split())
        assert not set('“”"') & set(text)
        assert not text[0].islower() or text[0].upper() == text[0]


def test_what_several_speak_to_comes_first() -> None:
    text = (
        "The mayor said that cats are nice animals. The union said that the harbour bridge is "
        "unsafe. The council said that the harbour bridge is unsafe."
    )
    targets = discovered(
        text,
        ("The mayor", "that cats are nice animals"),
        ("The union", "that the harbour bridge is unsafe"),
        ("The council", "that the harbour bridge is unsafe"),
    )
    assert [t.text for t in targets] == ["The harbour bridge is unsafe", "Cats are nice animals"]
    assert not any(t.given for t in targets)


def test_one_claim_in_two_mouths_is_one_target_with_both_places() -> None:
    text = (
        "The union said the harbour bridge is unsafe. Nobody denied the harbour bridge is unsafe."
    )
    words = "the harbour bridge is unsafe"
    document = make_document(text)
    statements = [
        Statement((at(text, words, nth),), at(text, source))
        for nth, source in enumerate(("The union", "Nobody"))
    ]
    (target,) = discover(document, [], statements, resolve(document, statements), FakeEncoder(), 9)
    assert [span.of(text) for span in target.mentions] == [words, words]


def test_the_headline_counts() -> None:
    targets = discovered(
        "The envoy said that talks were long.",
        ("The envoy", "that talks were long"),
        title="North Korea denied it supplied weapons to Russia",
    )
    assert targets[0].text == "North Korea supplied weapons to Russia"
    assert targets[0].kind == "claim"


def test_no_more_targets_than_asked_for() -> None:
    text = (
        "Ana said that cats are nice. Bob said that dogs bark loudly. Eve said that fish swim well."
    )
    told = [
        ("Ana", "that cats are nice"),
        ("Bob", "that dogs bark loudly"),
        ("Eve", "that fish swim well"),
    ]
    assert [len(discovered(text, *told, limit=n)) for n in (0, 1, 2, 9)] == [0, 1, 2, 3]


def test_nothing_said_is_nothing_discovered() -> None:
    assert discovered("It rained all day.") == []


@given(wild_texts())
def test_discovered_targets_point_into_the_text(text: str) -> None:
    document = make_document(text)
    statements = find_statements(document, FakeEncoder().encode(document))
    targets = discover(document, [], statements, resolve(document, statements), FakeEncoder(), 5)
    assert len(targets) <= 5
    for target in targets:
        assert target.text.strip()
        assert all(span.end <= len(text) for span in target.mentions)
    assert not any(target.given for target in targets)


@pytest.mark.parametrize(
    "fragment",
    [
        "Holds the casting vote in the council",
        "The prize that we gave you",
        "Took the sash on the last of the",
        "the corridor of the palace and",
        "هذا أجمل ما في المدينة اليوم",
    ],
)
def test_a_fragment_is_no_target(fragment: str) -> None:
    assert self_contained(fragment, "Ana Petrov") is None
