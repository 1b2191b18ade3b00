"""Share a tiny data folder among the tests of training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_data import write_data


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a data folder that has a few made-up rows of every set."""
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def mini_is_tiny(tiny_model: Path) -> Iterator[None]:
    """Let what has no model for articles of its own take the tiny one, not the bundled one."""
    from stance.training import bases

    found = bases.resolve
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bases, "resolve", lambda name: found(tiny_model if name == "mini" else name))
        yield
