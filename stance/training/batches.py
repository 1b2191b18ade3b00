"""Turn examples into tensors, in batches of about equal size."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from stance.backends.inputs import (
    MAX_WINDOW_TOKENS,
    Window,
    make_windows,
    mark,
    pair_batch,
    window_batch,
)
from stance.backends.modeling import ACT_TAGS, ROLES, TAGS
from stance.records import Span
from stance.training.examples import (
    Attributed,
    Example,
    PairExample,
    SalienceExample,
    TaggedExample,
)

Batch = dict[str, Any]
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound a batch: tokens of a batch of pairs, of a batch of windows, of one pair, of one window.

    Windows carry many labels each, so that small batches of them learn as steadily as large ones,
    and faster.
    """

    batch_tokens: int = 4096
    window_batch_tokens: int = 1536
    pair_tokens: int = 192
    window_tokens: int = MAX_WINDOW_TOKENS


def task_of(example: Example) -> str:
    """Name the head that an example trains."""
    if isinstance(example, PairExample):
        return example.task
    return "attribution" if isinstance(example, TaggedExample) else "salience"


def rough_tokens(example: Example) -> int:
    """Estimate an example's length from its characters (about four to a token)."""
    if isinstance(example, PairExample):
        pair = example.pair
        return 8 + (len(pair.text) + len(pair.target) + len(pair.holder or "")) // 4
    if isinstance(example, TaggedExample):
        return len(example.text) // 4
    return sum(len(s) for s in example.sentences) // 4


def group_batches(
    examples: Sequence[Example], limits: Limits, rng: random.Random
) -> list[list[Example]]:
    """Shuffle, sort by length within chunks, and cut into batches of one task each."""
    by_task: dict[str, list[Example]] = {}
    for example in examples:
        by_task.setdefault(task_of(example), []).append(example)
    batches: list[list[Example]] = []
    for pool in by_task.values():
        rng.shuffle(pool)
        for start in range(0, len(pool), 4000):
            batches += _cut(sorted(pool[start : start + 4000], key=rough_tokens), limits)
    rng.shuffle(batches)
    return batches


def _cut(examples: Sequence[Example], limits: Limits) -> list[list[Example]]:
    batches: list[list[Example]] = [[]]
    pairs = bool(examples) and isinstance(examples[0], PairExample)
    budget = limits.batch_tokens if pairs else limits.window_batch_tokens
    longest = 0
    for example in examples:
        size = rough_tokens(example)
        if isinstance(example, PairExample):
            size = min(size, limits.pair_tokens)
        longest = max(longest, size)
        if batches[-1] and longest * (len(batches[-1]) + 1) > budget:
            batches.append([])
            longest = size
        batches[-1].append(example)
    return [b for b in batches if b]


def collate(
    tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example], limits: Limits
) -> Batch:
    """Build the tensors of one batch; ``task`` names its head."""
    task = task_of(examples[0])
    builders: dict[str, Callable[..., Batch]] = {
        "stance": _pairs,
        "nli": _pairs,
        "attribution": _tagged,
        "salience": _salience,
    }
    return {"task": task, **builders[task](tokenizer, examples, limits)}


def _pairs(tokenizer: Any, examples: Sequence[PairExample], limits: Limits) -> Batch:
    marked = [mark(e.pair) for e in examples]
    inputs = pair_batch(
        tokenizer, [m[0] for m in marked], [m[1] for m in marked], limits.pair_tokens
    )
    gold, allowed = torch.zeros(len(examples), 3), torch.zeros(len(examples), 3)
    for row, example in enumerate(examples):
        gold[row, list(example.gold)] = 1
        allowed[row, list(example.allowed)] = 1
    return {
        "inputs": inputs,
        "gold": gold,
        "allowed": allowed,
        "related": torch.tensor([float(e.related) for e in examples]),
        "weight": torch.tensor([e.weight for e in examples]),
    }


