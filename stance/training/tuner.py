"""Drive the model library's trainer so that a run ends well whatever happens to it."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import PartialState
from safetensors.torch import load_file
from torch import nn
from torch.utils.data import Sampler
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer

from stance.backends.loading import quiet
from stance.errors import TrainingError
from stance.training.ends import NotANumber, is_out_of_memory, not_a_number, worded
from stance.training.run_folder import (
    MEMORY,
    is_last,
    is_main_process,
    mark_whole,
    step_of,
    sweep,
    whole_checkpoints,
    write_json,
)
from stance.training.schedule import Schedule, arguments, divisor, shares
from stance.training.watch import Report, Watch

_WEIGHTS = "model.safetensors"
# Indices are shuffled in stretches of so many batches, then sorted by length within each.
_STRETCH = 50
# The judge's own loss: under "eval_loss" the trainer would write its own over it.
_EXACT = "eval_exact_loss"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say how training went: where the best weights lie, and what is worth telling."""

    best_step: int
    steps: int
    best: float | None
    log: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _ByLength(Sampler[int]):
    """Yield indices so that rows of like length meet, in another order each epoch.

    Indices count on from epoch to epoch: modulo the number of rows they are rows.
    """

    def __init__(
        self, lengths: Sequence[int], batch: int, seed: int, epoch: Callable[[], int]
    ) -> None:
        self.lengths, self.batch, self.seed, self.epoch = np.asarray(lengths), batch, seed, epoch

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.batch) * self.batch

    def __iter__(self) -> Iterator[int]:
        # Of seed and epoch alone, so that a resumed run draws the same.
        rng = np.random.default_rng((self.seed, self.epoch()))
        # The last batch is filled up with rows that have come: every step has as many rows, and
        # several processes can share it evenly.
        order = np.resize(rng.permutation(len(self.lengths)), len(self))
        batches: list[Any] = []
        for start in range(0, len(order), self.batch * _STRETCH):
            stretch = order[start : start + self.batch * _STRETCH]
            ranked = stretch[np.argsort(-self.lengths[stretch], kind="stable")]
            batches += [ranked[i : i + self.batch] for i in range(0, len(ranked), self.batch)]
        begun = self.epoch() * len(self.lengths)
        for place in rng.permutation(len(batches)):
            yield from (begun + int(i) for i in batches[place])


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
            shares(self.schedule).batch,
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

    def evaluation_loop(self, *args: Any, **more: Any) -> Any:
        """Judge dev by its rows' mean loss, where the judge tells it.

        The trainer's own mean counts rows twice with which several processes fill up a batch.
        """
        found = super().evaluation_loop(*args, **more)
        if (loss := found.metrics.pop(_EXACT, None)) is not None:
            found.metrics["eval_loss"] = loss
        return found

    def look(self) -> None:
        """Raise `NotANumber` where a loss since the last look was none, in any process."""
        if self._suspect is None:
            return
        # All processes stop at one step, or those left over would wait for the others for ever.
        bad = self.accelerator.gather((~torch.isfinite(self._suspect)).float().reshape(1))
        self._suspect = None
        if bool(bad.any()):
            raise NotANumber(self.state.global_step)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        self.look()
        super()._save_checkpoint(model, trial)
        # The other processes write their random states.
        self.accelerator.wait_for_everyone()
        if is_main_process():
            folder = Path(self.args.output_dir)
            step = int(self.state.global_step)
            last = bool(self.control.should_training_stop) or step >= self.state.max_steps
            mark_whole(folder / f"checkpoint-{step}", step, last=last)
            sweep(folder, {step, int(self.state.best_global_step or step)})


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
    schedule, notes = _taken_up(folder, schedule)
    start = None if whole_checkpoints(folder) else _copied(task)
    while not _is_over(folder):
        if start is not None and not whole_checkpoints(folder):
            task.load_state_dict(start)
        try:
            _go_on(_tuner(task, data, schedule, folder, judge, report), folder)
            break
        except NotANumber as error:
            notes.append(not_a_number(error.step, folder))
            break
        except Exception as error:  # safetensors has an error class of its own for a full disk
            if not is_out_of_memory(error):
                raise worded(error, folder) from error
            if (smaller := _smaller(schedule, folder, notes)) is None:
                break
            schedule = smaller
        _free()
    _free()
    PartialState().wait_for_everyone()
    return _take_best(task, folder, notes)


