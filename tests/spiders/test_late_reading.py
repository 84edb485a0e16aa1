"""Pages that are read later in the same run: the same rows, whatever the backlog; pictures found then come; a kill loses nothing."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve
from scrapy.exceptions import DontCloseSpider
from stands import Scrapy

from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.items import Capture, LeasedRequest, Target, Unparsed
from crawler.processing.received import Options, Received
from crawler.sites.known import WEB
from crawler.spiders import late_reading
from crawler.spiders.late_reading import LEFT, SLOW, LateReading

WORDS = "The council met on a Tuesday and spoke of the bridge, of bread and of the tide that had come over the quay. "
PAGES = 12


def body(path: str) -> str | None:
    if path in ("/", "/0"):
        links = "".join(f'<p><a href="/{n}">Page {n} of the paper</a></p>' for n in range(1, PAGES))
        return f"<html><head><title>Paper</title></head><body><ul>{links}</ul>{'<!-- -->' * 3000}</body></html>"
    number = path.strip("/")
    if not number.isdigit() or int(number) >= PAGES:
        return None
    return (
        f"<html><head><title>Story {number}</title></head><body><article><h1>The bridge of {number}</h1><p>By Ida Loewe</p>"
        + f"<p>{WORDS * 12}</p>" * 24
        + f'<figure><img src="/p{number}.jpg" width="800" height="600"><figcaption>The bridge, number {number} (Photo: Ann Lee)</figcaption></figure>'
        + f'</article><p><a href="/{int(number) + 1}">Next page</a></p></body></html>'
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = body(self.path)
        data = b"\xff\xd8\xff\xe0" + self.path.encode() * 20 if self.path.endswith(".jpg") else (page or "not here").encode()
        self.send_response(200 if page or self.path.endswith(".jpg") else 404)
        self.send_header("Content-Type", "image/jpeg" if self.path.endswith(".jpg") else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def crawl(folder: Path, site: str, *settings: str, exits: int | None = 0, fault: str = "", again: bool = False) -> dict[str, Any]:
    """Crawl the site into a folder; the run report."""
    words = [
        f"ARCHIVE_ALLOW_ADDRESSES={site}",
        "DOWNLOAD_DELAY=0",
        "ARCHIVE_MIN_FREE_BYTES=0",
        "ARCHIVE_RESERVE_BYTES=0",
        "ROBOTSTXT_OBEY=False",
        *settings,
    ]
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCHIVE_FAULT", fault)
        exits = None if again else exits
        Scrapy(folder)(
            "crawl", "web", "-a", f"seeds=http://{site}/", *(("-a", "recheck=yes") if again else ()), "--report-json", str(report), *(word for one in words for word in ("-s", one)), exits=exits
        )  # fmt: skip
    return json.loads(report.read_text() or "{}")  # type: ignore[no-any-return]


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What a crawl found, without what each run makes anew."""
    queries = {
        "captures": "SELECT url, role, status, read_state, payload_digest, story_id, reader_version FROM captures ORDER BY 1, 2",
        "versions": "SELECT story_id, n, text_digest, headline, body, authors, images FROM (SELECT v.*, (SELECT group_concat(url || caption || credit, '|')"
        " FROM images i WHERE i.version_id = v.id) AS images FROM versions v) ORDER BY 1, 2",
        "links": "SELECT c.url, l.position, l.url, l.text FROM links l JOIN captures c ON c.id = l.capture_id ORDER BY 1, 2",
        "sightings": "SELECT v.story_id, s.host FROM sightings s JOIN versions v ON v.id = s.version_id ORDER BY 1",
        "frontier": "SELECT url, role, state, reason, attempts FROM frontier ORDER BY 1",
        "failures": "SELECT url, reason FROM failures ORDER BY 1",
    }
    with closing(sqlite3.connect(f"file:{folder}/web/index.db?mode=ro", uri=True)) as db:
        return {name: db.execute(sql).fetchall() for name, sql in queries.items()}


