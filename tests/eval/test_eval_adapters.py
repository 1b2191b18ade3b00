from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from eval_toys import Rows, Words, fnc_rows, pair, write_set
from hypothesis import given
from hypothesis import strategies as st

from eval.adapters.attributions import (
    SCORES,
    AttributionSuite,
    count_all,
    in_tokens,
)
from eval.adapters.faithfulness import FaithfulnessSet, FaithfulnessSuite, RankSuite
from eval.adapters.labels import label_measures
from eval.adapters.pairs import DIRECTIONS, combine_directions, marked_spans, set_scores
from eval.adapters.summaries import SummarySet, SummarySuite
from eval.base import Suite, UnsupportedError
from eval.data import DataFolder
from eval.hub import HUB
from eval.suites import find_suites
from stance.errors import DataError, FileMissingError
from stance.metrics import Counts
from stance.records import Span

SCORE = np.array([[0.6, 0.3, 0.1, 0.5]])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # Without neutral, favor and against are compared alone: 0.6 : 0.3.
        (("pro", "con"), [2 / 3, 1 / 3]),
        (("undermine", "support"), [1 / 3, 2 / 3]),
        # With neutral: related * p for the sides, related * p + (1 - related) for neutral.
        (("positive", "neutral", "negative"), [0.3, 0.55, 0.15]),
        (("favor", "against", "none"), [0.3, 0.15, 0.55]),
        # With unrelated, what is not related goes there.
        (("agree", "disagree", "discuss", "unrelated"), [0.3, 0.15, 0.05, 0.5]),
    ],
)
def test_scores_are_read_in_the_labels_of_a_set(
    labels: Sequence[str], expected: list[float]
) -> None:
    found = set_scores(labels, SCORE)
    assert found[0].tolist() == pytest.approx(expected)
    assert found.sum() == pytest.approx(1.0)


def only(suite: str, root: Path) -> Suite:
    (found,) = find_suites(suite, DataFolder(root))
    return found


def run(suite: Suite, system: object) -> list[Any]:
    items = suite.items()
    answers = suite.predict(system, items)
    return [suite.score(i, a) for i, a in zip(items, answers, strict=True)]


def test_fnc_takes_unrelated_from_one_half_on(tmp_path: Path) -> None:
    write_set(tmp_path, "bench", "fnc1", fnc_rows())
    suite = only("fnc1", tmp_path)
    samples = run(suite, Words())
    assert all(s.score == 1.0 for s in samples)
    assert samples[3].prediction["label"] == "unrelated"
    # 0.4 * 0.9 stays below 0.6 * 0.9, but "agree" is best of the related ones.
    assert suite.decide({"agree": 0.3, "disagree": 0.2, "discuss": 0.1, "unrelated": 0.4}) == (  # type: ignore[attr-defined]
        "agree"
    )
    assert suite.decide({"agree": 0.49, "disagree": 0.0, "discuss": 0.0, "unrelated": 0.51}) == (  # type: ignore[attr-defined]
        "unrelated"
    )
    assert [s.item.cluster for s in samples[:4]] == ["0", "0", "1", "1"]
    assert {m.name for m in suite.measures} == {"macro_f1", "accuracy", "ece", "fnc_score"}


def test_pair_suites_pass_the_target_mention_on(tmp_path: Path) -> None:
    rows = [pair("yes to Ann", "Ann", "positive", "devtest_rw", start=7, end=10)]
    write_set(tmp_path, "bench", "newsmtsc", rows)
    seen: list[Any] = []

    class Spy(Words):
        def score_pairs(self, texts: Any, targets: Any, **more: Any) -> Any:
            seen.append(more["target_spans"])
            return super().score_pairs(texts, targets)

    (sample,) = run(only("newsmtsc:devtest_rw", tmp_path), Spy())
    assert seen == [[Span(7, 10)]]
    assert sample.explanation == "right: said positive (0.72), gold says positive"
    assert sample.row[:3] == (0.0, 0.0, pytest.approx(0.72))


def test_a_crash_is_an_answer_that_is_not_there(tmp_path: Path) -> None:
    write_set(tmp_path, "bench", "fnc1", fnc_rows())
    suite = only("fnc1", tmp_path)
    missed = suite.miss(suite.items()[0], "ValueError: no")
    assert (missed.score, missed.error, missed.row[1]) == (0.0, "ValueError: no", -1.0)


