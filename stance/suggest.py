"""Choose which articles to label next, and draft their labels for somebody to correct.

An article is worth labelling where the model is unsure of its stances, and where it is unlike what
has been chosen already: candidates are taken one by one, each time the one whose uncertainty times
its distance from the chosen ones is greatest (after Sener and Savarese 2018).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from stance.errors import DataError, OptionError
from stance.files import read_articles
from stance.metrics import Array
from stance.pipeline import Analyzer, load
from stance.records import LABELS, Analysis, Article, Failure, Holder, Record, Span, Stance, Target
from stance.text import make_document

__all__ = ["Suggestion", "draft_labels", "pick", "suggest"]

# What the notes of a draft begin with; training says where such a note still stands.
DRAFT = "draft:"
# An article in which nobody takes a stance that the model can see is worth a look, not many.
NOTHING_FOUND = 0.3
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Suggestion(Record):
    """Name one article to label: how unsure the model is, and how unlike the others it is."""

    id: str
    title: str
    uncertainty: float
    novelty: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold one article with what the model made of it."""

    analysis: Analysis
    vector: Array
    uncertainty: float


def suggest(
    sources: Sequence[str | Path] | str | Path,
    out: str | Path,
    *,
    n: int = 50,
    model: str | Analyzer = "mini",
    device: str = "auto",
    force: bool = False,
) -> list[Suggestion]:
    """Choose articles to label next and write drafts of their labels.

    Args:
        sources: files, folders or tables of articles.
        out: the folder of the drafts, in the gold format (``articles/``, ``labels/``).
        n: how many to choose.
        model: who drafts: a name, a folder, a hub id, or an analyzer.
        device: where it runs.
        force: replace what lies in `out`.

    Returns:
        The chosen articles, the most useful first.

    Raises:
        OptionError: `n` is below 1, or `out` exists.
        DataError: there is no article that can be read.
    """
    if n < 1:
        raise OptionError(f"n={n} must be at least 1")
    folder = Path(out)
    if folder.exists() and not force:
        raise OptionError(f"{folder} exists; give another --out, or --force to replace it")
    analyzer = load(model, device=device, generator=None) if isinstance(model, str) else model
    found = [_candidate(analyzer, article) for article in _articles(sources)]
    if not found:
        raise DataError(f"there is no article in {sources!r} that can be read")
    order, novelty = pick(
        np.stack([c.vector for c in found]), np.array([c.uncertainty for c in found]), n
    )
    names = _names([found[i].analysis.article for i in order])
    _write(folder, [(name, found[i].analysis) for name, i in zip(names, order, strict=True)],
           analyzer.info.name)  # fmt: skip
    return [
        Suggestion(
            name,
            found[i].analysis.article.title or "",
            round(found[i].uncertainty, 3),
            round(distance, 3),
        )
        for name, i, distance in zip(names, order, novelty, strict=True)
    ]


def _articles(sources: Sequence[str | Path] | str | Path) -> list[Article]:
    """Read every article that can be read; each text once."""
    listed = [sources] if isinstance(sources, str | Path) else sources
    found: dict[str, Article] = {}
    for source in listed:
        for article in read_articles(source, on_error="skip"):
            if not isinstance(article, Failure) and article.text.strip():
                found.setdefault(article.text, article)
    return list(found.values())


def _candidate(analyzer: Analyzer, article: Article) -> Candidate:
    document = make_document(article)
    vectors = analyzer.encoder.encode(document).vectors
    mean = np.asarray(vectors, dtype=np.float64).mean(0)
    length = float(np.linalg.norm(mean))
    analysis: Analysis = analyzer.analyze(article, summary="extract")
    return Candidate(analysis, mean / max(length, 1e-9), uncertainty_of(analysis.stances))


