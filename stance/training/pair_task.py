"""Learn pairs: token ids made once, batches padded on the way, and the loss over sets of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from stance.backends.classifier import COLUMNS, column_of, encode_pairs, labels_of, written
from stance.backends.inputs import clean, mark
from stance.backends.modeling import StanceModel
from stance.training.dropout import Draws
from stance.training.losses import set_loss
from stance.training.questions import Question

PairKind = Literal["stance", "nli"]
# How much it counts that a text speaks to its target, where the labels do not say it.
SPOKEN_WEIGHT = 0.3
# Stands for the logarithm of zero; finite, so that no gradient is lost in it.
NEVER = -1e4


class PairTask(nn.Module):
    """Map a batch of pairs to its loss and to the log chance of each column.

    Args:
        core: a `StanceModel`, or a sequence classifier of the model library.
        task: ``stance`` (four columns) or ``nli`` (three).
        draws: is told the rows of each batch, for dropout.
    """

    def __init__(self, core: Any, task: PairKind, draws: Draws | None = None) -> None:
        super().__init__()
        self.core, self.task, self.draws = core, task, draws
        inner = core.get_base_model() if hasattr(core, "get_base_model") else core
        self.ours = isinstance(inner, StanceModel)
        self.inner = (inner,)  # in a tuple, so that it is no part of this module twice
        labels = () if self.ours else labels_of(inner.config)
        self.columns = [column_of(label, task) for label in labels]

    def forward(
        self,
        inputs: dict[str, Tensor],
        gold: Tensor,
        allowed: Tensor,
        spoken: Tensor,
        weight: Tensor,
        rows: list[int],
    ) -> dict[str, Tensor]:
        """Return ``loss`` (a scalar) and ``logits``, the log chances (batch, columns)."""
        if self.draws is not None:
            self.draws.rows = rows
        chances = self.log_chances(inputs)
        each = pair_losses(chances, gold, allowed, spoken)
        return {"loss": (each * weight).mean(), "logits": chances}

    def log_chances(self, inputs: dict[str, Tensor]) -> Tensor:
        """Return log chances, (batch, 4) for stance, (batch, 3) for nli."""
        if not self.ours:
            second = {k: v for k, v in inputs.items() if k != "second"}
            return self._spread(self.core(**second).logits.float().log_softmax(-1))
        (model,) = self.inner
        if self.task == "nli":
            return torch.log_softmax(model.nli(**inputs).float(), -1)
        return stance_columns(model.stance(**inputs).float())

    def _spread(self, chances: Tensor) -> Tensor:
        """Put a classifier's outputs into our columns."""
        table = chances.new_full((len(chances), len(COLUMNS[self.task])), NEVER)
        for place, column in enumerate(self.columns):
            if column is not None:
                table[:, column] = chances[:, place]
        return table


def pair_losses(chances: Tensor, gold: Tensor, allowed: Tensor, spoken: Tensor) -> Tensor:
    """Return the loss of each pair from its log chances (pairs, columns)."""
    each = set_loss(chances, gold, allowed)
    if chances.shape[1] < len(COLUMNS["stance"]):
        return each
    related = torch.ones_like(gold)
    related[:, 3] = 0
    return each + SPOKEN_WEIGHT * spoken * set_loss(chances, related, torch.ones_like(gold))


def stance_columns(logits: Tensor) -> Tensor:
    """Turn favor, against, neutral and relatedness into log chances of four columns."""
    related = functional.logsigmoid(logits[:, 3:])
    labels = logits[:, :3].log_softmax(-1) + related
    return torch.cat([labels, functional.logsigmoid(-logits[:, 3:])], dim=1)


@dataclass(slots=True)
class PairData:
    """Hold encoded questions; indexing gives one as a feature for `PairCollator`.

    An index may count on past the end, epoch after epoch: it numbers the draws of a row.
    """

    encoded: list[dict[str, Any]]
    asked: Sequence[Question]

    def __len__(self) -> int:
        return len(self.asked)

    def __getitem__(self, index: int) -> dict[str, Any]:
        place = index % len(self)
        return {"ids": self.encoded[place], "question": self.asked[place], "row": index}

    @property
    def lengths(self) -> list[int]:
        """The number of tokens of each question."""
        return [len(row["input_ids"]) for row in self.encoded]


def encode(
    tokenizer: Any, asked: Sequence[Question], *, ours: bool, task: PairKind, max_tokens: int
) -> PairData:
    """Turn questions into token ids, all at once, as the backends do in use.

    Args:
        tokenizer: a fast one.
        asked: the questions.
        ours: whether they are for a `StanceModel`, which reads markers.
        task: nli pairs carry no markers.
        max_tokens: where a pair is cut.
    """
    if task == "nli":
        segments = [(clean(q.pair.text), clean(q.pair.target)) for q in asked]
    else:
        segments = [mark(q.pair) if ours else written(q.pair) for q in asked]
    firsts, seconds = [s[0] for s in segments], [s[1] for s in segments]
    if not ours:
        return PairData(_arrays(encode_pairs(tokenizer, firsts, seconds, max_tokens)), asked)
    short = [" ".join(s.split()[: max_tokens // 4])[: max_tokens * 2] for s in seconds]
    found = tokenizer(
        firsts,
        short,
        truncation="longest_first",
        max_length=max_tokens,
        padding=False,
        return_token_type_ids=True,
    )
    rows = []
    for row in range(len(asked)):
        owner = found.encodings[row].sequence_ids
        rows.append(
            {
                "input_ids": found["input_ids"][row],
                "token_type_ids": found["token_type_ids"][row],
                "second": [int(i == 1) for i in owner],
            }
        )
    return PairData(_arrays(rows), asked)


def _arrays(rows: Sequence[dict[str, list[int]]]) -> list[dict[str, Any]]:
    return [{k: np.asarray(v, dtype=np.int64) for k, v in row.items()} for row in rows]


class PairCollator:
    """Pad features to one batch."""

    def __init__(self, pad_id: int, columns: int) -> None:
        self.pad_id, self.columns = pad_id, columns

    def __call__(self, features: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return the keyword arguments of `PairTask.forward`."""
        rows = [f["ids"] for f in features]
        asked: list[Question] = [f["question"] for f in features]
        width = max(len(row["input_ids"]) for row in rows)
        inputs = {
            name: torch.from_numpy(
                _padded([row[name] for row in rows], width, self.pad_id * (name == "input_ids"))
            )
            for name in rows[0]
        }
        sizes = np.array([[len(row["input_ids"])] for row in rows])
        mask = np.arange(width)[None, :] < sizes
        inputs["attention_mask"] = torch.from_numpy(mask.astype(np.int64))
        weight = torch.tensor([q.weight for q in asked])
        rows = [int(f["row"]) for f in features]
        return {"inputs": inputs, **answers_of(asked, self.columns), "weight": weight, "rows": rows}


def answers_of(asked: Sequence[Question], columns: int) -> dict[str, Tensor]:
    """Return what `pair_losses` compares chances with."""
    return {
        "gold": _sets([q.gold for q in asked], columns),
        "allowed": _sets([q.allowed for q in asked], columns),
        "spoken": torch.tensor([float(q.spoken) for q in asked]),
    }


def _padded(rows: Sequence[Any], width: int, fill: int) -> Any:
    table = np.full((len(rows), width), fill, dtype=np.int64)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def _sets(sets: Sequence[tuple[int, ...]], columns: int) -> Tensor:
    table = torch.zeros(len(sets), columns)
    for row, chosen in enumerate(sets):
        table[row, list(chosen)] = 1
    return table
