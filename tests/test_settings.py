"""Every setting is set to another value than its default by some test that fails where it is ignored: by one of these, or one named here."""

from __future__ import annotations

import asyncio
import gzip
import socket
import sys
import threading
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from invariants import check
from outcomes import made as outcome
from runs import opened_run
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from stands import ROOT, Scrapy
from targets import made
from warc_records import by_warcio

from crawler import settings as ours
from crawler.collection.collection import Collection
from crawler.crawl.config import parser_pool, writer_options
from crawler.crawl.run import Run
from crawler.errors import Unreadable, WriteFailed
from crawler.extensions.progress import ProgressExtension
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.items import Capture, FrontierRequest, LeasedRequest, Role, Target
from crawler.middlewares.robots_rules import AGAIN_SECONDS, RobotsOptions, RobotsRules, Rules
from crawler.processing.parser_pool import ParserPool
from crawler.processing.received import Received
from crawler.sites.known import WEB
from crawler.sites.site import Site
from crawler.spiders.frontier_spider import FrontierSpider
from crawler.spiders.loader import SiteSpiderLoader

HERE, WIRE = "tests/test_settings.py", "tests/http/test_wire_settings.py"
COMPARED = "tests/crawl/test_comparison.py::test_so_many_stories_are_compared_as_the_settings_say"
CRAWL = f"{HERE}::test_a_whole_crawl"
LIMIT, DEADLINE = f"{WIRE}::test_a_limit_is_obeyed", f"{WIRE}::test_a_deadline_is_obeyed"
RUN, READING, FOUND, DISK = (f"{HERE}::test_{what}" for what in ("a_run", "reading", "what_is_asked_for_next", "the_disk"))
DELAYS = f"{HERE}::test_a_host_is_left_alone_as_told"
ARCHIVES = "tests/spiders/test_from_archives.py::test_the_settings_of_the_search_count"
WORK = "tests/jobs/test_work_options.py::test_a_setting_of_workers_counts"
SHOWN_BY = {
    "ARCHIVE_FRONTIER": WORK, "ARCHIVE_FRONTIER_WAIT": WORK, "ARCHIVE_LEASE_SECONDS": WORK, "ARCHIVE_WORKER": WORK, "ARCHIVE_WORK_LANES": WORK,
    "ARCHIVE_HEALTH": WORK, "ARCHIVE_WARC_MAX_SECONDS": WORK, "ARCHIVE_STORE": WORK, "ARCHIVE_KEEP_LOCAL": WORK,
    "ARCHIVE_MAX_LINE_BYTES": "tests/commands/test_read_command.py::test_a_line_over_the_limit_is_answered_and_read_past",
    "ARCHIVE_DIR": CRAWL, "ARCHIVE_COLLECTION": CRAWL, "ARCHIVE_OPERATOR": CRAWL, "ARCHIVE_CONTACT": CRAWL, "ARCHIVE_WARC_PREFIX": CRAWL,
    "ARCHIVE_TSA_CA_FILE": "tests/proofs/test_prove.py::test_a_proof_with_a_timestamp",
    "ARCHIVE_TSA_URL": "tests/proofs/test_prove.py::test_a_proof_with_a_timestamp",
    "ARCHIVE_WACZ_KEY": "tests/commands/test_export_command.py::test_a_wacz_is_signed_by_the_key_of_a_setting",
    "ARCHIVE_WARC_MAX_BYTES": CRAWL, "ARCHIVE_CHUNKED_PAYLOAD_DIGEST": CRAWL, "ARCHIVE_DIGEST": CRAWL,
    "ARCHIVE_MAX_ROBOTS_RULES": CRAWL, "ARCHIVE_MAX_DEPTH": CRAWL,
    "ARCHIVE_MAX_URL_CHARACTERS": CRAWL, "ARCHIVE_MAX_PATH_SEGMENTS": CRAWL, "ARCHIVE_MAX_PATH_REPEATS": CRAWL,
    "ARCHIVE_MAX_QUERIES_PER_PATH": CRAWL, "ARCHIVE_SITES": "tests/sites/test_add_a_site.py::test_from_an_empty_file_to_five_stories",
    "ARCHIVE_CONNECT_TO": f"{WIRE}::test_addresses_are_let_through_and_led_elsewhere",
    "ARCHIVE_ALLOW_ADDRESSES": f"{WIRE}::test_addresses_are_let_through_and_led_elsewhere",
    "ARCHIVE_CA_FILE": f"{WIRE}::test_trust_is_as_told", "ARCHIVE_TLS": f"{WIRE}::test_trust_is_as_told",
    "ARCHIVE_PROXY": f"{WIRE}::test_a_proxy_is_asked", "ARCHIVE_CONNECT_TIMEOUT": DEADLINE, "ARCHIVE_IDLE_TIMEOUT": DEADLINE,
    "ARCHIVE_TOTAL_TIMEOUT": DEADLINE, "ARCHIVE_MAX_PAGE_BYTES": LIMIT, "ARCHIVE_MAX_MEDIA_BYTES": LIMIT, "ARCHIVE_MAX_ROBOTS_BYTES": LIMIT,
    "ARCHIVE_MAX_SITEMAP_BYTES": LIMIT, "ARCHIVE_MAX_HEAD_BYTES": LIMIT, "ARCHIVE_MAX_HEADER_LINE_BYTES": LIMIT, "ARCHIVE_MAX_HEADERS": LIMIT,
    "ARCHIVE_MAX_INTERIM": LIMIT, "ARCHIVE_SPOOL_DIR": LIMIT, "ARCHIVE_MIN_FREE_BYTES": DISK, "ARCHIVE_DISK_WAIT_SECONDS": DISK,
    "ARCHIVE_RESERVE_BYTES": DISK, "ARCHIVE_ATTEMPTS": RUN, "ARCHIVE_RETRY_DELAY": RUN, "ARCHIVE_MAX_RETRY_AFTER": RUN,
    "ARCHIVE_HOURS": "tests/pacing/test_budget.py::test_outside_the_hours_nothing_is_asked_for",
    "ARCHIVE_HOST_REQUESTS_PER_DAY": "tests/pacing/test_budget.py::test_a_host_gets_so_many_requests_a_day_and_the_rest_waits",
    "ARCHIVE_DELAY_FACTOR": DELAYS, "ARCHIVE_MAX_DELAY": DELAYS,
    "ARCHIVE_LEASES_PER_HOST": RUN, "ARCHIVE_HOST_FAILURES": RUN, "ARCHIVE_RECHECK_HOURS": RUN,
    "ARCHIVE_COMPARE_SHARE": COMPARED, "ARCHIVE_COMPARE_PER_RUN": COMPARED,
    "ARCHIVE_RECHECKS_PER_RUN": "tests/rechecks/test_rechecks_of_a_run.py::test_a_run_asks_for_so_many_of_the_most_overdue",
    "ARCHIVE_RECHECK_BACKLOG": "tests/rechecks/test_rechecks_of_a_run.py::test_a_run_asks_for_so_many_of_the_most_overdue",
    "ARCHIVE_RECHECK_FASTEST": "tests/rechecks/test_rechecks_of_a_run.py::test_bounds_are_as_told",
    "ARCHIVE_RECHECK_SLOWEST": "tests/rechecks/test_rechecks_of_a_run.py::test_bounds_are_as_told",
    "ARCHIVE_REQUISITE_HOURS": "tests/spiders/test_page_needs.py::test_the_look_is_captured_by_default_and_each_file_once",
    "ARCHIVE_GONE_CONFIRM_HOURS": "tests/rechecks/test_rechecks_of_a_run.py::test_a_story_is_gone_when_it_is_missing_twice",
    "ARCHIVE_MAX_REDIRECTS": "tests/http/test_odd_sites.py::test_a_chain_over_the_limit_is_one_failure_and_one_within_is_none",
    "ARCHIVE_MAX_CRAWL_DELAY": "tests/spiders/test_web_crawl.py::test_a_host_is_crawled_within_its_rules",
    "ARCHIVE_ROBOTS_MAX_AGE": f"{HERE}::test_rules_are_believed_for_so_long", "ARCHIVE_MAX_LINKS": READING,
    "ARCHIVE_MAX_DECODED_BYTES": READING, "ARCHIVE_MAX_DECODED_RATIO": READING, "ARCHIVE_MAX_HTML_BYTES": READING,
    "ARCHIVE_MAX_SITEMAP_URLS": READING, "ARCHIVE_PARSE_SECONDS": READING, "ARCHIVE_PARSE_MEMORY": f"{HERE}::test_a_worker_has_so_much_memory",
    "ARCHIVE_PARSE_ASIDE_BYTES": f"{HERE}::test_workers_are_as_many_and_asked_as_told",
    "ARCHIVE_PARSE_BACKLOG_PAGES": f"{HERE}::test_so_many_pages_and_bytes_may_wait",
    "ARCHIVE_PARSE_BACKLOG_BYTES": f"{HERE}::test_so_many_pages_and_bytes_may_wait",
    "ARCHIVE_PARSE_WORKERS": f"{HERE}::test_workers_are_as_many_and_asked_as_told", "ARCHIVE_MAX_SITEMAPS": FOUND,
    "ARCHIVE_MAX_SITEMAP_DEPTH": FOUND, "ARCHIVE_MAX_SECTION_PAGES": FOUND, "ARCHIVE_MAX_ARTICLE_PAGES": FOUND, "ARCHIVE_RECENT_DAYS": FOUND, "ARCHIVE_STORY_LINK_DEPTH": FOUND,
    "ARCHIVE_MAX_PAGES_PER_HOST": "tests/http/test_crawl.py::test_limits_are_told",
    "ARCHIVE_PROGRESS": f"{HERE}::test_a_live_line_where_it_is_wanted",
    "ARCHIVE_FIXITY_DAYS": "tests/housekeeping/test_maintain.py::test_the_command_looks_after_all_collections",
    "ARCHIVE_EVENTS_FEED": "tests/commands/test_events_command.py::test_a_feed_of_several_sites_has_no_one_place",
    "ARCHIVE_FEED_AUTHORITY": "tests/commands/test_events_command.py::test_the_feed_has_what_rfc_4287_requires",
    "ARCHIVE_CHROMIUM": "tests/commands/test_check_replay_command.py::test_a_named_browser_is_taken_at_its_word",
    "ARCHIVE_VIEWER": "tests/playback/test_viewer.py::test_the_folder_is_as_named_or_of_the_project_or_of_the_user",
    "ARCHIVE_PYWB": "tests/playback/test_pywb_process.py::test_a_named_program_or_environment_is_taken",
    "ARCHIVE_REPLAY_URL": "tests/playback/test_pywb_process.py::test_one_that_runs_already_is_linked_to_and_left_running",
    "ARCHIVE_SEARCH_RECENCY": "tests/commands/test_index_commands.py::test_the_recency_of_a_search_is_a_setting",
    "ARCHIVE_WEBHOOK": "tests/monitoring/test_every_end_is_told.py::test_every_end_is_told_everywhere",
    "ARCHIVE_WEBHOOK_ON": "tests/monitoring/test_webhook.py::test_settings_that_mean_nothing_make_none",
    "ARCHIVE_WEBHOOK_SECONDS": "tests/monitoring/test_webhook.py::test_settings_that_mean_nothing_make_none",
    "ARCHIVE_CHECKS": "tests/coverage/test_outage_runs.py::test_a_paper_that_breaks_is_told",
    "ARCHIVE_QUIET_HOURS": "tests/coverage/test_outage_runs.py::test_a_paper_that_breaks_is_told",
    "ARCHIVE_MEMENTO_ENDPOINTS": ARCHIVES, "ARCHIVE_MAX_MEMENTOS": ARCHIVES, "ARCHIVE_MEMENTO_FORMS": ARCHIVES, "ARCHIVE_MEMENTO_PICTURES": ARCHIVES,
    "ARCHIVE_MEMENTO_REQUESTS": ARCHIVES, "ARCHIVE_MEMENTO_DELAY": ARCHIVES, "ARCHIVE_MEMENTO_AGAIN_DAYS": ARCHIVES,
    "ARCHIVE_MEMENTO_ROBOTS": ARCHIVES, "ARCHIVE_SHUTDOWN_SECONDS": "tests/durability/test_stops.py::test_a_slow_server_does_not_hold_a_stop",
}  # fmt: skip
NOW = datetime.now(UTC)
TEXT = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it in the winter. " * 4


