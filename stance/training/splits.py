"""Part labelled rows into train, dev and test so that nothing leaks, and say what looks wrong."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from stance.errors import DataError, OptionError
from stance.training.labelled import LabelledRow

SplitBy = Literal["auto", "article", "target", "author", "none"]
SPLIT_BY: tuple[SplitBy, ...] = ("auto", "article", "target", "author", "none")
# Below so many rows no test part is cut off: dev has to do for both.
TEST_FROM = 400
# A part larger than this makes the numbers no steadier and the training set smaller.
MOST = 2000
# One label with more than this share of the rows is worth a warning.
ONE_SIDED = 0.95

T = TypeVar("T")
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Parts(Generic[T]):
    """Hold the rows of each part, and what was found on the way."""

    train: list[T] = field(default_factory=list)
    dev: list[T] = field(default_factory=list)
    test: list[T] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def judged(self) -> list[T]:
        """The rows that the report is made on: test, or dev where there is no test."""
        return self.test or self.dev

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each part."""
        return {"train": len(self.train), "dev": len(self.dev), "test": len(self.test)}


def split_rows(
    rows: Sequence[LabelledRow], *, by: SplitBy = "auto", seed: int = 0
) -> Parts[LabelledRow]:
    """Part rows by their own split column or, where there is none, by groups.

    Args:
        rows: what was read; rows that say ``train``, ``dev`` or ``test`` keep their part.
        by: what must not be in two parts: the article (or its text), the target, the author;
            ``auto`` is the article, ``none`` single rows.
        seed: of the choice.

    Returns:
        The parts, without rows that stand twice, with notes.

    Raises:
        DataError: there are fewer than two labels, or the rows cannot be parted.
        OptionError: `by` is unknown, or the rows lack it.
    """
    if by not in SPLIT_BY:
        raise OptionError(f"split_by={by!r} is unknown; use one of {', '.join(SPLIT_BY)}")
    if by == "author" and not any(row.author for row in rows):
        raise OptionError(
            "split_by='author', but no row has an author; name it: --columns author=NAME"
        )
    check_labels(rows)
    kept, notes = without_doubles(rows)
    parts: Parts[LabelledRow] = Parts(notes=notes)
    named = {name: [r for r in kept if r.split == name] for name in ("train", "dev", "test")}
    others = sorted({r.split for r in kept} - {"", "train", "dev", "test"})
    if others:
        notes.append(f"the splits {', '.join(others)} are none of train, dev and test: left out")
    free = [r for r in kept if not r.split] if not named["train"] else []
    parts.train, parts.dev, parts.test = (named[name] for name in ("train", "dev", "test"))
    if named["train"] and (lost := sum(not r.split for r in kept)):
        notes.append(f"{lost} rows have no split while others have one: left out")
    pool = parts.train + free
    if not pool:
        raise DataError("no row is for training; a split column must say train for some rows")
    groups = group_rows(pool, by)
    if not parts.dev or (not parts.test and len(pool) >= TEST_FROM and not named["train"]):
        _cut(parts, pool, groups, seed)
    else:
        parts.train = pool
    _drop_leaks(parts)
    notes += _warnings(parts)
    return parts


def check_labels(rows: Sequence[LabelledRow]) -> None:
    """Raise DataError where there is nothing to tell apart."""
    counts = Counter(row.label for row in rows)
    if len(counts) < 2:
        ((label, count),) = counts.items() or [("none", 0)]
        raise DataError(
            f"all {count} rows have the label {label!r}; a model needs at least two labels to tell "
            "apart: add rows of another one, or check --labels and --columns label=NAME"
        )


def without_doubles(rows: Sequence[LabelledRow]) -> tuple[list[LabelledRow], list[str]]:
    """Leave out rows that say the same twice in one part, and name those that contradict."""
    first: dict[Hashable, LabelledRow] = {}
    kept: list[LabelledRow] = []
    doubles: list[str] = []
    contradictions: list[str] = []
    for row in rows:
        key = (question_key(row), row.split)
        known = first.setdefault(key, row)
        if known is row or known.label != row.label:
            kept.append(row)
        if known is not row:
            told = f"{row.place} repeats {known.place}"
            if known.label == row.label:
                doubles.append(told)
            else:
                contradictions.append(f"{told} as {row.label}, not {known.label}")
    notes = [_named(doubles, "rows stand twice; each was kept once")] if doubles else []
    if contradictions:
        notes.append(_named(contradictions, "rows contradict others; decide on one label each"))
    return kept, notes


def _named(places: Sequence[str], what: str, most: int = 3) -> str:
    more = f" and {len(places) - most} more" if len(places) > most else ""
    return f"{len(places)} {what}: {'; '.join(places[:most])}{more}"


