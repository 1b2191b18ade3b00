from __future__ import annotations

from pathlib import Path

import pytest

from stance.errors import DataError
from stance.records import Span
from stance.training.importers import read_labelled
from stance.training.labelled import Reading

TEXT = "Rain fell.\nMayor Orr said the bridge is safe. He left.\n"


def mark(words: str) -> str:
    start = TEXT.index(words)
    return f"{start} {start + len(words)}\t{words}"


ATTRIBUTION = (
    f"T1\tSource {mark('Mayor Orr')}\n"
    f"T2\tCue {mark('said')}\n"
    f"T3\tContent {mark('the bridge is safe')}\n"
    f"T4\tPlace {mark('He')}\n"
    "R1\tBy Arg1:T2 Arg2:T1\n"
    "E1\tContent:T3 Cue:T2\n"
)
STANCE = (
    f"T1\tSource {mark('Mayor Orr')}\n"
    f"T3\tContent {mark('is safe')}\n"
    f"T5\tTarget {mark('the bridge')}\n"
    "A1\tStance T3 favor\n"
    "R1\tToward Arg1:T3 Arg2:T5\n"
    "R2\tBy Arg1:T3 Arg2:T1\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.ann").write_text(ATTRIBUTION, "utf-8")
    return tmp_path


def test_spans_that_relations_join_are_one_attribution(folder: Path) -> None:
    (example,) = read_labelled(folder, Reading("attribution")).tagged
    (only,) = example.attributions
    parts = [[s.of(TEXT) for s in part] for part in (only.source, only.cue, only.content)]
    assert parts == [["Mayor Orr"], ["said"], ["the bridge is safe"]]
    assert [s.of(TEXT) for s in example.sentences][1] == "Mayor Orr said the bridge is safe."


def test_a_stance_has_its_target_and_its_holder(folder: Path) -> None:
    (folder / "a.ann").write_text(STANCE, "utf-8")
    (row,) = read_labelled(folder, Reading()).rows
    assert (row.text, row.target, row.holder, row.label) == (
        "Mayor Orr said the bridge is safe.", "the bridge", "Mayor Orr", "favor",
    )  # fmt: skip
    assert row.spoken


def test_a_note_may_hold_the_target(folder: Path) -> None:
    lines = [line for line in STANCE.splitlines() if line[:2] in ("T3", "A1")]
    note = "#1\tAnnotatorNotes T3\tthe old bridge"
    (folder / "a.ann").write_text("\n".join([*lines, note]), "utf-8")
    (row,) = read_labelled(folder, Reading()).rows
    assert (row.target, row.holder) == ("the old bridge", None)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("T1\tSource 0 999\tRain\n", r"a\.ann:1: offsets '0 999' lie outside the text"),
        ("T1\tSource 0 4\tSnow\n", r"'Rain' in the text, not 'Snow'; the \.txt is another version"),
        ("T1\tSource\n", "is cut short"),
        (STANCE.replace("favor", "fond"), "label 'fond' is no stance label"),
        (STANCE.replace("R1\tToward", "R1\tNear"), "no target: join T3 to a Target span"),
        (
            STANCE + "so they say\n",
            r"a\.ann:7: 'so they say' is no annotation; those begin with T1",
        ),
        ("\tT1\n", "is no annotation"),
        (STANCE.replace("Arg2:T5", "Arg2:T9"), "no target: join T3 to a Target span"),
    ],
)
def test_mistakes_are_told_with_their_line(folder: Path, lines: str, problem: str) -> None:
    (folder / "a.ann").write_text(lines, "utf-8")
    with pytest.raises(DataError, match=problem):
        read_labelled(folder, Reading())


def test_a_holder_that_is_not_there_is_nobody(folder: Path) -> None:
    (folder / "a.ann").write_text(STANCE.replace("Arg2:T1", "Arg2:T9"), "utf-8")
    (row,) = read_labelled(folder, Reading()).rows
    assert row.holder is None


def test_windows_line_ends_count_as_brat_counts_them(folder: Path) -> None:
    (folder / "a.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    start = len("Rain fell.\r\nMayor Orr said ")
    (folder / "a.ann").write_text(
        f"T1\tContent {start} {start + 18}\tthe bridge is safe\nA1\tStance T1 favor\n"
        "#1\tAnnotatorNotes T1\tthe bridge\n",
        "utf-8",
    )
    (row,) = read_labelled(folder, Reading()).rows
    assert row.text == "Mayor Orr said the bridge is safe."


def test_another_encoding_is_told(folder: Path) -> None:
    (folder / "a.txt").write_bytes("Café".encode("latin-1"))
    with pytest.raises(DataError, match=r"not UTF-8 .byte 3.; convert them to UTF-8"):
        read_labelled(folder, Reading())


def test_a_text_that_is_missing_is_named(folder: Path) -> None:
    (folder / "a.txt").unlink()
    with pytest.raises(DataError, match=r"a\.ann: has no text a\.txt beside it"):
        read_labelled(folder, Reading("attribution"))


def test_pieces_of_a_span_stay_pieces(folder: Path) -> None:
    start = TEXT.index("the bridge")
    places = f"{start} {start + 3};{start + 4} {start + 10}"
    text = ATTRIBUTION.replace(mark("the bridge is safe"), f"{places}\tthe bridge")
    (folder / "a.ann").write_text(text, "utf-8")
    (example,) = read_labelled(folder, Reading("attribution")).tagged
    assert example.attributions[0].content == (
        Span(start, start + 3),
        Span(start + 4, start + 10),
    )
