from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wild_texts import wild_texts

from stance.quotes import PAIRS, Quote, find_quotes
from stance.text import make_document

MARKS = st.lists(
    st.sampled_from(
        [*PAIRS, "”", "’", "›", "」", " ", "a", "words of him ", ". ", ", ", "\n", "— "]
    ),
    min_size=1,
    max_size=60,
)


def quotes(text: str) -> tuple[Quote, ...]:
    return find_quotes(text, make_document(text).paragraphs)


def inner(text: str) -> list[str]:
    return [q.inner.of(text) for q in quotes(text)]


@given(wild_texts() | MARKS.map("".join).filter(str.strip))
@example("“")
@example("»")
@example('"a "b "c')
@example("'a 'b\n'c d e")
@example("— ")
def test_any_text_gives_quotations_in_order_inside_their_paragraphs(text: str) -> None:
    paragraphs = make_document(text).paragraphs
    found = find_quotes(text, paragraphs)
    position = 0
    for quote in found:
        assert quote.span.start >= position
        assert quote.span.contains(quote.inner)
        assert any(p.contains(quote.span) for p in paragraphs)
        assert quote.words(text) == len(quote.inner.of(text).split())
        position = quote.span.end
    if found:
        assert not found[0].continues


@given(st.lists(st.sampled_from(["We will not go", "It is, in part, so", "Öl für alle!"])))
def test_well_formed_quotations_are_all_found(words: list[str]) -> None:
    for opening, closing in (("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("「", "」")):
        text = " ".join(f"He said {opening}{w}{closing} then." for w in words) or "x"
        assert inner(text) == words
        assert all(q.closed and not q.continues for q in quotes(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('She said "we will go" and left.', ["we will go"]),
        ("She said “we will go” and left.", ["we will go"]),
        ("Elle a dit «nous irons» hier.", ["nous irons"]),
        ("Er sagte: »Wir gehen jetzt« und ging.", ["Wir gehen jetzt"]),
        ("She said ‘we will go now’ and left.", ["we will go now"]),
        ("She said 'we will go now' and left.", ["we will go now"]),
        ("— We will go, — she said.", ["We will go"]),
        (
            "“He called it ‘a very bad plan’ twice,” she said.",
            ["He called it ‘a very bad plan’ twice,"],
        ),
        ('"He called it “a bad plan” twice," she said.', ["He called it “a bad plan” twice,"]),
        ('("So be it," he said.)', ["So be it,"]),
    ],
)
def test_each_kind_of_mark_is_read(text: str, found: list[str]) -> None:
    assert inner(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "The dogs' owner and the cats' owner met the horses' owner.",
        "It isn't what they're after, and it's not theirs'.",
        "Rock 'n' roll is here to stay.",
        "The ’90s were the band’s best years, weren’t they?",
        "A board of 6' by 4' was found.",
        "No quotation at all – only dashes – in this line.",
    ],
)
def test_apostrophes_and_dashes_are_no_quotations(text: str) -> None:
    assert quotes(text) == ()


def test_an_apostrophe_does_not_close_a_single_quotation() -> None:
    assert inner("‘We don’t know the dogs’ names yet,’ he said.") == [
        "We don’t know the dogs’ names yet,"
    ]


@pytest.mark.parametrize("mark", ["“", '"', "«", "„"])
def test_an_odd_mark_ends_with_its_paragraph(mark: str) -> None:
    text = f"He said {mark}we will never go.\nNext paragraph has “its own” words."
    first, second = quotes(text)
    assert first.inner.of(text) == "we will never go."
    assert not first.closed
    assert second.inner.of(text) == "its own"
    assert not second.continues


def test_a_quotation_over_paragraphs_is_one_that_continues() -> None:
    text = "“We waited.\n\n“Then we left.\n\n“Now we are back,” he said. “For good,” he added."
    found = quotes(text)
    assert [q.closed for q in found] == [False, False, True, True]
    assert [q.continues for q in found] == [False, True, True, False]


def test_a_closed_quotation_does_not_continue() -> None:
    assert [q.continues for q in quotes("“We waited.”\n\n“Then we left.”")] == [False, False]


def test_a_quotation_later_in_a_paragraph_does_not_continue() -> None:
    assert [q.continues for q in quotes("“We waited.\n\nHe paused. “Then we left.”")] == [
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        ("“We waited for it,” he said. ", 10_000),
        ('"We waited for it," he said.\n', 10_000),
        ("“We waited for it, he said.\n", 10_000),
        ("'a ", 0),
        ("‘a ", 0),
        ("'a' ", 0),
    ],
)
def test_ten_thousand_marks_are_read_in_one_pass(piece: str, count: int) -> None:
    assert len(quotes(piece * 10_000)) == count
