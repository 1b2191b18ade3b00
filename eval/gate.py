"""Do what `python -m eval gate` says: check the floors, or move them."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eval.base import Json
from eval.data import DataFolder
from eval.floors import (
    EMPTY,
    Move,
    Part,
    check,
    lowers,
    measured,
    moved,
    moves_of,
    read_floors,
    write_floors,
)
from eval.runfiles import Run, read_run
from stance.errors import DataError, OptionError

if TYPE_CHECKING:
    from eval.run import RunOptions

# Below what was measured: on a slice, one label more or less moves a score by a few points, and
# the last bit of a product differs from machine to machine.
MARGINS: dict[Part, float] = {"slice": 0.05, "whole": 0.02}

Options = Callable[[argparse.Namespace, Path], "RunOptions"]


def gate(arguments: argparse.Namespace, options: Options) -> int:
    """Do what the gate's command line says; return 1 if a floor is broken."""
    path = Path(arguments.floors)
    edits = arguments.lift or arguments.lower or arguments.set
    floors = EMPTY if edits and not path.exists() else read_floors(path)
    part: Part = "whole" if arguments.run or arguments.whole else "slice"
    if arguments.lift or arguments.lower:
        return _save(path, floors, part, [_asked(arguments)])
    run = read_run(arguments.run) if arguments.run else _run_part(arguments, floors, part, options)
    if arguments.set:
        return _save(path, floors, part, _proposed(arguments, floors[part]["floors"], part, run))
    return _judge(run, floors[part]["floors"], arguments.suite, path)


def _judge(run: Run, floors: Json, suites: str | None, path: Path) -> int:
    if not floors:
        raise DataError(f"{path} has no floor yet; set them with --set")
    # A suite whose data is not on this machine was left out of the run, and said so.
    wanted = suites.split(",") if suites else [s for s in floors if s not in run.skipped]
    if not wanted:
        raise DataError(f"nothing with a floor was run: {'; '.join(run.skipped.values())}")
    broken = check(run, floors, wanted)
    for suite in wanted:
        for measure, entry in floors[suite].items():
            value = measured(run, suite, measure)
            shown = "-" if value is None else f"{value:.4f}"
            print(f"{suite:24} {measure:24} {shown:>8}  floor {entry['floor']:.4f}")
    for suite, why in run.skipped.items():
        print(f"{suite:24} {why}")
    print("\n".join([*map(str, broken)] or ["every floor holds"]))
    return 1 if broken else 0


def _asked(arguments: argparse.Namespace) -> Move:
    """Read the one move that the command line names."""
    key, text = arguments.lower or arguments.lift
    suite, _, measure = key.rpartition(".")
    try:
        value = float(text)
    except ValueError as error:
        raise OptionError(f"expected a number as the floor of {key}, got {text!r}") from error
    if not suite or not measure:
        raise OptionError(f"expected SUITE.MEASURE and a number, got {key!r} and {text}")
    return Move(suite, measure, value, arguments.lower is not None, arguments.reason)


def _proposed(arguments: argparse.Namespace, floors: Json, part: Part, run: Run) -> list[Move]:
    """Take floors from a run; those that would go down stay, unless there is a reason."""
    margin = MARGINS[part] if arguments.margin is None else arguments.margin
    reason, kept = arguments.reason, list[Move]()
    for move in moves_of(run, margin):
        if lowers(floors, move) and not reason:
            old = floors[move.suite][move.measure]["floor"]
            print(f"{move.key} stays at {old}: {move.value} needs --reason")
            continue
        kept.append(replace(move, may_lower=lowers(floors, move), reason=reason))
    return kept


def _save(path: Path, floors: Json, part: Part, moves: Sequence[Move]) -> int:
    """Move floors and write the file."""
    held = floors[part]["floors"]
    for move in moves:
        held = moved(held, move)
        print(f"{move.key} is now {move.value}")
    write_floors(path, {**floors, part: {**floors[part], "floors": held}})
    return 0


def _run_part(arguments: argparse.Namespace, floors: Json, part: Part, options: Options) -> Run:
    """Run what has a floor, or is to get one, each suite within the slice's limit."""
    from eval.run import run

    limits = floors["slice"]["limits"] if part == "slice" else {}
    names = (
        arguments.suite.split(",") if arguments.suite else [*limits] or [*floors[part]["floors"]]
    )
    if not names:
        raise DataError(f"{arguments.floors} has no floor yet; set them with --set --suite NAMES")
    found: list[Run] = []
    skipped: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        asked = options(arguments, Path(folder) / "gate")
        for name in names:
            if not _has_data(asked.data, name):
                skipped[name] = "its data is not on this machine"
                continue
            limit = arguments.limit if arguments.limit is not None else limits.get(name)
            run(replace(asked, suites=name, limit=limit))
            found.append(read_run(asked.out))
    if not found:
        raise DataError(f"nothing was run: {', '.join(skipped)}: the data is not on this machine")
    suites = {name: suite for run in found for name, suite in run.suites.items()}
    return replace(found[0], suites=suites, skipped=skipped)


def _has_data(data: DataFolder, suite: str) -> bool:
    """Tell whether a suite can be run as things are; the gate fetches nothing."""
    from eval.suites import ENTRIES

    return suite not in ENTRIES or ENTRIES[suite].is_here(data)
