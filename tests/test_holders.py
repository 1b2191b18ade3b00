from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wild_texts import at, wild_texts

from stance.holders import Resolution, resolve
from stance.records import Article, Span, Statement
from stance.sources import mended
from stance.text import make_document


def resolved(text: str, *sources: str, title: str | None = None) -> Resolution:
    """Resolve statements whose sources are these words, each found behind the one before."""
    statements, position = [], 0
    for words in sources:
        start = text.index(words, position)
        position = start + len(words)
        statements.append(Statement((Span(position, len(text)),), Span(start, position)))
    return resolve(make_document(Article(text, title)), statements)


def owners(text: str, *sources: str) -> list[str]:
    """Return the holder's name of each source."""
    resolution = resolved(text, *sources)
    return [resolution.holders[owner].name for owner in resolution.owner if owner is not None]


def groups(text: str, *sources: str) -> list[int]:
    """Number the holders of the sources in order of appearance."""
    found = resolved(text, *sources).owner
    assert None not in found
    return [list(dict.fromkeys(found)).index(owner) for owner in found]


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        (
            "Mayor Ana Petrov said no. The union said yes. Petrov said it again.",
            ("Mayor Ana Petrov", "The union", "Petrov"),
            [0, 1, 0],
        ),
        (
            "President Ana Petrov said no. Mr. Stone agreed. The president said it twice.",
            ("President Ana Petrov", "Mr. Stone", "The president"),
            [0, 1, 0],
        ),
        (
            "Ana Petrov said no. Boris Petrov said yes. Ana Petrov said it again.",
            ("Ana Petrov", "Boris Petrov", "Ana Petrov"),
            [0, 1, 0],
        ),
        (
            "The National Farm Union (NFU) said no. The ministry said yes. NFU said no again.",
            ("The National Farm Union", "The ministry", "NFU"),
            [0, 1, 0],
        ),
        (
            "The World Health Organization (WHO) said no. The ministry said yes. WHO said no.",
            ("The World Health Organization", "The ministry", "WHO"),
            [0, 1, 0],
        ),
        (
            "North Korea said no. Washington said yes. Pyongyang said no. The DPRK said no.",
            ("North Korea", "Washington", "Pyongyang", "The DPRK"),
            [0, 1, 0, 0],
        ),
        (
            "Russian officials said no. Moscow said no. Russia said no.",
            ("Russian officials", "Moscow", "Russia"),
            [0, 0, 0],
        ),
        (
            "The White House said no. U.S. intelligence said yes. Washington said nothing.",
            ("The White House", "U.S. intelligence", "Washington"),
            [0, 1, 2],
        ),
        (
            "White House spokesman John Kirby said no. The union said yes. Kirby said no.",
            ("White House spokesman John Kirby", "The union", "Kirby"),
            [0, 1, 0],
        ),
        (
            "The Defence Ministry said no. The Acme Group said yes. The ministry said no.",
            ("The Defence Ministry", "The Acme Group", "The ministry"),
            [0, 1, 0],
        ),
        (
            "The Defence Ministry said no. The Health Ministry said yes.",
            ("The Defence Ministry", "The Health Ministry"),
            [0, 1],
        ),
        (
            "The Russian government said no. The Ukrainian government said yes.",
            ("The Russian government", "The Ukrainian government"),
            [0, 1],
        ),
        (
            "Acme Foods said yes. Ana Petrov said no. The company said yes.",
            ("Acme Foods", "Ana Petrov", "The company"),
            [0, 1, 0],
        ),
        (
            "Ana Petrov said no. She added that it was late.",
            ("Ana Petrov", "She"),
            [0, 0],
        ),
        (
            "Ana Petrov said no. The union said yes. It added that it was late.",
            ("Ana Petrov", "The union", "It"),
            [0, 1, 1],
        ),
        (
            "The union said yes. Ana Petrov said no. She added that it was late.",
            ("The union", "Ana Petrov", "She"),
            [0, 1, 1],
        ),
        (
            "One resident said no. Another resident said yes. A third resident said nothing.",
            ("One resident", "Another resident", "A third resident"),
            [0, 1, 2],
        ),
        (
            "A senior official said no. The union said yes. The official said no.",
            ("A senior official", "The union", "The official"),
            [0, 1, 0],
        ),
        (
            "Mayor Ana Petrov said no. Her deputy said yes.",
            ("Mayor Ana Petrov", "Her deputy"),
            [0, 1],
        ),
    ],
)
def test_one_holder_for_one_somebody(
    text: str, sources: tuple[str, ...], expected: list[int]
) -> None:
    assert groups(text, *sources) == expected