def test_semeval_is_averaged_over_targets_as_well(tmp_path: Path) -> None:
    rows = [
        pair(f"{word} {i}", target, label)
        for target in ("Atheism", "Hillary Clinton")
        for i, (word, label) in enumerate([("yes", "favor"), ("no ", "against")])
    ]
    write_set(tmp_path, "bench", "semeval16_t6", rows)
    suite = only("semeval16_t6", tmp_path)
    assert suite.headline == "f1_favor_against" == suite.measures[0].name
    assert suite.measures[0].labels == (0, 1)
    assert suite.measures[-1].name == "f1_favor_against_by_target"
    samples = run(suite, Words())
    assert [s.row[3] for s in samples] == [0.0, 0.0, 3.0, 3.0]
    assert samples[0].item.groups == ("target=Atheism",)


def test_rows_that_leak_are_told_apart(tmp_path: Path) -> None:
    rows = [pair("yes, known", "x", "favor", seen="0"), pair("no , new", "x", "against", seen="1")]
    write_set(tmp_path, "bench", "vast", rows)
    write_set(tmp_path, "train", "arc", [pair("Yes: known!", "y", "agree", "train")])
    groups = [item.groups for item in only("vast", tmp_path).items()]
    assert groups == [("seen=0", "text_in_arc_train"), ("seen=1", "text_not_in_arc_train")]


def test_a_pair_leaks_only_with_its_target(tmp_path: Path) -> None:
    rows = [pair("yes", target, "support", claim_id=1) for target in ("x", "y")]
    write_set(tmp_path, "bench", "perspectrum", rows)
    write_set(tmp_path, "train", "perspectrum", [pair("Yes.", "X", "support", "train")])
    groups = [item.groups for item in only("perspectrum", tmp_path).items()]
    assert groups == [("pair_in_perspectrum_train",), ("pair_not_in_perspectrum_train",)]


def test_directions_combine() -> None:
    positive = np.array([[0.9, 0.05, 0.05, 1.0]])
    silent = np.array([[0.3, 0.3, 0.4, 0.0]])
    forward = combine_directions(positive, silent)[0]
    backward = combine_directions(silent, positive)[0]
    assert forward.tolist() == pytest.approx([0.05, 0.9, 0.05, 0.0, 0.0])
    assert backward.tolist() == pytest.approx([0.05, 0.0, 0.0, 0.9, 0.05])
    assert DIRECTIONS[int(forward.argmax())] == "pos p->q"


@given(st.lists(st.tuples(*[st.floats(0.01, 1.0)] * 4), min_size=2, max_size=2))
def test_directions_are_probabilities(two: list[tuple[float, ...]]) -> None:
    scores = [np.array([[*np.array(s[:3]) / sum(s[:3]), s[3]]]) for s in two]
    joint = combine_directions(*scores)
    assert joint.shape == (1, 5)
    assert joint.sum() == pytest.approx(1.0)
    assert (joint >= 0).all()


def test_marks_tell_where_the_entities_stand() -> None:
    row = {
        "text": "Roe's mill [sic] hurt Lund.",
        "p": "Roe",
        "q": "Lund",
        "marked": "[Roe]'s mill [sic] hurt [Lund].",
    }
    # The text has brackets of its own before q, so that q's place cannot be told from the marks.
    assert marked_spans(row) == {"p": [0, 3], "q": None}
    row = {"text": "Roe hurt Lund.", "p": "Roe", "q": "Lund", "marked": "[Roe] hurt [Lund]."}
    assert marked_spans(row) == {"p": [0, 3], "q": [9, 13]}


def test_dse_asks_in_both_directions(tmp_path: Path) -> None:
    row = pair("yes: Roe likes Lund", "Lund", "pos", direction="pos p->q", p="Roe", q="Lund")
    write_set(tmp_path, "bench", "dse", [row | {"marked": "yes: [Roe] likes [Lund]"}])
    asked: list[Any] = []

    class Spy(Words):
        def score_pairs(self, texts: Any, targets: Any, **more: Any) -> Any:
            asked.append((targets, more["holders"], more["target_spans"]))
            positive = more["holders"] == ["Roe"]
            return np.array([[0.9, 0.05, 0.05, 1.0] if positive else [0.1, 0.1, 0.8, 1.0]])

    (sample,) = run(only("dse", tmp_path), Spy())
    assert sample.prediction["label"] == "pos p->q"
    assert asked == [(["Lund"], ["Roe"], [Span(15, 19)]), (["Roe"], ["Lund"], [Span(5, 8)])]


