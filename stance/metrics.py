"""Turn counts into numbers: pure functions, no model, no disk.

Per-item counts are kept apart from the final number throughout, so that an interval over whole
articles needs nothing but resampled sums.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import MissingExtraError, OptionError
from stance.records import Record, Span

Array = NDArray[np.float64]
# Seeds are whole numbers from 0 below this.
SEEDS = 2**32

__all__ = [
    "Counts",
    "Interval",
    "accuracy",
    "bootstrap",
    "calibration_bins",
    "calibration_error",
    "confusion",
    "f1_by_label",
    "fnc_score",
    "interval_of",
    "macro_f1",
    "resampled",
    "risk_coverage",
    "rouge",
    "set_counts",
    "token_f1",
    "token_set",
]

RESAMPLES = 1000
# Rows of resampling weights made at once: keeps 25,000 clusters within 20 MB.
_CHUNK = 100

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Counts(Record):
    """Hold what was found rightly (tp), wrongly (fp), and not at all (fn)."""

    tp: float = 0.0
    fp: float = 0.0
    fn: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1.0 where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found; 1.0 where there is nothing."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """2 tp / (2 tp + fp + fn); 1.0 where there was nothing to find and nothing was found."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Interval(Record):
    """Hold a value with its 95 % interval; `n` counts the items that it rests on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def set_counts(predicted: Iterable[object], gold: Iterable[object]) -> Counts:
    """Count a predicted set against a gold set."""
    found, wanted = set(predicted), set(gold)
    return Counts(len(found & wanted), len(found - wanted), len(wanted - found))


def words(text: str) -> list[str]:
    """Return the case-folded words of a text."""
    return _WORD.findall(text.casefold())


def token_f1(predicted: str, gold: str) -> float:
    """Return the F1 of two texts as bags of words, in [0, 1] (as SQuAD does)."""
    left, right = Counter(words(predicted)), Counter(words(gold))
    shared = (left & right).total()
    return Counts(shared, left.total() - shared, right.total() - shared).f1 if shared else 0.0


def token_set(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """Return the offsets at which the words touched by `spans` begin in `text`."""
    cut = list(spans)
    return frozenset(
        m.start() for m in _WORD.finditer(text) if any(s.overlaps(Span(*m.span())) for s in cut)
    )


def confusion(gold: Sequence[str], predicted: Sequence[str | None], labels: Sequence[str]) -> Array:
    """Count gold (rows) against predicted (columns).

    Args:
        gold: the right labels; one that is not in `labels` goes to the last row ("nothing there").
        predicted: the answers; None or one not in `labels` goes to the last column ("no answer").
        labels: the L labels, in the order of rows and columns.

    Returns:
        An array of shape (L + 1, L + 1).
    """
    place = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels) + 1, len(labels) + 1))
    for right, answer in zip(gold, predicted, strict=True):
        table[place.get(right, -1), place.get(answer, -1) if answer is not None else -1] += 1
    return table


def f1_by_label(table: Array) -> Array:
    """Return the F1 of each label from confusion tables (…, L + 1, L + 1); 0 where undefined."""
    hit = np.diagonal(table, axis1=-2, axis2=-1)[..., :-1]
    whole = table.sum(-1)[..., :-1] + table.sum(-2)[..., :-1]
    return np.asarray(2 * hit / np.where(whole > 0, whole, 1.0))


def f1_of_sums(sums: Array) -> Array:
    """Return F1 from summed (tp, fp, fn), shape (…, 3); 1 where all are 0."""
    whole = 2 * sums[..., 0] + sums[..., 1] + sums[..., 2]
    return np.asarray(np.where(whole > 0, 2 * sums[..., 0] / np.where(whole > 0, whole, 1), 1.0))


def macro_f1(table: Array, *, labels: Sequence[int] | None = None, present: bool = False) -> Array:
    """Return the mean F1 over labels of confusion tables (…, L + 1, L + 1).

    Args:
        table: one table or a stack of them, as `confusion` makes them.
        labels: the indices of the labels to average over; None takes all.
        present: leave labels out that neither gold nor predictions have.

    Returns:
        One value per table.
    """
    scores = f1_by_label(table)
    weight = np.ones_like(scores)
    if present:
        weight = ((table.sum(-1) + table.sum(-2))[..., :-1] > 0).astype(np.float64)
    if labels is not None:
        scores, weight = scores[..., list(labels)], weight[..., list(labels)]
    total = weight.sum(-1)
    return np.asarray((scores * weight).sum(-1) / np.where(total > 0, total, 1.0))


def accuracy(table: Array) -> Array:
    """Return the share of right answers in confusion tables (…, L + 1, L + 1)."""
    right = np.diagonal(table, axis1=-2, axis2=-1)[..., :-1].sum(-1)
    return np.asarray(right / np.maximum(table.sum((-2, -1)), 1.0))


def fnc_score(table: Array) -> Array:
    """Return the Fake News Challenge score, relative to its maximum.

    A row earns 0.25 for being rightly related or unrelated, and 0.75 more for the right one of
    agree, disagree and discuss (Pomerleau and Rao 2017).

    Args:
        table: confusion tables over agree, disagree, discuss, unrelated, in this order.

    Returns:
        One value in [0, 1] per table.
    """
    related, unrelated = table[..., :3, :3], table[..., 3, 3]
    exact = np.diagonal(related, axis1=-2, axis2=-1).sum(-1)
    earned = 0.25 * (related.sum((-2, -1)) + unrelated) + 0.75 * exact
    best = table[..., :3, :].sum((-2, -1)) + 0.25 * table[..., 3, :].sum(-1)
    return np.asarray(earned / np.where(best > 0, best, 1.0))


def calibration_bins(confidence: Array, correct: Array, *, bins: int = 15) -> Array:
    """Sort answers into bins of equal width by confidence.

    Args:
        confidence: values in [0, 1], shape (n,).
        correct: 1.0 or 0.0, shape (n,).
        bins: how many.

    Returns:
        Shape (bins, 3): how many answers, the sum of their confidence, how many are right.
    """
    place = np.clip(np.ceil(np.asarray(confidence) * bins).astype(int) - 1, 0, bins - 1)
    columns = (np.ones(len(place)), confidence, correct)
    return np.stack([np.bincount(place, weights=c, minlength=bins) for c in columns], axis=-1)


def calibration_error(table: Array) -> Array:
    """Return the expected calibration error of tables (…, bins, 3) from `calibration_bins`."""
    total = table[..., 0].sum(-1)
    gaps = np.abs(table[..., 1] - table[..., 2]).sum(-1)
    return np.asarray(gaps / np.where(total > 0, total, 1.0))


def risk_coverage(confidence: Array, correct: Array) -> Array:
    """Say how often answers are wrong when only the most confident ones are given.

    Args:
        confidence: values in [0, 1], shape (n,).
        correct: 1.0 or 0.0, shape (n,).

    Returns:
        Shape (k, 3), one row for each distinct confidence from the highest down: the confidence,
        the share of answers at or above it, the share of those that are wrong.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    ranked, wrong = np.asarray(confidence)[order], 1.0 - np.asarray(correct)[order]
    last = (
        np.flatnonzero(np.append(np.diff(ranked) != 0, True)) if len(ranked) else np.zeros(0, int)
    )
    seen = last + 1.0
    risk = np.cumsum(wrong)[last] / seen
    return np.stack([ranked[last], seen / max(len(ranked), 1), risk], axis=-1)


