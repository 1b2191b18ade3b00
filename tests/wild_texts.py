"""Offer texts the way they really come: odd marks, odd spaces, odd line ends, other scripts."""

from __future__ import annotations

from hypothesis import strategies as st

from stance.records import Span

PIECES = (
    "The mayor said that the bridge is safe. ",
    "“It will stand,” said Ana Petrov. ",
    "He denied it. ",
    "North Korea’s ministry rejected a U.S. report that it sold rockets to Russia. ",
    "According to the union, pay fell by 3.5 per cent. ",
    "The council voted against the plan. ",
    "Dr. Lee et al. wrote: ",
    "\r\n",
    "\r\n\r\n",
    "\n\n",
    "\u2028",
    "\x0b",
    "\x85",
    "\xa0",
    "\u200b",
    "\u3000",
    "“",
    "”",
    '"',
    "'",
    "‘",
    "’",
    "«",
    "»",
    "„",
    "「",
    "— ",
    "– no – ",
    "👩‍👩‍👧‍👦",
    "🇰🇵",
    "e\u0301",
    "ñ\u0303\u0323",
    "市長は橋が安全だと述べた。",
    "「そうです」と彼は言った。",
    "قال الوزير إن الجسر آمن. ",
    "ß İ ﬁ ",
    "[unused1]",
    "[SEP]",
    "\U0001d400",
    "\ufeff",
    "...",
    "?! ",
    " , ",
)


def wild_texts(max_pieces: int = 30) -> st.SearchStrategy[str]:
    """Give texts that have at least one character that is no white space."""
    pieces = st.sampled_from(PIECES) | st.text(max_size=5)
    return st.lists(pieces, min_size=1, max_size=max_pieces).map("".join).filter(str.strip)


def at(text: str, words: str, nth: int = 0) -> Span:
    """Find the `nth` place (from 0) where `words` stand in `text`."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))
