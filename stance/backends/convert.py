"""Convert GGUF weights once to safetensors, which load in a second instead of twenty."""

from __future__ import annotations

import importlib.util
import io
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from stance.backends.loading import quiet, readable
from stance.errors import MissingExtraError
from stance.progress import progress
from stance.settings import home
from stance.weights import Weights, install

# To be raised when what is written changes, so that old conversions are made anew.
_FORMAT = 1
_HALF_MAX = torch.finfo(torch.float16).max


def converted(weights: Weights) -> Path:
    """Return a folder of safetensors for any weights.

    Args:
        weights: as `stance.weights.resolve` gave them.

    Returns:
        Their own folder, or the one in the cache that their GGUF file was converted into, now or
        earlier; it is keyed by the digest of that file.

    Raises:
        ModelFormatError: the GGUF file cannot be read.
        MissingExtraError: the packages that read GGUF are not installed.
        DownloadError: the cache cannot be written.
    """
    if weights.file is None:
        return weights.folder
    target = home() / "converted" / f"{weights.digest[:24]}-{_FORMAT}"
    if target.is_dir():
        return target
    folder, file = weights.folder, weights.file
    with progress(f"converting {weights.name}, once", None):
        return install(target, lambda into: _convert(folder, file, into))


def _convert(folder: Path, file: str, into: Path) -> None:
    for package in ("gguf", "accelerate"):
        if importlib.util.find_spec(package) is None:
            raise MissingExtraError(f"{package} is not installed; run: pip install {package}")
    # The library draws a bar of its own for this, and no setting of its turns that off.
    with quiet(), redirect_stderr(io.StringIO()):
        model, tokenizer = _read_gguf(folder, file)
        # The weights are dequantized by now, but the model still says that they are not, and would
        # refuse to be saved.
        model.hf_quantizer = None
        del model.config.quantization_config
        model.to(_storage_dtype(model)).save_pretrained(into)
        tokenizer.save_pretrained(into)


def _read_gguf(folder: Path, file: str) -> tuple[Any, Any]:
    options = {"gguf_file": file, "trust_remote_code": False, "local_files_only": True}
    with readable(folder / file):
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **options)
        model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32, **options)
    return model, tokenizer


def _storage_dtype(model: Any) -> torch.dtype:
    """Choose half precision, the kind whose range holds every weight."""
    largest = max(float(p.detach().abs().max()) for p in model.parameters())
    return torch.float16 if largest < _HALF_MAX else torch.bfloat16
