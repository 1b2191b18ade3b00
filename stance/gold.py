"""Read hand-labelled articles, and say exactly what is wrong with them.

One article is `articles/<id>.txt` (title, blank line, body) and `labels/<id>.json`; every offset
refers to the body, counted in code points, end exclusive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from stance.errors import DataError, FileMissingError
from stance.gold_rows import Labels, Note, Offence, check_labels, locate
from stance.records import Article, Evidence, HolderKind, Label, Record, TargetKind

__all__ = [
    "GoldArticle",
    "GoldHolder",
    "GoldStance",
    "GoldTarget",
    "Inspection",
    "Note",
    "Offence",
    "anchor_gold",
    "digest_of",
    "inspect_gold",
    "load_gold",
    "split_text",
]


@dataclass(frozen=True, slots=True)
class GoldHolder(Record):
    """Hold one labelled holder; `aliases` are the article's other designations of it."""

    id: str
    name: str
    kind: HolderKind
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class GoldTarget(Record):
    """Hold one labelled target; `aliases` are wordings that are just as right."""

    id: str
    text: str
    kind: TargetKind
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The text and the aliases."""
        return (self.text, *self.aliases)


@dataclass(frozen=True, slots=True)
class GoldStance(Record):
    """Hold one labelled row; `holder` and `target` are ids."""

    holder: str
    target: str
    label: Label
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldArticle(Record):
    """Hold one article with everything that was labelled in it."""

    article: Article
    summary: tuple[str, ...] = ()
    salient: tuple[Evidence, ...] = ()
    holders: tuple[GoldHolder, ...] = ()
    targets: tuple[GoldTarget, ...] = ()
    stances: tuple[GoldStance, ...] = ()
    split: str | None = None
    desk: str | None = None
    phenomena: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The stem that both files share."""
        return self.article.id or ""

    def holder(self, id: str) -> GoldHolder:  # noqa: A002
        """Return the holder with this id."""
        return next(h for h in self.holders if h.id == id)

    def target(self, id: str) -> GoldTarget:  # noqa: A002
        """Return the target with this id."""
        return next(t for t in self.targets if t.id == id)


@dataclass(frozen=True, slots=True)
class Inspection:
    """Hold what a reading of a whole folder found; `articles` are those without an offence."""

    articles: tuple[GoldArticle, ...]
    offences: tuple[Offence, ...]
    notes: tuple[Note, ...]


def split_text(raw: str) -> tuple[str, str]:
    """Split a gold text file into its title and its body, from which all offsets count."""
    title, _, body = raw.partition("\n\n")
    return title, body.rstrip("\n")


def load_gold(folder: str | Path, *, split: str | None = None) -> tuple[GoldArticle, ...]:
    """Load a folder of labelled articles; refuse it whole if anything in it is wrong.

    Args:
        folder: has `articles/*.txt` and `labels/*.json`.
        split: keep only ``"dev"``, ``"test"`` or ``"fresh"``; None keeps all.

    Returns:
        The articles, sorted by id.

    Raises:
        FileMissingError: there is no such folder.
        DataError: the labels are wrong somewhere (all offences in the message), or nothing is left.
    """
    found = inspect_gold(folder)
    if found.offences:
        lines = "\n  ".join(str(offence) for offence in found.offences)
        raise DataError(f"{folder}: {len(found.offences)} offences in the labels:\n  {lines}")
    kept = tuple(a for a in found.articles if split is None or a.split == split)
    if not kept:
        have = sorted({str(a.split) for a in found.articles})
        raise DataError(f"{folder} has no article of split {split!r}; its splits are {have}")
    return kept


def inspect_gold(folder: str | Path) -> Inspection:
    """Read a folder of labelled articles and collect every offence instead of stopping at one.

    Args:
        folder: has `articles/*.txt` and `labels/*.json`.

    Returns:
        The sound articles, the offences and the notes (what is allowed, but looks like a slip).

    Raises:
        FileMissingError: there is no such folder.
    """
    root = _folder(folder)
    offences = [Offence(f"{name}/", "-", "there is no such folder") for name in _missing(root)]
    texts, labels = _by_stem(root / "articles", "*.txt"), _by_stem(root / "labels", "*.json")
    if not offences and not texts and not labels:
        offences.append(Offence("articles/", "-", "there is no article (*.txt)"))
    if not offences:
        offences += _unpaired(texts, labels)
    articles: list[GoldArticle] = []
    notes: list[Note] = []
    ids: dict[str, str] = {}
    for stem in sorted(texts.keys() & labels.keys()):
        raw = _read(texts[stem], offences)
        if raw is None or (data := _read_json(labels[stem], offences)) is None:
            continue
        if (
            isinstance(known := data.get("id"), str)
            and (first := ids.setdefault(known, stem)) != stem
        ):
            offences.append(
                Offence(
                    f"labels/{stem}.json", "id", f"duplicate id {known!r}, also in {first}.json"
                )
            )
        title, body = split_text(raw)
        if not body.strip():
            offences.append(Offence(f"articles/{stem}.txt", "line 2", _NO_BODY))
            continue
        found = check_labels(Labels(stem, title, body, data))
        offences += found.offences
        notes += found.notes
        if not found.offences:
            articles.append(_build(stem, title, body, data))
    return Inspection(tuple(articles), tuple(offences), tuple(notes))