def uncertainty_of(stances: Sequence[Stance]) -> float:
    """Return how unsure the stances of an article are, in [0, 1].

    The mean entropy of their scores, as a share of the greatest one; the surest half is left out,
    so that one doubtful stance among many sure ones still counts.
    """
    if not stances:
        return NOTHING_FOUND
    chances = np.clip(np.array([[s.scores[label] for label in LABELS] for s in stances]), 1e-9, 1)
    entropies = -(chances * np.log(chances)).sum(1) / np.log(len(LABELS))
    unsure = np.sort(entropies)[len(entropies) // 2 :]
    return float(np.clip(unsure.mean(), 0.0, 1.0))


def pick(vectors: Array, uncertainty: Array, n: int) -> tuple[list[int], list[float]]:
    """Choose rows that are unsure and unlike each other.

    Args:
        vectors: (rows, dim), each of length one.
        uncertainty: (rows,), in [0, 1].
        n: how many at most.

    Returns:
        The rows in the order chosen, and the distance (one minus the cosine) of each from those
        chosen before it; 1.0 for the first.
    """
    distance = np.ones(len(vectors))
    chosen: list[int] = []
    novelty: list[float] = []
    for _ in range(min(n, len(vectors))):
        # The small addend keeps an order among rows that are sure, or copies of chosen ones.
        gain = (uncertainty + 1e-6) * (distance + 1e-6)
        gain[chosen] = -1.0
        best = int(gain.argmax())
        chosen.append(best)
        novelty.append(float(distance[best]))
        distance = np.minimum(distance, np.clip(1.0 - vectors @ vectors[best], 0.0, 1.0))
    return chosen, novelty


def _names(articles: Sequence[Article]) -> list[str]:
    """Make file names out of ids or titles, each once."""
    names: list[str] = []
    for number, article in enumerate(articles):
        stem = Path(article.id or "").stem if article.id else article.title or ""
        name = _UNSAFE.sub("-", stem.casefold()).strip("-")[:60] or f"article-{number}"
        while name in names:
            name = f"{name}-{number}"
        names.append(name)
    return names


def _write(folder: Path, drafts: Sequence[tuple[str, Analysis]], model: str) -> None:
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for below in ("articles", "labels"):
        (part / below).mkdir(parents=True)
    for name, analysis in drafts:
        article, labels = draft_labels(name, analysis, model)
        (part / "articles" / f"{name}.txt").write_text(article, encoding="utf-8", newline="\n")
        text = json.dumps(labels, ensure_ascii=False, indent=1) + "\n"
        (part / "labels" / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
    if folder.exists():
        shutil.rmtree(folder)
    part.replace(folder)


def draft_labels(name: str, analysis: Analysis, model: str) -> tuple[str, dict[str, Any]]:
    """Write an analysis in the gold format.

    Args:
        name: the stem of both files.
        analysis: what the model found.
        model: its name, for the note.

    Returns:
        The text file (title, blank line, body) and the label file, which says that it is a draft.
    """
    body, moved = _body(analysis.article.text)
    holders = {id(h): f"H{i + 1}" for i, h in enumerate(analysis.holders)}
    targets = {id(t): f"T{i + 1}" for i, t in enumerate(analysis.targets)}
    labels: dict[str, Any] = {
        "id": name,
        "holders": [_holder(h, holders[id(h)], body, moved) for h in analysis.holders],
        "targets": [
            {"id": targets[id(t)], "text": t.text, "kind": t.kind} for t in analysis.targets
        ],
        "stances": _stances(analysis, body, moved),
        "notes": f"{DRAFT} predicted by {model}; correct every row, then delete this note",
    }
    if analysis.summary is not None:
        labels["summary"] = [s.text for s in analysis.summary.sentences]
        spans = [e.span for s in analysis.summary.sentences for e in s.sources]
        labels["salient"] = [_quote(body, span, moved) for span in dict.fromkeys(spans)]
    title = " ".join((analysis.article.title or name).split())
    return f"{title}\n\n{body}\n", labels


def _body(text: str) -> tuple[str, int]:
    """Bring a text into the form of the gold files, and say how far offsets move to the left."""
    # The format drops a blank head and tail; line ends of one character keep offsets right.
    kept = text.replace("\r", "\n").rstrip("\n")
    stripped = kept.lstrip("\n")
    return stripped, len(kept) - len(stripped)


def _quote(body: str, span: Span, moved: int) -> dict[str, Any]:
    start, end = span.start - moved, span.end - moved
    return {"start": start, "end": end, "text": body[start:end]}


def _holder(holder: Holder, key: str, body: str, moved: int) -> dict[str, Any]:
    said = {body[m.start - moved : m.end - moved].strip() for m in holder.mentions}
    aliases = sorted(word for word in said if word and word != holder.name)
    return {"id": key, "name": holder.name, "kind": holder.kind, "aliases": aliases}


def _stances(analysis: Analysis, body: str, moved: int) -> list[dict[str, Any]]:
    """Write each stance; one that the model abstains from gets its likeliest label."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for stance in analysis.stances:
        label = stance.scores.best if stance.label == "unclear" else stance.label
        holder = f"H{_place(stance.holder, analysis.holders) + 1}"
        target = f"T{_place(stance.target, analysis.targets) + 1}"
        quotes = [_quote(body, e.span, moved) for e in stance.evidence]
        row = rows.setdefault(
            (holder, target, label),
            {"holder": holder, "target": target, "label": label, "evidence": []},
        )
        row["evidence"] += [q for q in quotes if q["text"] and q not in row["evidence"]]
    return [row for row in rows.values() if row["evidence"]]


def _place(item: Holder | Target, items: Sequence[Holder | Target]) -> int:
    """Find a record by identity, or else by being equal to it."""
    for place, other in enumerate(items):
        if other is item:
            return place
    return list(items).index(replace(item))
