"""Rank what an article may be about by how much it looks like what people take sides on.

The features are cheap: words shared with the title, how often the words come, how many holders
speak with them, what stands before a phrase, how it is built.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from stance.candidates import Candidate, stem, stems_of
from stance.holders import Resolution
from stance.names import is_organization, is_person, names_in
from stance.places import country_of
from stance.records import Span
from stance.text import Document, joined


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


# Words of taking sides, and words that "to" and an act follow.
_SIDES = _stems(
    """support oppose back favour favor against defend reject approve condemn welcome criticise
    criticize denounce call demand protest urge fight want resist block endorse propose plan vote
    decide"""
)
_INTENT = _stems(
    """plan decision proposal bill vote move bid push decide propose agree right ban law motion want
    refuse ready allow urge pledge promise call demand order"""
)
# Heads that people take sides on.
_POLICY = _stems(
    """ban law bill plan tax sale deal treaty strike war merger closure contract licence license
    project programme program policy reform rule decision vote referendum amnesty fund fee price
    rise cut sanction penalty dam mine bridge station plant vaccine drug pill pipeline quarry
    takeover retraction recall quota curfew subsidy trial verdict sentence suspension appointment
    candidacy election death report study test scheme proposal agreement offer motion ordinance
    extension renewal expansion settlement compensation inquiry punishment fine"""
)
# Heads that tell of no issue.
_VAGUE = _stems(
    """people year years time days day week month months monday tuesday wednesday thursday friday
    saturday sunday january february april june july august september october november december
    thing things way man woman men women part lot number percent per cent million billion hour hours
    minute minutes morning night evening yesterday today statement question questions answer word
    words reporters interview comment members member side sides place case fact point matter problem
    reason end first last next other others new same two three four five six seven eight nine ten
    eleven twelve hundred thousand row half quarter one second third group kind sort"""
)
_PLACE_WORDS = frozenset(("in", "at", "from", "near", "by", "with", "within", "during"))


class Scene:
    """Hold what candidates are compared with: the words of the title, sentences and statements."""

    def __init__(self, document: Document, resolution: Resolution) -> None:
        self.document = document
        text = document.text
        self.title = stems_of(document.article.title or "")
        sentences = [stems_of(sentence.of(text)) for sentence in document.sentences]
        self.size = max(1, len(sentences))
        self.counts = Counter(word for words in sentences for word in words)
        self.owners = resolution.owner
        self.spoken = [statement.cue is not None for statement in resolution.statements]
        self.holding: dict[str, list[int]] = {}
        for index, statement in enumerate(resolution.statements):
            for word in stems_of(" ".join(span.of(text) for span in statement.content)):
                self.holding.setdefault(word, []).append(index)
        self.voices = max(1, len(set(self.owners) - {None}))
        self.contents = joined(
            span for s in resolution.statements if s.cue is not None for span in s.content
        )
        self.sources = joined(s.source for s in resolution.statements if s.source is not None)
        self.names = {h.name.casefold(): index for index, h in enumerate(resolution.holders)}


def _around(spans: Sequence[Span], inner: Span) -> Span | None:
    """Return which of some spans that lie apart holds another."""
    place = bisect_right(spans, inner.start, key=lambda span: span.start) - 1
    return spans[place] if place >= 0 and spans[place].contains(inner) else None


def features(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Describe a candidate by numbers; what is not named is 0."""
    found = {"bias": 1.0}
    for part in (_of_words, _of_voices, _of_places, _of_neighbours, _of_build, _of_names):
        found |= part(candidate, scene)
    return found


