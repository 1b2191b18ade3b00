from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eval_toys import Reader, Words, fnc_rows, write_gold, write_set

from eval.__main__ import main
from eval.data import DataFolder
from eval.run import RunOptions, run
from eval.runfiles import Run, SuiteRun, read_run
from eval.suites import ENTRIES
from eval.table import MAIN, MARKS, SHORT_MARKS, short_table, table, write_into
from stance.errors import DataError, FileMissingError


def made(root: Path, suites: str, name: str, system: Any = None) -> Run:
    write_set(root / "data", "bench", "fnc1", fnc_rows())
    out = root / "runs" / name.replace(":", "-")
    run(RunOptions(suites, name, out, DataFolder(root / "data"), resamples=20), system=system)
    return read_run(out)


def test_baselines_models_and_published_numbers_stand_side_by_side(tmp_path: Path) -> None:
    runs = [
        made(tmp_path, "fnc1", "words", Words()),
        made(tmp_path, "fnc1", "baseline:majority"),
        made(tmp_path, str(write_gold(tmp_path / "mine")), "reader", Reader()),
    ]
    text = table(runs)
    lines = text.splitlines()
    assert lines[0] == "**gold articles**"
    assert "| suite | measure | `reader` |" in lines
    assert any(
        line.startswith("| `mine` | triple_f1 | **0.667** [0.667, 0.667] |") for line in lines
    )
    assert any(line.startswith("| `mine` | ece (low is good) |") for line in lines)
    assert "| suite | measure | majority | `words` | published |" in lines
    (row,) = [line for line in lines if line.startswith("| `fnc1:test` | macro_f1 |")]
    assert "| 0.100 | **1.000** [1.000, 1.000] | 0.609 stackLSTM (Hanselowski" in row
    assert any(line.startswith("| `fnc1:test` | fnc_score |") for line in lines)
    assert "`words`: weights d1, code " in lines[-1]
    assert "baseline" not in lines[-1]


def test_the_oracle_is_no_rival(tmp_path: Path) -> None:
    folder = str(write_gold(tmp_path / "mine"))
    runs = [made(tmp_path, folder, f"baseline:{name}") for name in ("oracle", "lead3")]
    (row,) = [line for line in table(runs).splitlines() if "rouge1" in line]
    lead, oracle = row.split(" | ")[2:]
    assert lead.startswith("**")
    assert not oracle.startswith("**")


def test_the_table_goes_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"before\n{MARKS[0]}\nstale words\n{MARKS[1]}\nafter\n", encoding="utf-8")
    folder = str(made(tmp_path, "fnc1", "baseline:majority").folder)
    assert main(["table", folder, "--into", str(file)]) == 0
    once = file.read_text("utf-8")
    assert once.startswith(f"before\n{MARKS[0]}\n**stance pairs**")
    assert once.endswith(f"{MARKS[1]}\nafter\n")
    assert "stale" not in once
    assert main(["table", folder, "--into", str(file)]) == 0
    assert file.read_text("utf-8") == once


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="no file"):
        write_into(tmp_path / "no.md", "x")
    (tmp_path / "a.md").write_text(f"{MARKS[1]}{MARKS[0]}", encoding="utf-8")
    with pytest.raises(DataError, match="put them where it belongs"):
        write_into(tmp_path / "a.md", "x")
    with pytest.raises(DataError, match="at least one run"):
        table([])


def test_the_short_table_has_one_row_for_each_main_suite(tmp_path: Path) -> None:
    runs = [
        made(tmp_path, "fnc1", "words", Words()),
        made(tmp_path, "fnc1", "baseline:majority"),
        made(tmp_path, str(write_gold(tmp_path / "mine")), "reader", Reader()),
    ]
    head, rule, row, *rest = short_table(runs).splitlines()
    assert head == "| suite | measure | majority | `words` | published |"
    assert rule == "| --- | --- | ---: | ---: | --- |"
    assert row == (
        "| `fnc1:test` | macro_f1 | 0.100 | **1.000** [1.000, 1.000] "
        "| 0.609 (Hanselowski et al. 2018, COLING) |"
    )
    assert not any(line.startswith("|") for line in rest)
    with pytest.raises(DataError, match="no run has one of the main suites: seeds:test"):
        short_table(runs[2:])


def test_outputs_of_others_stand_among_what_was_published(tmp_path: Path) -> None:
    run = made(tmp_path, "fnc1", "words", Words())
    numbers = {"headline": "rouge1", "measures": {"rouge1": {"value": 0.4, "low": 0, "high": 1}}}
    quoted = [
        replace(
            run,
            signature=run.signature | {"system": system},
            suites={"goyal2022:cnn": SuiteRun("goyal2022:cnn", {**numbers, **more}, ())},
        )
        for system, more in (
            ("published:t0", {}),
            ("published:brio", {"measures": {"rouge1": {"value": 0.5, "low": 0, "high": 1}}}),
            ("baseline:lead3", {}),
        )
    ]
    head, _, line, *_ = short_table(quoted).splitlines()
    assert head == "| suite | measure | LEAD-3 | published |"
    assert line == "| `goyal2022:cnn` | rouge1 | **0.400** | 0.500 (BRIO's output) |"


def test_the_short_table_shows_headlines_of_suites_that_exist(tmp_path: Path) -> None:
    public = [(suite, measure) for suite, measure in MAIN if suite in ENTRIES]
    assert {suite for suite, _ in MAIN} - {suite for suite, _ in public} == {"seeds:test"}
    made_of = {suite: ENTRIES[suite].make(DataFolder(tmp_path)).headline for suite, _ in public}
    assert dict(public) == made_of


def test_the_short_table_has_marks_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    marks = "\n".join((*MARKS, *SHORT_MARKS))
    file.write_text(f"before\n{marks}\nafter\n", encoding="utf-8")
    folder = str(made(tmp_path, "fnc1", "baseline:majority").folder)
    assert main(["table", folder, "--short", "--into", str(file)]) == 0
    text = file.read_text("utf-8")
    assert text.startswith("before\n" + "\n".join((*MARKS, SHORT_MARKS[0])) + "\n| suite |")
    assert text.endswith(f"{SHORT_MARKS[1]}\nafter\n")
