"""Say how far an article supports a summary, sentence by sentence, and with which words.

Each sentence is held against windows of one to three neighbouring source sentences around those
nearest to it, and against those nearest ones together, where it draws on distant places; the
entailment is the greatest over these premises (as in SummaC, Laban et al. 2022). Names, numbers
and quotes are also looked up word for word. Both go, with the cosine and the share of new words,
through one logistic model. What a source tells as possible, or in somebody's words, must not be
told as fact.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from itertools import islice

import numpy as np

from stance.backends.base import Encoder, Encoding, Floats, PairScorer
from stance.errors import EmptyTextError, NotTextError
from stance.hedges import unhedged
from stance.literals import Inventory, missing, new_pairs, new_words
from stance.records import Evidence, Record, Summary, SummarySentence
from stance.screen import Screen, screen, trim_ballast
from stance.text import Document, make_document
from stance.voiceless import Voices

# The nearest source sentences that windows are built around.
NEAREST = 4
# Sentences of one premise; and its characters, so that a small encoder reads all of it.
WINDOW = 3
MAX_PREMISE_CHARS = 1500
# Probabilities are kept this far from 0 and 1, so that their logits are finite.
EPSILON = 1e-4
# A longer premise wins only by so much a sentence, and is shown as the source only where it makes
# more of a difference: the fewer the sources, the easier the check.
LENGTH_PRICE, SHOWN_PRICE = 0.02, 0.15
# What it counts for a source to have the sentence's own words: the eye looks for them.
WORDS_SHARE = 0.5
_WORD = re.compile(r"\w+")
_TYPOGRAPHY = str.maketrans("“”„«»‘’", '"""""\'\'')


@dataclass(frozen=True, slots=True)
class Features(Record):
    """Hold what the support of one sentence is computed from.

    `entailment` is the logit of the best premise's probability, `contradiction` the mean
    probability over the premises that hold the nearest sentence, `misses` the number of names,
    numbers and quotes that the article lacks, `cosine` that of the nearest sentence; `new_words`
    and `new_pairs` are the shares of words, and of neighbouring words, that the article lacks.
    """

    entailment: float
    contradiction: float
    misses: float
    cosine: float
    new_words: float
    new_pairs: float

    @property
    def row(self) -> tuple[float, ...]:
        """The features in the order of the fields, for a fit."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class SupportModel(Record):
    """Map features to a support in [0, 1]: a logistic model, `weights` having one for each feature.

    The defaults hand the entailment probability through, less for contradictions, misses and new
    words; they come from no data. A fit on labelled summaries gives the constants of a trained
    model. `cap` is the most that a sentence with unsupported words can have, whatever the fit says.
    """

    bias: float = 0.0
    weights: Features = Features(1.0, -2.0, -1.0, 0.0, -2.0, 0.0)
    cap: float = 0.2

    def support(self, features: Features) -> float:
        """Return the support of a sentence with these features."""
        pairs = zip(self.weights.row, features.row, strict=True)
        score = self.bias + sum(weight * value for weight, value in pairs)
        value = 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, score))))
        return min(value, self.cap) if features.misses else value


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one checked sentence.

    `premise` has the indices of its source sentences, `nearest` that of the one most like it; both
    are empty where the article has no sentence of its own.
    """

    sentence: SummarySentence
    features: Features
    premise: tuple[int, ...]
    nearest: int | None


