"""Load what a run starts from: our model, a bare trunk, or a model of a hub with its own head."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification

from stance.backends.classifier import TUNED, column_of, labels_of, task_of, tokenizer_of
from stance.backends.inputs import MARKERS, load_tokenizer
from stance.backends.loading import quiet, readable
from stance.backends.modeling import StanceModel
from stance.backends.opening import BASE_FOLDER, Model, open_model, tuned_for
from stance.backends.quantize import load_model
from stance.errors import MissingExtraError, ModelFormatError, OptionError
from stance.records import ModelInfo
from stance.training.pair_task import PairTask
from stance.weights import Weights, resolve

Kind = Literal["ours", "trunk", "hub"]

# Layers that LoRA adapts, by the names that the families give them.
_LORA = ("query", "key", "value", "query_proj", "key_proj", "value_proj", "q_lin", "k_lin", "v_lin",
         "q_proj", "k_proj", "v_proj", "dense", "Wqkv", "Wi", "Wo")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Base:
    """Hold where a run starts: its weights, their kind, and the model that reads its articles."""

    weights: Weights
    kind: Kind
    article: Path

    @property
    def folder(self) -> Path:
        """The folder of the weights."""
        return self.weights.path

    @property
    def name(self) -> str:
        """What to call it in reports: where it lay on this machine is nobody's business."""
        return self.folder.name if self.weights.source == "path" else self.weights.name

    @property
    def info(self) -> ModelInfo:
        """Name, revision and digest."""
        return replace(self.weights.info, name=self.name)

    def has_head(self, task: str) -> bool:
        """Tell whether the base can do the task before any tuning."""
        if self.kind == "trunk":
            return False
        if self.kind == "ours":
            return True
        made_for = task_of(labels_of(AutoConfig.from_pretrained(str(self.folder))))
        return made_for is not None and (made_for == task or task == "stance")

    def open(self, device: str = "auto") -> Model:
        """Open the base as users do; a base without a head is opened as its article model."""
        folder = self.folder if self.has_head("stance") else self.article
        return open_model(folder, self.weights.info, device, lambda: self.article)


def find_base(name: str | Path) -> Base:
    """Find what a run starts from.

    Args:
        name: a name of the registry, a folder, or a hub id.

    Raises:
        ModelError: there is no such model, or it is of no use here.
    """
    weights = resolve(name)
    folder = weights.path
    if weights.file is not None:
        raise ModelFormatError(f"{name} is a GGUF file, which cannot be tuned; give safetensors")
    with quiet(), readable(folder):
        config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
    if config.model_type == "stance":
        return Base(weights, "ours", folder)
    article = folder / BASE_FOLDER
    article = article if article.is_dir() else resolve("mini").path
    has_head = any("SequenceClass" in kind for kind in config.architectures or ())
    known = tokenizer_of(folder).get_vocab()
    if not has_head and all(marker in known for marker in MARKERS):
        return Base(weights, "trunk", article)
    return Base(weights, "hub", article)


def tokenizer_for(base: Base) -> Any:
    """Load the tokenizer that goes with a base."""
    return tokenizer_of(base.folder) if base.kind == "hub" else load_tokenizer(base.folder)


def pair_model(base: Base, task: Literal["stance", "nli"], labels: Sequence[str]) -> Any:
    """Load a model that can be trained on pairs.

    Args:
        base: where to start.
        task: ``stance`` or ``nli``.
        labels: those of the data; a classifier gets a new head where its own cannot tell them.

    Returns:
        A `StanceModel`, or a classifier whose ``id2label`` is in the task's own words.
    """
    with quiet(), readable(base.folder):
        if base.kind == "ours":
            return load_model(base.folder)
        if base.kind == "trunk":
            return StanceModel.from_trunk(str(base.folder), dropout=None)
        return _classifier(base.folder, task, labels)


def _classifier(folder: Path, task: Literal["stance", "nli"], labels: Sequence[str]) -> Any:
    config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
    own = labels_of(config)
    renamed = _renamed(own, task, labels)
    more: dict[str, Any] = {}
    if renamed is None:
        known = ("entailment", "neutral", "contradiction") if task == "nli" else tuple(labels)
        more = {"num_labels": len(known), "ignore_mismatched_sizes": True}
        renamed = list(known)
    model = AutoModelForSequenceClassification.from_pretrained(
        str(folder), dtype=torch.float32, use_safetensors=True, trust_remote_code=False, **more
    )
    model.config.id2label = dict(enumerate(renamed))
    model.config.label2id = {label: place for place, label in enumerate(renamed)}
    model.config.problem_type = None
    return model


