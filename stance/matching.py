"""Match predicted holders and targets with gold ones by their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from stance.metrics import Array, token_f1

HOLDER_RATIO = 0.85
TARGET_TOKEN_F1 = 0.5
TARGET_COSINE = 0.7

_ARTICLES = frozenset(("the", "a", "an"))
# Titles are dropped only before a capitalized word, so that "the Mayor's office" stays an office.
# Words that also begin the names of institutions (General, Justice, Chief) are no titles alone.
_TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord"),
        *("lady", "rev", "reverend", "father", "sister", "rabbi", "imam", "bishop", "archbishop"),
        *("cardinal", "pope", "president", "premier", "chancellor", "minister", "secretary"),
        *("sen", "senator", "rep", "representative", "gov", "governor", "mayor", "councillor"),
        *("councilor", "cllr", "judge", "gen", "col", "colonel", "maj", "major", "capt"),
        *("captain", "lt", "lieutenant", "sgt", "sergeant", "cpl", "adm", "admiral", "inspector"),
        *("superintendent", "constable", "detective", "ambassador", "commissioner", "spokesman"),
        *("spokeswoman", "spokesperson"),
    )
)
_BEFORE_TITLES = frozenset(
    (
        *("prime", "vice", "deputy", "former", "acting", "foreign", "interior", "defence"),
        *("defense", "finance", "health", "justice", "chief", "press"),
    )
)
# Without "us" and "who", which are also the U.S. and the WHO.
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "you", "him", "her", "them"))
_POSSESSIVE = re.compile(r"['’]s?$")


def normal_name(name: str) -> str:
    """Return a name case-folded, without articles, titles and punctuation.

    A name that consists of nothing else (``"the Prime Minister"``) keeps its titles.
    """
    raw = unicodedata.normalize("NFKC", name).replace("-", " ").split()
    raw = [word for word in raw if _plain(word) not in _ARTICLES]
    return " ".join(plain for word in _without_titles(raw) if (plain := _plain(word)))


def _plain(word: str) -> str:
    return "".join(c for c in _POSSESSIVE.sub("", word).casefold() if c.isalnum() or _is_mark(c))


def _is_mark(char: str) -> bool:
    # Combining marks are letters' parts in many scripts (Devanagari, Thai), not punctuation.
    return unicodedata.category(char).startswith("M")


def _without_titles(raw: list[str]) -> list[str]:
    """Drop the longest run of titles that a capitalized word follows."""
    cut = 0
    for i, word in enumerate(raw[:-1]):
        if _POSSESSIVE.search(word) or _plain(word) not in _TITLES | _BEFORE_TITLES:
            break
        if _plain(word) in _TITLES and raw[i + 1][0].isupper():
            cut = i + 1
    return raw[cut:]


def holder_strength(predicted: Sequence[str], gold: Sequence[str]) -> float:
    """Say how well two lists of names (the main name first) name the same holder.

    Args:
        predicted: the predicted name and its mentions.
        gold: the gold name and its aliases.

    Returns:
        0.0 for no match; the token-sort ratio in [0.85, 1] for a near match; 2.0 where any names
        are equal, 3.0 where a main name is one of them, 4.0 where both are.
    """
    left, right = _names(predicted), _names(gold)
    if not left or not right:
        return 0.0
    if left[0] == right[0]:
        return 4.0
    if left[0] in right or right[0] in left:
        return 3.0
    if set(left) & set(right):
        return 2.0
    return _nearest(left, right)


def _names(names: Iterable[str]) -> list[str]:
    return [name for raw in names if (name := normal_name(raw)) and name not in _PRONOUNS]


def _nearest(left: Sequence[str], right: Sequence[str]) -> float:
    from rapidfuzz.fuzz import token_sort_ratio

    best = max(token_sort_ratio(a, b) for a in left for b in right) / 100
    return float(best) if best >= HOLDER_RATIO else 0.0


def target_strength(predicted: str, gold: Sequence[str], cosine: float = 0.0) -> float:
    """Say how well a predicted target matches a gold one.

    Args:
        predicted: the predicted target's text.
        gold: the gold text and its aliases.
        cosine: of the two targets' sentence vectors, 0.0 where there are none.

    Returns:
        0.0 for no match, else the larger of the token-F1 (at least 0.5) and the cosine (at least
        0.7).
    """
    overlap = max(token_f1(predicted, name) for name in gold)
    return max(
        overlap if overlap >= TARGET_TOKEN_F1 else 0.0,
        cosine if cosine >= TARGET_COSINE else 0.0,
    )


def match(strength: Array) -> dict[int, int]:
    """Match rows with columns, the strongest pairs first, each at most once.

    Args:
        strength: shape (predicted, gold); 0.0 means "no match". Ties go to the earlier row, then
            to the earlier column.

    Returns:
        From row to column.
    """
    rows, columns = np.nonzero(strength > 0)
    order = np.lexsort((columns, rows, -strength[rows, columns]))
    pairs: dict[int, int] = {}
    for i in order:
        row, column = int(rows[i]), int(columns[i])
        if row not in pairs and column not in pairs.values():
            pairs[row] = column
    return pairs
