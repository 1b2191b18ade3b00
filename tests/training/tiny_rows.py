"""Make rows that a tiny model can learn in a second."""

from __future__ import annotations

from typing import Any

LEARN: dict[str, Any] = {
    "lr": 5e-3,
    "epochs": 10,
    "batch": 8,
    "patience": 99,
    "device": "cpu",
    "precision": "no",
}
GOOD, BAD, DULL = "is good and safe", "is bad and was sold", "is told of"


def made(count: int = 90) -> list[dict[str, str]]:
    """Write rows in which three words tell the label."""
    rows = []
    for n in range(count):
        label, words = (("pro", GOOD), ("con", BAD), ("neutral", DULL))[n % 3]
        text = f"report {n * 7919 % 1000}: the mayor said the plan {words}"
        rows.append({"text": text, "target": "the plan", "label": label})
    return rows
