"""Kill tiny runs at random moments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.kills import left, main

WORDS = {"favor": "is good and safe", "against": "is bad and was sold", "neutral": "is told of"}


def write_rows(path: Path, count: int = 60) -> Path:
    labels = list(WORDS)
    rows = [
        {"text": f"report {n}: the mayor said the plan {WORDS[label]}", "target": "the plan"}
        | {"label": label}
        for n, label in enumerate(labels * (count // len(labels)))
    ]
    path.write_text(json.dumps(rows), "utf-8")
    return path


@pytest.mark.slow
def test_runs_killed_at_random_end_as_the_unbroken_one(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn = {"lr": 5e-3, "epochs": 6, "batch": 8, "patience": 99, "device": "cpu"}
    data = write_rows(tmp_path / "rows.json")
    told = ["--base", str(tiny_model), "--more", json.dumps(learn), "--kills", "2"]
    assert main([str(data), "--out", str(tmp_path / "out"), *told]) == 0
    assert "2 of 2 ended as the unbroken run" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["whole"]


def test_what_a_kill_leaves_is_told(tmp_path: Path) -> None:
    assert left(tmp_path / "m") == "nothing yet"
    checkpoints = tmp_path / ".m.run" / "checkpoints"
    checkpoints.mkdir(parents=True)
    assert left(tmp_path / "m") == "no checkpoint"
    for step in ("4", "12"):
        (checkpoints / f"checkpoint-{step}").mkdir()
    (checkpoints / "checkpoint-4" / "whole.json").write_text("{}")
    assert left(tmp_path / "m") == "checkpoints 4, 12 (half)"
    (tmp_path / ".m.run" / "result").mkdir()
    assert left(tmp_path / "m") == "checkpoints 4, 12 (half), a half result"
    (tmp_path / "m").mkdir()
    assert left(tmp_path / "m") == "its result, its run's folder not yet gone"
