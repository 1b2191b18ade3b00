from __future__ import annotations

from pathlib import Path

import pytest

from stance.backends.base import StancePair
from stance.backends.inputs import load_tokenizer
from stance.backends.mini import MiniBackend
from stance.backends.modeling import StanceModel
from stance.records import ModelInfo, Span
from stance.training.develop import auc, develop
from stance.training.examples import Attributed, PairExample, SalienceExample, TaggedExample

TEXT = "Ana said it rains. Bo sued the mill."


@pytest.fixture(scope="module")
def model(tiny_trunk: Path, tmp_path_factory: pytest.TempPathFactory) -> MiniBackend:
    folder = tmp_path_factory.mktemp("model")
    StanceModel.from_trunk(str(tiny_trunk)).save_pretrained(folder)
    load_tokenizer(tiny_trunk).save_pretrained(folder)
    return MiniBackend(folder, ModelInfo("tiny"), "cpu")


def test_every_kind_of_example_is_scored(model: MiniBackend) -> None:
    pair = StancePair("it rains", "rain")
    said = Attributed((Span(0, 3),), (Span(4, 8),), (Span(9, 17),))
    done = Attributed((Span(19, 21),), (), (Span(22, 35),))
    scores = develop(
        model,
        {
            "pairs": [
                PairExample("stance", pair, (0,), related=1),
                PairExample("stance", pair, (), related=0),
            ],
            "tags": [TaggedExample(TEXT, (Span(0, 18), Span(19, 36)), (said,), "x", (done,))],
            "sentences": [SalienceExample(("a b", "c d", "e f", "g h"), frozenset({1}))],
        },
    )
    assert {"pairs/f1", "pairs/auc_related", "tags/exact_act", "sentences/top3"} <= set(scores)
    assert all(0 <= value <= 1 for value in scores.values())
    assert scores["pairs/auc_related"] == 0.5
    assert scores["sentences/top3_of_lead"] == 1.0


def test_auc_by_hand() -> None:
    assert auc([2.0, 3.0], [1.0, 2.0]) == 0.875
