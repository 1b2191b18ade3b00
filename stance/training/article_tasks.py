"""Fine-tune what reads whole articles: attribution tags, or the salience of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn

from stance.backends.base import Encoder
from stance.backends.quantize import load_model
from stance.training.bases import only_what_is_used, reopen, save_tuned, tokenizer_for, with_lora
from stance.training.batches import Limits, collate, rough_tokens
from stance.training.card import Report
from stance.training.examples import Example, SalienceExample, TaggedExample
from stance.training.job import ARTICLE_BATCH, Job, schedule_for
from stance.training.losses import Trainable
from stance.training.run_folder import is_main_process
from stance.training.scores import Table, compared, salience_tables, tag_tables
from stance.training.tuner import train


class ArticleTask(nn.Module):
    """Map a batch of windows to its loss."""

    label_names = ("batch",)

    def __init__(self, core: Any) -> None:
        super().__init__()
        inner = core.get_base_model() if hasattr(core, "get_base_model") else core
        # The whole is registered, so that low-rank updates are parameters; the inner one is run.
        self.core, self.run = core, (Trainable(inner),)

    def forward(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        """Return ``loss``, a scalar."""
        (trainable,) = self.run
        trainable.train(self.training)
        return {"loss": trainable(batch)}


@dataclass(slots=True)
class Articles:
    """Hold examples; `lengths` are rough numbers of tokens; indices may count on past the end."""

    examples: Sequence[Example]

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Example:
        return self.examples[index % len(self)]

    @property
    def lengths(self) -> list[int]:
        """About how many tokens each example has."""
        return [rough_tokens(e) for e in self.examples]


def run_articles(job: Job) -> Report:
    """Train the tagger or the salience head of a stance model."""
    options, base = job.options, job.base
    model = base.open(options.device)
    judged = job.parts.judged
    before = _tables(options.task, model, judged) if is_main_process() else None
    core: Any = load_model(base.folder)
    only_what_is_used(core, options.task)
    if options.lora:
        core = with_lora(core, options.task)
    tokenizer = tokenizer_for(base)
    training, dev = Articles(job.parts.train), Articles(job.parts.dev)
    plan = schedule_for(job, len(training), training.lengths, 384)
    rows = min(ARTICLE_BATCH, plan.batch)
    plan = replace(plan, batch=rows, micro=rows, metric="loss")
    outcome = train(
        ArticleTask(core),
        (training, dev, lambda rows: {"batch": collate(tokenizer, rows, Limits())}),
        plan,
        job.folder.checkpoints,
        report=job.tell,
    )
    tuned = {"task": options.task}
    report = Report(job.sheet, options, base.info, job.digest, (), outcome, job.folder.result)
    if not is_main_process():
        return report
    save_tuned(core.cpu(), tokenizer, job.folder.result, base, tuned)
    after = _tables(options.task, reopen(job.folder.result, options.device), judged)
    return replace(
        report,
        measured=compared(before, after),
        judged_on="test" if job.parts.test else "dev",
        judged=len(judged),
        tuned=tuned,
    )


def _tables(task: str, encoder: Encoder, examples: Sequence[Any]) -> dict[str, Table]:
    if task == "attribution":
        return tag_tables(encoder, [e for e in examples if isinstance(e, TaggedExample)])
    return salience_tables(encoder, [e for e in examples if isinstance(e, SalienceExample)])
