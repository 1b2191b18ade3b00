"""Cut long training texts to the passages nearest to their target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from transformers import AutoModel

from stance.backends.base import Floats
from stance.backends.inputs import load_tokenizer
from stance.backends.passages import nearest
from stance.text import split_sentences
from stance.training.examples import PairExample


def shorten(examples: Sequence[PairExample], base: str, words: int = 110) -> list[PairExample]:
    """Replace each text by its passages of at most `words` words nearest to the target.

    Args:
        examples: pairs whose texts may be long.
        base: folder of the untuned trunk; its sentence vectors say what is near.
        words: the budget.

    Returns:
        The same examples, in order, with shorter texts.
    """
    encoder = _Mean(base)
    sentences = {text: split_sentences(text) for text in {e.pair.text for e in examples}}
    flat = sorted(
        {s for group in sentences.values() for s in group} | {e.pair.target for e in examples}
    )
    vectors = dict(zip(flat, encoder.embed(flat), strict=True))
    result = []
    for example in examples:
        group = sentences[example.pair.text]
        chosen = nearest(
            group, np.stack([vectors[s] for s in group]), vectors[example.pair.target], words
        )
        text = " ".join(group[i] for i in chosen)
        result.append(replace(example, pair=replace(example.pair, text=text)))
    return result


class _Mean:
    """Embed texts with a bare trunk."""

    def __init__(self, folder: str) -> None:
        self.tokenizer = load_tokenizer(folder)
        self.model = AutoModel.from_pretrained(folder, dtype=torch.float32, trust_remote_code=False)
        self.model.eval()

    @torch.inference_mode()
    def embed(self, texts: Sequence[str], size: int = 128) -> Floats:
        """Return one unit vector per text."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), self.model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            batch = self.tokenizer(
                [texts[i] for i in rows],
                truncation=True,
                max_length=96,
                padding=True,
                return_tensors="pt",
            )
            with torch.autocast("cpu", torch.bfloat16):
                states = self.model(**batch).last_hidden_state.float()
            mask = batch["attention_mask"].unsqueeze(-1)
            means = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
            out[rows] = means.numpy()
        return out