@pytest.mark.parametrize(
    ("text", "sources", "name"),
    [
        ("Petrov said no. Later Ana Petrov said it again.", ("Petrov", "Ana Petrov"), "Ana Petrov"),
        ("Pyongyang said no.", ("Pyongyang",), "North Korea"),
        ("A spokesman for Acme Foods said no.", ("A spokesman for Acme Foods",), "Acme Foods"),
        ("Mr. Petrov said no. Ana Petrov left.", ("Mr. Petrov",), "Ana Petrov"),
        ("The White House said no.", ("The White House",), "White House"),
        ("The ministry said no.", ("The ministry",), "ministry"),
        ("Several farmers said no.", ("Several farmers",), "Several farmers"),
    ],
)
def test_a_holder_has_its_canonical_name(text: str, sources: tuple[str, ...], name: str) -> None:
    assert set(owners(text, *sources)) == {name}


def test_a_name_in_the_title_counts() -> None:
    text = "Petrov said no. Petrov left."
    (holder,) = resolved(text, "Petrov", title="Ana Petrov rejects the plan").holders
    assert holder.name == "Ana Petrov"
    assert holder.kind == "person"


def test_a_shared_surname_alone_becomes_no_full_name() -> None:
    text = "Mr. Petrov said no. Ana Petrov and Boris Petrov met."
    assert owners(text, "Mr. Petrov") == ["Petrov"]


def test_every_mention_is_found() -> None:
    text = (
        "North Korea denied it. “No,” Pyongyang said. The DPRK has “never exported” arms. "
        "Russia and the North Korean army were silent."
    )
    resolution = resolved(text, "North Korea", "Pyongyang", "The DPRK")
    (holder,) = resolution.holders
    mentions = [span.of(text) for span in holder.mentions]
    assert holder.kind == "country"
    assert {"North Korea", "Pyongyang", "DPRK"} <= {m.removeprefix("The ") for m in mentions}
    assert "Russia" not in mentions


def test_a_person_is_mentioned_by_the_surname_too() -> None:
    text = "Ana Petrov said no. The bridge, Petrov’s pet, is old. Petrovsky left."
    (holder,) = resolved(text, "Ana Petrov").holders
    assert [s.of(text) for s in holder.mentions].count("Petrov") == 2
    assert text.index("Petrovsky") not in [s.start for s in holder.mentions]


def test_a_statement_without_source_has_no_holder() -> None:
    document = make_document("It is alleged that he ran.")
    resolution = resolve(document, [Statement((Span(17, 25),))])
    assert resolution.owner == (None,)
    assert resolution.holders == ()


def test_a_pronoun_before_anybody_has_no_holder() -> None:
    resolution = resolved("They said no.", "They")
    assert resolution.owner == (None,)
    assert resolution.holders == ()


@given(wild_texts(), st.data())
def test_any_sources_are_resolved(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=12, unique=True))
    cuts.sort()
    spans = [Span(a, b) for a, b in pairwise(cuts)]
    statements = [Statement((span,), span) for span in spans]
    resolution = resolve(make_document(text), statements)
    assert len(resolution.owner) == len(statements)
    for statement, owner in zip(statements, resolution.owner, strict=True):
        if owner is not None:
            assert statement.source in resolution.holders[owner].mentions
    for holder in resolution.holders:
        assert holder.name
        assert list(holder.mentions) == sorted(set(holder.mentions))
        assert all(span.end <= len(text) for span in holder.mentions)


@pytest.mark.parametrize("text", ["A" * 60_000, "AB " * 20_000, "The AB (CD) " * 5_000])
def test_a_text_of_capitals_is_read_in_one_pass(text: str) -> None:
    assert resolved(text, text[:8]).owner == (0,)


