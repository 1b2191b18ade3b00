"""Say what the command line takes: every command, its options and its help."""

from __future__ import annotations

import argparse
import importlib.metadata
from collections.abc import Callable
from typing import TypeAlias

from stance.argument_groups import (
    add_explain,
    add_focus,
    add_format_of_input,
    add_limits,
    add_model,
    add_output,
    add_sources,
    add_summary,
)
from stance.finetune_arguments import add_labelling

EPILOG = """\
Sources
  PATH is a text, Markdown or HTML file, a .json, .jsonl or .csv file with a "text" column, a
  folder of these, an http(s) address, or - for standard input.

Exit codes
  0  all went well            2  a wrong argument, input or model stopped the run
  1  some articles failed     130  interrupted

Example
  stance analyze article.txt --target "the pension reform"
"""

ANALYZE = """\
Examples
  stance analyze article.txt
  stance analyze article.txt --target "raising the pension age" --target "the government"
  stance analyze article.html --output report.html
  stance analyze https://example.org/news/story.html --format json
  stance analyze article.txt --target "the pension reform" --explain
  stance analyze articles.jsonl --output stances.jsonl --on-error record
"""
SUMMARIZE = """\
At a terminal each sentence is followed by its support and its place in the article; into a pipe or
a file goes the summary alone. What is told together keeps its sources and who differs from whom.

Examples
  stance summarize article.txt
  stance summarize article.txt --method abstract --length 60w
  stance summarize post.txt herald.txt wire.txt --together --focus "the dam"
"""
DETECT = """\
Examples
  stance detect "The mayor called the bridge a waste of money." --target "the bridge"
  stance detect - --target "the bridge" --holder "the mayor" < passage.txt
"""
ATTRIBUTE = """\
Example
  stance attribute article.txt
"""
VERIFY = """\
Example
  stance verify summary.txt article.txt
"""
EVAL = """\
DATA is a folder with articles/*.txt and labels/*.json (the format of the seeds), or a .jsonl, .json
or .csv file with the columns text, target and label, perhaps holder and split.

Examples
  stance eval my/articles
  stance eval pairs.csv --split test --output scores.json
"""
MODELS = """\
Examples
  stance models list
  stance models pull smollm2-135m
  stance models info mini
"""


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command that is imported only when it runs, so that --help stays quick."""

    def run(args: argparse.Namespace) -> int:
        from stance import commands

        command: Callable[[argparse.Namespace], int] = getattr(commands, name)
        return command(args)

    return run


class _Version(argparse.Action):
    """Print the version; it is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        try:
            version = importlib.metadata.version("stance-nlp")
        except importlib.metadata.PackageNotFoundError:
            version = "(not installed)"
        print(f"stance {version}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="stance",
        description="Read news articles: what do they say, and who stands where?",
        epilog=EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument(
        "-V", "--version", action=_Version, nargs=0, help="print the version and leave"
    )
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_analyze(commands)
    _add_summarize(commands)
    _add_detect(commands)
    _add_attribute(commands)
    _add_verify(commands)
    _add_eval(commands)
    add_labelling(commands, _add)
    _add_models(commands)
    return parser


Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class _Help(argparse.RawDescriptionHelpFormatter):
    """Leave the examples as they are, and give the options' names some room."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)


def _add(
    commands: Subparsers, name: str, form: str, summary: str, epilog: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        usage=f"stance {name} {form}",
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_command(name))
    return parser


def _add_analyze(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "analyze",
        "PATH... [options]",
        "sum up articles and find who stands where",
        ANALYZE,
    )
    add_sources(parser)
    what = parser.add_argument_group("what to find")
    what.add_argument(
        "--target",
        action="append",
        metavar="T",
        help="a claim, a person, a plan … to find stances toward; may be repeated; "
        "without it the targets are found in the text",
    )
    what.add_argument("--max-targets", type=int, default=8, metavar="N", help="find at most N (8)")
    add_explain(what)
    add_summary(parser, "--summary", none=True)
    add_limits(parser)
    add_model(parser)
    add_output(parser, ("text", "json", "jsonl", "html"))


def _add_summarize(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "summarize",
        "PATH... [options]",
        "sum up articles, each sentence with its source",
        SUMMARIZE,
    )
    add_sources(parser)
    add_summary(parser, "--method", none=False)
    add_focus(parser)
    add_model(parser)
    add_output(parser, ("text", "json", "jsonl"))


def _add_detect(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "detect",
        "TEXT --target T [options]",
        "judge one passage toward one target",
        DETECT,
    )
    parser.add_argument("text", metavar="TEXT", help="the passage itself, or - for standard input")
    parser.add_argument("--target", required=True, metavar="T", help="what the stance is about")
    parser.add_argument("--holder", metavar="H", help="whose stance; by default the text's own")
    add_explain(parser)
    add_model(parser)
    add_output(parser, ("text", "json"))


def _add_attribute(commands: Subparsers) -> None:
    parser = _add(
        commands, "attribute", "PATH... [options]", "list who is said to have said what", ATTRIBUTE
    )
    add_sources(parser)
    add_model(parser)
    add_output(parser, ("text", "json", "jsonl"))


def _add_verify(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "verify",
        "SUMMARY ARTICLE [options]",
        "check a summary against its article",
        VERIFY,
    )
    parser.add_argument("summary", metavar="SUMMARY", help="a text file, or - for standard input")
    parser.add_argument("article", metavar="ARTICLE", help="a file, an http(s) address, or -")
    add_format_of_input(parser)
    add_model(parser)
    add_output(parser, ("text", "json", "html"))


def _add_eval(commands: Subparsers) -> None:
    parser = _add(
        commands, "eval", "DATA [options]", "score a model on what you have labelled", EVAL
    )
    parser.set_defaults(run=_command("evaluate"))
    parser.add_argument("data", metavar="DATA", help="a folder of articles, or a file of pairs")
    parser.add_argument("--split", metavar="NAME", help="score only this split (test, dev …)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the bootstrap (0)")
    add_model(parser)
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="FILE", help="write the scores and every answer there, as JSON"
    )


def _add_models(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "models",
        "list | pull NAME | info NAME",
        "list, fetch and describe models",
        MODELS,
    )
    parser.set_defaults(run=None)
    actions = parser.add_subparsers(
        title="actions", metavar="ACTION", prog="stance models", required=True
    )
    for name, summary in (
        ("list", "list the models that have a name"),
        ("pull", "fetch a model now, so that later runs need no network"),
        ("info", "say what is known about a model"),
    ):
        action = actions.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper() + summary[1:]}.",
            formatter_class=_Help,
            allow_abbrev=False,
        )
        action.set_defaults(run=_command(f"models_{name}"))
        if name != "list":
            action.add_argument("name", metavar="NAME", help="a name, a folder or a hub id")
            action.add_argument("--revision", metavar="REV", help="a commit, for a hub id")
        action.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            metavar="FORMAT",
            help="text or json (text)",
        )
