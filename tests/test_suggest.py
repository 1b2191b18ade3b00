from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.fake import FakeEncoder, FakeScorer
from stance.cli import main
from stance.errors import DataError, OptionError
from stance.gold import load_gold
from stance.pipeline import Analyzer
from stance.records import (
    Analysis,
    Article,
    Evidence,
    Holder,
    ModelInfo,
    Scores,
    Span,
    Stance,
    Summary,
    SummarySentence,
    Target,
)
from stance.suggest import draft_labels, pick, suggest, uncertainty_of

ARTICLES = {
    "bridge": "Bridge to close\n\nMayor Orr said the bridge is safe. “It will stay,” he said.\n",
    "copy": "Bridge closes\n\nMayor Orr said the bridge is safe. “It will stay,” he said.\n",
    "rain": "Rain\n\nIt rained in the valley for nine days. The ferry was late. Nobody came.\n",
}


@pytest.fixture
def analyzer() -> Analyzer:
    return Analyzer(FakeEncoder(), FakeScorer(), ModelInfo("fake"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "articles"
    below.mkdir()
    for name, text in ARTICLES.items():
        (below / f"{name}.txt").write_text(text, "utf-8")
    return below


def test_drafts_are_in_the_gold_format_and_say_that_they_are_drafts(
    analyzer: Analyzer, folder: Path, tmp_path: Path
) -> None:
    chosen = suggest(folder, tmp_path / "out", n=2, model=analyzer)
    articles = load_gold(tmp_path / "out")
    assert {a.id for a in articles} == {s.id for s in chosen}
    assert len(chosen) == 2
    for article in articles:
        data = json.loads((tmp_path / "out" / "labels" / f"{article.id}.json").read_text("utf-8"))
        assert data["notes"].startswith("draft: predicted by fake; correct every row")
        assert data["summary"]
    assert any(a.stances for a in articles)


def test_copies_are_not_labelled_twice(analyzer: Analyzer, folder: Path, tmp_path: Path) -> None:
    chosen = suggest([folder], tmp_path / "out", n=9, model=analyzer)
    assert sorted(s.title for s in chosen) == ["Bridge to close", "Rain"]


def test_what_is_in_the_way_is_said(analyzer: Analyzer, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(OptionError, match="exists; give another --out, or --force"):
        suggest(folder, tmp_path / "out", model=analyzer)
    assert suggest(folder, tmp_path / "out", n=1, model=analyzer, force=True)
    with pytest.raises(OptionError, match="n=0 must be at least 1"):
        suggest(folder, tmp_path / "new", n=0, model=analyzer)
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    with pytest.raises(DataError, match="no article"):
        suggest(tmp_path / "empty.jsonl", tmp_path / "new", model=analyzer)


# ---------------------------------------------------------------------- what is chosen


def unit(*rows: list[float]) -> Any:
    table = np.array(rows)
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def test_the_unsure_come_first_and_their_like_later() -> None:
    vectors = unit([1, 0], [1, 0.01], [0, 1])
    order, novelty = pick(vectors, np.array([0.9, 0.8, 0.3]), 3)
    assert order == [0, 2, 1]
    assert novelty[0] == 1.0
    assert novelty[1] == pytest.approx(1.0)
    assert novelty[2] < 0.01


@given(st.integers(1, 12), st.integers(1, 15), st.integers(0, 5))
def test_each_is_chosen_once(count: int, wanted: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = unit(*rng.normal(size=(count, 3)).tolist())
    order, novelty = pick(vectors, rng.random(count), wanted)
    assert len(order) == len(set(order)) == len(novelty) == min(count, wanted)


def stance_of(*scores: float) -> Stance:
    return Stance(Holder("Orr"), Target("it"), "favor", max(scores), Scores(*scores))


def test_one_doubtful_stance_among_sure_ones_counts() -> None:
    sure, unsure = stance_of(0.98, 0.01, 0.01), stance_of(0.34, 0.33, 0.33)
    assert uncertainty_of([sure]) < 0.2
    assert uncertainty_of([unsure]) > 0.99
    assert uncertainty_of([sure, unsure]) > 0.99
    assert 0 < uncertainty_of([]) < 0.5


# ---------------------------------------------------------------------- drafts


def test_offsets_move_with_the_body_and_an_unclear_stance_gets_its_likeliest_label() -> None:
    text = "\n\nOrr said it is safe.\r\nHe left."
    start = text.index("it is safe")
    evidence = Evidence("it is safe", start, start + 10)
    orr, it = Holder("Orr", mentions=(Span(2, 5),)), Target("it")
    told = [
        Stance(orr, it, "unclear", 0.4, Scores(0.3, 0.4, 0.3), (evidence,)),
        Stance(orr, it, "against", 0.9, Scores(0.05, 0.9, 0.05), (evidence,)),
    ]
    summary = Summary("x", "extract", (SummarySentence("Orr said it.", (evidence,)),))
    analysis = Analysis(Article(text, "A  title"), summary, (orr,), (it,), tuple(told))
    written, labels = draft_labels("a", analysis, "mini")
    title, _, body = written.partition("\n\n")
    assert title == "A title"
    (row,) = labels["stances"]
    assert (row["label"], len(row["evidence"])) == ("against", 1)
    quote = row["evidence"][0]
    assert body[quote["start"] : quote["end"]] == quote["text"] == "it is safe"
    assert labels["salient"] == [quote]


def test_the_command_writes_drafts(
    tiny_model: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["suggest", str(folder), "--n", "1", "--out", str(tmp_path / "out")]
    assert main([*command, "--model", str(tiny_model), "--device", "cpu"]) == 0
    assert "1 drafts are in" in capsys.readouterr().out
    assert len(list((tmp_path / "out" / "labels").iterdir())) == 1
