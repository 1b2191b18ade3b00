"""Take gold articles to Label Studio and bring them back, as its JSON.

A region is one piece of evidence: its label is the stance, two fields of the region name holder and
target. Holders and targets keep their kinds and aliases in the task's data, so that nothing is lost
on the way there and back. Offsets are counted in code points here; what a browser counted in
UTF-16 units is put right by the words that come with it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.errors import DataError, FileMissingError, OptionError
from stance.gold import GoldArticle, inspect_gold, load_gold
from stance.records import LABELS

__all__ = ["PAGE", "export_tasks", "import_tasks", "labels_of_task", "task_of"]

# The page that asks for what the gold format holds.
PAGE = """\
<View>
  <Header value="$title"/>
  <Labels name="part" toName="text">
    <Label value="favor" background="#009E73"/>
    <Label value="against" background="#D55E00"/>
    <Label value="neutral" background="#999999"/>
    <Label value="salient" background="#F0E442"/>
  </Labels>
  <Text name="text" value="$text"/>
  <TextArea name="holder" toName="text" perRegion="true" maxSubmissions="1"
            placeholder="who takes this stance"/>
  <TextArea name="target" toName="text" perRegion="true" maxSubmissions="1"
            placeholder="toward what"/>
  <TextArea name="summary" toName="text" maxSubmissions="3"
            placeholder="what the article says, a sentence each"/>
