from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from eval.measures import (
    BINS,
    Measure,
    clustered,
    measure_rows,
    reliability,
)
from stance.errors import DataError
from stance.metrics import calibration_bins, calibration_error, confusion, fnc_score, macro_f1

RNG = np.random.default_rng(0)


def label_rows(n: int = 60, labels: int = 3) -> np.ndarray:
    gold = RNG.integers(0, labels, n)
    answer = np.where(RNG.random(n) < 0.6, gold, RNG.integers(-1, labels, n))
    return np.stack([gold, answer, RNG.random(n)], axis=1).astype(float)


def each_alone(n: int) -> list[str]:
    return [str(i) for i in range(n)]


def value(measure: Measure, rows: np.ndarray) -> float:
    found = measure_rows(measure, rows, each_alone(len(rows)), resamples=5)
    assert found is not None
    return found.value


def test_label_measures_agree_with_the_confusion_table() -> None:
    rows = label_rows()
    names = ["a", "b", "c"]
    table = confusion(
        [names[int(g)] for g in rows[:, 0]],
        [names[int(a)] if a >= 0 else None for a in rows[:, 1]],
        names,
    )
    assert value(Measure("m", "macro_f1", (0, 1), 3), rows) == pytest.approx(float(macro_f1(table)))
    two = Measure("m", "macro_f1", (0, 1), 3, (0, 2))
    assert value(two, rows) == pytest.approx(float(macro_f1(table, labels=[0, 2])))
    right = (rows[:, 0] == rows[:, 1]).mean()
    assert value(Measure("m", "accuracy", (0, 1), 3), rows) == pytest.approx(right)


def test_fnc_score_comes_from_rows() -> None:
    rows = label_rows(labels=4)
    table = np.zeros((5, 5))
    np.add.at(table, (rows[:, 0].astype(int), rows[:, 1].astype(int)), 1.0)
    measure = Measure("m", "fnc_score", (0, 1), 4)
    assert value(measure, rows) == pytest.approx(float(fnc_score(table)))


def test_calibration_leaves_out_what_was_not_answered() -> None:
    rows = label_rows()
    kept = rows[rows[:, 1] >= 0]
    right = (kept[:, 0] == kept[:, 1]).astype(float)
    bins = calibration_bins(kept[:, 2], right)
    assert value(Measure("ece", "ece", (0, 1, 2), 3), rows) == pytest.approx(
        float(calibration_error(bins))
    )
    assert reliability(rows).tolist() == bins.tolist()
    flat = bins.reshape(1, -1)
    table = Measure("ece", "ece_table", tuple(range(3 * BINS)))
    assert value(table, flat) == pytest.approx(float(calibration_error(bins)))


def test_a_mean_over_parts_weighs_every_part_alike() -> None:
    # Part 0: all right; part 1: everything called label 0, half of it wrongly (F1 2/3 and 0).
    rows = np.array([[0, 0, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 0, 0]], dtype=float)
    measure = Measure("m", "macro_f1_by_group", (0, 1, 2), 2, (), 2)
    assert value(measure, rows) == pytest.approx((1.0 + (2 / 3) / 2) / 2)


def test_counts_and_means_come_from_sums() -> None:
    rows = np.array([[1, 0, 1, 0.2, 1], [3, 2, 0, 0.6, 1], [0, 0, 0, 0, 0]], dtype=float)
    assert value(Measure("f", "f1", (0, 1, 2)), rows) == pytest.approx(8 / (8 + 2 + 1))
    assert value(Measure("m", "mean", (3, 4)), rows) == pytest.approx(0.4)


def test_items_without_a_score_do_not_count() -> None:
    rows = np.array([[0.5, 1.0], [0.0, 0.0]])
    found = measure_rows(Measure("m", "mean", (0, 1)), rows, ["a", "b"], resamples=5)
    assert found is not None
    assert (found.value, found.n) == (0.5, 1)
    assert measure_rows(Measure("m", "mean", (0, 1)), np.zeros((2, 2)), ["a", "b"]) is None


def test_ranked_measures_agree_with_scikit_learn() -> None:
    label = RNG.integers(0, 2, 50)
    score = np.clip(0.4 * label + 0.6 * RNG.random(50), 0, 1)
    rows = np.stack([score, label, 2 * score + 1], axis=1)
    auc = value(Measure("m", "roc_auc", (0, 1)), rows)
    assert auc == pytest.approx(roc_auc_score(label, score))
    balanced = value(Measure("m", "balanced_accuracy", (0, 1)), rows)
    assert balanced == pytest.approx(balanced_accuracy_score(label, score >= 0.5))
    assert value(Measure("m", "spearman", (0, 2)), rows) == pytest.approx(1.0)


def test_ranked_measures_survive_a_single_class() -> None:
    rows = np.array([[0.7, 1.0, 1.0], [0.2, 1.0, 1.0]])
    assert value(Measure("m", "roc_auc", (0, 1)), rows) == 0.5
    assert value(Measure("m", "balanced_accuracy", (0, 1)), rows) == 0.5
    assert value(Measure("m", "spearman", (0, 2)), rows) == 0.0


def test_intervals_widen_when_items_hang_together() -> None:
    rows = np.stack([np.repeat(RNG.random(10), 30), np.ones(300)], axis=1)
    measure = Measure("m", "mean", (0, 1))
    alone = measure_rows(measure, rows, each_alone(300))
    together = measure_rows(measure, rows, [str(i // 30) for i in range(300)])
    assert alone is not None
    assert together is not None
    assert together.high - together.low > 3 * (alone.high - alone.low)
    ranked = Measure("m", "roc_auc", (0, 1))
    found = measure_rows(ranked, rows, [str(i // 30) for i in range(300)], resamples=3)
    assert found is not None
    assert found.n == 10


def test_clusters_add_up_in_order_of_appearance() -> None:
    sums = clustered(np.array([[1.0], [2.0], [4.0]]), ["b", "a", "b"])
    assert sums.tolist() == [[5.0], [2.0]]


def test_measures_are_plain_data() -> None:
    measure = Measure("m", "macro_f1", (0, 1), 3, (0, 2))
    assert Measure.from_dict(measure.to_dict()) == measure
    assert Measure("ece", "ece", ()).lower_is_better
    assert Measure("flip_swap", "mean", ()).lower_is_better
    assert not measure.lower_is_better
    with pytest.raises(DataError, match="unknown kind of measure 'x'"):
        measure_rows(Measure("m", "x", (0,)), np.zeros((1, 1)), ["a"])
