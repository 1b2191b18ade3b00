from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import Tensor

from stance.backends.modeling import StanceModel
from stance.backends.quantize import (
    INT8_FILE,
    MIN_ELEMENTS,
    dequantize,
    load_model,
    quantize,
    save_int8,
)
from stance.errors import ModelFormatError

INPUTS = {
    "input_ids": torch.tensor([[2, 11, 12, 13, 3, 14, 3], [2, 15, 3, 16, 3, 0, 0]]),
    "attention_mask": torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]]),
    "second": torch.tensor([[0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 1, 0, 0, 0]]),
}
# Where the same weights lie in memory can change the last bit of a product.
ROUNDING = 1e-6


@torch.inference_mode()
def answers(model: StanceModel) -> list[Tensor]:
    """Return what every head says."""
    model.eval()
    plain = {k: v for k, v in INPUTS.items() if k != "second"}
    states = model.states(**plain)
    tags, links = model.attribution(states, INPUTS["attention_mask"])
    vectors = states[:, :3]
    return [
        model.stance(**INPUTS),
        model.nli(**INPUTS),
        tags,
        links,
        model.salience(vectors, torch.ones(2, 3)),
    ]


@given(st.integers(0, 10**6), st.floats(1e-6, 1e4), st.integers(1, 40))
def test_a_weight_moves_by_half_a_step_at_most(seed: int, size: float, rows: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    tensor = torch.randn(rows, MIN_ELEMENTS, generator=generator) * size
    tensor[0, :5] = 0.0
    packed = quantize({"w": tensor})
    assert packed["w"].dtype == torch.int8
    again = dequantize(packed)["w"]
    step = tensor.abs().amax(1, keepdim=True) / 127
    assert bool(((tensor - again).abs() <= 0.5001 * step + 1e-12).all())
    assert bool((again[0, :5] == 0).all())


def test_what_is_small_or_whole_is_not_rounded_to_steps() -> None:
    state = {
        "bias": torch.tensor([0.5, -1.25]),
        "small": torch.full((8, 8), 0.25),
        "cube": torch.ones(16, 16, 32),
        "ids": torch.arange(9000).reshape(90, 100),
        "zero": torch.zeros(64, 128),
    }
    again = dequantize(quantize(state))
    assert set(again) == set(state)
    assert all(torch.equal(again[name], state[name]) for name in state)
    assert again["bias"].dtype == torch.float32
    assert again["ids"].dtype == torch.int64


def test_a_plain_folder_gives_the_same_answers_as_the_model(tiny_model: Path) -> None:
    model = load_model(tiny_model)
    again = StanceModel.from_pretrained(tiny_model, dtype=torch.float32)
    assert all(p.dtype == torch.float32 for p in model.parameters())
    for ours, theirs in zip(answers(model), answers(again), strict=True):
        assert torch.allclose(ours, theirs, atol=ROUNDING)


def test_an_int8_folder_gives_the_answers_of_the_rounded_model(
    tiny_model: Path, tmp_path: Path
) -> None:
    model = load_model(tiny_model)
    model.config.calibration = {"temperature": {"stance": {"plain": 1.5}}}
    save_int8(model, tmp_path / "int8")
    loaded = load_model(tmp_path / "int8")
    assert loaded.config.calibration == {"temperature": {"stance": {"plain": 1.5}}}
    assert not any(t.is_meta for t in (*loaded.parameters(), *loaded.buffers()))
    exact = answers(model)
    model.load_state_dict(dequantize(quantize(model.state_dict())))
    for name, weight in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], weight), name
    for ours, rounded, before in zip(answers(loaded), answers(model), exact, strict=True):
        assert torch.allclose(ours, rounded, atol=ROUNDING)
        assert torch.allclose(ours, before, atol=0.05)


def test_int8_takes_less_room(tiny_model: Path, tmp_path: Path) -> None:
    save_int8(load_model(tiny_model), tmp_path)
    plain = (tiny_model / "model.safetensors").stat().st_size
    assert (tmp_path / INT8_FILE).stat().st_size < 0.6 * plain


