from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.attribution import find_statements
from stance.backends.base import Floats, StancePair
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.detect import (
    AUTHOR_NAME,
    MAX_AUTHOR,
    MAX_EVIDENCE,
    MAX_STATEMENTS,
    NEAR_AUTHOR,
    Search,
    Thresholds,
    detect,
    find,
    nearest,
    shown_by,
)
from stance.holders import resolve
from stance.records import Span, Stance, Statement, Target
from stance.sureness import Sureness, Traits, traits_of
from stance.targets import given_targets
from stance.text import make_document

# Wide enough that no two words share a column.
ENCODER = FakeEncoder(1 << 14)
OPEN = Thresholds(near=0.2, related=0.05, floor=0.0, second_side=0.9)
CLAIM = "North Korea supplied weapons to Russia"
TEXT = (
    "U.S. intelligence said that North Korea supplied weapons to Russia. The White House said it "
    "had no indication that North Korea supplied weapons to Russia. The zoo said that its "
    "elephants danced. North Korea denied that it supplied weapons to Russia. “We have never "
    "exported weapons to Russia,” the North Korean official said."
)
TOLD = (
    ("U.S. intelligence", "said", "that North Korea supplied weapons to Russia"),
    (
        "The White House",
        "said",
        "it had no indication that North Korea supplied weapons to Russia",
    ),
    ("The zoo", "said", "that its elephants danced"),
    ("North Korea", "denied", "that it supplied weapons to Russia"),
    ("the North Korean official", "said", "“We have never exported weapons to Russia,”"),
)


@dataclass
class Recorder:
    """Answer with one row to everything, and keep the questions."""

    row: Sequence[float] = (0.8, 0.1, 0.1, 1.0)
    asked: list[StancePair] = field(default_factory=list)

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        self.asked += pairs
        return np.array([self.row] * len(pairs), dtype=np.float32).reshape(-1, 4)

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return np.zeros((len(pairs), 3), dtype=np.float32)


def statements_of(text: str, told: Sequence[tuple[str, str, str]]) -> list[Statement]:
    """Make statements of (source, cue, content), each found nearest to its content."""
    statements = []
    for source, cue, content in told:
        inside = at(text, content)
        parts = [text.rfind(words, 0, inside.start) for words in (source, cue)]
        parts = [
            place if place >= 0 else text.index(words, inside.end)
            for place, words in zip(parts, (source, cue), strict=True)
        ]
        spans = [Span(a, a + len(w)) for a, w in zip(parts, (source, cue), strict=True)]
        statements.append(Statement((inside,), *spans))
    return statements


def detected(
    targets: Sequence[str],
    *,
    text: str = TEXT,
    told: Sequence[tuple[str, str, str]] = TOLD,
    scorer: FakeScorer | Recorder | None = None,
    thresholds: Thresholds = OPEN,
) -> list[Stance]:
    document = make_document(text)
    statements = statements_of(text, told)
    encoder = ENCODER
    return detect(
        document,
        statements,
        resolve(document, statements),
        given_targets(targets),
        encoder.encode(document),
        (encoder, scorer or FakeScorer()),
        thresholds,
    )


def test_each_holder_stands_where_its_words_stand() -> None:
    labels = {s.holder.name: s.label for s in detected([CLAIM])}
    assert labels["North Korea"] == "against"
    assert labels["U.S. intelligence"] == "favor"
    assert labels["White House"] == "neutral"
    assert "zoo" not in labels


def test_evidence_is_a_true_slice_in_the_order_of_the_text() -> None:
    for stance in detected([CLAIM]):
        assert 1 <= len(stance.evidence) <= MAX_EVIDENCE
        assert all(TEXT[e.start : e.end] == e.text for e in stance.evidence)
        assert list(stance.evidence) == sorted(stance.evidence, key=lambda e: e.start)


def test_a_denial_is_shown_by_its_own_words() -> None:
    (korea,) = [s for s in detected([CLAIM]) if s.holder.name == "North Korea"]
    assert any("denied" in e.text or "never exported" in e.text for e in korea.evidence)


def test_nothing_is_asked_about_what_nobody_speaks_to() -> None:
    scorer = Recorder()
    assert detected(["Volcanoes erupt underwater"], scorer=scorer) == []
    assert scorer.asked == []


def test_no_targets_no_stances() -> None:
    assert detected([]) == []
    assert detected([CLAIM], told=[]) == []


