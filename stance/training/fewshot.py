"""Learn from 4 to 64 rows a label: take the heads as they are, then tune a little.

The stance head, and the entailment head with the target worded as a hypothesis (after Yin et al.
2019), are asked as they stand; the better one is where tuning starts. How far to go from there is
read off rows held out in folds: the tuned weights are averaged with those of the start (Wortsman et
al. 2022), which keeps what a few rows cannot teach. The same folds give the report and the
temperature, so that no row has to be put aside.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from stance.backends.base import Floats
from stance.backends.classifier import labels_of, task_of
from stance.backends.loading import pick_device
from stance.backends.modeling import StanceModel
from stance.backends.opening import Groups
from stance.errors import DataError
from stance.training.bases import Base, only_what_is_used, pair_model, tokenizer_for
from stance.training.job import Job
from stance.training.pair_task import PairCollator, PairData, PairTask, encode
from stance.training.questions import Question, weighted
from stance.training.schedule import fast_precision
from stance.training.temperature import cooled, fit_heat, groups_of, loss_of
from stance.training.tuner import Outcome

WORDINGS = ("{target}", "I support {target}.", "{target} is good.")
# Shares of the way from the start to the tuned weights.
MIXES = (0.0, 0.5, 1.0)
FOLDS = 4
EPOCHS = 10
BATCH = 16
TRUNK_LR, HEAD_LR = 4e-5, 2e-4
# More rows than this are better served by the usual way, which keeps checkpoints.
MOST_ROWS = 1000

State = dict[str, Tensor]


@dataclass(slots=True)
class Learner:
    """Hold the model, its data, and where it runs."""

    task: PairTask
    tokenizer: Any
    max_tokens: int
    device: torch.device
    seed: int
    precision: str = "no"

    def encoded(self, asked: Sequence[Question], wording: str) -> PairData:
        """Turn questions into ids, their targets worded."""
        put = [
            replace(q, pair=replace(q.pair, target=wording.replace("{target}", q.pair.target)))
            for q in asked
        ]
        return encode(
            self.tokenizer,
            put,
            ours=self.task.ours,
            task=self.task.task,
            max_tokens=self.max_tokens,
        )

    def collate(self, data: PairData, rows: Sequence[int]) -> Any:
        """Build one batch on the device."""
        columns = 3 if self.task.task == "nli" else 4
        collator = PairCollator(int(self.tokenizer.pad_token_id or 0), columns)
        return _to(collator([data[i] for i in rows]), self.device)

    def state(self) -> State:
        """Copy the weights."""
        return {k: v.detach().clone() for k, v in self.task.state_dict().items()}

    @torch.inference_mode()
    def chances(self, data: PairData) -> Floats:
        """Answer questions with the weights as they are: (questions, columns)."""
        self.task.eval()
        found: list[Floats] = []
        for start in range(0, len(data), 64):
            rows = range(start, min(start + 64, len(data)))
            inputs = self.collate(data, rows)["inputs"]
            found.append(self.task.log_chances(inputs).exp().cpu().numpy())
        return np.concatenate(found)

    def tune(self, data: PairData, epochs: float) -> None:
        """Train on all of `data`."""
        torch.manual_seed(self.seed)
        rng = random.Random(self.seed)
        total = max(1, round(epochs * len(data) / BATCH))
        optimizer, scheduler = self._optimizer(total)
        self.task.train()
        order: list[int] = []
        autocast = torch.autocast(
            self.device.type, torch.bfloat16, enabled=self.precision == "bf16"
        )
        for _ in range(total):
            if len(order) < BATCH:
                order += rng.sample(range(len(data)), len(data))
            rows, order = order[:BATCH], order[BATCH:]
            with autocast:
                loss = self.task(**self.collate(data, rows))["loss"]
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.task.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()

    def _optimizer(self, total: int) -> tuple[Any, Any]:
        groups: dict[bool, list[Any]] = defaultdict(list)
        for name, parameter in self.task.named_parameters():
            if parameter.requires_grad:
                groups["_head." in name or "classifier" in name].append(parameter)
        optimizer = torch.optim.AdamW(
            [
                {"params": part, "lr": HEAD_LR if head else TRUNK_LR, "weight_decay": 0.01}
                for head, part in sorted(groups.items())
            ]
        )
        rise = max(1, total // 10)
        return optimizer, torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda s: min((s + 1) / rise, max(0.0, (total - s) / (total - rise + 1)))
        )


def _to(value: Any, device: torch.device) -> Any:
    if isinstance(value, dict):
        return {key: _to(item, device) for key, item in value.items()}
    return value.to(device) if isinstance(value, Tensor) else value


def few_shot(
    job: Job, asked: dict[str, list[Question]], labels: tuple[str, ...]
) -> tuple[Any, dict[str, Any], Outcome, Floats]:
    """Learn from the rows of train and dev together.

    Args:
        job: the run.
        asked: the questions of each part.
        labels: those that the data tells apart.

    Returns:
        The model, what its config says of it, how it went, and the chances of each column for the
        rows of train and dev, each from a model that had not seen it.
    """
    rows = [*asked["train"], *asked["dev"]]
    _check(job, rows)
    learner, start = _start(job, rows, labels)
    data = learner.encoded(rows, start.wording)
    learned = weighted(rows) if job.options.class_weights else rows
    epochs = job.options.epochs or EPOCHS
    mixes, log = _mixes(learner, start, data, learned, epochs)
    groups = groups_of(labels, job.options.task)
    losses = {mix: _loss(table, rows, groups) for mix, table in mixes.items()}
    best = min(losses, key=lambda mix: losses[mix])
    log += [{"mix": mix, "nll": round(loss, 4)} for mix, loss in losses.items()]
    if best > 0:
        learner.task.load_state_dict(start.state)
        learner.tune(PairData(data.encoded, learned), epochs)
        learner.task.load_state_dict(mixed(start.state, learner.state(), best))
    else:
        learner.task.load_state_dict(start.state)
    heat = fit_heat(mixes[best], rows, groups)
    tuned = {
        "task": job.options.task,
        "labels": list(labels),
        "wording": start.wording,
        "few_shot": {"start": start.name, "mix": best, "folds": FOLDS},
        "heat": heat,
        "groups": groups,
    }
    notes = [
        f"few-shot: started from {start.name} worded {start.wording!r}; of the way to the tuned "
        f"weights {best:.0%} was best on held-out folds"
    ]
    outcome = Outcome(0, round(epochs * len(rows) / BATCH), losses[best], log, notes)
    return learner.task.core, tuned, outcome, cooled(mixes[best], heat, groups)


def _check(job: Job, rows: Sequence[Question]) -> None:
    if len(rows) > MOST_ROWS:
        raise DataError(
            f"{len(rows)} rows are more than the {MOST_ROWS} of the few-shot mode; leave --few-shot"
            " out"
        )


@dataclass(frozen=True, slots=True)
class Start:
    """Hold where tuning starts: which head, how it is asked, and its weights."""

    name: str
    wording: str
    state: State


def _start(job: Job, rows: Sequence[Question], labels: tuple[str, ...]) -> tuple[Learner, Start]:
    """Ask every head in every wording, and begin with the one that the rows fit best."""
    core = pair_model(job.base, job.pairs, labels)
    only_what_is_used(core, job.options.task)
    device = pick_device(job.options.device)
    learner = Learner(
        PairTask(core, job.pairs).to(device),
        tokenizer_for(job.base),
        job.options.max_tokens,
        device,
        job.options.seed,
        fast_precision(job.options.precision, job.options.device),
    )
    groups = groups_of(labels, job.options.task)
    best: tuple[float, Start] | None = None
    for name, state, wordings in _heads(job.base, core, job.pairs, learner):
        learner.task.load_state_dict(state)
        for wording in wordings:
            loss = _loss(learner.chances(learner.encoded(rows, wording)), rows, groups)
            if best is None or loss < best[0]:
                best = loss, Start(name, wording, state)
    if best is None:
        raise DataError("no head to start from")
    return learner, best[1]


def _heads(
    base: Base, core: Any, task: Literal["stance", "nli"], learner: Learner
) -> list[tuple[str, State, tuple[str, ...]]]:
    """List the heads that can be asked: name, weights, wordings."""
    plain = ("{target}",)
    own = learner.state()
    if task == "nli" or base.kind == "trunk":
        return [(f"the {task} head", own, plain)]
    if not isinstance(core, StanceModel):
        nli = task_of(labels_of(core.config)) == "stance" and base.has_head("nli")
        return [("the classifier's head", own, WORDINGS if nli else plain)]
    return [
        ("the stance head", own, plain),
        ("the entailment head", transplanted(own), WORDINGS),
    ]


def transplanted(state: State, prefix: str = "core.") -> State:
    """Put the entailment head in the place of the stance head: what is entailed is favored."""
    moved = dict(state)
    stance, nli = f"{prefix}stance_head.", f"{prefix}nli_head."
    for part in ("dense.weight", "dense.bias"):
        moved[stance + part] = state[nli + part].clone()
    weight, bias = state[stance + "out.weight"].clone(), state[stance + "out.bias"].clone()
    for place, source in enumerate((0, 2, 1)):
        weight[place] = state[nli + "out.weight"][source]
        bias[place] = state[nli + "out.bias"][source]
    # An entailment head does not know relatedness: nearly always related, until tuned.
    weight[3], bias[3] = 0.0, 4.0
    moved[stance + "out.weight"], moved[stance + "out.bias"] = weight, bias
    return moved


def _mixes(
    learner: Learner,
    start: Start,
    data: PairData,
    learned: Sequence[Question],
    epochs: float,
) -> tuple[dict[float, Floats], list[dict[str, Any]]]:
    """Answer each row with weights that have not seen it, at every share of the way."""
    folds = fold_of(data.asked, FOLDS, learner.seed)
    columns = 3 if learner.task.task == "nli" else 4
    tables = {mix: np.zeros((len(data), columns), dtype=np.float32) for mix in MIXES}
    log: list[dict[str, Any]] = []
    for fold in range(FOLDS):
        held = [i for i, f in enumerate(folds) if f == fold]
        rest = [i for i, f in enumerate(folds) if f != fold]
        if not held or not rest:
            continue
        learner.task.load_state_dict(start.state)
        learner.tune(_part(data, rest, learned), epochs)
        tuned = learner.state()
        for mix in MIXES:
            learner.task.load_state_dict(mixed(start.state, tuned, mix))
            tables[mix][held] = learner.chances(_part(data, held, data.asked))
        log.append({"fold": fold, "rows": len(held)})
    return tables, log


def _part(data: PairData, rows: Sequence[int], asked: Sequence[Question]) -> PairData:
    return PairData([data.encoded[i] for i in rows], [asked[i] for i in rows])


def fold_of(asked: Sequence[Question], folds: int, seed: int) -> list[int]:
    """Deal rows out to folds, texts whole, the labels of each as even as can be."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, question in enumerate(asked):
        groups[question.cluster].append(index)
    by_label: dict[str, list[list[int]]] = defaultdict(list)
    for group in groups.values():
        by_label[asked[group[0]].label].append(group)
    rng = random.Random(seed)
    result = [0] * len(asked)
    turn = 0
    for label in sorted(by_label):
        rng.shuffle(by_label[label])
        for group in by_label[label]:
            for index in group:
                result[index] = turn % folds
            turn += 1
    return result


def mixed(start: State, tuned: State, share: float) -> State:
    """Average two sets of weights."""
    return {
        name: torch.lerp(weight, tuned[name], share) if weight.is_floating_point() else weight
        for name, weight in start.items()
    }


def _loss(table: Floats, asked: Sequence[Question], groups: Groups) -> float:
    """Return the loss at the best temperature: what a table is worth once it is calibrated."""
    return loss_of(table, asked, groups)(fit_heat(table, asked, groups))
