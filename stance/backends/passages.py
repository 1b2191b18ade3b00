"""Choose the passages of a long text that speak to a target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stance.backends.base import Floats


def nearest(sentences: Sequence[str], vectors: Floats, target: Floats, words: int) -> list[int]:
    """Choose sentences by cosine with the target, within a budget of words.

    Args:
        sentences: the text's sentences.
        vectors: (sentences, dim), unit rows.
        target: (dim,), a unit vector.
        words: the budget; the nearest sentence is taken even if it is longer.

    Returns:
        Indices in the order of the text.
    """
    chosen: list[int] = []
    left = words
    for index in np.argsort(-(vectors @ target), kind="stable"):
        size = len(sentences[index].split())
        if not chosen or size <= left:
            chosen.append(int(index))
            left -= size
        if left <= 0:
            break
    return sorted(chosen)