@pytest.fixture(scope="module")
def in_time(tmp_path_factory: pytest.TempPathFactory, site: str) -> dict[str, list[tuple[Any, ...]]]:
    folder = tmp_path_factory.mktemp("in-time")
    report = crawl(folder, site)
    assert LEFT not in report["stats"]["limits"]
    found = rows(folder)
    assert [row[3] for row in found["captures"] if row[1] == "page"].count("read") >= PAGES - 1
    assert sum(row[1] == "requisite" for row in found["captures"]) == PAGES - 1
    return found


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["ARCHIVE_PARSE_BACKLOG_PAGES=1", "ARCHIVE_PARSE_BACKLOG_PAGES=0", "ARCHIVE_PARSE_BACKLOG_BYTES=1"])
def test_what_is_read_later_is_the_same_and_its_pictures_come(tmp_path: Path, site: str, in_time: dict[str, Any], setting: str) -> None:
    report = crawl(tmp_path, site, setting, "CONCURRENT_REQUESTS_PER_DOMAIN=8", "ARCHIVE_LEASES_PER_HOST=8")
    assert report["verdict"] == "COMPLETE"
    left = report["stats"]["limits"].get(LEFT, 0)
    if "PAGES=0" in setting:  # else it depends on how quickly pages come
        assert left >= PAGES - 1
    assert rows(tmp_path) == in_time
    assert report["stats"]["stories"]["new"] == sum(report["stats"]["templates"].values()) == len(in_time["versions"])


@pytest.mark.slow
@pytest.mark.parametrize("point", ["found:after=kill@6", "resume:before=kill@4", "resume:read=kill@3", "filed:after=kill@9"])
def test_a_kill_in_between_loses_nothing(tmp_path: Path, site: str, in_time: dict[str, Any], point: str) -> None:
    crawl(tmp_path, site, "ARCHIVE_PARSE_BACKLOG_PAGES=0", exits=None, fault=point)
    left = [row for row in rows(tmp_path)["captures"] if row[3] == "unread"]
    assert left, "it was killed while pages were left"
    report = crawl(tmp_path, site, "ARCHIVE_PARSE_BACKLOG_PAGES=0")
    assert report["verdict"] == "COMPLETE"
    found = rows(tmp_path)
    assert not [row for row in found["captures"] if row[3] == "unread"]
    assert {row[0]: row[2:] for row in found["versions"]} == {row[0]: row[2:] for row in in_time["versions"]}
    assert {row[0] for row in found["captures"]} == {row[0] for row in in_time["captures"]}
    assert {row[2] for row in found["frontier"]} == {"done"} | {row[2] for row in in_time["frontier"]}


@pytest.mark.slow
def test_what_a_killed_run_left_is_read_by_reindex_too(tmp_path: Path, site: str, in_time: dict[str, Any]) -> None:
    crawl(tmp_path, site, "ARCHIVE_PARSE_BACKLOG_PAGES=0", exits=None, fault="resume:before=kill@2")
    assert any(row[3] == "unread" for row in rows(tmp_path)["captures"])
    Scrapy(tmp_path)("reindex", "web", "--unread")
    assert not [row for row in rows(tmp_path)["captures"] if row[3] == "unread"]


@pytest.mark.slow
def test_a_page_whose_bytes_were_read_before_is_sighted_again_without_a_reader(tmp_path: Path, site: str) -> None:
    crawl(tmp_path, site)
    before = rows(tmp_path)
    crawl(tmp_path, site, "ARCHIVE_PARSE_SECONDS=0.000001", again=True)  # so that reading a story would fail
    after = rows(tmp_path)
    stories = {row[0] for row in before["captures"] if row[1] == "page" and row[3] == "read"}
    assert stories
    assert {row[3] for row in after["captures"] if row[0] in stories} == {"read"}
    assert sorted(row[0] for row in after["captures"] if row[0] in stories) == sorted([*stories, *stories])
    assert after["versions"] == before["versions"]
    assert len(after["sightings"]) == 2 * len(before["sightings"])
    links = {row for row in before["links"] if row[0] in stories}
    assert sorted(row for row in after["links"] if row[0] in stories) == sorted([*links, *links])


# -- the parts


TARGET = Target(key="k", url="https://a.example/x", site="web", role="page", story="web/x")
HELD = Capture(
    target=TARGET, record_id="urn:uuid:1", host="a.example", date=datetime(2026, 11, 24, tzinfo=UTC), warc="w", offset=0, length=1
)
GIVEN = Received(LeasedRequest(target=TARGET), HELD, (), b"x")


class Pool:
    """Readers that take as long as they are told."""

    def __init__(self, *, full: bool = False, seconds: float = 0.0) -> None:
        self.full, self.seconds, self.has_room = full, seconds, True
        self.asked: list[bool] = []
        self.readers = SimpleNamespace(workers=SimpleNamespace(limits=SimpleNamespace(workers=2)))

    def would_wait(self, received: Received) -> bool:
        return self.full

    async def interpret(self, site: object, received: Received, options: Options) -> Unparsed:
        self.asked.append(options.parse)
        await asyncio.sleep(self.seconds if options.parse else 0)
        return Unparsed(lease=received.lease, capture=received.capture, bytes=int(options.parse))


