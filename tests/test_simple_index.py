from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from wheelhouse import serving

from stance.errors import DownloadError, OfflineError
from stance.simple_index import download, index_urls

WHEEL = "tiny_model-1.0-py3-none-any.whl"
VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "UV_INDEX", "UV_EXTRA_INDEX_URL", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def html(*links: str) -> tuple[int, dict[str, str], bytes]:
    page = "<!DOCTYPE html>" + "".join(f'<a href="{link}">x</a><br>' for link in links)
    return 200, {"Content-Type": "text/html"}, page.encode()


def listing(*files: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    kind = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    return 200, kind, json.dumps({"meta": {"api-version": "1.0"}, "files": files}).encode()


@pytest.mark.parametrize(
    "page",
    [
        html(
            "tiny_model-0.9-py3-none-any.whl", "tiny-model-1.0.tar.gz", f"../../f/{WHEEL}#sha256=0"
        ),
        listing(
            {"filename": "tiny-model-1.0.zip", "url": "/no"},
            {"filename": WHEEL, "url": f"/f/{WHEEL}"},
        ),
    ],
    ids=["html", "json"],
)
def test_both_kinds_of_page_lead_to_the_wheel(
    page: tuple[int, dict[str, str], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(**{"/simple/tiny-model/": page, f"/f/{WHEEL}": (200, {}, b"bytes")}) as (base, _):
        monkeypatch.setenv("PIP_INDEX_URL", f"{base}/simple/")
        counts: list[int] = []
        path = download("Tiny_Model", "1.0", tmp_path, report=counts.append)
    assert path == tmp_path / WHEEL
    assert path.read_bytes() == b"bytes"
    assert counts[-1] == 5


def test_the_login_goes_to_the_index_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        serving(**{f"/f/{WHEEL}": (200, {}, b"bytes")}) as (other, elsewhere),
        serving() as (
            base,
            index,
        ),
    ):
        index.pages["/simple/tiny-model/"] = html(f"/r/{WHEEL}")
        index.pages[f"/r/{WHEEL}"] = (302, {"Location": f"{other}/f/{WHEEL}"}, b"")
        monkeypatch.setenv("PIP_INDEX_URL", base.replace("//", "//me:se%40cret@") + "/simple")
        download("tiny-model", "1.0", tmp_path)
    expected = "Basic " + base64.b64encode(b"me:se@cret").decode()
    assert [headers.get("Authorization") for _, _, headers, _ in index.seen] == [expected] * 2
    assert [headers.get("Authorization") for _, _, headers, _ in elsewhere.seen] == [None]


def test_a_second_index_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(**{"/b/tiny-model/": html(f"/f/{WHEEL}"), f"/f/{WHEEL}": (200, {}, b"x")}) as (
        base,
        handler,
    ):
        monkeypatch.setenv("PIP_INDEX_URL", f"{base}/a")
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"{base}/b")
        assert download("tiny-model", "1.0", tmp_path).read_bytes() == b"x"
    assert [path for _, path, _, _ in handler.seen] == [
        "/a/tiny-model/",
        "/b/tiny-model/",
        f"/f/{WHEEL}",
    ]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ((404, {}, b""), "404"),
        ((500, {}, b""), "500"),
        (html("other-1.0-py3-none-any.whl"), "no wheel of tiny-model 1.0"),
        ((200, {"Content-Type": "application/json"}, b"{"), "cannot be read"),
        ((200, {"Content-Type": "application/json"}, b"[]"), "cannot be read"),
    ],
)
def test_a_failing_index_is_named_without_its_login(
    page: tuple[int, dict[str, str], bytes],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(**{"/simple/tiny-model/": page}) as (base, _):
        monkeypatch.setenv("PIP_INDEX_URL", base.replace("//", "//me:secret@") + "/simple")
        with pytest.raises(DownloadError, match=said) as error:
            download("tiny-model", "1.0", tmp_path)
    assert base in str(error.value)
    assert "secret" not in str(error.value)


def test_an_index_that_is_not_there_means_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as (base, _):
        pass  # its port is closed again when we ask
    monkeypatch.setenv("PIP_INDEX_URL", f"{base}/simple")
    with pytest.raises(OfflineError, match="could not be reached"):
        download("tiny-model", "1.0", tmp_path)


def test_pips_variables_come_before_uvs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(index_urls()) == 1
    monkeypatch.setenv("UV_DEFAULT_INDEX", "corp=https://uv.example/simple")
    monkeypatch.setenv("UV_INDEX", "https://one.example two=https://two.example")
    assert index_urls() == [
        "https://uv.example/simple",
        "https://one.example",
        "https://two.example",
    ]
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")
    assert index_urls()[0] == "https://pip.example/simple"
