from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.markup import Mark, highlight, paragraph_spans, printable, segments, tag
from stance.plain import statement_text, summary_text
from stance.records import (
    Analysis,
    Article,
    Brief,
    Coverage,
    Evidence,
    Holder,
    ModelInfo,
    Scores,
    Span,
    Stance,
    StanceLabel,
    Statement,
    Summary,
    SummarySentence,
    Target,
)
from stance.report import render, render_check, render_text

TEXT = (
    "“The plan <b>saves</b> lives & money,” said Minister O'Neil.\r\n\r\n"
    'Unions said that it costs "thousands" of jobs, though Maria Ortega praised his courage.\n\n'
    "A third paragraph."
)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&"
SCORES = Scores(0.8, 0.1, 0.1)


def quote(words: str, text: str = TEXT) -> Evidence:
    start = text.index(words)
    return Evidence(words, start, start + len(words))


def stance(
    holder: str, target: str, label: StanceLabel, *words: str, confidence: float = 0.8
) -> Stance:
    evidence = tuple(quote(w) for w in words)
    return Stance(Holder(holder), Target(target), label, confidence, SCORES, evidence)


def analysis(**changes: object) -> Analysis:
    stances = (
        stance("O'Neil", "the plan", "favor", "The plan <b>saves</b> lives", confidence=0.93),
        stance("Unions", "the plan", "against", 'Unions said that it costs "thousands" of jobs'),
        stance("Maria Ortega", "O'Neil", "favor", "jobs, though Maria Ortega praised his courage"),
        stance("Maria Ortega", "the plan", "unclear", "Maria Ortega praised", confidence=0.41),
    )
    sentences = (
        SummarySentence("The plan saves lives.", (quote("“The plan <b>saves</b> lives"),), 0.97),
        SummarySentence("Unions object.", (quote("costs"),), 0.31, "generate"),
    )
    whole = Analysis(
        Article(TEXT, "Minister's plan", "a1", "https://post.example/a", "The Post", "2024-03-05"),
        Summary("The plan saves lives. Unions object.", "abstract", sentences),
        (*(s.holder for s in stances), Holder("A bystander")),
        (Target("the plan"), Target("O'Neil"), Target("taxes")),
        stances,
        Coverage(100, 200, 2, 4, truncated=True),
        (ModelInfo("mini", "1.0", "sha256:0123456789abcdef"),),
        ("one stance is unclear",),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


class Page(HTMLParser):
    """Collect what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.article = ""
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        pairs = {k: v or "" for k, v in attributes}
        self.elements.append((name, pairs))
        if name != "meta":
            self.open.append(f"{name}.{pairs.get('class', '')}")

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop().split(".")[0] == name

    def handle_data(self, data: str) -> None:
        self.words += data
        if "div.text" in self.open and "aside." not in self.open:
            self.article += data

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for element, attributes in self.elements if element == name]


class TestPage:
    def test_is_well_formed_and_whole(self) -> None:
        page = Page(render(analysis()))
        assert page.open == []
        for words in ("Minister's plan", "The Post", "2024-03-05", "one stance is unclear", "mini"):
            assert words in page.words
        assert "Without a stance: A bystander" in page.words
        assert "Nobody in this article takes a stance on it" in page.words
        assert "100 of 200 characters, 2 of 4 sentences" in page.words
        assert "Only the first 50%" in page.words

    def test_article_text_survives(self) -> None:
        assert Page(render(analysis())).article == TEXT

    def test_asks_the_network_for_nothing(self) -> None:
        page = Page(render(analysis()))
        loaders = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "svg"}
        assert not loaders & {name for name, _ in page.elements}
        assert not [a for _, a in page.elements if "src" in a or any(k[:2] == "on" for k in a)]
        source = render(analysis())
        assert "url(" not in source
        assert "@import" not in source
        policy = [m["content"] for m in page.all("meta") if "http-equiv" in m]
        assert policy == [
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        ]

    def test_every_inner_link_leads_somewhere_and_ids_are_unique(self) -> None:
        page = Page(render(analysis()))
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))
        links = [a["href"] for a in page.all("a") if "href" in a]
        inner = [link[1:] for link in links if link.startswith("#")]
        assert len(inner) > 5
        assert set(inner) <= set(ids)

    def test_hover_tells_holder_label_target_confidence(self) -> None:
        tips = [m["title"] for m in Page(render(analysis())).all("mark") if "title" in m]
        assert "▲ O'Neil, favor: the plan (93%)" in tips
        assert all(
            m.get("data-tip") == m.get("title") for m in Page(render(analysis())).all("mark")
        )

    def test_overlapping_evidence_nests(self) -> None:
        page = render(analysis())
        assert re.search(r'<mark class="against[^>]*><mark class="favor[^>]*>[^<]*jobs', page)
        tip = re.search(r'<mark class="against e2-1 e3-1"[^>]*title="([^"]*)"', page)
        assert tip
        assert len(tip[1].split("\n")) == 2

    def test_matrix_links_cells_to_evidence(self) -> None:
        chips = [a for a in Page(render(analysis())).all("a") if "chip" in a.get("class", "")]
        assert [c["href"] for c in chips] == ["#e1-1", "#e2-1", "#e4-1", "#e3-1"]
        assert chips[0]["title"] == "The plan <b>saves</b> lives"

    def test_a_holder_who_changed_side_has_both_chips_in_order(self) -> None:
        both = (
            stance("Unions", "the plan", "against", "Unions said", confidence=0.7),
            stance("Unions", "the plan", "favor", "praised his courage", confidence=0.9),
        )
        page = render(analysis(stances=both))
        (cell,) = re.findall(r"<td>(.*?)</td>", page)[:1]
        assert cell.index("▼ against") < cell.index("▲ favor")
        assert cell.count("chip") == 2

    def test_each_target_has_its_sides_with_their_quotes(self) -> None:
        page = render(analysis())
        (plan,) = re.findall(r'<article class="target"><h3[^>]*>the plan.*?</article>', page)
        _, favor, neutral, against, _unclear = plan.split('<div class="side ')
        assert "The plan &lt;b&gt;saves&lt;/b&gt; lives" in favor
        assert "Unions said that it costs" in against
        assert "Unions" not in favor
        assert neutral.startswith("neutral empty-side")

    def test_summary_links_to_its_sources(self) -> None:
        page = render(analysis())
        assert '<a href="#s1-1"' in page
        assert '<a id="s1-1">' in page
        assert '<span class="bar low"><span style="width:31%">' in page

    def test_everything_is_escaped(self) -> None:
        text = f"Before. {EVIL} After."
        evidence = (quote(EVIL, text),)
        made = Stance(Holder(EVIL), Target(EVIL), "favor", 0.9, SCORES, evidence)
        page = Page(
            render(
                Analysis(
                    Article(text, EVIL, EVIL, f"https://x.example/{EVIL}", EVIL, EVIL),
                    Summary(EVIL, EVIL, (SummarySentence(EVIL, evidence, 0.5, EVIL),)),
                    (made.holder, Holder(f"{EVIL}2")),
                    (made.target,),
                    (made,),
                    Coverage(1, 1, 1, 1),
                    (ModelInfo(EVIL, EVIL, EVIL),),
                    (EVIL,),
                )
            )
        )
        assert not {"script", "img"} & {name for name, _ in page.elements}
        assert page.article == text
        assert page.words.count(EVIL) >= 10

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://x"])
    def test_only_web_addresses_become_links(self, url: str) -> None:
        page = Page(render(analysis(article=Article(TEXT, url=url))))
        assert url not in [a.get("href") for a in page.all("a")]

    def test_words_that_are_not_in_the_article_are_not_marked(self) -> None:
        wrong = Stance(Holder("X"), Target("Y"), "favor", 0.9, SCORES, (Evidence("wrong", 3, 8),))
        page = Page(render(analysis(stances=(wrong,))))
        assert "wrong" in page.words
        assert [m for m in page.all("mark") if "e1-1" in m["class"]] == []
        assert "href" not in next(a for a in page.all("a") if "chip" in a.get("class", ""))

    def test_bare_analysis(self) -> None:
        page = Page(render(Analysis(Article("Words."))))
        assert "Nobody takes a stance" in page.words
        assert page.article == "Words."

    def test_same_in_same_out(self) -> None:
        assert render(analysis()) == render(analysis())

    @given(
        st.text(st.sampled_from("ab <&\"'>\n\r\té😀\x00"), min_size=1),
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))),
    )
    def test_any_text_with_any_evidence_survives(
        self, text: str, spans: list[tuple[int, int]]
    ) -> None:
        stances = tuple(
            Stance(Holder("H"), Target("T"), "favor", 0.9, SCORES, (Evidence.cut(text, span),))
            for a, b in spans
            for span in [Span(min(a, b, len(text)), min(max(a, b), len(text)))]
        )
        page = Page(render(Analysis(Article(text), stances=stances)))
        assert page.article == printable(text)
        assert page.open == []


class TestSegments:
    MARKS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), max_size=8)

    @given(st.integers(0, 20), st.integers(1, 20), MARKS)
    def test_each_character_has_just_its_marks(
        self, start: int, length: int, spans: list[tuple[int, int]]
    ) -> None:
        within = Span(start, start + length)
        marks = [Mark(Span(a, a + n), f"m{i}", "favor") for i, (a, n) in enumerate(spans)]
        cut = segments(within, marks)
        assert [s.start for s in cut] == [within.start, *(s.end for s in cut[:-1])]
        assert cut[-1].end == within.end
        for segment in cut:
            for at in range(segment.start, segment.end):
                assert list(segment.marks) == [m for m in marks if m.span.start <= at < m.span.end]

    @given(st.text(st.sampled_from("ab \r\n")))
    def test_paragraphs_hold_all_words_in_order(self, text: str) -> None:
        spans = paragraph_spans(text)
        assert "".join("".join(s.of(text).split()) for s in spans) == "".join(text.split())
        assert all(a.end < b.start for a, b in pairwise(spans))

    def test_hard_wrapped_paragraphs_stay_whole(self) -> None:
        assert [s.of("a\nb\n\nc") for s in paragraph_spans("a\nb\n\nc")] == ["a\nb", "c"]
        assert [s.of("a\nb") for s in paragraph_spans("a\nb")] == ["a", "b"]

    def test_an_anchor_stands_once_where_the_mark_begins(self) -> None:
        marks = [Mark(Span(0, 6), "e1-1", "favor", "tip", "1"), Mark(Span(2, 3), "s1-1")]
        page = highlight("ab\n\ncd", [*marks])
        assert page.count('<a id="e1-1">') == 1
        assert page.count("data-n=") == 1
        assert page.count('<mark class="favor e1-1') == 2


def test_tag_escapes_all_but_markup() -> None:
    inner = tag("b", "<&>", title='"')
    assert inner == '<b title="&quot;">&lt;&amp;&gt;</b>'
    assert tag("p", inner, "<", None, hidden=None) == f"<p>{inner}&lt;</p>"


class TestPlainText:
    def test_holds_what_was_found(self) -> None:
        out = render_text(analysis())
        lines = [line.strip() for line in out.splitlines()]
        assert lines[:2] == [
            "Minister's plan",
            "a1 · The Post · 2024-03-05 · https://post.example/a",
        ]
        assert "[97% supported; verbatim; characters 0-28]" in lines
        assert "▲ favor    93%  O'Neil" in lines
        assert "> The plan <b>saves</b> lives" in lines
        assert lines[lines.index("taxes (claim)") + 1] == "nobody takes a stance"
        assert lines[-1] == "Note: one stance is unclear"
        assert out.endswith("unclear\n")

    def test_nothing_found(self) -> None:
        assert "Nobody takes a stance." in render_text(Analysis(Article("Words.")))
        assert "Nothing to sum up." in summary_text(Summary("", "extract"))

    @given(st.text())
    def test_no_text_can_steer_a_terminal(self, text: str) -> None:
        made = Stance(Holder(text), Target(text), "favor", 0.5, SCORES, (quote(text, text),))
        out = render_text(Analysis(Article(text, title=text or None), stances=(made,)))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", out)

    @given(st.integers(50, 120))
    def test_keeps_to_its_width(self, width: int) -> None:
        lines = render_text(analysis(article=Article(TEXT)), width=width).splitlines()
        assert max(map(len, lines)) <= width

    def test_statement(self) -> None:
        text = "Unions said that it costs jobs."
        statement = Statement((Span(12, 30),), Span(0, 6), Span(7, 11))
        assert (
            statement_text(statement, text) == "Unions [said], indirect:\n    > that it costs jobs"
        )
        assert statement_text(replace(statement, source=None, cue=None), text).startswith("(nobody")


def test_each_holder_and_each_target_has_its_line() -> None:
    lines = (
        Brief("holder", "Unions", SummarySentence("Unions said <i>no</i>.")),
        Brief("target", "the plan", SummarySentence("The plan splits the town.")),
    )
    page = render(analysis(briefs=lines))
    assert "<dt>Unions</dt><dd" in page
    assert "Unions said &lt;i&gt;no&lt;/i&gt;." in page
    assert page.count("The plan splits the town.") == 1
    assert "The plan splits the town." in render_text(analysis(briefs=lines))
    assert "<dl" not in render(analysis())


def test_words_that_the_article_lacks_are_marked_in_a_checked_summary() -> None:
    sentences = (
        SummarySentence(
            "Unions & Bob Zorn object.", (quote("Unions"),), 0.2, "given", (Span(9, 17),)
        ),
        SummarySentence("Maria Ortega praised his zeal.", (quote("Maria Ortega"),), 0.9, "given"),
    )
    summary = Summary(" ".join(s.text for s in sentences), "given", sentences)
    page = render_check(Article(TEXT, "Minister's plan"), summary)
    assert '<mark class="unsupported">Bob Zorn</mark>' in page
    assert 'Unions &amp; <mark class="unsupported">' in page
    assert '<mark class="strange">object</mark>' in page
    # A sentence that the article supports may have words of its own.
    assert "Maria Ortega praised his zeal." in page
    assert 'id="stances"' not in page
    assert 'href="#s1-1"' in page
    assert EVIL not in render_check(Article(TEXT + EVIL), replace(summary, text=EVIL))


def test_an_unsupported_span_beyond_the_sentence_breaks_nothing() -> None:
    sentence = SummarySentence("No.", (), 0.1, "given", (Span(1, 40),))
    page = render_check(Article(TEXT), Summary("No.", "given", (sentence,)))
    assert '<mark class="unsupported">o.</mark>' in page
