"""Show the stances of an article in other shapes: a matrix, a table of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import combining, east_asian_width

from stance.errors import MissingExtraError, OptionError, RecordError
from stance.parts import SIGNS, StanceLabel
from stance.record import Record

if TYPE_CHECKING:
    from pandas import DataFrame

    from stance.records import Analysis, Stance

__all__ = ["COLUMNS", "Cell", "Matrix", "matrix", "to_frame", "to_rows"]

# The columns of a frame and their types, which an empty one has, too, so that frames can be joined.
COLUMNS = {
    "article": "string",
    "stance": "int64",
    **dict.fromkeys(("holder", "holder_kind", "target", "target_kind", "label"), "string"),
    **dict.fromkeys(("confidence", "favor", "against", "neutral"), "float64"),
    "quote": "string",
    **dict.fromkeys(("start", "end"), "Int64"),
}
_HOLDER_WIDTH = 32
_NOBODY = "·"


@dataclass(frozen=True, slots=True)
class Cell(Record):
    """Hold where one holder stands on one target.

    `labels` and their `confidences` are in the order of the article: two where a holder takes one
    side and then the other, none where the holder does not speak to the target.
    """

    holder: str
    target: str
    labels: tuple[StanceLabel, ...] = ()
    confidences: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.confidences):
            raise RecordError(
                f"the cell of {self.holder!r} has {len(self.labels)} labels and "
                f"{len(self.confidences)} confidences; give one for each"
            )

    def __str__(self) -> str:
        sides = zip(self.labels, self.confidences, strict=True)
        return ", ".join(f"{SIGNS[label]} {round(100 * share)}%" for label, share in sides)


@dataclass(frozen=True, slots=True)
class Matrix(Record):
    """Hold holders against targets; `cells` are those with a stance, row by row.

    ``matrix["the mayor", "the bridge"]`` is one cell, ``str(matrix)`` a table to print.
    """

    holders: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()

    def __getitem__(self, place: tuple[str, str]) -> Cell:
        holder, target = place
        for name, known in ((holder, self.holders), (target, self.targets)):
            if name not in known:
                raise OptionError(f"the matrix has no {name!r}; it has {list(known)}")
        found = (c for c in self.cells if (c.holder, c.target) == (holder, target))
        return next(found, Cell(holder, target))

    def __str__(self) -> str:
        if not self.cells:
            return "Nobody takes a stance."
        columns = range(1, len(self.targets) + 1)
        rows = [
            [_tame(holder, _HOLDER_WIDTH), *(str(self[holder, t]) or _NOBODY for t in self.targets)]
            for holder in self.holders
        ]
        key = [f"{n}  {_tame(t)}" for n, t in zip(columns, self.targets, strict=True)]
        signs = "  ".join(f"{sign} {label}" for label, sign in SIGNS.items())
        return "\n".join([*_aligned([["", *map(str, columns)], *rows]), "", *key, "", signs])


def matrix(analysis: Analysis) -> Matrix:
    """Set the holders of an analysis against its targets.

    Args:
        analysis: what `stance.analyze` returned.

    Returns:
        Holders in the order of the article, targets in that of the analysis.
    """
    sides: dict[tuple[str, str], list[Stance]] = {}
    for stance in analysis.stances:
        sides.setdefault((stance.holder.name, stance.target.text), []).append(stance)
    holders = dict.fromkeys((*(h.name for h in analysis.holders), *(holder for holder, _ in sides)))
    targets = dict.fromkeys((*(t.text for t in analysis.targets), *(target for _, target in sides)))
    cells = (
        Cell(h, t, tuple(s.label for s in found), tuple(s.confidence for s in found))
        for h in holders
        for t in targets
        if (found := sides.get((h, t)))
    )
    return Matrix(tuple(holders), tuple(targets), tuple(cells))


def to_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """List stances with their quotes, one row for each quote.

    Args:
        analysis: what `stance.analyze` returned.

    Returns:
        Rows with the keys of `COLUMNS`. `stance` counts the stances from 0: one that has three
        quotes has three rows, one that has none has one, without quote, start and end.
    """
    return [
        {
            "article": analysis.article.id,
            "stance": number,
            "holder": stance.holder.name,
            "holder_kind": stance.holder.kind,
            "target": stance.target.text,
            "target_kind": stance.target.kind,
            "label": stance.label,
            "confidence": stance.confidence,
            **stance.scores.to_dict(),
            **_place(evidence),
        }
        for number, stance in enumerate(analysis.stances)
        for evidence in stance.evidence or (None,)
    ]


def to_frame(analysis: Analysis) -> DataFrame:
    """Return the stances and their quotes as a pandas table.

    Args:
        analysis: what `stance.analyze` returned.

    Returns:
        One row for each quote of each stance, as `to_rows` has them. Frames of several articles
        have the same columns and types, so that ``pandas.concat`` joins them.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise MissingExtraError.of("pandas", "pandas") from error
    return DataFrame(to_rows(analysis), columns=list(COLUMNS)).astype(COLUMNS)


def _place(evidence: Any) -> dict[str, Any]:
    if evidence is None:
        return {"quote": None, "start": None, "end": None}
    return {"quote": evidence.text, "start": evidence.start, "end": evidence.end}


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set columns side by side, each as wide as its widest cell."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths).rstrip() for row in rows]


def _line(row: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(
        cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
    )


def _tame(text: str, limit: int | None = None) -> str:
    """Put a name on one line, without what could steer a terminal, cut to `limit`."""
    words = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
    return words if limit is None or len(words) <= limit else words[: limit - 1] + "…"


def _width(text: str) -> int:
    """Count the columns that a text takes: a wide letter has two, an accent of its own none."""
    return sum(0 if combining(c) else 1 + (east_asian_width(c) in "WF") for c in text)
