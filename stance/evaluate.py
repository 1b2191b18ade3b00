"""Measure a model on hand-labelled articles: the scores of the gold format, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from stance.errors import DataError, MissingExtraError, OptionError
from stance.gold import GoldArticle, digest_of, load_gold
from stance.metrics import (
    RESAMPLES,
    Array,
    Counts,
    Interval,
    bootstrap,
    macro_f1,
)
from stance.pairing import Embed, target_cosines
from stance.records import Analysis, Article, ModelInfo, Record
from stance.scoring import (
    ArticleScores,
    evidence_counts,
    label_table,
    missed_article,
    score_article,
    triple_counts,
)

MEASURES = (
    "triple_f1",
    "label_macro_f1",
    "evidence_f1",
    "holder_f1",
    "open_triple_f1",
    "open_holder_f1",
    "target_f1",
    "salient_f1",
    "rouge1",
    "rouge2",
    "rougeLsum",
    "support",
)
# Pooled over all articles: steadier than the mean where an article has only a few rows.
POOLED = ("triple_f1_pooled", "label_macro_f1_pooled", "evidence_f1_pooled")


class Analyzes(Protocol):
    """Analyze articles, as `stance.Analyzer` does."""

    def analyze(
        self, article: Article, targets: Sequence[str] | None = None, *, summary: Any = "auto"
    ) -> Analysis:
        """Analyze one article."""
        ...


@dataclass(frozen=True, slots=True)
class Scored(Record):
    """Name a measure and give its value with its 95 % interval."""

    name: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Evaluation(Record):
    """Hold what a model is worth on labelled articles, and the scores of each article.

    `digest` is a sha256 over the articles and their labels; a measure that nothing in the data
    can be scored by is absent.
    """

    scores: tuple[Scored, ...]
    articles: tuple[ArticleScores, ...]
    digest: str
    model: ModelInfo | None = None
    seed: int = 0

    def __getitem__(self, name: str) -> Interval:
        for scored in self.scores:
            if scored.name == name:
                return scored.interval
        raise KeyError(f"{name!r} was not scored; there are {[s.name for s in self.scores]}")

    @property
    def errors(self) -> tuple[ArticleScores, ...]:
        """The articles on which the model crashed; each counts as a miss."""
        return tuple(a for a in self.articles if a.error)

    def to_text(self) -> str:
        """Return a table for the terminal, one measure a line."""
        lines = [f"{s.name:22} {s.interval}  n={s.interval.n}" for s in self.scores]
        lines += [f"{a.id}: {a.explanation}" for a in self.errors]
        return "\n".join(lines)


def evaluate(
    model: str | Path | Analyzes,
    data: str | Path | Sequence[GoldArticle],
    *,
    split: str | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Score a model on hand-labelled articles.

    Args:
        model: a name, a path or a hub id, or anything with an `analyze` like `stance.Analyzer`'s.
        data: a folder in the gold format, or articles that `stance.gold.load_gold` returned.
        split: keep only ``"dev"`` or ``"test"``; None keeps all.
        seed: of the bootstrap.
        resamples: of the bootstrap, at least 1.

    Returns:
        The mean of each score over articles and the pooled scores, with 95 % bootstrap intervals
        over whole articles. An article on which the model crashes counts as a miss.

    Raises:
        DataError: the labels are wrong, or there is no article.
        FileMissingError: there is no such folder.
        ModelError: there is no such model.
        OptionError: `resamples` is below 1.
        MissingExtraError: the `rouge-score` package is not installed.
    """
    if resamples < 1:
        raise OptionError(f"resamples must be at least 1, got {resamples}")
    articles = load_gold(data, split=split) if isinstance(data, str | Path) else _kept(data, split)
    analyzer = _loaded(model)
    scores = [evaluate_article(analyzer, article) for article in articles]
    info = getattr(analyzer, "info", None)
    return Evaluation(
        tuple(summarize_scores(scores, seed=seed, resamples=resamples)),
        tuple(scores),
        digest_of(articles),
        info if isinstance(info, ModelInfo) else None,
        seed,
    )


