from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from eval_toys import fnc_rows, pair, write_set

from eval.base import Item, UnsupportedError
from eval.baselines import (
    CosineZeroShot,
    Extractive,
    Majority,
    PublishedSummaries,
    TfidfLogistic,
    best_by_reference,
    by_lexrank,
    first_sentences,
)
from eval.data import DataFolder
from eval.loading import load_system
from eval.suites import find_suites
from eval.systems import Settings, digest_of_folder
from stance.errors import DataError, MissingExtraError, OptionError
from stance.records import ModelInfo, Span, Statement

TEXT = "The mill will close. It rained. The mill is old. The owner wept in the mill."


def item(**more: object) -> Item:
    return Item("i", "i", {"text": TEXT, **more}, {"summary": "The old mill will close."})


def test_majority_counts_the_training_split(tmp_path: Path) -> None:
    write_set(tmp_path, "bench", "fnc1", fnc_rows())
    (suite,) = find_suites("fnc1", DataFolder(tmp_path))
    with pytest.raises(DataError, match="fnc1 has no training split"):
        suite.training()  # type: ignore[attr-defined]
    assert len(suite.prior()) == 16  # type: ignore[attr-defined]
    rows = [pair("a", "b", label, "train") for label in ("discuss", "discuss", "agree")]
    write_set(tmp_path, "train", "fnc1", rows)
    (answer,) = suite.predict(Majority("m"), suite.items()[:1])
    assert answer["label"] == "discuss"
    assert answer["scores"]["agree"] == pytest.approx(1 / 3)


def test_tfidf_learns_the_training_split(tmp_path: Path) -> None:
    write_set(tmp_path, "bench", "fnc1", fnc_rows())
    rows = [row | {"split": "train"} for row in fnc_rows()]
    write_set(tmp_path, "train", "fnc1", rows)
    (suite,) = find_suites("fnc1", DataFolder(tmp_path))
    items = suite.items()
    answers = suite.predict(TfidfLogistic("t", seed=0), items)
    samples = [suite.score(i, a) for i, a in zip(items, answers, strict=True)]
    assert np.mean([s.score for s in samples]) > 0.9
    assert sum(answers[0]["scores"].values()) == pytest.approx(1.0)


def test_tfidf_uses_the_split_that_comes_with_the_test(tmp_path: Path) -> None:
    rows = [pair("yes", "b", "favor"), pair("no", "b", "against")]
    rows += [row | {"split": "train"} for row in rows]
    write_set(tmp_path, "bench", "vast", rows)
    (suite,) = find_suites("vast", DataFolder(tmp_path))
    assert [e.label for e in suite.training()] == ["favor", "against"]  # type: ignore[attr-defined]


def test_lead_takes_the_first_sentences() -> None:
    made = Extractive("lead", first_sentences).summarize(TEXT, length=2, item=item())
    assert made.text == "The mill will close. It rained."
    assert [s.sources[0].span.of(TEXT) for s in made.sentences] == [s.text for s in made.sentences]
    short = Extractive("lead", first_sentences).summarize("One.", length=3, item=item())
    assert short.text == "One."


def test_the_oracle_takes_what_the_reference_says() -> None:
    made = Extractive("oracle", best_by_reference).summarize(TEXT, length=3, item=item())
    assert made.sentences[0].text == "The mill will close."
    assert "It rained." not in made.text


@pytest.mark.skipif(find_spec("sumy") is None, reason="sumy is an optional package")
def test_lexrank_takes_the_most_central_sentences() -> None:
    sentences = [
        "The council backed the bus lane on Harrow Street.",
        "It rained in May.",
        "Shops on Harrow Street oppose the bus lane.",
        "The bus lane on Harrow Street opens in May, the council said.",
        "Pigs fly.",
    ]
    assert by_lexrank(sentences, 1, item()) == [3]


