"""Write run folders and read them back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from eval.base import Json, Sample
from eval.measures import Measure
from stance.errors import DataError, FileMissingError
from stance.metrics import Array

METRICS, SAMPLES = "metrics.json", "samples.jsonl"


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """Hold one suite of a run: its numbers and, in order, its samples."""

    name: str
    numbers: Json
    samples: tuple[Sample, ...]

    @property
    def headline(self) -> str:
        """The measure that stands for the suite."""
        return str(self.numbers["headline"])

    @property
    def measures(self) -> tuple[Measure, ...]:
        """How rows become numbers."""
        return tuple(Measure.from_dict(spec) for spec in self.numbers["specs"])

    def measure(self, name: str) -> Measure:
        """Return the measure of this name."""
        return next(m for m in self.measures if m.name == name)

    @property
    def rows(self) -> Array:
        """The numbers of each sample, shape (n, k)."""
        return rows_of(self.samples)

    @property
    def clusters(self) -> list[str]:
        """The cluster of each sample."""
        return [s.item.cluster for s in self.samples]


@dataclass(frozen=True, slots=True)
class Run:
    """Hold a run folder as read from disk."""

    folder: Path
    signature: Json
    suites: dict[str, SuiteRun]
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def system(self) -> str:
        """The name of the system that answered."""
        return str(self.signature["system"])


def distinct(runs: Sequence[Run]) -> list[Run]:
    """Add the folder's name to systems that stand in several runs, so that they can be told."""
    names = [run.system for run in runs]
    return [
        replace(run, signature=run.signature | {"system": f"{run.system} ({run.folder.name})"})
        if names.count(run.system) > 1
        else run
        for run in runs
    ]


def rows_of(samples: Sequence[Sample]) -> Array:
    """Stack the rows of samples."""
    return np.array([s.row for s in samples], dtype=np.float64)


def write_samples(folder: Path, suite: str, samples: Sequence[Sample], *, first: bool) -> None:
    """Add the samples of one suite to the folder's file (a new file for the first suite)."""
    with (folder / SAMPLES).open("w" if first else "a", encoding="utf-8") as file:
        for sample in samples:
            file.write(json.dumps(sample.to_dict(suite), ensure_ascii=False) + "\n")


def write_metrics(folder: Path, data: Json) -> None:
    """Write the numbers of a run, whole or not at all."""
    part = folder / f"{METRICS}.part"
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(folder / METRICS)


def read_run(folder: str | Path) -> Run:
    """Read a run folder.

    Raises:
        FileMissingError: it is not there, or is no run folder.
        DataError: a file in it is damaged.
    """
    root = Path(folder)
    for name in (METRICS, SAMPLES):
        if not (root / name).is_file():
            raise FileMissingError(f"{root} is no run folder: it has no {name}")
    try:
        metrics = json.loads((root / METRICS).read_text(encoding="utf-8"))
        samples: dict[str, list[Sample]] = {}
        for line in _lines(root / SAMPLES):
            data = json.loads(line)
            samples.setdefault(data["suite"], []).append(Sample.from_dict(data))
        suites = {
            name: SuiteRun(name, numbers, tuple(samples.get(name, ())))
            for name, numbers in metrics["suites"].items()
        }
        return Run(root, metrics["signature"], suites, metrics.get("skipped", {}))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{root} is damaged ({error}); run it again") from error


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if line.strip())
