from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from eval_toys import Reader, Words, fnc_rows, write_gold, write_set

from eval.__main__ import main
from eval.compare import compare_runs, to_json, to_text
from eval.data import DataFolder
from eval.gate import check, read_floors, set_floor
from eval.run import RunOptions, run
from eval.runfiles import read_run
from stance.errors import DataError, OptionError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    write_set(tmp_path / "data", "train", "fnc1", [r | {"split": "train"} for r in fnc_rows()])
    return tmp_path / "data"


def made(data: Path, out: Path, system: Any, suites: str = "fnc1", **more: Any) -> Path:
    run(RunOptions(suites, system.name, out, DataFolder(data), resamples=20, **more), system=system)
    return out


class Contrary(Words):
    """Say the opposite of what it reads."""

    name = "contrary"

    def score_pairs(self, texts: Any, targets: Any, **more: Any) -> Any:
        return super().score_pairs(texts, targets, **more)[:, [1, 0, 2, 3]]


def test_compare_finds_the_better_run(data: Path, tmp_path: Path) -> None:
    a = read_run(made(data, tmp_path / "a", Words(digest="1")))
    b = read_run(made(data, tmp_path / "b", Contrary(digest="2")))
    (found,) = compare_runs(a, b)
    assert (found.a, found.b, found.n) == (1.0, 0.5, 16)
    assert found.difference.value == pytest.approx(0.5)
    # Half of the answers, agree and disagree, are swapped: 8 items only A has right.
    assert found.mcnemar == (8, 0, pytest.approx(2 / 2**8))
    # They stand in 4 clusters: of 16 swaps, all and none differ as much.
    assert found.p == found.p_holm == pytest.approx(2 / 16, abs=0.02)
    text = to_text(a, b, [found])
    assert "fnc1:test" in text
    assert "8:0 p=0.0078" in text
    assert json.loads(to_json([found]))[0]["winner"] == found.winner
    (other,) = compare_runs(a, b, measure="ece")
    assert other.measure == "ece"
    assert other.lower_is_better


def test_compare_refuses_what_cannot_be_compared(data: Path, tmp_path: Path) -> None:
    a = read_run(made(data, tmp_path / "a", Words()))
    gold = write_gold(tmp_path / "mine")
    c = read_run(made(data, tmp_path / "c", Reader(), str(gold)))
    with pytest.raises(DataError, match="share no suite"):
        compare_runs(a, c)
    write_set(data, "bench", "fnc1", fnc_rows()[:8])
    b = read_run(made(data, tmp_path / "b", Words()))
    with pytest.raises(DataError, match="saw different data in fnc1:test"):
        compare_runs(a, b)


def test_compare_takes_the_items_that_both_have(data: Path, tmp_path: Path) -> None:
    a = read_run(made(data, tmp_path / "a", Words()))
    b = read_run(made(data, tmp_path / "b", Contrary(digest="2"), limit=3))
    (found,) = compare_runs(a, b)
    assert found.n == 6
    assert found.a - found.b == pytest.approx(found.difference.value)
    assert found.b == b.suites["fnc1:test"].numbers["measures"]["macro_f1"]["value"]


def floors(value: float = 0.9) -> dict[str, Any]:
    entry = {"floor": value, "history": []}
    return {"slice": {}, "floors": {"fnc1:test": {"accuracy": entry}}}


def test_a_floor_that_is_broken_is_named(data: Path, tmp_path: Path) -> None:
    good = read_run(made(data, tmp_path / "a", Words(digest="1")))
    bad = read_run(made(data, tmp_path / "b", Contrary(digest="2")))
    assert check(good, floors(), {"fnc1:test"}) == []
    (broken,) = check(bad, floors(), {"fnc1:test"})
    assert str(broken) == "BROKEN fnc1:test accuracy: is 0.5000, the floor is 0.9000"
    ceiling = {"slice": {}, "floors": {"fnc1:test": {"ece": {"floor": 0.9, "history": []}}}}
    assert check(good, ceiling, {"fnc1:test"}) == []
    unmeasured = {
        "floors": {"fnc1:test": {"speed": {"floor": 1}}, "vast:test": {"x": {"floor": 1}}}
    }
    assert [b.value for b in check(good, unmeasured, {"fnc1:test", "vast:test"})] == [None, None]
    with pytest.raises(DataError, match="no floor for 'nosuch'"):
        check(good, floors(), {"nosuch"})


