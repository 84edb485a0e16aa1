"""`scrapy read`: one JSON object a page, whatever else goes wrong."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings
from stands import Scrapy

from crawler.commands.read import Command

PAGE = (
    "<html lang=en><title>A story of words</title><h1>A story of words</h1><p>The first paragraph is long enough to be taken for one.</p>"
)
KEYS = (
    "id url story template headline headline_alternatives deck body blocks authors published modified published_raw section breadcrumb"
    " language tags images videos alternates related canonical_url read_by problems"
)
ROOT = Path(__file__).resolve().parents[2]


def scrapy_read(*args: str, text: str = "") -> tuple[int, list[dict[str, object]], str]:
    command = [sys.executable, "-m", "scrapy", "read", *args]
    done = subprocess.run(command, input=text.encode(), capture_output=True, cwd=ROOT, timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


@pytest.mark.slow
def test_files_plain_and_gzip_and_one_that_is_missing(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.html", tmp_path / "b.html.gz"
    plain.write_text(PAGE)
    packed.write_bytes(gzip.compress(PAGE.encode()))
    code, answers, told = scrapy_read(str(plain), str(tmp_path / "none.html"), str(packed))
    assert code == 1
    assert [a["headline"] for a in answers] == ["A story of words"] * 2
    assert " ".join(answers[0]) == KEYS
    assert told.startswith("read: ")
    assert "none.html" in told
    assert told.count("\n") == 1


@pytest.mark.slow
def test_lines_are_answered_one_by_one_and_errors_do_not_stop_them() -> None:
    story = "https://www.presstv.ir/Detail/2026/03/09/765432/x"
    modern = PAGE.replace("<title>", "<meta name=DC.Date.Created content='3/9/2026 1:00:00 PM'><title>PressTV-")
    lines = [
        json.dumps({"id": 1, "url": "https://a.example/", "html": PAGE}),
        "{",
        json.dumps({"id": 2, "url": "https://a.example/"}),
        json.dumps({"id": 3, "url": "", "html": ""}),
        json.dumps({"id": 4, "url": story, "html": modern}),
    ]
    code, answers, _ = scrapy_read("--jsonl", text="\n".join(lines) + "\n")
    assert code == 10, "two lines are no records"
    assert [a["id"] for a in answers] == [1, None, 2, 3, 4]
    assert ["error" in a for a in answers] == [False, True, True, True, False]
    assert (answers[4]["story"], answers[4]["template"]) == ("presstv/765432", "modern")


@pytest.mark.slow
def test_usage() -> None:
    assert scrapy_read("--jsonl", "x.html")[0] == 2
    assert scrapy_read("--bogus")[0] == 2


class Stream(io.BytesIO):
    """Remembers the largest piece that was asked for."""

    largest = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        self.largest = max(self.largest, size)
        return super().readline(size)


def answers_to(text: bytes, capsys: pytest.CaptureFixture[str], most: int) -> tuple[int, list[dict[str, object]], int]:
    command = Command()
    command.settings = Settings()
    command.settings.setmodule("crawler.settings")
    command.settings.set("ARCHIVE_MAX_LINE_BYTES", most)
    stream = Stream(text)
    code = command.answer_lines(stream)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()], stream.largest


@pytest.mark.parametrize(
    ("start", "identity"),
    [(b'{"id": 7, "url": "", "html": "', 7), (b'{ "id":"a\\"b" , "html": "', 'a"b'), (b'{"html": "', None), (b"{{{{", None), (b"\x00\xff", None),
     (b'{"id": [1], "html": "', None), (b'{"id": 1e, "html": "', None)],
)  # fmt: skip
@pytest.mark.parametrize("end", [b'"}\n', b""], ids=["line", "end of input"])
def test_a_line_over_the_limit_is_answered_and_read_past(
    capsys: pytest.CaptureFixture[str], start: bytes, identity: object, end: bytes
) -> None:
    good = json.dumps({"id": 1, "html": PAGE}).encode() + b"\n"
    code, answers, largest = answers_to(good + b"\n" + start + b"x" * 5_000_000 + end + (good if end else b""), capsys, 1000)
    assert code == 10
    assert [answer["id"] for answer in answers] == [1, identity, *([1] if end else [])]
    assert "ARCHIVE_MAX_LINE_BYTES" in str(answers[1]["error"])
    assert str(len(start + end) + 5_000_000) in str(answers[1]["error"])
    assert largest <= 1024 * 1024


@pytest.mark.parametrize("line", [b"[1]", b"nonsense", b'{"id": NaN, "html": "x"}', b"[" * 900, b"\xff\xfe", b'{"id": 5}'])
def test_garbage_is_answered_and_told_by_the_exit_code(capsys: pytest.CaptureFixture[str], line: bytes) -> None:
    code, answers, _ = answers_to(line + b"\n", capsys, 1000)
    assert (code, len(answers)) == (10, 1)
    assert answers[0]["id"] == (5 if b"5" in line else None)


def test_a_line_as_long_as_may_be_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.dumps({"id": 1, "html": PAGE}).encode()
    for end in (b"\n", b""):
        code, (answer,), _ = answers_to(line + end, capsys, len(line))
        assert (code, answer["headline"]) == (0, "A story of words")


@pytest.mark.slow
def test_what_is_no_page_is_told_in_one_line_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "large.html").write_text(PAGE + " " * (17 * 2**20))
    code, answers, told = scrapy_read(str(tmp_path), str(tmp_path / "large.html"), str(tmp_path / "page.html"))
    assert code == 1
    assert told == f"read: {tmp_path}: cannot be read: Is a directory\n"
    assert [answer["headline"] for answer in answers] == ["A story of words"] * 2
    assert any("cut at" in problem for problem in answers[0]["problems"])  # type: ignore[attr-defined]


def test_a_page_without_elements_is_named_in_both_answers(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    answer = json.loads(scrapy("read", str(tmp_path / "empty.html")).stdout)
    assert answer == {"id": str(tmp_path / "empty.html"), "error": "page: no element in 0 characters"}
    told = scrapy("read", "--explain", str(tmp_path / "empty.html")).stdout
    assert told == f"{tmp_path / 'empty.html'}: cannot be read: page: no element in 0 characters\n\n"
