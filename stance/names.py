"""Read the surface of a source: its names, titles, roles and what kind of holder it points at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.lexicon import OPENERS
from stance.places import countries_in, country_of, of_state
from stance.records import HolderKind

# A full stop belongs to a name behind an initial or a short title only; behind any other word it
# ends a sentence.
_CAP = (
    r"(?:(?:Dr|Mr|Mrs|Ms|Prof|Sen|Rep|Gov|Gen|Col|Lt|Maj|Capt|Sgt|Rev|Hon|Cllr|St|Ft|Mt|Jr|Sr)\.|"
    r"(?:[A-Z]\.)+|(?:a[dlnrstz]|ash|el)-[A-ZÀ-Þ][\w’'-]*|[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'&-]*)"
)
_JOIN = r"(?:of the|of|for|de la|de|del|van der|van|von|al|bin|la|le|and the|&)"
_ARTICLE = re.compile(r"^(?:a[dlnrstz]|ash|el)-(?=[A-ZÀ-Þ])", re.IGNORECASE)
# A name does not run over the end of a line: a paragraph ends there.
_GAP = r"[^\S\r\n\u2028\u2029]+"
_NAME = re.compile(rf"{_CAP}(?:{_GAP}(?:{_JOIN}{_GAP})?{_CAP})*")

PRONOUNS = frozenset(
    """
    he she they it we i who him her them his their its you this that which those these
    """.split()
)
TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president vice prime minister
    premier chancellor senator sen rep representative congressman congresswoman governor gov
    mayor councillor councilman councilwoman judge justice chief captain capt general gen colonel
    superintendent supt major sgt lieutenant detective inspector sheriff rev reverend bishop
    father pastor sister coach manager ambassador secretary attorney commissioner chairman
    chairwoman chair director former acting deputy ex king queen prince princess pope cardinal imam
    rabbi foreign defence defense health finance interior justice education spokesman
    spokeswoman officer cllr leader mp
    """.split()
)
_OFFICES = frozenset("minister secretary commissioner chief director".split())
ORG_WORDS = frozenset(
    """
    ministry department office agency authority council committee commission board union
    party association federation institute foundation university college school hospital
    trust service bank group company corp inc ltd plc llc partners holdings energy foods
    pharma motors airlines mining media logistics labs systems rail railways police court
    senate house parliament congress government administration cabinet league club fc united
    church diocese society center centre network alliance coalition front movement force
    forces army navy guard bureau directorate chamber exchange fund journal times post
    gazette herald tribune news tv radio museum gallery library theatre laboratory
    observatory works industries steel power water port airport harbour harbor cooperative
    organization organisation co-operative syndicate tribunal inspectorate regulator kremlin
    pentagon intelligence nato un eu who fifa uefa imf opec fbi cia
    """.split()
)
# "A spokesman for X": the words are X's.
SPEAKER = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|press\s+(?:secretary|officer)|officials?|"
    r"representatives?|statement|communiqu[eé]|press\s+release|envoy|ambassador|letter|"
    r"state\s+media|lawyers?|attorneys?|solicitors?|counsel|agent)\b",
    re.IGNORECASE,
)
# Whoever leads a body speaks for it, unless the article says otherwise.
LEADER = re.compile(
    r"\b(?:chief\s+executive|general\s+secretary|secretary[- ]general|director[- ]general|"
    r"managing\s+director|executive\s+director|chair(?:man|woman|person)?|president|head|"
    r"director|leader|secretary|treasurer|commissioner|superintendent|chief(?:\s+\w+)?|manager|"
    r"governor|convener|co-?ordinator|boss|ceo|captain|commander|founder|principal|provost|"
    r"rector|dean|clerk|organi[sz]er|delegate|vice[- ]president|chief\s+\w+\s+officer)\b",
    re.IGNORECASE,
)
# "Its president, Ann Lee": the body that was spoken of says it.
OFFICER = re.compile(
    rf"(?i:its|their)\s[a-z\s-]{{0,40}}(?i:{LEADER.pattern}|{SPEAKER.pattern}|\b(?:economist|"
    r"councill?or|negotiator|scientist|analyst|editor|whip|trustee|engineer|researcher)s?\b)"
    r"[a-z\s-]{0,40},?\s+(?:[A-Z]|an?\s)"
)
# Behind a country: who speaks for all of it.
# "A baker on Mill Lane", "a nurse from North Dakota": where somebody is, not who.
_SOMEBODY = re.compile(
    r"[Aa]n?\s(?:(?!(?:report|letter|statement|stud|survey|poll|note|memo|e?-?mail|message|paper|group|"
    r"team|panel|committee|union|board|council|court|company|firm|agency|party|ministry|lawyer)[a-z]*"
    r"\s)[a-z-]+\s){1,4}?(?:on|in|at|near|from|outside|across|along)\s"
)
_PLACED = re.compile(r"[a-z]\s(?:on|in|at|near|from|outside|across|along)\s(?:the\s)?$")
_UNNAMED = re.compile(
    r"\b(?:unnamed|anonymous(?:ly)?|condition\s+of\s+anonymity|not\s+to\s+be\s+named|"
    r"familiar\s+with|close\s+to|with\s+knowledge\s+of|briefed\s+on|sources?|insiders?|"
    r"did\s+not\s+want)\b",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(
    r"^(?:an?|one|another|some|several|two|three|four|five|many|most|a\s+few|at\s+least)\b", re.I
)
# Words that are large only because a sentence starts with them.
_LEADING = re.compile(
    r"^(?:the|a|an|this|that|but|and|when|as|while|meanwhile|however|yet|also|for|in|on|at|of|by|"
    r"from|with|to|after|before|since|until|between|if|so|then|now|later|earlier|here|there|what|"
    r"how|why|where|our|my|your|his|her|its|their|although|though|because|nor|or|not|both|only|"
    r"once|asked|neighbou?ring)\s+",
    re.I,
)
_GENITIVE = re.compile(r"[’']s\s+|[’']\s+")
PERSON_ROLE = re.compile(
    r"\b(?:\w*man|\w*woman|minister|mayor|president|premier|senator|governor|judge|director|chief|"
    r"secretary|leader|head|founder|owner|author|professor|doctor|engineer|witness|deputy|"
    r"commissioner|captain|coach|lawyer|teacher|farmer|driver|student|resident|neighbou?r|mother|"
    r"father|sister|brother|widow|wife|husband|son|daughter|officer|analyst|economist|expert|"
    r"researcher|scientist|councillor|lawmaker|editor|reporter|candidate|executive|manager|"
    r"\d{1,2}-year-old)$",
    re.IGNORECASE,
)


# A tagger's slip: "She would" for "She".
_STRAY_VERB = re.compile(r"^((?i:he|she|we|it|they))\s+[a-z].*$", re.DOTALL)
# What a description tells of somebody names somebody else.
_CLAUSE = re.compile(r",?\s(?:who|whom|whose|which)\s")
WHEN = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|"
    r"august|september|october|november|december)\b",
    re.IGNORECASE,
)
_DAY_BEHIND = re.compile(
    r"\s+(?:(?:on|last|next|this|late)\s+)*(?:mon|tues|wednes|thurs|fri|satur|sun)day$", re.I
)
# "Catholic bishops", "the London-based group": no body's name, though it is large.
_ADJECTIVE = re.compile(
    r"(?:[Tt]he\s+|[Aa]n?\s+)?(?P<name>[A-Z][\w’'-]*(?:[a-z](?:an|ese|ish|ic)|-(?:based|backed|led|run|"
    r"born|owned))|International|National|Eleven|Twelve|Ten|Six|Seven|Eight|Nine)\s+"
    r"(?:[a-z][\w’'-]*\s*){1,3}$"
)
# An article or a number alone names nobody.
_WORD = re.compile(r"[^\W\d_]{2,}|\bI\b")
_BARE = frozenset({"the", "a", "an", "and", "said", "to"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what the words of one source say about who it is.

    `name` is the best canonical name in the words, `aliases` other full names in them, `head` the
    last noun of a description ("ministry" in "the ministry"), `definite` that it points back.
    """

    name: str
    kind: HolderKind
    aliases: tuple[str, ...] = ()
    head: str = ""
    definite: bool = False
    pronoun: bool = False


def names_in(text: str) -> list[str]:
    """Find the proper names in a text, leading articles and stray capitals stripped."""
    return [name for _, name in name_spans(text)]


def name_spans(text: str) -> list[tuple[int, str]]:
    """Find the proper names in a text, each with its place."""
    found = []
    for match in _NAME.finditer(text):
        name = re.sub(r"(?:[’']s?|\.|\s+I)$", "", match[0])
        name = _LEADING.sub("", f"{name} ").rstrip()
        name = f"{name}." if re.search(r"(?:^|\s)U\.[SKN]$", name) else name
        for part in _parted(name):
            if len(part) > 1 and part.casefold() not in PRONOUNS:
                found.append((match.start() + max(0, match[0].find(part)), part))
    return found


def _parted(name: str) -> list[str]:
    """Part "Russia’s Ana Petrov" into country and person, "Ann Lee of the Fund" likewise."""
    owner, *rest = _GENITIVE.split(name, maxsplit=1)
    first, of, body = name.partition(" of ")
    if of and not rest and len(first.split()) > 1 and is_person(first):
        return [first, re.sub(r"^(?:the|a)\s+", "", body)]
    return [owner, *rest] if rest and country_of(owner) and is_person(rest[0]) else [name]


def strip_titles(name: str) -> str:
    """Take the titles off the front of a person's name."""
    words = name.split()
    # "Junior Energy Secretary Flora Dunmore": everything up to the last title goes.
    for count in range(min(4, len(words) - 2), 0, -1):
        if words[count].casefold() in _OFFICES and words[0].casefold() not in _OFFICES:
            words = words[count + 1 :]
            break
    while len(words) > 1 and words[0].casefold().rstrip(".,") in TITLES:
        words = words[1:]
    return " ".join(words)


def surname(name: str) -> str:
    """Return a person's last name, without an article before it: "Masri" for "Hanan al-Masri"."""
    last = strip_titles(name).split()[-1:] or [""]
    return _ARTICLE.sub("", last[0])


def is_organization(name: str) -> bool:
    """Tell whether a name reads as an organization's."""
    words = [w.casefold().strip(".,’'") for w in re.split(r"[\s-]+", name)]
    acronym = len(words) == 1 and name.isupper() and 2 <= len(name) <= 6
    return acronym or any(w in ORG_WORDS or w.rstrip("s") in ORG_WORDS for w in words)


def is_person(name: str) -> bool:
    """Tell whether a name reads as a person's: two to four capitalized words, or a title first."""
    bare = strip_titles(name)
    if is_organization(bare) or country_of(bare) or bare.casefold().startswith("the "):
        return False
    words = [w for w in bare.split() if _ARTICLE.sub("", w)[:1].isupper()]
    return 2 <= len(words) <= 4 or (bare != name and len(words) == 1)


def head_noun(words: str) -> str:
    """Return the head of a noun phrase: its last word before any *of*, *for*, comma or clause."""
    core = re.split(r"\s+(?:of|for|in|at|from|who|which|that|with|on|to|by)\s+|[,;(]", words)[0]
    tokens = re.findall(r"[\w’'-]+", core)
    return tokens[-1].casefold() if tokens else ""


def read_source(words: str, known_people: frozenset[str] = frozenset()) -> Reading:
    """Read one source.

    Args:
        words: the source as the article has it, for example "White House spokesman John Kirby".
        known_people: single surnames that the article introduces with a first name.

    Returns:
        What the words say; an empty pronoun reading for "he".
    """
    bare = words.strip(' \t\n,;:—–-“”"')
    bare = _DAY_BEHIND.sub("", _STRAY_VERB.sub(r"\1", bare))
    if not names_somebody(bare):
        return Reading("", "unnamed")
    if bare.casefold() in PRONOUNS and bare != "WHO":
        return Reading("", "person", pronoun=True, head=bare.casefold())
    whole, bare = bare, _CLAUSE.split(bare, maxsplit=1)[0]
    names = [
        n for n in names_in(bare) if n in known_people or not (_opens(bare, n) or WHEN.fullmatch(n))
    ]
    if _SOMEBODY.match(bare) and not SPEAKER.search(bare):
        names = [n for n in names if not _PLACED.search(bare[: bare.find(n)])]
    people = [n for n in names if is_person(n) or _known(n, known_people)]
    others = [n for n in names if n not in people]
    if SPEAKER.search(bare) and (reading := _institution(bare, people, others)):
        return reading
    if LEADER.search(bare) and any(is_organization(n) for n in others):
        reading = _institution(bare, people, others)
        if reading is not None:
            return reading
    if people and (country := of_state(bare)):
        return Reading(country, "country", tuple(dict.fromkeys(map(strip_titles, people))))
    if people:
        first = strip_titles(people[0])
        return Reading(first, "person", tuple(people))
    if _UNNAMED.search(whole):
        return Reading(_short(bare), "unnamed", head=head_noun(bare))
    return _thing(bare, others)


def _known(name: str, people: frozenset[str]) -> bool:
    """Tell whether a name is, but for titles, one of some single surnames."""
    return " " not in strip_titles(name) and surname(name) in people


def names_somebody(words: str) -> bool:
    """Tell whether a source has a word that can name or describe a holder; a day has none."""
    bare = words.strip()
    return bool(_WORD.search(bare)) and bare.casefold() not in _BARE and not WHEN.fullmatch(bare)


def _opens(bare: str, name: str) -> bool:
    """Tell whether a name is a common word, large because the sentence starts with it."""
    return bare.startswith(name) and name.casefold() in OPENERS


def _institution(bare: str, people: list[str], others: list[str]) -> Reading | None:
    """Read an official, a statement or a lawyer as whoever they speak for."""
    organizations = [n for n in others if is_organization(n) and not country_of(n)]
    countries = countries_in(bare)
    aliases = tuple(strip_titles(p) for p in people)
    # "an unnamed official" may come back as "the official".
    role = head_noun(bare) if not people and SPEAKER.fullmatch(head_noun(bare)) else ""
    if re.search(r"\bintelligence\b", bare, re.IGNORECASE) and countries:
        return Reading(
            f"{bare[countries[0][1] : countries[0][2]]} intelligence", "organization", aliases
        )
    if organizations:
        return Reading(_organization_name(organizations[0]), "organization", aliases, role)
    if countries:
        return Reading(countries[0][0], "country", aliases, role)
    described = re.search(
        r"\b(?:for|of|from|by)\s+(?:the\s+)?([\w’'-]+(?:\s+[\w’'-]+){0,3})$", bare
    )
    if described and not people and head_noun(described[1]) in ORG_WORDS:
        return Reading(described[1], "organization", aliases, head_noun(described[1]))
    return None


def _thing(bare: str, names: list[str]) -> Reading:
    """Read a source that names no person and no spokesman."""
    definite = bool(re.match(r"(?:the|this|that|her|his|its|their)\b", bare, re.IGNORECASE))
    adjective = _ADJECTIVE.match(bare)
    if adjective and not country_of(adjective["name"]):
        names = [n for n in names if n != adjective["name"]]
    countries = countries_in(bare)
    head = head_noun(bare)
    if re.search(r"\bintelligence\b", bare, re.IGNORECASE) and countries:
        return Reading(f"{bare[countries[0][1] : countries[0][2]]} intelligence", "organization")
    if names and (country := country_of(names[0])) and len(names) == 1:
        return Reading(country, "country", (names[0],), head)
    if names:
        best = max(names, key=lambda n: (is_organization(n), len(n)))
        # "the Health Ministry" is its own; only "the Ministry" points back.
        bare_head = definite and all(n.casefold() == head for n in names)
        name = _organization_name(best)
        owner, *own = _GENITIVE.split(name, maxsplit=1)
        if own and country_of(owner) and " " in own[0]:
            return Reading(own[0], "organization", (name,), head, bare_head)
        return Reading(name, "organization", (), head, bare_head)
    if _INDEFINITE.match(bare):
        plural = head.endswith("s") and not head.endswith("ss")
        return Reading(_short(bare), "group" if plural else "unnamed", (), head)
    kind = _kind_of_head(head)
    return Reading(re.sub(r"^the\s+", "", bare, flags=re.I), kind, (), head, definite)


def _short(words: str) -> str:
    """Take off an apposition: "a former clerk, a man of about 30"."""
    return re.split(r",\s", words, maxsplit=1)[0]


def _organization_name(name: str) -> str:
    return re.sub(r"\s+(?:spokes\w+|officials?|statement|lawyers?)$", "", name, flags=re.I)


def _kind_of_head(head: str) -> HolderKind:
    if head in ORG_WORDS or head in {"firm", "paper", "city", "state", "team", "operator", "owner"}:
        return "organization"
    if PERSON_ROLE.search(head):
        return "person"
    return "group" if head.endswith("s") else "organization"
