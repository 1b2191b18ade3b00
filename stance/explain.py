"""Tell how stances came to be: what was read, asked and scored, what counts, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from stance.attribution import context_of
from stance.backends.base import StancePair
from stance.detect import (
    MAX_AUTHOR,
    MAX_EVIDENCE,
    MAX_STATEMENTS,
    NEAR_AUTHOR,
    Finding,
    Search,
    nearest,
)
from stance.holders import Resolution
from stance.records import (
    Check,
    Evidence,
    Ground,
    Question,
    Scores,
    Span,
    Stance,
    Statement,
    Trail,
)
from stance.text import Document
from stance.trail import CheckName
from stance.weighing import FLOOR, Judgement, Thresholds, by_strength, sides

__all__ = ["passage_trail", "traced"]


def traced(
    document: Document,
    statements: Sequence[Statement],
    resolution: Resolution,
    search: Search,
    limits: Thresholds,
) -> list[Stance]:
    """Give stances the trail that led to them.

    Args:
        document: the article.
        statements: its statements.
        resolution: their holders.
        search: what `stance.detect.find` found.
        limits: the cut-offs that it found it with.

    Returns:
        The stances of the search, in its order, each with its `Trail`.
    """
    tracer = _Tracer(document, statements, resolution, search, limits)
    return [replace(found.stance, trail=tracer.trail(found)) for found in search.findings]


class _Tracer:
    def __init__(
        self,
        document: Document,
        statements: Sequence[Statement],
        resolution: Resolution,
        search: Search,
        limits: Thresholds,
    ) -> None:
        self.document, self.statements, self.resolution = document, statements, resolution
        self.search, self.limits = search, limits
        self.rows = {index: row for row, index in enumerate(search.owned)}

    def trail(self, found: Finding) -> Trail:
        """Follow one finding back to the words of the article."""
        return Trail(
            tuple(self._judged(found, j) for j in found.group),
            self._aside(found),
            self._mentions(found.owner),
            self._checks(found),
            tuple(self._reasons(found)),
        )

    def _mentions(self, owner: int) -> tuple[Evidence, ...]:
        own = zip(self.statements, self.resolution.owner, strict=True)
        spans = {s.source for s, of in own if of == owner and s.source is not None}
        return tuple(self._quote(span) for span in sorted(spans))

    def _quote(self, span: Span) -> Evidence:
        return Evidence.cut(self.document.text, span)

    # ------------------------------------------------------------------ statements

    def _aside(self, found: Finding) -> tuple[Ground, ...]:
        """Follow the holder's other statements, in the order of the article."""
        counted = {j.statement for j in found.group}
        judged = {j.statement: j for j in chain(found.related, found.unrelated)}
        chosen = nearest(self.search.near[:, found.target], self.search.own, self.limits.near)
        rest: list[Ground] = []
        for index, row in self.rows.items():
            if self.resolution.owner[index] != found.owner or index in counted:
                continue
            if index in judged:
                rest.append(self._passed_over(found, judged[index]))
            elif row not in chosen:
                rest.append(self._unasked(found, index))
        return tuple(rest)

    def _ground(self, found: Finding, index: int) -> Ground:
        """Quote a statement's parts, and hold it against the first cut-off."""
        statement = self.statements[index]
        cosine = float(self.search.near[self.rows[index], found.target])
        near = Check("near", cosine, self.limits.near if statement.source else NEAR_AUTHOR)
        return Ground(
            tuple(map(self._quote, statement.content)),
            self._quote(statement.source) if statement.source else None,
            self._quote(statement.cue) if statement.cue else None,
            statement.kind,
            checks=(near,),
        )

    def _unasked(self, found: Finding, index: int) -> Ground:
        ground = self._ground(found, index)
        most = MAX_STATEMENTS if self.statements[index].source else MAX_AUTHOR
        crowded = f"{most} statements are nearer to the target"
        far = "too far from the target to be asked about"
        return replace(ground, reason=crowded if ground.checks[0].passed else far)

    def _judged(self, found: Finding, judgement: Judgement) -> Ground:
        statement = self.statements[judgement.statement]
        enough = Check(_relation(statement), judgement.related, self.limits.relation(statement))
        ground = self._ground(found, judgement.statement)
        return replace(
            ground,
            question=self._question(statement, judgement.pair),
            scores=judgement.scores,
            related=judgement.related,
            checks=(*ground.checks, enough),
        )

    def _question(self, statement: Statement, pair: StancePair | None) -> Question | None:
        if pair is None:
            return None
        # The article's own sentences are asked about alone.
        alone = statement.source is None
        context = statement.content[0] if alone else context_of(self.document, statement)
        return _question(self._quote(context), pair)

    def _passed_over(self, found: Finding, judgement: Judgement) -> Ground:
        """Tell why a statement that was asked about does not count for this stance."""
        ground = self._judged(found, judgement)
        if judgement in found.unrelated:
            return replace(ground, reason="too little relation to the target")
        label = judgement.scores.best
        if label in self._shown(found):
            return replace(ground, reason=f"shows {label}, which is a stance of its own")
        if label == "neutral":
            return replace(ground, reason="neutral words give way to a side that is taken")
        second = Check("second_side", by_strength(found.related)[label], self.limits.second_side)
        why = f"shows {label}, and not surely enough for a second side"
        return replace(ground, checks=(*ground.checks, second), reason=why)

    # ------------------------------------------------------------------ the whole

    def _shown(self, found: Finding) -> set[str]:
        """Return the labels under which this holder's stances on this target are shown."""
        groups = sides(found.related, self.limits.second_side)
        return {group[0].scores.best for group in groups}

    def _checks(self, found: Finding) -> tuple[Check, ...]:
        label, strengths = found.group[0].scores.best, by_strength(found.related)
        floor = Check("floor", found.stance.confidence, self.limits.floor)
        if label == next(iter(strengths)):
            return (floor,)
        return (Check("second_side", strengths[label], self.limits.second_side), floor)

    def _reasons(self, found: Finding) -> Iterator[str]:
        label, strengths = found.group[0].scores.best, by_strength(found.related)
        main, count = next(iter(strengths)), len(found.group)
        if count > 1:
            yield (
                f"{count} statements of this holder on this target show {label} and are summed up: "
                "half the mean of their scores by relation, half the scores of the strongest"
            )
        if count > MAX_EVIDENCE:
            yield f"the {MAX_EVIDENCE} strongest statements are quoted"
        if len(strengths) > 1:
            yield _why_shown(label, main, strengths[label])
        yield from _abstention(found.stance.scores, found.stance.confidence, self.limits.floor)


