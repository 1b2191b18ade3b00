from __future__ import annotations

import pytest

from stance.detect import Thresholds
from stance.errors import OptionError
from stance.options import Options


def test_defaults_need_no_keyword() -> None:
    assert Options.of() == Options()


@pytest.mark.parametrize(
    "given",
    [
        {"summary": None},
        {"summary": "extract", "length": "60w"},
        {"length": "10%", "max_targets": 0},
        {"max_chars": 1, "on_long": "error"},
        {"thresholds": Thresholds(near=0.0)},
    ],
)
def test_what_is_in_range_is_kept(given: dict[str, object]) -> None:
    options = Options.of(**given)
    assert {name: getattr(options, name) for name in given} == given


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("summary", "long"),
        ("summary", True),
        ("length", 0),
        ("length", -3),
        ("length", "200%"),
        ("length", "much"),
        ("length", None),
        ("max_targets", -1),
        ("max_targets", 1.5),
        ("max_targets", "3"),
        ("max_targets", True),
        ("max_chars", 0),
        ("max_chars", -5),
        ("max_chars", "100"),
        ("max_chars", 1.5),
        ("max_chars", True),
        ("on_long", "cut"),
        ("on_long", None),
        ("thresholds", 0.5),
    ],
)
def test_what_is_out_of_range_is_refused_by_name_and_value(name: str, value: object) -> None:
    with pytest.raises(OptionError, match=name) as caught:
        Options.of(**{name: value})
    assert repr(value) in str(caught.value)


def test_an_unknown_option_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match=r"max_target.*max_targets"):
        Options.of(max_target=3)