def rouge(predicted: str, reference: str) -> dict[str, float]:
    """Return ROUGE-1, -2 and -Lsum (F1, stemmed) of two texts with one sentence per line.

    Raises:
        MissingExtraError: the `rouge-score` package is not installed.
    """
    scores = _rouge_scorer().score(reference, predicted)
    return {name: float(scores[name].fmeasure) for name in ROUGE}


ROUGE = ("rouge1", "rouge2", "rougeLsum")
_SCORER: list[Any] = []


def _rouge_scorer() -> Any:
    if not _SCORER:
        try:
            from rouge_score.rouge_scorer import RougeScorer
        except ImportError as error:
            raise MissingExtraError.of("rouge-score", "eval") from error
        _SCORER.append(RougeScorer(list(ROUGE), use_stemmer=True))
    return _SCORER[0]


def resampled(
    sums: Array, of_sums: Callable[[Array], Array], *, seed: int = 0, resamples: int = RESAMPLES
) -> Array:
    """Draw clusters with replacement and compute a number from the sums of each draw.

    Args:
        sums: shape (clusters, …): what each cluster (an article) contributes.
        of_sums: from summed contributions (draws, …) to numbers (draws,).
        seed: of the draws; equal seeds draw the same clusters, so that two systems can be paired.
        resamples: how many draws.

    Returns:
        Shape (resamples,).
    """
    rng = np.random.default_rng(seed)
    count, flat = len(sums), sums.reshape(len(sums), -1)
    drawn: list[Array] = []
    for begin in range(0, resamples, _CHUNK):
        size = min(_CHUNK, resamples - begin)
        weights = rng.multinomial(count, np.full(count, 1.0 / count), size=size)
        drawn.append(of_sums((weights @ flat).reshape(size, *sums.shape[1:])))
    return np.concatenate(drawn)


def interval_of(value: float, draws: Array, n: int, *, level: float = 0.95) -> Interval:
    """Put the percentile interval of resampled values around `value`."""
    tail = (1.0 - level) / 2
    low, high = np.quantile(draws, [tail, 1.0 - tail]) if len(draws) else (value, value)
    return Interval(float(value), float(low), float(high), n)


def bootstrap(
    sums: Array, of_sums: Callable[[Array], Array], *, seed: int = 0, resamples: int = RESAMPLES
) -> Interval:
    """Compute a number from the sums over clusters, with its 95 % bootstrap interval.

    Args:
        sums: shape (clusters, …): what each cluster (an article) contributes.
        of_sums: from summed contributions (draws, …) to numbers (draws,).
        seed: of the draws.
        resamples: how many draws; at least 1.

    Returns:
        The value over all clusters and the percentile interval (Efron 1979).

    Raises:
        OptionError: there is no cluster, or `resamples` is below 1.
    """
    if len(sums) == 0 or resamples < 1:
        raise OptionError(
            f"cannot resample {len(sums)} clusters {resamples} times; both must be >= 1"
        )
    value = of_sums(sums.sum(0, keepdims=True))[0]
    draws = resampled(sums, of_sums, seed=seed, resamples=resamples)
    return interval_of(value, draws, len(sums))