def test_entailment_suites_ask_for_entailment(tmp_path: Path) -> None:
    rows = [pair("yes", "h", "entailment"), pair("no", "h", "contradiction")]
    write_set(tmp_path, "bench", "mnli_matched", rows)
    samples = run(only("mnli_matched", tmp_path), Words())
    assert [s.prediction["label"] for s in samples] == ["entailment", "contradiction"]


def test_suites_name_what_a_system_lacks(tmp_path: Path) -> None:
    write_set(tmp_path, "bench", "mnli_matched", [pair("a", "b", "neutral")])
    for name in ("mnli_matched", "fnc1", "polnear", "frank", "goyal2022:cnn", "falke_rank19"):
        with pytest.raises(UnsupportedError, match=f"object cannot run {name}"):
            only(name, tmp_path).require(object())


def test_a_split_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, "bench", "vast", [pair("a", "b", "favor", "train")])
    with pytest.raises(DataError, match="vast has no split 'dev'"):
        only("vast:dev", tmp_path).items()


OFFSETS = [[0, 3], [4, 7], [8, 12], [13, 16], [17, 21], [22, 27], [28, 33]]


def test_character_spans_become_tokens() -> None:
    spans = {"source": [[0, 7]], "cue": [[9, 10]], "content": [[12, 13], [27, 28]]}
    assert in_tokens(spans, OFFSETS) == {"source": [[0, 2]], "cue": [[2, 3]], "content": []}


def roles(source: list[int], cue: list[int], content: list[int]) -> dict[str, list[list[int]]]:
    named = zip(("source", "cue", "content"), (source, cue, content), strict=True)
    return {role: [span] if span else [] for role, span in named}


def test_attributions_by_hand() -> None:
    gold = [roles([0, 2], [2, 3], [3, 7]), roles([7, 8], [8, 9], [9, 13])]
    found = [
        roles([0, 2], [2, 3], [3, 6]),  # content 3 of 4: whole
        roles([6, 8], [8, 9], [9, 10]),  # content 1 of 4: not whole
        roles([], [14, 15], [15, 16]),
    ]
    counts = dict(zip(SCORES, count_all(found, gold), strict=True))
    assert counts["token_f1_source"] == Counts(3, 1, 0)
    assert counts["token_f1_cue"] == Counts(2, 1, 0)
    assert counts["token_f1_content"] == Counts(4, 1, 4)
    assert counts["span_f1_source"] == Counts(1, 1, 1)
    assert counts["span_f1_cue"] == Counts(2, 1, 0)
    assert counts["span_f1_content"] == Counts(0, 3, 2)
    assert counts["attribution_f1"] == Counts(1, 2, 1)


def test_attributions_agree_in_having_no_source_and_half_is_enough() -> None:
    gold = [roles([], [2, 3], [3, 7])]
    assert count_all([roles([], [2, 3], [5, 7])], gold)[-1] == Counts(1, 0, 0)
    assert count_all([roles([0, 1], [2, 3], [3, 7])], gold)[-1] == Counts(0, 1, 1)


def test_polnear_end_to_end(tmp_path: Path) -> None:
    text = "Ann Roe said the mill will close."
    row = {
        "doc": "d1",
        "split": "test",
        "primary": True,
        "publisher": "p",
        "text": text,
        "offsets": OFFSETS,
        "spans": [
            {"start": 0, "end": 2, "role": "source", "group": 0},
            {"start": 2, "end": 3, "role": "cue", "group": 0},
            {"start": 3, "end": 7, "role": "content", "group": 0},
        ],
    }
    write_set(tmp_path, "bench", "polnear", [row, row | {"primary": False}])
    (sample,) = run(AttributionSuite(DataFolder(tmp_path)), Words())
    assert sample.explanation == "1 right, 0 invented, 0 missed"
    # The toy's content ends before the full stop, which is no token of its own here.
    assert sample.row[9:12] == (1.0, 0.0, 0.0)
    missed = AttributionSuite(DataFolder(tmp_path)).miss(sample.item, "x")
    assert missed.row[-3:] == (0.0, 0.0, 1.0)


