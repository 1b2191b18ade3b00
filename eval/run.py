"""Run suites on a system and write what came of it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from eval.base import Item, Json, Sample, Suite, System, UnsupportedError, digest_of_items
from eval.cache import PredictionCache
from eval.data import DataFolder
from eval.loading import load_system
from eval.measures import Measure, measure_rows, reliability
from eval.runfiles import rows_of, write_metrics, write_samples
from eval.signature import Signature, sign
from eval.suites import find_suites
from eval.systems import Settings
from stance.errors import DataError, FileMissingError, MissingExtraError
from stance.metrics import RESAMPLES, risk_coverage

CURVE_POINTS = 40
# What keeps a suite from being run at all, as against a failure on one item.
_NOT_RUNNABLE = (UnsupportedError, FileMissingError, DataError, MissingExtraError)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Hold what is to be run; `limit` says how many clusters of a suite are kept, or which ones."""

    suites: str
    model: str
    out: Path
    data: DataFolder
    settings: Settings = field(default_factory=Settings)
    limit: int | Sequence[str] | None = None
    seed: int = 0
    resamples: int = RESAMPLES
    bias: bool = False
    cache: bool = True


def run(options: RunOptions, *, system: System | None = None) -> Json:
    """Run every suite, writing the folder anew after each one.

    A suite that the system cannot do, or whose data is not there, is skipped and said so; an item
    on which the system crashes is a miss.

    Args:
        options: what to run.
        system: asked instead of the one that `options.model` names.

    Returns:
        What `metrics.json` has.

    Raises:
        DataError: no suite could be run, or a suite is unknown.
        ModelError: the model cannot be had.
    """
    suites = find_suites(options.suites, options.data, bias=options.bias)
    system = system or load_system(options.model, options.settings, seed=options.seed)
    settings = {**options.settings.to_dict(), "bias": options.bias}
    signature = sign(system.name, system.info, options.seed, settings)
    options.out.mkdir(parents=True, exist_ok=True)
    metrics: Json = {"signature": signature.to_dict(), "suites": {}, "skipped": {}}
    for suite in suites:
        try:
            suite.require(system)
            numbers, samples = run_suite(suite, system, options, signature)
        except _NOT_RUNNABLE as error:
            if len(suites) == 1:
                raise
            metrics["skipped"][suite.name] = str(error)
            print(f"skipped {suite.name}: {error}", file=sys.stderr)
            continue
        write_samples(options.out, suite.name, samples, first=not metrics["suites"])
        metrics["suites"][suite.name] = numbers
        write_metrics(options.out, metrics)
    if not metrics["suites"]:
        raise DataError(f"nothing was run: all {len(suites)} suites were skipped")
    return metrics


def run_suite(
    suite: Suite, system: System, options: RunOptions, signature: Signature
) -> tuple[Json, list[Sample]]:
    """Run one suite; return its numbers and its samples."""
    whole = suite.items()
    digest = digest_of_items(whole)
    items = sliced(whole, options.limit, options.seed)
    stamp = signature.of_suite(suite.name, digest)
    folder = options.out.parent / ".cache" if options.cache else None
    with PredictionCache(folder, stamp) as cache:
        samples = list(_answer(suite, system, items, cache))
    numbers = {
        "signature": str(stamp),
        "data": digest,
        "items": len(whole),
        **suite_numbers(suite, samples, seed=options.seed, resamples=options.resamples),
    }
    return numbers, samples


def sliced(items: Sequence[Item], limit: int | Sequence[str] | None, seed: int) -> list[Item]:
    """Keep the items of some clusters: as many, chosen by a hash that never drifts, or those named.

    Raises:
        DataError: one of those named is not there.
    """
    if limit is None:
        return list(items)
    clusters = dict.fromkeys(item.cluster for item in items)
    if not isinstance(limit, int):
        if unknown := sorted(set(limit) - clusters.keys()):
            raise DataError(f"there is no {unknown[0]!r} in the suite to keep")
        kept = set(limit)
    else:
        ranked = sorted(clusters, key=lambda c: hashlib.sha256(f"{seed}:{c}".encode()).digest())
        kept = set(ranked[:limit])
    return [item for item in items if item.cluster in kept]


def _answer(
    suite: Suite, system: System, items: Sequence[Item], cache: PredictionCache
) -> Iterator[Sample]:
    """Yield one scored sample per item, in order, asking only for what is not yet known."""
    errors: dict[str, str] = {}
    asked = [item for item in items if item.id not in cache.known]
    for start in range(0, len(asked), suite.batch):
        _show(suite.name, start, len(asked))
        batch = asked[start : start + suite.batch]
        for item, answer in zip(batch, _predict(suite, system, batch), strict=True):
            if isinstance(answer, _Crash):
                errors[item.id] = answer.message
            else:
                cache.add(item.id, answer)
    _show(suite.name, len(asked), len(asked))
    for item in items:
        yield _score(suite, item, cache.known.get(item.id), errors.get(item.id))


