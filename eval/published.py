"""Quote what others published for the same tests, each number with the paper that it is from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """Hold one published number of one suite."""

    suite: str
    system: str
    measure: str
    value: float
    source: str


_HANSELOWSKI = "Hanselowski et al. 2018, COLING"
_GRU = ("GRU-TSC, RoBERTa-size", "macro_f1")
_GRU_SOURCE = "Hamborg and Donnay 2021, EACL"
_PEGASUS = ("xsum_h2o1000:test", "PEGASUS, whole test set")
_PEGASUS_SOURCE = "Zhang et al. 2020, ICML"

PUBLISHED = (
    Published("newsmtsc:devtest_rw", *_GRU, 0.831, _GRU_SOURCE),
    Published("newsmtsc:devtest_mt", *_GRU, 0.825, _GRU_SOURCE),
    Published("vast:test", "JointCL, trained on VAST", "macro_f1", 0.724, "Liang et al. 2022, ACL"),
    Published(
        "vast:test", "TATA, trained on VAST", "macro_f1", 0.771, "Hanley and Durumeric 2023, EMNLP"
    ),
    Published("fnc1:test", "stackLSTM", "macro_f1", 0.609, _HANSELOWSKI),
    Published("fnc1:test", "Athene", "macro_f1", 0.604, _HANSELOWSKI),
    Published("fnc1:test", "SOLAT, the challenge's winner", "fnc_score", 0.820, "FNC-1, 2017"),
    Published("fnc1:test", "RoBERTa-large, about", "fnc_score", 0.90, "Slovikovskaya 2019"),
    Published(
        "semeval16_t6:test",
        "SVM, n-grams",
        "f1_favor_against_by_target",
        0.673,
        "Barbieri et al. 2020, TweetEval",
    ),
    Published(
        "semeval16_t6:test",
        "RoBERTa-base",
        "f1_favor_against_by_target",
        0.680,
        "Barbieri et al. 2020, TweetEval",
    ),
    Published(
        "semeval16_t6:test",
        "BERTweet",
        "f1_favor_against_by_target",
        0.712,
        "TweetEval's leaderboard",
    ),
    Published(
        "semeval16_t6:test", "LLM, chain of stance", "f1_favor_against", 0.798, "Ma et al. 2024"
    ),
    Published("perspectrum:test", "BERT-base", "macro_f1", 0.708, "Chen et al. 2019, NAACL"),
    Published(
        "mnli_matched:test",
        "MiniLM-L6-size models, about",
        "accuracy",
        0.82,
        "Wang et al. 2020, NeurIPS",
    ),
    Published("healthver:test", "T5, in domain", "macro_f1", 0.796, "Sarrouti et al. 2021, EMNLP"),
    Published(*_PEGASUS, "rouge1", 0.472, _PEGASUS_SOURCE),
    Published(*_PEGASUS, "rouge2", 0.246, _PEGASUS_SOURCE),
    Published(*_PEGASUS, "rougeLsum", 0.393, _PEGASUS_SOURCE),
)


def published_for(suite: str) -> tuple[Published, ...]:
    """Return what others published for a suite."""
    return tuple(entry for entry in PUBLISHED if entry.suite == suite)
