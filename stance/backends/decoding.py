"""Read attributions off the tagger's logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.backends.base import Attribution, Floats
from stance.backends.inputs import Window
from stance.backends.modeling import ACT_ROLES, ROLES
from stance.records import Span

# Contents of one sentence so few words apart are one (PolNeAR dev), and one of fewer words is none.
MAX_HOLE = 3
MIN_CONTENT = 2


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Hold one tagged stretch: tokens `first` to `last` (inclusive) and its mean probability."""

    role: str
    first: int
    last: int
    score: float


def token_spans(
    probabilities: Floats, words: NDArray[np.int64], names: Sequence[str] = ROLES
) -> list[TokenSpan]:
    """Read tags word by word: a role's chance is that of its B and I together.

    The pieces of a word vote as one. A new span of the same role begins only where a B is likelier
    than not, since in PolNeAR spans of one role seldom touch.

    Args:
        probabilities: (tokens, 1 + 2 x roles): O, then B and I of each role.
        words: (tokens,), the word each token is a piece of, -1 on special tokens.
        names: the roles.
    """
    spans: list[TokenSpan] = []
    role, first, last, chances = 0, 0, 0, list[float]()
    for start, end in [*_words(words), (len(words), len(words))]:
        now, chance, opens = 0, 0.0, False
        if start < end:
            mean = probabilities[start:end].mean(0)
            roles = np.concatenate([mean[:1], mean[1::2] + mean[2::2]])
            now, chance = int(roles.argmax()), float(roles.max())
            opens = now > 0 and float(probabilities[start, 2 * now - 1]) > 0.5 * chance
        if now != role or opens:
            if role:
                spans.append(TokenSpan(names[role - 1], first, last, float(np.mean(chances))))
            role, first, chances = now, start, []
        last = end - 1
        chances.append(chance)
    return spans


def _words(words: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Group consecutive tokens of one word: (first, past the last) of each."""
    inside = np.flatnonzero(words >= 0)
    groups: list[tuple[int, int]] = []
    for token in inside:
        if groups and words[token] == words[token - 1] and groups[-1][1] == token:
            groups[-1] = (groups[-1][0], int(token) + 1)
        else:
            groups.append((int(token), int(token) + 1))
    return groups


def attributions(window: Window, probabilities: Floats, links: Floats) -> list[Attribution]:
    """Join a window's spans into attributions along its best links.

    Args:
        window: the tokens and their offsets.
        probabilities: (tokens, 7) tag probabilities.
        links: (2, tokens, tokens) link logits (see `AttributionHead`).

    Returns:
        One attribution per cue, and one per content that no cue claims.
    """
    spans = _mended(token_spans(probabilities, window.word), window)
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


def acts(window: Window, probabilities: Floats) -> list[Attribution]:
    """Read acts off a window: each with the nearest actor of its sentence, the one before it first.

    Args:
        window: the tokens and their offsets.
        probabilities: (tokens, 5) act-tag probabilities.
    """
    spans = token_spans(probabilities, window.word, ACT_ROLES)
    actors = [s for s in spans if s.role == "actor"]
    found = []
    for act in (s for s in spans if s.role == "act"):
        near = [a for a in actors if window.owner[a.first] == window.owner[act.first]]
        if near and _count(window, act.first, act.last) >= MIN_CONTENT:
            actor = min(near, key=lambda a: (a.first > act.first, abs(a.first - act.first)))
            found.append(_attribution(window, [act], actor, None))
    return found


def _mended(spans: Sequence[TokenSpan], window: Window) -> list[TokenSpan]:
    """Join contents of one sentence across small holes, then drop what is too short to say much."""
    result: list[TokenSpan] = []
    for span in spans:
        before = result[-1] if result else None
        if before is not None and _splinters(before, span, window):
            score = (before.score + span.score) / 2
            result[-1] = TokenSpan(span.role, before.first, span.last, score)
        else:
            result.append(span)
    return [
        s for s in result if s.role != "content" or _count(window, s.first, s.last) >= MIN_CONTENT
    ]


def _splinters(before: TokenSpan, span: TokenSpan, window: Window) -> bool:
    """Tell whether two contents of one sentence are parted by `MAX_HOLE` words or fewer."""
    same = before.role == span.role == "content"
    near = int(window.word[span.first] - window.word[before.last]) - 1 <= MAX_HOLE
    return same and near and bool(window.owner[before.last] == window.owner[span.first])


def _count(window: Window, first: int, last: int) -> int:
    return int(window.word[last] - window.word[first]) + 1


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
        sum(part.score for part in parts) / len(parts),
    )


def _chars(window: Window, span: TokenSpan) -> Span:
    return Span(int(window.starts[span.first]), int(window.ends[span.last]))
