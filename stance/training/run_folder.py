"""Keep a run in a folder beside its result, so that neither is ever half there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stance.errors import OptionError, TrainingError

_SETTINGS = "run.json"
# Written into a checkpoint when all its files are there.
_WHOLE = "whole.json"
# Remembers, beside the checkpoints, with how many rows at once memory sufficed.
MEMORY = "memory.json"


class RunFolder:
    """Hold the unfinished run of one output folder: settings, checkpoints, then the result.

    Args:
        out: where the result will be.

    Raises:
        OptionError: `out` has no name that a folder could be given.
    """

    def __init__(self, out: Path) -> None:
        if out.name in ("", ".."):
            raise OptionError(f"--out {str(out)!r} is no name of a new folder; give one")
        self.out = out
        self.path = out.with_name(f".{out.name}.run")

    @property
    def result(self) -> Path:
        """Where the result is put together before it is moved."""
        return self.path / "result"

    @property
    def _replaced(self) -> Path:
        return self.path / "replaced"

    @property
    def checkpoints(self) -> Path:
        """Where the checkpoints are."""
        return self.path / "checkpoints"

    def begin(self, settings: Mapping[str, Any], *, resume: bool, force: bool) -> None:
        """Make the folder, or take it up where it was left.

        Args:
            settings: what the result depends on; a run is only taken up with the same.
            resume: go on with an unfinished run, where there is one.
            force: throw an unfinished run away, and replace a finished result in the end.

        Raises:
            OptionError: there is a result, or an unfinished run of other settings or not to resume.
        """
        if self._replaced.exists() and not self.out.exists():
            # A kill between the two moves of `publish` took the old result away: bring it back.
            self._replaced.replace(self.out)
        there = (self.path / _SETTINGS).is_file()
        self.refuse(force=force)
        if resume and there:
            self._compare(settings)
            shutil.rmtree(self.result, ignore_errors=True)
            return
        if there and not force:
            raise OptionError(
                f"an unfinished run for {self.out} lies in {self.path}; go on with --resume, or "
                "begin anew with --force"
            )
        shutil.rmtree(self.path, ignore_errors=True)
        try:
            self.checkpoints.mkdir(parents=True)
        except OSError as error:
            raise OptionError(
                f"{self.path} cannot be made: {error.strerror}; give an --out that can be written"
            ) from error
        write_json(self.path / _SETTINGS, settings)

    def refuse(self, *, force: bool) -> None:
        """Raise OptionError where a result is there that may not be replaced."""
        if self.out.exists() and not force:
            raise OptionError(f"{self.out} exists; give another --out, or --force to replace it")

    def _compare(self, settings: Mapping[str, Any]) -> None:
        known = json.loads((self.path / _SETTINGS).read_text("utf-8"))
        now = json.loads(json.dumps(settings))
        changed = sorted(k for k in {*known, *now} if known.get(k) != now.get(k))
        if changed:
            key = changed[0]
            raise OptionError(
                f"the run in {self.path} was begun with {key}={known.get(key)!r}, now it is "
                f"{now.get(key)!r}; resume with the same, or begin anew with --force"
            )

    def remember(self, name: str, value: Any) -> None:
        """Keep an intermediate result, so that a resumed run need not make it again."""
        write_json(self.path / f"{name}.json", value)

    def recall(self, name: str) -> Any:
        """Return what was kept under this name, None where nothing was."""
        path = self.path / f"{name}.json"
        return json.loads(path.read_text("utf-8")) if path.is_file() else None

    def is_worth_keeping(self) -> bool:
        """Tell whether a run has come so far that it can be taken up."""
        return bool(whole_checkpoints(self.checkpoints)) or (self.path / MEMORY).is_file()

    def drop(self) -> None:
        """Delete the run."""
        shutil.rmtree(self.path, ignore_errors=True)

    def publish(self) -> Path:
        """Move the result to its place and delete the run.

        Returns:
            The result's folder.
        """
        to_disk(self.result)
        if self.out.exists():
            shutil.rmtree(self._replaced, ignore_errors=True)
            self.out.replace(self._replaced)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self.result.replace(self.out)
        self.drop()
        return self.out


def write_json(path: Path, value: Any) -> None:
    """Write JSON all at once: a reader sees the old file or the new one."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)


def mark_whole(checkpoint: Path, step: int, *, last: bool = False) -> None:
    """Say that every file of a checkpoint has been written, and whether the run ends with it."""
    to_disk(checkpoint)
    write_json(checkpoint / _WHOLE, {"step": step, "last": last})


def is_last(checkpoint: Path) -> bool:
    """Tell whether a whole checkpoint is the end of its run: nothing is trained after it."""
    return bool(json.loads((checkpoint / _WHOLE).read_text("utf-8")).get("last"))


def to_disk(folder: Path) -> None:
    """Wait until a folder's files are on the disk: a power failure then finds them whole."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())


def step_of(checkpoint: Path) -> int:
    """Return a checkpoint's step by its name."""
    return int(checkpoint.name.rpartition("-")[2])


def whole_checkpoints(folder: Path) -> list[Path]:
    """Return the checkpoints that were written to their end, the oldest first."""
    found = [p for p in folder.glob("checkpoint-*") if (p / _WHOLE).is_file()]
    return sorted(found, key=step_of)


def sweep(folder: Path, keep: set[int]) -> None:
    """Delete checkpoints other than those of the steps in `keep`, and halves of checkpoints."""
    for path in folder.glob("checkpoint-*"):
        if step_of(path) not in keep or not (path / _WHOLE).is_file():
            # Without the mark first: a kill in the middle must not leave a half that looks whole.
            (path / _WHOLE).unlink(missing_ok=True)
            shutil.rmtree(path, ignore_errors=True)


def need_space(folder: Path, wanted: int) -> None:
    """Raise TrainingError where a disk has less room than a run will need.

    Args:
        folder: the run's, or the nearest folder above it that exists; what lies in it counts.
        wanted: bytes.
    """
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    # A run that is taken up has some of its checkpoints already.
    more = wanted - sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if free < more:
        raise TrainingError(
            f"the disk of {there} has {free / 1e6:,.0f} MB left and the run needs about "
            f"{more / 1e6:,.0f} MB; free some, or give --out on another disk"
        )


def is_main_process() -> bool:
    """Tell whether this is the process that writes, when there are several."""
    return int(os.environ.get("RANK", "0")) == 0
