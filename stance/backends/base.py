"""Say what the line needs from a model, without naming one.

Every part of the line depends on these protocols only; `fake.py` implements them without weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from stance.records import ModelInfo, Span
from stance.text import Document

Floats = NDArray[np.float32]
Style = Literal["chat", "passage"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Hold one attribution as the tagger found it; `score` in [0, 1] is its weakest part's."""

    content: tuple[Span, ...]
    source: Span | None
    cue: Span | None
    score: float


@dataclass(frozen=True, slots=True)
class Encoding:
    """Hold what one forward pass over a document gives.

    `vectors` has shape (sentences, dim), each row of length one; `salience` has shape
    (sentences,), each value in [0, 1]. `acts` are what is done and not said ("vetoed the bill"),
    with the actor as source and no cue.
    """

    vectors: Floats
    salience: Floats
    attributions: tuple[Attribution, ...]
    acts: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class StancePair:
    """Ask how `holder` (None: the text itself) stands toward `target` in `text`.

    `holder_span` and `target_span` (offsets in `text`) mark the words that name them, where the
    text names them.
    """

    text: str
    target: str
    holder: str | None = None
    holder_span: Span | None = None
    target_span: Span | None = None


@runtime_checkable
class Encoder(Protocol):
    """Read an article once: sentence vectors, attributions, salience."""

    def encode(self, document: Document) -> Encoding:
        """Encode every sentence of the document in one pass."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text, shape (texts, dim), comparable with `vectors`."""
        ...


@runtime_checkable
class PairScorer(Protocol):
    """Judge pairs of texts."""

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, 4): favor, against, neutral (calibrated, sum one), related in [0, 1]."""
        ...

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return (pairs, 3) for (premise, hypothesis): entailment, neutral, contradiction."""
        ...


@runtime_checkable
class Generator(Protocol):
    """Write text: answer a chat turn, or shorten a passage."""

    @property
    def info(self) -> ModelInfo:
        """The weights behind this generator."""
        ...

    @property
    def style(self) -> Style:
        """What a prompt must be: an instruction with its text, or the bare passage to shorten."""
        ...

    def generate(self, prompts: Sequence[str], *, max_tokens: int = 160) -> list[str]:
        """Answer each prompt with at most `max_tokens` tokens, deterministically."""
        ...
