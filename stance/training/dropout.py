"""Draw dropout by row, so that a step teaches the same however its rows are dealt out.

Torch draws for a batch as a whole. With several processes, or with smaller batches after memory ran
out, other parts of a row would be dropped, and the run would end with another model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import torch
from torch import Tensor, nn

from stance.backends.modeling import PairHead


@dataclass(slots=True)
class Draws:
    """Hold a number for each row of the batch; a row has another one in each epoch."""

    seed: int
    rows: list[int] = field(default_factory=list)


class RowDropout(nn.Module):
    """Zero a share of each row's numbers, by a draw of seed, row and width alone.

    Args:
        rate: the share.
        draws: tells the rows of the batch.
    """

    def __init__(self, rate: float, draws: Draws) -> None:
        super().__init__()
        self.rate, self.draws = rate, draws

    def forward(self, states: Tensor) -> Tensor:
        """Map (batch, width) to the same shape; nothing is dropped outside of training."""
        if not self.training or not self.rate:
            return states
        kept = torch.stack([self._kept(row, states.shape[1]) for row in self.draws.rows])
        return states * kept.to(states) / (1 - self.rate)

    def _kept(self, row: int, width: int) -> Tensor:
        drawn = torch.Generator().manual_seed(crc32(f"{self.draws.seed}/{row}/{width}".encode()))
        return torch.rand(width, generator=drawn) >= self.rate


def drop_by_row(model: Any, seed: int) -> Draws:
    """Let the pair heads of a model draw by row; return where the rows have to be told."""
    draws = Draws(seed)
    for module in model.modules():
        if isinstance(module, PairHead):
            module.add_module("drop", RowDropout(float(module.drop.p), draws))
    return draws
