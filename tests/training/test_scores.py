from __future__ import annotations

import numpy as np
import pytest

from stance.backends.base import Attribution, Encoding, Floats, StancePair
from stance.records import Span
from stance.text import Document, make_document
from stance.training.examples import Attributed, SalienceExample, TaggedExample
from stance.training.measured import Measured
from stance.training.questions import Question
from stance.training.scores import compared, pair_tables, quick_judge, salience_tables, tag_tables

THREE = ("favor", "against", "neutral")


def asked(labels: str) -> list[Question]:
    names = {"f": "favor", "a": "against", "n": "neutral"}
    return [
        Question(StancePair("a", "b"), names[c], (0,), (0, 1, 2, 3), f"text {i // 2}")
        for i, c in enumerate(labels)
    ]


def answers(labels: str) -> Floats:
    table = np.full((len(labels), 4), 0.1, dtype=np.float32)
    for row, c in enumerate(labels):
        table[row, "fanu".index(c)] = 0.7
    return table


def test_measures_before_and_after_come_with_their_change() -> None:
    gold = "fafafafanfanfana"
    after = pair_tables(answers(gold), asked(gold), THREE, "stance")
    before = pair_tables(answers("f" * len(gold)), asked(gold), THREE, "stance")
    found = {m.name: m for m in compared(before, after)}
    assert found["macro_f1"].after.value == 1.0
    assert found["accuracy"].before is not None
    assert found["accuracy"].before.value == pytest.approx(6 / 16)
    change = found["accuracy"].change
    assert change is not None
    assert change.value == pytest.approx(10 / 16)
    assert 0 < change.low <= change.value <= change.high
    assert found["accuracy"].after.n == 8
    assert "->" in str(found["accuracy"])
    assert set(found) == {"macro_f1", "accuracy", "ece", "f1_favor", "f1_against", "f1_neutral"}


def test_equal_answers_change_nothing() -> None:
    gold = "fanfan"
    tables = pair_tables(answers("ffnaan"), asked(gold), THREE, "stance")
    for measured in compared(tables, tables):
        assert measured.change is not None
        assert measured.change.value == measured.change.low == measured.change.high == 0.0


def test_a_base_without_a_head_has_no_before() -> None:
    found = compared(None, pair_tables(answers("fan"), asked("fan"), THREE, "stance"))
    assert all(m.before is None and m.change is None for m in found)
    assert Measured.from_dict(found[0].to_dict()) == found[0]


def test_a_label_that_is_not_judged_does_not_count() -> None:
    found = compared(None, pair_tables(answers("fafa"), asked("fafa"), THREE, "stance"))
    assert {m.name: m.after.value for m in found}["macro_f1"] == 1.0


def test_the_trainer_is_told_the_same() -> None:
    class Prediction:
        predictions = np.log(answers("fafaf"))

    said = quick_judge(asked("faff"), THREE, "stance")(Prediction())
    assert said["accuracy"] == 0.75
    # Every gold column is the first one; the fifth prediction fills up a batch.
    chances = np.array([0.7, 0.1, 0.7, 0.1])
    assert said["loss"] == pytest.approx(-np.log(chances).mean(), rel=1e-4)
    tables = pair_tables(answers("fafa"), asked("faff"), THREE, "stance")
    (macro,) = [m for m in compared(None, tables) if m.name == "macro_f1"]
    assert said["macro_f1"] == pytest.approx(macro.after.value)


class Scripted:
    """Be an encoder that gives what it was given."""

    def __init__(self, found: tuple[Attribution, ...], salience: list[float]) -> None:
        self.found, self.scores = found, salience

    def encode(self, document: Document) -> Encoding:
        count = len(document.sentences)
        salience = np.array(self.scores[:count], np.float32)
        return Encoding(np.zeros((count, 2), np.float32), salience, self.found)

    def embed(self, texts: object) -> Floats:
        raise AssertionError


def test_tags_are_scored_by_the_words_that_they_cover() -> None:
    text = "Ana said no."
    gold = Attributed((Span(0, 3),), (Span(4, 8),), (Span(9, 11),))
    example = TaggedExample(text, make_document(text).sentences, (gold,))
    found = Attribution((Span(9, 11),), None, Span(4, 8), 1.0)
    scores = {
        m.name: m.after.value
        for m in compared(None, tag_tables(Scripted((found,), [0.5]), [example]))
    }
    assert scores == {
        "mean_f1": pytest.approx(2 / 3),
        "source_f1": 0.0,
        "cue_f1": 1.0,
        "content_f1": 1.0,
    }


def test_salience_is_scored_among_as_many_sentences() -> None:
    sentences = ("It rained here.", "The bridge fell.", "Nobody was hurt.", "It was late.")
    example = SalienceExample(sentences, frozenset({1, 3}))
    tables = salience_tables(Scripted((), [0.1, 0.9, 0.8, 0.2]), [example])
    (only,) = compared(None, tables)
    assert only.after.value == 0.5
