"""Save and load the state of a run so that a kill at any moment costs nothing but time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

STATE = "state.pt"


def save_state(folder: Path, model: nn.Module, optimizer: Any, step: int) -> None:
    """Write model, optimizer, random state and step number, all or nothing."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "step": step,
    }
    partial = folder / f"{STATE}.partial"
    torch.save(state, partial)
    partial.replace(folder / STATE)


def load_state(folder: Path, model: nn.Module, optimizer: Any) -> int:
    """Take up the last state in `folder`; return how many steps are done (0: none)."""
    path = folder / STATE
    if not path.is_file():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
    return int(state["step"])
