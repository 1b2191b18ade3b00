"""Score what was found in one article against its hand-made labels, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stance.gold import GoldArticle
from stance.metrics import Array, Counts, confusion, macro_f1, rouge, set_counts, token_set
from stance.pairing import Cosines, match_holders, match_targets
from stance.records import LABELS, Analysis, Evidence, Record, Stance, Summary
from stance.text import make_document

Status = Literal["right", "wrong", "missed", "invented"]

# A summary sentence counts as entailed from this support upwards.
SUPPORT_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """Compare one gold row with one predicted row.

    `holder` and `target` are gold's names for them, or the prediction's own where gold has none;
    `said_by` is the predicted holder's name. `shared` tells that gold has a row for this holder and
    target. `wanted` and `found` are the evidence of either side, `overlap` counts its words.
    """

    status: Status
    holder: str
    target: str
    gold: str | None = None
    predicted: str | None = None
    confidence: float | None = None
    shared: bool = True
    said_by: str | None = None
    wanted: tuple[Evidence, ...] = ()
    found: tuple[Evidence, ...] = ()
    overlap: Counts | None = None

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
    name: str | None = None

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
            s.holder.name,
        )
        for s in stances
    ]
    wanted = [_Row(r.holder, r.target, r.label, r.evidence) for r in gold.stances]
    counts = set_counts([names[h] for h in names], [row.holder for row in wanted])
    return _compare(gold, _merged(wanted), _merged(found)), counts


# Marks names that match nothing in the labels; no gold id begins so.
_OUTSIDE = "\0"


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
    missed = Verdict("missed", holder, target, row.label, wanted=row.evidence)
    if answer is None:
        return missed
    spans = [[e.span for e in side.evidence] for side in (answer, row)]
    return replace(
        missed,
        status="right" if answer.label == row.label else "wrong",
        predicted=answer.label,
        confidence=answer.confidence,
        said_by=answer.name,
        found=answer.evidence,
        overlap=set_counts(*(token_set(gold.article.text, side) for side in spans)),
    )


def _invented(gold: GoldArticle, row: _Row, *, shared: bool) -> Verdict:
    holder, target = _named(gold, row)
    said = Verdict("invented", holder, target, None, row.label, row.confidence, shared)
    return replace(said, said_by=row.name, found=row.evidence)


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
    counts = [v.overlap for v in rows if v.overlap is not None]
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
