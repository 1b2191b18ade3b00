"""Say what the command line takes: every command, its options and its help."""

from __future__ import annotations

import argparse
import importlib.metadata
from collections.abc import Callable
from typing import TypeAlias

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
  stance analyze articles.jsonl --output stances.jsonl --on-error record
"""
SUMMARIZE = """\
At a terminal each sentence is followed by its support and its place in the article; into a pipe or
a file goes the summary alone.

Examples
  stance summarize article.txt
  stance summarize article.txt --method abstract --length 60w
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
    _add_sources(parser)
    what = parser.add_argument_group("what to find")
    what.add_argument(
        "--target",
        action="append",
        metavar="T",
        help="a claim, a person, a plan … to find stances toward; may be repeated; "
        "without it the targets are found in the text",
    )
    what.add_argument("--max-targets", type=int, default=8, metavar="N", help="find at most N (8)")
    what.add_argument(
        "--summary",
        choices=("auto", "extract", "abstract", "none"),
        default="auto",
        metavar="KIND",
        help="auto, extract, abstract or none (auto)",
    )
    _add_length(what)
    _add_limits(parser)
    _add_model(parser)
    _add_output(parser, ("text", "json", "jsonl", "html"))


def _add_summarize(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "summarize",
        "PATH... [options]",
        "sum up articles, each sentence with its source",
        SUMMARIZE,
    )
    _add_sources(parser)
    what = parser.add_argument_group("what to write")
    what.add_argument(
        "--method",
        choices=("auto", "extract", "abstract"),
        default="auto",
        metavar="METHOD",
        help="extract quotes, abstract rewords, auto does what the models at hand allow (auto)",
    )
    _add_length(what)
    _add_model(parser)
    _add_output(parser, ("text", "json", "jsonl"))


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
    _add_model(parser)
    _add_output(parser, ("text", "json"))


def _add_attribute(commands: Subparsers) -> None:
    parser = _add(
        commands, "attribute", "PATH... [options]", "list who is said to have said what", ATTRIBUTE
    )
    _add_sources(parser)
    _add_model(parser)
    _add_output(parser, ("text", "json", "jsonl"))


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
    _add_format_of_input(parser)
    _add_model(parser)
    _add_output(parser, ("text", "json"))


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


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder, an http(s) address, or - for standard input",
    )
    _add_format_of_input(parser)
    parser.add_argument(
        "--on-error",
        choices=("raise", "skip", "record"),
        metavar="POLICY",
        help="at an article that fails: raise stops, skip goes on, record goes on and puts the "
        "failure into JSON output (record where there are several articles, else raise)",
    )


def _add_format_of_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="kind",
        choices=("auto", "text", "markdown", "html", "json", "jsonl", "csv"),
        default="auto",
        metavar="FORMAT",
        help="the input's: text, markdown, html, json, jsonl, csv, or auto: by suffix, server or "
        "content (auto)",
    )
    parser.add_argument(
        "--text-column", metavar="NAME", help="the column with the text, where it has a rare name"
    )


def _add_length(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--length",
        default="3",
        metavar="N",
        help="of the summary: sentences (3), words (60w) or a share of the article (10%%)",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits")
    group.add_argument("--max-chars", type=int, metavar="N", help="read at most N characters each")
    group.add_argument(
        "--on-long",
        choices=("truncate", "error"),
        default="truncate",
        metavar="POLICY",
        help="at a longer article: truncate cuts it and says so, error fails (truncate)",
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model", default="mini", metavar="M", help="a name, folder or hub id (mini)"
    )
    group.add_argument("--revision", metavar="REV", help="a commit, for a hub id")
    group.add_argument("--device", default="auto", metavar="D", help="cpu, cuda, mps … (auto)")


def _add_output(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "--format",
        choices=formats,
        metavar="FORMAT",
        help=f"{', '.join(formats[:-1])} or {formats[-1]} (the --output file's, or else text)",
    )
    group.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write there rather than to standard output"
        + ("; for the pages of several articles, a folder" if "html" in formats else ""),
    )
