"""Turn pairs and articles into token ids, the same way in training and in use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from stance.backends.base import StancePair
from stance.backends.loading import quiet, readable
from stance.errors import ModelFormatError
from stance.records import Span

# Words of the vocabulary that no text uses. They mark the target and the holder where the text
# names them, and part the holder from the target in the second segment.
TARGET_OPEN, TARGET_CLOSE = "[unused1]", "[unused2]"
HOLDER_OPEN, HOLDER_CLOSE = "[unused3]", "[unused4]"
HOLDER_SEP = "[unused5]"
MARKERS = (TARGET_OPEN, TARGET_CLOSE, HOLDER_OPEN, HOLDER_CLOSE, HOLDER_SEP)
# How a word that means something to a tokenizer begins (BERT's family, and RoBERTa's).
_RESERVED = re.compile(
    r"\[(?=unused|(?:CLS|SEP|MASK|PAD|UNK)\])|<(?=/?(?:s|cls|sep|mask|pad|unk)>)", re.IGNORECASE
)

MAX_PAIR_TOKENS = 256
MAX_WINDOW_TOKENS = 256


def load_tokenizer(folder: str | Path) -> PreTrainedTokenizerBase:
    """Load a fast tokenizer and teach it that the markers are whole words.

    Args:
        folder: has ``tokenizer.json``.

    Returns:
        The tokenizer.

    Raises:
        ModelFormatError: the tokenizer is missing or damaged.
    """
    # Without its vocabulary the library would make a tokenizer that knows no word, and go on.
    if not (Path(folder) / "tokenizer.json").is_file():
        raise ModelFormatError(f"{folder} has no tokenizer.json; fetch or save the model again")
    with quiet(), readable(Path(folder)):
        tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False)
    tokenizer.add_special_tokens({"additional_special_tokens": list(MARKERS)})
    return cast(PreTrainedTokenizerBase, tokenizer)


def clean(text: str) -> str:
    """Make sure that a text cannot bring markers, or other words of a tokenizer's own."""
    return _RESERVED.sub(lambda opening: f"{opening[0]} ", text)


def mark(pair: StancePair) -> tuple[str, str]:
    """Write a stance pair as its two segments.

    Args:
        pair: the text, the target and, where known, the holder and where both are named.

    Returns:
        The text with its mentions between markers, and ``target`` or ``holder [SEP'] target``.
    """
    cuts = []
    if pair.target_span is not None:
        cuts.append((pair.target_span, TARGET_OPEN, TARGET_CLOSE))
    if pair.holder_span is not None:
        cuts.append((pair.holder_span, HOLDER_OPEN, HOLDER_CLOSE))
    first = _insert(pair.text, cuts)
    second = clean(pair.target)
    return first, f"{clean(pair.holder)} {HOLDER_SEP} {second}" if pair.holder else second


def form_of(pair: StancePair) -> str:
    """Name the form of a question: ``marked`` target, ``held`` by somebody, or ``plain``."""
    if pair.target_span is not None:
        return "marked"
    return "held" if pair.holder else "plain"


def _insert(text: str, cuts: Sequence[tuple[Span, str, str]]) -> str:
    """Put an opening and a closing marker around each span."""
    points = [(span.start, 1, opening) for span, opening, _ in cuts]
    points += [(span.end, 0, closing) for span, _, closing in cuts]
    pieces: list[str] = []
    position = 0
    for offset, _, marker in sorted(points):
        pieces += [clean(text[position:offset]), f" {marker} "]
        position = offset
    return "".join([*pieces, clean(text[position:])])


def pair_batch(
    tokenizer: PreTrainedTokenizerBase,
    firsts: Sequence[str],
    seconds: Sequence[str],
    max_tokens: int = MAX_PAIR_TOKENS,
) -> dict[str, Tensor]:
    """Tokenize pairs; ``second`` is 1 on the tokens of the second text.

    The longer text, nearly always the first, is cut where the pair is too long; callers choose
    the passage beforehand, so that what matters is not at its end.
    """
    shortened = [_head(text, max_tokens) for text in seconds]
    batch = tokenizer(
        list(firsts),
        shortened,
        truncation="longest_first",
        max_length=max_tokens,
        padding=True,
        return_tensors="pt",
        return_token_type_ids=True,
    )
    second = torch.zeros_like(batch["input_ids"])
    for row in range(len(shortened)):
        ids = batch.encodings[row].sequence_ids
        second[row] = torch.tensor([int(i == 1) for i in ids])
    return {**{k: v for k, v in batch.items() if v is not None}, "second": second}


def _head(text: str, max_tokens: int) -> str:
    """Keep a second text to about a quarter of the window, so that most of the first fits."""
    return " ".join(text.split()[: max_tokens // 4])[: max_tokens * 2]


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the token ids of some whole sentences of one text.

    `owner` gives each token's sentence (-1: special); `starts` / `ends` its offsets in the text;
    `word` the word it is a piece of (-1: special), counted through the window.
    """

    ids: NDArray[np.int64]
    owner: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    word: NDArray[np.int64]


def make_windows(
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    sentences: Sequence[Span],
    max_tokens: int = MAX_WINDOW_TOKENS,
) -> list[Window]:
    """Pack consecutive sentences into windows of at most `max_tokens` tokens."""
    if not sentences:
        return []
    encoded = tokenizer(
        [clean_same_length(s.of(text)) for s in sentences],
        add_special_tokens=False,
        return_offsets_mapping=True,
        return_attention_mask=False,
        return_token_type_ids=False,
        truncation=True,
        max_length=max_tokens - 2,
    )
    windows: list[Window] = []
    first, size = 0, 2
    for index, ids in enumerate(encoded["input_ids"]):
        if size + len(ids) > max_tokens and index > first:
            windows.append(_window(tokenizer, encoded, sentences, first, index))
            first, size = index, 2
        size += len(ids)
    windows.append(_window(tokenizer, encoded, sentences, first, len(sentences)))
    return windows


def clean_same_length(text: str) -> str:
    """Do the same without moving an offset."""
    return _RESERVED.sub("(", text)


def _window(
    tokenizer: PreTrainedTokenizerBase, encoded: Any, sentences: Sequence[Span], low: int, high: int
) -> Window:
    ids, owner, starts, ends = [tokenizer.cls_token_id], [-1], [0], [0]
    word, words = [-1], 0
    for index in range(low, high):
        base = sentences[index].start
        pieces = encoded.word_ids(index)
        ids += encoded["input_ids"][index]
        owner += [index] * len(pieces)
        starts += [base + a for a, _ in encoded["offset_mapping"][index]]
        ends += [base + b for _, b in encoded["offset_mapping"][index]]
        word += [words + (piece or 0) for piece in pieces]
        words = word[-1] + 1
    columns = ([*ids, tokenizer.sep_token_id], [*owner, -1], [*starts, 0], [*ends, 0], [*word, -1])
    return Window(*(np.asarray(column, dtype=np.int64) for column in columns))


def window_batch(windows: Sequence[Window], pad_id: int) -> dict[str, Tensor]:
    """Pad windows to one batch: input_ids, attention_mask, owner."""
    length = max(len(w.ids) for w in windows)
    ids = torch.full((len(windows), length), pad_id)
    owner = torch.full((len(windows), length), -1)
    mask = torch.zeros((len(windows), length), dtype=torch.long)
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size] = torch.from_numpy(window.ids)
        owner[row, :size] = torch.from_numpy(window.owner)
        mask[row, :size] = 1
    return {"input_ids": ids, "attention_mask": mask, "owner": owner}