def test_the_question_names_and_marks_the_holder() -> None:
    scorer = Recorder()
    detected([CLAIM], scorer=scorer)
    assert {pair.target for pair in scorer.asked} == {CLAIM}
    for pair in scorer.asked:
        assert pair.text in TEXT
        assert pair.holder
        assert pair.holder_span is None or pair.holder_span.of(pair.text) in {t[0] for t in TOLD}


def test_the_scorer_may_find_no_relation() -> None:
    assert detected([CLAIM], scorer=Recorder((0.8, 0.1, 0.1, 0.0))) == []


def test_below_the_floor_a_stance_abstains_and_keeps_its_scores() -> None:
    doubtful = Recorder((0.4, 0.3, 0.3, 1.0))
    (stance, *_) = detected(
        [CLAIM], scorer=doubtful, thresholds=Thresholds(near=0.2, related=0.05, floor=0.9)
    )
    assert stance.label == "unclear"
    assert stance.scores.best == "favor"
    assert stance.confidence == pytest.approx(0.4, abs=1e-4)


def test_stances_come_target_by_target_in_the_order_of_the_text() -> None:
    other = "The elephants danced"
    stances = detected([other, CLAIM])
    assert [s.target.text for s in stances] == sorted(
        [s.target.text for s in stances], key=[other, CLAIM].index
    )
    starts = [s.evidence[0].start for s in stances if s.target.text == CLAIM]
    assert starts == sorted(starts)


def test_the_cost_of_a_target_is_bounded() -> None:
    text = f"Ana said that {CLAIM}. " * 100
    told = [("Ana", "said", f"that {CLAIM}")]
    document = make_document(text)
    one = statements_of(text, told)[0]
    step = len(text) // 100
    statements = [
        Statement(
            tuple(Span(s.start + step * i, s.end + step * i) for s in one.content),
            Span(step * i, step * i + 3),
        )
        for i in range(100)
    ]
    scorer, encoder = Recorder(), ENCODER
    detect(
        document,
        statements,
        resolve(document, statements),
        given_targets([CLAIM]),
        encoder.encode(document),
        (encoder, scorer),
        OPEN,
    )
    assert len(scorer.asked) == MAX_STATEMENTS


# ---------------------------------------------------------------------- the article itself

PLAZA = "the plaza is a gift to the town"
OWN = f"Ana Lee said that {PLAZA}. In truth the plaza is no gift to the town. It rained a lot."


def searched(
    text: str,
    scorer: FakeScorer | Recorder,
    thresholds: Thresholds = OPEN,
    sureness: Sureness | None = None,
) -> tuple[Search, list[Statement]]:
    """Ask an article about the plaza, narration included."""
    document = make_document(text)
    encoding = ENCODER.encode(document)
    resolution = resolve(document, find_statements(document, encoding), narration=True)
    statements, models = list(resolution.statements), (ENCODER, scorer)
    targets = given_targets([PLAZA])
    search = find(
        document, statements, resolution, targets, encoding, models, thresholds, sureness=sureness
    )
    return search, statements


def test_the_article_takes_a_side_in_its_own_voice() -> None:
    found = searched(OWN, FakeScorer())[0].stances
    assert [(s.holder.name, s.holder.kind, s.label) for s in found] == [
        ("Ana Lee", "person", "favor"),
        ("author", "author", "against"),
    ]
    assert [e.text for e in found[1].evidence] == ["In truth the plaza is no gift to the town"]


def test_the_article_is_never_neutral() -> None:
    found = searched(OWN, Recorder((0.1, 0.1, 0.8, 1.0)))[0].stances
    assert [(s.holder.name, s.label) for s in found] == [("Ana Lee", "neutral")]
    taken = searched(OWN, Recorder((0.4, 0.3, 0.3, 1.0)))[0].stances
    assert [s.holder.kind for s in taken] == ["person", "author"]


def test_the_article_needs_more_relation_than_others() -> None:
    scorer = Recorder((0.8, 0.1, 0.1, 0.85))
    kinds = [s.holder.kind for s in searched(OWN, scorer, Thresholds(author=0.9))[0].stances]
    assert kinds == ["person"]
    loose = Thresholds(author=0.8)
    assert [s.holder.kind for s in searched(OWN, scorer, loose)[0].stances] == ["person", "author"]


def test_the_article_is_asked_by_its_sentence_alone() -> None:
    scorer = Recorder()
    searched(OWN, scorer)
    (own,) = [pair for pair in scorer.asked if pair.holder == AUTHOR_NAME]
    assert own == StancePair("In truth the plaza is no gift to the town.", PLAZA, AUTHOR_NAME)


