from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.base import Floats
from stance.backends.decoding import acts, attributions, token_spans
from stance.backends.inputs import Window
from stance.backends.modeling import ACT_TAGS, ROLES, TAGS
from stance.records import Span

ROWS = st.lists(
    st.lists(st.floats(0.01, 1), min_size=len(TAGS), max_size=len(TAGS)), min_size=1, max_size=20
)


def chances(*tags: str) -> Floats:
    """Be sure of these tags, one a token."""
    table = np.full((len(tags), len(TAGS)), 0.01, dtype=np.float32)
    for row, tag in zip(table, tags, strict=True):
        row[TAGS.index(tag)] = 0.94
    return table


def words(count: int) -> np.ndarray:
    """Make every token but the first and the last a word of its own."""
    return np.array([-1, *range(count - 2), -1])


def spans(*tags: str, of: list[int] | None = None) -> list[tuple[str, int, int]]:
    numbers = np.array(of) if of else words(len(tags))
    return [(s.role, s.first, s.last) for s in token_spans(chances(*tags), numbers)]


def window(size: int) -> Window:
    """Make a window whose token i covers the characters 10 i to 10 i + 5."""
    starts = np.arange(size) * 10
    owner = np.array([-1, *[0] * (size - 2), -1])
    return Window(np.arange(size), owner, starts, starts + 5, words(size))


def links(size: int, *arrows: tuple[int, int, int]) -> Floats:
    """Point (kind, from, to); everything else points at none."""
    table = np.full((2, size, size), -5.0, dtype=np.float32)
    table[:, :, 0] = 0.0
    for kind, start, end in arrows:
        table[kind, start, end] = 5.0
    return table


# ---------------------------------------------------------------------- spans


def test_a_span_runs_from_its_b_to_its_last_i() -> None:
    assert spans("O", "O", "B-source", "I-source", "B-cue", "O", "B-content", "I-content", "O") == [
        ("source", 2, 3),
        ("cue", 4, 4),
        ("content", 6, 7),
    ]


def test_an_i_without_its_b_opens_a_span_and_a_new_b_parts_two() -> None:
    assert spans("O", "I-cue", "I-cue", "O", "O") == [("cue", 1, 2)]
    assert spans("O", "B-cue", "I-cue", "B-cue", "O") == [("cue", 1, 2), ("cue", 3, 3)]
    assert spans("O", "B-source", "I-content", "O") == [("source", 1, 1), ("content", 2, 2)]


def test_special_tokens_are_in_no_span() -> None:
    assert spans("B-cue", "B-cue", "I-cue") == [("cue", 1, 1)]
    assert spans("B-cue", "I-cue") == []


def test_the_pieces_of_a_word_vote_as_one() -> None:
    assert spans("O", "B-cue", "O", "I-cue", "O", "O", of=[-1, 0, 0, 0, 1, -1]) == [("cue", 1, 3)]
    assert spans("O", "B-cue", "O", "O", "O", "O", of=[-1, 0, 0, 0, 1, -1]) == []


def test_b_and_i_of_one_role_stand_together_against_none() -> None:
    table = chances("O", "O", "O")
    table[1] = 0.0
    table[1, [TAGS.index("O"), TAGS.index("B-cue"), TAGS.index("I-cue")]] = (0.4, 0.3, 0.3)
    (span,) = token_spans(table, words(3))
    assert (span.role, span.first, span.last) == ("cue", 1, 1)
    assert abs(span.score - 0.6) < 1e-6


@given(st.lists(st.sampled_from(TAGS), min_size=0, max_size=20))
def test_sure_tags_are_read_by_the_book(tags: list[str]) -> None:
    expected: list[tuple[str, int, int]] = []
    for token, tag in enumerate(tags, start=1):
        letter, _, role = tag.partition("-")
        if letter == "O":
            continue
        follows = bool(expected) and expected[-1][0] == role and expected[-1][2] == token - 1
        if letter == "I" and follows:
            expected[-1] = (role, expected[-1][1], token)
        else:
            expected.append((role, token, token))
    assert spans("O", *tags, "O") == expected


@given(ROWS, st.data())
def test_any_chances_give_spans_apart_and_in_order(
    rows: list[list[float]], data: st.DataObject
) -> None:
    table = np.array(rows, dtype=np.float32)
    table /= table.sum(1, keepdims=True)
    steps = data.draw(st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows)))
    numbers = np.cumsum(steps)
    numbers[data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))] = -1
    position = -1
    for span in token_spans(table, numbers):
        assert position < span.first <= span.last < len(rows)
        assert span.role in ROLES
        assert 0 < span.score <= 1 + 1e-6
        assert (numbers[[span.first, span.last]] >= 0).all()
        position = span.last


