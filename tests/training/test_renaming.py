from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_corpus import block

from stance.backends.base import StancePair
from stance.records import Span
from stance.training.articles import asked
from stance.training.corpus import Piece, parse
from stance.training.examples import PairExample
from stance.training.renaming import MASKED, SWAPPED, Renamer, renamed

HEAD = """title: Council splits over the pool
H1 person Ana Lind | Mayor Lind | the mayor
H2 organization Swimmers' League | the league
H3 country Norway
H4 group many parents
T1 topic the plan of Ana Lind
"""
TEXT = """<s1 H1>Mayor Ana Lind</s1> <c1>called</c1> <p1>the closure “overdue”</p1>.
<s2 H1>Lind</s2> <c2>said</c2> <p2>that Norway paid the Swimmers' League</p2>.
<s3 H3>Norway</s3> <c3>denied</c3> <p3>this</p3>."""
POOL = parse("pool", block(HEAD, TEXT, "H1 T1 favor 1"))
OTHER = """title: A bridge
H1 person Prof Bo Stone | Stone | the engineer
H2 organization Bridge Guild
H3 country Chile
T1 topic the bridge
"""
BRIDGE = parse("bridge", block(OTHER, "<s1 H1>Stone</s1> <p1>smiled at all</p1>.", ""))
WORDS = ("Ana Lind", "Lind", "Linda", "Norway", "the mayor", "and", "said", "“no”", "Lind’s", "\n")


def example(text: str, target: str, holder: str | None, mark: Span | None = None) -> PairExample:
    pair = StancePair(text, target, holder, mark)
    return PairExample("stance", pair, (1,), related=1, weight=0.5, group="pool")


def marked(found: PairExample) -> str:
    assert found.pair.holder_span is not None
    return found.pair.holder_span.of(found.pair.text)


# ---------------------------------------------------------------------- one question


NAMES = {"Ana Lind": "Bo Stone", "Lind": "Stone", "Norway": "Chile"}


def test_text_holder_and_target_change_alike() -> None:
    text = "Norway heard Ana Lind. Lind said that Lind’s plan is good for Norway."
    before = example(text, "the plan of Ana Lind", "Ana Lind", Span(23, 27))
    after = renamed(before, NAMES)
    assert after.pair == StancePair(
        "Chile heard Bo Stone. Stone said that Stone’s plan is good for Chile.",
        "the plan of Bo Stone",
        "Bo Stone",
        Span(22, 27),
    )
    assert (marked(before), marked(after)) == ("Lind", "Stone")


def test_nothing_else_changes() -> None:
    before = example("Ana Lind said so.", "the pool", "the mayor", Span(0, 8))
    after = renamed(before, NAMES)
    assert after.pair.holder == "the mayor"
    assert replace(after, pair=before.pair) == before
    assert renamed(example("Linda and Mc-Lindy said so.", "x", None), NAMES).pair == StancePair(
        "Linda and Mc-Lindy said so.", "x", None
    )


def test_names_that_change_places_do_so_at_once() -> None:
    after = renamed(example("Ana met Bo.", "Bo", "Ana", Span(0, 3)), {"Ana": "Bo", "Bo": "Ana"})
    assert after.pair == StancePair("Bo met Ana.", "Ana", "Bo", Span(0, 2))


def test_the_longest_name_goes_first() -> None:
    names = {"Ana": "A", "Ana Lind": "B", "Ana Lind Roe": "C"}
    pair = renamed(example("Ana Lind spoke to Ana and Ana Lind Roe.", "x", None), names).pair
    assert pair.text == "B spoke to A and C."


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.data())
def test_the_mark_covers_the_same_words_under_their_new_names(
    words: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join(words[:first])) + bool(first)
    inside = " ".join(words[first : last + 1])
    before = example(" ".join(words), "Norway", "Lind", Span(start, start + len(inside)))
    assert marked(before) == inside
    after = renamed(before, NAMES)
    assert marked(after) == renamed(example(inside, "", None), NAMES).pair.text
    back = {new: old for old, new in NAMES.items()}
    assert renamed(after, back) == before
    free = replace(before, pair=replace(before.pair, holder_span=None))
    if not first or words[first - 1 : first + 1] != ["Ana", "Lind"]:
        assert renamed(free, NAMES).pair.text == after.pair.text