def question_key(row: LabelledRow) -> Hashable:
    """Return what two rows share if they ask the same, spelling aside."""
    span = (row.target_span.start, row.target_span.end) if row.target_span else None
    return _flat(row.text), _flat(row.target), _flat(row.holder or ""), span


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def group_rows(rows: Sequence[LabelledRow], by: SplitBy) -> list[list[int]]:
    """Group the indices of rows that must stay in one part: they share a text or the `by`."""
    extra: dict[str, Callable[[LabelledRow], str]] = {
        "target": lambda row: _flat(row.target),
        "author": lambda row: row.author,
        "article": lambda row: row.group,
        "auto": lambda row: row.group,
    }
    if by == "none":
        return [[i] for i in range(len(rows))]
    own = extra[by]
    root = list(range(len(rows)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    seen: dict[Hashable, int] = {}
    for i, row in enumerate(rows):
        keys: list[Hashable] = [("text", _flat(row.text))]
        if name := own(row):
            keys.append((by, name))
        for key in keys:
            root[find(i)] = find(seen.setdefault(key, i))
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(rows)):
        groups[find(i)].append(i)
    return list(groups.values())


def _cut(
    parts: Parts[LabelledRow], pool: list[LabelledRow], groups: list[list[int]], seed: int
) -> None:
    """Cut dev, and test where there are rows enough, off the pool."""
    if len(groups) < 3:
        raise DataError(
            f"the {len(pool)} rows make only {len(groups)} groups that share an article, text or "
            "target, and no dev part can be cut off; label more articles, give a split column, or "
            "use --split-by none (rows of one article then stand in both parts)"
        )
    share = 0.1 if len(pool) >= TEST_FROM else 0.2 if len(pool) >= 100 else 0.25
    labels = [row.label for row in pool]
    taken: set[int] = set()
    wanted = [part for part in ("test", "dev") if not getattr(parts, part)]
    if len(pool) < TEST_FROM:
        wanted = [part for part in wanted if part == "dev"]
    for number, part in enumerate(wanted):
        chosen = choose_groups(groups, labels, share, taken, seed + number)
        taken |= chosen
        getattr(parts, part).extend(pool[i] for i in sorted(chosen))
    parts.train = [row for i, row in enumerate(pool) if i not in taken]


def choose_groups(
    groups: Sequence[Sequence[int]],
    labels: Sequence[str],
    share: float,
    taken: set[int],
    seed: int,
) -> set[int]:
    """Choose whole groups whose labels come near to `share` of each label.

    Args:
        groups: indices of rows that stay together.
        labels: of each row.
        share: of each label, in (0, 1).
        taken: indices that are gone already.
        seed: of the order in which groups are looked at.

    Returns:
        The indices chosen.
    """
    total = Counter(labels)
    need = {label: min(share * n, MOST * n / len(labels)) for label, n in total.items()}
    # A label with two rows can give one of them; with one row it is better learned than judged.
    need = {label: max(size, 1.0) if total[label] > 1 else 0.0 for label, size in need.items()}
    order = [g for g in groups if g[0] not in taken]
    random.Random(seed).shuffle(order)
    chosen: set[int] = set()
    have: Counter[str] = Counter()
    for group in sorted(order, key=lambda g: len(g) > len(labels) * share / 2):
        inside = Counter(labels[i] for i in group)
        gain = sum(min(n, max(0.0, need[label] - have[label])) for label, n in inside.items())
        leaves = all(
            total[label] - have[label] - n > 0 or need[label] == 0 for label, n in inside.items()
        )
        if gain >= 0.5 * len(group) and leaves:
            chosen |= set(group)
            have += inside
    # Where every group is larger than the part should be, the smallest one has to do.
    return chosen or set(sorted(order, key=len)[0] if order else [])


def _drop_leaks(parts: Parts[LabelledRow]) -> None:
    """Take rows out of training that stand in dev or test too, and name them."""
    for part in ("test", "dev"):
        held: dict[Hashable, LabelledRow] = {question_key(r): r for r in getattr(parts, part)}
        lost = [r for r in parts.train if question_key(r) in held]
        if lost:
            told = [f"{r.place} is {held[question_key(r)].place}" for r in lost]
            parts.notes.append(_named(told, f"rows of {part} stood in train too and left it"))
            parts.train = [r for r in parts.train if question_key(r) not in held]
    held_texts = {_flat(r.text) for r in [*parts.dev, *parts.test]}
    shared = [r.place for r in parts.train if _flat(r.text) in held_texts]
    if shared:
        parts.notes.append(_named(shared, "rows of train share their text with dev or test"))


def _warnings(parts: Parts[LabelledRow]) -> list[str]:
    """Say what makes the result worth less than it looks."""
    if not parts.train or not parts.dev:
        raise DataError(
            f"the split leaves {len(parts.train)} rows for training and {len(parts.dev)} for dev; "
            "label more rows, or give a split column"
        )
    counts = Counter(row.label for row in parts.train)
    notes = missing_labels(parts.dev, counts, "dev") + missing_labels(parts.test, counts, "test")
    judged = Counter(row.label for row in parts.judged)
    notes += [
        f"train has no row with the label {label!r} (the rows that judge have {judged[label]}), so "
        "that it cannot be learned: give training rows of it, or map it with --labels"
        for label in sorted(set(judged) - set(counts))
    ]
    label, most = counts.most_common(1)[0]
    whole = sum(counts.values())
    if most >= ONE_SIDED * whole:
        notes.append(
            f"{most} of {whole} training rows ({most / whole:.0%}) have the label {label!r}; rare "
            "labels weigh more in training, but label more rows of the others before you trust it"
        )
    return notes


def missing_labels(rows: Iterable[Any], counts: Counter[str], part: str) -> list[str]:
    """Name the labels that a part lacks."""
    have = {row.label for row in rows}
    if not have:
        return []
    return [
        f"{part} has no row with the label {label!r} (train has {counts[label]}); how well it is "
        f"told apart is not measured there: label more rows of it, or give your own {part} part"
        for label in sorted(set(counts) - have)
    ]


def split_examples(examples: Sequence[T], *, seed: int, group: Callable[[T], str]) -> Parts[T]:
    """Part articles by their group, one fifth for dev."""
    names = sorted({group(e) for e in examples})
    if len(names) < 2:
        raise DataError(
            f"{len(examples)} examples come from {len(names)} articles; give at least two labelled "
            "articles, so that one can judge what the other taught"
        )
    random.Random(seed).shuffle(names)
    held = set(names[: max(1, round(len(names) / 5))])
    parts: Parts[T] = Parts()
    parts.dev = [e for e in examples if group(e) in held]
    parts.train = [e for e in examples if group(e) not in held]
    return parts