def _tagged(tokenizer: Any, examples: Sequence[TaggedExample], limits: Limits) -> Batch:
    windows: list[Window] = []
    tags: list[Tensor] = []
    acts: list[Tensor] = []
    links: list[tuple[int, int, int, int]] = []
    for example in examples:
        for window in make_windows(
            tokenizer, example.text, example.sentences, limits.window_tokens
        ):
            found, pointers = label_window(window, example.attributions)
            links += [(len(windows), *pointer) for pointer in pointers]
            windows.append(window)
            tags.append(found)
            acts.append(label_acts(window, example.acts))
    inputs = window_batch(windows, int(tokenizer.pad_token_id))
    shape = inputs["input_ids"].shape
    table = torch.tensor(links) if links else torch.zeros(0, 4, dtype=torch.long)
    return {
        "inputs": inputs,
        "tags": _padded(tags, shape),
        "acts": _padded(acts, shape),
        "links": table,
    }


def _padded(rows: Sequence[Tensor], shape: torch.Size) -> Tensor:
    labels = torch.full(shape, IGNORE)
    for row, found in enumerate(rows):
        labels[row, : len(found)] = found
    return labels


def label_acts(window: Window, acts: Sequence[Attributed] | None) -> Tensor:
    """Tag a window's tokens with who acts and what is done; nothing counts where none is marked."""
    tags = torch.full((len(window.ids),), IGNORE)
    if acts is None:
        return tags
    tags[window.owner >= 0] = 0
    for act in acts:
        for role, spans in (("actor", act.source), ("act", act.content)):
            for span in spans:
                _paint(window, tags, role, span, ACT_TAGS)
    return tags


def label_window(
    window: Window, attributions: Sequence[Attributed]
) -> tuple[Tensor, list[tuple[int, int, int]]]:
    """Tag a window's tokens and list its links.

    Returns:
        The tag of each token, and (kind, from, to) links: kind 0 from a cue's first token to its
        source's, kind 1 from a content's first token to its cue's; `to` 0 means none.
    """
    tags = torch.zeros(len(window.ids), dtype=torch.long)
    tags[window.owner < 0] = IGNORE
    links: list[tuple[int, int, int]] = []
    for attribution in attributions:
        firsts: dict[str, list[int]] = {}
        for role in ROLES:
            for span in getattr(attribution, role):
                first = _paint(window, tags, role, span)
                if first is not None:
                    firsts.setdefault(role, []).append(first)
        cue = firsts.get("cue", [0])[0]
        if cue:
            links.append((0, cue, firsts.get("source", [0])[0]))
        links += [(1, content, cue) for content in firsts.get("content", [])]
    return tags, links


def _paint(
    window: Window, tags: Tensor, role: str, span: Span, names: Sequence[str] = TAGS
) -> int | None:
    """Write one span's tags; return its first token, or None if it lies elsewhere."""
    inside = (window.owner >= 0) & (window.starts < span.end) & (window.ends > span.start)
    where = inside.nonzero()[0]
    if not len(where):
        return None
    tags[where] = names.index(f"I-{role}")
    first = int(where[0])
    tags[first] = names.index(f"B-{role}")
    return first


def _salience(tokenizer: Any, examples: Sequence[SalienceExample], limits: Limits) -> Batch:
    windows: list[Window] = []
    sizes: list[int] = []
    base = 0
    for example in examples:
        text, spans = join_sentences(example.sentences)
        for window in make_windows(tokenizer, text, spans, limits.window_tokens):
            window.owner[window.owner >= 0] += base
            windows.append(window)
        sizes.append(len(spans))
        base += len(spans)
    width = max(sizes)
    gold, mask = torch.zeros(len(sizes), width), torch.zeros(len(sizes), width)
    for row, (example, size) in enumerate(zip(examples, sizes, strict=True)):
        mask[row, :size] = 1
        gold[row, list(example.salient)] = 1
    inputs = window_batch(windows, int(tokenizer.pad_token_id))
    return {"inputs": inputs, "salient": gold, "mask": mask, "total": base}


def join_sentences(sentences: Sequence[str]) -> tuple[str, list[Span]]:
    """Join sentences with spaces and say where each one lies."""
    spans: list[Span] = []
    position = 0
    for sentence in sentences:
        spans.append(Span(position, position + len(sentence)))
        position += len(sentence) + 1
    return " ".join(sentences), spans