def test_a_pronoun_goes_to_the_unnamed_speaker_just_before_it() -> None:
    text = "Ilja Vasko said no. A former driver said yes. He said it twice."
    assert groups(text, "Ilja Vasko", "A former driver", "He") == [0, 1, 1]


def test_a_pronoun_of_the_other_sex_is_somebody_elses() -> None:
    text = "Mrs Ana Petrov said no. Mr Bo Stone said yes. She said it again."
    assert groups(text, "Mrs Ana Petrov", "Mr Bo Stone", "She") == [0, 1, 0]


def test_a_slip_behind_a_pronoun_is_left_out() -> None:
    text = "Ana Petrov said no. She would say it again."
    assert groups(text, "Ana Petrov", "She would") == [0, 0]


def test_a_number_or_an_article_is_nobody() -> None:
    assert owners("Ana Petrov said no. 214 did. The", "Ana Petrov", "214", "The") == ["Ana Petrov"]


def test_a_persons_body_is_no_part_of_the_name() -> None:
    text = "Jan Otten of the University of Wend said no. Otten said it again."
    assert owners(text, "Jan Otten of the University of Wend", "Otten") == ["Jan Otten"] * 2


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        ("Ana Petrov left. She said so.", ("She",), ["Ana Petrov"]),
        ("Ana Petrov met Paul Stone. He said so.", ("He",), ["Paul Stone"]),
        (
            "Ana Petrov said so. Kim Rees left. She said it twice.",
            ("Ana Petrov", "She"),
            ["Ana Petrov", "Kim Rees"],
        ),
        (
            "Ana Petrov said no to the plan that Kim Rees loves. She said it twice.",
            ("Ana Petrov", "She"),
            ["Ana Petrov", "Ana Petrov"],
        ),
        (
            "Mr Bo Stone said so. Ana Petrov said yes. He said it twice.",
            ("Mr Bo Stone", "Ana Petrov", "He"),
            ["Bo Stone", "Ana Petrov", "Bo Stone"],
        ),
        (
            "The union left. The drivers of the town left too. They said so.",
            ("They",),
            ["drivers"],
        ),
        ("The workers met the agency. It said so.", ("It",), ["agency"]),
        ("The agency says it is late. It said so.", ("It",), ["agency"]),
        ("The mayor met the union. It said so.", ("It",), ["union"]),
        ("Acme Foods closed. Ana Petrov left. I said so.", ("I",), ["Ana Petrov"]),
    ],
)
def test_a_pronoun_goes_to_the_subject_before_it_or_to_who_spoke_last(
    text: str, sources: tuple[str, ...], expected: list[str]
) -> None:
    assert owners(text, *sources) == expected


@pytest.mark.parametrize(
    ("text", "sources", "name"),
    [
        (
            "A Commission spokeswoman said so. She said it twice.",
            ("A Commission spokeswoman", "She"),
            "Commission",
        ),
        (
            "Rail Union spokesman Bo Stone said so. He said it twice. Stone left.",
            ("Rail Union spokesman Bo Stone", "He"),
            "Rail Union",
        ),
        (
            "The German foreign minister said so. She said it twice.",
            ("The German foreign minister", "She"),
            "Germany",
        ),
        (
            "The Rail Union’s president said so. He said it twice.",
            ("The Rail Union’s president", "He"),
            "Rail Union",
        ),
        (
            "Rail Union spokeswoman Ana Petrov said so. Rail Union spokesman Bo Stone said so. "
            "He said it twice.",
            ("Rail Union spokeswoman Ana Petrov", "Rail Union spokesman Bo Stone", "He"),
            "Rail Union",
        ),
    ],
)
def test_who_speaks_for_a_body_comes_back_as_a_pronoun(
    text: str, sources: tuple[str, ...], name: str
) -> None:
    assert owners(text, *sources) == [name] * len(sources)


def test_a_statement_does_not_come_back_as_she() -> None:
    text = "Ana Petrov left. A Commission statement said so. She said it twice."
    assert owners(text, "A Commission statement", "She") == ["Commission", "Ana Petrov"]


def test_a_body_that_spoke_for_itself_is_no_he() -> None:
    text = (
        "Acme Foods spokesman Bo Stone said so. Mayor Ilja Vasko said yes. "
        "Acme Foods said so. He said it twice."
    )
    sources = ("Acme Foods spokesman Bo Stone", "Mayor Ilja Vasko", "Acme Foods", "He")
    assert owners(text, *sources)[-1] == "Ilja Vasko"


