"""Measure what fine-tuning reaches: on whole training sets, and on a few rows against SetFit.

::

    python -m eval.finetuning full --out runs/finetuning --data-dir DATA [--sets vast,newsmtsc]
    python -m eval.finetuning few --out runs/few --data-dir DATA [--draws 10] [--sets vast]

``full`` fine-tunes with default settings and runs the harness on the result. ``few`` draws rows of
each label, ten times, gives every method the same ones, and tests the paired means; every draw is
written down when it is done, and the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.adapters.pairs import set_scores
from eval.data import DataFolder, Row, find_data
from eval.few_tasks import Few, draw, few_tasks, score, with_strange_topics
from eval.run import RunOptions, run
from eval.systems import Settings
from stance.errors import OptionError
from stance.finetune import finetune
from stance.records import Span
from stance.weights import resolve

Options = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Full:
    """Name one experiment on a whole training set: base, rows, and the suite of the result."""

    name: str
    base: str
    suite: str
    splits: tuple[str, ...] = ("train",)
    own_dev: str | None = None
    part: str = "bench"


FULL = (
    Full("vast", "mini", "vast:test", ("train", "dev"), "dev"),
    Full("semeval16_t6", "mini", "semeval16_t6:test", ("train", "trial")),
    Full("newsmtsc", "minilm-l6", "newsmtsc:devtest_rw", part="train"),
    Full("newsmtsc", "mini", "newsmtsc:devtest_rw", part="train"),
)


def training_rows(data: DataFolder, full: Full, limit: int | None = None) -> list[Row]:
    """Return the training rows of an experiment; a dev split of the set's own stays one."""
    rows = data.train(full.name) if full.part == "train" else data.bench(full.name)
    kept = [r for r in rows if r["split"] in full.splits]
    if full.name == "vast":
        kept = with_strange_topics(kept)
    if limit is not None:
        kept = random.Random(0).sample(kept, min(limit, len(kept)))
    columns = ("text", "target", "label", "start", "end")
    result = []
    for row in kept:
        split = {"split": "dev" if row["split"] == full.own_dev else "train"}
        shown = {k: row[k] for k in columns if k in row}
        result.append({**shown, **(split if full.own_dev else {})})
    return result


def full(options: Options) -> int:
    """Fine-tune on each set and run its suite on the result."""
    data, out = find_data(options.data_dir), Path(options.out)
    wanted = options.sets.split(",") if options.sets else None
    for experiment in FULL:
        base = options.base or experiment.base
        if wanted and experiment.name not in wanted:
            continue
        for seed in range(options.seeds):
            name = f"{experiment.name}-{Path(base).name}-{seed}"
            started = time.monotonic()
            done = finetune(
                training_rows(data, experiment, options.limit),
                out / name,
                base=base,
                seed=seed,
                device=options.device,
                force=True,
                on_log=lambda row: print(json.dumps(row), file=sys.stderr),
                **json.loads(options.more),
            )
            trained = time.monotonic() - started
            metrics = run(
                RunOptions(
                    experiment.suite,
                    str(done.path),
                    out / f"{name}-eval",
                    data,
                    Settings(device=options.device),
                    limit=options.limit,
                    cache=False,
                )
            )
            line = {"run": name, "seconds": round(trained, 1), "judged_on": done.judged_on}
            line |= {m.name: round(m.after.value, 4) for m in done.measures[:3]}
            line["suite"] = {
                key: value for key, value in metrics["suites"][experiment.suite].items()
                if key in ("measures", "headline")
            }  # fmt: skip
            _add(out / "results.jsonl", line)
            if not options.keep:
                shutil.rmtree(str(done.path))
    return 0


def ours(few: Few, rows: Sequence[Row], options: Options, seed: int) -> list[str]:
    """Answer the test with the few-shot mode of `stance.finetune`."""
    import stance

    out = Path(options.out) / "model"
    given = [{k: r[k] for k in ("text", "target", "label")} for r in rows]
    finetune(
        given,
        out,
        base=options.base or "mini",
        task=few.task,
        few_shot=True,
        seed=seed,
        device=options.device,
        force=True,
        **json.loads(options.more),
    )
    answers = asked(stance.load(out, device=options.device, generator=None), few, few.test)
    shutil.rmtree(out)
    return answers


def asked(analyzer: Any, few: Few, rows: Sequence[Row]) -> list[str]:
    """Answer pairs with an analyzer, in the task's labels."""
    texts, targets = [r["text"] for r in rows], [r["target"] for r in rows]
    if few.task == "nli":
        table = np.asarray(analyzer.scorer.entail(list(zip(texts, targets, strict=True))))
    else:
        spans: list[Span | None] = [None] * len(rows)
        scores = analyzer.score_pairs(texts, targets, target_spans=spans)
        table = set_scores(few.labels, np.asarray(scores, np.float64))
    return [few.labels[i] for i in table.argmax(1)]


def setfit(few: Few, rows: Sequence[Row], trunk: str, options: Options, seed: int) -> list[str]:
    """Answer the test with SetFit on the trunk of a model."""
    from eval.setfit import SetFit

    device = "cpu" if options.device == "auto" else options.device
    model = SetFit(resolve(trunk).path, device=device, seed=seed)
    model.fit([r["text"] for r in rows], [r["target"] for r in rows], [r["label"] for r in rows])
    return model.predict([r["text"] for r in few.test], [r["target"] for r in few.test])


