from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_detect import CLAIM, ENCODER, OPEN, TEXT, TOLD, Recorder, statements_of
from wild_texts import wild_texts

from stance.backends.base import PairScorer
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.detect import MAX_AUTHOR, MAX_STATEMENTS, NEAR_AUTHOR, detect, find
from stance.errors import OptionError
from stance.explain import traced
from stance.holders import resolve
from stance.pipeline import Analyzer
from stance.records import Ground, ModelInfo, Stance, Trail
from stance.targets import given_targets
from stance.text import make_document
from stance.weighing import Thresholds

INFO = ModelInfo("fake", "1", "abc")
# One side that three statements take, the other in one, words that take none, words on nothing.
SHIFTING = (
    "Ana Lee said that the bridge is safe. Ana Lee said that the bridge is safe for now. "
    "Ana Lee said that the bridge is not safe. Ana Lee said that it is unclear if the bridge is "
    "safe. Ana Lee said that volcanoes erupt underwater."
)
PARTS = (
    ("Ana Lee", "said", "that the bridge is safe"),
    ("Ana Lee", "said", "that the bridge is safe for now"),
    ("Ana Lee", "said", "that the bridge is not safe"),
    ("Ana Lee", "said", "that it is unclear if the bridge is safe"),
    ("Ana Lee", "said", "that volcanoes erupt underwater"),
)


class ByContent:
    """Answer by the words of the last sentence, as sure as told."""

    def __init__(self, against: float = 0.6, related: float = 1.0) -> None:
        self.against, self.related = against, related

    def row(self, text: str) -> list[float]:
        last = text.rstrip(".").rsplit(". ", 1)[-1]
        if "volcanoes" in last:
            return [0.8, 0.1, 0.1, 0.0]
        if "unclear" in last:
            return [0.1, 0.1, 0.8, self.related]
        if "not" in last:
            return [(1 - self.against) / 2, self.against, (1 - self.against) / 2, self.related]
        return [0.9, 0.05, 0.05, self.related]

    def stance(self, pairs: Any) -> Any:
        import numpy as np

        return np.array([self.row(p.text) for p in pairs], dtype=np.float32).reshape(-1, 4)

    def entail(self, pairs: Any) -> Any:
        raise AssertionError("nobody asks")


def traced_stances(
    text: str = SHIFTING,
    told: tuple[tuple[str, str, str], ...] = PARTS,
    scorer: PairScorer | None = None,
    target: str = "the bridge is safe",
    limits: Thresholds = OPEN,
) -> list[Stance]:
    document = make_document(text)
    statements = statements_of(text, told)
    resolution, targets = resolve(document, statements), given_targets([target])
    question = (document, statements, resolution, targets, ENCODER.encode(document))
    models = (ENCODER, scorer or ByContent())
    search = find(*question, models, limits)
    stances = traced(document, statements, resolution, search, limits)
    assert [replace(s, trail=None) for s in stances] == detect(*question, models, limits)
    return stances


def trail_of(stance: Stance) -> Trail:
    assert stance.trail is not None
    return stance.trail


def words(ground: Ground) -> str:
    return " … ".join(e.text for e in ground.content)


# ---------------------------------------------------------------------- from words to a stance


def test_a_trail_leads_to_the_statements_with_all_their_parts() -> None:
    (stance,) = traced_stances()
    assert [words(g) for g in trail_of(stance).grounds] == [PARTS[0][2], PARTS[1][2]]
    ground = trail_of(stance).grounds[1]
    assert ground.kind == "indirect"
    assert ground.cue is not None
    assert ground.source is not None
    assert (ground.source.text, ground.cue.text) == ("Ana Lee", "said")
    assert ground.source.start == SHIFTING.index("Ana Lee", 10)
    assert ground.reason == ""


def test_a_trail_has_the_question_and_the_answer() -> None:
    scorer = Recorder((0.8, 0.15, 0.05, 0.9))
    stances = traced_stances(TEXT, TOLD, scorer, CLAIM)
    grounds = [g for s in stances for g in trail_of(s).grounds]
    questions = [g.question for g in grounds if g.question]
    assert {q.context.text for q in questions} == {pair.text for pair in scorer.asked}
    for ground, question in zip(grounds, questions, strict=True):
        assert question.target == CLAIM
        assert question.holder in {s.holder.name for s in stances}
        assert question.context.span.contains(ground.content[0].span)
        mark = question.holder_span
        assert mark is None or mark.of(TEXT) in {source for source, _, _ in TOLD}
        assert ground.scores is not None
        assert ground.scores.favor == pytest.approx(0.8)
        assert ground.related == pytest.approx(0.9)
        assert ground.weight == pytest.approx(0.72)
    assert any(q.holder_span for q in questions)


def test_a_trail_names_the_words_that_stand_for_the_holder() -> None:
    (korea,) = [
        s for s in traced_stances(TEXT, TOLD, FakeScorer(), CLAIM) if "Korea" in s.holder.name
    ]
    mentions = trail_of(korea).mentions
    assert [m.text for m in mentions] == ["North Korea", "the North Korean official"]
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)


