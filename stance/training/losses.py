"""Compute the loss of one batch, whatever its task."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as f
from torch import Tensor, nn

from stance.backends.modeling import StanceModel, sentence_means

# How much the sentence vectors are held to those of the untuned trunk while salience is learned.
ANCHOR_WEIGHT = 2.0
LINK_WEIGHT = 0.5
RELATED_WEIGHT = 0.7


class Trainable(nn.Module):
    """Wrap the model so that ``forward`` maps a batch to its loss (as DDP needs)."""

    def __init__(self, model: StanceModel, anchor: nn.Module | None = None) -> None:
        super().__init__()
        self.model = model
        # Kept in a tuple, so that the frozen teacher is no parameter of this module.
        self._anchor = (anchor,)

    def forward(self, batch: dict[str, Any]) -> Tensor:
        """Return the mean loss of the batch."""
        losses = {
            "stance": self._stance,
            "nli": self._nli,
            "attribution": self._attribution,
            "salience": self._salience,
        }
        return losses[batch["task"]](batch)

    def _stance(self, batch: dict[str, Any]) -> Tensor:
        logits = self.model.stance(**batch["inputs"]).float()
        # Rows without a label weigh nothing; masks instead of choices keep a GPU from waiting.
        weight = batch["weight"] * (batch["gold"].sum(1) > 0)
        each = set_loss(logits[:, :3], batch["gold"], batch["allowed"])
        known = (batch["related"] >= 0).float()
        related = f.binary_cross_entropy_with_logits(
            logits[:, 3], batch["related"].clamp(min=0), reduction="none"
        )
        loss: Tensor = (each * weight).sum() + RELATED_WEIGHT * (related * known).sum()
        return loss / len(logits)

    def _nli(self, batch: dict[str, Any]) -> Tensor:
        logits = self.model.nli(**batch["inputs"]).float()
        return set_loss(logits, batch["gold"], batch["allowed"]).mean()

    def _attribution(self, batch: dict[str, Any]) -> Tensor:
        inputs = {k: batch["inputs"][k] for k in ("input_ids", "attention_mask")}
        states = self.model.states(**inputs)
        tags, links = self.model.attribution(states, inputs["attention_mask"])
        loss: Tensor = f.cross_entropy(
            tags.float().flatten(0, 1), batch["tags"].flatten(), ignore_index=-100
        )
        deeds = self.model.acts(states).float().flatten(0, 1)
        marked = (batch["acts"] >= 0).sum().clamp(min=1)
        loss = (
            loss
            + f.cross_entropy(deeds, batch["acts"].flatten(), ignore_index=-100, reduction="sum")
            / marked
        )
        if len(batch["links"]):
            row, kind, start, end = batch["links"].unbind(1)
            loss = loss + LINK_WEIGHT * f.cross_entropy(links[row, kind, start].float(), end)
        return loss

    def _salience(self, batch: dict[str, Any]) -> Tensor:
        inputs = {k: batch["inputs"][k] for k in ("input_ids", "attention_mask")}
        owner, mask = batch["inputs"]["owner"], batch["mask"]
        flat = sentence_means(self.model.states(**inputs), owner, batch["total"])
        vectors = flat.new_zeros(*mask.shape, flat.shape[-1])
        vectors[mask.bool()] = flat
        logits = self.model.salience(vectors, mask).float()
        loss = salience_loss(logits, batch["salient"], mask)
        (anchor,) = self._anchor
        if anchor is not None:
            with torch.no_grad():
                states = anchor(**inputs).last_hidden_state
                wanted = sentence_means(states, owner, batch["total"]).float()
            loss = loss + ANCHOR_WEIGHT * (1 - f.cosine_similarity(flat.float(), wanted)).mean()
        return loss


def set_loss(logits: Tensor, gold: Tensor, allowed: Tensor) -> Tensor:
    """Return -log P(gold set | allowed set) per row; both sets are 0/1 masks over the labels."""
    inside = logits.masked_fill(allowed == 0, -1e4)
    right = logits.masked_fill((gold * allowed) == 0, -1e4)
    return inside.logsumexp(1) - right.logsumexp(1)


def salience_loss(logits: Tensor, gold: Tensor, mask: Tensor) -> Tensor:
    """Join a list-wise loss (which sentences come first) with a point-wise one (is it salient)."""
    scores = logits.masked_fill(mask == 0, -1e4).log_softmax(1)
    listwise = -(scores * gold).sum(1) / gold.sum(1).clamp(min=1)
    pointwise = f.binary_cross_entropy_with_logits(logits, gold, reduction="none")
    return listwise.mean() * 0.5 + (pointwise * mask).sum() / mask.sum()
