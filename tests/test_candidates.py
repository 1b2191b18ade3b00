from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.attribution import find_statements
from stance.backends.fake import FakeEncoder
from stance.candidates import Candidate, gather, stem, stems_of
from stance.holders import resolve
from stance.records import Article, Span, Statement
from stance.text import make_document


def gathered(text: str, title: str | None = None) -> dict[str, Candidate]:
    document = make_document(Article(text, title))
    found = gather(document, [], resolve(document, []))
    return {candidate.text: candidate for candidate in found}


@pytest.mark.parametrize(
    "words", [("closing", "closure", "closed"), ("plan", "plans", "planned"), ("tax", "taxes")]
)
def test_forms_of_a_word_share_a_stem(words: tuple[str, ...]) -> None:
    first = stem(words[0])
    assert all(stem(word)[:4] == first[:4] for word in words)


def test_stems_leave_out_what_tells_nothing() -> None:
    assert stems_of("the closing of a pool") == {stem("closing"), stem("pool")}


def test_a_wording_is_one_candidate_wherever_it_stands() -> None:
    text = "The dam is old. Many fear the dam. A dam is a risk."
    found = gathered(text)
    assert [span.of(text) for span in found["the dam"].spans] == ["The dam", "the dam", "A dam"]


def test_a_capital_that_only_opens_a_sentence_is_made_small() -> None:
    assert "quarry dust" in gathered("The quarry is loud. Quarry dust is worse.")


def test_a_short_name_belongs_to_the_full_one() -> None:
    text = "The board praised Ineke Dralle. Fans like Dralle."
    found = gathered(text, title="Board praises Dralle")
    assert "Dralle" not in found
    assert [span.of(text) for span in found["Ineke Dralle"].spans] == ["Ineke Dralle", "Dralle"]
    assert found["Ineke Dralle"].in_title


def test_a_bare_noun_recalls_the_fuller_phrase_before_it() -> None:
    found = gathered("A bill raising the pension age came up. The minister praised the bill.")
    assert found["a bill raising the pension age"].recalled
    assert found["the bill"].points_back
    assert not found["the bill"].recalled


def test_a_claim_knows_its_place_and_whether_it_is_quoted() -> None:
    text = "“The bridge is safe. Go home,” said Ana Petrov."
    document = make_document(text)
    words = Span(0, text.index("said") - 1)
    statement = Statement((words,), at(text, "Ana Petrov"), at(text, "said"), "direct")
    resolution = resolve(document, [statement])
    (claim,) = [c for c in gather(document, [], resolution) if c.sort == "claim"]
    assert claim.text == "The bridge is safe"
    assert claim.direct
    assert claim.spans == [words]


def test_a_headline_lends_its_claims_but_no_events() -> None:
    claims = {t for t, c in gathered("It rained.", "Dam is unsafe").items() if c.sort == "claim"}
    assert claims == {"Dam is unsafe"}
    events = gathered("It rained.", "Firm recalls batteries").values()
    assert not [c for c in events if c.sort == "claim"]


@given(wild_texts(), st.text(max_size=60))
def test_candidates_stand_in_the_text(text: str, title: str) -> None:
    document = make_document(Article(text, title))
    statements = find_statements(document, FakeEncoder().encode(document))
    for candidate in gather(document, statements[:0], resolve(document, statements)):
        assert candidate.stems
        assert candidate.spans or candidate.in_title
        assert all(0 <= span.start < span.end <= len(text) for span in candidate.spans)
