"""Fit SetFit (Tunstall et al. 2022) on any trunk: contrastive pairs, then a logistic head.

The published package does not import with transformers 5, so its recipe is written out here with
its defaults: every row is paired 20 times with a row of its label and 20 times with one of another;
the cosine of the two sentence vectors is taught to be 1 or 0 for one epoch, in batches of 16 at
2e-5; then a logistic regression reads the vectors.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from stance.backends.inputs import clean, load_tokenizer
from stance.backends.quantize import load_model
from stance.training.schedule import fast_precision

ITERATIONS = 20
BATCH = 16
RATE = 2e-5
WARMUP = 0.1
MAX_TOKENS = 256


class SetFit:
    """Classify pairs by a sentence encoder that was tuned on a few of them.

    Args:
        trunk: the folder of a `StanceModel`, whose trunk is taken, or of a plain encoder.
        device: where it runs.
        seed: of the pairs, and of dropout.
        precision: ``auto``, ``bf16`` or ``no``, as in `stance.finetune`.
    """

    def __init__(
        self, trunk: Path, *, device: str = "cpu", seed: int = 0, precision: str = "auto"
    ) -> None:
        self.device, self.seed = torch.device(device), seed
        self.bf16 = fast_precision(precision, device) == "bf16"
        torch.manual_seed(seed)
        config = (trunk / "config.json").read_text("utf-8")
        if '"model_type": "stance"' in config:
            self.tokenizer: Any = load_tokenizer(trunk)
            self.model: Any = load_model(trunk).trunk
        else:
            self.tokenizer = AutoTokenizer.from_pretrained(str(trunk), trust_remote_code=False)
            self.model = AutoModel.from_pretrained(
                str(trunk), dtype=torch.float32, use_safetensors=True, trust_remote_code=False
            )
        self.model.to(self.device)
        self.head: Any = None

    def fit(self, texts: Sequence[str], targets: Sequence[str], labels: Sequence[str]) -> None:
        """Tune the encoder and fit the head."""
        from sklearn.linear_model import LogisticRegression

        written = self.written(texts, targets)
        self._tune(written, labels)
        self.head = LogisticRegression(max_iter=1000).fit(self.embed(written), list(labels))

    def predict(self, texts: Sequence[str], targets: Sequence[str]) -> list[str]:
        """Return the likeliest label of each pair."""
        return [str(label) for label in self.head.predict(self.embed(self.written(texts, targets)))]

    def written(self, texts: Sequence[str], targets: Sequence[str]) -> list[str]:
        """Write a pair as one text: the target first, so that it is never cut off."""
        mark = self.tokenizer.sep_token
        return [f"{clean(b)} {mark} {clean(a)}" for a, b in zip(texts, targets, strict=True)]

    @torch.inference_mode()
    def embed(self, texts: Sequence[str]) -> Any:
        """Return one unit vector per text."""
        self.model.eval()
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = np.zeros((len(texts), self.model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            found[rows] = self._vectors([texts[i] for i in rows]).float().cpu().numpy()
        return found

    def _vectors(self, texts: Sequence[str]) -> Any:
        batch = self.tokenizer(
            list(texts), truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt"
        ).to(self.device)
        states = self.model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)
        return functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)

    def _tune(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        pairs = contrasted(labels, self.seed)
        steps = max(1, len(pairs) // BATCH)
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=RATE, weight_decay=0.01)
        rise = max(1, int(WARMUP * steps))
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda s: min((s + 1) / rise, max(0.0, (steps - s) / max(1, steps - rise)))
        )
        self.model.train()
        # The precision in which `stance.finetune` learns, so that neither is favored by it.
        mixed = torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)
        for step in range(steps):
            chosen = pairs[step * BATCH : (step + 1) * BATCH]
            both = [texts[i] for i, _, _ in chosen] + [texts[j] for _, j, _ in chosen]
            with mixed:
                vectors = self._vectors(both)
            cosine = (vectors[: len(chosen)] * vectors[len(chosen) :]).sum(-1)
            wanted = torch.tensor([float(same) for _, _, same in chosen], device=self.device)
            loss: Any = functional.mse_loss(cosine, wanted)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            schedule.step()


def contrasted(labels: Sequence[str], seed: int) -> list[tuple[int, int, bool]]:
    """Pair every row with rows of its own label and of others, shuffled."""
    rng = random.Random(seed)
    by_label: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        by_label.setdefault(label, []).append(index)
    pairs = []
    for _ in range(ITERATIONS):
        for index, label in enumerate(labels):
            pairs.append((index, rng.choice(by_label[label]), True))
            other = rng.choice([name for name in by_label if name != label])
            pairs.append((index, rng.choice(by_label[other]), False))
    rng.shuffle(pairs)
    return pairs
