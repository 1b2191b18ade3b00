"""Every score is worked out by hand on one small article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from stance.gold import GoldArticle
from stance.metrics import Counts
from stance.pairing import match_holders, target_cosines
from stance.records import (
    Analysis,
    Article,
    Evidence,
    Holder,
    Scores,
    Span,
    Stance,
    StanceLabel,
    Summary,
    SummarySentence,
    Target,
)
from stance.scoring import (
    evidence_counts,
    label_table,
    missed_article,
    score_article,
    triple_counts,
)

TEXT = (
    "The mill will close, the owner Ann Roe said. "
    "The union denied that the mill will close. "
    "Mayor Bo Lund said it was too early to say."
)
ARTICLE = Article(text=TEXT, title="Mill", id="mill")


def quote(words: str) -> Evidence:
    return Evidence.cut(TEXT, Span(TEXT.index(words), TEXT.index(words) + len(words)))


def gold(**changes: object) -> GoldArticle:
    row = {"target": "T1"}
    data = {
        "article": ARTICLE.to_dict(),
        "summary": ["The mill will close, Ann Roe said.", "The union denied it."],
        "salient": [quote("The mill will close, the owner Ann Roe said.").to_dict()],
        "holders": [
            {"id": "H1", "name": "Ann Roe", "kind": "person", "aliases": ["the owner Ann Roe"]},
            {"id": "H2", "name": "the union", "kind": "organization"},
            {"id": "H3", "name": "Bo Lund", "kind": "person", "aliases": ["Mayor Bo Lund"]},
        ],
        "targets": [
            {"id": "T1", "text": "The mill will close", "kind": "claim"},
            {"id": "T2", "text": "the mill", "kind": "entity", "aliases": ["the old works"]},
        ],
        "stances": [
            row
            | {
                "holder": "H1",
                "label": "favor",
                "evidence": [quote("The mill will close").to_dict()],
            },
            row
            | {
                "holder": "H2",
                "label": "against",
                "evidence": [quote("denied that the mill will close").to_dict()],
            },
            row
            | {
                "holder": "H3",
                "label": "neutral",
                "evidence": [quote("too early to say").to_dict()],
            },
        ],
    }
    return GoldArticle.from_dict(data | changes)


def stance(
    holder: str | Holder, target: str, label: StanceLabel, *evidence: str, confidence: float = 0.9
) -> Stance:
    return Stance(
        holder if isinstance(holder, Holder) else Holder(holder),
        Target(target),
        label,
        confidence,
        Scores(0.4, 0.3, 0.3),
        tuple(quote(words) for words in evidence),
    )


def analysis(*stances: Stance, summary: Summary | None = None) -> Analysis:
    return Analysis(ARTICLE, summary=summary, stances=tuple(stances))


CLAIM = "The mill will close"


def test_a_perfect_answer_scores_one_everywhere() -> None:
    right = analysis(
        stance("Ann Roe", CLAIM, "favor", "The mill will close"),
        stance("The Union", CLAIM, "against", "denied that the mill will close"),
        stance("Mayor Bo Lund", CLAIM, "neutral", "too early to say"),
        summary=Summary(
            "",
            "extract",
            (
                SummarySentence(
                    "The mill will close, Ann Roe said.", (quote("The mill will close"),), 0.9
                ),
                SummarySentence("The union denied it.", (), 0.5),
            ),
        ),
    )
    scores = score_article(gold(), right, right)
    assert {k: v for k, v in scores.values.items() if v != pytest.approx(1.0)} == {}
    assert set(scores.values) == {
        "triple_f1", "label_macro_f1", "evidence_f1", "holder_f1", "open_triple_f1",
        "open_holder_f1", "target_f1", "salient_f1", "rouge1", "rouge2", "rougeLsum", "support",
    }  # fmt: skip


def test_closed_scores_by_hand() -> None:
    found = analysis(
        stance("Ann Roe", CLAIM, "favor", "mill will close"),  # right; 3 of 4 words quoted
        stance("the union", CLAIM, "favor", "The union denied"),  # wrong label; 1 of 6 words
        stance("Cy Poe", CLAIM, "against", "said"),  # no such holder
        stance("Ann Roe", "the mill", "favor"),  # a pair that gold does not have
    )
    scores = score_article(gold(), found, None)
    statuses = [(v.status, v.holder, v.gold, v.predicted, v.shared) for v in scores.closed]
    assert statuses == [
        ("right", "Ann Roe", "favor", "favor", True),
        ("wrong", "the union", "against", "favor", True),
        ("missed", "Bo Lund", "neutral", None, True),
        ("invented", "Cy Poe", None, "against", False),
        ("invented", "Ann Roe", None, "favor", False),
    ]
    assert triple_counts(scores.closed) == Counts(1, 3, 2)
    assert scores.values["triple_f1"] == pytest.approx(2 / (2 + 3 + 2))
    # favor: 1 hit, 1 gold, 2 answers; against: 0; neutral: 0.
    assert scores.values["label_macro_f1"] == pytest.approx((2 / 3) / 3)
    # Words: 3 + 1 right, 0 + 2 ("The", "union") too many, 1 + 5 missed.
    assert evidence_counts(scores.closed) == Counts(4, 2, 6)
    assert scores.values["evidence_f1"] == pytest.approx(8 / (8 + 2 + 6))
    # Two of three predicted holders are among the three of gold.
    assert scores.values["holder_f1"] == pytest.approx(2 / 3)
    assert set(scores.values) == {"triple_f1", "label_macro_f1", "evidence_f1", "holder_f1"}


def test_unclear_is_no_prediction() -> None:
    found = analysis(
        stance("Ann Roe", CLAIM, "unclear", "The mill will close"),
        stance("the union", CLAIM, "against"),
    )
    scores = score_article(gold(), found, None)
    assert triple_counts(scores.closed) == Counts(1, 0, 2)
    assert scores.values["holder_f1"] == pytest.approx(2 / (2 + 2))


def test_a_change_of_side_wants_both_rows() -> None:
    both = [
        {"holder": "H2", "target": "T1", "label": label, "evidence": []}
        for label in ("against", "favor")
    ]
    article = gold(stances=both)
    one = score_article(article, analysis(stance("the union", CLAIM, "favor")), None)
    assert triple_counts(one.closed) == Counts(1, 0, 1)
    two = score_article(
        article,
        analysis(stance("the union", CLAIM, "favor"), stance("the union", CLAIM, "against")),
        None,
    )
    assert two.values["triple_f1"] == 1.0


def test_naming_all_labels_for_a_pair_does_not_pay() -> None:
    everything = [
        stance(h, CLAIM, label)
        for h in ("Ann Roe", "the union", "Bo Lund")
        for label in ("favor", "against", "neutral")
    ]
    scores = score_article(gold(), analysis(*everything), None)
    # Each label: 1 hit, 1 gold, 3 answers.
    assert scores.values["label_macro_f1"] == pytest.approx(2 / 4)
    assert scores.values["triple_f1"] == pytest.approx(2 * 3 / (3 + 9))


def test_equal_rows_count_once_with_the_evidence_of_all() -> None:
    found = analysis(
        stance("Ann Roe", CLAIM, "favor", "The mill"),
        stance("Ann Roe", CLAIM, "favor", "will close"),
    )
    scores = score_article(gold(), found, None)
    assert triple_counts(scores.closed) == Counts(1, 0, 2)
    assert scores.values["evidence_f1"] == 1.0


def test_two_predictions_cannot_share_one_holder() -> None:
    owner = Holder("Roe", mentions=(quote("Ann Roe").span,))
    found = analysis(stance("Ann Roe", CLAIM, "favor"), stance(owner, CLAIM, "favor"))
    scores = score_article(gold(), found, None)
    assert triple_counts(scores.closed) == Counts(1, 1, 2)


def test_holders_match_by_their_mentions_and_the_author_by_its_kind() -> None:
    article = gold(
        holders=[
            {"id": "H1", "name": "Ann Roe", "kind": "person"},
            {"id": "A", "name": "author", "kind": "author"},
        ],
        stances=[],
    )
    roe = Holder("the owner", mentions=(quote("Ann Roe").span,))
    voice = Holder("the article", kind="author")
    assert match_holders(article, [voice, roe], TEXT) == {roe: "H1", voice: "A"}


def test_open_targets_match_by_words_or_vectors() -> None:
    found = analysis(
        stance("Ann Roe", "the mill will soon close", "favor"),  # token-F1 8/9
        stance("the union", "shutting the factory", "against"),  # only by vectors
    )
    by_words = score_article(gold(), None, found)
    assert triple_counts(by_words.opened) == Counts(1, 1, 2)
    assert by_words.values["open_triple_f1"] == pytest.approx(2 / 5)
    assert by_words.values["target_f1"] == pytest.approx(2 / 3)
    assert by_words.values["open_holder_f1"] == pytest.approx(4 / 5)

    def embed(texts: Sequence[str]) -> np.ndarray:
        near = {"shutting the factory": [0.8, 0.6], "the mill": [1.0, 0.0]}
        return np.array([near.get(t, [0.0, 1.0]) for t in texts], dtype=np.float32)

    by_vectors = score_article(gold(), None, found, cosines=target_cosines(gold(), found, embed))
    # "shutting the factory" now is the entity "the mill": matched, but no row of gold's.
    assert [v.target for v in by_vectors.opened] == [CLAIM, CLAIM, CLAIM, "the mill"]


def test_summary_scores_by_hand() -> None:
    summary = Summary(
        "ignored where there are sentences",
        "extract",
        (
            SummarySentence("The mill will close.", (quote("mill will close"),), 0.9),
            SummarySentence("Pigs fly.", (quote("The union denied"),), 0.49),
        ),
    )
    values = score_article(gold(), None, analysis(summary=summary)).values
    # Sentences 0 and 1 are drawn on, 0 is salient.
    assert values["salient_f1"] == pytest.approx(2 / 3)
    assert values["support"] == 0.5
    # 4 words shared; 6 predicted, 7 + 4 in the reference.
    assert values["rouge1"] == pytest.approx(2 * 4 / (6 + 11))


def test_what_is_not_labelled_is_not_scored() -> None:
    article = gold(summary=[], salient=[], stances=[])
    values = score_article(article, analysis(), analysis(summary=Summary("x", "extract"))).values
    assert values["label_macro_f1"] is None
    assert values["evidence_f1"] is None
    assert values["salient_f1"] is None
    assert values["support"] is None
    assert "rouge1" not in values


def test_silence_is_right_where_nobody_takes_a_stance() -> None:
    quiet = gold(stances=[], targets=[], holders=[])
    assert score_article(quiet, None, analysis()).values["open_triple_f1"] == 1.0
    talk = analysis(stance("Ann Roe", CLAIM, "favor"))
    assert score_article(quiet, None, talk).values["open_triple_f1"] == 0.0


def test_a_crash_is_a_miss() -> None:
    scores = missed_article(gold(), "ValueError: no")
    assert set(scores.values.values()) <= {0.0, None}
    assert scores.values["triple_f1"] == 0.0
    assert scores.explanation == "crashed: ValueError: no"
    assert missed_article(gold(stances=[]), "x").values["open_triple_f1"] == 0.0
    assert label_table(scores.closed)[:3, 3].tolist() == [1, 1, 1]


def test_the_explanation_counts_rows() -> None:
    scores = score_article(gold(), analysis(stance("Ann Roe", CLAIM, "favor")), None)
    assert scores.explanation.startswith("closed: 1 right, 0 wrong, 2 missed, 0 invented; open: ")
    assert type(scores).from_dict(scores.to_dict()) == scores
