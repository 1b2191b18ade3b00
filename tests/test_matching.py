from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.matching import holder_strength, match, normal_name, target_strength


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("The White House", "white house"),
        ("U.S.", "us"),
        ("Mayor Ilse Brandt", "ilse brandt"),
        ("Deputy Prime Minister Ilse Brandt", "ilse brandt"),
        ("Dr. Anna-Maria O’Neil’s", "anna maria oneil"),
        # An office is not a title, and a title alone is a name.
        ("the Mayor's office", "mayor office"),
        ("Foreign Ministry", "foreign ministry"),
        ("the Prime Minister", "prime minister"),
        ("the minister of health", "minister of health"),
        ("“North Korea”", "north korea"),
        ("Ｎｏｒｔｈ", "north"),
        ("हिन्दी", "हिन्दी"),
        ("the", ""),
        ("—", ""),
    ],
)
def test_normal_name(name: str, normal: str) -> None:
    assert normal_name(name) == normal


@pytest.mark.parametrize(
    ("predicted", "gold", "strength"),
    [
        (["North Korea"], ["the North Korea", "DPRK"], 4.0),
        (["DPRK"], ["North Korea", "the DPRK"], 3.0),
        (["Kim", "North Korea"], ["North Korea"], 3.0),
        (["he", "the ministry"], ["Lurenia", "the ministry"], 3.0),
        (["Drasko", "the ministry"], ["Lurenia", "the ministry"], 2.0),
        (["Scientology"], ["critics of Scientology"], 0.0),
        (["North Korea"], ["South Korea"], 0.0),
        (["he"], ["he"], 0.0),
        (["US"], ["the U.S."], 4.0),
        ([], ["North Korea"], 0.0),
    ],
)
def test_holder_strength(predicted: list[str], gold: list[str], strength: float) -> None:
    assert holder_strength(predicted, gold) == strength


def test_near_names_match_by_sorted_tokens() -> None:
    assert 0.85 <= holder_strength(["Brandt, Ilze"], ["Ilse Brandt"]) < 1.0
    assert holder_strength(["Brandt, Ilse"], ["Ilse Brandt"]) == 1.0
    assert holder_strength(["Ilse Brand"], ["Nora Falk"]) == 0.0


@pytest.mark.parametrize(
    ("cosine", "strength"), [(0.0, 0.0), (0.69, 0.0), (0.7, 0.7), (0.95, 0.95)]
)
def test_targets_match_by_cosine_from_seven_tenths(cosine: float, strength: float) -> None:
    assert target_strength("the bus lane", ["closing Harrow Street to cars"], cosine) == strength


def test_targets_match_by_words_from_one_half() -> None:
    assert target_strength("the bus lane", ["a new tram", "bus lane"]) == pytest.approx(4 / 5)
    assert target_strength("a bus", ["the bus"]) == 0.5
    assert target_strength("one long bus", ["the bus"]) == 0.0


def test_match_takes_the_strongest_first_and_each_once() -> None:
    strength = np.array([[2.0, 0.9], [4.0, 0.0], [2.0, 0.9]])
    assert match(strength) == {1: 0, 0: 1}
    assert match(np.zeros((2, 3))) == {}


@given(
    st.integers(1, 5).flatmap(
        lambda k: st.lists(
            st.lists(st.sampled_from([0.0, 0.9, 2.0, 4.0]), min_size=k, max_size=k), min_size=1
        )
    )
)
def test_match_never_uses_anything_twice_or_leaves_a_pair_open(rows: list[list[float]]) -> None:
    strength = np.array(rows)
    pairs = match(strength)
    assert len(set(pairs.values())) == len(pairs)
    assert all(strength[i, j] > 0 for i, j in pairs.items())
    for i, j in zip(*np.nonzero(strength), strict=True):
        assert i in pairs or j in pairs.values()


@given(st.text(max_size=40))
def test_normal_name_has_no_articles_punctuation_or_stray_space(name: str) -> None:
    normal = normal_name(name)
    assert not {"the", "a", "an"} & set(normal.split())
    assert not set(normal) & set(".,;:'\"“”-–—()")
    assert normal == " ".join(normal.split())
