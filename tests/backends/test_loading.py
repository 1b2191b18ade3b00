from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers.utils import logging

from stance.backends.loading import pick_device, quiet, readable
from stance.errors import MissingExtraError, ModelFormatError, OptionError, UnsafeModelError


def test_auto_is_a_device_that_works() -> None:
    assert torch.zeros(1, device=pick_device()).sum().item() == 0.0
    assert pick_device("cpu").type == "cpu"


@pytest.mark.parametrize("device", ["gpu", "cpu:x", "", "cuda:99"])
def test_a_device_that_is_not_there_is_named(device: str) -> None:
    with pytest.raises(OptionError, match="use 'auto' or 'cpu'") as error:
        pick_device(device)
    assert repr(device) in str(error.value)


def test_quiet_leaves_the_library_as_it_was() -> None:
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with quiet():
        assert logging.get_verbosity() == logging.ERROR
        assert not logging.is_progress_bar_enabled()
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    with pytest.raises(KeyError), quiet():
        raise KeyError
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (ValueError("set `trust_remote_code=True` to run it"), UnsafeModelError),
        (RuntimeError("size mismatch\nfor many weights"), ModelFormatError),
        (OSError(), ModelFormatError),
        (MissingExtraError("gguf"), MissingExtraError),
    ],
)
def test_the_librarys_errors_become_ours(raised: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected) as error, readable(Path("some/model")):
        raise raised
    assert type(error.value) is expected
    if error.value is not raised:
        assert str(Path("some/model")) in str(error.value)
