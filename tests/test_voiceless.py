from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import make_document
from stance.voiceless import Voices

TEXT = (
    "The minister spoke in Pristina on Monday. “Kosovo is not part of Albania and it will never "
    "be,” Ivica Dren said. “We have waited for long enough. The border must be opened before the "
    "winter comes. Nobody can stop it,” he added.\n"
    "The road over the pass is closed for repairs. He called the rule “a bad joke”."
)


def lost(sentence: str, text: str = TEXT) -> list[str]:
    return [span.of(sentence) for span in Voices.of(make_document(text)).lost(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Kosovo is not part of Albania and it will never be.",
        "In Pristina, Kosovo is not part of Albania.",
        "The border must be opened before the winter comes.",
    ],
)
def test_a_claim_without_its_speaker_is_found(sentence: str) -> None:
    assert lost(sentence)
    assert lost(sentence.lower())


@pytest.mark.parametrize(
    "sentence",
    [
        "Kosovo is not part of Albania, Dren said.",
        "“Kosovo is not part of Albania and it will never be.”",
        "According to Dren Kosovo is not part of Albania.",
        "Dren: Kosovo is not part of Albania.",
        "Dren denied that Kosovo is part of Albania and it will never be.",
        # The article's own words.
        "The road over the pass is closed for repairs.",
        # Too few of its words are anybody's.
        "Kosovo is not part of the talks that open in Geneva this week with all of its neighbours.",
        "The rule is a bad joke.",
    ],
)
def test_what_is_given_to_somebody_or_to_nobody_is_left(sentence: str) -> None:
    assert lost(sentence) == []


def test_the_span_is_the_borrowed_words() -> None:
    sentence = "On Monday Kosovo is not part of Albania and it will never be."
    assert lost(sentence) == ["Kosovo is not part of Albania and it will never be"]


def test_words_that_stand_outside_quotations_too_are_nobodys() -> None:
    text = "“The road is closed for repairs,” he said. The road is closed for repairs."
    assert lost("The road is closed for repairs.", text) == []


def test_straight_and_curly_apostrophes_are_one() -> None:
    text = "“I don’t want the bridge to be built,” she said."
    assert lost("I don't want the bridge to be built.", text)


def test_an_odd_mark_does_not_turn_the_text_inside_out() -> None:
    text = 'She said "no. The road over the pass is closed for repairs. Work begins in May.'
    assert lost("The road over the pass is closed for repairs.", text) == []


def test_sentences_in_the_middle_of_a_quotation_are_known() -> None:
    text = (
        "“We let out less than we received. The dam did not make this flood.\n"
        "“It took the top off it,” she said. “No more. The wall held. Ask them.” She went."
    )
    document = make_document(text)
    voices = Voices.of(document)
    assert [document.sentence(i) for i in sorted(voices.inside)] == [
        "The dam did not make this flood."
    ]
    assert voices.lost("The dam did not make this flood.")


def test_an_item_of_a_list_is_no_quotation() -> None:
    text = "Their reasons:\n- they fear that the bridge will ruin every fisherman here. No."
    assert lost("The bridge will ruin every fisherman here.", text) == []


@given(st.text(min_size=1, max_size=300), st.text(max_size=120))
def test_any_text_gives_ordered_spans_within_the_sentence(text: str, sentence: str) -> None:
    if not text.strip():
        return
    spans = Voices.of(make_document(text)).lost(sentence)
    ends = [0, *(end for span in spans for end in (span.start, span.end)), len(sentence)]
    assert ends == sorted(ends)
