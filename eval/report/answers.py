"""Show single answers, the wrong ones first, gold beside prediction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from eval.base import Json, Sample
from eval.runfiles import SuiteRun
from stance.markup import Html, tag
from stance.records import Span

SIGNS = {"right": "✓ right", "wrong": "✗ wrong", "missed": "○ missed", "invented": "+ invented"}
SHOWN = 320


def answers(suite: SuiteRun, limit: int) -> Html:
    """Show up to `limit` answers of one run, the worst first."""
    ranked = sorted(suite.samples, key=_badness)[:limit]
    note = tag(
        "p", f"{len(ranked)} of {len(suite.samples)} answers, the worst first", class_="soft"
    )
    if not ranked:
        return note
    gold = ranked[0].item.gold
    if isinstance(gold, dict) and "stances" in gold:
        return tag("div", note, _LEGEND, *map(_article, ranked))
    if isinstance(gold, dict) and "attributions" in gold:
        return tag("div", note, _LEGEND, *map(_attributions, ranked))
    return tag("div", note, tag("div", _table(ranked), class_="scroll"))


def _badness(sample: Sample) -> tuple[float, float]:
    """Sort crashes and low scores first, and among equals the most certain first."""
    score = 2.0 if sample.score is None else sample.score
    prediction = sample.prediction
    certain = 0.0
    if isinstance(prediction, dict) and "scores" in prediction:
        certain = float(prediction["scores"].get(prediction["label"], 0.0))
    return (-1.0 if sample.error else score, -certain)


_LEGEND = tag(
    "p",
    *(
        tag("span", tag("mark", words, class_=kind))
        for kind, words in (
            ("both", "gold and prediction"),
            ("gold", "gold only: missed"),
            ("found", "prediction only: invented"),
        )
    ),
    class_="legend",
)


def _table(samples: Sequence[Sample]) -> Html:
    """Set answers in rows: verdict, labels, input."""
    head = tag("tr", tag("th", "verdict"), tag("th", "answer"), tag("th", "input"))
    rows = [
        tag(
            "tr",
            tag("td", tag("span", _sign(s), class_="tag"), tag("small", f" {s.item.id}")),
            tag("td", _answer(s), tag("small", s.explanation)),
            tag("td", *_input(s)),
            class_=_status(s) if s.error or "summary" not in s.item.gold else None,
        )
        for s in samples
    ]
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="answers")


def _status(sample: Sample) -> str:
    if sample.error:
        return "missed"
    return "right" if (sample.score or 0.0) >= 0.5 else "wrong"


def _sign(sample: Sample) -> str:
    """Say right or wrong; a summary is neither, it has a score."""
    if "summary" in sample.item.gold and not sample.error:
        return f"{sample.score or 0.0:.2f}"
    return SIGNS[_status(sample)]


def _answer(sample: Sample) -> Html:
    """Strike out the wrong label and put the right one beside it."""
    gold, said = sample.item.gold, sample.prediction
    if "label" in gold:
        label = said["label"] if said else "no answer"
        wrong = tag("del", label) if label != gold["label"] else None
        return tag("div", wrong, " ", tag("ins", gold["label"]), class_="labels")
    if "summary" in gold:
        text = "\n".join(said["sentences"]) if said else "no answer"
        return tag(
            "div",
            tag("small", "written"),
            tag("div", text, class_="cut"),
            tag("small", "reference"),
            tag("div", gold["summary"], class_="cut"),
        )
    return tag("div")


def _input(sample: Sample) -> list[Html]:
    """Show what was asked, long texts folded."""
    names = ("target", "p", "q", "summary", "first", "second")
    shown = sample.item.input
    parts = [
        tag("div", tag("small", f"{name} "), str(shown[name])) for name in names if name in shown
    ]
    text = str(shown.get("text", ""))
    if "start" in shown:
        return [*parts, tag("div", *_around(text, shown["start"], shown["end"]))]
    if len(text) <= SHOWN:
        return [*parts, tag("div", text)]
    more = tag("details", tag("summary", f"{text[:SHOWN]}…"), tag("div", text, class_="cut"))
    return [*parts, more]


def _around(text: str, start: int, end: int) -> list[str]:
    return [text[:start], tag("mark", text[start:end], class_="both"), text[end:]]


def _attributions(sample: Sample) -> Html:
    """Show a document with the sources and contents that either side attributes."""
    offsets = sample.item.input["offsets"]
    wanted = [
        Span(offsets[a][0], offsets[b - 1][1])
        for attribution in sample.item.gold["attributions"]
        for role in ("source", "content")
        for a, b in attribution[role]
    ]
    said = sample.prediction or ()
    found = [Span(a, b) for s in said for role in ("source", "content") for a, b in s[role]]
    return tag(
        "article",
        tag("header", tag("h4", sample.item.id), tag("small", sample.explanation)),
        tag("div", *two_sided(sample.item.input["text"], wanted, found), class_="text"),
    )


def _article(sample: Sample) -> Html:
    """Show one labelled article: its text with the evidence, and every row's verdict beside it."""
    prediction = sample.prediction or {}
    verdicts = prediction.get("verdicts", {})
    rows = sorted(verdicts.get("closed", ()), key=lambda v: _ORDER[v["status"]])
    found = [_span(e) for v in rows for e in v["found"]]
    wanted = [_span(e) for row in sample.item.gold["stances"] for e in row["evidence"]]
    score = "–" if sample.score is None else f"{sample.score:.2f}"
    summary = _summaries(sample.item.gold, prediction)
    return tag(
        "article",
        tag(
            "header",
            tag("h4", sample.item.input["title"] or sample.item.id),
            tag("b", f"F1 {score}"),
            tag("small", f"{sample.item.id} · {sample.explanation}"),
        ),
        tag(
            "div",
            tag("div", *two_sided(sample.item.input["text"], wanted, found), class_="text"),
            tag("div", _verdicts("targets given", rows), _open_part(verdicts), summary),
            class_="sides",
        ),
    )