# ---------------------------------------------------------------------- what does not count


def test_what_does_not_count_is_there_with_the_reason() -> None:
    (stance,) = traced_stances()
    aside = {words(g).split(" ", 1)[1]: g for g in trail_of(stance).aside}
    assert [g.reason for g in aside.values()] == [
        "shows against, and not surely enough for a second side",
        "neutral words give way to a side that is taken",
        "too far from the target to be asked about",
    ]
    opposite, neutral, far = aside.values()
    assert [(c.name, c.passed) for c in opposite.checks] == [
        ("near", True),
        ("related", True),
        ("second_side", False),
    ]
    assert opposite.checks[-1].value == pytest.approx(0.6)
    assert opposite.checks[-1].needed == OPEN.second_side
    assert all(c.passed for c in neutral.checks)
    assert (far.question, far.scores, far.related, far.weight) == (None, None, None, 0.0)
    assert [(c.name, c.passed) for c in far.checks] == [("near", False)]


def test_what_the_scorer_calls_unrelated_fails_that_cut_off() -> None:
    (stance,) = traced_stances(limits=replace(OPEN, near=-1.0))
    (unrelated,) = [g for g in trail_of(stance).aside if "volcanoes" in words(g)]
    assert unrelated.reason == "too little relation to the target"
    assert [(c.name, c.passed) for c in unrelated.checks] == [("near", True), ("related", False)]
    assert unrelated.scores is not None


def test_an_act_is_held_against_its_own_cut_off() -> None:
    document = make_document(SHIFTING)
    statements = [replace(s, kind="narration") for s in statements_of(SHIFTING, PARTS[:2])]
    resolution, targets = resolve(document, statements), given_targets(["the bridge is safe"])
    limits = replace(OPEN, acts=0.4)
    search = find(
        document,
        statements,
        resolution,
        targets,
        ENCODER.encode(document),
        (ENCODER, ByContent()),
        limits,
    )
    (stance,) = traced(document, statements, resolution, search, limits)
    assert [(c.name, c.needed) for c in trail_of(stance).grounds[0].checks] == [
        ("near", OPEN.near),
        ("acts", 0.4),
    ]


def test_the_article_s_own_words_are_held_against_their_own_cut_offs() -> None:
    said = "The plaza is a gift to the town."
    text = f"It rained in May. {' '.join([said] * 6)} The plaza was cold, dark, old and wet."
    scorer, limits = Recorder(), replace(OPEN, author=0.4)
    document = make_document(text)
    resolution = resolve(document, [], narration=True)
    question = (resolution.statements, resolution, given_targets([said]), ENCODER.encode(document))
    search = find(document, *question, (ENCODER, scorer), limits)
    (stance,) = traced(document, resolution.statements, resolution, search, limits)
    trail = trail_of(stance)
    assert [g.question.context.text for g in trail.grounds if g.question] == [said] * MAX_AUTHOR
    assert [pair.text for pair in scorer.asked] == [said] * MAX_AUTHOR
    assert {(c.name, c.needed, c.passed) for g in trail.grounds for c in g.checks} == {
        ("near", NEAR_AUTHOR, True),
        ("author", 0.4, True),
    }
    crowded = f"{MAX_AUTHOR} statements are nearer to the target"
    assert [(words(g), g.reason == crowded) for g in trail.aside if g.source is None] == [
        ("It rained in May.", False),
        *[(said, True)] * 2,
        ("The plaza was cold, dark, old and wet.", False),
    ]


def test_where_many_statements_are_near_the_others_are_told_apart() -> None:
    count = MAX_STATEMENTS + 2
    text = " ".join(f"Ana Lee said that the bridge is safe {n}." for n in range(count))
    told = tuple(("Ana Lee", "said", f"that the bridge is safe {n}") for n in range(count))
    (stance,) = traced_stances(text, told)
    assert len(trail_of(stance).grounds) == MAX_STATEMENTS
    assert {g.reason for g in trail_of(stance).aside} == {
        f"{MAX_STATEMENTS} statements are nearer to the target"
    }
    assert len(trail_of(stance).aside) == 2


# ---------------------------------------------------------------------- the whole


def test_reasons_tell_of_the_merger_and_of_the_side() -> None:
    (stance,) = traced_stances()
    assert trail_of(stance).reasons == (
        "2 statements of this holder on this target show favor and are summed up: half the mean of "
        "their scores by relation, half the scores of the strongest",
        "favor is what the strongest statement shows (90%)",
    )
    assert [(c.name, c.passed) for c in trail_of(stance).checks] == [("floor", True)]


def test_one_statement_alone_needs_no_reason() -> None:
    (stance,) = traced_stances(told=PARTS[:1])
    assert trail_of(stance).reasons == ()
    assert trail_of(stance).aside == ()


