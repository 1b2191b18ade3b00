"""Fit the temperature of a tuned model (Guo et al. 2017) without changing any of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from stance.backends.base import Floats
from stance.backends.opening import Groups, cooled
from stance.training.calibrate import fit_temperature, set_nll
from stance.training.questions import Question

# With fewer rows a temperature says more about them than about the model.
LEAST = 30


def groups_of(labels: Sequence[str], task: str) -> Groups:
    """Return which columns are one answer: neutral and unrelated, where a set has one of them."""
    if task == "nli":
        return ((0,), (1,), (2,))
    return ((0,), (1,), (2,), (3,)) if "unrelated" in labels else ((0,), (1,), (2, 3))


def loss_of(table: Floats, asked: Sequence[Question], groups: Groups) -> Callable[[float], float]:
    """Return the mean negative log-likelihood of a table as a function of the temperature.

    Args:
        table: the chance of each column, (questions, columns).
        asked: the questions.
        groups: which columns are one answer.
    """
    joined = np.stack([table[:, list(g)].sum(1) for g in groups], axis=1)
    gold, allowed = (
        np.array([[bool({*g} & {*getattr(q, side)}) for g in groups] for q in asked], np.float32)
        for side in ("gold", "allowed")
    )
    return set_nll(np.log(np.maximum(joined, 1e-9)).astype(np.float32), gold, allowed)


def fit_heat(table: Floats, asked: Sequence[Question], groups: Groups) -> float:
    """Find the temperature at which a table is likeliest."""
    return fit_temperature(loss_of(table, asked, groups))


__all__ = ["LEAST", "cooled", "fit_heat", "groups_of", "loss_of"]
