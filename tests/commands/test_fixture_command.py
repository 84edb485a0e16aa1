"""`scrapy fixture`: what it writes, what it says, and what it refuses; on the embedded newspaper."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from stands import Scrapy

from crawler.archive_files.verify import verify_file
from crawler.demo import Newspaper, start
from crawler.demo.newspaper import SITES
from crawler.testing.fixtures import fixtures

URL = "http://courier.mirror.example/2026/10/16/1017/x"
PRINTER = """
from crawler.sites.site import Mirror, Site
SITE = Site(name="printer", title="Print versions", language="en", mirrors=(Mirror("courier.mirror.example", scheme="http"),),
            stories=(r"^/story\\.cgi\\?print=(?P<id>\\d+)", r"^/(?P<id>404)"))
"""


@pytest.fixture(scope="module")
def paper() -> Iterator[Newspaper]:
    with start() as running:
        yield running


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with the newspaper's site file, in which fixtures may be made."""
    (tmp_path / "sites").mkdir()
    return Path(shutil.copy(SITES / "courier.py", tmp_path / "sites")).parent


def settings(shelf: Path, connect_to: str) -> list[str]:
    values = {"ARCHIVE_SITES": shelf, "ARCHIVE_CONNECT_TO": connect_to, "ARCHIVE_ATTEMPTS": 1}
    return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]


def test_an_address_becomes_request_and_response_and_the_answer(scrapy: Scrapy, paper: Newspaper, shelf: Path) -> None:
    done = scrapy("fixture", URL, *settings(shelf, paper.connect_to))
    (one,) = [one for one in fixtures([shelf]) if one.site.name == "courier"]
    assert (one.name, one.folder) == ("1017-modern", shelf / "fixtures" / "courier")
    assert one.answer() == one.expected()
    assert one.expected()["headline"] == "The Linnet waits for paint"
    report = verify_file(one.warc)
    assert report.records == 4, "warcinfo, request, facts, response"
    assert not report.faults
    data = one.warc.read_bytes()
    assert b"GET /2026/10/16/1017/x HTTP/1.1\r\n" in data
    assert f"ARCHIVE_SITES={shelf} pytest" in done.stdout
    for told in ("1017-modern.warc", "1017-modern.json", "The Linnet waits for paint", "1 with a credit", "Not found: "):
        assert told in done.stdout
    assert not scrapy.archives.exists() or not any(scrapy.archives.iterdir()), "a fixture is no collection"


def test_a_file_is_kept_as_given_and_a_fixture_can_be_read_anew(scrapy: Scrapy, shelf: Path, tmp_path: Path) -> None:
    page = "<html lang=en><link rel=canonical href='/2026/10/16/1017/x'><body><article class=story data-number=1017><h1 class=headline>Old news</h1>"
    page += f"<div class=body><p>{'A paragraph that is long enough to be one. ' * 3}</div></article>"
    file = tmp_path / "page.html"
    file.write_text(page)
    options = ["-s", f"ARCHIVE_SITES={shelf}"]
    scrapy("fixture", str(file), "--url", URL, "--date", "2026-10-17", "--name", "old-news", *options)
    (one,) = [one for one in fixtures([shelf]) if one.site.name == "courier"]
    assert one.warc.read_bytes().endswith(page.encode() + b"\r\n\r\n")
    assert b"WARC-Type: resource\r\n" in one.warc.read_bytes()
    assert b"WARC-Date: 2026-10-17T" in one.warc.read_bytes()
    assert not verify_file(one.warc).faults
    kept = one.warc.read_bytes(), one.json.read_text()
    again = scrapy("fixture", str(file), "--url", URL, "--name", "old-news", *options, exits=1)
    assert "--overwrite" in again.stderr
    assert (one.warc.read_bytes(), one.json.read_text()) == kept
    one.json.write_text(json.dumps({**one.expected(), "headline": "Other news"}))
    anew = scrapy("fixture", str(one.warc), "--overwrite", *options)
    assert "Changed since it was last agreed to: headline" in anew.stdout
    assert (one.warc.read_bytes(), one.json.read_text()) == kept


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "name one address"),
        ([URL, "--url", URL], 2, "belong to a FILE"),
        (["http://nowhere.example/1"], 2, "host of no site"),
        (["http://courier.mirror.example/"], 2, "no story of courier"),
        ([URL, "--name", "../x"], 2, "no plain file name"),
        (["no-such-file.html", "--url", URL], 1, "cannot be read"),
        ([__file__], 2, "say by --url"),
        ([__file__, "--url", URL, "--date", "soon"], 2, "no date"),
        (["http://courier.mirror.example/2026/10/16/9999/x"], 10, "status"),
        ([str(SITES / "fixtures" / "courier" / "1022-modern.warc"), "--url", URL], 2, "says itself where"),
        (["http://www.courier.example/2026/10/16/1017/x", "--connect-to", "*:*=127.0.0.1:9"], 10, "connect"),
        ([URL, "--connect-to", ""], 10, "dns"),
    ],
)
def test_refusals_are_clear_and_write_nothing(
    scrapy: Scrapy, paper: Newspaper, shelf: Path, arguments: list[str], code: int, told: str
) -> None:
    connect_to = paper.connect_to
    if "--connect-to" in arguments:
        arguments, connect_to = arguments[:1], arguments[2]
    done = scrapy("fixture", *arguments, *settings(shelf, connect_to), exits=code)
    assert told in done.stderr
    assert not (shelf / "fixtures").exists()


def test_robots_and_the_address_guard_are_obeyed(scrapy: Scrapy, paper: Newspaper, tmp_path: Path) -> None:
    (tmp_path / "printer.py").write_text(PRINTER)
    url = "http://courier.mirror.example/story.cgi?print=1017"
    assert "robots" in scrapy("fixture", url, *settings(tmp_path, paper.connect_to), exits=10).stderr
    (tmp_path / "printer.py").write_text(PRINTER.replace("courier.mirror.example", "127.0.0.1"))
    assert (
        "guard"
        in scrapy("fixture", f"http://127.0.0.1:{paper.ports['courier.mirror.example']}/404", *settings(tmp_path, ""), exits=10).stderr
    )
