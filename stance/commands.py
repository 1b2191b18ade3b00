"""Do what each command of the command line says."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from stance.errors import FormatError, InputError, ModelError, OptionError, ServerError
from stance.files import holds_many, read_articles, read_text
from stance.markup import printable
from stance.output import (
    Sink,
    View,
    Writer,
    as_json,
    check_output,
    choose_format,
    make_writer,
    spare,
)
from stance.plain import (
    digest_text,
    heading,
    render_text,
    stance_text,
    statement_data,
    statements_text,
    summary_text,
)
from stance.records import Analysis, Article, Digest, Failure, Stance, Statement, Summary
from stance.report import render_check
from stance.rows import clean
from stance.terminal import analysis_text, progress
from stance.terminal import summary_text as summary_at_terminal

if TYPE_CHECKING:
    from stance.pipeline import Analyzer

T = TypeVar("T")
Work = Callable[["Analyzer", Iterator[Article]], Iterator[T | Failure]]


def analyze(args: Namespace) -> int:
    """Analyze articles as they are read."""
    at_terminal = Sink(args.output).at_terminal
    view = View(Analysis.to_dict, analysis_text if at_terminal else render_text)

    def work(analyzer: Analyzer, articles: Iterator[Article]) -> Iterator[Analysis | Failure]:
        return analyzer.analyze_many(
            articles,
            [clean(t) for t in args.target] if args.target else None,
            on_error=_batch_policy(args),
            summary=None if args.summary == "none" else args.summary,
            length=args.length,
            max_targets=args.max_targets,
            max_chars=args.max_chars,
            on_long=args.on_long,
            explain=args.explain,
        )

    return _over_articles(args, work, view)


def summarize(args: Namespace) -> int:
    """Summarize articles one by one, or all together."""
    if args.together:
        return _digest(args)
    written = summary_at_terminal if Sink(args.output).at_terminal else _bare
    view: View[tuple[Article, Summary]] = View(
        lambda pair: {"id": pair[0].id, "summary": pair[1].to_dict()},
        lambda pair: _titled(args, pair[0], written(pair[1])),
    )

    def work(
        analyzer: Analyzer, articles: Iterator[Article]
    ) -> Iterator[tuple[Article, Summary] | Failure]:
        def one(article: Article) -> tuple[Article, Summary]:
            how = {"method": args.method, "length": args.length, "focus": _focus(args)}
            return article, analyzer.summarize(article.text, **how)

        return _attempts(args, articles, one)

    return _over_articles(args, work, view)


def _digest(args: Namespace) -> int:
    """Summarize all articles as one event; what cannot be read stops the run."""
    args.on_error = "raise"
    articles: list[str | Article] = [
        article
        for path in args.paths
        for article in read_articles(path, kind=args.kind, text_column=args.text_column)
        if isinstance(article, Article)
    ]
    if not articles:
        raise InputError(f"there is no article in {', '.join(args.paths)}")
    names = [_name(article, n) for n, article in enumerate(articles, 1)]
    how = {"method": args.method, "length": args.length, "focus": _focus(args)}
    view: View[Digest] = View(
        lambda d: {"articles": names, "digest": d.to_dict()}, lambda d: digest_text(d, names)
    )
    return _single(args, lambda: _load(args).summarize(articles, together=True, **how), view)


def _name(article: str | Article, number: int) -> str:
    known = (article.id or article.title) if isinstance(article, Article) else None
    return known or f"article {number}"


def _focus(args: Namespace) -> str | None:
    return None if args.focus is None else clean(args.focus)


def attribute(args: Namespace) -> int:
    """List the statements of articles one by one."""
    view: View[tuple[Article, list[Statement]]] = View(
        lambda pair: {
            "id": pair[0].id,
            "statements": [statement_data(s, pair[0].text) for s in pair[1]],
        },
        lambda pair: _titled(args, pair[0], statements_text(*pair)),
    )

    def work(
        analyzer: Analyzer, articles: Iterator[Article]
    ) -> Iterator[tuple[Article, list[Statement]] | Failure]:
        return _attempts(args, articles, lambda a: (a, list(analyzer.attribute(a.text))))

    return _over_articles(args, work, view)


def detect(args: Namespace) -> int:
    """Judge one passage."""
    text = read_text("-") if args.text == "-" else clean(args.text)
    holder = None if args.holder is None else clean(args.holder)
    view: View[Stance] = View(Stance.to_dict, lambda s: stance_text(s) + "\n")
    asked = {"holder": holder, "explain": args.explain}
    return _single(args, lambda: _load(args).detect(text, clean(args.target), **asked), view)


def verify(args: Namespace) -> int:
    """Check one summary."""
    if args.summary == args.article == "-":
        raise OptionError("the summary and the article cannot both be standard input (-)")
    summary = read_text(args.summary)
    article = _only_article(args)
    view: View[Summary] = View(
        Summary.to_dict, lambda s: summary_text(s) + "\n", lambda s: render_check(article, s)
    )
    return _single(args, lambda: _load(args).verify(summary, article.text), view)


def evaluate(args: Namespace) -> int:
    """Score a model on labelled data: the table is for people, the file for programs."""
    from stance.evaluate import evaluate as score
    from stance.evaluate import load_labelled

    check_output(args.output)
    data = load_labelled(args.data, split=args.split)
    with progress(shown=True, unit="answers", total=len(data)) as step:
        found = score(_load(args), data, seed=args.seed, step=step)
    if args.output:
        Path(args.output).write_text(as_json(found.to_dict()) + "\n", encoding="utf-8")
    return 1 if _print(printable(found.to_text())) or found.errors else 0


def models_list(args: Namespace) -> int:
    """List the models that have a name."""
    from stance import registry

    models = [{**e.to_dict(), "local": _is_local(e.name)} for e in registry.list_models()]
    if args.format == "json":
        return _print(as_json(models))
    return _print("\n".join(map(_model, models)))


def _is_local(name: str) -> bool:
    from stance import weights

    try:
        return weights.is_local(name)
    except ModelError:  # a checkout without the bundled model can still list the others
        return False


def _model(entry: dict[str, Any]) -> str:
    where = "on this machine" if entry["local"] else "not on this machine"
    head = f"{entry['name']}  ({entry['task']}, {entry['licence']}, {where})"
    return f"{head}\n    {entry['description']}"


def models_pull(args: Namespace) -> int:
    """Fetch a model."""
    from stance import weights

    pulled = weights.pull(args.name, revision=args.revision)
    if args.format == "json":
        return _print(as_json(weights.info(args.name, revision=args.revision)))
    return _print(f"{pulled.name} is in {pulled.folder}\n    {pulled.digest}")


def models_info(args: Namespace) -> int:
    """Describe a model."""
    from stance import weights

    known = weights.info(args.name, revision=args.revision)
    if args.format == "json":
        return _print(as_json(known))
    flat = {k: v for k, v in known.items() if v is not None and not isinstance(v, dict)}
    return _print("\n".join(f"{key:12} {value}" for key, value in flat.items()))


def _print(text: str) -> int:
    Sink(None).write(text + "\n")
    return 0


@dataclass(slots=True)
class _Run:
    """Hold one run over articles: where results go, and what has failed."""

    args: Namespace
    writer: Writer[Any]
    failed: int = field(default=0)

    def articles(self) -> Iterator[Article]:
        """Read the sources one after another, noting what cannot be read."""
        read = 0
        for path in self.args.paths:
            items = read_articles(
                path,
                kind=self.args.kind,
                text_column=self.args.text_column,
                on_error=_batch_policy(self.args),
            )
            for item in items:
                if isinstance(item, Failure):
                    self.fail(item)
                    continue
                read += 1
                if read > 1 and not _many(self.args):  # a server sent rows from a plain address
                    raise FormatError(f"{path} holds several articles; name its format with --from")
                yield item

    def fail(self, failure: Failure) -> None:
        """Tell the person, and the output where it keeps failures."""
        self.failed += 1
        place = failure.id if failure.id and failure.id not in failure.message else failure.error
        print(printable(f"stance: {place}: {failure.message}"), file=sys.stderr)
        if _policy(self.args) == "record":
            self.writer.fail(failure)


def _over_articles(args: Namespace, work: Work[T], view: View[T]) -> int:
    """Read, work and write, one article after another.

    The first article is read before the model is loaded, so that a wrong path is told at once.
    """
    spare(args.paths, args.output)
    form = choose_format(args.format, args.output)
    run = _Run(args, make_writer(form, args.output, many=_many(args), view=view))
    articles = run.articles()
    first = next(articles, None)
    if first is None and not run.failed:
        raise InputError(f"there is no article in {', '.join(args.paths)}")
    quiet = not _many(args) or Sink(args.output).at_terminal
    whole = False
    try:
        with progress(shown=not quiet) as step:
            results = work(_load(args), chain([first], articles)) if first is not None else ()
            for result in results:
                whole = True
                if isinstance(result, Failure):
                    run.fail(result)
                else:
                    run.writer.add(result)
                step()
        whole = True
    finally:
        # What stops a run must not leave half an array; before the first result there is none.
        if whole:
            run.writer.close()
    return 1 if run.failed else 0


def _attempts(
    args: Namespace, articles: Iterator[Article], work: Callable[[Article], T]
) -> Iterator[T | Failure]:
    """Do the work on each article; one that cannot be used stops the run only if it shall."""
    for article in articles:
        try:
            yield work(article)
        except (InputError, ServerError) as error:
            if _policy(args) == "raise":
                raise
            yield Failure(type(error).__name__, str(error), article.id)


def _single(args: Namespace, work: Callable[[], T], view: View[T]) -> int:
    form = choose_format(args.format, args.output)
    writer = make_writer(form, args.output, many=False, view=view)
    writer.add(work())
    writer.close()
    return 0


def _load(args: Namespace) -> Analyzer:
    import stance

    how: dict[str, Any] = {"device": args.device, "revision": args.revision}
    if getattr(args, "generator", None):
        how["generator"] = args.generator
    return stance.load(args.model, **how)


def _many(args: Namespace) -> bool:
    return len(args.paths) > 1 or holds_many(args.paths[0], args.kind)


def _policy(args: Namespace) -> str:
    """Return what to do at a failure: one article alone has nobody to go on for."""
    return str(args.on_error or ("record" if _many(args) else "raise"))


def _batch_policy(args: Namespace) -> Any:
    """Return the policy to read and analyze with: failures that are skipped are still counted."""
    return "raise" if _policy(args) == "raise" else "record"


def _only_article(args: Namespace) -> Article:
    found = list(
        islice(read_articles(args.article, kind=args.kind, text_column=args.text_column), 2)
    )
    if len(found) != 1:
        raise FormatError(f"{args.article} holds {len(found) or 'no'} articles; give one")
    return found[0]


def _titled(args: Namespace, article: Article, text: str) -> str:
    """Put a title above the text where there are several."""
    return f"{printable(heading(article))}\n{text}" if _many(args) else text


def _bare(summary: Summary) -> str:
    return printable(summary.text) + "\n"
