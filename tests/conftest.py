"""Share what many tests need: patience on a busy machine, and a model small enough to load."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The time that an example takes says more about the machine than about the code.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("patient")

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"“”‘’«»()[]-–—$%&"
WORDS = """the a of and to in that it is was said says denied told mayor minister bridge safe
    north korea russia sold weapons report council voted against plan union ##s ##ed ##ing ##er
    """.split()


@pytest.fixture(scope="session")
def tiny_trunk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a trunk: a BERT of 2 layers, 32 wide, with random weights and a WordPiece tokenizer."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
    from transformers.utils import logging

    from stance.backends.inputs import MARKERS

    folder = tmp_path_factory.mktemp("tiny") / "trunk"
    tokens = [*SPECIAL, *MARKERS, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    raw = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    raw.normalizer = normalizers.BertNormalizer(lowercase=True)
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")],
    )
    names = {f"{token.strip('[]').lower()}_token": token for token in SPECIAL}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, **names)
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(vocabulary), intermediate_size=64, max_position_embeddings=256, **shape
    )
    logging.disable_progress_bar()
    BertModel(config).save_pretrained(folder)
    logging.enable_progress_bar()
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_trunk: Path) -> Path:
    """Make a `StanceModel` on the tiny trunk; `stance.load` reads its folder."""
    import torch
    from transformers.utils import logging

    from stance.backends.inputs import load_tokenizer
    from stance.backends.modeling import StanceModel

    folder = tiny_trunk.parent / "model"
    torch.manual_seed(1)
    model = StanceModel.from_trunk(
        str(tiny_trunk), link_size=8, salience_size=12, salience_layers=1
    )
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    logging.enable_progress_bar()
    load_tokenizer(tiny_trunk).save_pretrained(folder)
    return folder
