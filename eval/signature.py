"""Stamp a run with everything that its numbers depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from eval.base import Json
from eval.data import ROOT
from stance.records import ModelInfo

# What of the harness can change a prediction.
_ANSWERING = (
    "eval/adapters",
    "eval/systems.py",
    "eval/loading.py",
    "eval/baselines.py",
    "eval/quotes.py",
    "eval/bias.py",
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Hold what makes a run repeatable.

    `code` is a digest of the source that answers, so that predictions of an older state of the
    code are never taken for those of the present one.
    """

    version: str
    code: str
    system: str
    model: ModelInfo
    seed: int
    settings: Json
    suite: str = ""
    data: str = ""

    def of_suite(self, suite: str, data: str) -> Signature:
        """Return the signature of one suite in this run."""
        return replace(self, suite=suite, data=data)

    @property
    def is_certain(self) -> bool:
        """Tell whether the weights are known, without which nothing may be taken from a cache."""
        return bool(self.model.digest)

    @property
    def key(self) -> str:
        """Return a short digest of the whole signature."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def to_dict(self) -> Json:
        """Return plain data for JSON."""
        return {
            "version": self.version,
            "code": self.code,
            "system": self.system,
            "model": self.model.to_dict(),
            "seed": self.seed,
            "settings": dict(self.settings),
            "suite": self.suite,
            "data": self.data,
        }

    def __str__(self) -> str:
        digest = (self.model.digest or "unknown")[:12]
        parts = [f"stance:{self.version}+{self.code[:8]}", f"model:{self.system}@{digest}"]
        parts += [f"suite:{self.suite}@{self.data[:12]}"] if self.suite else []
        return "|".join([*parts, f"seed:{self.seed}"])


def sign(system: str, model: ModelInfo, seed: int, settings: Json) -> Signature:
    """Stamp what a run has in common over its suites."""
    return Signature(_version(), code_digest(), system, model, seed, settings)


def _version() -> str:
    try:
        return version("stance-nlp")
    except PackageNotFoundError:
        return "source"


@cache
def code_digest() -> str:
    """Return a sha256 over the source of the library and of what the harness answers with."""
    paths = [*(ROOT / "stance").rglob("*.py")]
    for part in _ANSWERING:
        path = ROOT / part
        paths += [path] if path.suffix else list(path.rglob("*.py"))
    return _digest(paths)


def _digest(paths: Iterable[Path]) -> str:
    hasher = hashlib.sha256()
    for path in sorted(paths):
        hasher.update(path.relative_to(ROOT).as_posix().encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()
