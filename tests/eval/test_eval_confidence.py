from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from eval_toys import write_gold
from hypothesis import given
from hypothesis import strategies as st

from eval import confidence
from eval.__main__ import main
from eval.confidence import FLOORS, Sample, f1, fit, sample
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.errors import DataError
from stance.gold import GoldHolder, GoldStance, load_gold
from stance.line import Line
from stance.records import Label, ModelInfo
from stance.sureness import Sureness, Traits
from stance.weighing import Thresholds

NAMES = [f.name for f in fields(Traits)]
PLACE = NAMES.index("near")


def made(strength: float, count: int = 600, shift: float = 0.0) -> Sample:
    """Draw stances of which one trait alone tells whether they are right."""
    rng = np.random.default_rng(7)
    traits = rng.normal(size=(count, len(NAMES)))
    right = (rng.random(count) < 1 / (1 + np.exp(shift - strength * traits[:, PLACE]))).astype(
        float
    )
    return Sample(traits, right, rng.integers(0, 40, count), int(right.sum()) + 50)


# ---------------------------------------------------------------------- fit


@pytest.mark.parametrize("strength", [3.0, -3.0])
def test_the_trait_that_tells_right_from_wrong_is_found(strength: float) -> None:
    found = made(strength)
    weights = dict(zip(NAMES, fit(found).weights.row, strict=True))
    told = weights.pop("near")
    assert told * strength > 1
    assert abs(told) > 4 * max(abs(weight) for weight in weights.values())


def test_chances_are_those_of_being_right() -> None:
    found = made(2.5, shift=1.0)
    sureness = fit(found)
    chances = np.array([sureness.chance(Traits(*row)) for row in found.traits])
    assert chances.mean() == pytest.approx(found.right.mean(), abs=0.03)
    for low, high in ((0.0, 0.2), (0.2, 0.6), (0.6, 1.0)):
        part = (chances >= low) & (chances < high)
        assert found.right[part].mean() == pytest.approx(chances[part].mean(), abs=0.1)


@pytest.mark.parametrize("shift", [-1.0, 0.0, 2.0])
def test_the_floor_is_one_of_those_tried(shift: float) -> None:
    floor = fit(made(2.0, shift=shift)).floor
    assert FLOORS[0] <= floor <= FLOORS[-1] + 1e-9
    assert round(floor, 2) == floor
    assert type(floor) is float


@pytest.mark.parametrize("strength", [1.0, 3.0])
def test_the_floor_drops_what_is_mostly_wrong(strength: float) -> None:
    found = made(strength, shift=2.0)
    sureness = fit(found)
    chances = np.array([sureness.chance(Traits(*row)) for row in found.traits])
    kept = chances >= sureness.floor
    assert 0 < kept.sum() < len(kept)
    assert f1(found, kept) > f1(found, np.ones(len(kept), dtype=bool)) + 0.02
    assert f1(found, kept) > max(f1(found, chances >= floor) for floor in FLOORS) - 0.02


def test_the_same_sample_gives_the_same_fit() -> None:
    assert fit(made(2.0)) == fit(made(2.0))


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_without_right_and_wrong_there_is_nothing_to_fit(right: float) -> None:
    found = made(2.0, 40)
    with pytest.raises(
        DataError, match=rf"of 40 stances in \d+ articles {40 * right:.0f} are right"
    ):
        fit(replace(found, right=np.full(40, right)))
    alone = replace(found, right=(found.article == found.article[0]).astype(float))
    with pytest.raises(DataError, match="take a better model"):
        fit(alone)


def test_f1_counts_what_is_kept_and_what_is_missed() -> None:
    found = Sample(np.zeros((4, 1)), np.array([1.0, 1.0, 0.0, 0.0]), np.arange(4), 6)
    assert f1(found, np.array([True, True, False, False])) == pytest.approx(4 / 8)
    assert f1(found, np.array([True, True, True, True])) == pytest.approx(4 / 10)
    assert f1(found, np.zeros(4, dtype=bool)) == 0.0
    assert (
        f1(Sample(np.zeros((0, 1)), np.zeros(0), np.zeros(0, np.int64), 0), np.zeros(0, bool)) == 0
    )


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20), st.integers(0, 20))
def test_f1_is_a_share(rows: list[tuple[bool, bool]], missed: int) -> None:
    right = np.array([r for r, _ in rows], dtype=np.float64)
    kept = np.array([k for _, k in rows], dtype=bool)
    found = Sample(
        np.zeros((len(rows), 1)),
        right,
        np.zeros(len(rows), np.int64),
        missed + sum(r for r, _ in rows),
    )
    assert 0.0 <= f1(found, kept) <= 1.0


# ---------------------------------------------------------------------- sample


def line() -> Line:
    return Line(FakeEncoder(1 << 12), FakeScorer(), ModelInfo("fake"))


SPOKEN = (
    "Ann Roe said the mill will close. Bo Lund said the mill will not close. It rained. "
    "Cy Moor said the mill will close. Di Hart said the mill will close."
)


def test_every_stance_found_is_held_against_the_labels(tmp_path: Path) -> None:
    (gold,) = load_gold(write_gold(tmp_path, ("one",)))
    holders = tuple(
        GoldHolder(f"H{n}", name, "person")
        for n, name in enumerate(("Ann Roe", "Bo Lund", "Cy Moor"))
    )
    rows: tuple[tuple[str, Label], ...] = (
        ("H0", "favor"),
        ("H1", "against"),
        ("H2", "against"),
        ("H2", "neutral"),
    )
    labelled = replace(
        gold,
        article=replace(gold.article, text=SPOKEN),
        holders=holders,
        stances=tuple(GoldStance(holder, "T1", label) for holder, label in rows),
    )
    found = sample(line(), [gold, labelled], Thresholds())
    assert found.article.tolist() == [0, 1, 1, 1, 1]
    # Cy Moor is labelled otherwise, Di Hart not at all.
    assert found.right.tolist() == [1.0, 1.0, 1.0, 0.0, 0.0]
    assert found.rows == 2 + 4
    assert found.traits[:, NAMES.index("person")].tolist() == [1.0] * 5
    assert found.traits[:, NAMES.index("label")] == pytest.approx(np.full(5, 0.9), abs=0.01)


