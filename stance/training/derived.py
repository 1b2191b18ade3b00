"""Derive examples from the labelled sets: claims to attribute, mismatches, faithful summaries."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from stance.backends.base import StancePair
from stance.training import lexicon as lex
from stance.training.examples import AGAINST, FAVOR, PairExample, Pool, SalienceExample
from stance.training.sets import load_set, read_rows, tagged
from stance.training.sides import side_pairs
from stance.training.synthetic import Claim, Writer, cap, negate, usable_clause
from stance.training.voices import Argument, Voices

_MOTION = re.compile(
    r"^(?:we|this house would|this house believes that we) should (\w+) (.+)$", re.I
)
_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+\b")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")


def news_claims(data: Path) -> list[Claim]:
    """Collect clauses from news: contents of PolNeAR attributions, FNC-1 headlines."""
    found: dict[str, Claim] = {}
    for row in read_rows(data, "train", "polnear"):
        for attribution in tagged(row).attributions:
            words = " ".join(span.of(row["text"]) for span in attribution.content)
            if words.startswith("that ") and (clause := usable_clause(words[5:])):
                found.setdefault(clause, Claim(clause))
    for row in read_rows(data, "train", "fnc1"):
        if clause := usable_clause(row["target"]):
            found.setdefault(clause, Claim(clause))
    return list(found.values())


def paired_claims(data: Path) -> list[Claim]:
    """Collect premises with what they entail, leave open and exclude, from the NLI sets."""
    found: dict[str, dict[str, list[str]]] = {}
    for name in ("mnli", "semi_auto_nli_wiki", "conjnli", "snli", "cad_nli"):
        for row in read_rows(data, "train", name):
            premise, hypothesis = usable_clause(row["text"]), usable_clause(row["target"])
            if premise and hypothesis:
                sides = found.setdefault(
                    premise, {"entailment": [], "neutral": [], "contradiction": []}
                )
                sides[row["label"]].append(hypothesis)
    return [
        Claim(text, tuple(s["entailment"]), tuple(s["neutral"]), tuple(s["contradiction"]))
        for text, s in sorted(found.items())
    ]


def attributed_pairs(data: Path, count: int, seed: int) -> Pool:
    """Write synthetic attributed claims; the dev part uses claims that training never sees."""
    rng = random.Random(seed)
    news, paired = news_claims(data), paired_claims(data)
    rng.shuffle(news)
    rng.shuffle(paired)
    cut = len(news) // 10
    train = news[cut:] * 2 + paired[cut : len(news) + cut]
    dev = news[:cut] + paired[: cut // 2]
    return Pool([*Writer(train, seed).write(count)], [*Writer(dev, seed + 1).write(1500)])


def mismatched(examples: Iterable[PairExample], count: int, seed: int) -> list[PairExample]:
    """Pair texts with the targets of others: *unrelated*, by construction (argument sets only)."""
    rng = random.Random(seed)
    pool = list(examples)
    targets = sorted({e.pair.target for e in pool})
    result: list[PairExample] = []
    while len(result) < count and len(targets) > 1:
        example, target = rng.choice(pool), rng.choice(targets)
        if target != example.pair.target:
            pair = StancePair(example.pair.text, target)
            result.append(replace(example, pair=pair, gold=(), related=0))
    return result


def topic_targets(examples: Iterable[PairExample]) -> list[PairExample]:
    """Turn motions into topics: "We should ban X", pro, is *against* X; "adopt X" *favor*."""
    verbs = dict.fromkeys(lex.MOTION_FOR, False) | dict.fromkeys(lex.MOTION_AGAINST, True)
    result = []
    for example in examples:
        found = _MOTION.match(example.pair.target.strip().rstrip("."))
        if found and found[1].lower() in verbs:
            (label,) = example.gold
            flipped = (AGAINST if label == FAVOR else FAVOR) if verbs[found[1].lower()] else label
            topic = re.sub(r"^(?:the|a|an) ", "", found[2])
            result.append(
                replace(example, pair=StancePair(example.pair.text, topic), gold=(flipped,))
            )
    return result


def argument_topics(data: Path, seed: int) -> Pool:
    """Derive topic targets and mismatches from the argument sets."""
    pool = Pool()
    arguments = [e for e in load_set(data, "ibm_arg30k").train if isinstance(e, PairExample)]
    claims = [e for e in load_set(data, "perspectrum").train if isinstance(e, PairExample)]
    topics = topic_targets(arguments)
    pool.train += topics
    pool.train += mismatched(topics or arguments, len(topics) // 2, seed)
    pool.train += mismatched(arguments, 2000, seed + 1) + mismatched(claims, 1500, seed + 2)
    random.Random(seed).shuffle(pool.train)
    return pool


def voiced_pairs(data: Path, count: int, seed: int) -> Pool:
    """Put the arguments of the pro/con sets into holders' mouths."""
    train: list[Argument] = []
    for name in ("perspectrum", "ibm_claim_stance", "ibm_arg30k"):
        pool = [e for e in load_set(data, name).train if isinstance(e, PairExample)]
        for example in pool:
            topics = [(t.pair.target, t.gold[0]) for t in topic_targets([example])]
            own = (example.pair.target, example.gold[0])
            train.append(Argument(example.pair.text, (own, *topics)))
    return Pool([*Voices(train, seed).write(count)])


