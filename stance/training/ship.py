"""Turn a training run into the folder that ships: calibrated, int8, with its tokenizer.

::

    python -m stance.training.ship runs/mini models/mini --data-dir DATA

Of several runs, which must come from one start, the mean ships.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.backends.inputs import load_tokenizer
from stance.backends.mini import MiniBackend
from stance.backends.modeling import StanceModel
from stance.backends.quantize import load_model, save_int8
from stance.records import ModelInfo
from stance.text import make_document
from stance.training.average import mean_of
from stance.training.calibrate import fit_logistic, temperatures
from stance.training.derived import derive
from stance.training.examples import PairExample
from stance.training.passages import shorten
from stance.training.sets import Row, find_data, load_set, read_rows
from stance.verify import Checker, Features, SupportModel

STANCE_SETS = ("newsmtsc", "dse", "perspectrum", "ibm_arg30k", "ibm_claim_stance", "fnc1")
NLI_SETS = ("mnli", "snli", "fever_nli", "cad_nli")
# Rows of each set that a temperature is fitted on; more changes its second decimal.
PER_SET = 700
# Which way each feature tells of support; what an article lacks is held against a sentence anyway,
# and new words by the pairs that they stand in. And the least spread of a feature.
SUPPORT_SIGNS, LEAST_SPREAD = Features(1.0, -1.0, 0.0, 1.0, 0.0, -1.0), 1e-3
Table = NDArray[np.float64]


def dev_pairs(data: Path, base: str, seed: int) -> list[PairExample]:
    """Gather development pairs of every form, the same number of each set at most."""
    rng = random.Random(seed)
    chosen: list[PairExample] = []
    for name in (*STANCE_SETS, *NLI_SETS, "attributed", "faithful"):
        pool = (
            derive(data, name, seed) if name in ("attributed", "faithful") else load_set(data, name)
        ).dev
        pairs = [e for e in pool if isinstance(e, PairExample)]
        pairs = rng.sample(pairs, min(PER_SET, len(pairs)))
        chosen += shorten(pairs, base) if name == "fnc1" else pairs
    return chosen


def fit_support(model: MiniBackend, data: Path, limit: int, seed: int) -> SupportModel:
    """Fit the support model on labelled summaries (the validation part of SummaC's sets).

    A summary is as faithful as its weakest sentence. Each feature counts as much as its spread, and
    only how much all together mean is fitted: a few hundred summaries are too few for more (Dawes
    1979, on improper linear models).

    Args:
        model: encodes and judges.
        data: the data folder.
        limit: the most summaries to read, half of them faithful.
        seed: of the choice.
    """
    chosen = matched(list(read_rows(data, "train", "summac_val")), limit, random.Random(seed))
    tables = [sentence_rows(model, r["document"], r["summary"]) for r in chosen]
    spread = np.vstack(tables).std(0) + LEAST_SPREAD
    direction = np.array(SUPPORT_SIGNS.row) / spread
    weakest = np.array([[(table @ direction).min()] for table in tables], dtype=np.float32)
    labels = np.array([r["label"] for r in chosen], dtype=np.float32)
    bias, (slope,) = fit_logistic(weakest, labels)
    return replace(SupportModel(), bias=bias, weights=Features(*(slope * direction).tolist()))


def matched(rows: Sequence[Row], limit: int, rng: random.Random) -> list[Row]:
    """Choose as many faithful as unfaithful summaries of each set, so that no set tells which.

    Of one set nine in ten are faithful, of another one in ten: without this a fit learns to tell
    the sets apart, by how long their summaries are and how much they copy.

    Args:
        rows: with a `subset` and a `label` of 0 or 1 each.
        limit: the most to choose, spread over the sets.
        rng: makes the choice.
    """
    groups: dict[str, tuple[list[Row], list[Row]]] = {}
    for row in rows:
        groups.setdefault(row["subset"], ([], []))[row["label"]].append(row)
    share = limit // (2 * len(groups))
    return [
        row
        for _, pair in sorted(groups.items())
        for part in pair
        for row in rng.sample(part, min(share, *map(len, pair)))
    ]


def sentence_rows(model: MiniBackend, document: str, summary: str) -> Table:
    """Return the support features of each sentence of a summary, (sentences, features)."""
    source, cut = make_document(document), make_document(summary)
    checker = Checker(source, model.encode(source), model, model)
    findings = checker.check([cut.sentence(i) for i in range(len(cut.sentences))])
    return np.array([finding.features.row for finding in findings])


def mean_model(folders: Sequence[Path]) -> StanceModel:
    """Load the model of a run, or the mean of several runs from one start."""
    models = [load_model(folder) for folder in folders]
    models[0].load_state_dict(mean_of([model.state_dict() for model in models]))
    return models[0]


def ship(
    runs: Sequence[Path], out: Path, data: Path, *, base: str, support: int, seed: int = 20
) -> dict[str, Any]:
    """Calibrate the model of a run, or the mean of several, and write it to `out`.

    Args:
        runs: folders that the recipe wrote.
        out: where the shipped files go.
        data: the data folder.
        base: the trunk's folder, for cutting long texts.
        support: summaries to fit the support model on, 0 keeps its defaults.
        seed: of the choice of development rows.

    Returns:
        The calibration.
    """
    model = mean_model([run / "model" for run in runs])
    save_int8(model, out)
    load_tokenizer(runs[0] / "model").save_pretrained(out)
    backend = MiniBackend(out, ModelInfo("mini"), "auto")
    calibration: dict[str, Any] = {
        "temperature": temperatures(backend, dev_pairs(data, base, seed))
    }
    backend.calibration = calibration
    if support:
        calibration["support"] = fit_support(backend, data, support, seed).to_dict()
    model.config.calibration = calibration
    save_int8(model, out)
    return calibration


def main(argv: Sequence[str] | None = None) -> int:
    """Ship from the command line."""
    parser = argparse.ArgumentParser(
        prog="stance.training.ship",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("runs", type=Path, nargs="+", help="folders that the recipe wrote")
    parser.add_argument("out", type=Path, help="where the shipped files go")
    parser.add_argument("--data-dir", help="folder with train/ and bench/")
    parser.add_argument("--base", default="minilm-l6", help="the trunk's name or folder")
    parser.add_argument("--support", type=int, default=600, help="summaries to fit support on")
    options = parser.parse_args(argv)
    from stance.weights import resolve

    data = find_data(options.data_dir)
    base = str(resolve(options.base).folder)
    print(
        json.dumps(
            ship(options.runs, options.out, data, base=base, support=options.support), indent=1
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
