from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.literals import Inventory, missing, new_pairs, new_words, strange

ARTICLE = (
    "The U.S. and Russia met in the European Parliament.",
    "Barack Obama said: “We won’t go,” he added, “never.”",
    "James O’Brien paid $1.13bn to Nato for Jean-Claude's café in March 2014.",
)
INVENTORY = Inventory.of(ARTICLE)


def lacking(sentence: str) -> list[str]:
    return [span.of(sentence) for span in missing(sentence, INVENTORY)]


@pytest.mark.parametrize(
    "sentence",
    [
        *ARTICLE,
        "American and Russian officials met Obama and NATO.",
        "O'Brien of Jean-Claude's Cafe paid 1,130 million in Mar 2014.",
        "Officials met.",
        'Obama said "we won\'t go".',
        "BARACK OBAMA SAID NATO MET RUSSIA YESTERDAY",
        "I think TV reported it, says Mr Obama.",
        "“We won’t … never”",
        "obama met nobody",
    ],
)
def test_what_the_article_has_is_not_missed(sentence: str) -> None:
    assert lacking(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("John Obama left.", ["John"]),
        ("He met Angela Merkel there.", ["Angela Merkel"]),
        ("Arsenal won.", ["Arsenal"]),
        ("He met the EU.", ["EU"]),
        ("They paid $1.14bn in 2015.", ["$1.14bn", "2015"]),
        ("Obama said “we will go”.", ["we will go"]),
        ("Albania met Russia.", ["Albania"]),
        ("He was Russian, not Ukrainian.", ["Ukrainian"]),
        ("Barack Michelle Obama left.", ["Michelle"]),
    ],
)
def test_what_the_article_lacks_is_marked(sentence: str, expected: list[str]) -> None:
    assert lacking(sentence) == expected


def test_initials_of_a_name_in_the_article_are_no_news() -> None:
    inventory = Inventory.of(["He joined the Federal Bureau of Investigation."])
    assert missing("He joined the FBI.", inventory) == ()
    assert missing("He joined the CIA.", inventory) != ()


def test_a_name_does_not_pass_for_a_longer_one() -> None:
    inventory = Inventory.of(["Prince William met Julia Martin."])
    assert len(missing("He met Williams, Julian and Martinez.", inventory)) == 3


def test_a_pronoun_is_not_a_country() -> None:
    inventory = Inventory.of(["They told us who did it."])
    assert len(missing("They told the US and the WHO.", inventory)) == 2


def test_quotes_are_not_cut_out_of_words() -> None:
    inventory = Inventory.of(["The party said 核兵器はない and left."])
    assert missing("She said “art” was nice.", inventory) != ()
    assert missing("He said 「核兵器」 was there.", inventory) == ()


def test_novelty_is_a_share() -> None:
    assert new_words("Obama paid Russia.", INVENTORY) == 0.0
    assert new_words("Elephants dance.", INVENTORY) == 1.0
    assert new_pairs("Barack Obama", INVENTORY) == 0.0
    assert new_pairs("Obama Barack", INVENTORY) == 1.0
    assert new_words("", INVENTORY) == new_pairs("one", INVENTORY) == 0.0


words = st.text(st.sampled_from("aB cD.“”\"'’1,é한核😀\u0301-"), max_size=40)


@given(words)
def test_a_text_lacks_nothing_of_itself(text: str) -> None:
    assert missing(text, Inventory.of([text])) == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_spans_lie_in_the_sentence(text: str, article: str) -> None:
    spans = missing(text, Inventory.of([article]))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert list(spans) == sorted(spans)


def test_strange_words_are_those_of_no_stem_of_the_article() -> None:
    sentence = "The parliaments of Russia annoyed the cafe's owners."
    assert [span.of(sentence) for span in strange(sentence, INVENTORY)] == ["annoyed", "owners"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rossi won 6-2 7-6 (7-1).", ["6-2 7-6 (7-1)"]),
        ("Rossi won 6–2, 5–7.", ["6–2, 5–7"]),
        ("Rossi won 6-2, 5-7 and 7-6.", []),
        ("Rossi won 6-2 5-7 7-6 (7-1).", []),
        ("Rossi won the last set 7-6.", []),
        ("Berg lost 6-4, 6-4.", []),
    ],
)
def test_a_match_is_told_by_all_its_sets(text: str, found: list[str]) -> None:
    inventory = Inventory.of(["Rossi won 6-2 5-7 7-6 (7-1) in 2012-13. Berg lost 6-4, 6-4."])
    assert [span.of(text) for span in missing(text, inventory)] == found
