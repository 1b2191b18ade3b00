"""Ask whether a stance hangs on a name: swap the named holders and targets, or mask them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stance.gold import GoldArticle, GoldHolder
from stance.metrics import Counts
from stance.pairing import match_holders
from stance.records import Analysis

Way = Literal["swap", "mask"]
WAYS: tuple[Way, ...] = ("swap", "mask")

# Invented, of no particular country, and in none of the seed articles.
_FIRST = ("Ruvan", "Teska", "Olmar", "Jelka", "Darin", "Misha", "Katrel", "Bero", "Sunny", "Ivo")
_LAST = ("Halvorn", "Quista", "Permand", "Ostrell", "Dovaney", "Ullmar", "Tresk", "Wendaro")
_BODIES = ("Orlem Council", "Vantreg Group", "Castel Forum", "Midra Union", "Tallow Institute")
_COUNTRIES = ("Velmaria", "Corvania", "Kestland", "Norrein", "Palustia")
_PEOPLES = dict(
    zip(
        _COUNTRIES, ("Velmarian", "Corvanian", "Kestlandic", "Norreinian", "Palustian"), strict=True
    )
)
_ENDINGS = "(?:n|an|ian|ic|ese|ish|i)s?"

# What tells an institution's name from the name of whoever speaks for it.
_INSTITUTION = re.compile(
    r"\b(?:house|hall|street|palace|court|council|commission|ministry|office|board|bureau|unit"
    r"|union|party|bank|institute|university|hospital|mission|conference|trust|agency|league"
    r"|federation|association|society|committee|group|police|army|government|journal|laboratory"
    r"|chamber|division|department|directorate|service|guild|forum|club|republic|chapter)\b",
    re.IGNORECASE,
)

_SMALL = frozenset(("of", "the", "and", "for", "in", "on", "de", "la", "al", "van", "von", "&"))
_TITLE = re.compile(
    r"^(?:the |mr\.? |mrs\.? |ms\.? |dr\.? |sir |president |prime minister |minister |mayor "
    r"|senator |sen\.? |rep\.? |gov\.? |governor |judge |col\.? |colonel |gen\.? |general |miss "
    r"|foreign |justice |chief |deputy |police |commissioner |inspector |detective |sergeant "
    r"|supt\.? |cllr\.? )+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Perturbed:
    """Hold an article under other names; `touched` are the ids of holders and targets renamed."""

    gold: GoldArticle
    touched: frozenset[str]


def perturb(gold: GoldArticle, way: Way) -> Perturbed:
    """Rename every holder and entity target that has a proper name, throughout the article.

    Args:
        gold: the labels.
        way: ``"swap"`` for invented names of the same kind, ``"mask"`` for placeholders.

    Returns:
        The article and its labels under the new names, without evidence.
    """
    rename = _renamer(gold, way)
    holders = tuple(
        replace(h, name=rename(h.name), aliases=tuple(rename(a) for a in h.aliases))
        for h in gold.holders
    )
    targets = tuple(
        replace(t, text=rename(t.text), aliases=tuple(rename(a) for a in t.aliases))
        for t in gold.targets
    )
    article = replace(
        gold.article, text=rename(gold.article.text), title=rename(gold.article.title or "")
    )
    renamed = [old.id for old, new in zip(gold.holders, holders, strict=True) if old != new]
    renamed += [old.id for old, new in zip(gold.targets, targets, strict=True) if old != new]
    stances = tuple(replace(row, evidence=()) for row in gold.stances)
    made = replace(gold, article=article, holders=holders, targets=targets, stances=stances)
    return Perturbed(replace(made, salient=()), frozenset(renamed))


def flips(
    before: tuple[GoldArticle, Analysis], after: tuple[Perturbed, Analysis]
) -> tuple[Counts, Counts]:
    """Compare the labels of the renamed pairs before and after.

    Args:
        before: the article and its analysis with the targets given.
        after: the renamed article and its analysis with the renamed targets given.

    Returns:
        Label changed (fp) or kept (tp) over the pairs found both times; and pair lost (fp) or
        kept (tp) over the pairs found before.
    """
    changed, analysis = after
    old, new = _labels(*before), _labels(changed.gold, analysis)
    asked = [pair for pair in old if changed.touched & set(pair)]
    found = [pair for pair in asked if pair in new]
    moved = sum(old[pair] != new[pair] for pair in found)
    lost = len(asked) - len(found)
    return Counts(len(found) - moved, moved), Counts(len(found), lost)


def _labels(gold: GoldArticle, analysis: Analysis) -> dict[tuple[str, str], frozenset[str]]:
    """Return the labels that a matched holder takes toward a given target, by their gold ids."""
    holders = match_holders(gold, [s.holder for s in analysis.stances], analysis.article.text)
    targets = {t.text: t.id for t in gold.targets}
    labels: dict[tuple[str, str], frozenset[str]] = {}
    for s in analysis.stances:
        if s.holder in holders and s.target.text in targets and s.label != "unclear":
            pair = (holders[s.holder], targets[s.target.text])
            labels[pair] = labels.get(pair, frozenset()) | {s.label}
    return labels


Rename = Callable[[str], str]


def _renamer(gold: GoldArticle, way: Way) -> Rename:
    """Build the function that renames everything in one pass, the longest names first."""
    people = [_bare(h.name) for h in gold.holders if h.kind == "person" and _is_proper(h.name)]
    people += [name for h in gold.holders for name in _spokespeople(h)]
    people = list(dict.fromkeys(people))
    bodies = {kind: _proper_names(gold, kind) for kind in ("organization", "country", "entity")}
    new: dict[str, str] = {}
    for kind, stock in (("organization", _BODIES), ("country", _COUNTRIES), ("entity", _BODIES)):
        for i, names in enumerate(bodies[kind]):
            fresh = stock[i % len(stock)] if way == "swap" else f"{kind.title()} {_letter(i)}"
            new |= {name: fresh for name in names if name not in new}
            if kind == "country":
                people_of = _PEOPLES.get(fresh, fresh)
                new |= {d: people_of + "s" * d.endswith("s") for d in _demonyms(gold, names)}
    tokens: dict[str, tuple[int, bool]] = {}
    for i, name in enumerate(people):
        *first, last = name.split()
        tokens |= {t: (i, False) for t in first if _capital(t) and len(t) > 1 and t not in tokens}
        tokens.setdefault(last, (i, True))
    return _compile(new, tokens, way)


def _spokespeople(holder: GoldHolder) -> list[str]:
    """Return the people's names among the designations of an institution or a country."""
    if holder.kind not in ("organization", "country"):
        return []
    own = set(holder.name.split())
    return [
        name
        for alias in holder.aliases
        if len((name := _bare(alias)).split()) in (2, 3)
        and name == _without_article(name)
        and all(map(_capital, name.split()))
        and name not in holder.name
        and not (own & set(name.split()[:1]) or _INSTITUTION.search(name))
    ]


