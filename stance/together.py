"""Sum up several articles on one event: what they have in common, and who differs from whom.

Each article is ranked by itself, so that its opening counts as one; a sentence that the others
tell, too, is worth more. Then all are summarized as if they were one article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from stance.backends.base import Encoder, Encoding, Floats
from stance.guard import FLOOR
from stance.line import Line
from stance.options import Options, SummaryMethod
from stance.records import (
    Analysis,
    Article,
    Difference,
    Digest,
    DigestSentence,
    Evidence,
    Side,
    Source,
    Span,
    SummarySentence,
    Target,
)
from stance.salience import Ranking, rank
from stance.screen import Screen, without_baits
from stance.text import Document, make_document
from stance.verify import Checker

# How much more a sentence is worth that every other article tells, too.
SHARED = 0.5
# Targets of two articles this close are one (cosine): who differs on the one differs on the other.
SAME = 0.6
# So many targets are discovered in each article, and so many differences told.
MAX_TARGETS = 8
MAX_DIFFERENCES = 4
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Hold several articles as one document; article `k` begins at character ``starts[k]``."""

    documents: tuple[Document, ...]
    encodings: tuple[Encoding, ...]
    document: Document
    encoding: Encoding
    starts: tuple[int, ...]

    @classmethod
    def of(cls, documents: Sequence[Document], encoder: Encoder) -> Bundle:
        """Encode articles one by one and put them behind each other."""
        encodings = tuple(encoder.encode(document) for document in documents)
        lengths = [len(document.text) + len(_GAP) for document in documents]
        starts = tuple(accumulate(lengths[:-1], initial=0))
        vectors = np.concatenate([e.vectors for e in encodings])
        salience = np.concatenate([e.salience for e in encodings])
        whole = _joined(documents, starts)
        return cls(tuple(documents), encodings, whole, Encoding(vectors, salience, ()), starts)

    def source(self, evidence: Evidence) -> tuple[int, Evidence]:
        """Return the article that evidence of the whole comes from, and the evidence in it."""
        article = int(np.searchsorted(self.starts, evidence.start, side="right")) - 1
        start = evidence.start - self.starts[article]
        return article, Evidence(evidence.text, start, start + len(evidence.text))

    def ranking(self, focus: str | None, encoder: Encoder) -> Ranking:
        """Rank the sentences of all articles, those that several tell above the rest."""
        ranked = [
            rank(document, encoding, focus, encoder)
            for document, encoding in zip(self.documents, self.encodings, strict=True)
        ]
        weights = np.concatenate([r.weights for r in ranked]) * (1 + SHARED * self._shared())
        weights = np.asarray(weights / max(float(weights.max(initial=0.0)), 1e-6), dtype=np.float32)
        sizes = [len(document.sentences) for document in self.documents]
        firsts = list(accumulate(sizes[:-1], initial=0))
        texts = {f + i: t for f, r in zip(firsts, ranked, strict=True) for i, t in r.texts.items()}
        order = sorted(texts, key=lambda i: (-float(weights[i]), i))
        kinds = ("ballast", "baits", "quoted", "foreign")
        sets = (
            frozenset(
                f + i for f, r in zip(firsts, ranked, strict=True) for i in getattr(r.screen, kind)
            )
            for kind in kinds
        )
        words = {f + i: w for f, r in zip(firsts, ranked, strict=True) for i, w in r.words.items()}
        screened = Screen(*sets)
        return Ranking(
            {i: texts[i] for i in order}, weights, self.encoding.vectors, screened, words
        )

    def _shared(self) -> Floats:
        """Return how near each sentence is to the other articles, in [0, 1]."""
        parts = []
        for own in self.encodings:
            others = [e for e in self.encodings if e is not own]
            nearest = [(own.vectors @ e.vectors.T).max(axis=1) for e in others]
            parts.append(np.mean(nearest, axis=0) if nearest else np.zeros(len(own.vectors)))
        return np.asarray(np.clip(np.concatenate(parts), 0.0, 1.0), dtype=np.float32)


def digest(
    line: Line,
    articles: Sequence[str | Article],
    *,
    method: SummaryMethod = "auto",
    length: int | str = 3,
    focus: str | None = None,
) -> Digest:
    """Summarize several articles on one event as one.

    Args:
        line: the models.
        articles: at least one; sources name them by their place in this sequence.
        method: as for `stance.summarize`.
        length: of the whole summary; a share counts the words of all articles.
        focus: what the summary is to be about.

    Returns:
        The summary, with the sources of each sentence in every article that supports it, and the
        targets on which holders, in one article or across them, are of two minds.
    """
    documents = [without_baits(make_document(article)) for article in articles]
    bundle = Bundle.of(documents, line.encoder)
    ranking = bundle.ranking(focus, line.encoder)
    summary = line.shorten(bundle.document, bundle.encoding, method, length, focus, ranking=ranking)
    checkers = [
        Checker(document, encoding, line.scorer, line.encoder, model=line.support)
        for document, encoding in zip(documents, bundle.encodings, strict=True)
    ]
    sentences = _with_sources(summary.sentences, bundle, checkers)
    return Digest(summary.text, summary.method, sentences, differences(line, articles))


