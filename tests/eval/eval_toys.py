"""Small data folders and systems for the harness's tests."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.base import Item
from stance.records import (
    Analysis,
    Article,
    Evidence,
    Holder,
    ModelInfo,
    Scores,
    Span,
    Stance,
    Statement,
    Summary,
    SummarySentence,
    Target,
)

Rows = list[dict[str, Any]]


def write_set(root: Path, part: str, name: str, rows: Rows) -> None:
    (root / part).mkdir(parents=True, exist_ok=True)
    with gzip.open(root / part / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def pair(text: str, target: str, label: str, split: str = "test", **more: Any) -> dict[str, Any]:
    return {"text": text, "target": target, "label": label, "split": split, **more}


def fnc_rows() -> Rows:
    words = {"agree": "yes", "disagree": "no", "discuss": "perhaps", "unrelated": "weather"}
    return [
        pair(f"{words[label]} number {i}", "the dam held", label, body_id=str(i // 2))
        for i, label in enumerate([*words] * 4)
    ]


TEXT = "Ann Roe said the mill will close. The union of Bo Lund denied it."


def write_gold(folder: Path, stems: Sequence[str] = ("one", "two", "three")) -> Path:
    for name in ("articles", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for i, stem in enumerate(stems):
        (folder / "articles" / f"{stem}.txt").write_text(f"{stem}\n\n{TEXT}\n", encoding="utf-8")
        quote = {"text": "denied it", "start": TEXT.index("denied"), "end": len(TEXT) - 1}
        data = {
            "id": stem,
            "split": "dev" if i == 0 else "test",
            "desk": "business",
            "phenomena": ["denial"],
            "summary": ["Ann Roe said the mill will close."],
            "salient": [{"text": TEXT[:33], "start": 0, "end": 33}],
            "holders": [
                {"id": "H1", "name": "Ann Roe", "kind": "person"},
                {"id": "H2", "name": "the union of Bo Lund", "kind": "organization"},
            ],
            "targets": [{"id": "T1", "text": "the mill will close", "kind": "claim"}],
            "stances": [
                {
                    "holder": "H1",
                    "target": "T1",
                    "label": "favor",
                    "evidence": [{"text": "will close", "start": 22, "end": 32}],
                },
                {"holder": "H2", "target": "T1", "label": "against", "evidence": [quote]},
            ],
        }
        (folder / "labels" / f"{stem}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


class Words:
    """Judge pairs by single words; crash on texts with a given word; count what it was asked."""

    name = "words"

    def __init__(self, crash_on: str = "\0", digest: str | None = "d1") -> None:
        self.crash_on, self.digest = crash_on, digest
        self.asked: list[str] = []

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(self.name, None, self.digest)

    def score_pairs(
        self, texts: Sequence[str], targets: Sequence[str], **_: Any
    ) -> np.ndarray[Any, Any]:
        if any(self.crash_on in text for text in texts):
            raise ValueError(f"cannot read {self.crash_on}")
        self.asked += texts
        return np.array([self._judge(text) for text in texts])

    def _judge(self, text: str) -> list[float]:
        for i, word in enumerate(("yes", "no ", "perhaps")):
            if word in text:
                return [0.8 if i == j else 0.1 for j in range(3)] + [0.9]
        return [0.4, 0.3, 0.3, 0.1]

    def entail(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray[Any, Any]:
        return np.array([[0.8, 0.1, 0.1] if "yes" in a else [0.1, 0.2, 0.7] for a, _ in pairs])

    def attribute(self, text: str) -> list[Statement]:
        return [Statement((Span(13, 32),), Span(0, 7), Span(8, 12))]

    def summarize(self, text: str, *, length: int, item: Item) -> Summary:
        return Summary(text[:33], "extract", (SummarySentence(text[:33], support=0.75),))

    def support(self, summary: str, text: str) -> float:
        return 0.9 if summary in text else 0.2


class Contrary(Words):
    """Say the opposite of what it reads."""

    name = "contrary"

    def score_pairs(self, texts: Any, targets: Any, **more: Any) -> Any:
        return super().score_pairs(texts, targets, **more)[:, [1, 0, 2, 3]]


class Reader(Words):
    """Find Ann Roe, by her name alone, in favour of whatever is asked."""

    name = "reader"

    def analyze(
        self, article: Article, targets: Sequence[str] | None = None, *, summary: Any = "auto"
    ) -> Analysis:
        if self.crash_on in (article.id or ""):
            raise RuntimeError("an odd article")
        self.asked.append(article.id or "")
        end = article.text.index(" said")
        holder = Holder("the owner", mentions=(Span(0, end),))
        row = Stance(
            holder,
            Target((targets or ["the mill closes"])[0]),
            "favor" if "Ann" in article.text else "against",
            0.9,
            Scores(0.9, 0.05, 0.05),
            (Evidence.cut(article.text, Span(0, end)),),
        )
        made = None if summary is None else self.summarize(article.text, length=1, item=None)  # type: ignore[arg-type]
        return Analysis(article, summary=made, stances=(row,))
