"""Run the harness: `python -m eval list|run|compare|gate|report|validate|anchor`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from stance.errors import StanceError


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line, do what it says, and return the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.do(arguments))
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _add_validate(verbs)
    _add_anchor(verbs)
    return parser


def _add_validate(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser("validate", help="say what is wrong with a folder of labelled articles")
    verb.add_argument("folder", help="has articles/*.txt and labels/*.json")
    verb.set_defaults(do=_validate)


def _validate(arguments: argparse.Namespace) -> int:
    from eval.goldcheck import validate

    return validate(arguments.folder)


def _add_anchor(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verb = verbs.add_parser(
        "anchor",
        help='fill in the offsets of quotes that have only their words ("n": k picks the k-th '
        "occurrence, counted from 0)",
    )
    verb.add_argument("folder", help="has articles/*.txt and labels/*.json")
    verb.add_argument("ids", nargs="*", help="only these articles")
    verb.set_defaults(do=_anchor)


def _anchor(arguments: argparse.Namespace) -> int:
    from eval.goldcheck import anchor

    return anchor(arguments.folder, arguments.ids)


if __name__ == "__main__":
    raise SystemExit(main())