def test_floors_go_down_only_with_a_flag_and_a_reason() -> None:
    key = "fnc1:test.accuracy"
    up = set_floor(floors(), key, 0.95, lower=False, reason=None)
    assert up["floors"]["fnc1:test"]["accuracy"]["floor"] == 0.95
    with pytest.raises(OptionError, match="lowers the floor; use --lower with --reason"):
        set_floor(floors(), key, 0.8, lower=False, reason=None)
    with pytest.raises(OptionError, match="takes --reason"):
        set_floor(floors(), key, 0.8, lower=True, reason=" ")
    with pytest.raises(OptionError, match=r"0\.95 is no lowering"):
        set_floor(floors(), key, 0.95, lower=True, reason="why not")
    with pytest.raises(OptionError, match="expected SUITE"):
        set_floor(floors(), "accuracy", 0.95, lower=False, reason=None)
    down = set_floor(floors(), key, 0.8, lower=True, reason="the set was cleaned")
    assert down["floors"]["fnc1:test"]["accuracy"] == {
        "floor": 0.8,
        "history": [{"from": 0.9, "to": 0.8, "reason": "the set was cleaned"}],
    }
    # For errors the floor is a ceiling: raising it is the easier way.
    ece = {"floors": {"s": {"ece": {"floor": 0.05, "history": []}}}}
    with pytest.raises(OptionError, match="lowers the floor"):
        set_floor(ece, "s.ece", 0.1, lower=False, reason=None)
    assert set_floor(ece, "s.ece", 0.03, lower=False, reason=None)


def test_the_gate_runs_its_slice_and_fails_when_broken(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "floors.json"
    base = ["gate", "--floors", str(file), "--data-dir", str(data), "--model", "baseline:majority"]
    assert main([*base, "--raise", "fnc1:test.accuracy", "0.2"]) == 0
    assert main(base) == 0
    assert "every floor holds" in capsys.readouterr().out
    assert main([*base, "--raise", "fnc1:test.accuracy", "0.9"]) == 0
    assert main(base) == 1
    assert "BROKEN fnc1:test accuracy: is 0.2500, the floor is 0.9000" in capsys.readouterr().out
    down = [*base, "--lower", "fnc1:test.accuracy", "0.2"]
    assert main(down) == 2
    assert main([*down, "--reason", "the majority is all there is"]) == 0
    assert main(base) == 0
    kept = read_floors(file)["floors"]["fnc1:test"]["accuracy"]["history"]
    assert kept == [{"from": 0.9, "to": 0.2, "reason": "the majority is all there is"}]


def test_a_gate_without_floors_does_not_pass(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "floors.json"
    assert main(["gate", "--floors", str(file)]) == 2
    file.write_text('{"slice": {}, "floors": {}}', encoding="utf-8")
    assert main(["gate", "--floors", str(file)]) == 2
    assert "has no floor yet" in capsys.readouterr().err
    file.write_text('{"floors": {"a": {"b": 1}}}', encoding="utf-8")
    assert main(["gate", "--floors", str(file)]) == 2


def test_run_and_compare_from_the_command_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--suite", "fnc1", "--data-dir", str(data), "--limit", "4"]
    for name in ("majority", "tfidf"):
        out = str(tmp_path / name)
        assert main(["run", *common, "--model", f"baseline:{name}", "--out", out]) == 0
    printed = capsys.readouterr().out
    assert "fnc1:test  n=8 errors=0" in printed
    assert "* macro_f1" in printed
    assert main(["compare", str(tmp_path / "majority"), str(tmp_path / "tfidf")]) == 0
    assert "A  baseline:majority" in capsys.readouterr().out
    assert main(["compare", str(tmp_path / "majority"), str(tmp_path / "nosuch")]) == 2
    assert "is no run folder" in capsys.readouterr().err


def test_a_missing_package_is_named_and_no_miss(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    arguments = ["run", "--suite", "fnc1", "--data-dir", str(data), "--limit", "4"]
    out = tmp_path / "tfidf"
    assert main([*arguments, "--model", "baseline:tfidf", "--out", str(out)]) == 2
    assert "pip install 'stance-nlp[eval]'" in capsys.readouterr().err


def test_list_says_where_data_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--data-dir", str(data)]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert " here " in lines["fnc1:test"]
    assert " hub " in lines["snli:test_sample"]
    assert " missing " in lines["vast:test"]
    assert "stackLSTM: macro_f1 0.609 (Hanselowski et al. 2018, COLING)" in lines["fnc1:test"]


def test_validate_and_anchor_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_gold(tmp_path / "mine")
    assert main(["validate", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "articles 3 (dev 1, test 2), words 42" in printed
    assert "rows 6: favor 3 (50%), against 3 (50%), neutral 0 (0%)" in printed
    assert "denial                           3   1   2" in printed
    label = folder / "labels/two.json"
    data = json.loads(label.read_text())
    data["stances"][1]["evidence"] = [{"text": "denied it"}]
    label.write_text(json.dumps(data), encoding="utf-8")
    assert main(["validate", str(folder)]) == 1
    printed = capsys.readouterr().out
    assert "labels/two.json: stances[1].evidence[0]: has no offsets yet" in printed
    assert printed.endswith("1 offences\n")
    assert main(["anchor", str(folder), "two"]) == 0
    assert main(["validate", str(folder)]) == 0
    data["salient"] = [{"text": "never said"}]
    label.write_text(json.dumps(data), encoding="utf-8")
    assert main(["anchor", str(folder)]) == 1
    assert main(["validate", str(tmp_path / "nowhere")]) == 2