@dataclass(frozen=True, slots=True)
class _Crash:
    message: str


def _predict(suite: Suite, system: System, batch: Sequence[Item]) -> list[Any]:
    """Ask for a whole batch; if that crashes, ask for its items one by one."""
    try:
        return suite.predict(system, batch)
    except (*_NOT_RUNNABLE, ImportError):
        raise
    except Exception as error:  # any failure of a model is its own, never the run's
        if len(batch) == 1:
            return [_Crash(f"{type(error).__name__}: {error}")]
    return [_predict(suite, system, [item])[0] for item in batch]


def _score(suite: Suite, item: Item, prediction: Any, error: str | None) -> Sample:
    if error is not None:
        return suite.miss(item, error)
    try:
        return suite.score(item, prediction)
    except ImportError:
        raise
    except Exception as problem:  # a prediction of the wrong form is a miss as well
        return suite.miss(item, f"{type(problem).__name__}: {problem}")


def suite_numbers(
    suite: Suite, samples: Sequence[Sample], *, seed: int, resamples: int = RESAMPLES
) -> Json:
    """Compute all numbers of one suite from its samples."""
    rows, clusters = rows_of(samples), [s.item.cluster for s in samples]
    found = {
        m.name: measure_rows(m, rows, clusters, seed=seed, resamples=resamples)
        for m in suite.measures
    }
    numbers: Json = {
        "headline": suite.headline,
        "paired": suite.paired,
        "labels": list(suite.labels),
        "n": len(samples),
        "clusters": len(set(clusters)),
        "errors": sum(s.error is not None for s in samples),
        "specs": [m.to_dict() for m in suite.measures],
        "measures": {name: value.to_dict() for name, value in found.items() if value is not None},
        "groups": _groups(suite, samples, seed),
    }
    if suite.labels:
        numbers |= _label_numbers(suite, samples)
    return numbers


def _groups(suite: Suite, samples: Sequence[Sample], seed: int) -> Json:
    """Compute the headline (and the open triple F1 of seeds) over each group of items apart."""
    names = [suite.headline, *(m.name for m in suite.measures if m.name in _ALSO_BY_GROUP)]
    wanted = [m for m in suite.measures if m.name in names]
    members: dict[str, list[Sample]] = {}
    for sample in samples:
        for group in sample.item.groups:
            members.setdefault(group, []).append(sample)
    return {
        group: {"n": len(kept), "measures": _measured(wanted, kept, seed)}
        for group, kept in sorted(members.items())
    }


_ALSO_BY_GROUP = ("open_triple_f1", "label_macro_f1_pooled", "triple_f1_pooled", "holder_f1")
_GROUP_RESAMPLES = 500


def _measured(measures: Sequence[Measure], samples: Sequence[Sample], seed: int) -> Json:
    rows, clusters = rows_of(samples), [s.item.cluster for s in samples]
    found = {
        m.name: measure_rows(m, rows, clusters, seed=seed, resamples=_GROUP_RESAMPLES)
        for m in measures
    }
    return {name: value.to_dict() for name, value in found.items() if value is not None}


def _label_numbers(suite: Suite, samples: Sequence[Sample]) -> Json:
    """Add the confusion table, the calibration bins and the risk-coverage curve."""
    rows = rows_of(samples)
    pooled = [m for m in suite.measures if m.kind == "macro_f1_table"]
    if pooled:
        side = pooled[0].size + 1
        table = rows[:, list(pooled[0].columns)].sum(0).reshape(side, side)
        ece = next(m for m in suite.measures if m.kind == "ece_table")
        bins = rows[:, list(ece.columns)].sum(0).reshape(-1, 3)
    else:
        side = len(suite.labels) + 1
        table, bins = np.zeros((side, side)), reliability(rows)
        np.add.at(table, (rows[:, 0].astype(int), rows[:, 1].astype(int)), 1.0)
    sure = suite.confidences(samples)
    curve = risk_coverage(sure[:, 0], sure[:, 1])
    step = max(1, len(curve) // CURVE_POINTS)
    return {
        "confusion": table.tolist(),
        "reliability": bins.tolist(),
        "risk_coverage": [[round(x, 4) for x in point] for point in curve[::step].tolist()],
    }


def _show(name: str, done: int, total: int) -> None:
    """Say how far a suite is, on one line of the terminal, and only there."""
    if sys.stderr.isatty() and total:
        end = "\n" if done == total else ""
        print(f"\r{name}: {done}/{total}", end=end, file=sys.stderr, flush=True)
