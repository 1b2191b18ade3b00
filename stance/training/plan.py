"""Hold what a fine-tuning run is asked to do, and say beforehand what it will do."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from stance.errors import OptionError
from stance.metrics import SEEDS
from stance.training.labelled import TASKS, Labelled, LabelledRow, Reading, Task
from stance.training.splits import SPLIT_BY, Parts, SplitBy

Precision = Literal["auto", "bf16", "fp16", "no"]


@dataclass(frozen=True, slots=True)
class FinetuneOptions:
    """Hold how to fine-tune; None means: chosen by the size of data and model.

    `columns` maps our names of columns to the data's, `labels` the data's labels to ours; `lr` is
    the rate of the trunk, `batch` rows over all processes; `replay` a share of general data mixed
    in from `data_dir`.
    """

    base: str = "mini"
    task: Task = "stance"
    dev: Any = None
    test: Any = None
    split_by: SplitBy = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    lora: bool = False
    few_shot: bool = False
    epochs: float | None = None
    lr: float | None = None
    batch: int = 32
    max_tokens: int = 256
    class_weights: bool = True
    patience: int = 3
    precision: Precision = "auto"
    seed: int = 0
    device: str = "auto"
    replay: float = 0.0
    data_dir: str | None = None
    report_to: tuple[str, ...] = ()
    resume: bool = False
    force: bool = False
    dry_run: bool = False

    def __post_init__(self) -> None:
        known: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
            ("task", self.task, TASKS),
            ("split_by", self.split_by, SPLIT_BY),
            ("precision", self.precision, ("auto", "bf16", "fp16", "no")),
        )
        for name, value, choices in known:
            if value not in choices:
                raise OptionError(f"{name}={value!r}; use one of {', '.join(choices)}")
        for name, number, low, high in (
            ("epochs", self.epochs, 0, 1000),
            ("lr", self.lr, 0, 1),
            ("batch", self.batch, 0, 65536),
            ("max_tokens", self.max_tokens, 7, 8192),
            ("patience", self.patience, 0, 10**6),
        ):
            if number is not None and not low < number <= high:
                raise OptionError(f"{name}={number!r} must be above {low} and at most {high}")
        if not 0 <= self.seed < SEEDS:
            raise OptionError(f"seed={self.seed!r} must be between 0 and {SEEDS - 1}")
        if not 0 <= self.replay <= 1:
            raise OptionError(f"replay={self.replay!r} must be a share between 0 and 1")
        if self.replay and self.data_dir is None:
            raise OptionError(
                f"replay={self.replay} mixes in general data; say where it lies: --data-dir FOLDER "
                "(with train/*.jsonl.gz)"
            )
        if self.few_shot and self.task not in ("stance", "nli"):
            raise OptionError(f"few_shot is for stance and nli, not for {self.task}")
        if self.few_shot and self.lora:
            raise OptionError("few_shot tunes little as it is; leave lora out")

    @property
    def reading(self) -> Reading:
        """How the data is read."""
        return Reading(self.task, self.columns, self.labels, self.skip_bad)

    def settings(self, data_digest: str, base_digest: str) -> dict[str, Any]:
        """Return what the result depends on, ready for JSON."""
        kept = asdict(self)
        for name in ("resume", "force", "dry_run", "report_to", "dev", "test", "device"):
            del kept[name]
        # The same base under another path is the same base.
        kept["base"] = base_digest
        return {**kept, "data": data_digest}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Say what a run will do: the numbers of rows and labels, the base, the schedule, the notes."""

    task: str
    source: str
    base: str
    rows: dict[str, int]
    labels: dict[str, dict[str, int]]
    schedule: dict[str, Any]
    notes: list[str]

    def to_text(self) -> str:
        """Return it for a terminal."""
        rows = ", ".join(f"{part} {n}" for part, n in self.rows.items())
        lines = [f"{self.task} on {self.source}, from {self.base}: {rows}"]
        for part, counts in self.labels.items():
            told = ", ".join(f"{label} {n}" for label, n in counts.items())
            lines.append(f"  {part}: {told}")
        if self.schedule:
            lines.append("  " + ", ".join(f"{k} {_short(v)}" for k, v in self.schedule.items()))
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def label_counts(parts: Parts[LabelledRow]) -> dict[str, dict[str, int]]:
    """Count the labels of each part that has rows."""
    named = {"train": parts.train, "dev": parts.dev, "test": parts.test}
    return {
        part: dict(sorted(Counter(row.label for row in rows).items()))
        for part, rows in named.items()
        if rows
    }


def digest_of(found: Sequence[Labelled]) -> str:
    """Return a sha256 over everything that was read: equal digests mean equal data."""
    hasher = hashlib.sha256()
    for one in found:
        for row in one.rows:
            hasher.update(json.dumps(row.to_dict(), sort_keys=True).encode())
        for example in [*one.tagged, *one.salience]:
            hasher.update(repr(example).encode())
    return hasher.hexdigest()


def digest_of_run(settings: Mapping[str, Any]) -> str:
    """Return a sha256 over the settings of a run: equal digests mean equal results."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def source_name(data: Any) -> str:
    """Name the data in messages and cards: the last part of its path alone."""
    return Path(data).name if isinstance(data, str | Path) else "data"
