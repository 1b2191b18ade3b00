"""Define labelled rows, and check and word them the same way whatever file they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Literal

from stance.errors import DataError, LabelError, OptionError
from stance.records import Record, Span, parse_label
from stance.rows import clean
from stance.training.examples import SalienceExample, TaggedExample

Task = Literal["stance", "nli", "attribution", "salience"]
TASKS: tuple[Task, ...] = ("stance", "nli", "attribution", "salience")
STANCES = ("favor", "against", "neutral", "unrelated")
ENTAILMENTS = ("entailment", "neutral", "contradiction", "not_entailment")
# So many bad rows are told at once; a file of the wrong kind would have one per line.
TOLD = 20

_NLI_WORDS = {
    **{name: name for name in ENTAILMENTS},
    **dict.fromkeys(("entail", "entails", "entailed", "supports", "support", "true"), "entailment"),
    **dict.fromkeys(("contradicts", "refutes", "refute", "false"), "contradiction"),
    **dict.fromkeys(("not_enough_info", "not enough info", "nei", "unknown"), "neutral"),
    **dict.fromkeys(("not entailment", "not-entailment", "non-entailment"), "not_entailment"),
}
_UNRELATED = ("unrelated", "irrelevant", "not related", "off-topic")

# What data sets call the same column, the commonest name first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "article", "articlebody", "sentence", "sentence_normalized",
        "passage", "argument", "comment", "post", "tweet", "premise", "evidence",
    ),
    "target": (
        "target", "topic", "topic_str", "claim", "hypothesis", "headline", "motion", "entity",
        "aspect", "question", "new_topic",
    ),
    "label": ("label", "stance", "gold_label", "gold", "sentiment", "polarity", "class"),
    "holder": ("holder", "speaker"),
    "start": ("start", "target_start"),
    "end": ("end", "target_end"),
    "group": ("group", "article_id", "doc_id", "document_id", "doc", "body_id", "body id"),
    "author": ("author", "user", "user_id"),
    "split": ("split", "fold", "partition"),
}  # fmt: skip
REQUIRED = ("text", "target", "label")


@dataclass(frozen=True, slots=True)
class LabelledRow(Record):
    """Hold one labelled pair; `place` says where it stood, `group` which rows must stay together.

    For stance `label` is favor, against, neutral or unrelated; for nli entailment, neutral,
    contradiction or not_entailment. `spoken` says that the text does speak to the target, so that
    a neutral row is not an unrelated one.
    """

    text: str
    target: str
    label: str
    place: str
    holder: str | None = None
    target_span: Span | None = None
    holder_span: Span | None = None
    group: str = ""
    author: str = ""
    split: str = ""
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold how data is read: the task, columns and labels by other names, and what is tolerated.

    `columns` maps our names to the file's, `labels` the file's labels to ours.
    """

    task: Task = "stance"
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise OptionError(f"task={self.task!r} is unknown; use one of {', '.join(TASKS)}")
        if unknown := sorted(set(self.columns) - set(COLUMNS)):
            raise OptionError(f"no column {unknown[0]!r} is read; those are {', '.join(COLUMNS)}")
        for word, label in self.labels.items():
            known = ENTAILMENTS if self.task == "nli" else STANCES
            if label not in known:
                raise OptionError(
                    f"labels: {word!r} is mapped to {label!r}; map it to one of {', '.join(known)}"
                )


