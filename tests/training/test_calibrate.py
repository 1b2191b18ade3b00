from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.base import StancePair
from stance.backends.mini import MiniBackend
from stance.records import ModelInfo
from stance.training.calibrate import (
    HIGH,
    LOW,
    binary_nll,
    fit_logistic,
    fit_temperature,
    set_nll,
    temperatures,
)
from stance.training.examples import AGAINST, FAVOR, PairExample


@given(st.floats(LOW + 0.1, HIGH - 0.1))
def test_the_least_loss_is_found(best: float) -> None:
    assert fit_temperature(lambda t: (t - best) ** 2) == pytest.approx(best, abs=0.01)


@given(st.floats(0.5, 3.0))
def test_the_temperature_that_made_the_labels_is_found_again(heat: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(6000, 3)).astype(np.float32) * 2 * heat
    chances = np.exp(logits / heat)
    chances /= chances.sum(1, keepdims=True)
    labels = (chances.cumsum(1) < rng.random((6000, 1))).sum(1).clip(max=2)
    gold = np.eye(3, dtype=np.float32)[labels]
    found = fit_temperature(set_nll(logits, gold, np.ones_like(gold)))
    assert found == pytest.approx(heat, rel=0.1)


def test_a_label_that_is_not_allowed_has_no_say() -> None:
    gold = np.array([[1, 0, 0]], dtype=np.float32)
    allowed = np.array([[1, 1, 0]], dtype=np.float32)
    losses = [
        set_nll(np.array([[1.0, 0.0, neutral]], dtype=np.float32), gold, allowed)(1.0)
        for neutral in (-5.0, 5.0)
    ]
    assert losses[0] == pytest.approx(losses[1]) == pytest.approx(np.log1p(np.exp(-1.0)))


def test_the_binary_loss_is_the_logistic_one() -> None:
    loss = binary_nll(np.array([2.0, -2.0], np.float32), np.array([1.0, 1.0], np.float32))
    assert loss(1.0) == pytest.approx((np.log1p(np.exp(-2)) + np.log1p(np.exp(2))) / 2)
    assert loss(1e6) == pytest.approx(np.log(2), abs=1e-4)


def test_a_logistic_model_is_found_again() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(4000, 2))
    chance = 1 / (1 + np.exp(-(0.5 + 2.0 * rows[:, 0] - 1.0 * rows[:, 1])))
    labels = (rng.random(4000) < chance).astype(np.float32)
    bias, weights = fit_logistic(rows.astype(np.float32), labels, ridge=1e-6)
    assert bias == pytest.approx(0.5, abs=0.2)
    assert weights == pytest.approx([2.0, -1.0], abs=0.25)


def test_labels_that_part_cleanly_give_finite_weights() -> None:
    rows = np.array([[-1.0], [-2.0], [1.0], [2.0]], np.float32)
    bias, weights = fit_logistic(rows, np.array([0, 0, 1, 1], np.float32))
    assert np.isfinite([bias, *weights]).all()
    assert weights[0] > 0


def test_each_head_and_each_form_has_its_temperature(tiny_model: Path) -> None:
    backend = MiniBackend(tiny_model, ModelInfo("tiny"), "cpu")
    pair = StancePair("The bridge is safe.", "the bridge")
    held = StancePair("The bridge is safe.", "the bridge", "the mayor")
    examples = [
        PairExample("stance", pair, (FAVOR,), related=1),
        PairExample("stance", held, (AGAINST,), related=0),
        PairExample("nli", pair, (0,)),
    ]
    fitted = temperatures(backend, examples)
    assert {head: set(forms) for head, forms in fitted.items()} == {
        "stance": {"plain", "held"},
        "related": {"all"},
        "nli": {"all"},
    }
    assert all(LOW <= heat <= HIGH for forms in fitted.values() for heat in forms.values())
