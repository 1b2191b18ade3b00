"""Offer fine-tuning as one function: labels in, a better model out, and an honest report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import DownloadError, OptionError
from stance.records import Record
from stance.training.measured import Measured

if TYPE_CHECKING:
    from stance.training.card import Report
    from stance.training.plan import Sheet

__all__ = ["FinetuneResult", "finetune"]


@dataclass(frozen=True, slots=True)
class FinetuneResult(Record):
    """Hold what fine-tuning made.

    `path` is the model's folder, None after a dry run; `measures` have their values before and
    after with 95 % intervals, on `judged` rows of ``test``, ``dev`` or ``folds`` (`judged_on`);
    `forgetting` has the general sets, None where none were given; `text` is all of it for a
    terminal.
    """

    task: str
    path: str | None = None
    measures: tuple[Measured, ...] = ()
    judged_on: str | None = None
    judged: int = 0
    forgetting: tuple[Measured, ...] | None = None
    notes: tuple[str, ...] = ()
    log: tuple[dict[str, Any], ...] = ()
    text: str = ""

    def __getitem__(self, name: str) -> Measured:
        for measured in self.measures:
            if measured.name == name:
                return measured
        raise KeyError(f"{name!r} was not measured; there are {[m.name for m in self.measures]}")

    def push(self, repository: str, *, private: bool = True, token: str | None = None) -> str:
        """Upload the model to the hub.

        Args:
            repository: ``owner/name``; it is made where it is not there.
            private: whether a new repository can be seen by its owner alone.
            token: of the hub; None: the one that ``hf auth login`` keeps.

        Returns:
            The address of the upload.

        Raises:
            OptionError: there is nothing to upload.
            DownloadError: the hub refuses or cannot be reached.
        """
        if self.path is None:
            raise OptionError("a dry run made no model; there is nothing to push")
        from huggingface_hub import HfApi

        api = HfApi(token=token)
        try:
            api.create_repo(repository, private=private, exist_ok=True)
            done = api.upload_folder(repo_id=repository, folder_path=self.path)
        except Exception as error:  # the hub's errors are of many libraries
            said = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise DownloadError(
                f"{self.path} could not be pushed to {repository!r}: {said}; log in with "
                "'hf auth login', or check the name"
            ) from error
        return str(done)


def finetune(
    data: Any,
    out: str | Path,
    *,
    base: str | Path = "mini",
    task: str = "stance",
    on_log: Callable[[dict[str, Any]], None] | None = None,
    **options: Any,
) -> FinetuneResult:
    """Make a better model from labels of your own, and say honestly whether it is better.

    Args:
        data: a JSONL, CSV or Parquet file, a folder of gold articles or brat files, a data set's
            hub id, a `datasets` object, or rows as dictionaries.
        out: the folder of the result; it must not exist, unless ``force`` is set.
        base: what to start from: a name, a folder or a hub id.
        task: ``stance``, ``nli``, ``attribution`` or ``salience``.
        on_log: is told each line of the log: step, loss, seconds left.
        **options: the fields of `stance.training.plan.FinetuneOptions`: dev, test, columns,
            labels, skip_bad, split_by, lora, few_shot, epochs, lr, batch, replay, data_dir, seed,
            resume, force, dry_run …

    Returns:
        Where the model lies, its numbers before and after with intervals, and the log.

    Raises:
        DataError: rows are bad, or too few or too much alike; the message names them.
        OptionError: an option is unknown or out of range, or `out` exists.
        ModelError: the base cannot be had or tuned.
        TrainingError: the run had to stop; the message says what is kept.
    """
    from stance.training.plan import FinetuneOptions

    known = {f.name for f in fields(FinetuneOptions)}
    if unknown := sorted(set(options) - known):
        raise OptionError(f"unknown option {unknown[0]!r}; known: {', '.join(sorted(known))}")
    chosen = FinetuneOptions(base=str(base), task=task, **options)  # type: ignore[arg-type]
    from stance.training.finetune import finetune as run
    from stance.training.plan import Sheet

    done = run(data, out, chosen, on_log or (lambda row: None))
    return _planned(done) if isinstance(done, Sheet) else _result(done)


def _planned(sheet: Sheet) -> FinetuneResult:
    return FinetuneResult(sheet.task, notes=tuple(sheet.notes), text=sheet.to_text())


def _result(report: Report) -> FinetuneResult:
    return FinetuneResult(
        report.sheet.task,
        str(report.folder),
        tuple(report.measured),
        report.judged_on,
        report.judged,
        None if report.forgotten is None else tuple(report.forgotten),
        tuple(report.notes),
        tuple(report.outcome.log),
        report.to_text(),
    )
