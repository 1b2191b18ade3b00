"""Embed sentences with a plain encoder: mean pooling, unit length (Reimers and Gurevych 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from stance.backends.base import Floats
from stance.backends.loading import pick_device, quiet, readable

_BATCH = 64
# The length that all-MiniLM-L6-v2 was trained with; what is beyond it moves the mean little.
_MAX_TOKENS = 256


class SentenceEncoder:
    """Give sentence vectors of an encoder that has no heads of ours."""

    def __init__(self, folder: str | Path, *, device: str = "auto") -> None:
        self.device = pick_device(device)
        with quiet(), readable(Path(folder)):
            self.tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False)
            model = AutoModel.from_pretrained(
                str(folder), dtype=torch.float32, use_safetensors=True, trust_remote_code=False
            )
        self.model = model.to(self.device).eval()

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text, shape (texts, dim)."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors: dict[int, Floats] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors |= dict(zip(batch, self._embed([texts[i] for i in batch]), strict=True))
        width = int(self.model.config.hidden_size)
        rows = [vectors[i] for i in range(len(texts))]
        return np.stack(rows) if rows else np.zeros((0, width), dtype=np.float32)

    @torch.inference_mode()
    def _embed(self, texts: list[str]) -> Floats:
        inputs = self.tokenizer(
            texts, padding=True, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt"
        ).to(self.device)
        states = self.model(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        means = (states * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        unit: Floats = torch.nn.functional.normalize(means, dim=-1).cpu().numpy()
        return unit
