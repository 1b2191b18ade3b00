from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.training.importers import read_labelled
from stance.training.labelled import Reading, Task

TEXT = (
    "Rain fell on Elstow. Mayor Ana Orr said the bridge is safe. "
    "The plan, the union said, is a mistake.\n\nNobody came. It rained again."
)
LABELS = {
    "holders": [
        {"id": "H1", "name": "Ana Orr", "kind": "person", "aliases": ["Mayor Ana Orr"]},
        {"id": "H2", "name": "union", "kind": "organization", "aliases": ["the union"]},
        {"id": "A", "name": "author", "kind": "author"},
    ],
    "targets": [
        {"id": "T1", "text": "the bridge", "kind": "entity"},
        {"id": "T2", "text": "the plan", "kind": "topic"},
    ],
}
STANCES = [("H1", "T1", "favor", "the bridge is safe"), ("H2", "T2", "against", "is a mistake"),
           ("A", "T2", "neutral", "Nobody came")]  # fmt: skip


def quote(words: str, text: str = TEXT) -> dict[str, object]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def write_gold(root: Path, *names: str, notes: str | None = None, **more: object) -> Path:
    for below in ("articles", "labels"):
        (root / below).mkdir(parents=True, exist_ok=True)
    for name in names:
        text = TEXT if name == "a" else TEXT.replace("bridge", name).replace("plan", f"{name} plan")
        rows = [
            {"holder": h, "target": t, "label": label, "evidence": [quote(said, text)]}
            for h, t, label, words in STANCES
            for said in [words if name == "a" else words.replace("bridge", name)]
        ]
        salient = [quote("Nobody came.", text)]
        data = {"id": name, **LABELS, "stances": rows, "salient": salient, **more}
        data |= {"notes": notes} if notes else {}
        (root / "articles" / f"{name}.txt").write_text(f"Title {name}\n\n{text}\n", "utf-8")
        (root / "labels" / f"{name}.json").write_text(json.dumps(data), "utf-8")
    return root


def test_stances_become_pairs_as_the_line_asks_them(tmp_path: Path) -> None:
    rows = read_labelled(write_gold(tmp_path, "a"), Reading()).rows
    told = {(r.holder, r.target): r for r in rows if r.label != "unrelated"}
    orr = told["Ana Orr", "the bridge"]
    assert orr.label == "favor"
    assert orr.text.endswith("Mayor Ana Orr said the bridge is safe.")
    assert orr.holder_span is not None
    assert orr.holder_span.of(orr.text) == "Mayor Ana Orr"
    assert told[None, "the plan"].label == "neutral"
    assert all(r.group == "a" and r.spoken for r in rows)


def test_what_a_holder_has_no_row_for_is_unrelated(tmp_path: Path) -> None:
    rows = read_labelled(write_gold(tmp_path, "a"), Reading()).rows
    strange = {(r.holder, r.target) for r in rows if r.label == "unrelated"}
    assert strange == {("Ana Orr", "the plan"), ("union", "the bridge"), (None, "the bridge")}


def test_sentences_with_all_three_parts_are_tagged(tmp_path: Path) -> None:
    found = read_labelled(write_gold(tmp_path, "a"), Reading("attribution")).tagged
    said = [
        [[s.of(e.text) for s in part] for part in (a.source, a.cue, a.content)]
        for e in found
        for a in e.attributions
    ]
    assert said == [
        [["Mayor Ana Orr"], ["said"], ["the bridge is safe"]],
        [["the union"], ["said"], ["is a mistake"]],
    ]
    # The author's sentence has no source in it.
    assert len(found) == 2


def test_salient_sentences_are_marked(tmp_path: Path) -> None:
    (example,) = read_labelled(write_gold(tmp_path, "a"), Reading("salience")).salience
    assert [example.sentences[i] for i in example.salient] == ["Nobody came."]


@pytest.mark.parametrize(("split", "part"), [("dev", "dev"), ("test", "test"), ("fresh", "test")])
def test_splits_come_along_and_none_is_for_training(tmp_path: Path, split: str, part: str) -> None:
    root = write_gold(tmp_path, "a", split=split)
    write_gold(tmp_path, "b")
    found = read_labelled(root, Reading())
    assert {(r.group, r.split) for r in found.rows} == {("a", part), ("b", "")}
    assert found.notes == []


def test_offences_are_bad_rows(tmp_path: Path) -> None:
    write_gold(tmp_path, "a", "b")
    path = tmp_path / "labels" / "a.json"
    path.write_text(path.read_text("utf-8").replace('"favor"', '"fond"'), "utf-8")
    with pytest.raises(DataError, match=r"labels/a\.json: stances\[0\]\.label: .*'fond'"):
        read_labelled(tmp_path, Reading())
    kept = read_labelled(tmp_path, Reading(skip_bad=True))
    assert {r.group for r in kept.rows} == {"b"}
    assert "1 bad rows were left out" in kept.notes[-1]


def test_drafts_are_named(tmp_path: Path) -> None:
    write_gold(tmp_path, "a")
    write_gold(tmp_path, "b", notes="draft: predicted by mini")
    (note,) = read_labelled(tmp_path, Reading()).notes
    assert "1 of 2 articles are drafts that nobody corrected, such as b" in note


def test_articles_hold_no_entailments(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no entailment labels; use stance"):
        read_labelled(write_gold(tmp_path, "a"), Reading("nli"))


@pytest.mark.parametrize("task", ["stance", "salience"])
def test_articles_that_are_all_marked_are_learned_from_with_a_warning(
    task: Task, tmp_path: Path
) -> None:
    root = write_gold(tmp_path, "a", split="dev")
    write_gold(tmp_path, "b", split="fresh")
    found = read_labelled(root, Reading(task))
    assert {r.split for r in found.rows} <= {""}
    assert len(found) > 1
    (note,) = found.notes
    assert note.startswith("the marks dev, test or fresh of 2 articles were passed over; report no")


def test_two_quotes_of_one_sentence_make_one_row(tmp_path: Path) -> None:
    root = write_gold(tmp_path, "a")
    path = root / "labels" / "a.json"
    data = json.loads(path.read_text("utf-8"))
    data["stances"][0]["evidence"] = [quote("the bridge"), quote("is safe")]
    path.write_text(json.dumps(data), "utf-8")
    rows = read_labelled(root, Reading()).rows
    asked = [(r.text, r.target, r.holder, r.label) for r in rows]
    assert len(asked) == len({*asked})
    assert sum(r.label == "favor" for r in rows) == 1
