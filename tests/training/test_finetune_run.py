"""Fine-tune tiny models from end to end."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import tiny_hubs
import torch
from safetensors.torch import load_file
from test_gold_data import write_gold
from tiny_data import write_data
from tiny_rows import BAD, GOOD, LEARN, made

import stance
from stance.backends.mini import MiniBackend
from stance.backends.opening import Tuned
from stance.errors import DataError, OptionError, TrainingError
from stance.finetune import FinetuneResult
from stance.training.bases import find_base
from stance.training.finetune import _together


@pytest.fixture(scope="module")
def tuned(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> FinetuneResult:
    out = tmp_path_factory.mktemp("tuned") / "model"
    return stance.finetune(made(), out, base=tiny_model, **LEARN)


def test_a_tuned_model_is_better_and_says_so(tuned: FinetuneResult) -> None:
    macro = tuned["macro_f1"]
    assert macro.before is not None
    assert macro.change is not None
    assert macro.after.value > 0.6 > macro.before.value
    assert macro.change.low > 0
    assert tuned.judged_on == "dev"
    assert "read it as hopeful" in tuned.text
    with pytest.raises(KeyError, match="'rouge' was not measured"):
        _ = tuned["rouge"]


def test_it_is_loaded_and_used_like_any_other(tuned: FinetuneResult) -> None:
    model = stance.load(tuned.path or "", device="cpu", generator=None)
    text = f"report 5: the mayor said the plan {GOOD}"
    assert model.detect(text, "the plan").scores.best == "favor"
    analysis = model.analyze(f"{text}. It rained again.", ["the plan"], summary="extract")
    assert analysis.models[0].digest


def test_whatever_it_was_not_tuned_for_is_as_before(
    tuned: FinetuneResult, tiny_model: Path
) -> None:
    new = stance.load(tuned.path or "", device="cpu", generator=None)
    old = stance.load(tiny_model, device="cpu", generator=None)
    pairs = [("the mayor said it", "it is safe")]
    assert (new.scorer.entail(pairs) == old.scorer.entail(pairs)).all()
    text = "The mayor said the bridge is safe. The council voted against it."
    assert new.attribute(text) == old.attribute(text)
    assert (new.encoder.embed([text]) == old.encoder.embed([text])).all()


def test_the_folder_is_whole(tuned: FinetuneResult, tiny_model: Path) -> None:
    folder = Path(tuned.path or "")
    assert {p.name for p in folder.iterdir()} == {
        "README.md", "base", "config.json", "curve.svg", "log.jsonl", "metrics.json",
        "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip
    numbers = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert numbers["measures"][0]["after"]["value"] == tuned["macro_f1"].after.value
    assert numbers["signature"]["base"]["digest"] == find_base(tiny_model).weights.digest
    card = (folder / "README.md").read_text("utf-8")
    assert "| train | 22 | 22 | 22 |" in card
    assert "forgetting was not measured: no general data was given" in card
    # Where things lay on this machine is nobody's business.
    for path in folder.rglob("*"):
        if path.suffix in (".json", ".md", ".jsonl", ".svg"):
            assert str(tiny_model.parent) not in path.read_text("utf-8"), path
    assert [p.name for p in folder.parent.iterdir()] == ["model"]


def test_the_same_seed_gives_the_same_model(
    tuned: FinetuneResult, tiny_model: Path, tmp_path: Path
) -> None:
    again = stance.finetune(made(), tmp_path / "m", base=tiny_model, **LEARN)
    assert again.measures == tuned.measures
    other = stance.finetune(made(), tmp_path / "n", base=tiny_model, seed=1, **LEARN)
    assert other.measures != tuned.measures


def test_a_dry_run_reads_everything_and_writes_nothing(tiny_model: Path, tmp_path: Path) -> None:
    rows = [*made(), {"text": "x", "target": "y", "label": "?"}]
    result = stance.finetune(rows, tmp_path / "m", base=tiny_model, dry_run=True, skip_bad=True)
    assert result.path is None
    assert "train 66, dev 24, test 0" in result.text
    assert "note: 1 bad rows were left out, the first: row 90" in result.text
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OptionError, match="nothing to push"):
        result.push("me/model")


def test_an_error_before_the_first_step_leaves_nothing_behind(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training import pair_run

    def fail(*_: object, **__: object) -> None:
        raise TrainingError("too bad")

    monkeypatch.setattr(pair_run, "train", fail)
    with pytest.raises(TrainingError, match="too bad"):
        stance.finetune(made(), tmp_path / "m", base=tiny_model, **LEARN)
    assert list(tmp_path.iterdir()) == []


def test_a_kill_after_training_is_taken_up(
    tuned: FinetuneResult, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training import pair_run

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pair_run, "save_tuned", die)
        with pytest.raises(KeyboardInterrupt):
            stance.finetune(made(), tmp_path / "m", base=tiny_model, **LEARN)
    assert not (tmp_path / "m").exists()
    again = stance.finetune(made(), tmp_path / "m", base=tiny_model, resume=True, **LEARN)
    assert again.measures == tuned.measures


def test_a_kill_after_the_last_move_is_taken_up(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training.run_folder import RunFolder

    quick = {**LEARN, "epochs": 1}

    def die(self: RunFolder) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "drop", die)
        with pytest.raises(KeyboardInterrupt):
            stance.finetune(made(), tmp_path / "m", base=tiny_model, **quick)
    assert (tmp_path / ".m.run").exists()
    again = stance.finetune(made(), tmp_path / "m", base=tiny_model, resume=True, **quick)
    assert [p.name for p in tmp_path.iterdir()] == ["m"]
    assert "this run was finished before" in again.text
    numbers = json.loads((tmp_path / "m" / "metrics.json").read_text("utf-8"))
    assert [m.to_dict() for m in again.measures] == numbers["measures"]
    assert again.log
    with pytest.raises(OptionError, match="exists"):
        stance.finetune(made(), tmp_path / "m", base=tiny_model, resume=True, **LEARN)


def test_a_disk_that_is_full_in_the_end_is_told(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training import pair_run

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pair_run, "save_tuned", full)
    with pytest.raises(TrainingError, match=r"is full .*; step \d+ is kept: free some space"):
        stance.finetune(made(), tmp_path / "m", base=tiny_model, **{**LEARN, "epochs": 1})
    assert not (tmp_path / "m").exists()


def test_too_small_a_disk_leaves_nothing_behind(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.training import finetune

    monkeypatch.setattr(finetune, "_bytes_of", lambda base: 10**18)
    with pytest.raises(TrainingError, match="MB left and the run needs about"):
        stance.finetune(made(), tmp_path / "m", base=tiny_model, **LEARN)
    assert list(tmp_path.iterdir()) == []


def test_tuning_twice_keeps_one_base(
    tuned: FinetuneResult, tiny_model: Path, tmp_path: Path
) -> None:
    quick = {**LEARN, "epochs": 1}
    again = stance.finetune(made(), tmp_path / "again", base=str(tuned.path), **quick)
    assert again["macro_f1"].before == tuned["macro_f1"].after
    assert not (Path(again.path or "") / "base" / "base").exists()
    rows = [{**r, "label": {"pro": "entailment"}.get(r["label"], "not_entailment")} for r in made()]
    other = stance.finetune(rows, tmp_path / "nli", base=str(again.path), task="nli", **quick)
    scorer = stance.load(other.path or "", device="cpu", generator=None).scorer
    assert isinstance(scorer, Tuned)
    assert isinstance(scorer.base, Tuned)
    assert scorer.tasks == ("nli",)


def test_two_labels_are_compared_with_each_other(tiny_model: Path, tmp_path: Path) -> None:
    rows = [r for r in made(120) if r["label"] != "neutral"]
    result = stance.finetune(rows, tmp_path / "m", base=tiny_model, **LEARN)
    assert result["macro_f1"].after.value > 0.7
    assert {m.name for m in result.measures} >= {"f1_favor", "f1_against"}


def test_lora_is_folded_into_plain_weights(tiny_model: Path, tmp_path: Path) -> None:
    pytest.importorskip("peft")
    result = stance.finetune(made(), tmp_path / "m", base=tiny_model, lora=True, **LEARN)
    assert result["macro_f1"].after.value > 0.5
    assert isinstance(stance.load(result.path or "", generator=None).scorer, Tuned)


@pytest.mark.usefixtures("mini_is_tiny")
@pytest.mark.parametrize("kind", ["lora", "trunk"])
def test_what_begins_at_random_begins_with_the_seed(
    kind: str, tiny_model: Path, tiny_trunk: Path, tmp_path: Path
) -> None:
    pytest.importorskip("peft")
    base = tiny_trunk if kind == "trunk" else tiny_model
    options = {**LEARN, "epochs": 1, "base": base, "lora": kind == "lora"}
    one, two = (
        weights(Path(stance.finetune(made(30), tmp_path / out, **options).path or ""))
        for out in ("one", "two")
    )
    assert all(torch.equal(one[name], two[name]) for name in one)


# ---------------------------------------------------------------------- trunks and hubs


@pytest.mark.usefixtures("mini_is_tiny")
def test_a_bare_trunk_gets_heads_of_its_own(tiny_trunk: Path, tmp_path: Path) -> None:
    result = stance.finetune(made(), tmp_path / "m", base=tiny_trunk, **LEARN)
    assert result["macro_f1"].before is None
    assert result["macro_f1"].after.value > 0.6
    scorer = stance.load(result.path or "", device="cpu", generator=None).scorer
    assert isinstance(scorer, Tuned)
    assert isinstance(scorer.tuned, MiniBackend)


@pytest.mark.parametrize("maker", ["deberta_nli", "roberta", "roberta_topics"])
@pytest.mark.usefixtures("mini_is_tiny")
def test_models_of_a_hub_go_through_the_same_call(maker: str, tmp_path: Path) -> None:
    if maker == "deberta_nli":
        pytest.importorskip("google.protobuf")
    base = getattr(tiny_hubs, maker)(tmp_path / maker)
    # With fewer epochs they tell only two of the three labels apart.
    learn = {**LEARN, "epochs": 60, "lr": 2e-3}
    result = stance.finetune(made(), tmp_path / "m", base=base, **learn)
    assert (result["macro_f1"].before is not None) == (maker == "deberta_nli")
    assert result["macro_f1"].after.value > 0.9
    model = stance.load(result.path or "", device="cpu", generator=None)
    text = f"report 8: the mayor said the plan {GOOD}"
    read = [f"report {n}: the mayor said the plan {GOOD if n % 2 else BAD}" for n in range(20)]
    found = model.detect(read, "the plan")
    right = [s.scores.best == ("favor" if n % 2 else "against") for n, s in enumerate(found)]
    assert all(right)
    assert model.analyze(f"{text}.", ["the plan"], summary=None).targets[0].text == "the plan"


def test_an_entailment_head_is_reused_for_stance(tmp_path: Path) -> None:
    pytest.importorskip("google.protobuf")
    from stance.training.bases import pair_model

    base = find_base(tiny_hubs.deberta_nli(tmp_path / "nli"))
    model = pair_model(base, "stance", ("favor", "against", "neutral"))
    assert model.config.id2label == {0: "against", 1: "neutral", 2: "favor"}
    fresh = pair_model(base, "stance", ("favor", "against", "neutral", "unrelated"))
    assert len(fresh.config.id2label) == 4


# ---------------------------------------------------------------------- articles


@pytest.mark.parametrize("task", ["stance", "attribution", "salience"])
def test_three_gold_articles_are_enough(task: str, tiny_model: Path, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold", "a", "b", "c")
    result = stance.finetune(
        gold, tmp_path / "m", base=tiny_model, task=task, epochs=2, device="cpu", precision="no"
    )
    assert result.measures
    model = stance.load(result.path or "", device="cpu", generator=None)
    assert isinstance(model.encoder, Tuned)
    assert model.encoder.tasks == (task,)
    assert model.analyze("The mayor said it is safe. It rained.", ["it"], summary="extract")


def test_articles_of_a_test_folder_judge(tiny_model: Path, tmp_path: Path) -> None:
    gold, test = (write_gold(tmp_path / n, *of) for n, of in (("g", "abc"), ("t", "de")))
    result = stance.finetune(
        gold, tmp_path / "m", base=tiny_model, task="salience", epochs=1, test=test, device="cpu"
    )
    assert (result.judged_on, result.judged) == ("test", 2)


def test_processes_wait_for_each_other_on_a_processor_too(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {}

    class State:
        def __init__(self, **options: Any) -> None:
            told.update(options)

        def wait_for_everyone(self) -> None:
            told["waited"] = True

    monkeypatch.setattr("stance.training.finetune.PartialState", State)
    _together("cpu")
    assert told["cpu"]
    assert told["waited"]
    # The measuring of one process may take longer than the half hour that the library allows.
    assert told["timeout"] > timedelta(hours=12)


def test_one_article_is_too_few(tiny_model: Path, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold", "a")
    with pytest.raises(DataError, match="at least two labelled articles"):
        stance.finetune(gold, tmp_path / "m", base=tiny_model, task="salience")
    with pytest.raises(DataError, match="only 1 groups"):
        stance.finetune(gold, tmp_path / "m", base=tiny_model)


# ---------------------------------------------------------------------- forgetting


def test_general_sets_are_measured_and_replayed(tiny_model: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    options = {**LEARN, "epochs": 1, "data_dir": str(data), "replay": 0.5}
    result = stance.finetune(made(), tmp_path / "m", base=tiny_model, **options)
    assert result.forgetting is not None
    assert {"dse", "newsmtsc"} <= {m.name for m in result.forgetting}
    assert "macro-F1 on the dev parts of general stance sets" in result.text
    with pytest.raises(OptionError, match="say where it lies: --data-dir"):
        stance.finetune(made(), tmp_path / "n", base=tiny_model, replay=0.5)


# ---------------------------------------------------------------------- processes


@pytest.fixture
def steady_model(tiny_model: Path, tmp_path: Path) -> Path:
    """Copy the tiny model without dropout in its trunk: mini has none there."""
    folder = tmp_path / "steady"
    shutil.copytree(tiny_model, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    for rate in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
        config["trunk"][rate] = 0.0
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("more", [[], ["--lora"]])
def test_two_processes_learn_as_one(more: list[str], steady_model: Path, tmp_path: Path) -> None:
    data = tmp_path / "rows.json"
    data.write_text(json.dumps(made()), "utf-8")
    command = ["-m", "stance", "finetune", str(data), "--base", str(steady_model), *more]
    for name, value in LEARN.items():
        command += [f"--{name}", str(value)]
    launcher = ["-m", "torch.distributed.run", "--nproc-per-node", "2"]
    for out, with_two in (("one", []), ("two", launcher)):
        done = subprocess.run(
            [sys.executable, *with_two, *command, "--out", str(tmp_path / out)],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        assert done.stdout.count("judged on") == 1
        assert not (tmp_path / f".{out}.run").exists()
    one, two = (measures(tmp_path / out) for out in ("one", "two"))
    assert two == pytest.approx(one, abs=1e-3)
    one, two = (weights(tmp_path / out) for out in ("one", "two"))
    assert all(torch.allclose(one[name], two[name], atol=1e-3) for name in one)
    base = weights(steady_model)
    assert not all(torch.allclose(one[name], base[name], atol=1e-3) for name in one)


def measures(folder: Path) -> dict[str, float]:
    numbers = json.loads((folder / "metrics.json").read_text("utf-8"))
    return {m["name"]: m["after"]["value"] for m in numbers["measures"]}


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return dict(load_file(folder / "model.safetensors"))


_KILLED = """
import json, os, signal, sys
import stance
from stance.training.tuner import _Tuner
old = _Tuner._save_optimizer_and_scheduler
def die(self, folder):
    if self.state.global_step >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    old(self, folder)
_Tuner._save_optimizer_and_scheduler = die
stance.finetune(json.load(open(sys.argv[1])), sys.argv[2], **json.loads(sys.argv[4]))
"""


@pytest.mark.slow
def test_a_run_killed_while_it_saves_ends_the_same(
    tuned: FinetuneResult, tiny_model: Path, tmp_path: Path
) -> None:
    data = tmp_path / "rows.json"
    data.write_text(json.dumps(made()), "utf-8")
    options = {**LEARN, "base": str(tiny_model), "resume": True}
    for step in ("4", "20"):
        code = [sys.executable, "-c", _KILLED, str(data), str(tmp_path / "m"), step]
        done = subprocess.run([*code, json.dumps(options)], check=False, capture_output=True)
        assert done.returncode == -9
    result = stance.finetune(made(), tmp_path / "m", **options)
    assert result.measures == tuned.measures