@pytest.mark.parametrize("name", sorted(name for name in vars(ours) if name.startswith("ARCHIVE_")))
def test_every_setting_has_a_test_that_sets_it(name: str) -> None:
    file, _, test = SHOWN_BY[name].partition("::")
    source = (ROOT / file).read_text()
    assert f"def {test}(" in source
    assert f"{name}=" in source or f'"{name}"' in source


def test_no_test_is_named_for_a_setting_that_is_not() -> None:
    assert set(SHOWN_BY) == {name for name in vars(ours) if name.startswith("ARCHIVE_")}


def settings(**values: Any) -> Settings:
    """The project's, with some of them set."""
    made = Settings()
    made.setmodule("crawler.settings")
    made.update({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0} | values)
    return made


# -- a whole crawl


def page(body: str) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body.encode()


def links(*paths: str) -> bytes:
    return page(f"<h1>The wall is mended</h1><p>{TEXT}</p>" + "".join(f'<a href="{path}">x</a> ' for path in paths))


PAGES = {
    "/robots.txt": page("User-agent: *\nDisallow: /first\nDisallow: /second\nDisallow: /third\n").replace(b"text/html", b"text/plain"),
    "/": links("/first", "/third", "/d/1", "/q?n=1", "/q?n=2", "/q?n=3", f"/{'l' * 90}", "/s/1/2/3/4", "/again/again", "/chunked"),
    "/d/1": links("/d/2"),
    "/d/2": links("/d/3"),
    "/chunked": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (b"<h1>Sent piece by piece</h1>", f"<p>{TEXT}</p>".encode(), b"")),
}


