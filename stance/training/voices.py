"""Put arguments into mouths: labelled arguments as quotations of holders, one or two to a scene.

Argument sets say how a text stands toward a motion, but nobody says it; articles have holders. A
scene here quotes one or two of them on the same or on different motions, so that whose words are
asked about decides the label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.training import lexicon as lex
from stance.training.examples import PairExample
from stance.training.synthetic import UNRELATED, Claim, Name, Writer, cap, lower

_SAID = lex.phrases(
    "said; told reporters; told the meeting; argued; wrote; added; insisted; warned;"
    "said on Monday;"
    "told the committee; said in an interview; told the council; says; explained; asked; replied;"
    "told the paper; said outside the court; wrote in a letter; told the inquiry; countered"
)
_THAT = lex.phrases(
    "said that; argued that; insisted that; believes that; told the hearing that; warned that;"
    "pointed out that; maintained that; wrote that; told residents that; thinks; feels that;"
    "complained that; stressed that; has argued that; is of the view that; claimed that"
)
_FILLER = lex.phrases(
    "The meeting lasted three hours; A decision is expected next week;"
    "The hall was full on Thursday;"
    "Neither side has published its figures; The matter goes back to the committee in May;"
    "About 200 people attended; The proposal was first made two years ago; It rained all day;"
    "The vote is set for the end of the month; The paper has 64 pages"
)
MAX_WORDS = 45


@dataclass(frozen=True, slots=True)
class Argument:
    """Hold an argument, the motions it speaks to, and its label toward each."""

    text: str
    targets: tuple[tuple[str, int], ...]


class Voices:
    """Write scenes from arguments, by a seeded random choice at each turn."""

    def __init__(self, arguments: Sequence[Argument], seed: int) -> None:
        self.writer = Writer([Claim("")], seed)
        self.random = self.writer.random
        self.by_target: dict[str, list[Argument]] = {}
        self.arguments = [a for a in arguments if len(a.text.split()) <= MAX_WORDS]
        for argument in self.arguments:
            self.by_target.setdefault(argument.targets[0][0], []).append(argument)

    def write(self, count: int) -> list[PairExample]:
        """Return about `count` examples."""
        examples: list[PairExample] = []
        while len(examples) < count:
            examples += self.scene()
        return examples[:count]

    def scene(self) -> list[PairExample]:
        """Write one scene and ask about every voice in it."""
        first = self.random.choice(self.arguments)
        if self.random.random() < 0.35:
            return self.alone(first)
        same = self.random.random() < 0.65
        pool = self.by_target[first.targets[0][0]] if same else self.arguments
        second = self.random.choice(pool)
        if second.text == first.text:
            return self.alone(first)
        return self.both(first, second)

    def alone(self, argument: Argument) -> list[PairExample]:
        """Quote one holder, with or without a sentence around."""
        name = self.writer.name()
        text = self.padded(self.quote(name, argument.text))
        target, label = self.random.choice(argument.targets)
        return [self.writer.example(text, name, target, label)]

    def both(self, first: Argument, second: Argument) -> list[PairExample]:
        """Quote two holders; on different motions each is also asked about the other's."""
        a, b = self.writer.name(), self.writer.name()
        if (
            a.mention.casefold() in b.mention.casefold()
            or b.mention.casefold() in a.mention.casefold()
        ):
            return self.alone(first)
        join = self.random.choice([" ", " But ", "\n\n", " "])
        text = self.padded(self.quote(a, first.text) + join + self.quote(b, second.text))
        target, label = self.random.choice(first.targets)
        other, other_label = self.random.choice(second.targets)
        examples = [
            self.writer.example(text, a, target, label),
            self.writer.example(text, b, other, other_label),
        ]
        if not {motion for motion, _ in first.targets} & {motion for motion, _ in second.targets}:
            who, what = self.random.choice([(a, other), (b, target)])
            examples.append(self.writer.example(text, who, what, UNRELATED))
        return examples

    def quote(self, name: Name, argument: str) -> str:
        """Attribute an argument: quoted before or after its speaker, or reported."""
        words = re.sub(r"\s+", " ", argument.replace("“", "").replace('"', "")).strip().rstrip(".!")
        roll, said = self.random.random(), self.random.choice(_SAID)
        if roll < 0.4:
            return f"“{cap(words)},” {name.mention} {said}."
        if roll < 0.55:
            return f"“{cap(words)},” {said.split()[0]} {name.mention}."
        if roll < 0.7:
            return f"{cap(name.mention)} {said}: “{cap(words)}.”"
        if roll < 0.92:
            return f"{cap(name.mention)} {self.random.choice(_THAT)} {lower(words)}."
        return f"According to {name.mention}, {lower(words)}."

    def padded(self, text: str) -> str:
        """Put a sentence that says nothing before or behind, now and then."""
        roll = self.random.random()
        if roll < 0.2:
            return f"{self.random.choice(_FILLER)}. {text}"
        return f"{text} {self.random.choice(_FILLER)}." if roll < 0.3 else text
