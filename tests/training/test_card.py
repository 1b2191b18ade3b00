from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from stance.records import ModelInfo
from stance.training.card import Report
from stance.training.curve import curve
from stance.training.plan import FinetuneOptions, Sheet
from stance.training.tuner import Outcome

LOG = [
    {"step": 1, "loss": 2.0},
    {"step": 2, "loss": float("nan")},
    {"step": 3, "loss": 1.0},
    {"step": 3, "eval_loss": 1.5, "eval_macro_f1": 0.5},
    {"epoch": 1.0, "train_runtime": 3.0},
]


def test_the_curve_is_a_picture_that_stands_alone() -> None:
    text = curve(LOG, "stance on <data> & more")
    root = ElementTree.fromstring(text)
    assert root.findtext("{*}title") == "stance on <data> & more"
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    lines = root.findall(".//{*}polyline")
    points = [
        [tuple(map(float, p.split(","))) for p in line.get("points", "").split()] for line in lines
    ]
    assert [len(p) for p in points] == [2, 1, 1]
    # A smaller loss lies lower; the score 0.5 lies in the middle.
    (_, high), (_, low) = points[0]
    assert high < low
    assert abs(points[2][0][1] - (24 + 280) / 2) < 1


def test_a_log_without_numbers_is_drawn_too() -> None:
    assert ElementTree.fromstring(curve([], "nothing")).findall(".//{*}polyline") == []


def test_only_a_fitted_temperature_is_said_to_have_been_chosen() -> None:
    sheet = Sheet("stance", "rows.csv", "mini", {}, {}, {}, [])
    outcome, options = Outcome(1, 1, None), FinetuneOptions()
    for tuned, told in (
        ({}, "the checkpoint:"),
        ({"heat": 1.5}, "checkpoint and the temperature:"),
    ):
        report = Report(sheet, options, ModelInfo("mini"), "0", (), outcome, Path("m"), tuned=tuned)
        assert f"{told} read it as hopeful" in report.to_text()
