from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from stance.errors import OptionError
from stance.metrics import (
    Counts,
    Interval,
    accuracy,
    bootstrap,
    calibration_bins,
    calibration_error,
    confusion,
    f1_by_label,
    fnc_score,
    macro_f1,
    resampled,
    risk_coverage,
    rouge,
    set_counts,
    token_f1,
    token_set,
)
from stance.records import Span

LABELS = ("favor", "against", "neutral")


def test_counts_add_up_to_precision_recall_and_f1() -> None:
    counts = Counts(2, 1, 0) + Counts(1, 0, 4)
    assert counts == Counts(3, 1, 4)
    assert (counts.precision, counts.recall) == (0.75, 3 / 7)
    assert counts.f1 == pytest.approx(6 / 11)


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (1.0, 1.0, 1.0)
    assert Counts(0, 2, 0).f1 == 0.0


def test_set_counts() -> None:
    assert set_counts(["a", "b", "a"], ["b", "c", "d"]) == Counts(1, 1, 2)


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        ("North Korea supplied weapons", "north korea supplied WEAPONS.", 1.0),
        # 3 words shared, 4 predicted, 5 gold: 2 * 3 / 9.
        ("the weapons to Russia", "weapons sent to Russia quickly", 2 * 3 / 9),
        # The second "no" has no partner: 1 shared, 2 predicted, 1 gold.
        ("no no", "no", 2 / 3),
        ("", "", 0.0),
        ("a", "b", 0.0),
    ],
)
def test_token_f1(predicted: str, gold: str, expected: float) -> None:
    assert token_f1(predicted, gold) == pytest.approx(expected)


def test_token_set_takes_every_word_that_a_span_touches() -> None:
    text = "He denied the report."
    assert token_set(text, [Span(4, 5), Span(14, 21)]) == {3, 14}
    assert token_set(text, [Span(9, 10), Span(20, 21)]) == set()


def test_confusion_has_a_place_for_no_answer_and_for_nothing_there() -> None:
    table = confusion(
        ["favor", "favor", "against", "neutral", "nothing"],
        ["favor", "against", None, "unclear", "neutral"],
        LABELS,
    )
    assert table.tolist() == [[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 1, 0]]


def test_f1_and_accuracy_by_hand() -> None:
    table = confusion(
        ["favor", "favor", "against", "against", "neutral"],
        ["favor", "against", "against", "against", None],
        LABELS,
    )
    # favor: 1 hit, 2 gold, 1 answer; against: 2 hits, 2 gold, 3 answers; neutral: none.
    assert f1_by_label(table).tolist() == pytest.approx([2 / 3, 4 / 5, 0.0])
    assert float(macro_f1(table)) == pytest.approx((2 / 3 + 4 / 5) / 3)
    assert float(macro_f1(table, labels=[0, 1])) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert float(accuracy(table)) == pytest.approx(3 / 5)


def test_present_leaves_out_labels_that_nobody_used() -> None:
    table = confusion(["favor", "favor"], ["favor", "against"], LABELS)
    assert float(macro_f1(table)) == pytest.approx((2 / 3) / 3)
    assert float(macro_f1(table, present=True)) == pytest.approx((2 / 3) / 2)


answers = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from([*LABELS, "x"])), min_size=1, max_size=30
)


@given(answers)
def test_macro_f1_agrees_with_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    gold, predicted = [g for g, _ in pairs], [p for _, p in pairs]
    ours = float(macro_f1(confusion(gold, predicted, LABELS)))
    theirs = f1_score(gold, predicted, labels=list(LABELS), average="macro", zero_division=0)
    assert ours == pytest.approx(theirs)


@given(st.lists(answers, min_size=1, max_size=4))
def test_measures_work_on_stacks_of_tables(runs: list[list[tuple[str, str]]]) -> None:
    tables = np.array([confusion([g for g, _ in r], [p for _, p in r], LABELS) for r in runs])
    for measure in (macro_f1, accuracy):
        assert measure(tables).tolist() == pytest.approx([float(measure(t)) for t in tables])


