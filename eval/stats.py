"""Test whether two systems differ on the same items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval.measures import RANKED, Measure, cluster_draws, clustered, contributions, of_sums
from stance.metrics import Array, Interval, interval_of, resampled

PERMUTATIONS = 9999
# Measures that are no sums take a loop; fewer rounds keep it to seconds.
RANKED_ROUNDS = 1000
_CHUNK = 500


def value_of(measure: Measure, rows: Array) -> float:
    """Return a measure's value over some rows."""
    if measure.kind in RANKED:
        return RANKED[measure.kind](rows[:, list(measure.columns)])
    return float(of_sums(measure)(contributions(measure, rows).sum(0, keepdims=True))[0])


def paired_bootstrap(
    measure: Measure, rows: tuple[Array, Array], clusters: Sequence[str], *, seed: int = 0
) -> Interval:
    """Return the difference A - B with its 95 % interval, drawing the same clusters for both.

    Args:
        measure: what is compared.
        rows: the numbers of A's and B's samples, of the same items in the same order.
        clusters: which items belong together.
        seed: of the draws.
    """
    count = len(set(clusters))
    if measure.kind in RANKED:
        compute = RANKED[measure.kind]
        a, b = (r[:, list(measure.columns)] for r in rows)
        picks = cluster_draws(clusters, seed, RANKED_ROUNDS)
        draws = np.array([compute(a[i]) - compute(b[i]) for i in picks])
        return interval_of(value_of(measure, rows[0]) - value_of(measure, rows[1]), draws, count)
    sums, value = _sums(measure, rows, clusters), of_sums(measure)
    draws_a, draws_b = (resampled(s, value, seed=seed, resamples=PERMUTATIONS) for s in sums)
    difference = value_of(measure, rows[0]) - value_of(measure, rows[1])
    return interval_of(difference, draws_a - draws_b, count)


def randomization_p(
    measure: Measure, rows: tuple[Array, Array], clusters: Sequence[str], *, seed: int = 0
) -> float:
    """Return the two-sided p of approximate randomization (Noreen 1989), swapping whole clusters.

    Args:
        measure: what is compared.
        rows: the numbers of A's and B's samples, of the same items in the same order.
        clusters: which items belong together.
        seed: of the swaps.

    Returns:
        (k + 1) / (n + 1), where k of n random swaps differ at least as much as A and B do.
    """
    if measure.kind in RANKED:
        return _ranked_p(measure, rows, clusters, seed)
    a, b = _sums(measure, rows, clusters)
    value = of_sums(measure)
    flat = (a - b).reshape(len(a), -1)
    total_a, total_b = a.sum(0), b.sum(0)
    observed = abs(float(value(total_a[None])[0] - value(total_b[None])[0]))
    rng, extreme = np.random.default_rng(seed), 0
    for begin in range(0, PERMUTATIONS, _CHUNK):
        size = min(_CHUNK, PERMUTATIONS - begin)
        swaps = rng.integers(0, 2, size=(size, len(a)))
        moved = (swaps @ flat).reshape(size, *a.shape[1:])
        found = np.abs(value(total_a - moved) - value(total_b + moved))
        extreme += int((found >= observed - 1e-12).sum())
    return (extreme + 1) / (PERMUTATIONS + 1)


def _ranked_p(
    measure: Measure, rows: tuple[Array, Array], clusters: Sequence[str], seed: int
) -> float:
    compute: Callable[[Array], float] = RANKED[measure.kind]
    a, b = (r[:, list(measure.columns)] for r in rows)
    observed = abs(compute(a) - compute(b))
    names = list(dict.fromkeys(clusters))
    index = np.array([names.index(c) for c in clusters])
    rng, extreme = np.random.default_rng(seed), 0
    for _ in range(RANKED_ROUNDS):
        swap = rng.integers(0, 2, size=len(names)).astype(bool)[index][:, None]
        found = abs(compute(np.where(swap, b, a)) - compute(np.where(swap, a, b)))
        extreme += found >= observed - 1e-12
    return (extreme + 1) / (RANKED_ROUNDS + 1)


def _sums(
    measure: Measure, rows: tuple[Array, Array], clusters: Sequence[str]
) -> tuple[Array, Array]:
    a, b = (clustered(contributions(measure, r), clusters) for r in rows)
    return a, b


def mcnemar(right_a: Array, right_b: Array) -> tuple[int, int, float]:
    """Return McNemar's exact test of two systems that are right or wrong on the same items.

    Args:
        right_a: 1.0 where A is right, shape (n,).
        right_b: 1.0 where B is right, shape (n,).

    Returns:
        How often only A is right, how often only B is, and the two-sided p.
    """
    from scipy.stats import binomtest

    only_a = int(((right_a > 0.5) & (right_b <= 0.5)).sum())
    only_b = int(((right_b > 0.5) & (right_a <= 0.5)).sum())
    if only_a + only_b == 0:
        return 0, 0, 1.0
    return only_a, only_b, float(binomtest(only_a, only_a + only_b, 0.5).pvalue)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjust p values for testing several suites at once (Holm 1979)."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    ranked = sorted(p_values.items(), key=lambda pair: pair[1])
    for i, (name, p) in enumerate(ranked):
        highest = max(highest, min(1.0, p * (len(ranked) - i)))
        adjusted[name] = highest
    return adjusted
