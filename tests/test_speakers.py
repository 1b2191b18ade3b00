from __future__ import annotations

import pytest
from hypothesis import given
from wild_texts import wild_texts

from stance.speakers import lender


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("the union’s president, Ann Lee", "union"),
        ("The agency's chief executive, Ruaridh Innes", "agency"),
        ("union president Ann Lee", "union"),
        ("A party official", "party"),
        ("a spokesman for the seabed authority", "seabed authority"),
        ("A lawmaker of the bloc", "bloc"),
        ("the bank’s former chief, Ann Lee", None),
        ("a government spokesman", None),
        ("the union’s members", None),
        ("the dog’s owner", None),
        ("Ann Lee", None),
    ],
)
def test_the_body_that_somebody_speaks_for_is_read(words: str, body: str | None) -> None:
    assert lender(words) == body


@given(wild_texts())
def test_any_source_is_read(text: str) -> None:
    found = lender(text)
    assert found is None or found in text.casefold()
