"""Say how a run may end before its end: a full disk, no memory, a loss that is no number."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from stance.errors import TrainingError
from stance.training.run_folder import step_of, sweep, whole_checkpoints

# What the libraries say where memory ran out, in lower case.
_NO_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory",
              "not enough memory", "alloc_failed", "bad_alloc")  # fmt: skip
# oneDNN does not say why it could not set up a pass; without room for it, this is all that comes.
_NO_ROOM = re.compile(r"could not create a (?:primitive(?! descriptor)|memory)")
_NO_DISK = ("no space left", "os error 28", "os error 27", "pytorchstreamwriter failed",
            "unexpected pos")  # fmt: skip


class NotANumber(Exception):
    """Say at which step a loss was infinite or no number."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


def is_disk_full(error: BaseException) -> bool:
    """Tell whether an error, of whatever library, means that the disk, or our share, is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    return any(words in str(error).casefold() for words in _NO_DISK)


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error, of whatever library, means that memory ran out."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    said = str(error).casefold()
    return _NO_ROOM.search(said) is not None or any(words in said for words in _NO_MEMORY)


def worded(error: BaseException, checkpoints: Path) -> BaseException:
    """Put a full disk or a full memory into words that say what is kept and how to go on.

    Args:
        error: what ended a run.
        checkpoints: the folder of its checkpoints; halves of them are deleted.

    Returns:
        A TrainingError, or the error itself where it is another one.
    """
    if isinstance(error, TrainingError) or not (is_disk_full(error) or is_out_of_memory(error)):
        return error
    whole = [step_of(path) for path in whole_checkpoints(checkpoints)]
    kept = f"step {whole[-1]} is kept" if whole else "no step could be kept"
    said = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
    if is_disk_full(error):
        sweep(checkpoints, {*whole})
        told = f"the disk of {checkpoints} is full ({said}); {kept}: free some space and run the"
    else:
        told = f"memory ran out ({said}); {kept}: end other programs and run the"
    return TrainingError(f"{told} same command with --resume")


def not_a_number(step: int, checkpoints: Path) -> str:
    """Return the note on a loss that was no number.

    Raises:
        TrainingError: there is no checkpoint before it to keep.
    """
    advice = "try a lower --lr or --precision no, and look for texts of a single character"
    if not whole_checkpoints(checkpoints):
        raise TrainingError(
            f"the loss was no number at step {step + 1}, before the first checkpoint; {advice}"
        )
    return (
        f"the loss was no number at step {step + 1}; the best checkpoint before it is kept; "
        f"{advice}"
    )
