"""Do what the commands of the labelling loop say: finetune, suggest, labelstudio."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from stance.errors import OptionError
from stance.finetune import FinetuneResult
from stance.hub import is_hub_id
from stance.output import as_json


def finetune(args: Namespace) -> int:
    """Fine-tune a model and print the report."""
    import stance

    if args.push and not is_hub_id(args.push):
        raise OptionError(f"--push {args.push!r} must have the form OWNER/NAME")
    with _bar() as told:
        result = stance.finetune(
            args.data,
            args.out,
            base=args.base,
            task=args.task,
            on_log=told,
            dev=args.dev,
            test=args.test,
            split_by=args.split_by,
            columns=_pairs(args.columns, "--columns"),
            labels=_pairs(args.labels, "--labels"),
            skip_bad=args.skip_bad,
            lora=args.lora,
            few_shot=args.few_shot,
            epochs=args.epochs,
            lr=args.lr,
            batch=args.batch,
            max_tokens=args.max_tokens,
            class_weights=not args.no_class_weights,
            patience=args.patience,
            precision=args.precision,
            seed=args.seed,
            device=args.device,
            replay=args.replay,
            data_dir=args.data_dir,
            report_to=tuple(args.report_to or ()),
            resume=args.resume,
            force=args.force,
            dry_run=args.dry_run,
        )
    if int(os.environ.get("RANK", "0")) > 0:
        return 0
    _print(args, result)
    if args.push and result.path:
        print(result.push(args.push), file=sys.stderr)
    return 0


def _print(args: Namespace, result: FinetuneResult) -> None:
    if args.format == "json":
        print(as_json(result.to_dict()))
        return
    print(result.text)
    if result.path:
        print(f"the model is in {result.path}; use it with --model {result.path}")


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """Read ``a=b`` pairs; several may be joined by commas."""
    found = {}
    for word in [w for value in given or () for w in value.split(",") if w.strip()]:
        left, mark, right = word.partition("=")
        if not mark or not left.strip() or not right.strip():
            raise OptionError(f"{option} {word!r} is no pair; write NAME=NAME, with commas between")
        found[left.strip()] = right.strip()
    return found


@contextmanager
def _bar() -> Iterator[Callable[[dict[str, Any]], None]]:
    """Draw steps, loss and the time left on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda row: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
    )
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        task = bar.add_task("training", total=None, told="")
        yield lambda row: bar.update(task, completed=row["step"], total=row["of"], told=_told(row))


def _told(row: dict[str, Any]) -> str:
    parts = [f"{name} {row[key]:.3f}" for key, name in _TOLD.items() if key in row]
    left = int(row.get("seconds_left", 0))
    return ", ".join([*parts, f"{left // 60}:{left % 60:02} left"])


_TOLD = {"loss": "loss", "eval_loss": "dev loss", "eval_macro_f1": "dev macro-F1"}


def suggest(args: Namespace) -> int:
    """Choose what to label next and write drafts of it."""
    from stance.suggest import suggest as choose

    chosen = choose(
        args.paths, args.out, n=args.n, model=args.model, device=args.device, force=args.force
    )
    if args.format == "json":
        print(as_json([item.to_dict() for item in chosen]))
    else:
        for item in chosen:
            print(f"{item.id}  unsure {item.uncertainty:.2f}  new {item.novelty:.2f}  {item.title}")
        print(f"{len(chosen)} drafts are in {args.out}; correct them and delete their notes")
    return 0


def labelstudio_export(args: Namespace) -> int:
    """Write gold articles as tasks for Label Studio."""
    from stance.labelstudio import export_tasks

    count = export_tasks(args.folder, args.output, drafts=args.predictions)
    print(f"{count} tasks are in {args.output}; the labelling page is in {args.output}.xml")
    return 0


def labelstudio_import(args: Namespace) -> int:
    """Write Label Studio's export as gold articles."""
    from stance.labelstudio import import_tasks

    count = import_tasks(args.file, args.out, force=args.force)
    print(f"{count} articles are in {args.out}; check them with: stance finetune {args.out} "
          "--out … --dry-run")  # fmt: skip
    return 0
