"""Say what a suite is, what a system can do, and what a sample holds."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from eval.measures import Measure
from eval.published import Published, published_for
from stance.errors import StanceError
from stance.records import Analysis, Article, ModelInfo, Span, Statement, Summary

Json = dict[str, Any]


class UnsupportedError(StanceError):
    """Say that a system cannot do what a suite needs."""


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one thing to be answered; items of one `cluster` are resampled together."""

    id: str
    cluster: str
    input: Json
    gold: Any
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one answered item; `row` has the numbers that the suite's measures read."""

    item: Item
    prediction: Any
    score: float | None
    explanation: str
    row: tuple[float, ...]
    error: str | None = None

    def to_dict(self, suite: str) -> Json:
        """Return one line of `samples.jsonl`."""
        return {
            "suite": suite,
            "id": self.item.id,
            "cluster": self.item.cluster,
            "groups": list(self.item.groups),
            "input": self.item.input,
            "prediction": self.prediction,
            "gold": self.item.gold,
            "score": self.score,
            "explanation": self.explanation,
            "error": self.error,
            "row": list(self.row),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Sample:
        """Rebuild what `to_dict` returned."""
        item = Item(data["id"], data["cluster"], data["input"], data["gold"], tuple(data["groups"]))
        answer = (data["prediction"], data["score"], data["explanation"])
        return cls(item, *answer, tuple(data["row"]), data["error"])


class Suite(ABC):
    """Be one test: items in, predictions from a system, rows of numbers out.

    `headline` names the measure that stands for the suite; `paired` tells that each item is right
    or wrong, so that McNemar's test applies; `batch` is how many items go to the system at once.
    """

    name: str
    headline: str
    measures: tuple[Measure, ...]
    labels: tuple[str, ...] = ()
    paired: bool = False
    batch: int = 1

    @property
    def published(self) -> tuple[Published, ...]:
        """What others published for this test."""
        return published_for(self.name)

    def confidences(self, samples: Sequence[Sample]) -> NDArray[np.float64]:
        """Return (n, 2) of a label suite: how sure each answer is, and whether it is right."""
        rows = np.array([s.row for s in samples], dtype=np.float64)
        return np.stack([rows[:, 2], rows[:, 0] == rows[:, 1]], axis=1)

    @abstractmethod
    def items(self) -> list[Item]:
        """Return every item, in a fixed order, with ids that are unique and stay the same."""

    @abstractmethod
    def predict(self, system: object, items: Sequence[Item]) -> list[Any]:
        """Return one prediction, ready for JSON, per item."""

    @abstractmethod
    def score(self, item: Item, prediction: Any) -> Sample:
        """Score one prediction."""

    @abstractmethod
    def miss(self, item: Item, error: str) -> Sample:
        """Score an item on which the system crashed."""

    @abstractmethod
    def require(self, system: object) -> None:
        """Raise `UnsupportedError` if the system cannot do what this suite needs."""


def digest_of_items(items: Sequence[Item]) -> str:
    """Return a sha256 over inputs and gold: equal digests mean the same test."""
    hasher = hashlib.sha256()
    for item in items:
        line = json.dumps([item.id, item.input, item.gold], ensure_ascii=False, sort_keys=True)
        hasher.update(line.encode())
        hasher.update(b"\n")
    return hasher.hexdigest()


@runtime_checkable
class System(Protocol):
    """Have a name and say which weights stand behind it; the rest is what it can do."""

    name: str

    @property
    def info(self) -> ModelInfo:
        """The weights."""
        ...


@runtime_checkable
class ScoresPairs(Protocol):
    """Judge how texts stand toward targets."""

    def score_pairs(
        self,
        texts: Sequence[str],
        targets: Sequence[str],
        *,
        holders: Sequence[str | None] | None = None,
        target_spans: Sequence[Span | None] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return (n, 4): favor, against, neutral (sum one), related."""
        ...


@runtime_checkable
class Entails(Protocol):
    """Judge whether premises entail hypotheses."""

    def entail(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating[Any]]:
        """Return (n, 3): entailment, neutral, contradiction."""
        ...


@runtime_checkable
class Attributes(Protocol):
    """Find who says what."""

    def attribute(self, text: str) -> list[Statement]:
        """Return the statements of a text."""
        ...


@runtime_checkable
class Summarizes(Protocol):
    """Summarize a text; `item` lets baselines look at what stands beside it."""

    def summarize(self, text: str, *, length: int, item: Item) -> Summary:
        """Return a summary of about `length` sentences."""
        ...


@runtime_checkable
class Supports(Protocol):
    """Judge how far a text supports a summary."""

    def support(self, summary: str, text: str) -> float:
        """Return a number that is higher the more faithful the summary is, in [0, 1]."""
        ...


@runtime_checkable
class AnalyzesArticles(Protocol):
    """Analyze articles whole."""

    def analyze(
        self, article: Article, targets: Sequence[str] | None = None, *, summary: Any = "auto"
    ) -> Analysis:
        """Analyze one article, with its targets given or not."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """Hold one labelled pair to fit a baseline on."""

    text: str
    target: str
    label: str


class Task(Protocol):
    """Be a suite that a baseline can be fitted for."""

    name: str
    labels: tuple[str, ...]

    def training(self) -> list[Example]:
        """Return the labelled pairs of the same set's training split."""
        ...

    def prior(self) -> list[str]:
        """Return the labels to count for a majority."""
        ...


@runtime_checkable
class Classifies(Protocol):
    """Answer in a suite's own labels, after having been fitted on its training split."""

    def classify(self, task: Task, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """Return one probability per label for each (text, target)."""
        ...


def need(system: object, suite: str, *abilities: type) -> None:
    """Raise `UnsupportedError` unless the system has one of the abilities."""
    if not any(isinstance(system, ability) for ability in abilities):
        name = getattr(system, "name", type(system).__name__)
        wanted = " or ".join(ability.__name__ for ability in abilities)
        raise UnsupportedError(f"{name} cannot run {suite}: it needs a system that {wanted}")
