from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.attribution import context_of, find_statements, kind_of, reported, words_of
from stance.backends.base import Attribution, Encoding
from stance.backends.fake import FakeEncoder
from stance.quotes import find_quotes
from stance.records import Span, Statement
from stance.text import make_document


def found(
    text: str, *tagged: tuple[str | None, str | None, str], score: float = 0.99, acts: bool = False
) -> list[Statement]:
    """Find statements where the tagger found these (source, cue, content) words."""
    document = make_document(text)
    attributions = tuple(
        Attribution((at(text, content),), source and at(text, source), cue and at(text, cue), score)
        for source, cue, content in tagged
    )
    count = len(document.sentences)
    encoding = Encoding(np.ones((count, 4), np.float32), np.ones(count, np.float32), attributions)
    return find_statements(document, encoding, acts=acts)


def told(text: str, statements: list[Statement]) -> list[tuple[str | None, str, str]]:
    """Show statements as (source, content, kind)."""
    return [
        (s.source and s.source.of(text), " … ".join(c.of(text) for c in s.content), s.kind)
        for s in statements
    ]


def test_the_tagger_is_believed() -> None:
    text = "The mayor said that the bridge is safe."
    statements = found(text, ("The mayor", "said", "that the bridge is safe"))
    assert told(text, statements) == [("The mayor", "that the bridge is safe", "indirect")]
    assert statements[0].cue == at(text, "said")


def test_what_the_tagger_doubts_is_left_out() -> None:
    text = "The mayor said that the bridge is safe."
    assert found(text, ("The mayor", "said", "that the bridge is safe"), score=0.01) == []


def test_a_content_without_a_word_is_no_statement() -> None:
    assert found("The mayor said: —", ("The mayor", "said", "—")) == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("“It will stand for ever,” said Ana Petrov.", "will stand"),
        ("Ana Petrov said: “It will stand for ever.”", "will stand for ever."),
        ('"It will stand for ever," said Ana Petrov.', "It will"),
        ("«It will stand for ever», said Ana Petrov.", "It will stand"),
    ],
)
def test_a_content_grows_to_its_quotation(text: str, content: str) -> None:
    (statement,) = found(text, ("Ana Petrov", "said", content))
    (span,) = statement.content
    assert span.of(text).strip('“”"«»,.') == "It will stand for ever"
    assert statement.kind == "direct"


def test_a_content_does_not_swallow_its_own_speaker() -> None:
    text = "“Pyongyang said it sold nothing,” the envoy told reporters."
    (inner, *_) = found(text, ("Pyongyang", "said", "it sold nothing"))
    assert inner.source == at(text, "Pyongyang")
    assert not any(span.overlaps(at(text, "Pyongyang")) for span in inner.content)


def test_a_quotation_that_the_tagger_missed_goes_to_the_speaker_before_it() -> None:
    text = "The mayor said that it is safe. “We have tested every single beam,” he added."
    statements = found(text, ("The mayor", "said", "that it is safe"))
    assert told(text, statements)[1:] == [
        ("The mayor", "“We have tested every single beam,”", "direct")
    ]


def test_a_quotation_that_the_tagger_missed_goes_to_the_speaker_after_it() -> None:
    text = "“We have tested every single beam.” That is what the mayor said of its age."
    statements = found(text, ("the mayor", "said", "of its age"))
    assert ("the mayor", "“We have tested every single beam.”", "direct") in told(text, statements)


def test_a_quotation_over_paragraphs_stays_with_its_speaker() -> None:
    text = (
        "The mayor said: “We have tested every beam.\n\n"
        "“And we have tested every single bolt.\n\n"
        "“Now we can open it again.”\n\n"
        "The engineer said that the work goes on."
    )
    statements = found(
        text,
        ("The mayor", "said", "“We have tested every beam."),
        ("The engineer", "said", "that the work goes on"),
    )
    assert [s for s, _, _ in told(text, statements)] == ["The mayor"] * 3 + ["The engineer"]
    assert statements[2].content[0].of(text) == "“Now we can open it again.”"


def test_an_unclosed_quotation_ends_with_its_paragraph() -> None:
    text = "The mayor said: “We have tested every beam.\n\nThe bridge opens in May."
    (statement,) = found(text, ("The mayor", "said", "tested every beam"))
    assert statement.content[0].of(text) == "“We have tested every beam."


def test_a_scare_quote_is_nobodys_statement() -> None:
    text = "The mayor said that it is safe. The “wobbly” bridge opens in May."
    assert len(found(text, ("The mayor", "said", "that it is safe"))) == 1


def test_a_quotation_without_any_speaker_is_left_alone() -> None:
    assert found("“We have tested every single beam.” The bridge opens in May.") == []


