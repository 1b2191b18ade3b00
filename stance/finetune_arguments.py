"""Say what the commands of the labelling loop take: finetune, suggest, labelstudio."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

FINETUNE = """\
DATA is a JSONL, CSV or Parquet file with the columns text, target and label, a folder of gold
articles or of brat files, or the id of a data set on the hub. Known files (NewsMTSC, FNC-1, VAST,
SemEval) are read as they are.

Examples
  stance finetune labels.csv --out my-model --dry-run
  stance finetune labels.csv --out my-model
  stance finetune few.jsonl --out my-model --few-shot
  stance finetune tweets.csv --out my-model --base roberta-base --columns text=tweet,label=side
  stance finetune labels.csv --out my-model --labels yes=favor,no=against --replay 0.1 \\
    --data-dir DATA
"""
SUGGEST = """\
Examples
  stance suggest articles/ --n 50 --out to-label
  stance suggest new.jsonl --n 20 --out to-label --model my-model
"""
LABELSTUDIO = """\
Examples
  stance labelstudio export to-label --output tasks.json
  stance labelstudio import export.json --out labelled
"""

Adder = Callable[[Any, str, str, str, str], argparse.ArgumentParser]


def command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command that is imported only when it runs, so that --help stays quick."""

    def run(args: argparse.Namespace) -> int:
        from stance import finetune_commands

        called: Callable[[argparse.Namespace], int] = getattr(finetune_commands, name)
        return called(args)

    return run


def add_labelling(commands: Any, add: Adder) -> None:
    """Add the commands of the labelling loop to the command line.

    Args:
        commands: the subparsers.
        add: makes one of them: (commands, name, form, summary, epilog).
    """
    parser = add(
        commands,
        "finetune",
        "DATA --out DIR [options]",
        "make a better model from labels of your own",
        FINETUNE,
    )
    parser.set_defaults(run=command("finetune"))
    _add_finetune(parser)
    parser = add(
        commands,
        "suggest",
        "PATH... --out DIR [options]",
        "choose which articles to label next, and draft their labels",
        SUGGEST,
    )
    parser.set_defaults(run=command("suggest"))
    _add_suggest(parser)
    parser = add(
        commands,
        "labelstudio",
        "export FOLDER | import FILE",
        "take labelled articles to Label Studio and back",
        LABELSTUDIO,
    )
    parser.set_defaults(run=None)
    _add_labelstudio(parser)


def _add_finetune(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", metavar="DATA", help="labelled rows or articles")
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder of the new model")
    parser.add_argument("--base", default="mini", metavar="M", help="what to start from (mini)")
    parser.add_argument(
        "--task",
        choices=("stance", "nli", "attribution", "salience"),
        default="stance",
        metavar="TASK",
        help="stance, nli, attribution or salience (stance)",
    )
    parser.add_argument("--dry-run", action="store_true", help="check the data, say what would be")
    parser.add_argument("--few-shot", action="store_true", help="for 4 to 64 rows a label")
    parser.add_argument("--lora", action="store_true", help="train low-rank updates only")
    _add_reading(parser.add_argument_group("data"))
    _add_learning(parser.add_argument_group("training"))
    group = parser.add_argument_group("the run")
    group.add_argument("--resume", action="store_true", help="go on with an unfinished run")
    group.add_argument("--force", action="store_true", help="replace DIR, or an unfinished run")
    group.add_argument("--push", metavar="OWNER/NAME", help="upload the model to the hub")
    group.add_argument(
        "--report-to", action="append", metavar="T", help="a tracker: tensorboard, wandb …"
    )
    _add_format(group)


def _add_reading(group: Any) -> None:
    group.add_argument("--dev", metavar="FILE", help="rows to choose the checkpoint on")
    group.add_argument("--test", metavar="FILE", help="rows to report on")
    group.add_argument(
        "--split-by",
        choices=("auto", "article", "target", "author", "none"),
        default="auto",
        metavar="WHAT",
        help="what must not stand in two parts: article, target, author, none (auto: article)",
    )
    group.add_argument(
        "--columns",
        action="append",
        metavar="OURS=THEIRS",
        help="columns by other names: text=tweet,target=topic",
    )
    group.add_argument(
        "--labels",
        action="append",
        metavar="THEIRS=OURS",
        help="labels by other names: yes=favor,no=against",
    )
    group.add_argument("--skip-bad", action="store_true", help="leave bad rows out and count them")
    group.add_argument("--data-dir", metavar="DIR", help="general sets, to measure forgetting on")
    group.add_argument(
        "--replay",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="mix in so much of the general sets, against forgetting (0)",
    )


def _add_learning(group: Any) -> None:
    group.add_argument("--epochs", type=float, metavar="N", help="(by the number of rows)")
    group.add_argument("--lr", type=float, metavar="RATE", help="(by the size of the model)")
    group.add_argument("--batch", type=int, default=32, metavar="N", help="rows in a step (32)")
    group.add_argument("--max-tokens", type=int, default=256, metavar="N", help="of a pair (256)")
    group.add_argument("--no-class-weights", action="store_true", help="rare labels weigh the same")
    group.add_argument(
        "--patience", type=int, default=3, metavar="N", help="stop after N looks without gain (3)"
    )
    group.add_argument(
        "--precision",
        choices=("auto", "bf16", "fp16", "no"),
        default="auto",
        metavar="P",
        help="bf16, fp16 or no (auto: what the hardware does fast)",
    )
    group.add_argument("--seed", type=int, default=0, metavar="N", help="(0)")
    group.add_argument("--device", default="auto", metavar="D", help="cpu, cuda, mps … (auto)")


def _add_suggest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="articles: files, folders, tables")
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder of the drafts")
    parser.add_argument("--n", type=int, default=50, metavar="N", help="how many (50)")
    parser.add_argument("--model", default="mini", metavar="M", help="who drafts (mini)")
    parser.add_argument("--device", default="auto", metavar="D", help="cpu, cuda, mps … (auto)")
    parser.add_argument("--force", action="store_true", help="replace DIR")
    _add_format(parser)


def _add_labelstudio(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(
        title="actions", metavar="ACTION", prog="stance labelstudio", required=True
    )
    action = actions.add_parser("export", help="write tasks out of a folder of gold articles")
    action.add_argument("folder", metavar="FOLDER", help="articles/*.txt and labels/*.json")
    action.add_argument("-o", "--output", required=True, metavar="FILE", help="a .json file")
    action.add_argument(
        "--predictions", action="store_true", help="as predictions to accept, not as annotations"
    )
    action.set_defaults(run=command("labelstudio_export"))
    action = actions.add_parser("import", help="write gold articles out of Label Studio's JSON")
    action.add_argument("file", metavar="FILE", help="what Label Studio exported as JSON")
    action.add_argument("--out", required=True, metavar="DIR", help="the folder to make")
    action.add_argument("--force", action="store_true", help="replace DIR")
    action.set_defaults(run=command("labelstudio_import"))


def _add_format(group: Any) -> None:
    group.add_argument(
        "--format", choices=("text", "json"), default="text", metavar="F", help="text or json"
    )
