from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import worth
from stance.backends.base import Floats
from stance.worth import scaled, sentence_features, weigh, word_features, word_values

TEXTS = (
    "The council of Oslo approved the bridge on Monday.",
    "The bridge will cost the council nine million crowns.",
    "“I never saw such a thing,” a fisherman said.",
    "Dogs bark at night.",
)


def flat(count: int) -> Floats:
    return np.full(count, 0.5, dtype=np.float32)


def test_every_weight_has_its_feature() -> None:
    assert sentence_features(TEXTS).shape == (len(TEXTS), len(worth.WEIGHTS))
    found = word_features([frozenset({"bridge", "council"}), frozenset({"bridge"})])
    assert {len(values) for values in found.values()} == {len(worth.WORD_WEIGHTS)}


def test_words_that_come_again_early_are_worth_most() -> None:
    stems = [{"bridge", "dog"}, {"bridge", "tax"}, {"tax"}, {"harbour"}]
    values = word_values([frozenset(own) for own in stems])
    assert values["bridge"] > values["tax"] > values["harbour"] == pytest.approx(values["dog"])


def test_the_best_sentence_has_one_and_none_is_below_zero() -> None:
    found = weigh(TEXTS, flat(4))
    assert found.total.max() == pytest.approx(1.0)
    assert found.total.min() >= 0.0
    assert set(found.total.argsort()[-2:]) == {0, 1}


def test_salience_breaks_a_tie() -> None:
    texts = ["Dogs bark at night in the town."] * 12
    salience = flat(12)
    salience[9] = 1.0
    plain, moved = weigh(texts, flat(12)).total, weigh(texts, salience).total
    assert plain[9] < plain[8]
    assert moved[9] > moved[8]


def test_quotations_and_the_first_person_count_against_a_sentence() -> None:
    told = "It is the best thing that has happened to the town in a long time, the mayor said."
    quoted = f"“{told[:73]},” the mayor said."
    ours = told.replace("the town", "our town")
    rows = dict(
        zip(("told", "quoted", "ours"), sentence_features([told, quoted, ours]), strict=True)
    )
    names = list(worth.WEIGHTS)
    assert rows["told"][names.index("quoted")] == 0.0
    assert rows["quoted"][names.index("quoted")] > 0.5
    assert rows["ours"][names.index("speaking")] == 1.0
    assert worth.WEIGHTS["quoted"] < 0
    assert worth.WEIGHTS["speaking"] < 0


def test_nothing_weighs_nothing() -> None:
    found = weigh([], flat(0))
    assert len(found.total) == 0
    assert found.words == ()
    assert list(scaled(np.zeros(2, dtype=np.float32))) == [0.0, 0.0]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_any_texts_have_finite_worth(texts: list[str]) -> None:
    found = weigh(texts, flat(len(texts)))
    assert np.isfinite(found.total).all()
    assert found.total.min() >= -1e-6
    assert found.total.max() <= 1 + 1e-6
    assert all(value >= 0 for words in found.words for value in words.values())
    assert len(found.words) == len(texts)
