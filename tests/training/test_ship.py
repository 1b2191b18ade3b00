from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
import torch

from stance.backends.inputs import load_tokenizer
from stance.backends.mini import MiniBackend
from stance.backends.modeling import StanceModel
from stance.records import ModelInfo
from stance.text import make_document
from stance.training.ship import main, matched, mean_model, ship


def run_of(folder: Path, trunk: Path, seed: int) -> Path:
    """Write what a run leaves: a model with heads of its own."""
    torch.manual_seed(seed)
    StanceModel.from_trunk(str(trunk)).save_pretrained(folder / "model")
    load_tokenizer(trunk).save_pretrained(folder / "model")
    return folder


@pytest.fixture(scope="module")
def runs(tiny_trunk: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [run_of(tmp_path_factory.mktemp("run"), tiny_trunk, seed) for seed in (1, 2)]


def test_of_several_runs_the_mean_ships(runs: list[Path]) -> None:
    own = [mean_model([run / "model"]).state_dict() for run in runs]
    mean = mean_model([run / "model" for run in runs]).state_dict()
    name = "stance_head.dense.weight"
    assert not torch.equal(own[0][name], own[1][name])
    assert torch.allclose(mean[name], (own[0][name] + own[1][name]) / 2)


def test_what_ships_is_calibrated_and_loads(
    runs: list[Path], data: Path, tiny_trunk: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mini"
    calibration = ship(runs[:1], out, data, base=str(tiny_trunk), support=0)
    assert set(calibration["temperature"]) >= {"stance", "nli"}
    config = json.loads((out / "config.json").read_text("utf-8"))
    assert config["calibration"] == calibration
    model = MiniBackend(out, ModelInfo("shipped"), "cpu")
    document = make_document("Ana said it rains. Bo sued the mill.")
    assert len(model.encode(document).salience) == 2


def test_the_command_takes_several_runs(
    runs: list[Path],
    data: Path,
    tiny_trunk: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [*map(str, runs), str(tmp_path / "mini"), "--base", str(tiny_trunk)]
    assert main([*arguments, "--data-dir", str(data), "--support", "0"]) == 0
    assert "temperature" in json.loads(capsys.readouterr().out)


def test_support_is_fitted_on_as_many_of_either_kind_from_each_set() -> None:
    counts = {("copied", 1): 40, ("copied", 0): 6, ("invented", 1): 4, ("invented", 0): 50}
    rows = [
        {"subset": name, "label": label, "id": i}
        for (name, label), n in counts.items()
        for i in range(n)
    ]
    chosen = matched(rows, 100, random.Random(0))
    kinds = Counter((row["subset"], row["label"]) for row in chosen)
    assert kinds == {("copied", 1): 6, ("copied", 0): 6, ("invented", 1): 4, ("invented", 0): 4}
    few = Counter(row["subset"] for row in matched(rows, 12, random.Random(0)))
    assert few == {"copied": 6, "invented": 6}
