"""Fine-tune a model on new labelled data, from a file to a folder that `stance.load` takes."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import set_seed

from stance.backends.loading import pick_device
from stance.training.article_tasks import run_articles
from stance.training.bases import Base
from stance.training.card import Report, read_report, write_report
from stance.training.ends import worded
from stance.training.job import Job, Tell, prepare
from stance.training.pair_run import run_pairs
from stance.training.plan import FinetuneOptions, Sheet, digest_of_run
from stance.training.run_folder import RunFolder, is_main_process, need_space
from stance.training.schedule import uses_cpu
from stance.training.tuner import Outcome

# The others wait while one process measures: a large test part takes longer than the half hour that
# the libraries allow.
_PATIENCE = timedelta(days=1)


def run(job: Job) -> Report:
    """Carry a prepared run out to its end, or go on with it.

    Returns:
        The report, whose folder is the published one.

    Raises:
        TrainingError: the run had to stop; the message says what is kept.
        OptionError: there is a result or another run already.
    """
    started = time.monotonic()
    pick_device(job.options.device)
    settings = job.options.settings(job.digest, job.base.weights.digest)
    if job.options.resume and (known := _finished(job, settings)) is not None:
        if is_main_process():
            job.folder.drop()
        return known
    if is_main_process():
        job.folder.begin(settings, resume=job.options.resume, force=job.options.force)
    try:
        report = _carried_out(job)
        report = replace(report, seconds=time.monotonic() - started, run=digest_of_run(settings))
        if is_main_process():
            write_report(job.folder.result, report)
            job.folder.publish()
    except BaseException as error:
        told = worded(error, job.folder.checkpoints)
        if is_main_process() and not job.folder.is_worth_keeping():
            # Nothing was learned yet: there is nothing to resume.
            job.folder.drop()
        if told is error:
            raise
        raise told from error
    _together(job.options.device)
    return replace(report, folder=job.folder.out)


def _carried_out(job: Job) -> Report:
    if is_main_process():
        # Weights, two moments of the optimizer, twice, and the result.
        need_space(job.folder.path, 9 * _bytes_of(job.base))
    _together(job.options.device)
    # Before anything is drawn: new heads and low-rank updates begin with random numbers.
    set_seed(job.options.seed)
    return run_pairs(job) if job.options.task in ("stance", "nli") else run_articles(job)


def _finished(job: Job, settings: dict[str, Any]) -> Report | None:
    """Return the report of a run that was cut off when its result had been moved into place."""
    out = job.folder.out
    try:
        found = json.loads((out / "metrics.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if found.get("run") != digest_of_run(settings):
        return None
    empty = Report(job.sheet, job.options, job.base.info, job.digest, (), Outcome(0, 0, None), out)
    return read_report(empty, found)


def _bytes_of(base: Base) -> int:
    files = base.folder.glob("*.safetensors")
    return sum(f.stat().st_size * (4 if "int8" in f.name else 1) for f in files)


def _together(device: str) -> None:
    """Wait for the other processes, where there are any."""
    # Without being told, the library takes processes without an accelerator for single ones.
    PartialState(cpu=uses_cpu(device), timeout=_PATIENCE).wait_for_everyone()


def finetune(
    data: Any, out: str | Path, options: FinetuneOptions, tell: Tell = lambda row: None
) -> Report | Sheet:
    """Fine-tune on labelled data.

    Args:
        data: see `read_labelled`.
        out: the folder of the result.
        options: how.
        tell: is told every line of the log.

    Returns:
        The report, or with ``dry_run`` the sheet of what would be done.
    """
    folder = Path(out).expanduser()
    if options.dry_run:
        RunFolder(folder).refuse(force=options.force)
    job = prepare(data, folder, options, tell)
    return job.sheet if options.dry_run else run(job)
