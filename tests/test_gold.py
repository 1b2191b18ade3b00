from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError, FileMissingError
from stance.gold import anchor_gold, digest_of, inspect_gold, load_gold, split_text
from stance.gold_rows import Labels as LabelFile
from stance.gold_rows import check_labels, locate, occurrences

BODY = "The mill will close, the owner said.\n\nThe union denied that the mill will close."
Labels = dict[str, Any]


def labels() -> Labels:
    return {
        "id": "mill",
        "source": "Written for the test",
        "summary": ["The mill will close, its owner says; the union denies it."],
        "salient": [{"text": "The mill will close, the owner said.", "start": 0, "end": 36}],
        "holders": [
            {"id": "H1", "name": "the owner", "kind": "person", "aliases": []},
            {"id": "H2", "name": "The union", "kind": "organization"},
        ],
        "targets": [{"id": "T1", "text": "The mill will close", "kind": "claim", "aliases": []}],
        "stances": [
            {
                "holder": "H1",
                "target": "T1",
                "label": "favor",
                "evidence": [{"text": "will close, the owner said", "start": 9, "end": 35}],
            },
            {
                "holder": "H2",
                "target": "T1",
                "label": "against",
                "evidence": [{"text": "denied that the mill will close", "start": 48, "end": 79}],
            },
        ],
        "split": "dev",
        "desk": "business",
        "phenomena": ["denial", "claim_target"],
    }


def write(folder: Path, data: Labels | str, *, stem: str = "mill", text: str | None = None) -> Path:
    for name in ("articles", "labels"):
        (folder / name).mkdir(exist_ok=True)
    raw = f"Mill\n\n{BODY}\n" if text is None else text
    (folder / "articles" / f"{stem}.txt").write_text(raw, encoding="utf-8")
    content = data if isinstance(data, str) else json.dumps(data)
    (folder / "labels" / f"{stem}.json").write_text(content, encoding="utf-8")
    return folder


def test_load_gives_frozen_records(tmp_path: Path) -> None:
    (article,) = load_gold(write(tmp_path, labels()))
    assert (article.id, article.article.title, article.article.text) == ("mill", "Mill", BODY)
    assert article.holder("H2").names == ("The union",)
    assert article.target("T1").kind == "claim"
    assert [row.label for row in article.stances] == ["favor", "against"]
    assert article.stances[1].evidence[0].span.of(BODY) == "denied that the mill will close"
    assert type(article).from_dict(article.to_dict()) == article


def test_the_minimum_is_ids_holders_targets_stances(tmp_path: Path) -> None:
    data = {key: labels()[key] for key in ("id", "holders", "targets", "stances")}
    (article,) = load_gold(write(tmp_path, data))
    assert (article.summary, article.salient, article.split, article.phenomena) == (
        (),
        (),
        None,
        (),
    )


def test_an_article_without_stances_is_sound(tmp_path: Path) -> None:
    data = labels() | {"holders": [], "targets": [], "stances": [], "phenomena": ["no_stance"]}
    assert load_gold(write(tmp_path, data))[0].stances == ()


def test_load_keeps_one_split_and_names_the_others(tmp_path: Path) -> None:
    write(tmp_path, labels())
    assert len(load_gold(tmp_path, split="dev")) == 1
    with pytest.raises(DataError, match=r"no article of split 'test'; its splits are \['dev'\]"):
        load_gold(tmp_path, split="test")


def set_in(*path: Any) -> Callable[[Labels], None]:
    """Return a change that sets the entry at `path[:-1]` to `path[-1]`."""

    def change(data: Any) -> None:
        *keys, last, value = path
        for key in keys:
            data = data[key]
        data[last] = value

    return change


