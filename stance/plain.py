"""Write results as plain text, for a file, a pipe or a terminal without colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from stance.markup import printable
from stance.parts import SIGNS as SIGNS
from stance.records import Analysis, Article, Digest, Evidence, Span, Stance, Statement, Summary

# How a sentence of a summary came to be, in a reader's words.
MADE = {
    "extract": "verbatim",
    "generate": "generated",
    "rewrite": "generated, then corrected",
    "replace": "replaced by its source",
    "given": "given",
}
WIDTH = 88


def percent(share: float) -> str:
    """Write a share in [0, 1] as whole percent."""
    return f"{round(100 * share)}%"


def coverage_line(analysis: Analysis) -> str:
    """Say in one line how much of the article was read."""
    c = analysis.coverage
    if c is None:
        return "coverage unknown"
    rest = ", the rest was cut off" if c.truncated else ""
    return (
        f"{c.chars_read:,} of {c.chars_total:,} characters, "
        f"{c.sentences_read:,} of {c.sentences_total:,} sentences{rest}"
    )


def heading(article: Article) -> str:
    """Return the article's title, or else its first words."""
    words = " ".join(article.text.split())
    start = words if len(words) <= 90 else words[:90].rsplit(" ", 1)[0] + "…"
    return article.title or start


def render_text(analysis: Analysis, *, width: int = WIDTH) -> str:
    """Render an analysis as plain text.

    Args:
        analysis: what `stance.analyze` returned.
        width: the longest line, in characters.

    Returns:
        Title, summary, each target with its holders and their words, and how much was read.
        Control characters are replaced, so that no text can steer a terminal.
    """
    article = analysis.article
    parts = [_wrap(heading(article), width)]
    about = dict.fromkeys(filter(None, (article.id, article.source, article.date, article.url)))
    parts += [_wrap(" · ".join(about), width)] if about else []
    if analysis.summary is not None:
        parts += ["", "SUMMARY", summary_text(analysis.summary, width=width)]
    parts += ["", "WHO STANDS WHERE", *_targets(analysis, width), ""]
    parts += [_wrap(f"Read {coverage_line(analysis)}.", width)] if analysis.coverage else []
    parts += [_wrap(f"Note: {note}", width) for note in analysis.warnings]
    return printable("\n".join(parts).strip("\n")) + "\n"


def _targets(analysis: Analysis, width: int) -> Iterator[str]:
    stances = analysis.by_target()
    kinds = {t.text: t.kind for t in (*(s.target for s in analysis.stances), *analysis.targets)}
    for target, kind in kinds.items():
        yield _wrap(f"{target} ({kind})", width, "  ")
        if line := analysis.brief("target", target):
            yield _wrap(line.text, width, "    ")
        for stance in stances.get(target, ()):
            yield stance_text(stance, width=width)
        if target not in stances:
            yield "    nobody takes a stance"
    if not kinds:
        yield "  Nobody takes a stance."


def stance_text(stance: Stance, *, width: int = WIDTH) -> str:
    """Render one stance: label, confidence and holder on a line, the words below it."""
    line = f"{SIGNS[stance.label]} {stance.label:8}{percent(stance.confidence):>4}  "
    head = _wrap(stance.holder.name, width, "    " + line, " " * (4 + len(line)))
    return printable("\n".join((head, *(_quote(e, width) for e in stance.evidence))))


def _quote(evidence: Evidence, width: int) -> str:
    return _wrap(evidence.text, width, " " * 8 + "> ")


def summary_text(summary: Summary, *, width: int = WIDTH) -> str:
    """Render a summary: each sentence, and under it how far and where it is supported."""
    if not summary.sentences:
        return printable(_wrap(summary.text or "Nothing to sum up.", width, "  "))
    lines = []
    for sentence in summary.sentences:
        made = MADE.get(sentence.method, sentence.method)
        places = ", ".join(f"{s.start}-{s.end}" for s in sentence.sources)
        where = f"characters {places}" if places else "no source"
        lines.append(_wrap(sentence.text, width, "  "))
        lacking = "; ".join(span.of(sentence.text) for span in sentence.unsupported)
        where += f"; not in the article: {lacking}" if lacking else ""
        note = f"[{percent(sentence.support)} supported; {made}; {where}]"
        lines.append(_wrap(note, width, "    "))
    return printable("\n".join(lines))


def digest_text(digest: Digest, names: Sequence[str], *, width: int = WIDTH) -> str:
    """Render what several articles say: each sentence with those that support it, then the sides.

    Args:
        digest: what was made of the articles.
        names: what to call each of them.
        width: the longest line, in characters.

    Returns:
        The text, without control characters.
    """
    lines = []
    for sentence in digest.sentences:
        places = dict.fromkeys(names[source.article] for source in sentence.sources)
        note = f"[{percent(sentence.support)} supported; {'; '.join(places) or 'no source'}]"
        lines += [_wrap(sentence.text, width, "  "), _wrap(note, width, "    ")]
    for difference in digest.differences:
        lines += ["", _wrap(difference.target.text, width, "  ")]
        for side in difference.sides:
            stance = side.stance
            head = f"    {SIGNS[stance.label]} {stance.label:8} "
            lines.append(_wrap(f"{stance.holder.name} ({names[side.article]})", width, head))
    return printable("\n".join(lines)) + "\n"


def statement_text(statement: Statement, text: str, *, width: int = WIDTH) -> str:
    """Render one attribution: who, by which word, says what."""
    source = statement.source.of(text) if statement.source else "(nobody named)"
    cue = f" [{statement.cue.of(text)}]" if statement.cue else ""
    content = " … ".join(span.of(text) for span in statement.content)
    return printable(
        f"{_wrap(f'{source}{cue}, {statement.kind}:', width)}\n{_wrap(content, width, '    > ')}"
    )


def statements_text(article: Article, statements: Sequence[Statement]) -> str:
    """Render the attributions of an article, one after another."""
    blocks = [statement_text(s, article.text) for s in statements]
    return "\n".join(blocks or ["Nobody is quoted."]) + "\n"


def statement_data(statement: Statement, text: str) -> dict[str, Any]:
    """Return a statement as data, with the words that its offsets stand for."""

    def words(span: Span | None) -> dict[str, Any] | None:
        return None if span is None else {"text": span.of(text), **span.to_dict()}

    return {
        "kind": statement.kind,
        "source": words(statement.source),
        "cue": words(statement.cue),
        "content": [words(span) for span in statement.content],
    }


def _wrap(text: str, width: int, first: str = "", rest: str | None = None) -> str:
    """Fill lines of `width`; later lines begin as `rest`, or else as `first` does."""
    after = first if rest is None else rest
    filled = textwrap.wrap(
        " ".join(text.split()),
        max(width, len(first) + 20),
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )
    return "\n".join(filled) or first.rstrip()
