"""Know every suite by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.adapters.attributions import AttributionSuite
from eval.adapters.faithfulness import FaithfulnessSet, FaithfulnessSuite, RankSuite
from eval.adapters.injection import ATTACKS, HOSTS, InjectionSuite
from eval.adapters.nli import NliSet, NliSuite
from eval.adapters.pairs import DIRECTIONS, DirectedSuite, Leak, LeakAwareSuite, PairSet, PairSuite
from eval.adapters.seeds import SeedsSuite
from eval.adapters.summaries import SummarySet, SummarySuite
from eval.base import Suite
from eval.data import ROOT, DataFolder
from stance.errors import DataError
from stance.gold_rows import SPLITS

SENTIMENT = ("positive", "neutral", "negative")
FNC = ("agree", "disagree", "discuss", "unrelated")
TWEET_TARGETS = (
    "Atheism",
    "Climate Change is a Real Concern",
    "Feminist Movement",
    "Hillary Clinton",
    "Legalization of Abortion",
)

# The first split of a set that is named without one is the one to report; "dev" and the like have
# to be asked for.
PAIR_SETS = (
    PairSet("newsmtsc", ("devtest_rw", "devtest_mt"), SENTIMENT),
    PairSet("vast", ("test",), ("favor", "against", "neutral"), group="seen"),
    PairSet("fnc1", ("test",), FNC, cluster="body_id"),
    PairSet(
        "semeval16_t6",
        ("test",),
        ("favor", "against", "none"),
        headline="f1_favor_against",
        group="target",
        parts=TWEET_TARGETS,
    ),
    PairSet("perspectrum", ("test",), ("support", "undermine"), cluster="claim_id"),
    PairSet("ibm_claim_stance", ("test",), ("pro", "con"), cluster="target"),
    PairSet("ibm_arg30k", ("test",), ("pro", "con"), cluster="target"),
    PairSet("arc", ("test",), FNC, cluster="body_id"),
    PairSet("dse", ("test",), DIRECTIONS),
    PairSet("sentfin", ("all",), SENTIMENT),
)
NLI_SETS = (
    NliSet("mnli_matched", ("test",)),
    NliSet("snli", ("test_sample",)),
    NliSet("climate_fever", ("all",), "macro_f1", "claim_id"),
    NliSet("healthver", ("test",), "macro_f1", "claim_id"),
)
SUMMARY_SETS = (
    SummarySet("goyal2022", "cnn", 3),
    SummarySet("goyal2022", "dm", 3),
    SummarySet("goyal2022", "newsroom", 1),
    SummarySet("goyal2022", "xsum", 1),
    SummarySet("xsum_h2o1000", None, 1),
)
FAITHFULNESS_SETS = (
    FaithfulnessSet("frank", "test", cluster="doc_id", group="subset"),
    FaithfulnessSet("qags_cnndm", "test"),
    FaithfulnessSet("qags_xsum", "test"),
    FaithfulnessSet(
        "summeval", "test", headline="spearman", grade="scores.consistency", cluster="doc_key"
    ),
)
# Splits that may be used to choose a threshold or a checkpoint.
DEV_SPLITS = {
    "vast": ("dev",),
    "perspectrum": ("dev",),
    "ibm_arg30k": ("dev",),
    "dse": ("dev",),
    "healthver": ("dev",),
    "polnear": ("dev",),
    "frank": ("validation",),
    "semeval16_t6": ("trial",),
}
# Most comments of vast/test stand in arc/train under other targets, and 70 pairs of
# perspectrum/test are, but for punctuation, in perspectrum/train. Both are reported apart.
LEAKS = {"vast": Leak("arc", "text"), "perspectrum": Leak("perspectrum", "pair")}

SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True)
class Entry:
    """Name one suite and how to make it."""

    name: str
    kind: str
    make: Callable[[DataFolder], Suite]
    reported: bool = True

    def is_here(self, data: DataFolder) -> bool:
        """Tell whether all that the suite needs is on this machine."""
        if self.kind == "injection":
            # The attacks come with the repository, and so do the articles that they are put into.
            return ATTACKS.is_dir() and HOSTS.is_dir()
        return data.has("bench", self.name.partition(":")[0])


def _pair(spec: PairSet, split: str) -> Callable[[DataFolder], Suite]:
    if spec.name == "dse":
        return lambda data: DirectedSuite(data, spec, split)
    if (leak := LEAKS.get(spec.name)) is not None:
        return lambda data: LeakAwareSuite(data, spec, split, leak=leak)
    return lambda data: PairSuite(data, spec, split)


def _entries() -> dict[str, Entry]:
    """Return every suite over a benchmark set, reported splits before the others."""
    found: list[Entry] = []
    for spec in PAIR_SETS:
        for split in (*spec.splits, *DEV_SPLITS.get(spec.name, ())):
            name = f"{spec.name}:{split}"
            found.append(Entry(name, "stance pairs", _pair(spec, split), split in spec.splits))
    for nli in NLI_SETS:
        for split in (*nli.splits, *DEV_SPLITS.get(nli.name, ())):
            found.append(
                Entry(f"{nli.name}:{split}", "entailment", _nli(nli, split), split in nli.splits)
            )
    for split in ("test", "dev"):
        found.append(Entry(f"polnear:{split}", "attribution", _polnear(split), split == "test"))
    found += [Entry(s.suite, "summary", _summary(s)) for s in SUMMARY_SETS]
    for faith in FAITHFULNESS_SETS:
        found.append(Entry(f"{faith.name}:{faith.split}", "faithfulness", _faith(faith)))
    for split in ("test", "fresh", "later", "dev"):
        found.append(Entry(f"injection:{split}", "injection", _injection(split), split != "dev"))
    found.append(Entry("falke_rank19:test", "faithfulness", RankSuite))
    validation = FaithfulnessSet("frank", "validation", cluster="doc_id", group="subset")
    found.append(Entry("frank:validation", "faithfulness", _faith(validation), False))
    return {entry.name: entry for entry in found}


def _nli(spec: NliSet, split: str) -> Callable[[DataFolder], Suite]:
    return lambda data: NliSuite(data, spec, split)


def _polnear(split: str) -> Callable[[DataFolder], Suite]:
    return lambda data: AttributionSuite(data, split)


def _summary(spec: SummarySet) -> Callable[[DataFolder], Suite]:
    return lambda data: SummarySuite(data, spec)


def _injection(split: str) -> Callable[[DataFolder], Suite]:
    return lambda data: InjectionSuite(split)


def _faith(spec: FaithfulnessSet) -> Callable[[DataFolder], Suite]:
    return lambda data: FaithfulnessSuite(data, spec)


ENTRIES = _entries()


def find_suites(names: str, data: DataFolder, *, bias: bool = False) -> list[Suite]:
    """Make the suites that a command line names.

    Args:
        names: separated by commas: a suite (``newsmtsc:devtest_rw``), a set (``newsmtsc``, all its
            reported splits), ``seeds`` (or ``seeds:test``, ``seeds:dev``, ``seeds:fresh``), ``all``
            (everything that is reported), or the path of a folder in the gold format, with or
            without a split.
        data: where the sets are.
        bias: also rename the holders of gold articles and see whether labels move.

    Returns:
        The suites, each once, in the order named.

    Raises:
        DataError: there is no such suite, set or folder.
    """
    found: dict[str, Suite] = {}
    for word in filter(None, (name.strip() for name in names.split(","))):
        for suite in _find(word, data, bias):
            found.setdefault(suite.name, suite)
    if not found:
        raise DataError("no suite named; see: python -m eval list")
    return list(found.values())


def _find(word: str, data: DataFolder, bias: bool) -> list[Suite]:
    if word == "all":
        reported = [e.make(data) for e in ENTRIES.values() if e.reported]
        return [SeedsSuite(SEEDS, name="seeds", split="test", bias=bias), *reported]
    if word in ENTRIES:
        return [ENTRIES[word].make(data)]
    of_set = [e for name, e in ENTRIES.items() if name.partition(":")[0] == word and e.reported]
    if of_set:
        return [entry.make(data) for entry in of_set]
    return [_gold_suite(word, bias)]


def gold_folder(word: str) -> tuple[Path, str | None]:
    """Return the folder in the gold format that a word names, and the split after it, if any.

    Raises:
        DataError: there is no such folder.
    """
    stem, _, split = word.rpartition(":")
    if split not in SPLITS:
        stem, split = word, ""
    folder = SEEDS if stem == "seeds" else Path(stem)
    if not (folder / "labels").is_dir():
        known = ", ".join(dict.fromkeys(name.partition(":")[0] for name in ENTRIES))
        raise DataError(
            f"{word!r} is no suite and no folder with articles/ and labels/; "
            f"suites are seeds, all, {known}"
        )
    return folder, split or None


def _gold_suite(word: str, bias: bool) -> Suite:
    """Make a suite over a folder in the gold format, with or without a split after it."""
    folder, split = gold_folder(word)
    name = "seeds" if folder == SEEDS else folder.resolve().name
    return SeedsSuite(folder, name=name, split=split, bias=bias)
