from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from stance.errors import OptionError, TrainingError
from stance.training.run_folder import MEMORY, step_of, whole_checkpoints
from stance.training.schedule import (
    Schedule,
    Shares,
    arguments,
    check_trackers,
    micro_batch,
    precision_of,
    shares,
)
from stance.training.tuner import Outcome, _ByLength, _smaller, _taken_up, _Tuner, train

PLAN = Schedule(
    epochs=4, batch=4, micro=4, trunk_lr=0.02, head_lr=0.02, evals=4, precision="no", device="cpu"
)


class Line(nn.Module):
    """Fit a line; `spoil` may do anything to the loss of a batch."""

    label_names = ("wanted",)

    def __init__(self, spoil: Callable[[int, Tensor], Tensor] = lambda step, loss: loss) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.core = nn.Linear(2, 1)
        self.drop = nn.Dropout(0.2)
        self.spoil, self.calls = spoil, 0

    def forward(self, given: Tensor, wanted: Tensor) -> dict[str, Tensor]:
        loss = ((self.core(self.drop(given)).squeeze(-1) - wanted) ** 2).mean()
        if self.training:
            self.calls += 1
            loss = self.spoil(self.calls, loss)
        return {"loss": loss}


class Points:
    """Hold points of a plane; half of them are for dev."""

    def __init__(self, count: int = 22) -> None:
        rng = torch.Generator().manual_seed(0)
        self.given = torch.randn(count, 2, generator=rng)
        self.lengths = [n % 7 + 1 for n in range(count)]

    def __len__(self) -> int:
        return len(self.given)

    def __getitem__(self, index: int) -> Any:
        given = self.given[index % len(self)]
        return given, given.sum()


def collate(rows: Any) -> Any:
    return {"given": torch.stack([r[0] for r in rows]), "wanted": torch.stack([r[1] for r in rows])}


def go(folder: Path, task: Line | None = None, plan: Schedule = PLAN, **more: Any) -> Outcome:
    return train(task or Line(), (Points(), Points(8), collate), plan, folder / "run", **more)


def weights(folder: Path) -> Tensor:
    return torch.cat([p.flatten() for p in _trained(folder).parameters()])


def _trained(folder: Path) -> Line:
    task = Line()
    go(folder, task)
    return task


# ---------------------------------------------------------------------- the usual


