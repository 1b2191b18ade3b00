"""Say how far two annotation passes agree, with intervals over articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval.passes import VALUES, ArticleAgreement, compare_passes
from stance.errors import MissingExtraError
from stance.gold_rows import SPLITS
from stance.metrics import RESAMPLES, Array, Counts, Interval, f1_of_sums, interval_of, resampled


def agreement(first: str, second: str, articles: str) -> int:
    """Print the agreement of two passes; return the exit status."""
    print("\n".join(report(compare_passes(first, second, articles))))
    return 0


def alpha(table: Array) -> float:
    """Return Krippendorff's alpha of two annotators over nominal values.

    Args:
        table: how often the first gave value i where the second gave value j, shape (V, V).

    Returns:
        1.0 where they always agree, 0.0 where they agree as often as chance would have it; nan
        where fewer than two values occur, so that chance cannot be told from agreement.

    Raises:
        MissingExtraError: the `krippendorff` package is not installed.
    """
    try:
        import krippendorff
    except ImportError as error:
        raise MissingExtraError.of("krippendorff", "eval") from error
    given = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel().astype(int), axis=1)
    if len(np.unique(given)) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=given, level_of_measurement="nominal"))


def _alphas(tables: Array) -> Array:
    return np.array([alpha(table) for table in tables])


def _sums(counts: Counts) -> Array:
    return np.array([counts.tp, counts.fp, counts.fn], dtype=np.float64)


# What each article adds to the sums, and the function from sums to values.
MEASURES: dict[str, tuple[Callable[[ArticleAgreement], Array], Callable[[Array], Array]]] = {
    "alpha, rows both have": (lambda a: a.table[:-1, :-1], _alphas),
    "alpha, with absent": (lambda a: a.table, _alphas),
    "holder F1": (lambda a: _sums(a.holders), f1_of_sums),
    "row F1": (lambda a: _sums(a.rows), f1_of_sums),
    "evidence F1": (lambda a: _sums(a.evidence), f1_of_sums),
    "evidence exact": (lambda a: _sums(a.exact), f1_of_sums),
    "salient F1": (lambda a: _sums(a.salient), f1_of_sums),
}


def measures(
    compared: Sequence[ArticleAgreement], *, seed: int = 0, resamples: int = RESAMPLES
) -> dict[str, Interval | None]:
    """Compute every measure with its 95 % bootstrap interval over articles.

    Args:
        compared: one comparison per article.
        seed: of the resampling.
        resamples: how many draws.

    Returns:
        By the names in `MEASURES`; None where there is nothing to measure. `n` counts the articles
        that have something to measure.
    """
    found: dict[str, Interval | None] = {}
    for name, (part, of_sums) in MEASURES.items():
        parts = [p for a in compared if (p := part(a)).any()]
        found[name] = _interval(np.array(parts), of_sums, seed, resamples) if parts else None
    return found


def _interval(
    sums: Array, of_sums: Callable[[Array], Array], seed: int, resamples: int
) -> Interval | None:
    value = float(of_sums(sums.sum(0, keepdims=True))[0])
    if np.isnan(value):
        return None
    draws = resampled(sums, of_sums, seed=seed, resamples=resamples)
    return interval_of(value, draws[~np.isnan(draws)], len(sums))


def report(compared: Sequence[ArticleAgreement]) -> list[str]:
    """Say in plain text how far the passes agree: on the whole and in each split."""
    parts = {"all": list(compared)}
    parts |= {s: [a for a in compared if a.split == s] for s in SPLITS}
    shown = {name: part for name, part in parts.items() if part}
    return [*_counts_lines(shown), "", *_measure_lines(shown), "", *_table_lines(compared)]


def _counts_lines(parts: Mapping[str, Sequence[ArticleAgreement]]) -> list[str]:
    lines = [f"{'':22} {'articles':>8} {'rows: first':>12} {'second':>7} {'both':>5} {'equal':>6}"]
    for name, part in parts.items():
        table = _total(part)
        first, second, both = table[:-1].sum(), table[:, :-1].sum(), table[:-1, :-1].sum()
        numbers = f"{first:12.0f} {second:7.0f} {both:5.0f} {np.trace(table):6.0f}"
        lines.append(f"{name:22} {len(part):8} {numbers}")
    return lines


def _measure_lines(parts: Mapping[str, Sequence[ArticleAgreement]]) -> list[str]:
    found = {name: measures(part) for name, part in parts.items()}
    lines = [f"{'':22}" + "".join(f" {name:21}" for name in found)]
    for measure in MEASURES:
        cells = [str(numbers[measure] or "-") for numbers in found.values()]
        lines.append(f"{measure:22}" + "".join(f" {cell:21}" for cell in cells))
    return [line.rstrip() for line in lines]


def _table_lines(compared: Sequence[ArticleAgreement]) -> list[str]:
    lines = [f"{'first down, second across':25}" + "".join(f" {value:>7}" for value in VALUES)]
    for value, row in zip(VALUES, _total(compared), strict=True):
        lines.append(f"{value:25}" + "".join(f" {count:7.0f}" for count in row))
    return lines


def _total(compared: Sequence[ArticleAgreement]) -> Array:
    return np.asarray(np.sum([a.table for a in compared], axis=0))
