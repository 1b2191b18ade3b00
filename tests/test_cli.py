from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import stance
from stance import arguments, cli, commands, registry, terminal, weights
from stance.arguments import build_parser
from stance.errors import EmptyTextError, ModelError, UnknownModelError
from stance.pages import Page
from stance.records import (
    Analysis,
    Article,
    Coverage,
    Difference,
    Digest,
    DigestSentence,
    Evidence,
    Failure,
    Ground,
    Holder,
    Scores,
    Side,
    Source,
    Span,
    Stance,
    Statement,
    Summary,
    SummarySentence,
    Target,
    Trail,
)

BODY = "Unions said that the plan costs jobs. The minister praised “naïve” hopes."


def judged(text: str, target: str, holder: str | None = None) -> Stance:
    words = Evidence.cut(text, Span(0, min(len(text), 37)))
    return Stance(
        Holder(holder or "Unions"), Target(target), "against", 0.8, Scores(0.1, 0.8, 0.1), (words,)
    )


def explained(stance: Stance, wanted: bool) -> Stance:
    trail = Trail((Ground(stance.evidence),), reasons=("one statement shows it",))
    return replace(stance, trail=trail) if wanted else stance


def summed(text: str) -> Summary:
    sentence = text.split(". ")[0].rstrip(".") + "."
    source = Evidence.cut(text, Span(0, min(len(text), len(sentence))))
    return Summary(sentence, "extract", (SummarySentence(sentence, (source,), 0.9),))


def digested(articles: list[Article]) -> Digest:
    first = summed(articles[0].text)
    sources = tuple(Source(n, Evidence.cut(a.text, Span(0, 3))) for n, a in enumerate(articles))
    sides = tuple(Side(n, judged(a.text, "the plan")) for n, a in enumerate(articles))
    told = DigestSentence(first.text, sources, 0.9)
    return Digest(first.text, "extract", (told,), (Difference(Target("the plan"), sides),))


