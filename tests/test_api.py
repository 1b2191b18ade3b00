from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import stance
from stance import api
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.pipeline import Analyzer
from stance.records import Analysis, Article, Failure, ModelInfo

TEXT = "The mayor said that the bridge is safe. The union denied that the bridge is safe."


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Put the fake models in the place of real ones; return the names that were loaded."""
    names: list[str] = []

    def load(name: str) -> Analyzer:
        names.append(name)
        return Analyzer(FakeEncoder(), FakeScorer(), ModelInfo(name))

    monkeypatch.setattr(api, "load", load)
    api._analyzer.cache_clear()
    yield names
    api._analyzer.cache_clear()


def test_all_verbs_share_one_model(loaded: list[str]) -> None:
    stance.analyze(TEXT)
    stance.summarize(TEXT)
    stance.detect(TEXT, "the bridge")
    stance.attribute(TEXT)
    stance.verify("The mayor said that the bridge is safe.", TEXT)
    list(stance.analyze_many([TEXT]))
    assert loaded == ["mini"]
    stance.analyze(TEXT, model="other")
    assert loaded == ["mini", "other"]


@pytest.mark.usefixtures("loaded")
def test_one_gives_one_and_a_list_gives_a_list() -> None:
    calls: list[Any] = [
        stance.analyze,
        stance.summarize,
        stance.attribute,
        lambda text: stance.detect(text, "the bridge is safe"),
    ]
    for verb in calls:
        one = verb(TEXT)
        assert verb([TEXT, Article(TEXT)]) == [one, one]
        assert verb([]) == []


@pytest.mark.usefixtures("loaded")
def test_options_reach_the_analyzer() -> None:
    analysis = stance.analyze(TEXT, ["the bridge is safe"], summary="extract", length=1)
    assert analysis.summary is not None
    assert len(analysis.summary.sentences) == 1
    assert {s.holder.name: s.label for s in analysis.stances}["union"] == "against"
    assert stance.summarize(TEXT, method="extract", length=1, focus="union").method == "extract"
    held = stance.detect(TEXT, "the bridge is safe", holder="The union")
    assert held.holder.name == "The union"
    with pytest.raises(stance.StanceError, match="max_target"):
        stance.analyze(TEXT, max_target=3)


@pytest.mark.usefixtures("loaded")
def test_a_stream_is_lazy_and_keeps_failures() -> None:
    results = stance.analyze_many((text for text in (TEXT, "")), on_error="record", summary=None)
    assert isinstance(next(results), Analysis)
    assert isinstance(next(results), Failure)
    with pytest.raises(StopIteration):
        next(results)
