"""Read a news article: what does it say, and who stands where?

>>> import stance
>>> analysis = stance.analyze(open("article.txt").read())
>>> analysis.summary.text, analysis.by_target()

Everything here is found when it is first used, so that ``import stance`` loads no model library.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.api import (
        analyze,
        analyze_many,
        attribute,
        detect,
        load,
        summarize,
        verify,
    )
    from stance.errors import StanceError
    from stance.evaluate import evaluate
    from stance.finetune import FinetuneResult, finetune
    from stance.pipeline import Analyzer
    from stance.records import (
        Analysis,
        Article,
        Coverage,
        Digest,
        Evidence,
        Failure,
        Holder,
        ModelInfo,
        Scores,
        Span,
        Stance,
        Statement,
        Summary,
        SummarySentence,
        Target,
    )

__version__ = "0.1.0"

_HOME = {
    **dict.fromkeys(
        ("analyze", "analyze_many", "attribute", "detect", "load", "summarize", "verify"),
        "stance.api",
    ),
    **dict.fromkeys(
        (
            "Analysis",
            "Article",
            "Coverage",
            "Digest",
            "Evidence",
            "Failure",
            "Holder",
            "ModelInfo",
            "Scores",
            "Span",
            "Stance",
            "Statement",
            "Summary",
            "SummarySentence",
            "Target",
        ),
        "stance.records",
    ),
    "Analyzer": "stance.pipeline",
    "StanceError": "stance.errors",
    "FinetuneResult": "stance.finetune",
    "evaluate": "stance.evaluate",
    "finetune": "stance.finetune",
}

__all__ = [
    "Analysis",
    "Analyzer",
    "Article",
    "Coverage",
    "Digest",
    "Evidence",
    "Failure",
    "FinetuneResult",
    "Holder",
    "ModelInfo",
    "Scores",
    "Span",
    "Stance",
    "StanceError",
    "Statement",
    "Summary",
    "SummarySentence",
    "Target",
    "__version__",
    "analyze",
    "analyze_many",
    "attribute",
    "detect",
    "evaluate",
    "finetune",
    "load",
    "summarize",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'stance' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """Keep the verbs where they are when a module of the same name is imported.

    Importing `stance.detect` would set ``stance.detect`` to that module; it is the verb.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (isinstance(value, ModuleType) and name in _HOME):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
