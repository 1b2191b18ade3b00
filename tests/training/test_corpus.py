from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError
from stance.training.corpus import parse, read_corpus, unmark

HEAD = """title: Council splits over the pool
H1 person Ana Lind | Mayor Lind | the mayor
H2 organization Swimmers' League | the league
T1 topic closing the pool | shutting the baths ~ keeping the pool open
T2 claim The pool leaks
"""
TEXT = """<s1 H1>Mayor Ana Lind</s1> <c1>called</c1> <p1>the closure “overdue”</p1>
and <c2>said</c2> <p2>that the pool leaked</p2>.
<s3 H2>The league</s3> <a3>sued over the closure</a3>. Enough is enough."""
ROWS = 'H1 T1 favor 1\nH1 T2 favor 2\nH2 T1 against 3\nA T1 against "Enough is enough"'


def block(head: str = HEAD, text: str = TEXT, rows: str = ROWS) -> str:
    return f"{head}---\n{text}\n---\n{rows}\n"


def test_an_article_is_read_with_its_marks() -> None:
    piece = parse("pool", block())
    assert "<" not in piece.text
    assert [s.of(piece.text) for s in piece.told[1].content] == ["the closure “overdue”"]
    assert [s.of(piece.text) for s in piece.told[3].act] == ["sued over the closure"]
    assert piece.questions["T1"].wordings == ("closing the pool", "shutting the baths")
    assert piece.questions["T1"].opposites == ("keeping the pool open",)
    author = piece.rows[-1]
    assert author.words is not None
    assert author.words.of(piece.text) == "Enough is enough"


def test_a_second_verb_shares_the_source_before_it() -> None:
    piece = parse("pool", block())
    assert piece.told[2].holder == "H1"
    assert piece.told[2].source == piece.told[1].source


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (block(head="H1 person Ana Lind\n"), "no title"),
        (block(head=HEAD + "H9 robot Marvin\n"), "H9 robot Marvin"),
        (block(text="<s1 H1>She</s1> <p1>spoke"), "<p1> is never closed"),
        (block(text="She</s1> spoke"), "closes what is not open"),
        (block(text="<s1 H7>She</s1> <p1>spoke</p1>", rows=""), "H7 is not in the head"),
        (block(text="<s1 H1>She</s1> spoke", rows=""), "neither content"),
        (block(text="<s1>She</s1> <p1>spoke</p1>", rows=""), "names no holder"),
        (block(text="<i>She</i> <p1>spoke</p1>", rows=""), "stray mark"),
        (block(rows="H1 T1 pro 1"), "label 'pro'"),
        (block(rows="H1 T9 favor 1"), "T9 is not in the head"),
        (block(rows="H2 T1 favor 1"), "statement 1 is not one of H2's"),
        (block(rows='A T1 favor "never said"'), "words of the text"),
        ("title: x\n", "1 parts"),
    ],
)
def test_what_breaks_the_format_is_named(broken: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse("pool", broken)


def test_the_file_and_the_article_are_named(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text(f"=== one\n{block()}=== two\n{block(rows='x')}", "utf-8")
    with pytest.raises(DataError, match=r"bad\.txt: two: stance line 'x'"):
        read_corpus(tmp_path)


@given(st.lists(st.text(st.characters(exclude_characters="<>"), min_size=1), min_size=1))
def test_marks_leave_the_text_as_it_was(words: list[str]) -> None:
    marked = "".join(f"<p{n}>{word}</p{n}>" for n, word in enumerate(words))
    text, told = unmark(marked)
    assert text == "".join(words)
    assert [told[n].content[0].of(text) for n in range(len(words))] == words


def test_the_corpus_of_mini_is_whole() -> None:
    pieces = read_corpus(Path(__file__).parents[2] / "models" / "corpus")
    assert len({p.name for p in pieces}) == len(pieces) > 500
