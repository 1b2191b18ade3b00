"""Write short scenes in which people take sides by a verb, and ask who is for and who against.

Argued stances abound in the labelled sets, plain ones do not: a model that has read thousands of
arguments may still take "the union balked at the deal" for a yes. Each scene draws its words from
the lists of `predicates`; a holder beside the first one takes another side, so that only whose verb
it is decides.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from stance.training import lexicon as lex
from stance.training import predicates as words
from stance.training.examples import AGAINST, FAVOR, NEUTRAL, PairExample, Pool
from stance.training.synthetic import UNRELATED, Name, Writer, cap

_OPPOSITE = {FAVOR: AGAINST, AGAINST: FAVOR}
# Every so manieth phrase is kept for development.
_HELD_OUT = 12
_SAID = lex.phrases(
    "said; said on Monday; told reporters; argued; insisted; wrote; says; told the council;believes"
)
_LEADS = lex.phrases(
    "The council will vote on {t} on Thursday; A decision on {t} is due next week;"
    "The row over {t} has lasted for years; Few subjects divide the town like {t};"
    "Nobody in the hall spoke of anything but {t}; Talks on {t} ended on Friday night"
)
_FILLERS = lex.phrases(
    "The meeting lasted three hours; About 200 people came; It rained all day;"
    "The hall was full on Thursday; Both went home without a word;"
    "The matter goes back to the committee in May"
)
_JOINS = (", while {b} {act}", ", but {b} {act}", ". {B} {act}", ".\n\n{B} {act}", "; {b} {act}")


@dataclass(frozen=True, slots=True)
class Thing:
    """Hold what a side is taken on: as the text has it, and the questions that may be asked.

    `questions` pairs each wording with whether it turns the side around ("a ban on fracking").
    """

    text: str
    questions: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hold phrases by label: `acts` toward things, `says` of them, acts toward `people`."""

    acts: Mapping[int, tuple[str, ...]]
    says: Mapping[int, tuple[str, ...]]
    people: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, *, dev: bool) -> Vocabulary:
        """Take the phrases of one part; no phrase is in both."""

        def part(*blocks: str) -> dict[int, tuple[str, ...]]:
            chosen = [[p for p in lex.phrases(b) if _is_held_out(p) == dev] for b in blocks]
            return dict(zip((FAVOR, AGAINST, NEUTRAL), map(tuple, chosen), strict=True))

        return cls(
            part(words.FOR, words.AGAINST, words.ABOUT),
            part(words.PRAISE, words.BLAME, words.PLAIN),
            part(words.ENTITY_FOR, words.ENTITY_AGAINST, words.ENTITY_ABOUT),
        )


