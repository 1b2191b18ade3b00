"""Take the line apart: what each of its parts earns on labelled articles.

::

    python -m eval ablate --suite seeds:dev --model mini --into eval/README.md

The first row has the tagger alone: its spans as they come, each wording of a source a holder of its
own, the label's probability as confidence. Each further row adds one part to the row before.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from eval.suites import gold_folder
from eval.table import markdown
from stance.attribution import find_statements
from stance.backends.base import Attribution, Encoder, Encoding, Floats, PairScorer, StancePair
from stance.evaluate import evaluate_article, mean_of_sums, summarize_scores
from stance.gold import GoldArticle, load_gold
from stance.holders import Resolution, resolve
from stance.line import Line
from stance.metrics import Interval, bootstrap
from stance.options import Options
from stance.records import Analysis, Article, Holder, Span, Statement, Target
from stance.scoring import ArticleScores
from stance.text import Document

MARKS = ("<!-- ablation:begin -->", "<!-- ablation:end -->")
# The columns of the table; the first is the one whose gain is tested.
SHOWN = {
    "triple_f1": "triple F1",
    "holder_f1": "holder F1",
    "label_macro_f1_pooled": "label macro-F1",
    "evidence_f1": "evidence F1",
    "open_triple_f1": "open triple F1",
}
MAIN = next(iter(SHOWN))
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Parts:
    """Say which parts of the line work."""

    quotes: bool = False
    holders: bool = False
    acts: bool = False
    narration: bool = False
    sureness: bool = False


NONE = Parts()
QUOTED = replace(NONE, quotes=True)
RESOLVED = replace(QUOTED, holders=True)
ACTING = replace(RESOLVED, acts=True)
NARRATED = replace(ACTING, narration=True)
STEPS = {
    "tagger only": NONE,
    "+ quotation rules": QUOTED,
    "+ holder resolution": RESOLVED,
    "+ acts": ACTING,
    "+ narration, and the article itself": NARRATED,
    "+ fitted confidence and its floor": replace(NARRATED, sureness=True),
}


class Ablated(Line):
    """Be the line with some of its parts only."""

    def __init__(self, line: Line, parts: Parts) -> None:
        super().__init__(
            line.encoder,
            line.scorer,
            line.info,
            sureness=line.sureness if parts.sureness else None,
        )
        self.parts = parts

    def resolved(self, document: Document, encoding: Encoding) -> Resolution:
        """Find statements and holders with the parts that work."""
        parts = self.parts
        if parts.quotes:
            statements = find_statements(document, encoding, acts=parts.acts)
        else:
            statements = as_tagged(encoding.attributions)
        if parts.holders:
            return resolve(document, statements, narration=parts.narration)
        return by_wording(document, statements)

    def analyze(
        self,
        article: Article,
        targets: Sequence[str | Target] | None = None,
        *,
        summary: Any = None,
    ) -> Analysis:
        """Analyze one article; its summary has no part in this."""
        return self.run(article, targets, Options(summary=None))


def as_tagged(attributions: Sequence[Attribution]) -> list[Statement]:
    """Take the tagger's spans as they are."""
    found = [Statement(a.content, a.source, a.cue, "indirect") for a in attributions if a.content]
    return sorted(dict.fromkeys(found), key=lambda s: (s.span.start, s.span.end))


def by_wording(document: Document, statements: Sequence[Statement]) -> Resolution:
    """Make each wording of a source a holder."""
    mentions: dict[str, list[Span]] = {}
    for statement in statements:
        if statement.source is not None:
            own = mentions.setdefault(statement.source.of(document.text).casefold(), [])
            own.append(statement.source)
    order = {words: index for index, words in enumerate(mentions)}
    holders = tuple(
        Holder(spans[0].of(document.text), "person", tuple(spans)) for spans in mentions.values()
    )
    owner = tuple(
        order[s.source.of(document.text).casefold()] if s.source is not None else None
        for s in statements
    )
    return Resolution(holders, owner, tuple(statements))


