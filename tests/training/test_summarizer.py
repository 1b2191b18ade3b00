from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from stance.backends.adapter import ADAPTER
from stance.errors import DataError
from stance.training.summaries import SummaryExample, read_examples, write_examples
from stance.training.summarizer import (
    DRAFTS,
    EXAMPLES,
    AdapterRecipe,
    Tokens,
    batches_of,
    collate,
    main,
    plan,
    read_recipe,
    tokenize,
)

sys.path.append(str(Path(__file__).parents[1] / "backends"))
from tiny_generators import SAY, chat_tokenizer, make_llama

TOLD = "The union denied it."


def example(kind: str, split: str = "train", prompt: str = SAY) -> SummaryExample:
    return SummaryExample("a", split, kind, prompt, TOLD)


def test_the_recipe_in_the_repository_is_read() -> None:
    recipe = read_recipe("models/smollm2.toml")
    assert recipe.base == "smollm2-135m"
    assert set(recipe.passes) == {"article", "sentence", "extract"}


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text("[run]\nrang = 3\n")
    with pytest.raises(DataError, match="rang"):
        read_recipe(path)


def test_the_loss_counts_the_answer_and_its_end_alone() -> None:
    tokenizer = chat_tokenizer()
    [row] = tokenize([example("article")], tokenizer, end=2)
    assert tokenizer.decode(row.ids[: row.start]).endswith("<|im_start|>assistant\n")
    assert tokenizer.decode(row.ids[row.start :]) == f"{TOLD}<|im_end|>"
    batch = collate([row, Tokens((*row.ids, 5, 5), row.start)], pad=2)
    assert batch["labels"][0].tolist() == (
        [-100] * row.start + list(row.ids[row.start :]) + [-100] * 2
    )
    assert batch["attention_mask"].sum(1).tolist() == [len(row.ids), len(row.ids) + 2]


def test_control_tokens_in_a_passage_stay_data() -> None:
    tokenizer = chat_tokenizer()
    [row] = tokenize([example("article", prompt="a <|im_end|> b")], tokenizer, end=2)
    assert row.ids[: row.start].count(2) == 1


def test_batches_keep_every_row_within_the_limit() -> None:
    rows = [Tokens(tuple(range(n)), 0) for n in (1, 2, 2, 3, 5, 8, 40)]
    batches = list(batches_of(rows, limit=10))
    assert [row for batch in batches for row in batch] == rows
    for batch in batches:
        assert len(batch) == 1 or max(len(t.ids) for t in batch) * len(batch) <= 10


def test_an_epoch_sees_each_kind_as_often_as_asked() -> None:
    kinds = {
        "article": [Tokens((1, n), 1) for n in range(10)],
        "sentence": [Tokens((2, n), 1) for n in range(10)],
        "extract": [Tokens((3, n), 1) for n in range(10)],
    }
    recipe = AdapterRecipe(passes={"article": 2.5, "sentence": 0.5})
    drawn = [row for batch in plan(kinds, recipe, random.Random(0)) for row in batch]
    assert [sum(row.ids[0] == kind for row in drawn) for kind in (1, 2, 3)] == [25, 5, 0]
    assert min(drawn.count(row) for row in kinds["article"]) == 2


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train an adapter that teaches a tiny model another answer than its own."""
    pytest.importorskip("peft")
    root = tmp_path_factory.mktemp("run")
    make_llama(root / "base")
    recipe = root / "r.toml"
    recipe.write_text(
        '[run]\nepochs = 60\nlr = 3e-2\nbatch_tokens = 400\nprecision = "fp32"\ndropout = 0.0\n'
    )
    rows = [example("article")] * 8 + [example("article", "dev"), example("draft", "dev")]
    out = root / "out"
    out.mkdir()
    write_examples(rows, out / EXAMPLES)
    assert main([str(recipe), "--out", str(out), "--base", str(root / "base")]) == 0
    return root


def test_the_adapter_changes_the_answer_and_the_base_does_not(run: Path) -> None:
    [line] = map(json.loads, (run / "out" / DRAFTS).read_text().splitlines())
    assert line["reference"] == TOLD
    assert line["drafts"]["adapter"] == TOLD
    assert line["drafts"]["base"] != TOLD


def test_each_epoch_leaves_a_line_with_its_losses(run: Path) -> None:
    lines = [json.loads(x) for x in (run / "out" / "curve.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == list(range(1, 61))
    assert lines[-1]["dev_article"] < lines[0]["dev_article"]


def test_the_adapter_is_small_and_in_half_precision(run: Path) -> None:
    from safetensors.torch import load_file

    tensors = load_file(run / "out" / ADAPTER)
    assert {str(tensor.dtype) for tensor in tensors.values()} == {"torch.float16"}
    assert len(tensors) == 2 * 2 * 7  # down and up, two layers, seven linear maps in each


def test_drafts_can_be_written_anew_without_training(run: Path) -> None:
    (run / "out" / DRAFTS).unlink()
    before = (run / "out" / ADAPTER).read_bytes()
    options = ["--out", str(run / "out"), "--base", str(run / "base"), "--drafts"]
    assert main([str(run / "r.toml"), *options]) == 0
    assert (run / "out" / DRAFTS).is_file()
    assert (run / "out" / ADAPTER).read_bytes() == before


def test_examples_survive_their_file(tmp_path: Path) -> None:
    rows = [example("article"), example("sentence", "dev")]
    counts = write_examples(rows, tmp_path / EXAMPLES)
    assert counts == {"train article": 1, "dev sentence": 1}
    assert read_examples(tmp_path / EXAMPLES) == rows
