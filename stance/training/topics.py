"""Fit the weights by which `stance.topics` ranks what an article may be about.

    python -m stance.training.topics models/corpus

reads every labelled article as the library would, sets each candidate against the article's
targets, and prints the weights as `stance.topics` has them. A candidate is as good as it shares
words or sense with a target: the two ways in which discovered targets are matched with gold ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stance.attribution import find_statements
from stance.backends.base import Encoder
from stance.candidates import gather, shared, stems_of
from stance.holders import resolve
from stance.records import Article, ModelInfo
from stance.text import make_document
from stance.topics import Scene, features, is_presentable
from stance.training.corpus import Piece, read_corpus

Table = NDArray[np.float64]

# Sharing this much (0 to 1) a candidate begins to count as a target, and this much it counts fully.
BEGINS, FULL = 0.3, 0.65
# A cosine is worth as much as a share of words that is so much lower.
COSINE_WORTH, LEAST_COSINE = 0.1, 0.55
PENALTY = 10.0
# Every fifth article is held out to see how well the others' weights do.
FOLDS, SHOWN = 5, (3, 5)


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold the candidates of one article: features, (candidates, names), and their worth in [0, 1].

    `fits` has shape (candidates, targets): which candidate is worth something to which target.
    """

    values: Table
    worth: Table
    fits: NDArray[np.bool_]


def read_features(
    pieces: Sequence[Piece], encoder: Encoder
) -> Iterator[tuple[list[dict[str, float]], Table]]:
    """Yield for each article its candidates' features and what they share with its targets.

    Args:
        pieces: labelled articles; one without candidates or targets is left out.
        encoder: the model that the weights are for.
    """
    for piece in pieces:
        document = make_document(Article(piece.text, piece.title))
        heading = make_document(piece.title)
        title = find_statements(heading, encoder.encode(heading))
        statements = find_statements(document, encoder.encode(document))
        resolution = resolve(document, statements, narration=True)
        scene = Scene(document, resolution)
        found = [c for c in gather(document, title, resolution) if is_presentable(c, scene)]
        wordings = [question.wordings for question in piece.questions.values()]
        if found and wordings:
            texts = [candidate.text for candidate in found]
            alike = np.maximum(_words(texts, wordings), _sense(texts, wordings, encoder))
            yield [features(candidate, scene) for candidate in found], alike


def _words(texts: Sequence[str], wordings: Sequence[Sequence[str]]) -> Table:
    """Return the share of content words (Dice) of each text with the nearest of each wordings."""
    gold = [[stems_of(wording) for wording in some] for some in wordings]
    own = [stems_of(text) for text in texts]
    return np.array([[max(shared(words, g) for g in some) for some in gold] for words in own])


def _sense(texts: Sequence[str], wordings: Sequence[Sequence[str]], encoder: Encoder) -> Table:
    """Return what the cosines of the texts with the first of each wordings are worth."""
    cosines = encoder.embed(texts) @ encoder.embed([some[0] for some in wordings]).T
    return np.where(cosines >= LEAST_COSINE, cosines - COSINE_WORTH, 0.0).astype(np.float64)


def tabulate(read: Sequence[tuple[list[dict[str, float]], Table]]) -> tuple[list[str], list[Rows]]:
    """Put features in columns of one order."""
    names = sorted({name for found, _ in read for one in found for name in one})
    rows = []
    for found, alike in read:
        values = np.array([[one.get(name, 0.0) for name in names] for one in found])
        worth = np.clip((alike.max(1) - BEGINS) / (FULL - BEGINS), 0.0, 1.0)
        rows.append(Rows(values, worth, alike >= 0.5))
    return names, rows


def fit(rows: Sequence[Rows], steps: int = 20) -> Table:
    """Fit a logistic regression by Newton's method, with an L2 penalty on standardized features.

    Returns:
        One weight per feature, in the features' own units. A constant feature is not penalized.
    """
    values, worth = np.vstack([r.values for r in rows]), np.concatenate([r.worth for r in rows])
    mean, spread = values.mean(0), values.std(0)
    constant = spread < 1e-9
    mean[constant], spread[constant] = 0.0, 1.0
    scaled = (values - mean) / spread
    penalty = np.diag(np.where(constant, 1e-6, PENALTY))
    weights = np.zeros(values.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (chance - worth) + penalty @ weights
        curve = (scaled.T * (chance * (1 - chance))) @ scaled + penalty
        weights -= np.linalg.solve(curve, slope)
    own: Table = weights / spread
    own[constant] -= float(mean @ own) / max(1, constant.sum())
    return own


def held_out(rows: Sequence[Rows]) -> dict[int, float]:
    """Return the share of targets that the first 3 and 5 candidates of unseen articles fit."""
    hits = dict.fromkeys(SHOWN, 0)
    for fold in range(FOLDS):
        weights = fit([r for i, r in enumerate(rows) if i % FOLDS != fold])
        for unseen in rows[fold::FOLDS]:
            order = np.argsort(-(unseen.values @ weights), kind="stable")
            for count in SHOWN:
                hits[count] += int(unseen.fits[order[:count]].any(0).sum())
    total = sum(r.fits.shape[1] for r in rows)
    return {count: hits[count] / total for count in SHOWN}


def main(argv: Sequence[str] | None = None) -> int:
    """Fit from the command line."""
    parser = argparse.ArgumentParser(
        prog="stance.training.topics",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("corpus", type=Path, help="folder of labelled articles")
    parser.add_argument("--model", default="mini", help="name or folder of the model")
    parser.add_argument("--articles", type=int, help="read so many only, spread over the corpus")
    options = parser.parse_args(argv)
    from stance.backends.mini import MiniBackend
    from stance.weights import resolve as find_model

    folder = find_model(options.model).folder
    encoder = MiniBackend(folder, ModelInfo(options.model))
    pieces = read_corpus(options.corpus)
    stride = max(1, len(pieces) // (options.articles or len(pieces)))
    names, rows = tabulate(list(read_features(pieces[::stride], encoder)))
    for count, share in held_out(rows).items():
        print(f"# of the targets of held-out articles, {share:.3f} among the first {count}")
    print(written(names, fit(rows)))
    return 0


def written(names: Sequence[str], weights: Table) -> str:
    """Write weights as the library has them."""
    pairs = [f'    "{name}": {weight:.3f},' for name, weight in zip(names, weights, strict=True)]
    return "\n".join(["WEIGHTS: Mapping[str, float] = {", *pairs, "}"])


if __name__ == "__main__":
    raise SystemExit(main())