def test_fnc_score_by_hand() -> None:
    labels = ("agree", "disagree", "discuss", "unrelated")
    gold = ["agree", "discuss", "disagree", "unrelated", "unrelated", "agree"]
    answers_ = ["agree", "agree", "unrelated", "unrelated", "discuss", None]
    # 1 for the exact one, 0.25 for related but wrong, 0, 0.25 for unrelated, 0, 0 for no answer;
    # the best is 1 for each of four related rows and 0.25 for each of two unrelated ones.
    table = confusion(gold, answers_, labels)
    assert float(fnc_score(table)) == pytest.approx(1.5 / 4.5)
    assert float(fnc_score(confusion(gold, gold, labels))) == 1.0


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 0.55])
    correct = np.array([1.0, 0.0, 1.0, 1.0])
    table = calibration_bins(confidence, correct, bins=10)
    assert table[9].tolist() == [2, 1.9, 1]
    assert table[5].tolist() == [2, 1.1, 2]
    # Gaps: |1.9 - 1| and |1.1 - 2| over four answers.
    assert float(calibration_error(table)) == pytest.approx((0.9 + 0.9) / 4)


def test_calibration_bins_hold_their_upper_edge() -> None:
    table = calibration_bins(np.array([0.0, 0.5, 1.0]), np.ones(3), bins=2)
    assert table[:, 0].tolist() == [2, 1]


def test_risk_coverage_by_hand() -> None:
    curve = risk_coverage(np.array([0.9, 0.6, 0.6, 0.8]), np.array([1.0, 0.0, 1.0, 0.0]))
    assert curve.tolist() == [[0.9, 0.25, 0.0], [0.8, 0.5, 0.5], [0.6, 1.0, 0.5]]
    assert risk_coverage(np.zeros(0), np.zeros(0)).shape == (0, 3)


def test_rouge_by_hand() -> None:
    scores = rouge("the mill closed", "the mills closed today")
    # Stemmed: 3 of 3 and 3 of 4 words; 2 of 2 and 2 of 3 pairs.
    assert scores["rouge1"] == pytest.approx(6 / 7)
    assert scores["rouge2"] == pytest.approx(4 / 5)
    assert scores["rougeLsum"] == pytest.approx(6 / 7)


def test_rouge_lsum_reads_lines_as_sentences() -> None:
    reference = "the mill closed\nthe union left"
    swapped = "the union left\nthe mill closed"
    assert rouge(swapped, reference)["rougeLsum"] == pytest.approx(1.0)
    assert rouge(swapped.replace("\n", " "), reference.replace("\n", " "))["rougeLsum"] < 0.9


def mean(sums: np.ndarray) -> np.ndarray:
    return np.asarray(sums[..., 0] / sums[..., 1])


def test_bootstrap_of_a_mean_has_the_width_that_theory_gives() -> None:
    values = np.random.default_rng(1).normal(0.5, 0.1, size=400)
    sums = np.stack([values, np.ones(400)], axis=1)
    found = bootstrap(sums, mean, resamples=2000)
    assert found.value == pytest.approx(values.mean())
    half = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - half, abs=0.15 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.15 * half)
    assert found.n == 400


def test_bootstrap_is_the_same_for_the_same_seed_and_pairs_draws() -> None:
    sums = np.random.default_rng(0).random((7, 2)) + 1
    assert bootstrap(sums, mean, seed=3) == bootstrap(sums, mean, seed=3)
    assert bootstrap(sums, mean, seed=3) != bootstrap(sums, mean, seed=4)
    one, two = (resampled(sums * k, lambda s: s[..., 0], seed=5) for k in (1, 2))
    assert two.tolist() == pytest.approx((2 * one).tolist())


def test_bootstrap_resamples_whole_clusters() -> None:
    # Two clusters that disagree wholly: a draw is 0, 1/2 or 1, never in between.
    sums = np.array([[0.0, 10.0], [10.0, 10.0]])
    assert set(resampled(sums, mean).tolist()) == {0.0, 0.5, 1.0}


def test_bootstrap_refuses_nothing() -> None:
    with pytest.raises(OptionError, match="0 clusters"):
        bootstrap(np.zeros((0, 2)), mean)
    with pytest.raises(OptionError, match="0 times"):
        bootstrap(np.ones((1, 2)), mean, resamples=0)


def test_an_interval_prints_as_a_researcher_would_write_it() -> None:
    assert str(Interval(0.51234, 0.4, 0.6, 9)) == "0.512 [0.400, 0.600]"
