"""Prepare a fine-tuning run: read and part the data, find the base, choose the schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from stance.errors import DataError
from stance.training.bases import Base, find_base
from stance.training.importers import read_labelled
from stance.training.labelled import Labelled
from stance.training.plan import FinetuneOptions, Sheet, digest_of, label_counts, source_name
from stance.training.run_folder import RunFolder
from stance.training.schedule import (
    Schedule,
    check_trackers,
    fast_precision,
    micro_batch,
    precision_of,
)
from stance.training.splits import Parts, split_examples, split_rows

# Sentences, or documents, in one step: each carries many labels.
ARTICLE_BATCH = 8

Tell = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class Job:
    """Hold one run: what was asked, the base, the data in parts, and where it is kept."""

    options: FinetuneOptions
    base: Base
    sheet: Sheet
    parts: Parts[Any]
    folder: RunFolder
    digest: str
    tell: Tell = lambda row: None

    @property
    def pairs(self) -> Literal["stance", "nli"]:
        """The task, where it is one over pairs."""
        return cast(Literal["stance", "nli"], self.options.task)


def prepare(data: Any, out: Path, options: FinetuneOptions, tell: Tell) -> Job:
    """Read and part the data, find the base, and say what will be done.

    Raises:
        DataError: the data cannot be used.
        ModelError: the base cannot be used.
        OptionError: `out` names no folder, or a tracker is not there.
    """
    check_trackers(options.report_to)
    folder = RunFolder(out)
    found = [read_labelled(data, options.reading)]
    for part in ("dev", "test"):
        given = getattr(options, part)
        if given is not None:
            found.append(read_labelled(given, options.reading, split=part))
    base = find_base(options.base)
    notes = [note for one in found for note in one.notes]
    if options.task in ("stance", "nli"):
        rows = [row for one in found for row in one.rows]
        parts: Parts[Any] = split_rows(rows, by=options.split_by, seed=options.seed)
        labels = label_counts(parts)
    else:
        parts, labels = _article_parts(found, options), {}
        if base.kind != "ours":
            raise DataError(
                f"{options.task} is learned by a stance model; give --base mini, not {options.base}"
            )
    sheet = Sheet(
        options.task,
        source_name(data),
        base.name,
        parts.counts(),
        labels,
        {},
        [*notes, *parts.notes],
    )
    job = Job(options, base, sheet, parts, folder, digest_of(found), tell)
    job.sheet = replace(sheet, schedule=_described(job))
    return job


def _article_parts(found: list[Labelled], options: FinetuneOptions) -> Parts[Any]:
    examples, *given = ([*one.tagged, *one.salience] for one in found)
    parts: Parts[Any]
    if options.dev is not None:
        parts = Parts(train=examples, dev=given[0])
    else:
        parts = split_examples(examples, seed=options.seed, group=lambda e: e.group)
    if options.test is not None:
        parts.test = given[-1]
    if not parts.train or not parts.dev:
        raise DataError(
            f"{len(parts.train)} examples are left for training and {len(parts.dev)} for dev; "
            "label more articles"
        )
    return parts


def _described(job: Job) -> dict[str, Any]:
    if job.options.few_shot:
        precision = fast_precision(job.options.precision, job.options.device)
        return {"mode": "few-shot", "precision": precision}
    plan = schedule_for(job, len(job.parts.train), [job.options.max_tokens], 384)
    if not job.sheet.labels:
        plan = replace(plan, batch=min(ARTICLE_BATCH, plan.batch))
    return {
        "epochs": plan.epochs,
        "batch": plan.batch,
        "lr": plan.trunk_lr,
        "precision": precision_of(plan),
        "lora": job.options.lora,
    }


def schedule_for(job: Job, rows: int, lengths: Sequence[int], size: int) -> Schedule:
    """Choose how long and how fast to learn, by the size of data and model.

    Args:
        job: the run.
        rows: of the training set.
        lengths: their tokens.
        size: of the model's hidden states.
    """
    options = job.options
    hub = job.base.kind == "hub"
    epochs = options.epochs or (10 if rows < 500 else 6 if rows < 5000 else 4)
    # Wider models want smaller steps; these are the usual ones of BERT-base, scaled.
    lr = options.lr or (2e-5 * 768 / size if hub else 6e-5)
    if options.lora and options.lr is None:
        lr = 3e-4
    fresh = not job.base.has_head(options.task)
    return Schedule(
        epochs=epochs,
        batch=options.batch,
        micro=micro_batch(lengths, options.batch, size, options.device),
        trunk_lr=lr,
        head_lr=max(lr, 3e-4) if fresh else 2 * lr,
        evals=max(4, min(20, round(2 * epochs))),
        patience=options.patience,
        metric="macro_f1" if len(job.parts.dev) >= 60 and job.sheet.labels else "loss",
        precision=options.precision,
        seed=options.seed,
        device=options.device,
        report_to=options.report_to,
        boards=f"{job.folder.out}.tensorboard",
    )
