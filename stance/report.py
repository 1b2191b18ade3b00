"""Turn an analysis into a page that a reader can check: pure functions, no model, no disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stance.markup import Html, Mark, highlight, join, tag
from stance.plain import MADE, SIGNS, coverage_line, percent, render_text
from stance.records import (
    Analysis,
    Article,
    Evidence,
    Stance,
    StanceLabel,
    Summary,
    SummarySentence,
    Target,
)
from stance.report_trail import trail_html
from stance.report_view import WEAK, ReportView
from stance.style import CSS

__all__ = ["render", "render_check", "render_text"]

_SIDES: dict[StanceLabel, str] = {
    "favor": "For",
    "neutral": "Neutral",
    "against": "Against",
    "unclear": "Unclear",
}
# The page may load nothing and run nothing, whatever an article's text tries to be.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_WEB = re.compile(r"https?://", re.IGNORECASE)


def render(analysis: Analysis) -> str:
    """Render an analysis as one self-contained HTML page.

    Args:
        analysis: what `stance.analyze` returned.

    Returns:
        The page: summary, holders against targets, each target's sides with their quotes, the
        article with its evidence marked, and how it was read. It has no scripts and asks the
        network for nothing; everything that comes from the analysis is escaped.
    """
    view = ReportView(analysis)
    main = tag("main", _summary(view), _matrix(view), _targets(view), _article(view))
    return _page(view, f"{view.title} · who stands where", main)


def render_check(article: Article, summary: Summary) -> str:
    """Render a checked summary as one self-contained HTML page.

    Args:
        article: what the summary was checked against.
        summary: what `stance.verify` returned.

    Returns:
        The page: each sentence with its support, its sources linked, the words that the article
        lacks marked; then the article. It has no scripts and asks the network for nothing.
    """
    view = ReportView(Analysis(article, summary))
    legend = tag(
        "p",
        tag("span", tag("mark", "names, numbers, quotes", class_="unsupported")),
        tag("span", tag("mark", "other words", class_="strange")),
        tag("span", "that the article lacks"),
        class_="legend",
    )
    main = tag("main", legend, _summary(view), _article(view))
    return _page(view, f"{view.title} · summary checked", main)


def _page(view: ReportView, title: str, main: Html) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content="stance-nlp"),
        tag("title", title),
        Html(f"<style>{CSS}{_flashes(view.marks)}</style>"),
    )
    body = tag("body", _header(view), main, _footer(view))
    return "<!DOCTYPE html>\n" + tag("html", head, "\n", body, lang="en") + "\n"


def _flashes(marks: Iterable[Mark]) -> str:
    """Let a link light up every part of the words that it leads to, without a script."""
    rules = (f":root:has(#{m.anchor}:target) .text .{m.anchor}" for m in marks)
    return "".join(f"{rule}{{background:var(--flash)}}\n" for rule in rules)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _header(view: ReportView) -> Html:
    article, coverage = view.analysis.article, view.analysis.coverage
    kicker = join([tag("b", "Stance report"), *filter(None, (article.source, article.date))], " · ")
    holders = {s.holder.name for s in view.analysis.stances}
    facts: list[str] = [
        _count(len(view.analysis.stances), "stance"),
        _count(len(holders), "holder"),
        _count(len(view.targets), "target"),
    ]
    if coverage is None and view.analysis.summary:  # a summary alone was checked
        facts = [_count(len(view.analysis.summary.sentences), "sentence")]
    if article.url and _WEB.match(article.url):
        facts.append(tag("a", "Original article", href=article.url, rel="noopener noreferrer"))
    cut = None
    if coverage and coverage.truncated:
        cut = tag(
            "p",
            f"Only the first {percent(coverage.ratio)} of this article was read. What stands in "
            "the rest is not in this report.",
            class_="notice",
        )
    return tag(
        "header",
        tag("p", kicker, class_="kicker"),
        tag("h1", view.title, dir="auto"),
        tag("p", join(facts, " · "), class_="meta"),
        cut,
    )


def _section(anchor: str, title: str, note: str | None, *children: str | None) -> Html:
    small = tag("small", note) if note else None
    return tag("section", tag("h2", title, small), *children, id=anchor)


def _summary(view: ReportView) -> Html | None:
    summary = view.analysis.summary
    if summary is None:
        return None
    note = (
        f"{summary.method}, mean support {percent(summary.support)}" if summary.sentences else None
    )
    items = [_sentence(view, i, s) for i, s in enumerate(summary.sentences, 1)]
    whole = tag("p", summary.text or "Nothing to sum up.", class_="none")
    return _section(
        "summary", "Summary", note, tag("ol", *items, class_="summary") if items else whole
    )


def _sentence(view: ReportView, number: int, sentence: SummarySentence) -> Html:
    share = min(1.0, max(0.0, sentence.support))
    low = " low" if share < WEAK else ""
    bar = tag("span", tag("span", style=f"width:{share:.0%}"), class_=f"bar{low}")
    links = [
        tag("a", f"¶ {view.paragraph(s)}", href=f"#s{number}-{k}", title=s.text)
        for k, s in enumerate(sentence.sources, 1)
        if view.quotes(s)
    ]
    source = tag("span", "from ", join(links, ", ")) if links else tag("span", "no source found")
    made = tag("span", MADE.get(sentence.method, sentence.method))
    support = tag("span", bar, f" {percent(sentence.support)} supported")
    words = tag("p", view.words(sentence), dir="auto")
    return tag("li", words, tag("div", support, source, made))


def _matrix(view: ReportView) -> Html:
    title, analysis = "Who stands where", view.analysis
    if not analysis.stances:
        return _section("stances", title, None, tag("p", "Nobody takes a stance.", class_="none"))
    speaking = {s.holder.name: s.holder for s in analysis.stances}
    order = [h.name for h in analysis.holders if h.name in speaking]
    corner = tag("th", "Holder", scope="col")
    columns = (
        tag("th", t.text, tag("span", t.kind, class_="kind"), scope="col", dir="auto")
        for t in view.targets
    )
    rows = (
        tag(
            "tr",
            tag("th", name, tag("span", speaking[name].kind, class_="kind"), scope="row"),
            *cells,
        )
        for name in dict.fromkeys([*order, *speaking])
        for cells in [[_cell(view, name, target.text) for target in view.targets]]
    )
    table = tag(
        "table", tag("thead", tag("tr", corner, *columns)), tag("tbody", *rows), class_="matrix"
    )
    silent = [h.name for h in analysis.holders if h.name not in speaking]
    beside = tag("p", "Without a stance: " + ", ".join(silent), class_="beside") if silent else None
    lines = [
        tag("div", tag("dt", name), tag("dd", line, dir="auto"))
        for name in dict.fromkeys([*order, *speaking])
        if (line := view.line("holder", name))
    ]
    told = tag("dl", *lines, class_="briefs") if lines else None
    note = "Toward a claim, favor means that the holder holds it true."
    return _section(
        "stances", title, note, tag("div", table, class_="scroll", tabindex="0"), told, beside
    )


def _cell(view: ReportView, holder: str, target: str) -> Html:
    chips = [
        tag("div", _chip(view, n, s))
        for n, s in view.numbered
        if s.holder.name == holder and s.target.text == target
    ]
    return tag("td", *(chips or [tag("span", "·", class_="empty")]))


def _chip(view: ReportView, number: int, stance: Stance) -> Html:
    first = next((k for k, e in enumerate(stance.evidence, 1) if view.quotes(e)), None)
    return tag(
        "a",
        f"{SIGNS[stance.label]} {stance.label}",
        tag("small", percent(stance.confidence)),
        class_=f"chip {stance.label}",
        href=f"#e{number}-{first}" if first else None,
        title=stance.evidence[0].text if stance.evidence else None,
    )


def _targets(view: ReportView) -> Html | None:
    if not view.analysis.stances:
        return None
    return _section("targets", "Target by target", None, *(_target(view, t) for t in view.targets))


def _target(view: ReportView, target: Target) -> Html:
    here = [(n, s) for n, s in view.numbered if s.target.text == target.text]
    given = target.kind if target.given else f"{target.kind}, found in the text"
    sides = (
        _side(view, label, [(n, s) for n, s in here if s.label == label])
        for label in _SIDES
        if label != "unclear" or any(s.label == label for _, s in here)
    )
    heading = tag("h3", target.text, tag("span", given, class_="kind"), dir="auto")
    line = view.line("target", target.text)
    brief = tag("p", line, class_="brief", dir="auto") if line else None
    nobody = tag("p", "Nobody in this article takes a stance on it.", class_="none")
    inner = tag("div", *sides, class_="sides") if here else nobody
    return tag("article", heading, brief, inner, class_="target")


def _side(view: ReportView, label: StanceLabel, stances: list[tuple[int, Stance]]) -> Html:
    heading = tag("h4", f"{SIGNS[label]} {_SIDES[label]}")
    if not stances:
        nobody = tag("p", "Nobody in this article", class_="none")
        return tag("div", heading, nobody, class_=f"side {label} empty-side")
    items = (
        tag(
            "li",
            tag(
                "p",
                tag("sup", str(n)),
                s.holder.name,
                tag("small", percent(s.confidence)),
                class_="who",
            ),
            *(_quote(view, f"e{n}-{k}", e) for k, e in enumerate(s.evidence, 1)),
            trail_html(s.trail) if s.trail else None,
        )
        for n, s in stances
    )
    return tag("div", heading, tag("ul", *items), class_=f"side {label}")


def _quote(view: ReportView, anchor: str, evidence: Evidence) -> Html:
    if not view.quotes(evidence):
        return tag("blockquote", evidence.text, dir="auto")
    place = tag("sup", f"¶ {view.paragraph(evidence)}")
    return tag("blockquote", tag("a", evidence.text, place, href=f"#{anchor}"), dir="auto")


def _article(view: ReportView) -> Html:
    labels = [label for label in SIGNS if any(s.label == label for s in view.analysis.stances)]
    legend = tag(
        "p",
        *(tag("span", tag("mark", f"{SIGNS[label]} {label}", class_=label)) for label in labels),
        tag("span", "The numbers count the stances; point at the words to see whose they are."),
        class_="legend",
    )
    text = tag("div", highlight(view.text, view.marks), class_="text", dir="auto")
    return _section("article", "The article", None, legend if labels else None, text)


def _footer(view: ReportView) -> Html:
    analysis = view.analysis
    rows: dict[str, list[str]] = {
        "Read": [coverage_line(analysis)] if analysis.coverage else [],
        "Models": [join([m.name, *_versions(m.revision, m.digest)], " ") for m in analysis.models],
        "Notes": list(analysis.warnings),
        "Article": [x for x in (analysis.article.id, analysis.article.url) if x],
    }
    return tag(
        "footer",
        *(
            tag("div", tag("h2", name), tag("ul", *(tag("li", line) for line in lines)))
            for name, lines in rows.items()
            if lines
        ),
    )


def _versions(*values: str | None) -> Iterator[Html]:
    yield from (tag("code", v if len(v) <= 19 else v[:19] + "…", title=v) for v in values if v)