def test_summaries_are_scored_line_by_line(tmp_path: Path) -> None:
    text = "The mill will close this year ok. It is old."
    rows = [
        {
            "id": f"{s}-1",
            "document": text,
            "summary": "The mill will close . It is old.",
            "subset": s,
        }
        for s in ("cnn", "dm")
    ]
    write_set(tmp_path, "bench", "goyal2022", [r | {"split": "test"} for r in rows])
    suite = SummarySuite(DataFolder(tmp_path), SummarySet("goyal2022", "dm", 3))
    (sample,) = run(suite, Words())
    assert sample.item.id == "dm-1"
    # 4 words shared of 7 given and 7 wanted.
    assert sample.row[0] == pytest.approx(4 / 7)
    assert sample.row[6:] == (0.75, 1.0)
    assert suite.miss(sample.item, "x").row == (0.0, 1.0) * 3 + (0.0, 0.0)


def test_faithfulness_reads_grades_and_counts_crashes_as_wrong(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "document": "It rained.", "summary": "It rained.", "label": 1},
        {"id": "2", "document": "It rained.", "summary": "It snowed.", "label": 0},
    ]
    more = {"split": "test", "scores": {"consistency": 4.5}}
    write_set(tmp_path, "bench", "frank", [r | more for r in rows])
    spec = FaithfulnessSet("frank", "test", grade="scores.consistency")
    suite = FaithfulnessSuite(DataFolder(tmp_path), spec)
    samples = run(suite, Words())
    assert [s.row for s in samples] == [(0.9, 1.0, 4.5), (0.2, 0.0, 4.5)]
    assert [s.score for s in samples] == [1.0, 1.0]
    assert [suite.miss(s.item, "x").row[0] for s in samples] == [0.0, 1.0]
    assert {s.item.cluster for s in samples} == {"It rained."}


def test_ranking_wants_strictly_more_support(tmp_path: Path) -> None:
    rows = [
        {"doc_key": "k", "document": "It rained.", "summary": s, "label": i}
        for s, i in (("It rained.", 1), ("It snowed.", 0))
    ]
    rows += [
        {"doc_key": "t", "document": "It rained.", "summary": "No.", "label": i} for i in (0, 1)
    ]
    write_set(tmp_path, "bench", "falke_rank19", [r | {"split": "test"} for r in rows])
    samples = run(RankSuite(DataFolder(tmp_path)), Words())
    assert [s.score for s in samples] == [1.0, 0.0]


def test_label_measures_put_the_headline_first() -> None:
    names = [m.name for m in label_measures(("entailment", "neutral"), "accuracy")]
    assert names == ["accuracy", "macro_f1", "ece"]


@pytest.mark.parametrize(
    ("name", "row", "ours"),
    [
        ("snli", {"premise": "a", "hypothesis": "b", "label": 2}, ["a", "b", "contradiction"]),
        (
            "ibm_claim_stance",
            {"claims.claimCorrectedText": "a", "topicText": "b", "claims.stance": "PRO"},
            ["a", "b", "pro"],
        ),
        ("ibm_arg30k", {"argument": "a", "topic": "b", "stance_WA": -1}, ["a", "b", "con"]),
        ("semeval16_t6", {"text": "a", "label": 2}, ["a", "Legalization of Abortion", "favor"]),
        (
            "climate_fever",
            {"claim": "b", "claim_id": 7, "evidences": [{"evidence": "a", "evidence_label": 1}]},
            ["a", "b", "contradiction"],
        ),
    ],
)
def test_public_copies_are_read_in_our_words(
    name: str, row: dict[str, Any], ours: list[str]
) -> None:
    (made,) = HUB[name][0].convert(row)
    assert [made["text"], made["target"], made["label"]] == ours


def test_pairs_without_agreement_are_left_out() -> None:
    assert HUB["snli"][0].convert({"premise": "a", "hypothesis": "b", "label": -1}) == []


def test_public_copies_are_used_where_there_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    def load(name: str, config: str | None, *, split: str) -> Rows:
        assert (name, config, split) == ("nyu-mll/glue", "mnli", "validation_matched")
        return [{"premise": "yes", "hypothesis": "b", "label": 0}]

    monkeypatch.setattr(datasets, "load_dataset", load)
    (suite,) = find_suites("mnli_matched", DataFolder(None))
    assert suite.items()[0].gold == {"label": "entailment"}


def test_a_hub_that_does_not_answer_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import datasets

    def load(*_: Any, **__: Any) -> Rows:
        raise ConnectionError("no route\nand more")

    monkeypatch.setattr(datasets, "load_dataset", load)
    with pytest.raises(FileMissingError, match=r"put snli.* stanfordnlp/snli .* no route$"):
        DataFolder(tmp_path).bench("snli")
