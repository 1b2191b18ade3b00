"""Run a `StanceModel`: the encoder and the pair scorer of the line, in torch."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from stance.backends.base import Attribution, Encoding, Floats, StancePair
from stance.backends.decoding import acts, attributions
from stance.backends.inputs import (
    Window,
    clean,
    form_of,
    load_tokenizer,
    make_windows,
    mark,
    pair_batch,
    window_batch,
)
from stance.backends.loading import pick_device
from stance.backends.modeling import StanceModel, sentence_means
from stance.backends.quantize import load_model
from stance.errors import ModelFormatError
from stance.records import ModelInfo
from stance.text import Document, make_document

# Tokens in one forward pass: large enough to keep the cores busy, small enough for 1.2 GB.
BATCH_TOKENS = 4096
# The salience layer sees this many sentences at once; its cost is quadratic.
SALIENCE_BLOCK = 256


@dataclass(slots=True)
class _Found:
    """Gather what the taggers find, with the window it was found in."""

    said: list[tuple[int, Attribution]] = field(default_factory=list)
    done: list[tuple[int, Attribution]] = field(default_factory=list)


class MiniBackend:
    """Implement `Encoder` and `PairScorer` over one `StanceModel`.

    Args:
        folder: config, tokenizer and safetensors (int8 or plain).
        info: the name and digest to report.
        device: ``auto``, ``cpu``, ``cuda``, ``mps`` …

    Raises:
        ModelFormatError: the folder is damaged, or its parts do not belong together.
    """

    def __init__(self, folder: str | Path, info: ModelInfo, device: str = "auto") -> None:
        self.info = info
        self.device = pick_device(device)
        self.tokenizer = load_tokenizer(folder)
        self.model: StanceModel = load_model(Path(folder)).to(self.device).eval()
        known, needed = int(self.model.trunk.config.vocab_size), len(self.tokenizer)
        if known < needed:
            raise ModelFormatError(
                f"{folder} has a tokenizer of {needed} words and weights for {known}; they do not "
                "belong together: fetch or save the model again"
            )
        self.calibration: dict[str, Any] = self.model.config.calibration
        # A fast tokenizer keeps its padding and truncation as state: one thread at a time.
        self._lock = threading.Lock()

    # ------------------------------------------------------------------ articles

    def encode(self, document: Document) -> Encoding:
        """Encode every sentence of the document in one pass."""
        with self._lock:
            windows = make_windows(self.tokenizer, document.text, document.sentences)
        found = _Found()
        vectors = self._read(windows, len(document.sentences), found)
        said, done = _in_order(found.said), _in_order(found.done)
        return Encoding(_unit(vectors), self._salience(vectors), said, done)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text, shape (texts, dim)."""
        documents = [make_document(text) for text in texts]
        windows: list[Window] = []
        for row, document in enumerate(documents):
            with self._lock:
                cut = make_windows(self.tokenizer, document.text, document.sentences)
            for window in cut[:1]:
                window.owner[window.owner >= 0] = row
                windows.append(window)
        return _unit(self._read(windows, len(texts)))

    @torch.inference_mode()
    def _read(
        self, windows: Sequence[Window], sentences: int, found: _Found | None = None
    ) -> Floats:
        """Run the trunk over all windows; return sentence means, and gather tags in `found`."""
        size = int(self.model.trunk.config.hidden_size)
        total = np.zeros((sentences, size), dtype=np.float32)
        for rows in _by_length([len(w.ids) for w in windows]):
            chunk = [windows[row] for row in rows]
            batch = window_batch(chunk, int(self.tokenizer.pad_token_id))
            inputs = {k: batch[k].to(self.device) for k in ("input_ids", "attention_mask")}
            states = self.model.states(**inputs)
            owners, owner = torch.unique(batch["owner"], return_inverse=True)
            skip = int(owners[0] < 0)
            means = sentence_means(states, owner.to(self.device) - skip, len(owners) - skip)
            total[owners[skip:].numpy()] = means.float().cpu().numpy()
            if found is not None:
                self._tag(rows, chunk, states, inputs["attention_mask"], found)
        return total

    def _tag(
        self,
        rows: Sequence[int],
        windows: Sequence[Window],
        states: Tensor,
        mask: Tensor,
        found: _Found,
    ) -> None:
        tags, links = self.model.attribution(states, mask)
        deeds = self.model.acts(states).float().softmax(-1).cpu().numpy()
        chances = tags.float().softmax(-1).cpu().numpy()
        pointers = links.float().cpu().numpy()
        for place, (row, window) in enumerate(zip(rows, windows, strict=True)):
            size = len(window.ids)
            cut = pointers[place, :, :size, :size]
            found.said += [(row, a) for a in attributions(window, chances[place, :size], cut)]
            found.done += [(row, a) for a in acts(window, deeds[place, :size])]

    @torch.inference_mode()
    def _salience(self, vectors: Floats) -> Floats:
        """Score sentences in blocks; each block knows what lies before and behind it."""
        count = len(vectors)
        scores = np.zeros(count, dtype=np.float32)
        for start in range(0, count, SALIENCE_BLOCK):
            block = torch.from_numpy(vectors[start : start + SALIENCE_BLOCK])[None].to(self.device)
            mask = torch.ones(block.shape[:2], device=self.device)
            behind = count - start - block.shape[1]
            logits = self.model.salience(block, mask, start, behind)
            scores[start : start + block.shape[1]] = logits.sigmoid().float().cpu().numpy()[0]
        return scores

    # ------------------------------------------------------------------ pairs

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, 4): calibrated favor, against, neutral (sum one), and related."""
        logits = self.logits([mark(pair) for pair in pairs], "stance")
        heat = np.array([[self._temperature("stance", form_of(pair))] for pair in pairs])
        labels = _softmax(logits[:, :3] / heat.reshape(-1, 1))
        related = 1 / (1 + np.exp(-logits[:, 3:] / self._temperature("related")))
        scores: Floats = np.concatenate([labels, related], axis=1).astype(np.float32)
        return scores

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return (pairs, 3): calibrated entailment, neutral, contradiction."""
        logits = self.logits([(clean(a), clean(b)) for a, b in pairs], "nli")
        return _softmax(logits / self._temperature("nli"))

    def _temperature(self, head: str, form: str = "all") -> float:
        return float(self.calibration.get("temperature", {}).get(head, {}).get(form, 1.0))

    @torch.inference_mode()
    def logits(self, pairs: Sequence[tuple[str, str]], head: Literal["stance", "nli"]) -> Floats:
        """Return the raw scores of pairs of segments, in the order they came.

        Args:
            pairs: first and second segments, markers included.
            head: ``stance`` gives (pairs, 4), ``nli`` (pairs, 3).
        """
        run, outputs = {"stance": (self.model.stance, 4), "nli": (self.model.nli, 3)}[head]
        result = np.zeros((len(pairs), outputs), dtype=np.float32)
        for rows in _by_length([(len(a) + len(b)) // 4 + 8 for a, b in pairs]):
            with self._lock:
                batch = pair_batch(
                    self.tokenizer, [pairs[i][0] for i in rows], [pairs[i][1] for i in rows]
                )
            logits = run(**{key: value.to(self.device) for key, value in batch.items()})
            result[rows] = logits.float().cpu().numpy()
        return result


def _by_length(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Group indices into batches of like length, each of about `BATCH_TOKENS` tokens."""
    rows: list[int] = []
    for index in sorted(range(len(sizes)), key=lambda i: sizes[i]):
        if rows and min(sizes[index], 256) * (len(rows) + 1) > BATCH_TOKENS:
            yield rows
            rows = []
        rows.append(index)
    if rows:
        yield rows


def _in_order(found: Sequence[tuple[int, Attribution]]) -> tuple[Attribution, ...]:
    """Bring what was found in batches of like length into the order of the text."""
    return tuple(attribution for _, attribution in sorted(found, key=lambda pair: pair[0]))


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True), dtype=np.float32)
