"""Define the `mini` model: one trunk, four heads, saved and loaded the Transformers way.

Pair heads (stance, nli) read ``[CLS] text [SEP] target [SEP]``; article heads (attribution,
salience) read windows of whole sentences. The trunk's own mean-pooled sentence vectors are kept
close to those of the base model, so that they stay comparable by cosine.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

STANCE_LABELS = ("favor", "against", "neutral")
NLI_LABELS = ("entailment", "neutral", "contradiction")
# One flat BIO alphabet: in PolNeAR fewer than 0.01 % of the tokens carry two roles.
TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
ROLES = ("source", "cue", "content")
# Acts ("vetoed the bill") have an alphabet of their own: PolNeAR, which has none, teaches nothing.
ACT_TAGS = ("O", "B-actor", "I-actor", "B-act", "I-act")
ACT_ROLES = ("actor", "act")
# Positions past this one share an embedding: a sentence that late is "late", no more.
MAX_POSITION = 63


class StanceConfig(PreTrainedConfig):
    """Describe a `StanceModel`: its trunk, the sizes of its heads, its calibration."""

    model_type = "stance"

    def __init__(
        self,
        trunk: dict[str, Any] | None = None,
        link_size: int = 96,
        salience_size: int = 192,
        salience_layers: int = 2,
        calibration: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.trunk = dict(trunk or {"model_type": "bert"})
        # Where the trunk lay on the machine that trained it is nobody's business.
        self.trunk.pop("_name_or_path", None)
        self.link_size = link_size
        self.salience_size = salience_size
        self.salience_layers = salience_layers
        self.calibration = calibration or {}
        super().__init__(**kwargs)


class PairHead(nn.Module):
    """Classify a pair from its [CLS] state and the means of its two segments."""

    def __init__(self, size: int, outputs: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dense = nn.Linear(3 * size, size)
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(size, outputs)

    def forward(self, pooled: Tensor) -> Tensor:
        """Map (batch, 3 × size) to (batch, outputs) logits."""
        hidden = torch.nn.functional.gelu(self.dense(self.drop(pooled)))
        return cast(Tensor, self.out(self.drop(hidden)))


class AttributionHead(nn.Module):
    """Tag tokens with BIO roles and point cues at sources, contents at cues."""

    def __init__(self, size: int, link_size: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.tags = nn.Linear(size, len(TAGS))
        self.query = nn.Linear(size, 2 * link_size)
        self.key = nn.Linear(size, 2 * link_size)
        self.scale = link_size**-0.5

    def forward(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Map (batch, tokens, size) to tag logits and link logits.

        Returns:
            Tags (batch, tokens, 7) and links (batch, 2, tokens, tokens): ``links[:, 0, i, j]``
            says how well token j starts the source of the cue that starts at i, and
            ``links[:, 1, i, j]`` how well j starts the cue of the content that starts at i;
            position 0 means none.
        """
        states = self.drop(states)
        batch, tokens, _ = states.shape
        query = self.query(states).view(batch, tokens, 2, -1).transpose(1, 2)
        key = self.key(states).view(batch, tokens, 2, -1).transpose(1, 2)
        links = (query @ key.transpose(-1, -2)) * self.scale
        links = links.masked_fill(~mask[:, None, None, :].bool(), -1e4)
        return self.tags(states), links


