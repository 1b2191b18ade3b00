"""Read two annotation passes of the same articles and compare them row by row.

A pass is a folder of label files. Holders are matched by their names, as predicted ones are with
gold ones; targets are the same in both passes and matched by their text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stance.errors import DataError, FileMissingError
from stance.gold import GoldArticle, GoldHolder, GoldStance, split_text
from stance.gold_rows import Labels, check_labels
from stance.matching import holder_strength, match
from stance.metrics import Array, Counts, confusion, set_counts, token_set
from stance.records import LABELS, Record
from stance.text import make_document

ABSENT = "absent"
VALUES: tuple[str, ...] = (*LABELS, ABSENT)


@dataclass(frozen=True, slots=True)
class ArticleAgreement(Record):
    """Hold what two passes of one article share.

    `labels` has a pair (first pass, second pass) for each row; a row that one pass lacks is
    ``absent`` there. In `exact`, a row whose quotes differ is one fp and one fn, so that F1 is the
    share of equal ones.
    """

    id: str
    split: str | None
    labels: tuple[tuple[str, str], ...]
    holders: Counts
    evidence: Counts
    exact: Counts
    salient: Counts

    @property
    def table(self) -> Array:
        """How often each pair of values occurs, shape (4, 4): the first pass down."""
        first, second = [a for a, _ in self.labels], [b for _, b in self.labels]
        return confusion(first, second, VALUES)[:-1, :-1]

    @property
    def rows(self) -> Counts:
        """The rows (holder, target, label) of the second pass against those of the first."""
        same = sum(a == b for a, b in self.labels)
        first, second = (sum(p[side] != ABSENT for p in self.labels) for side in (0, 1))
        return Counts(same, second - same, first - same)


def compare_passes(
    first: str | Path, second: str | Path, articles: str | Path
) -> list[ArticleAgreement]:
    """Compare two passes article by article.

    Args:
        first: a folder of label files.
        second: a folder of label files for the same articles and targets.
        articles: the folder of their texts. Where a folder `labels` stands beside it, the splits
            are read from there, else from the first pass.

    Returns:
        One comparison per article, sorted by id.

    Raises:
        FileMissingError: a folder or a text is missing.
        DataError: a label file is wrong, or the passes differ in their articles or targets.
    """
    left, right = (load_pass(folder, articles) for folder in (first, second))
    if lone := sorted(left.keys() ^ right.keys()):
        where = first if lone[0] in left else second
        raise DataError(f"{lone[0]!r} is only in {where}; both passes need the same articles")
    splits = _splits(Path(articles).parent / "labels")
    return [compare(left[i], right[i], split=splits.get(i, left[i].split)) for i in sorted(left)]


def load_pass(folder: str | Path, articles: str | Path) -> dict[str, GoldArticle]:
    """Load one pass, with every row checked against its article.

    Args:
        folder: has `<id>.json`.
        articles: has `<id>.txt`.

    Returns:
        The labelled articles by id.

    Raises:
        FileMissingError: there is no label file in the folder, or no text for one.
        DataError: a label file is not JSON, or says what its article does not bear out.
    """
    paths = sorted(Path(folder).glob("*.json"))
    if not paths:
        raise FileMissingError(f"there is no label file (*.json) in {str(folder)!r}")
    return {path.stem: _load(path, Path(articles) / f"{path.stem}.txt") for path in paths}


def _load(path: Path, text: Path) -> GoldArticle:
    if not text.is_file():
        raise FileMissingError(f"there is no article {str(text)!r} for {str(path)!r}")
    title, body = split_text(text.read_text(encoding="utf-8-sig"))
    data = _read_object(path)
    if offences := check_labels(Labels(path.stem, title, body, data)).offences:
        lines = "\n  ".join(f"{o.row}: {o.problem}" for o in offences)
        raise DataError(f"{path}: {len(offences)} offences in the labels:\n  {lines}")
    parts = {key: data[key] for key in _PARTS if key in data}
    article = {"text": body, "title": title, "id": path.stem}
    return GoldArticle.from_dict({"article": article, **parts})


_PARTS: tuple[str, ...] = ("salient", "holders", "targets", "stances", "split")


def _read_object(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise DataError(f"{path}: expected a JSON object, got {type(data).__name__}")
    return data


def _splits(folder: Path) -> dict[str, str]:
    """Read which split each article is in; only the current labels know where one was moved."""
    splits = {path.stem: _read_object(path).get("split") for path in folder.glob("*.json")}
    return {stem: split for stem, split in splits.items() if split is not None}


def compare(
    first: GoldArticle, second: GoldArticle, *, split: str | None = None
) -> ArticleAgreement:
    """Compare two passes of one article.

    Args:
        first: the labels of one annotator.
        second: the labels of the other, on the same targets; ids need not be the same.
        split: of the article.

    Returns:
        The paired labels and the counts behind every measure.

    Raises:
        DataError: the targets differ.
    """
    left, right = (
        _by_pair(first, {h.id: h.id for h in first.holders}),
        _second_by_pair(first, second),
    )
    pairs = [p for key in {**left, **right} for p in pair_rows(left.get(key), right.get(key))]
    both = [(a, b) for a, b in pairs if a and b]
    same = sum({e.span for e in a.evidence} == {e.span for e in b.evidence} for a, b in both)
    return ArticleAgreement(
        first.id,
        split,
        tuple((a.label if a else ABSENT, b.label if b else ABSENT) for a, b in pairs),
        holders=set_counts((holder for holder, _ in right), (holder for holder, _ in left)),
        evidence=sum((_shared_words(first.article.text, a, b) for a, b in both), Counts()),
        exact=Counts(same, len(both) - same, len(both) - same),
        salient=set_counts(_salient(second), _salient(first)),
    )


Rows = dict[tuple[str, str], list[GoldStance]]


def _by_pair(article: GoldArticle, holders: Mapping[str, str]) -> Rows:
    """Group the rows by holder, under the names that `holders` gives, and target text."""
    rows: Rows = {}
    for row in article.stances:
        rows.setdefault((holders[row.holder], article.target(row.target).text), []).append(row)
    return rows


def _second_by_pair(first: GoldArticle, second: GoldArticle) -> Rows:
    if odd := {t.text for t in first.targets} ^ {t.text for t in second.targets}:
        raise DataError(f"{first.id}: target {min(odd)!r} is in one pass only; give both the same")
    matched = match_holders(_speaking(first), _speaking(second))
    # No id of the first pass begins so: a holder without a match stays apart from all of them.
    return _by_pair(second, {h.id: matched.get(h.id, f"\0{h.id}") for h in second.holders})


def _speaking(article: GoldArticle) -> list[GoldHolder]:
    return [h for h in article.holders if any(row.holder == h.id for row in article.stances)]


def match_holders(first: Sequence[GoldHolder], second: Sequence[GoldHolder]) -> dict[str, str]:
    """Match the holders of two passes by their names.

    Args:
        first: the holders of one pass.
        second: the holders of the other.

    Returns:
        From second id to first id, for those that match; each holder at most once.
    """
    if not first or not second:
        return {}
    strength = np.array([[holder_strength(_names(b), _names(a)) for a in first] for b in second])
    return {second[i].id: first[j].id for i, j in match(strength).items()}


def _names(holder: GoldHolder) -> tuple[str, ...]:
    # The article's own voice has no name in the text; whatever it is called, it is the author.
    return ("author",) if holder.kind == "author" else holder.names


def pair_rows(
    first: Iterable[GoldStance] | None, second: Iterable[GoldStance] | None
) -> list[tuple[GoldStance | None, GoldStance | None]]:
    """Pair the rows that two passes have for one holder and target.

    There is more than one where a holder changes sides: rows with equal labels are paired first,
    the others in the order given, and what is left over has None for a partner.
    """
    left, right = list(first or ()), list(second or ())
    pairs: list[tuple[GoldStance | None, GoldStance | None]] = []
    for same_label in (True, False):
        for a in list(left):
            b = next((b for b in right if not same_label or a.label == b.label), None)
            if b is not None:
                pairs.append((a, b))
                left.remove(a)
                right.remove(b)
    return [*pairs, *((a, None) for a in left), *((None, b) for b in right)]


def _shared_words(text: str, first: GoldStance, second: GoldStance) -> Counts:
    return set_counts(*(token_set(text, (e.span for e in row.evidence)) for row in (second, first)))


def _salient(article: GoldArticle) -> set[int]:
    document = make_document(article.article)
    return {i for e in article.salient for i in document.covering(e.span)}
