from __future__ import annotations

from pathlib import Path

from stance.backends.base import StancePair
from stance.training.examples import PairExample
from stance.training.passages import shorten

LONG = " ".join(f"The bridge number {n} is safe for all of the people." for n in range(40))


def test_long_texts_are_cut_to_whole_sentences_in_their_order(tiny_trunk: Path) -> None:
    examples = [
        PairExample("stance", StancePair(LONG, "the bridge is safe"), (0,), group="a"),
        PairExample("stance", StancePair("No one said so.", "a plan"), (1,), related=1),
        PairExample("stance", StancePair(LONG, "people said no"), (2,)),
    ]
    short = shorten(examples, str(tiny_trunk), words=40)
    assert [(e.gold, e.related, e.group) for e in short] == [
        (e.gold, e.related, e.group) for e in examples
    ]
    assert short[1] == examples[1]
    for example in (short[0], short[2]):
        sentences = example.pair.text.replace(". ", ".|").split("|")
        places = [LONG.index(sentence) for sentence in sentences]
        assert places == sorted(places)
        assert 0 < len(example.pair.text.split()) <= 40


def test_nothing_is_cut_from_nothing(tiny_trunk: Path) -> None:
    assert shorten([], str(tiny_trunk)) == []
