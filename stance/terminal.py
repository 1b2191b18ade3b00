"""Show results and progress to a person at a terminal, with rich."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from stance.markup import printable
from stance.plain import MADE, SIGNS, coverage_line, heading, percent, stance_text
from stance.records import Analysis, Stance, StanceLabel, Summary

_STYLES: dict[StanceLabel, str] = {
    "favor": "bold blue",
    "against": "bold dark_orange3",
    "neutral": "bold",
    "unclear": "magenta",
}
_QUOTE_CHARS = 240


def analysis_text(analysis: Analysis) -> str:
    """Render an analysis for the terminal that standard output is."""
    return _captured(*_parts(analysis))


def summary_text(summary: Summary) -> str:
    """Render a summary, the support of each sentence in a fainter line below it."""
    return _captured(*_sentences(summary))


def _captured(*parts: RenderableType) -> str:
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    with console.capture() as capture:
        console.print(Group(*parts))
    return capture.get()


def _say(text: str, style: str = "") -> Text:
    """Set a text that can neither style itself nor steer the terminal."""
    return Text(printable(text), style)


def _parts(analysis: Analysis) -> Iterator[RenderableType]:
    article = analysis.article
    yield _say(heading(article), "bold")
    about = dict.fromkeys(filter(None, (article.id, article.source, article.date, article.url)))
    if about:
        yield _say(" · ".join(about), "dim")
    if analysis.summary is not None:
        yield from ("", *_sentences(analysis.summary))
    yield _table(analysis) if analysis.stances else _say("\nNobody takes a stance.", "italic")
    yield from _trails(analysis)
    if analysis.coverage is not None:
        yield _say(f"Read {coverage_line(analysis)}.", "dim")
    yield from (_say(f"Note: {note}", "dim") for note in analysis.warnings)


def _trails(analysis: Analysis) -> Iterator[RenderableType]:
    for target, stances in analysis.by_target().items():
        traced = [stance for stance in stances if stance.trail is not None]
        if traced:
            yield _say(target, "bold")
        yield from (_say(stance_text(stance)) for stance in traced)


def _sentences(summary: Summary) -> Iterator[RenderableType]:
    if not summary.sentences:
        yield _say(f"  {summary.text or 'Nothing to sum up.'}")
    for sentence in summary.sentences:
        made = MADE.get(sentence.method, sentence.method)
        note = f"{percent(sentence.support)} supported; {made}"
        body = Group(_say(sentence.text), _say(note, "dim"))
        yield Padding(body, (0, 0, 0, 2), expand=False)


def _table(analysis: Analysis) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("Holder", ratio=3, min_width=10)
    table.add_column("Stance", no_wrap=True)
    table.add_column("Target", ratio=4, min_width=12)
    table.add_column("Conf.", justify="right", no_wrap=True)
    table.add_column("Quote", ratio=7, min_width=20)
    for stances in analysis.by_target().values():
        for stance in stances:
            table.add_row(*_row(stance), end_section=stance is stances[-1])
    return table


def _row(stance: Stance) -> tuple[Text, ...]:
    words = " … ".join(e.text for e in stance.evidence)
    quote = words if len(words) <= _QUOTE_CHARS else words[: _QUOTE_CHARS - 1] + "…"
    return (
        _say(stance.holder.name, "bold"),
        _say(f"{SIGNS[stance.label]} {stance.label}", _STYLES[stance.label]),
        _say(stance.target.text),
        _say(percent(stance.confidence)),
        _say(quote, "italic"),
    )


class Step(Protocol):
    """Tell that so many more are done."""

    def __call__(self, count: int = 1) -> None:
        """Move the bar."""
        ...


@contextmanager
def progress(*, shown: bool, unit: str = "articles", total: int | None = None) -> Iterator[Step]:
    """Count what is done on standard error.

    Args:
        shown: whether to show it; it is not shown either where standard error is no terminal.
        unit: what is counted.
        total: how many there are, where that is known.

    Yields:
        A function to call after each one.
    """
    if not shown or not sys.stderr.isatty():
        yield lambda count=1: None
        return
    columns = (SpinnerColumn(), TextColumn(unit), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(unit, total=total)
        yield lambda count=1: bar.advance(task, count)
