from __future__ import annotations

import math

import pytest
from hypothesis import given
from wild_texts import wild_texts

from stance.attribution import find_statements
from stance.backends.fake import FakeEncoder
from stance.candidates import Candidate, gather, stems_of
from stance.holders import resolve
from stance.records import Article
from stance.text import make_document
from stance.topics import WEIGHTS, Scene, features, is_presentable, score

TEXT = (
    "The mayor said that the dam is safe. Villagers said that the dam will break. "
    "Ana Petrov said it was raining."
)


def scene_of(text: str, title: str | None = None) -> tuple[Scene, dict[str, Candidate]]:
    document = make_document(Article(text, title))
    statements = find_statements(document, FakeEncoder().encode(document))
    resolution = resolve(document, statements)
    found = gather(document, [], resolution)
    return Scene(document, resolution), {candidate.text: candidate for candidate in found}


def test_what_two_holders_speak_of_has_more_voices() -> None:
    scene, found = scene_of(TEXT)
    dam, mayor = features(found["the dam"], scene), features(found["Ana Petrov"], scene)
    assert dam["holders"] == pytest.approx(math.log1p(2))
    assert mayor["holders"] == 0
    assert dam["in_content"] == 1


def test_words_of_the_title_count() -> None:
    scene, found = scene_of(TEXT, "Fears over old dam")
    assert features(found["the dam"], scene)["title_share"] == 1
    plain, there = scene_of(TEXT)
    assert score(found["the dam"], scene) > score(there["the dam"], plain)


def test_what_stands_before_a_phrase_counts() -> None:
    scene, found = scene_of("Residents protest against the toll. Drivers use the bridge.")
    assert features(found["the toll"], scene)["over_before"] == 1
    assert features(found["the bridge"], scene)["over_before"] == 0


@pytest.mark.parametrize("text", ["the same quarry", "five votes", "the last week", "the first"])
def test_what_leans_or_only_counts_is_not_presentable(text: str) -> None:
    scene, _ = scene_of(TEXT)
    assert not is_presentable(Candidate(text, "noun", stems_of(text)), scene)


@pytest.mark.parametrize("text", ["the toll on the bridge", "a ban on cars", "school closures"])
def test_a_whole_phrase_is_presentable(text: str) -> None:
    scene, _ = scene_of(TEXT)
    assert is_presentable(Candidate(text, "noun", stems_of(text)), scene)


@pytest.mark.parametrize("text", ["defending the ban", "asking the council", "hailing the vote"])
def test_to_take_a_side_is_no_issue(text: str) -> None:
    scene, _ = scene_of(TEXT)
    assert not is_presentable(Candidate(text, "gerund", stems_of(text)), scene)


def test_who_only_speaks_is_no_target() -> None:
    scene, found = scene_of(TEXT)
    assert not is_presentable(found["Ana Petrov"], scene)
    said = (
        f"{TEXT} Villagers said that Ana Petrov had lied about the dam. The mayor said that Ana "
        "Petrov had told the truth."
    )
    scene, found = scene_of(said)
    assert is_presentable(found["Ana Petrov"], scene)


def test_every_weight_is_of_a_feature_and_a_number() -> None:
    scene, found = scene_of(TEXT, "Closing the dam is unsafe: mayor backs plan to sell the dam")
    known = {name for candidate in found.values() for name in features(candidate, scene)}
    assert known <= set(WEIGHTS)
    assert all(math.isfinite(weight) for weight in WEIGHTS.values())


@given(wild_texts())
def test_any_candidate_has_a_score(text: str) -> None:
    scene, found = scene_of(text, text[:40])
    for candidate in found.values():
        assert math.isfinite(score(candidate, scene))
