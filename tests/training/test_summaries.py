from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.fake import FakeEncoder
from stance.text import make_document
from stance.training.summaries import (
    SummaryExample,
    _standing,
    examples_of,
    is_told_by,
    reference_sentences,
    source_of,
)

TEXT = (
    "LONDON (Reuters) - The council of Denby voted on Monday to close the old library next year. "
    "Mayor Ana Reed called the vote a mistake that the town would regret. "
    "It rained for most of the day. "
    "About 300 people had gathered in front of the town hall before the vote."
)


def row(summary: str, kind: str = "highlights", split: str = "train", **more: Any) -> Any:
    return {"id": "x", "document": TEXT, "summary": summary, "kind": kind, "split": split, **more}


def kinds(found: list[SummaryExample]) -> list[str]:
    return [example.kind for example in found]


def test_a_supported_reference_teaches_summary_and_sentences() -> None:
    told = "Denby's council voted to close the library.\nMayor Ana Reed called it a mistake ."
    found = list(examples_of(row(told), FakeEncoder()))
    assert kinds(found) == ["article", "sentence", "sentence"]
    assert found[0].summary == (
        "Denby's council voted to close the library. Mayor Ana Reed called it a mistake."
    )
    assert "in 2 sentences" in found[0].prompt
    assert "LONDON" not in found[0].prompt
    assert "Mayor Ana Reed called the vote" in found[2].prompt
    assert "300 people" not in found[2].prompt


def test_what_the_article_lacks_is_not_taught() -> None:
    told = "The council voted to close the library.\nAbout 400 people had gathered before the vote."
    found = list(examples_of(row(told), FakeEncoder()))
    assert [e.summary for e in found if e.kind == "article"] == [
        "The council voted to close the library."
    ]
    assert not list(examples_of(row("Bob Stone left Paris with his wife."), FakeEncoder()))


def test_dev_documents_leave_the_prompt_of_the_use_with_the_whole_reference() -> None:
    told = "About 400 people had gathered in Rome."
    [draft] = examples_of(row(told, split="dev"), FakeEncoder())
    assert (draft.kind, draft.summary) == ("draft", told)
    assert "in 3 sentences" in draft.prompt


def test_an_extractive_reference_gives_its_sentences_in_order() -> None:
    sentences = [make_document(TEXT).sentence(i) for i in range(4)]
    marked = row("any", "extractive", sentences=sentences, extractive=[3, 1])
    [extract] = examples_of(marked, FakeEncoder())
    assert extract.kind == "extract"
    assert extract.summary == f"{sentences[1]} {sentences[3]}"


def test_references_get_stops_and_lose_the_space_before_them() -> None:
    assert reference_sentences("It rained a lot .\nThe mayor left early\nNo more\n") == [
        "It rained a lot.",
        "The mayor left early.",
    ]


def test_a_sentence_that_points_back_goes_with_what_it_points_to() -> None:
    reference = ["Ana left.", "She was ill.", "Bob stayed.", "He was well."]
    assert _standing(reference, reference) == reference
    assert _standing(reference, ["She was ill.", "Bob stayed.", "He was well."]) == [
        "Bob stayed.",
        "He was well.",
    ]


def test_a_source_has_no_more_sentences_than_it_needs() -> None:
    document = make_document("Ana Reed left Denby. Bob stayed in Rome. It rained.")
    cosines = np.array([0.9, 0.5, 0.1], dtype=np.float32)
    assert source_of("Ana Reed left.", document, cosines) == "Ana Reed left Denby."
    both = source_of("Ana Reed left and Bob stayed.", document, cosines)
    assert both == "Ana Reed left Denby. Bob stayed in Rome."
    assert source_of("Zoe Orr stayed.", document, cosines) is None


@given(st.text(min_size=1, max_size=200))
def test_every_text_tells_itself(text: str) -> None:
    words = " ".join(w for w in text.split() if w.isascii() and w.isalpha())
    assert is_told_by(words.lower(), words.lower())
