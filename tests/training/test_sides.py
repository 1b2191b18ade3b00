from __future__ import annotations

import re

import pytest

from stance.training import lexicon as lex
from stance.training import predicates as words
from stance.training.examples import AGAINST, FAVOR, NEUTRAL, PairExample
from stance.training.sides import Sides, Vocabulary, plural, side_pairs

BLOCKS = (
    (words.FOR, words.AGAINST, words.ABOUT),
    (words.PRAISE, words.BLAME, words.PLAIN),
    (words.ENTITY_FOR, words.ENTITY_AGAINST, words.ENTITY_ABOUT),
)


def pairs(count: int = 600, seed: int = 1) -> list[PairExample]:
    return Sides(Vocabulary.of(dev=False), seed).write(count)


def test_no_phrase_takes_two_sides() -> None:
    for group in BLOCKS:
        lists = [lex.phrases(block) for block in group]
        phrases = [phrase for one in lists for phrase in one]
        assert len(phrases) == len(set(phrases))
        assert all(phrase.count("~") <= 1 for phrase in phrases)


def test_every_side_is_drawn_and_strangers_are_unrelated() -> None:
    drawn = pairs()
    assert {e.gold for e in drawn} == {(FAVOR,), (AGAINST,), (NEUTRAL,), ()}
    assert all(e.related == int(bool(e.gold)) for e in drawn)
    shares = [sum(e.gold == (label,) for e in drawn) for label in (FAVOR, AGAINST, NEUTRAL)]
    assert min(shares) > len(drawn) / 12


def test_texts_are_filled_in_and_marks_stand_on_the_holder() -> None:
    for example in pairs():
        pair = example.pair
        assert not set("~{}") & set(pair.text + pair.target)
        assert pair.holder
        if pair.holder_span is not None:
            assert pair.holder_span.end <= len(pair.text)
            assert pair.holder_span.of(pair.text).strip()


def curbs(form: str) -> bool:
    activities = "|".join(map(re.escape, lex.phrases(words.ACTIVITIES)))
    frames = (re.escape(frame).replace("\\~", "~") for frame in lex.phrases(words.CURBING))
    return any(
        re.fullmatch(frame.replace("~", f"(?:{activities})"), form, re.I) for frame in frames
    )


def test_a_curb_turns_the_side_around() -> None:
    sides = Sides(Vocabulary.of(dev=False), 1)
    asked = {
        (curbs(thing.text), curbs(form), turned)
        for thing in (sides.thing() for _ in range(400))
        for form, turned in thing.questions
    }
    assert asked == {
        (False, False, False), (True, True, False), (True, False, True), (False, True, True)
    }  # fmt: skip


def test_development_has_phrases_of_its_own() -> None:
    train, dev = (Vocabulary.of(dev=dev) for dev in (False, True))
    for mine, other in ((train.acts, dev.acts), (train.says, dev.says), (train.people, dev.people)):
        for label in (FAVOR, AGAINST, NEUTRAL):
            assert mine[label]
            assert other[label]
            assert not set(mine[label]) & set(other[label])


def test_the_same_seed_writes_the_same() -> None:
    assert side_pairs(50, 3) == side_pairs(50, 3)
    assert side_pairs(50, 3).train != side_pairs(50, 4).train


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("backs", "back"),
        ("has taken no side on", "have taken no side on"),
        ("is against", "are against"),
        ("dismisses", "dismiss"),
        ("relies on", "rely on"),
        ("opposed", "opposed"),
        ("does not want", "do not want"),
        ("will discuss", "will discuss"),
    ],
)
def test_verbs_agree_with_many(one: str, many: str) -> None:
    assert plural(one) == many
