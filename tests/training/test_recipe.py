from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from stance.backends.base import StancePair
from stance.backends.modeling import StanceModel
from stance.backends.quantize import load_model
from stance.errors import DataError
from stance.training.batches import Batch, task_of
from stance.training.examples import Example, PairExample
from stance.training.layout import Recipe, balance_fnc, load_examples, plan, read_recipe
from stance.training.recipe import Run, learning_rate, main, started

TOML = """
[run]
seed = 3
rounds = 2
batch_tokens = 700
window_batch_tokens = 300
trunk_dropout = 0.1
precision = "no"
checkpoint_every = 2

[passes]
newsmtsc = 0.5
mnli = 0.25
polnear = 0.2
salience = 0.2
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    path = tmp_path_factory.mktemp("recipe") / "tiny.toml"
    path.write_text(TOML, "utf-8")
    return read_recipe(path)


@pytest.fixture(scope="module")
def batches(recipe: Recipe, data: Path, tiny_trunk: Path) -> list[list[Example]]:
    return plan(load_examples(recipe, data, str(tiny_trunk)), recipe)


class Killed(Run):
    """Be a run that dies before its step number `at`."""

    at = 0

    def step(self, batch: Batch, factor: float) -> torch.Tensor:
        if self.at == 0:
            raise KeyboardInterrupt
        self.at -= 1
        return super().step(batch, factor)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_model(folder / "model").state_dict()


# ---------------------------------------------------------------------- recipe


def test_a_recipe_is_read_with_its_defaults(recipe: Recipe) -> None:
    assert (recipe.seed, recipe.rounds, recipe.precision) == (3, 2, "no")
    assert recipe.passes == {"newsmtsc": 0.5, "mnli": 0.25, "polnear": 0.2, "salience": 0.2}
    assert recipe.base == Recipe().base
    assert (recipe.limits.batch_tokens, recipe.limits.window_batch_tokens) == (700, 300)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("[run]\nsteps = 3\n", "utf-8")
    with pytest.raises(DataError, match=r"wrong\.toml.*'steps'.*rounds"):
        read_recipe(path)


def test_the_recipe_of_mini_is_one() -> None:
    path = Path(__file__).parents[2] / "models" / "mini.toml"
    assert read_recipe(path).passes


# ---------------------------------------------------------------------- plan


def test_the_plan_is_the_same_for_the_same_seed(
    recipe: Recipe, data: Path, tiny_trunk: Path, batches: list[list[Example]]
) -> None:
    pools = load_examples(recipe, data, str(tiny_trunk))
    assert plan(pools, recipe) == batches
    other = Recipe(seed=4, rounds=2, batch_tokens=700, passes=recipe.passes)
    assert plan(pools, other) != batches


def test_every_set_is_seen_as_often_as_asked(
    recipe: Recipe, data: Path, tiny_trunk: Path, batches: list[list[Example]]
) -> None:
    pools = load_examples(recipe, data, str(tiny_trunk))
    seen = Counter(task_of(e) for batch in batches for e in batch)
    for name, task in (("newsmtsc", "stance"), ("mnli", "nli"), ("polnear", "attribution")):
        wanted = len(pools[name]) * recipe.passes[name]
        assert abs(seen[task] - wanted) <= recipe.rounds
    assert all(batch for batch in batches)


def test_no_row_comes_twice_before_all_came_once() -> None:
    pool: list[Example] = [PairExample("nli", StancePair(str(n), "x"), (0,)) for n in range(10)]
    twice = Recipe(rounds=4, passes={"a": 2.0})
    counts = Counter(e.pair.text for b in plan({"a": pool}, twice) for e in b)  # type: ignore[union-attr]
    assert set(counts.values()) == {2}
    assert plan({"a": []}, twice) == []


def test_fnc_is_thinned_and_its_rarest_label_doubled() -> None:
    pair = StancePair("a", "b")
    examples = [PairExample("stance", pair, gold) for gold in ((), (0,), (1,), (2,))] * 400
    counts = Counter(e.gold for e in balance_fnc(examples, 1))
    assert counts[0,] == 400
    assert counts[1,] == 800
    assert 0 < counts[()] < counts[2,] < 400
    assert balance_fnc(examples, 1) == balance_fnc(examples, 1)


def test_the_rate_rises_and_falls() -> None:
    rates = [learning_rate(step, 100, 0.1) for step in range(100)]
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < min(rates) <= max(rates) == 1.0
    assert learning_rate(0, 1, 0.1) == 1.0


# ---------------------------------------------------------------------- start


def made(trunk: Path, folder: Path, seed: int) -> StanceModel:
    """Write a model as another run would have left it."""
    torch.manual_seed(seed)
    model = StanceModel.from_trunk(str(trunk), salience_size=12)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.01 * torch.randn_like(weight)
    model.save_pretrained(folder)
    return model


@pytest.mark.parametrize("goes_on", [False, True])
@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_a_run_starts_with_its_own_dropout(
    goes_on: bool, rate: float, tiny_trunk: Path, tmp_path: Path
) -> None:
    made(tiny_trunk, tmp_path, 1)
    start = (str(tmp_path),) if goes_on else ()
    model = started(Recipe(trunk_dropout=rate, start=start), str(tiny_trunk))
    drops = [m for m in model.trunk.modules() if isinstance(m, torch.nn.Dropout)]
    assert {(drop.p, drop.training) for drop in drops} == {(rate, True)}
    ids = torch.arange(5, 25)[None]
    once, again = (model.states(ids, torch.ones_like(ids)) for _ in range(2))
    assert torch.equal(once, again) is (rate == 0.0)
    assert all(module.training for module in model.modules())


def test_a_run_trains_what_it_goes_on_from(tiny_trunk: Path, tmp_path: Path) -> None:
    before = made(tiny_trunk, tmp_path / "one", 1)
    recipe = Recipe(start=(str(tmp_path / "one"),), trunk_dropout=0.4, precision="no")
    run = Run(recipe, str(tiny_trunk), tmp_path)
    assert all(module.training for module in run.model.modules())
    own = run.model.state_dict()
    assert all(torch.equal(own[name], weight) for name, weight in before.state_dict().items())


def test_of_several_models_the_trunk_is_the_mean_and_the_heads_the_last(
    tiny_trunk: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    models = [made(tiny_trunk, folder, seed).state_dict() for seed, folder in enumerate(folders)]
    recipe = Recipe(start=tuple(map(str, folders)))
    for name, weight in started(recipe, str(tiny_trunk)).state_dict().items():
        mean = sum(model[name] for model in models) / 3
        wanted = mean if name.startswith("trunk.") else models[-1][name]
        assert torch.allclose(weight, wanted, atol=1e-6), name


@pytest.mark.parametrize(
    ("line", "folders"), [("'a'", ("a",)), ("['a', 'b']", ("a", "b")), ("''", ()), (None, ())]
)
def test_a_recipe_names_one_start_or_several(
    line: str | None, folders: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[run]\n" + (f"start = {line}\n" if line else ""), "utf-8")
    assert read_recipe(path).start == folders


def test_a_run_may_stop_before_the_end_of_its_plan(
    recipe: Recipe, batches: list[list[Example]], tiny_trunk: Path, tmp_path: Path
) -> None:
    taken: list[float] = []

    class Watched(Run):
        def step(self, batch: Batch, factor: float) -> torch.Tensor:
            taken.append(factor)
            return torch.tensor(0.0)

    halved = replace(recipe, stop=0.5, checkpoint_every=100)
    Watched(halved, str(tiny_trunk), tmp_path).train(batches[:6])
    assert taken == [learning_rate(step, 6, recipe.warmup) for step in range(3)]
    assert isinstance(load_model(tmp_path / "model"), StanceModel)


# ---------------------------------------------------------------------- run


def test_a_run_that_is_killed_and_taken_up_ends_as_one_that_is_not(
    recipe: Recipe, batches: list[list[Example]], tiny_trunk: Path, tmp_path: Path
) -> None:
    steps = batches[:7]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        folder.mkdir()
    Run(recipe, str(tiny_trunk), whole).train(steps)

    for life in (3, 2):
        run = Killed(recipe, str(tiny_trunk), broken)
        run.at = life
        with pytest.raises(KeyboardInterrupt):
            run.train(steps)
    Run(recipe, str(tiny_trunk), broken).train(steps)

    start, end, taken_up = StanceModel.from_trunk(str(tiny_trunk)), weights(whole), weights(broken)
    assert {task_of(batch[0]) for batch in steps} >= {"stance", "attribution"}
    for name, weight in end.items():
        # A lost random state moves weights by 1e-3; where they lie in memory, by their last bits.
        assert torch.allclose(weight, taken_up[name], rtol=0, atol=2e-5), name
    moved = [n for n, w in start.trunk.named_parameters() if not torch.equal(w, end[f"trunk.{n}"])]
    assert moved


def test_a_finished_run_is_left_as_it_is(
    recipe: Recipe, batches: list[list[Example]], tiny_trunk: Path, tmp_path: Path
) -> None:
    Run(recipe, str(tiny_trunk), tmp_path).train(batches[:2])
    before = weights(tmp_path)
    run = Killed(recipe, str(tiny_trunk), tmp_path)
    run.train(batches[:2])
    assert all(torch.equal(before[name], weight) for name, weight in weights(tmp_path).items())


def test_heads_and_trunk_have_their_own_rates_and_decay(
    recipe: Recipe, tiny_trunk: Path, tmp_path: Path
) -> None:
    run = Run(recipe, str(tiny_trunk), tmp_path)
    groups = run.optimizer.param_groups
    assert {(g["base_lr"], g["weight_decay"]) for g in groups} == {
        (rate, decay)
        for rate in (recipe.trunk_lr, recipe.head_lr)
        for decay in (0.0, recipe.weight_decay)
    }
    assert sum(len(g["params"]) for g in groups) == len(list(run.model.parameters()))


def test_one_command_trains_a_model_that_loads(
    data: Path, tiny_trunk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "tiny.toml", tmp_path / "run"
    longer = {
        "newsmtsc = 0.5": "newsmtsc = 3",
        "mnli = 0.25": "mnli = 3",
        "every = 2": "every = 50",
    }
    text = TOML
    for old, new in longer.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    arguments = [str(path), "--out", str(out), "--data-dir", str(data), "--base", str(tiny_trunk)]
    assert main(arguments) == 0
    assert isinstance(load_model(out / "model"), StanceModel)
    curve = [json.loads(line) for line in (out / "curve.jsonl").read_text("utf-8").splitlines()]
    assert [row["step"] for row in curve] == list(range(25, curve[-1]["step"] + 1, 25))
    assert {"stance", "nli"} <= set(curve[-1])
    assert capsys.readouterr().out.count("minutes_left") == len(curve) > 0
