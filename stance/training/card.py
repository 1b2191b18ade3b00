"""Write down what a run made: numbers as JSON, the curve, the log, and a model card filled in."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.records import ModelInfo
from stance.training.curve import curve
from stance.training.measured import Measured
from stance.training.plan import FinetuneOptions, Sheet
from stance.training.run_folder import write_json
from stance.training.tuner import Outcome

_PACKAGES = ("stance-nlp", "torch", "transformers", "tokenizers", "accelerate", "peft")
_JUDGED = {
    "test": "a test part that nothing was chosen by",
    "dev": "the dev part, which also chose {}: read it as hopeful",
    "folds": "all rows, each answered by weights that had not seen it (folds)",
}


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what a run made, for the card and for whoever called it.

    `forgotten` is None where no general data was given; `tuned` is what the model's config says of
    its tuning; `run` is a digest of all that the result depends on.
    """

    sheet: Sheet
    options: FinetuneOptions
    base: ModelInfo
    digest: str
    labels: tuple[str, ...]
    outcome: Outcome
    folder: Path
    measured: Sequence[Measured] = ()
    judged_on: str = "dev"
    judged: int = 0
    forgotten: Sequence[Measured] | None = None
    tuned: dict[str, Any] | None = None
    seconds: float = 0.0
    run: str = ""

    @property
    def notes(self) -> list[str]:
        """Everything that is worth knowing before the model is trusted."""
        return [*self.sheet.notes, *self.outcome.notes]

    @property
    def judges(self) -> str:
        """What the rows are that the numbers were measured on, and what else they did."""
        heated = "heat" in (self.tuned or {})
        chosen = "the checkpoint and the temperature" if heated else "the checkpoint"
        return _JUDGED[self.judged_on].format(chosen)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, ready for JSON."""
        return {
            "task": self.sheet.task,
            "judged_on": self.judged_on,
            "judged": self.judged,
            "measures": [m.to_dict() for m in self.measured],
            "forgetting": None if self.forgotten is None else [m.to_dict() for m in self.forgotten],
            "rows": self.sheet.rows,
            "labels": self.sheet.labels,
            "schedule": self.sheet.schedule,
            "steps": self.outcome.steps,
            "best_step": self.outcome.best_step,
            "notes": self.notes,
            "tuned": self.tuned,
            "seconds": round(self.seconds, 1),
            "run": self.run,
            "signature": signature(self),
        }

    def to_text(self) -> str:
        """Return the report for a terminal."""
        lines = [self.sheet.to_text(), f"judged on {self.judged} rows: {self.judges}"]
        lines += [f"  {m}" for m in self.measured]
        lines.append(_forgetting_head(self))
        lines += [f"  {m}" for m in self.forgotten or ()]
        lines += [f"note: {note}" for note in self.outcome.notes]
        return "\n".join(lines)


def signature(report: Report) -> dict[str, Any]:
    """Return what the numbers depend on: versions, digests, seed."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "base": report.base.to_dict(),
        "data": report.digest,
        "seed": report.options.seed,
        "python": platform.python_version(),
        "versions": versions,
    }


def write_report(folder: Path, report: Report) -> None:
    """Write ``metrics.json``, ``log.jsonl``, ``curve.svg`` and the model card into a result."""
    write_json(folder / "metrics.json", report.to_dict())
    log = folder.parent / "log.jsonl"
    if log.is_file():
        (folder / "log.jsonl").write_bytes(log.read_bytes())
    title = f"{report.sheet.task} on {report.sheet.source}"
    (folder / "curve.svg").write_text(curve(report.outcome.log, title), encoding="utf-8")
    (folder / "README.md").write_text(card(report), encoding="utf-8")


