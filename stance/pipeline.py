"""Run the straight line: article → statements → holders → targets → stances, and the summary."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from stance.attribution import find_statements
from stance.backends.base import Encoder, Encoding, Floats, Generator, PairScorer, StancePair
from stance.backends.passages import nearest
from stance.detect import FLOOR, Thresholds, detect
from stance.errors import OptionError, StanceError, TooLongError
from stance.holders import Resolution, resolve
from stance.records import (
    LABELS,
    Analysis,
    Article,
    Coverage,
    Evidence,
    Failure,
    Holder,
    ModelInfo,
    Scores,
    Span,
    Stance,
    Statement,
    Summary,
    Target,
)
from stance.summarize import summarize
from stance.targets import discover, given_targets
from stance.text import Document, as_article, make_document
from stance.verify import verify

if TYPE_CHECKING:
    from stance.backends.mini import MiniBackend

SummaryMethod = Literal["auto", "extract", "abstract"]
OnError = Literal["raise", "skip", "record"]
T = TypeVar("T")

GENERATOR = "smollm2-135m"
# What the pair scorer reads of a long text: the passages nearest to the target.
PASSAGE_WORDS = 110
# An English text has at least this share of the commonest English words.
_ENGLISH = frozenset(
    """
    the of and to in a is that for it was on with as by at from be this an are not have has
    """.split()
)
ENGLISH_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Options:
    """Hold how an article is analyzed.

    `summary` is None (none), ``extract``, ``abstract`` or ``auto``; `length` a number of sentences,
    ``"60w"`` or ``"10%"``; `max_targets` bounds discovered targets; `max_chars` the text, which
    `on_long` truncates or refuses; `thresholds` the cut-offs of detection.
    """

    summary: SummaryMethod | None = "auto"
    length: int | str = 3
    max_targets: int = 8
    max_chars: int | None = None
    on_long: Literal["truncate", "error"] = "truncate"
    thresholds: Thresholds = field(default_factory=Thresholds)

    @classmethod
    def of(cls, **given: Any) -> Options:
        """Check keywords and gather them.

        Raises:
            OptionError: an unknown keyword or a value out of range.
        """
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise OptionError(f"unknown option {unknown[0]!r}; known: {sorted(known)}")
        options = cls(**given)
        if options.summary not in (None, "auto", "extract", "abstract"):
            raise OptionError(
                f"summary={options.summary!r}; use 'auto', 'extract', 'abstract' or None"
            )
        if not isinstance(options.max_targets, int) or options.max_targets < 0:
            raise OptionError(f"max_targets={options.max_targets!r}; use a whole number, 0 or more")
        if options.max_chars is not None and options.max_chars < 1:
            raise OptionError(f"max_chars={options.max_chars!r}; use a positive number or None")
        if options.on_long not in ("truncate", "error"):
            raise OptionError(f"on_long={options.on_long!r}; use 'truncate' or 'error'")
        return options


class Analyzer:
    """Hold the models and answer; the module's functions use one with the default model.

    Args:
        encoder: reads an article once.
        scorer: judges pairs.
        info: names the weights in every result.
        generator: writes abstracts, or makes what does when first needed; None: extracts only.
    """

    def __init__(
        self,
        encoder: Encoder,
        scorer: PairScorer,
        info: ModelInfo,
        generator: Generator | Callable[[bool], Generator | None] | None = None,
    ) -> None:
        self.encoder, self.scorer, self.info = encoder, scorer, info
        self._generator = generator

    def __repr__(self) -> str:
        return f"Analyzer(model={self.info.name!r})"

    # ------------------------------------------------------------------ articles

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
                thresholds.

        Returns:
            The analysis, or one per article.

        Raises:
            InputError: the text, a target or an option cannot be used.
            ModelError: the generator of an abstract cannot be had.
        """
        settings = Options.of(**options)
        if isinstance(article, list):
            return [self._analyze(item, targets, settings) for item in article]
        return self._analyze(article, targets, settings)

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
        return self._stream(articles, targets, on_error, settings)

    def _stream(
        self,
        articles: Iterable[str | Article],
        targets: Sequence[str | Target] | None,
        on_error: OnError,
        settings: Options,
    ) -> Iterator[Analysis | Failure]:
        for article in articles:
            try:
                yield self._analyze(article, targets, settings)
            except StanceError as error:
                if on_error == "raise":
                    raise
                if on_error == "record":
                    name = article.id if isinstance(article, Article) else None
                    yield Failure(type(error).__name__, str(error), name)

    def _analyze(
        self, value: str | Article, targets: Sequence[str | Target] | None, settings: Options
    ) -> Analysis:
        article = as_article(value)
        wanted = given_targets(targets) if targets is not None else None
        document, coverage = _read(article, settings)
        encoding = self.encoder.encode(document)
        statements = find_statements(document, encoding)
        resolution = resolve(document, statements)
        about = (
            wanted
            if wanted is not None
            else self._discover(document, statements, resolution, settings)
        )
        stances = detect(
            document,
            statements,
            resolution,
            about,
            encoding,
            (self.encoder, self.scorer),
            settings.thresholds,
        )
        if wanted is None:
            about, stances = contested(about, stances, settings.max_targets)
        summary = self._summary(document, encoding, settings.summary, settings.length)
        speaking = tuple(h for h in resolution.holders if any(s.holder is h for s in stances))
        return Analysis(
            article,
            summary,
            speaking,
            tuple(about),
            tuple(stances),
            coverage,
            self._infos(summary),
            tuple(_warnings(document, coverage)),
        )

    def _discover(
        self,
        document: Document,
        statements: Sequence[Statement],
        resolution: Resolution,
        settings: Options,
    ) -> list[Target]:
        title: list[Statement] = []
        if document.article.title and document.article.title.strip():
            headline = make_document(document.article.title)
            title = find_statements(headline, self.encoder.encode(headline))
        limit = 2 * settings.max_targets
        return discover(document, title, statements, resolution, self.encoder, limit)

    def _infos(self, summary: Summary | None) -> tuple[ModelInfo, ...]:
        written = summary is not None and summary.method == "abstract"
        generator = self.generator() if written else None
        return (self.info, generator.info) if generator else (self.info,)

    # ------------------------------------------------------------------ summaries

    def generator(self, required: bool = False) -> Generator | None:
        """Return the generator, loading it when first asked for; None where it is not at hand."""
        if callable(self._generator) and not isinstance(self._generator, Generator):
            self._generator = self._generator(required) or self._generator
        found = self._generator
        return found if isinstance(found, Generator) else None

    def _summary(
        self,
        document: Document,
        encoding: Encoding,
        method: SummaryMethod | None,
        length: int | str,
        focus: str | None = None,
    ) -> Summary | None:
        if method is None:
            return None
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
        )

    def summarize(
        self,
        text: str | Article | list[str | Article],
        *,
        method: SummaryMethod = "auto",
        length: int | str = 3,
        focus: str | None = None,
    ) -> Any:
        """Summarize a text.

        Args:
            text: a text or an article; a list gives a list.
            method: ``extract``, ``abstract``, or ``auto``: an abstract where a generator is on this
                machine, else an extract; nothing is downloaded.
            length: a number of sentences, ``"60w"`` words or ``"10%"`` of the words.
            focus: what the summary should be about.

        Returns:
            A `Summary`; every sentence has its sources and its support.
        """

        def one(item: str | Article) -> Summary:
            document = make_document(item)
            found = self._summary(document, self.encoder.encode(document), method, length, focus)
            assert found is not None  # only method=None gives none
            return found

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
        return verify(summary, document, self.encoder.encode(document), self.scorer, self.encoder)

    # ------------------------------------------------------------------ parts

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
    ) -> Any:
        """Tell how a text, or somebody in it, stands toward a target.

        Args:
            text: a text, or a list of them.
            target: a claim, entity or topic; or one per text.
            holder: whose stance; None: the text's own. Or one per text.

        Returns:
            A `Stance`, or a list of them; `evidence` is the passage that was read.

        Raises:
            OptionError: lists of different lengths.
        """
        single = not isinstance(text, list)
        texts = text if isinstance(text, list) else [text]
        targets = _spread(target, len(texts), "target")
        holders = _spread(holder, len(texts), "holder")
        given = [given_targets([t])[0] for t in targets]
        documents = [make_document(item) for item in texts]
        passages = [self._passage(d, t.text) for d, t in zip(documents, given, strict=True)]
        pairs = [
            _pair(document.text[span.start : span.end], t.text, h)
            for document, span, t, h in zip(documents, passages, given, holders, strict=True)
        ]
        rows = self.scorer.stance(pairs)
        found = [
            _stance(row, h, t, Evidence.cut(d.text, span))
            for row, h, t, d, span in zip(rows, holders, given, documents, passages, strict=True)
        ]
        return found[0] if single else found

    def _passage(self, document: Document, target: str) -> Span:
        """Return the stretch of a text that a pair is scored on: all of it where it is short."""
        if len(document.text.split()) <= PASSAGE_WORDS:
            return Span(0, len(document.text))
        sentences = [document.sentence(i) for i in range(len(document.sentences))]
        vectors = self.encoder.encode(document).vectors
        best = nearest(sentences, vectors, self.encoder.embed([target])[0], PASSAGE_WORDS // 3)
        first, last = document.sentences[best[0]], document.sentences[best[-1]]
        near = Span(first.start, last.end)
        return near if len(near.of(document.text).split()) <= PASSAGE_WORDS else first

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
        shortened = self._shorten(texts, targets, spans)
        pairs = [
            replace(_pair(text, target, name), target_span=span if text is original else None)
            for text, original, target, name, span in zip(
                shortened, texts, targets, names, spans, strict=True
            )
        ]
        return self.scorer.stance(pairs)

    def _shorten(
        self, texts: Sequence[str], targets: Sequence[str], spans: Sequence[Span | None]
    ) -> list[str]:
        """Cut long texts to the sentences nearest to their targets, each text encoded once."""
        long = {
            text
            for text, span in zip(texts, spans, strict=True)
            if span is None and len(text.split()) > PASSAGE_WORDS
        }
        cut = {text: make_document(text) for text in long}
        sentences = {t: [d.sentence(i) for i in range(len(d.sentences))] for t, d in cut.items()}
        vectors = {text: self.encoder.embed(parts) for text, parts in sentences.items()}
        names = sorted(set(targets)) if long else []
        wanted = dict(zip(names, self.encoder.embed(names), strict=True)) if names else {}
        result = []
        for text, target, span in zip(texts, targets, spans, strict=True):
            if span is not None or text not in long:
                result.append(text)
                continue
            best = nearest(sentences[text], vectors[text], wanted[target], PASSAGE_WORDS)
            result.append(" ".join(sentences[text][i] for i in best))
        return result


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


def _read(article: Article, settings: Options) -> tuple[Document, Coverage]:
    """Cut the article, shortened at a sentence's end where it is over `max_chars`."""
    document = make_document(article)
    total = len(article.text)
    count = len(document.sentences)
    if settings.max_chars is None or total <= settings.max_chars:
        return document, Coverage(total, total, count, count)
    if settings.on_long == "error":
        raise TooLongError(
            f"article {article.id or '(no id)'!r} has {total} characters, over max_chars="
            f"{settings.max_chars}; raise max_chars or use on_long='truncate'"
        )
    kept = sum(1 for s in document.sentences if s.end <= settings.max_chars) or 1
    cut = Document(
        article, document.paragraphs, document.sentences[:kept], document.paragraph_of[:kept]
    )
    read = document.sentences[kept - 1].end
    return cut, Coverage(read, total, kept, count, truncated=True)


def _warnings(document: Document, coverage: Coverage) -> Iterator[str]:
    words = re.findall(r"[^\W\d_]+", document.text.casefold())
    if len(words) >= 20 and sum(w in _ENGLISH for w in words) < ENGLISH_SHARE * len(words):
        yield "the text does not look like English; the models read English only, expect little"
    if len(words) < 8 and len(document.text) > 40:
        yield "the text has hardly any words that can be read; expect little"
    if coverage.truncated:
        yield f"only the first {coverage.chars_read} of {coverage.chars_total} characters were read"


def _pair(text: str, target: str, holder: str | None) -> StancePair:
    """Write a pair, with the holder's first mention marked where the text has it."""
    at = text.casefold().find(holder.casefold()) if holder else -1
    same = at >= 0 and len(text.casefold()) == len(text)
    mark = Span(at, at + len(holder)) if holder and same else None
    return StancePair(text, target, holder, mark)


def _stance(row: Floats, holder: str | None, target: Target, evidence: Evidence) -> Stance:
    """Turn a row of scores into a stance; what is unrelated leans to neutral."""
    related = float(row[3])
    favor, against, neutral = (float(v) * related for v in row[:3])
    scores = Scores(favor, against, neutral + (1 - related))
    who = Holder(holder) if holder else Holder("author", "author")
    confidence = max(scores[label] for label in LABELS)
    label = scores.best if confidence >= FLOOR else "unclear"
    return Stance(who, target, label, confidence, scores, (evidence,))


def _spread(value: Any, count: int, name: str) -> list[Any]:
    if not isinstance(value, list):
        return [value] * count
    if len(value) != count:
        raise OptionError(f"{len(value)} values of {name} for {count} texts; give one, or as many")
    return value


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
        OptionError: an unknown backend.
    """
    if backend != "torch":
        raise OptionError(f"backend={backend!r} is unknown; use 'torch'")
    from stance.backends.mini import MiniBackend
    from stance.weights import resolve as find

    weights = find(name_or_path, revision=revision)
    model: MiniBackend = MiniBackend(weights.path, weights.info, device)
    return Analyzer(model, model, weights.info, _lazy(generator, device) if generator else None)


def _lazy(name: str, device: str) -> Callable[[bool], Generator | None]:
    """Make the generator when it is first needed; unless required, only if it is at hand."""

    def make(required: bool) -> Generator | None:
        from stance.backends.generate import load_generator
        from stance.weights import is_local

        if not required and "://" not in name and not is_local(name):
            return None
        return load_generator(name, device=device)

    return make


__all__ = ["Analyzer", "Options", "contested", "load"]