class Remembering:
    """Answer what was asked before without asking the models again."""

    def __init__(self, encoder: Encoder, scorer: PairScorer) -> None:
        self._encoder, self._scorer = encoder, scorer
        self._encodings: dict[tuple[str, int], Encoding] = {}
        self._vectors: dict[str, Floats] = {}
        self._judged: dict[StancePair, Floats] = {}

    def encode(self, document: Document) -> Encoding:
        """Encode a document once."""
        key = (document.text, len(document.sentences))
        if key not in self._encodings:
            self._encodings[key] = self._encoder.encode(document)
        return self._encodings[key]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed each text once."""
        if fresh := _fresh(texts, self._vectors):
            self._vectors |= zip(fresh, self._encoder.embed(fresh), strict=True)
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)

    def stance(self, pairs: Sequence[StancePair]) -> Floats:
        """Judge each pair once."""
        if fresh := _fresh(pairs, self._judged):
            self._judged |= zip(fresh, self._scorer.stance(fresh), strict=True)
        return np.array([self._judged[pair] for pair in pairs], dtype=np.float32).reshape(-1, 4)

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Judge entailment."""
        return self._scorer.entail(pairs)


def _fresh(asked: Sequence[Key], known: dict[Key, Floats]) -> list[Key]:
    return [item for item in dict.fromkeys(asked) if item not in known]


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one row of the table; `gain` is that of the main measure over the row before."""

    name: str
    values: dict[str, Interval]
    gain: Interval | None


def ablate(line: Line, golds: Sequence[GoldArticle], *, seed: int = 0) -> list[Step]:
    """Score the line on labelled articles, with one part more each time.

    Args:
        line: the models, with what was fitted for them.
        golds: the articles.
        seed: of the bootstrap.
    """
    models = Remembering(line.encoder, line.scorer)
    kept = Line(models, models, line.info, sureness=line.sureness)
    steps: list[Step] = []
    before: list[ArticleScores] = []
    for name, parts in STEPS.items():
        scores = [evaluate_article(Ablated(kept, parts), gold) for gold in golds]
        found = {s.name: s.interval for s in summarize_scores(scores, seed=seed)}
        gain = _gain(before, scores, seed) if before else None
        steps.append(Step(name, {k: found[k] for k in SHOWN if k in found}, gain))
        before = scores
    return steps


def _gain(before: Sequence[ArticleScores], after: Sequence[ArticleScores], seed: int) -> Interval:
    """Return the mean difference over the same articles, with its interval."""
    pairs = [(a.values.get(MAIN), b.values.get(MAIN)) for a, b in zip(before, after, strict=True)]
    rows = np.array([(b - a, 1.0) for a, b in pairs if a is not None and b is not None])
    return bootstrap(rows, mean_of_sums, seed=seed)


def measure(suite: str, model: str, *, limit: int | None = None, seed: int = 0) -> str:
    """Ablate a model on labelled articles.

    Args:
        suite: ``seeds:dev``, or a folder of labelled articles, with or without a split.
        model: what `stance.load` takes.
        limit: keep only so many articles.
        seed: of the bootstrap.

    Returns:
        The table in Markdown.
    """
    from stance.pipeline import load

    folder, split = gold_folder(suite)
    golds = [g for g in load_gold(folder, split=split) if g.stances][:limit]
    line = load(model)
    steps = ablate(line, golds, seed=seed)
    return table(steps, f"{len(golds)} articles of `{suite}`, {line.info.name} {_digest(line)}.")


def _digest(line: Line) -> str:
    return (line.info.digest or "")[:12]


def table(steps: Sequence[Step], caption: str) -> str:
    """Write the steps as a Markdown table.

    Args:
        steps: what `ablate` returned.
        caption: says what was measured, under the table.
    """
    head = ["part", *SHOWN.values(), f"gain in {SHOWN[MAIN]}"]
    rules = ["---", *["---:"] * (len(head) - 1)]
    rows = [
        [step.name, *(_value(step.values.get(name)) for name in SHOWN), _change(step.gain)]
        for step in steps
    ]
    return "\n".join([markdown([head, rules, *rows]), "", caption, ""])


def _value(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.value:.3f}"


def _change(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"
