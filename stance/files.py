"""Read articles from files, folders, URLs and standard input, one at a time."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, get_args, overload

from stance.decode import decode, mark_of, refuse_binary
from stance.errors import (
    EmptyTextError,
    FileMissingError,
    FormatError,
    InputError,
    OptionError,
)
from stance.pages import MAX_BYTES, fetch, html_article, markdown_article
from stance.records import Article, Failure
from stance.rows import Bad, csv_rows, json_items, json_lines

Kind = Literal["auto", "text", "markdown", "html", "json", "jsonl", "csv"]
OnError = Literal["raise", "skip", "record"]

_SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}
_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
}
_MANY: frozenset[Kind] = frozenset({"json", "jsonl", "csv"})

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*\{)')
_TITLE = re.compile(r"([^\r\n]{1,200})\r?\n[ \t]*\r?\n")
# Headlines ask, so a question mark does not make a first line a sentence of the body.
_SENTENCE_END = re.compile(r"[.!…][\"'”’»)\]]*\s*\Z")
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class _How:
    """Hold how to read: the caller's options, and the name of what is being read."""

    kind: Kind
    text_column: str | None
    name: str = ""
    stem: str | None = None


@overload
def read_articles(
    source: str | Path,
    *,
    kind: Kind = ...,
    text_column: str | None = ...,
    on_error: Literal["raise", "skip"] = ...,
    timeout: float = ...,
) -> Iterator[Article]: ...


@overload
def read_articles(
    source: str | Path,
    *,
    kind: Kind = ...,
    text_column: str | None = ...,
    on_error: OnError,
    timeout: float = ...,
) -> Iterator[Article | Failure]: ...


def read_articles(
    source: str | Path,
    *,
    kind: Kind = "auto",
    text_column: str | None = None,
    on_error: OnError = "raise",
    timeout: float = 20.0,
) -> Iterator[Article | Failure]:
    """Read the articles of a file, a folder, a URL or standard input.

    A text file whose first line is short, ends in no full stop and is followed by a blank line
    begins with its title: offsets then refer to the body. JSON Lines and CSV are read row by row
    and never held in memory; a row needs a text and may have title, id, url, source and date.

    Args:
        source: a path, an http(s) address, or ``"-"`` for standard input. A folder gives all files
            with a known suffix or none, its subfolders' too, sorted by name, hidden ones left out.
        kind: the format; ``"auto"`` goes by the suffix, the server's content type, or the content.
        text_column: the column with the text, where it has none of the usual names.
        on_error: ``"raise"`` stops at the first file or row that cannot be read, ``"skip"`` passes
            over it, ``"record"`` yields a `Failure` in its place.
        timeout: seconds for one URL.

    Yields:
        One article after another, its text with the line ends that it came with.

    Raises:
        InputError: with ``on_error="raise"``; the message names the file, the line and the fix.
        OptionError: `kind` or `on_error` is none of the words above.
    """
    for value, hint in ((kind, Kind), (on_error, OnError)):
        if value not in get_args(hint):
            raise OptionError(f"{value!r} is none of {', '.join(get_args(hint))}")
    for item in _items(source, _How(kind, text_column), timeout):
        if isinstance(item, Article):
            yield item
        elif on_error == "raise":
            raise item.error
        elif on_error == "record":
            yield Failure(type(item.error).__name__, str(item.error), item.place)


def holds_many(source: str | Path, kind: Kind = "auto") -> bool:
    """Tell whether `source` is of a form that holds several articles: a folder, JSON or CSV."""
    text = str(source)
    if kind == "auto":
        kind = _SUFFIXES.get(_suffix(text), "auto")
    return kind in _MANY or (text != "-" and os.path.isdir(text))  # noqa: PTH112 - takes any str


def _suffix(source: str) -> str:
    """Return the suffix of a path, or of a URL without its query."""
    path = re.split(r"[?#]", source)[0] if _URL.match(source) else source
    return Path(path).suffix.lower()


def suffix_of(path: Path) -> str:
    """Return a file's suffix, that of the packed file where it is gzipped."""
    return Path(path.stem if path.suffix.lower() == ".gz" else path.name).suffix.lower()


def read_text(source: str | Path) -> str:
    """Read one whole text as it stands, without looking for a title or for markup.

    Args:
        source: a path, or ``"-"`` for standard input.

    Returns:
        The decoded text.

    Raises:
        InputError: it is missing, empty, too large or no text.
    """
    try:
        if source == "-":
            name, data = "standard input", sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as stream:
                name, data = str(source), stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(str(source), error) from error
    _check(data, name)
    text = decode(data, name)
    if not text.strip():
        raise EmptyTextError(f"{name} is empty")
    return text


def _items(source: str | Path, how: _How, timeout: float) -> Iterator[Article | Bad]:
    if isinstance(source, str) and _URL.match(source):
        yield from _guarded(source, lambda: _url(source, how, timeout))
    elif source == "-":
        named = replace(how, name="standard input")
        yield from _guarded("-", lambda: _stream(sys.stdin.buffer, named))
    elif os.path.isdir(source):  # noqa: PTH112 - a text given by mistake may be too long for a path
        yield from _folder(Path(source), how)
    else:
        yield from _guarded(str(source), lambda: _file(Path(source), how))