# ---------------------------------------------------------------------- an article's questions


class Dice(random.Random):
    """Throw the same number every time, and choose as any other."""

    def __init__(self, thrown: float, seed: int = 1) -> None:
        super().__init__(seed)
        self.thrown = thrown

    def random(self) -> float:
        return self.thrown


def again(piece: Piece, thrown: float) -> list[tuple[PairExample, PairExample]]:
    """Ask every question again; return each before and after."""
    before = list(asked(piece, random.Random(3)))
    after = list(Renamer([POOL, BRIDGE]).again(piece, before, Dice(thrown)))
    assert len(after) == len(before) > 4
    return list(zip(before, after, strict=True))


def test_the_stock_has_the_proper_names_without_titles() -> None:
    assert Renamer([POOL, BRIDGE]).stock == {
        "person": ["Ana Lind", "Bo Stone"],
        "organization": ["Swimmers' League", "Bridge Guild"],
        "country": ["Norway", "Chile"],
    }


def test_placeholders_stand_for_every_holder_with_a_name() -> None:
    for before, after in again(POOL, 0.0):
        words = f"{after.pair.text} {after.pair.target} {after.pair.holder}"
        assert not {"Ana", "Lind", "Norway", "Swimmers"} & set(words.replace("'", " ").split())
        if "Ana Lind" in before.pair.target:
            assert after.pair.target == "the plan of Person A"
        if before.pair.holder == "Norway":
            assert after.pair.holder == "Country C"
        if before.pair.text.startswith("Mayor Ana Lind called"):
            assert after.pair.text.startswith("Mayor Person A called")


def test_a_placeholder_is_the_same_for_surname_and_full_name() -> None:
    (words, *_) = [
        a.pair.text
        for b, a in again(POOL, 0.0)
        if "Ana Lind" in b.pair.text and "\nLind" in b.pair.text
    ]
    assert words.count("Person A") == 2
    assert "Organization B" in words


@pytest.mark.parametrize("thrown", [0.0, MASKED])
def test_again_only_names_change(thrown: float) -> None:
    for before, after in again(POOL, thrown):
        assert (after.gold, after.related, after.group) == (before.gold, before.related, "pool")
        assert (after.pair.holder is None) == (before.pair.holder is None)
        assert (after.pair.holder_span is None) == (before.pair.holder_span is None)
        kept = [
            w
            for w in ("called the closure “overdue”", "denied this", "paid the")
            if w in before.pair.text
        ]
        assert all(words in after.pair.text for words in kept)


def test_other_names_are_of_the_same_kind() -> None:
    swapped = again(POOL, MASKED)
    holders = {(b.pair.holder, a.pair.holder) for b, a in swapped if b.pair.holder}
    assert {new for old, new in holders if old == "Norway"} <= {"Norway", "Chile"}
    people = {new for old, new in holders if old == "Ana Lind"}
    assert "Bo Stone" in people <= {"Ana Lind", "Bo Stone"}
    for before, after in swapped:
        if before.pair.holder_span and marked(before) == "Lind":
            assert marked(after) in {"Lind", "Stone"}
            assert ("Bo Stone" in after.pair.target) == (marked(after) == "Stone")


def test_most_questions_are_asked_once_only() -> None:
    before = list(asked(POOL, random.Random(3))) * 300
    renamer = Renamer([POOL, BRIDGE])
    shares = len(list(renamer.again(POOL, before, random.Random(5)))) / len(before)
    assert shares == pytest.approx(SWAPPED + MASKED, abs=0.03)
    assert list(renamer.again(POOL, before[:9], Dice(SWAPPED + MASKED))) == []


def test_an_article_without_names_is_not_asked_again() -> None:
    head = "title: x\nH1 group many parents\nT1 topic the pool\n"
    piece = parse("bare", block(head, "<s1 H1>Many parents</s1> <p1>smiled at it</p1>.", ""))
    questions = list(asked(piece, random.Random(1)))
    assert questions
    assert list(Renamer([piece, POOL]).again(piece, questions, Dice(0.0))) == []
