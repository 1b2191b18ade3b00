from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from stance import registry
from stance.backends.adapter import adapter_of, merge_adapter, save_adapter
from stance.errors import ChecksumError, ModelFormatError


class Tiny(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 2, bias=False))
        nn.init.zeros_(self.inner[0].weight)  # type: ignore[arg-type]


def tensors(**changes: torch.Tensor) -> dict[str, torch.Tensor]:
    stem = "base_model.model.inner.0"
    pair = {"lora_A": torch.tensor([[1.0, 2.0, 3.0]]), "lora_B": torch.tensor([[1.0], [10.0]])}
    return {f"{stem}.{name}.weight": tensor for name, tensor in {**pair, **changes}.items()}


def test_the_product_is_added_scaled_by_alpha_over_rank(tmp_path: Path) -> None:
    save_adapter(tensors(), tmp_path / "a.safetensors", rank=4, alpha=2)
    model: Any = Tiny()
    merge_adapter(model, tmp_path / "a.safetensors")
    assert model.inner[0].weight.tolist() == [[0.5, 1.0, 1.5], [5.0, 10.0, 15.0]]
    merge_adapter(model, tmp_path / "a.safetensors")
    assert model.inner[0].weight.tolist()[0] == [1.0, 2.0, 3.0]


def test_peft_reads_what_is_written_the_same_way(tmp_path: Path) -> None:
    peft = pytest.importorskip("peft")
    base = Tiny()
    config = peft.LoraConfig(r=2, lora_alpha=6, target_modules=["0"], init_lora_weights=False)
    adapted = peft.get_peft_model(base, config)
    kept = peft.get_peft_model_state_dict(adapted)
    save_adapter(kept, tmp_path / "a.safetensors", rank=2, alpha=6)
    model = Tiny()
    merge_adapter(model, tmp_path / "a.safetensors")
    row = torch.tensor([[1.0, -2.0, 0.5]])
    with torch.no_grad():
        want = adapted.base_model.model.inner(row)
        assert torch.allclose(model.inner(row), want, atol=1e-2)
        assert float(want.abs().max()) > 0.01


@pytest.mark.parametrize(
    "change",
    [{"lora_A": torch.zeros(1, 5)}, {"lora_B": torch.zeros(3, 1)}],
)
def test_an_adapter_of_another_size_is_refused(
    tmp_path: Path, change: dict[str, torch.Tensor]
) -> None:
    save_adapter(tensors(**change), tmp_path / "a.safetensors", rank=1, alpha=1)
    with pytest.raises(ModelFormatError, match=r"inner\.0"):
        merge_adapter(Tiny(), tmp_path / "a.safetensors")


def test_an_adapter_of_another_model_is_refused(tmp_path: Path) -> None:
    save_adapter(tensors(), tmp_path / "a.safetensors", rank=1, alpha=1)
    with pytest.raises(ModelFormatError, match="does not fit"):
        merge_adapter(nn.Linear(3, 2), tmp_path / "a.safetensors")


def test_files_that_are_no_adapters_are_named(tmp_path: Path) -> None:
    broken, plain = tmp_path / "broken.safetensors", tmp_path / "plain.safetensors"
    broken.write_bytes(b"nothing")
    save_file({"x": torch.zeros(1)}, str(plain), metadata={"r": "1", "lora_alpha": "1"})
    for path in (broken, plain, tmp_path / "absent.safetensors"):
        with pytest.raises(ModelFormatError, match=path.name):
            merge_adapter(Tiny(), path)


def test_the_adapter_that_ships_is_the_pinned_one() -> None:
    entry = registry.find("smollm2-135m")
    path = adapter_of(entry)
    assert path is not None
    assert path.stat().st_size <= 20_000_000
    assert adapter_of(registry.find("mini")) is None
    with pytest.raises(ChecksumError, match="reinstall"):
        adapter_of(replace(entry, adapter="0" * 64))
