"""Tell what sorts of body there are, and which of them a bare description can stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stance.places import country_of

# Heads that stand for any organization spoken of just before.
ANY_ORGANIZATION = frozenset("company firm agency group organization organisation body".split())
_FIRMS = frozenset(
    "company firm developer operator retailer manufacturer brewer maker carrier airline lender "
    "insurer supplier newspaper paper broadcaster publisher club charity bank utility start-up "
    "startup contractor producer carmaker drugmaker chain chipmaker steelmaker".split()
)
_OFFICES = frozenset("agency watchdog regulator".split())
ANY_BODY = ANY_ORGANIZATION | _FIRMS | _OFFICES
# Words in a name that show what it is.
_STATE_NAMES = frozenset(
    "ministry department agency authority council commission committee court police parliament "
    "senate congress government administration office inspectorate tribunal army navy guard "
    "directorate bureau kremlin pentagon".split()
)
_JOINED_NAMES = frozenset(
    "union party federation association alliance coalition league university college school "
    "hospital church diocese institute".split()
)
_FIRM_NAMES = frozenset(
    "corp inc ltd plc llc holdings energy foods pharma motors airlines mining bank industries "
    "steel partners logistics labs".split()
)
# "The food agency" is none that was called otherwise; "the ferry company" may be any firm.
_ITS_OWN = _OFFICES | frozenset({"bank"})
_WIDE = frozenset("federal national state local regional public independent same latter".split())
_NOT_OF: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (_FIRMS, _STATE_NAMES | _JOINED_NAMES),
    (
        _OFFICES,
        _JOINED_NAMES | _FIRM_NAMES | frozenset("court police parliament senate army".split()),
    ),
    (frozenset({"group"}), _STATE_NAMES | frozenset({"university", "hospital", "school"})),
)


def suits(head: str, names: Iterable[str]) -> bool:
    """Tell whether "the company", "the regulator" can stand for a body with these names.

    Args:
        head: the description's noun, case-folded.
        names: what the body is called; the first is its main name.

    Returns:
        False where a word of the main name tells of another sort, or where it is a country's.
    """
    name = next(iter(names), "")
    if country_of(name):
        return False
    words = set(re.findall(r"[\w-]+", name.casefold()))
    return not any(head in heads and words & others for heads, others in _NOT_OF)


def points_back(words: str, head: str) -> bool:
    """Tell whether a description ("food agency") can stand for a body that lacks these words."""
    told = [word for word in words.casefold().split() if word not in _WIDE]
    return head in ANY_BODY and not (head in _ITS_OWN and len(told) > 1)
