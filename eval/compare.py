"""Compare two runs suite by suite: differences, intervals, p values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from eval.runfiles import Run, SuiteRun, rows_of
from eval.stats import holm, mcnemar, paired_bootstrap, randomization_p, value_of
from stance.errors import DataError
from stance.metrics import Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold how A and B differ on one suite; `difference` is A - B.

    `p` comes from approximate randomization, `p_holm` is `p` adjusted over all suites compared,
    `mcnemar` has the items that only A and only B got right, and that test's p.
    """

    suite: str
    measure: str
    lower_is_better: bool
    n: int
    a: float
    b: float
    difference: Interval
    p: float
    p_holm: float = 1.0
    mcnemar: tuple[int, int, float] | None = None

    @property
    def winner(self) -> str:
        """``"A"`` or ``"B"`` where the difference holds after Holm's correction, else ``"-"``."""
        if self.p_holm >= 0.05 or self.difference.value == 0:
            return "-"
        return "A" if (self.difference.value > 0) != self.lower_is_better else "B"


def compare_runs(a: Run, b: Run, *, measure: str | None = None, seed: int = 0) -> list[Comparison]:
    """Compare two runs on every suite that both have.

    Args:
        a: the first run.
        b: the second run.
        measure: compared instead of each suite's headline, where a suite has it.
        seed: of the resampling.

    Returns:
        One comparison per suite, with p values adjusted over all of them.

    Raises:
        DataError: the runs share no suite, or a suite was made of different data.
    """
    shared = [name for name in a.suites if name in b.suites]
    found = [_compare(a.suites[name], b.suites[name], measure, seed) for name in shared]
    kept = [c for c in found if c is not None]
    if not kept:
        raise DataError(
            f"{a.folder} and {b.folder} share no suite"
            + (f" with measure {measure!r}" if measure else "")
            + f"; they have {sorted(a.suites)} and {sorted(b.suites)}"
        )
    adjusted = holm({c.suite: c.p for c in kept})
    return [replace(c, p_holm=adjusted[c.suite]) for c in kept]


def _compare(a: SuiteRun, b: SuiteRun, name: str | None, seed: int) -> Comparison | None:
    if a.numbers["data"] != b.numbers["data"]:
        raise DataError(
            f"the runs saw different data in {a.name}: {a.numbers['data'][:12]} and "
            f"{b.numbers['data'][:12]}; run both again on the same data"
        )
    wanted = name or a.headline
    if wanted not in {m.name for m in a.measures}:
        return None
    measure = a.measure(wanted)
    ours, theirs = ({s.item.id: s for s in run.samples} for run in (a, b))
    ids = [id_ for id_ in ours if id_ in theirs]
    if not ids:
        return None
    rows = rows_of([ours[i] for i in ids]), rows_of([theirs[i] for i in ids])
    clusters = [ours[i].item.cluster for i in ids]
    test = None
    if a.numbers["paired"]:
        right = [np.array([float(side[i].score or 0.0) for i in ids]) for side in (ours, theirs)]
        test = mcnemar(right[0], right[1])
    difference = paired_bootstrap(measure, rows, clusters, seed=seed)
    return Comparison(
        a.name,
        wanted,
        measure.lower_is_better,
        len(ids),
        value_of(measure, rows[0]),
        value_of(measure, rows[1]),
        difference,
        randomization_p(measure, rows, clusters, seed=seed),
        mcnemar=test,
    )


def to_text(a: Run, b: Run, found: Sequence[Comparison]) -> str:
    """Write the comparison as a table for the terminal."""
    lines = [
        f"A  {a.system}  {a.folder}",
        f"B  {b.system}  {b.folder}",
        f"{'suite':24} {'measure':18} {'n':>6} {'A':>7} {'B':>7} {'A-B':>7} {'95 %':>17} "
        f"{'p':>7} {'p Holm':>7} {'McNemar':>18} better",
    ]
    for c in found:
        d = c.difference
        test = f"{c.mcnemar[0]}:{c.mcnemar[1]} p={c.mcnemar[2]:.4f}" if c.mcnemar else "-"
        lines.append(
            f"{c.suite:24} {c.measure:18} {c.n:6} {c.a:7.3f} {c.b:7.3f} {d.value:+7.3f} "
            f"[{d.low:+.3f}, {d.high:+.3f}] {c.p:7.4f} {c.p_holm:7.4f} {test:>18} {c.winner}"
        )
    lines.append(
        "95 %: paired bootstrap over clusters; p: approximate randomization, two-sided; "
        "p Holm: adjusted over these suites; McNemar: only A right : only B right."
    )
    return "\n".join(lines)


def to_json(found: Sequence[Comparison]) -> str:
    """Write the comparison as JSON."""
    return json.dumps([asdict(c) | {"winner": c.winner} for c in found], indent=1)
