from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.attribution import find_statements
from stance.backends.fake import FakeEncoder
from stance.candidates import Candidate, stems_of
from stance.errors import EmptyTextError, NotTextError
from stance.holders import resolve
from stance.records import Article, Span, Statement, Target
from stance.targets import best_of, discover, given_targets, kind_of
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
    return discover(document, headline, resolve(document, statements), FakeEncoder(), limit)


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


HARBOUR = (
    "The council voted to close four branch libraries. The mayor welcomed the closures. A union "
    "said that closing four branch libraries would harm children. Ana Petrov, a teacher, opposed "
    "closing the branch libraries. It rained in the evening, and a dog slept by the door."
)
TOLD = (
    ("The council", "voted to close four branch libraries"),
    ("The mayor", "welcomed the closures"),
    ("A union", "that closing four branch libraries would harm children"),
    ("Ana Petrov", "opposed closing the branch libraries"),
)


def test_what_several_speak_to_comes_first() -> None:
    targets = discovered(HARBOUR, *TOLD, title="Council votes to close branch libraries")
    assert "libraries" in targets[0].text
    assert not any("dog" in t.text or "evening" in t.text for t in targets)
    assert not any(t.given for t in targets)


def test_one_issue_is_one_target() -> None:
    texts = [t.text for t in discovered(HARBOUR, *TOLD, title="Council closes branch libraries")]
    assert sum("branch libraries" in text for text in texts) == 1


def test_the_fuller_wording_names_an_issue() -> None:
    text = (
        "Parliament debated a bill raising the retirement age. The bill is unpopular. Unions "
        "oppose the bill. The minister defended the bill."
    )
    told = (("Unions", "oppose the bill"), ("The minister", "defended the bill"))
    texts = [t.text for t in discovered(text, *told, title="Senate backs pension bill")]
    assert "the bill" not in texts
    assert any("bill" in text for text in texts)


def test_a_wording_gives_way_to_a_fuller_one_that_ranks_about_as_high() -> None:
    texts = ["the pool", "closing the pool", "the pool in Hale", "selling the pool"]
    found = [Candidate(t, "noun", stems_of(t)) for t in texts]
    assert best_of(found, [1.0, 0.9, 0.95, 0.0], 1) == [1]
    assert best_of(found, [1.0, 0.0, 0.95, 0.0], 1) == [0]


def test_the_headlines_claim_counts() -> None:
    targets = discovered(
        "The envoy said that talks were long. Weapons are sold.",
        ("The envoy", "that talks were long"),
        title="North Korea denied it supplied weapons to Russia",
    )
    claims = [t for t in targets if t.kind == "claim"]
    assert "North Korea supplied weapons to Russia" in [t.text for t in claims]


def test_kinds_follow_the_wording() -> None:
    kinds = {t.text: t.kind for t in discovered(HARBOUR, *TOLD, title="Libraries close")}
    assert all(kind == "topic" for text, kind in kinds.items() if text.startswith("closing"))


def test_no_more_targets_than_asked_for() -> None:
    counts = [len(discovered(HARBOUR, *TOLD, limit=n)) for n in (0, 1, 2)]
    assert counts == [0, 1, 2]


def test_nothing_to_name_is_nothing_discovered() -> None:
    assert discovered("It is so.") == []


@given(wild_texts(), st.text(max_size=40))
def test_discovered_targets_point_into_the_text(text: str, title: str) -> None:
    document = make_document(Article(text, title))
    statements = find_statements(document, FakeEncoder().encode(document))
    resolution = resolve(document, statements, narration=True)
    targets = discover(document, [], resolution, FakeEncoder(), 5)
    assert len({t.text for t in targets}) == len(targets) <= 5
    for target in targets:
        assert target.text.strip()
        assert all(0 <= span.start < span.end <= len(text) for span in target.mentions)
    assert not any(target.given for target in targets)


def test_a_target_that_is_given_twice_counts_once() -> None:
    twice = given_targets(["the tram line", " the tram line ", Target("the tram line", "topic")])
    assert [target.text for target in twice] == ["the tram line"]
