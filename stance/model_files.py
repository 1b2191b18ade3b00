"""Look into a model folder: which files are its weights, are they safe, what is their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from stance.errors import ModelFormatError, UnsafeModelError

_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_CHUNK = 2**20


def weight_files(path: Path) -> list[Path]:
    """Find the weights of a model.

    Args:
        path: a folder with ``config.json`` and safetensors, a folder with one GGUF file, or a
            GGUF file.

    Returns:
        The weights files, sorted by name.

    Raises:
        UnsafeModelError: there are pickles only.
        ModelFormatError: there are no weights, or parts of them are missing.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    refuse_pickles(str(path), [f.name for f in files])
    tensors = [f for f in files if f.suffix == ".safetensors"]
    gguf = [f for f in files if f.suffix == ".gguf"]
    if tensors:
        _check_folder(path, tensors)
        return tensors
    if len(gguf) == 1:
        return gguf
    if gguf:
        raise ModelFormatError(
            f"{path} has {len(gguf)} GGUF files; give the path of one, for example {gguf[0]}"
        )
    raise ModelFormatError(
        f"{path} holds no weights that this library reads; it needs config.json and "
        "*.safetensors, or one *.gguf file"
    )


def refuse_pickles(what: str, names: Iterable[str]) -> None:
    """Raise UnsafeModelError where the only weights among the file names are pickles."""
    names = sorted(names)
    if any(name.endswith((".safetensors", ".gguf")) for name in names):
        return
    pickle = next((name for name in names if name.endswith(_PICKLES)), None)
    if pickle is not None:
        raise UnsafeModelError(
            f"{what} has only pickled weights ({pickle}), and loading a pickle can run code; take "
            "a revision with .safetensors (on the hub often revision='refs/pr/N', linked under "
            "'Community'), or convert it once, where running it is safe, with "
            "AutoModel.from_pretrained(…).save_pretrained(folder)"
        )


def _check_folder(path: Path, tensors: list[Path]) -> None:
    if not path.is_dir() or not (path / "config.json").is_file():
        raise ModelFormatError(
            f"{path} has safetensors but no config.json; give the folder that holds both"
        )
    index = path / "model.safetensors.index.json"
    if index.is_file():
        missing = sorted(_parts(index) - {file.name for file in tensors})
        if missing:
            raise ModelFormatError(f"{path} lacks {missing[0]}; fetch or copy the model again")


def _parts(index: Path) -> set[str]:
    """Return the names of the files that the index of a model in several parts counts up."""
    try:
        return set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFormatError(
            f"{index} is damaged ({error}); fetch or copy the model again"
        ) from error


def digest(path: Path) -> str:
    """Return the sha256 of a model's weights.

    Args:
        path: as for `weight_files`.

    Returns:
        The sha256 of the weights file in hexadecimal; where there are several, the sha256 of
        one line ``digest  name`` each, sorted by name.
    """
    files = weight_files(path)
    if len(files) == 1:
        return sha256(files[0])
    lines = "".join(f"{sha256(file)}  {file.name}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal, read again only where the file has changed."""
    stat = path.stat()
    return _sha256(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    found = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
