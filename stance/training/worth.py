"""Fit the weights by which `stance.worth` weighs sentences.

    python -m stance.training.worth DATA --model mini

reads the CNN/DailyMail documents of ``summ_pool``. A sentence is worth the words of the reference
that it adds to those chosen before it, less a share of its own length: choosing by that climbs
ROUGE-1. The weights are fitted on the training part without a model. That of the model's salience
is fitted to what they leave over on the development part, for the head has seen the rest. It takes
a minute or two, nearly all of it for reading the development documents.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from stance import worth
from stance.backends.base import Encoding, Floats
from stance.candidates import stems_of
from stance.length import Length
from stance.metrics import rouge
from stance.records import ModelInfo
from stance.salience import candidates, rank, select
from stance.text import Document, make_document
from stance.training.sets import Row, read_rows
from stance.worth import Table

PICKS = 3
# A word costs about half of the ROUGE-1 that is to be had: then one more sentence is worth it just
# where it raises the score. (On dev documents 0.14 gains 0.004 more on CNN, whose references are
# short, and loses 0.015 on the seeds.)
COST = 0.12
PENALTY = 30.0
ROUNDS = 3
# What stands later in an article is hardly ever chosen.
DEPTH = 45
# CNN's documents are three in four, and their references the shorter ones.
CNN_SHARE = 0.5
_CNN, _DATELINE = "(CNN", 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one document: features, stems and what its reference has of each sentence's words.

    `stems` has shape (sentences, stems), `traits` (stems, word features), `shared` (sentences,
    words of the reference) counts, and `wanted` says how often the reference has each.
    """

    static: Table
    stems: Table
    traits: Table
    shared: Table
    wanted: Table
    sizes: Table
    share: float

    def features(self, chosen: Sequence[int]) -> Table:
        """Return the features of all sentences where some are chosen already."""
        new = np.ones(self.stems.shape[1])
        if chosen:
            new -= self.stems[list(chosen)].max(0)
        return np.hstack([self.static, (self.stems * new) @ self.traits])

    def gains(self, chosen: Sequence[int]) -> Table:
        """Return what each sentence would add to those chosen."""
        told = self.shared[list(chosen)].sum(0)
        had = np.minimum(told, self.wanted).sum()
        added = np.minimum(told + self.shared, self.wanted).sum(1) - had
        gain: Table = (added - COST * self.sizes) / max(1.0, float(self.wanted.sum()))
        return gain


def sheet_of(texts: Sequence[str], reference: str, share: float) -> Sheet:
    """Set a document's sentences against its reference."""
    own = [stems_of(text) for text in texts]
    traits = worth.word_features(own)
    places = {stem: column for column, stem in enumerate(traits)}
    stems = np.zeros((len(texts), len(places)))
    for row, found in enumerate(own):
        stems[row, [places[stem] for stem in found]] = 1.0
    wanted = Counter(_tokens(reference))
    counts = [Counter(_tokens(text)) for text in texts]
    return Sheet(
        worth.sentence_features(texts),
        stems,
        np.array(list(traits.values())).reshape(-1, len(worth.WORD_WEIGHTS)),
        np.array([[count[word] for word in wanted] for count in counts], dtype=np.float64),
        np.array(list(wanted.values()), dtype=np.float64),
        np.array([count.total() for count in counts], dtype=np.float64),
        share,
    )


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from rouge_score.tokenizers import DefaultTokenizer

    return DefaultTokenizer(use_stemmer=True)


def _tokens(text: str) -> list[str]:
    """Cut a text as ROUGE does."""
    return list(_tokenizer().tokenize(text))


def fit(sheets: Sequence[Sheet]) -> Table:
    """Fit by ridge regression on standardized features, sentence after sentence.

    Args:
        sheets: documents; what is chosen before a sentence comes from the weights of the round
            before, at first from the start of the article.

    Returns:
        One weight per feature, in the features' own units.
    """
    weights: Table | None = None
    for _ in range(ROUNDS):
        values, worths, shares = [], [], []
        for sheet in sheets:
            order = choose(sheet, weights) if weights is not None else list(range(PICKS))
            for picks in range(PICKS):
                free = [i for i in range(min(DEPTH, len(sheet.sizes))) if i not in order[:picks]]
                if len(free) > 1:
                    features = sheet.features(order[:picks])[free]
                    gains = sheet.gains(order[:picks])[free]
                    values.append(features - features.mean(0))
                    worths.append(gains - gains.mean())
                    shares.append(np.full(len(free), sheet.share))
        weights = _ridge(np.vstack(values), np.concatenate(worths), np.concatenate(shares))
    return np.zeros(0) if weights is None else weights


