"""Fold a LoRA adapter (Hu et al. 2021) into the model that it was trained for.

An adapter is one safetensors file with PEFT's names for its matrices, so that other programs read
it too; rank and alpha stand in the file's own header.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from stance.errors import ChecksumError, ModelFormatError
from stance.model_files import sha256
from stance.registry import Entry
from stance.weights import bundled

# What an adapter's file is called, beside its card in ``models/<name>/``.
ADAPTER = "adapter.safetensors"

_PREFIX = "base_model.model."
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"


def save_adapter(tensors: Mapping[str, Tensor], path: Path, *, rank: int, alpha: int) -> None:
    """Write an adapter in half precision.

    Args:
        tensors: its matrices, under PEFT's names.
        path: the file.
        rank: the inner size of its matrices.
        alpha: their product is scaled by alpha / rank.
    """
    halves = {name: tensor.detach().cpu().half().contiguous() for name, tensor in tensors.items()}
    header = {"format": "pt", "r": str(rank), "lora_alpha": str(alpha)}
    save_file(halves, str(path), metadata=header)
    path.chmod(0o644)  # the writer keeps files to one user


def adapter_of(entry: Entry | None) -> Path | None:
    """Find what was trained on top of a model and comes with the package.

    Args:
        entry: the model's entry, None for one that has no name of its own.

    Returns:
        The adapter's file, None where there is none.

    Raises:
        ChecksumError: the file is missing, or not the pinned one.
    """
    if entry is None or entry.adapter is None:
        return None
    path = bundled(entry.name) / ADAPTER
    found = sha256(path) if path.is_file() else "no file"
    if found != entry.adapter:
        raise ChecksumError(
            f"{path} should have sha256 {entry.adapter} but has {found}; reinstall stance-nlp"
        )
    return path


def merge_adapter(model: Any, path: Path) -> None:
    """Add an adapter to a model's weights, which then cost no more than before.

    Args:
        model: a causal model, of the kind that the adapter was trained on.
        path: what `save_adapter` wrote.

    Raises:
        ModelFormatError: the file is no adapter, or one for another model.
    """
    tensors, scale = _read(path)
    modules = dict(model.named_modules())
    with torch.no_grad():
        for name in [name for name in tensors if name.endswith(_DOWN)]:
            stem = name.removesuffix(_DOWN)
            module = modules.get(stem.removeprefix(_PREFIX))
            down, up = tensors[name].float(), tensors.get(stem + _UP)
            weight = getattr(module, "weight", None)
            if weight is None or up is None or weight.shape != (up.shape[0], down.shape[1]):
                raise ModelFormatError(
                    f"{path} does not fit the model: {stem!r} is not in it, or has another size; "
                    "use the adapter with the model that it was trained on"
                )
            change = scale * (up.float() @ down)
            weight += change.to(device=weight.device, dtype=weight.dtype)


def _read(path: Path) -> tuple[dict[str, Tensor], float]:
    """Return an adapter's matrices and the factor of their products."""
    try:
        with safe_open(str(path), framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        scale = float(header["lora_alpha"]) / float(header["r"])
    except Exception as error:  # the reader has errors of its own for each way to be damaged
        raise ModelFormatError(
            f"{path} is no adapter that can be read ({type(error).__name__}: {error}); "
            "fetch or train it again"
        ) from error
    if not any(name.endswith(_DOWN) for name in tensors):
        raise ModelFormatError(f"{path} holds no LoRA matrices; it needs names that end in {_DOWN}")
    return tensors, scale
