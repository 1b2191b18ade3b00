from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.errors import TooLongError
from stance.options import Options
from stance.reading import read, warnings_of
from stance.records import Article
from stance.text import make_document

ENGLISH = "The mayor of the town said that the bridge is safe for all of the people in it. " * 3


def warned(text: str, max_chars: int | None = None) -> list[str]:
    return list(warnings_of(*read(Article(text), Options.of(max_chars=max_chars))))


@given(wild_texts())
def test_without_a_limit_all_is_read(text: str) -> None:
    document, coverage = read(Article(text), Options())
    assert document == make_document(text)
    assert coverage.ratio == 1.0
    assert not coverage.truncated
    assert coverage.chars_total == len(text)
    assert coverage.sentences_read == coverage.sentences_total == len(document.sentences)


@given(wild_texts(), st.integers(1, 400))
def test_a_limit_cuts_at_the_end_of_a_sentence(text: str, limit: int) -> None:
    whole = make_document(text)
    document, coverage = read(Article(text), Options.of(max_chars=limit))
    kept = len(document.sentences)
    assert document.sentences == whole.sentences[:kept]
    assert document.text == text
    assert kept == coverage.sentences_read >= 1
    assert coverage.sentences_total == len(whole.sentences)
    assert coverage.truncated == (kept < len(whole.sentences))
    assert coverage.chars_read <= coverage.chars_total == len(text)
    if kept > 1:
        assert document.sentences[-1].end <= limit
    if coverage.truncated:
        assert coverage.chars_read == document.sentences[-1].end
        assert whole.sentences[kept].end > limit


@given(wild_texts(), st.integers(1, 400))
def test_what_is_not_read_is_in_no_paragraph(text: str, limit: int) -> None:
    document, coverage = read(Article(text), Options.of(max_chars=limit))
    assert all(p.end <= coverage.chars_read for p in document.paragraphs)
    for index, sentence in zip(document.paragraph_of, document.sentences, strict=True):
        assert document.paragraphs[index].contains(sentence)


def test_a_long_text_can_be_an_error_that_names_it() -> None:
    with pytest.raises(TooLongError, match=r"a7.* 240 .*100"):
        read(Article(ENGLISH, id="a7"), Options.of(max_chars=100, on_long="error"))
    read(Article(ENGLISH), Options.of(max_chars=len(ENGLISH), on_long="error"))


def test_an_english_text_is_read_without_a_warning() -> None:
    assert warned(ENGLISH) == []
    assert warned("North Korea denied arms exports.") == []
    assert warned("Mayor vetoes harbour toll bill, council vows override vote next week") == []


@pytest.mark.parametrize(
    "text",
    [
        "Der Bürgermeister sagte, die Brücke sei sicher und werde noch viele Jahre halten, "
        "obwohl die Gewerkschaft das seit langem bestreitet und vor Gericht ziehen will.",
        "Le maire a déclaré que le pont est sûr et qu’il tiendra encore de nombreuses années, "
        "bien que le syndicat le conteste depuis longtemps et veuille aller en justice.",
        "市長は、橋は安全だと述べた。組合は、これを否定し、裁判に訴えるとしている。住民は、"
        "橋の、閉鎖を、求めている。議会は、来週、採決する。",
        "Мэр заявил, что мост безопасен и простоит ещё много лет. Профсоюз это отрицает.",
        "قال رئيس البلدية إن الجسر آمن وسيصمد سنوات طويلة. لكن النقابة تنفي ذلك بشدة.",
    ],
)
def test_a_text_in_another_language_is_warned_of(text: str) -> None:
    assert any("English" in warning for warning in warned(text))


def test_a_text_without_words_is_warned_of() -> None:
    assert any("hardly any words" in w for w in warned("123 456 | 789 " * 10))


def test_a_cut_is_told_with_its_numbers() -> None:
    (warning,) = warned(ENGLISH, 100)
    assert "79 of 240 characters" in warning


@given(wild_texts(), st.integers(1, 50))
def test_any_text_can_be_warned_of(text: str, limit: int) -> None:
    assert all(isinstance(w, str) and w for w in warned(text, limit))
