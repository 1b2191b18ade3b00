from __future__ import annotations

import gzip
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
from stance.training.ship import fit_support, main, matched, mean_model, sentence_rows, ship
from stance.verify import Features


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


def test_support_weighs_features_by_their_spread_and_in_their_known_direction(
    tiny_model: Path, tmp_path: Path
) -> None:
    text = "The council approved the bridge on Monday. Mayor Brandt praised the vote. Bo sued."
    summaries = [
        ("The council approved the bridge.", 1),
        ("Peru sold weapons to Korea.", 0),
        ("Brandt praised the vote. Bo sued.", 1),
        ("Brandt denied it. Mo sued.", 0),
    ]
    folder = tmp_path / "train"
    folder.mkdir()
    with gzip.open(folder / "summac_val.jsonl.gz", "wt", encoding="utf-8") as file:
        for summary, label in summaries:
            row = {"document": text, "summary": summary, "label": label, "subset": "a"}
            file.write(json.dumps(row) + "\n")
    model = MiniBackend(tiny_model, ModelInfo("tiny"), "cpu")
    assert sentence_rows(model, text, summaries[2][0]).shape == (2, 6)
    fitted = fit_support(model, tmp_path, 10, 0)
    assert (fitted.weights.misses, fitted.weights.new_words) == (0.0, 0.0)
    # What copies the article is faithful here, so that more new pairs of words mean less support.
    assert fitted.weights.new_pairs < 0 < fitted.weights.cosine
    plain, strange = (sentence_rows(model, text, s)[0] for s, _ in summaries[:2])
    assert fitted.support(Features(*plain)) > fitted.support(Features(*strange))
