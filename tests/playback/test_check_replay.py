"""`scrapy check-replay` with pywb and Chromium: pages of others that are whole, bare, endless or hostile. Group `outer`: needs both.

In this room, so that lines of the browser count as covered.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from foreign_warcs import HOST, answer, record, story, write
from stands import Scrapy

pytestmark = pytest.mark.outer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000000030001362840d20000000049454e44ae426082"
)
"""A red pixel."""
PICTURE = '<img src="/p.png" width=300 height=200>'
EXTRA = {
    "whole": f'<link rel=stylesheet href="/s.css">{PICTURE}<script src="/s.js"></script>',
    "bare": '<link rel=stylesheet href="/none.css"><img src="/none.png" width=300 height=200><img src="/p.png" width=300 height=200>',
    "hidden": "<style>article p + p {display: none}</style>",
    "covered": "<div style='position:fixed;inset:0;background:#fff;z-index:9'>We value your privacy</div>",
    "clipped": "<style>article {height: 120px; overflow: hidden}</style><footer style='height:900px'>Footer</footer>",
    "tall": "<div style='height:20000px'></div><p>The last word of the page is quoin.</p>",
    "alerts": "<script>alert(1); confirm('x'); prompt('y'); onbeforeunload = () => 'stay'</script>",
    "window": "<script>window.open('/whole')</script>",
    "download": '<a id=d href="/file.bin" download>x</a><script>document.getElementById("d").click()</script>',
    "moves": '<meta http-equiv=refresh content="0;url=/whole">',
    "bursts": "<script>setTimeout(() => { top.location = '/whole' }, 50)</script>",
    "endless": "<script>setInterval(() => fetch('/p.png?' + Math.random()), 100)</script>",
    "grows": f"<script>setInterval(() => document.body.insertAdjacentHTML('beforeend', '{PICTURE}<p>more</p>'), 20)</script>",
    "busy": "<script>addEventListener('load', () => setTimeout(() => { for (;;); }, 100))</script>",
    "throws": "<script>setTimeout(() => nothing.there, 0)</script><script>throw new Error('no')</script>",
    "asks": "<script>fetch('/api/text.json').catch(() => 0); fetch('/count', {method: 'POST', body: 'x'}).catch(() => 0)</script>",
    "leaks": "<script>navigation.navigate('http://live.example/')</script>",
    "socket": "<iframe src='data:text/html,<script>new WebSocket(`wss://live.example/s`)</script>'></iframe>",
    "speck": '<img src="https://count.example/1.gif?x" width=1 height=1>',
}  # fmt: skip
PROBLEMS = {
    "alerts": "a dialog came up", "window": "it opened a window", "download": "it began a download",
    "moves": "it went to another page, or loaded itself again", "endless": "not at rest in time", "busy": "broken off", "leaks": "it went to another page", "socket": "it opened a socket",
}  # fmt: skip
HIDDEN = ("hidden", "covered", "clipped")


def page(name: str) -> bytes:
    return story(f"the {name} bridge").replace(b"</article>", b"</article>" + EXTRA[name].encode())


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Scrapy:
    """A WARC of another program, read into a collection."""
    folder = tmp_path_factory.mktemp("others")
    kinds = {"/p.png": (b"image/png", PNG), "/s.css": (b"text/css", b"h1 {color: #060}"), "/s.js": (b"text/javascript", b"document.title += '.'")}
    records = [record(answer(page(name)), f"/2024/02/20/{n}/{name}", n=n) for n, name in enumerate(EXTRA, 1)]
    for n, (path, (mime, body)) in enumerate(kinds.items(), 100):
        records.append(record(answer(body, b"HTTP/1.1 200 OK\r\nContent-Type: " + mime + b"\r\n"), path, n=n))
    write(folder / "in.warc.gz", *records)
    scrapy = Scrapy(folder / "archives")
    scrapy("crawl", "replay", "-a", f"warcs={folder / 'in.warc.gz'}", "-a", "collection=others")
    return scrapy


@pytest.fixture(scope="module")
def looked(others: Scrapy, wayback: str, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report over all of them."""
    shots = tmp_path_factory.mktemp("shots")
    settings = ["-s", f"ARCHIVE_PYWB={wayback}", "-s", f"ARCHIVE_CHROMIUM={chromium}"]
    done = others("check-replay", "others", "--sample", "0", "--seconds", "12", "--screenshots", str(shots), "--json", *settings, exits=10)
    report: dict[str, Any] = json.loads(done.stdout)
    return {**report, "pages": {one["url"].rpartition("/")[2]: one for one in report["pages"]}, "shots": shots}


