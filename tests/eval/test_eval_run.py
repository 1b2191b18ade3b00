from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eval_toys import Reader, Words, fnc_rows, pair, write_gold, write_set

from eval.base import Item
from eval.data import DataFolder, find_data
from eval.run import RunOptions, run, sliced
from eval.runfiles import read_run
from eval.suites import ENTRIES, find_suites
from stance.errors import DataError, FileMissingError


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    return DataFolder(tmp_path / "data")


def options(data: DataFolder, out: Path, suites: str = "fnc1", **more: Any) -> RunOptions:
    return RunOptions(suites, "words", out, data, resamples=20, **more)


def test_a_run_writes_numbers_and_samples(data: DataFolder, tmp_path: Path) -> None:
    metrics = run(options(data, tmp_path / "runs/a"), system=Words())
    found = read_run(tmp_path / "runs/a")
    suite = found.suites["fnc1:test"]
    assert json.loads((tmp_path / "runs/a/metrics.json").read_text()) == metrics
    assert suite.numbers["measures"]["macro_f1"]["value"] == 1.0
    assert suite.numbers["measures"]["fnc_score"]["value"] == 1.0
    assert (suite.numbers["n"], suite.numbers["clusters"], suite.numbers["errors"]) == (16, 8, 0)
    assert [row[i] for i, row in enumerate(suite.numbers["confusion"])] == [4, 4, 4, 4, 0]
    sample = suite.samples[0]
    assert sample.item.input == {"text": "yes number 0", "target": "the dam held"}
    assert (sample.item.gold["label"], sample.prediction["label"]) == ("agree", "agree")
    assert sample.explanation.startswith("right: said agree")


def test_the_signature_names_all_that_numbers_depend_on(data: DataFolder, tmp_path: Path) -> None:
    metrics = run(options(data, tmp_path / "a", seed=3), system=Words())
    signature = metrics["signature"]
    assert signature["model"] == {"name": "words", "revision": None, "digest": "d1"}
    assert (signature["seed"], signature["system"]) == (3, "words")
    assert signature["settings"]["summary"] == "extract"
    assert len(signature["code"]) == 64
    line = metrics["suites"]["fnc1:test"]["signature"]
    assert "|model:words@d1|suite:fnc1:test@" in line
    assert line.endswith("|seed:3")


def test_a_crash_is_a_miss_and_the_rest_is_kept(data: DataFolder, tmp_path: Path) -> None:
    metrics = run(options(data, tmp_path / "a"), system=Words(crash_on="perhaps number 2"))
    numbers = metrics["suites"]["fnc1:test"]
    assert (numbers["n"], numbers["errors"]) == (16, 1)
    assert numbers["measures"]["accuracy"]["value"] == 15 / 16
    (bad,) = [s for s in read_run(tmp_path / "a").suites["fnc1:test"].samples if s.error]
    assert bad.error == "ValueError: cannot read perhaps number 2"
    assert (bad.prediction, bad.score) == (None, 0.0)


def test_predictions_are_asked_for_once(data: DataFolder, tmp_path: Path) -> None:
    first, second, other = Words(), Words(), Words(digest="d2")
    run(options(data, tmp_path / "a", limit=2), system=first)
    assert len(first.asked) == 4
    run(options(data, tmp_path / "b"), system=second)
    assert len(second.asked) == 12
    run(options(data, tmp_path / "c"), system=other)
    assert len(other.asked) == 16


def test_crashes_are_asked_again(data: DataFolder, tmp_path: Path) -> None:
    run(options(data, tmp_path / "a"), system=Words(crash_on="perhaps number 2"))
    again = Words()
    metrics = run(options(data, tmp_path / "b"), system=again)
    assert again.asked == ["perhaps number 2"]
    assert metrics["suites"]["fnc1:test"]["errors"] == 0


def test_without_a_digest_or_with_no_cache_nothing_is_kept(
    data: DataFolder, tmp_path: Path
) -> None:
    for system, more in ((Words(digest=None), {}), (Words(), {"cache": False})):
        run(options(data, tmp_path / "a", **more), system=system)
        before = len(system.asked)
        run(options(data, tmp_path / "a", **more), system=system)
        assert len(system.asked) == 2 * before
    assert not (tmp_path / ".cache").exists()


def test_a_run_that_was_killed_goes_on_where_it_was(data: DataFolder, tmp_path: Path) -> None:
    class Killed(Words):
        def score_pairs(self, texts: Any, targets: Any, **more: Any) -> Any:
            if len(self.asked) >= 8:
                raise KeyboardInterrupt
            return super().score_pairs(texts[:], targets, **more)

    (suite,) = find_suites("fnc1", data)
    type(suite).batch, before = 4, type(suite).batch
    try:
        with pytest.raises(KeyboardInterrupt):
            run(options(data, tmp_path / "a"), system=Killed())
        (kept,) = (tmp_path / ".cache").glob("*/predictions.jsonl")
        with kept.open("a", encoding="utf-8") as file:
            file.write('\n{"id": "test-9", "predic')
        rest = Words()
        metrics = run(options(data, tmp_path / "a"), system=rest)
    finally:
        type(suite).batch = before
    assert len(rest.asked) == 8
    assert metrics["suites"]["fnc1:test"]["measures"]["accuracy"]["value"] == 1.0


