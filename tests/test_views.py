from __future__ import annotations

import sys
from dataclasses import replace
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import MissingExtraError, OptionError, RecordError
from stance.records import (
    Analysis,
    Article,
    Cell,
    Evidence,
    Holder,
    Matrix,
    Scores,
    Stance,
    StanceLabel,
    Target,
)
from stance.views import COLUMNS, to_rows

TEXT = "Ana said yes. Bob said no. Ana said no after all."
DAM, TAX, FERRY = Target("the dam is safe"), Target("the tax", "topic"), Target("the ferry")
ANA, BOB = Holder("Ana"), Holder("the Bobs", "group")


def stance(
    holder: Holder, target: Target, label: StanceLabel, confidence: float, *words: str
) -> Stance:
    quotes = tuple(Evidence(w, TEXT.index(w), TEXT.index(w) + len(w)) for w in words)
    return Stance(holder, target, label, confidence, Scores(0.5, 0.25, 0.25), quotes)


STANCES = (
    stance(ANA, DAM, "favor", 0.91, "said yes", "Ana said"),
    stance(BOB, DAM, "against", 0.8, "said no"),
    stance(ANA, DAM, "against", 0.7, "no after all"),
    stance(BOB, TAX, "unclear", 0.4),
)
ANALYSIS = Analysis(
    Article(TEXT, id="a1"), holders=(ANA, BOB), targets=(DAM, TAX, FERRY), stances=STANCES
)
EMPTY = Analysis(Article(TEXT))


# ---------------------------------------------------------------------- the matrix


def test_a_matrix_has_every_holder_and_target_in_order() -> None:
    matrix = ANALYSIS.matrix()
    assert matrix.holders == ("Ana", "the Bobs")
    assert matrix.targets == ("the dam is safe", "the tax", "the ferry")


def test_a_holder_who_changed_side_shows_both_in_order() -> None:
    cell = ANALYSIS.matrix()["Ana", "the dam is safe"]
    assert cell.labels == ("favor", "against")
    assert cell.confidences == (0.91, 0.7)
    assert str(cell) == "▲ 91%, ▼ 70%"


def test_a_cell_is_empty_where_nobody_spoke() -> None:
    matrix = ANALYSIS.matrix()
    assert matrix["Ana", "the ferry"] == Cell("Ana", "the ferry")
    assert [(c.holder, c.target) for c in matrix.cells] == [
        ("Ana", "the dam is safe"),
        ("the Bobs", "the dam is safe"),
        ("the Bobs", "the tax"),
    ]


@pytest.mark.parametrize("place", [("Cleo", "the tax"), ("Ana", "the moon")])
def test_an_unknown_name_is_told(place: tuple[str, str]) -> None:
    with pytest.raises(OptionError, match=r"the matrix has no '(Cleo|the moon)'; it has \["):
        _ = ANALYSIS.matrix()[place]


def test_holders_and_targets_that_only_a_stance_names_are_there() -> None:
    bare = replace(ANALYSIS, holders=(), targets=())
    assert bare.matrix().holders == ("Ana", "the Bobs")
    assert bare.matrix().targets == ("the dam is safe", "the tax")


def test_a_matrix_prints_as_a_table() -> None:
    assert str(ANALYSIS.matrix()) == (
        "          1             2      3\n"
        "Ana       ▲ 91%, ▼ 70%  ·      ·\n"
        "the Bobs  ▼ 80%         ? 40%  ·\n"
        "\n"
        "1  the dam is safe\n"
        "2  the tax\n"
        "3  the ferry\n"
        "\n"
        "▲ favor  ▼ against  ◆ neutral  ? unclear"
    )
    assert str(EMPTY.matrix()) == "Nobody takes a stance."


def test_columns_hold_where_letters_are_wide_or_names_long() -> None:
    holders = [Holder("安倍晋三"), Holder("Ana"), Holder("x" * 90), Holder("Zoe\u0301")]
    stances = tuple(stance(h, DAM, "favor", 0.9) for h in holders)
    head, *rows = str(Analysis(Article(TEXT), stances=stances).matrix()).split("\n")[:5]
    columns = {
        sum(0 if c == "\u0301" else 1 + (east_asian_width(c) in "WF") for c in row.split("▲")[0])
        for row in rows
    }
    assert columns == {head.index("1")}
    assert head.index("1") < 40


def test_a_name_cannot_steer_the_terminal() -> None:
    evil = Holder("\x1b[2JEvil\nname\u202e\ud800")
    shown = str(Analysis(Article(TEXT), stances=(stance(evil, DAM, "favor", 0.9),)).matrix())
    assert "\ufffd[2JEvil name\ufffd\ufffd  ▲ 90%" in shown


def test_a_cell_has_a_confidence_for_each_label() -> None:
    with pytest.raises(RecordError, match="1 labels and 2 confidences"):
        Cell("Ana", "the tax", ("favor",), (0.9, 0.8))


@given(
    st.lists(
        st.builds(
            stance,
            st.sampled_from([ANA, BOB]),
            st.sampled_from([DAM, TAX]),
            st.sampled_from(["favor", "against", "neutral", "unclear"]),
            st.floats(0, 1),
        ),
        max_size=6,
    ).map(tuple)
)
def test_a_matrix_loses_no_stance(stances: tuple[Stance, ...]) -> None:
    matrix = Analysis(Article(TEXT), stances=stances).matrix()
    for holder in matrix.holders:
        for target in matrix.targets:
            cell = matrix[holder, target]
            assert list(zip(cell.labels, cell.confidences, strict=True)) == [
                (s.label, s.confidence)
                for s in stances
                if (s.holder.name, s.target.text) == (holder, target)
            ]
    assert sum(len(cell.labels) for cell in matrix.cells) == len(stances)
    assert Matrix.from_dict(matrix.to_dict()) == matrix


# ---------------------------------------------------------------------- the frame


def test_a_row_is_one_quote_of_one_stance() -> None:
    rows = to_rows(ANALYSIS)
    assert [(r["stance"], r["quote"]) for r in rows] == [
        (0, "said yes"),
        (0, "Ana said"),
        (1, "said no"),
        (2, "no after all"),
        (3, None),
    ]
    assert all(list(row) == list(COLUMNS) for row in rows)


def test_a_frame_has_what_the_stances_say() -> None:
    frame = ANALYSIS.to_frame()
    assert list(frame.columns) == list(COLUMNS)
    assert frame.iloc[2].to_dict() == {
        "article": "a1",
        "stance": 1,
        "holder": "the Bobs",
        "holder_kind": "group",
        "target": "the dam is safe",
        "target_kind": "claim",
        "label": "against",
        "confidence": 0.8,
        "favor": 0.5,
        "against": 0.25,
        "neutral": 0.25,
        "quote": "said no",
        "start": TEXT.index("said no"),
        "end": TEXT.index("said no") + 7,
    }
    quoted = frame.dropna(subset="quote")
    assert [TEXT[a:b] for a, b in zip(quoted["start"], quoted["end"], strict=True)] == list(
        quoted["quote"]
    )


def test_an_empty_frame_has_the_same_columns_and_types() -> None:
    empty, full = EMPTY.to_frame(), ANALYSIS.to_frame()
    assert len(empty) == 0
    assert dict(empty.dtypes) == dict(full.dtypes)


def test_without_pandas_the_pip_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance-nlp\[pandas\]'"):
        ANALYSIS.to_frame()
