from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.backends.base import StancePair
from stance.backends.inputs import (
    HOLDER_CLOSE,
    HOLDER_OPEN,
    HOLDER_SEP,
    MARKERS,
    TARGET_CLOSE,
    TARGET_OPEN,
    clean,
    clean_same_length,
    form_of,
    load_tokenizer,
    make_windows,
    mark,
    pair_batch,
    window_batch,
)
from stance.records import Span
from stance.text import make_document

RESERVED = [*MARKERS, "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "<s>", "</s>", "<mask>"]
TRICKS = st.lists(
    st.sampled_from(
        [*RESERVED, "[", "]", "unused", "1]", "[unus", "ed1]", " ", "a", "SEP]", "[[", "<"]
    ),
    max_size=12,
).map("".join)


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> Any:
    return load_tokenizer(tiny_model)


# ---------------------------------------------------------------------- markers


def test_every_marker_is_one_word_and_stays_so(
    loaded: Any, tmp_path: Path, tiny_trunk: Path
) -> None:
    ids = loaded.convert_tokens_to_ids(list(MARKERS))
    assert len(set(ids)) == len(MARKERS)
    assert loaded.unk_token_id not in ids
    for marker, number in zip(MARKERS, ids, strict=True):
        assert loaded(f"the {marker} mayor", add_special_tokens=False)["input_ids"][1] == number
    loaded.save_pretrained(tmp_path)
    again = load_tokenizer(tmp_path)
    assert again.convert_tokens_to_ids(list(MARKERS)) == ids
    assert load_tokenizer(tiny_trunk).convert_tokens_to_ids(list(MARKERS)) == ids


@given(TRICKS | wild_texts())
@example("[[unused1]unused1]")
@example("[UNUSED2] [Unused3]")
def test_no_text_brings_words_of_the_tokenizers_own(loaded: Any, text: str) -> None:
    reserved = set(loaded.convert_tokens_to_ids([*MARKERS, "[CLS]", "[SEP]", "[MASK]", "[PAD]"]))
    for cleaned in (clean(text), clean_same_length(text)):
        assert not reserved & set(loaded(cleaned, add_special_tokens=False)["input_ids"])
    assert len(clean_same_length(text)) == len(text)
    assert clean(text).replace(" ", "") == text.replace(" ", "")
    assert not any(word in clean(text) for word in RESERVED)


@given(st.text())
def test_other_texts_are_left_alone(text: str) -> None:
    if "[" not in text and "<" not in text:
        assert clean(text) == clean_same_length(text) == text


@given(TRICKS | wild_texts(), TRICKS | wild_texts(3), st.none() | TRICKS, st.data())
def test_the_marks_are_those_of_the_pair_and_no_others(
    loaded: Any, text: str, target: str, holder: str | None, data: st.DataObject
) -> None:
    def maybe() -> Span | None:
        if not text or not data.draw(st.booleans()):
            return None
        start = data.draw(st.integers(0, len(text)))
        return Span(start, data.draw(st.integers(start, len(text))))

    pair = StancePair(text, target, holder, maybe(), maybe())
    first, second = mark(pair)
    assert first.count(TARGET_OPEN) == first.count(TARGET_CLOSE) == (pair.target_span is not None)
    assert first.count(HOLDER_OPEN) == first.count(HOLDER_CLOSE) == (pair.holder_span is not None)
    assert second.count(HOLDER_SEP) == bool(holder)
    assert first.count(HOLDER_SEP) == 0
    assert not any(second.count(marker) for marker in MARKERS[:4])
    row = pair_batch(loaded, [first], [second], 256)["input_ids"][0].tolist()
    assert row.count(loaded.sep_token_id) == 2
    assert row.count(loaded.cls_token_id) == 1
    assert row.count(loaded.mask_token_id) == 0


def test_mentions_stand_between_their_marks() -> None:
    text = "NATO blamed Russia for it."
    first, second = mark(StancePair(text, "Russia", "NATO", Span(0, 4), Span(12, 18)))
    assert first.split() == [
        HOLDER_OPEN,
        "NATO",
        HOLDER_CLOSE,
        "blamed",
        TARGET_OPEN,
        "Russia",
        TARGET_CLOSE,
        "for",
        "it.",
    ]
    assert second == f"NATO {HOLDER_SEP} Russia"
    assert mark(StancePair(text, "Russia")) == (text, "Russia")


def test_touching_mentions_do_not_cross() -> None:
    first, _ = mark(StancePair("US-Iran talks", "Iran", "US", Span(0, 3), Span(3, 7)))
    assert first.split()[:6] == [
        HOLDER_OPEN,
        "US-",
        HOLDER_CLOSE,
        TARGET_OPEN,
        "Iran",
        TARGET_CLOSE,
    ]


def test_the_form_of_a_question() -> None:
    assert form_of(StancePair("a", "b")) == "plain"
    assert form_of(StancePair("a", "b", "c")) == "held"
    assert form_of(StancePair("a", "b", "c", None, Span(0, 1))) == "marked"


# ---------------------------------------------------------------------- pairs


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("the mayor said " * 400, "the bridge"),
        ("the bridge", "the mayor said " * 400),
        ("安全" * 400, "橋" * 600),
        ("?!" * 400, "?!" * 600),
        ("a", "&" * 600),
        ("", ""),
    ],
)
def test_a_pair_always_fits(loaded: Any, first: str, second: str) -> None:
    batch = pair_batch(loaded, [first, "a"], [second, "b"], 64)
    assert batch["input_ids"].shape[1] <= 64
    assert batch["second"].sum(1).tolist()[1] == 1
    assert bool((batch["second"] <= batch["attention_mask"]).all())


