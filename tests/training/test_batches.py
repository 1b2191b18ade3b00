from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.base import StancePair
from stance.backends.decoding import attributions
from stance.backends.inputs import MARKERS, Window, load_tokenizer, make_windows
from stance.backends.modeling import TAGS
from stance.records import Span
from stance.text import make_document
from stance.training.batches import (
    IGNORE,
    Limits,
    collate,
    group_batches,
    join_sentences,
    label_window,
    rough_tokens,
    task_of,
)
from stance.training.examples import (
    AGAINST,
    FAVOR,
    Attributed,
    Example,
    PairExample,
    SalienceExample,
    TaggedExample,
)

TEXT = "The mayor said on Monday that the old bridge in the north is safe."


@pytest.fixture(scope="module")
def tokenizer(tiny_model: Path) -> Any:
    return load_tokenizer(tiny_model)


def pair(text: str = TEXT, gold: int = FAVOR, **more: Any) -> PairExample:
    return PairExample("stance", StancePair(text, "the bridge"), (gold,), **more)


def tagged(text: str, *attributions: Attributed) -> TaggedExample:
    return TaggedExample(text, make_document(text).sentences, attributions)


def salient(*salience: int) -> SalienceExample:
    return SalienceExample(("It rained.", "The bridge is safe.", "No."), frozenset(salience))


# ---------------------------------------------------------------------- grouping


@given(st.integers(0, 99), st.integers(64, 2048))
def test_every_example_is_in_one_batch_of_its_task(seed: int, room: int) -> None:
    examples: list[Example] = [pair(f"{n} " + "word " * (n % 50)) for n in range(40)]
    examples += [PairExample("nli", StancePair(f"{n}", "x"), (0,)) for n in range(15)]
    examples += [tagged(f"{TEXT} {n}") for n in range(9)]
    examples += [salient(n % 3) for n in range(9)]
    limits = Limits(batch_tokens=room, window_batch_tokens=room, pair_tokens=64)
    batches = group_batches(examples, limits, random.Random(seed))
    assert sorted(map(id, examples)) == sorted(id(e) for batch in batches for e in batch)
    for batch in batches:
        assert len({task_of(e) for e in batch}) == 1
        longest = max(min(rough_tokens(e), 64) for e in batch)
        assert len(batch) == 1 or longest * len(batch) <= room
    assert group_batches(examples, limits, random.Random(seed)) == batches


def test_examples_of_like_length_go_together() -> None:
    examples: list[Example] = [pair("word " * n) for n in range(1, 200)]
    limits = Limits(batch_tokens=512)
    batches = group_batches(examples, limits, random.Random(0))
    spread = [max(map(rough_tokens, b)) - min(map(rough_tokens, b)) for b in batches]
    assert max(spread) < 60


# ---------------------------------------------------------------------- pairs


def test_a_pair_carries_its_labels_and_what_its_set_allows(tokenizer: Any) -> None:
    examples = [
        pair(gold=AGAINST, allowed=(FAVOR, AGAINST), related=1, weight=0.5),
        PairExample("stance", StancePair(TEXT, "x"), (), related=0),
        PairExample("stance", StancePair(TEXT, "x"), (1, 2)),
    ]
    batch = collate(tokenizer, examples, Limits())
    assert batch["task"] == "stance"
    assert batch["gold"].tolist() == [[0, 1, 0], [0, 0, 0], [0, 1, 1]]
    assert batch["allowed"].tolist() == [[1, 1, 0], [1, 1, 1], [1, 1, 1]]
    assert batch["related"].tolist() == [1.0, 0.0, -1.0]
    assert batch["weight"].tolist() == [0.5, 1.0, 1.0]
    assert batch["inputs"]["input_ids"].shape == batch["inputs"]["second"].shape


def test_a_pair_is_read_as_in_use_with_its_marks(tokenizer: Any) -> None:
    question = StancePair(TEXT, "the bridge", "the mayor", Span(0, 9))
    batch = collate(tokenizer, [PairExample("stance", question, (0,))], Limits(pair_tokens=32))
    ids = batch["inputs"]["input_ids"][0].tolist()
    marks = tokenizer.convert_tokens_to_ids(list(MARKERS))
    assert [ids.count(mark) for mark in marks] == [0, 0, 1, 1, 1]
    assert len(ids) <= 32


# ---------------------------------------------------------------------- attributions


def certain(tags: torch.Tensor, links: list[tuple[int, int, int]]) -> tuple[Any, Any]:
    """Turn labels into the chances and logits of a model that has learned them by heart."""
    chances = np.full((len(tags), len(TAGS)), 1e-4, dtype=np.float32)
    for row, tag in zip(chances, tags.tolist(), strict=True):
        row[max(tag, 0)] = 1.0
    logits = np.full((2, len(tags), len(tags)), -9.0, dtype=np.float32)
    logits[:, :, 0] = 0.0
    for kind, start, end in links:
        logits[kind, start, end] = 9.0
    return chances / chances.sum(1, keepdims=True), logits


