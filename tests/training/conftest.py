"""Share a tiny data folder among the tests of training."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_data import write_data


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a data folder that has a few made-up rows of every set."""
    return write_data(tmp_path_factory.mktemp("data"))
