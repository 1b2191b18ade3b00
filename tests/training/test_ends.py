from __future__ import annotations

import errno
from pathlib import Path

import pytest

from stance.errors import ModelFormatError, TrainingError
from stance.training.ends import is_disk_full, is_out_of_memory, not_a_number, worded
from stance.training.run_folder import mark_whole

FULL = OSError(errno.ENOSPC, "No space left on device")
NO_MEMORY = ModelFormatError("m cannot be loaded: DefaultCPUAllocator: can't allocate memory")


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (RuntimeError("PytorchStreamWriter failed writing file data/3: file write failed"), True),
        (
            Exception("Error while serializing: I/O error: No space left on device (os error 28)"),
            True,
        ),
        (OSError(errno.EFBIG, "File too large"), True),
        (RuntimeError("[enforce fail at container.cc:672] . unexpected pos 832 vs 724"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (RuntimeError("out of memory"), False),
    ],
)
def test_a_full_disk_has_many_voices(error: Exception, full: bool) -> None:
    assert is_disk_full(error) is full


@pytest.mark.parametrize(
    ("error", "empty"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried"), True),
        (NO_MEMORY, True),
        (RuntimeError("could not create a primitive"), True),
        (RuntimeError("could not create a primitive descriptor for a matmul primitive"), False),
        (RuntimeError("shapes do not match"), False),
        (FULL, False),
    ],
)
def test_a_full_memory_has_many_voices(error: Exception, empty: bool) -> None:
    assert is_out_of_memory(error) is empty


def test_what_is_kept_and_how_to_go_on_is_told(tmp_path: Path) -> None:
    assert "no step could be kept: free some space and run the same command with --resume" in str(
        worded(FULL, tmp_path)
    )
    for step in (4, 8):
        (tmp_path / f"checkpoint-{step}").mkdir()
    mark_whole(tmp_path / "checkpoint-4", 4)
    told = worded(NO_MEMORY, tmp_path)
    assert isinstance(told, TrainingError)
    assert "can't allocate memory); step 4 is kept: end other programs" in str(told)
    assert "step 4 is kept" in str(worded(FULL, tmp_path))
    # A half would take the room that is wanted.
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-4"]


def test_other_errors_stay_what_they_are(tmp_path: Path) -> None:
    for error in (RuntimeError("shapes"), TrainingError("memory ran out"), KeyboardInterrupt()):
        assert worded(error, tmp_path) is error


def test_a_loss_that_is_no_number_needs_a_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no number at step 1, before the first checkpoint"):
        not_a_number(0, tmp_path)
