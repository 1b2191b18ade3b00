from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance.backends.base import Attribution, Encoding, Floats, StancePair
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.backends.mini import MiniBackend
from stance.backends.opening import Tuned, open_model, tuned_for
from stance.errors import ModelFormatError
from stance.records import ModelInfo, Span
from stance.text import Document, make_document

INFO = ModelInfo("x")
DOCUMENT = make_document("Ana said no. It rained.")


class Base:
    """Be a model of fakes."""

    def __init__(self, mark: float) -> None:
        self.calibration = {"support": 1, "stances": 2}
        self.mark, self.asked = mark, list[StancePair]()

    def encode(self, document: Document) -> Encoding:
        found = FakeEncoder().encode(document)
        scores = np.full_like(found.salience, self.mark)
        said = Attribution((Span(0, 3),), None, None, self.mark)
        return Encoding(found.vectors * self.mark, scores, (said,))

    def embed(self, texts: Any) -> Floats:
        return FakeEncoder().embed(texts)

    def stance(self, pairs: Any) -> Floats:
        self.asked += pairs
        return np.tile(np.array([[0.6, 0.3, 0.1, self.mark]], np.float32), (len(pairs), 1))

    def entail(self, pairs: Any) -> Floats:
        scores = FakeScorer().entail(pairs)
        return np.asarray(scores * 0 + self.mark, np.float32)


def test_each_ability_comes_from_the_model_that_has_it() -> None:
    tuned, base = Base(0.2), Base(0.8)
    pair = StancePair("a", "b")
    for task in ("stance", "nli", "attribution", "salience"):
        model = Tuned(tuned, base, (task,))
        encoding = model.encode(DOCUMENT)
        marks = {
            "stance": model.stance([pair])[0, 3],
            "nli": model.entail([("a", "b")])[0, 0],
            "attribution": encoding.attributions[0].score,
            "salience": encoding.salience[0],
        }
        assert {k: float(v) < 0.5 for k, v in marks.items()} == {k: k == task for k in marks}
        # Vectors stay comparable with those of the base.
        assert np.allclose(encoding.vectors, base.encode(DOCUMENT).vectors)
        # What was fitted on the base's answers says nothing of another scorer's.
        gone = {"stance": "stances", "nli": "support"}.get(task)
        assert model.calibration == {k: v for k, v in base.calibration.items() if k != gone}


def test_a_tuned_model_may_have_a_fit_of_its_own() -> None:
    for task in ("stance", "nli"):
        model = Tuned(Base(0.2), Base(0.8), (task,), stances={"bias": 1.0})
        assert model.calibration["stances"] == {"bias": 1.0}


def test_a_target_is_put_in_the_words_that_were_learned() -> None:
    tuned = Base(0.9)
    Tuned(tuned, Base(0.8), ("stance",), "I support {target}.").stance(
        [StancePair("a", "the {plan}")]
    )
    assert tuned.asked == [StancePair("a", "I support the {plan}.")]


def test_heat_makes_answers_less_sure_and_keeps_their_order() -> None:
    groups = ((0,), (1,), (2, 3))
    cold, warm = (
        Tuned(Base(0.9), Base(0.8), ("stance",), heat=h, groups=groups) for h in (1.0, 3.0)
    )
    before, after = (m.stance([StancePair("a", "b")])[0] for m in (cold, warm))
    assert before.tolist() == pytest.approx([0.6, 0.3, 0.1, 0.9], abs=1e-5)
    assert after[0] < before[0]
    assert after[:3].argmax() == 0
    assert after[:3].sum() == pytest.approx(1.0, abs=1e-5)


def test_our_own_models_are_opened_as_they_are(tiny_model: Path) -> None:
    assert tuned_for(tiny_model) is None
    assert isinstance(open_model(tiny_model, INFO, "cpu", lambda: tiny_model), MiniBackend)


def test_other_folders_are_refused(tiny_trunk: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFormatError):
        open_model(tiny_trunk, INFO, "cpu", lambda: tiny_trunk)
    (tmp_path / "config.json").write_text(json.dumps({"stance_tuned": "x"}), "utf-8")
    assert tuned_for(tmp_path) is None
    assert tuned_for(tmp_path / "missing") is None
