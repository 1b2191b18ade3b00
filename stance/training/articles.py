"""Turn the training corpus into examples: what each statement says about each target, and tags.

The questions are those that the line asks in use: the statement in its context, its holder marked,
one target. A statement of a holder that has no row for a target is *unrelated* to it, which is the
hard kind of negative: same article, same holder, sometimes the same sentence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from stance.attribution import context_of
from stance.backends.base import StancePair
from stance.detect import AUTHOR_NAME
from stance.records import LABELS, Article, Span, Statement
from stance.text import Document, make_document
from stance.training.corpus import AUTHOR, Piece, Question, Told, read_corpus
from stance.training.examples import (
    AGAINST,
    FAVOR,
    Attributed,
    PairExample,
    Pool,
    TaggedExample,
)
from stance.training.renaming import Renamer
from stance.training.sets import held_out

# Share of the articles kept for development.
DEV = 0.08
# How often a question calls the holder by a name other than its first one.
OTHER_NAME = 0.35
# Questions to holders that only happen to be named, per article.
MOST_BYSTANDERS = 4
_FLIPPED = {FAVOR: AGAINST, AGAINST: FAVOR}


def corpus_pairs(folder: Path, seed: int) -> Pool:
    """Read the corpus as pairs."""
    rng = random.Random(seed)
    pieces = read_corpus(folder)
    pool, renamer = Pool(), Renamer(pieces)
    for piece in pieces:
        own = [*asked(piece, rng), *strange(piece, rng.choice(pieces), rng)]
        if held_out(piece.name, DEV):
            pool.dev += own
        else:
            pool.train += [*own, *renamer.again(piece, own, rng)]
    return pool


def corpus_tags(folder: Path) -> Pool:
    """Read the corpus as texts with their attributions."""
    pool = Pool()
    for piece in read_corpus(folder):
        (pool.dev if held_out(piece.name, DEV) else pool.train).append(marked(piece))
    return pool


def asked(piece: Piece, rng: random.Random) -> Iterator[PairExample]:
    """Ask each statement, and the article itself, about each target."""
    document = make_document(Article(piece.text, piece.title))
    for number, told in piece.told.items():
        for key, question in piece.questions.items():
            labels = {r.label for r in piece.rows if r.target == key and number in r.told}
            if told.holder is not None and len(labels) < 2:
                pair = _pair(piece, document, told, rng)
                label = LABELS.index(labels.pop()) if labels else None
                yield from _worded(pair, question, label, piece.name, rng)
    for row in piece.rows:
        if row.holder == AUTHOR and row.words is not None:
            pair = StancePair(_around(document, row.words), "", AUTHOR_NAME)
            label = LABELS.index(row.label)
            yield from _worded(pair, piece.questions[row.target], label, piece.name, rng)
    yield from unvoiced(piece, document, rng)
    yield from bystanders(piece, document, rng)


def unvoiced(piece: Piece, document: Document, rng: random.Random) -> Iterator[PairExample]:
    """Ask what the article itself says of a target where it takes no side: others' words, facts."""
    taken = [row.words for row in piece.rows if row.words is not None]
    free = [s for s in document.sentences if not any(s.overlaps(words) for words in taken)]
    for question in piece.questions.values():
        for sentence in rng.sample(free, min(2, len(free))):
            pair = StancePair(sentence.of(document.text), "", AUTHOR_NAME)
            yield from _worded(pair, question, None, piece.name, rng)


def bystanders(piece: Piece, document: Document, rng: random.Random) -> Iterator[PairExample]:
    """Ask holders where they are spoken of and say nothing: in others' words, in narration."""
    found: list[tuple[Span, str]] = []
    for key, party in piece.parties.items():
        names = "|".join(re.escape(n) for n in sorted(party.names, key=len, reverse=True))
        spans = [Span(*m.span()) for m in re.finditer(rf"(?<!\w)(?:{names})(?!\w)", document.text)]
        busy = {
            i for told in piece.told.values() if told.holder == key for i in _places(document, told)
        }
        found += [(span, party.names[0]) for span in spans if document.at(span.start) not in busy]
    for span, name in rng.sample(found, min(MOST_BYSTANDERS, len(found))):
        sentence = document.sentences[document.at(span.start)]
        statement = Statement((sentence,), span, None, "narration")
        context = context_of(document, statement)
        if not context.contains(span):
            continue
        mark = Span(span.start - context.start, span.end - context.start)
        pair = StancePair(context.of(document.text), "", name, mark)
        question = rng.choice([*piece.questions.values()])
        yield from _worded(pair, question, None, piece.name, rng)


