"""Train a `StanceModel` from a recipe: one TOML file, one command, resumable at any step.

::

    python -m stance.training.recipe models/mini.toml --out runs/mini --data-dir DATA
    torchrun --nproc-per-node 2 -m stance.training.recipe models/mini.toml --out runs/mini
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from transformers import AutoModel, PreTrainedTokenizerBase

from stance.backends.inputs import load_tokenizer
from stance.backends.modeling import StanceModel
from stance.backends.quantize import load_model
from stance.training.average import Average, mean_of
from stance.training.batches import Batch, Limits, collate
from stance.training.checkpoint import Stateful, load_state, save_state
from stance.training.examples import Example
from stance.training.layout import Recipe, load_examples, plan, read_recipe
from stance.training.losses import Trainable
from stance.training.sets import find_data


def learning_rate(step: int, total: int, warmup: float) -> float:
    """Rise linearly, then fall along a cosine: the factor at `step`, in [0, 1]."""
    rise = max(1, int(total * warmup))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, total - rise)))


def started(recipe: Recipe, base: str) -> StanceModel:
    """Load what a run goes on from: the bare trunk, or trained models; both with its dropout.

    Of several models the trunks are averaged; the heads, which may have begun at random, are the
    last one's.
    """
    if not recipe.start:
        return StanceModel.from_trunk(base, dropout=recipe.trunk_dropout)
    models = [load_model(Path(folder)) for folder in recipe.start]
    model = models[-1]
    model.trunk.load_state_dict(mean_of([m.trunk.state_dict() for m in models]))
    for module in model.trunk.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = recipe.trunk_dropout
    # What is loaded comes as for use, where no dropout works at all.
    model.train()
    return model


class Batches(Dataset[Batch]):
    """Make the batches of a plan, in whatever process asks for them."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        batches: Sequence[list[Example]],
        limits: Limits,
        part: tuple[int, int] = (0, 1),
    ) -> None:
        self.tokenizer, self.batches, self.limits, self.part = tokenizer, batches, limits, part

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> Batch:
        rank, world = self.part
        examples = self.batches[index]
        return collate(self.tokenizer, examples[rank::world] or examples[:1], self.limits)


class Run:
    """Hold the state of one training run."""

    def __init__(self, recipe: Recipe, base: str, out: Path) -> None:
        set_seed(recipe.seed)
        self.recipe, self.out = recipe, out
        precision = recipe.precision if recipe.precision in ("bf16", "fp16") else "no"
        self.accelerator = Accelerator(mixed_precision=precision)
        self.tokenizer: PreTrainedTokenizerBase = load_tokenizer(base)
        model = started(recipe, base)
        anchor = AutoModel.from_pretrained(base, dtype=torch.float32, trust_remote_code=False)
        anchor.to(self.accelerator.device).eval().requires_grad_(False)
        self.model = model
        trainable = Trainable(model, anchor)
        self.optimizer: Any = torch.optim.AdamW(self._parameters(model), fused=True)
        self.trainable, self.optimizer = self.accelerator.prepare(trainable, self.optimizer)
        self.average = Average(model, recipe.average)

    def _parameters(self, model: StanceModel) -> list[dict[str, Any]]:
        """Part the parameters by learning rate and weight decay."""
        groups: dict[tuple[bool, bool], list[Any]] = {}
        for name, parameter in model.named_parameters():
            key = (name.startswith("trunk."), parameter.ndim > 1)
            groups.setdefault(key, []).append(parameter)
        rates = {True: self.recipe.trunk_lr, False: self.recipe.head_lr}
        return [
            {
                "params": group,
                "lr": rates[trunk],
                "base_lr": rates[trunk],
                "weight_decay": self.recipe.weight_decay if decay else 0.0,
            }
            for (trunk, decay), group in sorted(groups.items(), key=lambda item: item[0])
        ]

    @property
    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint holds."""
        return {"model": self.model, "optimizer": self.optimizer, "average": self.average}

    def step(self, batch: Batch, factor: float) -> Tensor:
        """Take one optimizer step; return the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["base_lr"] * factor
        with self.accelerator.autocast():
            loss: Tensor = self.trainable(_to(batch, self.accelerator.device))
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.trainable.parameters(), self.recipe.clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.average.update(self.model)
        return loss.detach()

    def batches(self, plan: Sequence[list[Example]], first: int) -> Iterator[Batch]:
        """Prepare this process's share of every batch from `first` on, ahead of its use."""
        part = (self.accelerator.process_index, self.accelerator.num_processes)
        made = Batches(self.tokenizer, plan, self.recipe.limits, part)
        workers = self.recipe.workers
        loader: DataLoader[Batch] = DataLoader(
            made,
            batch_size=None,
            sampler=range(first, len(plan)),
            num_workers=workers,
            prefetch_factor=16 if workers else None,
            # Its own, so that a run that is taken up draws the same numbers as an unbroken one.
            generator=torch.Generator(),
        )
        yield from loader

    def train(self, batches: Sequence[list[Example]]) -> None:
        """Run through the plan from the last checkpoint to its end."""
        first = load_state(self.out, self.parts)
        started, means = time.monotonic(), dict[str, Tensor]()
        end = round(len(batches) * self.recipe.stop)
        for number, batch in enumerate(self.batches(batches[:end], first), start=first):
            factor = learning_rate(number, len(batches), self.recipe.warmup)
            loss, task = self.step(batch, factor), batch["task"]
            means[task] = 0.98 * means.get(task, loss) + 0.02 * loss
            done = number + 1
            if done % 25 == 0:
                self.log(done, len(batches), (time.monotonic() - started) / (done - first), means)
            if done % self.recipe.checkpoint_every == 0 or done == end:
                self.checkpoint(done)

    def log(self, done: int, total: int, pace: float, means: dict[str, Tensor]) -> None:
        """Add a line to ``curve.jsonl`` and print it."""
        if self.accelerator.is_main_process:
            row = {"step": done, "of": total, "s_per_step": round(pace, 3)}
            row |= {"minutes_left": round((total - done) * pace / 60, 1)}
            row |= {task: round(float(mean), 4) for task, mean in sorted(means.items())}
            with (self.out / "curve.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)

    def checkpoint(self, done: int) -> None:
        """Write the state, and the model as it stands."""
        if self.accelerator.is_main_process:
            save_state(self.out, self.parts, done)
            with self.average.applied(self.model):
                self.model.save_pretrained(self.out / "model")
            self.tokenizer.save_pretrained(self.out / "model")
        self.accelerator.wait_for_everyone()


def _to(value: Any, device: torch.device) -> Any:
    if isinstance(value, dict):
        return {key: _to(item, device) for key, item in value.items()}
    return value.to(device) if isinstance(value, torch.Tensor) else value


def main(argv: Sequence[str] | None = None) -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        prog="stance.training.recipe",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", help="a TOML file, for example models/mini.toml")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints and model")
    parser.add_argument("--data-dir", help="folder with train/ and bench/ (default: STANCE_DATA)")
    parser.add_argument("--base", help="folder of the trunk, instead of the recipe's")
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare batches")
    options = parser.parse_args(argv)
    from stance.weights import resolve

    recipe = replace(read_recipe(options.recipe), workers=options.workers)
    base = str(resolve(options.base or recipe.base).folder)
    options.out.mkdir(parents=True, exist_ok=True)
    batches = plan(load_examples(recipe, find_data(options.data_dir), base), recipe)
    Run(recipe, base, options.out).train(batches)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