def read_report(empty: Report, found: Mapping[str, Any]) -> Report:
    """Fill in a report with what ``metrics.json`` says of a finished run."""
    log = empty.folder / "log.jsonl"
    lines = log.read_text("utf-8").splitlines() if log.is_file() else []
    notes = [*found["notes"], "this run was finished before; nothing was left to do"]
    outcome = Outcome(
        found["best_step"], found["steps"], None, [json.loads(line) for line in lines], notes
    )
    forgotten = found["forgetting"]
    return replace(
        empty,
        sheet=replace(empty.sheet, notes=[]),
        outcome=outcome,
        measured=[Measured.from_dict(m) for m in found["measures"]],
        judged_on=found["judged_on"],
        judged=found["judged"],
        forgotten=None if forgotten is None else [Measured.from_dict(m) for m in forgotten],
        tuned=found["tuned"],
        seconds=found["seconds"],
        run=found["run"],
    )


def card(report: Report) -> str:
    """Write the model card: what it is, what it learned from, how good it is, what to beware of."""
    sheet = report.sheet
    parts = [
        _front(report),
        f"# {sheet.task.capitalize()}, fine-tuned from {report.base.name}\n",
        "Made by `stance finetune`. It reads articles with `stance.load`:\n",
        '```python\nimport stance\n\nmodel = stance.load("FOLDER")\nmodel.analyze(text)\n```\n',
        "## Data\n",
        _data(report),
        "## How good it is\n",
        f"Judged on {report.judged} rows: {report.judges}. Intervals are 95 %, over "
        "resampled texts.\n",
        _table(report.measured),
        "## What it may have forgotten\n",
        _forgetting_head(report) + "\n",
        _table(report.forgotten) if report.forgotten else "",
        "## Notes\n",
        "\n".join(f"- {note}" for note in report.notes) or "- none",
        "\n## Signature\n",
        _signature_table(report),
    ]
    return "\n".join(part for part in parts if part)


def _front(report: Report) -> str:
    return (
        "---\nlibrary_name: stance-nlp\npipeline_tag: text-classification\n"
        f"base_model: {report.base.name}\ntags:\n- stance-detection\n- {report.sheet.task}\n---\n"
    )


def _data(report: Report) -> str:
    sheet = report.sheet
    rows = ", ".join(f"{n} for {part}" for part, n in sheet.rows.items() if n)
    lines = [f"`{sheet.source}`: {rows} (sha256 `{report.digest[:16]}…`).\n"]
    if sheet.labels:
        labels = list(report.labels)
        lines.append("| part | " + " | ".join(labels) + " |")
        lines.append("|---" * (len(labels) + 1) + "|")
        for part, counts in sheet.labels.items():
            cells = " | ".join(str(counts.get(label, 0)) for label in labels)
            lines.append(f"| {part} | {cells} |")
        given = {k: v for k, v in report.options.labels.items() if k != v}
        if given:
            told = ", ".join(f"`{k}` → {v}" for k, v in given.items())
            lines.append(f"\nLabels were read as: {told}.")
    return "\n".join(lines) + "\n"


def _table(measured: Sequence[Measured]) -> str:
    lines = ["| measure | before | after | change |", "|---|---|---|---|"]
    for m in measured:
        change = m.change
        told = f"{change.value:+.3f} [{change.low:+.3f}, {change.high:+.3f}]" if change else "–"
        lines.append(f"| {m.name} | {m.before or '–'} | {m.after} | {told} |")
    return "\n".join(lines) + "\n"


def _forgetting_head(report: Report) -> str:
    task = report.sheet.task
    rest = "attribution, salience and whatever else it was not tuned for come from the base, kept"
    if report.forgotten:
        return f"macro-F1 on the dev parts of general {task} sets, before and after ({rest} as is):"
    why = "no general data was given (--data-dir)"
    if report.forgotten is not None:
        why = "the data folder has none of the general sets"
    return f"forgetting was not measured: {why}; {rest} as is"


def _signature_table(report: Report) -> str:
    found = signature(report)
    rows = [("base", f"{report.base.name} `{(report.base.digest or '-')[:16]}`")]
    rows += [("data", f"`{report.digest[:16]}`"), ("seed", str(found["seed"]))]
    rows += list(found["versions"].items())
    return "| | |\n|---|---|\n" + "\n".join(f"| {k} | {v} |" for k, v in rows) + "\n"
