from __future__ import annotations

import random
from pathlib import Path

from test_corpus import block

from stance.text import make_document
from stance.training.articles import AUTHOR_NAME, asked, corpus_pairs, corpus_tags, marked
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
