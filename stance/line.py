"""Run the straight line on one article: statements, holders, targets, stances, the summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from stance.attribution import find_statements
from stance.backends.base import Encoder, Encoding, Generator, PairScorer
from stance.briefs import briefs
from stance.detect import find
from stance.explain import traced
from stance.holders import Resolution, resolve
from stance.options import Options, SummaryMethod
from stance.reading import read, warnings_of
from stance.records import Analysis, Article, ModelInfo, Stance, Statement, Summary, Target
from stance.salience import Ranking
from stance.screen import without_baits
from stance.summarize import AbstractConfig, summarize
from stance.sureness import Sureness
from stance.targets import discover, given_targets
from stance.text import Document, as_article, make_document
from stance.verify import SupportModel

__all__ = ["Line", "contested"]


class Line:
    """Hold the models of the line.

    Args:
        encoder: reads an article once.
        scorer: judges pairs.
        info: names the weights in every result.
        generator: writes abstracts, or makes what does when first needed; None: extracts only.
        support: turns what a check finds into a probability; None: the uncalibrated default.
        sureness: turns how a stance was found into its confidence; None: the label's probability.
    """

    def __init__(
        self,
        encoder: Encoder,
        scorer: PairScorer,
        info: ModelInfo,
        generator: Generator | Callable[[bool], Generator | None] | None = None,
        support: SupportModel | None = None,
        sureness: Sureness | None = None,
    ) -> None:
        self.encoder, self.scorer, self.info = encoder, scorer, info
        self.support, self.sureness = support or SupportModel(), sureness
        self._generator = generator

    def generator(self, required: bool = False) -> Generator | None:
        """Return the generator, loading it when first asked for; None where it is not at hand."""
        if callable(self._generator) and not isinstance(self._generator, Generator):
            self._generator = self._generator(required) or self._generator
        found = self._generator
        return found if isinstance(found, Generator) else None

    def shorten(
        self,
        document: Document,
        encoding: Encoding,
        method: SummaryMethod,
        length: int | str,
        focus: str | None = None,
        *,
        ranking: Ranking | None = None,
    ) -> Summary:
        """Summarize a document, by abstract where that is asked for or at hand.

        What speaks to a language model is taken out first: the encoder reads a sentence in its
        context, so that it would move even the weights of the others.
        """
        clean = without_baits(document) if ranking is None else document
        if clean is not document:
            document, encoding = clean, self.encoder.encode(clean)
        generator = self.generator(method == "abstract") if method != "extract" else None
        return summarize(
            document,
            encoding,
            method=method,
            length=length,
            focus=focus,
            generator=generator,
            scorer=self.scorer,
            encoder=self.encoder,
            config=AbstractConfig(support=self.support),
            ranking=ranking,
        )

    def run(
        self, value: str | Article, targets: Sequence[str | Target] | None, settings: Options
    ) -> Analysis:
        """Analyze one article: `targets` None discovers what it speaks about."""
        article = as_article(value)
        wanted = given_targets(targets) if targets is not None else None
        document, coverage = read(article, settings)
        encoding = self.encoder.encode(document)
        resolution = self.resolved(document, encoding)
        statements = resolution.statements
        about = wanted if wanted is not None else self._discover(document, resolution, settings)
        stances = self._stances(document, statements, resolution, about, encoding, settings)
        if wanted is None:
            about, stances = contested(about, stances, settings.max_targets)
        how = settings.summary
        summary = self.shorten(document, encoding, how, settings.length) if how else None
        speaking = tuple(h for h in resolution.holders if any(s.holder is h for s in stances))
        return Analysis(
            article,
            summary,
            speaking,
            tuple(about),
            tuple(stances),
            coverage,
            self._infos(summary),
            tuple(warnings_of(document, coverage, summary)),
            briefs(document, encoding, self.encoder, speaking, about, stances) if how else (),
        )

    def resolved(self, document: Document, encoding: Encoding) -> Resolution:
        """Find who says and does what: the statements of a document, and their holders."""
        return resolve(document, find_statements(document, encoding), narration=True)

    def _stances(
        self,
        document: Document,
        statements: Sequence[Statement],
        resolution: Resolution,
        targets: Sequence[Target],
        encoding: Encoding,
        settings: Options,
    ) -> list[Stance]:
        models, limits, sure = (self.encoder, self.scorer), settings.thresholds, self.sureness
        found = find(
            document, statements, resolution, targets, encoding, models, limits, sureness=sure
        )
        if not settings.explain:
            return found.stances
        limits = replace(limits, floor=sure.floor) if sure else limits
        return traced(document, statements, resolution, found, limits)

    def _discover(
        self, document: Document, resolution: Resolution, settings: Options
    ) -> list[Target]:
        title: list[Statement] = []
        if document.article.title and document.article.title.strip():
            headline = make_document(document.article.title)
            title = find_statements(headline, self.encoder.encode(headline))
        limit = 2 * settings.max_targets
        return discover(document, title, resolution, self.encoder, limit)

    def _infos(self, summary: Summary | None) -> tuple[ModelInfo, ...]:
        written = summary is not None and summary.method == "abstract"
        generator = self.generator() if written else None
        return (self.info, generator.info) if generator else (self.info,)


def contested(
    targets: Sequence[Target], stances: Sequence[Stance], limit: int
) -> tuple[list[Target], list[Stance]]:
    """Keep the discovered targets that somebody speaks to, the most contested first."""

    def rank(target: Target) -> tuple[int, int, int]:
        own = [s for s in stances if s.target is target]
        taken = {s.label for s in own}
        sides = len(taken & {"favor", "against"})
        return sides, len({s.holder.name for s in own if s.label != "unclear"}), len(own)

    spoken = [t for t in targets if any(s.target is t for s in stances)]
    kept = sorted(spoken, key=rank, reverse=True)[:limit]
    order = {id(target): index for index, target in enumerate(kept)}
    chosen = [s for s in stances if id(s.target) in order]
    return kept, sorted(chosen, key=lambda s: order[id(s.target)])