def _relation(statement: Statement) -> CheckName:
    """Name the cut-off that a statement's relation to a target is held against."""
    if statement.kind != "narration":
        return "related"
    return "acts" if statement.source is not None else "author"


def _why_shown(label: str, main: str, strongest: float) -> str:
    if label == main:
        return f"{label} is what the strongest statement shows ({strongest:.0%})"
    sure = f"a statement of its own shows it surely ({strongest:.0%})"
    if main == "neutral":
        return f"{label} goes before neutral words: {sure}"
    return f"{label} is a second side beside {main}: {sure}"


def _abstention(scores: Scores, confidence: float, floor: float) -> Iterator[str]:
    if confidence < floor:
        yield f"unclear: {scores.best}, the best label, is {confidence:.0%} sure, below the floor"


def _question(context: Evidence, pair: StancePair) -> Question:
    mark, start = pair.holder_span, context.start
    span = Span(mark.start + start, mark.end + start) if mark else None
    return Question(context, pair.target, pair.holder, span)


def _part(passage: Evidence, span: Span) -> Evidence:
    """Quote a stretch of the article that lies in a passage."""
    start = passage.start
    return Evidence(passage.text[span.start - start : span.end - start], span.start, span.end)


def passage_trail(stance: Stance, pair: StancePair, scores: Scores, related: float) -> Trail:
    """Tell how a stance came to be that was read off one passage.

    Args:
        stance: what was made of the answer; its evidence is the passage.
        pair: what was asked.
        scores: the answer.
        related: the relation that the scorer found between passage and target, in [0, 1].

    Returns:
        The trail, with the passage as its only ground.
    """
    passage = stance.evidence[0]
    question = _question(passage, pair)
    mark = question.holder_span
    mentions = () if mark is None else (_part(passage, mark),)
    ground = Ground(
        (passage,),
        mentions[0] if mentions else None,
        question=question,
        scores=scores,
        related=related,
    )
    diluted = f"favor and against count by the relation found ({related:.0%}), the rest is neutral"
    unclear = _abstention(stance.scores, stance.confidence, FLOOR)
    floor = Check("floor", stance.confidence, FLOOR)
    return Trail((ground,), (), mentions, (floor,), (diluted, *unclear))
