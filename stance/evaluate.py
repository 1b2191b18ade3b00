"""Measure a model on labelled articles or pairs: every score with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from stance.errors import DataError, MissingExtraError, OptionError
from stance.gold import GoldArticle, digest_of, load_gold
from stance.labelled_pairs import LabelledPair, digest_of_pairs, is_pair_file, load_pairs
from stance.metrics import (
    RESAMPLES,
    SEEDS,
    Array,
    Counts,
    Interval,
    bootstrap,
    confusion,
    f1_of_sums,
    macro_f1,
)
from stance.pair_scoring import Detects, JudgedPair, Step, Table, judge_pairs, pair_tables
from stance.pairing import Embed, target_cosines
from stance.records import LABELS, Analysis, Article, ModelInfo, Record
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


Labelled = Sequence[GoldArticle] | Sequence[LabelledPair]


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
    """Hold what a model is worth on labelled articles or pairs, and the answer to each.

    `digest` is a sha256 over the texts and their labels; a measure that nothing in the data can be
    scored by is absent.
    """

    scores: tuple[Scored, ...]
    articles: tuple[ArticleScores, ...]
    digest: str
    model: ModelInfo | None = None
    seed: int = 0
    pairs: tuple[JudgedPair, ...] = ()

    def __getitem__(self, name: str) -> Interval:
        for scored in self.scores:
            if scored.name == name:
                return scored.interval
        raise KeyError(f"{name!r} was not scored; there are {[s.name for s in self.scores]}")

    @property
    def errors(self) -> tuple[ArticleScores | JudgedPair, ...]:
        """The articles or pairs on which the model crashed; each counts as a miss."""
        answers: tuple[ArticleScores | JudgedPair, ...] = self.articles or self.pairs
        return tuple(answer for answer in answers if answer.error)

    @property
    def confusion(self) -> Array:
        """How often each label was answered with which, gold in rows, as `confusion` counts."""
        if self.pairs:
            gold = [judged.pair.label for judged in self.pairs]
            return confusion(gold, [judged.predicted for judged in self.pairs], LABELS)
        return sum((label_table(a.closed) for a in self.articles), label_table(()))

    def to_text(self) -> str:
        """Return the measures, one a line, and the table of labels, for the terminal."""
        lines = [f"{'measure':24}{'value':>6}  {'95 % interval':16} over"]
        unit = "texts" if self.pairs else "articles"
        for name, i in ((s.name, s.interval) for s in self.scores):
            lines.append(f"{name:24}{i.value:6.3f}  [{i.low:.3f}, {i.high:.3f}]   {i.n} {unit}")
        lines += ["", *self._table()]
        return "\n".join([*lines, *(f"{item.id}: {item.explanation}" for item in self.errors)])

    def _table(self) -> list[str]:
        """Set gold labels against answers; nothing is missed or invented where no line says so."""
        table = self.confusion
        columns = [*LABELS, *(["no answer"] if table[:, -1].any() else [])]
        rows = [*LABELS, *(["nothing there"] if table[-1].any() else [])]
        lines = [f"{'gold, and the answers':24}" + "".join(f"{name:>10}" for name in columns)]
        for name, counts in zip(rows, table, strict=False):
            lines.append(f"{name:24}" + "".join(f"{n:10.0f}" for n in counts[: len(columns)]))
        return lines


def evaluate(
    model: str | Path | Analyzes | Detects,
    data: str | Path | Labelled,
    *,
    split: str | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    step: Step | None = None,
) -> Evaluation:
    """Score a model on labelled articles, or on labelled pairs of a text and a target.

    Args:
        model: a name, a path or a hub id, or anything that answers like `stance.Analyzer`.
        data: a folder in the gold format, a file of pairs (see `stance.labelled_pairs`), or what
            `load_labelled` returned for either.
        split: keep only this split (``"dev"``, ``"test"``); None keeps all.
        seed: of the bootstrap.
        resamples: of the bootstrap, at least 1.
        step: called with the number of articles or pairs done since the last call.

    Returns:
        Articles: the mean of each score and the pooled scores. Pairs: macro-F1, accuracy and
        calibration error. All with 95 % bootstrap intervals over whole articles or texts. One on
        which the model crashes counts as a miss.

    Raises:
        DataError: the labels are wrong, or there is nothing to score.
        FileMissingError: there is no such folder or file.
        ModelError: there is no such model.
        OptionError: `resamples` is below 1, or `seed` out of its range.
        MissingExtraError: the `rouge-score` package is not installed.
    """
    if not 0 <= seed < SEEDS:
        raise OptionError(f"seed={seed!r} must be between 0 and {SEEDS - 1}")
    if resamples < 1:
        raise OptionError(f"resamples must be at least 1, got {resamples}")
    items = load_labelled(data, split=split)
    analyzer = _loaded(model)
    pairs = [item for item in items if isinstance(item, LabelledPair)]
    if pairs:
        judged = judge_pairs(cast(Detects, analyzer), pairs, step=step)
        scored, digest = _scored(pair_tables(judged), seed, resamples), digest_of_pairs(pairs)
        return Evaluation(tuple(scored), (), digest, _info(analyzer), seed, tuple(judged))
    articles = [item for item in items if isinstance(item, GoldArticle)]
    scores = []
    for article in articles:
        scores.append(evaluate_article(cast(Analyzes, analyzer), article))
        if step is not None:
            step(1)
    summed = summarize_scores(scores, seed=seed, resamples=resamples)
    return Evaluation(tuple(summed), tuple(scores), digest_of(articles), _info(analyzer), seed)


def load_labelled(data: str | Path | Labelled, *, split: str | None = None) -> Labelled:
    """Load labelled articles or pairs, whichever a path holds.

    Args:
        data: a folder in the gold format, a file of pairs, or what either was loaded as.
        split: keep only this split; None keeps all.

    Returns:
        The articles or the pairs.

    Raises:
        DataError: the labels are wrong, or nothing is left.
        FileMissingError: there is no such folder or file.
    """
    if not isinstance(data, str | Path):
        return _kept(data, split)
    path = Path(data)
    if is_pair_file(path) and not path.is_dir():
        return load_pairs(path, split=split)
    return load_gold(path, split=split)


def _info(analyzer: object) -> ModelInfo | None:
    info = getattr(analyzer, "info", None)
    return info if isinstance(info, ModelInfo) else None


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
    return _scored(tables(scores), seed, resamples)


def _scored(tables: dict[str, Table], seed: int, resamples: int) -> list[Scored]:
    found: list[Scored] = []
    for name, (rows, of_sums) in tables.items():
        kept = rows[rows.reshape(len(rows), -1).any(axis=1)]
        if len(kept):
            interval = bootstrap(kept, of_sums, seed=seed, resamples=resamples)
            found.append(Scored(name, interval))
    return found


def tables(scores: Sequence[ArticleScores]) -> dict[str, Table]:
    """Return, for each measure, what each article contributes and how sums become a number."""
    named: dict[str, Table] = {name: (_weighted(name, scores), mean_of_sums) for name in MEASURES}
    rows = [a.closed for a in scores]
    named["triple_f1_pooled"] = (_counted(triple_counts(r) for r in rows), f1_of_sums)
    named["label_macro_f1_pooled"] = (np.array([label_table(r) for r in rows]), macro_f1)
    evidence = _counted(evidence_counts(r) or Counts() for r in rows)
    named["evidence_f1_pooled"] = (evidence, f1_of_sums)
    return named


def _weighted(name: str, scores: Sequence[ArticleScores]) -> Array:
    values = [a.values.get(name) for a in scores]
    return np.array([(v or 0.0, v is not None) for v in values], dtype=np.float64)


def mean_of_sums(sums: Array) -> Array:
    """Return means from summed (value, count), shape (…, 2)."""
    return np.asarray(sums[..., 0] / np.maximum(sums[..., 1], 1.0))


def _counted(counts: Iterable[Counts]) -> Array:
    return np.array([(c.tp, c.fp, c.fn) for c in counts], dtype=np.float64)


def _kept(items: Labelled, split: str | None) -> Labelled:
    kept = cast("Labelled", tuple(item for item in items if split is None or item.split == split))
    if not kept:
        raise DataError(f"there is nothing of split {split!r} among the {len(items)} given")
    return kept


def _loaded(model: str | Path | Analyzes | Detects) -> Analyzes | Detects:
    if not isinstance(model, str | Path):
        return model
    import stance

    return cast(Analyzes, stance.load(model))
