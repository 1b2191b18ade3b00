from __future__ import annotations

import pytest
from hypothesis import given
from wild_texts import at, wild_texts

from stance.attribution import find_statements
from stance.backends.fake import FakeEncoder
from stance.holders import Resolution, resolve
from stance.introductions import full_names
from stance.mentions import Mentions
from stance.narration import MIN_WORDS, narrated, voiced
from stance.quotes import find_quotes
from stance.records import Span, Statement
from stance.text import Document, make_document

PLAZA = (
    "Mayor Ana Petrov said that the plaza is a gift to the town. "
    "Bishop Tom Reed wants the plaza gone before the winter. "
    "“The plaza will stay where it is,” Petrov said. "
    "It is a waste of public money."
)
ENCODER = FakeEncoder()


def told(text: str, *sources: str) -> list[Statement]:
    """Make statements of sources, each with the rest of its sentence as content."""
    document, statements, position = make_document(text), [], 0
    for words in sources:
        start = text.index(words, position)
        position = start + len(words)
        end = document.sentences[document.at(start)].end
        statements.append(Statement((Span(position + 1, end),), Span(start, position)))
    return statements


def spoken_of(text: str, statements: list[Statement]) -> list[tuple[str, str]]:
    """Return source and content of each sentence of narration."""
    document = make_document(text)
    found = narrated(document, statements, Mentions(document, full_names(text)))
    return [(s.source.of(text), s.content[0].of(text)) for s in found if s.source]


def own_words(text: str, statements: list[Statement]) -> list[str]:
    return [s.content[0].of(text) for s in voiced(make_document(text), statements)]


def read(text: str, *, narration: bool = True) -> tuple[Document, list[Statement], Resolution]:
    """Find statements with the fake tagger, and resolve them."""
    document = make_document(text)
    statements = find_statements(document, ENCODER.encode(document))
    return document, statements, resolve(document, statements, narration=narration)


# ---------------------------------------------------------------------- spoken of


def test_who_is_spoken_of_and_says_nothing_there_is_found() -> None:
    found = spoken_of(PLAZA, told(PLAZA, "Mayor Ana Petrov"))
    assert ("Bishop Tom Reed", "wants the plaza gone before the winter.") in found


def test_who_is_a_source_there_is_left_out() -> None:
    found = spoken_of(PLAZA, told(PLAZA, "Mayor Ana Petrov", "Bishop Tom Reed"))
    assert not {"Mayor Ana Petrov", "Bishop Tom Reed"} & {source for source, _ in found}
    assert spoken_of(PLAZA, told(PLAZA, "Mayor Ana Petrov", "Tom Reed")) == [
        pair for pair in found if "Reed" not in pair[0]
    ]


@pytest.mark.parametrize(("count", "found"), [(MIN_WORDS - 1, 0), (MIN_WORDS, 1)])
def test_too_few_words_say_nothing_of_anybody(count: int, found: int) -> None:
    assert len(spoken_of(f"Tom Reed {'left ' * count}".strip() + ".", [])) == found


def test_who_is_named_late_in_a_sentence_is_not_what_it_speaks_of() -> None:
    text = "After the long meeting nobody in the hall had a word for Tom Reed and his plans."
    assert spoken_of(text, []) == []


def test_who_is_named_in_a_quotation_is_not_found() -> None:
    text = "“Tom Reed wants the plaza gone before the winter,” Petrov said."
    assert "Tom Reed" not in {source for source, _ in spoken_of(text, told(text, "Petrov"))}


# ---------------------------------------------------------------------- the article's own voice


def test_the_article_s_own_sentences_are_nobody_s() -> None:
    statements = told(PLAZA, "Mayor Ana Petrov")
    assert own_words(PLAZA, statements) == [
        "Bishop Tom Reed wants the plaza gone before the winter.",
        "It is a waste of public money.",
    ]


def test_what_stands_by_a_quotation_is_not_the_article_s() -> None:
    assert own_words(PLAZA, [])[1:] == own_words(PLAZA, told(PLAZA, "Mayor Ana Petrov"))
    assert "“" not in "".join(own_words(PLAZA, []))


def test_a_cue_alone_makes_a_sentence_somebody_s() -> None:
    text = "It is a waste of public money. So the mayor thinks of it. It is done and over now."
    apart = Statement((at(text, "a waste of public money"),), None, at(text, "thinks"))
    assert own_words(text, [apart]) == ["It is done and over now."]


@pytest.mark.parametrize(("count", "found"), [(MIN_WORDS, 0), (MIN_WORDS + 1, 1)])
def test_a_few_words_are_no_sentence_of_the_article(count: int, found: int) -> None:
    assert len(own_words("It " + " ".join(["is"] * (count - 1)) + ".", [])) == found


# ---------------------------------------------------------------------- resolved


def test_narration_is_taken_among_the_statements_only_on_request() -> None:
    document, statements, plain = read(PLAZA, narration=False)
    assert list(plain.statements) == statements
    assert resolve(document, statements) == plain
    assert "author" not in {h.kind for h in plain.holders}
    _, _, full = read(PLAZA)
    assert len(full.statements) > len(plain.statements)