def _of_words(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Tell how the candidate's words are shared with the title and spread over the article."""
    words = candidate.stems
    shared = len(words & scene.title)
    rates = [scene.counts[word] / scene.size for word in words]
    return {
        "title_share": shared / len(words),
        "title_cover": shared / max(1, len(scene.title)),
        "in_title": float(candidate.in_title),
        "rate_sum": min(sum(rates), 3.0),
        "rate_max": math.sqrt(max(rates)),
        "rate_min": math.sqrt(min(rates)),
        "vague": len(words & _VAGUE) / len(words),
        "one_word": float(len(words) == 1),
        "two_words": float(len(words) == 2),
    }


def _of_voices(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Tell how many holders speak with the candidate's words."""
    hits = Counter(i for word in candidate.stems for i in scene.holding.get(word, ()))
    near = [i for i, count in hits.items() if count * 2 >= len(candidate.stems)]
    told = {scene.owners[i] for i in near} - {None}
    said = {scene.owners[i] for i in near if scene.spoken[i]} - {None}
    found = {
        "holders": math.log1p(len(told)),
        "holders_share": len(said) / scene.voices,
        "statements": len(near) / max(1, len(scene.owners)),
    }
    if candidate.recalled:
        recalling = {scene.owners[i] for i in scene.holding.get(candidate.head, ())} - {None}
        found |= {"recalled": 1.0, "recalled_holders": math.log1p(len(recalling))}
    return found


def _of_places(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Tell where the candidate stands: early, inside of what is said, as a source."""
    spans = candidate.spans
    first = min((scene.document.at(span.start) for span in spans), default=0)
    inside = [(span, around) for span in spans if (around := _around(scene.contents, span))]
    found = {
        "first": first / scene.size,
        "lead": float(bool(spans) and first <= 1),
        "times": math.log1p(len(spans)),
        "in_content": float(bool(inside)),
        "in_source": float(any(_around(scene.sources, span) for span in spans)),
    }
    if candidate.sort != "claim":
        found["starts"] = float(any(span.start - around.start <= 2 for span, around in inside))
        found["fills"] = max((len(span) / len(around) for span, around in inside), default=0.0)
    return found


def _of_neighbours(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Tell what stands before the candidate: words of taking sides, prepositions."""
    just = {words[-1] for words in candidate.before if words}
    close = {stem(word) for words in candidate.before for word in words[-2:]}
    found = {
        "side_before": float(bool(close & _SIDES)),
        "over_before": float(bool(just & {"over", "about", "against"})),
        "on_before": float(bool(just & {"on", "for"})),
        "of_before": float("of" in just),
        "in_before": float(bool(just) and just <= _PLACE_WORDS),
        "goes_on": float(bool(candidate.after) and set(candidate.after) <= {"P", "T"}),
    }
    if candidate.sort == "gerund":
        all_before = {stem(word) for words in candidate.before for word in words}
        found["act_intended"] = float(bool(all_before & _INTENT))
        found["act_after_to"] = float("to" in just)
        found["act_after_would"] = float(bool(just & {"would", "will", "should", "must", "could"}))
    return found


def _of_build(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Tell how the wording is built."""
    words = candidate.text.split()
    size = len(words) / 10
    if candidate.sort == "claim":
        return {
            "claim": 1.0,
            "claim_size": size,
            "claim_direct": float(candidate.direct),
            "claim_title": float(candidate.in_title),
            "claim_would": float(bool({"would", "will", "could", "should", "must"} & set(words))),
        }
    head = candidate.head
    return {
        "size": size,
        "size_squared": size * size,
        "gerund": float(candidate.sort == "gerund"),
        "the": float(words[0] == "the"),
        "number_first": float(not words[0][0].isalpha()),
        "of": float("of" in words),
        "complement": float(len(_PREPOSITION.findall(candidate.text)) > 0),
        "policy": float(candidate.sort == "noun" and head in _POLICY),
    }


_PREPOSITION = re.compile(r"\s(?:on|for|to|in|at|from|with|between|against|over)\s")


def _of_names(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """Tell of a name whose it is, and how many others speak of it."""
    if candidate.sort == "claim" or not names_in(candidate.bare):
        return {}
    found = {"name": 1.0}
    if candidate.is_name:
        bare = candidate.bare
        own = _holder(candidate, scene)
        found |= {
            "only_name": 1.0,
            "person": float(is_person(bare)),
            "body": float(is_organization(bare)),
            "country": float(country_of(bare) is not None),
            "holder": float(own is not None),
            "plain_name": float(own is None and not (is_person(bare) or is_organization(bare))),
            "named_by_others": math.log1p(_others(candidate, scene, own)),
        }
    return found


def _holder(candidate: Candidate, scene: Scene) -> int | None:
    """Return which holder goes by the candidate's wording."""
    return scene.names.get(candidate.text.casefold(), scene.names.get(candidate.bare.casefold()))


def _others(candidate: Candidate, scene: Scene, own: int | None) -> int:
    """Count the holders other than the candidate itself who speak of it by its last word."""
    last = stem(candidate.bare.split()[-1])
    by = {scene.owners[i] for i in scene.holding.get(last, ()) if scene.spoken[i]}
    return len(by - {own, None})


# Acts that are no issue (to defend a ban is to take a side on the ban), and names that are none.
_IDLE = _stems(
    """asking looking seeing hearing saying telling thinking knowing thanking speaking talking
    answering waiting wanting hoping feeling reading writing trying listening watching remembering
    forgetting meaning seeming going coming getting walking standing sitting living advising
    bringing defending hailing blaming urging welcoming opposing supporting backing praising
    condemning criticising criticizing denying accusing rejecting threatening warning demanding"""
)
_STREET = re.compile(r"\b(?:Street|Road|Lane|Avenue|Drive|Square|St|Rd)$")
# What no stranger could make sense of: "the same quarry", "five votes".
_LEANING = re.compile(
    r"\b(?:same|other|others|own|either|such|former|latter|further|another|good|bad|one|ones)\b"
)
_COUNTED = re.compile(
    r"(?:the\s+|about\s+)?(?:[$€£]?\d[\d.,]*%?|two|three|four|five|six|seven|eight|nine|ten|first|"
    r"second|third|fourth|fifth)\b(?:\s+\S+){0,3}$",
    re.IGNORECASE,
)


def is_presentable(candidate: Candidate, scene: Scene) -> bool:
    """Tell whether a wording can stand as a target: a whole that a stranger may understand.

    Whoever speaks is one only where two others speak of them; bare words, counts and what leans on
    its context are none.
    """
    if candidate.sort == "claim":
        return True
    text = candidate.text
    if candidate.sort == "gerund":
        return stem(text.split()[0]) not in _IDLE
    if _LEANING.search(text) or _COUNTED.match(text) or candidate.stems <= _VAGUE:
        return False
    if candidate.is_name and (_STREET.search(text) or (text.isupper() and len(text) > 5)):
        return False
    if (own := _holder(candidate, scene)) is not None and not candidate.in_title:
        return _others(candidate, scene, own) > 1
    return len(text.split()) > 1 or text.endswith("s")


# Fitted by `python -m stance.training.topics models/corpus`: a logistic regression of how much of
# a target's words or sense a candidate has, over all candidates of the labelled articles.
WEIGHTS: Mapping[str, float] = {
    "act_after_to": 0.494,
    "act_after_would": 0.246,
    "act_intended": 0.525,
    "bias": -3.574,
    "body": -0.223,
    "claim": 0.081,
    "claim_direct": -0.174,
    "claim_size": -0.789,
    "claim_title": 0.081,
    "claim_would": -0.028,
    "complement": 0.122,
    "country": 0.129,
    "fills": 0.002,
    "first": -0.660,
    "gerund": -0.169,
    "goes_on": 0.154,
    "holder": 0.194,
    "holders": 0.859,
    "holders_share": 0.071,
    "in_before": -0.111,
    "in_content": -0.211,
    "in_source": -0.701,
    "in_title": -0.153,
    "lead": 0.358,
    "name": 0.253,
    "named_by_others": 1.507,
    "number_first": -0.684,
    "of": -0.122,
    "of_before": 0.275,
    "on_before": 0.610,
    "one_word": -0.845,
    "only_name": -0.610,
    "over_before": 0.568,
    "person": 0.741,
    "plain_name": 0.293,
    "policy": 0.580,
    "rate_max": 1.255,
    "rate_min": -0.026,
    "rate_sum": 0.992,
    "recalled": 0.214,
    "recalled_holders": -0.045,
    "side_before": 0.410,
    "size": -1.413,
    "size_squared": 0.885,
    "starts": 0.196,
    "statements": -0.028,
    "the": 0.091,
    "times": 0.170,
    "title_cover": 2.293,
    "title_share": 1.257,
    "two_words": -0.470,
    "vague": -1.260,
}


def score(candidate: Candidate, scene: Scene) -> float:
    """Return the log-odds that a candidate is something that people take sides on."""
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in features(candidate, scene).items())
