"""Decide who stands where: pair statements with targets, score the pairs, sum up per holder.

Only pairs that the sentence vectors call close are scored, so that the cost grows with what is
relevant and not with holders times targets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.attribution import context_of, words_of
from stance.backends.base import Encoder, Encoding, Floats, PairScorer, StancePair
from stance.holders import Resolution
from stance.records import LABELS, Evidence, Holder, Scores, Span, Stance, Statement, Target
from stance.text import Document, sentence_spans

# A statement this far from a target is not asked about (cosine; seeds dev).
NEAR = 0.05
# At most so many statements are asked about one target.
MAX_STATEMENTS = 24
# The scorer must find at least this much relation between statement and target (seeds dev).
RELATED = 0.5
# An act says less plainly than words what it is about (seeds dev).
RELATED_ACT = 0.75
# Below this probability of the best label a stance abstains.
FLOOR = 0.45
# A second side of the same holder needs as much, from another statement.
SECOND_SIDE = 0.97
MAX_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold one scored pair: statement and holder by index, the chances of the labels, related."""

    statement: int
    holder: int
    scores: Scores
    related: float

    @property
    def weight(self) -> float:
        """How much this judgement counts when a holder's are summed up."""
        return self.related * max(self.scores[label] for label in LABELS)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold the cut-offs of the pairing and of the abstention."""

    near: float = NEAR
    related: float = RELATED
    acts: float = RELATED_ACT
    floor: float = FLOOR
    second_side: float = SECOND_SIDE


def detect(
    document: Document,
    statements: Sequence[Statement],
    resolution: Resolution,
    targets: Sequence[Target],
    encoding: Encoding,
    models: tuple[Encoder, PairScorer],
    thresholds: Thresholds | None = None,
) -> list[Stance]:
    """Find each holder's stance toward each target that it speaks to.

    Args:
        document: the article.
        statements: its statements.
        resolution: their holders.
        targets: what to ask about.
        encoding: the article's sentence vectors.
        models: the encoder and the pair scorer.
        thresholds: cut-offs other than the calibrated ones.

    Returns:
        Stances by target, in the order of the article within each.
    """
    limits = thresholds or Thresholds()
    encoder, scorer = models
    asked = _ask(document, statements, resolution, targets, encoding, encoder, limits.near)
    rows = scorer.stance([pair for _, _, pair in asked])
    judged: dict[tuple[int, int], list[Judgement]] = {}
    for (target, statement, _), row in zip(asked, rows, strict=True):
        owner = resolution.owner[statement]
        needed = limits.acts if statements[statement].kind == "narration" else limits.related
        if owner is not None and float(row[3]) >= needed:
            scores = Scores(*(float(value) for value in row[:3]))
            judgement = Judgement(statement, owner, scores, float(row[3]))
            judged.setdefault((target, owner), []).append(judgement)
    result: list[Stance] = []
    for (target, owner), judgements in sorted(judged.items(), key=lambda item: item[0][0]):
        holder = resolution.holders[owner]
        for group in sides(judgements, limits.second_side):
            evidence = _evidence(document, statements, group, targets[target], encoder)
            result.append(conclude(holder, targets[target], group, evidence, limits.floor))
    return sorted(result, key=lambda s: (targets.index(s.target), s.evidence[0].start))


def _ask(
    document: Document,
    statements: Sequence[Statement],
    resolution: Resolution,
    targets: Sequence[Target],
    encoding: Encoding,
    encoder: Encoder,
    near: float,
) -> list[tuple[int, int, StancePair]]:
    """Choose which statements to ask about which targets: (target, statement, pair)."""
    owned = [i for i, owner in enumerate(resolution.owner) if owner is not None]
    if not owned or not targets:
        return []
    contents = encoder.embed([words_of(document.text, statements[i]) or "…" for i in owned])
    wanted = encoder.embed([target.text for target in targets])
    close = np.maximum(
        contents @ wanted.T, _by_sentence(document, statements, owned, encoding) @ wanted.T
    )
    asked = []
    for column, target in enumerate(targets):
        best = np.argsort(-close[:, column], kind="stable")[:MAX_STATEMENTS]
        for row in sorted(int(r) for r in best if close[r, column] >= near):
            pair = pair_of(document, statements[owned[row]], target, resolution, owned[row])
            asked.append((column, owned[row], pair))
    return asked


def _by_sentence(
    document: Document, statements: Sequence[Statement], owned: Sequence[int], encoding: Encoding
) -> Floats:
    """Return the vector of each statement's first content sentence."""
    rows = [document.at(statements[i].content[0].start) for i in owned]
    return encoding.vectors[rows]