def test_only_the_nearest_few_of_the_article_s_sentences_are_asked() -> None:
    near = [f"In year {n} the plaza is a gift to the town." for n in range(MAX_AUTHOR)]
    less = ["The plaza is a gift to nobody else."] * 3
    scorer = Recorder()
    searched(" ".join([*less, *near, *less]), scorer)
    assert [pair.text for pair in scorer.asked] == near


def test_what_the_article_says_of_other_things_is_not_asked() -> None:
    scorer = Recorder()
    search, _ = searched("It rained a lot. It was cold there too.", scorer, Thresholds(near=-1.0))
    assert search.own.all()
    assert len(search.owned) == 2
    assert scorer.asked == []


@given(
    st.lists(st.tuples(st.floats(-1, 1, width=32), st.booleans()), max_size=60),
    st.floats(-1, 1, width=32),
)
def test_the_nearest_are_chosen_in_the_order_of_the_text(
    rows: list[tuple[float, bool]], least: float
) -> None:
    near = np.array([value for value, _ in rows], dtype=np.float32)
    own = np.array([is_own for _, is_own in rows], dtype=bool)
    chosen = nearest(near, own, least)
    assert chosen == sorted(set(chosen))
    for mine, limit, most in ((False, least, MAX_STATEMENTS), (True, NEAR_AUTHOR, MAX_AUTHOR)):
        able = [row for row in range(len(rows)) if own[row] == mine and near[row] >= limit]
        taken = [row for row in chosen if own[row] == mine]
        assert len(taken) == min(most, len(able))
        assert set(taken) <= set(able)
        left = [near[row] for row in able if row not in taken]
        assert not left or max(left) <= min(near[row] for row in taken)


# ---------------------------------------------------------------------- sureness


def test_with_a_sureness_the_confidence_is_the_chance_of_the_whole() -> None:
    sureness = Sureness(-0.5, Traits(related=0.1, near=1.0, narrated=-3.0), 0.3)
    plain, sure = (searched(OWN, FakeScorer(), sureness=s)[0] for s in (None, sureness))
    statements = searched(OWN, FakeScorer())[1]
    assert [s.scores for s in sure.stances] == [s.scores for s in plain.stances]
    assert [s.evidence for s in sure.stances] == [s.evidence for s in plain.stances]
    for finding in sure.findings:
        rows = [sure.owned.index(j.statement) for j in finding.group]
        near = max(float(sure.near[row, finding.target]) for row in rows)
        traits = traits_of(finding.stance, finding.group, statements, near)
        assert finding.stance.confidence == sureness.chance(traits)
    assert [s.label for s in sure.stances] == ["favor", "unclear"]
    assert [s.confidence for s in plain.stances] == [s.scores[s.scores.best] for s in plain.stances]


# ---------------------------------------------------------------------- evidence


def test_of_a_long_quotation_the_sentence_nearest_to_the_target_is_shown() -> None:
    text = "“It rained all day. The harbour bridge is unsafe. We went home,” Ana said."
    statement = Statement((at(text, text[: text.index(" Ana")]),), at(text, "Ana"), kind="direct")
    shown = shown_by(make_document(text), statement, Target("the harbour bridge"), ENCODER)
    assert shown.of(text) == "The harbour bridge is unsafe"


def test_the_cue_is_shown_where_it_stands_before_the_content() -> None:
    statement = statements_of(TEXT, TOLD)[3]
    shown = shown_by(make_document(TEXT), statement, Target(CLAIM), ENCODER)
    assert shown.of(TEXT) == "denied that it supplied weapons to Russia"


@given(
    wild_texts(),
    st.lists(st.sampled_from([CLAIM, "the bridge", "Dr. Lee", "…", "the bridge"]), max_size=3),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_any_text_gives_true_evidence(
    text: str, targets: list[str], low: float, high: float
) -> None:
    document, encoder = make_document(text), ENCODER
    encoding = encoder.encode(document)
    resolution = resolve(document, find_statements(document, encoding), narration=True)
    for stance in detect(
        document,
        resolution.statements,
        resolution,
        given_targets(targets),
        encoding,
        (encoder, FakeScorer()),
        Thresholds(near=low - 0.5, related=low / 2, floor=high, second_side=high),
    ):
        assert stance.evidence
        assert all(text[e.start : e.end] == e.text != "" for e in stance.evidence)
        assert 0 <= stance.confidence <= 1
        assert stance.holder in resolution.holders
        assert stance.holder.kind != "author" or stance.scores.best != "neutral"
