"""Read and measure the length of a summary: sentences, words or a share of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from stance.errors import OptionError

Unit = Literal["sentences", "words", "percent"]

# A word budget filled to this share, or but for so many words, is full: a last short sentence would
# be there for its length.
FULL, SPARE_WORDS = 0.8, 10

_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(%|w(?:ords?)?|s(?:entences?)?)?", re.IGNORECASE)
_SPACELESS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\s{_SPACELESS}]+")


@dataclass(frozen=True, slots=True)
class Length:
    """Hold how long a summary shall be."""

    amount: float
    unit: Unit

    def budget(self, text: str) -> int:
        """Return the most sentences, or the most words, for a summary of `text`."""
        if self.unit == "percent":
            # In decimals: 73.6 % of 375 words are 276, which floats make 275.99…
            return max(1, int(count_words(text) * Decimal(str(self.amount)) / 100))
        return int(self.amount)

    def cost(self, text: str) -> int:
        """Return what a sentence takes from the budget."""
        return 1 if self.unit == "sentences" else count_words(text)

    def slack(self, budget: int) -> float:
        """Return how much of the budget may stay unused."""
        return 0.0 if self.unit == "sentences" else min(budget - FULL * budget, SPARE_WORDS)


def count_words(text: str) -> int:
    """Count the words of a text: at white space, by character in Chinese, Japanese and Korean."""
    return sum(1 for _ in _WORD.finditer(text))


def parse_length(length: int | str) -> Length:
    """Read a summary length.

    Args:
        length: a number of sentences (3), a number of words ("60w") or a share of the article's
            words ("10%").

    Returns:
        The amount with its unit.

    Raises:
        OptionError: the length is none of these, or not positive, or over 100 %.
    """
    match = None if isinstance(length, bool) else _LENGTH.fullmatch(str(length).strip())
    amount = float(match[1]) if match else 0.0
    unit = _unit(match[2] or "") if match else "sentences"
    whole = unit == "percent" or amount == int(amount)
    if not 0 < amount <= (100 if unit == "percent" else 10**9) or not whole:
        raise OptionError(
            f"length={length!r} is no summary length; give a number of sentences (3), "
            'a number of words ("60w") or a share of the article ("10%")'
        )
    return Length(amount, unit)


def _unit(mark: str) -> Unit:
    if mark == "%":
        return "percent"
    return "words" if mark[:1].casefold() == "w" else "sentences"