class Checker:
    """Check sentences against one article, which is read and taken stock of once.

    Args:
        document: the article.
        encoding: what `encoder` made of it.
        scorer: judges entailment.
        encoder: embeds the sentences to check.
        model: turns features into support.
        screened: what `screen` made of the document, where it is there already.
    """

    def __init__(
        self,
        document: Document,
        encoding: Encoding,
        scorer: PairScorer,
        encoder: Encoder,
        *,
        model: SupportModel | None = None,
        screened: Screen | None = None,
    ) -> None:
        self.document = document
        self._encoding = encoding
        self._scorer = scorer
        self._encoder = encoder
        self._model = model or SupportModel()
        self.screen = screened or screen(document)
        self.voices = Voices.of(document)
        self._own = [i for i in range(len(document.sentences)) if i not in self.screen.baits]
        self._is_own = frozenset(self._own)
        texts = [document.sentence(i) for i in self._own]
        self._inventory = Inventory.of([document.article.title or "", *texts])
        # Reversed, so that of equal sentences the first is the one that is found.
        self._verbatim = {
            plain(form): index
            for index, text in reversed(list(zip(self._own, texts, strict=True)))
            for form in (text, trim_ballast(text))
        }

    def check(self, texts: Sequence[str], *, method: str = "given") -> list[Finding]:
        """Check sentences, all in one batch of the encoder and one of the scorer.

        Args:
            texts: one sentence each.
            method: recorded in the sentences that come back.

        Returns:
            One finding per text, in the same order.
        """
        new = [text for text in texts if plain(text) not in self._verbatim]
        checked = dict(zip(new, self._compare(new), strict=True))
        return [
            self._finding(text, checked.get(text) or self._copied(text), method) for text in texts
        ]

    def evidence(self, index: int) -> Evidence:
        """Quote a sentence of the article."""
        return Evidence.cut(self.document.text, self.document.sentences[index])

    def _copied(self, text: str) -> _Match:
        index = self._verbatim[plain(text)]
        return _Match((index,), index, 1.0, 0.0, 1.0)

    def _compare(self, texts: list[str]) -> list[_Match]:
        """Hold sentences against the source sentences around those nearest to them."""
        if not texts or not self._own:
            return [_Match((), None, 0.0, 0.0, 0.0) for _ in texts]
        vectors = self._encoder.embed(texts)
        nearest = [self._nearest(vector) for vector in vectors]
        groups = [self._premises(near) for near in nearest]
        pairs = [
            (self._words(premise), text)
            for text, group in zip(texts, groups, strict=True)
            for premise in group
        ]
        rows = self._scorer.entail(pairs)
        rows = np.column_stack([rows, [_held(text, premise) for premise, text in pairs]])
        ends = np.cumsum([len(group) for group in groups])
        split = np.split(rows, ends[:-1])
        return [
            _best(near[0], float(self._encoding.vectors[near[0]] @ vector), group, part)
            for vector, near, group, part in zip(vectors, nearest, groups, split, strict=True)
        ]

    def _nearest(self, vector: Floats) -> list[int]:
        """Return the sentences nearest to a vector, the nearest first."""
        cosines = self._encoding.vectors @ vector
        order = np.argsort(-cosines, kind="stable")
        return list(islice((int(i) for i in order if int(i) in self._is_own), NEAREST))

    def _premises(self, near: list[int]) -> list[tuple[int, ...]]:
        """Return the nearest sentences, windows around the first two, and the first ones joined."""
        premises: dict[tuple[int, ...], None] = {(index,): None for index in near}
        for index in near[:2]:
            for size in range(2, WINDOW + 1):
                for start in range(index - size + 1, index + 1):
                    premises[tuple(range(start, start + size))] = None
        for size in range(2, WINDOW + 1):
            premises[tuple(sorted(near[:size]))] = None
        return [premise for premise in premises if self._is_read(premise)]

    def _is_read(self, premise: tuple[int, ...]) -> bool:
        """Tell whether the sentences are the article's own and fit one premise."""
        return len(premise) == 1 or (
            self._is_own.issuperset(premise)
            and sum(len(self.document.sentences[i]) for i in premise) <= MAX_PREMISE_CHARS
        )

    def _words(self, premise: tuple[int, ...]) -> str:
        return " ".join(self.document.sentence(i) for i in premise)

    def _finding(self, text: str, match: _Match, method: str) -> Finding:
        copied = plain(text) in self._verbatim
        absent = () if copied else missing(text, self._inventory)
        told = [self.document.sentence(i) for i in {*match.premise, match.nearest} if i is not None]
        claimed = () if copied else unhedged(text, told)
        marked = {*absent, *claimed, *self.voices.lost(text)}
        features = Features(
            entailment=_logit(match.entailment),
            contradiction=match.contradiction,
            misses=float(len(absent)),
            cosine=match.cosine,
            new_words=new_words(text, self._inventory),
            new_pairs=new_pairs(text, self._inventory),
        )
        support = 1.0 if copied else self._model.support(features)
        sentence = SummarySentence(
            text,
            sources=tuple(self.evidence(i) for i in match.premise),
            support=min(support, self._model.cap) if marked else support,
            method=method,
            unsupported=tuple(sorted(marked)),
        )
        return Finding(sentence, features, match.premise, match.nearest)