# ---------------------------------------------------------------------- attributions

# Two long contents, far enough apart that nobody takes them for one.
LONG, HOLE = 8, 25
CONTENT = ("B-content", *["I-content"] * (LONG - 1))
TAGGED = ("O", "B-source", "B-cue", *CONTENT, *["O"] * HOLE, *CONTENT, "O")
SIZE, FIRST, SECOND = len(TAGGED), 3, 3 + LONG + HOLE
PARTS = tuple(Span(10 * at, 10 * (at + LONG) - 5) for at in (FIRST, SECOND))


def test_spans_are_joined_along_their_links() -> None:
    arrows = links(SIZE, (0, 2, 1), (1, FIRST, 2), (1, SECOND, 2))
    (found,) = attributions(window(SIZE), chances(*TAGGED), arrows)
    assert (found.source, found.cue) == (Span(10, 15), Span(20, 25))
    assert found.content == PARTS
    assert 0.9 < found.score <= 1


def test_a_content_that_points_at_none_stands_alone() -> None:
    arrows = links(SIZE, (0, 2, 1), (1, FIRST, 2))
    found = attributions(window(SIZE), chances(*TAGGED), arrows)
    assert [(a.source, a.cue, a.content) for a in found] == [
        (Span(10, 15), Span(20, 25), PARTS[:1]),
        (None, None, PARTS[1:]),
    ]


def test_a_cue_that_points_at_none_has_no_source() -> None:
    arrows = links(SIZE, (1, FIRST, 2), (1, SECOND, 2))
    (found,) = attributions(window(SIZE), chances(*TAGGED), arrows)
    assert found.source is None
    assert found.cue == Span(20, 25)


def test_a_cue_without_a_content_is_no_attribution() -> None:
    found = attributions(window(4), chances("O", "B-source", "B-cue", "O"), links(4, (0, 2, 1)))
    assert found == []


def test_doubt_about_a_content_lowers_the_score() -> None:
    sure, doubtful = chances(*TAGGED), chances(*TAGGED)
    doubtful[doubtful[:, TAGS.index("I-content")] > 0.5, TAGS.index("I-content")] = 0.5
    arrows = links(SIZE, (0, 2, 1), (1, FIRST, 2), (1, SECOND, 2))
    (high,), (low,) = (attributions(window(SIZE), t, arrows) for t in (sure, doubtful))
    assert 0 < low.score < high.score <= 1


@given(ROWS, st.integers(0, 10**6))
def test_any_logits_give_attributions_of_true_tokens(rows: list[list[float]], seed: int) -> None:
    size = len(rows) + 2
    table = np.array([rows[0], *rows, rows[0]], dtype=np.float32)
    table /= table.sum(1, keepdims=True)
    pointers = np.random.default_rng(seed).normal(size=(2, size, size)).astype(np.float32)
    ends = {span.end for span in (Span(10 * i, 10 * i + 5) for i in range(1, size - 1))}
    for found in attributions(window(size), table, pointers):
        assert found.content
        assert list(found.content) == sorted(found.content)
        for span in (*found.content, found.source, found.cue):
            if span is not None:
                assert span.start % 10 == 0
                assert span.start > 0
                assert span.end in ends


# ---------------------------------------------------------------------- acts


def deeds(*tags: str) -> list[tuple[Span | None, Span]]:
    table = np.full((len(tags), len(ACT_TAGS)), 0.01, dtype=np.float32)
    for row, tag in zip(table, tags, strict=True):
        row[ACT_TAGS.index(tag)] = 0.96
    return [(a.source, a.content[0]) for a in acts(window(len(tags)), table)]


def test_an_act_has_the_actor_before_it() -> None:
    found = deeds("O", "B-actor", "O", "B-actor", "B-act", "I-act", "O")
    assert found == [(Span(30, 35), Span(40, 55))]


def test_an_act_takes_the_actor_behind_it_where_there_is_none_before() -> None:
    assert deeds("O", "B-act", "I-act", "O", "B-actor", "O") == [(Span(40, 45), Span(10, 25))]


def test_an_act_without_an_actor_or_of_one_word_is_none() -> None:
    assert deeds("O", "B-act", "I-act", "O") == []
    assert deeds("O", "B-actor", "B-act", "O") == []
