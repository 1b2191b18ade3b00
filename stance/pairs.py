"""Ask about single pairs of a text and a target: the passage to read, the pair, the stance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stance.backends.base import Encoder, Floats, StancePair
from stance.backends.passages import nearest
from stance.errors import OptionError
from stance.explain import passage_trail
from stance.records import LABELS, Evidence, Holder, Scores, Span, Stance, Target
from stance.text import Document, make_document
from stance.weighing import FLOOR

__all__ = ["pair_of", "passage_of", "shortened", "spread", "stance_of"]

# What the pair scorer reads of a long text: the passages nearest to the target.
PASSAGE_WORDS = 110


def passage_of(document: Document, target: str, encoder: Encoder) -> Span:
    """Return the stretch of a text that a pair is scored on: all of it where it is short."""
    if len(document.text.split()) <= PASSAGE_WORDS:
        return Span(0, len(document.text))
    sentences = [document.sentence(i) for i in range(len(document.sentences))]
    vectors = encoder.encode(document).vectors
    wanted = encoder.embed([target])[0]
    best = nearest(sentences, vectors, wanted, PASSAGE_WORDS // 3)
    near = Span(document.sentences[best[0]].start, document.sentences[best[-1]].end)
    if len(near.of(document.text).split()) <= PASSAGE_WORDS:
        return near
    # They lie far apart: the one that is nearest of all.
    return document.sentences[nearest(sentences, vectors, wanted, 1)[0]]


def shortened(
    texts: Sequence[str],
    targets: Sequence[str],
    spans: Sequence[Span | None],
    encoder: Encoder,
) -> list[str]:
    """Cut long texts to the sentences nearest to their targets, each text encoded once."""
    long = {
        text
        for text, span in zip(texts, spans, strict=True)
        if span is None and len(text.split()) > PASSAGE_WORDS
    }
    cut = {text: make_document(text) for text in long}
    sentences = {t: [d.sentence(i) for i in range(len(d.sentences))] for t, d in cut.items()}
    vectors = {text: encoder.embed(parts) for text, parts in sentences.items()}
    names = sorted(set(targets)) if long else []
    wanted = dict(zip(names, encoder.embed(names), strict=True)) if names else {}
    result = []
    for text, target, span in zip(texts, targets, spans, strict=True):
        if span is not None or text not in long:
            result.append(text)
            continue
        best = nearest(sentences[text], vectors[text], wanted[target], PASSAGE_WORDS)
        result.append(" ".join(sentences[text][i] for i in best))
    return result


def pair_of(text: str, target: str, holder: str | None) -> StancePair:
    """Write a pair, with the holder's first mention marked where the text has it."""
    at = text.casefold().find(holder.casefold()) if holder else -1
    same = at >= 0 and len(text.casefold()) == len(text)
    mark = Span(at, at + len(holder)) if holder and same else None
    return StancePair(text, target, holder, mark)


def stance_of(
    row: Floats,
    holder: str | None,
    target: Target,
    evidence: Evidence,
    *,
    asked: StancePair | None = None,
) -> Stance:
    """Turn a row of scores into a stance; what is unrelated leans to neutral.

    With the pair that was `asked`, the stance has its trail.
    """
    related = float(row[3])
    answer = Scores(*(float(v) for v in row[:3]))
    favor, against, neutral = (answer[label] * related for label in LABELS)
    scores = Scores(favor, against, neutral + (1 - related))
    who = Holder(holder) if holder else Holder("author", "author")
    confidence = max(scores[label] for label in LABELS)
    label = scores.best if confidence >= FLOOR else "unclear"
    stance = Stance(who, target, label, confidence, scores, (evidence,))
    if asked is None:
        return stance
    return replace(stance, trail=passage_trail(stance, asked, answer, related))


def spread(value: Any, count: int, name: str) -> list[Any]:
    """Give each of `count` texts its value: the one given, or its own."""
    if not isinstance(value, list):
        return [value] * count
    if len(value) != count:
        raise OptionError(f"{len(value)} values of {name} for {count} texts; give one, or as many")
    return value
