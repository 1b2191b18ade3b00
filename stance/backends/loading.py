"""Load models the Transformers way: safetensors only, no code of theirs, no noise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import utils

from stance.errors import ModelFormatError, OptionError, UnsafeModelError

# Where an installed package keeps the models that came with it.
IN_PACKAGE = Path(__file__).parents[1] / "_models"


def pick_device(device: str = "auto") -> torch.device:
    """Choose where a model runs.

    Args:
        device: ``"auto"`` (a CUDA or Apple device where there is one, else the CPU), or a name
            that torch knows, such as ``"cpu"`` or ``"cuda:1"``.

    Returns:
        The device.

    Raises:
        OptionError: torch does not know the device, or has none of its kind.
    """
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        chosen = torch.device(device)
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise OptionError(
            f"device {device!r} cannot be used ({str(error).splitlines()[0]}); use 'auto' or 'cpu'"
        ) from error
    return chosen


# Typed as Any because the library leaves these functions without types.
_logging: Any = utils.logging


@contextmanager
def quiet() -> Iterator[None]:
    """Silence the model library's progress bars and advice, and put both back afterwards."""
    level, bars = _logging.get_verbosity(), _logging.is_progress_bar_enabled()
    _logging.set_verbosity_error()
    _logging.disable_progress_bar()
    try:
        yield
    finally:
        _logging.set_verbosity(level)
        if bars:
            _logging.enable_progress_bar()


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn what the model library raises over a folder into one of our errors."""
    try:
        yield
    except (OptionError, ModelFormatError, UnsafeModelError, ImportError):
        raise
    except SafetensorError as error:
        raise ModelFormatError(
            f"the weights in {folder} are cut short, or no safetensors at all ({error}); "
            f"{_remedy(folder)}"
        ) from error
    except Exception as error:
        # A damaged or foreign folder makes the library raise nearly anything.
        text = str(error).strip()
        if "trust_remote_code" in text:
            raise UnsafeModelError(
                f"{folder} needs program code of its own, which is never run; choose a model whose "
                "type is part of transformers"
            ) from error
        said = shorten(text, 200, placeholder=" …") or type(error).__name__
        raise ModelFormatError(f"{folder} cannot be loaded: {said}; {_remedy(folder)}") from error


def _remedy(folder: Path) -> str:
    """Say how to get the folder whole again."""
    if folder.parent == IN_PACKAGE:
        return "reinstall it: pip install --force-reinstall --no-deps stance-nlp"
    return "fetch or save the model again"


def load_pretrained(auto: Any, folder: Path, device: torch.device) -> Any:
    """Load a model for inference.

    Args:
        auto: the auto class of its kind, such as ``AutoModelForCausalLM``.
        folder: a folder with config.json and safetensors.
        device: where it runs.

    Returns:
        The model, in evaluation mode; on the CPU in single precision, because half precision is
        several times slower there.

    Raises:
        ModelFormatError: the folder cannot be read as a model of this kind.
        UnsafeModelError: the model needs code of its own.
    """
    with quiet(), readable(folder):
        model, report = auto.from_pretrained(
            str(folder),
            dtype=torch.float32 if device.type == "cpu" else "auto",
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
        if report["missing_keys"]:
            # The library would fill them with random numbers and go on.
            raise ModelFormatError(
                f"{folder} lacks {len(report['missing_keys'])} of the weights that a "
                f"{type(model).__name__} has, such as {min(report['missing_keys'])}; it is a model "
                "of another kind"
            )
        return model.to(device).eval()
