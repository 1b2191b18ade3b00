"""Choose sentences of an article: what matters, without saying it twice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from stance.backends.base import Encoder, Encoding, Floats
from stance.errors import OptionError
from stance.leaning import leans
from stance.length import Length, count_words
from stance.screen import Screen, screen, trim_ballast
from stance.text import Document
from stance.verify import plain
from stance.voiceless import Voices
from stance.worth import scaled, weigh

# What a sentence loses that says in other words what is told already, at most.
REPEATED = 0.1
# What a sentence loses that leans on the one before it, unless that is chosen, too; and what one of
# no words would lose, those of so many losing nothing. On seeds dev both together raised salient F1
# from 0.377 to 0.420 and ROUGE-1 from 0.412 to 0.432, and moved ROUGE-1 by no more than 0.006 on
# 162 documents of summ_pool dev; what leans on nothing fell from 0.17 to 0.05 of the sentences
# chosen, there from between 0.07 and 0.14 to at most 0.03.
LEANING = 0.3
SHORT, SHORT_WORDS = 0.2, 8
# Candidates that are compared with one another, and picks made by comparison; what a longer extract
# needs beyond them comes by salience alone, so that time stays linear in the article.
POOL = 400
MAX_PICKS = 200
# With a focus: how much the salience, the nearness to it and the mention of it count.
FOCUS_SHARES = (0.3, 0.3, 0.4)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hold the sentences that may stand in a summary, the weightiest first.

    `texts` maps their indices to their words without datelines; `weights`, in [0, 1], and
    `vectors` have one row per sentence of the article. `words` says what part of its weight a
    sentence loses by each stem that is told already. `inside` are in the middle of a quotation.
    """

    texts: dict[int, str]
    weights: Floats
    vectors: Floats
    screen: Screen
    words: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    inside: frozenset[int] = frozenset()

    def leans(self, index: int) -> bool:
        """Tell whether a sentence needs the one before it, for its words or for whose they are."""
        return index in self.inside or leans(self.texts[index])


def rank(
    document: Document, encoding: Encoding, focus: str | None = None, encoder: Encoder | None = None
) -> Ranking:
    """Order an article's sentences by what they are worth in a summary.

    Args:
        document: the article.
        encoding: its vectors and salience.
        focus: what the summary is to be about.
        encoder: embeds the focus; without it only words of the focus count.

    Returns:
        Each sentence once, equal ones at their first place. An article that is nothing but ballast
        is taken as it is; instructions to a language model never are.

    Raises:
        OptionError: the focus is no str.
    """
    if not isinstance(focus, str | None):
        raise OptionError(f"focus={focus!r}; use a str, or None")
    told, sorted_out = candidates(document)
    places = list(told)
    worth = weigh(list(told.values()), encoding.salience[places])
    weights = np.zeros(len(document.sentences), dtype=np.float32)
    weights[places] = worth.total
    if focus and focus.strip():
        weights = _focused(weights, document, encoding, focus, encoder)
    order = sorted(told, key=lambda i: (-float(weights[i]), i))
    words = dict(zip(told, worth.words, strict=True))
    texts = {i: told[i] for i in order}
    inside = Voices.of(document).inside
    return Ranking(texts, weights, encoding.vectors, sorted_out, words, inside)


def candidates(document: Document) -> tuple[dict[int, str], Screen]:
    """Return the sentences that may stand in a summary, without datelines, and what was screened.

    Args:
        document: the article.
    """
    sorted_out = screen(document)
    count = len(document.sentences)
    readable = sorted_out.readable(count)
    readable = readable or [i for i in range(count) if i not in sorted_out.baits]
    first = {plain(document.sentence(i)): i for i in reversed(readable)}
    return {i: trim_ballast(document.sentence(i)) for i in sorted(first.values())}, sorted_out


def select(ranking: Ranking, length: Length, budget: int) -> list[int]:
    """Choose sentences within a budget.

    Args:
        ranking: the sentences to choose from.
        length: the unit that they are measured in.
        budget: the most of it.

    Returns:
        Indices in the order of the article; the shortest sentence where none fits.
    """
    costs = {i: length.cost(text) for i, text in ranking.texts.items()}
    if not costs:
        return []
    chosen = _pick(ranking, costs, budget, length.slack(budget))
    left = budget - sum(costs[i] for i in chosen)
    if left > length.slack(budget):
        for index in _firm_first(ranking, chosen):
            if costs[index] <= left and left > length.slack(budget):
                chosen[index] = None
                left -= costs[index]
    return sorted(chosen) or [min(costs, key=costs.__getitem__)]


