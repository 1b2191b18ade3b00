from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.base import StancePair
from stance.backends.opening import cooled
from stance.training.questions import Question
from stance.training.temperature import fit_heat, groups_of, loss_of

PAIR = StancePair("a", "b")


def test_neutral_and_unrelated_are_one_answer_where_a_set_has_one_of_them() -> None:
    assert groups_of(("favor", "against", "neutral"), "stance") == ((0,), (1,), (2, 3))
    assert len(groups_of(("favor", "unrelated"), "stance")) == 4
    assert len(groups_of(("entailment",), "nli")) == 3


def overconfident(share: float) -> tuple[np.ndarray, list[Question]]:
    """Answer 200 questions with 0.95, right in `share` of them."""
    table = np.tile(np.array([0.95, 0.03, 0.01, 0.01], np.float32), (200, 1))
    gold = [(0,) if n < share * 200 else (1,) for n in range(200)]
    return table, [Question(PAIR, "favor", g, (0, 1, 2, 3), "a") for g in gold]


def test_a_model_that_is_too_sure_is_cooled_down() -> None:
    groups = groups_of(("favor", "against", "neutral"), "stance")
    table, asked = overconfident(0.7)
    heat = fit_heat(table, asked, groups)
    assert heat > 1.5
    assert abs(float(cooled(table, heat, groups)[0, 0]) - 0.7) < 0.12
    assert loss_of(table, asked, groups)(heat) < loss_of(table, asked, groups)(1.0)


@given(
    st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4),
    st.floats(0.3, 5.0),
    st.sampled_from([("favor", "against", "neutral"), ("favor", "unrelated")]),
)
def test_no_answer_changes_with_the_heat(
    parts: list[float], heat: float, labels: tuple[str, ...]
) -> None:
    table = np.array([parts], np.float32) / sum(parts)
    groups = groups_of(labels, "stance")
    after = cooled(table, heat, groups)
    assert after.sum() == pytest.approx(1.0, abs=1e-4)
    joined = [np.array([t[0, list(g)].sum() for g in groups]) for t in (table, after)]
    assert joined[1][joined[0].argmax()] == pytest.approx(joined[1].max(), abs=1e-5)
    if len(groups) == 3:
        assert after[0, 2] * table[0, 3] == pytest.approx(after[0, 3] * table[0, 2], abs=1e-4)
