from __future__ import annotations

import json
import math
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import RecordError
from stance.records import (
    Evidence,
    Holder,
    HolderKind,
    Scores,
    Span,
    Stance,
    Statement,
    StatementKind,
    Target,
)
from stance.sureness import Sureness, Traits, traits_of
from stance.weighing import Judgement

NAMES = [f.name for f in fields(Traits)]
NUMBERS = st.floats(-30, 30)
TRAITS = st.builds(Traits, **dict.fromkeys(NAMES, NUMBERS))
SURENESS = st.builds(Sureness, NUMBERS, TRAITS, st.floats(0, 1))
SCORES = st.tuples(*[st.floats(0.01, 1)] * 3).map(lambda c: Scores(*(x / sum(c) for x in c)))
EVIDENCE = (Evidence("a", 0, 1),)
FAVOR = Scores(0.7, 0.2, 0.1)


def stance(scores: Scores = FAVOR, kind: HolderKind = "person") -> Stance:
    best = scores.best
    return Stance(Holder("Ana", kind), Target("x"), best, scores[best], scores, EVIDENCE)


def judged(statement: int, related: float, favor: float = 0.8) -> Judgement:
    return Judgement(statement, 0, Scores(favor, 1 - favor, 0.0), related)


def told(kind: StatementKind = "indirect", *, cue: bool = True) -> Statement:
    return Statement((Span(5, 9),), Span(0, 2), Span(3, 4) if cue else None, kind)


# ---------------------------------------------------------------------- the model


@given(SURENESS)
def test_a_sureness_comes_back_from_its_json(sureness: Sureness) -> None:
    assert Sureness.from_dict(json.loads(json.dumps(sureness.to_dict()))) == sureness


def test_an_unknown_trait_is_refused() -> None:
    plain = Sureness(0.0, Traits(), 0.5).to_dict()
    plain["weights"]["luck"] = 1.0
    with pytest.raises(RecordError, match="luck"):
        Sureness.from_dict(plain)


@given(TRAITS)
def test_the_row_of_traits_is_in_the_order_of_the_fields(traits: Traits) -> None:
    assert traits.row == tuple(getattr(traits, name) for name in NAMES)
    assert Traits(*traits.row) == traits


def test_the_chance_is_the_logistic_of_the_weighed_sum() -> None:
    sureness = Sureness(-1.0, Traits(related=0.5, narrated=-2.0), 0.3)
    assert sureness.chance(Traits()) == pytest.approx(1 / (1 + math.e))
    assert sureness.chance(Traits(related=2.0)) == pytest.approx(0.5)
    assert sureness.chance(Traits(related=2.0, narrated=1.0)) == pytest.approx(
        1 / (1 + math.exp(2))
    )


@given(SURENESS, TRAITS)
def test_a_chance_is_one(sureness: Sureness, traits: Traits) -> None:
    assert 0.0 <= sureness.chance(traits) <= 1.0


@given(
    SURENESS,
    TRAITS,
    st.sampled_from(NAMES),
    st.floats(0, 5),
    st.floats(0, 5),
)
def test_more_of_a_trait_with_positive_weight_is_never_less_sure(
    sureness: Sureness, traits: Traits, name: str, weight: float, more: float
) -> None:
    weighed = replace(sureness, weights=replace(sureness.weights, **{name: weight}))
    richer = replace(traits, **{name: getattr(traits, name) + more})
    assert weighed.chance(richer) >= weighed.chance(traits) - 1e-9


@pytest.mark.parametrize("name", ["related", "label"])
def test_more_relation_and_a_plainer_label_are_surer(name: str) -> None:
    sureness = Sureness(-1.0, Traits(related=0.6, label=2.0), 0.3)
    chances = [sureness.chance(Traits(**{name: value})) for value in (0.1, 0.5, 0.9)]
    assert chances[0] < chances[1] < chances[2]


# ---------------------------------------------------------------------- judged


@given(SURENESS, TRAITS, SCORES)
def test_a_stance_gets_its_chance_and_abstains_below_the_floor(
    sureness: Sureness, traits: Traits, scores: Scores
) -> None:
    before = stance(scores)
    after = sureness.judged(before, traits)
    chance = sureness.chance(traits)
    assert after.confidence == chance
    assert after.label == (scores.best if chance >= sureness.floor else "unclear")
    assert replace(after, label=before.label, confidence=before.confidence) == before


def test_the_floor_itself_is_high_enough() -> None:
    at_half = Sureness(0.0, Traits(), 0.5)
    assert at_half.judged(stance(), Traits()).label == "favor"
    above = replace(at_half, floor=0.51)
    assert above.judged(stance(), Traits()).label == "unclear"


def test_a_stance_that_abstained_before_gets_its_label_back() -> None:
    unsure = replace(stance(Scores(0.4, 0.35, 0.25)), label="unclear")
    assert Sureness(3.0, Traits(), 0.5).judged(unsure, Traits()).label == "favor"


# ---------------------------------------------------------------------- traits


def test_traits_are_read_off_the_strongest_judgement() -> None:
    statements = [told("direct"), told("narration", cue=False)]
    group = [judged(0, 0.6), judged(1, 0.9)]
    found = traits_of(stance(Scores(0.1, 0.75, 0.15)), group, statements, 0.4)
    assert found.related == pytest.approx(math.log(9))
    assert (found.label, found.near) == (0.75, 0.4)
    assert found.count == pytest.approx(math.log(2))
    assert (found.narrated, found.quoted) == (1.0, 0.0)
    turned = traits_of(stance(), [judged(0, 0.9), judged(1, 0.6)], statements, 0.4)
    assert (turned.narrated, turned.quoted) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("statement", "narrated", "quoted"),
    [
        (told("narration", cue=False), 1.0, 0.0),
        (told("narration"), 0.0, 0.0),
        (told("direct"), 0.0, 1.0),
        (told("mixed"), 0.0, 1.0),
        (told("indirect"), 0.0, 0.0),
    ],
)
def test_the_kind_of_the_statement_is_a_trait(
    statement: Statement, narrated: float, quoted: float
) -> None:
    found = traits_of(stance(), [judged(0, 0.5)], [statement], 0.0)
    assert (found.narrated, found.quoted) == (narrated, quoted)


@pytest.mark.parametrize(
    ("kind", "person", "unnamed"),
    [
        ("person", 1.0, 0.0),
        ("organization", 0.0, 0.0),
        ("country", 0.0, 0.0),
        ("author", 0.0, 0.0),
        ("unnamed", 0.0, 1.0),
        ("group", 0.0, 1.0),
    ],
)
def test_the_kind_of_the_holder_is_a_trait(kind: HolderKind, person: float, unnamed: float) -> None:
    found = traits_of(stance(kind=kind), [judged(0, 0.5)], [told()], 0.0)
    assert (found.person, found.unnamed) == (person, unnamed)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(-1, 1))
def test_traits_are_plain_finite_floats(related: list[float], near: float) -> None:
    group = [judged(0, value) for value in related]
    found = traits_of(stance(), group, [told()], near)
    assert all(type(value) is float and math.isfinite(value) for value in found.row)
    surer = traits_of(stance(), [*group, judged(0, 1.0)], [told()], near)
    assert surer.related >= found.related
    assert surer.count > found.count
