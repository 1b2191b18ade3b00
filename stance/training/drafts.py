"""Score drafts of a summarizer on its dev documents: how near to the reference, how faithful."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.backends.base import Encoder, PairScorer
from stance.draft import read_draft
from stance.metrics import rouge
from stance.text import Document, make_document
from stance.training.sets import read_rows
from stance.training.summaries import DRAFT
from stance.verify import Checker, Finding, SupportModel

# As in the guard: below this a sentence would not get out.
FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Readers:
    """Hold what checks drafts: encoder, scorer, and what turns their findings into support."""

    encoder: Encoder
    scorer: PairScorer
    support: SupportModel

    def checker(self, document: Document) -> Checker:
        """Return what checks sentences against a document."""
        encoding = self.encoder.encode(document)
        return Checker(document, encoding, self.scorer, self.encoder, model=self.support)


def score(path: Path, data: Path, readers: Readers) -> dict[str, dict[str, float]]:
    """Score a file of drafts.

    Args:
        path: what ``stance.training.summarizer`` wrote.
        data: the folder with the documents.
        readers: what checks the drafts; it has no part in the ROUGE scores.

    Returns:
        For each writer the means over documents: ROUGE F1, sentences, words, `support`, `passed`
        (the share of sentences that the guard would let out as they are), `literal` (those without
        a name, number or quote of their own) and `new_pairs` (the share of pairs of neighbouring
        words that the document lacks: 0 is a copy).
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = {row["id"] for row in rows}
    pool = read_rows(data, "train", "summ_pool")
    documents = {r["id"]: r["document"] for r in pool if r["id"] in wanted}
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        checker = readers.checker(make_document(documents[row["id"]]))
        for name, draft in row["drafts"].items():
            sentences = read_draft(draft, max_tokens=DRAFT.max_tokens)
            told = measures(checker.check(sentences))
            nearness = rouge("\n".join(sentences), _lines(row["reference"]))
            for key, value in {**nearness, **told}.items():
                totals[name][key] += value
    return {name: _means(sums, len(rows)) for name, sums in totals.items()}


def measures(findings: Sequence[Finding]) -> dict[str, float]:
    """Say how long and how faithful one draft is; an empty one is neither."""
    size = max(1, len(findings))
    supports = [f.sentence.support for f in findings]
    clean = [not f.sentence.unsupported for f in findings]
    passed = [s >= FLOOR and c for s, c in zip(supports, clean, strict=True)]
    return {
        "sentences": float(len(findings)),
        "words": float(sum(len(f.sentence.text.split()) for f in findings)),
        "support": sum(supports) / size,
        "passed": sum(passed) / size,
        "literal": sum(clean) / size,
        "new_pairs": sum(f.features.new_pairs for f in findings) / size,
    }


def _lines(reference: str) -> str:
    """Set each sentence on a line of its own, as ROUGE-Lsum wants them."""
    document = make_document(reference)
    return "\n".join(document.sentence(i) for i in range(len(document.sentences)))


def _means(sums: Mapping[str, float], count: int) -> dict[str, float]:
    return {key: round(value / max(1, count), 4) for key, value in sums.items()}
