"""Know where public copies of the test sets are, for users who have no data folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hub:
    """Name a public copy of one split, and how its rows become ours."""

    id: str
    config: str | None
    split: str
    as_split: str
    convert: Callable[[Row], list[Row]]

    def rows(self) -> list[Row]:
        """Download the split with `datasets` and convert it."""
        import datasets

        loaded = datasets.load_dataset(self.id, self.config, split=self.split)
        return [
            {"split": self.as_split, **ours} for row in loaded for ours in self.convert(dict(row))
        ]


def _nli(row: Row) -> list[Row]:
    if row["label"] < 0:  # SNLI's pairs on which the annotators did not agree
        return []
    label = ("entailment", "neutral", "contradiction")[row["label"]]
    return [{"text": row["premise"], "target": row["hypothesis"], "label": label}]


def _claim_stance(row: Row) -> list[Row]:
    text, target = row["claims.claimCorrectedText"], row["topicText"]
    return [{"text": text, "target": target, "label": str(row["claims.stance"]).lower()}]


def _argument_quality(row: Row) -> list[Row]:
    label = "pro" if row["stance_WA"] == 1 else "con"
    return [{"text": row["argument"], "target": row["topic"], "label": label}]


def _climate_fever(row: Row) -> list[Row]:
    labels = ("entailment", "contradiction", "neutral")
    return [
        {
            "text": evidence["evidence"],
            "target": row["claim"],
            "label": labels[evidence["evidence_label"]],
            "claim_id": str(row["claim_id"]),
        }
        for evidence in row["evidences"]
    ]


def _tweets(target: str) -> Callable[[Row], list[Row]]:
    labels = ("none", "against", "favor")

    def convert(row: Row) -> list[Row]:
        return [{"text": row["text"], "target": target, "label": labels[row["label"]]}]

    return convert


_TWEETS = {
    "stance_abortion": "Legalization of Abortion",
    "stance_atheism": "Atheism",
    "stance_climate": "Climate Change is a Real Concern",
    "stance_feminist": "Feminist Movement",
    "stance_hillary": "Hillary Clinton",
}

HUB: dict[str, tuple[Hub, ...]] = {
    "snli": (Hub("stanfordnlp/snli", None, "test", "test_sample", _nli),),
    "mnli_matched": (Hub("nyu-mll/glue", "mnli", "validation_matched", "test", _nli),),
    "climate_fever": (Hub("tdiggelm/climate_fever", None, "test", "all", _climate_fever),),
    "ibm_claim_stance": (
        Hub("ibm-research/claim_stance", "claim_stance", "test", "test", _claim_stance),
    ),
    "ibm_arg30k": (
        Hub(
            "ibm-research/argument_quality_ranking_30k",
            "argument_quality_ranking",
            "test",
            "test",
            _argument_quality,
        ),
    ),
    "semeval16_t6": tuple(
        Hub("cardiffnlp/tweet_eval", config, "test", "test", _tweets(target))
        for config, target in _TWEETS.items()
    ),
}
