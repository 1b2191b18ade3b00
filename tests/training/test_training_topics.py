from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stance.backends.fake import FakeEncoder
from stance.training.corpus import read_corpus
from stance.training.topics import Rows, fit, held_out, read_features, tabulate, written

ARTICLE = """=== pool
title: Council splits over closing the pool
H1 person Ana Lind | the mayor
H2 organization Swimmers' League | the league
T1 topic closing the pool | the closure
T2 claim The pool leaks
---
<s1 H1>The mayor</s1> <c1>said</c1> <p1>that closing the pool was overdue</p1>.
<s2 H2>The league</s2> <c2>said</c2> <p2>that the closure would hurt children</p2>.
---
H1 T1 favor 1
H2 T1 against 2
"""


def made_rows(count: int, seed: int = 0) -> list[Rows]:
    """Make articles whose candidates are worth what their first feature says."""
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        values = np.column_stack([draw.normal(size=20), draw.normal(size=20), np.ones(20)])
        worth = (values[:, 0] > 0.5).astype(float)
        rows.append(Rows(values, worth, worth[:, None] > 0))
    return rows


def test_candidates_are_set_against_targets(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    ((found, shared),) = read_features(read_corpus(tmp_path), FakeEncoder())
    assert shared.shape == (len(found), 2)
    assert shared.max() == pytest.approx(1.0)
    assert shared.min() == 0


def test_features_get_one_column_each() -> None:
    read = [([{"a": 1.0}, {"b": 2.0}], np.array([[0.9], [0.1]]))]
    names, (row,) = tabulate(read)
    assert names == ["a", "b"]
    assert row.values.tolist() == [[1.0, 0.0], [0.0, 2.0]]
    assert row.worth.tolist() == [1.0, 0.0]
    assert row.fits.tolist() == [[True], [False]]


def test_the_fit_finds_what_matters() -> None:
    first, second, bias = fit(made_rows(30))
    assert first > 1
    assert abs(second) < 0.3 * first
    assert bias < 0


def test_a_constant_feature_takes_the_share_of_the_worthy() -> None:
    rows = [Rows(np.ones((100, 1)), np.repeat([1.0, 0.0], [20, 80]), np.ones((100, 1), bool))]
    (bias,) = fit(rows)
    assert 1 / (1 + np.exp(-bias)) == pytest.approx(0.2, abs=1e-3)


def test_articles_are_held_out() -> None:
    assert held_out(made_rows(10))[3] == pytest.approx(1.0)


def test_weights_are_written_as_the_library_has_them() -> None:
    scope: dict[str, object] = {}
    text = written(["size", "the"], np.array([0.25, -1.0])).replace(": Mapping[str, float]", "")
    exec(text, scope)
    assert scope["WEIGHTS"] == {"size": 0.25, "the": -1.0}