class FakeAnalyzer:
    """Answer without a model, and remember what was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.generator = ""
        self.taken = 0

    def analyze_many(
        self,
        articles: Iterable[str | Article],
        targets: list[str] | None = None,
        *,
        on_error: str,
        **options: Any,
    ) -> Iterator[Analysis | Failure]:
        self.asked = {"targets": targets, **options}
        for article in articles:
            assert isinstance(article, Article)
            self.taken += 1
            if "fail" in article.text:
                if on_error == "raise":
                    raise EmptyTextError("cannot be analyzed")
                yield Failure("EmptyTextError", "cannot be analyzed", article.id)
                continue
            stances = tuple(
                explained(judged(article.text, t), options["explain"])
                for t in targets or ["the plan"]
            )
            summary = summed(article.text) if options["summary"] else None
            n = len(article.text)
            yield Analysis(article, summary, stances=stances, coverage=Coverage(n, n, 1, 1))

    def summarize(
        self, text: Any, *, method: str, length: str, focus: str | None, together: bool = False
    ) -> Any:
        self.asked = {"method": method, "length": length, "focus": focus}
        if together:
            return digested(text)
        if "fail" in text:
            raise EmptyTextError("cannot be summarized")
        return summed(text)

    def detect(self, text: str, target: str, *, holder: str | None, explain: bool) -> Stance:
        return explained(judged(text, target, holder), explain)

    def attribute(self, text: str) -> list[Statement]:
        return [Statement((Span(12, 36),), Span(0, 6), Span(7, 11))]

    def verify(self, summary: str, text: str) -> Summary:
        return Summary(summary, "given", (SummarySentence(summary, (), 0.25, "given"),))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAnalyzer:
    analyzer = FakeAnalyzer()

    def load(
        name: str, *, device: str, revision: str | None, generator: str = "smollm2-135m"
    ) -> FakeAnalyzer:
        analyzer.generator = generator
        return analyzer

    monkeypatch.setattr(stance, "load", load, raising=False)
    return analyzer


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "plan.txt"
    path.write_text(f"The plan\n\n{BODY}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def rows(tmp_path: Path) -> str:
    lines = ['{"text": "One.", "id": "a/1"}', '{"txt": "Two."}', '{"text": "fail", "id": "3"}']
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([*lines, '{"text": "Four.", "id": "4"}']), encoding="utf-8")
    return str(path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*argv: str) -> tuple[int, str, str]:
        code = cli.main(argv)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def feed(monkeypatch: pytest.MonkeyPatch, data: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))


@pytest.mark.usefixtures("fake")
class TestAnalyze:
    def test_text(self, run: Any, article: str) -> None:
        code, out, err = run("analyze", article)
        assert (code, err) == (0, "")
        assert out.startswith("The plan\nplan\n\nSUMMARY\n  Unions said")
        assert "▼ against  80%  Unions" in out

    def test_json_is_one_object_that_reads_back(self, run: Any, article: str) -> None:
        code, out, err = run("analyze", article, "--format", "json")
        assert (code, err) == (0, "")
        assert "“naïve”" in out
        analysis = Analysis.from_dict(json.loads(out))
        assert analysis.article == Article(BODY, "The plan", "plan")

    def test_options_reach_the_analyzer(self, run: Any, article: str, fake: FakeAnalyzer) -> None:
        options = shlex.split(
            "--target A --target B --summary none --length 60w --max-targets 3 "
            "--max-chars 100 --on-long error --model m/n --device cpu --revision r"
        )
        seen: dict[str, Any] = {}

        def watch(name: str, **keywords: Any) -> FakeAnalyzer:
            seen.update(name=name, **keywords)
            return fake

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stance, "load", watch, raising=False)
            assert run("analyze", article, *options)[0] == 0
        assert seen == {"name": "m/n", "device": "cpu", "revision": "r"}
        assert fake.asked == {
            "targets": ["A", "B"],
            "summary": None,
            "length": "60w",
            "max_targets": 3,
            "max_chars": 100,
            "on_long": "error",
            "explain": False,
        }

    def test_a_bad_row_is_recorded_in_its_place(self, run: Any, rows: str) -> None:
        code, out, err = run("analyze", rows, "--format", "jsonl")
        assert code == 1
        items = [json.loads(line) for line in out.splitlines()]
        assert [i.get("error") for i in items] == [None, "FormatError", "EmptyTextError", None]
        assert items[1]["id"] == f"{rows}:2"
        assert err.count("\n") == 2
        assert f"stance: FormatError: {rows}:2 has no text" in err
        assert "stance: 3: cannot be analyzed" in err

    def test_json_of_several_is_an_array(self, run: Any, rows: str) -> None:
        items = json.loads(run("analyze", rows, "--format", "json")[1])
        assert len(items) == 4

    def test_skip_keeps_failures_out_of_the_output(self, run: Any, rows: str) -> None:
        code, out, err = run("analyze", rows, "--format", "json", "--on-error", "skip")
        assert code == 1
        assert [i["article"]["id"] for i in json.loads(out)] == ["a/1", "4"]
        assert err.count("\n") == 2

    def test_raise_stops_the_run(self, run: Any, rows: str) -> None:
        code, out, err = run("analyze", rows, "--format", "jsonl", "--on-error", "raise")
        assert code == 2
        assert len(out.splitlines()) == 1
        assert err.startswith("stance: error: ")

    def test_what_stops_a_run_leaves_whole_json(self, run: Any, rows: str, tmp_path: Path) -> None:
        code, out, _ = run("analyze", rows, "--format", "json", "--on-error", "raise")
        assert code == 2
        assert len(json.loads(out)) == 1
        # Before its first result a run leaves an older file as it was.
        old = tmp_path / "old.json"
        old.write_text("[1]", "utf-8")
        missing = [str(tmp_path / "nowhere.txt"), rows, "--on-error", "raise"]
        assert run("analyze", *missing, "--output", str(old))[0] == 2
        assert old.read_text("utf-8") == "[1]"

    def test_a_single_article_that_fails_stops_the_run(self, run: Any, tmp_path: Path) -> None:
        code, out, err = run("analyze", str(tmp_path / "nowhere.txt"))
        assert (code, out) == (2, "")
        assert err.startswith("stance: error: there is no file")

    def test_several_sources_survive_a_missing_one(self, run: Any, article: str) -> None:
        code, out, err = run("analyze", "nowhere.txt", article, "--format", "json")
        assert code == 1
        assert [i.get("error") for i in json.loads(out)] == ["FileMissingError", None]
        assert "nowhere.txt" in err

    def test_nothing_but_failures(self, run: Any, fake: FakeAnalyzer) -> None:
        assert run("analyze", "a.txt", "b.txt", "--format", "json")[0] == 1
        assert fake.taken == 0

    def test_no_article_at_all(self, run: Any, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").write_text("\n")
        code, _, err = run("analyze", str(tmp_path / "empty.jsonl"))
        assert code == 2
        assert "no article" in err

    def test_rows_from_a_plain_address(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        page = Page(b'[{"text": "One."}, {"text": "Two."}]', "u", "application/json", None)
        monkeypatch.setattr("stance.files.fetch", lambda url, timeout: page)
        code, _, err = run("analyze", "https://x.example/latest", "--format", "json")
        assert code == 2
        assert "--from" in err
        out = run("analyze", "https://x.example/latest", "--format", "json", "--from", "json")[1]
        assert len(json.loads(out)) == 2

    def test_articles_are_streamed(self, tmp_path: Path, fake: FakeAnalyzer, rows: str) -> None:
        class Stop(Exception):
            pass

        def stop(self: object, text: str) -> None:
            raise Stop

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("stance.output.Sink.write", stop)
            with pytest.raises(Stop):
                cli.main(["analyze", rows])
        assert fake.taken == 1

    def test_standard_input(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        feed(monkeypatch, BODY)
        code, out, _ = run("analyze", "-", "--format", "json")
        assert code == 0
        assert json.loads(out)["article"]["text"] == BODY


@pytest.mark.usefixtures("fake")
class TestOutput:
    def test_the_suffix_names_the_format(self, run: Any, article: str, tmp_path: Path) -> None:
        for name, start in (("a.json", "{"), ("a.html", "<!DOCTYPE"), ("a.txt", "The plan")):
            path = tmp_path / name
            assert run("analyze", article, "--output", str(path)) == (0, "", "")
            assert path.read_text(encoding="utf-8").startswith(start)

    def test_a_suffix_that_names_no_format_is_refused(
        self, run: Any, article: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.pdf"
        code, _, error = run("analyze", article, "--output", str(path))
        assert code == 2
        assert "'.pdf' stands for no format; use one of .txt .json .jsonl" in error
        assert run("analyze", article, "--output", str(path), "--format", "text")[0] == 0

    @pytest.mark.parametrize(
        ("name", "message"),
        [("nowhere/a.txt", "there is no folder"), ("", "is a folder; name a file in it")],
    )
    def test_an_output_that_cannot_be_is_refused_before_anything_is_read(
        self, run: Any, article: str, tmp_path: Path, name: str, message: str
    ) -> None:
        path = str(tmp_path / name)
        for command in (["analyze", article], ["verify", article, article]):
            code, out, error = run(*command, "--output", path)
            assert (code, out) == (2, "")
            assert message in error

    def test_html_on_standard_output(self, run: Any, article: str) -> None:
        assert run("analyze", article, "--format", "html")[1].rstrip().endswith("</html>")

    def test_pages_of_several_articles(self, run: Any, rows: str, tmp_path: Path) -> None:
        folder = tmp_path / "pages"
        code, out, _ = run("analyze", rows, "--format", "html", "-o", str(folder))
        assert (code, out) == (1, "")
        assert sorted(p.name for p in folder.iterdir()) == ["0001-1.html", "0002-4.html"]

    def test_several_pages_need_a_folder(self, run: Any, rows: str, article: str) -> None:
        for more in ([], ["-o", article]):
            code, _, err = run("analyze", rows, "--format", "html", *more)
            assert code == 2
            assert "--output" in err

    def test_a_failed_run_leaves_the_old_file(self, run: Any, tmp_path: Path) -> None:
        old = tmp_path / "old.json"
        old.write_text("old")
        assert run("analyze", "nowhere.txt", "-o", str(old))[0] == 2
        assert old.read_text() == "old"

    def test_the_article_is_not_overwritten(self, run: Any, article: str) -> None:
        code, _, err = run("analyze", article, "-o", article)
        assert code == 2
        assert "overwrite" in err
        assert BODY in Path(article).read_text(encoding="utf-8")

    def test_a_folder_that_is_not_there(self, run: Any, article: str, tmp_path: Path) -> None:
        code, _, err = run("analyze", article, "-o", str(tmp_path / "no" / "a.json"))
        assert code == 2
        assert "a.json" in err


@pytest.mark.usefixtures("fake")
class TestOtherCommands:
    def test_summarize(self, run: Any, article: str, fake: FakeAnalyzer) -> None:
        options = ["--method", "extract", "--length", "1"]
        assert run("summarize", article, *options) == (
            0,
            "Unions said that the plan costs jobs.\n",
            "",
        )
        assert fake.asked == {"method": "extract", "length": "1", "focus": None}
        run("summarize", article, "--focus", "the jobs")
        assert fake.asked["focus"] == "the jobs"
        assert fake.generator == "smollm2-135m"
        run("summarize", article, "--generator", "http://127.0.0.1:8000/v1#small")
        assert fake.generator == "http://127.0.0.1:8000/v1#small"
        data = json.loads(run("summarize", article, "--format", "json")[1])
        assert data["id"] == "plan"
        assert Summary.from_dict(data["summary"]).method == "extract"

    def test_summarize_together(self, run: Any, article: str, rows: str, tmp_path: Path) -> None:
        other = tmp_path / "herald.txt"
        other.write_text("Ministers praised the plan. It rained.")
        code, out, _ = run("summarize", article, str(other), "--together")
        assert code == 0
        assert out.startswith("  Unions said that the plan costs jobs.\n    [90% supported; plan")
        assert "▼ against  Unions (plan)" in out
        assert "▼ against  Unions (herald)" in out
        data = json.loads(
            run("summarize", article, str(other), "--together", "--format", "json")[1]
        )
        assert data["articles"] == ["plan", "herald"]
        assert len(Digest.from_dict(data["digest"]).sentences[0].sources) == 2
        assert run("summarize", article, rows + "x", "--together")[0] == 2

    def test_summarize_several(self, run: Any, rows: str) -> None:
        code, out, err = run("summarize", rows)
        assert code == 1
        assert out == "One.\nOne.\n\nFour.\nFour.\n"
        assert "stance: 3: cannot be summarized" in err
        assert run("summarize", rows, "--on-error", "raise")[0] == 2

    def test_detect(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        code, out, _ = run("detect", "The plan is bad.", "--target", "the plan", "--holder", "Ada")
        assert code == 0
        assert out == "    ▼ against  80%  Ada\n        > The plan is bad.\n"
        feed(monkeypatch, "Title\n\nThe plan is bad.")
        out = run("detect", "-", "--target", "the plan", "--format", "json")[1]
        assert Stance.from_dict(json.loads(out)).evidence[0].text == "Title\n\nThe plan is bad."

    def test_detect_explains(self, run: Any) -> None:
        asked = ("detect", "The plan is bad.", "--target", "the plan", "--explain")
        assert "= one statement shows it" in run(*asked)[1]
        told = Stance.from_dict(json.loads(run(*asked, "--format", "json")[1]))
        assert told.trail is not None
        assert told.trail.grounds[0].content[0].text == "The plan is bad."

    def test_analyze_explains_in_every_format(self, run: Any, article: str) -> None:
        assert "why" not in run("analyze", article)[1]
        assert "= one statement shows it" in run("analyze", article, "--explain")[1]
        page = run("analyze", article, "--explain", "--format", "html")[1]
        assert '<details class="trail">' in page
        data = json.loads(run("analyze", article, "--explain", "--format", "json")[1])
        trail = Analysis.from_dict(data).stances[0].trail
        assert trail is not None
        assert trail.reasons == ("one statement shows it",)

    def test_attribute(self, run: Any, article: str) -> None:
        assert "Unions [said], indirect:" in run("attribute", article)[1]
        data = json.loads(run("attribute", article, "--format", "json")[1])
        (statement,) = data["statements"]
        assert statement["content"] == [
            {"text": "that the plan costs jobs", "start": 12, "end": 36}
        ]
        assert statement["source"]["text"] == "Unions"

    def test_verify(self, run: Any, article: str, tmp_path: Path) -> None:
        summary = tmp_path / "summary.txt"
        summary.write_text("Jobs are safe.")
        code, out, _ = run("verify", str(summary), article)
        assert code == 0
        assert "25% supported; given; no source" in out
        data = json.loads(run("verify", str(summary), article, "--format", "json")[1])
        assert Summary.from_dict(data).text == "Jobs are safe."
        page = run("verify", str(summary), article, "--format", "html")[1]
        assert page.startswith("<!DOCTYPE html>")
        assert '<mark class="strange">safe</mark>' in page

    def test_verify_refuses_what_it_cannot_read(self, run: Any, rows: str, article: str) -> None:
        for sources, word in (
            (("-", "-"), "both"),
            ((article, rows + "x"), "no file"),
            ((rows + "x", article), "no file"),
        ):
            code, _, err = run("verify", *sources)
            assert code == 2
            assert word in err
        Path(rows).write_text('{"text": "One."}\n{"text": "Two."}')
        assert "2 articles" in run("verify", article, rows)[2]


class TestEval:
    PAIRS = "text,target,label\nA waste.,the plan,con\nA boon.,the plan,pro\n"

    def test_pairs_as_a_table_and_as_a_file(self, run: Any, fake: Any, tmp_path: Path) -> None:
        data, out = tmp_path / "pairs.csv", tmp_path / "scores.json"
        data.write_text(self.PAIRS, encoding="utf-8")

        def detect(texts: list[str], targets: list[str], *, holder: Any) -> list[Stance]:
            return [judged(text, target) for text, target in zip(texts, targets, strict=True)]

        fake.detect = detect
        code, printed, err = run("eval", str(data), "--output", str(out))
        assert (code, err) == (0, "")
        assert "accuracy                 0.500  [0.000, 1.000]   2 texts" in printed
        saved = json.loads(out.read_text("utf-8"))
        assert [s["name"] for s in saved["scores"]] == ["macro_f1", "accuracy", "ece"]
        assert [p["predicted"] for p in saved["pairs"]] == ["against", "against"]

    def test_a_crash_shows_in_the_exit_code(self, run: Any, fake: Any, tmp_path: Path) -> None:
        data = tmp_path / "pairs.csv"
        data.write_text(self.PAIRS, encoding="utf-8")

        def detect(*_: Any, **__: Any) -> None:
            raise ValueError("no answer today")

        fake.detect = detect
        code, printed, _ = run("eval", str(data))
        assert code == 1
        assert "pairs.csv:2: crashed: " in printed

    def test_wrong_labels_are_told_before_a_model_is_loaded(
        self, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stance, "load", None, raising=False)
        data = tmp_path / "pairs.csv"
        data.write_text("text,target,label\na,b,maybe\nc,d,pro\n", encoding="utf-8")
        code, out, err = run("eval", str(data))
        assert (code, out) == (2, "")
        assert err.splitlines()[1].startswith("  pairs.csv:2: unknown stance label 'maybe'; use")
        assert run("eval", str(data), "--split", "dev")[0] == 2
        assert "give one with articles/ and labels/" in run("eval", str(tmp_path / "no"))[2]


class TestModels:
    def test_list(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def is_local(name: str) -> bool:
            if name == "mini":
                raise ModelError("missing")
            return name == "smollm2-135m"

        monkeypatch.setattr(weights, "is_local", is_local)
        code, out, _ = run("models", "list")
        assert code == 0
        assert "mini  (encoder, Apache-2.0, not on this machine)" in out
        assert "smollm2-135m  (generator, Apache-2.0, on this machine)" in out
        names = [m["name"] for m in json.loads(run("models", "list", "--format", "json")[1])]
        assert names == [e.name for e in registry.list_models()]

    def test_pull_and_info(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        pulled = weights.Weights("x/y", "hub", Path("/models/x"), "sha256:ab", revision="r")
        monkeypatch.setattr(weights, "pull", lambda name, revision: pulled)
        monkeypatch.setattr(weights, "info", lambda name, revision: {"name": name, "at": None})
        assert run("models", "pull", "x/y") == (
            0,
            f"x/y is in {Path('/models/x')}\n    sha256:ab\n",
            "",
        )
        assert run("models", "info", "x/y") == (0, "name         x/y\n", "")
        assert json.loads(run("models", "info", "x/y", "--format", "json")[1])["at"] is None

    def test_unknown_model(self, run: Any, article: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def load(*_: object, **__: object) -> None:
            raise UnknownModelError("no model or folder 'nonsense'; the names are mini")

        monkeypatch.setattr(stance, "load", load, raising=False)
        code, out, err = run("analyze", article, "--model", "nonsense")
        assert (code, out) == (2, "")
        assert err == "stance: error: no model or folder 'nonsense'; the names are mini\n"


class TestManners:
    def test_help_and_version_load_no_model_library(self) -> None:
        code = (
            "import sys\nfrom stance.cli import main\n"
            "for argv in (['--version'], ['--help'], ['analyze', '--help']):\n"
            "    try: main(argv)\n"
            "    except SystemExit as leave: assert not leave.code\n"
            "heavy = {'torch', 'transformers', 'rich', 'trafilatura', 'numpy'} & set(sys.modules)\n"
            "sys.exit(repr(heavy) if heavy else 0)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("stance ")

    def test_every_command_has_an_example(self, capsys: pytest.CaptureFixture[str]) -> None:
        for command in ("analyze", "summarize", "detect", "attribute", "verify", "eval", "models"):
            with pytest.raises(SystemExit) as leave:
                cli.main([command, "--help"])
            assert leave.value.code == 0
            out = capsys.readouterr().out
            assert f"\n  stance {command} " in out

    def test_examples_in_the_help_parse(self, capsys: pytest.CaptureFixture[str]) -> None:
        texts = [v for k, v in vars(arguments).items() if k.isupper() and isinstance(v, str)]
        lines = [x.strip() for t in texts for x in t.splitlines() if x.startswith("  stance ")]
        assert len(lines) > 10
        for line in lines:
            build_parser().parse_args(shlex.split(line.split(" < ")[0])[1:])

    def test_no_command_shows_the_help(self, run: Any) -> None:
        code, out, err = run()
        assert (code, out) == (2, "")
        assert "commands:" in err

    @pytest.mark.parametrize(
        "argv", [["analyze"], ["nonsense"], ["analyze", "a", "--format", "xml"], ["models"]]
    )
    def test_wrong_usage(self, argv: list[str]) -> None:
        with pytest.raises(SystemExit) as leave:
            cli.main(argv)
        assert leave.value.code == 2

    def test_interruption(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(args: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(commands, "analyze", interrupt)
        assert run("analyze", "a.txt") == (130, "", "")

    def test_broken_pipe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        code = (
            "import sys, time\nfrom stance import arguments, cli, commands\n"
            "def flood(args):\n"
            "    while True: print('x' * 1000)\n"
            "commands.analyze = flood\nsys.exit(cli.main(['analyze', 'a']))"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        assert (process.wait(), err) == (141, b"")

    def test_messages_cannot_steer_the_terminal(self, run: Any) -> None:
        assert "\x1b" not in run("analyze", "\x1b[31mred.txt")[2]


class TestTerminal:
    def test_a_terminal_gets_a_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "100")
        text = "The \x1b[31mplan[/] [bold]is bad."
        shown = terminal.analysis_text(
            Analysis(
                Article(text, "[red]T[/red]"), summed(text), stances=(judged(text, "the plan"),)
            )
        )
        assert "[red]T[/red]" in shown
        assert "[bold]is bad" in shown.replace("\n", " ")
        assert "\x1b[31mplan" not in shown
        for word in ("Holder", "Quote", "Unions", "▼ against", "the plan", "80%", "90% supported"):
            assert word in shown

    def test_a_terminal_gets_the_trail_below_the_table(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "100")
        made = explained(judged(BODY, "the \x1b[31mplan"), True)
        shown = terminal.analysis_text(Analysis(Article(BODY), stances=(made,)))
        assert shown.index("Quote") < shown.index("why") < shown.index("= one statement shows it")
        assert "\x1b[31mplan" not in shown

    def test_an_empty_analysis(self) -> None:
        assert "Nobody takes a stance." in terminal.analysis_text(Analysis(Article("Words.")))

    def test_progress_is_silent_without_a_terminal(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with terminal.progress(shown=True) as step:
            step()
        assert capsys.readouterr() == ("", "")
