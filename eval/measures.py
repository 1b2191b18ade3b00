"""Turn rows of per-item numbers into measures with intervals.

A `Measure` is plain data, so that a run folder says by itself how its samples become its numbers:
`compare` and `report` need neither the data set nor the suite's code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError
from stance.metrics import (
    RESAMPLES,
    Array,
    Interval,
    accuracy,
    bootstrap,
    calibration_bins,
    calibration_error,
    f1_of_sums,
    fnc_score,
    interval_of,
    macro_f1,
)

BINS = 15


@dataclass(frozen=True, slots=True)
class Measure:
    """Say which columns of the sample rows make a measure, and how.

    `kind` is a key of `SUMMED` or `RANKED`; `size` is the number of labels where the kind needs
    it; `labels` are the label indices that are averaged over (empty: all); `groups` is the number
    of parts where the kind averages over parts.
    """

    name: str
    kind: str
    columns: tuple[int, ...]
    size: int = 0
    labels: tuple[int, ...] = field(default=())
    groups: int = 0

    @property
    def lower_is_better(self) -> bool:
        """Tell whether small values are good (calibration error, flip rates, attacks that work)."""
        small = ("flip", "lost", "changed", "obeyed")
        return self.kind.startswith("ece") or self.name.startswith(small)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in self._fields().items()}

    def _fields(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Measure:
        """Rebuild what `to_dict` returned."""
        parts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**parts)


Contribute = Callable[[Measure, Array], Array]
OfSums = Callable[[Measure, Array], Array]


def table_of(measure: Measure, rows: Array) -> Array:
    """Return one confusion table per row from columns (gold index, answer index or -1)."""
    tables = np.zeros((len(rows), measure.size + 1, measure.size + 1))
    tables[np.arange(len(rows)), rows[:, 0].astype(int), rows[:, 1].astype(int)] = 1.0
    return tables


def _grouped_tables(measure: Measure, rows: Array) -> Array:
    """Return one stack of tables per row of (gold, answer, group); all but its own are zero."""
    side = measure.size + 1
    stacks = np.zeros((len(rows), measure.groups, side, side))
    stacks[np.arange(len(rows)), rows[:, 2].astype(int)] = table_of(measure, rows)
    return stacks


def _bins(_: Measure, rows: Array) -> Array:
    """Return one row of calibration bins per row of (gold, answer, confidence)."""
    place = np.clip(np.ceil(rows[:, 2] * BINS).astype(int) - 1, 0, BINS - 1)
    bins = np.zeros((len(rows), BINS, 3))
    right = (rows[:, 0] == rows[:, 1]).astype(np.float64)
    answered = rows[:, 1] >= 0
    bins[np.arange(len(rows)), place] = np.stack([np.ones(len(rows)), rows[:, 2], right], axis=1)
    return np.asarray(bins * answered[:, None, None])


def _as_is(_: Measure, rows: Array) -> Array:
    return rows


def _tables(measure: Measure, rows: Array) -> Array:
    side = measure.size + 1
    return rows.reshape(len(rows), side, side)


def _bin_tables(_: Measure, rows: Array) -> Array:
    return rows.reshape(len(rows), BINS, 3)


def _mean(_: Measure, sums: Array) -> Array:
    return np.asarray(sums[..., 0] / np.where(sums[..., 1] > 0, sums[..., 1], 1.0))


def _macro(measure: Measure, sums: Array) -> Array:
    return macro_f1(sums, labels=measure.labels or None)


SUMMED: dict[str, tuple[Contribute, OfSums]] = {
    "mean": (_as_is, _mean),  # (value, weight)
    "f1": (_as_is, lambda _, sums: f1_of_sums(sums)),  # (tp, fp, fn)
    "macro_f1": (table_of, _macro),  # (gold, answer)
    "macro_f1_table": (_tables, _macro),  # a flattened confusion table
    # The mean over parts of the set, as TweetEval does over SemEval's five targets.
    "macro_f1_by_group": (_grouped_tables, lambda m, sums: _macro(m, sums).mean(-1)),
    "accuracy": (table_of, lambda _, sums: accuracy(sums)),  # (gold, answer)
    "fnc_score": (table_of, lambda _, sums: fnc_score(sums)),  # (gold, answer)
    "ece_table": (_bin_tables, lambda _, sums: calibration_error(sums)),  # flattened bins
    "ece": (_bins, lambda _, sums: calibration_error(sums)),  # (gold, answer, confidence)
}


def _auc(rows: Array) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(rows[:, 1], rows[:, 0])) if len(set(rows[:, 1])) > 1 else 0.5


def _balanced(rows: Array) -> float:
    # By hand: resampling calls this a thousand times, and scikit-learn warns about every draw
    # that lacks a class.
    yes, no = rows[:, 1] > 0.5, rows[:, 1] <= 0.5
    hits = (rows[:, 0] >= 0.5) == yes
    return float(np.mean([hits[side].mean() for side in (yes, no) if side.any()]))


def _spearman(rows: Array) -> float:
    from scipy.stats import spearmanr

    if any(len(set(rows[:, i])) < 2 for i in (0, 1)):
        return 0.0
    return float(spearmanr(rows[:, 0], rows[:, 1]).statistic)


RANKED: dict[str, Callable[[Array], float]] = {
    "roc_auc": _auc,  # (score, label)
    "balanced_accuracy": _balanced,  # (score, label)
    "spearman": _spearman,  # (score, graded truth)
}


def clustered(contributions: Array, clusters: Sequence[str]) -> Array:
    """Add up the contributions of each cluster; clusters are in order of first appearance."""
    places = list(dict.fromkeys(clusters))
    index = {name: i for i, name in enumerate(places)}
    sums = np.zeros((len(places), *contributions.shape[1:]))
    np.add.at(sums, [index[c] for c in clusters], contributions)
    return sums


def contributions(measure: Measure, rows: Array) -> Array:
    """Return what each item adds to the sums that the measure is computed from."""
    return SUMMED[measure.kind][0](measure, rows[:, list(measure.columns)])


def of_sums(measure: Measure) -> Callable[[Array], Array]:
    """Return the function from summed contributions to values."""
    compute = SUMMED[measure.kind][1]
    return lambda sums: compute(measure, sums)


def measure_rows(
    measure: Measure,
    rows: Array,
    clusters: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """Compute one measure with its 95 % interval over clusters.

    Args:
        measure: what to compute.
        rows: the numbers of each item, shape (n, k).
        clusters: which items belong together (the article), length n.
        seed: of the resampling.
        resamples: how many draws.

    Returns:
        The value and its interval, or None where no item has anything to score.
    """
    if measure.kind in RANKED:
        return _ranked(measure, rows, clusters, seed, resamples)
    if measure.kind not in SUMMED:
        raise DataError(f"unknown kind of measure {measure.kind!r}; known are {sorted(SUMMED)}")
    sums = clustered(contributions(measure, rows), clusters)
    kept = sums[sums.reshape(len(sums), -1).any(axis=1)]
    if not len(kept):
        return None
    return bootstrap(kept, of_sums(measure), seed=seed, resamples=resamples)


def _ranked(
    measure: Measure, rows: Array, clusters: Sequence[str], seed: int, resamples: int
) -> Interval | None:
    if not len(rows):
        return None
    compute, cut = RANKED[measure.kind], rows[:, list(measure.columns)]
    draws = [compute(cut[index]) for index in cluster_draws(clusters, seed, resamples)]
    return interval_of(compute(cut), np.array(draws), len(set(clusters)))


def cluster_draws(clusters: Sequence[str], seed: int, resamples: int) -> list[NDArray[Any]]:
    """Return the item indices of each draw of whole clusters, with replacement."""
    members: dict[str, list[int]] = {}
    for i, name in enumerate(clusters):
        members.setdefault(name, []).append(i)
    groups = [np.array(group) for group in members.values()]
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(groups), size=(resamples, len(groups)))
    return [np.concatenate([groups[i] for i in pick]) for pick in picks]


def reliability(rows: Array) -> Array:
    """Return the calibration bins of rows of (gold, answer, confidence), unanswered left out."""
    kept = rows[rows[:, 1] >= 0]
    return calibration_bins(kept[:, 2], (kept[:, 0] == kept[:, 1]).astype(np.float64), bins=BINS)