_NO_BODY = "no body: the title must be followed by a blank line and the text"


def anchor_gold(folder: str | Path, *, only: Collection[str] = ()) -> list[Offence]:
    """Fill in the offsets of every quoted stretch that has only its words.

    An entry is ``{"text": …}``, or ``{"text": …, "n": k}`` where the words occur more than once
    (k counts from 0). Entries whose offsets are right already stay as they are.

    Args:
        folder: has `articles/*.txt` and `labels/*.json`; the label files are rewritten.
        only: the stems to treat; empty for all.

    Returns:
        What could not be anchored; those entries are left as they were.

    Raises:
        FileMissingError: there is no such folder, or none of the stems in `only` exists.
    """
    root = _folder(folder)
    labels = _by_stem(root / "labels", "*.json")
    if unknown := sorted(set(only) - labels.keys()):
        raise FileMissingError(f"there is no label file {root / 'labels' / unknown[0]}.json")
    offences: list[Offence] = []
    for stem in sorted(set(only) or labels):
        text = root / "articles" / f"{stem}.txt"
        if not text.is_file():
            offences.append(Offence(f"labels/{stem}.json", "-", f"has no article {text.name}"))
            continue
        raw, data = _read(text, offences), _read_json(labels[stem], offences)
        if raw is not None and data is not None:
            offences += _anchor_one(labels[stem], split_text(raw)[1], data)
    return offences


def digest_of(articles: Iterable[GoldArticle]) -> str:
    """Return a sha256 over texts and labels: equal digests mean equal gold."""
    rows = [json.dumps(a.to_dict(), ensure_ascii=False, sort_keys=True) for a in articles]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _folder(folder: str | Path) -> Path:
    root = Path(folder)
    if not root.is_dir():
        raise FileMissingError(
            f"there is no folder {str(root)!r}; give one with articles/ and labels/"
        )
    return root


def _missing(root: Path) -> list[str]:
    return [name for name in ("articles", "labels") if not (root / name).is_dir()]


def _by_stem(folder: Path, pattern: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob(pattern))}


def _unpaired(texts: dict[str, Path], labels: dict[str, Path]) -> list[Offence]:
    return [
        *(
            Offence(f"articles/{stem}.txt", "-", f"has no label file labels/{stem}.json")
            for stem in sorted(texts.keys() - labels.keys())
        ),
        *(
            Offence(f"labels/{stem}.json", "-", f"has no article articles/{stem}.txt")
            for stem in sorted(labels.keys() - texts.keys())
        ),
    ]


def _read(path: Path, offences: list[Offence]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{path.parent.name}/{path.name}"
        offences.append(Offence(where, f"byte {error.start}", "is not UTF-8"))
        return None


def _read_json(path: Path, offences: list[Offence]) -> dict[str, Any] | None:
    where = f"{path.parent.name}/{path.name}"
    raw = _read(path, offences)
    if raw is None:
        return None
    try:
        data = json.loads(raw, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        offences.append(Offence(where, f"line {error.lineno}", f"not JSON: {error.msg}"))
        return None
    except DataError as error:
        offences.append(Offence(where, "-", str(error)))
        return None
    if not isinstance(data, dict):
        offences.append(Offence(where, "-", f"expected a JSON object, got {type(data).__name__}"))
        return None
    return cast("dict[str, Any]", data)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing the second of two equal keys, which `json` would let win."""
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DataError(f"key {twice!r} stands twice in one object")
    return data


def _anchor_one(path: Path, body: str, data: dict[str, Any]) -> list[Offence]:
    """Anchor the quotes of one label file and write it back."""
    offences: list[Offence] = []
    for where, entry in _quotes(data):
        problem = locate(body, entry)
        if problem is not None:
            offences.append(Offence(f"labels/{path.name}", where, problem))
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return offences


def _quotes(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """List every entry that quotes the article, with the place where it stands."""
    quotes = [(f"salient[{i}]", entry) for i, entry in enumerate(_rows(data.get("salient")))]
    for i, row in enumerate(_rows(data.get("stances"))):
        quotes += [
            (f"stances[{i}].evidence[{j}]", entry)
            for j, entry in enumerate(_rows(row.get("evidence")))
        ]
    return quotes


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _build(stem: str, title: str, body: str, data: dict[str, Any]) -> GoldArticle:
    """Build the record from labels that have passed the check."""
    article = Article(text=body, title=title, id=stem, source=data.get("source"))
    parts = {key: data[key] for key in _PARTS if key in data}
    return GoldArticle.from_dict({"article": article.to_dict(), **parts})


_PARTS = (
    "summary", "salient", "holders", "targets", "stances", "split", "desk", "phenomena",
)  # fmt: skip
