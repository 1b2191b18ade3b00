from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from stance.settings import home, is_set


def test_home_is_the_users_cache_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STANCE_HOME", raising=False)
    assert home() == Path(platformdirs.user_cache_dir("stance", appauthor=False))
    monkeypatch.setenv("STANCE_HOME", "~/models")
    assert home() == Path.home() / "models"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("true", True), (" YES ", True), ("on", True), ("0", False), ("", False)],
)
def test_a_variable_says_yes_in_several_ways(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCE_OFFLINE", value)
    assert is_set("STANCE_OFFLINE") is expected
    monkeypatch.delenv("STANCE_OFFLINE")
    assert is_set("STANCE_OFFLINE") is False
