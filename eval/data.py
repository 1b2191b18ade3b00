"""Find the benchmark folder and read its sets."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.hub import HUB, Row
from stance.errors import FileMissingError

__all__ = ["DEFAULT", "ROOT", "VARIABLE", "DataFolder", "Row", "find_data", "read_rows"]

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT.parent / "shared" / "data"
VARIABLE = "STANCE_DATA"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Read sets from `bench/<set>.jsonl.gz` and `train/<set>.jsonl.gz` below `root`."""

    root: Path | None

    def bench(self, name: str) -> list[Row]:
        """Return the rows of all test splits of a set, from the folder or from a public copy.

        Raises:
            FileMissingError: neither the file nor a public copy is there; says what to put where.
        """
        if (path := self._path("bench", name)) is not None:
            return read_rows(path)
        if name not in HUB:
            raise FileMissingError(self._advice("bench", name))
        try:
            return [row for copy in HUB[name] for row in copy.rows()]
        except Exception as error:  # `datasets` raises anything when the hub does not answer
            said = (str(error) or type(error).__name__).splitlines()[0]
            raise FileMissingError(
                f"{self._advice('bench', name)}; the public copy {HUB[name][0].id} cannot be had: "
                f"{said}"
            ) from error

    def train(self, name: str) -> list[Row]:
        """Return the rows of a training set.

        Raises:
            FileMissingError: the file is not there.
        """
        if (path := self._path("train", name)) is not None:
            return read_rows(path)
        raise FileMissingError(self._advice("train", name))

    def has(self, part: str, name: str) -> bool:
        """Tell whether a set's file is there."""
        return self._path(part, name) is not None

    def _path(self, part: str, name: str) -> Path | None:
        if self.root is None:
            return None
        for folder in (self.root / part, self.root):
            for ending in (".jsonl.gz", ".jsonl"):
                if (path := folder / f"{name}{ending}").is_file():
                    return path
        return None

    def _advice(self, part: str, name: str) -> str:
        where = self.root or "DIR"
        return (
            f"no {part} data for {name!r}: put {name}.jsonl.gz at {where}/{part}/{name}.jsonl.gz "
            f"and give --data-dir DIR or set {VARIABLE}=DIR"
        )


def find_data(given: str | Path | None = None) -> DataFolder:
    """Find the data folder: the one given, else `$STANCE_DATA`, else `../shared/data`.

    Raises:
        FileMissingError: the folder that was named does not exist.
    """
    named = given or os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_dir():
            raise FileMissingError(f"there is no data folder {str(named)!r}")
        return DataFolder(Path(named))
    return DataFolder(DEFAULT if DEFAULT.is_dir() else None)


def read_rows(path: Path) -> list[Row]:
    """Read a file of JSON lines, gzipped or not."""
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