@dataclass(frozen=True, slots=True)
class _Match:
    """Hold the best premise of a sentence, as sentence indices, and its scores."""

    premise: tuple[int, ...]
    nearest: int | None
    entailment: float
    contradiction: float
    cosine: float


def verify(
    summary: str | Summary,
    document: Document,
    encoding: Encoding,
    scorer: PairScorer,
    encoder: Encoder,
    *,
    model: SupportModel | None = None,
) -> Summary:
    """Check a summary, anyone's, against an article.

    Args:
        summary: a text, or a `Summary` whose sentences are checked anew.
        document: the article.
        encoding: what `encoder` made of the article.
        scorer: judges entailment.
        encoder: embeds the summary's sentences.
        model: turns features into support; the untrained `SupportModel` by default.

    Returns:
        The summary with sources, support in [0, 1] and unsupported words for each sentence. A
        sentence that the article has word for word has support 1, unless these are somebody's words
        there and nobody's in the summary.

    Raises:
        NotTextError: the summary is neither a str nor a `Summary`.
        EmptyTextError: the summary has nothing but white space.
    """
    given = _sentences(summary)
    checker = Checker(document, encoding, scorer, encoder, model=model)
    findings = checker.check([sentence.text for sentence in given])
    sentences = tuple(
        replace(finding.sentence, method=sentence.method)
        for finding, sentence in zip(findings, given, strict=True)
    )
    method = summary.method if isinstance(summary, Summary) else "given"
    return Summary(" ".join(s.text for s in sentences), method, sentences)


def _sentences(summary: str | Summary) -> list[SummarySentence]:
    """Return the sentences of a summary as they stand, cutting a text into them."""
    if isinstance(summary, Summary) and summary.sentences:
        return list(summary.sentences)
    text = summary.text if isinstance(summary, Summary) else summary
    if not isinstance(text, str):
        raise NotTextError(f"expected a summary as a str or a Summary, got {type(text).__name__}")
    if not text.strip():
        raise EmptyTextError(f"the summary {text!r} is empty; there is nothing to verify")
    cut = make_document(text)
    return [SummarySentence(cut.sentence(i), method="given") for i in range(len(cut.sentences))]


def _best(nearest: int, cosine: float, premises: Sequence[tuple[int, ...]], rows: Floats) -> _Match:
    """Choose the premise that entails most, and the one to show.

    `rows` has entailment, neutral, contradiction, and the share of the sentence's words.
    """
    sizes = np.array([len(premise) for premise in premises])
    best = int(np.argmax(rows[:, 0] - LENGTH_PRICE * sizes))
    shown = int(np.argmax(rows[:, 0] + WORDS_SHARE * rows[:, 3] - SHOWN_PRICE * sizes))
    against = [float(row[2]) for p, row in zip(premises, rows, strict=True) if nearest in p]
    return _Match(
        premises[shown], nearest, float(rows[best, 0]), sum(against) / len(against), cosine
    )


def _held(text: str, premise: str) -> float:
    """Return the share of a sentence's words that a premise has."""
    words = set(_WORD.findall(text.casefold()))
    return len(words.intersection(_WORD.findall(premise.casefold()))) / max(1, len(words))


def _logit(probability: float) -> float:
    kept = min(max(probability, EPSILON), 1.0 - EPSILON)
    return math.log(kept / (1.0 - kept))


def plain(text: str) -> str:
    """Return a sentence without what a copy may change: spaces and the look of its quotes."""
    return " ".join(text.translate(_TYPOGRAPHY).split())
