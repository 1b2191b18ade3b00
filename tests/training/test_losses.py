from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel

from stance.backends.base import StancePair
from stance.backends.inputs import load_tokenizer
from stance.backends.modeling import StanceModel
from stance.backends.quantize import load_model
from stance.records import Span
from stance.text import make_document
from stance.training.batches import Limits, collate
from stance.training.examples import (
    AGAINST,
    FAVOR,
    Attributed,
    Example,
    PairExample,
    SalienceExample,
    TaggedExample,
)
from stance.training.losses import Trainable, salience_loss, set_loss

TEXT = "The mayor said that the bridge is safe. No."
LOGITS = st.lists(st.floats(-20, 20), min_size=3, max_size=3)


@pytest.fixture
def model(tiny_model: Path) -> StanceModel:
    return load_model(tiny_model).eval()


@pytest.fixture(scope="module")
def tokenizer(tiny_model: Path) -> Any:
    return load_tokenizer(tiny_model)


def pair(gold: tuple[int, ...], **more: Any) -> PairExample:
    return PairExample("stance", StancePair(TEXT, "the bridge"), gold, **more)


def example_of(task: str) -> Example:
    told = Attributed((Span(0, 9),), (Span(10, 14),), (Span(15, 38),))
    return {
        "stance": pair((FAVOR,), related=1),
        "nli": PairExample("nli", StancePair(TEXT, "It is safe."), (0,)),
        "attribution": TaggedExample(TEXT, make_document(TEXT).sentences, (told,)),
        "salience": SalienceExample(("It rained.", "The bridge is safe.", "No."), frozenset({1})),
    }[task]


# ---------------------------------------------------------------------- sets of labels


@given(LOGITS)
def test_one_gold_label_among_all_is_cross_entropy(values: list[float]) -> None:
    logits = torch.tensor([values])
    for gold in range(3):
        mask = torch.nn.functional.one_hot(torch.tensor([gold]), 3).float()
        expected = torch.nn.functional.cross_entropy(logits, torch.tensor([gold]))
        assert torch.allclose(set_loss(logits, mask, torch.ones(1, 3)), expected, atol=1e-4)


@given(LOGITS)
def test_a_set_without_neutral_teaches_nothing_about_neutral(values: list[float]) -> None:
    logits = torch.tensor([values], requires_grad=True)
    gold, allowed = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([[1.0, 1.0, 0.0]])
    loss = set_loss(logits, gold, allowed)
    loss.sum().backward()
    assert logits.grad is not None
    assert logits.grad[0, 2] == 0
    moved = torch.tensor([[values[0], values[1], values[2] + 50]])
    assert torch.equal(loss.detach(), set_loss(moved, gold, allowed))
    assert loss >= -1e-5


@given(LOGITS)
def test_several_gold_labels_count_together(values: list[float]) -> None:
    logits = torch.tensor([values])
    gold = torch.tensor([[0.0, 1.0, 1.0]])
    chance = logits.softmax(1)[0, 1:].sum().clamp(min=1e-30)
    assert torch.allclose(set_loss(logits, gold, torch.ones(1, 3)), -chance.log(), atol=1e-3)
    assert torch.allclose(set_loss(logits, torch.ones(1, 3), torch.ones(1, 3)), torch.zeros(1))


# ---------------------------------------------------------------------- salience


def test_the_salient_sentence_is_to_come_first() -> None:
    gold, mask = torch.tensor([[0.0, 1.0, 0.0]]), torch.ones(1, 3)
    right = salience_loss(torch.tensor([[-3.0, 3.0, -3.0]]), gold, mask)
    wrong = salience_loss(torch.tensor([[3.0, -3.0, -3.0]]), gold, mask)
    assert 0 < right < 0.1 < wrong