def _with_sources(
    sentences: Sequence[SummarySentence], bundle: Bundle, checkers: Sequence[Checker]
) -> tuple[DigestSentence, ...]:
    """Say for each sentence where it comes from, and which other articles tell it, too."""
    told = [checker.check([s.text for s in sentences]) for checker in checkers]
    made = []
    for number, sentence in enumerate(sentences):
        own = [bundle.source(evidence) for evidence in sentence.sources]
        sources = [Source(k, e, told[k][number].sentence.support) for k, e in own]
        for k in sorted(set(range(len(checkers))) - {k for k, _ in own}):
            found = told[k][number].sentence
            if found.support >= FLOOR and not found.unsupported:
                sources += [Source(k, evidence, found.support) for evidence in found.sources]
        made.append(
            DigestSentence(
                sentence.text,
                tuple(sources),
                sentence.support,
                sentence.method,
                sentence.unsupported,
            )
        )
    return tuple(made)


def differences(line: Line, articles: Sequence[str | Article]) -> tuple[Difference, ...]:
    """Find the targets on which somebody is in favor and somebody else against.

    Args:
        line: the models.
        articles: each is asked about the targets of all.

    Returns:
        A few, the surest first: as sure as the less sure of its two sides. Every stance comes with
        the number of its article. Somebody who says one thing in one article and the opposite in
        another differs from himself.
    """
    settings = Options(summary=None, max_targets=MAX_TARGETS)
    found = [line.run(article, None, settings) for article in articles]
    targets = _merged([t for analysis in found for t in analysis.targets], line.encoder)
    if not targets:
        return ()
    asked = [line.run(article, targets, settings) for article in articles]
    contested = [Difference(t, _sides(asked, t)) for t in targets]
    kept = [d for d in contested if _is_open(d)]
    return tuple(sorted(kept, key=_sureness, reverse=True)[:MAX_DIFFERENCES])


def _merged(targets: Sequence[Target], encoder: Encoder) -> list[Target]:
    """Keep one of the targets that say the same; where they stand in one article means nothing."""
    distinct = list({t.text.casefold(): replace(t, mentions=()) for t in targets}.values())
    if not distinct:
        return []
    vectors = encoder.embed([t.text for t in distinct])
    kept: list[int] = []
    for index in range(len(distinct)):
        if not kept or float((vectors[kept] @ vectors[index]).max()) < SAME:
            kept.append(index)
    return [distinct[index] for index in kept]


def _sides(asked: Sequence[Analysis], target: Target) -> tuple[Side, ...]:
    return tuple(
        Side(number, stance)
        for number, analysis in enumerate(asked)
        for stance in analysis.stances
        if stance.target.text == target.text and stance.label != "unclear"
    )


def _is_open(difference: Difference) -> bool:
    """Tell whether two who are not the same, or the same in two articles, stand on both sides."""
    voices = {
        label: {
            (side.article, side.stance.holder.name.casefold())
            for side in difference.sides
            if side.stance.label == label
        }
        for label in ("favor", "against")
    }
    return any(one != other for one in voices["favor"] for other in voices["against"])


def _sureness(difference: Difference) -> float:
    """Return the confidence of the surest stance on the less sure side."""
    sure = {"favor": 0.0, "against": 0.0, "neutral": 0.0}
    for side in difference.sides:
        label = side.stance.label
        sure[label] = max(sure.get(label, 0.0), side.stance.confidence)
    return min(sure["favor"], sure["against"])


def _joined(documents: Sequence[Document], starts: Sequence[int]) -> Document:
    """Put documents behind each other without cutting their sentences anew."""

    def moved(spans: Sequence[Span], by: int) -> list[Span]:
        return [Span(span.start + by, span.end + by) for span in spans]

    pairs = list(zip(documents, starts, strict=True))
    counts = [len(document.paragraphs) for document in documents]
    firsts = accumulate(counts[:-1], initial=0)
    titles = (d.article.title for d in documents)
    return Document(
        Article(_GAP.join(d.text for d in documents), title=" ".join(filter(None, titles)) or None),
        tuple(span for document, start in pairs for span in moved(document.paragraphs, start)),
        tuple(span for document, start in pairs for span in moved(document.sentences, start)),
        tuple(
            first + paragraph
            for document, first in zip(documents, firsts, strict=True)
            for paragraph in document.paragraph_of
        ),
    )