EVIDENCE = ("stances", 1, "evidence", 0)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            set_in(*EVIDENCE, "start", 40),
            "stances[1].evidence[0]: wrong offset: (40, 79) is 'e union denied that the mill will "
            "close', not 'denied that the mill will close', which stands at (48, 79)",
        ),
        (set_in(*EVIDENCE, "end", 999), "stances[1].evidence[0]: offsets (48, 999) lie outside"),
        (set_in(*EVIDENCE, "start", "48"), "stances[1].evidence[0]: offsets must be whole numbers"),
        (set_in(*EVIDENCE, {}), ""),
        (set_in(*EVIDENCE, "text", "never said"), "text 'never said' is not in the article"),
        (set_in(*EVIDENCE, {"text": "denied"}), "evidence[0]: has no offsets yet; run: python -m"),
        (set_in(*EVIDENCE, "n", 0), "stances[1].evidence[0]: unknown key 'n'"),
        (set_in("stances", 1, "evidence", []), "stances[1]: has no evidence"),
        (set_in("stances", 1, "label", "con"), "stances[1].label: unknown label 'con'; use favor"),
        (set_in("stances", 1, "holder", "H9"), "stances[1]: unknown holder 'H9'; known are H1, H2"),
        (set_in("stances", 1, "target", "T9"), "stances[1]: unknown target 'T9'; known are T1"),
        (set_in("stances", 1, "lable", "x"), "stances[1]: unknown key 'lable'"),
        (set_in("stances", 1, 7), "stances[1]: expected an object, got '7'"),
        (set_in("stances", None), "stances: expected a list, got NoneType"),
        (set_in("holders", 1, "id", "H1"), "holders[1]: duplicate id 'H1'"),
        (set_in("holders", 1, "kind", "firm"), "holders[1].kind: unknown kind 'firm'; use person"),
        (set_in("holders", 1, "name", " "), "holders[1]: name must be a string with words in it"),
        (set_in("holders", 1, "aliases", "it"), "holders[1].aliases: expected a list, got str"),
        (set_in("targets", 0, "kind", "idea"), "targets[0].kind: unknown kind 'idea'; use claim"),
        (set_in("salient", 0, "text", "Not there."), "salient[0]: text 'Not there.' is not in"),
        (set_in("salient", None), "salient: expected a list, got NoneType"),
        (set_in("summary", ["a", 3]), "summary[1]: not a string: '3'"),
        (set_in("phenomena", ["sarcasm"]), "phenomena[0]: unknown phenomenon: 'sarcasm'"),
        (set_in("split", "train"), "split: unknown split 'train'; use dev, test, fresh"),
        (set_in("desk", "weather"), "desk: unknown desk 'weather'; use newswire"),
        (set_in("source", 3), "source: expected a string, got 3"),
        (set_in("id", "malt"), "id: is 'malt', but the file is named 'mill'"),
        (set_in("phenomenon", []), "phenomenon: unknown key; known are id, holders"),
        (lambda data: data.pop("targets"), "targets: is missing"),
        (lambda data: data["stances"].append(data["stances"][1]), "stances[2]: says the same as"),
    ],
)
def test_each_offence_has_one_line_with_file_and_row(
    tmp_path: Path, change: Callable[[Labels], None], line: str
) -> None:
    data = labels()
    change(data)
    write(tmp_path, data)
    lines = [str(offence) for offence in inspect_gold(tmp_path).offences]
    assert any(line in found for found in lines), lines
    assert all(found.startswith("labels/mill.json: ") and "\n" not in found for found in lines)
    with pytest.raises(DataError, match="offences in the labels"):
        load_gold(tmp_path)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"id": "mill",', "labels/mill.json: line 1: not JSON: Expecting property name"),
        ("[]", "labels/mill.json: -: expected a JSON object, got list"),
        ('{"id": "mill", "id": "mill"}', "labels/mill.json: -: key 'id' stands twice"),
    ],
)
def test_a_file_that_is_no_object_is_named(tmp_path: Path, content: str, line: str) -> None:
    (offence,) = inspect_gold(write(tmp_path, content)).offences
    assert str(offence).startswith(line)


def test_missing_halves_are_named(tmp_path: Path) -> None:
    write(tmp_path, labels())
    (tmp_path / "articles" / "lone.txt").write_text("T\n\nB\n", encoding="utf-8")
    (tmp_path / "labels" / "ghost.json").write_text("{}", encoding="utf-8")
    assert [str(o) for o in inspect_gold(tmp_path).offences] == [
        "articles/lone.txt: -: has no label file labels/lone.json",
        "labels/ghost.json: -: has no article articles/ghost.txt",
    ]


def test_the_same_id_in_two_files_is_named(tmp_path: Path) -> None:
    write(tmp_path, labels())
    write(tmp_path, labels(), stem="nill")
    lines = [str(o) for o in inspect_gold(tmp_path).offences]
    assert "labels/nill.json: id: duplicate id 'mill', also in mill.json" in lines


def test_an_article_without_a_body_or_in_latin_1_is_named(tmp_path: Path) -> None:
    write(tmp_path, labels(), text="Only a title\n")
    assert "no body" in str(inspect_gold(tmp_path).offences[0])
    (tmp_path / "articles" / "mill.txt").write_bytes(b"T\n\ncaf\xe9")
    assert str(inspect_gold(tmp_path).offences[0]) == "articles/mill.txt: byte 6: is not UTF-8"


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="nowhere"):
        inspect_gold(tmp_path / "nowhere")
    lines = [str(o) for o in inspect_gold(tmp_path).offences]
    assert lines == [f"{name}/: -: there is no such folder" for name in ("articles", "labels")]
    for name in ("articles", "labels"):
        (tmp_path / name).mkdir()
    assert "there is no article" in str(inspect_gold(tmp_path).offences[0])


