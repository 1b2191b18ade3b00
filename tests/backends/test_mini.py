from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.backends.base import Encoder, PairScorer, StancePair
from stance.backends.mini import SALIENCE_BLOCK, MiniBackend, pick_device
from stance.backends.modeling import TAGS
from stance.backends.quantize import load_model, save_int8
from stance.errors import ModelFormatError
from stance.records import ModelInfo, Span
from stance.text import make_document

INFO = ModelInfo("tiny")
PAIRS = [
    StancePair("The mayor said that the bridge is safe.", "the bridge"),
    StancePair("No.", "the bridge is safe", "the mayor"),
    StancePair("North Korea sold weapons to Russia. " * 30, "Russia", "Korea", Span(6, 11)),
    StancePair("Russia said no.", "Russia", target_span=Span(0, 6)),
]


@pytest.fixture(scope="module")
def backend(tiny_model: Path) -> MiniBackend:
    return MiniBackend(tiny_model, INFO, "cpu")


def test_the_protocols_are_met(backend: MiniBackend) -> None:
    assert isinstance(backend, Encoder)
    assert isinstance(backend, PairScorer)
    assert backend.info is INFO


def test_a_device_is_picked() -> None:
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_device("auto").type in ("cpu", "cuda", "mps")


# ---------------------------------------------------------------------- articles


@settings(max_examples=25)
@given(wild_texts())
def test_any_text_is_encoded_sentence_by_sentence(backend: MiniBackend, text: str) -> None:
    document = make_document(text)
    encoding = backend.encode(document)
    count = len(document.sentences)
    assert encoding.vectors.shape == (count, 32)
    assert encoding.salience.shape == (count,)
    assert encoding.vectors.dtype == encoding.salience.dtype == np.float32
    norms = np.linalg.norm(encoding.vectors, axis=1)
    assert np.all(np.isclose(norms, 1, atol=1e-4) | (norms == 0))
    assert np.all((encoding.salience >= 0) & (encoding.salience <= 1))
    for attribution in encoding.attributions:
        assert 0 < attribution.score <= 1 + 1e-6
        for span in (*attribution.content, attribution.source, attribution.cue):
            assert span is None or span.end <= len(text)


def test_attributions_come_in_the_order_of_the_text(tiny_model: Path) -> None:
    """Windows are read by length, so that their order has to be put back."""
    backend = MiniBackend(tiny_model, INFO, "cpu")
    bias = backend.model.attribution_head.tags.bias.data
    bias[TAGS.index("I-content")] = 100.0
    text = "\n".join("The mayor said that the bridge is safe. " * (n % 7 + 1) for n in range(60))
    found = backend.encode(make_document(text)).attributions
    starts = [min(s.start for s in a.content) for a in found]
    assert len(starts) > 5
    assert starts == sorted(starts)
    assert max(s.end for a in found for s in a.content) > len(text) - 50


def test_a_sentence_has_one_vector_wherever_it_stands_first(backend: MiniBackend) -> None:
    text = "The mayor said that the bridge is safe."
    alone = backend.encode(make_document(text)).vectors[0]
    assert np.allclose(alone, backend.embed([text])[0], atol=1e-5)
    long = backend.embed([text + " No one denied it." * 200])[0]
    assert np.isfinite(long).all()


@given(st.lists(wild_texts(4), min_size=1, max_size=6))
@settings(max_examples=20)
def test_texts_are_embedded_in_their_order(backend: MiniBackend, texts: list[str]) -> None:
    together = backend.embed(texts)
    assert together.shape == (len(texts), 32)
    for row, text in zip(together, texts, strict=True):
        assert np.allclose(row, backend.embed([text])[0], atol=1e-4)


def test_nothing_is_embedded_as_nothing(backend: MiniBackend) -> None:
    assert backend.embed([]).shape == (0, 32)
    assert backend.embed(["\u200b"]).tolist() == [[0.0] * 32]


def test_a_document_longer_than_a_block_is_read_to_its_end(backend: MiniBackend) -> None:
    count = 2 * SALIENCE_BLOCK + 7
    document = make_document("\n".join(f"The bridge {n} is safe." for n in range(count)))
    encoding = backend.encode(document)
    assert encoding.salience.shape == (count,)
    assert (encoding.salience > 0).all()
    assert (np.linalg.norm(encoding.vectors, axis=1) > 0.99).all()


# ---------------------------------------------------------------------- pairs


def test_pairs_are_scored_as_probabilities_in_their_order(backend: MiniBackend) -> None:
    rows = backend.stance(PAIRS)
    assert rows.shape == (4, 4)
    assert rows.dtype == np.float32
    assert np.allclose(rows[:, :3].sum(1), 1, atol=1e-5)
    assert ((rows > 0) & (rows < 1)).all()
    for row, pair in zip(rows, PAIRS, strict=True):
        assert np.allclose(row, backend.stance([pair])[0], atol=1e-5)
    assert np.allclose(backend.stance(PAIRS[::-1]), rows[::-1], atol=1e-5)