@pytest.fixture
def site() -> Iterator[tuple[int, list[bytes]]]:
    """A port, and the requests that came there."""
    asked: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            with peer:
                request = b""
                while b"\r\n\r\n" not in request and (piece := peer.recv(65536)):
                    request += piece
                asked.append(request)
                answer = PAGES.get(request.split(b" ")[1].decode() if request else "", links())
                peer.sendall(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1], asked
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


@pytest.mark.slow
def test_a_whole_crawl(tmp_path: Path, site: tuple[int, list[bytes]]) -> None:
    port, asked = site
    values = {
        "ARCHIVE_DIR": tmp_path / "shelf", "ARCHIVE_COLLECTION": "walls", "ARCHIVE_OPERATOR": "Ada Quill, ada@quill.example", "ARCHIVE_RETRY_DELAY": 0,
        "ARCHIVE_CONTACT": "https://quill.example/bot", "ARCHIVE_CONNECT_TO": f"*:80=127.0.0.1:{port}", "ARCHIVE_WARC_PREFIX": "stone",
        "ARCHIVE_WARC_MAX_BYTES": 4000, "ARCHIVE_CHUNKED_PAYLOAD_DIGEST": "omit", "ARCHIVE_DIGEST": "sha256",
        "ARCHIVE_MAX_ROBOTS_RULES": 2, "ARCHIVE_MAX_DEPTH": 2,
        "ARCHIVE_MAX_URL_CHARACTERS": 80, "ARCHIVE_MAX_PATH_SEGMENTS": 4, "ARCHIVE_MAX_PATH_REPEATS": 1, "ARCHIVE_MAX_QUERIES_PER_PATH": 2,
        "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "DOWNLOAD_DELAY": 0,
    }  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    done = Scrapy(tmp_path / "of the environment")("crawl", "web", "-a", "seeds=http://quill.example/", *words)
    collection = tmp_path / "shelf" / "walls"
    check(collection, command="crawl", code=0, out=done.stdout)
    paths = Counter(request.split(b" ")[1].decode() for request in asked)
    assert set(paths) == {"/robots.txt", "/", "/third", "/d/1", "/d/2", "/q?n=1", "/q?n=2", "/chunked"}
    assert all(b"https://quill.example/bot" in request for request in asked)
    files = list((collection / "archive").iterdir())
    assert all(file.name.startswith("stone-") for file in files)
    assert len(files) > 1
    records = [record for file in files for record in by_warcio(file)]
    assert all(b"Ada Quill, ada@quill.example" in (record.block or b"") for record in records if record.type == "warcinfo")
    digested = {record.url: record.payload_digest is not None for record in records if record.type == "response"}
    assert digested["http://quill.example/d/1"]
    assert not digested["http://quill.example/chunked"]
    assert all(record.payload_digest.startswith("sha256:") for record in records if record.payload_digest)


