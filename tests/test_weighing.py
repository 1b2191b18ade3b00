from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.records import (
    LABELS,
    Evidence,
    Holder,
    Scores,
    Span,
    Statement,
    StatementKind,
    Target,
)
from stance.weighing import Judgement, Thresholds, by_strength, conclude, sides

CHANCES = st.tuples(*[st.floats(0.01, 1)] * 3).map(lambda c: Scores(*(x / sum(c) for x in c)))


def judged(statement: int, favor: float, against: float, related: float = 1.0) -> Judgement:
    return Judgement(statement, 0, Scores(favor, against, 1 - favor - against), related)


def test_the_side_with_the_strongest_statement_is_kept() -> None:
    groups = sides([judged(0, 0.9, 0.05), judged(1, 0.3, 0.5), judged(2, 0.8, 0.1)], 0.75)
    assert [[j.statement for j in group] for group in groups] == [[0, 2]]


def test_a_holder_who_changes_side_shows_both_in_order() -> None:
    groups = sides([judged(0, 0.05, 0.93), judged(1, 0.95, 0.03)], 0.75)
    assert [[j.scores.best for j in group] for group in groups] == [["against"], ["favor"]]


def test_neutral_words_give_way_to_a_clear_side() -> None:
    groups = sides([judged(0, 0.02, 0.02), judged(1, 0.9, 0.05)], 0.75)
    assert [j.scores.best for group in groups for j in group] == ["favor"]


@given(st.lists(st.tuples(CHANCES, st.floats(0, 1)), min_size=1, max_size=6), st.floats(0, 1))
def test_sides_are_one_or_two_and_of_one_label_each(
    rows: list[tuple[Scores, float]], second: float
) -> None:
    judgements = [Judgement(i, 0, scores, related) for i, (scores, related) in enumerate(rows)]
    groups = sides(judgements, second)
    assert 1 <= len(groups) <= 2
    for group in groups:
        assert group
        assert len({j.scores.best for j in group}) == 1
    labels = [group[0].scores.best for group in groups]
    assert len(set(labels)) == len(labels)
    assert "neutral" not in labels or labels == ["neutral"]
    for group in groups:
        stance = conclude(Holder("Ana"), Target("x"), group, (Evidence("a", 0, 1),), 0.0)
        assert sum(stance.scores[label] for label in LABELS) == pytest.approx(1.0)
        assert stance.label == group[0].scores.best
        assert stance.confidence == stance.scores[stance.scores.best]
        assert type(stance.confidence) is float
        assert all(type(stance.scores[label]) is float for label in LABELS)


def test_labels_come_by_their_strongest_judgement_then_by_all_of_them() -> None:
    judgements = [judged(0, 0.05, 0.9), judged(1, 0.8, 0.1), judged(2, 0.8, 0.1, related=0.5)]
    assert by_strength(judgements) == {"against": 0.9, "favor": 0.8}
    assert list(by_strength(judgements)) == ["against", "favor"]
    equal = [judged(0, 0.9, 0.05), judged(1, 0.05, 0.9), judged(2, 0.1, 0.8)]
    assert list(by_strength(equal)) == ["against", "favor"]
    assert by_strength([]) == {}


def test_an_act_needs_more_relation_than_words() -> None:
    limits = Thresholds(related=0.4, acts=0.7)
    said = Statement((Span(0, 1),))
    done = Statement((Span(0, 1),), Span(2, 3), kind="narration")
    assert (limits.relation(said), limits.relation(done)) == (0.4, 0.7)


def test_the_article_itself_needs_a_relation_of_its_own() -> None:
    limits = Thresholds(related=0.4, acts=0.7, author=0.8)
    spoken_of = Statement((Span(0, 1),), Span(2, 3), kind="narration")
    own = Statement((Span(0, 1),), kind="narration")
    assert (limits.relation(spoken_of), limits.relation(own)) == (0.7, 0.8)
    kinds: tuple[StatementKind, ...] = ("direct", "indirect", "mixed")
    for kind in kinds:
        assert limits.relation(Statement((Span(0, 1),), kind=kind)) == 0.4
    usual = Thresholds()
    assert usual.related <= usual.acts <= usual.author <= 1
