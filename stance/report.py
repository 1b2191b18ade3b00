"""Turn an analysis into a page that a reader can check: pure functions, no model, no disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from stance.markup import Html, Mark, highlight, join, paragraph_spans, tag
from stance.plain import MADE, SIGNS, coverage_line, heading, percent, render_text
from stance.records import Analysis, Evidence, Stance, StanceLabel, SummarySentence, Target
from stance.style import CSS

__all__ = ["render", "render_text"]

_SIDES: dict[StanceLabel, str] = {
    "favor": "For",
    "neutral": "Neutral",
    "against": "Against",
    "unclear": "Unclear",
}
# Below this the source is more likely not to say what the sentence says.
_WEAK = 0.5
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
    view = _View(analysis)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content="stance-nlp"),
        tag("title", f"{view.title} · who stands where"),
        Html(f"<style>{CSS}{_flashes(view.marks)}</style>"),
    )
    main = tag("main", _summary(view), _matrix(view), _targets(view), _article(view))
    body = tag("body", _header(view), main, _footer(view))
    return "<!DOCTYPE html>\n" + tag("html", head, "\n", body, lang="en") + "\n"


class _View:
    """Hold what several parts of the page share: numbers, anchors, paragraphs."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.text = analysis.article.text
        self.paragraphs = paragraph_spans(self.text)
        self.numbered = list(enumerate(analysis.stances, 1))
        self.marks = [*self._sources(), *self._evidence()]

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


def _flashes(marks: Iterable[Mark]) -> str:
    """Let a link light up every part of the words that it leads to, without a script."""
    rules = (f":root:has(#{m.anchor}:target) .text .{m.anchor}" for m in marks)
    return "".join(f"{rule}{{background:var(--flash)}}\n" for rule in rules)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _header(view: _View) -> Html:
    article, coverage = view.analysis.article, view.analysis.coverage
    kicker = join([tag("b", "Stance report"), *filter(None, (article.source, article.date))], " · ")
    holders = {s.holder.name for s in view.analysis.stances}
    facts: list[str] = [
        _count(len(view.analysis.stances), "stance"),
        _count(len(holders), "holder"),
        _count(len(view.targets), "target"),
    ]
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


def _summary(view: _View) -> Html | None:
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


def _sentence(view: _View, number: int, sentence: SummarySentence) -> Html:
    share = min(1.0, max(0.0, sentence.support))
    low = " low" if share < _WEAK else ""
    bar = tag("span", tag("span", style=f"width:{share:.0%}"), class_=f"bar{low}")
    links = [
        tag("a", f"¶ {view.paragraph(s)}", href=f"#s{number}-{k}", title=s.text)
        for k, s in enumerate(sentence.sources, 1)
        if view.quotes(s)
    ]
    source = tag("span", "from ", join(links, ", ")) if links else tag("span", "no source found")
    made = tag("span", MADE.get(sentence.method, sentence.method))
    support = tag("span", bar, f" {percent(sentence.support)} supported")
    return tag("li", tag("p", sentence.text, dir="auto"), tag("div", support, source, made))


def _matrix(view: _View) -> Html:
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
        if (line := _line(view, "holder", name))
    ]
    told = tag("dl", *lines, class_="briefs") if lines else None
    note = "Toward a claim, favor means that the holder holds it true."
    return _section(
        "stances", title, note, tag("div", table, class_="scroll", tabindex="0"), told, beside
    )


def _cell(view: _View, holder: str, target: str) -> Html:
    chips = [
        tag("div", _chip(view, n, s))
        for n, s in view.numbered
        if s.holder.name == holder and s.target.text == target
    ]
    return tag("td", *(chips or [tag("span", "·", class_="empty")]))


def _chip(view: _View, number: int, stance: Stance) -> Html:
    first = next((k for k, e in enumerate(stance.evidence, 1) if view.quotes(e)), None)
    return tag(
        "a",
        f"{SIGNS[stance.label]} {stance.label}",
        tag("small", percent(stance.confidence)),
        class_=f"chip {stance.label}",
        href=f"#e{number}-{first}" if first else None,
        title=stance.evidence[0].text if stance.evidence else None,
    )


def _targets(view: _View) -> Html | None:
    if not view.analysis.stances:
        return None
    return _section("targets", "Target by target", None, *(_target(view, t) for t in view.targets))


def _target(view: _View, target: Target) -> Html:
    here = [(n, s) for n, s in view.numbered if s.target.text == target.text]
    given = target.kind if target.given else f"{target.kind}, found in the text"
    sides = (
        _side(view, label, [(n, s) for n, s in here if s.label == label])
        for label in _SIDES
        if label != "unclear" or any(s.label == label for _, s in here)
    )
    heading = tag("h3", target.text, tag("span", given, class_="kind"), dir="auto")
    line = _line(view, "target", target.text)
    brief = tag("p", line, class_="brief", dir="auto") if line else None
    nobody = tag("p", "Nobody in this article takes a stance on it.", class_="none")
    inner = tag("div", *sides, class_="sides") if here else nobody
    return tag("article", heading, brief, inner, class_="target")


def _line(view: _View, about: Literal["holder", "target"], name: str) -> str | None:
    """Return the article's one line on a holder or a target."""
    sentence = view.analysis.brief(about, name)
    return sentence.text if sentence else None


def _side(view: _View, label: StanceLabel, stances: list[tuple[int, Stance]]) -> Html:
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
        )
        for n, s in stances
    )
    return tag("div", heading, tag("ul", *items), class_=f"side {label}")


def _quote(view: _View, anchor: str, evidence: Evidence) -> Html:
    if not view.quotes(evidence):
        return tag("blockquote", evidence.text, dir="auto")
    place = tag("sup", f"¶ {view.paragraph(evidence)}")
    return tag("blockquote", tag("a", evidence.text, place, href=f"#{anchor}"), dir="auto")


def _article(view: _View) -> Html:
    labels = [label for label in SIGNS if any(s.label == label for s in view.analysis.stances)]
    legend = tag(
        "p",
        *(tag("span", tag("mark", f"{SIGNS[label]} {label}", class_=label)) for label in labels),
        tag("span", "The numbers count the stances; point at the words to see whose they are."),
        class_="legend",
    )
    text = tag("div", highlight(view.text, view.marks), class_="text", dir="auto")
    return _section("article", "The article", None, legend if labels else None, text)


def _footer(view: _View) -> Html:
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