class Frontier:
    def __init__(self) -> None:
        self.rows: dict[str, FrontierRow] = {}
        self.held: set[str] = set()

    def leave(self, key: str) -> None:
        self.held.discard(key)

    def row(self, key: str) -> FrontierRow | None:
        return self.rows.get(key)

    def leased(self, key: str) -> FrontierRow | None:
        return self.rows[key] if key in self.held else None

    def take_up(self, key: str) -> FrontierRow | None:
        row = self.rows.get(key)
        if row is None or row.state != "captured":
            return None
        self.held.add(key)
        return row


def late(pool: Pool, frontier: Frontier | None = None) -> tuple[LateReading, Any]:
    run = SimpleNamespace(site=WEB, parsers=pool, stats=SimpleNamespace(limits={LEFT: 0, SLOW: 0}), frontier=frontier or Frontier(), arguments=CrawlArguments(requisites="images"))
    done: list[str] = []

    async def take_up(row: FrontierRow) -> None:
        done.append(row.key)

    made = LateReading(run, take_up=take_up)  # type: ignore[arg-type]
    made._crawler = SimpleNamespace(engine=None)  # type: ignore[assignment]
    return made, SimpleNamespace(run=run, done=done)


@pytest.mark.parametrize(
    ("refers_to", "validates", "looked_up"),
    [
        ("https://a.example/x", None, True),
        (None, None, True),
        ("https://a.example/y", None, False),
        ("https://a.example/y", "urn:uuid:0", True),
    ],
)
async def test_only_bytes_of_the_same_address_are_looked_up(
    monkeypatch: pytest.MonkeyPatch, refers_to: str | None, validates: str | None, looked_up: bool
) -> None:
    """A page that is another's repeat is read in any case: each look for it opens the index."""
    frontier, looks = Frontier(), list[str]()
    frontier.rows["k"], frontier.held = FrontierRow(target=TARGET, validates=validates), {"k"}
    made, _ = late(pool := Pool(), frontier)
    monkeypatch.setattr(LateReading, "_repeated", lambda self, received: looks.append(received.capture.record_id))
    await made.interpret(evolve(GIVEN, capture=evolve(HELD, revisit_of="urn:uuid:9", refers_to_url=refers_to)), Options())
    assert (bool(looks), pool.asked) == (looked_up, [True])


async def test_a_page_is_read_at_once_where_there_is_room() -> None:
    reading, _ = late(pool := Pool())
    assert (await reading.interpret(GIVEN, Options())).bytes == 1
    assert pool.asked == [True]


async def test_a_page_beyond_the_backlog_is_looked_at_and_left() -> None:
    reading, world = late(pool := Pool(full=True))
    assert (await reading.interpret(GIVEN, Options())).bytes == 0
    assert pool.asked == [False]
    assert world.run.stats.limits == {LEFT: 1, SLOW: 0}
    role = evolve(TARGET, role="feed")
    feed = Received(LeasedRequest(target=role), evolve(HELD, target=role), (), b"x")
    assert (await reading.interpret(feed, Options())).bytes == 1, "lists are read whatever waits"
    assert (await reading.interpret(GIVEN, Options(parse=False))).bytes == 0
    assert world.run.stats.limits == {LEFT: 1, SLOW: 0}, "asked for with read=later"


async def test_a_slow_page_does_not_hold_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_reading, "SLOW_SECONDS", 0.02)
    reading, world = late(pool := Pool(seconds=30))
    assert (await reading.interpret(GIVEN, Options())).bytes == 0
    assert pool.asked == [True, False]
    assert world.run.stats.limits == {LEFT: 0, SLOW: 1}


async def test_pages_left_are_read_when_there_is_room_and_until_then_the_crawl_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_reading, "LOOK_SECONDS", 0.01)
    frontier = Frontier()
    reading, world = late(pool := Pool(), frontier)
    reading.idle()
    for key, state in (("a", "captured"), ("b", "leased"), ("c", "done"), ("d", "captured")):
        frontier.rows[key] = FrontierRow(target=evolve(TARGET, key=key), state=state)  # type: ignore[arg-type]
    pool.has_room = False
    for key in "abcde":
        reading.leave(key)
    await asyncio.sleep(0.05)
    assert world.done == []
    with pytest.raises(DontCloseSpider):
        reading.idle()
    pool.has_room = True
    await asyncio.sleep(0.1)
    assert sorted(world.done) == ["a", "d"]
    with pytest.raises(DontCloseSpider):
        reading.idle()  # b is captured, and that is not committed yet
    frontier.rows["b"] = evolve(frontier.rows["b"], state="captured")
    await asyncio.sleep(0.1)
    assert sorted(world.done) == ["a", "b", "d"]
    reading.idle()
    reading.closed()
