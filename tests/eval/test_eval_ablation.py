from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from eval_toys import write_gold

from eval.ablation import (
    MAIN,
    MARKS,
    SHOWN,
    STEPS,
    Ablated,
    Remembering,
    Step,
    ablate,
    as_tagged,
    by_wording,
    table,
)
from eval.table import write_into
from stance.backends.base import Attribution, StancePair
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.gold import load_gold
from stance.line import Line
from stance.metrics import Interval
from stance.options import Options
from stance.records import Article, ModelInfo, Span, Statement
from stance.text import make_document

TEXT = "Mayor Ana Lind said the plan was good. She said it would help. “We want it,” ana lind said."


class Counting:
    """Count what reaches the models."""

    def __init__(self) -> None:
        self.encoder, self.scorer = FakeEncoder(), FakeScorer()
        self.encoded = self.embedded = self.judged = 0

    def encode(self, document):  # type: ignore[no-untyped-def]
        self.encoded += 1
        return self.encoder.encode(document)

    def embed(self, texts):  # type: ignore[no-untyped-def]
        self.embedded += len(texts)
        return self.encoder.embed(texts)

    def stance(self, pairs):  # type: ignore[no-untyped-def]
        self.judged += len(pairs)
        return self.scorer.stance(pairs)

    def entail(self, pairs):  # type: ignore[no-untyped-def]
        return self.scorer.entail(pairs)


def line() -> Line:
    return Line(FakeEncoder(), FakeScorer(), ModelInfo("fake"))


def span(words: str, start: int = 0) -> Span:
    at = TEXT.index(words, start)
    return Span(at, at + len(words))


# ---------------------------------------------------------------------- the parts


def test_each_row_adds_one_part_to_the_row_before() -> None:
    rows = [(p.quotes, p.holders, p.acts, p.narration, p.sureness) for p in STEPS.values()]
    assert rows[0] == (False,) * 5
    assert rows[-1] == (True,) * 5
    for before, after in pairwise(rows):
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
        assert all(b or not a for a, b in zip(before, after, strict=True))


def test_without_rules_the_spans_are_those_of_the_tagger() -> None:
    content, source = span("the plan was good"), span("Mayor Ana Lind")
    tagged = [
        Attribution((content,), source, span("said"), 0.9),
        Attribution((), source, None, 0.9),
        Attribution((content,), source, span("said"), 0.9),
    ]
    assert as_tagged(tagged) == [Statement((content,), source, span("said"), "indirect")]


def test_without_resolution_each_wording_is_a_holder() -> None:
    document = make_document(Article(TEXT))
    sources = [span("Mayor Ana Lind"), span("She"), span("ana lind"), None]
    statements = [Statement((span("it would help"),), s, None, "indirect") for s in sources]
    found = by_wording(document, statements)
    assert [h.name for h in found.holders] == ["Mayor Ana Lind", "She", "ana lind"]
    assert found.owner == (0, 1, 2, None)
    assert found.statements == tuple(statements)


def test_the_whole_line_and_its_last_row_agree() -> None:
    targets = ["the plan was good"]
    whole = line().run(Article(TEXT), targets, Options(summary=None))
    last = Ablated(line(), STEPS["+ narration, and the article itself"])
    assert last.analyze(Article(TEXT), targets).stances == whole.stances


# ---------------------------------------------------------------------- the memory


def test_models_are_asked_once() -> None:
    counting = Counting()
    models = Remembering(counting, counting)
    document, pair = make_document(Article(TEXT)), StancePair(TEXT, "the plan")
    for _ in range(2):
        models.encode(document)
        assert models.embed(["a", "b", "a"]).shape[0] == 3
        assert models.stance([pair, pair]).shape == (2, 4)
    assert (counting.encoded, counting.embedded, counting.judged) == (1, 2, 1)
    assert models.stance([]).shape == (0, 4)
    np.testing.assert_array_equal(models.embed(["b"]), counting.encoder.embed(["b"]))


# ---------------------------------------------------------------------- the table


def test_every_row_is_scored_and_every_gain_is_that_over_the_row_before(tmp_path: Path) -> None:
    golds = load_gold(write_gold(tmp_path))
    steps = ablate(line(), golds)
    assert [s.name for s in steps] == list(STEPS)
    assert steps[0].gain is None
    for before, after in pairwise(steps):
        assert after.gain is not None
        difference = after.values[MAIN].value - before.values[MAIN].value
        assert after.gain.value == pytest.approx(difference)


def test_the_table_goes_between_its_marks(tmp_path: Path) -> None:
    value = Interval(0.5, 0.4, 0.6, 9)
    steps = [
        Step("tagger only", dict.fromkeys(SHOWN, value), None),
        Step("+ rules", {MAIN: value}, Interval(0.0124, -0.01, 0.031, 9)),
    ]
    text = table(steps, "9 articles.")
    lines = text.splitlines()
    assert lines[2] == "| tagger only | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 |  |"
    assert lines[3] == "| + rules | 0.500 |  |  |  |  | +0.012 [-0.010, +0.031] |"
    page = tmp_path / "page.md"
    page.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n", encoding="utf-8")
    write_into(page, text, MARKS)
    assert page.read_text("utf-8") == f"before\n{MARKS[0]}\n{text}{MARKS[1]}\nafter\n"
