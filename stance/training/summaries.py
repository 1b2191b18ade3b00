"""Choose what a summarizer learns from: prompts as at use, and summaries that the article supports.

References of news corpora tell things that their articles do not, and a model that is taught them
learns to invent. So each sentence of a reference is held against the passage that the model will
see: its names, numbers and quotes must be there word for word, and most of its other words, too.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from stance.backends.base import Encoder, Encoding, Floats
from stance.draft import REWRITE, prompt_of, summary_request
from stance.literals import Inventory, missing, new_words
from stance.salience import passage, rank
from stance.screen import strip_dateline
from stance.text import Document, make_document
from stance.training.sets import Row, read_rows
from stance.verify import plain

# As many words as a generator reads of an article at use, and as many sentences as it writes.
PASSAGE_WORDS = 600
DRAFT = summary_request(3)
EXTRACT_SENTENCES = 3
# A reference sentence with more new words than this may say something else than its source.
MAX_NEW_WORDS = 0.3
# A sentence is written from so many sources at most.
MAX_SOURCES = 3
# Such words point back; where the sentence before is left out, they point at nothing.
_BACKWARD = re.compile(
    r"(?:he|she|it|they|his|her|its|their|this|that|these|those|such|but|and|so|also|there)\b",
    re.IGNORECASE,
)
_SPACED = re.compile(r"\s+([.,;!?])(?=\s|$)")
_ENDED = re.compile(r"[.!?…][\"”’')\]]*$")


@dataclass(frozen=True, slots=True)
class SummaryExample:
    """Hold one prompt, before its chat template, and what to answer.

    `kind` is ``article`` (a passage and its summary), ``extract`` (likewise, in the article's own
    sentences), ``sentence`` (some sentences told in one) or ``draft`` (a prompt of the use, whose
    `summary` is the whole reference: never trained on).
    """

    id: str
    split: str
    kind: str
    prompt: str
    summary: str


def examples_of(row: Row, encoder: Encoder) -> Iterator[SummaryExample]:
    """Make examples out of one document and its reference summary.

    Args:
        row: a row of ``summ_pool``.
        encoder: finds its salient sentences, and those that a reference sentence comes from.

    Yields:
        A summary of the passage where the passage supports one; each supported sentence from its
        own sources; for dev documents with highlights, the prompt as it is at use. BBC's
        references are stretches of the article, out of order: they give extracts in order.
    """
    document = make_document(row["document"])
    if row["kind"] == "extractive":
        yield from _extract(row, document, encoder)
        return
    reference = reference_sentences(row["summary"])
    # Most references of one sentence fail, which is cheaper to find out before the article is read.
    likely = [s for s in reference if is_told_by(s, document.text)]
    drafted = row["split"] == "dev" and row["kind"] == "highlights"
    if not likely and not drafted:
        return
    encoding = encoder.encode(document)
    text = passage(document, rank(document, encoding), PASSAGE_WORDS)
    told = [s for s in likely if is_told_by(s, text)]
    if kept := _standing(reference, told):
        prompt = prompt_of("chat", text, summary_request(len(kept)))
        yield SummaryExample(row["id"], row["split"], "article", prompt, " ".join(kept))
    yield from _sentences(row, document, encoding, encoder, told)
    if drafted and text:
        prompt = prompt_of("chat", text, DRAFT)
        yield SummaryExample(row["id"], "dev", "draft", prompt, " ".join(reference))


def _extract(row: Row, document: Document, encoder: Encoder) -> Iterator[SummaryExample]:
    """Tell an article in the weightiest of the sentences that its reference is made of."""
    labelled = {plain(row["sentences"][i]) for i in row["extractive"]}
    ranking = rank(document, encoder.encode(document))
    order = [i for i in ranking.texts if plain(document.sentence(i)) in labelled]
    chosen = [ranking.texts[i] for i in sorted(order[:EXTRACT_SENTENCES])]
    text = passage(document, ranking, PASSAGE_WORDS)
    if chosen and all(sentence in text for sentence in chosen):
        prompt = prompt_of("chat", text, summary_request(len(chosen)))
        yield SummaryExample(row["id"], row["split"], "extract", prompt, " ".join(chosen))


def _sentences(
    row: Row, document: Document, encoding: Encoding, encoder: Encoder, told: Sequence[str]
) -> Iterator[SummaryExample]:
    cosines = encoder.embed(told) @ encoding.vectors.T if told else ()
    for number, (sentence, near) in enumerate(zip(told, cosines, strict=True)):
        source = source_of(sentence, document, near)
        if source and len(source) > len(sentence):
            name, prompt = f"{row['id']}#{number}", prompt_of("chat", source, REWRITE)
            yield SummaryExample(name, row["split"], "sentence", prompt, sentence)


def _standing(reference: Sequence[str], told: Sequence[str]) -> list[str]:
    """Drop sentences that point back to one that is not told."""
    kept: list[str] = []
    before = True
    for sentence in reference:
        before = sentence in told and (before or _BACKWARD.match(sentence) is None)
        kept += [sentence] * before
    return kept


def source_of(told: str, document: Document, cosines: Floats) -> str | None:
    """Find the few sentences that a reference sentence was written from, nearest ones first.

    Returns:
        Their words in the order of the article; None where the nearest ones do not have its words.
    """
    order = [int(i) for i in (-cosines).argsort(kind="stable")]
    for size in range(1, MAX_SOURCES + 1):
        source = " ".join(strip_dateline(document.sentence(i)) for i in sorted(order[:size]))
        if is_told_by(told, source):
            return source
    return None


def reference_sentences(summary: str) -> list[str]:
    """Cut a reference into sentences, each with a stop at its end and no space before it."""
    sentences = []
    for line in filter(str.strip, _SPACED.sub(r"\1", summary).splitlines()):
        cut = make_document(line)
        sentences += [cut.sentence(i) for i in range(len(cut.sentences))]
    return [s if _ENDED.search(s) else f"{s}." for s in sentences if len(s.split()) > 2]


def is_told_by(sentence: str, text: str) -> bool:
    """Tell whether a text has the names, numbers and quotes of a sentence and most of its words."""
    inventory = Inventory.of([text])
    return not missing(sentence, inventory) and new_words(sentence, inventory) <= MAX_NEW_WORDS


def prepare(data: Path, encoder: Encoder) -> Iterator[SummaryExample]:
    """Make the examples of the pool's news summaries, document by document."""
    for row in read_rows(data, "train", "summ_pool"):
        yield from examples_of(row, encoder)


def write_examples(examples: Iterable[SummaryExample], path: Path) -> dict[str, int]:
    """Write examples as gzipped JSON lines; return how many there are of each split and kind."""
    counts: dict[str, int] = {}
    partial = path.with_name(f"{path.name}.partial")
    with gzip.open(partial, "wt", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            key = f"{example.split} {example.kind}"
            counts[key] = counts.get(key, 0) + 1
    partial.replace(path)
    return counts


def read_examples(path: Path) -> list[SummaryExample]:
    """Read what `write_examples` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [SummaryExample(**json.loads(line)) for line in lines]
