from __future__ import annotations

import pytest
from hypothesis import given
from wild_texts import at, wild_texts

from stance.acts import MIN_SCORE, find_acts
from stance.backends.base import Attribution
from stance.quotes import find_quotes
from stance.records import Span, Statement
from stance.text import make_document


def acts(text: str, statements: tuple[Statement, ...] = ()) -> list[tuple[str, str, str]]:
    document = make_document(text)
    found = find_acts(document, statements, find_quotes(text, document.paragraphs))
    assert all(s.kind == "narration" for s in found)
    return [
        (s.source.of(text), s.cue.of(text), s.content[0].of(text))
        for s in found
        if s.source and s.cue
    ]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The governor vetoed the toll bill.", "The governor", "vetoed", "the toll bill"),
        ("The council voted against the plan.", "The council", "voted against", "the plan"),
        ("Senators voted 5-4 to close the mine.", "Senators", "voted 5-4 to", "close the mine"),
        ("The ministry has banned the new drug.", "The ministry", "has banned", "the new drug"),
        ("Residents sued the power company.", "Residents", "sued", "the power company"),
        ("The union went on strike over pay cuts.", "The union", "went on strike", "over pay cuts"),
        (
            "Lawmakers, who met on Monday, rejected the treaty.",
            "Lawmakers",
            "rejected",
            "the treaty",
        ),
        (
            "The union, which has 400 members, voted against the deal.",
            "The union",
            "voted against",
            "the deal",
        ),
        (
            "Ana Petrov, who had opposed the dam; she left.",
            "Ana Petrov",
            "had opposed",
            "the dam",
        ),
        (
            "The mayor backed the plan, while the union opposed it.",
            "The mayor",
            "backed",
            "the plan",
        ),
        (
            "Although it was late, the council unanimously approved the tax rise.",
            "the council",
            "approved",
            "the tax rise",
        ),
    ],
)
def test_an_act_is_read_as_who_did_what(text: str, source: str, cue: str, content: str) -> None:
    assert (source, cue, content) in acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor met the council on Monday.",
        "Vetoed the bill.",
        "The council approved.",
        "“The council rejected the plan,” she said.",
        "The back of the house was painted.",
    ],
)
def test_no_act_is_made_up(text: str) -> None:
    assert acts(text) == []


def test_a_cue_that_is_known_is_no_act() -> None:
    text = "The council rejected the plan."
    known = Statement((at(text, "the plan"),), at(text, "The council"), at(text, "rejected"))
    assert acts(text, (known,)) == []


@given(wild_texts())
def test_any_text_gives_acts_inside_one_sentence(text: str) -> None:
    document = make_document(text)
    for act in find_acts(document, (), find_quotes(text, document.paragraphs)):
        assert any(sentence.contains(act.span) for sentence in document.sentences)
        assert act.source is not None
        assert act.cue is not None
        assert act.source.end <= act.cue.start < act.cue.end <= act.content[0].start


@pytest.mark.parametrize(
    "text",
    [
        "“No,” he said. The council rejected the plan. " * 10_000,
        "The council rejected " * 10_000,
        "a,b;" * 30_000,
    ],
)
def test_a_long_text_is_read_in_one_pass(text: str) -> None:
    document = make_document(text)
    found = find_acts(document, (), find_quotes(text, document.paragraphs))
    assert len(found) <= text.count("rejected")


def test_tagged_acts_join_those_of_the_list_and_come_once() -> None:
    text = "The band handed back the prize. The mayor vetoed the toll bill."
    document = make_document(text)
    quotes = find_quotes(text, document.paragraphs)
    band = Attribution((at(text, "handed back the prize"),), at(text, "The band"), None, 0.9)
    mayor = Attribution((at(text, "vetoed the toll bill"),), at(text, "The mayor"), None, 0.9)
    vague = Attribution((Span(0, 8),), None, None, MIN_SCORE - 0.1)
    found = find_acts(document, (), quotes, (band, mayor, vague))
    assert [s.content[0].of(text) for s in found] == [
        "handed back the prize",
        "vetoed the toll bill",
    ]


def test_a_tagged_act_told_in_a_quotation_is_its_speakers() -> None:
    text = "“The band handed back the prize,” she said."
    document = make_document(text)
    act = Attribution((at(text, "handed back the prize"),), at(text, "The band"), None, 0.9)
    assert find_acts(document, (), find_quotes(text, document.paragraphs), (act,)) == []
