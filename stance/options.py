"""Hold how an article is analyzed."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from stance.detect import Thresholds
from stance.errors import OptionError
from stance.length import parse_length

__all__ = ["OnError", "Options", "SummaryMethod"]

SummaryMethod = Literal["auto", "extract", "abstract"]
OnError = Literal["raise", "skip", "record"]


@dataclass(frozen=True, slots=True)
class Options:
    """Hold how an article is analyzed.

    `summary` is None (none), ``extract``, ``abstract`` or ``auto``; `length` a number of sentences,
    ``"60w"`` or ``"10%"``; `max_targets` bounds discovered targets; `max_chars` the text, which
    `on_long` refuses, or cuts after the last sentence that fits (the first is always read);
    `thresholds` are the cut-offs of detection; `explain` keeps with each stance the trail that led
    to it.
    """

    summary: SummaryMethod | None = "auto"
    length: int | str = 3
    max_targets: int = 8
    max_chars: int | None = None
    on_long: Literal["truncate", "error"] = "truncate"
    thresholds: Thresholds = field(default_factory=Thresholds)
    explain: bool = False

    @classmethod
    def of(cls, **given: Any) -> Options:
        """Check keywords and gather them.

        Raises:
            OptionError: an unknown keyword or a value out of range.
        """
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise OptionError(f"unknown option {unknown[0]!r}; known: {sorted(known)}")
        options = cls(**given)
        if options.summary not in (None, "auto", "extract", "abstract"):
            raise OptionError(
                f"summary={options.summary!r}; use 'auto', 'extract', 'abstract' or None"
            )
        parse_length(options.length)
        if not _whole(options.max_targets, 0):
            raise OptionError(f"max_targets={options.max_targets!r}; use a whole number, 0 or more")
        if options.max_chars is not None and not _whole(options.max_chars, 1):
            raise OptionError(f"max_chars={options.max_chars!r}; use a positive number or None")
        if options.on_long not in ("truncate", "error"):
            raise OptionError(f"on_long={options.on_long!r}; use 'truncate' or 'error'")
        if not isinstance(options.thresholds, Thresholds):
            raise OptionError(f"thresholds={options.thresholds!r}; use stance.detect.Thresholds()")
        if not isinstance(options.explain, bool):
            raise OptionError(f"explain={options.explain!r}; use True or False")
        return options


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
