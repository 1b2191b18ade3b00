"""Put the report together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.report.answers import answers
from eval.report.numbers import (
    anchor,
    diagrams,
    group_table,
    leaderboard,
    measure_table,
    signatures,
    suite_names,
)
from eval.report.style import CSS
from eval.runfiles import Run, distinct
from stance.errors import OptionError
from stance.markup import Html, tag

# The page may load nothing and run nothing, whatever a sample's text tries to be.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_report(runs: Sequence[Run], out: str | Path, *, samples: int = 60) -> Path:
    """Write runs as one self-contained HTML page.

    Args:
        runs: what `read_run` returned.
        out: the file to write.
        samples: how many answers to show per suite and run.

    Returns:
        The path of the file.

    Raises:
        OptionError: there is no run.
    """
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_report(runs, samples=samples), encoding="utf-8")
    return path


def render_report(runs: Sequence[Run], *, samples: int = 60) -> str:
    """Return the page; everything that comes from data or models is escaped."""
    if not runs:
        raise OptionError("a report needs at least one run folder")
    runs = distinct(runs)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "stance: evaluation"),
        Html(f"<style>{CSS}</style>"),
    )
    body = tag(
        "body",
        tag("h1", "Evaluation"),
        tag("p", _READING, class_="soft"),
        leaderboard(runs),
        tag("h3", "Runs"),
        signatures(runs),
        *(_suite(name, runs, samples) for name in suite_names(runs)),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


_READING = (
    "Each number stands with its 95 % bootstrap interval over articles; the upright ticks are "
    "numbers that others published for the same test. Every answer can be read below, "
    "the wrong ones first."
)


def _suite(name: str, runs: Sequence[Run], samples: int) -> Html:
    """Write one suite: measures, parts, diagrams, and the answers of each run."""
    having = [run for run in runs if name in run.suites]
    shown = [
        tag(
            "details",
            tag("summary", f"answers of {run.system}"),
            answers(run.suites[name], samples),
            open="" if i == 0 else None,
        )
        for i, run in enumerate(having)
    ]
    first = having[0].suites[name].numbers
    facts = f"{first['n']} of {first['items']} items in {first['clusters']} clusters"
    crashed = [
        f"{r.system} crashed on {n}" for r in having if (n := r.suites[name].numbers["errors"])
    ]
    return tag(
        "section",
        tag("h2", name, id=anchor(name)),
        tag("p", "; ".join([facts, *crashed]), class_="soft"),
        tag(
            "div",
            measure_table(name, having),
            tag("div", *(diagrams(run.suites[name], run.system) for run in having)),
            class_="row",
        ),
        group_table(name, having),
        *shown,
    )
