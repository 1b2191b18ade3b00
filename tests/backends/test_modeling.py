from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoConfig, AutoModel

from stance.backends.modeling import (
    MAX_POSITION,
    NLI_LABELS,
    STANCE_LABELS,
    TAGS,
    StanceConfig,
    StanceModel,
    sentence_means,
)
from stance.backends.quantize import load_model

IDS = torch.tensor([[2, 11, 12, 3, 14, 3]])
MASK = torch.ones_like(IDS)
SECOND = torch.tensor([[0, 0, 0, 0, 1, 0]])


@pytest.fixture(scope="module")
def model(tiny_model: Path) -> StanceModel:
    return load_model(tiny_model).eval()


def test_transformers_knows_the_model_by_its_type(tiny_model: Path) -> None:
    config = AutoConfig.from_pretrained(tiny_model)
    assert isinstance(config, StanceConfig)
    assert isinstance(AutoModel.from_pretrained(tiny_model), StanceModel)


def test_a_config_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    trunk = {"model_type": "bert", "hidden_size": 32, "num_attention_heads": 2}
    calibration = {"temperature": {"nli": {"all": 1.25}}}
    config = StanceConfig(trunk, link_size=8, salience_size=12, calibration=calibration)
    config.save_pretrained(tmp_path)
    again = StanceConfig.from_pretrained(tmp_path)
    assert (again.trunk, again.link_size, again.salience_size) == (trunk, 8, 12)
    assert again.calibration == calibration


def test_a_config_keeps_no_path_and_leaves_the_callers_dict_alone() -> None:
    trunk = {"model_type": "bert", "_name_or_path": "/home/somebody/model"}
    assert StanceConfig(trunk).trunk == {"model_type": "bert"}
    assert "_name_or_path" in trunk


def test_fresh_heads_stand_on_the_given_trunk(tiny_trunk: Path) -> None:
    model = StanceModel.from_trunk(str(tiny_trunk), dropout=0.25, salience_size=12)
    trunk = AutoModel.from_pretrained(tiny_trunk)
    for name, weight in trunk.state_dict().items():
        assert torch.equal(model.trunk.state_dict()[name], weight)
    assert model.trunk.config.hidden_dropout_prob == 0.25
    assert model.trunk.config.attention_probs_dropout_prob == 0.25


@torch.inference_mode()
def test_every_head_has_its_shape(model: StanceModel) -> None:
    inputs = {"input_ids": IDS, "attention_mask": MASK}
    assert model.stance(SECOND, **inputs).shape == (1, len(STANCE_LABELS) + 1)
    assert model.nli(SECOND, **inputs).shape == (1, len(NLI_LABELS))
    tags, links = model.attribution(model.states(**inputs), MASK)
    assert tags.shape == (1, 6, len(TAGS))
    assert links.shape == (1, 2, 6, 6)
    assert model.salience(torch.randn(2, 5, 32), torch.ones(2, 5)).shape == (2, 5)


@torch.inference_mode()
def test_padding_changes_no_answer(model: StanceModel) -> None:
    padded = {
        "input_ids": torch.nn.functional.pad(IDS, (0, 4)),
        "attention_mask": torch.nn.functional.pad(MASK, (0, 4)),
    }
    plain = {"input_ids": IDS, "attention_mask": MASK}
    second = torch.nn.functional.pad(SECOND, (0, 4))
    for head in (model.stance, model.nli):
        assert torch.allclose(head(SECOND, **plain), head(second, **padded), atol=1e-5)
    tags, links = model.attribution(model.states(**plain), MASK)
    more_tags, more_links = model.attribution(model.states(**padded), padded["attention_mask"])
    assert torch.allclose(tags, more_tags[:, :6], atol=1e-5)
    assert torch.allclose(links, more_links[:, :, :6, :6], atol=1e-5)
    assert (more_links[:, :, :, 6:] < -1e3).all()
    vectors = torch.randn(1, 4, 32)
    alone = model.salience(vectors[:, :3], torch.ones(1, 3))
    mask = torch.tensor([[1.0, 1.0, 1.0, 0.0]])
    assert torch.allclose(alone, model.salience(vectors, mask)[:, :3], atol=1e-5)


@torch.inference_mode()
def test_both_texts_of_a_pair_count(model: StanceModel) -> None:
    base = model.stance(SECOND, input_ids=IDS, attention_mask=MASK)
    for place in (1, 4):
        other = IDS.clone()
        other[0, place] = 20
        assert not torch.allclose(base, model.stance(SECOND, input_ids=other, attention_mask=MASK))
    swapped = model.stance(1 - SECOND, input_ids=IDS, attention_mask=MASK)
    assert not torch.allclose(base, swapped)


@torch.inference_mode()
def test_a_block_of_a_long_document_knows_its_place(model: StanceModel) -> None:
    vectors, mask = torch.randn(1, 3, 32), torch.ones(1, 3)
    first = model.salience(vectors, mask, 0, 10)
    assert not torch.allclose(first, model.salience(vectors, mask, 10, 0))
    late = model.salience(vectors, mask, MAX_POSITION, MAX_POSITION)
    later = model.salience(vectors, mask, 10 * MAX_POSITION, 10 * MAX_POSITION)
    assert torch.equal(late, later)


@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 5), st.data())
def test_sentence_means_are_means(
    batch: int, tokens: int, sentences: int, data: st.DataObject
) -> None:
    owners = st.lists(
        st.integers(-1, sentences - 1), min_size=batch * tokens, max_size=batch * tokens
    )
    owner = np.array(data.draw(owners)).reshape(batch, tokens)
    states = np.random.default_rng(0).normal(size=(batch, tokens, 4)).astype(np.float32)
    means = sentence_means(torch.from_numpy(states), torch.from_numpy(owner), sentences).numpy()
    assert means.shape == (sentences, 4)
    for index in range(sentences):
        own = states[owner == index]
        expected = own.mean(0) if len(own) else np.zeros(4)
        assert np.allclose(means[index], expected, atol=1e-5)
