from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.phrases import MAX_PHRASE_WORDS, phrases
from stance.records import Span


def found(text: str, *, headline: bool = False) -> list[str]:
    return [p.text for p in phrases(text, Span(0, len(text)), headline=headline)]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The council voted to close four branch libraries.", "closing four branch libraries"),
        ("It will ban cars from the centre.", "banning cars from the centre"),
        (
            "They want to close four libraries and open a hub.",
            "closing four libraries and opening a hub",
        ),
        ("She opposed the sale of the waterworks.", "the sale of the waterworks"),
        ("The law allowing internet shutdowns fell.", "the law allowing internet shutdowns"),
        ("Unions fear the plan to close 12 hospitals.", "the plan to close 12 hospitals"),
        ("He praised its plan for the harbour.", "the plan for the harbour"),
        ("There was no recession in Calmora.", "recession in Calmora"),
        ("We regret the sale of “The Salt Pickers” abroad.", "the sale of “The Salt Pickers”"),
        ("A 48-hour strike began.", "a 48-hour strike"),
        ("Lawmakers reject U.S. arms sales to Taiwan", "U.S. arms sales to Taiwan"),
    ],
)
def test_a_phrase_is_found_whole(text: str, phrase: str) -> None:
    assert phrase in found(text)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("He sent the files to the mayor.", "the files to the mayor"),
        ("The council closed the pool.", "the council closed the pool"),
        ("It puts the closures at 61 per cent.", "the closures at 61 per cent"),
        ("The main lending rate fell.", "lending rate"),
        ("The pool was stopped by a goods train.", "stopping by a goods train"),
    ],
)
def test_what_does_not_belong_together_is_no_phrase(text: str, phrase: str) -> None:
    assert phrase not in found(text)


def test_a_headline_tells_an_act_without_an_auxiliary() -> None:
    text = "Firm recalls 62,000 home batteries"
    assert "recalling 62,000 home batteries" in found(text, headline=True)


def test_a_phrase_knows_what_stands_around_it() -> None:
    text = "Residents protest against the dam in the valley."
    (dam,) = [p for p in phrases(text, Span(0, len(text))) if p.text == "the dam"]
    assert dam.before[-1] == "against"
    assert dam.after == "P"
    assert not dam.opens


@given(wild_texts() | st.text())
def test_phrases_stand_in_the_text(text: str) -> None:
    for phrase in phrases(text, Span(0, len(text))):
        assert 0 <= phrase.span.start < phrase.span.end <= len(text)
        assert phrase.text == " ".join(phrase.text.split())
        assert len(phrase.text.split()) <= MAX_PHRASE_WORDS
