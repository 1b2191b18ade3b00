from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.antecedents import (
    FIRST,
    MANY,
    ONE,
    Antecedents,
    Candidate,
    agrees,
    fits,
    known_sex,
    sorts,
    unsure,
)
from stance.drafts import Draft
from stance.introductions import full_names
from stance.mentions import Mention, Mentions
from stance.records import HolderKind, Span
from stance.text import make_document

WORDS = sorted(ONE | FIRST | MANY | {"it", "its"})


def spoken(text: str, name: str, words: str, kind: HolderKind = "person", nth: int = 0) -> Draft:
    """Make a holder that spoke where these words stand."""
    span = at(text, words, nth)
    return Draft(name, kind, {name}, spans=[span], last=span.end)


def best(text: str, word: str, *drafts: Draft) -> Candidate | None:
    """Find what the last such word stands for, among holders and what else is spoken of."""

    def owner(mention: Mention) -> Draft | None:
        return next((d for d in drafts if d.knows(mention.words)), None)

    start = text.rindex(word)
    antecedents = Antecedents(Mentions(make_document(text), full_names(text)), owner)
    return antecedents.best(word.casefold(), Span(start, start + len(word)), drafts)


def meant(text: str, word: str, *drafts: Draft) -> str | None:
    """Name what the last such word stands for."""
    found = best(text, word, *drafts)
    if found is None:
        return None
    return found.draft.name if found.draft else found.mention and found.mention.words


@pytest.mark.parametrize(
    ("text", "word", "words"),
    [
        ("Ana Petrov left. She was late.", "She", "Ana Petrov"),
        ("Ana Petrov met Paul Stone. She was late.", "She", "Ana Petrov"),
        ("Ana Petrov met Paul Stone. He was late.", "He", "Paul Stone"),
        ("Bo Stone met Kim Rees. He was late.", "He", "Bo Stone"),
        ("The mayor met the union. She was late.", "She", "The mayor"),
        ("The mayor met the union. It was late.", "It", "the union"),
        ("The agency met the union. It was late.", "It", "The agency"),
        ("The mayor told the farmers. The drivers left. They were late.", "They", "The drivers"),
        ("The union met Ana Petrov. They were late.", "They", "The union"),
        ("Vocal Mobile met Paul Stone. It was late.", "It", "Vocal Mobile"),
        ("Acme Foods closed. Ana Petrov left. I was late.", "I", "Ana Petrov"),
        ("Acme Foods closed. Ana Petrov left. We were late.", "We", "Acme Foods"),
        ("The agency says no. It was late.", "It", "The agency"),
    ],
)
def test_a_pronoun_goes_to_the_subject_of_its_number_and_sex(
    text: str, word: str, words: str
) -> None:
    assert meant(text, word) == words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She was late.", "She"),
        ("Paul Stone left. She was late.", "She"),
        ("Acme Foods left. She was late.", "She"),
        ("Paul Stone left. It was late.", "It"),
        ("In Cedar Bend it rains. Cedar Bend? She was late.", "She"),
        ("She insists that it is so. They were late.", "They"),
    ],
)
def test_a_pronoun_that_nobody_agrees_with_stands_for_nobody(text: str, word: str) -> None:
    assert best(text, word) is None


def test_a_nearer_subject_comes_before_who_spoke() -> None:
    text = "Kim Rees said so to Bo Stone. Ana Petrov left. She was late."
    assert meant(text, "She", spoken(text, "Kim Rees", "Kim Rees")) == "Ana Petrov"


def test_who_spoke_comes_before_who_was_only_spoken_of() -> None:
    text = "“Yes,” Kim Rees told the town that Ana Petrov loves. She was late."
    assert meant(text, "She", spoken(text, "Kim Rees", "Kim Rees")) == "Kim Rees"


def test_the_nearest_of_those_who_spoke_is_meant() -> None:
    text = "Kim Rees said so. Bo Stone said so. She was late."
    drafts = [spoken(text, name, name) for name in ("Kim Rees", "Bo Stone")]
    assert meant(text, "She", *drafts) == "Bo Stone"
    drafts[1].sex = "m"
    assert meant(text, "She", *drafts) == "Kim Rees"


def test_what_stands_behind_the_pronoun_is_not_meant() -> None:
    text = "She was late. Ana Petrov said so."
    assert meant(text, "She", spoken(text, "Ana Petrov", "Ana Petrov")) is None


def test_who_spoke_long_ago_is_meant_where_nobody_else_is() -> None:
    text = f"Kim Rees said so. {'It rains. ' * 20}She was late."
    assert meant(text, "She") is None
    assert meant(text, "She", spoken(text, "Kim Rees", "Kim Rees")) == "Kim Rees"


def test_a_mention_that_is_a_holder_comes_back_as_it() -> None:
    text = "Acme said so. Acme Foods closed. It was late."
    draft = spoken(text, "Acme Foods", "Acme", "organization")
    found = best(text, "It", draft)
    assert found is not None
    assert found.draft is draft
    assert found.mention is None


