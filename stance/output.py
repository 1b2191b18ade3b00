"""Write results one by one, in the format that was asked for, to standard output or a file."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TextIO, TypeVar

from stance.errors import OptionError
from stance.records import Analysis, Failure
from stance.report import render

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

_FORMATS = {
    "": "text",
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
}
_UNSAFE = re.compile(r"[^\w.-]+")


class Writer(Protocol[T_contra]):
    """Take results as they come."""

    def add(self, result: T_contra) -> None:
        """Write one result."""
        ...

    def fail(self, failure: Failure) -> None:
        """Write a failure in its place, where the format has one."""
        ...

    def close(self) -> None:
        """Write what is left."""
        ...


@dataclass(frozen=True, slots=True)
class View(Generic[T]):
    """Tell how a result reads as data, as text and as a page."""

    data: Callable[[T], Any]
    text: Callable[[T], str]
    page: Callable[[T], str] | None = None


class Sink:
    """Hold standard output, or a file that is opened at its first word.

    A run that fails before it has a result so leaves an older file as it was.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._stream: TextIO | None = None

    @property
    def at_terminal(self) -> bool:
        """Whether a person reads along."""
        return self._path is None and sys.stdout.isatty()

    def write(self, text: str) -> None:
        """Write and flush, so that a reader of a pipe need not wait for the next article."""
        if self._stream is None:
            self._stream = sys.stdout if self._path is None else self._open(Path(self._path))
            if isinstance(self._stream, io.TextIOWrapper):
                self._stream.reconfigure(encoding="utf-8", errors="replace")
        self._stream.write(text)
        self._stream.flush()

    @staticmethod
    def _open(path: Path) -> TextIO:
        return path.open("w", encoding="utf-8", newline="\n")

    def close(self) -> None:
        """Close the file; standard output stays open."""
        if self._stream is not None and self._stream is not sys.stdout:
            self._stream.close()


def choose_format(asked: str | None, path: str | None) -> str:
    """Return the format: the one asked for, or else the one of the file's suffix, or else text.

    Raises:
        OptionError: the suffix stands for no format, and none was asked for.
    """
    suffix = Path(path or "").suffix.lower()
    if asked is None and suffix not in _FORMATS:
        known = " ".join(filter(None, _FORMATS))
        raise OptionError(
            f"--output {path}: {suffix!r} stands for no format; use one of {known}, or add --format"
        )
    return asked or _FORMATS[suffix]


def check_output(path: str | None) -> None:
    """Check that a file can be made there, before any work is done.

    Raises:
        OptionError: it is a folder, or lies in none.
    """
    if path is not None and Path(path).is_dir():
        raise OptionError(f"--output {path} is a folder; name a file in it")
    if path is not None and not Path(path).absolute().parent.is_dir():
        raise OptionError(f"--output {path}: there is no folder {Path(path).parent}; make it first")


def spare(sources: Sequence[str], path: str | None) -> None:
    """Raise OptionError where an output would overwrite what is read."""
    if path is not None and Path(path).is_file():
        for source in sources:
            if Path(source).is_file() and Path(source).samefile(path):
                raise OptionError(f"--output {path} would overwrite the article itself")


def make_writer(form: str, path: str | None, *, many: bool, view: View[Any]) -> Writer[Any]:
    """Choose a writer.

    Args:
        form: ``text``, ``json``, ``jsonl`` or ``html``.
        path: the file, None for standard output.
        many: whether several results may come; one JSON object then becomes an array, and one page
            a folder of pages.
        view: how a result reads.

    Returns:
        The writer.

    Raises:
        OptionError: several pages, and no folder to put them in; or a file that cannot be.
    """
    if form == "html" and many:
        return _Pages(path)
    check_output(path)
    sink = Sink(path)
    if form == "text":
        return _Text(sink, view)
    if form == "html":
        return _Text(sink, View(view.data, view.page or render))
    return _JsonLines(sink, view) if form == "jsonl" else _Json(sink, view, many)


def as_json(data: object, *, indent: int | None = 2) -> str:
    """Write data as JSON, in UTF-8 rather than in escapes."""
    return json.dumps(data, ensure_ascii=False, indent=indent)


class _Text:
    def __init__(self, sink: Sink, view: View[Any]) -> None:
        self._sink, self._view, self._between = sink, view, ""

    def add(self, result: Any) -> None:
        self._sink.write(self._between + self._view.text(result))
        self._between = "\n"

    def fail(self, failure: Failure) -> None:
        """Leave it to standard error."""

    def close(self) -> None:
        self._sink.close()


class _JsonLines:
    def __init__(self, sink: Sink, view: View[Any]) -> None:
        self._sink, self._view = sink, view

    def add(self, result: Any) -> None:
        self._sink.write(as_json(self._view.data(result), indent=None) + "\n")

    def fail(self, failure: Failure) -> None:
        self._sink.write(as_json(failure.to_dict(), indent=None) + "\n")

    def close(self) -> None:
        self._sink.close()


class _Json:
    """Write one object, or an array whose items are written as they come."""

    def __init__(self, sink: Sink, view: View[Any], many: bool) -> None:
        self._sink, self._view, self._many = sink, view, many
        self._before = "[\n"

    def add(self, result: Any) -> None:
        self._item(self._view.data(result))

    def fail(self, failure: Failure) -> None:
        self._item(failure.to_dict())

    def _item(self, data: object) -> None:
        self._sink.write((self._before if self._many else "") + as_json(data))
        self._before = ",\n"

    def close(self) -> None:
        if self._many:
            self._sink.write("[]\n" if self._before == "[\n" else "\n]\n")
        else:
            self._sink.write("\n")
        self._sink.close()


class _Pages:
    """Write one page per article into a folder."""

    def __init__(self, path: str | None) -> None:
        if path is None or (Path(path).exists() and not Path(path).is_dir()):
            raise OptionError(
                f"several articles make several pages, and {path or 'standard output'} is no "
                "folder; name one with --output"
            )
        self._folder, self._count = Path(path), 0

    def add(self, result: Analysis) -> None:
        self._count += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        name = _UNSAFE.sub("-", Path(result.article.id or "").name)[:60].strip("-.")
        page = self._folder / f"{self._count:04d}-{name or 'article'}.html"
        page.write_text(render(result), encoding="utf-8", newline="\n")

    def fail(self, failure: Failure) -> None:
        """Leave it to standard error."""

    def close(self) -> None:
        """Leave the folder as it is."""
