"""Say which options several commands share: sources, input formats, limits, model, output."""

from __future__ import annotations

import argparse


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the articles to read, and what to do at one that fails."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder, an http(s) address, or - for standard input",
    )
    add_format_of_input(parser)
    parser.add_argument(
        "--on-error",
        choices=("raise", "skip", "record"),
        metavar="POLICY",
        help="at an article that fails: raise stops, skip goes on, record goes on and puts the "
        "failure into JSON output (record where there are several articles, else raise)",
    )


def add_format_of_input(parser: argparse.ArgumentParser) -> None:
    """Add how the input is to be read."""
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


def add_summary(parser: argparse.ArgumentParser, option: str, *, none: bool) -> None:
    """Add how the summary is made, as `option`, and how long it is; `none` allows no summary."""
    kinds = ("auto", "extract", "abstract", *(["none"] if none else []))
    group = parser.add_argument_group("the summary")
    group.add_argument(
        option,
        choices=kinds,
        default="auto",
        metavar="KIND",
        help="extract quotes, abstract rewords, auto does what the models at hand allow"
        + (", none leaves it out" if none else "")
        + " (auto)",
    )
    group.add_argument(
        "--length",
        default="3",
        metavar="N",
        help="of the summary: sentences (3), words (60w) or a share of the article (10%%)",
    )
    group.add_argument(
        "--generator",
        metavar="G",
        help="what writes abstracts: a name, folder, hub id, or the address of a server that "
        "speaks the OpenAI protocol, http://host:port/v1#model (smollm2-135m)",
    )


def add_focus(parser: argparse.ArgumentParser) -> None:
    """Add what a summary is about, and whether several articles make one."""
    group = parser.add_argument_group("what it is about")
    group.add_argument("--focus", metavar="F", help="a person, a place, a matter to dwell on")
    group.add_argument(
        "--together",
        action="store_true",
        help="take the articles for reports of one event: one summary with sources in each, and "
        "who differs from whom",
    )


def add_explain(group: argparse._ActionsContainer) -> None:
    """Add whether to tell how each stance came to be."""
    group.add_argument(
        "--explain",
        action="store_true",
        help="tell of each stance which words it rests on, what the model was asked and answered, "
        "and what did not count",
    )


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add what to do about long articles."""
    group = parser.add_argument_group("limits")
    group.add_argument("--max-chars", type=int, metavar="N", help="read at most N characters each")
    group.add_argument(
        "--on-long",
        choices=("truncate", "error"),
        default="truncate",
        metavar="POLICY",
        help="at a longer article: truncate cuts it and says so, error fails (truncate)",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add which model answers, and where it runs."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model", default="mini", metavar="M", help="a name, folder or hub id (mini)"
    )
    group.add_argument("--revision", metavar="REV", help="a commit, for a hub id")
    group.add_argument("--device", default="auto", metavar="D", help="cpu, cuda, mps … (auto)")


def add_output(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    """Add where the results go, and in which of the formats."""
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
