"""Find who a pronoun or a bare description stands for: the best of what was spoken of before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stance.bodies import suits
from stance.drafts import Draft
from stance.given import sex_of
from stance.mentions import REACH, Mention, Mentions, Sort
from stance.names import head_noun, is_person, names_in, surname
from stance.records import Span

ONE = frozenset({"he", "she", "him", "her", "his", "hers", "who"})
FIRST = frozenset({"i", "we", "me", "us", "my", "our"})
MANY = frozenset({"they", "them", "their", "these", "those"})
SEX = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
_BODIES = ("organization", "country")

# What a mention is worth, in sentences of distance. Set on pronouns of the training corpus.
SUBJECT, SPOKE, NAMED, SAME_SENTENCE, DOUBT = 1.2, 0.9, 0.2, -0.3, -0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold what a pronoun may stand for: a holder known, or a mention that is none yet."""

    end: int
    score: float
    draft: Draft | None = None
    mention: Mention | None = None


class Antecedents:
    """Rank candidates.

    Args:
        mentions: what the document speaks of.
        owner: finds the holder of a mention, None where it is not one yet.
    """

    def __init__(self, mentions: Mentions, owner: Callable[[Mention], Draft | None]) -> None:
        self.mentions, self._owner = mentions, owner
        self._surnames = set(map(surname, mentions.people))

    def best(
        self, word: str, source: Span, drafts: Sequence[Draft], head: str = ""
    ) -> Candidate | None:
        """Return the best candidate for a pronoun, or for a description that is one in effect.

        Args:
            word: the pronoun, case-folded.
            source: where it stands.
            drafts: the holders found before it.
            head: the description's noun ("company" for "the company"), which must suit.
        """
        drafts = [d for d in drafts if not head or suits(head, (d.name,))]
        options = [*self._spoken(word, source, drafts), *self._mentioned(word, source, head)]
        best = max(options, key=lambda c: (c.score, c.end), default=None)
        return best or self._long_ago(word, source, drafts)

    def _long_ago(self, word: str, source: Span, drafts: Sequence[Draft]) -> Candidate | None:
        """Fall back on whoever spoke last, however far back."""
        able = [d for d in drafts if d.spans and fits(d, word) and d.last <= source.start]
        last = max(able, key=lambda d: d.last, default=None)
        return Candidate(last.last, 0.0, last) if last else None

    def _spoken(self, word: str, source: Span, drafts: Sequence[Draft]) -> Iterator[Candidate]:
        """Yield the holders that have spoken, by their last words before the pronoun."""
        for draft in drafts:
            earlier = [s for s in draft.spans if s.end <= source.start]
            if not earlier:
                continue
            last = max(earlier, key=lambda s: s.end)
            able = fits(draft, word, self._sex(draft, last)) and (
                word not in ONE or self._in_person(draft, last)
            )
            far = self.mentions.distance(last.start, source.start)
            if able and far <= REACH:
                extra = SAME_SENTENCE * (far == 0) + DOUBT * unsure(draft, word)
                yield Candidate(last.end, SUBJECT + SPOKE + extra - far, draft)

    def _in_person(self, draft: Draft, last: Span) -> bool:
        """Tell whether somebody spoke last: a body that spoke for itself is no "he"."""
        if draft.kind not in _BODIES or draft.voice:
            return True
        names = names_in(last.of(self.mentions.document.text))
        return any(is_person(name) or surname(name) in self._surnames for name in names)

    def _sex(self, draft: Draft, last: Span) -> str:
        """Return the sex of a holder, for a body that of who spoke for it last."""
        if draft.kind not in _BODIES:
            return known_sex(draft)
        words = last.of(self.mentions.document.text)
        told = SEX.get(words.casefold()) or sex_of([words, *names_in(words)])
        return told or known_sex(draft)

    def _mentioned(self, word: str, source: Span, head: str) -> Iterator[Candidate]:
        """Yield what else was spoken of."""
        wanted = sorts(word)
        for mention in self.mentions.before(source.start):
            unlikely = mention.sort not in wanted
            if unlikely and not (mention.doubtful and word not in ONE):
                continue
            draft = self._owner(mention)
            if head and not _called(head, mention, draft):
                continue
            if not (fits(draft, word) if draft else agrees(sex_of([mention.words]), word)):
                continue
            far = self.mentions.distance(mention.span.start, source.start)
            score = SUBJECT * mention.subject + NAMED * mention.named - far
            score += SAME_SENTENCE * (far == 0) + DOUBT * unlikely
            yield Candidate(mention.span.end, score, draft, None if draft else mention)


def _called(head: str, mention: Mention, draft: Draft | None) -> bool:
    """Tell whether "the company" can stand for a mention: not for "the newspaper"."""
    if not mention.named and head_noun(mention.words) != head:
        return False
    return suits(head, (draft.name if draft else mention.words,))


def sorts(word: str) -> tuple[Sort, ...]:
    """Return the sorts of mention that a pronoun can stand for."""
    if word in ONE | {"i", "me", "my"}:
        return ("person",)
    return ("many", "body") if word in MANY else ("body",)


def fits(draft: Draft, word: str, sex: str | None = None) -> bool:
    """Tell whether a holder agrees with a pronoun in number and sex.

    Args:
        draft: the holder.
        word: the pronoun, case-folded.
        sex: that of whoever spoke for it, None for what its names tell.
    """
    if word in FIRST:
        return True
    if word in ONE:
        return draft.one and agrees(known_sex(draft) if sex is None else sex, word)
    others = ("person",) if word in MANY else ("person", "unnamed", "group")
    return unsure(draft, word) or draft.kind not in others


def unsure(draft: Draft, word: str) -> bool:
    """Tell whether "it" would make a body of a holder whose name alone looks like a person's."""
    return word not in ONE | FIRST and draft.kind == "person" and draft.nameless


def agrees(sex: str, word: str) -> bool:
    """Tell whether nothing speaks against a pronoun's sex, where it has one."""
    return not sex or SEX.get(word, sex) == sex


def known_sex(draft: Draft) -> str:
    """Return what the text gives away of a holder's sex: title, noun, name, earlier pronoun."""
    if not draft.sex:
        people = [draft.name, *sorted(draft.aliases)]
        draft.sex = sex_of(people)
    return draft.sex
