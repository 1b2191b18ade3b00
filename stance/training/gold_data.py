"""Derive what can be learned from labelled articles: pairs, attributions, salience.

A pair is asked as the line asks it: the words that show a stance in their context, the holder
marked, one target. Where the same holder has no row for another target of the article, the pair is
*unrelated*, as many of these as there are others.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from stance.attribution import context_of
from stance.gold import GoldArticle, GoldHolder, GoldStance, inspect_gold
from stance.records import Evidence, Span, Statement
from stance.text import Document, make_document
from stance.training import lexicon
from stance.training.examples import Attributed, SalienceExample, TaggedExample
from stance.training.labelled import Bad, Labelled, LabelledRow, Reading

# What the label files of drafts say in their notes, until somebody has corrected them.
DRAFT = "draft:"
# An article without a split may be learned from; a fresh one is there to be reported.
_SPLITS = {"dev": "dev", "test": "test", "fresh": "test"}
_CUES = sorted(
    {
        phrase.split(" {")[0]
        for block in (lexicon.SAY, lexicon.DENY_THAT, lexicon.OPEN_WHETHER)
        for phrase in lexicon.phrases(block)
    }
    | {"says", "said", "told", "according to", "argues", "calls", "called", "wants", "asked"},
    key=len,
    reverse=True,
)
_CUE = re.compile(rf"\b(?:{'|'.join(map(re.escape, _CUES))})\b", re.IGNORECASE)


def is_gold(folder: Path) -> bool:
    """Tell whether a folder is in the gold format."""
    return (folder / "articles").is_dir() and (folder / "labels").is_dir()


def read_gold(folder: Path, reading: Reading) -> Labelled:
    """Derive the examples of one task from a folder of labelled articles."""
    inspection = inspect_gold(folder)
    found = Labelled(str(folder))
    found.bad += [Bad(f"{o.file}: {o.row}", o.problem) for o in inspection.offences]
    articles = inspection.articles
    if reading.task == "nli":
        found.bad.append(Bad(str(folder), "gold articles hold no entailment labels; use stance"))
    if drafts := [a.id for a in articles if is_draft(folder, a.id)]:
        found.notes.append(
            f"{len(drafts)} of {len(articles)} articles are drafts that nobody corrected, such as "
            f"{drafts[0]}; correct them and delete their note, or move them out of the folder"
        )
    for article in articles:
        document = make_document(article.article)
        if reading.task == "stance":
            found.rows += pairs_of(article, document)
        elif reading.task == "attribution":
            found.tagged += tags_of(article, document)
        elif reading.task == "salience":
            found.salience += salience_of(article, document)
    marked = [a for a in articles if a.split in _SPLITS]
    if marked and (len(marked) == len(articles) or reading.task != "stance"):
        found.rows = [replace(row, split="") for row in found.rows]
        found.notes.append(
            f"the marks dev, test or fresh of {len(marked)} articles were passed over; report no "
            "results of this model on what it learned from"
        )
    return found


def is_draft(folder: Path, stem: str) -> bool:
    """Tell whether the labels of an article are a machine's, still to be corrected."""
    try:
        data = json.loads((folder / "labels" / f"{stem}.json").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return str(data.get("notes", "")).startswith(DRAFT)


def pairs_of(article: GoldArticle, document: Document) -> list[LabelledRow]:
    """Write the stance rows of one article as pairs, with as many unrelated ones at most."""
    told = _once(
        _pair(article, document, stance, evidence, number)
        for number, stance in enumerate(article.stances)
        for evidence in stance.evidence
    )
    strange = _once(_unrelated(article, document))
    rng = random.Random(crc32(article.id.encode()))
    return told + rng.sample(strange, min(len(told), len(strange)))


def _once(rows: Iterable[LabelledRow]) -> list[LabelledRow]:
    """Leave out rows that two quotes of one context make alike."""
    return list({replace(row, place=""): row for row in rows}.values())


def _pair(
    article: GoldArticle, document: Document, stance: GoldStance, evidence: Evidence, number: int
) -> LabelledRow:
    holder = article.holder(stance.holder)
    source = _mention(document.text, holder, evidence.span)
    context = context_of(document, Statement((evidence.span,), source))
    mark = None
    if source is not None and context.contains(source):
        mark = Span(source.start - context.start, source.end - context.start)
    return LabelledRow(
        context.of(document.text),
        article.target(stance.target).text,
        stance.label,
        f"labels/{article.id}.json: stances[{number}]",
        None if holder.kind == "author" else holder.name,
        holder_span=mark,
        group=article.id,
        split=_SPLITS.get(article.split or "", ""),
        spoken=True,
    )


def _unrelated(article: GoldArticle, document: Document) -> Iterator[LabelledRow]:
    spoken = {(s.holder, s.target) for s in article.stances}
    for number, stance in enumerate(article.stances):
        for target in article.targets:
            if (stance.holder, target.id) not in spoken and stance.evidence:
                other = GoldStance(stance.holder, target.id, "neutral")
                row = _pair(article, document, other, stance.evidence[0], number)
                yield LabelledRow.from_dict({**row.to_dict(), "label": "unrelated"})


def _mention(text: str, holder: GoldHolder, near: Span) -> Span | None:
    """Find the mention of a holder that stands nearest to the words that show its stance."""
    names = sorted({*holder.names}, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
    spans = [Span(*m.span()) for m in re.finditer(pattern, text)]
    outside = [s for s in spans if not near.contains(s)] or spans
    return min(outside, key=lambda s: abs(s.start - near.start), default=None)


def tags_of(article: GoldArticle, document: Document) -> Iterator[TaggedExample]:
    """Tag the sentences whose stance has a source and a cue in them.

    Gold articles label stances, not every attribution, and no cues: only sentences in which all
    three parts are found are learned from, each by itself.
    """
    by_sentence: dict[int, list[Attributed]] = {}
    for stance in article.stances:
        holder = article.holder(stance.holder)
        for evidence in stance.evidence:
            where = document.covering(evidence.span)
            sentence = document.sentences[where.start]
            found = _attributed(document.text, sentence, holder, evidence.span)
            if len(where) == 1 and found is not None:
                by_sentence.setdefault(where.start, []).append(found)
    for index, told in sorted(by_sentence.items()):
        text = document.sentence(index)
        unique = tuple(dict.fromkeys(told))
        yield TaggedExample(text, (Span(0, len(text)),), unique, article.id)


def _attributed(text: str, sentence: Span, holder: GoldHolder, content: Span) -> Attributed | None:
    """Find source and cue in the sentence of a content; offsets count from the sentence."""
    source = _mention(text, holder, content)
    if source is None or not sentence.contains(source) or source.overlaps(content):
        return None
    cues = [Span(*m.span()) for m in _CUE.finditer(text, sentence.start, sentence.end)]
    free = [c for c in cues if not source.overlaps(c)]
    inside = [c for c in free if content.contains(c) and c.start - content.start <= 1]
    cue = min(
        [c for c in free if not content.overlaps(c)] or inside,
        key=lambda c: abs(c.start - source.end),
        default=None,
    )
    if cue is None:
        return None
    rest = Span(cue.end, content.end) if content.contains(cue) else content
    parts = [Span(s.start - sentence.start, s.end - sentence.start) for s in (source, cue, rest)]
    return Attributed((parts[0],), (parts[1],), (parts[2],)) if len(rest) > 1 else None


def salience_of(article: GoldArticle, document: Document) -> Iterator[SalienceExample]:
    """Mark the sentences that a summary must cover."""
    sentences = tuple(document.sentence(i) for i in range(len(document.sentences)))
    salient = frozenset(i for e in article.salient for i in document.covering(e.span))
    if salient and len(sentences) > len(salient):
        yield SalienceExample(sentences, salient, article.id)
