from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from stance.cli import main
from stance.errors import DataError, FileMissingError, OptionError
from stance.gold import load_gold
from stance.labelstudio import PAGE, export_tasks, import_tasks

sys.path.insert(0, str(Path(__file__).parent / "training"))

from test_gold_data import write_gold

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return write_gold(tmp_path / "gold", "a", "b", summary=["Orr calls it safe."], split="dev")


@pytest.fixture
def tasks(gold: Path, tmp_path: Path) -> Path:
    export_tasks(gold, tmp_path / "tasks.json")
    return tmp_path / "tasks.json"


def change(tasks: Path, edit: Any) -> Path:
    data = json.loads(tasks.read_text("utf-8"))
    edit(data)
    tasks.write_text(json.dumps(data), "utf-8")
    return tasks


def regions(data: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data[0]["annotations"][0]["result"]
    return found


def test_articles_come_back_as_they_went(gold: Path, tasks: Path, tmp_path: Path) -> None:
    assert import_tasks(tasks, tmp_path / "back") == 2
    assert load_gold(tmp_path / "back") == load_gold(gold)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not in this copy")
def test_so_do_the_seeds(tmp_path: Path) -> None:
    export_tasks(SEEDS, tmp_path / "tasks.json", drafts=True)
    import_tasks(tmp_path / "tasks.json", tmp_path / "back")
    assert load_gold(tmp_path / "back") == load_gold(SEEDS)


def test_the_page_asks_for_what_the_regions_have(tasks: Path) -> None:
    page = ElementTree.fromstring(PAGE)
    names = {item.get("name") for item in page.iter() if item.get("name")}
    labels = {label.get("value") for label in page.iter("Label")}
    told = regions(json.loads(tasks.read_text("utf-8")))
    assert {r["from_name"] for r in told} <= names
    assert {label for r in told for label in r["value"].get("labels", [])} <= labels
    assert (tasks.parent / "tasks.json.xml").read_text("utf-8") == PAGE


def test_a_new_region_makes_a_new_holder(tasks: Path, tmp_path: Path) -> None:
    def edit(data: Any) -> None:
        text = data[0]["data"]["text"]
        start = text.index("It rained")
        place = {"start": start, "end": start + 9}
        value = {**place, "text": "It rained", "labels": ["favor"]}
        common = {"id": "n", "to_name": "text"}
        data[0]["annotations"][0]["result"] += [
            {**common, "type": "labels", "from_name": "part", "value": value},
            *({**common, "type": "textarea", "from_name": name, "value": {**place, "text": [words]}}
              for name, words in (("holder", "the weather"), ("target", "THE PLAN"))),
        ]  # fmt: skip

    import_tasks(change(tasks, edit), tmp_path / "back")
    article = load_gold(tmp_path / "back")[0]
    (new,) = [s for s in article.stances if article.holder(s.holder).name == "the weather"]
    assert article.target(new.target).text == "the plan"
    assert new.evidence[0].text == "It rained"


def test_offsets_that_a_browser_counted_are_put_right(tasks: Path, tmp_path: Path) -> None:
    def edit(data: Any) -> None:
        # A character outside the basic plane counts twice there.
        data[0]["data"]["text"] = "😀" + data[0]["data"]["text"]
        for region in regions(data):
            if "start" in region["value"]:
                region["value"]["start"] += 2
                region["value"]["end"] += 2

    import_tasks(change(tasks, edit), tmp_path / "back")
    article = load_gold(tmp_path / "back")[0]
    assert {e.text for s in article.stances for e in s.evidence} >= {"the bridge is safe"}


def no_holder(data: Any) -> None:
    data[0]["annotations"][0]["result"] = [r for r in regions(data) if r["from_name"] != "holder"]


def other_text(data: Any) -> None:
    data[0]["data"]["text"] = "Another text."


def other_label(data: Any) -> None:
    next(r for r in regions(data) if r["type"] == "labels")["value"]["labels"] = ["fond"]


def no_text(data: Any) -> None:
    del data[0]["data"]["text"]


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (no_holder, r"tasks\.json\[0\], region s0e0 .*: has no holder; fill the region's field"),
        (other_text, "the text was changed after it was labelled"),
        (other_label, "label 'fond' is none of favor, against, neutral and salient"),
        (no_text, r"tasks\.json\[0\] has no text in its data"),
        (lambda data: data.clear(), "holds no task"),
        (lambda data: data.append(3), "export as JSON, not as JSON-MIN"),
    ],
)
def test_mistakes_are_told(edit: Any, problem: str, tasks: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=problem):
        import_tasks(change(tasks, edit), tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_files_that_are_none(tasks: Path, tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="cannot be read"):
        import_tasks(tmp_path / "missing.json", tmp_path / "back")
    (tmp_path / "x.json").write_text("{", "utf-8")
    with pytest.raises(DataError, match="is not JSON"):
        import_tasks(tmp_path / "x.json", tmp_path / "back")
    with pytest.raises(OptionError, match="exists"):
        import_tasks(tasks, tmp_path)


def test_the_commands_do_the_same(
    gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, back = tmp_path / "t.json", tmp_path / "back"
    assert main(["labelstudio", "export", str(gold), "--output", str(file), "--predictions"]) == 0
    assert "predictions" in json.loads(file.read_text("utf-8"))[0]
    assert main(["labelstudio", "import", str(file), "--out", str(back)]) == 0
    assert "2 articles are in" in capsys.readouterr().out
    assert load_gold(back) == load_gold(gold)
