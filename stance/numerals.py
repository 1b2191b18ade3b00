"""Read the numbers in a text, in digits or in words, and compare them by value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from stance.records import Span

# Enough digits for any amount in the news; it keeps a page of digits from being one huge number.
MAX_DIGITS = 24
# "About 5,000" may stand for 4,981 or 5,112, not for 4,000.
HEDGE_TOLERANCE = Decimal("0.1")

Side = Literal["least", "most", "near"]

_SCALES: dict[str, Decimal] = {
    "hundred": Decimal(100),
    **dict.fromkeys(("thousand", "k"), Decimal(10**3)),
    **dict.fromkeys(("million", "m", "mn", "mln"), Decimal(10**6)),
    **dict.fromkeys(("billion", "bn", "b"), Decimal(10**9)),
    **dict.fromkeys(("trillion", "tn", "trn"), Decimal(10**12)),
}
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL: dict[str, int] = {
    **{word: value for value, word in enumerate(re.findall(r"\w+", _UNITS))},
    **{word: 10 * value for value, word in enumerate(re.findall(r"\w+", _TENS), start=2)},
}
_BIG = r"hundred|thousand|million|billion|trillion"
_PERCENT = r"\s?%|[\s-](?:percent|per\s?cent|pct|percentage\spoints?)\b"
_DIGITS = re.compile(
    rf"(?P<money>[$€£¥])?(?<!\w)(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:[\s-]?(?P<word>{_BIG})\b|\s?(?P<short>mn|mln|bn|tn|trn|[kmb])(?!\w))?"
    rf"(?P<percent>{_PERCENT})?",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    rf"\b(?:(?P<one>an?)\s+(?={_BIG}))?(?P<word>{_BIG}|{'|'.join(_SMALL)})\b", re.IGNORECASE
)
_JOINT = re.compile(r"[\s-]+")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:-|–|to|and|or)\s?[$€£¥]?")
_HEDGES: dict[Side, re.Pattern[str]] = {
    "least": re.compile(r"\b(?:more than|over|at least|above|upwards of)\s+$", re.IGNORECASE),
    "most": re.compile(
        r"\b(?:nearly|almost|under|less than|fewer than|up to|below)\s+$", re.IGNORECASE
    ),
    "near": re.compile(
        r"\b(?:about|around|some|roughly|approximately|an estimated)\s+$", re.IGNORECASE
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold one value of a number; `unit` is ``%``, a currency sign or empty."""

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """Hold a number where it stands, with every value that it may be read as ("5m": 5, 5,000,000).

    `hedge` tells on which side of the value the true one may lie ("more than": at least).
    """

    span: Span
    readings: tuple[Reading, ...]
    hedge: Side | None = None


def numbers(text: str) -> list[Number]:
    """Find every number in a text.

    Ordinals in words, "one" by itself and vague amounts ("dozens") are left out: they count nothing
    that could be checked.

    Args:
        text: any text.

    Returns:
        The numbers, in the order of the text; none overlaps another.
    """
    found = [_from_digits(text, match) for match in _DIGITS.finditer(text)]
    _share_scale(text, found)
    taken = {position for n in found for position in range(n.span.start, n.span.end)}
    found += [n for n in _spelled(text) if n.span.start not in taken]
    return sorted(found, key=lambda number: number.span)


def tabulate(readings: Iterable[Reading]) -> dict[Decimal, frozenset[str]]:
    """Return the units under each value."""
    table: dict[Decimal, frozenset[str]] = {}
    for reading in readings:
        table[reading.value] = table.get(reading.value, frozenset()) | {reading.unit}
    return table


def agrees(number: Number, table: Mapping[Decimal, frozenset[str]]) -> bool:
    """Tell whether a text has the number.

    Args:
        number: the number asked about.
        table: what `tabulate` made of the text's own readings.

    Returns:
        True where a reading of it is there with a unit that does not contradict, or, for a hedged
        number, one within a tenth of it on the side that the hedge allows.
    """
    if any(_fits(reading.unit, table.get(reading.value)) for reading in number.readings):
        return True
    side = number.hedge
    return side is not None and any(
        _hedged(reading.value, value, side) and _fits(reading.unit, units)
        for reading in number.readings
        for value, units in table.items()
    )


def _fits(unit: str, units: frozenset[str] | None) -> bool:
    return units is not None and (not unit or "" in units or unit in units)


