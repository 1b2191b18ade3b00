from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from eval_toys import Contrary, Reader, Words, fnc_rows, write_gold, write_set

from eval.__main__ import main
from eval.compare import compare_runs, to_json, to_text
from eval.data import DataFolder
from eval.run import RunOptions, run
from eval.runfiles import read_run
from stance.errors import DataError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    write_set(tmp_path / "data", "train", "fnc1", [r | {"split": "train"} for r in fnc_rows()])
    return tmp_path / "data"


def made(data: Path, out: Path, system: Any, suites: str = "fnc1", **more: Any) -> Path:
    run(RunOptions(suites, system.name, out, DataFolder(data), resamples=20, **more), system=system)
    return out


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
    assert " here " in lines["injection:fresh"]
    assert " here " in lines["injection:later"]
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
