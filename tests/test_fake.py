from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.base import Encoder, Generator, PairScorer, StancePair
from stance.backends.fake import FakeEncoder, FakeGenerator, FakeScorer
from stance.text import make_document

TEXT = (
    "The mayor said that the bridge is safe. “It will stand,” the engineer told reporters. “For "
    "ever.” “We doubt it,” said a resident. Nobody was hurt."
)


def test_the_protocols_are_met() -> None:
    assert isinstance(FakeEncoder(), Encoder)
    assert isinstance(FakeScorer(), PairScorer)
    assert isinstance(FakeGenerator(), Generator)


def test_salience_falls_and_vectors_have_length_one() -> None:
    encoding = FakeEncoder().encode(make_document(TEXT))
    assert np.all(np.diff(encoding.salience) < 0)
    assert np.allclose(np.linalg.norm(encoding.vectors, axis=1), 1.0)


def test_attributions_are_found_by_their_marks() -> None:
    found = FakeEncoder().encode(make_document(TEXT)).attributions
    told = [
        (a.source.of(TEXT), a.cue.of(TEXT), [c.of(TEXT) for c in a.content])
        for a in found
        if a.source and a.cue
    ]
    assert told == [
        ("The mayor", "said", ["the bridge is safe"]),
        ("the engineer", "told", ["It will stand,", "For ever."]),
        ("a resident", "said", ["We doubt it,"]),
    ]


def test_entailment_reads_overlap_and_negation() -> None:
    rows = FakeScorer().entail(
        [
            ("The mayor praised the vote.", "The mayor praised the vote."),
            ("The mayor praised the vote.", "The mayor never praised the vote."),
            ("The mayor praised the vote.", "Elephants dance."),
        ]
    )
    assert rows.argmax(axis=1).tolist() == [0, 2, 1]
    assert np.allclose(rows.sum(axis=1), 1.0)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Russia bought weapons from North Korea.", 0),
        ("We have never sold weapons to Russia.", 1),
        ("We have no indication that Russia bought weapons.", 2),
    ],
)
def test_stance_reads_negation_and_hedges(text: str, label: int) -> None:
    row = FakeScorer().stance([StancePair(text, "Russia bought weapons")])[0]
    assert int(row[:3].argmax()) == label
    assert row[:3].sum() == pytest.approx(1.0)
    assert row[3] > 0.3


def test_the_generator_repeats_its_script_or_the_passage() -> None:
    scripted = FakeGenerator(["a\nb", "c"])
    assert scripted.generate(["x", "y", "z"]) == ["a\nb", "c", "c"]
    assert scripted.prompts == ["x", "y", "z"]
    reader = FakeGenerator(sentences=1)
    assert reader.generate(["Read <a>\nCats sleep. Dogs bark.\n</a> please."]) == ["Cats sleep."]
    assert reader.generate(["Cats sleep all day long."], max_tokens=2) == ["Cats sleep"]
    assert reader.generate([""]) == [""]
    assert reader.info.name == "fake"


@given(st.text(), st.text())
def test_any_text_is_judged(left: str, right: str) -> None:
    vectors = FakeEncoder().embed([left, right])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert np.all(FakeScorer().entail([(left, right)]) >= 0)
