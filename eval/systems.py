"""Let suites ask a `stance.Analyzer` as one system among others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.base import Item, Json
from stance.records import Analysis, Article, ModelInfo, Span, Statement, Summary


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what changes a model's answers; part of a run's signature."""

    summary: str = "extract"
    device: str = "auto"
    backend: str = "torch"
    revision: str | None = None
    generator: str | None = None

    def to_dict(self) -> Json:
        """Return plain data for JSON."""
        return {
            name: getattr(self, name)
            for name in ("summary", "device", "backend", "revision", "generator")
        }


class AnalyzerSystem:
    """Ask a `stance.Analyzer` everything that it can do."""

    def __init__(self, name: str, analyzer: Any, settings: Settings) -> None:
        self.name, self.analyzer, self.settings = name, analyzer, settings
        self.encoder = getattr(analyzer, "encoder", None)

    @property
    def info(self) -> ModelInfo:
        """The weights, with a digest even where the model does not know its own."""
        info: ModelInfo = self.analyzer.info
        if info.digest is None and Path(self.name).is_dir():
            return ModelInfo(info.name, info.revision, digest_of_folder(Path(self.name)))
        return info

    def score_pairs(
        self,
        texts: Sequence[str],
        targets: Sequence[str],
        *,
        holders: Sequence[str | None] | None = None,
        target_spans: Sequence[Span | None] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return (n, 4): favor, against, neutral, related."""
        scores: NDArray[np.floating[Any]] = self.analyzer.score_pairs(
            texts, targets, holders=holders, target_spans=target_spans
        )
        return scores

    def entail(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating[Any]]:
        """Return (n, 3): entailment, neutral, contradiction."""
        scores: NDArray[np.floating[Any]] = self.analyzer.scorer.entail(pairs)
        return scores

    def attribute(self, text: str) -> list[Statement]:
        """Return the statements of a text."""
        return list(self.analyzer.attribute(text))

    def summarize(self, text: str, *, length: int, item: Item) -> Summary:
        """Summarize a text in the way that the settings say."""
        made: Summary = self.analyzer.summarize(text, method=self.settings.summary, length=length)
        return made

    def support(self, summary: str, text: str) -> float:
        """Return the support of anyone's summary: that of its weakest sentence.

        People call a summary unfaithful for one slip, and support is fitted to their judgements so.
        """
        verified: Summary = self.analyzer.verify(summary, text)
        return min((sentence.support for sentence in verified.sentences), default=0.0)

    def analyze(
        self, article: Article, targets: Sequence[str] | None = None, *, summary: Any = "auto"
    ) -> Analysis:
        """Analyze an article; ``"auto"`` takes the way that the settings say."""
        way = self.settings.summary if summary == "auto" else summary
        analysis: Analysis = self.analyzer.analyze(article, targets, summary=way)
        return analysis


def digest_of_folder(folder: Path) -> str:
    """Return a sha256 over the names and bytes of the files of a model folder."""
    hasher = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        hasher.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                hasher.update(block)
    return hasher.hexdigest()
