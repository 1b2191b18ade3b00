"""Read the labelled sets of a data folder into examples.

The folder holds ``train/<set>.jsonl.gz`` and ``bench/<set>.jsonl.gz``; no test split is ever read
here. Sets without a dev split of their own lend a part of their training groups to one.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from stance.backends.base import StancePair
from stance.errors import DataError
from stance.records import Span
from stance.text import make_document
from stance.training.examples import (
    AGAINST,
    FAVOR,
    NEUTRAL,
    Attributed,
    PairExample,
    Pool,
    SalienceExample,
    TaggedExample,
)

Row = dict[str, Any]

_STANCE = {
    **dict.fromkeys(("favor", "positive", "pro", "support", "agree"), FAVOR),
    **dict.fromkeys(("against", "negative", "con", "undermine", "disagree"), AGAINST),
    **dict.fromkeys(("neutral", "discuss", "none"), NEUTRAL),
}
_NLI = {"entailment": (0,), "neutral": (1,), "contradiction": (2,), "not_entailment": (1, 2)}
# PolNeAR and the summaries are read in stretches of this many sentences at most.
MAX_SENTENCES = 40


def find_data(folder: str | Path | None = None) -> Path:
    """Find the data folder: the argument, else ``STANCE_DATA``, else ``../shared/data``.

    Args:
        folder: an explicit folder, or None.

    Returns:
        The folder, which has a ``train`` or a ``bench`` folder inside.

    Raises:
        DataError: there is no such folder.
    """
    candidates = [folder] if folder else [os.environ.get("STANCE_DATA"), "../shared/data"]
    for candidate in candidates:
        if candidate and any((Path(candidate) / part).is_dir() for part in ("train", "bench")):
            return Path(candidate)
    raise DataError(
        f"no data folder at {candidates[0] or candidates[-1]!r}; "
        "pass --data-dir FOLDER or set STANCE_DATA to a folder that has train/ and bench/"
    )


def read_rows(data: Path, part: str, name: str) -> Iterator[Row]:
    """Yield the rows of ``<data>/<part>/<name>.jsonl.gz``."""
    path = data / part / f"{name}.jsonl.gz"
    if not path.is_file():
        raise DataError(f"data set file {path} is missing; see the data folder's README")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def held_out(group: str, share: float) -> bool:
    """Tell, by a stable hash, whether a group belongs to the development part."""
    return zlib.crc32(group.encode()) % 10_000 < share * 10_000


def load_set(data: Path, name: str) -> Pool:
    """Read one set.

    Args:
        data: the data folder.
        name: a key of `LOADERS`.

    Returns:
        Its training and development examples.

    Raises:
        DataError: the set or its file is unknown.
    """
    if name not in LOADERS:
        raise DataError(f"unknown training set {name!r}; known: {sorted(LOADERS)}")
    return LOADERS[name](data)


def _pairs(
    data: Path,
    name: str,
    convert: Callable[[Row], list[PairExample]],
    dev_file: bool = False,
    share: float = 0.05,
) -> Pool:
    """Read a pair set; its dev part is a file's dev split or a share of the training groups."""
    pool = Pool()
    for row in read_rows(data, "train", name):
        for example in convert(row):
            to_dev = not dev_file and held_out(example.group, share)
            (pool.dev if to_dev else pool.train).append(example)
    if dev_file:
        rows = (r for r in read_rows(data, "bench", name) if r["split"] in ("dev", "trial"))
        pool.dev += [example for row in rows for example in convert(row)]
    return pool


def _binary(row: Row) -> list[PairExample]:
    """Pro / con sets: related, and never a lesson about *neutral*."""
    pair = StancePair(row["text"], row["target"])
    weight = float(row.get("conf", 1.0))
    label = _STANCE[row["label"]]
    return [PairExample("stance", pair, (label,), (FAVOR, AGAINST), 1, weight, row["target"])]


def _newsmtsc(row: Row) -> list[PairExample]:
    span = Span(row["start"], row["end"])
    pair = StancePair(row["text"], row["target"], target_span=span)
    group = row["gid"].rsplit("_", 3)[0]
    return [PairExample("stance", pair, (_STANCE[row["label"]],), related=1, group=group)]


