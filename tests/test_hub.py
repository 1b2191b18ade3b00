from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants, errors
from wheelhouse import Handler, serving

from stance import hub
from stance.errors import (
    DownloadError,
    ModelFormatError,
    OfflineError,
    UnknownModelError,
    UnsafeModelError,
)

COMMIT = "a" * 40
FILES = {
    "config.json": b"{}",
    "model.safetensors": b"weights",
    "modeling_evil.py": b"raise SystemExit",
    "pytorch_model.bin": b"pickle",
}


def publish(handler: type[Handler], model: str, files: dict[str, bytes]) -> None:
    """Put a model on the pretended hub."""
    siblings = [{"rfilename": name} for name in files]
    about = {"id": model, "modelId": model, "sha": COMMIT, "private": False, "siblings": siblings}
    kind = {"Content-Type": "application/json"}
    for path in ("", "/revision/main", f"/revision/{COMMIT}"):
        handler.pages[f"/api/models/{model}{path}"] = (200, kind, json.dumps(about).encode())
    tree = [
        {"type": "file", "path": n, "size": len(b), "oid": hashlib.sha1(b).hexdigest()}
        for n, b in files.items()
    ]
    handler.pages[f"/api/models/{model}/tree/{COMMIT}"] = (200, kind, json.dumps(tree).encode())
    for name, data in files.items():
        headers = {"ETag": f'"{hashlib.sha1(data).hexdigest()}"', "X-Repo-Commit": COMMIT}
        handler.pages[f"/{model}/resolve/{COMMIT}/{name}"] = (200, headers, data)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Handler]]:
    """A hub on the loopback address, with an empty cache."""
    with serving() as (base, handler):
        template = base + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "ENDPOINT", base)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
        yield handler


def test_a_snapshot_comes_without_code_and_pickles(
    server: type[Handler], capfd: pytest.CaptureFixture[str]
) -> None:
    publish(server, "o/m", FILES)
    assert hub.find_cached("o/m", None) is None
    folder = hub.fetch("o/m", None)
    assert folder.name == COMMIT
    assert {p.name for p in folder.iterdir()} == {"config.json", "model.safetensors"}
    assert not any(path.endswith((".py", ".bin")) for _, path, _, _ in server.seen)
    assert hub.find_cached("o/m", None) == hub.find_cached("o/m", COMMIT) == folder
    assert capfd.readouterr().err == ""


def test_pickles_are_refused_before_a_byte_is_fetched(server: type[Handler]) -> None:
    publish(server, "o/old", {"config.json": b"{}", "pytorch_model.bin": b"pickle"})
    with pytest.raises(UnsafeModelError, match=r"o/old.*pytorch_model\.bin"):
        hub.fetch("o/old", None)
    assert not any("/resolve/" in path for _, path, _, _ in server.seen)


def test_one_of_many_sizes_must_be_chosen(server: type[Handler]) -> None:
    publish(server, "o/gguf", {"a.Q4.gguf": b"4", "a.Q8.gguf": b"8"})
    with pytest.raises(ModelFormatError, match=r"hf download o/gguf a\.Q4\.gguf"):
        hub.fetch("o/gguf", None)
    publish(server, "o/one", {"a.Q4.gguf": b"4"})
    assert [p.name for p in hub.fetch("o/one", None).iterdir()] == ["a.Q4.gguf"]
    publish(server, "o/both", {"config.json": b"{}", "m.safetensors": b"m", "a.Q4.gguf": b"4"})
    assert {p.name for p in hub.fetch("o/both", None).iterdir()} == {"config.json", "m.safetensors"}


def test_an_unknown_model_is_unknown(server: type[Handler]) -> None:
    server.pages["/api/models/o/none"] = (404, {"X-Error-Code": "RepoNotFound"}, b"{}")
    with pytest.raises(UnknownModelError, match="'o/none' does not exist or is private"):
        hub.fetch("o/none", None)


def test_an_unknown_revision_is_named(server: type[Handler]) -> None:
    path = "/api/models/o/m/revision/v9"
    server.pages[path] = (404, {"X-Error-Code": "RevisionNotFound"}, b"{}")
    with pytest.raises(UnknownModelError, match="at revision 'v9'"):
        hub.fetch("o/m", "v9")


def test_a_gated_model_asks_for_consent(server: type[Handler]) -> None:
    server.pages["/api/models/o/gated"] = (403, {"X-Error-Code": "GatedRepo"}, b"{}")
    with pytest.raises(DownloadError, match="accept its terms"):
        hub.fetch("o/gated", None)


def test_a_failing_hub_is_not_an_unknown_model(server: type[Handler]) -> None:
    server.pages["/api/models/o/m"] = (418, {}, b"{}")
    with pytest.raises(DownloadError, match="the hub failed"):
        hub.fetch("o/m", None)


@pytest.mark.parametrize("error", [ConnectionError("no route"), errors.OfflineModeIsEnabled("no")])
def test_no_hub_means_offline(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", refuse)
    with pytest.raises(OfflineError, match="HF_ENDPOINT"):
        hub.fetch("o/m", None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("facebook/bart-large-cnn", True),
        ("o/m.v1_2", True),
        ("mini", False),
        ("./a", False),
        ("../a", False),
        ("/a/b", False),
        ("~/a", False),
        ("a/b/c", False),
        ("a/", False),
        ("", False),
    ],
)
def test_hub_ids_look_like_hub_ids(name: str, expected: bool) -> None:
    assert hub.is_hub_id(name) is expected


def test_only_a_full_commit_is_pinned() -> None:
    assert hub.is_pinned(COMMIT)
    assert not any(map(hub.is_pinned, (None, "main", "a" * 7, "a" * 41, "A" * 40)))