def faithfulness_pairs(data: Path, count: int, seed: int) -> Pool:
    """Make entailed and corrupted summary sentences (after FactCC, Kryściński et al. 2020).

    The premise is a stretch of three source sentences, the hypothesis one of them shortened, or
    with a name or a number of the same article put in place of its own, or negated.
    """
    rng = random.Random(seed)
    documents = [e for e in load_set(data, "salience").train if isinstance(e, SalienceExample)]
    examples: list[PairExample] = []
    while len(examples) < count:
        document = rng.choice(documents).sentences
        at = rng.randrange(len(document))
        premise = " ".join(document[max(0, at - 1) : at + 2])
        example = _faithful(document[at], premise, " ".join(document), rng)
        if example is not None:
            examples.append(example)
    cut = len(examples) // 20
    return Pool([*examples[cut:]], [*examples[:cut]])


def _faithful(sentence: str, premise: str, article: str, rng: random.Random) -> PairExample | None:
    pieces = re.split(r", (?:which|who|while|but|and|after|as|although) ", sentence)
    whole = cap(pieces[0].rstrip(".,")) + "."
    if len(whole.split()) < 5 or len(premise.split()) > 160:
        return None
    if rng.random() < 0.45:
        return PairExample("nli", StancePair(premise, whole), (0,))
    wrong, gold = _corrupt(whole, premise, article, rng)
    return PairExample("nli", StancePair(premise, wrong), gold) if wrong else None


def _corrupt(
    sentence: str, premise: str, article: str, rng: random.Random
) -> tuple[str | None, tuple[int, ...]]:
    """Swap a name or a number for another of the article, or negate."""
    roll = rng.random()
    pattern = _NAME if roll < 0.5 else _NUMBER
    own = pattern.findall(sentence)
    others = sorted({w for w in pattern.findall(article) if w not in sentence and w not in premise})
    if roll < 0.85 and own and others:
        return sentence.replace(rng.choice(own), rng.choice(others), 1), (1, 2)
    return negate(sentence), (2,)


def derive(data: Path, name: str, seed: int) -> Pool:
    """Build a derived set, one of `DERIVED`."""
    builders = {
        "attributed": lambda: attributed_pairs(data, 40_000, seed),
        "voiced": lambda: voiced_pairs(data, 40_000, seed),
        "argument_topics": lambda: argument_topics(data, seed),
        "faithful": lambda: faithfulness_pairs(data, 12_000, seed),
        "sides": lambda: side_pairs(20_000, seed),
    }
    return builders[name]()


DERIVED = ("attributed", "voiced", "argument_topics", "faithful", "sides")
__all__ = ["DERIVED", "derive"]
