"""Tag the words of a sentence as far as it takes to see where a noun phrase ends.

The tags: D determiner, N noun or adjective or name, E participle before a noun, R adverb, P
preposition, T "to", M modal, H form of be or have, V verb, B bare verb, G -ing form, C "and" or
"or", O subject pronoun, W relative or subordinating word, X other words that end a phrase, Q
quotation mark, "." the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stance.records import Span
from stance.verbs import forms

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[ap]\.m\.|[$€£]?\d+(?:[.,:]\d+)*(?:%|(?:-[^\W\d_]+)+)?|"
    r"[^\W_]+(?:[-’'&][^\W_]+)*(?:(?<=s)[’'])?|\S"
)
_LISTS = {
    "D": """the a an this these those its his her our their my your each every no any some another
        all both either neither such""",
    "P": """of on in for at from with against between into over under about across without near
        within among along behind off outside inside through toward towards upon amid around beyond
        above below beside onto via per by up down out beneath""",
    "T": "to",
    "M": """will would can could should must may might shall cannot won't can't wouldn't couldn't
        shouldn't do does did don't doesn't didn't ought""",
    "H": """is are was were be been being am has have had having isn't aren't wasn't weren't hasn't
        haven't hadn't""",
    "C": "and or",
    "O": "i we you they he she it",
    "W": """that which who whose whom what where when while because although though if unless until
        whether how why whatever whoever as than since""",
    "X": """so but yet nor not never also only just then there here me him us them himself herself
        itself themselves myself yourself ourselves again already still even ever once twice
        after before during despite yes too very else instead however today yesterday
        tomorrow tonight ago away back enough much many more most less least something
        nothing none anything everything someone nobody anybody everyone everybody anyone
        later now soon often always perhaps maybe monday tuesday wednesday thursday friday
        saturday sunday january february april june july august september october november
        december rather almost nearly like according due except unlike said let's i'm we're
        it's that's there's he's she's they're i've we've you're i'd we'd they'd he'd i'll
        we'll they'll they've you've he'll she'll aloud alone ahead abroad overseas
        elsewhere nearby indeed alike""",
}
_TAGS = {word: tag for tag, words in _LISTS.items() for word in words.split()}
_TIMES = frozenset(
    """year month week day night morning afternoon evening summer winter spring autumn fall season
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december time""".split()
)
_PARTICLES = frozenset(("off", "down", "out", "up", "back"))
_TO_VERBS = frozenset(
    """agree aim ask decide fail hope intend move need offer plan pledge promise refuse seek
    threaten try vote vow want""".split()
)
_ADVERBS = frozenset(
    "again also never not only still just now already too much more less nothing enough".split()
)
# Nouns in -ing, -ed and -ly.
_NOUNS = frozenset(
    """building meeting hearing morning evening king thing wedding ceiling spring string ruling
    funding housing funeral warning finding parking shipping sibling offspring nothing painting
    clothing feeling engineering wing ring sterling family supply assembly monopoly reply ally
    italy july anomaly rally bully belly early daily weekly monthly yearly elderly friendly holy
    ugly fly jelly likely homily hundred sacred naked wicked kindred hatred infrared""".split()
)
_MARKS = frozenset("“”\"‘’'«»")
NUMBER = re.compile(
    r"[$€£]?\d|(?:two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)$", re.IGNORECASE
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Word:
    """Hold one word of a sentence: its place in the text and its tag."""

    text: str
    span: Span
    tag: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Hold what stands around a word: the word and the tag before it, the word behind it."""

    previous: str
    before: str
    behind: str
    headline: bool = False
    has_verb: bool = False

    @property
    def leads(self) -> bool:
        """Whether what stands before calls for a noun."""
        return self.before in "DP" or self.owned or bool(NUMBER.match(self.previous))

    @property
    def owned(self) -> bool:
        """Whether a genitive stands before."""
        return self.previous.endswith(("’s", "'s", "s’", "s'"))

    @property
    def follows(self) -> str:
        """The tag of the word behind, as far as the lists know it."""
        known = _TAGS.get(self.behind.casefold())
        return known or ("N" if self.behind[:1].isalnum() else ".")


