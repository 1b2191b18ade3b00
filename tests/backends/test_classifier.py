from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

import tiny_hubs

from stance.backends.base import StancePair
from stance.backends.classifier import (
    ClassifierBackend,
    column_of,
    is_classifier,
    task_of,
    tokenizer_of,
    written,
)
from stance.errors import MissingExtraError, ModelFormatError
from stance.records import ModelInfo, Span

PAIRS = [
    StancePair("the mayor said the bridge is safe", "the bridge"),
    StancePair("it rained", "the union", "the mayor"),
    StancePair("the council voted against the plan " * 20, "the plan"),
]


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("google.protobuf")
    return tiny_hubs.deberta_nli(tmp_path_factory.mktemp("hub") / "nli")


def test_labels_mean_columns_in_many_words() -> None:
    assert [column_of(w, "nli") for w in ("ENTAILMENT", "Contradiction", "neutral", "x")] == [
        0, 2, 1, None,
    ]  # fmt: skip
    assert [column_of(w, "stance") for w in ("PRO", "against", "none", "unrelated", "x")] == [
        0, 1, 2, 3, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "task"),
    [
        (("contradiction", "neutral", "entailment"), "nli"),
        (("entailment", "not_entailment"), "nli"),
        (("AGAINST", "FAVOR", "NONE"), "stance"),
        (("negative", "neutral", "positive"), "stance"),
        (("LABEL_0", "LABEL_1"), None),
        (("sports", "politics"), None),
    ],
)
def test_a_classifier_is_known_by_its_labels(labels: tuple[str, ...], task: str | None) -> None:
    assert task_of(labels) == task


def test_mentions_are_marked_in_plain_words() -> None:
    pair = StancePair("Orr said Ana left.", "Ana", "Orr", Span(0, 3), Span(9, 12))
    assert written(pair) == (" # Orr # said  @ Ana @ left.", "Orr: Ana")
    assert "[SEP]" not in written(StancePair("a [SEP] b", "c [CLS]"))[0]


def test_what_is_entailed_is_favored(nli: Path) -> None:
    backend = ClassifierBackend(nli, ModelInfo("nli"), "cpu")
    table = backend.stance(PAIRS)
    entailed = backend.entail([(p.text, p.target) for p in PAIRS[:1]])
    assert table.shape == (3, 4)
    assert table[0, :3].tolist() == pytest.approx(entailed[0, [0, 2, 1]].tolist(), abs=1e-6)
    assert table[:, 3].tolist() == [1.0, 1.0, 1.0]
    assert table[:, :3].sum(1).tolist() == pytest.approx([1.0] * 3, abs=1e-5)


def test_the_order_of_pairs_and_their_company_do_not_matter(nli: Path) -> None:
    backend = ClassifierBackend(nli, ModelInfo("nli"), "cpu")
    alone = np.concatenate([backend.stance([p]) for p in PAIRS])
    assert np.allclose(backend.stance(PAIRS), alone, atol=1e-5)
    assert backend.stance([]).shape == (0, 4)


def test_a_temperature_makes_it_less_sure(nli: Path) -> None:
    backend = ClassifierBackend(nli, ModelInfo("nli"), "cpu")
    before = backend.stance(PAIRS).max(1)
    backend.calibration = {"temperature": 5.0}
    after = backend.stance(PAIRS)
    assert (after[:, :3].max(1) <= before + 1e-6).all()


def test_labels_that_mean_nothing_here_are_refused(tmp_path: Path) -> None:
    folder = tiny_hubs.roberta_topics(tmp_path / "topics")
    assert not is_classifier(folder)
    with pytest.raises(ModelFormatError, match=r"sports, politics apart.*fine-tune it"):
        ClassifierBackend(folder, ModelInfo("topics"), "cpu")


def test_a_folder_is_known_as_a_classifier_by_its_config(nli: Path, tmp_path: Path) -> None:
    assert is_classifier(nli)
    assert not is_classifier(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps([1]), "utf-8")
    assert not is_classifier(tmp_path)


def test_a_bare_sentencepiece_file_needs_protobuf(
    nli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spm.model").write_bytes((nli / "spm.model").read_bytes())
    monkeypatch.setattr("stance.backends.classifier.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance-nlp\[train\]'"):
        tokenizer_of(tmp_path)
