"""Fine-tune on pairs: train, save, calibrate, and measure before, after and elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stance.backends.classifier import TUNED
from stance.backends.opening import Model
from stance.training.bases import (
    only_what_is_used,
    pair_model,
    reopen,
    save_tuned,
    tokenizer_for,
    with_lora,
)
from stance.training.card import Report
from stance.training.dropout import drop_by_row
from stance.training.fewshot import few_shot
from stance.training.general import forgotten, general_rows, replayed
from stance.training.job import Job, schedule_for
from stance.training.pair_task import PairCollator, PairTask, encode
from stance.training.questions import Question, labels_in, questions, scored, weighted
from stance.training.run_folder import is_main_process, write_json
from stance.training.scores import compared, pair_tables, quick_judge
from stance.training.temperature import LEAST, fit_heat, groups_of
from stance.training.tuner import Outcome, train


def run_pairs(job: Job) -> Report:
    """Train on pairs and measure; the result lies in the run's folder, not yet published."""
    model = job.base.open(job.options.device)
    labels = labels_in([*job.parts.train, *job.parts.dev, *job.parts.test], job.options.task)
    asked = {
        part: questions(getattr(job.parts, part), labels, job.options.task, model)
        for part in ("train", "dev", "test")
    }
    before = _before(job, model, asked, labels)
    if job.options.few_shot:
        core, tuned, outcome, folds = few_shot(job, asked, labels)
    else:
        core, tuned, outcome = _trained(job, asked, labels)
        folds = None
    judged = asked["test"] or asked["dev"]
    report = Report(
        job.sheet,
        job.options,
        job.base.info,
        job.digest,
        labels,
        outcome,
        job.folder.result,
    )
    if not is_main_process():
        return report
    after = _saved(job, core, tuned, asked["dev"])
    if folds is not None and not asked["test"]:
        judged, table = [*asked["train"], *asked["dev"]], folds
    else:
        table = scored(after, judged, job.options.task)
    tables = pair_tables(table, judged, labels, job.options.task)
    old = pair_tables(before[1], before[0], labels, job.options.task) if before else None
    return replace(
        report,
        measured=compared(old, tables),
        judged_on="test" if asked["test"] else "folds" if folds is not None else "dev",
        judged=len(judged),
        forgotten=_forgetting(job, model, after),
        tuned=tuned,
    )


def _before(
    job: Job, model: Model, asked: dict[str, list[Question]], labels: tuple[str, ...]
) -> tuple[list[Question], Any] | None:
    """Ask the base what the report will ask the result; None where it has no head for that."""
    if not job.base.has_head(job.options.task):
        return None
    whole = [*asked["train"], *asked["dev"]] if job.options.few_shot else asked["dev"]
    judged = asked["test"] or whole
    known = job.folder.recall("before")
    table = (
        scored(model, judged, job.options.task) if known is None else np.array(known, np.float32)
    )
    if known is None and is_main_process():
        # A run that is taken up need not ask the base again.
        job.folder.remember("before", np.asarray(table, np.float64).tolist())
    return judged, table


def _trained(
    job: Job, asked: dict[str, list[Question]], labels: tuple[str, ...]
) -> tuple[Any, dict[str, Any], Outcome]:
    """Train on pairs; return the model, what its config says of it, and how it went."""
    options, task = job.options, job.pairs
    core = pair_model(job.base, task, labels)
    tokenizer = tokenizer_for(job.base)
    only_what_is_used(core, task)
    if options.lora:
        core = with_lora(core, task)
    wrapped = PairTask(core, task, drop_by_row(core, options.seed))
    learned = weighted(asked["train"]) if options.class_weights else asked["train"]
    if options.replay:
        learned = [
            *learned,
            *replayed(
                Path(str(options.data_dir)), task, options.replay, len(learned), options.seed
            ),
        ]
    data = [
        encode(tokenizer, part, ours=wrapped.ours, task=task, max_tokens=options.max_tokens)
        for part in (learned, asked["dev"])
    ]
    size = int(_hidden(core))
    plan = schedule_for(job, len(learned), data[0].lengths, size)
    collate = PairCollator(int(tokenizer.pad_token_id or 0), 3 if task == "nli" else 4)
    judge = quick_judge(asked["dev"], labels, task)
    outcome = train(
        wrapped, (data[0], data[1], collate), plan, job.folder.checkpoints, judge=judge,
        report=job.tell,
    )  # fmt: skip
    return core, {"task": task, "labels": list(labels)}, outcome


def _hidden(core: Any) -> int:
    config = core.config
    trunk = getattr(config, "trunk", None)
    return int(trunk["hidden_size"] if isinstance(trunk, dict) else config.hidden_size)


def _saved(job: Job, core: Any, tuned: dict[str, Any], asked: list[Question]) -> Model:
    """Write the result, give it its temperature, and open it as users do."""
    folder, task = job.folder.result, job.options.task
    core = core.cpu().float()
    if job.base.kind != "hub":
        # The base's temperatures belong to the base's weights.
        core.config.calibration = {}
    save_tuned(core, tokenizer_for(job.base), folder, job.base, tuned)
    model = reopen(folder, job.options.device)
    if "heat" in tuned:
        return model
    if len(asked) < LEAST:
        job.sheet.notes.append(
            f"dev has {len(asked)} rows, too few to calibrate on; confidences are as they came"
        )
        return model
    groups = groups_of(tuned["labels"], task)
    tuned |= {"heat": fit_heat(scored(model, asked, task), asked, groups), "groups": groups}
    config = json.loads((folder / "config.json").read_text("utf-8"))
    write_json(folder / "config.json", {**config, TUNED: tuned})
    return reopen(folder, job.options.device)


def _forgetting(job: Job, before: Model, after: Model) -> Any:
    """Measure the general sets, where the user gave them and the base could do the task."""
    options = job.options
    if options.data_dir is None or not job.base.has_head(options.task):
        return None
    sets = general_rows(Path(options.data_dir), options.task, "dev", options.seed)
    return forgotten(sets, before, after, options.task)
