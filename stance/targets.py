"""Say what stances are about: targets that the caller gives, or that the article discovers.

Discovered targets are phrases and claims of the article ("closing four branch libraries", "North
Korea supplied weapons to Russia") that look like what people take sides on, each issue once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from stance.backends.base import Encoder, Floats
from stance.candidates import Candidate, gather, shared
from stance.errors import EmptyTextError, NotTextError
from stance.holders import Resolution
from stance.names import is_organization, is_person, names_in
from stance.records import Statement, Target, TargetKind
from stance.text import Document
from stance.topics import Scene, is_presentable, score

# Two candidates say the same from this cosine of their sentence vectors, or this share of words
# (Dice); these and the numbers below were chosen on the seeds' development part.
SAME_COSINE, SAME_WORDS = 0.65, 0.5
# A fuller wording that ranks so little lower stands in for a shorter one.
FULLER_WITHIN, FULLER_WORDS = 0.6, 6
# Log-odds from which a candidate is a target, and how many are taken however low they are.
LEAST_SCORE, LEAST_COUNT = -1.75, 2

_WHERE = re.compile(r" (?:in|at|near|on|from|by|behind|with|under|above|over|into|within) ")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|will|would|can|could|should|must|may|might|has|have|had|did|does|"
    r"do|[a-z]+ed|knew|made|said|took|gave|went|came|got|paid|sold|sent|won|lost|cut|put|led|held|"
    r"broke|fell|rose|caused?s?|needs?|works?|helps?|harms?|costs?)\b"
)


def given_targets(texts: str | Target | Sequence[str | Target]) -> list[Target]:
    """Turn the caller's targets into records, each once; a single one needs no list.

    Raises:
        NotTextError: a target is no str.
        EmptyTextError: a target is blank.
    """
    targets: dict[str, Target] = {}
    for given in [texts] if isinstance(texts, str | Target) else texts:
        text = given.text if isinstance(given, Target) else given
        if not isinstance(text, str):
            raise NotTextError(f"a target must be a str, got {type(text).__name__}: {text!r}")
        if not text.strip():
            raise EmptyTextError("a target is empty; give a claim, an entity or a topic")
        target = given if isinstance(given, Target) else Target(text.strip(), kind_of(text))
        targets.setdefault(target.text, target)
    return list(targets.values())


def kind_of(text: str) -> TargetKind:
    """Guess whether a wording is a claim, an entity or a topic."""
    bare = text.strip().rstrip(".")
    names = names_in(bare)
    if names and len(names[0]) >= len(bare) - 4 and (is_person(bare) or is_organization(bare)):
        return "entity"
    words = bare.split()
    if len(words) >= 4 and _VERB.search(" ".join(words[1:])):
        return "claim"
    return "entity" if names and names[0] == re.sub(r"^[Tt]he ", "", bare) else "topic"


def discover(
    document: Document,
    title: Sequence[Statement],
    resolution: Resolution,
    encoder: Encoder,
    limit: int,
) -> list[Target]:
    """Find what the article's holders speak to.

    Args:
        document: the article.
        title: statements found in the title, read as a text of its own.
        resolution: those of the body, with their holders.
        encoder: embeds the best candidates, to tell which say the same.
        limit: how many targets to return at most.

    Returns:
        Targets, the likeliest first.
    """
    scene = Scene(document, resolution)
    candidates = [c for c in gather(document, title, resolution) if is_presentable(c, scene)]
    scores = [score(candidate, scene) for candidate in candidates]
    best = best_of(candidates, scores, 3 * limit)
    if not best:
        return []
    vectors = encoder.embed([candidates[i].text for i in best])
    kept = without_repeats([candidates[i] for i in best], vectors)
    chosen = [i for place, k in enumerate(kept) if _is_enough(scores[i := best[k]], place)]
    return [_target(candidates[i]) for i in chosen[:limit]]


def best_of(candidates: Sequence[Candidate], scores: Sequence[float], count: int) -> list[int]:
    """Return the indices of the best candidates, the fuller of two wordings that nest."""
    order = sorted(range(len(candidates)), key=lambda i: -scores[i])[:count]
    # Of those below the mark a few are kept, in case that those above it say the same.
    likely = [i for k, i in enumerate(order) if _is_enough(scores[i], k // 3)]
    return list(dict.fromkeys(_fuller(i, candidates, scores) for i in likely))


def _fuller(index: int, candidates: Sequence[Candidate], scores: Sequence[float]) -> int:
    """Return the best wording that has all words of another and more, itself where none is near.

    "the pool" gives way to "closing the pool" and "the pool of Hale", not to "the pool in Hale".
    """
    short, least = candidates[index], scores[index] - FULLER_WITHIN
    longer = [
        i
        for i, other in enumerate(candidates)
        if scores[i] >= least
        and short.stems < other.stems
        and len(other.stems) <= FULLER_WORDS
        and not _only_places(short.text, other.text)
    ]
    return max(longer, key=lambda i: scores[i], default=index)


def _only_places(short: str, long: str) -> bool:
    """Tell whether a longer wording only says where or with what."""
    return long.startswith(f"{short} ") and bool(_WHERE.match(long[len(short) :]))


def without_repeats(candidates: Sequence[Candidate], vectors: Floats) -> list[int]:
    """Return the indices of the candidates that say what none before them says."""
    kept: list[int] = []
    for index, candidate in enumerate(candidates):
        near = vectors[kept] @ vectors[index] if kept else np.zeros(0)
        words = (shared(candidate.stems, candidates[k].stems) for k in kept)
        if near.max(initial=-1.0) < SAME_COSINE and max(words, default=0.0) < SAME_WORDS:
            kept.append(index)
    return kept


def _is_enough(value: float, place: int) -> bool:
    return place < LEAST_COUNT or value >= LEAST_SCORE


def _target(candidate: Candidate) -> Target:
    kind: TargetKind = "claim" if candidate.sort == "claim" else "topic"
    if candidate.is_name:
        kind = "entity"
    return Target(candidate.text, kind, given=False, mentions=tuple(sorted(candidate.spans)))