def _hedged(said: Decimal, true: Decimal, side: Side) -> bool:
    if abs(said - true) > HEDGE_TOLERANCE * said:
        return False
    return {"least": true >= said, "most": true <= said, "near": True}[side]


def _from_digits(text: str, match: re.Match[str]) -> Number:
    value = Decimal(match["digits"].replace(",", "")[:MAX_DIGITS])
    unit = "%" if match["percent"] else match["money"] or ""
    scale = (match["word"] or match["short"] or "").casefold()
    readings = [Reading(value * _SCALES[scale], unit)] if scale else [Reading(value, unit)]
    if len(match["short"] or "") == 1 and not match["money"]:
        # "5m" may be metres, "5b" a flat: the bare value is a reading too.
        readings.append(Reading(value, unit))
    return Number(Span(*match.span()), tuple(readings), _hedge_before(text, match.start()))


def _hedge_before(text: str, position: int) -> Side | None:
    before = text[max(0, position - 20) : position]
    return next((side for side, pattern in _HEDGES.items() if pattern.search(before)), None)


def _share_scale(text: str, found: list[Number]) -> None:
    """Let the first number of a range be read in the scale of the second ("$10-15 million")."""
    for index in range(len(found) - 1, 0, -1):
        left, right = found[index - 1], found[index]
        if _RANGE.fullmatch(text, left.span.end, right.span.start) is None:
            continue
        scale = _scale_of(right.span.of(text))
        if scale is None or _scale_of(left.span.of(text)) is not None:
            continue
        shared = [Reading(r.value * scale, r.unit) for r in left.readings]
        found[index - 1] = Number(left.span, (*left.readings, *shared), left.hedge)


def _scale_of(words: str) -> Decimal | None:
    match = _DIGITS.match(words)
    scale = match and (match["word"] or match["short"])
    return _SCALES[scale.casefold()] if scale else None


def _spelled(text: str) -> list[Number]:
    """Read number words, joining those that make one number ("two hundred and five thousand")."""
    found: list[Number] = []
    run: _Run | None = None
    for match in _SPELLED.finditer(text):
        if run is not None and run.joins(text, match):
            run.take(match)
            continue
        found += run.numbers(text) if run else []
        run = _Run.begin(match)
    return found + (run.numbers(text) if run else [])


@dataclass(slots=True)
class _Run:
    """Gather number words; `total` is settled, `current` may still be multiplied."""

    start: int
    end: int
    total: int = 0
    current: int = 0
    ceiling: int = 10**15
    words: int = 0
    last: str = ""

    @classmethod
    def begin(cls, match: re.Match[str]) -> _Run:
        run = cls(match.start(), match.end(), current=1 if match["one"] else 0)
        run.take(match)
        return run

    def joins(self, text: str, match: re.Match[str]) -> bool:
        """Tell whether the next number word goes on with this number."""
        word = match["word"].casefold()
        gap = text[self.end : match.start()]
        if match["one"] or not (_JOINT.fullmatch(gap) or (_AND.fullmatch(gap) and self._scaled())):
            return False
        if word == "hundred":
            return 0 < self.current < 100
        if word in _SCALES:
            return self.current > 0 and int(_SCALES[word]) < self.ceiling
        value = _SMALL[word]
        tens = self.current % 100
        return self._scaled() or (tens >= 20 and tens % 10 == 0 and 0 < value < 10)

    def take(self, match: re.Match[str]) -> None:
        """Add the word's value."""
        word = match["word"].casefold()
        if word == "hundred":
            self.current *= 100
        elif word in _SCALES:
            self.ceiling = int(_SCALES[word])
            self.total, self.current = self.total + self.current * self.ceiling, 0
        else:
            self.current += _SMALL[word]
        self.end, self.words, self.last = match.end(), self.words + 1, word

    def numbers(self, text: str) -> list[Number]:
        """Return the number, unless it is "one" or a scale that multiplies nothing."""
        value = self.total + self.current
        if (value == 0 and self.last != "zero") or (self.words == 1 and self.last == "one"):
            return []
        percent = re.compile(_PERCENT, re.IGNORECASE).match(text, self.end)
        span = Span(self.start, percent.end() if percent else self.end)
        reading = Reading(Decimal(value), "%" if percent else "")
        return [Number(span, (reading,), _hedge_before(text, self.start))]

    def _scaled(self) -> bool:
        return self.last in _SCALES
