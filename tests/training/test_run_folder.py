from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from stance.errors import OptionError, TrainingError
from stance.training.run_folder import (
    RunFolder,
    is_last,
    mark_whole,
    need_space,
    step_of,
    sweep,
    whole_checkpoints,
    write_json,
)


def checkpoint(folder: Path, step: int, *, whole: bool = True) -> Path:
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "model.safetensors").write_text("x")
    if whole:
        mark_whole(path, step)
    return path


def begun(tmp_path: Path, **flags: bool) -> RunFolder:
    run = RunFolder(tmp_path / "out")
    run.begin({"seed": 0}, **{"resume": False, "force": False, **flags})
    return run


def test_a_result_appears_whole_and_the_run_is_gone(tmp_path: Path) -> None:
    run = begun(tmp_path)
    assert not run.out.exists()
    run.result.mkdir()
    (run.result / "model").write_text("new")
    assert run.publish() == run.out
    assert (run.out / "model").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_result_is_never_overwritten_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "model").write_text("old")
    for resume in (False, True):
        with pytest.raises(OptionError, match="exists; give another --out, or --force"):
            begun(tmp_path, resume=resume)
    run = begun(tmp_path, force=True)
    run.result.mkdir()
    (run.result / "model").write_text("new")
    assert (run.out / "model").read_text() == "old"
    run.publish()
    assert (run.out / "model").read_text() == "new"


def test_a_kill_between_two_moves_does_not_lose_the_old_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "model").write_text("old")
    run = begun(tmp_path, force=True)
    run.result.mkdir()
    moves = Path.replace

    def die(path: Path, target: Path) -> Path:
        if path.name == "result":
            raise KeyboardInterrupt
        return moves(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            run.publish()
    assert not run.out.exists()
    begun(tmp_path, force=True)
    assert (run.out / "model").read_text() == "old"


@pytest.mark.parametrize("name", [".", "/", "a/.."])
def test_a_place_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match="is no name of a new folder; give one"):
        RunFolder(Path(name))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    run = RunFolder(tmp_path / "file" / "out")
    with pytest.raises(OptionError, match=r"out\.run cannot be made: Not a directory; give"):
        run.begin({}, resume=False, force=False)


def test_an_unfinished_run_is_gone_on_with_or_thrown_away(tmp_path: Path) -> None:
    run = begun(tmp_path)
    checkpoint(run.checkpoints, 4)
    run.result.mkdir()
    with pytest.raises(OptionError, match="go on with --resume, or begin anew with --force"):
        begun(tmp_path)
    begun(tmp_path, resume=True)
    assert [step_of(p) for p in whole_checkpoints(run.checkpoints)] == [4]
    # What was half put together is put together again.
    assert not run.result.exists()
    begun(tmp_path, force=True)
    assert whole_checkpoints(run.checkpoints) == []


def test_a_run_is_only_resumed_with_the_same_settings(tmp_path: Path) -> None:
    begun(tmp_path)
    run = RunFolder(tmp_path / "out")
    with pytest.raises(OptionError, match="was begun with seed=0, now it is 1"):
        run.begin({"seed": 1}, resume=True, force=False)


def test_resuming_nothing_begins_anew(tmp_path: Path) -> None:
    assert begun(tmp_path, resume=True).checkpoints.is_dir()


def test_intermediate_results_are_kept(tmp_path: Path) -> None:
    run = begun(tmp_path)
    assert run.recall("before") is None
    run.remember("before", [1, 2])
    assert run.recall("before") == [1, 2]
    run.drop()
    assert not run.path.exists()


def test_only_whole_checkpoints_count(tmp_path: Path) -> None:
    for step in (8, 12):
        checkpoint(tmp_path, step)
    checkpoint(tmp_path, 16, whole=False)
    assert [step_of(p) for p in whole_checkpoints(tmp_path)] == [8, 12]
    sweep(tmp_path, {12, 16})
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-12"]


def test_a_checkpoint_says_whether_the_run_ends_with_it(tmp_path: Path) -> None:
    assert not is_last(checkpoint(tmp_path, 4))
    mark_whole(tmp_path / "checkpoint-4", 4, last=True)
    assert is_last(tmp_path / "checkpoint-4")


def test_json_is_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"a": "ä"})
    with pytest.raises(TypeError):
        write_json(path, {"a": object()})
    assert json.loads(path.read_text("utf-8")) == {"a": "ä"}


def test_a_small_disk_is_told_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 9 * 10**8, 10**8))
    need_space(tmp_path / "not" / "there", 10**7)
    with pytest.raises(TrainingError, match=r"has 100 MB left and the run needs about 500 MB"):
        need_space(tmp_path, 5 * 10**8)


def test_what_a_run_has_on_the_disk_already_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**6, 10**6 - 1000, 1000))
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "weights").write_bytes(b"0" * 600)
    need_space(tmp_path, 1600)
    with pytest.raises(TrainingError, match="needs about"):
        need_space(tmp_path, 1601)