# -- the disk


def test_the_disk(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="ARCHIVE_MIN_FREE_BYTES"):
        Collection.open(tmp_path / "a", options=writer_options(settings(ARCHIVE_MIN_FREE_BYTES=2**60)))
    with closing(Collection.open(tmp_path / "b", options=writer_options(settings(ARCHIVE_RESERVE_BYTES=70_000)))):
        assert (tmp_path / "b" / "reserve").stat().st_size == 70_000
    for wait, over in ((None, False), (0, True)):
        values = {} if wait is None else {"ARCHIVE_DISK_WAIT_SECONDS": wait}
        with closing(Collection.open(tmp_path / "c", options=writer_options(settings(**values)))) as collection:
            collection.disk.note_full()
            assert (collection.disk.out_of_patience() is not None) is over


# -- a run


@asynccontextmanager
async def opened(path: Path, site: Site = WEB, *, limits: CrawlArguments | None = None, **values: Any) -> AsyncIterator[Run]:
    run = opened_run(settings(**values), site=site, path=path, arguments=limits or CrawlArguments(), texts={})
    try:
        yield run
    finally:
        run.close()


def errand(n: int) -> FrontierRequest:
    return FrontierRequest(target=Target(key=f"k{n}", url=f"https://a.example/{n}", site="web", role="page", story=f"web/{n}"))


