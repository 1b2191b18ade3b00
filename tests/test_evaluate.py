from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stance.errors import DataError, FileMissingError, MissingExtraError, OptionError
from stance.evaluate import Evaluation, evaluate, load_labelled
from stance.gold import load_gold
from stance.records import (
    Analysis,
    Article,
    Evidence,
    Holder,
    ModelInfo,
    Scores,
    Span,
    Stance,
    StanceLabel,
    Target,
)

TEXT = "Ann Roe said the mill will close."


def write(folder: Path, stems: Sequence[str]) -> Path:
    for name in ("articles", "labels"):
        (folder / name).mkdir(exist_ok=True)
    for i, stem in enumerate(stems):
        (folder / "articles" / f"{stem}.txt").write_text(f"{stem}\n\n{TEXT}\n", encoding="utf-8")
        data = {
            "id": stem,
            "split": "dev" if i == 0 else "test",
            "holders": [{"id": "H1", "name": "Ann Roe", "kind": "person"}],
            "targets": [{"id": "T1", "text": "the mill will close", "kind": "claim"}],
            "stances": [
                {
                    "holder": "H1",
                    "target": "T1",
                    "label": "favor",
                    "evidence": [{"text": "said", "start": 8, "end": 12}],
                }
            ],
        }
        (folder / "labels" / f"{stem}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


class Says:
    """Answer with one label, or crash on one article."""

    info = ModelInfo("says", digest="d")

    def __init__(self, label: StanceLabel, crash_on: str = "") -> None:
        self.label, self.crash_on = label, crash_on

    def analyze(
        self, article: Article, targets: Sequence[str] | None = None, *, summary: Any = "auto"
    ) -> Analysis:
        if article.id == self.crash_on:
            raise ValueError("an odd article")
        row = Stance(
            Holder("Roe", mentions=(Span(0, 7),)),
            Target((targets or ["something else"])[0]),
            self.label,
            0.8,
            Scores(0.8, 0.1, 0.1),
            (Evidence("said", 8, 12),),
        )
        return Analysis(article, stances=(row,))


def test_a_model_is_scored_with_and_without_targets(tmp_path: Path) -> None:
    result = evaluate(Says("favor"), write(tmp_path, ["a", "b", "c"]))
    assert (result["triple_f1"].value, result["open_triple_f1"].value) == (1.0, 0.0)
    assert (result["evidence_f1_pooled"].value, result["open_holder_f1"].value) == (1.0, 1.0)
    assert [a.id for a in result.articles] == ["a", "b", "c"]
    assert result.model == Says.info
    assert "triple_f1 " in result.to_text()
    assert Evaluation.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def test_absent_measures_are_not_given(tmp_path: Path) -> None:
    result = evaluate(Says("favor"), write(tmp_path, ["a"]))
    with pytest.raises(KeyError, match="'rouge1' was not scored; there are"):
        result["rouge1"]


def test_a_crash_counts_as_a_miss_and_is_told(tmp_path: Path) -> None:
    result = evaluate(Says("favor", crash_on="b"), write(tmp_path, ["a", "b", "c", "d"]))
    assert result["triple_f1"].value == 0.75
    assert result["triple_f1_pooled"].value == pytest.approx(2 * 3 / (2 * 3 + 1))
    assert [a.error for a in result.errors] == ["ValueError: an odd article"]
    assert "b: crashed: ValueError: an odd article" in result.to_text()


def test_intervals_resample_articles(tmp_path: Path) -> None:
    folder = write(tmp_path, list("abcdefgh"))
    half = evaluate(Says("favor", crash_on="a"), folder, seed=1)["triple_f1"]
    assert half.low < half.value < half.high <= 1.0
    assert half.n == 8


def test_splits_and_records_are_accepted(tmp_path: Path) -> None:
    folder = write(tmp_path, ["a", "b", "c"])
    assert len(evaluate(Says("favor"), folder, split="test").articles) == 2
    articles = load_gold(folder)
    assert len(evaluate(Says("favor"), articles, split="dev").articles) == 1
    assert evaluate(Says("against"), articles)["triple_f1"].value == 0.0


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="nowhere"):
        evaluate(Says("favor"), tmp_path / "nowhere")
    articles = load_gold(write(tmp_path, ["a"]))
    with pytest.raises(DataError, match="nothing of split 'test' among the 1"):
        evaluate(Says("favor"), articles, split="test")
    with pytest.raises(OptionError, match="at least 1, got 0"):
        evaluate(Says("favor"), articles, resamples=0)
    with pytest.raises(OptionError, match="seed=-1 must be between 0 and"):
        evaluate(Says("favor"), articles, seed=-1)


def test_pairs_are_scored_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    rows = [
        {"text": t, "target": "it", "label": "favor", "split": s}
        for t, s in (("a", "b"), ("c", "d"))
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    class Detects:
        def detect(self, text: list[str], target: Any, *, holder: Any = None) -> list[Stance]:
            if "c" in text:
                raise ValueError("an odd text")
            who = Holder("author", "author")
            return [Stance(who, Target("it"), "favor", 0.9, Scores(0.9, 0.1, 0.0)) for _ in text]

    seen: list[int] = []
    result = evaluate(Detects(), file, step=seen.append)
    assert (result["accuracy"].value, result["macro_f1"].n, sum(seen)) == (0.5, 2, 2)
    assert [e.explanation for e in result.errors] == ["crashed: ValueError: an odd text"]
    assert result.confusion[0].tolist() == [1, 0, 0, 1]
    assert "2 texts" in result.to_text()
    assert Evaluation.from_dict(json.loads(json.dumps(result.to_dict()))) == result
    assert evaluate(Detects(), file, split="b")["accuracy"].value == 1.0
    assert evaluate(Detects(), load_labelled(file), split="d")["accuracy"].value == 0.0


def test_the_text_shows_what_was_missed_and_invented(tmp_path: Path) -> None:
    folder = write(tmp_path, ["a", "b"])
    good = evaluate(Says("favor"), folder).to_text()
    assert "no answer" not in good
    assert "nothing there" not in good
    assert "against                          0" in good
    bad = evaluate(Says("unclear"), folder).to_text()
    assert "favor                            0         0         0         2" in bad


def test_a_missing_package_is_no_crash_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def score(*_: Any, **__: Any) -> None:
        raise MissingExtraError.of("rouge-score", "eval")

    monkeypatch.setattr(import_module("stance.evaluate"), "score_article", score)
    with pytest.raises(MissingExtraError, match=r"stance-nlp\[eval\]"):
        evaluate(Says("favor"), write(tmp_path, ["a"]))
