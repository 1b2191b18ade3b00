"""Answer without our model: what any system has to beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.base import Example, Item, System, Task, UnsupportedError
from eval.systems import AnalyzerSystem, Settings
from stance.errors import MissingExtraError, OptionError
from stance.metrics import rouge
from stance.records import Evidence, ModelInfo, Span, Summary, SummarySentence
from stance.text import sentence_spans


class Baseline:
    """Have a name and a version."""

    def __init__(self, name: str, made_of: str = "") -> None:
        self.name, self.made_of = name, made_of

    @property
    def info(self) -> ModelInfo:
        """The name, and the version of the package behind it."""
        return ModelInfo(self.name, self.made_of or None, "1")


class Majority(Baseline):
    """Always give the most frequent label of the training split."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._shares: dict[str, dict[str, float]] = {}

    def classify(self, task: Task, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """Return the shares of the labels, whatever the pair."""
        if task.name not in self._shares:
            counts = Counter(task.prior())
            total = sum(counts.values())
            self._shares[task.name] = {label: counts[label] / total for label in task.labels}
        return [dict(self._shares[task.name]) for _ in pairs]


class TfidfLogistic(Baseline):
    """Fit TF-IDF and logistic regression on the training split of the same set."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, f"scikit-learn {version('scikit-learn')}")
        self.seed = seed
        self._fitted: dict[str, Any] = {}

    def classify(self, task: Task, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """Return the probabilities of the labels."""
        if task.name not in self._fitted:
            # One model at a time: the vectors of a large set take a gigabyte.
            self._fitted = {task.name: self._fit(task.training())}
        features, model = self._fitted[task.name]
        table = model.predict_proba(features.transform(pairs))
        names = [str(name) for name in model.classes_]
        return [
            {
                label: float(dict(zip(names, row, strict=True)).get(label, 0.0))
                for label in task.labels
            }
            for row in table
        ]

    def _fit(self, examples: Sequence[Example]) -> tuple[Any, Any]:
        from sklearn.linear_model import LogisticRegression

        features = _PairFeatures()
        matrix = features.fit_transform([(e.text, e.target) for e in examples])
        model = LogisticRegression(
            class_weight="balanced", max_iter=300, random_state=self.seed, solver="lbfgs"
        )
        return features, model.fit(matrix, [e.label for e in examples])


class _PairFeatures:
    """Turn pairs into TF-IDF vectors of both texts, their cosine, and their shared words."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        options: dict[str, Any] = {"sublinear_tf": True, "min_df": 2, "max_features": 50_000}
        self.text = TfidfVectorizer(ngram_range=(1, 2), **options)
        self.target = TfidfVectorizer(**options)
        self.shared = TfidfVectorizer(**options)

    def fit_transform(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """Fit on pairs and return their vectors."""
        texts, targets = [a for a, _ in pairs], [b for _, b in pairs]
        self.text.fit(texts)
        self.target.fit(targets)
        self.shared.fit([*texts, *targets])
        return self.transform(pairs)

    def transform(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """Return the vectors of pairs."""
        from scipy.sparse import csr_matrix, hstack

        texts, targets = [a for a, _ in pairs], [b for _, b in pairs]
        left, right = self.shared.transform(texts), self.shared.transform(targets)
        both = left.multiply(right)
        cosine = csr_matrix(both.sum(axis=1))
        return hstack(
            [self.text.transform(texts), self.target.transform(targets), both, cosine]
        ).tocsr()


class Extractive(Baseline):
    """Summarize by picking sentences; `choose` says which ones."""

    def __init__(
        self, name: str, choose: Callable[[list[str], int, Item], list[int]], made_of: str = ""
    ) -> None:
        super().__init__(name, made_of)
        self.choose = choose

    def summarize(self, text: str, *, length: int, item: Item) -> Summary:
        """Return the chosen sentences in the order of the text."""
        spans = sentence_spans(text, Span(0, len(text)))
        chosen = sorted(self.choose([s.of(text) for s in spans], length, item))
        picked = tuple(
            SummarySentence(spans[i].of(text), (Evidence.cut(text, spans[i]),), 1.0) for i in chosen
        )
        return Summary(" ".join(s.text for s in picked), "extract", picked)


def first_sentences(sentences: list[str], length: int, item: Item) -> list[int]:
    """Choose the first sentences (LEAD)."""
    return list(range(min(length, len(sentences))))


def best_by_reference(sentences: list[str], length: int, item: Item) -> list[int]:
    """Choose sentences greedily by ROUGE-1 + ROUGE-2 against the reference: a ceiling."""
    summary = item.gold["summary"]
    reference = summary if isinstance(summary, str) else "\n".join(summary)
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < length:
        gains = {
            i: _two_rouges([*chosen, i], sentences, reference)
            for i in range(len(sentences))
            if i not in chosen
        }
        if not gains or (top := max(gains.values())) <= best:
            break
        best = top
        chosen.append(next(i for i, gain in gains.items() if gain == top))
    return chosen


def _two_rouges(chosen: list[int], sentences: list[str], reference: str) -> float:
    grades = rouge("\n".join(sentences[i] for i in sorted(chosen)), reference)
    return grades["rouge1"] + grades["rouge2"]


def by_lexrank(sentences: list[str], length: int, item: Item) -> list[int]:
    """Choose the most central sentences (Erkan and Radev 2004), as `sumy` implements it."""
    try:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.utils import get_stop_words
    except ImportError as error:
        raise MissingExtraError.of("sumy", "baselines") from error
    words = _Words()
    document = ObjectDocumentModel([Paragraph([Sentence(s, words) for s in sentences])])
    summarizer = LexRankSummarizer(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")
    picked = {id(s) for s in summarizer(document, length)}
    return [i for i, s in enumerate(document.sentences) if id(s) in picked]


class _Words:
    """Cut sentences into words for `sumy`, whose own tokenizer needs a download."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the words of a sentence."""
        return tuple(w for w in sentence.replace("-", " ").split() if any(map(str.isalnum, w)))


class PublishedSummaries(Baseline):
    """Give the summaries that a published system wrote for the same articles."""

    def summarize(self, text: str, *, length: int, item: Item) -> Summary:
        """Return the stored summary."""
        stored = item.input.get("systems", {})
        key = self.name.partition(":")[2]
        if key not in stored:
            have = ", ".join(sorted(stored)) or "none"
            raise UnsupportedError(f"{item.id} has no summary by {key!r}; there are {have}")
        return Summary(stored[key], "given")


class CosineZeroShot(Baseline):
    """Compare sentence vectors of the base encoder, before any training of ours."""

    def __init__(self, name: str, embed: Callable[[Sequence[str]], Any], info: ModelInfo) -> None:
        super().__init__(name)
        self._embed, self._info = embed, info

    @property
    def info(self) -> ModelInfo:
        """The base encoder's weights."""
        return self._info

    def score_pairs(
        self,
        texts: Sequence[str],
        targets: Sequence[str],
        *,
        holders: Sequence[str | None] | None = None,
        target_spans: Sequence[Span | None] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Compare the text with the target in three wordings, and with the target itself."""
        wordings = [
            [form.format(target) for target in targets]
            for form in ("I support {}", "I oppose {}", "I report on {}")
        ]
        near = np.stack([self._cosines(texts, wording) for wording in wordings], axis=1)
        related = np.clip(self._cosines(texts, targets), 0.0, 1.0)
        return np.concatenate([_softmax(near / TEMPERATURE), related[:, None]], axis=1)

    def entail(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating[Any]]:
        """Compare the premise with the hypothesis, a hedge of it, and its denial."""
        premises = [premise for premise, _ in pairs]
        wordings = [
            [form.format(hypothesis) for _, hypothesis in pairs]
            for form in ("{}", "It is unclear whether {}", "It is false that {}")
        ]
        near = np.stack([self._cosines(premises, wording) for wording in wordings], axis=1)
        return _softmax(near / TEMPERATURE)

    def support(self, summary: str, text: str) -> float:
        """Return the mean over summary sentences of the cosine with the nearest sentence."""
        ours, theirs = (
            [s.of(t) for s in sentence_spans(t, Span(0, len(t)))] for t in (summary, text)
        )
        if not ours or not theirs:
            return 0.0
        table = np.asarray(self._embed(ours)) @ np.asarray(self._embed(theirs)).T
        return float(np.clip(table.max(axis=1).mean(), 0.0, 1.0))

    def _cosines(self, left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
        distinct = list(dict.fromkeys([*left, *right]))
        place = {text: i for i, text in enumerate(distinct)}
        vectors = np.asarray(self._embed(distinct), dtype=np.float64)
        a, b = (vectors[[place[t] for t in side]] for side in (left, right))
        return np.asarray((a * b).sum(axis=1))


# The trunk that training starts from.
BASE_ENCODER = "minilm-l6"
# Cosines of one encoder differ by a few hundredths between wordings.
TEMPERATURE = 0.05


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def load_baseline(family: str, name: str, settings: Settings, seed: int) -> System:
    """Make the baseline `family:name`.

    Raises:
        OptionError: there is none of this name.
        MissingExtraError: it needs a package that is not installed.
    """
    whole = f"{family}:{name}"
    if family == "published":
        return PublishedSummaries(whole)
    makers: dict[str, Callable[[], System]] = {
        "majority": lambda: Majority(whole),
        "tfidf": lambda: TfidfLogistic(whole, seed),
        "cosine": lambda: _cosine(whole, settings),
        "fake": lambda: _fake(whole, settings),
        "textacy": lambda: _textacy(whole),
        "lead3": lambda: Extractive(whole, first_sentences),
        "lexrank": lambda: Extractive(whole, by_lexrank, "sumy"),
        "oracle": lambda: Extractive(whole, best_by_reference),
    }
    if name not in makers:
        raise OptionError(f"there is no {whole}; baselines are {', '.join(makers)}")
    return makers[name]()


def _cosine(name: str, settings: Settings) -> System:
    from stance.backends.sentence import SentenceEncoder
    from stance.weights import resolve

    weights = resolve(BASE_ENCODER)
    encoder = SentenceEncoder(weights.path, device=settings.device)
    return CosineZeroShot(name, encoder.embed, weights.info)


def _textacy(name: str) -> System:
    from eval.quotes import TextacyQuotes

    return TextacyQuotes(name)


def _fake(name: str, settings: Settings) -> System:
    """Run the library's whole line over its fake models: what its rules give without weights."""
    from stance.backends.fake import FakeEncoder, FakeScorer
    from stance.pipeline import Analyzer

    analyzer = Analyzer(FakeEncoder(), FakeScorer(), ModelInfo(name, None, "1"))
    return AnalyzerSystem(name, analyzer, settings)
