"""Keep a floor under every suite's quality, and a reason for every floor that was lowered."""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from eval.base import Json
from eval.runfiles import Run, read_run
from stance.errors import DataError, FileMissingError, OptionError


@dataclass(frozen=True, slots=True)
class Broken:
    """Name one floor that does not hold."""

    suite: str
    measure: str
    floor: float
    value: float | None

    def __str__(self) -> str:
        found = "was not measured" if self.value is None else f"is {self.value:.4f}"
        return f"BROKEN {self.suite} {self.measure}: {found}, the floor is {self.floor:.4f}"


def gate(arguments: argparse.Namespace, options: Callable[..., object]) -> int:
    """Do what the gate's command line says; return 1 if a floor is broken."""
    path = Path(arguments.floors)
    if arguments.lift or arguments.lower:
        return _edit(path, arguments)
    floors = read_floors(path)
    if not floors["floors"]:
        raise DataError(f"{path} has no floor yet; set one with --raise SUITE.MEASURE VALUE")
    run = read_run(arguments.run) if arguments.run else _run_slice(arguments, floors, options)
    wanted = set(arguments.suite.split(",")) if arguments.suite else set(floors["floors"])
    broken = check(run, floors, wanted)
    for suite, measures in floors["floors"].items():
        for measure, entry in measures.items() if suite in wanted else ():
            value = measured(run, suite, measure)
            shown = "-" if value is None else f"{value:.4f}"
            print(f"{suite:24} {measure:24} {shown:>8}  floor {entry['floor']:.4f}")
    for line in broken:
        print(line)
    print(f"{len(broken)} floors broken" if broken else "every floor holds")
    return 1 if broken else 0


def read_floors(path: Path) -> Json:
    """Read the floors.

    Raises:
        FileMissingError: the file is not there.
        DataError: it is not what `gate` writes.
    """
    if not path.is_file():
        raise FileMissingError(f"there is no floors file {path}; give --floors FILE")
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
        for measures in floors["floors"].values():
            for entry in measures.values():
                float(entry["floor"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is no floors file: {error}") from error
    return cast(Json, floors)


def check(run: Run, floors: Json, suites: set[str]) -> list[Broken]:
    """Return every floor that the run breaks; what was not measured counts as broken.

    Raises:
        DataError: none of `suites` has a floor.
    """
    known = {s: m for s, m in floors["floors"].items() if s in suites}
    if unknown := sorted(suites - known.keys()):
        raise DataError(f"no floor for {unknown[0]!r}; there are floors for {sorted(known)}")
    found: list[Broken] = []
    for suite, measures in known.items():
        for measure, entry in measures.items():
            value = measured(run, suite, measure)
            if value is None or not holds(run, suite, measure, value, entry["floor"]):
                found.append(Broken(suite, measure, entry["floor"], value))
    return found


def measured(run: Run, suite: str, measure: str) -> float | None:
    """Return a measured value, None where there is none."""
    if suite not in run.suites:
        return None
    found = run.suites[suite].numbers["measures"].get(measure)
    return None if found is None else float(found["value"])


def holds(run: Run, suite: str, measure: str, value: float, floor: float) -> bool:
    """Tell whether a value is on the good side of its floor (a ceiling, for errors and flips)."""
    if run.suites[suite].measure(measure).lower_is_better:
        return value <= floor + 1e-9
    return value >= floor - 1e-9


def set_floor(floors: Json, key: str, value: float, *, lower: bool, reason: str | None) -> Json:
    """Return the floors with one of them moved.

    Args:
        floors: what `read_floors` returned.
        key: ``SUITE.MEASURE``.
        value: the new floor.
        lower: whether the caller says that this is a lowering.
        reason: why; needed for a lowering, and kept.

    Returns:
        New floors.

    Raises:
        OptionError: the move goes the other way than said, or has no reason.
    """
    suite, _, measure = key.rpartition(".")
    if not suite or not measure or not math.isfinite(value):
        raise OptionError(f"expected SUITE.MEASURE and a number, got {key!r} and {value}")
    old = floors["floors"].get(suite, {}).get(measure)
    entry: Json = dict(old or {"floor": None, "history": []})
    easier = old is not None and _is_easier(measure, old["floor"], value)
    if easier and not lower:
        raise OptionError(
            f"{key} {old['floor']} -> {value} lowers the floor; use --lower with --reason"
        )
    if lower and not easier:
        raise OptionError(f"{key} has {old and old['floor']}; {value} is no lowering; use --raise")
    if lower and not (reason or "").strip():
        raise OptionError(f"lowering {key} takes --reason 'why'; it is kept in the file")
    step = {"from": entry["floor"], "to": value, "reason": reason}
    history = [*entry.get("history", []), *([step] if lower else [])]
    moved = {**floors["floors"].get(suite, {}), measure: {"floor": value, "history": history}}
    return {**floors, "floors": {**floors["floors"], suite: moved}}


def _is_easier(measure: str, old: float, new: float) -> bool:
    ceiling = measure == "ece" or measure.startswith(("flip", "lost"))
    return new > old if ceiling else new < old


def _edit(path: Path, arguments: argparse.Namespace) -> int:
    key, text = arguments.lower or arguments.lift
    try:
        value = float(text)
    except ValueError as error:
        raise OptionError(f"expected a number as the floor of {key}, got {text!r}") from error
    floors = read_floors(path) if path.is_file() else {"slice": {}, "floors": {}}
    lower = arguments.lower is not None
    moved = set_floor(floors, key, value, lower=lower, reason=arguments.reason)
    path.write_text(json.dumps(moved, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{key} is now {value}")
    return 0


def _run_slice(arguments: argparse.Namespace, floors: Json, options: Callable[..., object]) -> Run:
    """Run the small slice that the floors were set on, unless the command line says otherwise."""
    from eval.run import RunOptions, run

    chosen = floors.get("slice", {})
    arguments.suite = arguments.suite or ",".join(floors["floors"])
    if arguments.limit is None:
        arguments.limit = chosen.get("limit")
    with tempfile.TemporaryDirectory() as folder:
        asked = cast(RunOptions, options(arguments, Path(folder) / "gate"))
        run(asked)
        return read_run(asked.out)