def test_an_interrupted_quotation_is_one_statement() -> None:
    text = "“We tested it,” the mayor said, “and it holds.”"
    document = make_document(text)
    attribution = Attribution(
        (at(text, "We tested it"), at(text, "and it holds")),
        at(text, "the mayor"),
        at(text, "said"),
        0.9,
    )
    encoding = Encoding(np.ones((1, 4), np.float32), np.ones(1, np.float32), (attribution,))
    (statement,) = find_statements(document, encoding)
    assert [c.of(text) for c in statement.content] == ["“We tested it,”", "“and it holds.”"]
    assert statement.kind == "direct"
    assert words_of(text, statement) == "We tested it and it holds."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“It is safe and sound”", "direct"),
        ("it is “safe” and will stand for many years", "mixed"),
        ("it is safe and sound", "indirect"),
    ],
)
def test_a_kind_is_read_off_the_marks(text: str, kind: str) -> None:
    quotes = find_quotes(text, make_document(text).paragraphs)
    assert kind_of(text, [Span(0, len(text))], quotes) == kind


@pytest.mark.parametrize(
    ("content", "source", "inner"),
    [
        (
            "a U.S. intelligence report that it exported rockets and shells to Russia",
            "U.S. intelligence",
            "it exported rockets and shells to Russia",
        ),
        (
            "the ministry’s claim that it had sold no weapons to Russia",
            "ministry",
            "it had sold no weapons to Russia",
        ),
        (
            "a report by Amnesty International that prisoners were beaten",
            "Amnesty International",
            "prisoners were beaten",
        ),
    ],
)
def test_a_statement_inside_a_statement_has_its_own_source(
    content: str, source: str, inner: str
) -> None:
    text = f"North Korea denied {content}."
    outer, within = found(text, ("North Korea", "denied", content))
    assert outer.source == at(text, "North Korea")
    assert within.source is not None
    assert within.source.of(text) == source
    assert within.content[0].of(text) == inner
    assert within.kind == "indirect"


@pytest.mark.parametrize(
    "content",
    ["that it exported rockets to Russia", "a plan that would cost many millions", "nothing"],
)
def test_a_plain_content_holds_no_other_statement(content: str) -> None:
    text = f"North Korea denied {content}."
    document = make_document(text)
    statement = Statement((at(text, content),), at(text, "North Korea"), at(text, "denied"))
    assert reported(document, statement) is None


def test_the_context_is_whole_sentences_around_the_statement() -> None:
    text = "The bridge is old. The mayor said that it is safe. Nobody asked him."
    document = make_document(text)
    statement = Statement((at(text, "that it is safe"),), at(text, "The mayor"), at(text, "said"))
    assert context_of(document, statement).of(text) == text[: text.index(" Nobody")]
    assert context_of(document, statement, words=8).of(text) == "The mayor said that it is safe."


@given(wild_texts())
def test_any_text_gives_statements_that_lie_in_it(text: str) -> None:
    document = make_document(text)
    statements = find_statements(document, FakeEncoder().encode(document))
    assert statements == sorted(set(statements), key=lambda s: (s.span.start, s.span.end))
    for statement in statements:
        assert statement.span.end <= len(text)
        assert all(len(span) > 0 for span in statement.content)
        assert list(statement.content) == sorted(statement.content)
        assert not any(
            a.overlaps(b) for a, b in zip(statement.content, statement.content[1:], strict=False)
        )
        context = context_of(document, statement)
        assert context.contains(statement.span)
        assert context.of(text).strip() == context.of(text)


@given(wild_texts(), st.data())
def test_any_tagging_is_taken(text: str, data: st.DataObject) -> None:
    def span() -> Span:
        start = data.draw(st.integers(0, len(text) - 1))
        return Span(start, data.draw(st.integers(start + 1, len(text))))

    def maybe() -> Span | None:
        return span() if data.draw(st.booleans()) else None

    attributions = tuple(
        Attribution(tuple(span() for _ in range(data.draw(st.integers(1, 2)))), maybe(), maybe(), 1)
        for _ in range(data.draw(st.integers(0, 4)))
    )
    document = make_document(text)
    count = len(document.sentences)
    encoding = Encoding(np.ones((count, 4), np.float32), np.ones(count, np.float32), attributions)
    for statement in find_statements(document, encoding):
        assert statement.span.end <= len(text)
        assert any(character.isalnum() or character == "_" for character in text)


@pytest.mark.parametrize("end", [" ", "\n"])
def test_ten_thousand_quotations_are_given_to_their_speakers(end: str) -> None:
    text = f"“We have tested it,” the mayor said.{end}" * 10_000
    document = make_document(text)
    assert len(find_statements(document, FakeEncoder().encode(document))) == 10_000


def test_statements_over_the_same_words_keep_the_order_they_were_found_in() -> None:
    text = "one two three four five six seven eight"
    first, *middle, last = (at(text, word) for word in text.split())
    tagged = [Attribution((first, last), first, cue, 0.9) for cue in reversed(middle)]
    encoding = Encoding(np.ones((1, 4), np.float32), np.ones(1, np.float32), tuple(tagged))
    statements = find_statements(make_document(text), encoding, acts=False)
    assert [s.cue for s in statements] == [a.cue for a in tagged]
