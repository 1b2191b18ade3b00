from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.leaning import leans


@pytest.mark.parametrize(
    "sentence",
    [
        "He had voted for a cut of half a point.",
        "But the other pagodas remained standing.",
        "However the parks department says that is unlawful.",
        "This was a mistake.",
        "Its opponents went to court.",
        "The former won by a mile.",
        "Hsinpo rejected that.",
        "A car with four people in it dropped six floors there.",
        "“Nobody told us,” she said.",
        '"Nobody told us."',
        "nobody told us” about it, the guild said.",
        "On Monday he signed the order.",
        "As a result, the council met again.",
        "It was closed.",
        "The Finance Ministry flatly rejected the word.",
        '"Every certificate is true," its president, Lyndon Sauer, wrote.',
    ],
)
def test_what_points_back_leans(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The council approved the budget on Monday.",
        "This week the council met.",
        "Those who came early left early.",
        "It is rare for a deputy to speak out.",
        "It was not clear whether the mill would close.",
        "“No,” said Mireille Okafor, who left her post.",
        "The minister said he would resign.",
        "Ms. Reed said she would go.",
        "A man told police that he was hurt.",
        "Vasko, who has been under house arrest, did not attend.",
        'The campaign called the story "a fairy tale" and a waste.',
        "議会は月曜日に予算を承認した。",
    ],
)
def test_what_stands_alone_does_not(sentence: str) -> None:
    assert not leans(sentence)


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(leans(text), bool)
