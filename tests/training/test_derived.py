from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import stance
from stance.backends.base import StancePair
from stance.training.derived import (
    DERIVED,
    argument_topics,
    attributed_pairs,
    derive,
    faithfulness_pairs,
    mismatched,
    news_claims,
    paired_claims,
    topic_targets,
)
from stance.training.examples import AGAINST, FAVOR, PairExample

ROOT = Path(stance.__file__).parents[1]


def argued(text: str, target: str, label: int) -> PairExample:
    return PairExample("stance", StancePair(text, target), (label,), (FAVOR, AGAINST), 1)


def test_claims_come_from_contents_and_headlines(data: Path) -> None:
    claims = [claim.text for claim in news_claims(data)]
    assert "the bridge in Alder will be closed by the council next year" in claims
    assert len(claims) == len(set(claims))
    assert not any(text.startswith("that ") for text in claims)


def test_premises_come_with_what_they_entail_and_exclude(data: Path) -> None:
    claims = paired_claims(data)
    assert any(claim.entailed for claim in claims)
    assert any(claim.excluded for claim in claims)
    assert any(claim.open for claim in claims)
    assert [c.text for c in claims] == sorted({c.text for c in claims})


def test_attributed_pairs_keep_the_claims_of_dev_to_themselves(data: Path) -> None:
    pool = attributed_pairs(data, 400, seed=3)
    assert len(pool.train) == 400
    assert pool.dev
    again = attributed_pairs(data, 400, seed=3)
    assert (pool.train, pool.dev) == (again.train, again.dev)
    assert pool.train != attributed_pairs(data, 400, seed=4).train


def test_a_mismatch_is_unrelated_and_never_its_own_target() -> None:
    pool = [argued(f"text {n}", f"target {n % 5}", n % 2) for n in range(50)]
    own = {e.pair.text: e.pair.target for e in pool}
    found = mismatched(pool, 200, seed=1)
    assert len(found) == 200
    assert found == mismatched(pool, 200, seed=1)
    for example in found:
        assert own[example.pair.text] != example.pair.target
        assert (example.gold, example.related) == ((), 0)


def test_one_target_alone_gives_no_mismatch() -> None:
    assert mismatched([argued("a", "same", 0), argued("b", "same", 1)], 10, seed=1) == []


@pytest.mark.parametrize(
    ("target", "label", "topic", "turned"),
    [
        ("We should ban smoking", FAVOR, "smoking", AGAINST),
        ("We should ban smoking", AGAINST, "smoking", FAVOR),
        ("We should subsidize the arts.", FAVOR, "arts", FAVOR),
        ("we should abolish a tax", AGAINST, "tax", FAVOR),
    ],
)
def test_a_motion_turns_into_its_topic(target: str, label: int, topic: str, turned: int) -> None:
    (example,) = topic_targets([argued("Because.", target, label)])
    assert (example.pair.target, example.gold) == (topic, (turned,))
    assert example.pair.text == "Because."


def test_what_is_no_motion_has_no_topic() -> None:
    assert topic_targets([argued("a", "Smoking is bad", FAVOR)]) == []
    assert topic_targets([argued("a", "We should ponder smoking", FAVOR)]) == []


def test_topics_and_mismatches_are_mixed(data: Path) -> None:
    pool = argument_topics(data, seed=1)
    related = {e.related for e in pool.train if isinstance(e, PairExample)}
    assert related == {0, 1}
    assert pool.train == argument_topics(data, seed=1).train


def test_a_corrupted_sentence_is_not_entailed(data: Path) -> None:
    pool = faithfulness_pairs(data, 300, seed=1)
    examples = [e for e in (*pool.train, *pool.dev) if isinstance(e, PairExample)]
    assert len(examples) == 300
    assert {e.gold for e in examples} == {(0,), (1, 2), (2,)}
    for example in examples:
        bare = example.pair.target.rstrip(".")
        assert example.task == "nli"
        if example.gold == (0,):
            assert bare.casefold() in example.pair.text.casefold()
        else:
            assert bare not in example.pair.text
    assert pool.train == faithfulness_pairs(data, 300, seed=1).train


def test_a_derived_set_is_built_by_its_name(data: Path) -> None:
    assert derive(data, "argument_topics", 1).train == argument_topics(data, 1).train
    assert set(DERIVED) >= {"attributed", "argument_topics", "faithful"}
    with pytest.raises(KeyError):
        derive(data, "mnli", 1)


def test_what_is_derived_does_not_hang_on_the_order_of_sets_in_memory(data: Path) -> None:
    """A run is taken up in a new process, which has to lay out the same plan."""
    code = (
        "from pathlib import Path; from zlib import crc32\n"
        "from stance.training.derived import *\n"
        "from stance.training import derived as d\n"
        f"data = Path({str(data)!r})\n"
        "made = [d.attributed_pairs(data, 200, 1), d.argument_topics(data, 1),"
        " d.faithfulness_pairs(data, 200, 1), d.voiced_pairs(data, 200, 1)]\n"
        "print(crc32(repr(made).encode()))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