def test_padding_has_no_part_in_the_salience_loss() -> None:
    gold, mask = torch.tensor([[0.0, 1.0, 0.0, 0.0]]), torch.tensor([[1.0, 1.0, 1.0, 0.0]])
    logits = torch.tensor([[0.5, 1.0, -1.0, 7.0]], requires_grad=True)
    loss = salience_loss(logits, gold, mask)
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[0, 3] == 0
    assert torch.allclose(loss, salience_loss(logits[:, :3], gold[:, :3], mask[:, :3]))


# ---------------------------------------------------------------------- batches


@pytest.mark.parametrize("task", ["stance", "nli", "attribution", "salience"])
def test_every_task_has_a_loss_that_training_lowers(
    model: StanceModel, tokenizer: Any, tiny_trunk: Path, task: str
) -> None:
    anchor = AutoModel.from_pretrained(tiny_trunk).eval().requires_grad_(False)
    trainable = Trainable(model, anchor)
    batch = collate(tokenizer, [example_of(task)] * 2, Limits())
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(12):
        loss = trainable(batch)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < (0.9 if task == "salience" else 0.6) * losses[0]


@pytest.mark.parametrize("task", ["stance", "nli", "attribution", "salience"])
def test_a_task_moves_its_own_head_and_the_trunk(
    model: StanceModel, tokenizer: Any, task: str
) -> None:
    Trainable(model)(collate(tokenizer, [example_of(task)], Limits())).backward()
    moved = {
        name.split(".")[0]
        for name, parameter in model.named_parameters()
        if parameter.grad is not None and parameter.grad.abs().sum() > 0
    }
    assert moved == {"trunk", f"{task}_head"}


def test_the_anchor_is_no_part_of_the_model(model: StanceModel, tiny_trunk: Path) -> None:
    anchor = AutoModel.from_pretrained(tiny_trunk)
    trainable = Trainable(model, anchor)
    assert len(list(trainable.parameters())) == len(list(model.parameters()))


def test_the_anchor_holds_the_sentence_vectors(
    model: StanceModel, tokenizer: Any, tiny_trunk: Path
) -> None:
    batch = collate(tokenizer, [example_of("salience")], Limits())
    anchor = AutoModel.from_pretrained(tiny_trunk).eval().requires_grad_(False)
    free, held = Trainable(model)(batch), Trainable(model, anchor)(batch)
    assert torch.allclose(free, held, atol=1e-4), "the trunk is still its own anchor"
    with torch.no_grad():
        for parameter in model.trunk.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    assert Trainable(model, anchor)(batch) > Trainable(model)(batch) + 1e-3


def test_a_pro_con_batch_leaves_the_neutral_output_alone(
    model: StanceModel, tokenizer: Any
) -> None:
    examples = [pair((label,), allowed=(FAVOR, AGAINST), related=1) for label in (FAVOR, AGAINST)]
    Trainable(model)(collate(tokenizer, examples, Limits())).backward()
    gradient = model.stance_head.out.bias.grad
    assert gradient is not None
    assert gradient[2] == 0
    assert (gradient[[0, 1, 3]] != 0).all()


def test_a_mismatch_teaches_relation_only(model: StanceModel, tokenizer: Any) -> None:
    Trainable(model)(collate(tokenizer, [pair((), related=0)], Limits())).backward()
    gradient = model.stance_head.out.bias.grad
    assert gradient is not None
    assert gradient[:3].tolist() == [0, 0, 0]
    assert gradient[3] > 0


def test_an_unknown_relation_teaches_the_label_only(model: StanceModel, tokenizer: Any) -> None:
    Trainable(model)(collate(tokenizer, [pair((FAVOR,))], Limits())).backward()
    gradient = model.stance_head.out.bias.grad
    assert gradient is not None
    assert gradient[3] == 0
    assert gradient[0] < 0


def test_a_doubtful_label_weighs_less(model: StanceModel, tokenizer: Any) -> None:
    losses = [
        Trainable(model)(collate(tokenizer, [pair((FAVOR,), weight=weight)], Limits())).item()
        for weight in (1.0, 0.25)
    ]
    assert losses[1] == pytest.approx(0.25 * losses[0], rel=1e-4)
