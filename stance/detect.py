"""Decide who stands where: pair statements with targets, score the pairs, sum up per holder.

Only pairs that the sentence vectors call close are scored, so that the cost grows with what is
relevant and not with holders times targets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.attribution import context_of, words_of
from stance.backends.base import Encoder, Encoding, Floats, PairScorer, StancePair
from stance.holders import Resolution
from stance.records import Evidence, Scores, Span, Stance, Statement, Target
from stance.sureness import Sureness, traits_of
from stance.text import Document, sentence_spans
from stance.weighing import FLOOR as FLOOR
from stance.weighing import Judgement as Judgement
from stance.weighing import Thresholds as Thresholds
from stance.weighing import conclude as conclude
from stance.weighing import sides as sides

# How a question names the article's own voice.
AUTHOR_NAME = "the author"
# Of the article's own sentences only the few nearest to a target are asked, and none far off.
MAX_AUTHOR, NEAR_AUTHOR = 4, 0.3
# At most so many statements are asked about one target.
MAX_STATEMENTS = 24
MAX_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold a stance and what was judged for it; `target` and `owner` are indices.

    `group` is what the stance rests on, `related` all of the holder's judgements on the target that
    count, `unrelated` those that do not.
    """

    stance: Stance
    target: int
    owner: int
    group: tuple[Judgement, ...]
    related: tuple[Judgement, ...]
    unrelated: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Hold what was found, and how near the statements are to the targets.

    `near` has shape (owned, targets): cosines of the statements in `owned`, those with a holder;
    `own` tells which of these are the article's own.
    """

    findings: tuple[Finding, ...]
    owned: tuple[int, ...]
    near: Floats
    own: NDArray[np.bool_]

    @property
    def stances(self) -> list[Stance]:
        """The stances that were found."""
        return [finding.stance for finding in self.findings]


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
    found = find(document, statements, resolution, targets, encoding, models, thresholds)
    return found.stances


def find(
    document: Document,
    statements: Sequence[Statement],
    resolution: Resolution,
    targets: Sequence[Target],
    encoding: Encoding,
    models: tuple[Encoder, PairScorer],
    thresholds: Thresholds | None = None,
    *,
    sureness: Sureness | None = None,
) -> Search:
    """Find stances as `detect` does, each with the judgements behind it.

    Args:
        document: the article.
        statements: its statements.
        resolution: their holders.
        targets: what to ask about.
        encoding: the article's sentence vectors.
        models: the encoder and the pair scorer.
        thresholds: cut-offs other than the calibrated ones.
        sureness: turns how a stance was found into its confidence; without it the confidence is
            the label's probability.
    """
    limits = thresholds or Thresholds()
    encoder, scorer = models
    owned = tuple(i for i, owner in enumerate(resolution.owner) if owner is not None)
    near = _nearness(document, [statements[i] for i in owned], targets, encoding, encoder)
    own = np.array([statements[i].source is None for i in owned], dtype=bool)
    asked = [
        (column, owned[row])
        for column in range(len(targets))
        for row in nearest(near[:, column], own, limits.near)
    ]
    pairs = [pair_of(document, statements[i], targets[t], resolution, i) for t, i in asked]
    row_of = {statement: row for row, statement in enumerate(owned)}
    result: list[Finding] = []
    for (target, owner), judgements in _judged(asked, pairs, resolution, scorer).items():
        related, rest = _parted(judgements, statements, limits)
        for group in sides(related, limits.second_side):
            if resolution.holders[owner].kind == "author" and group[0].scores.best == "neutral":
                continue
            evidence = _evidence(document, statements, group, targets[target], encoder)
            stance = conclude(
                resolution.holders[owner], targets[target], group, evidence, limits.floor
            )
            if sureness is not None:
                best = max(float(near[row_of[j.statement], target]) for j in group)
                stance = sureness.judged(stance, traits_of(stance, group, statements, best))
            result.append(Finding(stance, target, owner, tuple(group), related, rest))

    def place(found: Finding) -> tuple[int, int, int, int]:
        start = found.stance.evidence[0].start
        return targets.index(found.stance.target), start, found.target, found.related[0].statement

    return Search(tuple(sorted(result, key=place)), owned, near, own)


def _nearness(
    document: Document,
    statements: Sequence[Statement],
    targets: Sequence[Target],
    encoding: Encoding,
    encoder: Encoder,
) -> Floats:
    """Return the cosine of each statement, by its words or its sentence, with each target."""
    if not statements or not targets:
        return np.zeros((len(statements), len(targets)), dtype=np.float32)
    contents = encoder.embed([words_of(document.text, s) or "…" for s in statements])
    wanted = encoder.embed([target.text for target in targets])
    sentences = encoding.vectors[[document.at(s.content[0].start) for s in statements]]
    near: Floats = np.maximum(contents @ wanted.T, sentences @ wanted.T)
    return near


def nearest(near: Floats, own: NDArray[np.bool_], least: float) -> list[int]:
    """Choose the statements to ask about one target: the nearest ones, in the order of the text.

    Args:
        near: each statement's cosine with the target.
        own: which statements are the article's own, of which fewer are asked.
        least: the cosine that others need.
    """
    order = np.argsort(-near, kind="stable")
    told = [row for row in order if not own[row] and near[row] >= least][:MAX_STATEMENTS]
    ours = [row for row in order if own[row] and near[row] >= NEAR_AUTHOR][:MAX_AUTHOR]
    return sorted(int(row) for row in (*told, *ours))


def _judged(
    asked: Sequence[tuple[int, int]],
    pairs: Sequence[StancePair],
    resolution: Resolution,
    scorer: PairScorer,
) -> dict[tuple[int, int], list[Judgement]]:
    """Ask the scorer about (target, statement); return its judgements by (target, holder)."""
    judged: dict[tuple[int, int], list[Judgement]] = {}
    for (target, statement), pair, row in zip(asked, pairs, scorer.stance(pairs), strict=True):
        owner = resolution.owner[statement]
        if owner is not None:
            scores = Scores(*(float(value) for value in row[:3]))
            judgement = Judgement(statement, owner, scores, float(row[3]), pair)
            judged.setdefault((target, owner), []).append(judgement)
    return judged


def _parted(
    judgements: Sequence[Judgement], statements: Sequence[Statement], limits: Thresholds
) -> tuple[tuple[Judgement, ...], tuple[Judgement, ...]]:
    """Part judgements into those with enough relation to their target and the others."""
    enough = [j.related >= limits.relation(statements[j.statement]) for j in judgements]
    pairs = list(zip(judgements, enough, strict=True))
    return tuple(j for j, is_so in pairs if is_so), tuple(j for j, is_so in pairs if not is_so)


def pair_of(
    document: Document, statement: Statement, target: Target, resolution: Resolution, index: int
) -> StancePair:
    """Write the question that the scorer answers about one statement and one target."""
    context = context_of(document, statement)
    owner = resolution.owner[index]
    holder = resolution.holders[owner].name if owner is not None else None
    if owner is not None and resolution.holders[owner].kind == "author":
        return StancePair(statement.content[0].of(document.text), target.text, AUTHOR_NAME)
    mark = None
    if statement.source is not None and context.contains(statement.source):
        mark = Span(statement.source.start - context.start, statement.source.end - context.start)
    return StancePair(context.of(document.text), target.text, holder, mark)


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
