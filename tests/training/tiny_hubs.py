"""Make tiny classifiers of the families that people take from a hub."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import (
    AutoTokenizer,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
    RobertaModel,
)
from transformers.utils import logging

TEXTS = """the mayor said the bridge is safe and good; the council voted against the plan;
    the minister denied that weapons were sold; the union called the new tax a mistake;
    supporters welcomed the port; critics attacked the stadium; nobody knows what it will cost;
    it rained in the valley and the ferry was late again; parents praised the library""".split(";")
ENTAILMENTS = {0: "contradiction", 1: "neutral", 2: "entailment"}
_SIZE = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 260,
}


def _save(model: object, folder: Path) -> None:
    logging.disable_progress_bar()
    model.save_pretrained(folder)  # type: ignore[attr-defined]
    logging.enable_progress_bar()


def deberta_nli(folder: Path) -> Path:
    """Make a DeBERTa-v3 with an entailment head and a sentencepiece tokenizer."""
    import sentencepiece

    folder.mkdir(parents=True)
    (folder / "corpus.txt").write_text("\n".join(t.strip() for t in TEXTS * 4), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "corpus.txt"),
        model_prefix=str(folder / "spm"),
        vocab_size=150,
        hard_vocab_limit=False,
        pad_id=0,
        bos_id=1,
        eos_id=2,
        unk_id=3,
        pad_piece="[PAD]",
        bos_piece="[CLS]",
        eos_piece="[SEP]",
        unk_piece="[UNK]",
        user_defined_symbols="[MASK]",
        minloglevel=2,
    )
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "DebertaV2Tokenizer", "do_lower_case": True}), "utf-8"
    )
    config = DebertaV2Config(
        vocab_size=200,
        relative_attention=True,
        position_biased_input=False,
        pos_att_type=["p2c", "c2p"],
        type_vocab_size=0,
        pad_token_id=0,
        id2label=ENTAILMENTS,
        **_SIZE,
    )
    (folder / "config.json").write_text(json.dumps(config.to_dict()), "utf-8")
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    _save(DebertaV2ForSequenceClassification(config), folder)
    (folder / "corpus.txt").unlink()
    return folder


def _bpe(folder: Path) -> RobertaConfig:
    from tokenizers import ByteLevelBPETokenizer, processors
    from transformers import PreTrainedTokenizerFast

    raw = ByteLevelBPETokenizer()
    names = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>", "mask": "<mask>"}
    special = list(names.values())
    raw.train_from_iterator(TEXTS * 4, vocab_size=400, min_frequency=1, special_tokens=special)
    raw.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    given = {f"{name}_token": word for name, word in names.items()}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw._tokenizer, cls_token="<s>", sep_token="</s>", **given
    )
    folder.mkdir(parents=True)
    tokenizer.save_pretrained(folder)
    return RobertaConfig(
        vocab_size=len(tokenizer), type_vocab_size=1, pad_token_id=1, bos_token_id=0, **_SIZE
    )


def roberta(folder: Path) -> Path:
    """Make a RoBERTa without a head, with a BPE tokenizer."""
    config = _bpe(folder)
    torch.manual_seed(0)
    _save(RobertaModel(config), folder)
    return folder


def roberta_topics(folder: Path) -> Path:
    """Make a RoBERTa whose head tells other things apart than stances."""
    config = _bpe(folder)
    config.id2label = {0: "sports", 1: "politics"}
    config.label2id = {"sports": 0, "politics": 1}
    torch.manual_seed(0)
    _save(RobertaForSequenceClassification(config), folder)
    return folder
