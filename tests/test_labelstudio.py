from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError, FileMissingError, OptionError
from stance.gold import load_gold
from stance.labelstudio import export_tasks, import_tasks, labels_of_task

SEEDS = Path(__file__).parents[1] / "seeds"
TEXT = "Ann praised it."


def region(key: str = "r1", start: int = 0, end: int = 15, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": ["favor"], **more}
    return {"id": key, "type": "labels", "from_name": "part", "to_name": "text", "value": value}


def words(name: str, said: str, key: str = "r1") -> dict[str, Any]:
    return {"id": key, "type": "textarea", "from_name": name, "value": {"text": [said]}}


def task(*result: dict[str, Any], text: str = TEXT) -> dict[str, Any]:
    return {"data": {"text": text, "title": "A Task"}, "annotations": [{"result": list(result)}]}


def write(folder: Path, data: Any) -> Path:
    path = folder / "export.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("drafts", [False, True])
def test_every_seed_article_comes_back_as_it_went(tmp_path: Path, drafts: bool) -> None:
    tasks = tmp_path / "tasks.json"
    count = export_tasks(SEEDS, tasks, drafts=drafts)
    assert (tmp_path / "tasks.json.xml").read_text("utf-8").startswith("<View>")
    assert ("predictions" in json.loads(tasks.read_text("utf-8"))[0]) is drafts
    assert import_tasks(tasks, tmp_path / "back") == count
    before = {a.id: a.to_dict() for a in load_gold(SEEDS)}
    after = {a.id: a.to_dict() for a in load_gold(tmp_path / "back")}
    assert before.keys() == after.keys()
    assert [k for k in before if _told(before[k]) != _told(after[k])] == []


def _told(article: dict[str, Any]) -> dict[str, Any]:
    """Put stances in one order, those of the same holder, target and label together."""
    rows: dict[str, Any] = {}
    for row in article["stances"]:
        rows.setdefault(str((row["holder"], row["target"], row["label"])), []).extend(
            row["evidence"]
        )
    return {**article, "stances": rows}


def test_what_somebody_labels_anew_becomes_gold(tmp_path: Path) -> None:
    made = task(region(), words("holder", "Ann"), words("target", "the bridge"))
    assert import_tasks(write(tmp_path, [made]), tmp_path / "out") == 1
    (article,) = load_gold(tmp_path / "out")
    assert article.id == "a-task"
    (stance,) = article.stances
    assert (article.holder(stance.holder).name, stance.label) == ("Ann", "favor")
    assert article.target(stance.target).text == "the bridge"


def test_mistakes_are_told_with_the_fix(tmp_path: Path) -> None:
    def said(data: Any) -> str:
        with pytest.raises(DataError) as caught:
            import_tasks(write(tmp_path, data), tmp_path / "out")
        assert not (tmp_path / "out").exists()
        return str(caught.value)

    assert "is not JSON" in said("{half")
    assert "not as JSON-MIN or CSV" in said([{"text": TEXT}])
    assert "holds no task" in said([])
    assert "has no text in its data" in said([task(text=" ")])
    assert "has no holder; fill the region's field" in said([task(region())])
    assert "label 'fine' is none of favor" in said([task(region(labels=["fine"]))])
    holder, target = words("holder", "Ann"), words("target", "it")
    assert "the text was changed after" in said([task(region(text="Bob"), holder, target)])
    with pytest.raises(FileMissingError):
        import_tasks(tmp_path / "gone.json", tmp_path / "out")
    (tmp_path / "out").mkdir()
    with pytest.raises(OptionError, match="exists; give another --out"):
        import_tasks(write(tmp_path, [task()]), tmp_path / "out")


@given(st.text("aé😀 ", max_size=12))
def test_offsets_of_browsers_are_put_right(before: str) -> None:
    text = f"{before}{TEXT}"
    start = len(before.encode("utf-16-le")) // 2
    one = region(start=start, end=start + 15, text=TEXT)
    made = task(one, words("holder", "Ann"), words("target", "it"), text=text)
    _, article, labels = labels_of_task(made, "t[0]", 0)
    (quote,) = labels["stances"][0]["evidence"]
    body = article.split("\n\n", 1)[1].removesuffix("\n")
    assert body[quote["start"] : quote["end"]] == TEXT
