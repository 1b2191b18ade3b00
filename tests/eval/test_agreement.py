"""Alpha and the intervals, against numbers worked out by hand or printed elsewhere."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.__main__ import main
from eval.agreement import MEASURES, alpha, measures, report
from eval.passes import ArticleAgreement
from stance.metrics import Array, Counts

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NONE = Counts()


def article(id_: str, *labels: tuple[str, str], split: str = "test") -> ArticleAgreement:
    return ArticleAgreement(id_, split, labels, NONE, NONE, NONE, NONE)


def test_alpha_is_the_one_worked_out_by_hand() -> None:
    # Units: aa aa ab bb. Of 8 values 5 are a; observed disagreement 2/8, expected 2·5·3/(8·7).
    assert alpha(np.array([[2.0, 1.0], [0.0, 1.0]])) == pytest.approx(8 / 15)


def test_alpha_is_the_one_in_krippendorffs_own_example() -> None:
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section A: 0.095.
    assert alpha(np.array([[5.0, 3.0], [1.0, 1.0]])) == pytest.approx(0.0952, abs=5e-5)


def test_alpha_is_negative_where_two_differ_always() -> None:
    # Units: ab ba. Observed 1, expected 2·2·2/(4·3).
    assert alpha(np.array([[0.0, 1.0], [1.0, 0.0]])) == pytest.approx(-0.5)


@pytest.mark.parametrize("table", [np.zeros((3, 3)), np.diag([4.0, 0.0, 0.0])])
def test_alpha_is_undefined_where_nothing_varies(table: Array) -> None:
    assert math.isnan(alpha(table))


tables = st.lists(st.integers(0, 9), min_size=9, max_size=9).map(
    lambda cells: np.array(cells, dtype=np.float64).reshape(3, 3)
)


@given(tables)
def test_alpha_is_one_minus_observed_over_expected_disagreement(table: Array) -> None:
    both = table + table.T
    of_value, whole = both.sum(0), both.sum()
    expected = whole**2 - (of_value**2).sum()
    if not expected:
        assert math.isnan(alpha(table))
        return
    observed = whole - np.trace(both)
    assert alpha(table) == pytest.approx(1 - (whole - 1) * observed / expected)
    assert alpha(table.T) == pytest.approx(alpha(table))


def test_absent_counts_only_in_the_alpha_over_the_union() -> None:
    rows = [("favor", "favor"), ("against", "against"), ("neutral", "absent")]
    found = measures([article("mill", *rows)])
    both, union = found["alpha, rows both have"], found["alpha, with absent"]
    assert both is not None
    assert union is not None
    assert both.value == pytest.approx(1.0)
    # Of 6 values 2, 2, 1, 1; observed 2/6, expected (36 - 10)/(6·5).
    assert union.value == pytest.approx(1 - (2 / 6) / (26 / 30))
    row_f1 = found["row F1"]
    assert row_f1 is not None
    assert row_f1.value == pytest.approx(4 / 5)


def test_counts_are_added_up_before_they_are_divided() -> None:
    one = ArticleAgreement("a", "dev", (), Counts(1, 0, 1), Counts(8, 2, 2), Counts(1, 3, 3), NONE)
    two = ArticleAgreement("b", "dev", (), Counts(2, 1, 0), NONE, Counts(3, 1, 1), NONE)
    found = measures([one, two])
    expected = {"holder F1": (6 / 8, 2), "evidence F1": (0.8, 1), "evidence exact": (0.5, 2)}
    for name, (value, n) in expected.items():
        interval = found[name]
        assert interval is not None
        assert interval.value == pytest.approx(value)
        assert interval.n == n
    assert found["salient F1"] is None
    assert found["alpha, rows both have"] is None


def test_the_interval_is_over_whole_articles() -> None:
    good = [article(f"good{i}", ("favor", "favor"), ("against", "against")) for i in range(3)]
    bad = article("bad", ("favor", "against"), ("against", "favor"))
    found = measures([*good, bad])["row F1"]
    assert found is not None
    # Each draw has a whole number of bad articles among four, so F1 moves in quarters.
    assert (found.value, found.n) == (0.75, 4)
    assert (found.low, found.high) == (0.25, 1.0)
    assert measures([*good, bad], seed=0) == measures([*good, bad], seed=0)


def test_draws_without_two_values_do_not_spoil_the_interval() -> None:
    found = measures([article("a", ("favor", "favor")), article("b", ("against", "against"))])
    interval = found["alpha, rows both have"]
    assert interval is not None
    assert (interval.value, interval.low, interval.high) == (1.0, 1.0, 1.0)


def test_the_report_has_every_measure_for_each_split() -> None:
    rows = [("favor", "favor"), ("against", "neutral"), ("absent", "favor")]
    lines = report([article("a", *rows, split="dev"), article("b", ("favor", "favor"))])
    assert lines[1].split() == ["all", "2", "3", "4", "3", "2"]
    assert lines[2].split() == ["dev", "1", "2", "3", "2", "1"]
    assert lines[3].split() == ["test", "1", "1", "1", "1", "1"]
    assert [line[:22].strip() for line in lines[6:13]] == list(MEASURES)
    assert lines[-1].split() == ["absent", "1", "0", "0", "0"]


def test_the_command_prints_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(SEEDS / "passes" / "first" / "pellan-hand-recount.json", tmp_path)
    command = ["agreement", str(tmp_path), str(tmp_path), "--articles", str(SEEDS / "articles")]
    assert main(command) == 0
    row_f1 = next(line for line in capsys.readouterr().out.splitlines() if line[:6] == "row F1")
    assert row_f1.split()[2:4] == ["1.000", "[1.000,"]


def test_the_command_names_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agreement", "no/first", "no/second"]) == 2
    assert "no/first" in capsys.readouterr().err