def passage(document: Document, ranking: Ranking, max_words: int) -> str:
    """Join the weightiest sentences that a generator may read, in the order of the article.

    Args:
        document: the article.
        ranking: its sentences in order of weight.
        max_words: the most words.

    Returns:
        The text, a line for each paragraph; empty where no sentence may be read.
    """
    chosen: list[int] = []
    left = max_words
    for index, text in ranking.texts.items():
        cost = count_words(text)
        if index not in ranking.screen.quoted and cost <= left:
            chosen.append(index)
            left -= cost
    lines: dict[int, list[str]] = {}
    for index in sorted(chosen):
        lines.setdefault(document.paragraph_of[index], []).append(ranking.texts[index])
    return "\n".join(" ".join(line) for line in lines.values())


def _firm_first(ranking: Ranking, chosen: dict[int, None]) -> list[int]:
    """Return the sentences not chosen by weight, those last that lean on one that is not."""
    rest = [i for i in ranking.texts if i not in chosen]
    return sorted(rest, key=lambda i: i - 1 not in chosen and ranking.leans(i))


def _pick(ranking: Ranking, costs: dict[int, int], budget: int, slack: float) -> dict[int, None]:
    """Choose by maximal marginal relevance among the weightiest sentences.

    The words of a sentence that is chosen count for none of the others any more.
    """
    pool = np.fromiter(costs, dtype=np.intp)[:POOL]
    places = {int(index): place for place, index in enumerate(pool)}
    vectors, price = ranking.vectors[pool], np.array([costs[int(i)] for i in pool])
    leaning = np.array([LEANING * ranking.leans(int(i)) for i in pool], dtype=np.float32)
    worth = ranking.weights[pool] - np.array([_brief(ranking, int(i)) for i in pool])
    untold = [dict(ranking.words.get(int(i), {})) for i in pool]
    repeated = np.zeros(len(pool), dtype=np.float32)
    free = np.ones(len(pool), dtype=bool)
    chosen: dict[int, None] = {}
    left = budget
    while len(chosen) < MAX_PICKS and not (chosen and left <= slack):
        free &= price <= left
        if not free.any():
            break
        value = worth - leaning - REPEATED * repeated
        best = int(np.argmax(np.where(free, value, -np.inf)))
        free[best] = False
        chosen[int(pool[best])] = None
        left -= int(price[best])
        repeated = np.maximum(repeated, vectors @ vectors[best])
        worth -= _told(untold, untold[best])
        if (after := places.get(int(pool[best]) + 1)) is not None:
            leaning[after] = 0.0
    return chosen


def _brief(ranking: Ranking, index: int) -> float:
    """Return what a sentence loses by its shortness."""
    return SHORT * max(0.0, 1 - count_words(ranking.texts[index]) / SHORT_WORDS)


def _told(untold: Sequence[dict[str, float]], chosen: Mapping[str, float]) -> Floats:
    """Take the words of a chosen sentence from all; return what each sentence loses by it."""
    stems = list(chosen)
    losses = [sum(own.pop(stem, 0.0) for stem in stems) for own in untold]
    return np.array(losses, dtype=np.float32)


def _focused(
    salience: Floats, document: Document, encoding: Encoding, focus: str, encoder: Encoder | None
) -> Floats:
    """Return what each sentence is worth where the summary is to be about something."""
    near = np.zeros_like(salience)
    if encoder is not None:
        near = scaled(np.maximum(encoding.vectors @ encoder.embed([focus])[0], 0.0))
    parts = (salience, near, _mentions(document, focus))
    total = sum(share * part for share, part in zip(FOCUS_SHARES, parts, strict=True))
    return np.asarray(total, dtype=np.float32)


def _mentions(document: Document, focus: str) -> Floats:
    """Return the share of the focus's words that each sentence has."""
    asked = set(_WORD.findall(focus.casefold()))
    texts = (document.sentence(i).casefold() for i in range(len(document.sentences)))
    shares = [len(asked.intersection(_WORD.findall(t))) / max(1, len(asked)) for t in texts]
    return np.asarray(shares, dtype=np.float32)
