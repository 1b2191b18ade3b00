"""Run every command and every program of the tutorial, in its order, on a tiny model."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

import stance
from stance.__main__ import main

pytest.importorskip("transformers")
ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "finetune.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ARTICLES = {
    "mill": "The mill will close, the owner said. The union denied that the mill will close.",
    "dock": "Mayor Ines Vale praised the dock. Fishermen said that the dock will poison the bay.",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs" / "data").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "data" / "labels.csv", tmp_path / "docs" / "data")
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_of_the_tutorial_runs(
    folder: Path,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tune = stance.finetune
    load = stance.load

    def tiny(data: str, out: str, **options: object) -> stance.FinetuneResult:
        # The page's defaults are for a real model; the tiny one stands in for it.
        few = {"base": str(tiny_model), "epochs": 1.0, "precision": "no"}
        return tune(data, out, **{**options, **few})  # type: ignore[arg-type]

    monkeypatch.setattr(stance, "finetune", tiny)
    monkeypatch.setattr(
        stance, "load", lambda name, **more: load(name, **{**more, "generator": None})
    )
    assert len(BLOCKS) == 8
    for kind, block in BLOCKS:
        if kind == "python":
            exec(compile(block, "docs/finetune.md", "exec"), {})
            continue
        for line in block.strip().splitlines():
            words = shlex.split(line)
            assert words[0] == "stance", line
            assert main(words[1:]) == 0, (line, capsys.readouterr().err)
    said = capsys.readouterr().out
    assert "the model is in my-model; use it with --model my-model" in said
    assert "judged on 60 rows: all rows, each answered by weights that had not seen it" in said
    assert "2 tasks are in tasks.json" in said
    made = {"my-model", "few", "to-label", "tasks.json", "tasks.json.xml", "labelled", "again"}
    assert made <= {path.name for path in folder.iterdir()}


def test_the_sixty_lines_are_sixty() -> None:
    from stance.training.importers import read_labelled
    from stance.training.labelled import Reading

    assert len(read_labelled(ROOT / "docs" / "data" / "labels.csv", Reading()).rows) == 60