</View>
"""
_UNSAFE = re.compile(r"[^a-z0-9]+")
Json = dict[str, Any]


def export_tasks(folder: str | Path, output: str | Path, *, drafts: bool = False) -> int:
    """Write a folder of gold articles as tasks for Label Studio.

    Args:
        folder: has ``articles/*.txt`` and ``labels/*.json``.
        output: the JSON file; the labelling page is written beside it as ``.xml``.
        drafts: write the labels as predictions to be accepted, not as annotations.

    Returns:
        The number of tasks.

    Raises:
        DataError: the labels are wrong somewhere.
    """
    tasks = [task_of(article, drafts=drafts) for article in load_gold(folder)]
    path = Path(output)
    text = json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")
    path.with_name(f"{path.name}.xml").write_text(PAGE, encoding="utf-8")
    return len(tasks)


def task_of(article: GoldArticle, *, drafts: bool = False) -> Json:
    """Write one gold article as a task."""
    regions: list[Json] = []
    for number, stance in enumerate(article.stances):
        holder, target = article.holder(stance.holder), article.target(stance.target)
        for place, evidence in enumerate(stance.evidence):
            key = f"s{number}e{place}"
            regions += _region(key, evidence.start, evidence.end, evidence.text, stance.label)
            regions += [_words(key, evidence, "holder", [holder.name])]
            regions += [_words(key, evidence, "target", [target.text])]
    for place, quote in enumerate(article.salient):
        regions += _region(f"q{place}", quote.start, quote.end, quote.text, "salient")
    if article.summary:
        regions.append(
            {
                "id": "summary",
                "type": "textarea",
                "from_name": "summary",
                "to_name": "text",
                "value": {"text": list(article.summary)},
            }
        )
    known = {
        "id": article.id,
        "holders": [h.to_dict() for h in article.holders],
        "targets": [t.to_dict() for t in article.targets],
        **{k: v for k in ("split", "desk") if (v := getattr(article, k)) is not None},
        **({"source": article.article.source} if article.article.source else {}),
        **({"phenomena": list(article.phenomena)} if article.phenomena else {}),
    }
    data = {"title": article.article.title or "", "text": article.article.text, "gold": known}
    side = "predictions" if drafts else "annotations"
    return {"data": data, side: [{"result": regions}]}


def _region(key: str, start: int, end: int, text: str, label: str) -> list[Json]:
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return [{"id": key, "type": "labels", "from_name": "part", "to_name": "text", "value": value}]


def _words(key: str, evidence: Any, name: str, words: Sequence[str]) -> Json:
    value = {"start": evidence.start, "end": evidence.end, "text": list(words)}
    return {"id": key, "type": "textarea", "from_name": name, "to_name": "text", "value": value}


def import_tasks(file: str | Path, out: str | Path, *, force: bool = False) -> int:
    """Write what Label Studio exported as a folder of gold articles.

    Args:
        file: its JSON (not JSON-MIN).
        out: the folder to make.
        force: replace what lies there.

    Returns:
        The number of articles.

    Raises:
        DataError: the file is no such export, or a region lacks its holder or target.
        FileMissingError: there is no such file.
        OptionError: `out` exists.
    """
    path, folder = Path(file), Path(out)
    if folder.exists() and not force:
        raise OptionError(f"{folder} exists; give another --out, or --force to replace it")
    tasks = _tasks(path)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for below in ("articles", "labels"):
        (part / below).mkdir(parents=True)
    for number, task in enumerate(tasks):
        name, article, labels = labels_of_task(task, f"{path.name}[{number}]", number)
        (part / "articles" / f"{name}.txt").write_text(article, encoding="utf-8", newline="\n")
        text = json.dumps(labels, ensure_ascii=False, indent=1) + "\n"
        (part / "labels" / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
    offences = inspect_gold(part).offences
    if offences:
        shutil.rmtree(part)
        told = "\n  ".join(str(offence) for offence in offences[:20])
        raise DataError(f"{path}: the labels are wrong in {len(offences)} places:\n  {told}")
    if folder.exists():
        shutil.rmtree(folder)
    part.replace(folder)
    return len(tasks)


def _tasks(path: Path) -> list[Json]:
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileMissingError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"{path} is not JSON: {error}; export as JSON") from error
    whole = isinstance(tasks, list) and all(isinstance(t, dict) and "data" in t for t in tasks)
    if not whole:
        raise DataError(f"{path} holds no tasks with data; export as JSON, not as JSON-MIN or CSV")
    if not tasks:
        raise DataError(f"{path} holds no task")
    return [t for t in tasks if isinstance(t, dict)]


def labels_of_task(task: Json, place: str, number: int) -> tuple[str, str, Json]:
    """Turn one task into a gold article.

    Args:
        task: as Label Studio exports it.
        place: how to call it in messages.
        number: names an article that has no id.

    Returns:
        The stem of its files, the text file, and the label file.

    Raises:
        DataError: the task has no text, or a region lacks its holder or target.
    """
    data: Json = task["data"]
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{place} has no text in its data; import it under the name 'text'")
    body = text.strip("\n")
    moved = len(text) - len(text.lstrip("\n"))
    known: Json = data.get("gold") or {}
    name = str(known.get("id") or _UNSAFE.sub("-", str(data.get("title", "")).casefold())[:60])
    name = name.strip("-") or f"task-{number}"
    holders, targets = _Names("name", known.get("holders")), _Names("text", known.get("targets"))
    stances: dict[tuple[str, str, str], Json] = {}
    salient: list[Json] = []
    regions, summary = _regions(task, place)
    for key, region in regions.items():
        quote = _quote(region, text, moved, f"{place}, region {key}")
        label = region["label"]
        if label == "salient":
            salient.append(quote)
            continue
        missing = [w for w in ("holder", "target") if not region.get(w)]
        if missing:
            raise DataError(
                f"{place}, region {key} ({quote['text']!r:.40}): has no {missing[0]}; fill the "
                "region's field in Label Studio"
            )
        row = (holders.key(region["holder"]), targets.key(region["target"]), label)
        entry = {"holder": row[0], "target": row[1], "label": label, "evidence": []}
        stances.setdefault(row, entry)["evidence"].append(quote)
    labels: Json = {
        "id": name,
        **{k: known[k] for k in ("source", "split", "desk", "phenomena") if k in known},
        "summary": summary,
        "salient": salient,
        "holders": holders.rows("H", "person"),
        "targets": targets.rows("T", "claim"),
        "stances": list(stances.values()),
    }
    title = " ".join(str(data.get("title") or name).split())
    return name, f"{title}\n\n{body}\n", {k: v for k, v in labels.items() if v or k != "summary"}


class _Names:
    """Give holders or targets their ids: the ones they had, or new ones."""

    def __init__(self, field: str, known: Iterable[Mapping[str, Any]] | None) -> None:
        self.field = field
        self.known = {str(row[field]): dict(row) for row in known or ()}
        self.new: dict[str, Json] = {}

    def key(self, words: str) -> str:
        """Return the id of these words, however they are capitalized."""
        for name, row in {**self.known, **self.new}.items():
            names = (name, *row.get("aliases", ()))
            if words.strip().casefold() in {n.casefold() for n in names}:
                return str(row["id"])
        letter = "H" if self.field == "name" else "T"
        taken = {row["id"] for row in [*self.known.values(), *self.new.values()]}
        number = next(i for i in range(1, len(taken) + 2) if f"{letter}{i}" not in taken)
        self.new[words.strip()] = {"id": f"{letter}{number}", self.field: words.strip()}
        return f"{letter}{number}"

    def rows(self, _: str, kind: str) -> list[Json]:
        """Return every holder or target; a new one gets the commonest kind, to be corrected."""
        return [{"kind": kind, **row} for row in [*self.known.values(), *self.new.values()]]


def _regions(task: Json, place: str) -> tuple[dict[str, Json], list[str]]:
    """Collect the regions of the last annotation, or of the prediction where there is none."""
    made = [a for a in task.get("annotations") or () if not a.get("was_cancelled")]
    made = made or list(task.get("predictions") or ())
    regions: dict[str, Json] = {}
    summary: list[str] = []
    for item in made[-1]["result"] if made else ():
        value, name = item.get("value", {}), item.get("from_name")
        region = regions.setdefault(str(item.get("id")), {}) if name != "summary" else {}
        if name == "summary":
            summary += [str(line) for line in value.get("text", ())]
        elif item.get("type") == "labels":
            region |= {k: value.get(k) for k in ("start", "end", "text")}
            region["label"] = (value.get("labels") or [""])[0]
        elif name in ("holder", "target"):
            words = value.get("text")
            region[name] = str(words[0] if isinstance(words, list) and words else words or "")
    for key, region in regions.items():
        if region.get("label") not in (*LABELS, "salient"):
            raise DataError(
                f"{place}, region {key}: label {region.get('label')!r} is none of "
                f"{', '.join(LABELS)} and salient; use the page that the export wrote"
            )
    return regions, summary


def _quote(region: Json, text: str, moved: int, place: str) -> Json:
    """Anchor a region in the body."""
    start, end, said = region.get("start"), region.get("end"), region.get("text")
    if not isinstance(start, int) or not isinstance(end, int):
        raise DataError(f"{place} has no whole offsets; export as JSON")
    words = said if isinstance(said, str) else text[start:end]
    for first in (start, _code_points(text, start)):
        if text[first : first + len(words)] == words:
            return {"start": first - moved, "end": first - moved + len(words), "text": words}
    raise DataError(
        f"{place}: its words {words!r:.40} do not stand at {start} of the text; the text was "
        "changed after it was labelled"
    )


def _code_points(text: str, units: int) -> int:
    """Turn an offset in UTF-16 units, as browsers count, into one in code points."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
