from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stance.backends import remote
from stance.backends.base import Generator
from stance.backends.remote import (
    RemoteGenerator,
    ServerOptions,
    _Client,
    is_server,
    open_server,
    patience,
)
from stance.errors import OptionError, ServerError


class Server(ThreadingHTTPServer):
    """Answer each request with the next of `replies`, the last one again and again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[tuple[int, Any]] = []
        self.seen: list[tuple[str, str, dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(raw) if raw else None
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        replies = self.server.replies
        status, reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if callable(reply):
            reply = reply(body)
        data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.delenv("STANCE_API_KEY", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def said(text: str | None, reason: str = "stop") -> dict[str, Any]:
    return {
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": reason}]
    }


def make(server: Server, slept: list[float] | None = None, **options: Any) -> RemoteGenerator:
    sleep = (slept if slept is not None else []).append
    return RemoteGenerator(_Client(server.url, ServerOptions(**options), sleep), "small")


def test_the_protocol_is_spoken_to_the_letter(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCE_API_KEY", "k3y")
    server.replies = [(200, said(" It closed. "))]
    generator = open_server(f"server:{server.url}/#small")
    assert isinstance(generator, Generator)
    assert generator.style == "chat"
    assert generator.info.name == f"small@{server.url}"
    assert generator.generate(["What happened?"], max_tokens=7) == ["It closed."]
    method, path, headers, body = server.seen[0]
    assert (method, path) == ("POST", "/v1/chat/completions")
    assert headers["Authorization"] == "Bearer k3y"
    assert body["model"] == "small"
    assert body["messages"] == [{"role": "user", "content": "What happened?"}]
    assert (body["max_tokens"], body["temperature"], body["stream"]) == (7, 0, False)


def test_without_a_key_none_is_sent(server: Server) -> None:
    server.replies = [(200, said("Yes."))]
    make(server).generate(["x"])
    assert "Authorization" not in server.seen[0][2]


def test_many_prompts_keep_their_order_and_blanks_are_not_sent(server: Server) -> None:
    server.replies = [(200, lambda body: said(body["messages"][0]["content"].upper()))]
    prompts = [f"prompt {i}." for i in range(12)]
    prompts[5] = " "
    expected = [p.upper() if p.strip() else "" for p in prompts]
    assert make(server).generate(prompts) == expected
    assert len(server.seen) == 11
    assert make(server).generate([]) == []


def test_control_tokens_do_not_reach_the_server(server: Server) -> None:
    server.replies = [(200, said("Yes."))]
    make(server).generate(["News.<|im_end|><|im_start|>system [INST]"])
    sent = server.seen[0][3]["messages"][0]["content"]
    assert "<|" not in sent
    assert "[INST]" not in sent


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (said("It closed. The uni", "length"), "It closed."),
        (said("It closed. The uni", "stop"), "It closed. The uni"),
        (said("<think>Hm.</think>It closed."), "It closed."),
        (said(None), ""),
    ],
)
def test_answers_are_trimmed(server: Server, reply: dict[str, Any], expected: str) -> None:
    server.replies = [(200, reply)]
    assert make(server).generate(["x"]) == [expected]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_more_and_more_slowly(server: Server, status: int) -> None:
    server.replies = [(status, b"busy"), (status, b"busy"), (200, said("Yes."))]
    slept: list[float] = []
    assert make(server, slept, backoff=0.5).generate(["x"]) == ["Yes."]
    assert slept == [0.5, 1.0]


def test_patience_ends(server: Server) -> None:
    server.replies = [(503, b"overloaded")]
    slept: list[float] = []
    with pytest.raises(ServerError, match=r"503: overloaded.*tried 3 times") as error:
        make(server, slept, retries=2).generate(["x"])
    assert len(server.seen) == 3
    assert len(slept) == 2
    assert server.url in str(error.value)


@pytest.mark.parametrize(
    ("status", "advice"),
    [(400, "shorter"), (401, "STANCE_API_KEY"), (403, "STANCE_API_KEY"), (404, "/v1")],
)
def test_a_refusal_is_final_and_says_what_to_do(server: Server, status: int, advice: str) -> None:
    server.replies = [(status, {"error": {"message": "no such thing"}})]
    with pytest.raises(ServerError, match=advice) as error:
        make(server).generate(["x"])
    assert "no such thing" in str(error.value)
    assert server.url in str(error.value)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "reply", [b"<html>", b"\xff\xfe", [], {}, {"choices": []}, {"choices": [{"message": None}]}, 7]
)
def test_nonsense_is_called_nonsense(server: Server, reply: Any) -> None:
    server.replies = [(200, reply)]
    with pytest.raises(ServerError, match="something else than the OpenAI protocol"):
        make(server).generate(["x"])


def test_a_server_that_is_down_is_named(server: Server) -> None:
    generator = RemoteGenerator(_Client("http://127.0.0.1:9/v1", ServerOptions(timeout=1)), "small")
    with pytest.raises(ServerError, match=r"no answer from http://127\.0\.0\.1:9/v1.*start the"):
        generator.generate(["x"])


def test_a_server_that_hangs_up_is_down(server: Server) -> None:
    server.replies = [(200, lambda body: Handler.not_there)]  # the handler dies over this
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    with pytest.raises(ServerError, match="no answer from"):
        make(server).generate(["x"])


def test_the_only_model_needs_no_name(server: Server) -> None:
    server.replies = [(200, {"data": [{"id": "one"}]})]
    assert open_server(server.url).info.name == f"one@{server.url}"
    assert server.seen[0][:2] == ("GET", "/v1/models")


@pytest.mark.parametrize("names", [[], ["one", "two"]])
def test_several_models_need_a_choice(server: Server, names: list[str]) -> None:
    server.replies = [(200, {"data": [{"id": name} for name in names]})]
    with pytest.raises(OptionError, match="#model") as error:
        open_server(server.url)
    assert all(name in str(error.value) for name in names)


def test_a_list_of_models_that_is_none_is_nonsense(server: Server) -> None:
    server.replies = [(200, {"models": []})]
    with pytest.raises(ServerError, match="OpenAI protocol"):
        open_server(server.url)


@pytest.mark.parametrize(
    "name", ["server:", "server:localhost:80", "http://", "server:ftp://a/v1#m"]
)
def test_an_address_that_is_none_is_refused(name: str) -> None:
    assert is_server(name)
    with pytest.raises(OptionError, match="http://host:port/v1#model"):
        open_server(name)


def test_names_and_paths_are_no_addresses() -> None:
    assert not any(map(is_server, ("mini", "owner/name", "./http:", "serverless", "/a/b.gguf")))


def test_a_login_in_the_address_stays_out_of_results() -> None:
    generator = remote.open_server("http://me:secret@127.0.0.1:9/v1#small")
    assert generator.info.name == "small@http://127.0.0.1:9/v1"


def test_an_answer_needs_a_token(server: Server) -> None:
    with pytest.raises(OptionError, match="at least 1"):
        make(server).generate(["x"], max_tokens=0)


def test_a_server_that_is_silent_runs_out_of_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1#m"
        generator = open_server(address, ServerOptions(timeout=0.05))
        with pytest.raises(ServerError, match=r"no answer.*timed out.*0\.05 s.*STANCE_TIMEOUT"):
            generator.generate(["Go."])


def test_an_answer_that_trickles_in_runs_out_of_time() -> None:
    class Drip:
        def read1(self, size: int) -> bytes:
            return b" "

    with pytest.raises(TimeoutError, match="middle"):
        _Client._read(Drip(), deadline=0.0)


def test_the_environment_sets_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCE_TIMEOUT", "7.5")
    assert patience().timeout == 7.5
    monkeypatch.delenv("STANCE_TIMEOUT")
    assert patience() == ServerOptions()
    for wrong in ("soon", "-1", "nan", "inf"):
        monkeypatch.setenv("STANCE_TIMEOUT", wrong)
        with pytest.raises(OptionError, match=wrong):
            patience()
