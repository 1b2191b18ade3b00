from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import stance

ROOT = Path(stance.__file__).parents[1]
# A new public name is a promise: it is added here by hand.
PUBLIC = """
    Analysis Analyzer Article Coverage Digest Evidence Failure FinetuneResult Holder ModelInfo
    Scores Span Stance StanceError Statement Summary SummarySentence Target __version__ analyze
    analyze_many attribute detect evaluate finetune load summarize verify
""".split()
HEAVY = {"torch", "transformers", "datasets", "rich", "trafilatura", "sklearn", "pandas"}


def loaded_by(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after `code`."""
    show = "import json, sys; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"], cwd=ROOT, capture_output=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_public_names_are_these() -> None:
    assert sorted(stance.__all__) == sorted(PUBLIC)
    assert sorted(dir(stance)) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(stance, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = stance.analyse  # type: ignore[attr-defined]


def test_import_loads_nothing_heavy() -> None:
    assert not loaded_by("import stance") & (HEAVY | {"numpy", "sentencex"})


def test_records_and_errors_load_nothing_heavy() -> None:
    assert not loaded_by("import stance; stance.Article; stance.StanceError") & (HEAVY | {"numpy"})


def test_the_verbs_load_no_model_library_before_they_are_called() -> None:
    assert not loaded_by("import stance; stance.analyze; stance.Analyzer; stance.load") & HEAVY


def test_import_leaves_the_interpreter_as_it_was() -> None:
    code = (
        "import logging, os, warnings\n"
        "before = (dict(os.environ), list(warnings.filters), logging.root.level,"
        " list(logging.root.handlers))\n"
        "import stance; stance.Article; stance.StanceError\n"
        "after = (dict(os.environ), list(warnings.filters), logging.root.level,"
        " list(logging.root.handlers))\n"
        "assert before == after, (before, after)"
    )
    loaded_by(code)


def test_a_module_never_hides_the_verb_of_its_name() -> None:
    code = "import stance.detect, stance.summarize, stance.verify, stance.evaluate, stance.pipeline"
    verbs = "stance.detect, stance.summarize, stance.verify, stance.evaluate"
    loaded_by(f"{code}\nfor verb in ({verbs}): assert type(verb).__name__ == 'function', verb")
