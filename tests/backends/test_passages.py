from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.passages import nearest

SENTENCES = ["one two three", "four five", "six", "seven eight nine ten"]
TARGET = np.array([1.0, 0.0], dtype=np.float32)


def vectors(*cosines: float) -> np.ndarray:
    return np.array([[c, (1 - c * c) ** 0.5] for c in cosines], dtype=np.float32)


def test_the_nearest_are_taken_in_the_order_of_the_text() -> None:
    assert nearest(SENTENCES, vectors(0.1, 0.9, 0.2, 0.8), TARGET, 6) == [1, 3]
    assert nearest(SENTENCES, vectors(0.8, 0.9, 0.2, 0.1), TARGET, 5) == [0, 1]


def test_what_does_not_fit_is_passed_over() -> None:
    assert nearest(SENTENCES, vectors(0.1, 0.9, 0.2, 0.8), TARGET, 3) == [1, 2]


def test_the_nearest_of_all_is_taken_however_long() -> None:
    assert nearest(SENTENCES, vectors(0.1, 0.2, 0.3, 0.9), TARGET, 1) == [3]


@given(
    st.lists(st.tuples(st.integers(1, 30), st.floats(-1, 1)), min_size=1, max_size=12),
    st.integers(1, 60),
)
def test_the_budget_is_kept(rows: list[tuple[int, float]], budget: int) -> None:
    sentences = ["word " * size for size, _ in rows]
    table = vectors(*(cosine for _, cosine in rows))
    chosen = nearest(sentences, table, TARGET, budget)
    assert chosen == sorted(set(chosen))
    assert int((table @ TARGET).argmax()) in chosen
    assert len(chosen) == 1 or sum(rows[i][0] for i in chosen) <= budget
