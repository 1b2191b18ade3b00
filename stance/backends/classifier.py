"""Run a sequence classifier of a hub as a pair scorer: DeBERTa-v3 NLI, RoBERTa, and the like."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerBase

from stance.backends.base import Floats, StancePair
from stance.backends.inputs import MAX_PAIR_TOKENS, clean
from stance.backends.loading import load_pretrained, pick_device, quiet, readable
from stance.errors import LabelError, MissingExtraError, ModelFormatError
from stance.records import ModelInfo, Span, parse_label

Task = Literal["stance", "nli"]

BATCH_TOKENS = 4096
# The order of the columns that each task speaks in.
COLUMNS: dict[Task, tuple[str, ...]] = {
    "stance": ("favor", "against", "neutral", "unrelated"),
    "nli": ("entailment", "neutral", "contradiction"),
}
# Under this key a config says what a fine-tuned model was tuned for, and its temperature.
TUNED = "stance_tuned"
# Marks in the words of any vocabulary (Zhou and Chen 2022 find them as good as new tokens).
_TARGET_MARK, _HOLDER_MARK = "@", "#"


def tokenizer_of(folder: str | Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a classifier, which must be a fast one.

    Raises:
        ModelFormatError: it has none, or a slow one.
        MissingExtraError: it is a sentencepiece file, and what reads such files is missing.
    """
    there = {path.name for path in Path(folder).glob("*")}
    only_pieces = "tokenizer.json" not in there and any(n.endswith(".model") for n in there)
    if only_pieces and not (find_spec("google") and find_spec("google.protobuf")):
        raise MissingExtraError.of("protobuf", "train")
    with quiet(), readable(Path(folder)):
        tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False)
    if not tokenizer.is_fast:
        raise ModelFormatError(
            f"{folder} has a slow tokenizer only; save it with tokenizer.json "
            "(AutoTokenizer.from_pretrained(…).save_pretrained(folder))"
        )
    return cast(PreTrainedTokenizerBase, tokenizer)


def written(pair: StancePair) -> tuple[str, str]:
    """Write a pair as two segments in plain words, its mentions between marks."""
    cuts = []
    if pair.target_span is not None:
        cuts.append((pair.target_span, _TARGET_MARK))
    if pair.holder_span is not None:
        cuts.append((pair.holder_span, _HOLDER_MARK))
    first = _marked(pair.text, cuts)
    second = clean(pair.target)
    return first, f"{clean(pair.holder)}: {second}" if pair.holder else second


def _marked(text: str, cuts: Sequence[tuple[Span, str]]) -> str:
    points = [(span.start, 1, mark) for span, mark in cuts]
    points += [(span.end, 0, mark) for span, mark in cuts]
    pieces: list[str] = []
    position = 0
    for offset, opens, mark in sorted(points):
        pieces += [clean(text[position:offset]), f" {mark} " if opens else f" {mark}"]
        position = offset
    return "".join([*pieces, clean(text[position:])])


