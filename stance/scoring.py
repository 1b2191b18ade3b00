"""Score what was found in one article against its hand-made labels, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stance.gold import GoldArticle
from stance.matching import holder_strength, match, target_strength
from stance.metrics import Array, Counts, confusion, macro_f1, rouge, set_counts, token_set
from stance.records import LABELS, Analysis, Evidence, Holder, Record, Stance, Summary
from stance.text import make_document

Cosines = Mapping[str, Sequence[float]]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Status = Literal["right", "wrong", "missed", "invented"]

# A summary sentence counts as entailed from this support upwards.
SUPPORT_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """Compare one gold row with one predicted row.

    `shared` tells that gold has a row for this holder and target. Without a gold row, `holder`
    and `target` are the prediction's own names.
    """

    status: Status
    holder: str
    target: str
    gold: str | None = None
    predicted: str | None = None
    confidence: float | None = None
    shared: bool = True
    evidence: Counts | None = None

    @property
    def pair(self) -> tuple[str, str | None]:
        """The gold label (or ``"nothing"``) and the predicted one."""
        return self.gold or "nothing", self.predicted


@dataclass(frozen=True, slots=True)
class ArticleScores(Record):
    """Hold the scores of one article; None means that there was nothing to score.

    `values` has the number of each measure in [0, 1]; `closed` and `opened` the rows behind them.
    """

    id: str
    values: dict[str, float | None]
    closed: tuple[Verdict, ...] = ()
    opened: tuple[Verdict, ...] = ()
    error: str | None = None

    @property
    def explanation(self) -> str:
        """What went right and wrong, in one line."""
        if self.error:
            return f"crashed: {self.error}"
        kinds = ("right", "wrong", "missed", "invented")
        return "; ".join(
            f"{name}: " + ", ".join(f"{sum(v.status == k for v in rows)} {k}" for k in kinds)
            for name, rows in (("closed", self.closed), ("open", self.opened))
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold one row of either side; matched holders and targets carry their gold ids."""

    holder: str
    target: str
    label: str
    evidence: tuple[Evidence, ...]
    confidence: float | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The holder and the target."""
        return self.holder, self.target


def score_article(
    gold: GoldArticle,
    closed: Analysis | None,
    opened: Analysis | None,
    *,
    cosines: Cosines | None = None,
) -> ArticleScores:
    """Score one article.

    Args:
        gold: the labels.
        closed: what was found with the gold target texts given; None leaves these scores out.
        opened: what was found without them; None leaves these scores out.
        cosines: what `target_cosines` returned; None matches targets by words only.

    Returns:
        Every score of the gold format, and the rows behind them.

    Raises:
        MissingExtraError: the `rouge-score` package is not installed.
    """
    values: dict[str, float | None] = {}
    closed_rows: list[Verdict] = []
    opened_rows: list[Verdict] = []
    if closed is not None and gold.targets:
        names = {t.text: t.id for t in gold.targets}
        closed_rows, holders = _judge(gold, closed, names)
        values |= _closed_values(closed_rows, holders)
    if opened is not None:
        names = match_targets(gold, [s.target.text for s in _taken(opened)], cosines)
        opened_rows, holders = _judge(gold, opened, names)
        values |= {
            "open_triple_f1": triple_counts(opened_rows).f1,
            "open_holder_f1": holders.f1,
            "target_f1": _target_counts(gold, opened, names).f1,
        }
        if opened.summary is not None:
            values |= score_summary(gold, opened.summary)
    return ArticleScores(gold.id, values, tuple(closed_rows), tuple(opened_rows))


def score_summary(gold: GoldArticle, summary: Summary) -> dict[str, float | None]:
    """Score one summary: salient F1, ROUGE, and the share of sentences that are supported."""
    document = make_document(gold.article)
    drawn = [source for sentence in summary.sentences for source in sentence.sources]
    picked = {i for e in drawn for i in document.covering(e.span)}
    wanted = {i for e in gold.salient for i in document.covering(e.span)}
    supported = [s.support >= SUPPORT_FLOOR for s in summary.sentences]
    text = "\n".join(s.text for s in summary.sentences) or summary.text
    grades = rouge(text, "\n".join(gold.summary)) if gold.summary else {}
    return {
        "salient_f1": set_counts(picked, wanted).f1 if wanted else None,
        **grades,
        "support": sum(supported) / len(supported) if supported else None,
    }


def missed_article(gold: GoldArticle, error: str) -> ArticleScores:
    """Score an article on which the system crashed: everything that could be scored is 0."""
    nothing = Analysis(gold.article, summary=Summary("", "none"))
    scores = score_article(gold, nothing, nothing)
    zeros = {name: None if value is None else 0.0 for name, value in scores.values.items()}
    return replace(scores, values=zeros, error=error)


def target_cosines(gold: GoldArticle, opened: Analysis, embed: Embed) -> Cosines:
    """Compare the discovered targets with the gold ones by their sentence vectors.

    Args:
        gold: the labels.
        opened: what was found without targets.
        embed: gives one unit vector per text.

    Returns:
        From each discovered target's text to its cosine with each gold target, in order.
    """
    texts = list(dict.fromkeys(s.target.text for s in opened.stances))
    if not texts or not gold.targets:
        return {}
    vectors = embed([*texts, *(t.text for t in gold.targets)])
    table = vectors[: len(texts)] @ vectors[len(texts) :].T
    return {text: [float(x) for x in row] for text, row in zip(texts, table, strict=True)}


def match_targets(
    gold: GoldArticle, predicted: Sequence[str], cosines: Cosines | None = None
) -> dict[str, str]:
    """Match discovered targets with gold ones.

    Args:
        gold: the labels.
        predicted: the texts of the discovered targets, repeats allowed.
        cosines: what `target_cosines` returned; None matches by words only.

    Returns:
        From predicted text to gold id, for those that match; each gold target at most once.
    """
    texts, targets = list(dict.fromkeys(predicted)), gold.targets
    if not texts or not targets:
        return {}
    near = cosines or {}
    rows = [near.get(text, [0.0] * len(targets)) for text in texts]
    strength = np.array(
        [
            [target_strength(text, t.names, c) for t, c in zip(targets, row, strict=True)]
            for text, row in zip(texts, rows, strict=True)
        ]
    )
    return {texts[i]: targets[j].id for i, j in match(strength).items()}


def _taken(analysis: Analysis) -> list[Stance]:
    """Return the stances that commit themselves; ``unclear`` is no prediction."""
    return [s for s in analysis.stances if s.label != "unclear"]


def _judge(
    gold: GoldArticle, analysis: Analysis, targets: Mapping[str, str]
) -> tuple[list[Verdict], Counts]:
    """Compare all rows under the matching of holders; count the holders as well."""
    stances = _taken(analysis)
    holders = match_holders(gold, [s.holder for s in stances], analysis.article.text)
    names = {s.holder: holders.get(s.holder, f"{_OUTSIDE}{s.holder.name}") for s in stances}
    found = [
        _Row(
            names[s.holder],
            targets.get(s.target.text, f"{_OUTSIDE}{s.target.text}"),
            s.label,
            s.evidence,
            s.confidence,
        )
        for s in stances
    ]
    wanted = [_Row(r.holder, r.target, r.label, r.evidence) for r in gold.stances]
    counts = set_counts([names[h] for h in names], [row.holder for row in wanted])
    return _compare(gold, _merged(wanted), _merged(found)), counts


# Marks names that match nothing in the labels; no gold id begins so.
_OUTSIDE = "\0"


def match_holders(gold: GoldArticle, predicted: Iterable[Holder], text: str) -> dict[Holder, str]:
    """Match predicted holders with gold ones.

    Args:
        gold: the labels.
        predicted: the holders, repeats allowed.
        text: what the mentions of `predicted` refer to.

    Returns:
        From holder to gold id, for those that match; each gold holder at most once.
    """
    holders = list(dict.fromkeys(predicted))
    if not holders or not gold.holders:
        return {}
    left = [_names_of(h.kind, (h.name, *(m.of(text) for m in h.mentions))) for h in holders]
    right = [_names_of(h.kind, h.names) for h in gold.holders]
    strength = np.array([[holder_strength(a, b) for b in right] for a in left])
    return {holders[i]: gold.holders[j].id for i, j in match(strength).items()}


def _names_of(kind: str, names: Sequence[str]) -> Sequence[str]:
    # The article's own voice has no name in the text; whatever it is called, it is the author.
    return ("author",) if kind == "author" else names


def _merged(rows: Iterable[_Row]) -> list[_Row]:
    """Make one row of those that say the same, with the evidence of all."""
    merged: dict[tuple[str, str, str], _Row] = {}
    for row in rows:
        key = (*row.pair, row.label)
        known = merged.get(key)
        merged[key] = replace(known, evidence=known.evidence + row.evidence) if known else row
    return list(merged.values())


def _compare(gold: GoldArticle, wanted: list[_Row], found: list[_Row]) -> list[Verdict]:
    """Pair gold rows with predicted ones: equal labels first, then equal pairs, in order."""
    left = list(found)
    answers: dict[int, _Row] = {}
    for same_label in (True, False):
        for i, row in enumerate(wanted):
            if i in answers:
                continue
            fits = (f for f in left if f.pair == row.pair and (f.label == row.label) >= same_label)
            if (answer := next(fits, None)) is not None:
                answers[i] = answer
                left.remove(answer)
    verdicts = [_verdict(gold, row, answers.get(i)) for i, row in enumerate(wanted)]
    pairs = {row.pair for row in wanted}
    return verdicts + [_invented(gold, row, shared=row.pair in pairs) for row in left]


def _verdict(gold: GoldArticle, row: _Row, answer: _Row | None) -> Verdict:
    holder, target = _named(gold, row)
    if answer is None:
        return Verdict("missed", holder, target, row.label)
    spans = [[e.span for e in side.evidence] for side in (answer, row)]
    overlap = set_counts(*(token_set(gold.article.text, side) for side in spans))
    status: Status = "right" if answer.label == row.label else "wrong"
    return Verdict(
        status, holder, target, row.label, answer.label, answer.confidence, evidence=overlap
    )


def _invented(gold: GoldArticle, row: _Row, *, shared: bool) -> Verdict:
    holder, target = _named(gold, row)
    return Verdict("invented", holder, target, None, row.label, row.confidence, shared)


def _named(gold: GoldArticle, row: _Row) -> tuple[str, str]:
    """Return the names of a row's holder and target, for people to read."""
    holder, target = row.pair
    return (
        holder[1:] if holder.startswith(_OUTSIDE) else gold.holder(holder).name,
        target[1:] if target.startswith(_OUTSIDE) else gold.target(target).text,
    )


