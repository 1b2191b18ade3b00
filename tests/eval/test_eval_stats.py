from __future__ import annotations

import numpy as np
import pytest

from eval.measures import Measure
from eval.stats import holm, mcnemar, paired_bootstrap, randomization_p

RNG = np.random.default_rng(0)
ACCURACY = Measure("accuracy", "accuracy", (0, 1), 2)
AUC = Measure("roc_auc", "roc_auc", (0, 1))


def answers(share: float, n: int = 200) -> np.ndarray:
    """Make rows of a two-label system that is right in `share` of the items."""
    gold = np.arange(n) % 2
    right = np.arange(n) * 7919 % n < share * n
    return np.stack([gold, np.where(right, gold, 1 - gold)], axis=1).astype(float)


def clusters(n: int, size: int = 1) -> list[str]:
    return [str(i // size) for i in range(n)]


def test_a_system_does_not_differ_from_itself() -> None:
    rows = answers(0.7)
    difference = paired_bootstrap(ACCURACY, (rows, rows), clusters(200))
    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)
    assert randomization_p(ACCURACY, (rows, rows), clusters(200)) == 1.0
    ranked = np.stack([RNG.random(60), np.arange(60) % 2], axis=1)
    assert randomization_p(AUC, (ranked, ranked), clusters(60)) == 1.0


def test_a_clear_difference_is_found_in_its_direction() -> None:
    pair = answers(0.9), answers(0.6)
    difference = paired_bootstrap(ACCURACY, pair, clusters(200))
    assert difference.value == pytest.approx(0.3)
    assert difference.low > 0.2
    assert randomization_p(ACCURACY, pair, clusters(200)) < 0.001
    back = paired_bootstrap(ACCURACY, pair[::-1], clusters(200))
    assert back.value == pytest.approx(-0.3)


def test_the_same_difference_in_few_clusters_proves_less() -> None:
    pair = answers(0.8), answers(0.7)
    loose = randomization_p(ACCURACY, pair, clusters(200))
    tight = randomization_p(ACCURACY, pair, clusters(200, size=50))
    assert loose < 0.01 < tight


def test_the_randomization_p_is_the_share_of_swaps() -> None:
    # Two clusters, A right in both, B in none: of four swaps two differ as much, so p is near 1/2.
    pair = answers(1.0, n=2), answers(0.0, n=2)
    assert randomization_p(ACCURACY, pair, clusters(2)) == pytest.approx(0.5, abs=0.03)


def test_ranked_measures_are_tested_too() -> None:
    label = np.arange(120) % 2
    good = np.stack([label + 0.5 * RNG.random(120), label], axis=1)
    noise = np.stack([RNG.random(120), label], axis=1)
    difference = paired_bootstrap(AUC, (good, noise), clusters(120))
    assert difference.low > 0.2
    assert randomization_p(AUC, (good, noise), clusters(120)) < 0.01


def test_mcnemar_by_hand() -> None:
    a = np.array([1, 1, 1, 0, 0, 0, 0, 0, 1.0])
    b = np.array([1, 1, 0, 1, 1, 1, 1, 1, 1.0])
    # 1 : 5 discordant items; twice the chance of at most 1 of 6 heads: 2 * 7 / 64.
    assert mcnemar(a, b) == (1, 5, pytest.approx(14 / 64))
    assert mcnemar(a, a) == (0, 0, 1.0)


def test_holm_by_hand() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.5})
    # 0.01 * 4, 0.03 * 3, max(0.04 * 2, 0.09), 0.5.
    assert adjusted == pytest.approx({"a": 0.04, "c": 0.09, "b": 0.09, "d": 0.5})
    assert holm({}) == {}