def test_slips_that_are_allowed_are_noted(tmp_path: Path) -> None:
    data = labels()
    data["holders"][1]["aliases"] = ["the unions"]
    data["targets"].append({"id": "T2", "text": "the town", "kind": "entity"})
    found = inspect_gold(write(tmp_path, data))
    assert found.offences == ()
    assert [str(note) for note in found.notes] == [
        "labels/mill.json: holders[1]: alias 'the unions' is not in the text",
        "labels/mill.json: targets[1]: no row speaks of 'T2'",
    ]


def test_windows_line_ends_do_not_move_the_offsets(tmp_path: Path) -> None:
    write(tmp_path, labels())
    path = tmp_path / "articles" / "mill.txt"
    path.write_bytes(f"Mill\n\n{BODY}\n".replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_gold(tmp_path)[0].article.text == BODY


def test_anchor_fills_in_offsets(tmp_path: Path) -> None:
    data = labels()
    data["salient"] = [{"text": "The mill will close, the owner said."}]
    data["stances"][0]["evidence"] = [{"text": "will close", "n": 0}]
    data["stances"][1]["evidence"] = [{"text": "will close", "n": 1}]
    write(tmp_path, data)
    assert anchor_gold(tmp_path) == []
    (article,) = load_gold(tmp_path)
    assert article.salient[0].start == 0
    assert [row.evidence[0].start for row in article.stances] == [9, 69]


def test_anchor_mends_wrong_offsets_and_reports_the_rest(tmp_path: Path) -> None:
    data = labels()
    data["salient"][0]["start"] = 5
    data["stances"][0]["evidence"] = [{"text": "will close"}]
    data["stances"][1]["evidence"] = [{"text": "will close", "n": 2}, {"text": "gone"}, {}]
    write(tmp_path, data)
    assert [str(o) for o in anchor_gold(tmp_path)] == [
        "labels/mill.json: stances[0].evidence[0]: text 'will close' occurs 2 times; "
        'add "n": 0 … 1',
        "labels/mill.json: stances[1].evidence[0]: \"n\": 2 is not in 0 … 1 for text 'will close'",
        "labels/mill.json: stances[1].evidence[1]: text 'gone' is not in the article",
        "labels/mill.json: stances[1].evidence[2]: has no text to look for",
    ]
    after = json.loads((tmp_path / "labels" / "mill.json").read_text(encoding="utf-8"))
    assert after["salient"][0]["start"] == 0
    assert after["stances"][1]["evidence"][0] == {"text": "will close", "n": 2}


def test_anchor_only_touches_what_it_is_told(tmp_path: Path) -> None:
    data = labels() | {"salient": [{"text": "The mill will close, the owner said."}]}
    write(tmp_path, data)
    write(tmp_path, data | {"id": "nill"}, stem="nill")
    anchor_gold(tmp_path, only=["nill"])
    assert "start" not in json.loads((tmp_path / "labels/mill.json").read_text())["salient"][0]
    assert json.loads((tmp_path / "labels/nill.json").read_text())["salient"][0]["start"] == 0
    with pytest.raises(FileMissingError, match="pill"):
        anchor_gold(tmp_path, only=["pill"])


def test_the_digest_sees_text_and_labels(tmp_path: Path) -> None:
    before = digest_of(load_gold(write(tmp_path, labels())))
    assert digest_of(load_gold(tmp_path)) == before
    data = labels()
    data["stances"][0]["label"] = "neutral"
    assert digest_of(load_gold(write(tmp_path, data))) != before


@given(st.text(max_size=60), st.integers(0, 59), st.integers(1, 20), st.integers(0, 3))
def test_locate_finds_what_it_says(body: str, start: int, length: int, n: int) -> None:
    text = body[start : start + length]
    entry: Labels = {"text": text, "n": n}
    if locate(body, entry) is None:
        assert body[entry["start"] : entry["end"]] == text
        assert list(occurrences(body, text))[n] == entry["start"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*labels(), "x"]), JSON))
def test_any_json_is_checked_without_a_crash(data: Labels) -> None:
    found = check_labels(LabelFile("mill", "Mill", BODY, data))
    assert found.offences or set(data) >= {"holders", "targets", "stances"}


@given(st.text(), st.text())
def test_split_text_keeps_the_body(title: str, body: str) -> None:
    flat = title.replace("\n", " ")
    assert split_text(f"{flat}\n\n{body}\n") == (flat, body.rstrip("\n"))