def test_a_body_is_he_only_where_a_person_spoke_for_it() -> None:
    text = (
        "Rail spokesman Bo Stone said so. Kim Rees said yes. The Rail Union said so. He was late."
    )
    rail = spoken(text, "Rail Union", "Rail spokesman Bo Stone", "organization")
    rail.aliases.add("Bo Stone")
    rees = spoken(text, "Kim Rees", "Kim Rees")
    rail.spans.append(at(text, "The Rail Union"))
    assert meant(text, "He", rail, rees) == "Kim Rees"
    rail.voice = True
    assert meant(text, "He", rail, rees) == "Rail Union"


def test_a_body_has_the_sex_of_who_spoke_for_it_last() -> None:
    text = "Rail spokeswoman Ana Petrov said so. Rail spokesman Bo Stone said so. He was late."
    rail = spoken(text, "Rail Union", "Rail spokeswoman Ana Petrov", "organization")
    rail.aliases |= {"Ana Petrov", "Bo Stone"}
    rail.spans.append(at(text, "Rail spokesman Bo Stone"))
    rail.voice = True
    assert known_sex(rail) == "f"
    found = best(text, "He", rail)
    assert found is not None
    assert found.draft is rail
    assert found.end == at(text, "Rail spokesman Bo Stone").end
    text = text.replace(" He ", " She ")
    assert meant(text, "She", rail) == "Rail Union"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("she", ("person",)),
        ("i", ("person",)),
        ("it", ("body",)),
        ("we", ("body",)),
        ("they", ("many", "body")),
    ],
)
def test_a_pronoun_stands_for_some_sorts(word: str, expected: tuple[str, ...]) -> None:
    assert sorts(word) == expected


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft("Ana Petrov", "person"), "she who i we"),
        (Draft("Mr Bo Stone", "person", {"Mr Bo Stone"}), "he who i we"),
        (Draft("Bo Stone", "person"), "he she it they who i we"),
        (Draft("Acme Foods", "organization"), "it they i we"),
        (Draft("Acme Foods", "organization", voice=True), "he she it they who i we"),
        (Draft("several farmers", "group"), "they i we"),
        (Draft("a man", "unnamed", heads={"man"}), "he they who i we"),
        (Draft("a report", "unnamed", heads={"report"}), "they i we"),
    ],
)
def test_a_holder_agrees_in_number_and_sex(draft: Draft, words: str) -> None:
    able = {w for w in ("he", "she", "it", "they", "who", "i", "we") if fits(draft, w)}
    assert able == set(words.split())


def test_the_sex_of_who_spoke_for_it_counts_for_more_than_the_holders_names() -> None:
    draft = Draft("Ana Petrov", "person")
    assert not fits(draft, "he")
    assert fits(draft, "he", "m")
    assert fits(draft, "he", "")


def test_only_two_capitalized_words_are_unsure() -> None:
    assert unsure(Draft("Vocal Mobile", "person"), "it")
    assert not unsure(Draft("Vocal Mobile", "person"), "she")
    assert not unsure(Draft("Ana Petrov", "person"), "it")
    assert not unsure(Draft("Acme Foods", "organization"), "it")


@pytest.mark.parametrize(
    ("sex", "word", "agreed"),
    [
        ("f", "she", True),
        ("f", "he", False),
        ("m", "his", True),
        ("m", "her", False),
        ("", "she", True),
        ("f", "they", True),
        ("m", "who", True),
    ],
)
def test_sex_agrees_unless_it_speaks_against(sex: str, word: str, agreed: bool) -> None:
    assert agrees(sex, word) is agreed


def test_a_sex_once_known_is_kept() -> None:
    draft = Draft("Petrov", "person", {"Ana Petrov"})
    assert known_sex(draft) == "f"
    draft.aliases.clear()
    assert known_sex(draft) == "f"


@given(wild_texts(), st.sampled_from(WORDS), st.data())
def test_what_a_pronoun_stands_for_lies_before_it(
    text: str, word: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=8)))
    *earlier, start = cuts
    spans = [Span(a, b) for a, b in zip(earlier, cuts[1:], strict=True)]
    kinds: list[HolderKind] = ["person", "organization", "country", "unnamed", "group"]
    drafts = [
        Draft(span.of(text), kinds[i % len(kinds)], spans=[span], last=span.end, voice=bool(i % 2))
        for i, span in enumerate(spans)
    ]
    mentions = Mentions(make_document(text), full_names(text))
    found = Antecedents(mentions, lambda _: None).best(word, Span(start, len(text)), drafts)
    if found is not None:
        assert found.end <= start
        assert (found.draft is None) != (found.mention is None)
        assert found.mention is None or found.mention.span.end == found.end
        assert found.draft is None or fits(found.draft, word, found.draft.sex)
