from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import stance
from stance.cli import main
from stance.errors import DownloadError, OptionError
from stance.finetune import FinetuneResult
from stance.finetune_commands import _pairs, _told

sys.path.insert(0, str(Path(__file__).parent / "training"))

from tiny_rows import made

OPTIONS = ["--device", "cpu", "--precision", "no", "--epochs", "2", "--lr", "5e-3", "--batch", "8"]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "target", "label"])
        writer.writeheader()
        writer.writerows(made())
    return path


def test_one_command_makes_a_model(
    labels: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    command = ["finetune", str(labels), "--base", str(tiny_model), "--out", str(out), *OPTIONS]
    assert main(command) == 0
    said, noise = capsys.readouterr()
    assert "stance on labels.csv, from model: train 66, dev 24, test 0" in said
    assert "macro_f1" in said
    assert f"use it with --model {out}" in said
    assert noise == ""
    assert main(["detect", "the plan is good", "--target", "the plan", "--model", str(out)]) == 0
    capsys.readouterr()
    assert main(command) == 2
    assert "exists; give another --out, or --force" in capsys.readouterr().err
    assert main([*command, "--force", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(out)


def test_a_dry_run_is_quick_and_leaves_nothing(
    labels: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    base = ["--base", str(tiny_model), "--out", str(out), "--dry-run"]
    assert main(["finetune", str(labels), *base]) == 0
    assert "epochs 10, batch 32" in capsys.readouterr().out
    assert not out.exists()
    assert main(["finetune", str(labels), *base, "--push", "mine"]) == 2
    assert "--push 'mine' must have the form OWNER/NAME" in capsys.readouterr().err
    out.mkdir()
    assert main(["finetune", str(labels), *base]) == 2
    assert "exists; give another --out, or --force" in capsys.readouterr().err


def test_bad_rows_stop_it_with_file_line_value_and_fix(
    labels: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with labels.open("a", encoding="utf-8") as file:
        file.write("text,target,agre\n")
    base = ["--base", str(tiny_model), "--out", str(tmp_path / "m"), "--dry-run"]
    assert main(["finetune", str(labels), *base]) == 2
    said = capsys.readouterr().err
    assert "labels.csv:92: label 'agre' is no stance label; did you mean 'agree'?" in said
    assert main(["finetune", str(labels), *base, "--labels", "agre=favor"]) == 0
    assert main(["finetune", str(labels), *base, "--skip-bad"]) == 0
    assert "1 bad rows were left out" in capsys.readouterr().out


def test_pairs_of_names_are_read() -> None:
    assert _pairs(["a=b,c=d", " e = f "], "--labels") == {"a": "b", "c": "d", "e": "f"}
    assert _pairs(None, "--labels") == {}
    with pytest.raises(OptionError, match="--labels 'a' is no pair; write NAME=NAME"):
        _pairs(["a"], "--labels")


def test_the_bar_tells_loss_and_the_time_left() -> None:
    row = {"loss": 0.5, "eval_macro_f1": 0.75, "seconds_left": 125.0}
    assert _told(row) == "loss 0.500, dev macro-F1 0.750, 2:05 left"


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("epoch", 3, "unknown option 'epoch'; known: .*epochs"),
        ("epochs", 0, "epochs=0 must be above 0"),
        ("lr", 2.0, "lr=2.0 must be"),
        ("batch", 0, "batch=0 must be"),
        ("task", "topic", "task='topic'; use one of stance"),
        ("precision", "int8", "precision='int8'"),
        ("split_by", "page", "split_by='page'"),
        ("replay", 2, "replay=2 must be a share"),
        ("seed", -1, "seed=-1 must be between 0 and"),
    ],
)
def test_options_are_checked_before_anything_is_read(
    option: str, value: Any, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(OptionError, match=problem):
        stance.finetune(tmp_path / "missing.csv", tmp_path / "m", **{option: value})


class Hub:
    """Stand for the hub's interface."""

    calls: list[Any] = []  # noqa: RUF012

    def __init__(self, token: str | None = None) -> None:
        self.token = token

    def create_repo(self, name: str, **options: Any) -> None:
        if name == "nobody/nothing":
            raise ConnectionError("401: who are you?\nmore")
        self.calls.append((name, options["private"], self.token))

    def upload_folder(self, **options: Any) -> str:
        self.calls.append((options["repo_id"], options["folder_path"]))
        return f"https://hub.example/{options['repo_id']}"


def test_a_model_is_pushed_to_a_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "HfApi", Hub)
    result = FinetuneResult("stance", "some/folder")
    assert result.push("me/model", token="t") == "https://hub.example/me/model"
    assert Hub.calls == [("me/model", True, "t"), ("me/model", "some/folder")]
    with pytest.raises(DownloadError, match="could not be pushed to 'nobody/nothing': 401: who"):
        result.push("nobody/nothing")


def test_results_go_through_json() -> None:
    result = FinetuneResult("stance", "m", notes=("a",), log=({"step": 1},))
    assert FinetuneResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result
