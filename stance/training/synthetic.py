"""Make pairs that the labelled sets lack: who holds what, by cue, toward a claim or a topic.

The sets have opinions without holders or holders without claims. These pairs join both: a clause
from news (or one side of an entailment pair) is put in somebody's mouth with a cue that asserts,
denies or leaves it open; the same words with another cue, another holder or another target then
get another label, so that no shortcut over topic or name can fit them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from stance.backends.base import StancePair
from stance.records import Span
from stance.training import lexicon as lex
from stance.training.examples import AGAINST, FAVOR, NEUTRAL, PairExample

_SAY = lex.phrases(lex.SAY)
_DENY = lex.phrases(lex.DENY_THAT)
_OPEN = lex.phrases(lex.OPEN_WHETHER)
_FALSE = lex.phrases(lex.FALSE_NOUN)
_REPORT = lex.phrases(lex.REPORT_OF)
_REPORT_ALONE = [*_REPORT, *lex.phrases(lex.REPORT_BARE)]
_DENIAL_OF = lex.phrases(lex.DENIAL_OF)
_ACTS = {
    FAVOR: lex.phrases(lex.FAVOR_ACT),
    AGAINST: lex.phrases(lex.AGAINST_ACT),
    NEUTRAL: lex.phrases(lex.NEUTRAL_ACT),
}
_TOPICS = lex.phrases(lex.TOPICS)
_BODIES, _GROUPS, _TITLES = (lex.phrases(b) for b in (lex.BODIES, lex.GROUPS, lex.TITLES))
_COUNTRIES = [entry.split("|") for entry in lex.phrases(lex.COUNTRIES)]
_AUX = re.compile(
    r"\b(is|are|was|were|will|would|can|could|should|must|has|have|had|may|might|did|does|do)\b"
)
_PRONOUN = re.compile(
    r"^(he|she|they|it|this|that|these|those|i|we|you|there|his|her|their)\b", re.I
)
UNRELATED = -1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold a clause and, where an entailment set gives them, clauses that it (dis)agrees with."""

    text: str
    entailed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """Hold a holder: how the sentence calls it and how the question does."""

    mention: str
    canonical: str
    pronoun: str


def usable_clause(text: str) -> str | None:
    """Return a clause fit to be put in somebody's mouth, or None."""
    words = text.strip().rstrip(".").split()
    clause = " ".join(words)
    odd = re.search(r"[“”\"\[\]():;?!]|\.\.\.|^['‘’]", clause)
    if odd or not 4 <= len(words) <= 26 or _PRONOUN.match(clause):
        return None
    return clause


def negate(clause: str) -> str | None:
    """Put a *not* behind the first auxiliary, or return None where there is none."""
    found = _AUX.search(clause)
    if not found or " not" in clause or "n't" in clause or "n’t" in clause:
        return None
    return f"{clause[: found.end()]} not{clause[found.end() :]}"


