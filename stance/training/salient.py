"""Fit the salience head alone, on the sentence vectors of a finished trunk.

::

    python -m stance.training.salient runs/mini/model runs/mini/salient --data-dir DATA

The trunk is shared with three other heads, whose tasks need most of a run's steps; the head of the
sentences is small and learns from cached vectors in minutes. A sentence's target is how many words
it shares with the reference summary (ROUGE-1), and the loss compares the sentences of one document
with one another.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as f

from stance.backends.inputs import load_tokenizer
from stance.backends.mini import MiniBackend
from stance.metrics import rouge, token_f1
from stance.records import ModelInfo
from stance.text import make_document
from stance.training.average import Average
from stance.training.sets import find_data, read_rows

# Sets whose summaries are written from the whole article; XSum's say what its first, removed
# sentence said, and BBC's extracts take half the article.
SETS = ("cnndm_val1000", "cnndm_lfpt5", "cnndm_train100", "gum_news")
MAX_SENTENCES = 100
EPOCHS, BATCH, RATE, HEAT, SEED = 20, 16, 6e-4, 0.08, 20


@dataclass(frozen=True, slots=True)
class Read:
    """Hold one document: its sentences' words and vectors, their worth, the reference summary."""

    sentences: tuple[str, ...]
    vectors: Tensor
    worth: Tensor
    summary: str


def read(model: MiniBackend, data: Path, split: str) -> list[Read]:
    """Encode the documents of a split of ``summ_pool``.

    Args:
        model: whose trunk encodes.
        data: the data folder.
        split: ``"train"`` or ``"dev"``.
    """
    found = []
    for row in read_rows(data, "train", "summ_pool"):
        if row["split"] == split and row["set"] in SETS:
            document = make_document(row["document"])
            spans = document.sentences[:MAX_SENTENCES]
            if len(spans) > 3:
                vectors = torch.from_numpy(model.sentence_states(document)[: len(spans)])
                texts = tuple(span.of(document.text) for span in spans)
                found.append(Read(texts, vectors, worth_of(texts, row["summary"]), row["summary"]))
    return found


def worth_of(sentences: Sequence[str], summary: str) -> Tensor:
    """Return how many words each sentence shares with a summary: F1, in [0, 1]."""
    return torch.tensor([token_f1(s, summary) for s in sentences])


def fit(model: MiniBackend, train: Sequence[Read], dev: Sequence[Read]) -> list[dict[str, float]]:
    """Train the head in place; keep the average weights of the epoch that is best on `dev`.

    Args:
        model: its salience head is changed.
        train: documents to learn from.
        dev: documents to choose the epoch on.

    Returns:
        The dev measures of each epoch, the first before any step.
    """
    torch.manual_seed(SEED)
    head, rng = model.model.salience_head, random.Random(SEED)
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.05)
    average = Average(head, 0.98)
    log = [measure(model, dev)]
    best, kept = log[0]["rouge1"], {k: v.clone() for k, v in head.state_dict().items()}
    for epoch in range(EPOCHS):
        head.train()
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for batch in _batches(train, rng):
            loss = _loss(head, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            optimizer.zero_grad()
            average.update(head)
        head.eval()
        with average.applied(head):
            log.append(measure(model, dev))
            if log[-1]["rouge1"] > best:
                best, kept = log[-1]["rouge1"], {k: v.clone() for k, v in head.state_dict().items()}
    head.load_state_dict(kept)
    return log


def _batches(documents: Sequence[Read], rng: random.Random) -> Iterator[list[Read]]:
    order = rng.sample(documents, len(documents))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def _loss(head: torch.nn.Module, batch: Sequence[Read]) -> Tensor:
    """Compare the head's distribution over a document's sentences with that of their worth."""
    vectors = torch.nn.utils.rnn.pad_sequence([d.vectors for d in batch], batch_first=True)
    sizes = torch.tensor([len(d.vectors) for d in batch])
    mask = (torch.arange(vectors.shape[1])[None] < sizes[:, None]).float()
    worth = torch.nn.utils.rnn.pad_sequence([d.worth for d in batch], batch_first=True)
    wanted = (worth / HEAT).masked_fill(mask == 0, -1e4).softmax(1)
    scores = head(vectors, mask).masked_fill(mask == 0, -1e4).log_softmax(1)
    return f.kl_div(scores, wanted, reduction="batchmean")


@torch.inference_mode()
def measure(model: MiniBackend, documents: Sequence[Read]) -> dict[str, float]:
    """Return the mean ROUGE-1 of the three best sentences, and of the first three."""
    own, lead = [], []
    for document in documents:
        mask = torch.ones(1, len(document.vectors))
        scores = model.model.salience_head(document.vectors[None], mask)[0].numpy()
        best = sorted(np.argsort(-scores, kind="stable")[:3].tolist())
        own.append(_rouge(document, best))
        lead.append(_rouge(document, [0, 1, 2]))
    return {"rouge1": float(np.mean(own)), "lead3": float(np.mean(lead))}


def _rouge(document: Read, chosen: Sequence[int]) -> float:
    return rouge("\n".join(document.sentences[i] for i in chosen), document.summary)["rouge1"]


def main(argv: Sequence[str] | None = None) -> int:
    """Fit from the command line."""
    parser = argparse.ArgumentParser(prog="stance.training.salient", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder with config, tokenizer and weights")
    parser.add_argument("out", type=Path, help="where the model goes with its new head")
    parser.add_argument("--data-dir", help="folder with train/ and bench/ (default: STANCE_DATA)")
    options = parser.parse_args(argv)
    data = find_data(options.data_dir)
    model = MiniBackend(options.model, ModelInfo(options.model.name), "cpu")
    log = fit(model, read(model, data, "train"), read(model, data, "dev"))
    print(json.dumps(log, indent=1))
    model.model.save_pretrained(options.out)
    load_tokenizer(options.model).save_pretrained(options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