def _demonyms(gold: GoldArticle, names: Sequence[str]) -> set[str]:
    """Find what the article calls the people and things of a country."""
    text = f"{gold.article.title}\n{gold.article.text}"
    stems = [f"{re.escape(name)}|{re.escape(name[:-1])}" for name in names if len(name) > 4]
    finder = "|".join(rf"(?:{stem}){_ENDINGS}" for stem in stems)
    return set(re.findall(rf"\b(?:{finder})\b", text)) - set(names) if finder else set()


def _compile(new: dict[str, str], tokens: dict[str, tuple[int, bool]], way: Way) -> Rename:
    names = "|".join(re.escape(n) for n in sorted(new, key=len, reverse=True))
    one = "|".join(re.escape(t) for t in sorted(tokens, key=len, reverse=True))
    runs = rf"(?:{one})(?:[ \u00a0](?:{one}))*" if one else ""
    pattern = "|".join(f"(?:{p})" for p in (names, runs) if p)
    if not pattern:
        return lambda text: text
    finder = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")

    def fresh(found: re.Match[str]) -> str:
        words = found.group()
        return new[words] if words in new else _person(words.split(), tokens, way)

    return lambda text: finder.sub(fresh, text)


def _person(words: list[str], tokens: dict[str, tuple[int, bool]], way: Way) -> str:
    """Rename a run of a person's names; a shared family name stays shared."""
    (first, _), (last, is_last) = tokens[words[0]], tokens[words[-1]]
    if way == "mask":
        return f"Person {_letter(first)}"
    names = _FIRST[first % len(_FIRST)], _LAST[last % len(_LAST)]
    if len(words) > 1:
        return " ".join(names)
    return names[1] if is_last else names[0]


def _proper_names(gold: GoldArticle, kind: str) -> list[list[str]]:
    """Return the proper names of each holder of this kind, or of each entity target."""
    if kind == "entity":
        known = {name for h in gold.holders for name in h.names}
        named = [t.names for t in gold.targets if t.kind == "entity" and t.text not in known]
    else:
        named = [_own_names(h) for h in gold.holders if h.kind == kind]
    proper = [[_without_article(n) for n in names if _is_proper(n)] for names in named]
    return [list(dict.fromkeys(names)) for names in proper if names]


def _own_names(holder: GoldHolder) -> tuple[str, ...]:
    """Leave the people who speak for a body out of its names, with title or surname alone."""
    people = _spokespeople(holder)
    surnames = {name.split()[-1] for name in people} - set(holder.name.split())
    return tuple(
        name
        for name in holder.names
        if not any(person in name for person in people) and _bare(name) not in surnames
    )


def _is_proper(name: str) -> bool:
    """Tell whether every word of weight is capitalized."""
    words = [w for w in _without_article(name).split() if w.casefold() not in _SMALL]
    return bool(words) and all(_capital(w) for w in words)


def _capital(word: str) -> bool:
    return word[:1].isupper()


def _bare(name: str) -> str:
    return _TITLE.sub("", name).split(",")[0].strip() or name


def _without_article(name: str) -> str:
    return re.sub(r"^(?:the|a|an) ", "", name, flags=re.IGNORECASE)


def _letter(index: int) -> str:
    return chr(ord("A") + index % 26)
