"""Summarize an article: by its own sentences, or by a generator under guard.

An extract takes the most salient sentences that do not repeat one another (maximal marginal
relevance, Carbonell & Goldstein 1998). An abstract hands the most salient passages to a generator
and lets out only what the article supports. Beyond the one pass of the encoder, the costly steps
are bounded whatever the length of the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from stance.backends.base import Encoder, Encoding, Generator, PairScorer
from stance.draft import Request, ask, fits, summary_request
from stance.errors import OptionError
from stance.guard import FLOOR, guard
from stance.leaning import leans
from stance.length import Length, count_words, parse_length
from stance.records import Evidence, Summary, SummarySentence
from stance.salience import Ranking, passage, rank, select
from stance.text import Document
from stance.verify import Checker, SupportModel, plain

Method = Literal["auto", "extract", "abstract"]

# An English news sentence has about so many words.
WORDS_PER_SENTENCE = 22
# An abstract is written in one go and never longer, whatever length is asked for.
MAX_SENTENCES = 12
# A passage that is too long for a generator is cut to this share, again and again.
SHRINK = 0.75
# Draft sentences beyond those asked for, which take the place of sentences that are dropped.
SPARE_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class AbstractConfig:
    """Hold how an abstract is made.

    `passage_words` is the most that the generator reads, `floor` the least support in [0, 1] that a
    sentence needs, `support` what computes it. With `fill`, extracted sentences make up for those
    that a chat model was asked for and did not write, or wrote without support.
    """

    passage_words: int = 600
    floor: float = FLOOR
    fill: bool = True
    support: SupportModel = field(default_factory=SupportModel)


def summarize(
    document: Document,
    encoding: Encoding,
    *,
    method: Method = "auto",
    length: int | str = 3,
    focus: str | None = None,
    generator: Generator | None = None,
    scorer: PairScorer | None = None,
    encoder: Encoder | None = None,
    config: AbstractConfig | None = None,
    ranking: Ranking | None = None,
) -> Summary:
    """Summarize an article.

    Args:
        document: the article.
        encoding: what `encoder` made of it.
        method: ``extract``; ``abstract``, which needs a generator, a scorer and an encoder; or
            ``auto``: an abstract where these are given, else an extract that says so in `method`.
        length: a number of sentences (3), of words ("60w"), or a share of the words ("10%").
        focus: what the summary is to be about.
        generator: writes the draft of an abstract.
        scorer: checks the draft.
        encoder: embeds the draft and the focus.
        config: how an abstract is made.
        ranking: what its sentences are worth, where that is known already.

    Returns:
        The summary; every sentence has its sources and its support.

    Raises:
        OptionError: an unknown method or length, or an abstract without what it needs.
    """
    if method not in ("auto", "extract", "abstract"):
        raise OptionError(f"method={method!r} is unknown; use 'auto', 'extract' or 'abstract'")
    if method != "extract" and generator is not None and scorer is not None and encoder is not None:
        return abstract(
            document,
            encoding,
            generator,
            scorer,
            encoder,
            length=length,
            focus=focus,
            config=config,
            ranking=ranking,
        )
    if method == "abstract":
        parts = {"generator": generator, "scorer": scorer, "encoder": encoder}
        lacking = ", ".join(name for name, part in parts.items() if part is None)
        raise OptionError(f"method='abstract' lacks {lacking}; give it, or use method='extract'")
    ranking = ranking or rank(document, encoding, focus, encoder)
    summary = _extract(document, ranking, parse_length(length))
    if method == "extract":
        return summary
    reason = "no generator" if generator is None else "nothing to check a draft with"
    return _renamed(summary, f"extract ({reason} on this machine)")


def extract(
    document: Document,
    encoding: Encoding,
    length: int | str = 3,
    *,
    focus: str | None = None,
    encoder: Encoder | None = None,
) -> Summary:
    """Summarize an article by its most salient sentences, in their order.

    Args:
        document: the article.
        encoding: what the encoder made of it.
        length: a number of sentences (3), of words ("60w"), or a share of the words ("10%").
        focus: what the summary is to be about.
        encoder: embeds the focus; without it only words of the focus count.

    Returns:
        At most the length asked for; less where the article has no more sentences of its own. A
        word budget smaller than every sentence gives the shortest one. Datelines are left off.

    Raises:
        OptionError: the length cannot be read.
    """
    wanted = parse_length(length)
    return _extract(document, rank(document, encoding, focus, encoder), wanted)


def abstract(
    document: Document,
    encoding: Encoding,
    generator: Generator,
    scorer: PairScorer,
    encoder: Encoder,
    *,
    length: int | str = 3,
    focus: str | None = None,
    config: AbstractConfig | None = None,
    ranking: Ranking | None = None,
) -> Summary:
    """Summarize an article in a generator's words, as far as the article supports them.

    Args:
        document: the article.
        encoding: what `encoder` made of it.
        generator: reads the most salient passages and writes the draft.
        scorer: checks the draft's sentences.
        encoder: embeds them.
        length: a number of sentences (3), of words ("60w"), or a share of the words ("10%"); never
            more than twelve sentences.
        focus: what the summary is to be about.
        config: passage length, support floor, and whether an extract makes up for what is missing.
        ranking: what its sentences are worth, where that is known already.

    Returns:
        The guarded draft, or an extract whose `method` says why there is none. The `method` of each
        sentence tells whether the generator wrote it.

    Raises:
        OptionError: the length cannot be read.
    """
    wanted, config = parse_length(length), config or AbstractConfig()
    ranking = ranking or rank(document, encoding, focus, encoder)
    plain_extract = _extract(document, ranking, wanted)
    if len(plain_extract.sentences) == len(ranking.texts):
        return _renamed(plain_extract, "extract (the article is no longer than its summary)")
    count = _sentences_in(wanted, document)
    request = summary_request(count, focus)
    source = _readable_passage(document, ranking, generator, request, config.passage_words)
    if not source:
        return _renamed(plain_extract, "extract (no passage that the generator can read)")
    draft = ask(generator, [source], request)[0][: count + SPARE_SENTENCES]
    checker = Checker(
        document, encoding, scorer, encoder, model=config.support, screened=ranking.screen
    )
    kept = guard(checker.check(draft, method="generate"), checker, generator, floor=config.floor)
    kept = _standing(kept, ranking, document)
    sentences = _within(kept[:count] if wanted.unit == "sentences" else kept, wanted, document)
    if not sentences:
        return _renamed(plain_extract, "extract (no sentence of the draft was supported)")
    if config.fill and generator.style == "chat" and len(sentences) < count:
        spare = _spare(sentences, plain_extract, document, ranking)[: count - len(sentences)]
        sentences = _in_order(_within([*sentences, *spare], wanted, document))
    return _joined("abstract", sentences)


def _extract(document: Document, ranking: Ranking, wanted: Length) -> Summary:
    chosen = select(ranking, wanted, wanted.budget(document.text))
    sentences = [
        SummarySentence(
            ranking.texts[i], (Evidence.cut(document.text, document.sentences[i]),), 1.0, "extract"
        )
        for i in chosen
    ]
    return _joined("extract", sentences)


def _readable_passage(
    document: Document, ranking: Ranking, generator: Generator, request: Request, words: int
) -> str:
    """Return the longest passage, up to so many words, that the generator has room for."""
    text = passage(document, ranking, words)
    while text and not fits(generator, text, request):
        words = int(SHRINK * min(words, count_words(text)))
        text = passage(document, ranking, words)
    return text


def _sentences_in(wanted: Length, document: Document) -> int:
    """Return how many sentences to ask a generator for."""
    budget = wanted.budget(document.text)
    count = budget if wanted.unit == "sentences" else round(budget / WORDS_PER_SENTENCE)
    return min(max(1, count), MAX_SENTENCES)


def _within(
    sentences: Sequence[SummarySentence], wanted: Length, document: Document
) -> list[SummarySentence]:
    """Keep the sentences that fit the length, or the shortest where none does."""
    left = wanted.budget(document.text)
    kept = []
    for sentence in sentences:
        if wanted.cost(sentence.text) <= left:
            kept.append(sentence)
            left -= wanted.cost(sentence.text)
    return kept or sorted(sentences, key=lambda s: wanted.cost(s.text))[:1]


def _standing(
    sentences: Sequence[SummarySentence], ranking: Ranking, document: Document
) -> list[SummarySentence]:
    """Leave out a sentence that leans on words which the summary lacks, unless all do.

    A generator's own "he" is whoever it has just named; in a sentence that it copied, "he" is
    whoever the article had named just before.
    """
    kept: list[SummarySentence] = []
    told: set[int] = set()
    for sentence in sentences:
        own = {document.at(source.start) for source in sentence.sources}
        copied = any(plain(sentence.text) == plain(ranking.texts.get(i, "")) for i in own)
        known = (bool(kept) and not copied) or any({i, i - 1} & told for i in own)
        if known or not leans(sentence.text):
            kept.append(sentence)
            told |= own
    return kept or list(sentences)


def _spare(
    told: Sequence[SummarySentence], extracted: Summary, document: Document, ranking: Ranking
) -> list[SummarySentence]:
    """Return what an extract tells besides, the weightiest first."""
    sources = {source for sentence in told for source in sentence.sources}
    new = [s for s in extracted.sentences if sources.isdisjoint(s.sources)]
    return sorted(new, key=lambda s: -float(ranking.weights[document.at(s.sources[0].start)]))


def _in_order(sentences: Sequence[SummarySentence]) -> list[SummarySentence]:
    """Sort sentences by where their first source stands in the article."""
    return sorted(sentences, key=lambda s: min(source.start for source in s.sources))


def _joined(method: str, sentences: Sequence[SummarySentence]) -> Summary:
    return Summary(" ".join(s.text for s in sentences), method, tuple(sentences))


def _renamed(summary: Summary, method: str) -> Summary:
    return Summary(summary.text, method, summary.sentences)
