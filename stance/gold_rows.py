"""Check one label file row by row: the part of `stance.gold` that knows what a row may hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

from stance.records import LABELS, HolderKind, TargetKind

PHENOMENA: tuple[str, ...] = (
    "direct", "indirect", "mixed", "multi_paragraph_quote", "unclosed_quote", "nested_quote",
    "quote_before_speaker", "quote_after_speaker", "dash_attribution", "pronoun_source",
    "descriptive_source", "unnamed_source", "institution_through_official",
    "dissent_from_institution", "denial", "denial_of_denial", "retraction", "hedge", "conditional",
    "irony", "reported_stance", "change_of_side", "shared_family_name", "claim_target",
    "entity_target", "topic_target", "act_stance", "author_stance", "no_stance", "other_scripts",
    "embedded_instructions",
)  # fmt: skip
SPLITS = ("dev", "test", "fresh")
DESKS = (
    "newswire", "regional", "investigation", "science", "business", "sports", "opinion", "live",
)  # fmt: skip

_REQUIRED = ("id", "holders", "targets", "stances")
_OPTIONAL = ("source", "summary", "salient", "split", "desk", "phenomena", "notes")


@dataclass(frozen=True, slots=True)
class Offence:
    """Name one thing that makes the labels unusable."""

    file: str
    row: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.row}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Note(Offence):
    """Name one thing that is allowed, but looks like a slip."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Hold one label file together with the article that it speaks of."""

    stem: str
    title: str
    body: str
    data: dict[str, Any]


@dataclass(slots=True)
class Found:
    """Collect the offences and notes of one label file."""

    file: str
    offences: list[Offence] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def wrong(self, row: str, problem: str) -> None:
        """Record an offence."""
        self.offences.append(Offence(self.file, row, problem))

    def odd(self, row: str, problem: str) -> None:
        """Record a note."""
        self.notes.append(Note(self.file, row, problem))


def check_labels(labels: Labels) -> Found:
    """Check every row of one label file against its article."""
    found = Found(f"labels/{labels.stem}.json")
    _check_keys(labels, found)
    data = labels.data
    holders = _check_named(found, "holders", data.get("holders", []), "name", get_args(HolderKind))
    targets = _check_named(found, "targets", data.get("targets", []), "text", get_args(TargetKind))
    _check_quotes(found, "salient", data.get("salient", []), labels.body)
    _check_strings(found, "summary", data.get("summary", []))
    _check_words(found, "phenomena", data.get("phenomena", []), PHENOMENA)
    for key, known in (("split", SPLITS), ("desk", DESKS)):
        if key in data:
            _check_word(found, key, data[key], known)
    _check_stances(found, labels, holders, targets)
    _look_at_names(found, labels)
    return found


def locate(body: str, entry: dict[str, Any]) -> str | None:
    """Fill in `start` and `end` of one quoting entry in place; return what stands in the way."""
    text, n = entry.get("text"), entry.get("n")
    if not isinstance(text, str) or not text:
        return "has no text to look for"
    places = list(occurrences(body, text))
    if not places:
        return f"text {_short(text)} is not in the article"
    if n is None and entry.get("start") in places:
        entry["end"] = entry["start"] + len(text)
        return None
    if n is None and len(places) > 1:
        return f'text {_short(text)} occurs {len(places)} times; add "n": 0 … {len(places) - 1}'
    if n is not None and not (_is_int(n) and 0 <= n < len(places)):
        return f'"n": {n!r} is not in 0 … {len(places) - 1} for text {_short(text)}'
    entry.pop("n", None)
    entry["start"] = places[n or 0]
    entry["end"] = entry["start"] + len(text)
    return None


def occurrences(body: str, text: str) -> Iterator[int]:
    """Yield every offset at which `text` begins in `body`, overlapping ones included."""
    place = body.find(text)
    while place >= 0:
        yield place
        place = body.find(text, place + 1)


def _check_keys(labels: Labels, found: Found) -> None:
    for key in _REQUIRED:
        if key not in labels.data:
            found.wrong(key, "is missing")
    for key in labels.data:
        if key not in _REQUIRED + _OPTIONAL:
            found.wrong(key, f"unknown key; known are {', '.join(_REQUIRED + _OPTIONAL)}")
    given = labels.data.get("id", labels.stem)
    if given != labels.stem:
        found.wrong("id", f"is {given!r}, but the file is named {labels.stem!r}")
    source = labels.data.get("source")
    if source is not None and not isinstance(source, str):
        found.wrong("source", f"expected a string, got {source!r}")


def _check_named(
    found: Found, part: str, rows: Any, text_key: str, kinds: Collection[str]
) -> set[str]:
    """Check the holders or the targets; return their ids."""
    ids: set[str] = set()
    for row, entry in _objects(found, part, rows):
        id_ = _string(found, row, entry, "id")
        if id_ is not None and id_ in ids:
            found.wrong(row, f"duplicate id {id_!r}")
        ids |= {id_} if id_ is not None else set()
        _string(found, row, entry, text_key)
        _check_word(found, f"{row}.kind", entry.get("kind"), kinds)
        _check_strings(found, f"{row}.aliases", entry.get("aliases", []))
        _no_other_keys(found, row, entry, ("id", text_key, "kind", "aliases"))
    return ids


