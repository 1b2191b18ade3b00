"""Hold the least that each suite's measures may reach, and a reason for each one lowered.

The file has floors for whole runs (`whole`) and for a small slice that can be run in a minute
(`slice`, whose `limits` say how many articles or texts of each suite it takes, or which).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from eval.base import Json
from eval.data import ROOT
from eval.runfiles import Run, SuiteRun
from stance.errors import DataError, FileMissingError, OptionError

Part = Literal["slice", "whole"]
PARTS: tuple[Part, ...] = ("slice", "whole")
DEFAULT = ROOT / "eval" / "floors.json"
EMPTY: Json = {"slice": {"limits": {}, "floors": {}}, "whole": {"floors": {}}}

# What has a floor beside each suite's headline, where the suite measures it.
ALSO_FLOORED = ("holder_f1", "label_macro_f1_pooled", "evidence_f1_pooled", "open_triple_f1", "ece")


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


@dataclass(frozen=True, slots=True)
class Move:
    """Say that a floor is to move; going down takes `may_lower` and a reason, which is kept."""

    suite: str
    measure: str
    value: float
    may_lower: bool = False
    reason: str | None = None

    @property
    def key(self) -> str:
        """``SUITE.MEASURE``."""
        return f"{self.suite}.{self.measure}"


def read_floors(path: Path) -> Json:
    """Read the floors.

    Raises:
        FileMissingError: the file is not there.
        DataError: it is not what `write_floors` writes.
    """
    if not path.is_file():
        raise FileMissingError(f"there is no floors file {path}; give --floors FILE")
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
        for part in PARTS:
            for measures in floors[part]["floors"].values():
                for entry in measures.values():
                    float(entry["floor"])
        for limit in floors["slice"]["limits"].values():
            if not isinstance(limit, int | list):
                raise TypeError(limit)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is no floors file: {error!r}") from error
    return cast(Json, floors)


def write_floors(path: Path, floors: Json) -> None:
    """Write the floors."""
    path.write_text(json.dumps(floors, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def check(run: Run, floors: Json, suites: Iterable[str]) -> list[Broken]:
    """Return every floor that a run breaks; what was not measured counts as broken.

    Args:
        run: what was measured.
        floors: one part of the file's floors, by suite and measure.
        suites: the suites to look at.

    Raises:
        DataError: one of `suites` has no floor.
    """
    found: list[Broken] = []
    for suite in suites:
        if suite not in floors:
            raise DataError(f"no floor for {suite!r}; there are floors for {sorted(floors)}")
        for measure, entry in floors[suite].items():
            value = measured(run, suite, measure)
            if value is None or not _holds(measure, value, entry["floor"]):
                found.append(Broken(suite, measure, entry["floor"], value))
    return found


def measured(run: Run, suite: str, measure: str) -> float | None:
    """Return a measured value, None where there is none."""
    if suite not in run.suites:
        return None
    found = run.suites[suite].numbers["measures"].get(measure)
    return None if found is None else float(found["value"])


def _holds(measure: str, value: float, floor: float) -> bool:
    """Tell whether a value is on the good side of its floor (a ceiling, for errors and flips)."""
    return value <= floor + 1e-9 if _is_ceiling(measure) else value >= floor - 1e-9


def _is_ceiling(measure: str) -> bool:
    return measure == "ece" or measure.startswith(("flip", "lost"))


def lowers(floors: Json, move: Move) -> bool:
    """Tell whether a move makes a floor easier to reach."""
    old = floors.get(move.suite, {}).get(move.measure)
    if old is None:
        return False
    return bool(
        move.value > old["floor"] if _is_ceiling(move.measure) else move.value < old["floor"]
    )


def moved(floors: Json, move: Move) -> Json:
    """Return the floors with one of them moved.

    Args:
        floors: one part of the file's floors, by suite and measure.
        move: where to.

    Raises:
        OptionError: the move lowers a floor and was not said to, or has no reason.
    """
    if not math.isfinite(move.value):
        raise OptionError(f"the floor of {move.key} must be a finite number, got {move.value}")
    old = floors.get(move.suite, {}).get(move.measure, {"floor": None, "history": []})
    history = list(old.get("history", []))
    if lowers(floors, move):
        if not move.may_lower:
            raise OptionError(
                f"{move.key} {old['floor']} -> {move.value} lowers the floor; use --lower with "
                "--reason"
            )
        if not (move.reason or "").strip():
            raise OptionError(f"lowering {move.key} takes --reason 'why'; it is kept in the file")
        history.append({"from": old["floor"], "to": move.value, "reason": move.reason})
    elif move.may_lower and old["floor"] is None:
        raise OptionError(f"{move.key} has no floor yet; use --raise")
    entry = {"floor": move.value, "history": history}
    return {**floors, move.suite: {**floors.get(move.suite, {}), move.measure: entry}}


def moves_of(run: Run, margin: float) -> list[Move]:
    """Propose floors a margin below what a run measured (above, for errors)."""
    found: list[Move] = []
    for suite in run.suites.values():
        for measure in _floored(suite):
            value = float(suite.numbers["measures"][measure]["value"])
            floor = value + margin if _is_ceiling(measure) else value - margin
            found.append(Move(suite.name, measure, round(min(1.0, max(0.0, floor)), 3)))
    return found


def _floored(suite: SuiteRun) -> list[str]:
    also = ALSO_FLOORED if suite.headline == "triple_f1" else ()
    return [name for name in (suite.headline, *also) if name in suite.numbers["measures"]]
