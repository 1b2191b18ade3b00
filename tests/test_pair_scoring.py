from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from stance.errors import MissingExtraError
from stance.labelled_pairs import LabelledPair
from stance.pair_scoring import judge_pairs, pair_tables
from stance.records import Holder, Label, Scores, Stance, Target


def pair(text: str, label: Label = "favor", id_: str = "") -> LabelledPair:
    return LabelledPair(id_ or text, text, "the deal", label)


class Reads:
    """Take the first letters of a text as its scores; crash on one word."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def detect(
        self, text: Sequence[str], target: Sequence[str], *, holder: Sequence[str | None]
    ) -> list[Stance]:
        self.asked.append(len(text))
        if "missing" in text:
            raise MissingExtraError.of("this", "eval")
        if "odd" in text:
            raise ValueError("an odd pair")
        return [self._stance(words) for words in text]

    @staticmethod
    def _stance(words: str) -> Stance:
        favor, against, neutral = (int(c) / 10 for c in words[:3])
        scores = Scores(favor, against, neutral)
        return Stance(Holder("author", "author"), Target("the deal"), "unclear", 0.0, scores)


def test_a_set_without_neutral_is_not_answered_with_it() -> None:
    two = judge_pairs(Reads(), [pair("244 a"), pair("127 b", "against")])
    assert [(j.predicted, round(j.confidence, 3)) for j in two] == [
        ("against", 0.667),
        ("against", 0.667),
    ]
    three = judge_pairs(Reads(), [pair("244 a"), pair("127 b", "against"), pair("118", "neutral")])
    assert [j.predicted for j in three] == ["against", "neutral", "neutral"]
    assert three[0].explanation == "wrong: said against (0.40), gold says favor"


def test_a_crash_costs_its_own_pair_alone() -> None:
    steps: list[int] = []
    pairs = [pair("820"), pair("odd"), pair("280", "against")]
    judged = judge_pairs(Reads(), pairs, step=steps.append)
    assert [j.predicted for j in judged] == ["favor", None, "against"]
    assert judged[1].explanation == "crashed: ValueError: an odd pair"
    assert steps == [3]
    with pytest.raises(MissingExtraError):
        judge_pairs(Reads(), [pair("missing")])


def test_many_pairs_are_asked_in_batches() -> None:
    reads = Reads()
    assert len(judge_pairs(reads, [pair("820", id_=str(i)) for i in range(130)])) == 130
    assert reads.asked == [64, 64, 2]


def test_scores_by_hand() -> None:
    pairs = [pair("910 a"), pair("910 a", "against", "2"), pair("190 b", "against"), pair("odd")]
    tables = pair_tables(judge_pairs(Reads(), pairs))
    values = {name: float(value(rows.sum(0)[None])[0]) for name, (rows, value) in tables.items()}
    # favor: 1 right, 1 too many, 1 missed; against: 1 right, 1 missed. neutral is not in the set.
    assert values["macro_f1"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert values["accuracy"] == 0.5
    # All three answers have confidence 0.9, two of them are right; the crash has none.
    assert values["ece"] == pytest.approx(abs(0.9 - 2 / 3))
    # The pairs of one text stay together.
    assert len(tables["accuracy"][0]) == 3
    assert np.all(tables["accuracy"][0].sum((1, 2)) == [2, 1, 1])