def few(options: Options) -> int:
    """Give every method the same draws; print the means and the paired test."""
    import stance

    data, out = find_data(options.data_dir), Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    base = options.base or "mini"
    tasks = [t for t in few_tasks(data) if not options.sets or t.group in options.sets.split(",")]
    if options.limit:
        rng = random.Random(0)
        tasks = [
            replace(t, test=rng.sample(t.test, min(options.limit, len(t.test)))) for t in tasks
        ]
    untuned = stance.load(base, device=options.device, generator=None)
    known = done_before(out / "results.jsonl", _settings(options))
    asleep = {task: line["untuned"] for (_, task), line in known.items()}
    for number in range(options.draws):
        for task in tasks:
            if (number, task.name) in known:
                continue
            if task.name not in asleep:
                asleep[task.name] = score(task, asked(untuned, task, task.test), task.test)
            rows = draw(task, options.labels, number)
            line = {"draw": number, "task": task.name, "group": task.group, "rows": len(rows)}
            line |= {"settings": _settings(options), "untuned": asleep[task.name]}
            line["ours"] = score(task, ours(task, rows, options, number), task.test)
            for trunk in options.trunks.split(","):
                answers = setfit(task, rows, trunk, options, number)
                line[f"setfit:{trunk}"] = score(task, answers, task.test)
            _add(out / "results.jsonl", line)
    print(summary(out / "results.jsonl"))
    return 0


def _settings(options: Options) -> dict[str, Any]:
    """Say what draws must share to be counted together."""
    names = ("base", "labels", "trunks", "limit", "more")
    return {name: getattr(options, name) for name in names}


def done_before(results: Path, settings: dict[str, Any]) -> dict[tuple[int, str], dict[str, Any]]:
    """Return the lines of draws that are done already, by draw and task.

    Raises:
        OptionError: they were made with other settings.
    """
    lines = _lines(results) if results.is_file() else []
    for line in lines:
        if line["settings"] != settings:
            raise OptionError(
                f"{results} holds draws of {line['settings']}, now it is {settings}; give the same "
                "options, or another --out"
            )
    return {(line["draw"], line["task"]): line for line in lines}


def _lines(results: Path) -> list[dict[str, Any]]:
    """Read results; a last line that was cut off does not count."""
    text = results.read_text("utf-8")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def summary(results: Path) -> str:
    """Say the means of each group and method, and whether ours is ahead over the draws."""
    from scipy.stats import ttest_rel, wilcoxon

    lines = _lines(results)
    methods = [k for k in lines[0] if k not in ("draw", "task", "group", "rows", "settings")]
    groups = sorted({line["group"] for line in lines})
    # Draws that every task has: what is not done yet must not tip the means.
    of = {t: {x["draw"] for x in lines if x["task"] == t} for t in {x["task"] for x in lines}}
    draws = sorted(set.intersection(*of.values()))
    if not draws:
        return f"{len(lines)} results, but no draw yet of every task"
    table = np.array([[[np.mean([x[m] for x in lines if x["group"] == g and x["draw"] == d])
                        for g in groups] for d in draws] for m in methods])  # fmt: skip
    told = []
    for method, values in zip(methods, table, strict=True):
        cells = "  ".join(f"{g} {v:.3f}" for g, v in zip(groups, values.mean(0), strict=True))
        told.append(f"{method:18} mean {values.mean():.3f}  {cells}")
    mine = table[methods.index("ours")].mean(1)
    for method, values in zip(methods, table, strict=True):
        if method.startswith("setfit") and len(draws) > 1:
            gap = mine - values.mean(1)
            told.append(
                f"ours - {method}: {gap.mean():+.3f}, ahead in {(gap > 0).sum()} of {len(gap)} "
                f"draws, paired t p={ttest_rel(mine, values.mean(1)).pvalue:.2g}, "
                f"Wilcoxon p={wilcoxon(gap).pvalue:.2g}"
            )
    return "\n".join(told)


def _add(path: Path, line: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    print(json.dumps(line), flush=True)
    if path.is_file() and (text := path.read_text("utf-8")) and not text.endswith("\n"):
        # A stop in the middle of a line: it will be made again.
        path.write_text(text[: text.rfind("\n") + 1], "utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the experiments from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.finetuning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("full", "few", "summary"))
    parser.add_argument("--out", required=True, help="the folder of models and results")
    parser.add_argument("--data-dir", help="the benchmark folder (default: $STANCE_DATA)")
    parser.add_argument("--sets", help="only these, with commas between")
    parser.add_argument("--base", help="instead of each experiment's own")
    parser.add_argument("--seeds", type=int, default=1, help="full: runs of each experiment")
    parser.add_argument("--draws", type=int, default=10, help="few: how many")
    parser.add_argument("--labels", type=int, default=16, help="few: rows of each label")
    parser.add_argument("--trunks", default="mini,minilm-l6", help="few: those of SetFit")
    parser.add_argument("--limit", type=int, help="so few rows of a task, for a quick look")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--more", default="{}", help="more options of stance.finetune, as JSON")
    parser.add_argument("--keep", action="store_true", help="full: keep the models")
    options = parser.parse_args(argv)
    if options.what == "summary":
        print(summary(Path(options.out) / "results.jsonl"))
        return 0
    if not isinstance(json.loads(options.more), dict):
        raise OptionError(f"--more {options.more!r} must be a JSON object")
    return {"full": full, "few": few}[options.what](options)


if __name__ == "__main__":
    raise SystemExit(main())