def encode_pairs(
    tokenizer: Any, firsts: Sequence[str], seconds: Sequence[str], max_tokens: int
) -> list[dict[str, list[int]]]:
    """Turn pairs into ids without padding, the longer text cut where a pair is too long."""
    short = [" ".join(s.split()[: max_tokens // 4])[: max_tokens * 2] for s in seconds]
    encoded = tokenizer(
        list(firsts), short, truncation="longest_first", max_length=max_tokens, padding=False
    )
    names = [n for n in ("input_ids", "token_type_ids") if n in encoded]
    return [{name: encoded[name][row] for name in names} for row in range(len(short))]


def column_of(label: str, task: Task) -> int | None:
    """Return the column that a model's own label means, None where it means none."""
    word = label.strip().casefold().replace("-", "_")
    if task == "nli":
        names = {"entail": 0, "neutral": 1, "contra": 2}
        return next((column for name, column in names.items() if word.startswith(name)), None)
    if word in COLUMNS["stance"]:
        return COLUMNS["stance"].index(word)
    try:
        return COLUMNS["stance"].index(parse_label(word))
    except LabelError:
        return None


def task_of(labels: Sequence[str]) -> Task | None:
    """Tell by its labels what a classifier was made for: entailment, stance, or neither."""
    tasks: tuple[Task, ...] = ("nli", "stance")
    for task in tasks:
        columns = [column_of(label, task) for label in labels]
        # Two-label entailment models call what is not entailed "not_entailment".
        if task == "nli" and "entailment" in {label.casefold() for label in labels}:
            return "nli"
        if all(c is not None for c in columns) and len({*columns}) == len(labels) > 1:
            return task
    return None


def labels_of(config: Any) -> tuple[str, ...]:
    """Return a classifier's labels in the order of its outputs."""
    return tuple(str(config.id2label[i]) for i in range(len(config.id2label)))


def is_classifier(folder: Path) -> bool:
    """Tell whether a folder holds a sequence classifier whose labels mean something here."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        kinds = config.get("architectures") or []
        labels = [str(label) for label in (config.get("id2label") or {}).values()]
    except (OSError, ValueError, AttributeError):
        return False
    return any("ForSequenceClassification" in k for k in kinds) and task_of(labels) is not None


class ClassifierBackend:
    """Implement `PairScorer` over a sequence classifier.

    Args:
        folder: config, fast tokenizer and safetensors.
        info: the name and digest to report.
        device: ``auto``, ``cpu``, ``cuda``, ``mps`` …

    Raises:
        ModelFormatError: the folder is damaged, or its labels are neither stances nor entailments.
    """

    def __init__(self, folder: str | Path, info: ModelInfo, device: str = "auto") -> None:
        self.info, self.device = info, pick_device(device)
        self.tokenizer = tokenizer_of(folder)
        self.model: Any = load_pretrained(
            AutoModelForSequenceClassification, Path(folder), self.device
        )
        self.labels = labels_of(self.model.config)
        task = task_of(self.labels)
        if task is None:
            raise ModelFormatError(
                f"{folder} tells {', '.join(self.labels)} apart, which are neither stances nor "
                "entailments; fine-tune it: stance finetune DATA --base …"
            )
        self.task: Task = task
        self.calibration: dict[str, Any] = dict(getattr(self.model.config, TUNED, None) or {})
        self._lock = threading.Lock()

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, 4): favor, against, neutral (sum one), and related.

        A model of entailment is asked whether the target holds: what the text entails it favors.
        """
        table = self.probabilities(pairs)
        if self.task == "nli":
            ones = np.ones((len(table), 1), dtype=np.float32)
            return np.concatenate([table[:, [0, 2, 1]], ones], axis=1)
        related = 1.0 - table[:, 3:]
        labels = table[:, :3] / np.maximum(table[:, :3].sum(1, keepdims=True), 1e-9)
        return np.concatenate([labels, related], axis=1).astype(np.float32)

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return (pairs, 3): entailment, neutral, contradiction."""
        table = self.probabilities([StancePair(a, b) for a, b in pairs])
        return table if self.task == "nli" else table[:, [0, 2, 1]]

    def probabilities(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, columns), calibrated; a label that the model lacks has chance 0."""
        logits = self.logits([written(pair) for pair in pairs])
        logits = logits / float(self.calibration.get("temperature", 1.0))
        chances = np.exp(logits - logits.max(1, keepdims=True)) if len(logits) else logits
        chances = chances / np.maximum(chances.sum(1, keepdims=True), 1e-9)
        table = np.zeros((len(pairs), len(COLUMNS[self.task])), dtype=np.float32)
        for place, label in enumerate(self.labels):
            column = column_of(label, self.task)
            if column is not None:
                table[:, column] += chances[:, place]
            else:  # "not entailed" is either of the others
                table[:, 1:] += chances[:, [place]] / 2
        return table

    @torch.inference_mode()
    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return the raw scores (pairs, labels) of pairs of segments, in the order they came."""
        result = np.zeros((len(pairs), len(self.labels)), dtype=np.float32)
        if not pairs:
            return result
        limit = min(MAX_PAIR_TOKENS, int(getattr(self.tokenizer, "model_max_length", 512)))
        with self._lock:
            rows = encode_pairs(self.tokenizer, [a for a, _ in pairs], [b for _, b in pairs], limit)
        for chosen in _by_length([len(row["input_ids"]) for row in rows]):
            with self._lock:
                batch = self.tokenizer.pad([rows[i] for i in chosen], return_tensors="pt")
            scores = self.model(**batch.to(self.device)).logits
            result[chosen] = scores.float().cpu().numpy()
        return result


def _by_length(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Group indices into batches of like length, each of about `BATCH_TOKENS` tokens."""
    rows: list[int] = []
    for index in sorted(range(len(sizes)), key=lambda i: sizes[i]):
        if rows and sizes[index] * (len(rows) + 1) > BATCH_TOKENS:
            yield rows
            rows = []
        rows.append(index)
    if rows:
        yield rows
