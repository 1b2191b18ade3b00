"""Read attributions off the tagger's logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.backends.base import Attribution, Floats
from stance.backends.inputs import Window
from stance.backends.modeling import ROLES
from stance.records import Span


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Hold one tagged stretch: tokens `first` to `last` (inclusive) and its mean probability."""

    role: str
    first: int
    last: int
    score: float


def token_spans(probabilities: Floats, inside: np.ndarray) -> list[TokenSpan]:
    """Read BIO tags greedily; an I without its B opens a span of its own.

    Args:
        probabilities: (tokens, 7).
        inside: (tokens,) booleans, False on special tokens.
    """
    best = probabilities.argmax(1)
    spans: list[TokenSpan] = []
    role, first = "", 0
    for token in range(len(best) + 1):
        tag = int(best[token]) if token < len(best) and inside[token] else 0
        now = ROLES[(tag - 1) // 2] if tag else ""
        if now != role or tag % 2 == 1:
            if role:
                score = float(probabilities[first:token].max(1).mean())
                spans.append(TokenSpan(role, first, token - 1, score))
            role, first = now, token
    return spans


def attributions(window: Window, probabilities: Floats, links: Floats) -> list[Attribution]:
    """Join a window's spans into attributions along its best links.

    Args:
        window: the tokens and their offsets.
        probabilities: (tokens, 7) tag probabilities.
        links: (2, tokens, tokens) link logits (see `AttributionHead`).

    Returns:
        One attribution per cue, and one per content that no cue claims.
    """
    spans = token_spans(probabilities, window.owner >= 0)
    by_role = {role: [s for s in spans if s.role == role] for role in ROLES}
    contents: dict[int, list[TokenSpan]] = {}
    orphans: list[TokenSpan] = []
    for content in by_role["content"]:
        cue = _linked(links[1, content.first], by_role["cue"])
        if cue is None:
            orphans.append(content)
        else:
            contents.setdefault(cue.first, []).append(content)
    found = []
    for cue in by_role["cue"]:
        source = _linked(links[0, cue.first], by_role["source"])
        parts = contents.get(cue.first, [])
        if parts:
            found.append(_attribution(window, parts, source, cue))
    return [*found, *(_attribution(window, [content], None, None) for content in orphans)]


def _linked(row: Floats, candidates: list[TokenSpan]) -> TokenSpan | None:
    """Choose the candidate whose first token the row points at; None where position 0 wins."""
    if not candidates:
        return None
    best = max(candidates, key=lambda c: float(row[c.first]))
    return best if row[best.first] > row[0] else None


def _attribution(
    window: Window, contents: list[TokenSpan], source: TokenSpan | None, cue: TokenSpan | None
) -> Attribution:
    parts = [*contents, *(s for s in (source, cue) if s)]
    return Attribution(
        tuple(sorted(_chars(window, c) for c in contents)),
        _chars(window, source) if source else None,
        _chars(window, cue) if cue else None,
        min(part.score for part in parts),
    )


def _chars(window: Window, span: TokenSpan) -> Span:
    return Span(int(window.starts[span.first]), int(window.ends[span.last]))
