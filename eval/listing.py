"""Print suites and results as plain text."""

from __future__ import annotations

from eval.base import Json
from eval.data import DataFolder
from eval.hub import HUB
from eval.suites import ENTRIES, SEEDS
from stance.metrics import Interval


def lines(data: DataFolder) -> list[str]:
    """List every suite: its kind, its headline, where its data is, what others published."""
    found = [f"{'suite':24} {'kind':13} {'headline':16} {'data':8} published"]
    for split in ("test", "fresh", "dev"):
        there = "here" if (SEEDS / "labels").is_dir() else "missing"
        found.append(f"{f'seeds:{split}':24} {'gold articles':13} {'triple_f1':16} {there:8} -")
    for entry in ENTRIES.values():
        suite, set_name = entry.make(data), entry.name.partition(":")[0]
        where = "here" if entry.is_here(data) else "hub" if set_name in HUB else "missing"
        quoted = (
            "; ".join(f"{p.system}: {p.measure} {p.value} ({p.source})" for p in suite.published)
            or "-"
        )
        found.append(f"{entry.name:24} {entry.kind:13} {suite.headline:16} {where:8} {quoted}")
    return found


def result_lines(metrics: Json) -> list[str]:
    """Say what a run found: every measure of every suite, with its interval."""
    found: list[str] = []
    for name, numbers in metrics["suites"].items():
        found.append(f"{name}  n={numbers['n']} errors={numbers['errors']}")
        for measure, value in numbers["measures"].items():
            mark = "*" if measure == numbers["headline"] else " "
            found.append(f"  {mark} {measure:28} {Interval.from_dict(value)}")
        found.append(f"    {numbers['signature']}")
    found += [f"{name}  skipped: {why}" for name, why in metrics["skipped"].items()]
    return found