def capture(url: str, role: Role = "page", status: int = 200, **more: Any) -> Capture:
    values = {
        "record_id": "urn:uuid:1", "url": url, "host": "a.example", "date": NOW, "site": "web", "role": role, "key": "k", "warc": "w",
        "offset": 0, "length": 1, "status": status,
    }  # fmt: skip
    return made(Capture, values | more)


async def busy(tmp_path: Path, **values: Any) -> tuple[Run, FrontierRow]:
    """A run whose only errand met a server that asks for an hour and more, and what became of it."""
    async with opened(tmp_path, **values) as run:
        run.frontier.add([errand(1)])
        lease = run.dispatcher.lease()
        assert lease is not None
        headers = (("Retry-After", "4000"),) if "ARCHIVE_MAX_RETRY_AFTER" in values else ()
        run.completion.finish(await run.parsers.interpret(WEB, Received(lease, capture(lease.url, status=503), headers, b"")))
        row = run.frontier.row("k1")
        assert row is not None
        return run, row


async def test_a_run(tmp_path: Path) -> None:
    """How often it tries, how long it waits, how much it asks of one host, and when it comes again."""
    _, row = await busy(tmp_path / "usual")
    assert (row.state, _seconds(row) < 10) == ("queued", True)
    _, row = await busy(tmp_path / "once", ARCHIVE_ATTEMPTS=1)
    assert row.state == "failed"
    _, row = await busy(tmp_path / "slow", ARCHIVE_RETRY_DELAY=500)
    assert 400 < _seconds(row) < 600
    for most, least in ((3600, 3500), (100, 90)):
        _, row = await busy(tmp_path / f"asked-{most}", ARCHIVE_MAX_RETRY_AFTER=most)
        assert least < _seconds(row) < most + 100, "above the default and below it"
    for name, value, leased in (("ARCHIVE_LEASES_PER_HOST", 4, 3), ("ARCHIVE_LEASES_PER_HOST", 2, 2)):
        async with opened(tmp_path / f"leases-{value}", **{name: value}) as run:
            run.frontier.add(map(errand, range(3)))
            assert sum(run.dispatcher.lease() is not None for _ in range(3)) == leased


async def test_a_host_is_left_alone_as_told(tmp_path: Path) -> None:
    """Its delay is a multiple of its response time, doubled by each 429, within bounds."""
    for values, slow, storm in (({}, 15.0, 60.0), ({"ARCHIVE_DELAY_FACTOR": 2}, 6.0, 60.0), ({"ARCHIVE_MAX_DELAY": 20}, 15.0, 20.0)):
        async with opened(tmp_path / f"{slow}-{storm}", **values) as run:
            delays = run.dispatcher.pace.delays
            delays.answered("a.example", 3.0)
            assert delays.of("a.example") == slow
            for _ in range(6):
                delays.overloaded("a.example", "429")
            assert delays.of("a.example") == storm


