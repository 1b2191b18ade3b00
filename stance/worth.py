"""Weigh an article's sentences as the summaries of CNN and the Daily Mail do.

A sentence is worth something for where it stands and how it is built, and for its words: those that
the article comes back to and had early. Words that are told already are worth nothing any more,
which is what keeps a summary from saying a thing twice. Nothing here knows a model but `HEAD`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.backends.base import Floats
from stance.candidates import stems_of

Table = NDArray[np.float64]

# Fitted by `python -m stance.training.worth DATA` on the CNN/DailyMail documents of summ_pool's
# training part; in shares of a reference's words that a sentence adds, less what its own length
# costs.
WEIGHTS: Mapping[str, float] = {
    "root": 0.1852,
    "log": 0.0403,
    "share": -0.0474,
    "first": -0.0539,
    "second": -0.0023,
    "third": 0.0002,
    "words": -0.0351,
    "log words": 0.0298,
    "quoted": -0.0111,
    "speaking": -0.0130,
}
WORD_WEIGHTS: Mapping[str, float] = {
    "common": 0.0058,
    "again": -0.0059,
    "early": 0.0148,
    "any": -0.0018,
}
# The weight of the model's salience. The same command fits it on the development part, for the head
# has seen the rest: 0.026 for the third mini, 0.029 for the fourth. On seeds dev 0.04 was better
# for the third (salient F1 0.445 against 0.408), on those documents as good.
HEAD = 0.04
# What the worth of an article's sentences is spread over at least.
LEAST_SPREAD = 0.1

_NUMBER = re.compile(r"\d[\d,.]*")
_QUOTED = re.compile(r"[\"“”‘].*?[\"“”’](?!\w)|^[^\"“]*”")
_SPEAKING = re.compile(r"\b(?:I|we|We|my|our|you|You|your)\b")


@dataclass(frozen=True, slots=True)
class Worth:
    """Hold what sentences are worth: `total`, and the part of it that each stem brings."""

    total: Floats
    words: tuple[Mapping[str, float], ...]


def weigh(texts: Sequence[str], salience: Floats) -> Worth:
    """Weigh the sentences of an article.

    Args:
        texts: those that may stand in a summary, in order.
        salience: what the model says of each.

    Returns:
        Worth in [0, 1], where the best sentence has 1.
    """
    if not texts:
        return Worth(np.zeros(0, dtype=np.float32), ())
    stems = [stems_of(text) for text in texts]
    values = word_values(stems)
    total = sentence_features(texts) @ np.array(list(WEIGHTS.values()))
    total += np.array([sum(values[stem] for stem in own) for own in stems])
    total += HEAD * scaled(salience)
    spread = max(float(np.ptp(total)), LEAST_SPREAD)
    # A word that costs more than it brings does not make a sentence better for being told.
    words = tuple({stem: max(0.0, values[stem]) / spread for stem in own} for own in stems)
    return Worth(np.asarray(1 + (total - total.max()) / spread, dtype=np.float32), words)


def sentence_features(texts: Sequence[str]) -> Table:
    """Return the features of each sentence that no other one changes, in the order of `WEIGHTS`."""
    return np.array([_features(text, i, len(texts)) for i, text in enumerate(texts)])


def _features(text: str, place: int, count: int) -> list[float]:
    words = len(text.split())
    return [
        (1 + place) ** -0.5,
        float(np.log1p(place)),
        place / count,
        float(place == 0),
        float(place == 1),
        float(place == 2),
        words / 20,
        float(np.log1p(words)),
        1 - len(_QUOTED.sub(" ", text).split()) / max(1, words),
        float(_SPEAKING.search(text) is not None),
    ]


def word_features(stems: Sequence[frozenset[str]]) -> dict[str, list[float]]:
    """Return the features of each stem, in the order of `WORD_WEIGHTS`.

    Args:
        stems: those of each sentence.
    """
    counts = Counter(stem for own in stems for stem in own)
    first: dict[str, int] = {}
    for place, own in enumerate(stems):
        for stem in own:
            first.setdefault(stem, place)
    return {
        stem: [
            float(np.log(count)),
            float(count > 1),
            (count > 1) * (1 + first[stem]) ** -0.5,
            1.0,
        ]
        for stem, count in counts.items()
    }


def word_values(stems: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return what each stem is worth."""
    weights = list(WORD_WEIGHTS.values())
    return {
        stem: sum(w * x for w, x in zip(weights, values, strict=True))
        for stem, values in word_features(stems).items()
    }


def scaled(values: Floats) -> Floats:
    """Divide by the largest value, where that is positive."""
    top = float(values.max(initial=0.0))
    return np.asarray(values / top if top > 0 else values, dtype=np.float32)
