from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.backends.fake import FakeEncoder
from stance.errors import OptionError
from stance.pairs import PASSAGE_WORDS, pair_of, passage_of, shortened, spread, stance_of
from stance.records import LABELS, Evidence, Span, Target
from stance.text import make_document

ENCODER = FakeEncoder(1 << 14)
FILLER = "It rained all day long in the quiet hills behind our village. " * 20
BRIDGE = "The harbour bridge is unsafe, the union said."


def test_the_holder_is_marked_where_the_text_names_it() -> None:
    pair = pair_of("Talks failed. NATO said no.", "talks", "nato")
    assert pair.holder_span is not None
    assert pair.holder_span.of(pair.text) == "NATO"
    assert pair_of("Talks failed.", "talks", "NATO").holder_span is None
    assert pair_of("Talks failed.", "talks", None).holder is None


@given(wild_texts(), wild_texts(3))
def test_a_mark_is_a_true_slice(text: str, holder: str) -> None:
    pair = pair_of(text, "x", holder)
    if pair.holder_span is not None:
        assert pair.holder_span.of(text).casefold() == holder.casefold()


@given(wild_texts())
def test_a_short_text_is_read_whole(text: str) -> None:
    document = make_document(text)
    if len(text.split()) <= PASSAGE_WORDS:
        assert passage_of(document, "the bridge", ENCODER) == Span(0, len(text))


@pytest.mark.parametrize("text", [FILLER + BRIDGE, f"{BRIDGE} {FILLER}", FILLER + BRIDGE + FILLER])
def test_of_a_long_text_the_passage_near_the_target_is_read(text: str) -> None:
    passage = passage_of(make_document(text), "the harbour bridge is unsafe", ENCODER)
    assert BRIDGE in passage.of(text)
    assert len(passage.of(text).split()) <= PASSAGE_WORDS


def test_of_distant_passages_the_nearest_is_read() -> None:
    text = "A bridge is near.\n\n" + FILLER + "\n\n" + BRIDGE
    passage = passage_of(make_document(text), "the harbour bridge is unsafe", ENCODER)
    assert BRIDGE in passage.of(text)


def test_only_long_texts_without_a_marked_target_are_shortened() -> None:
    texts = [BRIDGE, FILLER + BRIDGE, FILLER + BRIDGE]
    short = shortened(texts, ["the harbour bridge"] * 3, [None, None, Span(0, 2)], ENCODER)
    assert short[0] is texts[0]
    assert BRIDGE in short[1]
    assert len(short[1].split()) <= PASSAGE_WORDS
    assert short[2] is texts[2]


def test_nothing_is_shortened_to_nothing() -> None:
    assert shortened([], [], [], ENCODER) == []


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.floats(0, 1))
def test_what_is_unrelated_leans_to_neutral(chances: list[float], related: float) -> None:
    row = np.array([*(c / sum(chances) for c in chances), related], dtype=np.float32)
    stance = stance_of(row, "Ana", Target("x"), Evidence("a", 0, 1))
    assert sum(stance.scores[label] for label in LABELS) == pytest.approx(1.0, abs=1e-5)
    assert stance.scores.neutral >= row[2] - 1e-5
    assert stance.confidence == stance.scores[stance.scores.best]
    assert stance.label in (stance.scores.best, "unclear")
    assert type(stance.confidence) is float


def test_the_text_itself_is_the_author() -> None:
    row = np.array([0.9, 0.05, 0.05, 1.0], dtype=np.float32)
    stance = stance_of(row, None, Target("x"), Evidence("a", 0, 1))
    assert (stance.holder.name, stance.holder.kind, stance.label) == ("author", "author", "favor")


def test_one_value_is_for_all_and_a_list_is_for_each() -> None:
    assert spread("a", 3, "target") == ["a", "a", "a"]
    assert spread(["a", "b"], 2, "target") == ["a", "b"]
    with pytest.raises(OptionError, match="2 values of target for 3 texts"):
        spread(["a", "b"], 3, "target")
