from __future__ import annotations

import random
from pathlib import Path

from test_corpus import block

from stance.records import Article
from stance.text import make_document
from stance.training.articles import (
    AUTHOR_NAME,
    MOST_BYSTANDERS,
    asked,
    bystanders,
    corpus_pairs,
    corpus_tags,
    marked,
)
from stance.training.corpus import parse
from stance.training.examples import AGAINST, FAVOR, PairExample

PIECE = parse("pool", block())


def examples() -> list[PairExample]:
    return list(asked(PIECE, random.Random(3)))


def labels(target: str, words: str) -> set[tuple[int, ...]]:
    return {
        e.gold
        for e in examples()
        if e.pair.target == target and e.pair.holder_span and words in marked_words(e)
    }


def marked_words(example: PairExample) -> str:
    assert example.pair.holder_span is not None
    return example.pair.holder_span.of(example.pair.text)


def test_a_statement_is_asked_in_every_wording_and_the_opposite_flips_it() -> None:
    assert labels("shutting the baths", "league") == {(AGAINST,)}
    assert labels("keeping the pool open", "league") == {(FAVOR,)}


def test_a_holder_without_a_row_is_unrelated_to_the_target() -> None:
    silent = [e for e in examples() if e.pair.target == "The pool leaks" and not e.gold]
    assert silent
    assert all(e.related == 0 for e in silent)


def test_the_article_is_asked_for_its_own_voice() -> None:
    own = [e for e in examples() if e.pair.holder == AUTHOR_NAME]
    assert {e.pair.text for e in own if e.gold} == {"Enough is enough."}
    assert any(not e.gold for e in own)


def test_spans_of_a_question_lie_in_its_text() -> None:
    for example in examples():
        span = example.pair.holder_span
        assert span is None or span.of(example.pair.text) in PIECE.text


def test_acts_have_tags_of_their_own() -> None:
    tagged = marked(PIECE)
    assert tagged.acts is not None
    assert [s.of(tagged.text) for a in tagged.acts for s in a.content] == ["sued over the closure"]
    assert len(tagged.attributions) == 2
    assert tagged.sentences == make_document(PIECE.text).sentences


def test_a_folder_is_parted_by_article(tmp_path: Path) -> None:
    text = "".join(f"=== pool-{n}\n{block()}" for n in range(60))
    (tmp_path / "a.txt").write_text(text, "utf-8")
    pairs, tags = corpus_pairs(tmp_path, 1), corpus_tags(tmp_path)
    groups = [{e.group for e in part} for part in (pairs.train, pairs.dev)]  # type: ignore[union-attr]
    assert not groups[0] & groups[1]
    assert len(tags.train) + len(tags.dev) == 60
    assert tags.dev


# ---------------------------------------------------------------------- bystanders

CROWD = """title: Council splits over the pool
H1 person Ana Lind | Mayor Lind | the mayor
H2 organization Swimmers' League | the league
H3 group many parents
T1 topic closing the pool ~ keeping the pool open
T2 claim The pool leaks
"""
TOLD = """<s1 H1>Mayor Ana Lind</s1> <c1>called</c1> <p1>the closure “overdue”</p1>.
Some of the swimmers live far from Ana Lind. Others trust the league.
<s2 H2>The league</s2> <c2>said</c2> <p2>that many parents had written to the mayor</p2>.
It rained that day. Ana Lind left by the back door. Then Ana Linda came in."""
SQUARE = parse("square", block(CROWD, TOLD, "H1 T1 favor 1"))
DOCUMENT = make_document(Article(SQUARE.text, SQUARE.title))
NAMED = {
    ("Ana Lind", "Some of the swimmers live far from Ana Lind."),
    ("Ana Lind", "Ana Lind left by the back door."),
    ("Swimmers' League", "Others trust the league."),
    # They are named in somebody else's words.
    ("Ana Lind", "The league said that many parents had written to the mayor."),
    ("many parents", "The league said that many parents had written to the mayor."),
}


def spoken_of(seed: int) -> list[PairExample]:
    return list(bystanders(SQUARE, DOCUMENT, random.Random(seed)))


def place(example: PairExample) -> tuple[str | None, str]:
    """Return whom a question is about, and the sentence that names him."""
    assert example.pair.holder_span is not None
    start = SQUARE.text.index(example.pair.text) + example.pair.holder_span.start
    return example.pair.holder, DOCUMENT.sentence(DOCUMENT.at(start))


def test_who_is_only_named_is_asked_about_nothing() -> None:
    found = [example for seed in range(40) for example in spoken_of(seed)]
    assert {place(example) for example in found} == NAMED
    for example in found:
        assert (example.task, example.gold, example.related) == ("stance", (), 0)
        assert example.group == "square"
        assert example.pair.target in {
            "closing the pool",
            "keeping the pool open",
            "The pool leaks",
        }
    assert len({example.pair.target for example in found}) == 3


def test_the_mark_of_a_bystander_covers_one_of_his_names() -> None:
    names = {party.names[0]: party.names for party in SQUARE.parties.values()}
    for seed in range(40):
        for example in spoken_of(seed):
            assert marked_words(example) in names[example.pair.holder or ""]
            assert example.pair.text in SQUARE.text


def test_an_article_has_few_bystanders() -> None:
    assert {len(spoken_of(seed)) for seed in range(10)} == {MOST_BYSTANDERS}
    assert len(NAMED) > MOST_BYSTANDERS
    told = parse("told", block(CROWD, "<s1 H1>Mayor Ana Lind</s1> <p1>smiled</p1>.", ""))
    document = make_document(Article(told.text, told.title))
    assert list(bystanders(told, document, random.Random(1))) == []


def test_bystanders_are_among_the_questions_of_an_article() -> None:
    questions = list(asked(SQUARE, random.Random(2)))
    places = {place(e) for e in questions if e.pair.holder_span and not e.gold}
    assert len(places & NAMED) == MOST_BYSTANDERS
