"""Read the settings that concern model files from the environment, whenever they are asked for."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Return the folder that fetched models are kept in.

    Returns:
        ``$STANCE_HOME``, or ``stance`` in the user's cache folder.
    """
    from platformdirs import user_cache_path

    chosen = os.environ.get("STANCE_HOME")
    return Path(chosen).expanduser() if chosen else user_cache_path("stance", appauthor=False)


def is_set(variable: str) -> bool:
    """Tell whether an environment variable says yes."""
    return os.environ.get(variable, "").strip().casefold() in {"1", "true", "yes", "on"}
