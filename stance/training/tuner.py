"""Drive the model library's trainer so that a run ends well whatever happens to it."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.utils.data import Sampler
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainerCallback

from stance.backends.loading import quiet
from stance.errors import TrainingError
from stance.training.run_folder import (
    is_disk_full,
    is_main_process,
    mark_whole,
    step_of,
    sweep,
    whole_checkpoints,
)
from stance.training.schedule import Schedule, arguments

_WEIGHTS = "model.safetensors"
# Indices are shuffled in stretches of so many batches, then sorted by length within each.
_STRETCH = 50

Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say how training went: where the best weights lie, and what is worth telling."""

    best_step: int
    steps: int
    best: float | None
    log: list[dict[str, Any]]
    notes: list[str]


class _ByLength(Sampler[int]):
    """Yield indices so that rows of like length meet, in another order each epoch."""

    def __init__(
        self, lengths: Sequence[int], batch: int, seed: int, epoch: Callable[[], int]
    ) -> None:
        self.lengths, self.batch, self.seed, self.epoch = np.asarray(lengths), batch, seed, epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        # Of seed and epoch alone, so that a resumed run draws the same.
        rng = np.random.default_rng((self.seed, self.epoch()))
        order = rng.permutation(len(self.lengths))
        batches: list[Any] = []
        for start in range(0, len(order), self.batch * _STRETCH):
            stretch = order[start : start + self.batch * _STRETCH]
            ranked = stretch[np.argsort(-self.lengths[stretch], kind="stable")]
            batches += [ranked[i : i + self.batch] for i in range(0, len(ranked), self.batch)]
        short = [b for b in batches if len(b) < self.batch]
        full = [b for b in batches if len(b) == self.batch]
        for place in [*rng.permutation(len(full)), *range(len(full), len(batches))]:
            yield from (int(i) for i in [*full, *short][place])


class _Tuner(Trainer):  # type: ignore[misc]
    """Train with two learning rates; stop at a loss that is no number; mark whole checkpoints."""

    schedule: Schedule
    optimizer: Any = None
    _suspect: Any = None

    def create_optimizer(self, model: Any = None) -> Any:
        """Part the parameters by learning rate and weight decay."""
        if self.optimizer is None:
            groups: dict[tuple[bool, bool], list[Any]] = {}
            for name, parameter in self.model.named_parameters():
                if parameter.requires_grad:
                    head = any(w in name for w in ("_head.", "classifier", "score.", "pooler"))
                    groups.setdefault((head, parameter.ndim > 1), []).append(parameter)
            rates = {True: self.schedule.head_lr, False: self.schedule.trunk_lr}
            self.optimizer = torch.optim.AdamW(
                [
                    {
                        "params": group,
                        "lr": rates[head],
                        "weight_decay": self.schedule.weight_decay if decay else 0.0,
                    }
                    for (head, decay), group in sorted(groups.items(), key=lambda item: item[0])
                ],
                fused=True,
            )
        return self.optimizer

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        return _ByLength(
            self.train_dataset.lengths,
            self.schedule.batch,
            self.schedule.seed,
            lambda: int(self.state.epoch or 0),
        )

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> Any:
        """Take one step; a loss that is no number ends the run before it spoils the weights."""
        loss = super().training_step(model, inputs, num_items_in_batch)
        self._suspect = loss if self._suspect is None else self._suspect + loss
        # Looked at now and then: each look makes a graphics processor wait.
        if self.state.global_step % 10 == 0 or not torch.cuda.is_available():
            self.look()
        return loss

    def look(self) -> None:
        """Raise `_NotANumber` where a loss since the last look was none."""
        if self._suspect is not None and not bool(torch.isfinite(self._suspect)):
            raise _NotANumber(self.state.global_step)
        self._suspect = None

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        self.look()
        super()._save_checkpoint(model, trial)
        # The other processes write their random states.
        self.accelerator.wait_for_everyone()
        if is_main_process():
            folder = Path(self.args.output_dir)
            step = int(self.state.global_step)
            mark_whole(folder / f"checkpoint-{step}", step)
            sweep(folder, {step, int(self.state.best_global_step or step)})


class _NotANumber(Exception):
    """Say at which step a loss was infinite or no number."""