def test_weights_are_as_readable_as_their_config(tiny_model: Path, tmp_path: Path) -> None:
    save_int8(load_model(tiny_model), tmp_path)
    modes = {(tmp_path / name).stat().st_mode for name in (INT8_FILE, "config.json")}
    assert len(modes) == 1


def test_another_kind_of_model_is_refused(tiny_trunk: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFormatError, match="bert"):
        load_model(tiny_trunk)
    with pytest.raises(ModelFormatError, match="no"):
        load_model(tmp_path)


def test_weights_that_lack_a_part_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    save_int8(load_model(tiny_model), tmp_path)
    weights = load_file(tmp_path / INT8_FILE)
    lost = weights.pop("nli_head.out.bias")
    save_file(weights, tmp_path / INT8_FILE)
    with pytest.raises(ModelFormatError, match=r"nli_head\.out\.bias"):
        load_model(tmp_path)
    save_file({**weights, "nli_head.out.bias": lost, "extra": lost.clone()}, tmp_path / INT8_FILE)
    with pytest.raises(ModelFormatError, match="extra"):
        load_model(tmp_path)


def test_the_config_keeps_no_path_of_the_machine(tiny_model: Path, tmp_path: Path) -> None:
    save_int8(load_model(tiny_model), tmp_path)
    for folder in (tiny_model, tmp_path):
        config = json.loads((folder / "config.json").read_text("utf-8"))
        assert "_name_or_path" not in config["trunk"]
        assert str(tiny_model.parent) not in json.dumps(config)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:4],
        lambda whole: whole[:600],
        lambda whole: whole[:-1],
        lambda whole: whole + b"more",
        lambda whole: b"<html>not found</html>" * 99,
        lambda whole: b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n",
    ],
    ids=["empty", "stub", "header", "last byte", "longer", "a page", "a pointer"],
)
@pytest.mark.parametrize("file", [INT8_FILE, "model.safetensors"])
def test_damaged_weights_are_told_with_the_remedy(
    damage: Callable[[bytes], bytes],
    file: str,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "mini"
    if file == INT8_FILE:
        save_int8(load_model(tiny_model), folder)
    else:
        shutil.copytree(tiny_model, folder)
    (folder / file).write_bytes(damage((folder / file).read_bytes()))
    with pytest.raises(ModelFormatError, match=r"mini are cut short.*; fetch or save"):
        load_model(folder)
    monkeypatch.setattr("stance.backends.loading.IN_PACKAGE", tmp_path)
    with pytest.raises(ModelFormatError, match=r"reinstall it: pip install .*stance-nlp"):
        load_model(folder)


@pytest.mark.parametrize("config", ["", "[]", '{"model_type": "stance", "trunk": 3}', "\0"])
def test_a_damaged_config_is_told(config: str, tiny_model: Path, tmp_path: Path) -> None:
    save_int8(load_model(tiny_model), tmp_path)
    (tmp_path / "config.json").write_text(config, "utf-8")
    with pytest.raises(ModelFormatError, match=str(tmp_path.name)):
        load_model(tmp_path)


def test_weights_of_another_shape_are_told(tiny_model: Path, tmp_path: Path) -> None:
    save_int8(load_model(tiny_model), tmp_path)
    weights = load_file(tmp_path / INT8_FILE)
    weights["nli_head.out.bias"] = weights["nli_head.out.bias"][:-1].clone()
    save_file(weights, tmp_path / INT8_FILE)
    with pytest.raises(ModelFormatError, match=r"nli_head\.out\.bias"):
        load_model(tmp_path)


def test_a_plain_folder_that_lacks_a_part_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_model, tmp_path / "model")
    file = tmp_path / "model/model.safetensors"
    weights = load_file(file)
    del weights["nli_head.out.bias"]
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(ModelFormatError, match=r"nli_head\.out\.bias"):
        load_model(tmp_path / "model")


def test_a_stop_while_saving_leaves_the_old_weights_whole(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(tiny_model)
    save_int8(model, tmp_path)
    before = (tmp_path / INT8_FILE).read_bytes()

    def stopped(packed: object, path: Path, **_: object) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.backends.quantize.save_file", stopped)
    with pytest.raises(KeyboardInterrupt):
        save_int8(model, tmp_path)
    assert (tmp_path / INT8_FILE).read_bytes() == before
