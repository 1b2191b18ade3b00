"""Teach a chat model to summarize news: a LoRA adapter (Hu et al. 2021) over all linear layers.

::

    python -m stance.training.summarizer models/smollm2.toml --out runs/smol --prepare
    python -m stance.training.summarizer models/smollm2.toml --out runs/smol
    python -m stance.training.summarizer models/smollm2.toml --out runs/smol --score

The first command makes prompts and summaries out of the data (it needs `mini`), the second trains
on them and writes drafts for the dev documents with and without the adapter, the third scores the
drafts. They can run on different machines; only `OUT` has to travel, and the base.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import set_seed
from transformers import AutoModelForCausalLM, AutoTokenizer

from stance.backends.adapter import ADAPTER, merge_adapter, save_adapter
from stance.backends.convert import converted
from stance.backends.generate import ChatGenerator, chat_prompt
from stance.backends.loading import load_pretrained, pick_device, quiet
from stance.backends.mini import MiniBackend
from stance.records import ModelInfo
from stance.training.drafts import Readers, score
from stance.training.layout import read_settings
from stance.training.recipe import learning_rate
from stance.training.sets import find_data
from stance.training.summaries import (
    DRAFT,
    SummaryExample,
    prepare,
    read_examples,
    write_examples,
)
from stance.verify import SupportModel
from stance.weights import resolve

EXAMPLES, DRAFTS = "examples.jsonl.gz", "drafts.jsonl"
# What the loss leaves out.
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class AdapterRecipe:
    """Hold what a run depends on; `passes` says how often an epoch sees each kind of example."""

    base: str = "smollm2-135m"
    seed: int = 20
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    epochs: int = 3
    lr: float = 4e-4
    warmup: float = 0.06
    clip: float = 1.0
    batch_tokens: int = 16384
    precision: str = "bf16"
    passes: dict[str, float] = field(
        default_factory=lambda: {"article": 1.0, "sentence": 0.5, "extract": 0.3}
    )


@dataclass(frozen=True, slots=True)
class Tokens:
    """Hold one example as token ids; the loss counts those from `start` on."""

    ids: tuple[int, ...]
    start: int


def read_recipe(path: str | Path) -> AdapterRecipe:
    """Read a recipe file.

    Raises:
        DataError: the file has a key that no recipe has.
    """
    return AdapterRecipe(**read_settings(path, [f.name for f in fields(AdapterRecipe)]))


def tokenize(examples: Sequence[SummaryExample], tokenizer: Any, end: int) -> list[Tokens]:
    """Turn prompts and summaries into ids, cut apart where the answer begins, as at use."""
    asked = [chat_prompt(tokenizer, example.prompt) for example in examples]
    prompts = tokenizer(asked, add_special_tokens=not tokenizer.chat_template)["input_ids"]
    answers = tokenizer([e.summary for e in examples], add_special_tokens=False)["input_ids"]
    return [
        Tokens((*prompt, *answer, end), len(prompt))
        for prompt, answer in zip(prompts, answers, strict=True)
    ]


def plan(
    kinds: dict[str, list[Tokens]], recipe: AdapterRecipe, rng: random.Random
) -> list[list[Tokens]]:
    """Lay out the batches of one epoch: rows of like length together, batches in any order."""
    drawn: list[Tokens] = []
    for kind, rows in sorted(kinds.items()):
        share = recipe.passes.get(kind, 0.0)
        whole, part = divmod(round(len(rows) * share), max(1, len(rows)))
        drawn += [*rows * whole, *rng.sample(rows, part)]
    rng.shuffle(drawn)
    batches = list(batches_of(sorted(drawn, key=lambda t: len(t.ids)), recipe.batch_tokens))
    rng.shuffle(batches)
    return batches


def batches_of(rows: Sequence[Tokens], limit: int) -> Iterator[list[Tokens]]:
    """Cut rows into batches of at most `limit` tokens with their padding, at least one row each."""
    batch: list[Tokens] = []
    for row in rows:
        widest = max(len(row.ids), *(len(t.ids) for t in batch), 1)
        if batch and widest * (len(batch) + 1) > limit:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def collate(rows: Sequence[Tokens], pad: int) -> dict[str, torch.Tensor]:
    """Pad rows on the right; the labels are the ids of the summaries alone."""
    size = max(len(row.ids) for row in rows)
    gaps = [size - len(row.ids) for row in rows]
    pairs = list(zip(rows, gaps, strict=True))
    labels = [
        [_IGNORED] * row.start + list(row.ids[row.start :]) + [_IGNORED] * g for row, g in pairs
    ]
    return {
        "input_ids": torch.tensor([[*row.ids, *[pad] * gap] for row, gap in pairs]),
        "attention_mask": torch.tensor([[1] * len(row.ids) + [0] * gap for row, gap in pairs]),
        "labels": torch.tensor(labels),
    }


class AdapterRun:
    """Hold the state of one training run.

    Args:
        recipe: what to do.
        folder: the base, as safetensors.
        out: where the adapter and the curve go.
    """

    def __init__(self, recipe: AdapterRecipe, folder: Path, out: Path) -> None:
        from peft import LoraConfig, get_peft_model

        set_seed(recipe.seed)
        self.recipe, self.out, self.device = recipe, out, pick_device()
        self.tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        with quiet():
            base: Any = AutoModelForCausalLM.from_pretrained(
                str(folder), dtype=torch.float32, local_files_only=True
            )
        end = base.generation_config.eos_token_id
        self.end = int(end[0] if isinstance(end, list) else end)
        config = LoraConfig(
            r=recipe.rank,
            lora_alpha=recipe.alpha,
            lora_dropout=recipe.dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        self.model: Any = get_peft_model(base, config).to(self.device)
        adapted = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(adapted, lr=recipe.lr, weight_decay=0.0)

    def loss(self, rows: Sequence[Tokens]) -> torch.Tensor:
        """Return the mean loss of a batch over the tokens of its summaries."""
        batch = {k: v.to(self.device) for k, v in collate(rows, self.end).items()}
        half = self.recipe.precision == "bf16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            out: torch.Tensor = self.model(**batch).loss
        return out

    def train(self, train: dict[str, list[Tokens]], dev: dict[str, list[Tokens]]) -> None:
        """Run all epochs; keep the adapter of the epoch with the least dev loss on articles."""
        epochs = [
            plan(train, self.recipe, random.Random(self.recipe.seed + number))
            for number in range(self.recipe.epochs)
        ]
        total, done, least = sum(map(len, epochs)), 0, float("inf")
        for epoch, batches in enumerate(epochs, 1):
            started, losses = time.monotonic(), []
            for rows in batches:
                losses.append(self.step(rows, learning_rate(done, total, self.recipe.warmup)))
                done += 1
            measured = {f"dev_{kind}": self.measure(rows) for kind, rows in sorted(dev.items())}
            pace = (time.monotonic() - started) / max(1, len(batches))
            mean = sum(losses) / max(1, len(losses))
            self.log({"epoch": epoch, "steps": done, "s_per_step": pace, "loss": mean, **measured})
            if measured.get("dev_article", mean) < least:
                least = measured.get("dev_article", mean)
                self.save()

    def step(self, rows: Sequence[Tokens], factor: float) -> float:
        """Take one optimizer step; return the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.lr * factor
        self.model.train()
        loss = self.loss(rows)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return float(loss.detach())

    @torch.no_grad()
    def measure(self, rows: Sequence[Tokens]) -> float:
        """Return the mean loss over the summary tokens of held-out rows."""
        self.model.eval()
        lost, count = 0.0, 0
        for batch in batches_of(sorted(rows, key=lambda t: len(t.ids)), self.recipe.batch_tokens):
            size = sum(len(row.ids) - row.start for row in batch)
            lost += float(self.loss(batch)) * size
            count += size
        return lost / max(1, count)

    def log(self, row: dict[str, float]) -> None:
        """Add a line to ``curve.jsonl`` and print it."""
        line = json.dumps({key: round(value, 4) for key, value in row.items()})
        with (self.out / "curve.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def save(self) -> None:
        """Write the adapter as it stands."""
        from peft import get_peft_model_state_dict

        tensors = get_peft_model_state_dict(self.model)
        save_adapter(tensors, self.out / ADAPTER, rank=self.recipe.rank, alpha=self.recipe.alpha)


def train(recipe: AdapterRecipe, folder: Path, out: Path) -> None:
    """Train on the prepared examples in `out`."""
    run = AdapterRun(recipe, folder, out)
    split: dict[str, dict[str, list[SummaryExample]]] = {"train": {}, "dev": {}}
    for example in read_examples(out / EXAMPLES):
        if example.kind != "draft":
            split[example.split].setdefault(example.kind, []).append(example)
    ids = {
        part: {kind: tokenize(rows, run.tokenizer, run.end) for kind, rows in kinds.items()}
        for part, kinds in split.items()
    }
    run.train(ids["train"], ids["dev"])


def write_drafts(folder: Path, out: Path) -> None:
    """Write what the base, alone and with its adapter, says of each dev document."""
    rows = [e for e in read_examples(out / EXAMPLES) if e.kind == "draft"]
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    said: dict[str, list[str]] = {}
    for name in ("base", "adapter"):
        model = load_pretrained(AutoModelForCausalLM, folder, pick_device()).float()
        if name == "adapter":
            merge_adapter(model, out / ADAPTER)
        writer = ChatGenerator(model, tokenizer, ModelInfo(name))
        said[name] = writer.generate([r.prompt for r in rows], max_tokens=DRAFT.max_tokens)
    with (out / DRAFTS).open("w", encoding="utf-8") as file:
        for index, row in enumerate(rows):
            drafts = {name: answers[index] for name, answers in said.items()}
            line = {"id": row.id, "reference": row.summary, "drafts": drafts}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def readers() -> Readers:
    """Load `mini`, which chooses and checks what is taught."""
    weights = resolve("mini")
    model = MiniBackend(weights.path, weights.info)
    fitted = model.calibration.get("support")
    support = SupportModel.from_dict(fitted) if fitted else SupportModel()
    return Readers(model, model, support)


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare, train or score from the command line."""
    parser = argparse.ArgumentParser(
        prog="stance.training.summarizer",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", help="a TOML file, for example models/smollm2.toml")
    parser.add_argument("--out", required=True, type=Path, help="folder for examples and adapter")
    parser.add_argument("--data-dir", help="folder with train/ and bench/ (default: STANCE_DATA)")
    parser.add_argument("--base", help="folder or GGUF file, instead of the recipe's base")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--prepare", action="store_true", help="make the examples, then stop")
    step.add_argument("--drafts", action="store_true", help="write drafts, without training")
    step.add_argument("--score", action="store_true", help="score the drafts that were written")
    options = parser.parse_args(argv)
    recipe, out = read_recipe(options.recipe), options.out
    out.mkdir(parents=True, exist_ok=True)
    if options.score:
        print(json.dumps(score(out / DRAFTS, find_data(options.data_dir), readers()), indent=1))
        return 0
    if not (out / EXAMPLES).is_file():
        print(
            write_examples(prepare(find_data(options.data_dir), readers().encoder), out / EXAMPLES)
        )
    if not options.prepare:
        folder = converted(resolve(options.base or recipe.base))
        if not options.drafts:
            train(recipe, folder, out)
        write_drafts(folder, out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
