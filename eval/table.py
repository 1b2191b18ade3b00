"""Set runs side by side as Markdown: baselines, the model, and what others published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.base import Json
from eval.published import published_for
from eval.runfiles import Run
from eval.suites import ENTRIES
from stance.errors import DataError, FileMissingError

MARKS = ("<!-- baselines -->", "<!-- /baselines -->")
SHORT_MARKS = ("<!-- table:begin -->", "<!-- table:end -->")

# How systems are called, in the order of their columns; models come after them.
NAMES = {
    "baseline:majority": "majority",
    "baseline:tfidf": "TF-IDF + LR",
    "baseline:cosine": "cosine, untuned",
    "baseline:textacy": "textacy + spaCy (small)",
    "baseline:lead3": "LEAD-3",
    "baseline:lexrank": "LexRank",
    "baseline:oracle": "oracle (ceiling)",
    "published:pegasus": "PEGASUS",
    "published:brio": "BRIO",
    "published:t0": "T0",
    "published:gpt3": "GPT-3",
}
# It reads the reference, so that beating the others is no merit.
CEILING = "baseline:oracle"
# Of a gold folder, what a reader asks for first.
GOLD = ("triple_f1", "holder_f1", "label_macro_f1", "evidence_f1", "open_triple_f1", "salient_f1")
GOLD_MEASURES = (*GOLD, "rouge1", "ece")

# The rows of the short table: what the model is for, and one or two public sets of each kind.
MAIN = (
    ("seeds:test", "triple_f1"),
    ("seeds:test", "holder_f1"),
    ("seeds:test", "salient_f1"),
    ("newsmtsc:devtest_rw", "macro_f1"),
    ("vast:test", "macro_f1"),
    ("fnc1:test", "macro_f1"),
    ("semeval16_t6:test", "f1_favor_against"),
    ("perspectrum:test", "macro_f1"),
    ("ibm_claim_stance:test", "macro_f1"),
    ("dse:test", "macro_f1"),
    ("mnli_matched:test", "accuracy"),
    ("healthver:test", "macro_f1"),
    ("polnear:test", "attribution_f1"),
    ("goyal2022:cnn", "rouge1"),
    ("xsum_h2o1000:test", "rouge1"),
    ("frank:test", "roc_auc"),
)

Values = dict[tuple[str, str], dict[str, Json]]


def table(runs: Sequence[Run]) -> str:
    """Write one Markdown table for each kind of suite.

    Args:
        runs: what `read_run` returned; where two have the same suite of one system, the later one
            counts.

    Returns:
        The tables, and under them which weights and code the models' numbers are from.

    Raises:
        DataError: there is no run.
    """
    if not runs:
        raise DataError("a table needs at least one run folder")
    values = _values(runs)
    kinds: dict[str, Values] = {}
    for (suite, measure), found in values.items():
        kinds.setdefault(_kind(suite), {})[suite, measure] = found
    anchors = {key: _anchors(*key) for key in values}
    tables = [f"**{kind}**\n\n{_table(kinds[kind], anchors)}" for kind in _kinds() if kind in kinds]
    return "\n\n".join([*tables, *_origins(runs)]) + "\n"


def short_table(runs: Sequence[Run]) -> str:
    """Write the headlines of the main suites as one Markdown table, fit for a front page.

    Args:
        runs: as for `table`.

    Returns:
        The table, and under it which weights and code the models' numbers are from.

    Raises:
        DataError: no run has one of the main suites.
    """
    values = _values(runs)
    rows = {key: values[key] for key in MAIN if key in values}
    if not rows:
        raise DataError(f"no run has one of the main suites: {', '.join(dict(MAIN))}")
    anchors = {key: _best_published(*key, found) for key, found in rows.items()}
    # Outputs of others stand among what was published, not in a column each.
    own = {key: {s: v for s, v in f.items() if not _is_quoted(s)} for key, f in rows.items()}
    return "\n\n".join([_table(own, anchors), *_origins(runs)]) + "\n"


def write_into(file: str | Path, text: str, marks: tuple[str, str] = MARKS) -> None:
    """Put the tables between their marks in a Markdown file.

    Raises:
        FileMissingError: there is no such file.
        DataError: it does not have both marks, in order.
    """
    path = Path(file)
    if not path.is_file():
        raise FileMissingError(f"there is no file {path} to write the table into")
    before, mark, rest = path.read_text(encoding="utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not mark or not end:
        raise DataError(f"{path} has no lines {marks[0]} and {marks[1]}; put them where it belongs")
    path.write_text(f"{before}{mark}\n{text}{end}{after}", encoding="utf-8", newline="\n")


def _kind(suite: str) -> str:
    return ENTRIES[suite].kind if suite in ENTRIES else "gold articles"


def _kinds() -> list[str]:
    return list(dict.fromkeys(["gold articles", *(entry.kind for entry in ENTRIES.values())]))


def _values(runs: Sequence[Run]) -> Values:
    """Gather, for each suite and measure that is shown, what each system reached."""
    found: Values = {}
    known = list(ENTRIES)
    names = {name for run in runs for name in run.suites}
    for name in sorted(names, key=lambda n: known.index(n) if n in known else -1):
        for run in (run for run in runs if name in run.suites):
            numbers = run.suites[name].numbers
            for measure in _shown(name, numbers):
                if (value := numbers["measures"].get(measure)) is not None:
                    found.setdefault((name, measure), {})[run.system] = value
    return found


def _shown(suite: str, numbers: Json) -> Iterable[str]:
    if numbers["headline"] == "triple_f1":
        return GOLD_MEASURES
    return dict.fromkeys([numbers["headline"], *(p.measure for p in published_for(suite))])


def _table(values: Values, anchors: Mapping[tuple[str, str], str]) -> str:
    systems = _columns({system for found in values.values() for system in found})
    head = ["suite", "measure", *(NAMES.get(s, f"`{s}`") for s in systems), "published"]
    if not any(anchors[key] for key in values):
        head.pop()
    rows = [_row(key, found, systems, anchors[key])[: len(head)] for key, found in values.items()]
    rule = ["---", "---", *["---:"] * len(systems), "---"][: len(head)]
    return markdown([head, rule, *rows])


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """Write the rows of a table, the head and its rule first."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _columns(systems: set[str]) -> list[str]:
    """Order systems: baselines and others' outputs as they are named above, then models."""
    known = list(NAMES)
    return sorted(systems, key=lambda s: (known.index(s) if s in NAMES else len(known), s))