class Sides:
    """Write scenes by a seeded random choice at each turn."""

    def __init__(self, vocabulary: Vocabulary, seed: int) -> None:
        self.vocabulary = vocabulary
        self.writer = Writer([], seed)
        self.random = self.writer.random

    def write(self, count: int) -> list[PairExample]:
        """Return about `count` examples."""
        examples: list[PairExample] = []
        while len(examples) < count:
            examples += self.scene()
        return examples[:count]

    def scene(self) -> list[PairExample]:
        """Write one or two holders and their sides on one thing, and ask about each."""
        is_entity = self.random.random() < 0.25
        thing = self.entity() if is_entity else self.thing()
        acts = self.vocabulary.people if is_entity else self.vocabulary.acts
        label = self.label()
        a, b = self.writer.name(), self.writer.name()
        if not is_entity and self.random.random() < 0.3:
            sentence = self.spoken(a, thing, label)
        else:
            sentence = f"{cap(a.mention)} {self.phrase(acts, label, a, thing.text)}"
        asked = [(a, label)]
        if self.random.random() < 0.4 and _differ(a, b):
            other = self.label()
            about = self.random.choice([thing.text, "it"]) if not is_entity else thing.text
            act = self.phrase(acts, other, b, about)
            sentence += self.random.choice(_JOINS).format(b=b.mention, B=cap(b.mention), act=act)
            asked.append((b, other))
        text = self.padded(f"{sentence}.", thing)
        examples = [self.ask(text, name, thing, side) for name, side in asked]
        if self.random.random() < 0.25:
            stranger = self.thing()
            if stranger.text != thing.text:
                examples.append(self.ask(text, a, stranger, UNRELATED))
        return examples

    def ask(self, text: str, name: Name, thing: Thing, label: int) -> PairExample:
        """Ask about one holder, in one of the thing's wordings."""
        target, turned = self.random.choice(thing.questions)
        return self.writer.example(
            text, name, target, _OPPOSITE.get(label, label) if turned else label
        )

    def label(self) -> int:
        """Draw a side; neutral is a fifth."""
        return self.random.choice((FAVOR, FAVOR, AGAINST, AGAINST, NEUTRAL))

    def phrase(self, acts: Mapping[int, tuple[str, ...]], label: int, who: Name, what: str) -> str:
        """Draw what is done, in the number of whoever does it."""
        chosen = self.random.choice(acts[label])
        if _is_plural(who):
            chosen = plural(chosen)
        if who.pronoun != "she":
            chosen = chosen.replace(" herself ", " themselves " if _is_plural(who) else " itself ")
        return chosen.replace("~", what) if "~" in chosen else f"{chosen} {what}"

    def spoken(self, name: Name, thing: Thing, label: int) -> str:
        """Write what somebody says of the thing, reported or quoted."""
        view = f"{thing.text} {self.random.choice(self.vocabulary.says[label])}"
        said = self.random.choice(_SAID)
        said = plural(said) if _is_plural(name) else said
        roll = self.random.random()
        if roll < 0.5:
            return f"{cap(name.mention)} {said} that {view}"
        if roll < 0.75:
            return f"“{cap(view)},” {name.mention} {said}"
        return f"According to {name.mention}, {view}"

    def padded(self, text: str, thing: Thing) -> str:
        """Put a sentence that takes no side before or behind, now and then."""
        roll = self.random.random()
        if roll < 0.25:
            return f"{self.random.choice(_LEADS).format(t=thing.text)}. {text}"
        return f"{text} {self.random.choice(_FILLERS)}." if roll < 0.4 else text

    def thing(self) -> Thing:
        """Draw a project or a measure; or an activity, and what furthers or curbs it."""
        if self.random.random() < 0.65:
            noun, place = self.random.choice(_THINGS), self.random.choice(words.PLACES)
            text = self.random.choice(
                [f"the {noun}", f"the {noun} in {place}", f"the {place} {noun}", f"the new {noun}"]
            )
            return Thing(text, ((text, False), (text.removeprefix("the "), False)))
        activity = self.random.choice(_ACTIVITIES)
        forms = [(activity, False)] * 3
        forms += [(self.random.choice(_FURTHERING).replace("~", activity), False)]
        forms += [(self.random.choice(_CURBING).replace("~", activity), True)] * 2
        text, turned = self.random.choice(forms)
        return Thing(text, tuple((form, turn != turned) for form, turn in forms))

    def entity(self) -> Thing:
        """Draw somebody whom sides are taken on."""
        name = self.writer.name()
        return Thing(name.mention, ((name.canonical, False), (name.mention, False)))


def plural(phrase: str) -> str:
    """Put the verb that a phrase begins with in the plural ("has taken", "backs", "does not")."""
    first, space, rest = phrase.partition(" ")
    known = {"is": "are", "was": "were", "has": "have", "does": "do"}
    if first in known:
        return known[first] + space + rest
    if not first.endswith("s") or first.endswith("ss"):
        return phrase
    if first.endswith(("sses", "shes", "ches", "xes")):
        return first[:-2] + space + rest
    stem = f"{first[:-3]}y" if first.endswith("ies") else first[:-1]
    return stem + space + rest


def side_pairs(count: int, seed: int) -> Pool:
    """Write scenes for training, and fewer with phrases that training never sees."""
    train, dev = (Vocabulary.of(dev=dev) for dev in (False, True))
    return Pool([*Sides(train, seed).write(count)], [*Sides(dev, seed + 1).write(1500)])


def _is_held_out(phrase: str) -> bool:
    return zlib.crc32(phrase.encode()) % _HELD_OUT == 0


def _is_plural(name: Name) -> bool:
    return name.pronoun == "they" or name.mention.endswith(" officials")


def _differ(a: Name, b: Name) -> bool:
    """Tell whether neither name is in the other."""
    first, second = a.mention.casefold(), b.mention.casefold()
    return first not in second and second not in first


_THINGS, _ACTIVITIES = lex.phrases(words.THINGS), lex.phrases(words.ACTIVITIES)
_FURTHERING, _CURBING = lex.phrases(words.FURTHERING), lex.phrases(words.CURBING)