def _ridge(values: Table, worths: Table, shares: Table) -> Table:
    spread = np.sqrt(np.average(values**2, axis=0, weights=shares))
    spread[spread < 1e-9] = 1.0
    standard = values / spread
    weighted = (standard * shares[:, None]).T
    curve = weighted @ standard + PENALTY * np.eye(values.shape[1])
    return np.asarray(np.linalg.solve(curve, weighted @ worths) / spread, dtype=np.float64)


def choose(sheet: Sheet, weights: Table) -> list[int]:
    """Choose sentences by weights, the best first."""
    chosen: list[int] = []
    for _ in range(min(PICKS, len(sheet.sizes))):
        value = sheet.features(chosen) @ weights
        value[chosen] = -np.inf
        chosen.append(int(value.argmax()))
    return chosen


def fit_head(sheets: Sequence[Sheet], heads: Sequence[Floats], weights: Table) -> float:
    """Fit the weight of the salience to what the other weights leave over."""
    over = total = 0.0
    for sheet, head in zip(sheets, heads, strict=True):
        left = (sheet.gains([]) - sheet.features([]) @ weights)[:DEPTH]
        own = (head - head[:DEPTH].mean())[:DEPTH]
        over += sheet.share * float(own @ (left - left.mean()))
        total += sheet.share * float(own @ own)
    return max(0.0, over / total) if total else 0.0


def documents_of(data: Path, split: str) -> list[tuple[Row, Document]]:
    """Read the CNN/DailyMail documents of one part, but those that are no longer than a summary."""
    rows = [r for r in read_rows(data, "train", "summ_pool") if r["set"].startswith("cnndm")]
    read = [(row, make_document(row["document"])) for row in rows if row["split"] == split]
    return [(row, document) for row, document in read if len(candidates(document)[0]) > PICKS]


def _sheet(row: Row, document: Document) -> Sheet:
    share = CNN_SHARE if _CNN in row["document"][:_DATELINE] else 1.0
    return sheet_of(list(candidates(document)[0].values()), row["summary"], share)


def compare(documents: Sequence[tuple[Row, Document]], encodings: Sequence[Encoding]) -> list[str]:
    """Say what three sentences score, chosen with the present weights and at the start."""
    own: dict[bool, list[float]] = {True: [], False: []}
    lead: dict[bool, list[float]] = {True: [], False: []}
    for (row, document), encoding in zip(documents, encodings, strict=True):
        ranking, key = rank(document, encoding), _CNN in row["document"][:_DATELINE]
        told = [ranking.texts[i] for i in select(ranking, Length(PICKS, "sentences"), PICKS)]
        first = [document.sentence(i) for i in range(PICKS)]
        own[key].append(rouge("\n".join(told), row["summary"])["rouge1"])
        lead[key].append(rouge("\n".join(first), row["summary"])["rouge1"])
    return [
        f"# {'CNN' if key else 'Daily Mail'}, {len(own[key])} documents of the development part: "
        f"ROUGE-1 {np.mean(own[key]):.3f}, LEAD-{PICKS} {np.mean(lead[key]):.3f}"
        for key in own
        if own[key]
    ]


def written(weights: Table, head: float) -> str:
    """Write weights as the library has them."""
    lines: list[str] = []
    left = iter(weights)
    for title in ("WEIGHTS", "WORD_WEIGHTS"):
        rows = [f'    "{name}": {next(left):.4f},' for name in getattr(worth, title)]
        lines += [f"{title}: Mapping[str, float] = {{", *rows, "}"]
    return "\n".join([*lines, f"HEAD = {head:.3f}"])


def main(argv: Sequence[str] | None = None) -> int:
    """Fit from the command line."""
    parser = argparse.ArgumentParser(
        prog="stance.training.worth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder with train/summ_pool.jsonl.gz")
    parser.add_argument("--model", default="mini", help="name or folder of the model")
    options = parser.parse_args(argv)
    from stance.backends.mini import MiniBackend
    from stance.weights import resolve as find_model

    encoder = MiniBackend(find_model(options.model).folder, ModelInfo(options.model))
    weights = fit([_sheet(*pair) for pair in documents_of(options.data, "train")])
    documents = documents_of(options.data, "dev")
    encodings = [encoder.encode(document) for _, document in documents]
    heads = [
        worth.scaled(encoding.salience[list(candidates(document)[0])])
        for (_, document), encoding in zip(documents, encodings, strict=True)
    ]
    print(written(weights, fit_head([_sheet(*pair) for pair in documents], heads, weights)))
    print("# with the weights that `stance.worth` has now:")
    print("\n".join(compare(documents, encodings)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
