"""Turn the word after `--model` into a system that suites can ask."""

from __future__ import annotations

from typing import Any

from eval.base import System
from eval.baselines import load_baseline
from eval.systems import AnalyzerSystem, Settings


def load_system(name: str, settings: Settings, *, seed: int = 0) -> System:
    """Load what `--model` names.

    Args:
        name: ``baseline:…``, ``published:…``, or whatever `stance.load` takes.
        settings: how to load and run it.
        seed: for baselines that are fitted.

    Returns:
        A system; what it can do shows in which protocols of `eval.base` it follows.

    Raises:
        OptionError: there is no such baseline.
        ModelError: there is no such model.
        MissingExtraError: the baseline needs a package that is not installed.
    """
    family, _, rest = name.partition(":")
    if family in ("baseline", "published"):
        return load_baseline(family, rest, settings, seed)
    from stance.api import load

    loader: Any = load
    analyzer = loader(
        name,
        device=settings.device,
        backend=settings.backend,
        revision=settings.revision,
        **({"generator": settings.generator} if settings.generator else {}),
    )
    return AnalyzerSystem(name, analyzer, settings)