def _guarded(place: str, read: Callable[[], Iterator[Article | Bad]]) -> Iterator[Article | Bad]:
    """Turn what stops a whole file into one bad item."""
    try:
        yield from read()
    except InputError as error:
        yield Bad(place, error)
    except (OSError, ValueError) as error:  # ValueError: a path with NUL in it
        yield Bad(place, _unreadable(place, error))


def _unreadable(place: str, error: OSError | ValueError) -> InputError:
    if place != "-" and not os.path.exists(place):  # noqa: PTH110 - takes any str, however long
        hint = "to give a text itself, pipe it in, and write - for the path"
        return FileMissingError(f"there is no file {_short(place)}; {hint}")
    if place == "-" and isinstance(error, ValueError):
        return InputError("standard input can be read once only; give - once")
    return InputError(
        f"{_short(place)} cannot be read: {getattr(error, 'strerror', None) or error}"
    )


def _short(place: str) -> str:
    return repr(place if len(place) <= 120 else place[:119] + "…")


def _folder(folder: Path, how: _How) -> Iterator[Article | Bad]:
    found = False
    for path in _walk(folder):
        found = True
        yield from _guarded(str(path), lambda path=path: _file(path, how))  # type: ignore[misc]
    if not found:
        known = " ".join(_SUFFIXES)
        yield Bad(str(folder), FormatError(f"there is no article in {folder}; looked for {known}"))


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            suffix = Path(name).suffix.lower()
            if not name.startswith(".") and (not suffix or suffix in _SUFFIXES):
                yield Path(root, name)


def _file(path: Path, how: _How) -> Iterator[Article | Bad]:
    kind = _SUFFIXES.get(_suffix(str(path)), "auto") if how.kind == "auto" else how.kind
    with path.open("rb") as stream:
        yield from _stream(stream, replace(how, kind=kind, name=str(path), stem=path.stem))


def _url(url: str, how: _How, timeout: float) -> Iterator[Article | Bad]:
    page = fetch(url, timeout=timeout)
    kind = how.kind
    if kind == "auto":
        kind = _TYPES.get(page.content_type) or _SUFFIXES.get(_suffix(page.url), "auto")
    refuse_binary(page.data[:_HEAD], url)
    if kind == "auto":
        kind = _sniff(page.data[:_HEAD], url)
    if kind == "html":
        yield replace(html_article(page.data, url, url=page.url, charset=page.charset), id=url)
        return
    for item in _stream(io.BytesIO(page.data), replace(how, kind=kind, name=url, stem=url)):
        yield replace(item, url=item.url or page.url) if isinstance(item, Article) else item


def _stream(stream: BinaryIO, how: _How) -> Iterator[Article | Bad]:
    """Read one opened source of whatever kind."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = buffered.peek(_HEAD)[:_HEAD]
    refuse_binary(head, how.name)
    kind = _sniff(head, how.name) if how.kind == "auto" else how.kind
    if kind in ("jsonl", "csv"):
        rows = json_lines if kind == "jsonl" else csv_rows
        yield from rows(buffered, how.name, how.text_column)
        return
    data = buffered.read(MAX_BYTES + 1)
    _check(data, how.name)
    if kind == "json":
        yield from json_items(decode(data, how.name), how.name, how.text_column)
    else:
        yield replace(_single(data, kind, how.name), id=how.stem)


def _check(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise FormatError(f"{name} has over {MAX_BYTES:,} bytes; give many articles as JSON Lines")
    refuse_binary(data, name)


def _sniff(head: bytes, name: str) -> Kind:
    """Tell a page from a text where no suffix does."""
    text = head.decode(mark_of(head) or "utf-8", errors="replace").lstrip("\ufeff")
    if _HTML.match(text):
        return "html"
    if _JSON.match(text):
        raise FormatError(f"{name} looks like JSON; name its format: --from jsonl, or kind='jsonl'")
    return "text"


def _single(data: bytes, kind: Kind, name: str) -> Article:
    if kind == "html":
        return html_article(data, name)
    text = decode(data, name)
    article = markdown_article(text) if kind == "markdown" else text_article(text)
    if not article.text.strip():
        raise EmptyTextError(f"{name} is empty")
    return article


def text_article(text: str) -> Article:
    """Split a plain text into title and body where it begins with a title.

    Args:
        text: the whole text. A first line of at most 200 characters that ends in no full stop, with
            a blank line after it, is the title.

    Returns:
        The article; with a title its text is what follows the blank line, without the line ends at
        its very end, and otherwise all that came in.
    """
    match = _TITLE.match(text)
    if match and not _SENTENCE_END.search(match[1]) and match[1].strip():
        body = text[match.end() :].rstrip("\r\n")
        if body.strip():
            return Article(body, match[1].strip())
    return Article(text)