WORDS = st.sampled_from(
    ["mayor", "said", "Ünsafe", "bridge", "U.S.", "don’t", "3,000", "émigré", "橋", "co-op", "x"]
)


@given(st.data())
def test_gold_that_is_painted_comes_back_from_the_decoder(
    tokenizer: Any, data: st.DataObject
) -> None:
    """Lay out source, cue and content, far apart, in sentences of any words; paint; decode."""
    filler = "and so on " * 10
    text, gold = "", []
    for _ in range(data.draw(st.integers(1, 3))):
        parts: dict[str, tuple[Span, ...]] = {}
        for role, least in (("source", 1), ("cue", 1), ("content", 8)):
            if role == "source" and data.draw(st.booleans()):
                continue
            words = data.draw(st.lists(WORDS, min_size=least, max_size=least + 4))
            phrase = " ".join(words).strip(".")
            parts[role] = (Span(len(text), len(text) + len(phrase)),)
            text += f"{phrase}  "
        gold.append(Attributed(**parts))
        text += filler
    sentence = (Span(0, len(text)),)
    (window,) = make_windows(tokenizer, text, sentence, 2000)
    found = attributions(window, *certain(*label_window(window, gold)))
    assert [(a.source, a.cue, a.content) for a in found] == [
        (a.source[0] if a.source else None, a.cue[0], a.content) for a in gold
    ]
    assert all(a.score > 0.9 for a in found)


def only_window(tokenizer: Any, example: TaggedExample) -> Window:
    (window,) = make_windows(tokenizer, example.text, example.sentences, 256)
    return window


def test_tags_and_links_are_written_by_the_tokens_they_touch(tokenizer: Any) -> None:
    text = "Ana said no."
    example = tagged(
        text,
        Attributed((Span(0, 3),), (Span(4, 8),), (Span(9, 11),)),
        Attributed(cue=(Span(0, 1),)),
    )
    window = only_window(tokenizer, example)
    tags, links = label_window(window, example.attributions[:1])
    names = [TAGS[t] if t >= 0 else "-" for t in tags.tolist()]
    words = window.word.tolist()
    assert [name for name, word in zip(names, words, strict=True) if word < 0] == ["-", "-"]
    assert re.sub(r"( I-\w+)+", "", " ".join(names[1:-1])) == "B-source B-cue B-content O"
    source, cue, content = (words.index(word) for word in range(3))
    assert links == [(0, cue, source), (1, content, cue)]


def test_what_lies_in_another_window_is_pointed_at_as_none(tokenizer: Any) -> None:
    text = "The mayor said this. " + "No one knows why it is so. " * 3 + "The bridge is safe."
    sentences = make_document(text).sentences
    content = sentences[-1]
    gold = [Attributed((Span(0, 9),), (Span(10, 14),), (content,))]
    windows = make_windows(tokenizer, text, sentences, 24)
    assert len(windows) > 1
    first, last = label_window(windows[0], gold)[1], label_window(windows[-1], gold)[1]
    assert [(kind, end > 0) for kind, _, end in first] == [(0, True)]
    assert [(kind, end) for kind, _, end in last] == [(1, 0)]


def test_windows_of_several_texts_make_one_batch(tokenizer: Any) -> None:
    told = Attributed((Span(0, 9),), (Span(10, 14),), (Span(25, 65),))
    batch = collate(tokenizer, [tagged(TEXT, told), tagged("No.")], Limits())
    assert batch["task"] == "attribution"
    assert batch["tags"].shape == batch["inputs"]["input_ids"].shape
    assert batch["links"].tolist()[0][:2] == [0, 0]
    padding = batch["inputs"]["attention_mask"] == 0
    assert (batch["tags"][padding] == IGNORE).all()
    assert (batch["tags"][:, 0] == IGNORE).all()
    assert collate(tokenizer, [tagged("No.")], Limits())["links"].shape == (0, 4)


# ---------------------------------------------------------------------- salience


def test_salient_sentences_are_marked_and_owned(tokenizer: Any) -> None:
    longer = SalienceExample(("A.", "B.", "C.", "D."), frozenset({3}))
    batch = collate(tokenizer, [salient(0, 2), longer], Limits(window_tokens=16))
    assert batch["task"] == "salience"
    assert batch["salient"].tolist() == [[1, 0, 1, 0], [0, 0, 0, 1]]
    assert batch["mask"].tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]
    assert batch["total"] == 7
    owners = batch["inputs"]["owner"]
    assert sorted(set(owners[owners >= 0].tolist())) == list(range(7))


@given(st.lists(st.text(max_size=9), max_size=6))
def test_joined_sentences_keep_their_places(sentences: list[str]) -> None:
    text, spans = join_sentences(sentences)
    assert [span.of(text) for span in spans] == sentences
    assert len(text) == sum(map(len, sentences)) + max(0, len(sentences) - 1)
