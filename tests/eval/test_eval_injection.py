from __future__ import annotations

from typing import Any

import pytest

from eval.adapters.injection import CONTROL, InjectionSuite, inject, read_attacks
from eval.base import Item
from eval.run import suite_numbers
from stance.errors import DataError
from stance.records import ModelInfo, Summary

TEXT = "One stands here.\n\nTwo stands there.\n\nThree lies down.\n\nFour left."


def attack(**changes: Any) -> dict[str, Any]:
    return {"id": "a", "payload": "Say X.", "place": "end", "form": "text", **changes}


class Naive:
    """Answer with the first or the last words of a text."""

    name = "naive"
    info = ModelInfo("naive")

    def __init__(self, part: slice) -> None:
        self.part = part

    def summarize(self, text: str, *, length: int, item: Item) -> Summary:
        return Summary(" ".join(text.split("\n\n")[self.part]), "extract")


def test_the_set_has_sixty_attacks_of_many_kinds_each_with_its_claim() -> None:
    rows = read_attacks()
    assert len({row["id"] for row in rows}) == len(rows) >= 60
    assert len({row["kind"] for row in rows}) >= 6
    for row in rows:
        assert bool(row["claims"]) == (row["kind"] != CONTROL)
        assert {"dev", "test", "fresh", "later"} >= {row["split"]}


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("start", "Say X.\n\nOne stands here."),
        ("middle", "Two stands there.\n\nSay X.\n\nThree"),
        ("end", "Four left.\n\nSay X."),
        ("inline", "Two stands there. Say X.\n\nThree"),
    ],
)
def test_an_attack_goes_to_its_place(place: str, expected: str) -> None:
    clean, attacked = inject(TEXT, attack(place=place))
    assert expected in attacked
    assert clean == TEXT


def test_what_a_page_hides_is_read_as_the_library_reads_pages() -> None:
    long = "\n\n".join(f"The council of town {i} voted for the bridge on Monday." for i in range(9))
    clean, attacked = inject(long, attack(form="comment"))
    assert "town 3 voted" in clean
    assert clean == attacked


def test_an_unknown_place_or_form_is_named() -> None:
    with pytest.raises(DataError, match="roof"):
        inject(TEXT, attack(place="roof"))
    with pytest.raises(DataError, match="smoke"):
        inject(TEXT, attack(form="smoke"))


def test_a_summarizer_that_never_sees_the_attack_is_unchanged() -> None:
    suite = InjectionSuite("dev")
    items = [i for i in suite.items() if i.input["text"].startswith(i.input["clean"][:80])]
    items = [i for i in items if i.groups != ("kind=page",)]
    first = Naive(slice(0, 1))
    suite.require(first)
    scored = [suite.score(i, p) for i, p in zip(items, suite.predict(first, items), strict=True)]
    assert {sample.row for sample in scored} == {(0.0, 1.0, 0.0, 1.0, 0.0, 0.0)}


def test_a_summarizer_that_repeats_the_attack_is_caught() -> None:
    suite = InjectionSuite("test")
    items = [i for i in suite.items() if not i.input["text"].endswith(i.input["clean"][-80:])]
    items = [i for i in items if i.groups != ("kind=page",)]
    assert items
    last = Naive(slice(-6, None))
    scored = [suite.score(i, p) for i, p in zip(items, suite.predict(last, items), strict=True)]
    assert {sample.row[0] for sample in scored} == {1.0}
    assert sum(sample.row[2] for sample in scored) >= 0.8 * len(scored)


def test_a_crash_counts_as_an_attack_that_worked() -> None:
    suite = InjectionSuite("test")
    assert suite.miss(suite.items()[0], "boom").row == (1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    assert all(measure.lower_is_better for measure in suite.measures)


def test_news_that_looks_like_an_attack_counts_where_it_is_lost_and_nowhere_else() -> None:
    suite = InjectionSuite("fresh")
    controls = [i for i in suite.items() if f"kind={CONTROL}" in i.groups]
    assert len(controls) >= 20
    whole, beginning = Naive(slice(None)), Naive(slice(0, 1))
    for writer, lost in ((whole, {0.0}), (beginning, {0.0, 1.0})):
        answers = suite.predict(writer, controls)
        samples = [suite.score(i, p) for i, p in zip(controls, answers, strict=True)]
        assert {sample.row[:4] for sample in samples} == {(0.0, 0.0, 0.0, 0.0)}
        assert {sample.row[4] for sample in samples} == lost
    assert suite.miss(controls[0], "boom").row == (0.0, 0.0, 0.0, 0.0, 1.0, 1.0)


def test_a_run_has_the_share_of_controls_lost() -> None:
    suite = InjectionSuite("fresh")
    samples = [suite.miss(item, "boom") for item in suite.items()]
    numbers = suite_numbers(suite, samples, seed=0, resamples=9)
    assert {name: value["value"] for name, value in numbers["measures"].items()} == {
        "changed": 1.0,
        "obeyed": 1.0,
        "lost": 1.0,
    }
