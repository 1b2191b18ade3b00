from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.fake import FakeEncoder, FakeScorer
from stance.errors import DataError, OptionError
from stance.gold import inspect_gold, load_gold
from stance.pipeline import Analyzer
from stance.records import Article, ModelInfo
from stance.suggest import draft_labels, pick, suggest
from stance.training.gold_data import read_gold
from stance.training.labelled import Reading

TEXTS = {
    "mill": "The mill will close, the owner said. “We oppose the plan,” said Ann Roe of the union.",
    "dock": "Mayor Ines Vale praised the new dock. Fishermen said the dock will poison the bay.",
    "rain": "It rained for nine days. The river rose by a metre.",
}


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(FakeEncoder(), FakeScorer(), ModelInfo("fake"))


def articles(folder: Path) -> Path:
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    return folder


def test_drafts_are_sound_gold_that_says_it_is_a_draft(tmp_path: Path, analyzer: Analyzer) -> None:
    out = tmp_path / "drafts"
    chosen = suggest(articles(tmp_path / "new"), out, n=2, model=analyzer)
    assert len(chosen) == 2
    assert chosen[0].novelty == 1.0
    assert inspect_gold(out).offences == ()
    found = load_gold(out)
    assert sorted(a.id for a in found) == sorted(c.id for c in chosen)
    for article in found:
        text = article.article.text
        assert all(e.span.of(text) == e.text for s in article.stances for e in s.evidence)
        labels = json.loads((out / "labels" / f"{article.id}.json").read_text("utf-8"))
        assert labels["notes"].startswith("draft: predicted by")
    notes = read_gold(out, Reading("stance")).notes
    assert any("2 of 2 articles are drafts that nobody corrected" in note for note in notes)


def test_what_exists_is_kept_and_mistakes_are_told(tmp_path: Path, analyzer: Analyzer) -> None:
    new = articles(tmp_path / "new")
    with pytest.raises(OptionError, match="n=0 must be at least 1"):
        suggest(new, tmp_path / "out", n=0, model=analyzer)
    (tmp_path / "out").mkdir()
    with pytest.raises(OptionError, match="exists; give another --out, or --force"):
        suggest(new, tmp_path / "out", model=analyzer)
    assert len(suggest(new, tmp_path / "out", model=analyzer, force=True)) == 3
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="no article"):
        suggest(empty, tmp_path / "none", model=analyzer)


def test_the_unsure_come_first_and_copies_last() -> None:
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    order, novelty = pick(vectors, np.array([0.9, 0.8, 0.1, 0.5]), 4)
    assert order[:2] == [0, 3]
    assert order[-1] == 1
    assert novelty[-1] == 0.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(1, 15), st.integers(0, 9))
def test_each_row_is_picked_once(uncertainty: list[float], n: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(len(uncertainty), 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    order, novelty = pick(vectors, np.array(uncertainty), n)
    assert len(order) == len(set(order)) == min(n, len(uncertainty))
    assert all(0 <= value <= 1 for value in novelty)


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 3), st.integers(0, 3))
def test_offsets_hold_however_the_text_begins_and_ends(name: str, before: int, after: int) -> None:
    text = "\n" * before + TEXTS[name] + "\n" * after
    analyzer = Analyzer(FakeEncoder(), FakeScorer(), ModelInfo("fake"))
    analysis = analyzer.analyze(Article(text), summary="extract")
    whole, labels = draft_labels(name, analysis, "fake")
    body = whole.split("\n\n", 1)[1].removesuffix("\n")
    quotes = [q for row in labels["stances"] for q in row["evidence"]] + labels.get("salient", [])
    assert all(body[q["start"] : q["end"]] == q["text"] for q in quotes)