def label_table(rows: Iterable[Verdict]) -> Array:
    """Count gold against predicted labels over the pairs that gold has.

    A missed row counts as "no answer"; a row too many for a pair that gold has, as "nothing there".
    """
    pairs = [v.pair for v in rows if v.shared]
    return confusion([gold for gold, _ in pairs], [answer for _, answer in pairs], LABELS)


def triple_counts(rows: Iterable[Verdict]) -> Counts:
    """Count (holder, target, label) triples; a wrong label is both found wrongly and not found."""
    statuses = [v.status for v in rows]
    right, wrong = statuses.count("right"), statuses.count("wrong")
    return Counts(right, wrong + statuses.count("invented"), wrong + statuses.count("missed"))


def evidence_counts(rows: Iterable[Verdict]) -> Counts | None:
    """Add up the evidence tokens of the pairs that both sides have; None where there is none."""
    counts = [v.evidence for v in rows if v.evidence is not None]
    return sum(counts, Counts()) if counts else None


def _closed_values(rows: Sequence[Verdict], holders: Counts) -> dict[str, float | None]:
    evidence = evidence_counts(rows)
    labelled = any(v.gold for v in rows)
    return {
        "triple_f1": triple_counts(rows).f1,
        "label_macro_f1": float(macro_f1(label_table(rows), present=True)) if labelled else None,
        "evidence_f1": evidence.f1 if evidence else None,
        "holder_f1": holders.f1,
    }


def _target_counts(gold: GoldArticle, analysis: Analysis, names: Mapping[str, str]) -> Counts:
    found = {s.target.text for s in _taken(analysis)}
    spoken_of = {row.target for row in gold.stances}
    return set_counts([names.get(text, f"{_OUTSIDE}{text}") for text in found], spoken_of)