def test_published_summaries_are_given_as_they_are() -> None:
    system = PublishedSummaries("published:brio")
    assert system.summarize(TEXT, length=3, item=item(systems={"brio": "So."})).text == "So."
    with pytest.raises(UnsupportedError, match="no summary by 'brio'; there are t0"):
        system.summarize(TEXT, length=3, item=item(systems={"t0": "So."}))


def embed(texts: Sequence[str]) -> np.ndarray:
    """Embed a text as the shares of three words, each row of length one."""
    words = ("support", "oppose", "mill")
    rows = np.array([[t.lower().count(w) + 0.1 for w in words] for t in texts])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_cosine_takes_the_nearest_wording() -> None:
    system = CosineZeroShot("c", embed, ModelInfo("base", digest="d"))
    scores = system.score_pairs(["We support it", "We oppose it"], ["mills", "mills"])
    assert scores.shape == (2, 4)
    assert scores[:, :3].argmax(axis=1).tolist() == [0, 1]
    assert scores[:, :3].sum(axis=1).tolist() == pytest.approx([1.0, 1.0])
    assert system.entail([("a mill", "mill")]).shape == (1, 3)
    assert system.support("The mill.", "The mill. It rained.") == pytest.approx(1.0)
    assert system.support("", "The mill.") == 0.0


def test_systems_are_found_by_name(tmp_path: Path) -> None:
    assert load_system("baseline:lead3", Settings()).name == "baseline:lead3"
    assert load_system("published:t0", Settings()).name == "published:t0"
    with pytest.raises(OptionError, match="there is no baseline:leed; baselines are majority"):
        load_system("baseline:leed", Settings())


def test_a_folder_has_a_digest_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"1")
    before = digest_of_folder(tmp_path)
    assert digest_of_folder(tmp_path) == before
    (tmp_path / "w").write_bytes(b"2")
    assert digest_of_folder(tmp_path) != before


class Token:
    def __init__(self, text: str, idx: int) -> None:
        self.text, self.idx = text, idx


def fake_textacy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put in place of spaCy and textacy what they look like from outside."""
    text = '"It rained," Ann Roe said.'
    content = SimpleNamespace(start_char=0, end_char=12)
    speaker = [Token("Ann", 13), Token("Roe", 17)]
    found = [SimpleNamespace(speaker=speaker, cue=[Token("said", 21)], content=content)]

    def load(name: str) -> object:
        if name == "en_core_web_sm":
            raise OSError("no such model")
        return Pipeline()

    class Pipeline:
        meta: ClassVar = {"name": "core_web_sm", "version": "3.8.0"}

        def __call__(self, given: str) -> str:
            assert given == text
            return given

    extract = ModuleType("textacy.extract")
    extract.direct_quotations = lambda doc: iter(found)  # type: ignore[attr-defined]
    spacy = ModuleType("spacy")
    spacy.load = load  # type: ignore[attr-defined]
    for name, module in (("spacy", spacy), ("textacy", ModuleType("textacy"))):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(sys.modules, "textacy.extract", extract)
    monkeypatch.setattr("eval.quotes.version", lambda name: "1.0")


def test_textacys_quotations_become_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_textacy(monkeypatch)
    system = load_system("baseline:textacy", Settings())
    assert system.info.digest == "core_web_sm-3.8.0"
    (found,) = system.attribute('"It rained," Ann Roe said.')  # type: ignore[attr-defined]
    assert found == Statement((Span(0, 12),), Span(13, 20), Span(21, 25), "direct")


def test_a_missing_package_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(MissingExtraError, match="run: pip install textacy"):
        load_system("baseline:textacy", Settings())
    monkeypatch.setitem(sys.modules, "sumy.models.dom", None)
    with pytest.raises(MissingExtraError, match="sumy is not installed"):
        by_lexrank(["One."], 1, item())


def test_the_fake_models_run_the_whole_line() -> None:
    system = load_system("baseline:fake", Settings())
    text = 'The mill will close. "I deny that," said Ann Roe.'
    statements = system.attribute(text)  # type: ignore[attr-defined]
    assert [s.source.of(text) for s in statements] == ["Ann Roe"]
