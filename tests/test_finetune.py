"""Fine-tune tiny models from labels to a folder that `stance.load` takes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stance
from stance.errors import DataError, OptionError, TrainingError
from stance.finetune import FinetuneResult

pytest.importorskip("transformers")
BODY = "The mill will close, the owner said.\n\nThe union denied that the mill will close."
SAID = {"favor": "praised and wants", "against": "denied and voted against", "neutral": "read of"}
QUICK: dict[str, Any] = {"epochs": 2, "batch": 8, "lr": 1e-3, "precision": "no", "device": "cpu"}


def rows(n: int = 36) -> list[dict[str, str]]:
    labels = list(SAID)
    return [
        {
            "text": f"The mayor of town {i} {SAID[labels[i % 3]]} the bridge.",
            "target": "the bridge",
            "label": labels[i % 3],
        }
        for i in range(n)
    ]


def gold(folder: Path, names: tuple[str, ...] = ("mill", "shop", "dock")) -> Path:
    """Write labelled articles that differ in one word."""
    for below in ("articles", "labels"):
        (folder / below).mkdir(parents=True)
    for name in names:
        body = BODY.replace("mill", name)
        salient = body.split("\n")[0]
        quotes = (f"The {name} will close, the owner said", f"denied that the {name} will close")
        stances = [
            {
                "holder": f"H{i + 1}",
                "target": "T1",
                "label": ("favor", "against")[i],
                "evidence": [{"text": q, "start": body.index(q), "end": body.index(q) + len(q)}],
            }
            for i, q in enumerate(quotes)
        ]
        labels = {
            "id": name,
            "summary": [f"The {name} will close."],
            "salient": [{"text": salient, "start": 0, "end": len(salient)}],
            "holders": [
                {"id": "H1", "name": "the owner", "kind": "person"},
                {"id": "H2", "name": "The union", "kind": "organization"},
            ],
            "targets": [{"id": "T1", "text": f"The {name} will close", "kind": "claim"}],
            "stances": stances,
        }
        text = f"About the {name}\n\n{body}\n"
        (folder / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
        (folder / "labels" / f"{name}.json").write_text(json.dumps(labels), encoding="utf-8")
    return folder


def tuned(data: Any, out: Path, base: Path, **more: Any) -> FinetuneResult:
    return stance.finetune(data, out, base=base, **{**QUICK, **more})


def numbers(result: FinetuneResult) -> dict[str, float]:
    return {m.name: m.after.value for m in result.measures}


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path
) -> tuple[FinetuneResult, Path]:
    """Make one unbroken run that many tests look at."""
    out = tmp_path_factory.mktemp("whole") / "out"
    return tuned(rows(), out, tiny_model), out


def same(result: FinetuneResult, out: Path, whole: tuple[FinetuneResult, Path]) -> bool:
    """Tell whether a run ended with the numbers and the weights of the unbroken one."""
    weights = [(folder / "model.safetensors").read_bytes() for folder in (out, whole[1])]
    return numbers(result) == numbers(whole[0]) and weights[0] == weights[1]


def test_labels_become_a_model_with_its_report(whole: tuple[FinetuneResult, Path]) -> None:
    result, out = whole
    assert result.path == str(out)
    assert (result.judged_on, result.judged) == ("dev", 9)
    assert result["macro_f1"].before is not None
    assert result["macro_f1"].after.low <= result["macro_f1"].after.value
    files = {p.name for p in out.iterdir()}
    assert {"model.safetensors", "tokenizer.json", "metrics.json", "curve.svg"} <= files
    assert {"README.md", "log.jsonl"} <= files
    assert list(out.parent.iterdir()) == [out]
    metrics = json.loads((out / "metrics.json").read_text("utf-8"))
    assert metrics["rows"] == {"train": 27, "dev": 9, "test": 0}
    assert "| macro_f1 |" in (out / "README.md").read_text("utf-8")
    assert (out / "curve.svg").read_text("utf-8").startswith("<svg")
    assert {"step", "loss"} <= set().union(*result.log)
    assert str(out.parent) not in (out / "README.md").read_text("utf-8")
    model = stance.load(out, generator=None, device="cpu")
    found = model.detect("The mayor praised the bridge.", "the bridge")
    assert abs(sum(found.scores[label] for label in ("favor", "against", "neutral")) - 1) < 1e-3
    model.analyze(f"About the mill\n\n{BODY}")


def test_the_same_seed_makes_the_same_model(
    tmp_path: Path, tiny_model: Path, whole: tuple[FinetuneResult, Path]
) -> None:
    told: list[dict[str, Any]] = []
    result = tuned(rows(), tmp_path / "out", tiny_model, on_log=told.append)
    assert same(result, tmp_path / "out", whole)
    assert {"step", "of", "loss", "seconds_left"} <= set().union(*told)


def test_a_dry_run_says_what_would_be_and_writes_nothing(tmp_path: Path, tiny_model: Path) -> None:
    result = tuned(rows(), tmp_path / "out", tiny_model, dry_run=True)
    assert result.path is None
    assert "train 27, dev 9" in result.text
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OptionError, match="made no model"):
        result.push("me/model")


def test_what_exists_is_never_overwritten_unasked(tmp_path: Path, tiny_model: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(OptionError, match="exists; give another --out, or --force"):
        tuned(rows(), out, tiny_model)
    assert (out / "mine.txt").read_text("utf-8") == "kept"
    tuned(rows(), out, tiny_model, epochs=1, force=True)
    assert not (out / "mine.txt").exists()
    assert (out / "model.safetensors").is_file()


def test_unknown_and_wrong_options_are_told(tmp_path: Path, tiny_model: Path) -> None:
    with pytest.raises(OptionError, match=r"unknown option 'epoch'; known: .*epochs"):
        stance.finetune(rows(), tmp_path / "o", base=tiny_model, epoch=3)
    with pytest.raises(OptionError, match="epochs=0 must be above 0"):
        stance.finetune(rows(), tmp_path / "o", base=tiny_model, epochs=0)
    with pytest.raises(OptionError, match="--data-dir"):
        stance.finetune(rows(), tmp_path / "o", base=tiny_model, replay=0.1)
    with pytest.raises(DataError, match="at least two labels"):
        stance.finetune(rows()[::3], tmp_path / "o", base=tiny_model)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("task", ["stance", "attribution", "salience"])
def test_three_gold_articles_teach_every_task(task: str, tmp_path: Path, tiny_model: Path) -> None:
    folder = gold(tmp_path / "gold")
    result = tuned(folder, tmp_path / "out", tiny_model, task=task, epochs=1)
    assert result.measures
    assert stance.load(tmp_path / "out", generator=None).analyze(BODY).article.text == BODY


def test_lora_and_entailment(tmp_path: Path, tiny_model: Path) -> None:
    words = {"favor": "entailment", "against": "contradiction", "neutral": "neutral"}
    data = [{**row, "label": words[row["label"]]} for row in rows()]
    result = tuned(data, tmp_path / "out", tiny_model, task="nli", lora=True, epochs=1)
    assert result["accuracy"].after.value >= 0
    assert (tmp_path / "out" / "model.safetensors").is_file()


def test_few_labels_are_judged_in_folds(tmp_path: Path, tiny_model: Path) -> None:
    result = tuned(rows(12), tmp_path / "out", tiny_model, few_shot=True)
    assert (result.judged_on, result.judged) == ("folds", 12)
    stance.load(tmp_path / "out", generator=None)


class _Stop(BaseException):
    """End a run at once."""


def test_an_interrupted_run_ends_as_an_unbroken_one(
    tmp_path: Path, tiny_model: Path, whole: tuple[FinetuneResult, Path]
) -> None:
    def stop(row: dict[str, Any]) -> None:
        if row["step"] >= 5:
            raise _Stop

    out = tmp_path / "out"
    with pytest.raises(_Stop):
        tuned(rows(), out, tiny_model, on_log=stop)
    assert not out.exists()
    with pytest.raises(OptionError, match=r"an unfinished run .* go on with --resume"):
        tuned(rows(), out, tiny_model)
    with pytest.raises(OptionError, match="was begun with lr"):
        tuned(rows(), out, tiny_model, resume=True, lr=2e-3)
    assert same(tuned(rows(), out, tiny_model, resume=True), out, whole)


KILLED = """
import json, os, signal, sys
import stance
def kill(row):
    if row["step"] >= 3:
        os.kill(os.getpid(), signal.SIGKILL)
