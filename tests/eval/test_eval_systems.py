from __future__ import annotations

import pytest

from eval.systems import AnalyzerSystem, Settings
from stance.records import Summary, SummarySentence


class Verifier:
    """Give the sentences of every summary these supports."""

    def __init__(self, *supports: float) -> None:
        self.supports = supports

    def verify(self, summary: str, text: str) -> Summary:
        sentences = tuple(SummarySentence(f"{s}.", (), s, "given") for s in self.supports)
        return Summary(summary, "given", sentences)


@pytest.mark.parametrize(
    ("supports", "expected"), [((0.9, 0.2, 0.7), 0.2), ((0.4,), 0.4), ((), 0.0)]
)
def test_a_summary_has_the_support_of_its_weakest_sentence(
    supports: tuple[float, ...], expected: float
) -> None:
    system = AnalyzerSystem("toy", Verifier(*supports), Settings())
    assert system.support("a summary", "a text") == expected
