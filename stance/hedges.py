"""Find what a sentence states as a fact and its source only as possible, planned or conditional.

"If she reaches her goal" is no ground for "She reached her goal", though nearly every word of it is
there, and a small model of entailment seldom minds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stance.lexicon import FUNCTION_WORDS
from stance.records import Span

# What makes the verb behind it less than a fact; "May" is a month and a name.
_GOVERNS = re.compile(
    r"\b(?:(?:would|could|might|may|should)(?:\s(?:not|never|also|well|still|[a-z]+ly))?"
    r"(?:\s(?:have|be))?"
    r"|(?:plan|aim|hope|want|wish|seek|threaten|intend|try|fail|refuse|declin|expect|schedul|propos)"
    r"(?:s|e|es|d|ed|ing|ning|ned)?\sto(?:\s(?:be|have))?"
    r"|(?:likely|unlikely|due|set|ready|able|unable|about|sought|tried|tries)\sto(?:\s(?:be|have))?)"
    r"\s(?!(?:have|be|been|to)\b)([a-z]{3,})"
)
_CONDITION = re.compile(
    r"\b(?:if|unless|whether)\s([^,;:.!?”\"]+(?:\.[^,;:.!?”\"]+)*)", re.IGNORECASE
)
# What has one of these before its verb claims no fact of its own.
_HEDGED = re.compile(
    r"\b(?:if|unless|whether|would|could|might|may|should|can|will|shall|must|to|possib\w*"
    r"|potential\w*|perhaps|allege\w*|suspect\w*|fear\w*|expect\w*|likely|not|never|no|n['’]t)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# Words count as one that agree in all but their last two letters, or in so many.
_LEAST_STEM = 4
# The share of a sentence's words that a clause has to hold to say the same, and the fewest words.
_SHARE, _LEAST_WORDS = 0.7, 3


def unhedged(text: str, sources: Sequence[str]) -> tuple[Span, ...]:
    """Find the words of a sentence that state as a fact what its sources do not.

    Args:
        text: one sentence.
        sources: the source sentences that it rests on.

    Returns:
        Their spans in `text`: a verb, or the whole sentence where it is a condition made a fact.
        Of 2,201 summaries in summac_val and FRANK's validation part 7 have any, all unfaithful.
    """
    conditions: list[str] = [m[1] for source in sources for m in _CONDITION.finditer(source)]
    if any(_says(clause, text) for clause in conditions):
        facts = [_CONDITION.sub(" ", source) for source in sources]
        if not _HEDGED.search(text) and not any(_says(fact, text) for fact in facts):
            return (Span(0, len(text)),)
    verbs = [m[1] for source in sources for m in _GOVERNS.finditer(source)]
    told = [word for source in sources for word in _WORD.findall(source)]
    open_verbs = [form for form in map(_forms, verbs) if sum(map(bool, map(form, told))) == 1]
    return tuple(
        Span(*match.span())
        for match in _WORD.finditer(text)
        if any(form(match[0]) for form in open_verbs) and not _HEDGED.search(text, 0, match.start())
    )


def _forms(verb: str) -> Callable[[str], re.Match[str] | None]:
    """Return what tells the forms of a regular verb: "plan", "plans", "planned"."""
    stem = verb.removesuffix("e").removesuffix("y")
    return re.compile(rf"{stem}{stem[-1]}?(?:e|y|s|es|ies|d|ed|ied|ing|ying)?", re.I).fullmatch


def _says(clause: str, text: str) -> bool:
    """Tell whether a clause has most of a sentence's words."""
    words = set(_stems(text))
    return len(words) >= _LEAST_WORDS and len(words.intersection(_stems(clause))) >= _SHARE * len(
        words
    )


def _stems(text: str) -> list[str]:
    words = (word for word in _WORD.findall(text.casefold()) if word not in FUNCTION_WORDS)
    return [word[: max(_LEAST_STEM, len(word) - 2)] for word in words]