class Writer:
    """Write synthetic pairs from claims, by a seeded random choice at each turn."""

    def __init__(self, claims: Sequence[Claim], seed: int) -> None:
        self.claims = list(claims)
        self.random = random.Random(seed)

    def write(self, count: int) -> list[PairExample]:
        """Return about `count` examples, every kind of scene in turn."""
        scenes: tuple[tuple[Callable[[], list[PairExample]], int], ...] = (
            (self.asserted, 4),
            (self.denied, 4),
            (self.left_open, 3),
            (self.disputed, 5),
            (self.quoted, 4),
            (self.acted, 5),
            (self.two_voices, 4),
            (self.named, 4),
        )
        kinds = [scene for scene, share in scenes for _ in range(share)]
        examples: list[PairExample] = []
        while len(examples) < count:
            examples += self.random.choice(kinds)()
        return examples[:count]

    # ------------------------------------------------------------------ scenes

    def asserted(self) -> list[PairExample]:
        """Write "A said that P": favor toward P and what it entails."""
        name, claim = self.name(), self.claim()
        that = self.random.choice((" that ", " that ", " ")) if name.mention else " "
        sentence = f"{cap(name.mention)} {self.pick(_SAY)}{that}{lower(claim.text)}{self.tail()}."
        if self.random.random() < 0.25:
            sentence = f"{cap(claim.text)}, {name.mention} {self.pick(_SAY)}."
        elif self.random.random() < 0.15:
            sentence = f"According to {name.mention}, {lower(claim.text)}."
        label, target = self.about(claim)
        return [self.example(sentence, name, target, label)]

    def denied(self) -> list[PairExample]:
        """Write "A denied that P": against P; "did not deny" leaves it open."""
        name, claim = self.name(), self.claim()
        roll = self.random.random()
        label = AGAINST
        if roll < 0.1:
            cue, label = (
                self.pick(["did not deny", "denied having denied", "has not disputed"]),
                NEUTRAL,
            )
        elif roll < 0.2:
            cue, label = (
                self.pick(["said it was not true", "never said", "took back its claim"]),
                AGAINST,
            )
        else:
            cue = self.pick(_DENY)
        sentence = f"{cap(name.mention)} {cue} that {lower(claim.text)}{self.tail()}."
        if roll > 0.75:
            verdict = self.pick(_FALSE)
            sentence = f"Reports that {lower(claim.text)} are {verdict}, {name.mention} said."
        target = claim.text
        if label == AGAINST and self.random.random() < 0.2 and (opposite := negate(claim.text)):
            target, label = opposite, FAVOR
        return [self.example(sentence, name, target, label)]

    def left_open(self) -> list[PairExample]:
        """Write "A would not say whether P": neutral toward P, whatever P entails."""
        name, claim = self.name(), self.claim()
        sentence = f"{cap(name.mention)} {self.pick(_OPEN)} {lower(claim.text)}{self.tail()}."
        if self.random.random() < 0.2:
            sentence = f"It is not yet known whether {lower(claim.text)}, {name.mention} said."
        target = self.pick([claim.text, *claim.entailed])
        return [self.example(sentence, name, target, NEUTRAL)]

    def disputed(self) -> list[PairExample]:
        """Write "A denied a report by B that P": two holders on two sides of one claim."""
        a, b, claim = self.name(), self.name(), self.claim()
        roll = self.random.random()
        cue, clause = self.pick(["denied", "rejected", "dismissed", "disputed"]), lower(claim.text)
        if roll < 0.45:
            report = self.pick(_REPORT).format(b=b.mention, b_poss=possessive(b.mention))
            sentence = f"{cap(a.mention)} {cue} {report} {clause}{self.tail()}."
        elif roll < 0.65:
            verdict = self.pick(_FALSE)
            sentence = f"{cap(b.mention)} said that {clause}, a claim {a.mention} called {verdict}."
        elif roll < 0.85:
            first = f"{cap(b.mention)} {self.pick(_SAY)} that {clause}."
            sentence = f"{first} {cap(a.mention)} {cue} the claim."
        else:
            lying = f"of lying when it denied that {clause}"
            sentence = f"{cap(a.mention)} has been accused by {b.mention} {lying}."
        return [
            self.example(sentence, a, claim.text, AGAINST),
            self.example(sentence, b, claim.text, FAVOR),
        ]

    def named(self) -> list[PairExample]:
        """Write "A's report that P", alone or in a sentence, or "A's denial that P"."""
        name, claim = self.name(), self.claim()
        label = FAVOR if self.random.random() < 0.65 else AGAINST
        forms = _REPORT_ALONE if label == FAVOR else _DENIAL_OF
        noun = self.pick(forms).format(b=name.mention, b_poss=possessive(name.mention))
        phrase = f"{noun} {lower(claim.text)}"
        rest = self.pick(["", "", " was published on Tuesday.", " came days before the vote."])
        target, opposite = claim.text, negate(claim.text)
        if opposite and self.random.random() < 0.2:
            target, label = opposite, AGAINST if label == FAVOR else FAVOR
        elif self.random.random() < 0.15:
            target, label = self.claim().text, UNRELATED
        return [self.example((cap(phrase) if rest else phrase) + rest, name, target, label)]

    def quoted(self) -> list[PairExample]:
        """Write a direct quote: the claim itself, its denial, or a shrug."""
        name, claim = self.name(), self.claim()
        clause, roll = claim.text, self.random.random()
        opening, closing = self.pick([("“", "”"), ('"', '"'), ("“", "”")])
        words, label = cap(clause), FAVOR
        if roll < 0.3:
            verdict = self.pick(_FALSE).strip('"')
            words, label = f"It is {verdict} that {lower(clause)}", AGAINST
        elif roll < 0.45:
            words, label = f"We do not know whether {lower(clause)}", NEUTRAL
        elif roll < 0.6:
            words = f"We don’t have any indication that {lower(clause)} yet"
            label = NEUTRAL
        elif roll < 0.72 and (opposite := negate(clause)):
            words, label = cap(opposite), AGAINST
        verb = self.pick(
            ["said", "told reporters", "added", "wrote", "insisted", "said on Tuesday"]
        )
        sentence = f"{opening}{words},{closing} {name.mention} {verb}."
        if self.random.random() < 0.3:
            sentence = f"{cap(name.mention)} {verb}: {opening}{words}.{closing}"
        return [self.example(sentence, name, clause, label)]

    def acted(self) -> list[PairExample]:
        """Write "A vetoed T, which B had backed": stances shown by verbs, toward a topic."""
        a, b, topic = self.name(), self.name(), self.pick(_TOPICS)
        one, two = self.random.sample([FAVOR, AGAINST, NEUTRAL], 2)
        joint = self.pick([", while {b} {act}", ", which {b} {act}", ". {B} {act}"])
        rest = joint.format(b=b.mention, B=cap(b.mention), act=self.pick(_ACTS[two]))
        it = "" if "which" in joint else self.pick([" it", f" {topic}"])
        sentence = f"{cap(a.mention)} {self.pick(_ACTS[one])} {topic}{rest}{it}."
        shown = topic.removeprefix("the ") if self.random.random() < 0.4 else topic
        examples = [self.example(sentence, a, shown, one), self.example(sentence, b, shown, two)]
        if self.random.random() < 0.3 and (other := self.pick(_TOPICS)) != topic:
            examples.append(self.example(sentence, a, other, UNRELATED))
        return examples

    def two_voices(self) -> list[PairExample]:
        """Write two statements side by side: each holder speaks to its own claim only."""
        a, b, p, q = self.name(), self.name(), self.claim(), self.claim()
        join = self.pick([". ", " on Monday. ", ".\n\n", ", while "])
        second = f"{b.mention} {self.pick(_SAY)} that {lower(q.text)}."
        second = second if join.endswith("while ") else cap(second)
        sentence = f"{cap(a.mention)} {self.pick(_SAY)} that {lower(p.text)}{join}{second}"
        return [
            self.example(sentence, a, p.text, FAVOR),
            self.example(sentence, b, p.text, UNRELATED),
            self.example(sentence, a, q.text, UNRELATED),
        ]

    # ------------------------------------------------------------------ pieces

    def about(self, claim: Claim) -> tuple[int, str]:
        """Choose a target around an asserted claim, with its label."""
        options: list[tuple[int, str]] = [(FAVOR, claim.text), (FAVOR, claim.text)]
        options += [(FAVOR, t) for t in claim.entailed] * 2
        options += [(AGAINST, t) for t in claim.excluded] * 2
        options += [(NEUTRAL, t) for t in claim.open]
        if opposite := negate(claim.text):
            options.append((AGAINST, opposite))
        options.append((UNRELATED, self.claim().text))
        return self.random.choice(options)

    def example(self, text: str, name: Name, target: str, label: int) -> PairExample:
        """Ask about `name` and `target`; sometimes the mention is not marked, or is a pronoun."""
        if self.random.random() < 0.15 and text.startswith(cap(name.mention)):
            did = self.pick(["met reporters", "spoke", "issued a statement"])
            lead = f"{cap(name.canonical)} {did} on Friday. "
            text = lead + cap(name.pronoun) + text[len(name.mention) :]
            at, size = len(lead), len(name.pronoun)
        else:
            at, size = text.lower().find(name.mention.lower()), len(name.mention)
        span = Span(at, at + size) if at >= 0 and self.random.random() < 0.8 else None
        pair = StancePair(text, cap(target), name.canonical, span)
        related = int(label != UNRELATED)
        return PairExample(
            "stance", pair, (label,) if related else (), related=related, group=target
        )

    def name(self) -> Name:
        """Invent a holder: a person, a country, an institution, a company or a group."""
        roll = self.random.random()
        if roll < 0.35:
            first, last = self.pick(lex.FIRST), self.pick(lex.LAST)
            full = f"{first} {last}"
            title = f"{self.pick(_TITLES)} "
            mention = self.pick([full, last, title + full, title + last])
            return Name(mention, full, self.pick(["he", "she"]))
        if roll < 0.6:
            country, capital, seat, adjective = self.pick(_COUNTRIES)
            mention = self.pick(
                [
                    country,
                    capital,
                    seat,
                    f"{adjective} officials",
                    f"the {adjective} official",
                    f"the {adjective} foreign ministry",
                    f"{adjective} intelligence",
                ]
            )
            canonical = mention if mention.endswith("intelligence") else country
            return Name(mention, canonical, "it")
        if roll < 0.8:
            body = self.pick(_BODIES)
            return Name(self.pick([body, body, f"a spokesman for {body}"]), body, "it")
        if roll < 0.9:
            firm = f"{self.pick(lex.FIRMS_A)} {self.pick(lex.FIRMS_B)}"
            return Name(self.pick([firm, f"{firm} spokeswoman {self.pick(lex.LAST)}"]), firm, "it")
        group = self.pick(_GROUPS)
        return Name(group, group, "they")

    def claim(self) -> Claim:
        """Draw a claim."""
        return self.random.choice(self.claims)

    def tail(self) -> str:
        """Add, now and then, words that change nothing."""
        return self.pick(
            [
                "",
                "",
                "",
                ", in a statement on Thursday",
                ", state media reported",
                " during a press conference",
                ", according to people briefed on the call",
            ]
        )

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of the options."""
        return self.random.choice(options)


def cap(text: str) -> str:
    """Write the first letter large."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Write the first letter small, unless the first word looks like a name."""
    first = text.split()[0] if text.split() else ""
    common = first in {"The", "A", "An", "Some", "Many", "Most", "No", "Two", "Three", "All", "Its"}
    return text[:1].lower() + text[1:] if common or first.islower() else text


def possessive(name: str) -> str:
    """Write a name in the genitive."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
