from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from stance import worth
from stance.backends.fake import FakeEncoder
from stance.training.worth import (
    CNN_SHARE,
    COST,
    Sheet,
    choose,
    compare,
    documents_of,
    fit,
    fit_head,
    main,
    sheet_of,
    written,
)

TEXTS = [
    "The council of Oslo approved the bridge.",
    "Dogs bark.",
    "The council approved that bridge in Oslo.",
    "Fishermen went to court over it.",
]
REFERENCE = "Council approves bridge. Fishermen go to court."


def made_sheets(count: int) -> list[Sheet]:
    """Make documents whose references have the sentences that stand first and speak of bridges."""
    draw = np.random.default_rng(0)
    sheets = []
    for _ in range(count):
        words = [f"w{n}" for n in draw.integers(0, 400, 120)]
        texts = [f"Item {' '.join(words[i : i + 6])} here." for i in range(0, 120, 6)]
        sheets.append(sheet_of(texts, " ".join(texts[:3]), 1.0))
    return sheets


def test_a_sentence_gains_what_the_reference_shares_less_its_length() -> None:
    gains = sheet_of(TEXTS, REFERENCE, 1.0).gains([])
    assert gains == pytest.approx([(3 - 7 * COST) / 7, -2 * COST / 7, (3 - 7 * COST) / 7, gains[3]])


def test_words_that_are_chosen_already_gain_nothing() -> None:
    sheet = sheet_of(TEXTS, REFERENCE, 1.0)
    assert sheet.gains([0])[2] == pytest.approx(-7 * COST / 7)
    assert sheet.gains([0])[3] == pytest.approx(sheet.gains([])[3])
    width = len(worth.WEIGHTS)
    assert sheet.features([0])[2, width:].sum() < sheet.features([])[2, width:].sum()


def test_the_fit_finds_where_the_reference_comes_from() -> None:
    sheets = made_sheets(12)
    weights = fit(sheets)
    assert len(weights) == len(worth.WEIGHTS) + len(worth.WORD_WEIGHTS)
    assert all(sorted(choose(sheet, weights)) == [0, 1, 2] for sheet in sheets)


def test_the_head_gets_a_weight_where_it_knows_more() -> None:
    sheets = made_sheets(6)
    weights = np.zeros(len(worth.WEIGHTS) + len(worth.WORD_WEIGHTS))
    knowing = [np.asarray(sheet.gains([]) > 0.1, dtype=np.float32) for sheet in sheets]
    assert fit_head(sheets, knowing, weights) > 0.1
    assert fit_head(sheets, [-head for head in knowing], weights) == 0.0
    assert fit_head([], [], weights) == 0.0


def pool(folder: Path) -> Path:
    """Write a pool of three documents, one of them not CNN/DailyMail's."""
    row = {"document": " ".join(TEXTS), "summary": REFERENCE, "split": "train"}
    rows = [
        row | {"set": "cnndm_some"},
        row | {"set": "cnndm_some", "split": "dev", "document": f"(CNN) {' '.join(TEXTS)}"},
        row | {"set": "bbc"},
        row | {"set": "cnndm_some", "document": "Dogs bark."},
    ]
    (folder / "train").mkdir()
    with gzip.open(folder / "train" / "summ_pool.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in rows)
    return folder


def test_only_cnn_and_daily_mail_are_read(tmp_path: Path) -> None:
    data = pool(tmp_path)
    assert [len(documents_of(data, split)) for split in ("train", "dev")] == [1, 1]
    assert 0 < CNN_SHARE < 1


def test_extracts_are_compared_with_the_start(tmp_path: Path) -> None:
    documents = documents_of(pool(tmp_path), "dev")
    (line,) = compare(documents, [FakeEncoder().encode(d) for _, d in documents])
    assert line.startswith("# CNN, 1 documents")


def test_weights_are_written_as_the_library_has_them() -> None:
    count = len(worth.WEIGHTS) + len(worth.WORD_WEIGHTS)
    scope: dict[str, object] = {}
    exec(written(np.arange(count) / 10, 0.05).replace(": Mapping[str, float]", ""), scope)
    assert list(scope["WEIGHTS"]) == list(worth.WEIGHTS)  # type: ignore[call-overload]
    assert scope["WORD_WEIGHTS"]["common"] == len(worth.WEIGHTS) / 10  # type: ignore[index]
    assert scope["HEAD"] == 0.05


def test_the_command_prints_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.backends.mini.MiniBackend", lambda *_: FakeEncoder())
    assert main([str(pool(tmp_path))]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("WEIGHTS: Mapping[str, float] = {")
    assert "# CNN, 1 documents" in printed