@dataclass(frozen=True, slots=True)
class Bad:
    """Name one row that cannot be used, with the fix."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass(slots=True)
class Labelled:
    """Hold what was read: pairs, tagged texts or documents, what was bad, what is worth saying."""

    source: str
    rows: list[LabelledRow] = field(default_factory=list)
    tagged: list[TaggedExample] = field(default_factory=list)
    salience: list[SalienceExample] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.tagged) + len(self.salience)


def settle(found: Labelled, reading: Reading) -> Labelled:
    """Refuse bad rows, or count and leave them out where that was asked for.

    Raises:
        DataError: a row is bad and `skip_bad` is off, or nothing is left.
    """
    if found.bad and not reading.skip_bad:
        lines = [str(bad) for bad in found.bad[:TOLD]]
        more = len(found.bad) - TOLD
        lines += [f"… and {more} more"] if more > 0 else []
        told = "\n  ".join(lines)
        raise DataError(
            f"{found.source}: {len(found.bad)} bad rows:\n  {told}\n"
            "mend them, or leave them out with --skip-bad (skip_bad=True)"
        )
    if found.bad:
        first = found.bad[0]
        found.notes.append(f"{len(found.bad)} bad rows were left out, the first: {first}")
    if not len(found):
        raise DataError(f"{found.source} has no labelled row that can be used")
    return found


def parse_stance(word: str) -> str:
    """Read a stance label in any of the field's wordings, *unrelated* included.

    Raises:
        LabelError: the word is no stance label.
    """
    if word.strip().casefold() in _UNRELATED:
        return "unrelated"
    return parse_label(word)


def label_of(word: Any, reading: Reading) -> str:
    """Read a label of the task.

    Raises:
        LabelError: it is none; the message has the fix.
    """
    said = str(word).strip()
    lowered = {key.casefold(): value for key, value in reading.labels.items()}
    if said.casefold() in lowered:
        return lowered[said.casefold()]
    if reading.task == "nli":
        label = _NLI_WORDS.get(said.casefold().replace("-", "_"), _NLI_WORDS.get(said.casefold()))
        if label is not None:
            return label
        raise LabelError(_no_label(said, "entailment", ENTAILMENTS))
    try:
        return parse_stance(said)
    except LabelError:
        raise LabelError(_no_label(said, "stance", STANCES)) from None


def _no_label(said: str, kind: str, known: Iterable[str]) -> str:
    if not said or said.casefold() in ("none", "nan", "null"):
        return f"the label is empty; label the row or remove it (known: {', '.join(known)})"
    close = get_close_matches(said.casefold(), [*known, "agree", "disagree", "support", "oppose"])
    hint = f"did you mean {close[0]!r}? " if close else ""
    return (
        f"label {said!r:.60} is no {kind} label; {hint}"
        f"correct it, or map it: --labels {said}=LABEL with LABEL one of {', '.join(known)}"
    )


def key_of(row: Mapping[str, Any], what: str, reading: Reading) -> str | None:
    """Return the row's own name for the column `what`, however it is spelled."""
    if what in reading.columns:
        return reading.columns[what] if reading.columns[what] in row else None
    keys = {str(key).strip().casefold(): key for key in row}
    return next((keys[alias] for alias in COLUMNS[what] if alias in keys), None)


def row_of(raw: Mapping[str, Any], place: str, reading: Reading) -> LabelledRow | Bad:
    """Check one row and put it into our words.

    Args:
        raw: the row as it stood in the file.
        place: ``file:line``.
        reading: how columns and labels are called.

    Returns:
        The row, or what is wrong with it.
    """
    try:
        values = {what: _words(raw, what, reading) for what in ("text", "target")}
        key = key_of(raw, "label", reading)
        if key is None:
            raise DataError(_no_column(raw, "label"))
        label = label_of("" if raw[key] is None else raw[key], reading)
        span = _span(raw, values["text"], reading)
    except (DataError, LabelError) as error:
        return Bad(place, str(error))
    more = {what: _optional(raw, what, reading) for what in ("holder", "group", "author", "split")}
    row = LabelledRow(values["text"], values["target"], label, place)
    return replace(
        row,
        target_span=span,
        spoken=span is not None,
        holder=more["holder"] or None,
        group=more["group"],
        author=more["author"],
        split=split_name(more["split"]),
    )


def split_name(word: str) -> str:
    """Name the part of the data that a split's name means: train, dev, test, or its own name."""
    lowered = word.strip().casefold()
    if lowered in ("dev", "valid", "validation", "val", "development", "trial"):
        return "dev"
    return lowered


def _words(raw: Mapping[str, Any], what: str, reading: Reading) -> str:
    key = key_of(raw, what, reading)
    if key is None:
        raise DataError(_no_column(raw, what))
    value = raw[key]
    if not isinstance(value, str):
        kind = "empty" if value is None else f"{type(value).__name__} {value!r:.40}"
        raise DataError(f"{key} must be a text, but is {kind}; correct it or remove the row")
    if not value.strip():
        raise DataError(f"{key} is empty; fill it or remove the row")
    return clean(value)


def _no_column(raw: Mapping[str, Any], what: str) -> str:
    have = ", ".join(map(repr, list(raw)[:12])) or "none"
    return f"has no {what} column, only {have}; name it: --columns {what}=NAME"


def _optional(raw: Mapping[str, Any], what: str, reading: Reading) -> str:
    key = key_of(raw, what, reading)
    value = raw[key] if key is not None else None
    return "" if value is None or isinstance(value, list | dict) else clean(str(value)).strip()


def _span(raw: Mapping[str, Any], text: str, reading: Reading) -> Span | None:
    """Read where the text names the target."""
    ends = [_optional(raw, what, reading) for what in ("start", "end")]
    if not all(ends):
        return None
    numbers = [int(end) if re.fullmatch(r"\d+(\.0)?", end) is None else int(float(end))
               for end in ends if re.fullmatch(r"-?\d+(\.0)?", end)]  # fmt: skip
    if len(numbers) < 2 or not 0 <= numbers[0] < numbers[1] <= len(text):
        raise DataError(
            f"offsets ({ends[0]}, {ends[1]}) lie outside the text of {len(text)} characters; "
            "count code points from 0, the end exclusive"
        )
    return Span(numbers[0], numbers[1])