class SalienceHead(nn.Module):
    """Score sentences in the context of their document (after BertSumExt, Liu & Lapata 2019)."""

    def __init__(self, size: int, inner: int, layers: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.project = nn.Linear(size, inner)
        self.position = nn.Embedding(MAX_POSITION + 1, inner)
        self.from_end = nn.Embedding(MAX_POSITION + 1, inner)
        layer = nn.TransformerEncoderLayer(
            inner, 6, 2 * inner, dropout, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.out = nn.Linear(inner, 1)

    def forward(self, vectors: Tensor, mask: Tensor, before: int = 0, behind: int = 0) -> Tensor:
        """Map (documents, sentences, size) and a (documents, sentences) mask to logits.

        `before` and `behind` count the sentences of the document that lie outside, where a long
        one comes in blocks.
        """
        index = torch.arange(vectors.shape[1], device=vectors.device)[None, :]
        last = mask.sum(1, keepdim=True).long() - 1
        start = (index + before).clamp(max=MAX_POSITION).expand(mask.shape)
        end = (last - index + behind).clamp(min=0, max=MAX_POSITION)
        hidden = self.project(self.norm(vectors)) + self.position(start) + self.from_end(end)
        hidden = self.layers(hidden, src_key_padding_mask=~mask.bool())
        return cast(Tensor, self.out(hidden).squeeze(-1))


class StanceModel(PreTrainedModel):
    """Hold the trunk and the four heads."""

    config_class = StanceConfig
    base_model_prefix = "trunk"
    main_input_name: ClassVar[str] = "input_ids"
    config: StanceConfig

    def __init__(self, config: StanceConfig) -> None:
        super().__init__(config)
        trunk_config = AutoConfig.for_model(**config.trunk)
        size = int(trunk_config.hidden_size)
        self.trunk = AutoModel.from_config(trunk_config)
        self.stance_head = PairHead(size, len(STANCE_LABELS) + 1)
        self.nli_head = PairHead(size, len(NLI_LABELS))
        self.attribution_head = AttributionHead(size, config.link_size)
        self.act_head = nn.Sequential(nn.Dropout(0.1), nn.Linear(size, len(ACT_TAGS)))
        self.salience_head = SalienceHead(size, config.salience_size, config.salience_layers)
        self.post_init()

    @classmethod
    def from_trunk(cls, folder: str, dropout: float | None = None, **kwargs: Any) -> StanceModel:
        """Put fresh heads on the pretrained trunk in `folder` (or with that hub id)."""
        trunk = AutoModel.from_pretrained(
            folder, dtype=torch.float32, trust_remote_code=False, use_safetensors=True
        )
        shape = trunk.config.to_dict()
        if dropout is not None:
            rates = ("hidden_dropout_prob", "attention_probs_dropout_prob")
            shape |= {rate: dropout for rate in rates if rate in shape}
        model = cls(StanceConfig(trunk=shape, **kwargs))
        model.trunk.load_state_dict(trunk.state_dict())
        return model

    def states(self, input_ids: Tensor, attention_mask: Tensor, **inputs: Tensor) -> Tensor:
        """Return the trunk's last states, (batch, tokens, size)."""
        if getattr(self.trunk.config, "type_vocab_size", 0) < 2:
            inputs.pop("token_type_ids", None)
        out = self.trunk(input_ids=input_ids, attention_mask=attention_mask, **inputs)
        return cast(Tensor, out.last_hidden_state)

    def pooled(self, second: Tensor, **inputs: Tensor) -> Tensor:
        """Encode pairs; `second` (batch, tokens) is 1 on the tokens of the second text."""
        states = self.states(**inputs)
        first = inputs["attention_mask"] * (1 - second)
        return torch.cat([states[:, 0], _mean(states, first), _mean(states, second)], dim=-1)

    def stance(self, second: Tensor, **inputs: Tensor) -> Tensor:
        """Return (batch, 4) logits: favor, against, neutral, and one of relatedness."""
        return cast(Tensor, self.stance_head(self.pooled(second, **inputs)))

    def nli(self, second: Tensor, **inputs: Tensor) -> Tensor:
        """Return (batch, 3) logits: entailment, neutral, contradiction."""
        return cast(Tensor, self.nli_head(self.pooled(second, **inputs)))

    def attribution(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the tag and link logits for the states of one batch of windows."""
        return cast("tuple[Tensor, Tensor]", self.attribution_head(states, mask))

    def acts(self, states: Tensor) -> Tensor:
        """Return (batch, tokens, 5) logits of who acts, and of what is done."""
        return cast(Tensor, self.act_head(states))

    def salience(self, vectors: Tensor, mask: Tensor, before: int = 0, behind: int = 0) -> Tensor:
        """Return (documents, sentences) salience logits."""
        return cast(Tensor, self.salience_head(vectors, mask, before, behind))


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def sentence_means(states: Tensor, owner: Tensor, sentences: int) -> Tensor:
    """Average the token states of each sentence.

    Args:
        states: (batch, tokens, size).
        owner: (batch, tokens), the sentence each token belongs to, -1 for none; the numbers run
            over the whole batch.
        sentences: how many sentences there are.

    Returns:
        (sentences, size); a sentence without tokens gets zeros.
    """
    flat = states.reshape(-1, states.shape[-1])
    keep = owner.reshape(-1) >= 0
    index = owner.reshape(-1)[keep]
    total = flat.new_zeros(sentences, flat.shape[-1]).index_add(0, index, flat[keep])
    count = flat.new_zeros(sentences).index_add(0, index, flat.new_ones(len(index)))
    return total / count.clamp(min=1).unsqueeze(-1)


AutoConfig.register("stance", StanceConfig)
AutoModel.register(StanceConfig, StanceModel)
