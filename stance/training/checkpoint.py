"""Save and load the state of a run so that a kill at any moment costs nothing but time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch

STATE = "state.pt"


class Stateful(Protocol):
    """Be a part of a run whose state goes into a checkpoint."""

    def state_dict(self) -> Any:
        """Return what a checkpoint keeps."""

    def load_state_dict(self, state_dict: Any, /) -> Any:
        """Take up what a checkpoint kept."""


def save_state(folder: Path, parts: Mapping[str, Stateful], step: int) -> None:
    """Write every part, the random states and the step number, all or nothing.

    Args:
        folder: where the checkpoint goes.
        parts: model, optimizer and what else has a state, by name.
        step: how many steps are done.
    """
    state = {
        "parts": {name: part.state_dict() for name, part in parts.items()},
        "random": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "step": step,
    }
    partial = folder / f"{STATE}.partial"
    torch.save(state, partial)
    partial.replace(folder / STATE)


def load_state(folder: Path, parts: Mapping[str, Stateful]) -> int:
    """Take up the last state in `folder`; return how many steps are done (0: none)."""
    path = folder / STATE
    if not path.is_file():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state["parts"][name])
    torch.set_rng_state(state["random"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
    return int(state["step"])
