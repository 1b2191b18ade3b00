"""Measure a model on the development parts of its training sets, to choose between recipes.

::

    python -m stance.training.develop runs/mini/model models/mini.toml --data-dir DATA
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stance.backends.inputs import mark
from stance.backends.mini import MiniBackend
from stance.backends.modeling import ROLES
from stance.metrics import confusion, f1_by_label, macro_f1, set_counts
from stance.records import LABELS, Article, ModelInfo, Span
from stance.text import Document
from stance.training.batches import join_sentences
from stance.training.examples import Example, PairExample, SalienceExample, TaggedExample
from stance.training.layout import Recipe, load_pool, read_recipe
from stance.training.passages import shorten
from stance.training.sets import find_data

# Rows of one set that are measured at most.
MOST = 2000
NLI = ("entailment", "neutral", "contradiction")


def dev_parts(recipe: Recipe, data: Path, base: str) -> dict[str, list[Example]]:
    """Read the development part of every set of a recipe, large ones thinned."""
    rng = random.Random(recipe.seed)
    parts: dict[str, list[Example]] = {}
    for name in recipe.passes:
        dev = load_pool(recipe, data, name).dev
        chosen = rng.sample(dev, min(MOST, len(dev)))
        if name == "fnc1":
            chosen = [*shorten([e for e in chosen if isinstance(e, PairExample)], base)]
        if chosen:
            parts[name] = chosen
    return parts


def develop(model: MiniBackend, parts: dict[str, list[Example]]) -> dict[str, float]:
    """Score a model on each part: macro-F1 of labels, AUC of *related*, F1 of spans, of sentences.

    Args:
        model: the model.
        parts: development examples by set.

    Returns:
        Measures by ``set/measure``, each in [0, 1].
    """
    result: dict[str, float] = {}
    for name, examples in parts.items():
        pairs = [e for e in examples if isinstance(e, PairExample)]
        tagged = [e for e in examples if isinstance(e, TaggedExample)]
        documents = [e for e in examples if isinstance(e, SalienceExample)]
        scores = _pairs(model, pairs) if pairs else {}
        scores |= _tags(model, tagged) if tagged else {}
        scores |= _salience(model, documents) if documents else {}
        result |= {f"{name}/{key}": round(value, 4) for key, value in scores.items()}
    return result


def _pairs(model: MiniBackend, pairs: Sequence[PairExample]) -> dict[str, float]:
    task = pairs[0].task
    logits = model.logits([mark(e.pair) for e in pairs], task)
    names = LABELS if task == "stance" else NLI
    gold, predicted = [], []
    for example, row in zip(pairs, logits, strict=True):
        if example.gold:
            best = max(example.allowed, key=lambda i: float(row[i]))
            # Of several right labels ("not entailed") whichever is predicted counts.
            gold.append(names[best if best in example.gold else example.gold[0]])
            predicted.append(names[best])
    scores: dict[str, float] = {}
    if gold:
        table = confusion(gold, predicted, names)
        by_label = f1_by_label(table).tolist()
        scores = {"f1": float(macro_f1(table, present=True))}
        scores |= {f"f1_{name}": value for name, value in zip(names, by_label, strict=True)}
    if task == "stance":
        asked = [(e.related, float(row[3])) for e, row in zip(pairs, logits, strict=True)]
        near, far = ([s for related, s in asked if related == side] for side in (1, 0))
        if near and far:
            scores["auc_related"] = auc(near, far)
    return scores


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative (ties count half)."""
    from scipy.stats import mannwhitneyu

    u = mannwhitneyu(positive, negative).statistic
    return float(u) / (len(positive) * len(negative))


def _tags(model: MiniBackend, examples: Sequence[TaggedExample]) -> dict[str, float]:
    """Score spans: by character (near to by token), exact, and whole attributions."""
    marks: dict[str, tuple[list[object], list[object]]] = {}
    for number, example in enumerate(examples):
        encoding = model.encode(_document(example.text, example.sentences))
        sides = [(r, example.attributions, encoding.attributions) for r in ROLES]
        if example.acts is not None:
            sides = [*sides, ("act", example.acts, encoding.acts)]
        for role, wanted, found in sides:
            part = "content" if role == "act" else role
            gold = {s for a in wanted for s in getattr(a, part)}
            own = {s for a in found for s in _spans(getattr(a, part))}
            exact = marks.setdefault(f"exact_{role}", ([], []))
            chars = marks.setdefault(f"chars_{role}", ([], []))
            for side, spans in enumerate((own, gold)):
                exact[side].extend((number, s) for s in spans)
                chars[side].extend({(number, i) for s in spans for i in range(s.start, s.end)})
    return {key: set_counts(own, gold).f1 for key, (own, gold) in marks.items()}


def _spans(value: Span | tuple[Span, ...] | None) -> tuple[Span, ...]:
    return () if value is None else (value,) if isinstance(value, Span) else value


def _document(text: str, sentences: Sequence[Span]) -> Document:
    """Take the sentences as the example has them, all in one paragraph."""
    whole = Span(0, len(text))
    return Document(Article(text), (whole,), tuple(sentences), (0,) * len(sentences))


def _salience(model: MiniBackend, examples: Sequence[SalienceExample]) -> dict[str, float]:
    """Say how many of the first three sentences chosen are among the salient ones."""
    hits: list[float] = []
    lead: list[float] = []
    for example in examples:
        document = _document(*join_sentences(example.sentences))
        best = np.argsort(-model.encode(document).salience, kind="stable")[:3]
        count = min(3, len(example.salient))
        hits.append(len({int(i) for i in best} & example.salient) / count)
        lead.append(len({0, 1, 2} & example.salient) / count)
    return {"top3": float(np.mean(hits)), "top3_of_lead": float(np.mean(lead))}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        prog="stance.training.develop",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", type=Path, help="a folder with config, tokenizer and weights")
    parser.add_argument("recipe", help="the TOML file whose sets are measured")
    parser.add_argument("--data-dir", help="folder with train/ and bench/ (default: STANCE_DATA)")
    parser.add_argument("--base", help="folder of the trunk, instead of the recipe's")
    options = parser.parse_args(argv)
    from stance.weights import resolve

    recipe = read_recipe(options.recipe)
    base = str(resolve(options.base or recipe.base).folder)
    parts = dev_parts(recipe, find_data(options.data_dir), base)
    model = MiniBackend(options.model, ModelInfo(options.model.name))
    print(json.dumps(develop(model, parts), indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
