"""Implement the three protocols without weights, for tests of the line and of code around it.

The answers come from word overlap, negation words and punctuation. They are deterministic, the same
on every machine, and right on easy texts only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from stance.backends.base import Attribution, Encoding, Floats, StancePair, Style
from stance.records import ModelInfo, Span
from stance.text import Document, make_document, trim

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP = frozenset(
    _WORD.findall(
        "a an and are as at be been but by for from had has have he her his i in is it its of on "
        "or our she so that the their them they this to was we were which who will with you"
    )
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|false|untrue|den(?:y|ies|ied|ying)|reject\w*|"
    r"refut\w*|oppos\w*|condemn\w*|against)\b|n['’]t\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:any indication|no indication|unclear|difficult to say|too early|cannot rule out|"
    r"neither confirm\w*|under review|whether)\b",
    re.IGNORECASE,
)
_CUE = (
    r"(?:said|says|say|told|added|adds|claimed|claims|denied|denies|read|reads|warned|wrote|"
    r"argued|insisted|announced|rejected|indicated|reiterated)"
)
_SOURCE = r"[^\s“”\".,;:][^“”\".,;:]{0,80}?"
_QUOTE = re.compile(r"“[^”]+”|\"[^\"]+\"")
_AFTER_QUOTE = re.compile(
    rf"\s*(?:(?P<source>{_SOURCE})\s+(?P<cue>{_CUE})\b|(?P<cue2>{_CUE})\s+(?P<source2>{_SOURCE})[.,;])"
)
_INDIRECT = re.compile(
    rf"(?P<source>{_SOURCE})\s+(?P<cue>{_CUE})\s+(?:that\s+)?(?P<content>\S.*)", re.S
)


@dataclass(frozen=True, slots=True)
class FakeEncoder:
    """Encode sentences as hashed bags of words; salience falls with position."""

    dim: int = 256

    def encode(self, document: Document) -> Encoding:
        """Encode every sentence of the document in one pass."""
        texts = [document.sentence(i) for i in range(len(document.sentences))]
        salience = 1.0 / (1.0 + 0.1 * np.arange(len(texts), dtype=np.float32))
        return Encoding(self.embed(texts), salience, tuple(_attributions(document)))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text, shape (texts, dim)."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for stem in _stems(text) or {text}:
                row[crc32(stem.encode("utf-8", "surrogatepass")) % self.dim] += 1.0
            row /= np.linalg.norm(row)
        return vectors


@dataclass(frozen=True, slots=True)
class FakeScorer:
    """Judge pairs by the share of words they have in common and by negation words."""

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, 4): favor, against, neutral (sum one), and related in [0, 1]."""
        rows = np.zeros((len(pairs), 4), dtype=np.float32)
        for row, pair in zip(rows, pairs, strict=True):
            row[:3] = 0.05
            row[_side(pair)] = 0.9
            row[3] = _overlap(pair.text, pair.target)
        return rows

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return (pairs, 3) for (premise, hypothesis): entailment, neutral, contradiction."""
        rows = np.zeros((len(pairs), 3), dtype=np.float32)
        for row, (premise, hypothesis) in zip(rows, pairs, strict=True):
            shared = _overlap(premise, hypothesis) ** 2
            flipped = bool(_NEGATION.search(premise)) != bool(_NEGATION.search(hypothesis))
            row[:] = 0.01
            row[2 if flipped else 0] += 0.97 * shared
            row[1] += 0.97 * (1.0 - shared)
        return rows


@dataclass(slots=True)
class FakeGenerator:
    """Answer with scripted texts, in turn, or with the first sentences of the prompt's passage.

    `prompts` keeps every prompt that came in. The passage is what stands between the prompt's last
    pair of tags (``<article>…</article>``), or the whole prompt where it has none.
    """

    answers: Sequence[str] = ()
    sentences: int = 3
    style: Style = "chat"
    prompts: list[str] = field(default_factory=list)

    @property
    def info(self) -> ModelInfo:
        """The name of this generator; it has no weights."""
        return ModelInfo("fake")

    def generate(self, prompts: Sequence[str], *, max_tokens: int = 160) -> list[str]:
        """Answer each prompt with at most `max_tokens` words."""
        cut = re.compile(rf"(?:\s*\S+){{0,{max_tokens}}}")
        return [match[0] if (match := cut.match(self._answer(p))) else "" for p in prompts]

    def _answer(self, prompt: str) -> str:
        self.prompts.append(prompt)
        turn = len(self.prompts) - 1
        if self.answers:
            return self.answers[min(turn, len(self.answers) - 1)]
        passages = re.findall(r"<(\w+)>\n(.*?)\n</\1>", prompt, re.S)
        passage = passages[-1][1] if passages else prompt
        if not passage.strip():
            return ""
        document = make_document(passage)
        cut = document.sentences[: self.sentences]
        return " ".join(span.of(document.text) for span in cut)


def _stems(text: str) -> set[str]:
    """Return the first six letters of each content word."""
    return {w[:6] for w in _WORD.findall(text.casefold()) if w not in _STOP}


def _overlap(text: str, question: str) -> float:
    """Return the share of the question's content words that the text has."""
    asked = _stems(question)
    return len(asked & _stems(text)) / len(asked) if asked else float(text == question)


def _side(pair: StancePair) -> int:
    """Return the column of the label: 0 favor, 1 against, 2 neutral."""
    if _HEDGE.search(pair.text) or not _stems(pair.text) & _stems(pair.target):
        return 2
    return int(bool(_NEGATION.search(pair.text)) != bool(_NEGATION.search(pair.target)))


def _attributions(document: Document) -> list[Attribution]:
    """Find ``"…" X said`` paragraph by paragraph, and ``X said that …`` in the other sentences."""
    quoted = [found for p in document.paragraphs for found in _quoted(document.text, p)]
    taken = {
        index
        for found in quoted
        for span in (*found.content, found.source)
        if span is not None
        for index in document.covering(span)
    }
    plain = [
        found
        for index, span in enumerate(document.sentences)
        if index not in taken and (found := _indirect(document.text, span))
    ]
    return sorted([*quoted, *plain], key=lambda found: found.content[0].start)


def _quoted(text: str, paragraph: Span) -> list[Attribution]:
    """Pair each quotation with the words after it; one without any goes to the one before."""
    found: list[Attribution] = []
    for quote in _QUOTE.finditer(text, paragraph.start, paragraph.end):
        content = Span(quote.start() + 1, quote.end() - 1)
        match = _AFTER_QUOTE.match(text, quote.end(), paragraph.end)
        if match:
            source, cue = (("source", "cue"), ("source2", "cue2"))[match["source"] is None]
            found.append(
                Attribution((content,), Span(*match.span(source)), Span(*match.span(cue)), 0.9)
            )
        elif found:
            last = found[-1]
            found[-1] = Attribution((*last.content, content), last.source, last.cue, last.score)
    return found


def _indirect(text: str, sentence: Span) -> Attribution | None:
    match = _INDIRECT.match(text, sentence.start, sentence.end)
    if match is None:
        return None
    end = match.end("content") - (text[match.end("content") - 1] in ".!?")
    content = trim(text, match.start("content"), end)
    if content is None:
        return None
    return Attribution((content,), Span(*match.span("source")), Span(*match.span("cue")), 0.8)
