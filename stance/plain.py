"""Write results as plain text, for a file, a pipe or a terminal without colours."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from stance.markup import printable
from stance.parts import SIGNS as SIGNS
from stance.records import (
    LABELS,
    Analysis,
    Article,
    Check,
    Digest,
    Evidence,
    Ground,
    Span,
    Stance,
    Statement,
    Summary,
    Trail,
)
from stance.trail import CheckName

# How a sentence of a summary came to be, in a reader's words.
MADE = {
    "extract": "verbatim",
    "generate": "generated",
    "rewrite": "generated, then corrected",
    "replace": "replaced by its source",
    "given": "given",
}
# The cut-offs, in a reader's words.
CHECKS: dict[CheckName, str] = {
    "near": "nearness",
    "related": "relation",
    "acts": "relation (of an act)",
    "author": "relation (of the article's own words)",
    "second_side": "a second side's weight",
    "floor": "confidence",
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
    """Render one stance: label, confidence and holder on a line, the words and the trail below."""
    line = f"{SIGNS[stance.label]} {stance.label:8}{percent(stance.confidence):>4}  "
    head = _wrap(stance.holder.name, width, "    " + line, " " * (4 + len(line)))
    quotes = [_quote(e, width) for e in stance.evidence]
    trail = [] if stance.trail is None else [trail_text(stance.trail, width=width)]
    return printable("\n".join((head, *quotes, *trail)))


def _quote(evidence: Evidence, width: int) -> str:
    return _wrap(evidence.text, width, " " * 8 + "> ")


def trail_text(trail: Trail, *, width: int = WIDTH) -> str:
    """Render how a stance came to be: whose words, what was asked, what counts, and why."""
    pad = " " * 8
    lines = [f"{pad}why"]
    if trail.mentions:
        lines.append(_wrap(f"holder: {mentions_line(trail)}", width, pad + "  ", pad + "    "))
    for number, ground in enumerate(trail.grounds, 1):
        lines += _ground(ground, width, f"{pad}  {number}. ")
    for ground in trail.aside:
        if ground.scores is not None:
            lines += _ground(ground, width, f"{pad}  - ")
    notes = [*trail.reasons, *unasked_lines(trail), "; ".join(map(check_line, trail.checks))]
    lines += [_wrap(note, width, f"{pad}  = ", pad + "    ") for note in notes if note]
    return printable("\n".join(lines))


def _ground(ground: Ground, width: int, first: str) -> Iterator[str]:
    pad = " " * len(first)
    yield _wrap(ground_line(ground), width, first, pad)
    for content in ground.content:
        yield _wrap(f"{content.text} ({_place(content)})", width, pad + "> ")
    lines = (question_line(ground), answer_line(ground), *filter(None, [ground.reason]))
    yield from (_wrap(line, width, pad, pad + "  ") for line in lines if line)


def ground_line(ground: Ground) -> str:
    """Say what kind of statement it is, whose, and by which word."""
    source, cue = ground.source, ground.cue
    by = f"by {source.text} ({_place(source)})" if source else "by nobody named"
    word = f"“{cue.text}” ({_place(cue)})" if cue else None
    return ", ".join(filter(None, (ground.kind or "the passage itself", by, word)))


def question_line(ground: Ground) -> str:
    """Say what the scorer was asked, empty where it was not."""
    question = ground.question
    if question is None:
        return ""
    who = f"how {question.holder} stands" if question.holder else "how the text stands"
    context = question.context
    return f"asked: {who} toward “{question.target}”, in {_place(context)}: {context.text}"


def answer_line(ground: Ground) -> str:
    """Say what the scorer answered, and which cut-offs that passed."""
    cuts = "; ".join(map(check_line, ground.checks))
    if ground.scores is None:
        return cuts
    scores = (f"{SIGNS[label]} {percent(ground.scores[label])}" for label in LABELS)
    return f"answer: {' '.join(scores)}, related {percent(ground.related or 0.0)}; {cuts}".strip(
        "; "
    )


def check_line(check: Check) -> str:
    """Say whether a value reaches its cut-off."""
    sign = "≥" if check.passed else "<"
    return f"{CHECKS[check.name]} {check.value:.2f} {sign} {check.needed:.2f}"


def mentions_line(trail: Trail) -> str:
    """List the words that stand for the holder, each with the places where it begins."""
    places: dict[str, list[str]] = {}
    for mention in trail.mentions:
        places.setdefault(" ".join(mention.text.split()), []).append(str(mention.start))
    return "; ".join(f"{words} ({', '.join(starts)})" for words, starts in places.items())


def unasked_lines(trail: Trail) -> list[str]:
    """Count the statements that the scorer was not asked about, by reason."""
    counts = Counter(ground.reason for ground in trail.aside if ground.scores is None)
    return [
        f"not asked about {n} more statement{'' if n == 1 else 's'}: {reason}"
        for reason, n in counts.items()
    ]


def _place(evidence: Evidence) -> str:
    return f"{evidence.start}-{evidence.end}"


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
