"""Follow a run: its log, line by line, how far it is, and a judgement of the last step."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from stance.training.run_folder import is_main_process

Report = Callable[[dict[str, Any]], None]


class Watch(TrainerCallback):  # type: ignore[misc]
    """Write the log line by line, tell how far the run is, and judge dev at the last step too."""

    def __init__(self, log: Path, report: Report) -> None:
        self.path, self.report = log, report
        self.started, self.first = time.monotonic(), 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Begin to count time and steps; forget what was logged after the last checkpoint."""
        self.first, self.started = state.global_step, time.monotonic()
        if is_main_process() and self.path.is_file():
            shorten(self.path, state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ask for a judgement of the final weights."""
        if state.global_step >= state.max_steps:
            control.should_evaluate = True
            control.should_save = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """Keep and pass on one line of the log."""
        if not is_main_process() or not logs:
            return
        done = state.global_step
        pace = (time.monotonic() - self.started) / max(1, done - self.first)
        row = {"step": done, "of": state.max_steps, "epoch": round(state.epoch or 0, 3)}
        row |= {k: v for k, v in logs.items() if isinstance(v, int | float) and k != "epoch"}
        row["seconds_left"] = round((state.max_steps - done) * pace, 1)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self.report(row)


def shorten(log: Path, step: int) -> None:
    """Keep a log's lines up to a step; later ones will come again, and one may be cut in two."""
    kept = []
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if row["step"] <= step:
            kept.append(line + "\n")
    part = log.with_name(f"{log.name}.part")
    part.write_text("".join(kept), encoding="utf-8")
    part.replace(log)