@pytest.mark.parametrize(
    ("text", "source", "name"),
    [
        ("The Harbour Trust sold it. Its trustees said so.", "Its trustees", "Harbour Trust"),
        ("Ilja Vasko was held. His lawyer said so.", "His lawyer", "Ilja Vasko"),
        ("Ana Petrov was held. Her spokesman said so.", "Her spokesman", "Ana Petrov"),
        (
            "The Harbour Trust met. Ana Petrov left. Her party said so.",
            "Her party",
            "Harbour Trust",
        ),
        ("The Commission met. “Yes,” a spokeswoman said.", "a spokeswoman", "Commission"),
        (
            "Acme Foods closed. “Yes,” a company statement said.",
            "a company statement",
            "Acme Foods",
        ),
        ("The Daily Post was sued. The newspaper said so.", "The newspaper", "Daily Post"),
        ("The Rail Union met France. The union said so.", "The union", "Rail Union"),
        ("France closed it. A government spokesman said so.", "A government spokesman", "France"),
        ("Paris closed it. Its foreign ministry said so.", "Its foreign ministry", "France"),
    ],
)
def test_a_voice_speaks_for_whom_the_text_spoke_of_last(text: str, source: str, name: str) -> None:
    assert owners(text, source) == [name]


@pytest.mark.parametrize(
    "source",
    ["Its president, Ana Petrov,", "Its general secretary Ana Petrov", "Its head, a conservative,"],
)
def test_an_officer_of_its_own_speaks_for_the_body_spoken_of_last(source: str) -> None:
    text = f"Brack Beekeepers said no to the Road Ministry. {source} said it would go on."
    assert owners(text, "Brack Beekeepers", source) == ["Brack Beekeepers"] * 2


def test_the_country_is_the_one_that_was_the_subject_last() -> None:
    text = "Iran closed it. France sent an envoy to Iran. “Yes,” a government spokesman said."
    assert owners(text, "a government spokesman") == ["France"]


def test_a_relative_speaks_in_no_name_but_his_own() -> None:
    text = "Ilja Vasko said so. His brother said yes."
    assert groups(text, "Ilja Vasko", "His brother") == [0, 1]


def test_a_place_that_reads_like_a_person_is_nobody() -> None:
    text = "Kim Rees left. In Cedar Bend it rained, and Cedar Bend slept. She said so."
    assert owners(text, "She") == ["Kim Rees"]
    assert resolved("In Cedar Bend it rained. She said so.", "She").owner == (None,)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Energy Secretary Flora Dunmore said so.", "Energy Secretary Flora Dunmore"),
        ("Junior Energy Secretary Flora Dunmore said so.", "Junior Energy Secretary Flora Dunmore"),
        ("Police Chief Flora Dunmore said so.", "Police Chief Flora Dunmore"),
        ("Dunmore said so. Energy Secretary Flora Dunmore left.", "Dunmore"),
    ],
)
def test_an_office_before_a_name_is_no_body(text: str, source: str) -> None:
    (holder,) = resolved(text, source).holders
    assert (holder.name, holder.kind) == ("Flora Dunmore", "person")


def test_mended_sources_meet_in_one_holder() -> None:
    text = "The National Farm Union said yes. Ana Petrov said so. Petrov left."
    cut = [at(text, "National"), at(text, "Petrov"), at(text, "Petrov", 1)]
    statements = mended(text, [Statement((Span(0, 1),), span) for span in cut])
    resolution = resolve(make_document(text), statements)
    assert [holder.name for holder in resolution.holders] == ["National Farm Union", "Ana Petrov"]
    assert resolution.owner == (0, 1, 1)


TALES = (
    "Ana Petrov said so. ",
    "Paul Stone met the union. ",
    "He said it twice. ",
    "She denied it. ",
    "Rail Union spokeswoman Kim Rees agreed. ",
    "“It is late,” a spokesman said. ",
    "The union’s president, Bo Stone, left. ",
    "France closed the border. ",
    "Its foreign ministry said so. ",
    "A government spokesman said so. ",
    "They left Cedar Bend. ",
    "The newspaper said it. ",
    "His lawyer said so.\n\n",
)


