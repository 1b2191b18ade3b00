"""Offer the six verbs as functions over a cached default analyzer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal, overload

from stance.pipeline import Analyzer, OnError, SummaryMethod, load
from stance.records import Analysis, Article, Digest, Failure, Stance, Statement, Summary, Target

__all__ = ["analyze", "analyze_many", "attribute", "detect", "load", "summarize", "verify"]

Text = str | Article


@lru_cache(maxsize=2)
def _analyzer(model: str) -> Analyzer:
    return load(model)


@overload
def analyze(
    article: Text, targets: Sequence[str | Target] | None = ..., *, model: str = ..., **options: Any
) -> Analysis: ...
@overload
def analyze(
    article: list[Text],
    targets: Sequence[str | Target] | None = ...,
    *,
    model: str = ...,
    **options: Any,
) -> list[Analysis]: ...
def analyze(
    article: Text | list[Text],
    targets: Sequence[str | Target] | None = None,
    *,
    model: str = "mini",
    **options: Any,
) -> Analysis | list[Analysis]:
    """Find what an article says and who stands where.

    Args:
        article: a text or an `Article`; a list gives a list in the same order.
        targets: claims, entities or topics to ask about; None discovers them.
        model: a name from ``stance models list``, a folder or a hub id.
        **options: ``summary`` ("auto", "extract", "abstract" or None), ``length`` (3, "60w",
            "10%"), ``max_targets`` (8), ``max_chars`` (None), ``on_long`` ("truncate", "error"),
            ``explain`` (False; True keeps with each stance the trail that led to it).

    Returns:
        The analysis, or one per article.

    Raises:
        StanceError: see `stance.errors`.
    """
    return _analyzer(model).analyze(article, targets, **options)


def analyze_many(
    articles: Iterable[Text],
    targets: Sequence[str | Target] | None = None,
    *,
    model: str = "mini",
    on_error: OnError = "raise",
    **options: Any,
) -> Iterator[Analysis | Failure]:
    """Analyze a stream of articles without ever holding it.

    Args:
        articles: texts or articles, read one at a time.
        targets: as for `analyze`, the same for all.
        model: as for `analyze`.
        on_error: ``raise``; ``skip`` the article; or ``record`` a `Failure` in its place.
        **options: as for `analyze`.

    Returns:
        An iterator with one result per article, in order.
    """
    return _analyzer(model).analyze_many(articles, targets, on_error=on_error, **options)


@overload
def summarize(
    text: Text,
    *,
    method: SummaryMethod = ...,
    length: int | str = ...,
    focus: str | None = ...,
    model: str = ...,
) -> Summary: ...
@overload
def summarize(
    text: list[Text],
    *,
    method: SummaryMethod = ...,
    length: int | str = ...,
    focus: str | None = ...,
    together: Literal[False] = ...,
    model: str = ...,
) -> list[Summary]: ...
@overload
def summarize(
    text: list[Text],
    *,
    method: SummaryMethod = ...,
    length: int | str = ...,
    focus: str | None = ...,
    together: Literal[True],
    model: str = ...,
) -> Digest: ...
def summarize(
    text: Text | list[Text],
    *,
    method: SummaryMethod = "auto",
    length: int | str = 3,
    focus: str | None = None,
    together: bool = False,
    model: str = "mini",
) -> Summary | list[Summary] | Digest:
    """Summarize a text, every sentence with its sources and its support.

    Args:
        text: a text or an article; a list gives a list.
        method: ``extract``, ``abstract`` or ``auto`` (an abstract where a generator is on this
            machine; nothing is downloaded).
        length: a number of sentences, ``"60w"`` words or ``"10%"`` of the words.
        focus: what the summary should be about.
        together: whether the texts of a list are on one event and make one summary.
        model: as for `analyze`.

    Returns:
        The summary, or one per text; together, one `Digest` with the sources of each sentence in
        every article, and who differs from whom.
    """
    found: Summary | list[Summary] | Digest = _analyzer(model).summarize(
        text, method=method, length=length, focus=focus, together=together
    )
    return found


@overload
def detect(
    text: Text,
    target: str,
    *,
    holder: str | None = ...,
    explain: bool = ...,
    model: str = ...,
) -> Stance: ...
@overload
def detect(
    text: list[Text],
    target: str | list[str],
    *,
    holder: str | list[str | None] | None = ...,
    explain: bool = ...,
    model: str = ...,
) -> list[Stance]: ...
def detect(
    text: Text | list[Text],
    target: str | list[str],
    *,
    holder: str | list[str | None] | None = None,
    explain: bool = False,
    model: str = "mini",
) -> Stance | list[Stance]:
    """Tell how a text, or somebody in it, stands toward a target.

    Args:
        text: a text, or a list of them (scored in batches).
        target: a claim, entity or topic; or one per text.
        holder: whose stance; None: the text's own. Or one per text.
        explain: whether to keep the trail: the question, the answer, the cut-offs.
        model: as for `analyze`.

    Returns:
        The stance, or one per text.
    """
    found: Stance | list[Stance] = _analyzer(model).detect(
        text, target, holder=holder, explain=explain
    )
    return found


@overload
def attribute(text: Text, *, model: str = ...) -> list[Statement]: ...
@overload
def attribute(text: list[Text], *, model: str = ...) -> list[list[Statement]]: ...
def attribute(
    text: Text | list[Text], *, model: str = "mini"
) -> list[Statement] | list[list[Statement]]:
    """Find who says what: source, cue and content, with offsets.

    Args:
        text: a text or an article; a list gives a list.
        model: as for `analyze`.

    Returns:
        The statements in the order of the text, or a list of them per text.
    """
    found: list[Statement] | list[list[Statement]] = _analyzer(model).attribute(text)
    return found


def verify(summary: str | Summary, text: Text, *, model: str = "mini") -> Summary:
    """Check anyone's summary against its text.

    Args:
        summary: the summary.
        text: what it claims to summarize.
        model: as for `analyze`.

    Returns:
        The summary, each sentence with its sources and its support in [0, 1].
    """
    return _analyzer(model).verify(summary, text)
