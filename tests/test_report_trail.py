from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from test_records import TRAIL
from test_report import EVIL, SCORES, TEXT, Page, analysis, quote

from stance.markup import printable
from stance.plain import render_text, stance_text, trail_text
from stance.records import (
    Analysis,
    Article,
    Check,
    Ground,
    Holder,
    Question,
    Scores,
    Stance,
    Target,
    Trail,
)
from stance.report import render
from stance.report_trail import trail_html

CONTEXT = quote('Unions said that it costs "thousands" of jobs')
GROUND = Ground(
    (quote('it costs "thousands" of jobs'),),
    quote("Unions"),
    quote("said that"),
    "indirect",
    Question(CONTEXT, "the plan", "Unions", quote("Unions").span),
    Scores(0.05, 0.85, 0.1),
    0.92,
    (Check("near", 0.31, 0.05), Check("related", 0.92, 0.5)),
)
WEAK = replace(GROUND, checks=(Check("acts", 0.4, 0.75),), reason="too little relation")
FAR = Ground(
    (quote("A third paragraph"),), checks=(Check("near", 0.01, 0.05),), reason="too far away"
)
TRAIL_OF_UNIONS = Trail(
    (GROUND,),
    (WEAK, FAR, FAR),
    (quote("Unions"), quote("his")),
    (Check("floor", 0.8, 0.45),),
    ("2 statements are summed up",),
)


def traced() -> Analysis:
    first, second, *rest = analysis().stances
    return analysis(stances=(first, replace(second, trail=TRAIL_OF_UNIONS), *rest))


# ---------------------------------------------------------------------- the page


def test_a_trail_is_folded_under_its_stance() -> None:
    page = Page(render(traced()))
    assert page.open == []
    assert [a["class"] for a in page.all("details")] == ["trail"]
    assert "open" not in page.all("details")[0]
    assert Page(render(analysis())).all("details") == []


def test_a_folded_trail_has_the_whole_way() -> None:
    words = Page(trail_html(TRAIL_OF_UNIONS)).words
    for part in (
        f"Holder: Unions ({TEXT.index('Unions')}); his ({TEXT.index('his')})",
        f"indirect, by Unions ({GROUND.source.start}-{GROUND.source.end}), “said that”",  # type: ignore[union-attr]
        f"asked: how Unions stands toward “the plan”, in {CONTEXT.start}-{CONTEXT.end}: Unions",
        "answer: ▲ 5% ▼ 85% ◆ 10%, related 92%; nearness 0.31 ≥ 0.05; relation 0.92 ≥ 0.50",
        "relation (of an act) 0.40 < 0.75",
        "too little relation",
        "2 statements are summed up",
        "not asked about 2 more statements: too far away",
        "confidence 0.80 ≥ 0.45",
    ):
        assert part in words


def test_a_trail_is_escaped() -> None:
    text = f"Before. {EVIL} After."
    evil = quote(EVIL, text)
    ground = Ground((evil,), evil, evil, None, Question(evil, EVIL, EVIL), SCORES, 1.0, (), EVIL)
    trail = Trail((ground,), (ground,), (evil,), (), (EVIL,))
    stance = Stance(Holder("A"), Target("T"), "favor", 0.9, SCORES, (evil,), trail)
    page = Page(render(Analysis(Article(text), stances=(stance,))))
    assert not {"script", "img"} & {name for name, _ in page.elements}
    assert page.article == text
    assert page.words.count(EVIL) >= 12


@given(TRAIL)
def test_any_trail_makes_a_page_and_a_text(trail: Trail) -> None:
    page = Page(trail_html(trail))
    assert page.open == []
    assert all(printable(reason) in page.words for reason in trail.reasons)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", trail_text(trail))


# ---------------------------------------------------------------------- the text


def test_a_stance_with_a_trail_reads_as_a_text() -> None:
    shown = stance_text(traced().stances[1], width=80)
    assert shown.splitlines() == [
        "    ▼ against  80%  Unions",
        '        > Unions said that it costs "thousands" of jobs',
        "        why",
        "          holder: Unions (64); his (139)",
        "          1. indirect, by Unions (64-70), “said that” (71-80)",
        '             > it costs "thousands" of jobs (81-109)',
        "             asked: how Unions stands toward “the plan”, in 64-109: Unions said",
        '               that it costs "thousands" of jobs',
        "             answer: ▲ 5% ▼ 85% ◆ 10%, related 92%; nearness 0.31 ≥ 0.05;",
        "               relation 0.92 ≥ 0.50",
        "          - indirect, by Unions (64-70), “said that” (71-80)",
        '            > it costs "thousands" of jobs (81-109)',
        "            asked: how Unions stands toward “the plan”, in 64-109: Unions said",
        '              that it costs "thousands" of jobs',
        "            answer: ▲ 5% ▼ 85% ◆ 10%, related 92%; relation (of an act) 0.40 <",
        "              0.75",
        "            too little relation",
        "          = 2 statements are summed up",
        "          = not asked about 2 more statements: too far away",
        "          = confidence 0.80 ≥ 0.45",
    ]


def test_a_passage_is_read_for_the_text_s_own_stance() -> None:
    passage = quote("A third paragraph.")
    ground = Ground((passage,), question=Question(passage, "the plan"), scores=SCORES, related=1.0)
    shown = trail_text(Trail((ground,)))
    assert "1. the passage itself, by nobody named" in shown
    assert "asked: how the text stands toward “the plan”" in shown
    assert "holder:" not in shown


@given(st.integers(60, 120))
def test_a_trail_keeps_to_its_width(width: int) -> None:
    assert max(map(len, render_text(traced(), width=width).splitlines())) <= width
