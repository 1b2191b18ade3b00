from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from stance.training.checkpoint import STATE, load_state, save_state


def trained(steps: int, model: nn.Module, optimizer: Any) -> None:
    for _ in range(steps):
        loss = model(torch.randn(4, 3)).pow(2).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def fresh(seed: int = 0) -> tuple[nn.Module, Any]:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5), nn.Linear(3, 1))
    return model, torch.optim.AdamW(model.parameters(), lr=0.01)


def test_a_run_that_is_taken_up_ends_as_one_that_was_not_broken(tmp_path: Path) -> None:
    whole, optimizer = fresh()
    trained(7, whole, optimizer)

    first, optimizer = fresh()
    trained(3, first, optimizer)
    save_state(tmp_path, {"model": first, "optimizer": optimizer}, 3)
    second, optimizer = fresh(seed=99)
    assert load_state(tmp_path, {"model": second, "optimizer": optimizer}) == 3
    trained(4, second, optimizer)
    for name, weight in whole.state_dict().items():
        assert torch.allclose(second.state_dict()[name], weight, atol=1e-6)


def test_an_empty_folder_is_a_start(tmp_path: Path) -> None:
    model, optimizer = fresh()
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    assert load_state(tmp_path, {"model": model, "optimizer": optimizer}) == 0
    assert all(torch.equal(before[name], w) for name, w in model.state_dict().items())


def test_a_kill_while_writing_leaves_the_last_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, optimizer = fresh()
    save_state(tmp_path, {"model": model, "optimizer": optimizer}, 3)
    trained(1, model, optimizer)

    def killed(state: Any, path: Path) -> None:
        path.write_bytes(b"half a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        save_state(tmp_path, {"model": model, "optimizer": optimizer}, 4)
    assert load_state(tmp_path, dict(zip(("model", "optimizer"), fresh(), strict=True))) == 3


def test_a_state_holds_no_code(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "sprung",))

    model, optimizer = fresh()
    state = {"model": model.state_dict(), "optimizer": {}, "random": Trap(), "step": 1}
    torch.save(state, tmp_path / STATE)
    with pytest.raises(Exception, match=r"weights_only|Unsupported|Weights only"):
        load_state(tmp_path, {"model": model, "optimizer": optimizer})
    assert not (tmp_path / "sprung").exists()