_ORDER = {"wrong": 0, "missed": 1, "invented": 2, "right": 3}


def _open_part(verdicts: Json) -> Html | None:
    rows = sorted(verdicts.get("opened", ()), key=lambda v: _ORDER[v["status"]])
    if not rows:
        return None
    title = tag("summary", f"targets discovered ({len(rows)} rows)")
    return tag("details", title, _verdicts("", rows))


def _verdicts(title: str, rows: Sequence[Json]) -> Html:
    heading = tag("h4", title) if title else None
    if not rows:
        return tag("div", heading, tag("p", "no rows on either side", class_="soft"))
    return tag("div", heading, tag("ul", *map(_verdict, rows), class_="verdicts"))


def _verdict(row: Json) -> Html:
    """Show one row: who, toward what, gold's label against the predicted one, both quotes."""
    said, gold = row["predicted"], row["gold"]
    labels = [tag("del", said) if said and said != gold else None, " "]
    labels.append(tag("ins", gold) if gold else tag("span", "gold has no such row"))
    sure = f" ({row['confidence']:.2f})" if row["confidence"] is not None else ""
    named = row["said_by"] if row["said_by"] not in (None, row["holder"]) else None
    return tag(
        "li",
        tag("span", SIGNS[row["status"]], class_="tag"),
        " ",
        tag("b", row["holder"]),
        " ",
        tag("span", *labels, sure, class_="labels"),
        tag("small", f"called {named}") if named else None,
        tag("div", row["target"]),
        *(_quoted("gold", e) for e in row["wanted"]),
        *(_quoted("said", e) for e in row["found"]),
        class_=row["status"],
    )


def _quoted(side: str, evidence: Json) -> Html:
    return tag("small", f"{side}: ", tag("q", evidence["text"]))


def _summaries(gold: Json, prediction: Json) -> Html | None:
    """Show the predicted summary beside the reference."""
    opened = prediction.get("opened") or {}
    made = prediction.get("summary") or opened.get("summary")
    if not made:
        return None
    return tag(
        "details",
        tag("summary", "summary"),
        tag("p", made["text"]),
        tag("p", tag("small", "reference: "), " ".join(gold.get("summary", ()))),
    )


def _span(evidence: Json) -> Span:
    return Span(evidence["start"], evidence["end"])


def two_sided(text: str, wanted: Sequence[Span], found: Sequence[Span]) -> list[str]:
    """Cut a text wherever a span of either side begins or ends, and mark whose each piece is.

    Args:
        text: the whole text.
        wanted: gold's spans.
        found: the prediction's spans.

    Returns:
        Strings and markup; without the markup they are the text itself.
    """
    edges = {edge for s in (*wanted, *found) for edge in (s.start, s.end)}
    cuts = sorted({0, len(text), *(e for e in edges if 0 < e < len(text))})
    pieces: list[str] = []
    for start, end in pairwise(cuts):
        here = Span(start, end)
        sides = [any(s.contains(here) for s in side) for side in (wanted, found)]
        kind = {(True, True): "both", (True, False): "gold", (False, True): "found"}
        words: Any = text[start:end]
        name = kind.get((sides[0], sides[1]))
        pieces.append(tag("mark", words, class_=name) if name else words)
    return pieces
