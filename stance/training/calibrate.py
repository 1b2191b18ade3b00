"""Fit what turns raw scores into probabilities that mean something, on development data only.

One temperature per head, and for stance one per form of question (Guo et al. 2017); a logistic
model for the support of summary sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from stance.backends.base import Floats
from stance.backends.inputs import form_of, mark
from stance.backends.mini import MiniBackend
from stance.training.examples import PairExample

# The search interval of a temperature; a fit at its border means that something else is wrong.
LOW, HIGH = 0.3, 5.0


def fit_temperature(loss: Callable[[float], float]) -> float:
    """Find the temperature of least loss by golden-section search.

    Args:
        loss: the mean negative log-likelihood at a temperature; it has one minimum.
    """
    low, high = LOW, HIGH
    ratio = (5**0.5 - 1) / 2
    while high - low > 0.005:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return round((low + high) / 2, 3)


def set_nll(logits: Floats, gold: Floats, allowed: Floats) -> Callable[[float], float]:
    """Return the mean of -log P(gold set | allowed set) as a function of the temperature."""

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        inside = np.where(allowed > 0, scaled, -1e9)
        right = np.where(gold > 0, scaled, -1e9)
        return float((np.logaddexp.reduce(inside, 1) - np.logaddexp.reduce(right, 1)).mean())

    return loss


def binary_nll(logits: Floats, gold: Floats) -> Callable[[float], float]:
    """Return the mean logistic loss as a function of the temperature."""

    def loss(temperature: float) -> float:
        signed = np.where(gold > 0, logits, -logits) / temperature
        return float(np.logaddexp(0, -signed).mean())

    return loss


def temperatures(model: MiniBackend, examples: Iterable[PairExample]) -> dict[str, Any]:
    """Fit every temperature of a model on development pairs.

    Args:
        model: the model; its own calibration is not used.
        examples: pairs of any set, for the stance and the nli head.

    Returns:
        ``{"stance": {form: T}, "related": {"all": T}, "nli": {"all": T}}``.
    """
    pools: dict[tuple[str, str], list[PairExample]] = {}
    for example in examples:
        form = form_of(example.pair) if example.task == "stance" else "all"
        pools.setdefault((example.task, form), []).append(example)
    fitted: dict[str, Any] = {"stance": {}, "related": {}, "nli": {}}
    related: list[tuple[Floats, Floats]] = []
    for (task, form), pool in sorted(pools.items()):
        logits = model.logits([mark(e.pair) for e in pool], "nli" if task == "nli" else "stance")
        labelled = [i for i, e in enumerate(pool) if e.gold]
        if labelled:
            gold, allowed = _masks([pool[i] for i in labelled])
            fitted[task][form] = fit_temperature(set_nll(logits[labelled][:, :3], gold, allowed))
        known = [i for i, e in enumerate(pool) if e.related >= 0]
        if task == "stance" and known:
            truth = np.array([pool[i].related for i in known], dtype=np.float32)
            related.append((logits[known, 3], truth))
    if related:
        scores, truths = (np.concatenate(part) for part in zip(*related, strict=True))
        fitted["related"]["all"] = fit_temperature(binary_nll(scores, truths))
    return fitted


def _masks(examples: Sequence[PairExample]) -> tuple[Floats, Floats]:
    gold = np.zeros((len(examples), 3), dtype=np.float32)
    allowed = np.zeros((len(examples), 3), dtype=np.float32)
    for row, example in enumerate(examples):
        gold[row, list(example.gold)] = 1
        allowed[row, list(example.allowed)] = 1
    return gold, allowed


def fit_logistic(
    rows: Floats, labels: Floats, *, ridge: float = 1e-2, rounds: int = 50
) -> tuple[float, list[float]]:
    """Fit a logistic model by Newton's method.

    Args:
        rows: (items, features).
        labels: (items,), 0 or 1.
        ridge: the penalty on the squared weights, per item; the bias has none.
        rounds: Newton steps; a dozen are enough where the fit exists.

    Returns:
        The bias and the weights.
    """
    inputs = np.concatenate([np.ones((len(rows), 1)), rows], axis=1).astype(np.float64)
    weights = np.zeros(inputs.shape[1])
    penalty = np.full(inputs.shape[1], ridge * len(rows))
    penalty[0] = 0.0
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (chance - labels) + penalty * weights
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return float(weights[0]), [float(w) for w in weights[1:]]
