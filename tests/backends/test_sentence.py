from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizerFast

from stance.backends.sentence import SentenceEncoder
from stance.errors import ModelFormatError

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "the",
    "mill",
    "will",
    "close",
    "it",
    "rained",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    (root / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(root)
    BertTokenizerFast(str(root / "vocab.txt")).save_pretrained(root)
    return root


def test_vectors_have_length_one_and_keep_the_order(folder: Path) -> None:
    encoder = SentenceEncoder(folder, device="cpu")
    texts = ["the mill will close", "it rained", "the mill"] * 30
    vectors = encoder.embed(texts)
    assert vectors.shape == (90, 16)
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0] * 90, abs=1e-5)
    alone = np.concatenate([encoder.embed([text]) for text in texts[:3]])
    assert np.allclose(vectors[:3], alone, atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-3)


def test_padding_does_not_move_a_vector(folder: Path) -> None:
    encoder = SentenceEncoder(folder, device="cpu")
    padded = encoder.embed(["it rained", "the mill will close " * 20])[0]
    assert np.allclose(padded, encoder.embed(["it rained"])[0], atol=1e-5)


def test_no_texts_give_no_rows(folder: Path) -> None:
    assert SentenceEncoder(folder, device="cpu").embed([]).shape == (0, 16)


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFormatError, match=str(tmp_path)):
        SentenceEncoder(tmp_path, device="cpu")