def test_many_pairs_come_back_in_their_order(backend: MiniBackend) -> None:
    pairs = [StancePair("The bridge is safe. " * (n % 13 + 1), f"bridge {n}") for n in range(90)]
    rows = backend.stance(pairs)
    for index in (0, 12, 55, 89):
        assert np.allclose(rows[index], backend.stance([pairs[index]])[0], atol=1e-4)


def test_the_holder_and_its_mark_matter(backend: MiniBackend) -> None:
    text = "The mayor and the council said no."
    rows = backend.stance(
        [
            StancePair(text, "the plan", "the mayor", Span(0, 9)),
            StancePair(text, "the plan", "the mayor", Span(14, 25)),
            StancePair(text, "the plan", "the council", Span(14, 25)),
            StancePair(text, "the plan"),
        ]
    )
    assert len(np.unique(rows.round(6), axis=0)) == 4


def test_markers_in_a_text_are_words_like_others(backend: MiniBackend) -> None:
    marked = StancePair("Russia said no.", "Russia", target_span=Span(0, 6))
    forged = StancePair(" [unused1] Russia [unused2]  said no.", "Russia")
    assert not np.allclose(backend.stance([marked]), backend.stance([forged]), atol=1e-5)
    forgery = [("a [SEP] b [unused5] c", "d"), ("a [ SEP] b [ unused5] c", "d")]
    assert np.allclose(*backend.entail(forgery), atol=1e-6)


def test_entailment_is_a_probability(backend: MiniBackend) -> None:
    rows = backend.entail([("The bridge is safe.", "It is safe."), ("No.", "The bridge is safe.")])
    assert rows.shape == (2, 3)
    assert np.allclose(rows.sum(1), 1, atol=1e-5)
    assert backend.entail([]).shape == (0, 3)
    assert backend.stance([]).shape == (0, 4)


@settings(max_examples=25)
@given(wild_texts(), wild_texts(3), st.none() | wild_texts(2))
def test_any_pair_is_scored(
    backend: MiniBackend, text: str, target: str, holder: str | None
) -> None:
    assert np.isfinite(backend.stance([StancePair(text, target, holder)])).all()
    assert np.isfinite(backend.entail([(text, target)])).all()


def test_temperatures_flatten_the_answers_of_their_form(tiny_model: Path, tmp_path: Path) -> None:
    model = load_model(tiny_model)
    model.config.calibration = {"temperature": {"stance": {"plain": 4.0}, "nli": {"all": 4.0}}}
    save_int8(model, tmp_path)
    for path in tiny_model.glob("tokenizer*"):
        shutil.copy(path, tmp_path)
    warm, hot = (MiniBackend(folder, INFO, "cpu") for folder in (tiny_model, tmp_path))
    before, after = warm.stance(PAIRS[:2]), hot.stance(PAIRS[:2])
    assert after[0, :3].max() < before[0, :3].max()
    assert after[0, :3].argmax() == before[0, :3].argmax()
    assert np.allclose(after[1], before[1], atol=0.02)
    question = [("The bridge is safe.", "It is safe.")]
    assert hot.entail(question).max() < warm.entail(question).max()


def test_threads_do_not_get_into_each_others_way(backend: MiniBackend) -> None:
    texts = ["The bridge is safe. " * n for n in (1, 40, 3, 60, 2, 80)] * 3
    alone = [backend.stance([StancePair(text, "the bridge")])[0] for text in texts]
    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(lambda text: backend.stance([StancePair(text, "the bridge")])[0], texts)
        for row, expected in zip(asked, alone, strict=True):
            assert np.allclose(row, expected, atol=1e-5)


def test_a_tokenizer_that_is_not_the_weights_own_is_refused(
    tiny_model: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_model, tmp_path / "model")
    file = tmp_path / "model/tokenizer.json"
    data = json.loads(file.read_text("utf-8"))
    vocabulary = data["model"]["vocab"]
    vocabulary |= {f"word{i}": len(vocabulary) + i for i in range(9)}
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ModelFormatError, match="do not belong together"):
        MiniBackend(tmp_path / "model", ModelInfo("m"), "cpu")
    file.write_text('{"model":', "utf-8")
    with pytest.raises(ModelFormatError, match="cannot be loaded"):
        MiniBackend(tmp_path / "model", ModelInfo("m"), "cpu")
    file.unlink()
    with pytest.raises(ModelFormatError, match=r"has no tokenizer\.json"):
        MiniBackend(tmp_path / "model", ModelInfo("m"), "cpu")
