"""Read a simple package index over HTTP (PEP 503, PEP 691), for environments without pip."""

from __future__ import annotations

import base64
import json
import os
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.response import addinfourl

from stance.errors import DownloadError, OfflineError

_DEFAULT_INDEX = "https://pypi.org/simple"
_MAIN = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
_EXTRA = ("PIP_EXTRA_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL")
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
_UNREACHED = "could not be reached"
_TIMEOUT_SECONDS = 60.0
_CHUNK = 2**18


def index_urls() -> list[str]:
    """Return the indexes that the environment names, pip's variables before uv's."""
    main = next((os.environ[v] for v in _MAIN if os.environ.get(v)), _DEFAULT_INDEX)
    extra = next((os.environ[v] for v in _EXTRA if os.environ.get(v)), "")
    # uv writes a named index as name=url.
    return [re.sub(r"^\w[\w.-]*=(?=https?:|file:)", "", url) for url in [main, *extra.split()]]


def download(
    name: str, version: str, into: Path, *, report: Callable[[int], None] = lambda done: None
) -> Path:
    """Download a wheel from the first index that has it.

    Args:
        name: the distribution.
        version: its version, exactly.
        into: the folder that gets the wheel.
        report: called with the number of bytes so far.

    Returns:
        The path of the wheel.

    Raises:
        OfflineError: no index could be reached.
        DownloadError: no index has this wheel, or one failed while giving it.
    """
    failures = []
    for index in index_urls():
        page = f"{index.rstrip('/')}/{_normal(name)}/"
        try:
            for filename, url in _files(page):
                if _is_wheel_of(filename, name, version):
                    return _save(url, into / filename, _credentials(index, url), report)
            failures.append(f"{_bare(index)} has no wheel of {name} {version}")
        except urllib.error.HTTPError as error:
            with error:
                failures.append(f"{_bare(index)} answered {error.code} {error.reason}")
        except (HTTPException, ValueError, KeyError, TypeError) as error:
            failures.append(f"{_bare(index)} gave a page that cannot be read ({error!r})")
        except OSError as error:
            failures.append(f"{_bare(index)} {_UNREACHED} ({error})")
    kind = OfflineError if all(_UNREACHED in f for f in failures) else DownloadError
    raise kind(
        f"{name} {version} cannot be fetched: {'; '.join(failures)}; set PIP_INDEX_URL to an "
        "index that has it"
    )


def _files(page: str) -> list[tuple[str, str]]:
    """Return (file name, address) for each file on a project's page."""
    with _open(page, _credentials(page, page)) as response:
        kind = response.headers.get_content_type()
        base, text = response.url, response.read().decode("utf-8", "replace")
    if kind.endswith("json"):
        return [(f["filename"], urljoin(base, f["url"])) for f in json.loads(text)["files"]]
    parser = _Links()
    parser.feed(text)
    links = [urljoin(base, href) for href in parser.links]
    return [(unquote(urlsplit(link).path.rsplit("/", 1)[-1]), link) for link in links]


class _Links(HTMLParser):
    """Collect the address of every link on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.links.append(href)


def _is_wheel_of(filename: str, name: str, version: str) -> bool:
    parts = filename.split("-")
    is_file = Path(filename).name == filename and filename.endswith(".whl")
    return is_file and len(parts) >= 5 and (_normal(parts[0]), parts[1]) == (_normal(name), version)


def _normal(name: str) -> str:
    """Normalize a distribution's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _save(url: str, path: Path, login: str | None, report: Callable[[int], None]) -> Path:
    done = 0
    with _open(url, login) as response, path.open("wb") as sink:
        while chunk := response.read(_CHUNK):
            done += sink.write(chunk)
            report(done)
    return path


@contextmanager
def _open(url: str, login: str | None) -> Iterator[addinfourl]:
    request = urllib.request.Request(_bare(url), headers={"Accept": _ACCEPT})
    if login is not None:
        # Unredirected: an index may send the file's request elsewhere, the login must stay home.
        request.add_unredirected_header("Authorization", f"Basic {login}")
    authority = os.environ.get("PIP_CERT") or os.environ.get("REQUESTS_CA_BUNDLE")
    context = ssl.create_default_context(cafile=authority or None)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS, context=context) as response:
        yield cast("addinfourl", response)


def _credentials(index: str, url: str) -> str | None:
    """Return the index's login in Basic form, if it has one and `url` is on the same host."""
    home, there = urlsplit(index), urlsplit(url)
    if home.username is None or (home.hostname, home.port) != (there.hostname, there.port):
        return None
    pair = f"{unquote(home.username)}:{unquote(home.password or '')}"
    return base64.b64encode(pair.encode()).decode("ascii")


def _bare(url: str) -> str:
    """Return the address without the login that it may carry."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
