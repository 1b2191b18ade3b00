"""Tell in one line each what an article has on a holder or a target, in its own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from stance.backends.base import Encoder, Encoding, Floats
from stance.records import Brief, Evidence, Holder, Span, Stance, SummarySentence, Target
from stance.salience import Ranking, rank
from stance.text import Document

# How much the salience of a sentence counts, and how much its nearness to the name.
SHARES = (0.4, 0.6)
# A sentence in which somebody takes a side says more than one that mentions the name.
SIDED = 0.5


def briefs(
    document: Document,
    encoding: Encoding,
    encoder: Encoder,
    holders: Sequence[Holder],
    targets: Sequence[Target],
    stances: Sequence[Stance],
) -> tuple[Brief, ...]:
    """Choose the one sentence that tells most of each holder and of each target.

    Args:
        document: the article.
        encoding: what `encoder` made of it.
        encoder: embeds the names.
        holders: who takes stances.
        targets: what about.
        stances: their evidence comes first, that of taken sides before the rest.

    Returns:
        At most one brief for each, the holders first; none for one of whom no sentence may be
        told. Every sentence is the article's own, with its source.
    """
    ranking = rank(document, encoding)
    names = [*(h.name for h in holders), *(t.text for t in targets)]
    if not ranking.texts or not names:
        return ()
    near = encoder.embed(names) @ encoding.vectors.T
    found: list[Brief] = []
    for holder, row in zip(holders, near, strict=False):
        own = [s for s in stances if s.holder.name == holder.name]
        best = _best(document, ranking, row, own, holder.mentions)
        found += [Brief("holder", holder.name, sentence) for sentence in best]
    for target, row in zip(targets, near[len(holders) :], strict=True):
        own = [s for s in stances if s.target.text == target.text]
        best = _best(document, ranking, row, own, target.mentions)
        found += [Brief("target", target.text, sentence) for sentence in best]
    return tuple(found)


def _best(
    document: Document,
    ranking: Ranking,
    near: Floats,
    stances: Sequence[Stance],
    mentions: Sequence[Span],
) -> list[SummarySentence]:
    """Return the best sentence among those of the evidence, or of the mentions, if there is one."""
    sided = _touched(
        document, (e.span for s in stances if s.label in ("favor", "against") for e in s.evidence)
    )
    shown = _touched(document, (e.span for s in stances for e in s.evidence))
    named = shown | sided or _touched(document, mentions)
    allowed = [i for i in sorted(named) if i in ranking.texts]
    if not allowed:
        return []
    near = np.maximum(near, 0.0)
    worth = [
        SHARES[0] * float(ranking.weights[i]) + SHARES[1] * float(near[i]) + SIDED * (i in sided)
        for i in allowed
    ]
    best = allowed[int(np.argmax(worth))]
    source = Evidence.cut(document.text, document.sentences[best])
    return [SummarySentence(ranking.texts[best], (source,), 1.0, "extract")]


def _touched(document: Document, spans: Iterable[Span]) -> set[int]:
    return {i for span in spans for i in document.covering(span)}