class _Watch(TrainerCallback):  # type: ignore[misc]
    """Write the log line by line, tell how far the run is, and judge dev at the last step too."""

    def __init__(self, log: Path, report: Report) -> None:
        self.path, self.report = log, report
        self.started, self.first = time.monotonic(), -1

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ask for a judgement of the final weights."""
        if self.first < 0:
            self.first, self.started = state.global_step - 1, time.monotonic()
        if state.global_step >= state.max_steps:
            control.should_evaluate = True
            control.should_save = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """Keep and pass on one line of the log."""
        if not is_main_process() or not logs:
            return
        done = state.global_step
        pace = (time.monotonic() - self.started) / max(1, done - self.first)
        row = {"step": done, "of": state.max_steps, "epoch": round(state.epoch or 0, 3)}
        row |= {k: v for k, v in logs.items() if isinstance(v, int | float) and k != "epoch"}
        row["seconds_left"] = round((state.max_steps - done) * pace, 1)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self.report(row)


def train(
    task: nn.Module,
    data: tuple[Any, Any, Any],
    schedule: Schedule,
    folder: Path,
    *,
    judge: Callable[[Any], dict[str, float]] | None = None,
    report: Report = lambda row: None,
) -> Outcome:
    """Train to the end or to the first thing that ends it; put the best weights into `task`.

    Args:
        task: its forward maps a batch to ``loss`` (and ``logits``).
        data: training set, dev set, collator; the sets have ``lengths``.
        schedule: how long and how fast.
        folder: of the checkpoints; what lies there is gone on from.
        judge: from the trainer's predictions to numbers; None: the loss alone.
        report: is told every line of the log.

    Returns:
        How it went.

    Raises:
        TrainingError: the run cannot go on and nothing worth keeping is there, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notes: list[str] = []
    while True:
        tuner = _tuner(task, data, schedule, folder, judge, report)
        whole = whole_checkpoints(folder)
        try:
            with quiet():
                tuner.train(resume_from_checkpoint=str(whole[-1]) if whole else None)
            break
        except _NotANumber as error:
            notes.append(_not_a_number(int(str(error)), schedule, folder))
            break
        except (RuntimeError, MemoryError, OSError) as error:
            if is_disk_full(error):
                raise _full(folder, error) from error
            smaller = _smaller(error, schedule)
            notes.append(
                f"memory ran out with {schedule.micro} rows at once; went on with {smaller.micro}"
            )
            schedule = smaller
        except Exception as error:  # safetensors has an error class of its own for a full disk
            if is_disk_full(error):
                raise _full(folder, error) from error
            raise
        del tuner
        _free()
    tuner.accelerator.wait_for_everyone()
    return _take_best(task, tuner, folder, notes)


def _take_best(task: nn.Module, tuner: _Tuner, folder: Path, notes: list[str]) -> Outcome:
    whole = {step_of(path): path for path in whole_checkpoints(folder)}
    if not whole:
        raise TrainingError("the run ended before its first checkpoint; nothing can be kept")
    state = json.loads((whole[max(whole)] / "trainer_state.json").read_text("utf-8"))
    best = int(state.get("best_global_step") or max(whole))
    best = best if best in whole else max(whole)
    weights = load_file(whole[best] / _WEIGHTS)
    task.load_state_dict({k: v.to(next(task.parameters()).device) for k, v in weights.items()})
    if tuner.state.global_step < tuner.state.max_steps and not notes:
        notes.append(f"stopped early at step {tuner.state.global_step}: dev got no better")
    metric = state.get("best_metric")
    return Outcome(best, int(state["global_step"]), metric, list(state["log_history"]), notes)


def _tuner(
    task: nn.Module,
    data: tuple[Any, Any, Any],
    schedule: Schedule,
    folder: Path,
    judge: Callable[[Any], dict[str, float]] | None,
    report: Report,
) -> _Tuner:
    training, dev, collate = data
    labels = getattr(task, "label_names", ("gold",))
    tuner = _Tuner(
        model=task,
        args=arguments(schedule, folder, len(training), labels),
        data_collator=collate,
        train_dataset=training,
        eval_dataset=dev,
        compute_metrics=judge,
        callbacks=[
            EarlyStoppingCallback(early_stopping_patience=schedule.patience),
            _Watch(folder.parent / "log.jsonl", report),
        ],
    )
    # What it prints, the watch tells better.
    tuner.remove_callback(PrinterCallback)
    tuner.schedule = schedule
    return tuner


def _not_a_number(step: int, schedule: Schedule, folder: Path) -> str:
    whole = whole_checkpoints(folder)
    advice = "try a lower --lr or --precision no, and look for texts of a single character"
    if not whole:
        raise TrainingError(
            f"the loss was no number at step {step + 1}, before the first checkpoint; {advice}"
        )
    return (
        f"the loss was no number at step {step + 1}; the best checkpoint before it is kept; "
        f"{advice}"
    )


def _full(folder: Path, error: BaseException) -> TrainingError:
    whole = whole_checkpoints(folder)
    for half in folder.glob("checkpoint-*"):
        if half not in whole:
            sweep(folder, {step_of(path) for path in whole})
            break
    kept = f"step {step_of(whole[-1])} is kept" if whole else "no step could be kept"
    return TrainingError(
        f"the disk of {folder} is full ({str(error).splitlines()[0][:120]}); {kept}: free some "
        "space and run the same command with --resume"
    )


def _smaller(error: BaseException, schedule: Schedule) -> Schedule:
    """Halve what goes through the model at once where memory ran out; else raise the error."""
    said = str(error).casefold()
    memory = isinstance(error, MemoryError | torch.OutOfMemoryError) or any(
        words in said for words in ("out of memory", "can't allocate memory", "cannot allocate")
    )
    if not memory:
        raise error
    if schedule.micro == 1:
        raise TrainingError(
            "memory ran out with a single row at once; take a smaller --base, or shorter texts "
            "(--max-tokens)"
        ) from error
    return replace(schedule, micro=schedule.micro // 2)


def _free() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
