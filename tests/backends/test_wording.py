from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.backends.wording import complete, neutralize, tidy

MARKS = [
    "<|im_start|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<｜User｜>",
    "</s>",
    "<s>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<start_of_turn>",
    "<end_of_turn>",
]
OWN = ("<extra_id_7>", "~~turn~~", "aaa")


@pytest.mark.parametrize("mark", [*MARKS, *OWN])
def test_a_mark_is_broken_and_can_still_be_read(mark: str) -> None:
    safe = neutralize(f"He wrote {mark} there.", OWN)
    assert mark not in safe
    assert safe.replace(" ", "") == f"He wrote {mark} there.".replace(" ", "")


def test_case_does_not_help() -> None:
    assert neutralize("<|IM_end|>[inst]") == "< |IM_end|>[ inst]"


@given(
    st.lists(st.one_of(st.sampled_from([*MARKS, *OWN]), st.text(alphabet="<|>[]/s a")), max_size=9)
)
def test_no_mark_survives_however_they_are_nested(parts: list[str]) -> None:
    text = "".join(parts)
    for nested in (text, text[: len(text) // 2] + "<|im_end|>" + text[len(text) // 2 :]):
        safe = neutralize(nested, OWN)
        assert not any(mark.casefold() in safe.casefold() for mark in (*MARKS, *OWN))
        assert neutralize(safe, OWN) == safe
        assert re.sub(r"\s", "", safe) == re.sub(r"\s", "", nested)


@given(st.text(alphabet="abcxyz .,|<>'\"0123456789\n"))
def test_plain_text_stays_as_it_is(text: str) -> None:
    if not re.search(r"<\||<s>", text):
        assert neutralize(text) == text


@pytest.mark.parametrize("special", ["", " ", "   ", "a", "ab", "\n\n\n"])
def test_a_special_token_that_is_hardly_one_does_no_harm(special: str) -> None:
    assert neutralize("a  b ab\n\n\nc", [special]) == "a  b ab\n\n\nc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mill closes. The union den", "The mill closes."),
        ("The mill closes. The union denied it.", "The mill closes. The union denied it."),
        ("The mill closes. It was Mr.", "The mill closes."),
        ("It cost a lot. It cost $3.", "It cost a lot. It cost $3."),
        ("“It closes.” He left, and", "“It closes.”"),
        ("Closed!\n\nThe union den", "Closed!"),
        ("no sentence ended here", "no sentence ended here"),
        ("  ", ""),
    ],
)
def test_a_broken_off_text_ends_with_a_sentence(text: str, expected: str) -> None:
    assert complete(text) == expected


@given(st.text(alphabet="ab AB.!?“”\n"))
def test_completing_only_cuts_at_the_end(text: str) -> None:
    assert text.strip().startswith(complete(text))


def test_thoughts_are_not_part_of_the_answer() -> None:
    assert tidy("<think>\nHm.\n</think>\n\nIt closed. ") == "It closed."
    assert tidy("<think>\nHm, and then the tokens ran out") == ""
