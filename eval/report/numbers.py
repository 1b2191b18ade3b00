"""Set the numbers of runs in tables: leaderboard, measures, groups, confusion, calibration."""

from __future__ import annotations

from collections.abc import Sequence

from eval.base import Json
from eval.published import published_for
from eval.report.charts import interval_bar, reliability_diagram, risk_coverage_chart
from eval.runfiles import Run, SuiteRun
from stance.markup import Html, join, tag


def anchor(suite: str) -> str:
    """Return the id of a suite's section."""
    return "suite-" + "".join(c if c.isalnum() else "-" for c in suite)


def suite_names(runs: Sequence[Run]) -> list[str]:
    """Return every suite that some run has, in order of first appearance."""
    return list(dict.fromkeys(name for run in runs for name in run.suites))


def leaderboard(runs: Sequence[Run]) -> Html:
    """Set suites against runs, each by its headline measure, with what others published."""
    rows = [row for name in suite_names(runs) for row in _board_rows(name, runs)]
    head = tag(
        "tr",
        tag("th", "suite"),
        tag("th", "measure"),
        *(tag("th", run.system) for run in runs),
        tag("th", "published", class_="published"),
    )
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="scroll")


def _board_rows(name: str, runs: Sequence[Run]) -> list[Html]:
    """Set one suite's headline, and under it what else has to be seen at once."""
    suites = [run.suites.get(name) for run in runs]
    first = next(s for s in suites if s)
    measured = {m for s in suites if s for m in s.numbers["measures"]}
    published = [p.measure for p in published_for(name)]
    also = ALSO_ON_BOARD if first.headline == "triple_f1" else ()
    wanted = [m for m in dict.fromkeys((first.headline, *published, *also)) if m in measured]
    link = tag("a", name, href=f"#{anchor(name)}")
    title = tag("th", link, tag("small", f" {first.numbers['n']} items"))
    return [
        _board_row(title if i == 0 else tag("th"), measure, suites)
        for i, measure in enumerate(wanted)
    ]


# What the headline of a gold folder leaves out.
ALSO_ON_BOARD = ("label_macro_f1", "evidence_f1", "holder_f1", "open_triple_f1", "rouge1")


def _board_row(title: Html, measure: str, suites: Sequence[SuiteRun | None]) -> Html:
    name = next(s.name for s in suites if s)
    quoted = [p for p in published_for(name) if p.measure == measure]
    others = [tag("div", f"{p.value:.3f} {p.system}", tag("small", f" {p.source}")) for p in quoted]
    cells = _cells(measure, suites, [p.value for p in quoted])
    return tag("tr", title, tag("td", measure), *cells, tag("td", *others, class_="soft"))


def _cells(
    measure: str, suites: Sequence[SuiteRun | None], marks: Sequence[float] = ()
) -> list[Html]:
    """Set one measure of several runs in cells; the best one is marked."""
    values = [s.numbers["measures"].get(measure) if s else None for s in suites]
    known = [v["value"] for v in values if v]
    low_wins = any(m.lower_is_better for s in suites if s for m in s.measures if m.name == measure)
    best = (min if low_wins else max)(known) if len(known) > 1 else None
    return [_cell(v, best, marks) for v in values]


def _cell(value: Json | None, best: float | None, marks: Sequence[float]) -> Html:
    if value is None:
        return tag("td", "–", class_="number soft")
    low, high = value["low"], value["high"]
    bar = interval_bar(value["value"], low, high, marks)
    won = best is not None and value["value"] == best
    return tag(
        "td",
        tag("b", f"{value['value']:.3f}"),
        tag("small", f" {low:.3f}–{high:.3f}"),
        bar,
        class_="number best" if won else "number",
    )


def measure_table(name: str, runs: Sequence[Run]) -> Html:
    """Set all measures of one suite against runs."""
    suites = [run.suites.get(name) for run in runs]
    measures = dict.fromkeys(m for s in suites if s for m in s.numbers["measures"])
    rows = [tag("tr", tag("th", m), *_cells(m, suites)) for m in measures]
    head = tag("tr", tag("th", "measure"), *(tag("th", run.system) for run in runs))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="scroll")


