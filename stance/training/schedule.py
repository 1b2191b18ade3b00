"""Say how long and how fast a run learns, in the words of the model library's trainer."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import TrainingArguments

from stance.errors import OptionError

# Tokens in one pass forward and back: what 4 GB of memory hold on a CPU, and 16 GB on a GPU.
_TOKENS = {"cpu": 4096, "cuda": 32768}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hold how long and how fast a run learns; rows are counted over all processes.

    `micro` rows go through the model at once in one process. `metric` is what dev is judged by,
    ``loss`` or a name that the judge returns; `patience` counts judgements without a better one.
    `boards` is the folder of a tracker that writes files.
    """

    epochs: float
    batch: int
    micro: int
    trunk_lr: float
    head_lr: float
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    evals: int = 8
    patience: int = 3
    metric: str = "loss"
    precision: str = "auto"
    seed: int = 0
    device: str = "auto"
    report_to: tuple[str, ...] = ()
    boards: str | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """Say how the rows of a step are shared: `rows` for each process, `micro` of them at once."""

    processes: int
    rows: int
    micro: int

    @property
    def batch(self) -> int:
        """The rows of one step, over all processes."""
        return self.processes * self.rows


def shares(schedule: Schedule) -> Shares:
    """Share the rows of a step among the processes, evenly."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    rows = max(1, schedule.batch // processes)
    return Shares(processes, rows, divisor(rows, schedule.micro))


def divisor(number: int, most: int) -> int:
    """Return the greatest divisor of a number that is at most `most`, one at least."""
    return next((d for d in range(min(most, number), 1, -1) if number % d == 0), 1)


def arguments(
    schedule: Schedule, folder: Path, rows: int, labels: Sequence[str]
) -> TrainingArguments:
    """Write a schedule as the trainer's arguments.

    Args:
        schedule: how long and how fast.
        folder: of the checkpoints.
        rows: in the training set.
        labels: which of a batch's fields are its labels.
    """
    precision = precision_of(schedule)
    shared = shares(schedule)
    total = max(1, math.ceil(schedule.epochs * math.ceil(rows / shared.batch)))
    every = max(1, math.ceil(total / schedule.evals))
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=shared.micro,
        per_device_eval_batch_size=2 * shared.micro,
        gradient_accumulation_steps=shared.rows // shared.micro,
        max_steps=total,
        learning_rate=schedule.trunk_lr,
        lr_scheduler_type="linear",
        warmup_steps=max(1, int(schedule.warmup * total)) if total > 5 else 0,
        max_grad_norm=schedule.clip,
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        # The library takes bf16 on a processor only where it is told that there is nothing else.
        use_cpu=uses_cpu(schedule.device),
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=None,
        logging_steps=max(1, min(50, every // 4)),
        logging_nan_inf_filter=False,
        metric_for_best_model=schedule.metric,
        greater_is_better=schedule.metric != "loss",
        load_best_model_at_end=False,
        restore_callback_states_from_checkpoint=True,
        label_names=list(labels),
        remove_unused_columns=False,
        dataloader_pin_memory=torch.cuda.is_available(),
        report_to=list(schedule.report_to) or "none",
        disable_tqdm=True,
        log_level="error",
        seed=schedule.seed,
        ddp_find_unused_parameters=False,
    )


def check_trackers(names: Sequence[str]) -> None:
    """Raise OptionError where a tracker is unknown or not installed."""
    from transformers.integrations import integration_utils as known

    for name in names:
        if name not in known.INTEGRATION_TO_CALLBACK:
            raise OptionError(
                f"report_to: {name!r} is no tracker; use one of "
                f"{', '.join(sorted(known.INTEGRATION_TO_CALLBACK))}"
            )
        if name not in known.get_available_reporting_integrations():
            raise OptionError(f"report_to: {name} is not installed; run: pip install {name}")


def precision_of(schedule: Schedule) -> str:
    """Choose mixed precision: what was asked for, or what the hardware does fast."""
    return fast_precision(schedule.precision, schedule.device)


def fast_precision(wanted: str, device: str) -> str:
    """Choose mixed precision for a device: ``bf16``, ``fp16`` or ``no``.

    Args:
        wanted: one of them, or ``auto`` for what the hardware does fast.
        device: ``auto``, ``cpu``, ``cuda`` …
    """
    if wanted != "auto":
        return wanted
    if torch.cuda.is_available() and device != "cpu":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    fast = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return "bf16" if fast() else "no"


def uses_cpu(device: str) -> bool:
    """Tell whether a run uses the processor alone."""
    return device == "cpu" or not (torch.cuda.is_available() or torch.backends.mps.is_available())


def micro_batch(lengths: Sequence[int], batch: int, size: int, device: str) -> int:
    """Choose how many rows go through a model at once: as many as memory surely holds.

    Args:
        lengths: tokens of each row.
        batch: rows of one step.
        size: of the model's hidden states; wider ones need more memory.
        device: ``auto``, ``cpu``, ``cuda`` …
    """
    kind = "cpu" if device == "cpu" or not torch.cuda.is_available() else "cuda"
    budget = _TOKENS[kind] * min(1.0, 768 / size)
    return divisor(batch, int(budget / max(lengths, default=1)))
