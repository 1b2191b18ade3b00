from __future__ import annotations

import pytest

from stance.records import Check, Evidence, Ground, Scores


@pytest.mark.parametrize(
    ("value", "needed", "passed"), [(0.5, 0.5, True), (0.49, 0.5, False), (0.9, 0.1, True)]
)
def test_a_check_is_passed_from_its_cut_off_on(value: float, needed: float, passed: bool) -> None:
    assert Check("floor", value, needed).passed is passed


def test_a_ground_weighs_as_much_as_its_best_score_is_related() -> None:
    content = (Evidence("a", 0, 1),)
    assert Ground(content, scores=Scores(0.1, 0.8, 0.1), related=0.5).weight == pytest.approx(0.4)
    assert Ground(content).weight == 0.0