def _places(document: Document, told: Told) -> set[int]:
    """Return the sentences that a statement touches."""
    spans = [*told.source, *told.cue, *told.content, *told.act]
    return {index for span in spans for index in document.covering(span)}


def strange(piece: Piece, other: Piece, rng: random.Random) -> Iterator[PairExample]:
    """Ask one statement about a target of another article."""
    told = [t for t in piece.told.values() if t.holder is not None]
    if other.name != piece.name and told and other.questions:
        document = make_document(Article(piece.text, piece.title))
        pair = _pair(piece, document, rng.choice(told), rng)
        yield from _worded(pair, rng.choice([*other.questions.values()]), None, piece.name, rng)


def statement_of(told: Told) -> Statement:
    """Write a statement of the corpus as the record that the line works with."""
    content = tuple(sorted([*told.content, *told.act]))
    middle = content[0].start
    source = min(told.source, key=lambda s: abs(s.start - middle), default=None)
    cue = told.cue[0] if told.cue else None
    return Statement(content, source, cue, "narration" if told.act else "indirect")


def _pair(piece: Piece, document: Document, told: Told, rng: random.Random) -> StancePair:
    """Write the question of a statement, its target still open."""
    statement = statement_of(told)
    context = context_of(document, statement)
    names = piece.parties[told.holder or ""].names
    name = names[0]
    mark = None
    if statement.source is not None and context.contains(statement.source):
        mark = Span(statement.source.start - context.start, statement.source.end - context.start)
    if rng.random() < OTHER_NAME:
        mention = statement.source.of(document.text) if statement.source else name
        name = rng.choice([*names, mention])
    return StancePair(context.of(document.text), "", name, mark)


def _worded(
    pair: StancePair, question: Question, label: int | None, group: str, rng: random.Random
) -> Iterator[PairExample]:
    """Ask a question in each of its wordings; in one of them where there is nothing to learn."""
    if label is None:
        wording = rng.choice([*question.wordings, *question.opposites])
        yield _example(pair, wording, None, group)
        return
    for wording in question.wordings:
        yield _example(pair, wording, label, group)
    for wording in question.opposites:
        yield _example(pair, wording, _FLIPPED.get(label, label), group)


def _example(pair: StancePair, target: str, label: int | None, group: str) -> PairExample:
    full = StancePair(pair.text, target, pair.holder, pair.holder_span)
    gold = () if label is None else (label,)
    return PairExample("stance", full, gold, related=int(label is not None), group=group)


def _around(document: Document, words: Span) -> str:
    sentences = document.covering(words)
    first, last = document.sentences[sentences.start], document.sentences[sentences.stop - 1]
    return document.text[first.start : last.end]


def marked(piece: Piece) -> TaggedExample:
    """Keep the attributions that stand in no other one's content: tags do not nest."""
    said = [t for t in piece.told.values() if t.content and (t.cue or t.source)]
    outer = [t for t in said if not _inside(t, said)]
    attributions = tuple(
        Attributed(tuple(sorted(t.source)), tuple(sorted(t.cue)), tuple(sorted(t.content)))
        for t in outer
    )
    acts = tuple(
        Attributed(tuple(sorted(t.source)), (), tuple(sorted(t.act)))
        for t in piece.told.values()
        if t.act
    )
    document = make_document(Article(piece.text, piece.title))
    return TaggedExample(piece.text, document.sentences, attributions, piece.name, acts)


def _inside(told: Told, others: Sequence[Told]) -> bool:
    return any(
        span.contains(told.content[0])
        for other in others
        if other is not told
        for span in other.content
    )
