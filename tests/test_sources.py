from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.names import PRONOUNS, name_spans
from stance.records import Span, Statement
from stance.sources import mended


def mend(text: str, words: str) -> str | None:
    """Mend the one source that a tagger found, and return its words."""
    (statement,) = mended(text, [Statement((Span(0, 1),), at(text, words))])
    return statement.source and statement.source.of(text)


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("Ana Petrov said so.", "Petrov", "Ana Petrov"),
        ("Ana Petrov said so.", "Ana", "Ana Petrov"),
        ("Ana Petrov said so.", "na Pet", "Ana Petrov"),
        ("The National Farm Union said so.", "The National", "The National Farm Union"),
        ("The Department of the Interior said so.", "the Interior", "Department of the Interior"),
        (
            "Mayor Ana Petrov and Bo Stone said so.",
            "Petrov and Bo",
            "Mayor Ana Petrov and Bo Stone",
        ),
        ("Ana Marchetti and April Jones said so.", "Marchetti", "Ana Marchetti"),
    ],
)
def test_a_name_that_was_cut_is_made_whole(text: str, cut: str, whole: str) -> None:
    assert mend(text, cut) == whole


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("“Yes,” said the mayor himself, and left.", "said the mayor himself, and", "the mayor"),
        ("But the union, who said no, left.", "But the union, who", "the union"),
        ("It fell, according to the ministry.", ", according to the ministry", "the ministry"),
        ("The guild’s answer was no.", "The guild’s", "The guild"),
        ("The workers' answer was no.", "The workers'", "The workers"),
        (
            "Ana Petrov, — the mayor, — said so.",
            "Ana Petrov, — the mayor, —",
            "Ana Petrov, — the mayor",
        ),
        ("He told that opponent, Bo Stone, no.", "that opponent, Bo Stone,", "opponent, Bo Stone"),
        ("That opponent, Bo Stone, said so.", "That opponent", "That opponent"),
    ],
)
def test_what_belongs_to_no_source_is_left_out(text: str, found: str, left: str) -> None:
    assert mend(text, found) == left


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The WHO said so.", "The WHO"),
        ("Said Khalil said so.", "Said Khalil"),
        ("A union of nurses, the third one, said so.", "A union of nurses, the third one"),
        ("The driver of the bus said so.", "The driver of the bus"),
    ],
)
def test_a_whole_source_stays_as_it_is(text: str, words: str) -> None:
    assert mend(text, words) == words


@pytest.mark.parametrize("word", ["He", "she", "their", "who"])
def test_a_pronoun_stays_as_it_is(word: str) -> None:
    assert mend(f"Petrov and {word} said so.", word) == word


@pytest.mark.parametrize("words", ["on Monday", "Fridays", "December", " , ", "—", "’s", "and "])
def test_a_source_that_is_a_day_or_a_sign_is_none(words: str) -> None:
    text = f"The union, {words} said so."
    assert mend(text, words.removeprefix("on ")) is None


def test_a_day_before_a_name_is_not_taken_in() -> None:
    assert mend("On Monday Petrov said so.", "Petrov") == "Petrov"


def test_a_statement_without_source_comes_back_as_it_was() -> None:
    statements = [Statement((Span(0, 3),)), Statement((Span(4, 7),), Span(0, 3), Span(3, 4))]
    first, second = mended("Ana Petrov said so.", statements)
    assert first == statements[0]
    assert second == Statement((Span(4, 7),), Span(0, 10), Span(3, 4))


@pytest.mark.parametrize("row", [" ,", ", and", "’", "’s", " —", "\n "])
def test_a_long_row_of_signs_is_read_in_one_pass(row: str) -> None:
    """A pattern that tried every split of the row would never come back."""
    text = f"The union{row * 4000}x said so."
    source = Span(0, text.index("x") + 1)
    (statement,) = mended(text, [Statement((source,), source)])
    assert statement.source == source
    source = Span(0, text.index("x"))
    (statement,) = mended(text, [Statement((source,), source)])
    assert statement.source == at(text, "The union")


@given(wild_texts(), st.data())
def test_a_mended_source_lies_in_the_text_and_is_never_empty(
    text: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=12)))
    given_ = [Statement((Span(a, b),), Span(a, b)) for a, b in pairwise(cuts)]
    results = mended(text, given_)
    assert [r.content for r in results] == [g.content for g in given_]
    for before, after in zip(given_, results, strict=True):
        if after.source is None:
            continue
        assert 0 <= after.source.start < after.source.end <= len(text)
        assert after.source.of(text).strip()
        if before.source and before.source.of(text).casefold() in PRONOUNS:
            assert after.source == before.source


@given(wild_texts(), st.data())
def test_a_mended_source_cuts_no_name(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    source = Span(start, data.draw(st.integers(start + 1, len(text))))
    (statement,) = mended(text, [Statement((source,), source)])
    if statement.source is None or source.of(text).casefold() in PRONOUNS:
        return
    for first, name in name_spans(text):
        span = Span(first, first + len(name))
        assert not span.overlaps(statement.source) or statement.source.contains(span)
