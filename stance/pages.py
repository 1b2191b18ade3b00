"""Fetch a page, and turn HTML and Markdown into plain articles."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stance.decode import decode
from stance.errors import EmptyTextError, FetchError
from stance.records import Article

if TYPE_CHECKING:
    from email.message import Message
    from http.client import HTTPResponse

    from markdown_it.token import Token

# A news page has some hundred kilobytes; what is larger than this is no article.
MAX_BYTES = 64 * 2**20
_CHUNK = 64 * 2**10

_SAVE = "save the page in a browser and give the file"
_ADVICE = {
    401: f"the page needs a login; {_SAVE}",
    403: f"the site refuses programs; {_SAVE}",
    404: "check the address",
    410: "the page is gone; look for an archived copy",
    429: "the site asks for fewer requests; wait and try again",
    451: f"the page is withheld here; {_SAVE}",
}

# What a style keeps from a page's readers, who are not the only ones to read it.
_HIDDEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?![.\d])|font-size:0(?![.\d])"
    r"|(?:left|right|top|text-indent|margin-left):-\d{3}|clip:rect|clip-path:inset\((?:50|100)%"
    r"|(?:height:[01](?:px)?(?![.\d]).*overflow:hidden|overflow:hidden.*height:[01](?:px)?(?![.\d]))",
    re.IGNORECASE,
)
_UNSEEN = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"})
# Scripts show some pages only once they are loaded: what holds more of the words than this stays.
_MOST_HIDDEN = 0.5

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^(\w+)[ \t]*:[ \t]*(.+?)[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """Hold what a URL answered; `url` is the address after redirects."""

    data: bytes
    url: str
    content_type: str
    charset: str | None


def fetch(url: str, *, timeout: float = 20.0, max_bytes: int = MAX_BYTES) -> Page:
    """Fetch one page over http or https.

    Args:
        url: the address.
        timeout: seconds, for the whole fetch.
        max_bytes: the largest answer to accept.

    Returns:
        The page, unpacked where the server packed it.

    Raises:
        FetchError: another scheme, no answer, an HTTP error, too slow or too large.
    """
    if not re.match(r"https?://[^/]", url, re.IGNORECASE):
        raise FetchError(f"{url!r} is not an http or https address; give a file by its path")
    request = urllib.request.Request(
        quote(url, safe="%/:=&?~#+!$,;'@()*[]"), headers={"User-Agent": "stance-nlp"}
    )
    deadline = monotonic() + timeout
    try:
        with _opener().open(request, timeout=timeout) as response:
            return _read(response, url, deadline, max_bytes)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(url, error.code) from error
    except TimeoutError as error:
        raise FetchError(f"{url} did not answer in {timeout:g} s; raise the timeout") from error
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        reason = getattr(error, "reason", None) or error
        raise FetchError(
            f"{url} cannot be fetched: {reason}; check the address and the network"
        ) from (error)


def _opener() -> urllib.request.OpenerDirector:
    """Build an opener that knows http and https alone, so that no redirect leads elsewhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _read(response: HTTPResponse, url: str, deadline: float, max_bytes: int) -> Page:
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise FetchError(f"{url} is larger than {max_bytes:,} bytes; that is no article")
        if monotonic() > deadline:
            raise TimeoutError
    headers: Message = response.headers
    data = b"".join(chunks)
    if headers.get("Content-Encoding", "").lower() in ("gzip", "deflate"):
        data = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, max_bytes)
    return Page(data, response.geturl(), headers.get_content_type(), headers.get_content_charset())


def _refusal(url: str, status: int) -> FetchError:
    advice = _ADVICE.get(status) or ("try again later" if status >= 500 else _SAVE)
    return FetchError(f"{url} answered with HTTP status {status}; {advice}")


def html_article(
    data: bytes, name: str, *, url: str | None = None, charset: str | None = None
) -> Article:
    """Take the article out of an HTML page.

    Args:
        data: the page.
        name: how to call it in messages.
        url: its address, if known.
        charset: the encoding that the server announced; a ``<meta>`` tag stands in for it.

    Returns:
        The main text with its title, date, source and url; no scripts, menus or reader comments.

    Raises:
        EncodingError: the page is in no likely encoding.
        EmptyTextError: there is no article in the page.
    """
    import trafilatura

    meta = _CHARSET.search(data[:4096])
    html = decode(data, name, declared=charset or (meta[1].decode("ascii") if meta else None))
    tree = trafilatura.load_html(html)
    page = trafilatura.bare_extraction(
        html if tree is None else _shown(tree), url=url, include_comments=False, with_metadata=True
    )
    text = "" if page is None or isinstance(page, dict) else (page.text or "").strip()
    if page is None or isinstance(page, dict) or not text:
        raise EmptyTextError(
            f"no article was found in {name}; a page that scripts fill in must be saved from a "
            "browser, or its text pasted into a .txt file"
        )
    text = _without_heading(text, page.title or "")
    return Article(text, page.title, url=page.url or url, source=page.sitename, date=page.date)


def _shown(tree: Any) -> Any:
    """Leave out the elements that a page hides from its readers."""
    limit = _MOST_HIDDEN * len(tree.text_content())
    hidden = [
        element
        for element in tree.iter("*")
        if _HIDDEN.search("".join(element.get("style", "").split()))
        or "hidden" in element.attrib
        or not _UNSEEN.isdisjoint(element.get("class", "").split())
    ]
    for element in hidden:
        if element.getparent() is not None and len(element.text_content()) <= limit:
            element.drop_tree()
    return tree


def _without_heading(text: str, title: str) -> str:
    """Leave the title out of the text: it is no sentence, and must not stand in a summary."""
    first, _, rest = text.partition("\n")
    return rest.strip() if rest.strip() and first.split() == title.split() else text


def markdown_article(text: str) -> Article:
    """Take the words out of a Markdown text.

    Args:
        text: CommonMark, with or without a front matter between ``---`` lines.

    Returns:
        Paragraphs, list items and cells, one to a block, without markup. The title is the front
        matter's, or else the first level-one heading, which then leaves the text.
    """
    from markdown_it import MarkdownIt

    matter = _FRONT_MATTER.match(text)
    keys = {k.lower(): v.strip("\"'") for k, v in _KEY.findall(matter[1])} if matter else {}
    body = text[matter.end() :] if matter else text
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    title = keys.get("title")
    if title is None:
        title, tokens = _split_title(tokens)
    return Article(
        "\n\n".join(_blocks(tokens)),
        title,
        url=keys.get("url") or keys.get("link"),
        source=keys.get("source"),
        date=keys.get("date"),
    )


def _split_title(tokens: list[Token]) -> tuple[str | None, list[Token]]:
    """Take the first level-one heading out of the tokens."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return _words(tokens[at + 1]), tokens[:at] + tokens[at + 3 :]
    return None, tokens


def _blocks(tokens: list[Token]) -> Iterator[str]:
    from trafilatura import html2txt

    for token in tokens:
        if token.type == "inline":
            words = _words(token)
        elif token.type in ("fence", "code_block"):  # an indented paragraph reads as code: keep it
            words = token.content
        elif token.type == "html_block":
            words = html2txt(f"<html><body>{token.content}</body></html>")
        else:
            continue
        if words.strip():
            yield words.strip()


def _words(token: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n", "html_inline": "", "image": ""}
    return "".join(breaks.get(child.type, child.content) for child in token.children or ())
