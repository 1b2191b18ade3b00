"""Say what stances are about: targets that the caller gives, or that the article discovers.

Discovered targets are the propositions that people in the article speak to, written so that they
stand alone: "it supplied weapons" becomes "North Korea supplied weapons to Russia".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from stance.attribution import is_reported, words_of
from stance.backends.base import Encoder, Floats
from stance.errors import EmptyTextError, NotTextError
from stance.holders import Resolution
from stance.names import is_organization, is_person, names_in
from stance.records import Span, Statement, Target, TargetKind
from stance.text import Document

# Two candidates this close say the same (cosine of sentence vectors; by eye, not yet fitted).
SAME = 0.72
MIN_WORDS, MAX_WORDS = 3, 24

_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|will|would|can|could|should|must|may|might|has|have|had|did|does|"
    r"do|[a-z]+ed|knew|made|said|took|gave|went|came|got|paid|sold|sent|won|lost|cut|put|led|held|"
    r"broke|fell|rose|caused?s?|needs?|works?|helps?|harms?|costs?)\b"
)
_REPORT_NOUN = re.compile(
    r"^(?:.{0,60}?\b)?(?:reports?|allegations?|claims?|accusations?|suggestions?|assessments?|idea|"
    r"notion|charges?|rumou?rs?|findings?|belief|possibility|assertions?|insistence)\b"
    r"(?:\s+(?:by|from|of)\s+[^,]{2,50}?\s+that\s+|\s+(?:that\s+)?)(?=\S+\s+\S+\s+\S+)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:that|whether|if|how|and|but|so|because|because of|of|to|for|on|about|over|with|against|"
    r"yes|no|well|look|frankly|actually)\b[,\s]*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^(?:it|he|she|they|we|i|this|there)\b", re.IGNORECASE)
_REPLACED = re.compile(r"^(it|he|she|they|we|I)\b(?:['’](?:s|re|ve|ll|d|m))?", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(its|his|her|their|our|my)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|will|would|can|could|should)(?:\s+(?:not|never)|n['’]t)\s+",
    re.IGNORECASE,
)


# Words that lean on their context: a proposition with one of them does not stand alone.
_LEANS = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|ours|you|your|yours|him|her|hers|them|this|these|those|here|"
    r"today|yesterday|tomorrow|yes|no|oh)\b|[“\"«»]|^[^‘]*[’'](?!\w)|(?:^|\s)['’]|‘[^’]*$",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(
    r"\b(?:the|an?|of|to|and|or|as|when|on|in|at|for|by|with|from|that|which|who|his|her|their|its|"
    r"if|but|than|is|are|was|were|be|not|where|what|how|why|had|has|have|so|because)$",
    re.IGNORECASE,
)
# A phrase without its subject.
_NO_SUBJECT = re.compile(
    r"^(?:within|into|under|over|before|after|during|despite|is|are|was|were|be|been|has|have|had|do|"
    r"does|did|will|would|can|could|should|must|may|"
    r"might|not|also|then|what|who|whom|which|where|when|how|why|any|more|less|neither|either|"
    r"there|[a-z]+(?:ed|ing)|took|went|came|got|made|said|gave|put|set|cut|hit|let|won|lost|holds?|"
    r"strikes?|agrees?|urges?|calls?|says?)\b",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(r"^(?:the|a|an|its|their)\s", re.IGNORECASE)


@dataclass(slots=True)
class _Candidate:
    text: str
    kind: TargetKind
    weight: float
    spans: list[Span] = field(default_factory=list)


def given_targets(texts: str | Target | Sequence[str | Target]) -> list[Target]:
    """Turn the caller's targets into records; a single one needs no list.

    Raises:
        NotTextError: a target is no str.
        EmptyTextError: a target is blank.
    """
    targets = []
    for given in [texts] if isinstance(texts, str | Target) else texts:
        text = given.text if isinstance(given, Target) else given
        if not isinstance(text, str):
            raise NotTextError(f"a target must be a str, got {type(text).__name__}: {text!r}")
        if not text.strip():
            raise EmptyTextError("a target is empty; give a claim, an entity or a topic")
        targets.append(given if isinstance(given, Target) else Target(text.strip(), kind_of(text)))
    return targets


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
    statements: Sequence[Statement],
    resolution: Resolution,
    encoder: Encoder,
    limit: int,
) -> list[Target]:
    """Find what the article's holders speak to.

    Args:
        document: the article.
        title: statements found in the title, read as a text of its own.
        statements: those of the body.
        resolution: their holders.
        encoder: embeds the candidates.
        limit: how many targets to return at most.

    Returns:
        Targets, those that most holders speak to first.
    """
    candidates = list(_candidates(document, statements, resolution))
    candidates = [*_headline(document, title), *candidates]
    if not candidates:
        return []
    vectors = encoder.embed([c.text for c in candidates])
    groups = _groups(candidates, vectors)
    owners = dict(zip((s.content[0] for s in statements), resolution.owner, strict=True))

    def worth(group: list[int]) -> float:
        holders = {owners.get(span) for i in group for span in candidates[i].spans} - {None}
        return len(holders) + max(candidates[i].weight for i in group)

    ranked = sorted(groups, key=worth, reverse=True)[:limit]
    return [_target([candidates[i] for i in group], vectors[group]) for group in ranked]


def _headline(document: Document, title: Sequence[Statement]) -> list[_Candidate]:
    """Make the headline's proposition a candidate, its pronouns filled from its own source."""
    words = document.article.title or ""
    found = []
    for statement in title:
        if is_reported(words, statement):
            continue
        source = statement.source.of(words) if statement.source else ""
        text = self_contained(words_of(words, statement), source)
        if text:
            found.append(_Candidate(text, kind_of(text), 1.5))
    return found