def test_the_floor_of_the_line_is_not_used(tmp_path: Path) -> None:
    golds = load_gold(write_gold(tmp_path))
    low, high = (sample(line(), golds, Thresholds(floor=floor)) for floor in (0.0, 1.0))
    assert len(low.right) > 0
    assert np.array_equal(low.traits, high.traits)
    assert np.array_equal(low.right, high.right)


def test_a_line_that_finds_nothing_gives_an_empty_sample(tmp_path: Path) -> None:
    found = sample(line(), load_gold(write_gold(tmp_path)), Thresholds(related=2.0, acts=2.0))
    assert found.traits.shape == (0, len(NAMES))
    assert found.rows == 6
    with pytest.raises(DataError, match="of 0 stances in 0 articles"):
        fit(found)


# ---------------------------------------------------------------------- the command


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write labelled articles in which Ann Roe is for it in every other one."""
    folder = write_gold(tmp_path / "seeds", [f"article-{n}" for n in range(8)])
    for number, path in enumerate(sorted((folder / "labels").glob("*.json"))):
        data = json.loads(path.read_text("utf-8"))
        data["split"] = "dev"
        data["stances"][0]["label"] = ("favor", "against")[number % 2]
        path.write_text(json.dumps(data), "utf-8")
    monkeypatch.setattr(confidence, "ROOT", tmp_path)
    return folder


@pytest.fixture
def yes_sayer(tiny_model: Path, tmp_path: Path) -> Path:
    """Make a tiny model that finds everybody in favor of everything."""
    import torch

    from stance.backends.inputs import load_tokenizer
    from stance.backends.quantize import load_model

    model = load_model(tiny_model)
    (*_, last) = [m for m in model.stance_head.modules() if isinstance(m, torch.nn.Linear)]
    with torch.no_grad():
        last.bias.copy_(torch.tensor([4.0, 0.0, 0.0, 8.0]))
    model.config.calibration = {"temperature": {"nli": {"all": 1.5}}, "support": {"bias": 0.25}}
    folder = tmp_path / "yes"
    model.save_pretrained(folder)
    load_tokenizer(tiny_model).save_pretrained(folder)
    return folder


@pytest.mark.usefixtures("seeds")
def test_the_command_prints_the_fit_and_leaves_the_model(
    yes_sayer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (yes_sayer / "config.json").read_bytes()
    assert main(["confidence", "--model", str(yes_sayer)]) == 0
    head, _, printed = capsys.readouterr().out.partition("\n")
    assert head.endswith("16 gold rows")
    assert isinstance(Sureness.from_dict(json.loads(printed)), Sureness)
    assert (yes_sayer / "config.json").read_bytes() == before


@pytest.mark.usefixtures("seeds")
def test_write_keeps_the_rest_of_the_calibration(
    yes_sayer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from stance.pipeline import load

    path = yes_sayer / "config.json"
    before = json.loads(path.read_text("utf-8"))
    assert load(str(yes_sayer)).sureness is None
    assert main(["confidence", "--model", str(yes_sayer), "--write"]) == 0
    printed = json.loads(capsys.readouterr().out.partition("\n")[2])
    after = json.loads(path.read_text("utf-8"))
    assert after["calibration"].pop("stances") == printed
    assert after == before
    assert load(str(yes_sayer)).sureness == Sureness.from_dict(printed)


@pytest.mark.usefixtures("seeds")
def test_a_second_fit_is_that_of_the_first(yes_sayer: Path) -> None:
    main(["confidence", "--model", str(yes_sayer), "--write"])
    first = (yes_sayer / "config.json").read_bytes()
    main(["confidence", "--model", str(yes_sayer), "--write"])
    assert (yes_sayer / "config.json").read_bytes() == first


@pytest.mark.usefixtures("seeds")
def test_a_tuned_model_has_its_fit_beside_what_it_was_tuned_for(
    yes_sayer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from stance.pipeline import load

    tuned = tmp_path / "tuned"
    shutil.copytree(yes_sayer, tuned)
    shutil.copytree(yes_sayer, tuned / "base")
    main(["confidence", "--model", str(tuned / "base"), "--write"])
    config = json.loads((tuned / "config.json").read_text("utf-8"))
    config["stance_tuned"] = {"task": "stance"}
    del config["calibration"]
    (tuned / "config.json").write_text(json.dumps(config), "utf-8")
    assert load(str(tuned)).sureness is None
    capsys.readouterr()
    assert main(["confidence", "--model", str(tuned), "--write"]) == 0
    printed = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert load(str(tuned)).sureness == Sureness.from_dict(printed)
    kept = json.loads((tuned / "config.json").read_text("utf-8"))["stance_tuned"]
    assert kept == {"task": "stance", "stances": printed}


def test_what_is_no_model_folder_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["confidence", "--model", str(tmp_path / "mini")]) == 2
    assert "is no folder of a model: it has no config.json" in capsys.readouterr().err


@pytest.mark.usefixtures("seeds")
def test_a_model_that_finds_nothing_is_told_of(
    tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["confidence", "--model", str(tiny_model), "--write"]) == 2
    assert "are right; a fit needs right and wrong ones" in capsys.readouterr().err
    assert "stances" not in (tiny_model / "config.json").read_text("utf-8")
