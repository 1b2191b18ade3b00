"""Write a data folder with a few made-up rows of every set, in the forms of the real one."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

Row = dict[str, Any]

PLACES = """Alder Boreal Calder Denby Elstow Fenwick Gantry Halden Ilford Jarrow Kelso Lorne
    Marrick Norlund Orlan Penrith""".split()
NOUNS = "bridge harbour library tunnel market clinic ferry school tower canal".split()


def claims() -> list[str]:
    """List clauses that differ in place and noun."""
    return [
        f"the {noun} in {place} will be closed by the council next year"
        for noun in NOUNS
        for place in PLACES
    ]


def pair_row(name: str, text: str, target: str, label: str, **more: Any) -> Row:
    return {"text": text, "target": target, "label": label, "split": "train", "set": name, **more}


def newsmtsc(n: int, claim: str) -> Row:
    text = f"Mayor Orr{n} said that {claim}."
    label = ("positive", "negative", "neutral")[n % 3]
    gid = f"paper_{n}_12_3_Mayor Orr_6_{n}"
    return pair_row("newsmtsc", text, f"Orr{n}", label, start=6, end=6 + len(f"Orr{n}"), gid=gid)


def dse(n: int, claim: str, split: str = "train") -> Row:
    directions = ("neutral", "pos p->q", "neg p->q", "pos q->p", "neg q->p")
    direction = directions[n % 5]
    marked = (f"[Ana{n}] told [Bob] that {claim}.", f"[Bob] told [Ana{n}] that {claim}.")[n % 2]
    text = re.sub(r"[\[\]]", "", marked)
    more = {"marked": marked, "p": f"Ana{n}", "q": "Bob", "direction": direction}
    return {**pair_row("dse", text, "Bob", direction.split()[0], **more), "split": split}


def binary(name: str, n: int, claim: str, split: str = "train") -> Row:
    labels = ("support", "undermine") if name == "perspectrum" else ("pro", "con")
    more = {"conf": 0.5 + n % 2 / 2} if name == "ibm_arg30k" else {}
    verb, noun = ("ban", "subsidize")[n % 2], NOUNS[n // 4 % len(NOUNS)]
    target = f"We should {verb} the {noun} of {PLACES[n % len(PLACES)]}"
    return {**pair_row(name, f"Because {claim}", target, labels[n % 2], **more), "split": split}


def nli(name: str, n: int, claim: str) -> Row:
    label = ("entailment", "neutral", "contradiction")[n % 3]
    if name == "fever_nli" and label != "entailment":
        label = "not_entailment"
    return pair_row(name, f"{claim.capitalize()}", f"The {NOUNS[n % 10]} is shut for good", label)


def fnc1(n: int, claim: str) -> Row:
    label = ("agree", "disagree", "discuss", "unrelated")[n % 4]
    body = " ".join(
        [f"{claim.capitalize()}."] + ["Nobody else in the town was hurt that day."] * 30
    )
    return pair_row("fnc1", body, f"Report: {claim}", label, body_id=str(n))


def polnear(n: int, claim: str, split: str = "train", primary: bool = True) -> Row:
    text = f"Mayor Orr{n} said that {claim}.\n\nIt rained in {PLACES[n % len(PLACES)]}."
    offsets = [list(m.span()) for m in re.finditer(r"\w+|[^\w\s]", text)]
    tokens = [text[a:b] for a, b in offsets]
    end = tokens.index(".")
    spans = [
        {"start": 0, "end": 2, "role": "source", "group": 0},
        {"start": 2, "end": 3, "role": "cue", "group": 0},
        {"start": 3, "end": end, "role": "content", "group": 0},
    ]
    row = {"doc": f"doc{n}", "split": split, "set": "polnear", "primary": primary}
    return {**row, "text": text, "tokens": tokens, "offsets": offsets, "spans": spans}


def summary(n: int, claim: str) -> Row:
    other = claims()[(n * 7 + 3) % 160]
    sentences = [
        f"Ana Reed of {PLACES[n % 16]} Town said that {claim}.",
        f"The plan for {n + 20} new homes in Denby Vale was dropped, because {other}.",
        "It rained for most of the day in the valley.",
        f"Bob Stone told {n + 100} people that he would not go there again.",
        "The council meets again in May.",
    ]
    row = {"document": " ".join(sentences), "summary": sentences[0], "kind": "bbc"}
    return {
        **row,
        "sentences": sentences,
        "extractive": [0, 3],
        "split": ("train", "dev")[n % 8 == 7],
    }


def write(folder: Path, part: str, name: str, rows: list[Row]) -> None:
    path = folder / part / f"{name}.jsonl.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def write_data(folder: Path, count: int = 80) -> Path:
    """Write every set that training reads, `count` rows each, and return the folder."""
    told = list(enumerate(claims()[:count]))
    arguments = ("perspectrum", "ibm_arg30k", "ibm_claim_stance")
    entailments = ("mnli", "snli", "cad_nli", "fever_nli", "conjnli", "semi_auto_nli_wiki")
    train = {
        "newsmtsc": [newsmtsc(n, c) for n, c in told],
        "dse": [dse(n, c) for n, c in told],
        "fnc1": [fnc1(n, c) for n, c in told],
        "polnear": [polnear(n, c, primary=n % 5 > 0) for n, c in told],
        "summ_pool": [summary(n, c) for n, c in told],
        **{name: [binary(name, n, c) for n, c in told] for name in arguments},
        **{name: [nli(name, n, c) for n, c in told] for name in entailments},
    }
    for name, rows in train.items():
        write(folder, "train", name, rows)
    few = told[:6]
    bench = {
        "dse": [dse(n, c, ("dev", "test")[n % 2]) for n, c in few],
        "polnear": [polnear(n, c, ("dev", "test")[n % 2]) for n, c in few],
        **{
            name: [binary(name, n, c, ("dev", "test")[n % 2]) for n, c in few]
            for name in arguments[:2]
        },
    }
    for name, rows in bench.items():
        write(folder, "bench", name, rows)
    return folder