def test_owners_stay_with_their_statements() -> None:
    _, _, found = read(PLAZA)
    rows = [
        (s.kind, found.holders[owner].name, s.content[0].of(PLAZA).strip("“”,. "))
        for s, owner in zip(found.statements, found.owner, strict=True)
        if owner is not None
    ]
    assert rows == [
        ("indirect", "Ana Petrov", "the plaza is a gift to the town"),
        ("narration", "Tom Reed", "wants the plaza gone before the winter"),
        ("narration", "author", "Bishop Tom Reed wants the plaza gone before the winter"),
        ("direct", "Ana Petrov", "The plaza will stay where it is"),
        ("narration", "author", "It is a waste of public money"),
    ]


def test_whoever_is_spoken_of_under_another_name_is_the_same_holder() -> None:
    text = "Mayor Ana Petrov said that the plaza stays. Petrov hates the fountain in its middle."
    _, _, found = read(text)
    heard = [
        found.holders[owner].name
        for s, owner in zip(found.statements, found.owner, strict=True)
        if s.kind == "narration" and s.source is not None and owner is not None
    ]
    assert heard == ["Ana Petrov"]
    assert [h.name for h in found.holders if h.kind != "author"] == ["Ana Petrov"]


def test_a_pronoun_that_is_spoken_of_makes_no_holder() -> None:
    _, _, found = read("She wants the plaza gone before the winter.")
    assert {h.kind for h in found.holders} == {"author"}


def test_the_author_is_one_holder_without_mentions() -> None:
    _, _, found = read(PLAZA)
    authors = [h for h in found.holders if h.kind == "author"]
    assert [(h.name, h.mentions) for h in authors] == [("author", ())]
    said = "“The plaza will stay where it is,” Petrov said."
    assert "author" not in {h.kind for h in read(said)[2].holders}


@given(wild_texts())
def test_statements_and_owners_of_any_text_belong_together(text: str) -> None:
    _, statements, found = read(text)
    assert len(found.owner) == len(found.statements)
    assert [s.span for s in found.statements] == sorted(s.span for s in found.statements)
    kept = [s for s in found.statements if s in statements]
    assert kept == statements
    sources = {s.source for s in statements if s.source is not None}
    for statement, owner in zip(found.statements, found.owner, strict=True):
        if statement in statements:
            continue
        assert (statement.kind, statement.cue, len(statement.content)) == ("narration", None, 1)
        if statement.source is None:
            assert owner is not None
            assert found.holders[owner].kind == "author"
        else:
            assert not any(statement.source.overlaps(source) for source in sources)
            assert owner is None or found.holders[owner].kind != "author"


@given(wild_texts())
def test_what_is_said_of_somebody_follows_in_the_mention_s_sentence(text: str) -> None:
    document, statements, found = read(text)
    quoted = [q.span for q in find_quotes(text, document.paragraphs)]
    for statement in found.statements:
        if statement in statements or statement.source is None:
            continue
        sentence = document.sentences[document.at(statement.source.start)]
        (content,) = statement.content
        assert sentence.contains(statement.source)
        assert sentence.contains(content)
        assert statement.source.end <= content.start
        assert len(content.of(text).split()) >= MIN_WORDS
        assert not any(q.start <= statement.source.start < q.end for q in quoted)


@given(wild_texts())
def test_the_author_s_sentences_lie_outside_of_quotations_and_statements(text: str) -> None:
    document, statements, found = read(text)
    quoted = [q.span for q in find_quotes(text, document.paragraphs)]
    others = [span for s in statements for span in (*s.content, *((s.cue,) if s.cue else ()))]
    own = [s for s in found.statements if s.kind == "narration" and s.source is None]
    for statement in (s for s in own if s not in statements):
        (sentence,) = statement.content
        assert sentence in document.sentences
        assert not any(sentence.overlaps(span) for span in (*quoted, *others))
        assert len(sentence.of(text).split()) > MIN_WORDS


# ---------------------------------------------------------------------- who is nobody


@pytest.mark.parametrize(
    "opening",
    ["KEY LARGO — Two boats sank", "ST. PAUL, Minn. (Wire) — A bill failed", "LONDON – It rained"],
)
def test_where_an_article_was_written_says_nothing(opening: str) -> None:
    text = f"{opening} on Monday in the evening hours. The wind was strong."
    place = opening.split(" ")[0]
    assert not [source for source, _ in spoken_of(text, []) if source.startswith(place)]


def test_things_in_the_plural_hold_nothing() -> None:
    text = (
        "Two hundred lorries were waiting at the border. Samples were taken on Friday morning. "
        "Mayor Ana Petrov wants the border closed for good."
    )
    _, _, found = read(text)
    assert [h.name for h in found.holders if h.kind != "author"] == ["Ana Petrov"]


def test_a_plural_that_speaks_elsewhere_is_heard_in_narration_too() -> None:
    text = (
        "The traders said that the market is lost. "
        "The traders have blocked the road to the harbour since May."
    )
    _, _, found = read(text)
    spoken = [
        s
        for s, owner in zip(found.statements, found.owner, strict=True)
        if owner is not None and found.holders[owner].kind != "author"
    ]
    assert len(spoken) == 2
    assert len({owner for owner in found.owner if owner is not None}) == 1