rows, out, base, options = json.loads(sys.argv[1])
stance.finetune(rows, out, base=base, on_log=kill, **options)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills in other ways")
def test_a_killed_process_is_taken_up_again(
    tmp_path: Path, tiny_model: Path, whole: tuple[FinetuneResult, Path]
) -> None:
    out = tmp_path / "out"
    told = json.dumps([rows(), str(out), str(tiny_model), QUICK])
    done = subprocess.run([sys.executable, "-c", KILLED, told], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert not out.exists()
    assert same(tuned(rows(), out, tiny_model, resume=True), out, whole)
    assert list(tmp_path.iterdir()) == [out]


def test_a_loss_that_is_no_number_has_a_defined_end(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training.pair_task import PairTask

    forward = PairTask.forward
    calls = 0

    def broken(self: Any, *args: Any, **inputs: Any) -> Any:
        nonlocal calls
        calls += self.training
        found = forward(self, *args, **inputs)
        return {**found, "loss": found["loss"] * float("nan")} if calls > limit else found

    monkeypatch.setattr(PairTask, "forward", broken)
    limit = 0
    with pytest.raises(TrainingError, match=r"no number at step 1, .*lower --lr"):
        tuned(rows(), tmp_path / "out", tiny_model)
    assert list(tmp_path.iterdir()) == []
    calls, limit = 0, 5
    result = tuned(rows(), tmp_path / "out", tiny_model)
    assert "the best checkpoint before it is kept" in result.notes[-1]


def test_a_smaller_batch_is_tried_when_memory_runs_out(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training.pair_task import PairTask

    forward = PairTask.forward

    def narrow(self: Any, *args: Any, **inputs: Any) -> Any:
        if self.training and len(inputs["gold"]) > 4:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return forward(self, *args, **inputs)

    monkeypatch.setattr(PairTask, "forward", narrow)
    result = tuned(rows(), tmp_path / "out", tiny_model, epochs=1)
    assert "memory ran out with 8 rows at once; went on with 4" in result.notes