def pair_of(
    document: Document, statement: Statement, target: Target, resolution: Resolution, index: int
) -> StancePair:
    """Write the question that the scorer answers about one statement and one target."""
    context = context_of(document, statement)
    owner = resolution.owner[index]
    holder = resolution.holders[owner].name if owner is not None else None
    mark = None
    if statement.source is not None and context.contains(statement.source):
        mark = Span(statement.source.start - context.start, statement.source.end - context.start)
    return StancePair(context.of(document.text), target.text, holder, mark)


def sides(judgements: Sequence[Judgement], second: float) -> list[list[Judgement]]:
    """Part a holder's judgements on one target into sides held one after the other.

    The side with the most weight is kept; the opposite one only where a statement of its own shows
    it with probability `second`. Neutral statements give way to any side that is taken clearly.
    """
    weights = dict.fromkeys(LABELS, 0.0)
    strongest = dict.fromkeys(LABELS, 0.0)
    for judgement in judgements:
        best = judgement.scores.best
        weights[best] += judgement.weight
        strongest[best] = max(strongest[best], judgement.weight)
    taken = [label for label in LABELS if any(j.scores.best == label for j in judgements)]
    order = sorted(taken, key=lambda label: (strongest[label], weights[label]), reverse=True)
    main = order[0]
    kept = [main]
    kept += [label for label in order[1:] if label != "neutral" and strongest[label] >= second]
    if main == "neutral" and len(kept) > 1:
        kept = kept[1:]
    groups = [[j for j in judgements if j.scores.best == label] for label in kept]
    return sorted(groups, key=lambda group: group[0].statement)


def conclude(
    holder: Holder,
    target: Target,
    judgements: Sequence[Judgement],
    evidence: tuple[Evidence, ...],
    floor: float,
) -> Stance:
    """Sum up one side of one holder on one target; below the floor it is ``unclear``."""
    # The small addend keeps a mean where no judgement is related at all.
    weights = np.array([j.related for j in judgements]) + 1e-9
    table = np.array([[j.scores[label] for label in LABELS] for j in judgements])
    means = (weights[:, None] * table).sum(0) / weights.sum()
    strongest = max(judgements, key=lambda j: j.weight).scores
    mixed = [
        0.5 * float(m) + 0.5 * strongest[label] for m, label in zip(means, LABELS, strict=True)
    ]
    scores = Scores(*(value / sum(mixed) for value in mixed))
    confidence = scores[scores.best]
    label = scores.best if confidence >= floor else "unclear"
    return Stance(holder, target, label, confidence, scores, evidence)


def _evidence(
    document: Document,
    statements: Sequence[Statement],
    judgements: Sequence[Judgement],
    target: Target,
    encoder: Encoder,
) -> tuple[Evidence, ...]:
    """Quote the strongest statements, at most `MAX_EVIDENCE`, in the order of the text."""
    best = sorted(judgements, key=lambda j: j.weight, reverse=True)[:MAX_EVIDENCE]
    spans: list[Span] = []
    for judgement in best:
        span = shown_by(document, statements[judgement.statement], target, encoder)
        if not any(span.overlaps(other) for other in spans):
            spans.append(span)
    return tuple(Evidence.cut(document.text, span) for span in sorted(spans))


def shown_by(document: Document, statement: Statement, target: Target, encoder: Encoder) -> Span:
    """Return the words of a statement that show its stance best.

    Of a quotation with several sentences that is the one nearest to the target; else the content,
    from its cue on where the cue stands just before it.
    """
    pieces = [
        sentence
        for span in statement.content
        # Within its marks: a splitter holds whatever stands in quotation marks together.
        for sentence in sentence_spans(document.text, _bare(document.text, span))
    ]
    best = pieces[0]
    if len(pieces) > 1:
        vectors = encoder.embed([p.of(document.text) for p in pieces])
        best = pieces[int((vectors @ encoder.embed([target.text])[0]).argmax())]
    cue = statement.cue
    if cue is not None and statement.kind != "direct" and 0 <= best.start - cue.end <= 12:
        best = Span(cue.start, best.end)
    return _bare(document.text, best)


def _bare(text: str, span: Span) -> Span:
    """Trim marks and closing punctuation off both ends."""
    words = span.of(text)
    left = len(words) - len(words.lstrip(" \t\r\n“”\"«»„‘’'—–-,"))
    right = len(re.sub(r"[\s“”\"«»‘’',.;:!?—–-]+$", "", words))
    return Span(span.start + left, span.start + right) if left < right else span
