"""`scrapy read`: one JSON object a page, whatever else goes wrong."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

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
    assert code == 0
    assert [a["id"] for a in answers] == [1, None, 2, 3, 4]
    assert ["error" in a for a in answers] == [False, True, True, True, False]
    assert (answers[4]["story"], answers[4]["template"]) == ("presstv/765432", "modern")


def test_usage() -> None:
    assert scrapy_read("--jsonl", "x.html")[0] == 2
    assert scrapy_read("--bogus")[0] == 2