def _renamed(
    own: Sequence[str], task: Literal["stance", "nli"], labels: Sequence[str]
) -> list[str] | None:
    """Word a head's labels for the task; None where it cannot tell the data's labels apart.

    A head of entailment becomes one of stance: what is entailed is favored.
    """
    made_for = task_of(own)
    columns = [column_of(label, made_for) for label in own] if made_for else []
    if made_for is None or None in columns or len({*columns}) < len(own):
        return None
    names: tuple[str, ...] = ("favor", "against", "neutral", "unrelated")
    if task == "nli":
        names = ("entailment", "neutral", "contradiction")
    if made_for == "nli" and task == "stance":
        names = ("favor", "neutral", "against")
    if (made_for == "stance" and task == "nli") or len(own) > len(names):
        return None
    renamed = [names[column] for column in columns if column is not None]
    wanted = {"neutral" if label == "not_entailment" else label for label in labels}
    return renamed if wanted <= set(renamed) else None


def only_what_is_used(model: Any, task: str) -> None:
    """Freeze the heads that a run does not train, and a pooler that nothing reads."""
    if isinstance(model, StanceModel):
        head = {"stance": "stance_head", "nli": "nli_head"}.get(task, f"{task}_head")
        for name, parameter in model.named_parameters():
            part = name.split(".")[0]
            parameter.requires_grad_(part in ("trunk", head) and "trunk.pooler" not in name)


def with_lora(model: Any, task: str, rank: int = 16) -> Any:
    """Wrap a model so that only low-rank updates and its head are trained (Hu et al. 2021)."""
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as error:
        raise MissingExtraError.of("peft", "train") from error
    ours = isinstance(model, StanceModel)
    trunk = "trunk" if ours else model.base_model_prefix
    inside = dict(getattr(model, trunk).named_modules())
    wanted = {
        f"{trunk}.{name}"
        for name, module in inside.items()
        if isinstance(module, torch.nn.Linear)
        and name.rsplit(".", 1)[-1] in _LORA
        # Nothing reads our trunk's pooler; several processes would wait for its gradient.
        and not (ours and name.startswith("pooler"))
    }
    if not wanted:
        raise OptionError(
            f"LoRA knows no layers of a {type(model).__name__}; leave --lora out for this base"
        )
    heads = (
        [f"{task}_head"]
        if ours
        else [
            name
            for name, child in model.named_children()
            if name != trunk and any(True for _ in child.parameters())
        ]
    )
    config = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        # What our own models drop is drawn by row, see `drop_by_row`.
        lora_dropout=0.0 if ours else 0.05,
        target_modules=sorted(wanted),
        modules_to_save=heads,
    )
    with warnings.catch_warnings():
        # Of deprecations inside the library.
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, config)


def plain(core: Any) -> Any:
    """Return the model itself, low-rank updates folded into its weights."""
    return core.merge_and_unload() if hasattr(core, "merge_and_unload") else core


def save_tuned(core: Any, tokenizer: Any, folder: Path, base: Base, tuned: dict[str, Any]) -> None:
    """Write a tuned model: weights, tokenizer, what was fitted, and the base for all the rest.

    Args:
        core: the model.
        tokenizer: its tokenizer.
        folder: where to; it is made.
        base: what it was made from.
        tuned: the task, and what was fitted for it.
    """
    model = plain(core)
    setattr(model.config, TUNED, tuned)
    with quiet():
        model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    copy_base(base, folder / BASE_FOLDER, str(tuned["task"]))


def copy_base(base: Base, target: Path, task: str) -> None:
    """Copy the model that answers for everything but `task`."""
    source = base.folder if base.kind == "ours" else base.article
    before = tuned_for(source)
    if before is not None and before["task"] == task and (source / BASE_FOLDER).is_dir():
        # What was tuned for the same task before gives way to what is tuned now.
        source = source / BASE_FOLDER
    shutil.copytree(
        source,
        target,
        ignore=lambda _, names: [
            n for n in names if n.endswith((".svg", ".md", ".jsonl")) or n == "metrics.json"
        ],
    )


def reopen(folder: Path, device: str = "auto") -> Model:
    """Open a result as users do."""
    return open_model(folder, ModelInfo(folder.name), device, lambda: resolve("mini").path)


__all__ = [
    "Base",
    "PairTask",
    "copy_base",
    "find_base",
    "only_what_is_used",
    "pair_model",
    "plain",
    "reopen",
    "save_tuned",
    "tokenizer_for",
    "with_lora",
]