def _row(
    key: tuple[str, str], found: dict[str, Json], systems: Sequence[str], anchors: str
) -> list[str]:
    lower = key[1] == "ece"
    rivals = [value["value"] for system, value in found.items() if system != CEILING]
    best = (min if lower else max)(rivals, default=None)
    cells = [_cell(found.get(system), best, system) for system in systems]
    return [f"`{key[0]}`", key[1] + (" (low is good)" if lower else ""), *cells, anchors]


def _cell(value: Json | None, best: float | None, system: str) -> str:
    """Write a value, with its interval where it is a model's; the best of a row stands out."""
    if value is None:
        return ""
    number = f"{value['value']:.3f}"
    shown = f"**{number}**" if value["value"] == best and system != CEILING else number
    if system in NAMES:
        return shown
    return f"{shown} [{value['low']:.3f}, {value['high']:.3f}]"


def _anchors(suite: str, measure: str) -> str:
    quoted = [p for p in published_for(suite) if p.measure == measure]
    return "; ".join(f"{p.value:.3f} {p.system} ({p.source})" for p in quoted)


def _best_published(suite: str, measure: str, found: dict[str, Json]) -> str:
    """Name the best of what others published, their stored outputs as scored here included."""
    known = [(p.value, p.source) for p in published_for(suite) if p.measure == measure]
    known += [
        (v["value"], f"{NAMES.get(s, s)}'s output") for s, v in found.items() if _is_quoted(s)
    ]
    return "{:.3f} ({})".format(*max(known)) if known else ""


def _is_quoted(system: str) -> bool:
    return system.startswith("published:")


def _origins(runs: Sequence[Run]) -> list[str]:
    """Say which weights and code each model's numbers are from."""
    found = dict.fromkeys(
        f"`{run.system}`: weights {(run.signature['model']['digest'] or 'unknown')[:12]}, code "
        f"{run.signature['code'][:8]}, seed {run.signature['seed']}."
        for run in runs
        if run.system not in NAMES
    )
    return [" ".join([_READING, *found])]


_READING = (
    "Bold is the best of a row, the oracle aside; a model's number stands with its 95 % bootstrap "
    "interval. Written by `python -m eval table`."
)