def _seconds(row: FrontierRow) -> float:
    """How long a row waits."""
    return (datetime.fromisoformat(row.due) - datetime.now(UTC)).total_seconds()


async def _given_up(path: Path, **values: Any) -> bool:
    async with opened(path, **values) as run:
        run.frontier.add(map(errand, range(2)))
        lease = run.dispatcher.lease()
        assert lease is not None
        run.completion.finish(outcome(lease, None, reason="connect"))
        return run.dispatcher.lease() is None


async def test_a_run_gives_up_a_host_and_comes_again(tmp_path: Path) -> None:
    assert not await _given_up(tmp_path / "usual")
    assert await _given_up(tmp_path / "soon", ARCHIVE_HOST_FAILURES=1)
    presstv = spider_class("presstv").site
    for name, hours in (("24:3", 3), ("100000:7", 7)):
        async with opened(tmp_path / f"again-{hours}", presstv, ARCHIVE_RECHECK_HOURS=name) as run:
            url = f"https://www.presstv.co.uk/Detail/{NOW:%Y/%m/%d}/774416/x"
            run.frontier.add([FrontierRequest(target=Target(key="presstv/774416", url=url, site="presstv", role="story", story="presstv/774416"))])
            lease = run.dispatcher.lease()
            assert lease is not None
            held = capture(lease.url, "story", key=lease.key, site="presstv", story=lease.story, host="www.presstv.co.uk")
            run.completion.finish(outcome(lease, held))
            row = run.frontier.row(lease.key)
            assert row is not None
            assert abs(_seconds(row) - hours * 3600) < 600