def _candidates(
    document: Document, statements: Sequence[Statement], resolution: Resolution
) -> list[_Candidate]:
    found = []
    for statement, owner in zip(statements, resolution.owner, strict=True):
        if is_reported(document.text, statement) or _is_deed(statement):
            continue
        name = resolution.holders[owner].name if owner is not None else ""
        text = self_contained(_core(document, statement), name)
        if text:
            weight = {"narration": 0.2, "indirect": 0.4, "mixed": 0.2, "direct": 0.0}[
                statement.kind
            ]
            found.append(_Candidate(text, kind_of(text), weight, [statement.content[0]]))
    return found


def _is_deed(statement: Statement) -> bool:
    """Tell whether a statement is an act as a whole ("vetoed the bill"), which names no target."""
    return statement.kind == "narration" and statement.cue is None


def _core(document: Document, statement: Statement) -> str:
    """Return a statement's words, of a long quotation its first sentence only."""
    words = words_of(document.text, statement)
    return re.split(r"(?<=[.!?])[”\"]?\s+", words)[0]


def self_contained(clause: str, holder: str) -> str | None:
    """Rewrite a content so that it stands alone, affirmative and without attribution.

    Args:
        clause: for example "allegations it supplied weapons to Russia".
        holder: who says it; stands in for a pronoun at the start.

    Returns:
        "North Korea supplied weapons to Russia", or None where the clause is too short, too long,
        or still leans on its context.
    """
    text = " ".join(clause.replace("“", "").replace("”", "").replace('"', "").split())
    text = _REPORT_NOUN.sub("", text)
    for _ in range(2):
        text = _OPENING.sub("", text)
    text = text.strip(" ,;:—–-.!?")
    if (
        holder
        and _REPLACED.match(text)
        and not text.lower().startswith(("it is ", "it was ", "it’s "))
    ):
        text = _REPLACED.sub(holder, text, count=1)
        text = _POSSESSIVE.sub("its" if not is_person(holder) else "their", text)
    text = _NEGATED.sub(_affirm, text, count=1)
    words = text.split()
    if not MIN_WORDS <= len(words) <= MAX_WORDS or not _stands_alone(text, clause):
        return None
    return text[:1].upper() + text[1:]


def _stands_alone(text: str, clause: str) -> bool:
    """Tell whether a wording is a whole proposition, or a whole phrase that names something."""
    if _SUBJECT.match(text) or _CUT_SHORT.search(text) or _NO_SUBJECT.match(text):
        return False
    if _LEANS.search(text) or re.search(r"[^\W\d_a-zA-ZÀ-ɏ]", text):
        return False
    clausal = clause.casefold().lstrip('“" ').startswith("that ")
    return clausal or kind_of(text) == "claim" or bool(_NOUN_PHRASE.match(clause.strip(' “"')))


def _affirm(match: re.Match[str]) -> str:
    """Drop a negation; a bare *do* goes with it."""
    auxiliary = match[1]
    return "" if auxiliary.casefold() in ("do", "does", "did") else f"{auxiliary} "


def _groups(candidates: Sequence[_Candidate], vectors: Floats) -> list[list[int]]:
    """Put each candidate with the first group whose founder it is close to."""
    groups: list[list[int]] = []
    for index in range(len(candidates)):
        founders = [group[0] for group in groups]
        close = vectors[founders] @ vectors[index] if founders else np.zeros(0)
        if len(close) and close.max() >= SAME:
            groups[int(close.argmax())].append(index)
        else:
            groups.append([index])
    return groups


def _target(group: Sequence[_Candidate], vectors: Floats) -> Target:
    """Name a group by its most central claim, a claim before a phrase, the headline before all."""
    centre = vectors.mean(0)
    scores = vectors @ centre

    def rank(index: int) -> tuple[float, float]:
        candidate = group[index]
        return candidate.weight + (candidate.kind == "claim") * 0.5, float(scores[index])

    best = group[max(range(len(group)), key=rank)]
    spans = tuple(sorted(span for candidate in group for span in candidate.spans))
    return Target(best.text, best.kind, given=False, mentions=spans)
