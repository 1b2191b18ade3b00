"""Keep predictions on disk while they come in, so that a run that stops goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any

from eval.signature import Signature


class PredictionCache:
    """Hold the predictions of one suite under one signature; crashes are never kept."""

    def __init__(self, folder: Path | None, signature: Signature) -> None:
        """Open the cache below `folder`; None keeps nothing on disk."""
        self.path = None
        self.known: dict[str, Any] = {}
        if folder is not None and signature.is_certain:
            self.path = folder / signature.key / "predictions.jsonl"
            self.path.parent.mkdir(parents=True, exist_ok=True)
            stamp = json.dumps(signature.to_dict(), indent=1)
            (self.path.parent / "signature.json").write_text(stamp, encoding="utf-8")
            self.known = _read(self.path)
        self._file = self.path.open("a", encoding="utf-8") if self.path else None

    def __enter__(self) -> PredictionCache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, id: str, prediction: Any) -> None:  # noqa: A002
        """Keep one prediction; it is on disk when this returns."""
        self.known[id] = prediction
        if self._file is not None:
            line = json.dumps({"id": id, "prediction": prediction}, ensure_ascii=False)
            # A run that was killed in the middle of a line leaves a torn one; begin afresh.
            self._file.write(f"\n{line}")
            self._file.flush()


def _read(path: Path) -> dict[str, Any]:
    """Read what is there, leaving out a line that a kill has torn."""
    known: dict[str, Any] = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").split("\n"):
            try:
                entry = json.loads(line)
                known[entry["id"]] = entry["prediction"]
            except (json.JSONDecodeError, KeyError, TypeError):
                continue
    return known
