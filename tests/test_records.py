from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import records
from stance.errors import LabelError, RecordError
from stance.records import (
    LABELS,
    Analysis,
    Article,
    Brief,
    Cell,
    Check,
    Coverage,
    Difference,
    Digest,
    DigestSentence,
    Evidence,
    Failure,
    Ground,
    Holder,
    Matrix,
    ModelInfo,
    Question,
    Record,
    Scores,
    Side,
    Source,
    Span,
    Stance,
    Statement,
    Summary,
    SummarySentence,
    Target,
    Trail,
    parse_label,
)

TEXT = st.text(max_size=12)
MAYBE = st.none() | TEXT
CHANCE = st.floats(0, 1)
SPAN = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda p: Span(min(p), max(p)))


def several(items: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=3).map(tuple)


SPANS = several(SPAN)
EVIDENCE = st.builds(
    lambda text, start: Evidence(text, start, start + len(text)), TEXT, st.integers(0, 99)
)
ARTICLE = st.builds(Article, TEXT, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE)
HOLDER = st.builds(Holder, TEXT, st.sampled_from(["person", "country", "author"]), SPANS)
TARGET = st.builds(Target, TEXT, st.sampled_from(["claim", "topic"]), st.booleans(), SPANS)
SCORES = st.builds(Scores, CHANCE, CHANCE, CHANCE)
CHECK = st.builds(Check, st.sampled_from(["near", "floor"]), CHANCE, CHANCE)
QUESTION = st.builds(Question, EVIDENCE, TEXT, MAYBE, st.none() | SPAN)
GROUND = st.builds(
    Ground,
    several(EVIDENCE),
    st.none() | EVIDENCE,
    st.none() | EVIDENCE,
    st.sampled_from([None, "direct", "narration"]),
    st.none() | QUESTION,
    st.none() | SCORES,
    st.none() | CHANCE,
    several(CHECK),
    TEXT,
)
TRAIL = st.builds(
    Trail, several(GROUND), several(GROUND), several(EVIDENCE), several(CHECK), several(TEXT)
)
STANCE = st.builds(
    Stance,
    HOLDER,
    TARGET,
    st.sampled_from([*LABELS, "unclear"]),
    CHANCE,
    SCORES,
    several(EVIDENCE),
    st.none() | TRAIL,
)
SENTENCE = st.builds(
    SummarySentence, TEXT, several(EVIDENCE), CHANCE, st.sampled_from(["extract", "given"]), SPANS
)
SUMMARY = st.builds(Summary, TEXT, TEXT, several(SENTENCE))
BRIEF = st.builds(Brief, st.sampled_from(["holder", "target"]), TEXT, SENTENCE)
SOURCE = st.builds(Source, st.integers(0, 9), EVIDENCE, CHANCE)
TOLD = st.builds(DigestSentence, TEXT, several(SOURCE), CHANCE, st.just("extract"), SPANS)
SIDE = st.builds(Side, st.integers(0, 9), STANCE)
DIFFERENCE = st.builds(Difference, TARGET, several(SIDE))
CELL = st.lists(st.tuples(st.sampled_from(LABELS), CHANCE), max_size=2).flatmap(
    lambda sides: st.builds(
        Cell, TEXT, TEXT, st.just(tuple(s[0] for s in sides)), st.just(tuple(s[1] for s in sides))
    )
)
COUNT = st.integers(0, 10**6)
COVERAGE = st.builds(Coverage, COUNT, COUNT, COUNT, COUNT, st.booleans())
MODEL = st.builds(ModelInfo, TEXT, MAYBE, MAYBE)
RECORDS: dict[type[Record], st.SearchStrategy[Record]] = {
    Span: SPAN,
    Article: ARTICLE,
    Statement: st.builds(Statement, SPANS, st.none() | SPAN, st.none() | SPAN, st.just("direct")),
    Holder: HOLDER,
    Target: TARGET,
    Evidence: EVIDENCE,
    Scores: SCORES,
    Check: CHECK,
    Question: QUESTION,
    Ground: GROUND,
    Trail: TRAIL,
    Stance: STANCE,
    SummarySentence: SENTENCE,
    Summary: SUMMARY,
    Brief: BRIEF,
    Source: SOURCE,
    DigestSentence: TOLD,
    Side: SIDE,
    Difference: DIFFERENCE,
    Digest: st.builds(Digest, TEXT, TEXT, several(TOLD), several(DIFFERENCE)),
    Cell: CELL,
    Matrix: st.builds(Matrix, several(TEXT), several(TEXT), several(CELL)),
    Coverage: COVERAGE,
    ModelInfo: MODEL,
    Failure: st.builds(Failure, TEXT, TEXT, MAYBE),
    Analysis: st.builds(
        Analysis,
        ARTICLE,
        st.none() | SUMMARY,
        several(HOLDER),
        several(TARGET),
        several(STANCE),
        st.none() | COVERAGE,
        several(MODEL),
        several(TEXT),
        several(BRIEF),
    ),
}


def test_every_record_is_tried() -> None:
    found = {
        value
        for value in vars(records).values()
        if isinstance(value, type) and issubclass(value, Record) and value is not Record
    }
    assert found == set(RECORDS)


@given(st.one_of(*RECORDS.values()))
def test_every_record_comes_back_from_json(record: Record) -> None:
    plain = json.loads(json.dumps(record.to_dict()))
    again = type(record).from_dict(plain)
    assert again == record
    assert again.to_dict() == record.to_dict()


