"""Ask the same question under other names: a stance must not hang on who is named.

Every holder of a marked article that has a proper name gets, for one question at a time, the name
of somebody of the same kind from another article, or a placeholder.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stance.names import strip_titles
from stance.records import HolderKind, Span
from stance.training.corpus import Piece
from stance.training.examples import PairExample

# Shares of the questions that are asked again with other names, and with placeholders.
SWAPPED, MASKED = 0.25, 0.1

_PROPER = re.compile(
    r"[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:of|and|for|the|de|van|von|al)|\s+[A-ZÀ-Þ&][\w’'.-]*)*"
)


@dataclass(slots=True)
class Renamer:
    """Draw names for the holders of one article from those of all.

    Args:
        pieces: the corpus.
    """

    pieces: Sequence[Piece]
    stock: dict[HolderKind, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for piece in self.pieces:
            for party in piece.parties.values():
                name = strip_titles(party.names[0])
                if _proper(name):
                    self.stock.setdefault(party.kind, []).append(name)

    def again(
        self, piece: Piece, examples: Sequence[PairExample], rng: random.Random
    ) -> Iterator[PairExample]:
        """Yield some of an article's questions again, under other names."""
        for example in examples:
            draw = rng.random()
            if draw < SWAPPED + MASKED and (names := self._names(piece, rng, draw < MASKED)):
                yield renamed(example, names)

    def _names(self, piece: Piece, rng: random.Random, masked: bool) -> dict[str, str]:
        """Give every named holder another name; surnames follow their owners."""
        mapping: dict[str, str] = {}
        for number, party in enumerate(piece.parties.values()):
            known = [strip_titles(n) for n in party.names]
            if party.kind not in ("person", "organization", "country") or not _proper(known[0]):
                continue
            new = rng.choice(self.stock[party.kind])
            if masked:
                new = f"{party.kind.title()} {chr(ord('A') + number % 26)}"
            mapping |= dict.fromkeys(filter(_proper, known), new)
            if party.kind == "person" and " " in known[0]:
                mapping[known[0].split()[-1]] = new if masked else new.split()[-1]
        return mapping


def _proper(name: str) -> bool:
    return _PROPER.fullmatch(name) is not None


def renamed(example: PairExample, mapping: Mapping[str, str]) -> PairExample:
    """Write a question under other names.

    Args:
        example: the question.
        mapping: new names by old ones.

    Returns:
        The question with text, holder and target changed alike, and its mark moved along.
    """
    names = "|".join(re.escape(n) for n in sorted(mapping, key=len, reverse=True))
    finder = re.compile(rf"(?<!\w)(?:{names})(?!\w)")

    def fresh(text: str) -> str:
        return finder.sub(lambda found: mapping[found[0]], text)

    pair, mark = example.pair, example.pair.holder_span
    text = fresh(pair.text)
    if mark is not None:
        before, inside = fresh(pair.text[: mark.start]), fresh(mark.of(pair.text))
        text = before + inside + fresh(pair.text[mark.end :])
        mark = Span(len(before), len(before) + len(inside))
    holder = fresh(pair.holder) if pair.holder else pair.holder
    asked = replace(pair, text=text, target=fresh(pair.target), holder=holder, holder_span=mark)
    return replace(example, pair=asked)
