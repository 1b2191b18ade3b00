"""Let no sentence out of a draft that the article does not support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stance.backends.base import Generator
from stance.draft import REWRITE, ask
from stance.records import SummarySentence
from stance.screen import trim_ballast
from stance.verify import Checker, Finding, plain

# Below this support a sentence is more likely unfaithful than not.
FLOOR = 0.5


def guard(
    findings: Sequence[Finding],
    checker: Checker,
    generator: Generator | None = None,
    *,
    floor: float = FLOOR,
) -> list[SummarySentence]:
    """Keep what is supported; rewrite, replace or drop the rest.

    Args:
        findings: the checked sentences of a draft.
        checker: what checked them; it checks the rewritten ones too.
        generator: rewrites an unsupported sentence once from its sources, if there is one.
        floor: the least support in [0, 1] that a sentence needs.

    Returns:
        The sentences in the order of the draft. `method` tells what became of each: kept as it was,
        ``rewrite``, or ``replace`` by the source sentence nearest to it; where the summary rests on
        that source already, nothing takes its place. A name, a number or a quote that the article
        lacks, and somebody's words told as fact, fail a sentence whatever its support.
    """
    kept = {i: f.sentence for i, f in enumerate(findings) if _passes(f, floor)}
    failed = [i for i in range(len(findings)) if i not in kept]
    rewritten = _rewrite([findings[i] for i in failed], checker, generator)
    for i, again in zip(failed, rewritten, strict=True):
        passes = again is not None and _passes(again, floor)
        sentence = again.sentence if again and passes else _replacement(findings[i], checker)
        if sentence is not None and not any(_retells(sentence, other) for other in kept.values()):
            kept[i] = sentence
    return _distinct(kept[i] for i in sorted(kept))


def _passes(finding: Finding, floor: float) -> bool:
    return finding.sentence.support >= floor and not finding.sentence.unsupported


def _rewrite(
    findings: Sequence[Finding], checker: Checker, generator: Generator | None
) -> list[Finding | None]:
    """Write each sentence anew from its sources; None where nobody has anything to say."""
    passages = [_passage(finding, checker) for finding in findings]
    asked = [i for i, passage in enumerate(passages) if passage]
    if generator is None or not asked:
        return [None] * len(findings)
    answers = ask(generator, [passages[i] for i in asked], REWRITE)
    first = {i: answer[0] for i, answer in zip(asked, answers, strict=True) if answer}
    checked = checker.check(list(first.values()), method="rewrite")
    found = dict(zip(first, checked, strict=True))
    return [found.get(i) for i in range(len(findings))]


def _passage(finding: Finding, checker: Checker) -> str:
    """Return a finding's sources without those that a generator must not see."""
    seen = [i for i in finding.premise if i not in checker.screen.quoted]
    return " ".join(trim_ballast(checker.document.sentence(i)) for i in seen)


def _replacement(finding: Finding, checker: Checker) -> SummarySentence | None:
    """Return the source sentence nearest to a finding, where it is one that may be told."""
    index = finding.nearest
    if index is None or index in checker.screen.ballast | checker.screen.quoted:
        return None
    source = checker.evidence(index)
    text = trim_ballast(source.text)
    # In the middle of a quotation a sentence has no marks, and nobody to say it.
    return None if checker.voices.lost(text) else SummarySentence(text, (source,), 1.0, "replace")


def _retells(sentence: SummarySentence, other: SummarySentence) -> bool:
    """Tell whether both rest on one and the same source sentence."""
    return len(sentence.sources) == 1 and sentence.sources == other.sources


def _distinct(sentences: Iterable[SummarySentence]) -> list[SummarySentence]:
    first: dict[str, SummarySentence] = {}
    for sentence in sentences:
        first.setdefault(plain(sentence.text), sentence)
    return list(first.values())
