"""Every kind of generator goes through the one call; a server that fails does not end a batch."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from stance.backends.base import Generator
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.backends.generate import load_generator
from stance.backends.remote import ServerOptions, open_server
from stance.errors import ServerError
from stance.pipeline import Analyzer
from stance.records import Failure, ModelInfo, Summary

sys.path.append(str(Path(__file__).parent / "backends"))
from tiny_generators import make_bart, make_llama, make_t5

TEXT = (
    "The mill will close.\nThe union denied it.\nIt rained for most of the day.\n"
    "Nobody came to the town hall.\nThe bakery sold bread."
)


def analyzer(generator: Generator) -> Analyzer:
    return Analyzer(FakeEncoder(), FakeScorer(), ModelInfo("fake"), generator)


def check(summary: Summary) -> None:
    assert summary.text
    for sentence in summary.sentences:
        assert sentence.sources
        assert not sentence.unsupported
        assert all(TEXT[s.start : s.end] == s.text for s in sentence.sources)


@pytest.mark.parametrize("make", [make_bart, make_t5])
def test_a_summarizer_of_either_kind_writes_an_abstract(make: Any, tmp_path: Path) -> None:
    summary = analyzer(load_generator(make(tmp_path / "m"), device="cpu")).summarize(
        TEXT, method="abstract", length=2
    )
    check(summary)
    assert summary.method == "abstract"
    assert summary.text == "The mill will close. The union denied it."
    assert {s.method for s in summary.sentences} == {"generate"}


def test_what_a_chat_model_babbles_does_not_get_out(tmp_path: Path) -> None:
    folder = make_llama(tmp_path / "m")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 4096}))
    summary = analyzer(load_generator(folder, device="cpu")).summarize(
        TEXT, method="abstract", length=2
    )
    check(summary)
    article = set(TEXT.splitlines())
    assert all(s.method == "generate" or s.text in article for s in summary.sentences)


def test_a_batch_goes_on_past_a_server_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1#m"
        dead = analyzer(open_server(address, ServerOptions(timeout=0.05)))
        with pytest.raises(ServerError, match="no answer"):
            dead.summarize(TEXT, method="abstract", length=1)
        options: dict[str, Any] = {"summary": "abstract", "length": 1, "on_error": "record"}
        results = list(dead.analyze_many([TEXT, TEXT], **options))
    assert [type(r) for r in results] == [Failure, Failure]
    assert {r.error for r in results if isinstance(r, Failure)} == {"ServerError"}