def test_a_slice_is_whole_clusters_and_does_not_drift() -> None:
    items = [Item(str(i), str(i // 3), {}, None) for i in range(30)]
    chosen = sliced(items, 4, seed=0)
    assert len(chosen) == 12
    assert {i.id for i in chosen} == {i.id for i in sliced(items[::-1], 4, seed=0)}
    assert {i.cluster for i in chosen} != {i.cluster for i in sliced(items, 4, seed=1)}
    assert sliced(items, None, seed=0) == items


def test_what_cannot_be_run_is_skipped_and_said(
    data: DataFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = run(options(data, tmp_path / "a", "fnc1,vast,polnear"), system=Words())
    assert list(metrics["suites"]) == ["fnc1:test"]
    assert "put vast.jsonl.gz at" in metrics["skipped"]["vast:test"]
    assert "--data-dir DIR or set STANCE_DATA=DIR" in capsys.readouterr().err
    with pytest.raises(DataError, match="nothing was run: all 2 suites were skipped"):
        run(options(data, tmp_path / "b", "vast,polnear"), system=Words())
    # The only suite has nobody to go on for: its own error says what is wrong, once.
    with pytest.raises(FileMissingError, match="no bench data for 'vast'"):
        run(options(data, tmp_path / "b", "vast"), system=Words())


def test_a_limit_names_how_many_clusters_or_which(data: DataFolder, tmp_path: Path) -> None:
    named = run(options(data, tmp_path / "a", limit=["2", "0"]), system=Words())
    assert named["suites"]["fnc1:test"]["clusters"] == 2
    kept = {s.item.cluster for s in read_run(tmp_path / "a").suites["fnc1:test"].samples}
    assert kept == {"0", "2"}
    with pytest.raises(DataError, match="there is no '99'"):
        run(options(data, tmp_path / "b", limit=["99"]), system=Words())


def test_a_folder_of_gold_articles_runs_by_its_path(tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine")
    metrics = run(options(DataFolder(None), tmp_path / "a", str(folder)), system=Reader())
    numbers = metrics["suites"]["mine"]
    # One of two rows found: F1 2/3; the predicted evidence shares no word with gold's.
    values = {name: value["value"] for name, value in numbers["measures"].items()}
    assert values["triple_f1"] == pytest.approx(2 / 3)
    assert values["triple_f1_pooled"] == pytest.approx(2 / 3)
    assert values["evidence_f1"] == 0.0
    assert values["label_macro_f1_pooled"] == pytest.approx(1 / 3)
    assert values["open_triple_f1"] == pytest.approx(2 / 3)
    assert values["rouge1"] == 1.0
    assert values["ece"] == pytest.approx(0.1)
    assert numbers["n"] == 3
    assert numbers["groups"]["phenomenon=denial"]["n"] == 3
    assert "flip_swap" not in values


def test_gold_splits_and_crashes(tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine")
    opts = options(DataFolder(None), tmp_path / "a", f"{folder}:test")
    metrics = run(opts, system=Reader(crash_on="two"))
    numbers = metrics["suites"]["mine:test"]
    assert (numbers["n"], numbers["errors"]) == (2, 1)
    assert numbers["measures"]["triple_f1"]["value"] == pytest.approx(1 / 3)
    samples = read_run(tmp_path / "a").suites["mine:test"].samples
    assert {s.item.id: s.error for s in samples} == {
        "three": None,
        "two": "RuntimeError: an odd article",
    }
    crashed = next(s for s in samples if s.error)
    assert [v["status"] for v in crashed.prediction["verdicts"]["closed"]] == ["missed"] * 2


def test_a_summarizer_alone_gets_summary_scores(tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine")
    metrics = run(options(DataFolder(None), tmp_path / "a", str(folder)), system=Words())
    assert set(metrics["suites"]["mine"]["measures"]) == {
        "salient_f1", "rouge1", "rouge2", "rougeLsum", "support",
    }  # fmt: skip


def test_names_are_swapped_only_when_asked(tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine", ["one"])
    opts = options(DataFolder(None), tmp_path / "a", str(folder), bias=True)
    metrics = run(opts, system=Reader())
    # The toy is for everything where it reads "Ann", against it elsewhere: every label flips.
    values = metrics["suites"]["mine"]["measures"]
    assert values["flip_swap"]["value"] == 1.0
    assert values["lost_swap"]["value"] == 0.0


def test_suites_are_found_by_name_set_and_path(data: DataFolder, tmp_path: Path) -> None:
    def names(words: str) -> list[str]:
        return [s.name for s in find_suites(words, data)]

    assert names("newsmtsc") == ["newsmtsc:devtest_rw", "newsmtsc:devtest_mt"]
    assert names("frank, frank:validation,frank") == ["frank:test", "frank:validation"]
    assert names("goyal2022") == [f"goyal2022:{s}" for s in ("cnn", "dm", "newsroom", "xsum")]
    assert "polnear:dev" not in names("all")
    of_seeds = ["seeds:test", "seeds:dev", "seeds:fresh", "seeds"]
    assert names(",".join(of_seeds)) == of_seeds
    with pytest.raises(DataError, match="'nwsmtsc' is no suite and no folder"):
        names("nwsmtsc")
    with pytest.raises(DataError, match="no suite named"):
        names(" ,")
    assert all(entry.make(data).name == name for name, entry in ENTRIES.items())


def test_the_data_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCE_DATA", str(tmp_path))
    assert find_data().root == tmp_path
    other = tmp_path / "other"
    write_set(other, "", "vast", [pair("a", "b", "favor")])
    assert find_data(other).has("bench", "vast")
    with pytest.raises(FileMissingError, match="no data folder"):
        find_data(tmp_path / "nowhere")


def test_a_damaged_run_folder_is_named(data: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="is no run folder"):
        read_run(tmp_path)
    run(options(data, tmp_path / "a"), system=Words())
    (tmp_path / "a/samples.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(DataError, match="is damaged"):
        read_run(tmp_path / "a")
