"""Measure a model on labelled rows before and after, every number with its 95 % interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from stance.backends.base import Encoder, Floats
from stance.metrics import (
    Array,
    accuracy,
    bootstrap,
    calibration_bins,
    calibration_error,
    confusion,
    f1_by_label,
    f1_of_sums,
    interval_of,
    macro_f1,
    resampled,
)
from stance.records import Span
from stance.text import make_document
from stance.training.batches import join_sentences
from stance.training.examples import SalienceExample, TaggedExample
from stance.training.measured import Measured
from stance.training.pair_task import answers_of, pair_losses
from stance.training.questions import Question, in_labels

ROLES = ("source", "cue", "content")
# A seed of its own, so that before and after draw the same rows and can be compared pair by pair.
_SEED = 7


Table = tuple[Array, Callable[[Array], Array]]


def compared(before: dict[str, Table] | None, after: dict[str, Table]) -> list[Measured]:
    """Put intervals around every measure, and around the change where there is a before.

    Args:
        before: for each measure what each cluster adds, and how sums become a number.
        after: the same of the tuned model, on the same clusters in the same order.
    """
    found = []
    for name, (rows, of_sums) in after.items():
        value = bootstrap(rows, of_sums, seed=_SEED)
        if before is None:
            found.append(Measured(name, value))
            continue
        old, old_sums = before[name]
        drawn = resampled(rows, of_sums, seed=_SEED) - resampled(old, old_sums, seed=_SEED)
        earlier = bootstrap(old, old_sums, seed=_SEED)
        change = interval_of(value.value - earlier.value, drawn, len(rows))
        found.append(Measured(name, value, earlier, change))
    return found


def pair_tables(
    table: Floats, asked: Sequence[Question], labels: Sequence[str], task: str
) -> dict[str, Table]:
    """Score answers to questions.

    Args:
        table: the chance of each column, (questions, columns).
        asked: the questions.
        labels: those that the set tells apart.
        task: ``stance`` or ``nli``.

    Returns:
        For each measure what each text adds, and how sums become a number.
    """
    scores = in_labels(table, labels, task)
    best = scores.argmax(1)
    answers = [labels[i] for i in best]
    gold = [q.label for q in asked]
    right = np.array([g == a for g, a in zip(gold, answers, strict=True)], dtype=np.float64)
    tables = np.array([confusion([g], [a], labels) for g, a in zip(gold, answers, strict=True)])
    sure = scores[np.arange(len(best)), best].astype(np.float64)
    bins = np.array([calibration_bins(sure[[i]], right[[i]]) for i in range(len(right))])
    clusters = [q.cluster for q in asked]
    by_text, by_bin = _summed(tables, clusters), _summed(bins, clusters)
    present = [i for i, label in enumerate(labels) if label in set(gold)]
    found: dict[str, Table] = {
        "macro_f1": (by_text, lambda sums: macro_f1(sums, labels=present)),
        "accuracy": (by_text, accuracy),
        "ece": (by_bin, calibration_error),
    }
    for place in present:
        found[f"f1_{labels[place]}"] = (by_text, _one_f1(place))
    return found


def _one_f1(place: int) -> Callable[[Array], Array]:
    return lambda sums: np.asarray(f1_by_label(sums)[..., place])


def _summed(rows: Array, clusters: Sequence[str]) -> Array:
    """Add up the rows of questions about one text: they are drawn together."""
    place = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(place), *rows.shape[1:]))
    np.add.at(sums, [place[name] for name in clusters], rows)
    return sums


def quick_judge(
    asked: Sequence[Question], labels: Sequence[str], task: str
) -> Callable[[Any], dict[str, float]]:
    """Return what the trainer calls on its predictions for dev: loss, macro-F1 and accuracy."""
    right = answers_of(asked, 3 if task == "nli" else 4)
    gold = [q.label for q in asked]
    present = [i for i, label in enumerate(labels) if label in set(gold)]

    def judge(prediction: Any) -> dict[str, float]:
        logits = prediction.predictions
        known = np.asarray(logits[0] if isinstance(logits, tuple) else logits)[: len(gold)]
        best = in_labels(np.exp(known), labels, task).argmax(1)
        table = confusion(gold, [labels[i] for i in best], labels)
        return {
            "loss": float(pair_losses(torch.from_numpy(known), **right).mean()),
            "macro_f1": float(macro_f1(table, labels=present)),
            "accuracy": float(accuracy(table)),
        }

    return judge


def tag_tables(encoder: Encoder, examples: Sequence[TaggedExample]) -> dict[str, Table]:
    """Score attributions by the words that each role covers."""
    counts = np.zeros((len(examples), len(ROLES), 3))
    for row, example in enumerate(examples):
        document = make_document(example.text)
        found = encoder.encode(document).attributions
        predicted = {
            "source": [a.source for a in found if a.source],
            "cue": [a.cue for a in found if a.cue],
            "content": [s for a in found for s in a.content],
        }
        for column, role in enumerate(ROLES):
            gold = _covered([s for a in example.attributions for s in getattr(a, role)])
            said = _covered(predicted[role])
            counts[row, column] = len(gold & said), len(said - gold), len(gold - said)
    tables: dict[str, Table] = {
        f"{role}_f1": (counts[:, column], f1_of_sums) for column, role in enumerate(ROLES)
    }
    return {"mean_f1": (counts, lambda sums: np.asarray(f1_of_sums(sums).mean(-1))), **tables}


def _covered(spans: Sequence[Span]) -> set[int]:
    return {i for span in spans for i in range(span.start, span.end)}


def salience_tables(encoder: Encoder, examples: Sequence[SalienceExample]) -> dict[str, Table]:
    """Score how many of the salient sentences are among as many of the best scored ones."""
    rows = np.zeros((len(examples), 2))
    for row, example in enumerate(examples):
        text, spans = join_sentences(example.sentences)
        document = make_document(text)
        salience = encoder.encode(document).salience
        # The splitter may cut elsewhere: a given sentence is as salient as its best part.
        scores = [
            max((float(salience[i]) for i in document.covering(span)), default=0.0)
            for span in spans
        ]
        count = len(example.salient)
        best = set(np.argsort(-np.array(scores), kind="stable")[:count].tolist())
        rows[row] = len(best & example.salient), count
    return {"precision_at_k": (rows, lambda s: np.asarray(s[..., 0] / np.maximum(s[..., 1], 1)))}