def tagged(text: str, within: Span, *, headline: bool = False) -> list[Word]:
    """Cut a stretch of text into words and tag them.

    Args:
        text: what the offsets refer to.
        within: the stretch, a sentence or a headline.
        headline: its first verb may stand between bare nouns: "Firm recalls batteries".
    """
    found = list(_TOKEN.finditer(within.of(text)))
    shouted = _is_headline_case([m[0] for m in found])
    words: list[Word] = []
    # Quotation marks are looked through: what they part may still be one phrase.
    said = [i for i, m in enumerate(found) if m[0] not in _MARKS]
    behind = {i: found[k][0] for i, k in pairwise(said)}
    previous, before = ".", "."
    clause = ""
    for index, match in enumerate(found):
        has_verb = bool(set(clause) & set("VMH"))
        place = _Place(
            previous, before, behind.get(index, "."), headline and not has_verb, has_verb
        )
        tag = _tag(match[0], place, opens=shouted or before == ".")
        span = Span(within.start + match.start(), within.start + match.end())
        words.append(Word(match[0], span, tag))
        if tag != "Q":
            previous, before = match[0], tag
            clause = "" if tag in "WO.C" else clause + tag
    return words


def tags_of(text: str) -> str:
    """Return the tags of a text, quotation marks left out."""
    words = tagged(text, Span(0, len(text))) if text else []
    return "".join(w.tag for w in words if w.tag != "Q")


def _is_headline_case(tokens: Sequence[str]) -> bool:
    """Tell whether nearly every long word is capitalized, so that capitals name nothing."""
    long = [t for t in tokens if len(t) > 3 and t[0].isalpha()]
    return len(long) >= 4 and sum(t[0].isupper() for t in long) > 0.8 * len(long)


def _tag(token: str, place: _Place, *, opens: bool) -> str:
    if not token[0].isalnum() and token[0] not in "$€£":
        return "Q" if token in _MARKS else "."
    word = token.casefold().replace("’", "'")
    listed = _listed(token, word, place)
    if listed:
        return listed
    if (token[0].isupper() and not opens) or word in _NOUNS or word.endswith(("'s", "s'")):
        return "N"
    return _by_form(word, place)


def _listed(token: str, word: str, place: _Place) -> str | None:
    """Tag what the lists know, and times of no consequence: "last year", "in 1996"."""
    if (
        word in ("last", "next", "this", "that", "every", "each")
        and place.behind.casefold() in _TIMES
    ):
        return "X"
    if (word in _TIMES and place.before == "X") or (place.before == "P" and _YEAR.match(word)):
        return "X"
    if word == "per" and place.behind == "cent":
        return "N"
    if token.isupper() and len(token) > 1 and word in ("us", "it", "who"):
        return None
    return _TAGS.get(word)


def _by_form(word: str, place: _Place) -> str:
    """Tag a word that may be a verb by its form and its place."""
    _, sort = forms().get(word, ("", ""))
    if word.endswith("ing") and len(word) > 5 and sort in ("ing", "ed", ""):
        return "N" if (place.before in "DE" and place.behind == "of") or place.owned else "G"
    if sort:
        return _verb_tag(word, sort, place)
    if word.endswith("ed") and not word.endswith("eed") and len(word) > 4:
        return _verb_tag(word, "ed", place)
    if place.before == "M" or (
        place.before == "T" and (place.follows == "D" or place.behind[0].isupper())
    ):
        return "B"
    return "R" if word.endswith("ly") else "N"


def _verb_tag(word: str, sort: str, place: _Place) -> str:
    """Tag a verb's form: as a noun, a participle before a noun, or a verb."""
    if place.before == "N" and not place.owned:
        stands = sort == "both" and place.follows == "D"
        if stands or (place.behind in _PARTICLES and not place.leads):
            return "V"
    if place.headline and place.before == "N" and place.follows in "DNP":
        plural = place.previous.endswith("s") and not place.owned
        if plural == (sort == "both") and sort in ("both", "thirds"):
            return "V"
    if sort == "both" and (
        place.previous.casefold() == "who" or (place.before == "H" and place.follows in "PTDX.")
    ):
        return "V"
    if sort == "both":
        return "B" if place.before in "TMO" or place.previous.casefold() == "not" else "N"
    if sort == "base":
        return "N" if place.before in "DP" else "V"
    if sort == "ed":
        return "E" if (place.leads or place.before == "E") and place.follows == "N" else "V"
    if sort == "thirds":
        return "V" if _has_subject(word, place) else "N"
    return "N" if place.before == "D" else "V"


def _has_subject(word: str, place: _Place) -> bool:
    """Tell "the council plans to close" from "night trains to the coast"."""
    if place.before == "O" or place.previous.casefold() in ("who", "which"):
        return True
    singular = place.before == "N" and not place.previous.endswith("s") and not place.leads
    if not singular or place.has_verb:
        return False
    if place.follows == "T":
        return forms()[word][0] in _TO_VERBS
    return place.follows in "DOR" or place.behind.casefold() in _ADVERBS
