from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tiny_hubs
import torch
from tiny_rows import made

import stance
from stance.backends.base import StancePair
from stance.backends.opening import Tuned
from stance.backends.quantize import load_model
from stance.errors import DataError, OptionError
from stance.training.fewshot import fold_of, mixed, transplanted
from stance.training.pair_task import PairTask
from stance.training.questions import Question

QUICK: dict[str, Any] = {"few_shot": True, "device": "cpu", "epochs": 4}


def asked(labels: str) -> list[Question]:
    return [
        Question(StancePair(f"text {i}", "b"), c, (0,), (0,), f"text {i // 2}")
        for i, c in enumerate(labels)
    ]


def test_folds_keep_texts_whole_and_labels_even() -> None:
    questions = asked("aabb" * 12)
    folds = fold_of(questions, 4, 0)
    assert folds == fold_of(questions, 4, 0) != fold_of(questions, 4, 1)
    assert all(folds[i] == folds[i + 1] for i in range(0, 48, 2))
    counts = Counter((fold, q.label) for fold, q in zip(folds, questions, strict=True))
    assert set(counts.values()) == {6}


def test_weights_are_averaged() -> None:
    start = {"a": torch.zeros(2), "n": torch.tensor(3)}
    tuned = {"a": torch.ones(2), "n": torch.tensor(3)}
    assert mixed(start, tuned, 0.25)["a"].tolist() == [0.25, 0.25]
    assert mixed(start, tuned, 1.0)["n"].item() == 3


def test_a_transplanted_head_favors_what_is_entailed(tiny_model: Path) -> None:
    core = load_model(tiny_model).eval()
    task = PairTask(core, "stance")
    inputs = {
        "input_ids": torch.tensor([[2, 15, 16, 3, 17, 3]]),
        "attention_mask": torch.ones(1, 6, dtype=torch.long),
        "second": torch.tensor([[0, 0, 0, 0, 1, 1]]),
    }
    with torch.no_grad():
        wanted = core.nli(**inputs).softmax(-1)[0]
        task.load_state_dict(transplanted(task.state_dict()))
        found = core.stance(**inputs)[0]
    labels = found[:3].softmax(-1)
    assert labels.tolist() == pytest.approx([wanted[i].item() for i in (0, 2, 1)], abs=1e-6)
    assert found[3].sigmoid().item() > 0.95


def test_few_rows_give_a_model_and_an_honest_report(tiny_model: Path, tmp_path: Path) -> None:
    rows = made(48)
    result = stance.finetune(rows, tmp_path / "m", base=tiny_model, **QUICK)
    assert (result.judged_on, result.judged) == ("folds", 48)
    assert "each answered by weights that had not seen it" in result.text
    assert "few-shot: started from the" in result.notes[-1]
    model = stance.load(result.path or "", device="cpu", generator=None)
    assert isinstance(model.scorer, Tuned)
    assert model.scorer.wording
    stance_ = model.detect(rows[0]["text"], "the plan")
    assert sum(stance_.scores[label] for label in ("favor", "against", "neutral")) == pytest.approx(
        1.0, abs=1e-5
    )
    again = stance.finetune(rows, tmp_path / "n", base=tiny_model, **QUICK)
    assert again.measures == result.measures


def test_a_test_part_is_used_where_there_is_one(tiny_model: Path, tmp_path: Path) -> None:
    rows = [{**r, "split": "test" if n < 30 else "train"} for n, r in enumerate(made(78))]
    result = stance.finetune(rows, tmp_path / "m", base=tiny_model, **QUICK)
    assert (result.judged_on, result.judged) == ("test", 30)


@pytest.mark.usefixtures("mini_is_tiny")
def test_entailments_and_hub_models_too(tiny_model: Path, tmp_path: Path) -> None:
    names = {"pro": "entailment", "con": "contradiction", "neutral": "neutral"}
    rows = [{**r, "label": names[r["label"]]} for r in made(24)]
    result = stance.finetune(rows, tmp_path / "m", base=tiny_model, task="nli", **QUICK)
    assert result["accuracy"].before is not None
    pytest.importorskip("google.protobuf")
    base = tiny_hubs.deberta_nli(tmp_path / "nli")
    result = stance.finetune(made(24), tmp_path / "n", base=base, **QUICK)
    assert "the classifier's head" in result.notes[-1]
    assert stance.load(result.path or "", device="cpu", generator=None).detect("a", "b").label


def test_what_few_shot_is_not_for(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="leave lora out"):
        stance.finetune(made(24), tmp_path / "m", base=tiny_model, lora=True, **QUICK)
    with pytest.raises(DataError, match=r"1[0-9]+ rows are more than the 1000"):
        stance.finetune(made(1500), tmp_path / "m", base=tiny_model, **QUICK)
    with pytest.raises(OptionError, match="not for salience"):
        stance.finetune(made(24), tmp_path / "m", base=tiny_model, task="salience", **QUICK)
