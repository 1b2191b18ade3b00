from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from eval_toys import TEXT, Reader, Words, fnc_rows, pair, write_gold, write_set
from hypothesis import given
from hypothesis import strategies as st

from eval.__main__ import main
from eval.data import DataFolder
from eval.report import render_report
from eval.report.answers import two_sided
from eval.report.charts import interval_bar, reliability_diagram
from eval.run import RunOptions, run
from eval.runfiles import Run, read_run
from stance.errors import OptionError
from stance.markup import join
from stance.records import Span


def made(root: Path, suites: str, system: Any, name: str = "run") -> Run:
    out = root / "runs" / name
    options = RunOptions(suites, system.name, out, DataFolder(root / "data"), resamples=10)
    run(options, system=system)
    return read_run(out)


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_label_suite_shows_numbers_tables_and_wrong_answers_first(tmp_path: Path) -> None:
    rows = fnc_rows()
    rows[5]["label"] = "agree"
    write_set(tmp_path / "data", "bench", "fnc1", rows)
    page = render_report([made(tmp_path, "fnc1", Words())])
    text = words_of(page)
    assert "published" in text
    assert "0.609 stackLSTM Hanselowski et al. 2018" in text
    assert page.count("<svg") >= 6
    # Five rows say "agree", four of them are answered rightly.
    assert re.search(r'<th>agree</th><td class="hit"[^>]*>4</td><td[^>]*>1</td>', page)
    first = page.index("✗ wrong")
    assert first < page.index("✓ right")
    assert "<del>disagree</del> <ins>agree</ins>" in page


def test_a_gold_article_shows_both_sides(tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine", ["one"])
    page = render_report([made(tmp_path, str(folder), Reader())])
    text = words_of(page)
    assert "○ missed the union of Bo Lund against" in text
    assert "✓ right Ann Roe favor (0.90) called the owner" in text
    assert text.index("○ missed") < text.index("✓ right")
    assert '<mark class="gold">denied it</mark>' in page
    assert '<mark class="found">Ann Roe</mark>' in page
    assert "2 parts, each kind's weakest first" in text
    assert "phenomenon=denial" in text


def test_every_kind_of_suite_has_a_page(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write_set(data, "bench", "mnli_matched", [pair("yes", "h", "neutral")])
    faithful = {"id": "1", "document": "It rained.", "split": "test", "doc_id": "d", "subset": "s"}
    rows = [faithful | {"summary": s, "label": i, "score": i} for i, s in enumerate("ab")]
    write_set(data, "bench", "frank", rows)
    pairs = [{"doc_key": "k", "document": "It rained.", "summary": s} for s in ("It", "No")]
    write_set(data, "bench", "falke_rank19", [p | {"label": i} for i, p in enumerate(pairs)])
    summary = {"id": "s1", "document": "One mill. " * 60, "summary": "A mill.", "subset": "cnn"}
    write_set(data, "bench", "goyal2022", [summary])
    spans = [{"start": 0, "end": 1, "role": role, "group": 0} for role in ("content", "source")]
    doc = {"doc": "d1", "split": "test", "primary": True, "publisher": "p", "text": TEXT}
    write_set(data, "bench", "polnear", [doc | {"offsets": [[0, 3]], "spans": spans}])
    suites = "mnli_matched,frank:test,falke_rank19,goyal2022:cnn,polnear:test"
    found = made(tmp_path, suites, Words())
    assert not found.skipped
    page = render_report([found])
    for name in found.suites:
        assert f">{name}</h2>" in page
    assert '<mark class="found">' in page


def test_a_crash_is_shown_as_one(tmp_path: Path) -> None:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    page = render_report([made(tmp_path, "fnc1", Words(crash_on="perhaps number 2"))])
    text = words_of(page)
    assert "words crashed on 1" in text
    assert "○ missed test-2" in text
    assert "crashed: ValueError: cannot read perhaps number 2" in text
    assert "no answer" in text


def test_nothing_in_the_data_can_become_markup(tmp_path: Path) -> None:
    bad = '<script>alert("x")</script><img src=x onerror=y>'
    write_set(tmp_path / "data", "bench", "mnli_matched", [pair(bad, f"'{bad}", "neutral")])
    folder = write_gold(tmp_path / "mine", ["one"])
    text = folder / "articles/one.txt"
    text.write_text(text.read_text().replace("one", bad), encoding="utf-8")
    system = Reader()
    system.name = bad
    page = render_report([made(tmp_path, f"mnli_matched,{folder}", system)])
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_two_runs_stand_side_by_side(tmp_path: Path) -> None:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    one = made(tmp_path, "fnc1", Words(), "a")
    other = Words(digest="2", crash_on="yes")
    other.name = "crashing"
    page = render_report([one, made(tmp_path, "fnc1", other, "b")])
    assert "<th>words</th><th>crashing</th>" in page
    assert page.count('class="number best"') >= 2
    with pytest.raises(OptionError, match="at least one run"):
        render_report([])


def test_the_report_is_written_from_the_command_line(tmp_path: Path, capsys: Any) -> None:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    found = made(tmp_path, "fnc1", Words())
    out = tmp_path / "pages/report.html"
    assert main(["report", str(found.folder), "--out", str(out), "--samples", "3"]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    page = out.read_text(encoding="utf-8")
    assert "3 of 16 answers" in page
    assert page.startswith("<!DOCTYPE html>")
    assert "http" not in page.replace("http-equiv", "")


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda t: Span(t[0], t[0] + t[1]))
)


@given(st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=40), spans, spans)
def test_marks_never_change_the_text(text: str, wanted: list[Span], found: list[Span]) -> None:
    inside = [[s for s in side if s.end <= len(text)] for side in (wanted, found)]
    page = join(two_sided(text, *inside))
    assert unescape(re.sub(r"</?mark[^>]*>", "", page)) == text
    covered = {i for side in inside for s in side for i in range(s.start, s.end)}
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", page, flags=re.DOTALL)
    assert sum(len(unescape(m)) for m in marked) == len(covered)


def test_charts_draw_what_they_are_given() -> None:
    bar = interval_bar(0.5, 0.4, 0.6, [0.8])
    assert 'aria-label="0.500, from 0.400 to 0.600"' in bar
    assert bar.count('class="tick"') == 1
    empty = [(0.0, 0.0, 0.0)] * 14
    chart = reliability_diagram([*empty, (4.0, 3.8, 2.0)], "c")
    assert chart.count('class="bar"') == 1
    assert "4 answers, 0.50 right" in chart


def test_every_phenomenon_has_its_scores_the_weakest_first(tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine", ["one", "two"])
    label = folder / "labels/two.json"
    data = json.loads(label.read_text("utf-8"))
    data |= {"phenomena": ["hedge"], "stances": data["stances"][:1]}
    label.write_text(json.dumps(data), encoding="utf-8")
    text = words_of(render_report([made(tmp_path, str(folder), Reader())]))
    # In the one article a row is missed, in the other none: the hedge is easier than the denial.
    assert "3 parts, each kind's weakest first part n triple_f1" in text
    assert text.index("phenomenon=denial 1 0.667") < text.index("phenomenon=hedge 1 1.000")
    assert "wrong among the most confident" in text


def test_two_runs_of_one_model_are_told_apart(tmp_path: Path) -> None:
    write_set(tmp_path / "data", "bench", "fnc1", fnc_rows())
    runs = [made(tmp_path, "fnc1", Words(), name) for name in ("old", "new")]
    text = words_of(render_report(runs))
    assert "words (old)" in text
    assert "words (new)" in text
