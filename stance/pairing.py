"""Pair what was found in an article with what its labels say: holders and targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.gold import GoldArticle
from stance.matching import holder_strength, match, target_strength
from stance.records import Analysis, Holder

Cosines = Mapping[str, Sequence[float]]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


def target_cosines(gold: GoldArticle, opened: Analysis, embed: Embed) -> Cosines:
    """Compare the discovered targets with the gold ones by their sentence vectors.

    Args:
        gold: the labels.
        opened: what was found without targets.
        embed: gives one unit vector per text.

    Returns:
        From each discovered target's text to its cosine with each gold target, in order.
    """
    texts = list(dict.fromkeys(s.target.text for s in opened.stances))
    if not texts or not gold.targets:
        return {}
    vectors = embed([*texts, *(t.text for t in gold.targets)])
    table = vectors[: len(texts)] @ vectors[len(texts) :].T
    return {text: [float(x) for x in row] for text, row in zip(texts, table, strict=True)}


def match_targets(
    gold: GoldArticle, predicted: Sequence[str], cosines: Cosines | None = None
) -> dict[str, str]:
    """Match discovered targets with gold ones.

    Args:
        gold: the labels.
        predicted: the texts of the discovered targets, repeats allowed.
        cosines: what `target_cosines` returned; None matches by words only.

    Returns:
        From predicted text to gold id, for those that match; each gold target at most once.
    """
    texts, targets = list(dict.fromkeys(predicted)), gold.targets
    if not texts or not targets:
        return {}
    near = cosines or {}
    rows = [near.get(text, [0.0] * len(targets)) for text in texts]
    strength = np.array(
        [
            [target_strength(text, t.names, c) for t, c in zip(targets, row, strict=True)]
            for text, row in zip(texts, rows, strict=True)
        ]
    )
    return {texts[i]: targets[j].id for i, j in match(strength).items()}


def match_holders(gold: GoldArticle, predicted: Iterable[Holder], text: str) -> dict[Holder, str]:
    """Match predicted holders with gold ones.

    Args:
        gold: the labels.
        predicted: the holders, repeats allowed.
        text: what the mentions of `predicted` refer to.

    Returns:
        From holder to gold id, for those that match; each gold holder at most once.
    """
    holders = list(dict.fromkeys(predicted))
    if not holders or not gold.holders:
        return {}
    left = [_names_of(h.kind, (h.name, *(m.of(text) for m in h.mentions))) for h in holders]
    right = [_names_of(h.kind, h.names) for h in gold.holders]
    strength = np.array([[holder_strength(a, b) for b in right] for a in left])
    return {holders[i]: gold.holders[j].id for i, j in match(strength).items()}


def _names_of(kind: str, names: Sequence[str]) -> Sequence[str]:
    # The article's own voice has no name in the text; whatever it is called, it is the author.
    return ("author",) if kind == "author" else names
