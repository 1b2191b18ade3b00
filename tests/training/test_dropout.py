from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from stance.training.dropout import Draws, RowDropout


def dropped(rows: list[int], *, seed: int = 0, width: int = 64) -> torch.Tensor:
    return RowDropout(0.25, Draws(seed, rows))(torch.ones(len(rows), width))


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=6), st.integers(1, 5))
def test_a_row_is_drawn_for_whatever_stands_beside_it(rows: list[int], cut: int) -> None:
    parts = [dropped(rows[:cut]), *([dropped(rows[cut:])] if rows[cut:] else [])]
    assert torch.equal(dropped(rows), torch.cat(parts))


def test_about_its_rate_is_dropped_and_the_mean_stays() -> None:
    states = dropped(list(range(2000)))
    assert abs(float((states == 0).float().mean()) - 0.25) < 0.01
    assert abs(float(states.mean()) - 1) < 0.01
    assert not torch.equal(states[0], states[1])
    assert not torch.equal(states, dropped(list(range(2000)), seed=1))


def test_nothing_is_dropped_in_use() -> None:
    states = torch.rand(2, 8)
    assert torch.equal(RowDropout(0.25, Draws(0)).eval()(states), states)
    assert torch.equal(RowDropout(0.0, Draws(0))(states), states)
