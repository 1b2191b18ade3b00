from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.records import Span
from stance.tags import tagged, tags_of


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("The council voted to close four libraries.", "DNVTBNN."),
        ("the council's plan to ban cars", "DNNTBN"),
        ("a leaked report", "DEN"),
        ("The union leaked a report", "DNVDN"),
        ("It will ban cars", "OMBN"),
        ("the ban on cars last year", "DNPNXX"),
        ("the opening of the bridge", "DNPDN"),
        ("by opening the bridge in 2019", "PGDNPX"),
        ("61 per cent of voters", "NNNPN"),
    ],
)
def test_words_are_tagged_by_lists_and_neighbours(text: str, tags: str) -> None:
    assert tags_of(text) == tags


def test_the_first_verb_of_a_headline_may_stand_between_bare_nouns() -> None:
    text = "Firm recalls home batteries"
    whole = Span(0, len(text))
    assert "".join(w.tag for w in tagged("Town ties plant to money", Span(0, 24)))[1] == "N"
    assert "".join(w.tag for w in tagged(text, whole, headline=True)) == "NVNN"


def test_quotation_marks_are_looked_through() -> None:
    assert tags_of("the “leaked” report") == tags_of("the leaked report")


@given(wild_texts() | st.text())
def test_words_are_cut_from_the_text_in_order(text: str) -> None:
    words = tagged(text, Span(0, len(text)))
    assert all(word.span.of(text) == word.text for word in words)
    assert [w.span for w in words] == sorted(w.span for w in words)
    assert "".join(text.split()) == "".join("".join(w.text.split()) for w in words)