def evaluate_article(analyzer: Analyzes, gold: GoldArticle) -> ArticleScores:
    """Analyze one article with and without its targets and score both; a crash is a miss."""
    try:
        closed, opened = analyze_both(analyzer, gold)
        embed = embedder(analyzer)
        cosines = target_cosines(gold, opened, embed) if embed else None
        return score_article(gold, closed, opened, cosines=cosines)
    except MissingExtraError:
        raise
    except Exception as error:  # whatever a model raises must not lose the other articles
        return missed_article(gold, f"{type(error).__name__}: {error}")


def analyze_both(analyzer: Analyzes, gold: GoldArticle) -> tuple[Analysis | None, Analysis]:
    """Analyze one article with the gold targets given (None if it has none) and without."""
    targets = [t.text for t in gold.targets]
    closed = analyzer.analyze(gold.article, targets, summary=None) if targets else None
    return closed, analyzer.analyze(gold.article)


def embedder(analyzer: object) -> Embed | None:
    """Return what gives sentence vectors for comparing targets, if the analyzer has it."""
    return cast("Embed | None", getattr(getattr(analyzer, "encoder", None), "embed", None))


def summarize_scores(
    scores: Sequence[ArticleScores], *, seed: int = 0, resamples: int = RESAMPLES
) -> list[Scored]:
    """Give every measure's value over articles with its interval; leave out what has no value."""
    found: list[Scored] = []
    for name, (rows, of_sums) in tables(scores).items():
        kept = rows[rows.reshape(len(rows), -1).any(axis=1)]
        if len(kept):
            interval = bootstrap(kept, of_sums, seed=seed, resamples=resamples)
            found.append(Scored(name, interval))
    return found


Table = tuple[Array, Callable[[Array], Array]]


def tables(scores: Sequence[ArticleScores]) -> dict[str, Table]:
    """Return, for each measure, what each article contributes and how sums become a number."""
    named: dict[str, Table] = {name: (_weighted(name, scores), _mean) for name in MEASURES}
    rows = [a.closed for a in scores]
    named["triple_f1_pooled"] = (_counted(triple_counts(r) for r in rows), f1_of_sums)
    named["label_macro_f1_pooled"] = (np.array([label_table(r) for r in rows]), macro_f1)
    evidence = _counted(evidence_counts(r) or Counts() for r in rows)
    named["evidence_f1_pooled"] = (evidence, f1_of_sums)
    return named


def f1_of_sums(sums: Array) -> Array:
    """Return F1 from summed (tp, fp, fn), shape (…, 3); 1 where all are 0."""
    whole = 2 * sums[..., 0] + sums[..., 1] + sums[..., 2]
    return np.asarray(np.where(whole > 0, 2 * sums[..., 0] / np.where(whole > 0, whole, 1), 1.0))


def _weighted(name: str, scores: Sequence[ArticleScores]) -> Array:
    values = [a.values.get(name) for a in scores]
    return np.array([(v or 0.0, v is not None) for v in values], dtype=np.float64)


def _mean(sums: Array) -> Array:
    return np.asarray(sums[..., 0] / np.maximum(sums[..., 1], 1.0))


def _counted(counts: Iterable[Counts]) -> Array:
    return np.array([(c.tp, c.fp, c.fn) for c in counts], dtype=np.float64)


def _kept(articles: Sequence[GoldArticle], split: str | None) -> tuple[GoldArticle, ...]:
    kept = tuple(a for a in articles if split is None or a.split == split)
    if not kept:
        raise DataError(f"there is no article of split {split!r} among the {len(articles)} given")
    return kept


def _loaded(model: str | Path | Analyzes) -> Analyzes:
    if not isinstance(model, str | Path):
        return model
    import stance

    return cast(Analyzes, stance.load(model))
