"""Open whatever a model folder holds: ours, one that was tuned for a task, a hub's classifier."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from stance.backends.base import Encoding, Floats, StancePair
from stance.backends.classifier import TUNED, ClassifierBackend, is_classifier
from stance.backends.mini import MiniBackend
from stance.records import ModelInfo
from stance.text import Document

Groups = tuple[tuple[int, ...], ...]

# A tuned model keeps what it was made from in this folder, for all that it was not tuned for.
BASE_FOLDER = "base"


class Model(Protocol):
    """Read articles and judge pairs."""

    @property
    def calibration(self) -> dict[str, Any]:
        """What was fitted on development data."""
        ...

    def encode(self, document: Document) -> Encoding:
        """Encode every sentence of the document in one pass."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text."""
        ...

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, 4): favor, against, neutral, related."""
        ...

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return (pairs, 3): entailment, neutral, contradiction."""
        ...


@dataclass(frozen=True, slots=True)
class Tuned:
    """Ask a tuned model what it was tuned for, and the one that it was made from all the rest.

    `tasks` are those of the tuned model: stance, nli, attribution, salience. `wording` says how a
    target is put to it; its ``{target}`` stands for the target's own words. `heat` is the
    temperature of its answers, fitted on rows that it had not seen, `groups` the columns of
    (favor, against, neutral, unrelated) or (entailment, neutral, contradiction) that are one.
    `stances` is how sure a stance is, fitted on this model's own answers.
    """

    tuned: Any
    base: Model
    tasks: tuple[str, ...]
    wording: str = "{target}"
    heat: float = 1.0
    groups: Groups = ()
    stances: Mapping[str, Any] | None = None

    @property
    def calibration(self) -> dict[str, Any]:
        """What was fitted on the model for articles, as far as it holds for this one."""
        # What was fitted on the answers of one scorer says nothing of those of another.
        other = {"stance": "stances", "nli": "support"}
        gone = {other[task] for task in self.tasks if task in other}
        fitted = {k: v for k, v in self.base.calibration.items() if k not in gone}
        return {**fitted, "stances": self.stances} if self.stances else fitted

    def encode(self, document: Document) -> Encoding:
        """Encode every sentence; tags and salience come from the tuned model if it has them."""
        encoding = self.base.encode(document)
        if not {"attribution", "salience"} & {*self.tasks}:
            return encoding
        own: Encoding = self.tuned.encode(document)
        if "attribution" in self.tasks:
            encoding = replace(encoding, attributions=own.attributions)
        if "salience" in self.tasks:
            encoding = replace(encoding, salience=own.salience)
        return encoding

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text."""
        return self.base.embed(texts)

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Return (pairs, 4): favor, against, neutral, related."""
        if "stance" not in self.tasks:
            return self.base.stance(pairs)
        asked = [replace(p, target=self.wording.replace("{target}", p.target)) for p in pairs]
        scores: Floats = self.tuned.stance(asked)
        return _cooled_stance(scores, self.heat, self.groups) if self.groups else scores

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return (pairs, 3): entailment, neutral, contradiction."""
        scores: Floats = (self.tuned if "nli" in self.tasks else self.base).entail(pairs)
        own = "nli" in self.tasks and self.groups
        return cooled(scores, self.heat, self.groups) if own else scores


def cooled(chances: Floats, heat: float, groups: Groups) -> Floats:
    """Give answers their temperature: raise chances to the power of 1 / heat.

    Args:
        chances: (rows, columns), each row sums to one.
        heat: above one makes answers less sure, below one surer.
        groups: columns that are one answer; they keep their shares of it, so that the likeliest
            answer stays the likeliest.

    Returns:
        Chances of the same shape; each row sums to one.
    """
    joined = np.stack([chances[:, list(group)].sum(1) for group in groups], axis=1)
    powers = np.maximum(joined, 1e-12) ** (1.0 / heat)
    powers /= powers.sum(1, keepdims=True)
    result = np.zeros_like(chances)
    for place, group in enumerate(groups):
        share = chances[:, list(group)] / np.maximum(joined[:, [place]], 1e-12)
        result[:, list(group)] = powers[:, [place]] * share
    return result


def _cooled_stance(scores: Floats, heat: float, groups: Groups) -> Floats:
    joint = np.concatenate([scores[:, :3] * scores[:, 3:], 1.0 - scores[:, 3:]], axis=1)
    table = cooled(joint, heat, groups)
    labels = table[:, :3] / np.maximum(table[:, :3].sum(1, keepdims=True), 1e-9)
    return np.concatenate([labels, 1.0 - table[:, 3:]], axis=1).astype(np.float32)


def open_model(folder: Path, info: ModelInfo, device: str, article: Callable[[], Path]) -> Model:
    """Open a model folder.

    Args:
        folder: a `StanceModel`, a model that `stance finetune` made, or a classifier of a hub
            whose labels are stances or entailments.
        info: the name and digest to report.
        device: where it runs.
        article: finds the model that reads articles, for a classifier that cannot.

    Returns:
        The model.

    Raises:
        ModelFormatError: the folder holds another kind of model, or is damaged.
    """
    tuned = tuned_for(folder)
    whole = not is_classifier(folder)
    if tuned is None and whole:
        return MiniBackend(folder, info, device)
    model: Any = (MiniBackend if whole else ClassifierBackend)(folder, info, device)
    beside = folder / BASE_FOLDER
    below = beside if beside.is_dir() else article()
    base = open_model(below, info, device, article)
    stances = _of_tuning(folder).get("stances")
    if tuned is None:
        tasks = ("stance", "nli") if model.task == "nli" else ("stance",)
        return Tuned(model, base, tasks, stances=stances)
    return Tuned(
        model,
        base,
        (str(tuned["task"]),),
        str(tuned.get("wording", "{target}")),
        float(tuned.get("heat", 1.0)),
        tuple(tuple(group) for group in tuned.get("groups", ())),
        stances,
    )


def tuned_for(folder: Path) -> dict[str, Any] | None:
    """Return what `stance finetune` wrote into a config, None where it wrote nothing."""
    found = _of_tuning(folder)
    return found if "task" in found else None


def _of_tuning(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "config.json").read_text("utf-8")).get(TUNED)
    except (OSError, ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}
