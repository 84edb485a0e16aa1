"""docs/add-a-site.md, followed: its pieces are the site file, and its commands do what it says; the site's host is played on loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from site_hosts import played
from stands import ROOT, Scrapy

from crawler.demo.images import picture
from crawler.index.index import Index
from crawler.testing.excerpt import page_of
from crawler.testing.fixtures import fixtures

DOC = (ROOT / "docs" / "add-a-site.md").read_text(encoding="utf-8")
PIECES = [segment.strip("\n") for segment in re.findall(r"^```python\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)]
SITE_FILE = ROOT / "crawler" / "sites" / "abendblatt.py"
HOSTS = ("www.mine.example", "img.sparknews.funkemedien.de", "img.abendblatt.de")


def mine(text: str) -> str:
    """The example's site under another name and host: the shelf has the one of the document already."""
    return text.replace('name="abendblatt"', 'name="mine"').replace("www.abendblatt.de", HOSTS[0])


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def large_picture() -> bytes:
    """Larger than what is held in memory, its maker named behind a colour profile: the beginning is read back from where it was spooled."""
    data = picture("x.jpg", byline="Piet Tonne")
    return data[:2] + 3 * (b"\xff\xe2\xff\xff" + b"\0" * 65533) + data[2:] + b"\0" * 2**21


def test_the_pieces_of_the_document_are_the_site_file() -> None:
    assert lines("\n".join(PIECES)) == lines(SITE_FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """Path to page: those of the example's fixtures, and a front that links them."""
    out = {}
    for one in fixtures():
        if one.site.name == "abendblatt":
            record = page_of(one.warc)
            out[urlsplit(record.target_uri).path] = mine(record.block().decode()).encode()
    out["/"] = "".join(f"<a href='{path}'>A story of {path}</a> " for path in out).encode()
    return out


@pytest.fixture(scope="module")
def host(pages: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The site's host and its picture hosts over TLS; yields the settings that lead there."""

    def answer(_: str, path: str) -> tuple[bytes, str] | None:
        if path in pages:
            return pages[path], "text/html; charset=utf-8"
        return (large_picture(), "image/jpeg") if path.endswith((".jpeg", ".jpg", ".webp")) else None

    with played(HOSTS, answer, tmp_path_factory.mktemp("tls")) as settings:
        yield settings


def test_from_an_empty_file_to_five_stories(scrapy: Scrapy, host: list[str], pages: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "mine.py").write_text(mine("\n\n".join(PIECES)) + "\n", encoding="utf-8")
    here, stories = ["-s", f"ARCHIVE_SITES={folder}"], {path: page for path, page in pages.items() if path != "/"}
    assert "mine" in scrapy("list", *here).stdout.split()

    path, page = next(iter(stories.items()))
    (tmp_path / "page.html").write_bytes(page)
    read = json.loads(scrapy("read", str(tmp_path / "page.html"), "--url", f"https://{HOSTS[0]}{path}", *here).stdout)
    assert read["story"].startswith("mine/")
    assert read["template"] in ("modern", "classic")

    for path in stories:
        told = scrapy("fixture", f"https://{HOSTS[0]}{path}", *here, *host).stdout
        assert "read by template" in told
    assert len(list((folder / "fixtures" / "mine").glob("*.warc"))) == len(stories) == 3
    tests = [sys.executable, "-m", "pytest", "tests/sites/test_fixtures.py", "-k", "mine", "-p", "no:cacheprovider"]
    tested = subprocess.run(tests, cwd=ROOT, env=os.environ | {"ARCHIVE_SITES": str(folder)}, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout[-2000:]

    report = scrapy("crawl", "mine", "-a", "max_stories=5", *here, *host).stdout
    assert "COMPLETE (exit code 0)" in report
    assert "3 new" in report
    assert "whole page" not in report
    assert "2 modern, 1 classic" in report
    assert "3 live" in scrapy("stats", "mine").stdout
    for _ in range(2):
        with Index.open(scrapy.archives / "mine" / "index.db", readonly=True) as index:
            assert {row[0] for row in index.query("SELECT file_byline FROM images")} == {"Piet Tonne"}
        scrapy("reindex", "mine", *here)