def test_each_page_is_looked_at_whatever_the_others_do(looked: dict[str, Any]) -> None:
    assert set(looked["pages"]) == set(EXTRA)
    assert looked["pages"]["whole"]["good"]
    assert (looked["pages"]["whole"]["wanted"], looked["pages"]["whole"]["archived"], looked["pages"]["whole"]["score_text"]) == (3, 3, 1.0)
    assert looked["pages"]["whole"]["problems"] == []
    assert "chromium" in looked["browser"]
    assert "pywb" in looked["replay"]


def test_what_is_not_archived_is_named(looked: dict[str, Any]) -> None:
    bare = looked["pages"]["bare"]
    assert {(gone["url"], gone["kind"]) for gone in bare["missing_urls"]} == {(f"{HOST}/none.css", "style"), (f"{HOST}/none.png", "picture")}
    assert (bare["score_resources"], bare["score_text"], bare["good"]) == (0.3333, 1.0, False)
    assert any("pictures without content: 1" in problem for problem in bare["problems"])
    asks = looked["pages"]["asks"]
    assert [gone["url"] for gone in asks["missing_urls"]] == [f"{HOST}/api/text.json"]
    assert asks["left_out"] == 1
    assert looked["pages"]["speck"]["score_resources"] == 1


def test_text_that_nobody_can_read_is_not_on_the_screen(looked: dict[str, Any]) -> None:
    for name in HIDDEN:
        one = looked["pages"][name]
        assert one["score_text"] < 0.5, name
        assert not one["good"]
    assert looked["pages"]["covered"]["words_in_page"] == looked["pages"]["covered"]["words"]
    assert looked["pages"]["hidden"]["words_in_page"] < looked["pages"]["hidden"]["words"]
    assert looked["pages"]["tall"]["score_text"] == 1


def test_what_pages_do_is_counted_and_ends(looked: dict[str, Any]) -> None:
    for name, problem in PROBLEMS.items():
        one = looked["pages"][name]
        assert any(problem in told for told in one["problems"]), (name, one["problems"])
        assert one["seconds"] < 25, name
    assert looked["pages"]["throws"]["errors"] == 2
    for name in ("alerts", "window", "moves", "bursts", "endless", "throws"):
        assert looked["pages"][name]["score_text"] == 1, (name, looked["pages"][name])


def test_the_live_web_is_not_reached_and_the_wish_is_told(looked: dict[str, Any]) -> None:
    assert looked["leaks"] == sum(len(one["leaked"]) for one in looked["pages"].values())
    assert not looked["pages"]["leaks"]["good"]
    assert any("live.example" in url for url in looked["pages"]["leaks"]["leaked"])
    assert {name for name, one in looked["pages"].items() if one["leaks"]} == {"leaks", "socket"}


def test_rows_are_kept_over_a_reindex_and_pictures_are_there(looked: dict[str, Any], others: Scrapy) -> None:
    pictures = {file.name: file.read_bytes() for file in looked["shots"].iterdir()}
    assert len(pictures) >= len(EXTRA) - 4  # not of pages that hang
    assert all(data.startswith(b"\x89PNG") for data in pictures.values())
    before = rows(others.archives)
    assert len(before) == len(EXTRA)
    others("verify", "others")
    with closing(sqlite3.connect(others.archives / "others" / "index.db")) as db, db:
        db.execute("INSERT INTO qa SELECT 'urn:uuid:gone', date, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, '[]', '[]', 'b', 'r' FROM qa LIMIT 1")
    others("reindex", "others")
    assert rows(others.archives) == before


def rows(archives: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(archives / "others" / "index.db")) as db:
        return sorted(db.execute("SELECT * FROM qa JOIN captures USING (record_id)").fetchall(), key=str)
