from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.errors import EmptyTextError, NotTextError
from stance.records import Article, Span
from stance.text import (
    MAX_SENTENCE_CHARS,
    as_article,
    joined,
    make_document,
    sentence_spans,
    trim,
)


@given(wild_texts())
@example("He left.\r\nShe stayed.\r\n\r\n“No,” said Dr. Lee.")
@example("Ein Satz.\xa0Noch einer.\u2028Der dritte.")
@example("市長は述べた。橋は安全だ。")
@example("e\u0301te\u0301. 👩‍👩‍👧‍👦! Fin.")
@example("x" * (3 * MAX_SENTENCE_CHARS + 1))
def test_sentences_part_the_text_and_lose_nothing_but_white_space(text: str) -> None:
    document = make_document(text)
    assert document.text == text
    rest, position = "", 0
    for span in document.sentences:
        assert span.start >= position
        assert span.of(text).strip() == span.of(text) != ""
        assert len(span) <= MAX_SENTENCE_CHARS
        rest, position = rest + text[position : span.start], span.end
    assert not (rest + text[position:]).strip()


@given(wild_texts())
def test_paragraphs_part_the_text_and_hold_their_sentences(text: str) -> None:
    document = make_document(text)
    assert "".join("".join(p.of(text) for p in document.paragraphs).split()) == "".join(
        text.split()
    )
    assert not any(set("\r\n\u2028\u2029") & set(p.of(text)) for p in document.paragraphs)
    assert len(document.paragraph_of) == len(document.sentences) > 0
    assert list(document.paragraph_of) == sorted(document.paragraph_of)
    for index, span in zip(document.paragraph_of, document.sentences, strict=True):
        assert document.paragraphs[index].contains(span)


@given(wild_texts(), st.data())
def test_positions_find_their_sentences(text: str, data: st.DataObject) -> None:
    document = make_document(text)
    position = data.draw(st.integers(0, len(text) - 1))
    before = [i for i, s in enumerate(document.sentences) if s.start <= position]
    assert document.at(position) == (before[-1] if before else 0)
    end = data.draw(st.integers(position + 1, len(text)))
    touched = [i for i, s in enumerate(document.sentences) if s.overlaps(Span(position, end))]
    covering = document.covering(Span(position, end))
    assert set(touched) <= set(covering)
    assert len(covering) <= len(touched) + 1


def test_a_line_end_of_any_system_ends_a_sentence() -> None:
    for end in ("\n", "\r\n", "\r", "\u2028", "\u2029", "\n\n"):
        document = make_document(f"No full stop here{end}Another line")
        assert [document.sentence(i) for i in range(2)] == ["No full stop here", "Another line"]


def test_abbreviations_and_quotes_do_not_split() -> None:
    document = make_document("Dr. Lee met Mr. Orr in the U.S. on Monday. They spoke.")
    assert len(document.sentences) == 2


def test_an_overlong_sentence_is_cut_at_white_space() -> None:
    words = "word " * 1000
    document = make_document(words)
    assert len(document.sentences) > 1
    assert all(document.sentence(i).split()[-1] == "word" for i in range(len(document.sentences)))


@given(wild_texts(), st.data())
def test_the_sentences_of_a_stretch_stay_inside_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, Span(start, end))
    assert all(Span(start, end).contains(span) for span in spans)
    assert "".join("".join(s.of(text) for s in spans).split()) == "".join(text[start:end].split())


@given(st.text(), st.data())
def test_trimming_takes_white_space_only(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = trim(text, start, end)
    assert (span.of(text) if span else "") == text[start:end].strip()


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\xa0\u3000"])
def test_a_blank_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(EmptyTextError, match="a7"):
        as_article(Article(text, id="a7"))
    with pytest.raises(EmptyTextError):
        make_document(text)


@pytest.mark.parametrize("value", [None, 3, b"bytes", ["a"], Article(text=None)])  # type: ignore[arg-type]
def test_what_is_no_text_is_refused_with_its_type(value: object) -> None:
    with pytest.raises(NotTextError, match=type(value).__name__):
        as_article(value)  # type: ignore[arg-type]


def test_an_article_is_taken_as_it_is() -> None:
    article = Article("Text.", title="Title", id="1")
    assert as_article(article) is article
    assert make_document(article).article is article
    assert as_article("Text.") == Article("Text.")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("They told us. “It burned,” she said.", ["They told us.", "“It burned,” she said."]),
        (
            '"We won," he said. "It was fun." He left.',
            ['"We won," he said.', '"It was fun."', None],
        ),
        ("Nobody died. « This is all. »", ["Nobody died.", "« This is all. »"]),
    ],
)
def test_the_mark_that_opens_a_quotation_goes_with_it(text: str, sentences: list[str]) -> None:
    document = make_document(text)
    for index, words in enumerate(sentences):
        assert words is None or document.sentence(index) == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("She said no. Nobody agreed.", 2),
        ("He answered no. I asked why.", 2),
        ("The answer was no. “Never,” he said.", 2),
        ("It was no. 5 on the list.", 1),
        ("See Act No. IV of that year.", 1),
        ("“I said no. Never again,” he said.", 1),
    ],
)
def test_no_ends_a_sentence_unless_a_number_follows(text: str, count: int) -> None:
    assert len(make_document(text).sentences) == count


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8))), st.booleans())
def test_joined_spans_lie_apart_and_cover_the_same(
    pairs: list[tuple[int, int]], touching: bool
) -> None:
    spans = [Span(start, start + size) for start, size in pairs]
    found = joined(spans, touching=touching)
    assert {i for s in found for i in range(s.start, s.end)} == {
        i for s in spans for i in range(s.start, s.end)
    }
    for before, after in pairwise(found):
        assert before.end < after.start if touching else before.end <= after.start


def test_spans_that_touch_are_joined_on_demand_only() -> None:
    spans = [Span(5, 8), Span(0, 5)]
    assert joined(spans) == [Span(0, 5), Span(5, 8)]
    assert joined(spans, touching=True) == [Span(0, 8)]