@pytest.mark.parametrize("cls", list(RECORDS), ids=lambda cls: cls.__name__)
def test_records_are_frozen_and_have_no_room_for_more(cls: type[Record]) -> None:
    record = {
        Span: Span(0, 1),
        Evidence: Evidence("a", 0, 1),
        Statement: Statement((Span(0, 1),)),
    }.get(cls) or cls(*["x"] * sum(f.default is dataclasses.MISSING for f in required(cls)))
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
        setattr(record, dataclasses.fields(cls)[0].name, "y")  # type: ignore[arg-type]
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
        setattr(record, "other", "y")  # noqa: B010


def required(cls: type[Record]) -> list[dataclasses.Field[object]]:
    missing = dataclasses.MISSING
    every = dataclasses.fields(cls)  # type: ignore[arg-type]
    return [f for f in every if f.default is missing and f.default_factory is missing]


def test_defaults_may_be_left_out() -> None:
    assert Holder.from_dict({"name": "Ana"}) == Holder("Ana")
    assert Article.from_dict({"text": "x"}) == Article("x")


@pytest.mark.parametrize(
    ("cls", "data", "named"),
    [
        (Holder, {"name": "Ana", "age": 3}, "age"),
        (Holder, {}, "name"),
        (Span, {"start": 5, "end": 3}, "5"),
        (Span, {"start": "a", "end": 3}, "Span"),
        (Evidence, {"text": "abc", "start": 0, "end": 2}, "abc"),
        (Holder, {"name": "Ana", "mentions": 5}, "mentions"),
        (Holder, {"name": "Ana", "mentions": [5]}, "Span"),
        (Span, [], "list"),
        (Span, "", "str"),
        (Span, None, "NoneType"),
    ],
)
def test_what_no_record_allows_is_refused(cls: type[Record], data: object, named: str) -> None:
    with pytest.raises(RecordError, match=named):
        cls.from_dict(data)  # type: ignore[arg-type]


def test_a_trail_is_part_of_the_data_only_where_it_was_asked_for() -> None:
    plain = Stance(Holder("Ana"), Target("x"), "favor", 0.9, Scores(0.9, 0.05, 0.05))
    assert "trail" not in plain.to_dict()
    traced = dataclasses.replace(plain, trail=Trail(reasons=("one statement",)))
    assert traced.to_dict()["trail"]["reasons"] == ["one statement"]
    assert Stance.from_dict(plain.to_dict()).trail is None
    assert Article("x").to_dict()["title"] is None  # other fields are there even without a value


@given(SPAN, SPAN, st.text(min_size=100, max_size=100))
def test_spans_speak_of_characters(a: Span, b: Span, text: str) -> None:
    ours, theirs = set(range(a.start, a.end)), set(range(b.start, b.end))
    assert len(a) == len(ours) == len(a.of(text))
    if ours and theirs:
        assert a.overlaps(b) == b.overlaps(a) == bool(ours & theirs)
        assert a.contains(b) == (theirs <= ours)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_a_span_runs_forward(start: int, end: int) -> None:
    with pytest.raises(RecordError):
        Span(start, end)


@given(st.text(min_size=1), st.data())
def test_evidence_is_a_true_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    evidence = Evidence.cut(text, Span(start, end))
    assert text[evidence.start : evidence.end] == evidence.text
    assert evidence.span == Span(start, end)


def test_evidence_starts_in_the_text() -> None:
    with pytest.raises(RecordError):
        Evidence("ab", -2, 0)


def test_a_statement_spans_all_its_parts() -> None:
    statement = Statement((Span(20, 30), Span(40, 50)), source=Span(32, 36), cue=Span(52, 55))
    assert statement.span == Span(20, 55)
    assert Statement((Span(3, 4),)).span == Span(3, 4)


def test_scores_name_their_best_label() -> None:
    assert Scores(0.1, 0.7, 0.2).best == "against"
    assert Scores(0.4, 0.4, 0.2).best == "favor"
    assert Scores(0.2, 0.4, 0.4).best == "against"
    assert [Scores(0.1, 0.7, 0.2)[label] for label in LABELS] == [0.1, 0.7, 0.2]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("favor favour support pro agree affirm positive", "favor"),
        ("against oppose con disagree deny negative", "against"),
        ("neutral discuss none", "neutral"),
    ],
)
def test_labels_are_read_in_every_wording(words: str, label: str) -> None:
    for word in words.split():
        assert parse_label(word) == parse_label(f" {word.upper()}\n") == label


@pytest.mark.parametrize("word", ["", "maybe", "favors of", None, 3])
def test_other_labels_are_refused(word: object) -> None:
    with pytest.raises(LabelError, match="use one of"):
        parse_label(word)  # type: ignore[arg-type]


def test_ratios_are_read_off() -> None:
    assert Coverage(50, 200, 1, 4).ratio == 0.25
    assert Coverage(0, 0, 0, 0).ratio == 1.0
    sentences = (SummarySentence("a", support=1.0), SummarySentence("b", support=0.5))
    assert Summary("a b", "given", sentences).support == 0.75
    assert Summary("", "given").support == 0.0


def test_an_analysis_groups_its_stances_in_order() -> None:
    ana, bob = Holder("Ana"), Holder("Bob")
    dam, tax = Target("the dam"), Target("the tax")
    scores = Scores(1.0, 0.0, 0.0)
    stances = [Stance(h, t, "favor", 1.0, scores) for h, t in ((bob, dam), (ana, tax), (bob, tax))]
    analysis = Analysis(Article("x"), stances=tuple(stances))
    assert list(analysis.by_holder()) == ["Bob", "Ana"]
    assert analysis.by_holder()["Bob"] == [stances[0], stances[2]]
    assert analysis.by_target() == {"the dam": stances[:1], "the tax": stances[1:]}
