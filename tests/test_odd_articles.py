"""Give the command line articles that nobody would write, over the fake models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import stance
from stance import cli
from stance.backends.fake import FakeEncoder, FakeScorer
from stance.pipeline import Analyzer
from stance.records import Analysis, ModelInfo

GERMAN = (
    "Die Bürgermeisterin sagte am Montag, die Brücke sei sicher. "
    "Die Opposition lehnte den Plan ab. Niemand weiß, was er kosten wird, "
    "und der Rat hat noch nicht abgestimmt."
)
CHINESE = "市长周一表示,新桥是安全的。反对派拒绝了该计划,称其浪费资金。市议会尚未表决。"
TAGS = "<p>The mayor, Ann Holt, said that the bridge is safe for all.</p>"
SCRIPTS = "<script>var quote = 'said no';</script>" * 300

ODD = {
    "sentence.txt": "The minister denied the report.",
    "no_quote.txt": "The bank kept rates at three percent. Growth was slow. Prices rose a little.",
    "quotes.txt": '"We oppose it." "They lie." "No deal, ever." "Peace now!"',
    "odd_marks.txt": '"We oppose it, said Ann. She: “It is wrong. "Never," Bob said. \'tis "odd.',
    "nested.txt": "“" * 500 + "no" + "”" * 500 + " said Ann.",
    "many.txt": " ".join(f'"We oppose clause {i}," said Ann Roe.' for i in range(500)),
    "capitals.txt": 'MAYOR ANNA HOLT SAID THE BRIDGE IS SAFE. "WE WILL NOT PAY," SAID TOM REED.',
    "no_space.txt": "Themayorsaidthebridgeissafe.Opponentsrejectedtheplan." * 50,
    "emoji.txt": "The mayor 👩‍⚖️ said: “We 💛 the bridge! 🎉” Critics: e\u0301te\u0301.",
    "ends.txt": "The mayor said the bridge is safe.\r\n\r\nOpponents rejected the plan.\r\n",
    "rtl.txt": "\u202eThe mayor said\u202c it is safe. هذا الجسر آمن. \x1b[31mred\x1b[0m words.",
    "one_long.txt": "The mayor said "
    + "that the bridge, which is old, is safe and " * 200
    + "so on.",
    "page.html": f"<html><body><article>{SCRIPTS}{TAGS * 3}</article></body></html>",
    "list.md": "# Title\n\n- *The mayor* said **no**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "german.txt": GERMAN,
    "chinese.txt": CHINESE,
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    analyzer = Analyzer(FakeEncoder(), FakeScorer(), ModelInfo("fake"))
    monkeypatch.setattr(stance, "load", lambda *_, **__: analyzer, raising=False)

    def run(*argv: str) -> tuple[int, str, str]:
        code = cli.main(["analyze", *argv, "--summary", "extract"])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize("name", ODD)
def test_an_odd_article_has_an_answer_with_true_offsets(
    name: str, run: Any, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(ODD[name].encode())
    code, out, err = run(str(path), "--format", "json")
    assert (code, err) == (0, "")
    analysis = Analysis.from_dict(json.loads(out))
    text = analysis.article.text
    assert analysis.summary is not None
    quotes = [e for s in analysis.stances for e in s.evidence]
    quotes += [e for sentence in analysis.summary.sentences for e in sentence.sources]
    assert quotes
    assert all(text[e.start : e.end] == e.text for e in quotes)
    code, out, _ = run(str(path))
    assert code == 0
    assert "\x1b" not in out
    foreign = name in ("german.txt", "chinese.txt")
    assert ("does not look like English" in out) >= foreign


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\n", "is empty"),
        ("binary.txt", bytes(range(256)), "binary file"),
        ("scripts.html", SCRIPTS.encode(), "no article was found"),
    ],
)
def test_what_is_no_article_is_refused_in_one_line(
    name: str, data: bytes, words: str, run: Any, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    code, out, err = run(str(path))
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "batch.jsonl",
            '{"text": "Unions opposed it."}\n{"text": 5}\nno\n{"text": "It rained."}\n',
        ),
        ("batch.csv", 'id,text\n1,"Unions opposed it."\n2\n3,a,b\n4,"It rained."\n'),
    ],
)
def test_bad_rows_cost_themselves_alone(name: str, rows: str, run: Any, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(rows, encoding="utf-8")
    code, out, err = run(str(path), "--format", "jsonl")
    assert code == 1
    lines = [json.loads(line) for line in out.splitlines()]
    assert [("error" in line) for line in lines] == [False, True, True, False]
    assert len(err.splitlines()) == 2
