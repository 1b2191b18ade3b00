"""Answer with loaded models: the object that has the six verbs, and how it is loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar, overload

from stance.attribution import find_statements
from stance.backends.base import Floats, Generator
from stance.errors import NotTextError, OptionError, StanceError
from stance.line import Line, contested
from stance.options import OnError, Options, SummaryMethod
from stance.pairs import pair_of, passage_of, shortened, spread, stance_of
from stance.records import (
    Analysis,
    Article,
    Evidence,
    Failure,
    Span,
    Statement,
    Summary,
    Target,
)
from stance.screen import without_baits
from stance.sureness import Sureness
from stance.targets import given_targets
from stance.text import make_document
from stance.together import digest
from stance.verify import SupportModel, verify

__all__ = ["Analyzer", "OnError", "Options", "SummaryMethod", "contested", "load"]

T = TypeVar("T")

GENERATOR = "smollm2-135m"


class Analyzer(Line):
    """Hold the models and answer; the module's functions use one with the default model.

    Args:
        encoder: reads an article once.
        scorer: judges pairs.
        info: names the weights in every result.
        generator: writes abstracts, or makes what does when first needed; None: extracts only.
        support: turns what a check finds into a probability; None: the uncalibrated default.
        sureness: turns how a stance was found into its confidence; None: the label's probability.
    """

    def __repr__(self) -> str:
        return f"Analyzer(model={self.info.name!r})"

    @overload
    def analyze(
        self, article: str | Article, targets: Sequence[str | Target] | None = ..., **options: Any
    ) -> Analysis: ...
    @overload
    def analyze(
        self,
        article: list[str | Article],
        targets: Sequence[str | Target] | None = ...,
        **options: Any,
    ) -> list[Analysis]: ...
    def analyze(
        self,
        article: str | Article | list[str | Article],
        targets: Sequence[str | Target] | None = None,
        **options: Any,
    ) -> Analysis | list[Analysis]:
        """Find what an article says and who stands where.

        Args:
            article: a text or an `Article`; a list gives a list in the same order.
            targets: claims, entities or topics to ask about; None discovers them.
            **options: the fields of `Options`: summary, length, max_targets, max_chars, on_long,
                thresholds, explain.

        Returns:
            The analysis, or one per article.

        Raises:
            InputError: the text, a target or an option cannot be used.
            ModelError: the generator of an abstract cannot be had.
        """
        settings = Options.of(**options)
        wanted = None if targets is None else given_targets(targets)
        if isinstance(article, list):
            return [self.run(item, wanted, settings) for item in article]
        return self.run(article, wanted, settings)

    def analyze_many(
        self,
        articles: Iterable[str | Article],
        targets: Sequence[str | Target] | None = None,
        *,
        on_error: OnError = "raise",
        **options: Any,
    ) -> Iterator[Analysis | Failure]:
        """Analyze a stream of articles without ever holding it.

        Args:
            articles: texts or articles, read one at a time.
            targets: as for `analyze`, the same for all.
            on_error: ``raise``; ``skip`` the article; or ``record`` a `Failure` in its place.
            **options: as for `analyze`.

        Yields:
            One result per article, in order.
        """
        settings = Options.of(**options)
        if on_error not in ("raise", "skip", "record"):
            raise OptionError(f"on_error={on_error!r}; use 'raise', 'skip' or 'record'")
        if isinstance(articles, str | Article):
            raise NotTextError("analyze_many takes many articles; for one, use analyze(article)")
        wanted = None if targets is None else given_targets(targets)
        return self._stream(articles, wanted, on_error, settings)

    def _stream(
        self,
        articles: Iterable[str | Article],
        targets: Sequence[str | Target] | None,
        on_error: OnError,
        settings: Options,
    ) -> Iterator[Analysis | Failure]:
        for article in articles:
            try:
                yield self.run(article, targets, settings)
            except StanceError as error:
                if on_error == "raise":
                    raise
                if on_error == "record":
                    name = article.id if isinstance(article, Article) else None
                    yield Failure(type(error).__name__, str(error), name)

    def summarize(
        self,
        text: str | Article | list[str | Article],
        *,
        method: SummaryMethod = "auto",
        length: int | str = 3,
        focus: str | None = None,
        together: bool = False,
    ) -> Any:
        """Summarize a text.

        Args:
            text: a text or an article; a list gives a list.
            method: ``extract``, ``abstract``, or ``auto``: an abstract where a generator is on this
                machine, else an extract; nothing is downloaded.
            length: a number of sentences, ``"60w"`` words or ``"10%"`` of the words.
            focus: what the summary should be about.
            together: whether the texts of a list are on one event and make one summary.

        Returns:
            A `Summary`; every sentence has its sources and its support. Together, a `Digest`.

        Raises:
            OptionError: `together` without a list of texts.
        """
        if together:
            if not isinstance(text, list) or not text:
                raise OptionError("together=True needs a list of texts, one for each article")
            return digest(self, text, method=method, length=length, focus=focus)

        def one(item: str | Article) -> Summary:
            # What `shorten` would take out would cost it a second reading.
            document = without_baits(make_document(item))
            return self.shorten(document, self.encoder.encode(document), method, length, focus)

        return _each(text, one)

    def verify(self, summary: str | Summary, text: str | Article) -> Summary:
        """Check a summary against its text, sentence by sentence.

        Args:
            summary: anyone's summary.
            text: what it claims to summarize.

        Returns:
            The summary with each sentence's sources and its support in [0, 1].
        """
        document = make_document(text)
        encoding = self.encoder.encode(document)
        return verify(summary, document, encoding, self.scorer, self.encoder, model=self.support)

    def attribute(self, text: str | Article | list[str | Article]) -> Any:
        """Find who says what in a text.

        Args:
            text: a text or an article; a list gives a list.

        Returns:
            Its statements, each with source, cue and content spans.
        """

        def one(item: str | Article) -> list[Statement]:
            document = make_document(item)
            return find_statements(document, self.encoder.encode(document))

        return _each(text, one)

    def detect(
        self,
        text: str | Article | list[str | Article],
        target: str | list[str],
        *,
        holder: str | list[str | None] | None = None,
        explain: bool = False,
    ) -> Any:
        """Tell how a text, or somebody in it, stands toward a target.

        Args:
            text: a text, or a list of them.
            target: a claim, entity or topic; or one per text.
            holder: whose stance; None: the text's own. Or one per text.
            explain: whether to keep the trail: the question, the answer, the cut-offs.

        Returns:
            A `Stance`, or a list of them; `evidence` is the passage that was read.

        Raises:
            OptionError: lists of different lengths.
        """
        single = not isinstance(text, list)
        texts = text if isinstance(text, list) else [text]
        targets = spread(target, len(texts), "target")
        holders = spread(holder, len(texts), "holder")
        given = [given_targets([t])[0] for t in targets]
        documents = [make_document(item) for item in texts]
        passages = [
            passage_of(d, t.text, self.encoder) for d, t in zip(documents, given, strict=True)
        ]
        pairs = [
            pair_of(document.text[span.start : span.end], t.text, h)
            for document, span, t, h in zip(documents, passages, given, holders, strict=True)
        ]
        rows = self.scorer.stance(pairs)
        found = [
            stance_of(row, h, t, Evidence.cut(d.text, span), asked=pair if explain else None)
            for row, h, t, d, span, pair in zip(
                rows, holders, given, documents, passages, pairs, strict=True
            )
        ]
        return found[0] if single else found

    def score_pairs(
        self,
        texts: Sequence[str],
        targets: Sequence[str],
        holders: Sequence[str | None] | None = None,
        target_spans: Sequence[Span | None] | None = None,
    ) -> Floats:
        """Score many pairs at once; long texts are read as their passages nearest to the target.

        Args:
            texts: one per pair.
            targets: one per pair.
            holders: one per pair, None for the text's own stance.
            target_spans: where each text names its target, where known.

        Returns:
            (pairs, 4): favor, against, neutral (sum one) and related.
        """
        spans = target_spans or [None] * len(texts)
        names = holders or [None] * len(texts)
        short = shortened(texts, targets, spans, self.encoder)
        pairs = [
            replace(pair_of(text, target, name), target_span=span if text is original else None)
            for text, original, target, name, span in zip(
                short, texts, targets, names, spans, strict=True
            )
        ]
        return self.scorer.stance(pairs)


def _each(value: Any, one: Callable[[Any], T]) -> T | list[T]:
    return [one(item) for item in value] if isinstance(value, list) else one(value)


def load(
    name_or_path: str | os.PathLike[str] = "mini",
    *,
    device: str = "auto",
    backend: Literal["torch"] = "torch",
    revision: str | None = None,
    generator: str | None = GENERATOR,
) -> Analyzer:
    """Load a model once, to ask it many times.

    Args:
        name_or_path: a name from ``stance models list``, a folder, or a hub id.
        device: ``auto``, ``cpu``, ``cuda``, ``mps``.
        backend: how the encoder runs.
        revision: the commit of a hub model.
        generator: what writes abstracts: a name, a folder, a hub id, or a server's URL; None for
            extracts only. It is loaded when first needed.

    Returns:
        An analyzer.

    Raises:
        ModelError: the model is unknown, unsafe, or cannot be had.
        OptionError: an unknown backend, a model that writes in place of one that reads or the other
            way round, something else than a name.
    """
    from stance.backends.opening import open_model
    from stance.weights import expect
    from stance.weights import resolve as find

    if backend != "torch":
        raise OptionError(f"backend={backend!r} is unknown; use 'torch'")
    if not isinstance(name_or_path, str | os.PathLike):
        raise OptionError(f"a model is a name, a folder or a hub id, not {name_or_path!r}")
    if isinstance(name_or_path, str):
        expect(name_or_path, writes=False)
    if generator and "://" not in generator:
        expect(generator, writes=True)
    weights = find(name_or_path, revision=revision)
    model = open_model(weights.path, weights.info, device, lambda: find("mini").path)
    writer = _lazy(generator, device) if generator else None
    fitted = model.calibration.get("support")
    support = SupportModel.from_dict(fitted) if fitted else None
    sure = model.calibration.get("stances")
    sureness = Sureness.from_dict(sure) if sure else None
    return Analyzer(model, model, weights.info, writer, support, sureness)


def _lazy(name: str, device: str) -> Callable[[bool], Generator | None]:
    """Make the generator when it is first needed; unless required, only if it is at hand."""

    def make(required: bool) -> Generator | None:
        from stance.backends.generate import load_generator
        from stance.weights import is_local

        if not required and "://" not in name and not is_local(name):
            return None
        return load_generator(name, device=device)

    return make
