"""Run the harness: `python -m eval VERB`, with the verbs that `--help` lists."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import MissingExtraError, StanceError

if TYPE_CHECKING:
    from eval.run import RunOptions


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line, do what it says, and return the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        code = int(arguments.do(arguments))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader of the output went away; what is left in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except StanceError as error:
        problem: Exception = error
    except ModuleNotFoundError as error:  # scipy, scikit-learn and others come with an extra
        problem = MissingExtraError.of(error.name or str(error), "eval")
    print(f"error: {problem}", file=sys.stderr)
    return 2


Verb = argparse.ArgumentParser


def _parser() -> Verb:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Measure stance: suites, baselines, tests, floors."
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _set_list(verbs.add_parser("list", help="list the suites, and whether their data is there"))
    _set_run(verbs.add_parser("run", help="run suites on a model or a baseline"))
    _set_compare(verbs.add_parser("compare", help="test whether two runs differ"))
    _set_gate(verbs.add_parser("gate", help="fail if a quality floor is broken"))
    _set_confidence(verbs.add_parser("confidence", help="fit how sure a stance is"))
    _set_ablate(verbs.add_parser("ablate", help="say what each part of the line earns"))
    _set_report(verbs.add_parser("report", help="write runs as one self-contained HTML page"))
    _set_table(verbs.add_parser("table", help="write runs as Markdown tables"))
    _set_validate(verbs.add_parser("validate", help="say what is wrong with labelled articles"))
    _set_anchor(verbs.add_parser("anchor", help="fill in the offsets of quoted words"))
    _set_agreement(verbs.add_parser("agreement", help="say how far two annotation passes agree"))
    return parser


def _set_list(verb: Verb) -> None:
    verb.add_argument("--data-dir", help="the benchmark folder (default: $STANCE_DATA)")
    verb.set_defaults(do=_list)


def _list(arguments: argparse.Namespace) -> int:
    from eval.data import find_data
    from eval.listing import lines

    print("\n".join(lines(find_data(arguments.data_dir))))
    return 0


def _set_run(verb: Verb) -> None:
    _add_what(verb, suite_required=True)
    verb.add_argument("--out", required=True, help="the run folder to write, e.g. runs/mini")
    verb.add_argument("--no-cache", action="store_true", help="ask again for every prediction")
    verb.set_defaults(do=_run)


def _add_what(verb: Verb, *, suite_required: bool) -> None:
    """Add the options that say what is run on what."""
    verb.add_argument(
        "--suite",
        required=suite_required,
        help="comma-separated: seeds:test, newsmtsc, fnc1:test, all, or a folder of gold articles",
    )
    verb.add_argument(
        "--model",
        default="mini",
        help="a name, a path, a hub id, "
        "baseline:majority|tfidf|cosine|lead3|lexrank|oracle|textacy|fake, "
        "or published:pegasus|brio|t0|gpt3",
    )
    verb.add_argument("--limit", type=int, help="keep only so many articles or texts per suite")
    verb.add_argument("--seed", type=int, default=0, help="of the slice, the bootstrap, the fits")
    verb.add_argument("--data-dir", help="the benchmark folder (default: $STANCE_DATA)")
    verb.add_argument("--bias", action="store_true", help="seeds: rename holders, count flips")
    verb.add_argument("--summary", default="extract", choices=("extract", "abstract", "auto"))
    verb.add_argument("--device", default="auto")
    verb.add_argument("--backend", default="torch")
    verb.add_argument("--revision", help="of a hub model")
    verb.add_argument("--generator", help="what writes abstracts: a name, path, hub id or URL")


def _run(arguments: argparse.Namespace) -> int:
    from eval.listing import result_lines
    from eval.run import run

    metrics = run(_options(arguments, Path(arguments.out)))
    print("\n".join(result_lines(metrics)))
    return 0


def _options(arguments: argparse.Namespace, out: Path) -> RunOptions:
    from eval.data import find_data
    from eval.run import RunOptions
    from eval.systems import Settings

    settings = Settings(
        arguments.summary,
        arguments.device,
        arguments.backend,
        arguments.revision,
        arguments.generator,
    )
    return RunOptions(
        arguments.suite,
        arguments.model,
        out,
        find_data(arguments.data_dir),
        settings,
        limit=arguments.limit,
        seed=arguments.seed,
        bias=arguments.bias,
        cache=not getattr(arguments, "no_cache", False),
    )


def _set_compare(verb: Verb) -> None:
    verb.add_argument("run_a")
    verb.add_argument("run_b")
    verb.add_argument("--measure", help="instead of each suite's headline")
    verb.add_argument("--seed", type=int, default=0)
    verb.add_argument("--json", action="store_true", help="print JSON instead of a table")
    verb.set_defaults(do=_compare)


def _compare(arguments: argparse.Namespace) -> int:
    from eval.compare import compare_runs, to_json, to_text
    from eval.runfiles import read_run

    runs = read_run(arguments.run_a), read_run(arguments.run_b)
    found = compare_runs(*runs, measure=arguments.measure, seed=arguments.seed)
    print(to_json(found) if arguments.json else to_text(*runs, found))
    return 0


def _set_gate(verb: Verb) -> None:
    from eval.floors import DEFAULT

    verb.description = (
        "Run the slice that the floors file names, or judge a run folder by the floors of whole "
        "runs; exit 1 if a floor is broken. --set takes the floors from what was measured."
    )
    _add_what(verb, suite_required=False)
    verb.add_argument("--floors", default=str(DEFAULT), help="the file (eval/floors.json)")
    verb.add_argument("--run", help="a folder of a whole run, to be judged by, or to set from")
    verb.add_argument("--whole", action="store_true", help="run the suites whole, not their slice")
    edit = verb.add_mutually_exclusive_group()
    edit.add_argument("--set", action="store_true", help="move every floor to what was measured")
    edit.add_argument("--raise", dest="lift", nargs=2, metavar=("SUITE.MEASURE", "VALUE"))
    edit.add_argument("--lower", nargs=2, metavar=("SUITE.MEASURE", "VALUE"))
    verb.add_argument("--margin", type=float, help="of --set, below the value (0.05, whole: 0.02)")
    verb.add_argument("--reason", help="why floors are lowered; kept in the file")
    verb.set_defaults(do=_gate)


def _gate(arguments: argparse.Namespace) -> int:
    from eval.gate import gate

    return gate(arguments, _options)


def _set_confidence(verb: Verb) -> None:
    verb.description = "Fit the chance that a stance is right on the seeds' development part."
    verb.add_argument("--model", required=True, help="a model's folder")
    verb.add_argument("--write", action="store_true", help="keep the fit in its config.json")
    verb.set_defaults(do=_confidence)


def _confidence(arguments: argparse.Namespace) -> int:
    from eval.confidence import refit

    print(refit(Path(arguments.model), write=arguments.write))
    return 0


def _set_ablate(verb: Verb) -> None:
    verb.description = "Score the line with one part more each time: what does each part earn?"
    verb.add_argument(
        "--suite", default="seeds:dev", help="seeds:dev, or a folder of gold articles"
    )
    verb.add_argument("--model", default="mini", help="a name, a path, or a hub id")
    verb.add_argument("--limit", type=int, help="keep only so many articles")
    verb.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    verb.add_argument("--into", help="write the table between its marks in this Markdown file")
    verb.set_defaults(do=_ablate)


def _ablate(arguments: argparse.Namespace) -> int:
    from eval.ablation import MARKS, measure
    from eval.table import write_into

    text = measure(arguments.suite, arguments.model, limit=arguments.limit, seed=arguments.seed)
    if arguments.into:
        write_into(arguments.into, text, MARKS)
    print(text)
    return 0


def _set_report(verb: Verb) -> None:
    verb.add_argument("runs", nargs="+", help="run folders")
    verb.add_argument("--out", required=True, help="the HTML file to write")
    verb.add_argument("--samples", type=int, default=60, help="answers shown per suite and run")
    verb.set_defaults(do=_report)


def _report(arguments: argparse.Namespace) -> int:
    from eval.report import write_report
    from eval.runfiles import read_run

    path = write_report(
        [read_run(folder) for folder in arguments.runs], arguments.out, samples=arguments.samples
    )
    print(path)
    return 0


def _set_table(verb: Verb) -> None:
    verb.add_argument("runs", nargs="+", help="run folders, baselines and models alike")
    verb.add_argument("--short", action="store_true", help="only the headlines of main suites")
    verb.add_argument(
        "--into",
        metavar="FILE",
        help="put it there, between <!-- baselines --> and <!-- /baselines -->, or, with --short, "
        "<!-- table:begin --> and <!-- table:end -->",
    )
    verb.set_defaults(do=_table)


def _table(arguments: argparse.Namespace) -> int:
    from eval.runfiles import read_run
    from eval.table import MARKS, SHORT_MARKS, short_table, table, write_into

    runs = [read_run(folder) for folder in arguments.runs]
    text = short_table(runs) if arguments.short else table(runs)
    if arguments.into:
        write_into(arguments.into, text, SHORT_MARKS if arguments.short else MARKS)
    else:
        print(text, end="")
    return 0


def _set_validate(verb: Verb) -> None:
    verb.add_argument("folder", help="has articles/*.txt and labels/*.json")
    verb.set_defaults(do=_validate)


def _validate(arguments: argparse.Namespace) -> int:
    from eval.goldcheck import validate

    return validate(arguments.folder)


def _set_anchor(verb: Verb) -> None:
    verb.description = (
        'Fill in start and end of every {"text": "..."} in labels/*.json; where the words occur '
        'more than once, "n": k picks the k-th occurrence, counted from 0.'
    )
    verb.add_argument("folder", help="has articles/*.txt and labels/*.json")
    verb.add_argument("ids", nargs="*", help="only these articles")
    verb.set_defaults(do=_anchor)


def _anchor(arguments: argparse.Namespace) -> int:
    from eval.goldcheck import anchor

    return anchor(arguments.folder, arguments.ids)


def _set_agreement(verb: Verb) -> None:
    verb.add_argument("first", help="a folder of label files, e.g. seeds/passes/first")
    verb.add_argument("second", help="the other annotator's, of the same articles and targets")
    verb.add_argument("--articles", default="seeds/articles", help="the folder of their texts")
    verb.set_defaults(do=_agreement)


def _agreement(arguments: argparse.Namespace) -> int:
    from eval.agreement import agreement

    return agreement(arguments.first, arguments.second, arguments.articles)


if __name__ == "__main__":
    raise SystemExit(main())
