"""Kill a fine-tuning run at random moments, take it up, and compare its end with an unbroken run's.

::

    python -m eval.kills labels.csv --base mini --out runs/kills [--more '{"epochs": 2}']

Each kill is a run of its own: SIGKILL at a moment drawn from its part of the unbroken run's time,
then the same command with ``resume``. Its measures and its weights must be those of the unbroken
run, to the last bit.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kill:
    """Say what a kill found, and whether the run that was taken up ended as the unbroken one."""

    moment: float
    found: str
    same_measures: bool
    same_weights: bool
    measures: dict[str, float]


def apart(data: Any, out: Path, options: Options, moment: float | None = None) -> float:
    """Fine-tune in a process of its own, and kill it at a moment; return the seconds it had.

    Args:
        data: see `stance.finetune`.
        out: the folder of its result; an unfinished run is taken up.
        options: of `stance.finetune`.
        moment: seconds after the process began; None: it runs to its end.
    """
    started = time.monotonic()
    # Forked, with the libraries loaded: most of a short run would be their loading.
    process = multiprocessing.get_context("fork").Process(target=_run, args=(data, out, options))
    process.start()
    process.join(moment)
    process.kill()
    process.join()
    return time.monotonic() - started


def _run(data: Any, out: Path, options: Options) -> None:
    import stance

    stance.finetune(data, out, **{**options, "resume": True})


def left(out: Path) -> str:
    """Say in a few words how far the run for a folder has come."""
    folder = out.with_name(f".{out.name}.run")
    if out.exists():
        return "its result" + (", its run's folder not yet gone" if folder.exists() else "")
    if not folder.exists():
        return "nothing yet"
    found = sorted(folder.glob("checkpoints/checkpoint-*"), key=lambda p: int(p.name[11:]))
    told = [f"{p.name[11:]}{'' if (p / 'whole.json').is_file() else ' (half)'}" for p in found]
    steps = f"checkpoints {', '.join(told)}" if told else "no checkpoint"
    return steps + (", a half result" if (folder / "result").exists() else "")


def compare(data: Any, out: Path, options: Options, *, kills: int, seed: int) -> list[Kill]:
    """Run once unbroken, then once for each kill.

    Args:
        data: see `stance.finetune`.
        out: a folder for the results; each is deleted when it has been compared.
        options: of `stance.finetune`.
        kills: how many.
        seed: of the moments.

    Returns:
        What came of each kill.
    """
    rng = random.Random(seed)
    seconds = apart(data, out / "whole", options)
    measures, weights = _read(out / "whole")
    done = []
    for number in range(kills):
        # One kill in each stretch of the run: its beginning, its steps, its saving, its end.
        one = out / f"kill-{number}"
        moment = seconds * (number + rng.random()) / kills
        apart(data, one, options, moment)
        while one.exists():
            # This one was quicker and came to its end: a kill must hit a run that runs.
            shutil.rmtree(one)
            moment *= 0.9
            apart(data, one, options, moment)
        found = left(one)
        apart(data, one, options)
        again, others = _read(one)
        done.append(Kill(moment, found, again == measures, others == weights, again))
        shutil.rmtree(one)
    return done


def _read(folder: Path) -> tuple[dict[str, float], bytes]:
    numbers = json.loads((folder / "metrics.json").read_text("utf-8"))
    measures = {m["name"]: float(m["after"]["value"]) for m in numbers["measures"]}
    return measures, (folder / "model.safetensors").read_bytes()


def main(argv: Sequence[str] | None = None) -> int:
    """Kill runs from the command line; 1 where one ended otherwise than the unbroken run."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.kills",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", help="labelled rows, as for stance finetune")
    parser.add_argument("--out", required=True, type=Path, help="a new folder for the results")
    parser.add_argument("--base", default="mini")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--more", default="{}", help="more options of stance.finetune, as JSON")
    options = parser.parse_args(argv)
    from stance.training import finetune  # noqa: F401  # loaded before the first fork

    more = {"base": options.base, **json.loads(options.more)}
    done = compare(options.data, options.out, more, kills=options.kills, seed=options.seed)
    for kill in done:
        print(f"{kill.moment:7.2f} s  {kill.found}; measures the same: {kill.same_measures}, "
              f"weights the same: {kill.same_weights}; {kill.measures}")  # fmt: skip
    same = sum(kill.same_measures and kill.same_weights for kill in done)
    print(f"{same} of {len(done)} ended as the unbroken run")
    return 0 if same == len(done) else 1


if __name__ == "__main__":
    raise SystemExit(main())