def test_of_a_long_text_its_end_is_cut_and_the_target_is_kept(loaded: Any) -> None:
    batch = pair_batch(loaded, ["the mayor said " * 100], ["the bridge is safe"], 64)
    words = loaded.convert_ids_to_tokens(batch["input_ids"][0])
    kept = [w for w, s in zip(words, batch["second"][0].tolist(), strict=True) if s]
    assert kept == ["the", "bridge", "is", "safe"]
    assert words[1:4] == ["the", "mayor", "said"]
    assert len(words) == 64


@given(st.lists(st.tuples(wild_texts(8), wild_texts(4)), min_size=1, max_size=4))
def test_the_second_text_is_told_apart(loaded: Any, pairs: list[tuple[str, str]]) -> None:
    batch = pair_batch(loaded, [clean(a) for a, _ in pairs], [clean(b) for _, b in pairs], 256)
    assert batch["second"].shape == batch["input_ids"].shape == batch["attention_mask"].shape
    for row, (_, second) in enumerate(pairs):
        ids = batch["input_ids"][row][batch["second"][row].bool()].tolist()
        alone = loaded(" ".join(clean(second).split()), add_special_tokens=False)["input_ids"]
        assert ids == alone


# ---------------------------------------------------------------------- windows


@given(wild_texts(), st.integers(12, 64))
def test_windows_hold_whole_sentences_with_true_offsets(loaded: Any, text: str, size: int) -> None:
    document = make_document(text)
    windows = make_windows(loaded, text, document.sentences, size)
    seen: list[int] = []
    for window in windows:
        assert len(window.ids) <= size
        columns = (window.owner, window.starts, window.ends, window.word)
        assert all(len(column) == len(window.ids) for column in columns)
        assert (window.ids[0], window.ids[-1]) == (loaded.cls_token_id, loaded.sep_token_id)
        inside = window.owner >= 0
        assert not inside[0]
        assert not inside[-1]
        assert inside[1:-1].all()
        assert (window.word >= 0).tolist() == inside.tolist()
        seen += sorted(set(window.owner[inside].tolist()))
        for token in np.flatnonzero(inside):
            sentence = document.sentences[window.owner[token]]
            start, end = int(window.starts[token]), int(window.ends[token])
            assert sentence.start <= start <= end <= sentence.end
        words = window.word[inside]
        assert (np.diff(words) >= 0).all()
        assert (np.diff(words) <= 1).all()
        owners = window.owner[inside]
        assert not any(
            words[i] == words[i + 1] and owners[i] != owners[i + 1] for i in range(len(words) - 1)
        )
    assert seen == sorted(set(seen))


@given(wild_texts())
def test_every_letter_has_its_token(loaded: Any, text: str) -> None:
    document = make_document(text)
    covered: set[int] = set()
    for window in make_windows(loaded, text, document.sentences, 256):
        for start, end in zip(window.starts.tolist(), window.ends.tolist(), strict=True):
            covered |= set(range(start, end))
    cut = any(len(sentence) > 250 for sentence in document.sentences)
    letters = {i for i, c in enumerate(text) if c.isascii() and c.isalnum()}
    assert cut or letters <= covered


def test_few_windows_are_made_and_none_without_need(loaded: Any) -> None:
    text = "The mayor said that the bridge is safe. " * 20
    document = make_document(text)
    windows = make_windows(loaded, text, document.sentences, 64)
    counts = [len(set(w.owner.tolist()) - {-1}) for w in windows]
    assert sum(counts) == 20
    assert min(counts[:-1]) == max(counts) > 1
    assert make_windows(loaded, text, []) == []


def test_windows_are_padded_to_one_batch(loaded: Any) -> None:
    text = "The mayor said that the bridge is safe. No."
    document = make_document(text)
    short, long = (make_windows(loaded, text, [s])[0] for s in document.sentences[::-1])
    batch = window_batch([short, long], pad_id=0)
    assert batch["input_ids"].shape == (2, len(long.ids))
    assert batch["attention_mask"].sum(1).tolist() == [len(short.ids), len(long.ids)]
    assert torch.equal(batch["input_ids"][1], torch.from_numpy(long.ids))
    assert (batch["owner"][0, len(short.ids) :] == -1).all()
    assert (batch["input_ids"][0, len(short.ids) :] == 0).all()
