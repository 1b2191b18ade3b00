from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from stance.backends.base import StancePair
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.records import Span
from stance.training.labelled import LabelledRow
from stance.training.questions import (
    Question,
    in_labels,
    labels_in,
    questions,
    scored,
    weighted,
)

THREE = ("favor", "against", "neutral")


def row(label: str, **more: object) -> LabelledRow:
    return LabelledRow("Mayor Orr said it is safe.", "the bridge", label, "x:1", **more)  # type: ignore[arg-type]


def sets(label: str, labels: Sequence[str], **more: object) -> tuple[object, ...]:
    (q,) = questions([row(label, **more)], labels, "stance", FakeEncoder())
    return q.gold, q.allowed, q.spoken


def test_labels_come_in_our_order() -> None:
    assert labels_in([row("neutral"), row("favor")], "stance") == ("favor", "neutral")


def test_what_counts_as_right_depends_on_the_labels_that_a_set_has() -> None:
    assert sets("favor", ("favor", "against")) == ((0,), (0, 1), True)
    assert sets("favor", THREE) == ((0,), (0, 1, 2, 3), False)
    # A set without "unrelated" calls it neutral too; where the text does speak to it, it is not.
    assert sets("neutral", THREE)[0] == (2, 3)
    assert sets("neutral", THREE, spoken=True)[0] == (2,)
    assert sets("neutral", (*THREE, "unrelated"))[0] == (2,)
    assert sets("unrelated", (*THREE, "unrelated"))[0] == (3,)


def test_entailment_has_three_columns() -> None:
    made = questions([row("not_entailment"), row("contradiction")], (), "nli", FakeEncoder())
    assert [(q.gold, q.allowed) for q in made] == [((1, 2), (0, 1, 2)), ((2,), (0, 1, 2))]


def test_spans_are_kept_and_long_texts_cut() -> None:
    marked = row("favor", target_span=Span(6, 9), holder="Orr")
    long = LabelledRow("It rained. " * 60 + "The bridge is safe.", "bridge", "favor", "x:2")
    first, second = questions([marked, long], THREE, "stance", FakeEncoder())
    assert (first.pair.target_span, first.pair.holder_span) == (Span(6, 9), Span(6, 9))
    assert len(second.pair.text.split()) <= 110
    assert "The bridge is safe." in second.pair.text
    assert second.cluster == long.text


def test_rare_labels_weigh_more_and_the_mean_stays_one() -> None:
    pair = StancePair("a", "b")
    asked = [Question(pair, "favor", (0,), (0, 1), "a")] * 90
    asked += [Question(pair, "against", (1,), (0, 1), "a")] * 10
    weights = [q.weight for q in weighted(asked)]
    assert weights[-1] / weights[0] == pytest.approx(3.0)
    assert np.mean(weights) == pytest.approx(1.0)
    lone = weighted([*asked[:900], Question(pair, "neutral", (2,), (2,), "a")])
    assert max(q.weight for q in lone) / min(q.weight for q in lone) <= 4.0


def test_scores_become_columns_and_columns_labels() -> None:
    asked = questions([row("favor"), row("neutral")], THREE, "stance", FakeEncoder())
    table = scored(FakeScorer(), asked, "stance")
    assert table.shape == (2, 4)
    assert table.sum(1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)
    assert scored(FakeScorer(), [], "nli").shape == (0, 3)
    nli = questions([row("entailment")], (), "nli", FakeEncoder())
    assert scored(FakeScorer(), nli, "nli").shape == (1, 3)


def test_what_a_set_does_not_tell_apart_is_joined() -> None:
    table = np.array([[0.1, 0.2, 0.3, 0.4]], dtype=np.float32)
    assert in_labels(table, THREE, "stance")[0].tolist() == pytest.approx([0.1, 0.2, 0.7])
    assert in_labels(table, ("favor", "against"), "stance")[0].tolist() == pytest.approx(
        [1 / 3, 2 / 3]
    )
    whole = in_labels(table, (*THREE, "unrelated"), "stance")
    assert whole[0].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])
    two = in_labels(table[:, :3], ("entailment", "not_entailment"), "nli")
    assert two[0].tolist() == pytest.approx([1 / 6, 5 / 6])
