"""Write text with a server that speaks the OpenAI chat protocol: vLLM, llama.cpp, Ollama …"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from stance.backends.base import Style
from stance.backends.wording import complete, neutralize, tidy
from stance.errors import OptionError, ServerError
from stance.records import ModelInfo

_PREFIX = "server:"
_SCHEMES = ("http://", "https://")
# Servers batch what comes in together; more than this only makes the others wait.
_WORKERS = 4
_CHUNK = 65536
_ADVICE = {
    400: "the request does not suit the model; a shorter article or another model may",
    401: "set STANCE_API_KEY to a key that it accepts",
    403: "set STANCE_API_KEY to a key that may use this model",
    404: "check the model's name and the URL, which usually ends in /v1",
    413: "give a shorter article",
    429: "it asks for fewer requests; wait and try again",
}


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Hold how a server is asked.

    `timeout` is in seconds, for one whole answer; a request that meets a busy or failing server is
    tried `retries` more times, after 1, 2, 4 … × `backoff` seconds.
    """

    timeout: float = 120.0
    retries: int = 3
    backoff: float = 1.0


def patience() -> ServerOptions:
    """Return the options with the timeout that ``STANCE_TIMEOUT`` gives, in seconds.

    Raises:
        OptionError: it is no positive number.
    """
    given = os.environ.get("STANCE_TIMEOUT", "").strip()
    if not given:
        return ServerOptions()
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise OptionError(f"STANCE_TIMEOUT={given!r} is no number of seconds; set it to 120, say")
    return ServerOptions(timeout=seconds)


def is_server(name: str) -> bool:
    """Tell whether a model's name is the address of a server."""
    return name.startswith((_PREFIX, *_SCHEMES))


def open_server(name: str, options: ServerOptions | None = None) -> RemoteGenerator:
    """Make a generator out of an address.

    Args:
        name: ``http://host:port/v1``, with ``#model`` at its end where the server has several
            models; ``server:`` may stand in front.
        options: timeouts and retries; by default `patience`.

    Returns:
        The generator. The key, if the server wants one, comes from ``STANCE_API_KEY``.

    Raises:
        OptionError: the address is no URL, or does not say which of several models.
        ServerError: the server does not say which models it has.
    """
    url, _, model = name.removeprefix(_PREFIX).partition("#")
    if not url.startswith(_SCHEMES) or not urlsplit(url).hostname:
        raise OptionError(f"{name!r} is no server; write http://host:port/v1#model")
    client = _Client(url.rstrip("/"), options or patience())
    return RemoteGenerator(client, model or client.only_model())


class RemoteGenerator:
    """Answer chat turns through a server."""

    style: Style = "chat"

    def __init__(self, client: _Client, model: str) -> None:
        self.info = ModelInfo(f"{model}@{client.shown}")
        self._client = client
        self._model = model

    def generate(self, prompts: Sequence[str], *, max_tokens: int = 160) -> list[str]:
        """Answer each prompt, some at the same time.

        Args:
            prompts: instructions with their text. Control tokens in them are made harmless.
            max_tokens: the most that one answer may have.

        Returns:
            One answer per prompt; one that ran out of tokens ends with its last complete sentence.

        Raises:
            ServerError: the server is down, refuses, or answers nonsense.
            OptionError: `max_tokens` is less than one.
        """
        if max_tokens < 1:
            raise OptionError(f"max_tokens={max_tokens} must be at least 1")
        with ThreadPoolExecutor(_WORKERS) as pool:
            return list(pool.map(lambda prompt: self._answer(prompt, max_tokens), prompts))

    def _answer(self, prompt: str, max_tokens: int) -> str:
        if not prompt.strip():
            return ""
        reply = self._client.send(
            "/chat/completions",
            {
                "model": self._model,
                "messages": [{"role": "user", "content": neutralize(prompt)}],
                "max_tokens": max_tokens,
                "temperature": 0,
                "seed": 0,
                "stream": False,
            },
        )
        try:
            choice = reply["choices"][0]
            text = tidy(choice["message"]["content"] or "")
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise self._client.nonsense(reply) from error
        return complete(text) if choice.get("finish_reason") == "length" else text


class _Client:
    """Send JSON to one server, patiently."""

    def __init__(
        self, url: str, options: ServerOptions, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urlsplit(url)
        # A login in the URL must not reach a report or a log.
        self.shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self._options = options
        self._sleep = sleep

    def only_model(self) -> str:
        """Return the name of the server's model, if it has just one."""
        reply = self.send("/models", None)
        try:
            names = [str(model["id"]) for model in reply["data"]]
        except (KeyError, TypeError) as error:
            raise self.nonsense(reply) from error
        if len(names) != 1:
            listed = ", ".join(names[:10]) or "none"
            raise OptionError(
                f"{self.shown} has {len(names)} models ({listed}); "
                f"name one: server:{self.shown}#model"
            )
        return names[0]

    def send(self, path: str, body: dict[str, Any] | None) -> Any:
        """Post `body` (or get, where it is None) and return the JSON that comes back."""
        request = urllib.request.Request(
            f"{self.shown}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        key = os.environ.get("STANCE_API_KEY")
        if key:
            request.add_unredirected_header("Authorization", f"Bearer {key}")
        for attempt in range(self._options.retries + 1):
            if attempt:
                self._sleep(self._options.backoff * 2 ** (attempt - 1))
            try:
                return self._once(request)
            except _BusyError as busy:
                failure = busy
        raise ServerError(f"{failure} (tried {self._options.retries + 1} times)")

    def _once(self, request: urllib.request.Request) -> Any:
        deadline = time.monotonic() + self._options.timeout
        try:
            with urllib.request.urlopen(request, timeout=self._options.timeout) as response:
                raw = self._read(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from error
        except (OSError, HTTPException) as error:
            raise ServerError(
                f"no answer from {self.shown} ({error or type(error).__name__}); start the server, "
                f"give another address, or more time than {self._options.timeout:g} s by setting "
                "STANCE_TIMEOUT"
            ) from error
        try:
            return json.loads(raw)
        except ValueError as error:
            raise self.nonsense(raw.decode("utf-8", "replace")) from error

    @staticmethod
    def _read(response: Any, deadline: float) -> bytes:
        """Read an answer whole; one that trickles in runs out of time like one that never comes."""
        chunks: list[bytes] = []
        while chunk := response.read1(_CHUNK):
            chunks.append(chunk)
            if time.monotonic() > deadline:
                raise TimeoutError("timed out in the middle of the answer")
        return b"".join(chunks)

    def _refusal(self, error: urllib.error.HTTPError) -> ServerError:
        said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
        advice = _ADVICE.get(error.code, "look at its log, and try again")
        kind = _BusyError if error.code == 429 or error.code >= 500 else ServerError
        return kind(f"{self.shown} answered {error.code}: {said or error.reason}; {advice}")

    def nonsense(self, reply: Any) -> ServerError:
        """Return the error for an answer that does not follow the protocol."""
        return ServerError(
            f"{self.shown} answered something else than the OpenAI protocol: {str(reply)[:200]!r}; "
            "check that the URL is that of its API, which usually ends in /v1"
        )


class _BusyError(ServerError):
    """Say that the server may well answer later."""
