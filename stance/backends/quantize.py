"""Store weights as int8 with one scale a row, and load them back as float32.

Only storage is quantized: the model computes in float32 (or as the device does), so that the price
is a rounding of each weight to 1/127 of its row's largest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from stance.backends.loading import load_pretrained, quiet, readable
from stance.backends.modeling import StanceConfig, StanceModel
from stance.errors import ModelFormatError

INT8_FILE = "model.int8.safetensors"
# Matrices smaller than this stay in half precision: they cost nothing and round worst.
MIN_ELEMENTS = 4096
_SCALE = ".scale"


def quantize(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Turn large matrices into int8 and a scale per row, all else into float16."""
    packed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if tensor.is_floating_point() and tensor.ndim == 2 and tensor.numel() >= MIN_ELEMENTS:
            scale = tensor.float().abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
            packed[name] = (tensor.float() / scale).round().to(torch.int8)
            packed[name + _SCALE] = scale
        else:
            packed[name] = tensor.half() if tensor.is_floating_point() else tensor
    return packed


def dequantize(packed: dict[str, Tensor]) -> dict[str, Tensor]:
    """Undo `quantize`, in float32."""
    state: dict[str, Tensor] = {}
    for name, tensor in packed.items():
        if name.endswith(_SCALE):
            continue
        scale = packed.get(name + _SCALE)
        if scale is not None:
            state[name] = tensor.float() * scale
        else:
            state[name] = tensor.float() if tensor.is_floating_point() else tensor
    return state


def save_int8(model: StanceModel, folder: Path) -> None:
    """Write the config and the int8 weights of a model to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(folder)
    packed = {k: v.contiguous() for k, v in quantize(model.state_dict()).items()}
    # Whoever loads or packages the folder meanwhile gets the old weights or the new ones, whole.
    part = folder / f"{INT8_FILE}.part"
    save_file(packed, part, metadata={"format": "pt"})
    # The writer keeps its file to one user; a model is for whoever may read the folder.
    part.chmod((folder / "config.json").stat().st_mode & 0o777)
    part.replace(folder / INT8_FILE)


def load_model(folder: Path) -> StanceModel:
    """Load a `StanceModel` from a folder, int8 or plain.

    Args:
        folder: has ``config.json`` and ``model.int8.safetensors`` or ``model.safetensors``.

    Returns:
        The model in float32, on the CPU.

    Raises:
        ModelFormatError: the folder holds another kind of model, or its files are damaged.
    """
    with quiet(), readable(folder):
        config = _config(folder)
        if (folder / INT8_FILE).is_file():
            return _load_int8(folder, config)
    model: StanceModel = load_pretrained(StanceModel, folder, torch.device("cpu"))
    return model


def _load_int8(folder: Path, config: StanceConfig) -> StanceModel:
    with torch.device("meta"):
        model = StanceModel(config)
    state = dequantize(load_file(folder / INT8_FILE))
    lost = sorted(set(model.state_dict()) ^ set(state))
    if lost:
        raise ModelFormatError(
            f"{folder / INT8_FILE} and its config.json do not belong together: {lost[0]!r} and "
            f"{len(lost) - 1} more weights are in one of them only; fetch the model again"
        )
    model.load_state_dict(state, assign=True)
    _fill_buffers(model)
    return model


def _config(folder: Path) -> StanceConfig:
    path = folder / "config.json"
    known: Any = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if not isinstance(known, dict):
        raise ModelFormatError(f"{path} is no config: it holds a {type(known).__name__}")
    if known.get("model_type") != StanceConfig.model_type:
        raise ModelFormatError(
            f"{folder} holds {known.get('model_type', 'no')!r} config, not a stance model; "
            "give a folder that the recipe in models/ wrote"
        )
    config: StanceConfig = StanceConfig.from_pretrained(str(folder))
    return config


def _fill_buffers(model: StanceModel) -> None:
    """Make the buffers that are in no file (BERT's position and type ids)."""
    for module in model.modules():
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.is_meta:
                zeros = torch.zeros(buffer.shape, dtype=buffer.dtype)
                if "position" in name:
                    zeros = torch.arange(buffer.shape[-1]).expand(buffer.shape).clone()
                module.register_buffer(name, zeros, persistent=False)