def _check_stances(found: Found, labels: Labels, holders: set[str], targets: set[str]) -> None:
    seen: dict[str, str] = {}
    for row, entry in _objects(found, "stances", labels.data.get("stances", [])):
        for key, ids in (("holder", holders), ("target", targets)):
            ref = _string(found, row, entry, key)
            if ref is not None and ref not in ids:
                found.wrong(
                    row, f"unknown {key} {ref!r}; known are {', '.join(sorted(ids)) or '-'}"
                )
        _check_word(found, f"{row}.label", entry.get("label"), LABELS)
        evidence = entry.get("evidence")
        if evidence == [] or evidence is None:
            found.wrong(row, "has no evidence")
        else:
            _check_quotes(found, f"{row}.evidence", evidence, labels.body)
        _no_other_keys(found, row, entry, ("holder", "target", "label", "evidence"))
        key = repr([entry.get(k) for k in ("holder", "target", "label")])
        if seen.setdefault(key, row) != row:
            found.wrong(row, f"says the same as {seen[key]}; put both quotes into one row")


def _check_quotes(found: Found, part: str, rows: Any, body: str) -> None:
    for row, entry in _objects(found, part, rows):
        text = _string(found, row, entry, "text")
        if text is not None and (problem := _quote_problem(entry, text, body)):
            found.wrong(row, problem)
        unanchored = ("n",) if "start" not in entry else ()
        _no_other_keys(found, row, entry, ("text", "start", "end", *unanchored))


def _quote_problem(entry: dict[str, Any], text: str, body: str) -> str | None:
    """Say why the entry does not quote the article, or None where it does."""
    places = list(occurrences(body, text))
    start, end = entry.get("start"), entry.get("end")
    if not places:
        return f"text {_short(text)} is not in the article"
    if start is None or end is None:
        return "has no offsets yet; run: python -m eval anchor FOLDER (or stance.gold.anchor_gold)"
    if not (_is_int(start) and _is_int(end)):
        return f"offsets must be whole numbers, got start {start!r}, end {end!r}"
    if not 0 <= start < end <= len(body):
        return f"offsets ({start}, {end}) lie outside the article (0, {len(body)})"
    if body[start:end] != text:
        right = ", ".join(f"({p}, {p + len(text)})" for p in places[:3])
        return (
            f"wrong offset: ({start}, {end}) is {_short(body[start:end])}, "
            f"not {_short(text)}, which stands at {right}"
        )
    return None


def _look_at_names(found: Found, labels: Labels) -> None:
    """Note what is legal but suspicious: aliases not in the text, ids that no row uses."""
    whole = f"{labels.title}\n{labels.body}"
    used = {
        key: {row.get(key) for row in _dicts(labels.data.get("stances"))}
        for key in ("holder", "target")
    }
    for i, holder in enumerate(_dicts(labels.data.get("holders"))):
        for alias in holder.get("aliases") or ():
            if isinstance(alias, str) and alias not in whole:
                found.odd(f"holders[{i}]", f"alias {_short(alias)} is not in the text")
    for part, key in (("holders", "holder"), ("targets", "target")):
        for i, entry in enumerate(_dicts(labels.data.get(part))):
            if entry.get("id") not in used[key]:
                found.odd(f"{part}[{i}]", f"no row speaks of {entry.get('id')!r}")


def _objects(found: Found, part: str, rows: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows that are objects with their place; report the others."""
    if not isinstance(rows, list):
        found.wrong(part, f"expected a list, got {type(rows).__name__}")
        return
    for i, entry in enumerate(rows):
        if isinstance(entry, dict):
            yield f"{part}[{i}]", entry
        else:
            found.wrong(f"{part}[{i}]", f"expected an object, got {_short(entry)}")


def _dicts(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _string(found: Found, row: str, entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if isinstance(value, str) and value.strip():
        return value
    found.wrong(row, f"{key} must be a string with words in it, got {value!r}")
    return None


def _check_strings(found: Found, part: str, values: Any) -> None:
    _each(found, part, values, lambda v: isinstance(v, str) and bool(v.strip()), "not a string")


def _check_words(found: Found, part: str, values: Any, known: Collection[str]) -> None:
    singular = "phenomenon" if part == "phenomena" else part
    _each(found, part, values, lambda v: v in known, f"unknown {singular}")


def _each(found: Found, part: str, values: Any, good: Callable[[Any], bool], problem: str) -> None:
    if not isinstance(values, list):
        found.wrong(part, f"expected a list, got {type(values).__name__}")
        return
    for i, value in enumerate(values):
        if not good(value):
            found.wrong(f"{part}[{i}]", f"{problem}: {_short(value)}")


def _check_word(found: Found, row: str, value: Any, known: Collection[str]) -> None:
    if value not in tuple(known):
        found.wrong(row, f"unknown {row.rpartition('.')[2]} {value!r}; use {', '.join(known)}")


def _no_other_keys(found: Found, row: str, entry: dict[str, Any], known: Collection[str]) -> None:
    for key in sorted(set(entry) - set(known)):
        found.wrong(row, f"unknown key {key!r}; known are {', '.join(known)}")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return repr(text if len(text) <= 60 else f"{text[:57]}…")
