"""Fit how sure a stance is: the chance that holder, target and label are all right.

::

    python -m eval confidence --model models/mini --write

The fit reads the development part of the seeds, asks for stances with loose cut-offs, and compares
each with the labels. The floor is where the mean F1 of held-out articles is best.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.data import ROOT
from stance.detect import find
from stance.errors import DataError, ModelFormatError
from stance.gold import GoldArticle, load_gold
from stance.line import Line
from stance.pairing import match_holders
from stance.records import Target
from stance.sureness import Sureness, Traits, traits_of
from stance.text import make_document
from stance.weighing import Thresholds

Floats = NDArray[np.float64]
FOLDS, PENALTY = 8, 0.1
# The cut-offs of the line; what passes them is what a confidence is needed for.
LOOSE = Thresholds()
FLOORS = np.arange(0.06, 0.5, 0.01)


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold every stance found: its traits, whether it is right, its article; and gold's rows."""

    traits: Floats
    right: Floats
    article: NDArray[np.int64]
    rows: int


def sample(line: Line, golds: Sequence[GoldArticle], limits: Thresholds) -> Sample:
    """Find the stances of labelled articles, and say which are right.

    Args:
        line: the models.
        golds: the articles, targets given.
        limits: cut-offs; the floor is not used.
    """
    traits, right, article, rows = [], [], [], 0
    for number, gold in enumerate(golds):
        found, marks = _found(line, gold, replace(limits, floor=0.0))
        rows += len({(r.holder, r.target, r.label) for r in gold.stances})
        traits += found
        right += marks
        article += [number] * len(found)
    table = np.array([t.row for t in traits], dtype=np.float64)
    table = table.reshape(len(traits), len(fields(Traits)))
    numbers = np.array(article, dtype=np.int64)
    return Sample(table, np.array(right, dtype=np.float64), numbers, rows)


def _found(line: Line, gold: GoldArticle, limits: Thresholds) -> tuple[list[Traits], list[bool]]:
    document = make_document(gold.article)
    encoding = line.encoder.encode(document)
    resolution = line.resolved(document, encoding)
    targets = [Target(t.text, t.kind) for t in gold.targets]
    models = (line.encoder, line.scorer)
    search = find(document, resolution.statements, resolution, targets, encoding, models, limits)
    holders = match_holders(gold, [f.stance.holder for f in search.findings], document.text)
    wanted = {(r.holder, r.target, r.label) for r in gold.stances}
    row_of = {statement: row for row, statement in enumerate(search.owned)}
    traits, right = [], []
    for finding in search.findings:
        stance = finding.stance
        near = max(float(search.near[row_of[j.statement], finding.target]) for j in finding.group)
        traits.append(traits_of(stance, finding.group, resolution.statements, near))
        target = gold.targets[finding.target].id
        right.append((holders.get(stance.holder, ""), target, stance.scores.best) in wanted)
    return traits, right


def fit(found: Sample) -> Sureness:
    """Fit the model on a sample, its floor by cross-validation over articles.

    Raises:
        MissingExtraError: scikit-learn is not installed.
        DataError: the sample has too few stances that are right, or that are wrong.
    """
    _check(found)
    held = np.zeros(len(found.right))
    for fold in range(FOLDS):
        test = found.article % FOLDS == fold
        bias, weights = _logistic(found.traits[~test], found.right[~test])
        held[test] = 1 / (1 + np.exp(-(bias + found.traits[test] @ weights)))
    scores = [f1(found, held >= floor) for floor in FLOORS]
    bias, weights = _logistic(found.traits, found.right)
    row = Traits(*(round(float(w), 4) for w in weights))
    return Sureness(round(float(bias), 4), row, round(float(FLOORS[int(np.argmax(scores))]), 2))


def _check(found: Sample) -> None:
    """Refuse a sample of which a fold leaves only right stances, or only wrong ones."""
    folds = [found.right[found.article % FOLDS != fold] for fold in range(FOLDS)]
    if any(len(np.unique(right)) < 2 for right in folds):
        raise DataError(
            f"of {len(found.right)} stances in {len(np.unique(found.article))} articles "
            f"{int(found.right.sum())} are right; a fit needs right and wrong ones in at least two "
            "articles each: take a better model, or more labelled articles"
        )


def f1(found: Sample, kept: NDArray[np.bool_]) -> float:
    """Return the F1 of the stances kept, over all articles."""
    return float(2 * found.right[kept].sum() / max(1, kept.sum() + found.rows))


def _logistic(traits: Floats, right: Floats) -> tuple[float, Floats]:
    """Fit on standardized traits; return bias and weights for the plain ones."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = traits.mean(0), traits.std(0) + 1e-6
    model = LogisticRegression(C=PENALTY).fit((traits - mean) / scale, right)
    weights = model.coef_[0] / scale
    return float(model.intercept_[0] - mean @ weights), weights


def _keep(sureness: Sureness, path: Path) -> None:
    """Write a fit to where the folder is opened from: a model of two parts has one of its own."""
    from stance.backends.classifier import TUNED

    config = json.loads(path.read_text("utf-8"))
    whole = config.get("model_type") == "stance" and TUNED not in config
    config.setdefault("calibration" if whole else TUNED, {})["stances"] = sureness.to_dict()
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")


def refit(folder: Path, *, write: bool) -> str:
    """Fit a model folder's sureness on the seeds' development part.

    Args:
        folder: the model.
        write: whether to keep the fit in the folder's ``config.json``.

    Returns:
        What was fitted, and on how much, in a few lines.
    """
    from stance.pipeline import load

    if not (folder / "config.json").is_file():
        raise ModelFormatError(f"{folder} is no folder of a model: it has no config.json")
    found = sample(load(str(folder)), load_gold(ROOT / "seeds", split="dev"), LOOSE)
    sureness = fit(found)
    if write:
        _keep(sureness, folder / "config.json")
    return (
        f"{len(found.right)} stances, {int(found.right.sum())} right, {found.rows} gold rows\n"
        f"{json.dumps(sureness.to_dict(), indent=1)}"
    )