async def test_rules_are_believed_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for less than what is waited for after a robots.txt that could not be had."""
    for age, later, asked in ((None, 3600, 1), (AGAIN_SECONDS / 6, AGAIN_SECONDS / 3, 2), (3600, 1800, 1), (3600, 4000, 2)):
        options = RobotsOptions.of(settings(**({} if age is None else {"ARCHIVE_ROBOTS_MAX_AGE": age})))
        rules = RobotsRules(SimpleNamespace(robots={}), options, fetch=None, slow_down=None)  # type: ignore[arg-type]
        calls: list[str] = []

        async def ask(origin: str, calls: list[str] = calls) -> Rules:
            calls.append(origin)
            return Rules()

        monkeypatch.setattr(rules, "_ask", ask)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await rules.rules_of("http://a.example/1")
        with monkeypatch.context() as patch:
            patch.setattr(loop, "time", lambda began=began, later=later: began + later + 1)
            task = rules.rules_of("http://a.example/2")
        await task
        assert len(calls) == asked


# -- reading


SITEMAP = "<urlset>" + "".join(f"<url><loc>http://a.example/{n}</loc></url>" for n in range(10)) + "</urlset>"
LARGE = f"<html><body><h1>A headline of some words</h1>{'<p>A sentence that says something about the day.</p>' * 9000}</body></html>"
BOMB = gzip.compress(f"<html><body><h1>The wall is mended</h1><p>{TEXT}</p>{' ' * 3_000_000}</body></html>".encode(), 9)
WALL = f"<html><body><h1>The wall is mended</h1><p>{TEXT}</p>" + "".join(f'<a href="/{n}">a link to story {n}</a>' for n in range(10))


async def read(aside: ParserPool, body: bytes, *, role: Role = "page", coded: bool = False) -> str:
    """What comes of reading, in a few words."""
    headers = (("Content-Type", "text/html"), *((("Content-Encoding", "gzip"),) if coded else ()))
    lease = LeasedRequest(target=Target(key="k", url="http://a.example/page", site="web", role=role))
    reading = await aside.interpret(WEB, Received(lease, capture(lease.url, role), headers, body))
    limited = f" {', '.join(reading.limited)}" if reading.limited else ""
    return f"{reading.read_state} {len(reading.links)} links{limited}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "body", "role", "usual", "then"),
    [
        ("ARCHIVE_MAX_LINKS", 3, WALL, "page", "read 10 links", "read 3 links links per page"),
        ("ARCHIVE_MAX_DECODED_BYTES", 600, gzip.compress(WALL.encode()), "page", "read 10 links", None),
        ("ARCHIVE_MAX_DECODED_RATIO", 100_000, BOMB, "page", None, "read 0 links"),
        ("ARCHIVE_MAX_HTML_BYTES", 300, WALL, "page", "read 10 links", None),
        ("ARCHIVE_MAX_SITEMAP_URLS", 3, SITEMAP, "sitemap", "read 10 links", None),
        ("ARCHIVE_PARSE_SECONDS", 0.01, LARGE, "page", "read 0 links", "unreadable 0 links reading"),
    ],
    ids=lambda value: value if str(value).startswith("ARCHIVE_") else "",
)
async def test_reading(name: str, value: object, body: str | bytes, role: Role, usual: str | None, then: str | None) -> None:
    said = []
    for values in ({}, {name: value}):
        with closing(parser_pool(settings(**values))) as aside:
            data = body if isinstance(body, bytes) else body.encode()
            said.append(await read(aside, data, role=role, coded=isinstance(body, bytes)))
    assert said[0] != said[1]
    assert usual in (None, said[0])
    assert then in (None, said[1])


@pytest.mark.slow
async def test_workers_are_as_many_and_asked_as_told() -> None:
    for values, started in (
        ({}, 0), ({"ARCHIVE_PARSE_ASIDE_BYTES": 100}, 3), ({"ARCHIVE_PARSE_ASIDE_BYTES": 100, "ARCHIVE_PARSE_WORKERS": 2}, 2)
    ):  # fmt: skip
        with closing(parser_pool(settings(**values))) as aside:
            async with asyncio.TaskGroup() as group:
                for host in range(3):
                    held = capture(f"http://{host}.example/", host=f"{host}.example")
                    lease = LeasedRequest(target=Target(key="k", url=held.url, site="web", role="page"))
                    group.create_task(aside.interpret(WEB, Received(lease, held, (("Content-Type", "text/html"),), (WALL * 20).encode()[:15_000])))
            assert aside.readers.workers.started == started


def test_a_replay_has_a_worker_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.crawl.config.cores", lambda: 12)
    for whole, workers in ((False, 3), (True, 12)):
        with closing(parser_pool(settings(), whole_machine=whole)) as pool:
            assert pool.readers.workers.limits.workers == workers


async def test_so_many_pages_and_bytes_may_wait() -> None:
    held = capture("http://a.example/", host="a.example")
    received = Received(LeasedRequest(target=Target(key="k", url=held.url, site="web", role="page")), held, (("Content-Type", "text/html"),), WALL.encode() * 40)
    for values, waits in (({}, [False] * 3), ({"ARCHIVE_PARSE_BACKLOG_PAGES": 2}, [False, False, True]), ({"ARCHIVE_PARSE_BACKLOG_BYTES": 10_000}, [False, True, True])):
        with closing(parser_pool(settings(ARCHIVE_PARSE_WORKERS=1, **values))) as pool:
            found, tasks = [], []
            for _ in range(3):
                found.append(pool.would_wait(received))
                tasks.append(asyncio.ensure_future(pool.interpret(WEB, received)))
                await asyncio.sleep(0)
        await asyncio.wait(tasks)
        assert found == waits


ZEROS = zlib.compress(b"")
"""Nothing, for which a worker is to set so much memory aside."""


async def test_a_worker_has_so_much_memory() -> None:
    with closing(parser_pool(settings())) as aside:
        assert await aside.call("a.example", 10**6, zlib.decompress, ZEROS, 15, 300 * 2**20) == b""
    with closing(parser_pool(settings(ARCHIVE_PARSE_MEMORY=200 * 2**20))) as aside, pytest.raises(Unreadable, match="memory"):
        await aside.call("a.example", 10**6, zlib.decompress, ZEROS, 15, 300 * 2**20)


# -- what is asked for next


def spider_class(name: str) -> type[FrontierSpider]:
    found = SiteSpiderLoader(settings()).load(name)
    assert issubclass(found, FrontierSpider)
    return found


async def asked_for(
    path: Path, body: str, *, role: Role, on: str, depth: int = 0, arguments: dict[str, str] | None = None, **values: Any
) -> set[str]:
    """The last part of each address that a list of Press TV leads to."""
    made = spider_class("presstv")
    arguments = arguments or {}
    async with opened(path, made.site, limits=made.parse_arguments(arguments), **values) as run:
        crawler = SimpleNamespace(settings=settings(**values), signals=SignalManager())
        spider = made.from_crawler(crawler, run=run, **arguments)  # type: ignore[arg-type]
        lease = LeasedRequest(
            target=Target(key="k", url=f"https://www.presstv.co.uk{on}", site="presstv", role=role, language="en", depth=depth, story=_story(role)),
        )
        held = capture(lease.url, role, site="presstv", host="www.presstv.co.uk", story=lease.story)
        reading = await run.parsers.interpret(made.site, Received(lease, held, (("Content-Type", "text/html"),), body.encode()))
        return {found.url.rpartition("/")[2] for found in spider.discovery.found(reading) if found is not None}


def _story(role: Role) -> str | None:
    return "presstv/774400" if role == "story" else None


OLD = NOW - timedelta(days=20)
INDEX = (
    "<sitemapindex>" + "".join(f"<sitemap><loc>https://www.presstv.co.uk/map{n}.xml</loc></sitemap>" for n in range(3)) + "</sitemapindex>"
)
URLSET = f"<urlset><url><loc>https://www.presstv.co.uk/Detail/{OLD:%Y/%m/%d}/774416/x</loc><lastmod>{OLD:%Y-%m-%d}</lastmod></url></urlset>"
FRONT = '<html><body><h1>Iran</h1><a href="/Section/101/2">2</a><a href="/Section/101/3">3</a></body></html>'
STORY = f'<html><head><title>PressTV-The wall</title></head><body><h1>The wall is mended</h1><p>{TEXT}</p><a href="/Detail/{NOW:%Y/%m/%d}/774417/y">y</a></body></html>'
PAGER = "".join(f'<a href="?page={n}">{n}</a>' for n in (2, 3))
PAGED = f"<html><head><title>PressTV-The wall</title></head><body><h1>The wall is mended</h1><p>{TEXT}</p><div class=pager>{PAGER}</div></body></html>"
MAPS = {"map0.xml", "map1.xml", "map2.xml"}


@pytest.mark.parametrize(
    ("name", "value", "body", "role", "on", "depth", "usual", "then"),
    [
        ("ARCHIVE_MAX_SITEMAPS", 2, INDEX, "sitemap", "/sitemap.xml", 0, MAPS, {"map0.xml", "map1.xml"}),
        ("ARCHIVE_MAX_SITEMAP_DEPTH", 7, INDEX, "sitemap", "/sitemap.xml", 5, set(), MAPS),
        ("ARCHIVE_RECENT_DAYS", 30, URLSET, "sitemap", "/sitemap.xml", 0, set(), {"x"}),
        ("ARCHIVE_MAX_SECTION_PAGES", 2, FRONT, "section", "/Section/101", 0, {"2", "3"}, {"2"}),
        ("ARCHIVE_MAX_ARTICLE_PAGES", 2, PAGED, "story", f"/Detail/{NOW:%Y/%m/%d}/774400/z", 0, {"z?page=2", "z?page=3"}, {"z?page=2"}),
        ("ARCHIVE_STORY_LINK_DEPTH", 0, STORY, "story", f"/Detail/{NOW:%Y/%m/%d}/774400/z", 0, {"y"}, set()),
    ],
    ids=lambda value: value if str(value).startswith("ARCHIVE_") else "",
)
async def test_what_is_asked_for_next(
    tmp_path: Path, name: str, value: object, body: str, role: Role, on: str, depth: int, usual: set[str], then: set[str]
) -> None:
    arguments = {"backfill": "sections"} if role == "section" else {}
    assert await asked_for(tmp_path / "a", body, role=role, on=on, depth=depth, arguments=arguments) == usual
    assert await asked_for(tmp_path / "b", body, role=role, on=on, depth=depth, arguments=arguments, **{name: value}) == then


def test_a_live_line_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    for wanted in (True, False):
        assert ProgressExtension(SimpleNamespace(settings=settings(ARCHIVE_PROGRESS=wanted)), None)._live is wanted  # type: ignore[arg-type]