def group_table(name: str, runs: Sequence[Run]) -> Html | None:
    """Set the parts of one suite (phenomena, targets, subsets) in a table, the weakest first.

    One run shows every measure that there is of its parts; several are set side by side by the
    suite's headline.
    """
    having = [run for run in runs if _part_measures(run.suites[name])]
    if not having:
        return None
    columns = [(run.system, run.suites[name], run.suites[name].headline) for run in having]
    if len(having) == 1:
        only = having[0].suites[name]
        columns = [(measure, only, measure) for measure in _part_measures(only)]
    first, measure = columns[0][1], columns[0][2]
    parts = sorted(first.numbers["groups"].items(), key=lambda part: _by_kind(part, measure))
    rows = [_part_row(part, numbers["n"], columns) for part, numbers in parts]
    head = tag("tr", tag("th", "part"), tag("th", "n"), *(tag("th", c[0]) for c in columns))
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    title = tag("summary", f"{len(rows)} parts, each kind's weakest first")
    return tag("details", title, tag("div", table, class_="scroll"), open="")


def _part_measures(suite: SuiteRun) -> list[str]:
    """Return what is measured of a suite's parts, its headline first."""
    groups = suite.numbers["groups"].values()
    found = dict.fromkeys(m for g in groups for m in g["measures"])
    return sorted(found, key=lambda m: m != suite.headline)


def _by_kind(part: tuple[str, Json], measure: str) -> tuple[str, float]:
    value = part[1]["measures"].get(measure)
    return part[0].partition("=")[0], value["value"] if value else 2.0


def _part_row(part: str, count: int, columns: Sequence[tuple[str, SuiteRun, str]]) -> Html:
    found = [(suite.numbers["groups"].get(part), measure) for _, suite, measure in columns]
    cells = [_cell(g["measures"].get(m) if g else None, None, ()) for g, m in found]
    return tag("tr", tag("th", part), tag("td", str(count), class_="number"), *cells)


def diagrams(suite: SuiteRun, system: str) -> Html | None:
    """Draw the confusion table, the calibration and the risk-coverage curve of one run."""
    numbers = suite.numbers
    if "confusion" not in numbers or not any(map(any, numbers["confusion"])):
        return None
    parts = [_figure("gold in rows, answers in columns", confusion_table(suite))]
    if any(row[0] for row in numbers["reliability"]):
        chart = reliability_diagram(numbers["reliability"], f"calibration of {system}")
        parts.append(_figure("calibration; red is the gap, dark how many", chart))
    if numbers.get("risk_coverage"):
        chart = risk_coverage_chart(numbers["risk_coverage"], f"risk and coverage of {system}")
        parts.append(_figure("wrong among the most confident", chart))
    return tag("div", tag("h3", system), tag("div", *parts, class_="row"))


def _figure(caption: str, content: Html) -> Html:
    return tag("figure", tag("figcaption", caption), content)


def confusion_table(suite: SuiteRun) -> Html:
    """Set the confusion counts in a table shaded by the share of each gold row."""
    labels, table = [*suite.numbers["labels"]], suite.numbers["confusion"]
    rows_shown = labels + (["nothing there"] if any(table[-1]) else [])
    columns = labels + (["no answer"] if any(row[-1] for row in table) else [])
    head = tag("tr", tag("th"), *(tag("th", name) for name in columns))
    body = [
        tag("tr", tag("th", name), *_confusion_cells(table[i], i, len(columns)))
        for i, name in enumerate(rows_shown)
    ]
    return tag("table", tag("thead", head), tag("tbody", *body), class_="confusion")


def _confusion_cells(row: Sequence[float], index: int, width: int) -> list[Html]:
    total = sum(row) or 1.0
    return [
        tag(
            "td",
            f"{count:.0f}",
            class_="hit" if i == index else None,
            style=f"background:color-mix(in srgb,var(--bar) {count / total:.0%},transparent)",
            title=f"{count / total:.0%} of this row",
        )
        for i, count in enumerate(row[:width])
    ]


def signatures(runs: Sequence[Run]) -> Html:
    """Say which weights, code and settings made each run."""
    return join(
        tag(
            "p",
            tag("b", run.system),
            f" — {run.signature['model']['name']}, weights "
            f"{(run.signature['model']['digest'] or 'unknown')[:12]}, stance "
            f"{run.signature['version']} (code {run.signature['code'][:8]}), seed "
            f"{run.signature['seed']} ",
            tag("code", str(run.folder)),
            *(tag("div", tag("small", f"skipped {k}: {v}")) for k, v in run.skipped.items()),
        )
        for run in runs
    )
