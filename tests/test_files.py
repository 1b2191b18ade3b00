from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.decode import decode
from stance.errors import (
    BinaryFileError,
    EmptyTextError,
    EncodingError,
    FetchError,
    FileMissingError,
    FormatError,
    InputError,
    OptionError,
)
from stance.files import holds_many, read_articles, text_article
from stance.pages import fetch, markdown_article
from stance.records import Article, Failure
from stance.rows import clean, csv_rows, json_lines

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Council backs bridge | The Post</title>
<meta property="og:site_name" content="The Post">
<meta property="og:title" content="Council backs bridge">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<link rel="canonical" href="https://post.example/bridge"></head><body>
<nav><a href="/">Home</a></nav><script>var tracker = "secret-script";</script>
<article><h1>Council backs bridge</h1>
<p>The council voted on Tuesday to build the bridge, ending a dispute of nine years.</p>
<p>“We have waited long enough,” said Mayor Ana Ruiz, who campaigned for it at two elections.</p>
<p>Traders on the old quay said that they would go to court over the works in their street.</p>
</article><div id="comments" class="comments"><div class="comment">
<p>First! reader-comment nonsense</p>
</div></div></body></html>"""


def one(path: Path | str, **options: Any) -> Article:
    article: Article
    (article,) = read_articles(path, **options)
    return article


def recorded(path: Path | str) -> list[Article | Failure]:
    return list(read_articles(path, on_error="record"))


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


class TestText:
    def test_title_line_leaves_the_text(self, tmp_path: Path) -> None:
        path = write(
            tmp_path / "bridge.txt", "Council backs bridge\n\nIt voted.\n\nTraders object.\n"
        )
        article = one(path)
        assert (article.title, article.id) == ("Council backs bridge", "bridge")
        assert article.text == "It voted.\n\nTraders object."

    @pytest.mark.parametrize(
        "text",
        [
            "It voted on Tuesday.\n\nTraders object.",
            "He said “no.”\n\nTraders object.",
            "A title without a blank line\nTraders object.",
            "x" * 201 + "\n\nTraders object.",
            "A title and nothing else\n\n\n",
            "\n\nNo first line at all",
        ],
    )
    def test_other_first_lines_stay(self, text: str) -> None:
        assert text_article(text) == Article(text)

    def test_a_headline_may_ask(self) -> None:
        assert text_article("Who stopped the bells?\n\nNobody.").title == "Who stopped the bells?"

    def test_windows_line_ends_are_kept(self, tmp_path: Path) -> None:
        article = one(write(tmp_path / "a.txt", b"Title\r\n\r\nOne.\r\nTwo.\r\n"))
        assert (article.title, article.text) == ("Title", "One.\r\nTwo.")

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
    def test_body_is_a_verbatim_part(self, text: str) -> None:
        article = text_article(text)
        assert article.text in text
        assert article.title is None or article.title in text.splitlines()[0]

    def test_empty_file(self, tmp_path: Path) -> None:
        with pytest.raises(EmptyTextError, match=r"a\.txt is empty"):
            one(write(tmp_path / "a.txt", " \n "))

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileMissingError, match=r"nowhere\.txt"):
            one(tmp_path / "nowhere.txt")

    @pytest.mark.parametrize("text", ["x" * 5000, "a\0b"])
    def test_a_text_given_as_a_path(self, text: str) -> None:
        with pytest.raises(FileMissingError, match="pipe it in"):
            one(text)

    def test_unreadable_kind(self, tmp_path: Path) -> None:
        with pytest.raises(OptionError, match="pdf"):
            one(write(tmp_path / "a.txt", "A."), kind="pdf")


class TestEncodings:
    TEXT = "The mayor’s naïve plan would cost £5 million."

    @pytest.mark.parametrize(
        "data",
        [
            TEXT.encode(),
            codecs.BOM_UTF8 + TEXT.encode(),
            TEXT.encode("utf-16"),
            codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
            TEXT.encode("utf-32"),
            TEXT.encode("cp1252"),
        ],
    )
    def test_the_same_text_comes_out(self, tmp_path: Path, data: bytes) -> None:
        assert one(write(tmp_path / "a.txt", data)).text == self.TEXT

    def test_detection_beyond_latin(self) -> None:
        text = "Премьер-министр заявил, что закон не будет принят. Оппозиция не согласна. " * 3
        assert decode(text.encode("cp1251"), "a.txt") == text

    def test_declared_encoding_counts_where_utf8_fails(self) -> None:
        assert decode("Łódź".encode("iso-8859-2"), "a.html", declared="iso-8859-2") == "Łódź"
        assert decode("Łódź".encode(), "a.html", declared="iso-8859-2") == "Łódź"
        assert decode(b"\x93No\x94", "a.html", declared="latin1") == "“No”"
        assert decode(b"caf\xe9", "a.html", declared="no-such-encoding") == "café"

    @pytest.mark.parametrize(
        "data", [bytes(range(128, 256)) * 8, codecs.BOM_UTF8 + b"\xff\xfe\xfd"]
    )
    def test_hopeless_bytes(self, data: bytes) -> None:
        with pytest.raises(EncodingError, match=r"a\.txt.*iconv"):
            decode(data, "a.txt")

    @pytest.mark.parametrize(
        ("data", "word"),
        [
            (b"%PDF-1.7 ...", "PDF"),
            (b"PK\x03\x04....", "ZIP"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (b"\x1f\x8b\x08", "gunzip"),
            (b"some\0bytes", "NUL"),
            (b"a" * 5000 + b"\0", "NUL"),
        ],
    )
    def test_binary_files(self, tmp_path: Path, data: bytes, word: str) -> None:
        with pytest.raises(BinaryFileError, match=word):
            one(write(tmp_path / "a.txt", data))

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_utf8_round_trip(self, text: str) -> None:
        assert decode(text.encode(), "a.txt") == text.removeprefix("\ufeff")

    def test_lone_surrogates_are_replaced_one_for_one(self) -> None:
        assert clean("a\ud83db😀") == "a\ufffdb😀"


class TestMarkup:
    def test_html_gives_text_and_metadata(self, tmp_path: Path) -> None:
        article = one(write(tmp_path / "bridge.html", PAGE))
        assert (article.title, article.source) == ("Council backs bridge", "The Post")
        assert (article.date, article.url) == ("2024-03-05", "https://post.example/bridge")
        assert "We have waited long enough" in article.text
        assert "reader-comment" not in article.text
        assert "secret-script" not in article.text

    def test_html_in_a_declared_encoding(self, tmp_path: Path) -> None:
        page = PAGE.replace("utf-8", "windows-1250").replace("Ana Ruiz", "Ana Růžičková")
        assert "Růžičková" in one(write(tmp_path / "a.html", page.encode("cp1250"))).text

    def test_html_is_recognized_without_a_suffix(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "page", PAGE)).title == "Council backs bridge"

    def test_a_heading_that_repeats_the_title_is_no_sentence(self, tmp_path: Path) -> None:
        body = "<p>The mayor said that the bridge is safe for all traffic this winter.</p>" * 2
        page = f"<title>Bridge row</title><article><h1>Bridge  row</h1>{body}</article>"
        article = one(write(tmp_path / "a.html", f"<html><body>{page}</body></html>"))
        assert article.title == "Bridge row"
        assert article.text.startswith("The mayor said")

    @pytest.mark.parametrize(
        "hiding",
        [
            'style="display: none"',
            'style="position:absolute; left:-9999px"',
            'style="opacity: 0"',
            'style="visibility:hidden"',
            'style="font-size:0px"',
            'style="height:1px; width:1px; overflow:hidden"',
            'class="note sr-only"',
            "hidden",
        ],
    )
    def test_what_a_page_hides_from_its_readers_is_not_read(
        self, tmp_path: Path, hiding: str
    ) -> None:
        body = "".join(f"<p>The mayor said that bridge {i} is safe this winter.</p>" for i in "123")
        page = f"<html><body><article>{body}<p {hiding}>It fell.</p></article></body></html>"
        text = one(write(tmp_path / "a.html", page)).text
        assert "bridge 3 is safe" in text
        assert "It fell" not in text
        # What scripts show once they have run is a page, not a hiding-place.
        shown = page.replace("<article>", f"<article {hiding}>")
        assert "bridge 3 is safe" in one(write(tmp_path / "b.html", shown)).text

    def test_what_a_style_leaves_to_be_seen_is_read(self, tmp_path: Path) -> None:
        body = "<p>The mayor said that the bridge is safe this winter.</p>" * 3
        style = "opacity:0.9; font-size:0.8em; left:-10px; height:100px; overflow:hidden"
        page = f'<article>{body}<p style="{style}">It has not fallen yet.</p></article>'
        article = one(write(tmp_path / "a.html", f"<html><body>{page}</body></html>"))
        assert "It has not fallen" in article.text

    def test_html_without_an_article(self, tmp_path: Path) -> None:
        with pytest.raises(EmptyTextError, match="scripts"):
            one(write(tmp_path / "a.html", "<html><body><script>go()</script></body></html>"))

    def test_markdown(self) -> None:
        article = markdown_article(
            "---\ndate: 2024-03-05\nsource: 'The Post'\n---\n# Council *backs* bridge\n\n"
            "The **council** [voted](https://x.example)\non `Tuesday`. &amp; ![photo](a.png)\n\n"
            "- Traders object.\n- Riders cheer.\n\n<!-- hidden -->\n<p>Raw <b>words</b>.</p>\n"
        )
        assert article.title == "Council backs bridge"
        assert (article.date, article.source) == ("2024-03-05", "The Post")
        assert article.text == (
            "The council voted on Tuesday. &\n\nTraders object.\n\nRiders cheer.\n\nRaw words."
        )

    def test_markdown_title_in_front_matter(self) -> None:
        article = markdown_article('---\ntitle: "A: B"\n---\n# Kept heading\n\nBody.')
        assert (article.title, article.text) == ("A: B", "Kept heading\n\nBody.")


class TestRows:
    def test_json_lines(self, tmp_path: Path) -> None:
        row = {"Headline": "T", "Body": "It voted.", "ID": 7, "link": "u", "date": None}
        path = write(tmp_path / "a.jsonl", json.dumps(row) + "\n\n" + '{"text": "Two.\\ud83d"}')
        first, second = read_articles(path)
        assert first == Article("It voted.", "T", id="7", url="u")
        assert second == Article("Two.\ufffd", id=f"{path}:3")

    @pytest.mark.parametrize(
        ("line", "error", "words"),
        [
            (b'{"text": ', FormatError, "not JSON"),
            (b"[" * 100_000, FormatError, "JSON"),
            (b'"only words"', FormatError, "not an object"),
            (b'{"txt": "x"}', FormatError, "'txt'"),
            (b'{"text": 5}', FormatError, "must be a string"),
            (b'{"text": " "}', EmptyTextError, "empty"),
            (b'{"text": "' + bytes(range(128, 256)) + b'"}', EncodingError, "UTF-8"),
        ],
    )
    def test_a_bad_row_costs_itself_alone(
        self, tmp_path: Path, line: bytes, error: type[InputError], words: str
    ) -> None:
        path = write(tmp_path / "a.jsonl", b'{"text": "One."}\n' + line + b'\n{"text": "Three."}\n')
        good, bad, after = recorded(path)
        assert isinstance(bad, Failure)
        assert (bad.error, bad.id) == (error.__name__, f"{path}:2")
        assert f"{path}:2" in bad.message
        assert words in bad.message
        assert [a.text for a in (good, after) if isinstance(a, Article)] == ["One.", "Three."]
        assert [a.text for a in read_articles(path, on_error="skip")] == ["One.", "Three."]
        with pytest.raises(error):
            list(read_articles(path))

    def test_json_lines_stream(self) -> None:
        class Endless(io.RawIOBase):
            def readable(self) -> bool:
                return True

            def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
                line = b'{"text": "Again."}\n'
                buffer[: len(line)] = line
                return len(line)

        rows = json_lines(Endless(), "endless")  # type: ignore[arg-type]
        assert [item.text for item, _ in zip(rows, range(5000), strict=False)] == ["Again."] * 5000  # type: ignore[union-attr]

    def test_utf16_json_lines(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.jsonl", '{"text": "Øne."}\n{"text": "Two."}\n'.encode("utf-16"))
        assert [a.text for a in read_articles(path)] == ["Øne.", "Two."]

    def test_json_file(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.json", '[{"text": "One."}, {"text": ""}]')
        good, bad = recorded(path)
        assert isinstance(good, Article)
        assert good.id == f"{path}[0]"
        assert isinstance(bad, Failure)
        assert bad.id == f"{path}[1]"
        assert one(write(tmp_path / "b.json", '{"content": "One.", "id": "x"}')).id == "x"

    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_csv(self, tmp_path: Path, mark: str) -> None:
        rows = ["title", "text"], ["T", 'He said "no"; then\nhe, too, left.'], ["U", "Two."]
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=mark).writerows(rows)
        path = write(tmp_path / "a.csv", codecs.BOM_UTF8 + buffer.getvalue().encode())
        first, second = read_articles(path)
        assert first == Article(rows[1][1], "T", id=f"{path}:2")
        assert second == Article("Two.", "U", id=f"{path}:4")

    def test_bad_csv_rows(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.csv", 'id,text\n1,One.\n2,a,b\n3,"x"y"\n4,Four.\n')
        items = recorded(path)
        assert [i.text for i in items if isinstance(i, Article)] == ["One.", "Four."]
        failures = [i for i in items if isinstance(i, Failure)]
        assert [f.id for f in failures] == [f"{path}:3", f"{path}:4"]
        assert "3 fields, the header has 2" in failures[0].message
        assert "quotation marks" in failures[1].message

    def test_csv_in_cp1252(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.csv", "id,text\n1,“Naïve”\n".encode("cp1252"))
        assert one(path).text == "“Naïve”"

    def test_csv_without_a_text_column(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.csv", "id,words\n1,One.\n")
        with pytest.raises(FormatError, match=r"'id', 'words'.*--text-column"):
            one(path)
        assert one(path, text_column="words").text == "One."

    def test_a_long_field(self, tmp_path: Path) -> None:
        assert (
            len(one(write(tmp_path / "a.csv", "text,id\n" + "x" * 200_000 + ",1\n")).text)
            == 200_000
        )

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)))
    def test_csv_round_trip(self, texts: list[str]) -> None:
        texts = [t for t in texts if t.strip()]
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows([["text", "id"], *([t, "x"] for t in texts)])
        items = list(csv_rows(io.BytesIO(buffer.getvalue().encode()), "a.csv"))
        assert [i.text for i in items if isinstance(i, Article)] == texts


class TestFolders:
    def test_sorted_and_recursive(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / ".git").mkdir()
        write(tmp_path / "b.txt", "B.")
        write(tmp_path / "a.md", "A.")
        write(tmp_path / "sub" / "c", "C.")
        for ignored in ("photo.png", ".hidden.txt", ".git/config"):
            write(tmp_path / ignored, "no")
        assert [a.text for a in read_articles(tmp_path)] == ["A.", "B.", "C."]

    def test_one_bad_file_does_not_stop_the_rest(self, tmp_path: Path) -> None:
        write(tmp_path / "a.txt", b"%PDF-1.7")
        write(tmp_path / "b.txt", "B.")
        bad, good = recorded(tmp_path)
        assert isinstance(bad, Failure)
        assert (bad.error, bad.id) == ("BinaryFileError", str(tmp_path / "a.txt"))
        assert isinstance(good, Article)

    def test_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FormatError, match=r"no article.*\.txt"):
            one(tmp_path)

    def test_holds_many(self, tmp_path: Path) -> None:
        assert holds_many(tmp_path)
        assert holds_many("a.jsonl")
        assert holds_many("-", "csv")
        assert not holds_many("-")
        assert not holds_many("a.txt")
        assert not holds_many("https://x.example/a")
        assert holds_many("https://x.example/a.csv?b=c.html")


class TestStandardInput:
    def feed(self, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    def test_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.feed(monkeypatch, "Title\n\nBody’s.".encode())
        assert one("-") == Article("Body’s.", "Title")

    def test_rows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.feed(monkeypatch, b'{"text": "One."}\n{"text": "Two."}\n')
        assert [a.id for a in read_articles("-", kind="jsonl")] == [
            "standard input:1",
            "standard input:2",
        ]

    def test_json_is_not_taken_for_prose(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.feed(monkeypatch, b'{"text": "One."}\n')
        with pytest.raises(FormatError, match="--from jsonl"):
            one("-")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        routes = {
            "/page": (200, "text/html", PAGE.encode()),
            "/plain": (200, "text/plain", b"Title\n\nBody."),
            "/rows.jsonl": (200, "application/octet-stream", b'{"text": "One."}\n{"text": "Two."}'),
            "/file.pdf": (200, "application/pdf", b"%PDF-1.7"),
            "/gone": (404, "text/html", b"no"),
            "/busy": (429, "text/html", b"no"),
        }
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "ftp://127.0.0.1/x")
            self.end_headers()
            return
        packed = self.path == "/packed"
        status, content_type, body = routes["/page" if packed else self.path]
        body = gzip.compress(body) if packed else body
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class TestUrls:
    def test_page(self, site: str) -> None:
        article = one(f"{site}/page")
        assert (article.title, article.id) == ("Council backs bridge", f"{site}/page")

    def test_packed_page(self, site: str) -> None:
        assert one(f"{site}/packed").title == "Council backs bridge"

    def test_plain_text_and_rows(self, site: str) -> None:
        assert one(f"{site}/plain") == Article("Body.", "Title", f"{site}/plain", f"{site}/plain")
        assert [a.text for a in read_articles(f"{site}/rows.jsonl")] == ["One.", "Two."]

    def test_pdf(self, site: str) -> None:
        with pytest.raises(BinaryFileError, match="PDF"):
            one(f"{site}/file.pdf")

    @pytest.mark.parametrize(
        ("path", "words"), [("/gone", "404; check the address"), ("/busy", "429; .*wait")]
    )
    def test_status(self, site: str, path: str, words: str) -> None:
        with pytest.raises(FetchError, match=words):
            one(site + path)

    def test_redirects_stay_on_the_web(self, site: str) -> None:
        with pytest.raises(FetchError, match="ftp"):
            one(f"{site}/away")

    def test_size_limit(self, site: str) -> None:
        with pytest.raises(FetchError, match="larger than 100 bytes"):
            fetch(f"{site}/page", max_bytes=100)

    @pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://x.example/a", "http://"])
    def test_other_schemes(self, url: str) -> None:
        with pytest.raises(FetchError, match="http"):
            one(url)

    def test_nobody_answers(self) -> None:
        with pytest.raises(FetchError, match="cannot be fetched"):
            one("http://127.0.0.1:9/")
