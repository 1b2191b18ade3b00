from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import finetuning
from eval.few_tasks import Few, draw, with_strange_topics
from eval.finetuning import main, summary
from eval.setfit import contrasted

LABELS = ("favor", "against", "neutral")


def rows(count: int = 30) -> list[dict[str, Any]]:
    return [
        {"text": f"text {n}", "target": "the plan", "label": LABELS[n % 3]} for n in range(count)
    ]


def task(name: str) -> Few:
    return Few(name, name[:1], "stance", rows(), rows(6), LABELS, (0, 1, 2))


class Stop(Exception):
    pass


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Let the methods answer at once; return what is asked of ours."""
    made: list[tuple[str, int]] = []

    def ours(few: Few, rows: Any, options: Any, seed: int) -> list[str]:
        made.append((few.name, seed))
        return [r["label"] for r in few.test]

    constant = ["favor"] * 6
    monkeypatch.setattr("stance.load", lambda *_, **__: None)
    monkeypatch.setattr(finetuning, "find_data", lambda folder: None)
    monkeypatch.setattr(finetuning, "few_tasks", lambda data: iter([task("a1"), task("b1")]))
    monkeypatch.setattr(finetuning, "asked", lambda *_: constant)
    monkeypatch.setattr(finetuning, "ours", ours)
    monkeypatch.setattr(finetuning, "setfit", lambda *_: constant)
    return made


def test_draws_go_on_where_they_were_stopped(
    calls: list[tuple[str, int]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["few", "--out", str(tmp_path), "--trunks", "t", "--labels", "2"]
    assert main([*command, "--draws", "2", "--sets", "a"]) == 0
    results = tmp_path / "results.jsonl"
    # A stop in the middle of a line: that draw is made again.
    results.write_text(results.read_text("utf-8")[:-20], "utf-8")
    assert main([*command, "--draws", "3"]) == 0
    assert calls == [
        ("a1", 0), ("a1", 1), ("b1", 0), ("a1", 1), ("b1", 1), ("a1", 2), ("b1", 2)
    ]  # fmt: skip
    assert len(results.read_text("utf-8").splitlines()) == 6
    assert "ahead in 3 of 3 draws" in capsys.readouterr().out


def test_draws_of_other_settings_are_not_mixed(
    calls: list[tuple[str, int]], tmp_path: Path
) -> None:
    command = ["few", "--out", str(tmp_path), "--trunks", "t", "--draws", "1"]
    main(command)
    with pytest.raises(finetuning.OptionError, match="give the same options, or another --out"):
        main([*command, "--labels", "4"])


def test_only_draws_that_every_task_has_are_counted(tmp_path: Path) -> None:
    lines = [
        {"draw": d, "task": t, "group": t, "rows": 3, "settings": {}, "ours": v, "setfit:t": 0.1}
        for d, t, v in ((0, "a", 0.5), (0, "b", 0.7), (1, "a", 0.9))
    ]
    path = tmp_path / "results.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert "ours               mean 0.600  a 0.500  b 0.700" in summary(path)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines[1:]), "utf-8")
    assert summary(path) == "2 results, but no draw yet of every task"


def test_a_draw_has_as_many_rows_of_each_label_and_no_text_twice() -> None:
    drawn = draw(task("a1"), 4, 0)
    assert [r["label"] for r in drawn] == [label for label in LABELS for _ in range(4)]
    assert len({r["text"] for r in drawn}) == 12
    assert draw(task("a1"), 4, 0) == drawn != draw(task("a1"), 4, 1)


def test_every_row_is_paired_with_its_own_label_and_with_others() -> None:
    labels = [r["label"] for r in rows(9)]
    pairs = contrasted(labels, 0)
    assert len(pairs) == 2 * 20 * 9
    assert all((labels[i] == labels[j]) == same for i, j, same in pairs)
    assert sum(same for _, _, same in pairs) == 20 * 9


def test_made_up_neutrals_get_a_topic_that_their_comment_has_no_side_on() -> None:
    made = [
        {"text": "a", "target": "cats", "label": "favor", "type_idx": "1"},
        {"text": "a", "target": "cats", "label": "neutral", "type_idx": "4"},
        {"text": "a", "target": "dogs", "label": "neutral", "type_idx": "4"},
        {"text": "b", "target": "taxes", "label": "against", "type_idx": "3"},
        {"text": "b", "target": "taxes", "label": "neutral", "type_idx": "2"},
    ]
    told = with_strange_topics(made)
    assert [row["target"] for row in told] == ["cats", "taxes", "dogs", "taxes", "taxes"]
    assert made[1]["target"] == "cats"
