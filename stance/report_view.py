"""Hold what the parts of a report share: numbers, anchors, paragraphs, marks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from stance.literals import Inventory, strange
from stance.markup import Html, Mark, join, paragraph_spans, tag
from stance.plain import SIGNS, heading, percent
from stance.records import Analysis, Evidence, Stance, SummarySentence, Target

# Below this the source is more likely not to say what the sentence says.
WEAK = 0.5


class ReportView:
    """Hold what several parts of the page share: numbers, anchors, paragraphs."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.text = analysis.article.text
        self.paragraphs = paragraph_spans(self.text)
        self.numbered = list(enumerate(analysis.stances, 1))
        self.marks = [*self._sources(), *self._evidence()]
        self._inventory = Inventory.of([analysis.article.title or "", self.text])

    @property
    def title(self) -> str:
        """What to call the article."""
        return heading(self.analysis.article) or "Empty article"

    @property
    def targets(self) -> list[Target]:
        """Every target, with a stance or without, once."""
        both = (*self.analysis.targets, *(s.target for s in self.analysis.stances))
        return list({t.text: t for t in both}.values())

    def quotes(self, evidence: Evidence) -> bool:
        """Tell whether the words stand in the article where the evidence says."""
        return self.text[evidence.start : evidence.end] == evidence.text != ""

    def paragraph(self, evidence: Evidence) -> int:
        """Return the number of the paragraph in which the evidence begins."""
        return max(1, sum(p.start <= evidence.start for p in self.paragraphs))

    def line(self, about: Literal["holder", "target"], name: str) -> str | None:
        """Return the article's one line on a holder or a target."""
        sentence = self.analysis.brief(about, name)
        return sentence.text if sentence else None

    def words(self, sentence: SummarySentence) -> Html:
        """Mark the names, numbers and quotes of a sentence that the article lacks.

        Where little is supported, the other words that it lacks are marked, too.
        """
        text, kinds = sentence.text, dict.fromkeys(range(len(sentence.text)), "")
        if sentence.support < WEAK:
            odd = strange(text, self._inventory)
            kinds |= {i: "strange" for span in odd for i in range(span.start, span.end)}
        lacking = (range(s.start, min(s.end, len(text))) for s in sentence.unsupported)
        kinds |= {i: "unsupported" for span in lacking for i in span}
        runs = (
            (kind, "".join(text[i] for i in places))
            for kind, places in groupby(range(len(text)), kinds.__getitem__)
        )
        return join(tag("mark", words, class_=kind) if kind else words for kind, words in runs)

    def _sources(self) -> Iterator[Mark]:
        sentences = self.analysis.summary.sentences if self.analysis.summary else ()
        for i, sentence in enumerate(sentences, 1):
            for k, source in enumerate(sentence.sources, 1):
                if self.quotes(source):
                    yield Mark(source.span, f"s{i}-{k}")

    def _evidence(self) -> Iterator[Mark]:
        for n, stance in self.numbered:
            for k, evidence in enumerate(stance.evidence, 1):
                if self.quotes(evidence):
                    yield Mark(evidence.span, f"e{n}-{k}", stance.label, _tip(stance), str(n))


def _tip(stance: Stance) -> str:
    sign, sure = SIGNS[stance.label], percent(stance.confidence)
    return f"{sign} {stance.holder.name}, {stance.label}: {stance.target.text} ({sure})"
