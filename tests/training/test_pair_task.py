from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from stance.backends.base import StancePair
from stance.backends.inputs import load_tokenizer, mark, pair_batch
from stance.backends.quantize import load_model
from stance.records import Span
from stance.training.dropout import drop_by_row
from stance.training.pair_task import PairCollator, PairTask, encode, stance_columns
from stance.training.questions import Question

PAIRS = [
    StancePair("the mayor said the bridge is safe", "the bridge", "the mayor", Span(0, 9)),
    StancePair("the council voted against the plan of the union", "plan", None, None, Span(30, 34)),
    StancePair("it was told", "weapons"),
]


def ask(
    gold: tuple[int, ...], allowed: tuple[int, ...] = (0, 1, 2, 3), **more: object
) -> list[Question]:
    return [Question(p, "favor", gold, allowed, p.text, **more) for p in PAIRS]  # type: ignore[arg-type]


def test_ids_are_those_that_the_backend_makes(tiny_trunk: Path) -> None:
    tokenizer = load_tokenizer(tiny_trunk)
    data = encode(tokenizer, ask((0,)), ours=True, task="stance", max_tokens=40)
    batch = PairCollator(int(tokenizer.pad_token_id), 4)([data[i] for i in range(3)])
    segments = [mark(p) for p in PAIRS]
    wanted = pair_batch(tokenizer, [s[0] for s in segments], [s[1] for s in segments], 40)
    assert set(batch["inputs"]) == set(wanted)
    for name, tensor in wanted.items():
        assert torch.equal(batch["inputs"][name], tensor), name
    assert data.lengths == wanted["attention_mask"].sum(1).tolist()


def test_columns_are_log_chances_that_sum_to_one() -> None:
    logits = torch.tensor([[1.0, 2.0, 3.0, 0.5], [0.0, 0.0, 0.0, -4.0]])
    chances = stance_columns(logits).exp()
    assert chances.sum(1).tolist() == pytest.approx([1.0, 1.0])
    assert chances[1, 3].item() > 0.9
    assert chances[0, :3].argmax().item() == 2


def loss(model: Path, asked: list[Question], task: str = "stance") -> float:
    core = load_model(model)
    wrapped = PairTask(core, task).eval()  # type: ignore[arg-type]
    tokenizer = load_tokenizer(model)
    data = encode(tokenizer, asked, ours=True, task=task, max_tokens=40)  # type: ignore[arg-type]
    collate = PairCollator(int(tokenizer.pad_token_id), 3 if task == "nli" else 4)
    return float(wrapped(**collate([data[i] for i in range(3)]))["loss"].detach())


def test_the_loss_is_the_log_chance_of_all_that_is_right(tiny_model: Path) -> None:
    one, two = loss(tiny_model, ask((2,))), loss(tiny_model, ask((2, 3)))
    assert one > two > 0
    assert loss(tiny_model, ask((0, 1, 2, 3))) == pytest.approx(0.0, abs=1e-5)
    # Compared with fewer labels, the right one is likelier.
    assert loss(tiny_model, ask((0,), (0, 1))) < loss(tiny_model, ask((0,)))
    spoken = loss(tiny_model, ask((0,), (0, 1), spoken=True))
    assert spoken > loss(tiny_model, ask((0,), (0, 1)))


def test_weights_scale_the_loss(tiny_model: Path) -> None:
    once = loss(tiny_model, ask((0,)))
    assert loss(tiny_model, ask((0,), weight=3.0)) == pytest.approx(3 * once, rel=1e-5)


def test_entailment_is_learned_by_its_own_head(tiny_model: Path) -> None:
    assert loss(tiny_model, ask((0, 1, 2), (0, 1, 2)), "nli") == pytest.approx(0.0, abs=1e-5)
    assert loss(tiny_model, ask((1,), (0, 1, 2)), "nli") > 0


def test_padding_is_zero_and_masked() -> None:
    rows = [{"input_ids": np.array([5, 6, 7])}, {"input_ids": np.array([8])}]
    features = [{"ids": r, "question": q, "row": 7} for r, q in zip(rows, ask((0,)), strict=False)]
    batch = PairCollator(9, 4)(features)
    assert batch["inputs"]["input_ids"].tolist() == [[5, 6, 7], [8, 9, 9]]
    assert batch["inputs"]["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch["gold"].tolist() == [[1, 0, 0, 0]] * 2
    assert batch["rows"] == [7, 7]


def test_a_batch_in_two_halves_teaches_the_same(tiny_model: Path) -> None:
    core = load_model(tiny_model)
    for module in core.trunk.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0  # as in the trunk of mini
    wrapped = PairTask(core, "stance", drop_by_row(core, 0)).train()
    tokenizer = load_tokenizer(tiny_model)
    data = encode(tokenizer, ask((0,)), ours=True, task="stance", max_tokens=40)
    collate = PairCollator(int(tokenizer.pad_token_id), 4)

    def loss_of(*rows: int) -> float:
        return float(wrapped(**collate([data[i] for i in rows]))["loss"].detach())

    parts = [loss_of(0), loss_of(1), loss_of(2)]
    assert loss_of(2, 0, 1) == pytest.approx(sum(parts) / 3, rel=1e-5)
    # In the next epoch other parts are dropped.
    assert loss_of(3) != pytest.approx(parts[0], rel=1e-5)
