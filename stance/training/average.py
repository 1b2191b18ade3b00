"""Take means of weights: a running one while they are trained, and that of several runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Average weights exponentially (Polyak & Juditsky 1992; decay warmed up as in TensorFlow).

    Args:
        model: the model whose weights are averaged.
        decay: how much of the mean stays at each step, in [0, 1); 0 keeps no mean.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.mean: list[Tensor] = [p.detach().clone() for p in model.parameters()] if decay else []

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights after one step."""
        self.steps += 1
        if self.mean:
            # Early on the mean follows closely, so that it forgets where it started.
            decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
            weights = [p.detach() for p in model.parameters()]
            if self.mean[0].device != weights[0].device:
                self.mean = [m.to(w.device) for m, w in zip(self.mean, weights, strict=True)]
            torch._foreach_lerp_(self.mean, weights, 1 - decay)

    @contextmanager
    def applied(self, model: nn.Module) -> Iterator[None]:
        """Put the mean in place of the weights for a while."""
        if not self.mean:
            yield
            return
        parameters = list(model.parameters())
        kept = [p.detach().clone() for p in parameters]
        _copy(parameters, self.mean)
        try:
            yield
        finally:
            _copy(parameters, kept)

    def state_dict(self) -> dict[str, object]:
        """Return what a checkpoint keeps."""
        return {"mean": self.mean, "steps": self.steps}

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Take up what a checkpoint kept."""
        mean, steps = state["mean"], state["steps"]
        self.mean = [m for m in mean if isinstance(m, Tensor)] if isinstance(mean, list) else []
        self.steps = int(steps) if isinstance(steps, int) else 0


@torch.no_grad()
def _copy(parameters: list[nn.Parameter], values: list[Tensor]) -> None:
    for parameter, value in zip(parameters, values, strict=True):
        parameter.copy_(value)


def mean_of(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of the weights of several runs (model soups, Wortsman et al. 2022).

    Runs from one start stay close enough for it, and their mean has learned less by heart.

    Args:
        states: the state of each, with the same names and shapes.
    """
    return {name: torch.stack([s[name].float() for s in states]).mean(0) for name in states[0]}