def test_a_run_learns_logs_and_keeps_its_best(tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    task = Line()
    outcome = go(tmp_path, task, report=told.append)
    assert outcome.notes == []
    assert outcome.steps == 24
    assert outcome.best_step % 6 == 0
    losses = {row["step"]: row["eval_loss"] for row in outcome.log if "eval_loss" in row}
    assert sorted(losses) == [6, 12, 18, 24]
    assert outcome.best == min(losses.values()) == losses[outcome.best_step]
    assert told == [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {row["of"] for row in told} == {24}
    assert any("loss" in row and "seconds_left" in row for row in told)


def test_it_stops_where_dev_gets_no_better(tmp_path: Path) -> None:
    plan = replace(PLAN, trunk_lr=0.0, head_lr=0.0, patience=1, evals=10, epochs=10)
    outcome = go(tmp_path, plan=plan)
    assert outcome.steps == 12
    assert outcome.notes == ["stopped early at step 12: dev got no better"]


def test_only_the_last_and_the_best_checkpoint_stay(tmp_path: Path) -> None:
    outcome = go(tmp_path)
    steps = {step_of(p) for p in whole_checkpoints(tmp_path / "run")}
    assert steps == {24, outcome.best_step}


# ---------------------------------------------------------------------- what ends a run


def killing(at: int) -> Callable[[int, Tensor], Tensor]:
    def spoil(step: int, loss: Tensor) -> Tensor:
        if step == at:
            raise KeyboardInterrupt
        return loss

    return spoil


@pytest.mark.parametrize("at", [3, 7, 13, 24])
def test_a_killed_run_ends_as_one_that_was_not(tmp_path: Path, at: int) -> None:
    wanted = weights(tmp_path / "whole")
    broken = tmp_path / "broken"
    with pytest.raises(KeyboardInterrupt):
        go(broken, Line(killing(at)))
    half = broken / "run" / "checkpoint-999"
    half.mkdir(parents=True)
    assert torch.equal(weights(broken), wanted)


def test_a_run_that_stopped_early_is_over(tmp_path: Path) -> None:
    plan = replace(PLAN, trunk_lr=0.0, head_lr=0.0, patience=1, evals=10, epochs=10)
    first = go(tmp_path, plan=plan)
    # Killed after its last checkpoint, and taken up: nothing more is trained.
    task = Line(lambda step, loss: loss * float("nan"))
    assert go(tmp_path, task, plan=plan) == first
    assert task.calls == 0


def test_a_log_goes_on_where_the_checkpoint_is(tmp_path: Path) -> None:
    go(tmp_path / "whole")
    broken = tmp_path / "broken"
    with pytest.raises(KeyboardInterrupt):
        go(broken, Line(killing(16)))
    with (broken / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"step": 15, "lo')
    go(broken)
    wanted, found = (
        [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]
        for folder in (tmp_path / "whole", broken)
    )
    assert found == wanted


def test_a_loss_that_is_no_number_ends_the_run_and_the_best_is_kept(tmp_path: Path) -> None:
    outcome = go(tmp_path, Line(lambda step, loss: loss * (float("nan") if step > 15 else 1.0)))
    assert outcome.best_step <= 12
    assert (
        "the loss was no number at step 16; the best checkpoint before it is kept"
        in outcome.notes[0]
    )
    assert "--lr" in outcome.notes[0]


def test_with_nothing_to_keep_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no number at step 1, before the first checkpoint"):
        go(tmp_path, Line(lambda step, loss: loss * float("inf")))


def test_out_of_memory_tries_a_smaller_batch_with_the_same_steps(tmp_path: Path) -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        if step == 8:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return loss

    outcome = go(tmp_path, Line(spoil))
    assert outcome.notes == ["memory ran out with 4 rows at once; went on with 2"]
    assert outcome.steps == 24


def test_out_of_memory_in_the_first_steps_begins_anew(tmp_path: Path) -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        if step == 3:
            raise MemoryError
        return loss

    # Without dropout, halves of a batch teach what the whole does.
    task, wanted = Line(spoil), Line()
    task.drop = wanted.drop = nn.Dropout(0.0)
    go(tmp_path / "a", task)
    go(tmp_path / "b", wanted)
    assert torch.allclose(task.core.weight, wanted.core.weight, atol=1e-6)


def test_a_resumed_run_remembers_that_memory_ran_out(tmp_path: Path) -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        if step == 3:
            raise MemoryError
        if step == 20:
            raise KeyboardInterrupt
        return loss

    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, Line(spoil))
    task = Line()
    outcome = go(tmp_path, task)
    assert outcome.notes == ["memory ran out with 4 rows at once; went on with 2"]
    assert task.calls % 2 == 0


def test_out_of_memory_with_one_row_keeps_a_checkpoint(tmp_path: Path) -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        if step > 10:
            raise MemoryError
        return loss

    outcome = go(tmp_path, Line(spoil))
    assert outcome.steps == 6
    assert outcome.notes[-1].endswith("a single row at once; the best checkpoint before it is kept")


def test_several_processes_take_a_smaller_batch_when_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(PLAN, batch=8)
    with monkeypatch.context() as patch:
        patch.setenv("WORLD_SIZE", "2")
        with pytest.raises(TrainingError, match=r"one of 2 processes; .*--resume.* goes on with 2"):
            _smaller(plan, tmp_path / "run", [])
    schedule, notes = _taken_up(tmp_path / "run", plan)
    assert schedule.micro == 2
    assert notes == ["memory ran out with 4 rows at once; went on with 2"]


def test_out_of_memory_with_one_row_is_an_error(tmp_path: Path) -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(TrainingError, match=r"memory ran out with a single row.*smaller --base"):
        go(tmp_path, Line(spoil))
    # A run that is to be begun otherwise leaves nothing that would have to be resumed.
    assert not (tmp_path / MEMORY).exists()


def test_another_error_stays_what_it_is(tmp_path: Path) -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes do not match"):
        go(tmp_path, Line(spoil))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("PytorchStreamWriter failed writing file data/3: file write failed"),
        Exception("I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_keeps_what_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    wanted = weights(tmp_path / "whole")
    saved = _Tuner._save_optimizer_and_scheduler

    def save(self: Any, folder: str) -> None:
        if self.state.global_step == 12:
            raise error
        saved(self, folder)

    monkeypatch.setattr(_Tuner, "_save_optimizer_and_scheduler", save)
    with pytest.raises(
        TrainingError, match=r"is full .*; step 6 is kept: free some space .*--resume"
    ):
        go(tmp_path)
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["checkpoint-6"]
    monkeypatch.undo()
    assert torch.equal(weights(tmp_path), wanted)


# ---------------------------------------------------------------------- batches


def test_rows_of_like_length_meet_and_each_comes_once() -> None:
    lengths = [(n * 37) % 101 for n in range(403)]
    epoch = 0
    sampler = _ByLength(lengths, 8, 5, lambda: epoch)
    first = list(sampler)
    assert set(first) == set(range(403))
    # The last batch is filled up, so that all are of one size.
    assert len(first) == len(sampler) == 408
    spreads = [
        max(lengths[i] for i in first[s : s + 8]) - min(lengths[i] for i in first[s : s + 8])
        for s in range(0, 408, 8)
    ]
    assert sum(spreads) / len(spreads) < 10
    assert list(sampler) == first
    epoch = 1
    second = list(sampler)
    assert {i - 403 for i in second} == set(first)
    assert [i - 403 for i in second] != first


def test_a_step_is_shared_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shares(replace(PLAN, batch=32, micro=20)) == Shares(1, 32, 16)
    assert shares(replace(PLAN, batch=33, micro=20)).micro == 11
    monkeypatch.setenv("WORLD_SIZE", "2")
    shared = shares(replace(PLAN, batch=32, micro=32))
    assert (shared, shared.batch) == (Shares(2, 16, 16), 32)


def test_the_micro_batch_fits_the_memory() -> None:
    assert micro_batch([40] * 10, 32, 384, "cpu") == 32
    assert micro_batch([40, 256], 32, 384, "cpu") == 16
    assert micro_batch([256], 32, 1536, "cpu") == 8
    assert micro_batch([], 32, 384, "cpu") == 32
    assert micro_batch([256], 33, 384, "cpu") == 11


def test_trackers_are_checked_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers.integrations import integration_utils as known

    monkeypatch.setattr(known, "get_available_reporting_integrations", lambda: ["mlflow"])
    check_trackers(["mlflow"])
    with pytest.raises(OptionError, match=r"'paper' is no tracker; use one of .*tensorboard"):
        check_trackers(["paper"])
    with pytest.raises(OptionError, match="wandb is not installed; run: pip install wandb"):
        check_trackers(["wandb"])


def test_the_files_of_a_tracker_outlive_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import TrainerCallback
    from transformers.integrations import integration_utils as known

    class Board(TrainerCallback):  # type: ignore[misc]
        logging_dir: str | None = None

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            (tmp_path / "told").write_text(str(self.logging_dir))

    monkeypatch.setitem(known.INTEGRATION_TO_CALLBACK, "tensorboard", Board)
    go(tmp_path, plan=replace(PLAN, epochs=1, report_to=("tensorboard",), boards="m.tensorboard"))
    assert (tmp_path / "told").read_text() == "m.tensorboard"


def test_precision_is_what_was_asked_for_or_what_is_fast() -> None:
    assert precision_of(replace(PLAN, precision="fp16")) == "fp16"
    assert precision_of(replace(PLAN, precision="auto")) in ("bf16", "no")


def test_every_processor_takes_what_is_fast_for_it(tmp_path: Path) -> None:
    plan = replace(PLAN, precision="bf16", device="auto")
    made = arguments(plan, tmp_path, 20, ["gold"])
    assert made.bf16
    assert made.use_cpu != (torch.cuda.is_available() or torch.backends.mps.is_available())