@given(st.lists(st.sampled_from(TALES), min_size=1, max_size=12).map("".join), st.data())
def test_any_tale_is_resolved_with_every_mention_in_it(text: str, data: st.DataObject) -> None:
    """Sources fall where they may: every holder is found, and its names stand in the text."""
    ends = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(ends, ends), max_size=10))
    spans = sorted(Span(min(pair), max(pair)) for pair in pairs)
    statements = mended(text, [Statement((Span(0, 1),), span) for span in spans])
    resolution = resolve(make_document(text), statements)
    assert len(resolution.owner) == len(statements)
    for holder in resolution.holders:
        assert holder.name
        assert all(0 <= m.start < m.end <= len(text) for m in holder.mentions)
    for statement, owner in zip(statements, resolution.owner, strict=True):
        assert statement.source is not None or owner is None
        assert owner is None or statement.source in resolution.holders[owner].mentions


def test_resolving_twice_tells_the_same() -> None:
    text = "".join(TALES)
    sources = ("Ana Petrov", "He", "She", "a spokesman", "Its foreign ministry", "His lawyer")
    assert resolved(text, *sources) == resolved(text, *sources)


def test_a_person_with_an_article_in_the_name_comes_back_by_the_surname() -> None:
    text = "Hanan al-Masri said no. The union said yes. Masri said it again."
    assert groups(text, "Hanan al-Masri", "The union", "Masri") == [0, 1, 0]


def test_a_minister_with_a_country_is_not_the_country_before() -> None:
    text = (
        "France renewed its offer. Hungarian Prime Minister Peter Vas said no. Vas smiled, he said."
    )
    assert owners(text, "Hungarian Prime Minister Peter Vas", "he") == ["Hungary", "Hungary"]


@pytest.mark.parametrize(
    ("text", "source", "name"),
    [
        (
            "Brack Water pleaded guilty. The Environment Agency had sued. The company said no.",
            "The company",
            "Brack Water",
        ),
        (
            "The Harbour Authority ruled on it. Brack Motors Inc objected. The regulator said no.",
            "The regulator",
            "Harbour Authority",
        ),
        (
            "The Miners’ Union is against it. The grid agency said no.",
            "The grid agency",
            "grid agency",
        ),
        (
            "Brack Rail sold it. They told the newspaper so. The company said no.",
            "The company",
            "Brack Rail",
        ),
    ],
)
def test_a_bare_description_goes_to_a_body_of_its_sort(text: str, source: str, name: str) -> None:
    assert owners(text, source) == [name]


@pytest.mark.parametrize(
    "source",
    [
        "its general counsel, Dina Prescott",
        "its spokesman, Paul Roe",
        "their negotiator, Paul Roe",
        "the union’s president, Paul Roe",
        "union president Paul Roe",
        "a spokesman for the union",
    ],
)
def test_who_speaks_for_the_body_before_is_that_body(source: str) -> None:
    text = f"The Dockers’ Union welcomed it. “We are glad,” said {source}."
    assert owners(text, source) == ["Dockers’ Union"]


def test_a_described_body_that_says_nothing_can_have_a_governor_who_does() -> None:
    text = "The Civic Front said no. The central bank kept out. Its governor, Paul Roe, smiled."
    assert owners(text, "The Civic Front", "Its governor, Paul Roe") == [
        "Civic Front",
        "central bank",
    ]


def test_a_countrys_court_is_called_with_and_without_the_country() -> None:
    text = "Austria’s Constitutional Court said no. The Constitutional Court said it twice."
    assert (
        owners(text, "Austria’s Constitutional Court", "The Constitutional Court")
        == ["Constitutional Court"] * 2
    )


def test_a_group_told_by_its_town_is_the_one_before() -> None:
    text = "Clean Sea Watch said no. The London-based group said it twice."
    assert groups(text, "Clean Sea Watch", "The London-based group") == [0, 0]


def test_what_stands_behind_a_dateline_opens_its_sentence() -> None:
    text = "BERLIN, Feb 3 (Wire) - Germany has not decided, the economy ministry said."
    assert owners(text, "the economy ministry") == ["Germany"]
