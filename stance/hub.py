"""Fetch a snapshot of a model from the hub, without anything that could run code."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stance.errors import (
    DownloadError,
    ModelError,
    ModelFormatError,
    OfflineError,
    UnknownModelError,
)
from stance.model_files import refuse_pickles

# Weights and vocabularies; what a pickle or a Python file holds never reaches the disk.
_PATTERNS = ["*.safetensors", "*.json", "*.txt", "*.model", "*.gguf", "*.jinja"]
_COMMIT = re.compile(r"[0-9a-f]{40}")
_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


def is_hub_id(name: str) -> bool:
    """Tell whether `name` has the form ``owner/name``."""
    return _ID.fullmatch(name) is not None


def find_cached(model: str, revision: str | None) -> Path | None:
    """Return the snapshot in the hub's own cache, None where there is none.

    Args:
        model: the hub id.
        revision: a commit, a branch or a tag; None means the main branch.
    """
    from huggingface_hub import snapshot_download

    try:
        found = snapshot_download(
            model, revision=revision, allow_patterns=_PATTERNS, local_files_only=True
        )
    except Exception:  # whatever the hub's library raises here, the model is not in its cache
        return None
    return Path(found)


def is_pinned(revision: str | None) -> bool:
    """Tell whether the revision is a full commit, which cannot move."""
    return revision is not None and _COMMIT.fullmatch(revision) is not None


def fetch(model: str, revision: str | None) -> Path:
    """Download a snapshot into the hub's own cache.

    Args:
        model: the hub id.
        revision: a commit, a branch or a tag; None means the main branch.

    Returns:
        The snapshot's folder, named after its commit.

    Raises:
        UnknownModelError: the hub has no such model or revision.
        UnsafeModelError: the model has pickled weights only.
        ModelFormatError: the model has several GGUF files to choose from.
        OfflineError: the hub could not be reached.
        DownloadError: the hub refused or failed.
    """
    from huggingface_hub import HfApi, snapshot_download

    with _mapped(model, revision), _quiet():
        listing = HfApi().model_info(model, revision=revision)
        names = [f.rfilename for f in listing.siblings or ()]
        refuse_pickles(f"hub model {model}", names)
        patterns = _patterns(model, names)
        # By the revision's name, not by its commit: the cache then knows the name offline, too.
        found = snapshot_download(model, revision=revision, allow_patterns=patterns)
    return Path(found)


def _patterns(model: str, names: list[str]) -> list[str]:
    """Choose one set of weights: repositories of GGUF files hold many sizes of the same model."""
    if any(name.endswith(".safetensors") for name in names):
        return [pattern for pattern in _PATTERNS if pattern != "*.gguf"]
    gguf = sorted(name for name in names if name.endswith(".gguf"))
    if len(gguf) > 1:
        raise ModelFormatError(
            f"hub model {model} has {len(gguf)} GGUF files; fetch one, for example with "
            f"'hf download {model} {gguf[0]}', and give its path"
        )
    return _PATTERNS


@contextmanager
def _mapped(model: str, revision: str | None) -> Iterator[None]:
    """Turn the errors of the hub's library into ours."""
    from huggingface_hub import errors

    where = f"hub model {model!r}" + (f" at revision {revision!r}" if revision else "")
    try:
        yield
    except ModelError:
        raise
    except errors.GatedRepoError as error:
        raise DownloadError(
            f"{where} asks for consent: accept its terms at its page, then set HF_TOKEN"
        ) from error
    except (
        errors.RepositoryNotFoundError,
        errors.RevisionNotFoundError,
        errors.HFValidationError,
    ) as error:
        raise UnknownModelError(
            f"{where} does not exist or is private, and no folder has this name; check the id and "
            "the revision, or set HF_TOKEN"
        ) from error
    except errors.HfHubHTTPError as error:
        raise DownloadError(f"the hub failed while giving {where}: {error}; try again") from error
    except Exception as error:
        # The HTTP library below the hub's has changed more than once, and so have its errors.
        raise OfflineError(
            f"{where} is needed and the hub cannot be reached ({type(error).__name__}: {error}); "
            "check the network, set HF_ENDPOINT to a mirror, or give a local folder"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the hub's progress bars for terminals."""
    import huggingface_hub

    # Typed as Any because the library does not declare which of these names it exports.
    bars: Any = huggingface_hub.utils
    if sys.stderr.isatty() or bars.are_progress_bars_disabled():
        yield
        return
    bars.disable_progress_bars()
    try:
        yield
    finally:
        bars.enable_progress_bars()