def test_a_second_side_says_why_it_is_shown() -> None:
    first, second = traced_stances(
        scorer=ByContent(against=0.95), limits=replace(OPEN, second_side=0.85)
    )
    assert (first.label, second.label) == ("favor", "against")
    assert "favor is a second side beside against" in " ".join(trail_of(first).reasons)
    assert [(c.name, c.passed) for c in trail_of(first).checks] == [
        ("second_side", True),
        ("floor", True),
    ]
    assert "against is what the strongest statement shows (95%)" in trail_of(second).reasons
    other = [g.reason for g in trail_of(first).aside]
    assert "shows against, which is a stance of its own" in other


def test_a_side_that_goes_before_neutral_words_says_so() -> None:
    text, told = SHIFTING, (PARTS[3], PARTS[2])
    scorer = ByContent(against=0.75)
    (stance,) = traced_stances(text, told, scorer, limits=replace(OPEN, second_side=0.7))
    assert stance.label == "against"
    assert trail_of(stance).reasons == (
        "against goes before neutral words: a statement of its own shows it surely (75%)",
    )


def test_an_abstention_says_so() -> None:
    (stance,) = traced_stances(told=PARTS[:1], limits=replace(OPEN, floor=0.95))
    assert stance.label == "unclear"
    assert trail_of(stance).reasons == (
        "unclear: favor, the best label, is 90% sure, below the floor",
    )
    assert not trail_of(stance).checks[0].passed


@given(wild_texts(), st.floats(0, 1), st.floats(0, 1))
def test_any_text_gives_a_true_trail(text: str, low: float, high: float) -> None:
    analyzer = Analyzer(FakeEncoder(1 << 12), FakeScorer(), INFO)
    limits = Thresholds(near=low - 0.5, related=low / 2, acts=low, floor=high, second_side=high)
    how: dict[str, Any] = {"summary": None, "thresholds": limits}
    plain = analyzer.analyze(text, ["the bridge is safe", CLAIM], **how)
    told = analyzer.analyze(text, ["the bridge is safe", CLAIM], explain=True, **how)
    assert [replace(s, trail=None) for s in told.stances] == list(plain.stances)
    assert type(told).from_dict(json.loads(json.dumps(told.to_dict()))) == told
    for stance in told.stances:
        trail = trail_of(stance)
        grounds = (*trail.grounds, *trail.aside)
        parts = [p for g in grounds for p in (*g.content, g.source, g.cue) if p is not None]
        contexts = [g.question.context for g in grounds if g.question]
        for quote in (*parts, *contexts, *trail.mentions):
            assert text[quote.start : quote.end] == quote.text
        assert trail.grounds
        assert all(c.passed for g in trail.grounds for c in g.checks)
        assert all(g.reason for g in trail.aside)
        assert not any(g.reason for g in trail.grounds)


# ---------------------------------------------------------------------- on request


def test_without_explain_nothing_changes() -> None:
    analyzer = Analyzer(FakeEncoder(), FakeScorer(), INFO)
    analysis = analyzer.analyze(TEXT, [CLAIM])
    assert analysis.stances
    assert all(s.trail is None for s in analysis.stances)
    assert '"trail"' not in json.dumps(analysis.to_dict())


def test_explain_is_yes_or_no() -> None:
    with pytest.raises(OptionError, match="explain='yes'; use True or False"):
        Analyzer(FakeEncoder(), FakeScorer(), INFO).analyze(TEXT, explain="yes")


def test_discovered_targets_have_trails_too() -> None:
    analysis = Analyzer(FakeEncoder(), FakeScorer(), INFO).analyze(TEXT, explain=True)
    assert analysis.stances
    assert all(s.trail for s in analysis.stances)


def test_one_passage_has_a_trail() -> None:
    analyzer = Analyzer(FakeEncoder(), FakeScorer(), INFO)
    text = "On Monday NATO denied that it sold arms."
    stance = analyzer.detect(text, "NATO sold arms", holder="NATO", explain=True)
    trail = trail_of(stance)
    (ground,) = trail.grounds
    assert ground.question is not None
    assert ground.source is not None
    assert (ground.question.target, ground.question.holder) == ("NATO sold arms", "NATO")
    assert ground.question.holder_span == ground.source.span
    assert [m.text for m in trail.mentions] == ["NATO"]
    assert text[ground.source.start : ground.source.end] == "NATO"
    assert ground.content == stance.evidence
    assert [c.name for c in trail.checks] == ["floor"]
    assert "count by the relation found (100%)" in trail.reasons[0]
    assert replace(stance, trail=None) == analyzer.detect(text, "NATO sold arms", holder="NATO")
    assert Stance.from_dict(json.loads(json.dumps(stance.to_dict()))) == stance


def test_a_passage_in_a_long_text_keeps_the_article_s_offsets() -> None:
    text = "It rained on the coast. " * 60 + "NATO denied that it sold arms. " + "Fog came. " * 60
    analyzer = Analyzer(FakeEncoder(), FakeScorer(), INFO)
    stance = analyzer.detect(text, "NATO sold arms", holder="NATO", explain=True)
    (ground,) = trail_of(stance).grounds
    assert ground.source is not None
    assert ground.source.start == text.index("NATO") > 0
    own = trail_of(analyzer.detect(text, "fog came", explain=True))
    assert own.mentions == ()
    assert own.grounds[0].source is None