def _go_on(tuner: _Tuner, folder: Path) -> None:
    """Train from the last whole checkpoint, or from the start."""
    whole = whole_checkpoints(folder)
    with quiet():
        tuner.train(resume_from_checkpoint=str(whole[-1]) if whole else None)


def _is_over(folder: Path) -> bool:
    """Tell whether the last checkpoint is the end: a run that stopped early must not go on."""
    whole = whole_checkpoints(folder)
    return bool(whole) and is_last(whole[-1])


def _copied(task: nn.Module) -> dict[str, Any]:
    """Copy the weights, for a run that begins anew after memory ran out in its first steps."""
    return {name: weight.detach().cpu().clone() for name, weight in task.state_dict().items()}


def _take_best(task: nn.Module, folder: Path, notes: list[str]) -> Outcome:
    whole = {step_of(path): path for path in whole_checkpoints(folder)}
    if not whole:
        raise TrainingError("the run ended before its first checkpoint; nothing can be kept")
    state = json.loads((whole[max(whole)] / "trainer_state.json").read_text("utf-8"))
    best = int(state.get("best_global_step") or max(whole))
    best = best if best in whole else max(whole)
    weights = load_file(whole[best] / _WEIGHTS)
    task.load_state_dict({k: v.to(next(task.parameters()).device) for k, v in weights.items()})
    done = int(state["global_step"])
    if _is_over(folder) and done < state["max_steps"]:
        notes.append(f"stopped early at step {done}: dev got no better")
    return Outcome(best, done, state.get("best_metric"), list(state["log_history"]), notes)


def _named(judged: dict[str, float]) -> dict[str, float]:
    return {_EXACT if name == "loss" else f"eval_{name}": n for name, n in judged.items()}


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
        compute_metrics=None if judge is None else lambda found: _named(judge(found)),
        callbacks=[
            EarlyStoppingCallback(early_stopping_patience=schedule.patience),
            Watch(folder.parent / "log.jsonl", report),
        ],
    )
    # What it prints, the watch tells better.
    tuner.remove_callback(PrinterCallback)
    for callback in tuner.callback_handler.callbacks:
        # TensorBoard's files would go into the run's folder, and away with it in the end.
        if getattr(callback, "logging_dir", "set") is None:
            callback.logging_dir = schedule.boards
    tuner.schedule = schedule
    return tuner


def _taken_up(folder: Path, schedule: Schedule) -> tuple[Schedule, list[str]]:
    """Return the schedule and notes of a run whose memory ran out before it was cut off."""
    path = folder.parent / MEMORY
    if not path.is_file():
        return schedule, []
    known = json.loads(path.read_text("utf-8"))
    return replace(schedule, micro=int(known["micro"])), list(known["notes"])


def _smaller(schedule: Schedule, folder: Path, notes: list[str]) -> Schedule | None:
    """Take fewer rows at once, and remember it; None: there is a checkpoint to end with.

    Raises:
        TrainingError: there are no fewer, or several processes would have to agree on it.
    """
    shared = shares(schedule)
    fewer = divisor(shared.rows, shared.micro // 2)
    if shared.micro == 1:
        told = "memory ran out with a single row at once"
        if whole_checkpoints(folder):
            notes.append(f"{told}; the best checkpoint before it is kept")
            return None
        # What did not suffice is not worth taking up.
        (folder.parent / MEMORY).unlink(missing_ok=True)
        raise TrainingError(f"{told}; take a smaller --base, or shorter texts (--max-tokens)")
    notes.append(f"memory ran out with {shared.micro} rows at once; went on with {fewer}")
    write_json(folder.parent / MEMORY, {"micro": fewer, "notes": notes})
    if shared.processes > 1:
        raise TrainingError(
            f"memory ran out with {shared.micro} rows at once in one of {shared.processes} "
            f"processes; run the same command with --resume: it goes on with {fewer}"
        )
    return replace(schedule, micro=fewer)


def _free() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