def dse_pairs(row: Row) -> list[tuple[StancePair, int]]:
    """Read a row of DSE as both questions: how p stands toward q, and q toward p."""
    questions = []
    for arrow, holder, target in (("p->q", "p", "q"), ("q->p", "q", "p")):
        sign = row["direction"].removesuffix(arrow).strip() if arrow in row["direction"] else ""
        label = {"pos": FAVOR, "neg": AGAINST}.get(sign, NEUTRAL)
        text, spans = _unmark(row["marked"], row["p"], row["q"])
        pair = StancePair(text, row[target], row[holder], spans[holder], spans[target])
        questions.append((pair, label))
    return questions


def _unmark(marked: str, p: str, q: str) -> tuple[str, dict[str, Span | None]]:
    """Take the brackets off ``[p] … [q]`` and return where both stand."""
    spans: dict[str, Span | None] = {"p": None, "q": None}
    text = marked
    for key, name in (("p", p), ("q", q)):
        at = text.find(f"[{name}]")
        if at >= 0:
            text = text[:at] + name + text[at + len(name) + 2 :]
            spans[key] = Span(at, at + len(name))
            other = spans["p"] if key == "q" else None
            if other and other.start > at:
                spans["p"] = Span(other.start - 2, other.end - 2)
    return text, spans


def _dse(row: Row) -> list[PairExample]:
    return [
        PairExample("stance", pair, (label,), group=row["text"]) for pair, label in dse_pairs(row)
    ]


def _nli(row: Row) -> list[PairExample]:
    pair = StancePair(row["text"], row["target"])
    return [PairExample("nli", pair, _NLI[row["label"]], group=row["text"])]


def _related(row: Row) -> list[PairExample]:
    """Four-label sets (agree, disagree, discuss, unrelated)."""
    related = int(row["label"] != "unrelated")
    gold = (_STANCE[row["label"]],) if related else ()
    pair = StancePair(row["text"], row["target"])
    return [PairExample("stance", pair, gold, related=related, group=row["body_id"])]


def _polnear(data: Path) -> Pool:
    train = [tagged(row) for row in read_rows(data, "train", "polnear") if row["primary"]]
    dev = [
        tagged(row)
        for row in read_rows(data, "bench", "polnear")
        if row["split"] == "dev" and row["primary"]
    ]
    return Pool([*train], [*dev])


def tagged(row: Row) -> TaggedExample:
    """Turn a PolNeAR document (token spans) into character spans over its text."""
    offsets = row["offsets"]
    groups: dict[int, dict[str, list[Span]]] = {}
    for span in row["spans"]:
        where = Span(offsets[span["start"]][0], offsets[span["end"] - 1][1])
        groups.setdefault(span["group"], {}).setdefault(span["role"], []).append(where)
    attributions = tuple(
        Attributed(**{role: tuple(sorted(spans)) for role, spans in group.items()})
        for group in groups.values()
    )
    document = make_document(row["text"])
    return TaggedExample(row["text"], document.sentences, attributions, row["doc"])


def _summaries(data: Path) -> Pool:
    pool = Pool()
    for row in read_rows(data, "train", "summ_pool"):
        sentences = tuple(row["sentences"][:MAX_SENTENCES])
        salient = frozenset(i for i in row["extractive"] if i < len(sentences))
        if salient and len(sentences) > 3:
            example = SalienceExample(sentences, salient, row["kind"])
            (pool.dev if row["split"] == "dev" else pool.train).append(example)
    return pool


_NLI_SETS = ("mnli", "snli", "cad_nli", "fever_nli", "conjnli", "semi_auto_nli_wiki")
LOADERS: dict[str, Callable[[Path], Pool]] = {
    "newsmtsc": partial(_pairs, name="newsmtsc", convert=_newsmtsc),
    "dse": partial(_pairs, name="dse", convert=_dse, dev_file=True),
    "fnc1": partial(_pairs, name="fnc1", convert=_related, share=0.08),
    "perspectrum": partial(_pairs, name="perspectrum", convert=_binary, dev_file=True),
    "ibm_arg30k": partial(_pairs, name="ibm_arg30k", convert=_binary, dev_file=True),
    "ibm_claim_stance": partial(_pairs, name="ibm_claim_stance", convert=_binary),
    **{n: partial(_pairs, name=n, convert=_nli, share=0.03) for n in _NLI_SETS},
    "polnear": _polnear,
    "salience": _summaries,
}
