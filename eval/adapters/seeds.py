"""Score a system on hand-labelled articles, with every score of the gold format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from eval.base import AnalyzesArticles, Item, Json, Sample, Suite, Summarizes, need
from eval.bias import WAYS, flips, perturb
from eval.measures import BINS, Measure
from stance.evaluate import MEASURES, analyze_both, embedder
from stance.gold import GoldArticle, digest_of, load_gold
from stance.metrics import Counts, calibration_bins
from stance.pairing import target_cosines
from stance.records import LABELS, Analysis
from stance.scoring import (
    ArticleScores,
    evidence_counts,
    label_table,
    missed_article,
    score_article,
    triple_counts,
)

BIAS = tuple(f"{kind}_{way}" for way in WAYS for kind in ("flip", "lost"))


def _measures() -> tuple[Measure, ...]:
    """Lay out the rows: means (value, weight), pooled counts, tables, bins, bias."""
    found = [Measure(name, "mean", (2 * i, 2 * i + 1)) for i, name in enumerate(MEASURES)]
    at = 2 * len(MEASURES)

    def take(name: str, kind: str, width: int, size: int = 0) -> None:
        nonlocal at
        found.append(Measure(name, kind, tuple(range(at, at + width)), size))
        at += width

    take("triple_f1_pooled", "f1", 3)
    take("evidence_f1_pooled", "f1", 3)
    take("label_macro_f1_pooled", "macro_f1_table", (len(LABELS) + 1) ** 2, len(LABELS))
    take("ece", "ece_table", 3 * BINS)
    for name in BIAS:
        take(name, "mean", 2)
    return tuple(found)


class SeedsSuite(Suite):
    """Be a folder of articles in the gold format."""

    headline = "triple_f1"
    labels = LABELS
    measures = _measures()

    def __init__(
        self, folder: Path, *, name: str, split: str | None = None, bias: bool = False
    ) -> None:
        self.folder, self.split, self.bias = folder, split, bias
        self.name = f"{name}:{split}" if split else name
        self._gold: dict[str, GoldArticle] = {}

    def require(self, system: object) -> None:
        """Ask for whole analyses, or at least for summaries."""
        need(system, self.name, AnalyzesArticles, Summarizes)

    def items(self) -> list[Item]:
        """Return one item per article."""
        articles = load_gold(self.folder, split=self.split)
        self._gold = {a.id: a for a in articles}
        return [
            Item(
                a.id,
                a.id,
                {"title": a.article.title, "text": a.article.text},
                a.to_dict() | {"digest": digest_of([a])},
                (
                    *(f"phenomenon={p}" for p in a.phenomena),
                    *([f"desk={a.desk}"] if a.desk else []),
                ),
            )
            for a in articles
        ]

    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return what was found with the gold targets given and without, and how names mattered."""
        return [self._predict(system, self._gold[item.id]) for item in items]

    def _predict(self, system: object, gold: GoldArticle) -> Json:
        if not isinstance(system, AnalyzesArticles):
            length = max(1, len(gold.summary))
            item = Item(gold.id, gold.id, {"text": gold.article.text}, gold.to_dict())
            made = cast(Summarizes, system).summarize(gold.article.text, length=length, item=item)
            return {"closed": None, "opened": None, "summary": made.to_dict()}
        closed, opened = analyze_both(system, gold)
        embed = embedder(system)
        return {
            "closed": _lean(closed),
            "opened": _lean(opened),
            "cosines": target_cosines(gold, opened, embed) if embed else None,
            "bias": self._bias(system, gold, closed) if self.bias and closed else None,
        }

    def _bias(self, system: AnalyzesArticles, gold: GoldArticle, closed: Analysis) -> Json:
        """Analyze the article under other names and compare."""
        found: Json = {}
        for way in WAYS:
            changed = perturb(gold, way)
            targets = [t.text for t in changed.gold.targets]
            again = system.analyze(changed.gold.article, targets, summary=None)
            moved, lost = flips((gold, closed), (changed, again))
            found[f"flip_{way}"], found[f"lost_{way}"] = moved.to_dict(), lost.to_dict()
        return found

    def score(self, item: Item, prediction: Json) -> Sample:
        """Compute every score that the prediction allows."""
        gold = self._gold[item.id]
        if "summary" in prediction:
            opened = Analysis.from_dict(
                {"article": gold.article.to_dict(), "summary": prediction["summary"]}
            )
            scores = score_article(gold, None, opened)
            scores = ArticleScores(gold.id, {k: scores.values.get(k) for k in _SUMMARY})
            text = ", ".join(f"{k} {v:.2f}" for k, v in scores.values.items() if v is not None)
            score = scores.values.get("rouge1")
        else:
            closed, opened_ = (_full(gold, prediction[key]) for key in ("closed", "opened"))
            scores = score_article(gold, closed, opened_, cosines=prediction["cosines"])
            text, score = scores.explanation, _main(scores)
        shown = prediction | {"verdicts": _verdicts(scores), "values": scores.values}
        return Sample(item, shown, score, text, _row(scores, prediction.get("bias")))

    def confidences(self, samples: Sequence[Sample]) -> NDArray[np.float64]:
        """Return how sure each predicted row is, and whether it is right."""
        said = [
            (row["confidence"], row["status"] == "right")
            for sample in samples
            for row in sample.prediction["verdicts"]["closed"]
            if row["confidence"] is not None
        ]
        return np.array(said, dtype=np.float64).reshape(-1, 2)

    def miss(self, item: Item, error: str) -> Sample:
        """Count a crash as a miss in every score."""
        scores = missed_article(self._gold[item.id], error)
        shown = {"verdicts": _verdicts(scores), "values": scores.values}
        return Sample(item, shown, 0.0, scores.explanation, _row(scores, None), error)


_SUMMARY = ("salient_f1", "rouge1", "rouge2", "rougeLsum", "support")


def _main(scores: ArticleScores) -> float | None:
    closed = scores.values.get("triple_f1")
    return scores.values.get("open_triple_f1") if closed is None else closed


def _lean(analysis: Analysis | None) -> Json | None:
    """Return an analysis without the article, which the sample has already."""
    if analysis is None:
        return None
    return {k: v for k, v in analysis.to_dict().items() if k != "article"}


def _full(gold: GoldArticle, lean: Json | None) -> Analysis | None:
    if lean is None:
        return None
    return Analysis.from_dict({"article": gold.article.to_dict(), **lean})


def _verdicts(scores: ArticleScores) -> Json:
    return {
        name: [v.to_dict() for v in rows]
        for name, rows in (("closed", scores.closed), ("opened", scores.opened))
    }


def _row(scores: ArticleScores, bias: Json | None) -> tuple[float, ...]:
    """Lay the numbers of one article out as `_measures` reads them."""
    row: list[float] = []
    for name in MEASURES:
        value = scores.values.get(name)
        row += [value or 0.0, float(value is not None)]
    for counts in (triple_counts(scores.closed), evidence_counts(scores.closed) or Counts()):
        row += [counts.tp, counts.fp, counts.fn]
    row += label_table(scores.closed).ravel().tolist()
    said = [v for v in scores.closed if v.confidence is not None]
    confidence = np.array([v.confidence for v in said], dtype=np.float64)
    right = np.array([float(v.status == "right") for v in said])
    row += calibration_bins(confidence, right, bins=BINS).ravel().tolist()
    for name in BIAS:
        counts = Counts.from_dict(bias[name]) if bias else Counts()
        row += [counts.fp, counts.tp + counts.fp]
    return tuple(row)
