"""Every kind of generator goes through the one call; a server that fails does not end a batch."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from stance.backends.base import Generator
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.backends.generate import load_generator
from stance.backends.remote import ServerOptions, open_server
from stance.errors import ServerError
from stance.pipeline import Analyzer
from stance.records import Analysis, Failure, ModelInfo, Summary

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


class Moody(BaseHTTPRequestHandler):
    """Answer as the article wants it: at once, never, or a byte at a time."""

    patience = threading.Event()

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = json.dumps({"choices": [{"message": {"content": "The mill will close."}}]})
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer) + 10_000))
        if "Silence" in asked:
            self.patience.wait(2)
            return
        self.end_headers()
        if "Drip" in asked:
            while not self.patience.wait(0.01):
                self.wfile.write(b" ")
        self.wfile.write(answer.encode() + b" " * 10_000)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(Moody, "patience", threading.Event())
    with ThreadingHTTPServer(("127.0.0.1", 0), Moody) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1#m"
        Moody.patience.set()
        server.shutdown()
        thread.join()


def test_a_batch_has_what_a_moody_server_answers_and_says_what_it_does_not(moody: str) -> None:
    texts = [f"{word} fell on the town.\n{TEXT}" for word in ("Snow", "Silence", "Drip", "Rain")]
    options: dict[str, Any] = {"summary": "abstract", "length": 1, "on_error": "record"}
    reader = analyzer(open_server(moody, ServerOptions(timeout=0.3)))
    snow, silence, drip, rain = reader.analyze_many(texts, **options)
    for failed in (silence, drip):
        assert isinstance(failed, Failure)
        assert failed.error == "ServerError"
        assert "no answer from http://127.0.0.1" in failed.message
        assert "more time than 0.3 s" in failed.message
        assert "STANCE_TIMEOUT" in failed.message
    for told in (snow, rain):
        assert isinstance(told, Analysis)
        assert told.summary is not None
        assert told.summary.text == "The mill will close."


def test_a_server_that_is_down_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    reader = analyzer(open_server(f"http://127.0.0.1:{port}/v1#m"))
    with pytest.raises(ServerError, match=r"refused.*start the server"):
        reader.summarize(TEXT, method="abstract", length=1)
