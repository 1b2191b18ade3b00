"""Make models small enough to learn a few answers by heart in a second or two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from gguf import GGUFWriter, TokenType
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)
from transformers.utils import logging

SAY, SAID = "Say it.", "The mill will close. The union denied it."
LOOP, LOOPED = "Go on.", "It rained. The town waits for the old mill by the river. "
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def learn(model: Any, batch: dict[str, torch.Tensor]) -> None:
    """Train until every label is the model's first choice."""
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(400):
        out = model.train()(**batch)
        out.loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if out.loss.item() < 0.02:
            break
    model.eval()


def save(model: Any, tokenizer: Any, folder: Path) -> Path:
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    logging.enable_progress_bar()
    tokenizer.save_pretrained(folder)
    return folder


def make_tokenizer(specials: list[str], ending: str = "$A", **names: Any) -> Any:
    """Train a byte-level BPE tokenizer; `ending` is the template of a whole text."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=330, special_tokens=specials, initial_alphabet=alphabet, show_progress=False
    )
    raw.train_from_iterator([SAID, LOOPED] * 2, trainer)
    used = [(token, raw.token_to_id(token)) for token in specials if token in ending]
    raw.post_processor = processors.TemplateProcessing(single=ending, special_tokens=used)
    return PreTrainedTokenizerFast(tokenizer_object=raw, **names)


def chat_tokenizer() -> Any:
    names = {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "pad_token": "<|im_end|>"}
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer = make_tokenizer(specials, "<|endoftext|> $A", **names)
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def make_llama(folder: Path) -> Path:
    """Make a chat model that answers SAY with SAID, and LOOP without end."""
    torch.manual_seed(0)
    tokenizer = chat_tokenizer()
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 256}
    ends = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}
    model = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes, **heads, **ends))
    rows = []
    for asked, answer in ((SAY, f"{SAID}<|im_end|>"), (LOOP, LOOPED * 5)):
        turn = [{"role": "user", "content": asked}]
        start = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
        plain = {"add_special_tokens": False}
        begun = tokenizer(start, **plain)["input_ids"]
        whole = tokenizer(start + answer, **plain)["input_ids"]
        rows.append((whole, [-100] * len(begun) + whole[len(begun) :]))
    size = max(len(ids) for ids, _ in rows)
    batch = {
        "input_ids": torch.tensor([ids + [2] * (size - len(ids)) for ids, _ in rows]),
        "labels": torch.tensor([labels + [-100] * (size - len(labels)) for _, labels in rows]),
    }
    learn(model, batch)
    return save(model, tokenizer, folder)


def make_bart(folder: Path) -> Path:
    """Make a summarizer that answers everything with SAID; its window has 64 tokens."""
    torch.manual_seed(0)
    names = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = make_tokenizer(specials, "<s> $A </s>", model_max_length=64, **names)
    layers = {"encoder_layers": 1, "decoder_layers": 1, "d_model": 32}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    inner = {"encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 64}
    forced = {"forced_bos_token_id": 0, "forced_eos_token_id": 2}
    config = BartConfig(vocab_size=len(tokenizer), **layers, **heads, **inner, **forced)
    model = BartForConditionalGeneration(config)
    model.generation_config.update(num_beams=2, min_length=8, forced_bos_token_id=0)
    learn(
        model,
        {
            **tokenizer([SAY], return_tensors="pt"),
            "labels": tokenizer([SAID], return_tensors="pt")["input_ids"],
        },
    )
    return save(model, tokenizer, folder)


def make_t5(folder: Path) -> Path:
    """Make a summarizer that answers everything with SAID, with T5's settings for the task."""
    torch.manual_seed(0)
    names = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    tokenizer = make_tokenizer(["<pad>", "</s>", "<unk>"], "$A </s>", model_max_length=64, **names)
    task = {"prefix": "summarize: ", "num_beams": 3, "min_length": 10, "max_length": 200}
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=1,
        num_heads=4,
        decoder_start_token_id=0,
        task_specific_params={"summarization": task},
    )
    model = T5ForConditionalGeneration(config)
    asked = tokenizer([f"summarize: {SAY}"], return_tensors="pt")
    learn(model, {**asked, "labels": tokenizer([SAID], return_tensors="pt")["input_ids"]})
    return save(model, tokenizer, folder)


def write_gguf(llama: Path, path: Path) -> Path:
    """Write the Llama in `llama` as an unquantized GGUF file, the way llama.cpp lays it out."""
    model = LlamaForCausalLM.from_pretrained(llama, dtype=torch.float32)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(llama)
    config = model.config
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(config.vocab_size)
    write_vocabulary(writer, tokenizer)
    names = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    parts = {
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
    }
    for layer in range(config.num_hidden_layers):
        names |= {f"model.layers.{layer}.{k}": f"blk.{layer}.{v}" for k, v in parts.items()}
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    for name, tensor in model.state_dict().items():
        stem = name.removesuffix(".weight")
        kind = stem.rsplit(".", 1)[-1]
        data = interleave(tensor, heads[kind]) if kind in heads else tensor
        writer.add_tensor(f"{names[stem]}.weight", data.contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_vocabulary(writer: GGUFWriter, tokenizer: Any) -> None:
    import json

    inner = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(inner["vocab"], key=inner["vocab"].__getitem__)
    special = set(tokenizer.all_special_tokens) | {"<|endoftext|>"}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_merges([" ".join(m) if isinstance(m, list) else m for m in inner["merges"]])
    writer.add_token_types(
        [TokenType.CONTROL if t in special else TokenType.NORMAL for t in tokens]
    )
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_chat_template(TEMPLATE)


def interleave(tensor: torch.Tensor, heads: int) -> torch.Tensor:
    """Order the rows of a query or key matrix as llama.cpp's rotary embedding wants them."""
    rows, columns = tensor.shape
    return tensor.view(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)
