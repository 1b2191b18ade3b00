"""Run the command line: one command, one exit code, no traceback for what a user can mend."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from stance.arguments import build_parser
from stance.errors import StanceError

# A broken pipe ends most programs with the signal SIGPIPE; shells report that as 128 + 13.
_BROKEN_PIPE = 141
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments after the program's name; by default the process's own.

    Returns:
        The exit code: 0, or 1 where some articles failed, 2 where an error stopped the run, 130
        after an interruption, 141 where the reader of the output went away.
    """
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.run is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (StanceError, OSError) as error:
        print(f"stance: error: {_tame(str(error))}", file=sys.stderr)
        return 2
    return code


def _tame(message: str) -> str:
    """Keep a message that quotes an article from steering the terminal."""
    from stance.markup import printable

    return printable(message)


def _silence_stdout() -> None:
    """Let the interpreter flush what is left into nowhere, so that it does not complain."""
    with suppress(OSError, ValueError):  # a stand-in for stdout may have no file number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
