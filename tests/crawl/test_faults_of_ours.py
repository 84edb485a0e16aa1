"""A fault in our own parser: its own reason, its traceback once in the log, wherever the page was read; no errand is left without an end."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree
from outcomes import read, reason_of
from stands import ROOT
from targets import with_target

from crawler.errors import Unreadable
from crawler.items import Capture, LeasedRequest, Media, Outcome, Role, Target, Unusable
from crawler.processing.parse_again import Readers
from crawler.processing.parser_pool import ParserPool
from crawler.processing.received import Received
from crawler.sites.known import WEB, sites_known
from crawler.workers.pool import JobLimits, Workers

SITE = """
from crawler.items import Mirror
from crawler.parsers.document.selectors import NOTHING, reader
from crawler.parsers.template import Template
from crawler.sites.site import Site, Section

def planted(page):
    if "sound" not in page.text[:200]:
        raise KeyError("planted")
    return True

SITE = Site(
    name="faulty", title="Faulty", language="en", mirrors=(Mirror("faulty.example", scheme="http"),), stories=(r"^/(?P<id>\\d+)$",),
    seeds=(Section("/"),), templates=(Template(name="t", mark=reader("planted", planted), headline=NOTHING, blocks=NOTHING),),
)
"""
LARGE = b"<html><body><h1>A headline of some words</h1>" + b"<p>A sentence that says something about the day.</p>" * 900 + b"</body></html>"
SMALL = LARGE[:1000]
HTML = (("Content-Type", "text/html"),)


def lease(role: Role = "story") -> LeasedRequest:
    return LeasedRequest(target=Target(key="faulty/1", url="http://faulty.example/1", site="faulty", role=role, story="faulty/1"))


def capture(role: Role = "story", mime: str = "text/html") -> Capture:
    return Capture(
        target=Target(url="http://faulty.example/1", site="faulty", role=role, key="faulty/1", story="faulty/1"), record_id="urn:uuid:1",
        host="faulty.example", date=datetime(2026, 11, 24, tzinfo=UTC), status=200, mime=mime, warc="w", offset=0, length=1,
    )  # fmt: skip


def fault_of(outcome: Outcome) -> str | None:
    return outcome.fault if isinstance(outcome, Unusable) else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "faulty.py").write_text(SITE)
    return tmp_path / "sites"


@pytest.fixture
def aside(folder: Path) -> Iterator[ParserPool]:
    with Workers(JobLimits(workers=1, seconds=20)) as workers:
        yield ParserPool(readers=Readers(workers=workers, folders=(str(folder),)))


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["in a thread", "in a worker"])
async def test_the_traceback_is_logged_once_wherever_the_page_was_read(
    aside: ParserPool, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    site = sites_known(aside.readers.folders)["faulty"]
    reading = await aside.interpret(site, Received(lease(), capture(), HTML, body))
    assert (reason_of(reading), reading.read_state, reading.answer) == ("parser-fault", "unreadable", True)
    assert "KeyError: 'planted'" in reading.detail
    assert "faulty.py" in (fault_of(reading) or "")
    (event,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert "parser-fault url=http://faulty.example/1" in event.message
    assert "Traceback" in event.message
    assert "in planted" in event.message
    assert aside.readers.workers.started == (body is LARGE)


@pytest.mark.parametrize(
    ("role", "fails"),
    [("robots", "crawler.processing.interpret.classify"), ("feed", "crawler.processing.interpret_lists.read_feed"), ("sitemap", "crawler.processing.interpret_lists.read_sitemap"),
     ("requisite", "crawler.processing.interpret.imprint_of"), ("section", "crawler.processing.interpret.page_links"), ("page", "crawler.processing.interpret.parse")],
)  # fmt: skip
def test_whatever_is_read_has_the_same_reason(monkeypatch: pytest.MonkeyPatch, role: Role, fails: str) -> None:
    def planted(*arguments: Any, **more: Any) -> Any:
        raise IndexError("planted")

    monkeypatch.setattr(fails, planted)
    mime, body = {
        "requisite": ("image/jpeg", b"\xff\xd8\xff"), "feed": ("text/xml", b"<rss><channel/></rss>"), "robots": ("text/plain", b"User-agent: *"),
        "sitemap": ("text/xml", b"<urlset/>"),
    }.get(role, ("text/html", LARGE))  # fmt: skip
    reading = read(WEB, with_target(lease(role), story=None), with_target(capture(role, mime), story=None), (("Content-Type", mime),), body)
    assert reason_of(reading) == "parser-fault"
    assert "planted" in (fault_of(reading) or "")


def wrapped(error: Exception) -> Exception:
    outer = ValueError("in a library")
    outer.__cause__ = error
    return outer


@pytest.mark.parametrize(
    ("error", "reason"),
    [(MemoryError(), "malformed"), (wrapped(MemoryError()), "malformed"), (etree.XPathEvalError("unknown error"), "malformed"),
     (etree.XMLSyntaxError("Memory allocation failed", 1, 0, 0), "malformed"), (etree.ParserError("Memory allocation failed : building"), "malformed"),
     (RecursionError("maximum recursion depth exceeded"), "malformed"), (etree.XPathEvalError("Invalid expression"), "parser-fault"),
     (ValueError("unknown error"), "parser-fault")],
)  # fmt: skip
def test_a_page_that_uses_up_memory_or_depth_is_no_fault_of_the_parser(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(*arguments: Any, **more: Any) -> Any:
        raise error

    monkeypatch.setattr("crawler.processing.interpret.classify", fail)
    reading = read(WEB, lease(), capture(), HTML, LARGE)
    assert (reason_of(reading), reading.read_state) == (reason, "unreadable")
    assert reading.limited == (("reading",) if reason == "malformed" else ())
    assert ("given up" in reading.detail) == (reason == "malformed")


def test_memory_that_ends_deeper_down_is_told_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **more: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("crawler.parsers.generic.generic.hydrated", fail)
    reading = read(WEB, with_target(lease("page"), story=None), with_target(capture("page"), story=None), HTML, LARGE)
    assert (reading.detail, reading.limited) == ("reading took too much time or memory and was given up", ("reading",))


def unknown_there() -> None:
    """A function of a module that a worker cannot import."""


def test_a_worker_sends_its_traceback_and_what_cannot_be_sent_is_a_fault() -> None:
    with Workers(JobLimits(workers=1, seconds=20)) as workers:
        with pytest.raises(ZeroDivisionError) as raised:
            workers.call(divmod, 1, 0)
        assert "Traceback" in str(raised.value.__cause__)
        first = workers.call(os.getpid)
        with pytest.raises(RuntimeError, match="cannot be sent"):
            workers.call(threading.Lock)
        with pytest.raises(RuntimeError, match="cannot be taken"):
            workers.call(unknown_there)
        assert workers.call(os.getpid) == first
        assert workers.call(pow, 2, 3) == 8


def test_nobody_waits_for_workers_that_have_ended() -> None:
    workers = Workers(JobLimits(workers=1))
    workers.close()
    with pytest.raises(Unreadable, match="over"):
        workers.call(pow, 2, 3)
    assert workers.started == 0


PLANTED = """
import asyncio, sys
{planted}
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""
FAULTS = {
    "a callback": "from crawler.discovery.site_discovery import SiteDiscovery\ndef planted(self, outcome): raise KeyError('planted')\nSiteDiscovery.found = planted",
    "a pipeline": "from crawler.crawl.completion import Completion\nfrom crawler.items import Unusable\nbefore = Completion.finish\ndef planted(self, outcome, filed=None):\n"
    "    if not isinstance(outcome, Unusable) and outcome.lease.role != 'robots': raise KeyError('planted')\n    before(self, outcome, filed)\nCompletion.finish = planted",
    "the queue": "from crawler.crawl.dispatcher import Dispatcher\ndef planted(self): raise KeyError('planted')\nDispatcher.lease = planted",
    "robots.txt": "import crawler.middlewares.robots_rules as r\ndef planted(*a): raise KeyError('planted')\nr.read_robots = planted",
}


@pytest.mark.slow
@pytest.mark.parametrize("where", FAULTS)
def test_a_crawl_with_a_fault_in_it_comes_to_an_end_and_says_so(tmp_path: Path, folder: Path, where: str) -> None:
    from crawler.demo import start

    with start() as paper:
        settings = {"ARCHIVE_CONNECT_TO": paper.connect_to, "ARCHIVE_SITES": ROOT / "crawler" / "demo" / "sites", "DOWNLOAD_DELAY": 0,
                    "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.1}  # fmt: skip
        words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        done = subprocess.run(
            [sys.executable, "-c", PLANTED.format(planted=FAULTS[where]), "crawl", "courier", "-a", "max_stories=1", *words], cwd=ROOT,
            env=os.environ | {"ARCHIVE_DIR": str(tmp_path / "archives"), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=90,
            check=False,
        )  # fmt: skip
    assert done.returncode == 10, done.stdout[-2000:] + done.stderr[-3000:]
    assert "INCOMPLETE" in done.stdout
    assert "queue-fault" in done.stdout if where == "the queue" else "parser" in done.stdout
    assert "planted" in done.stderr


async def test_what_is_settled_already_is_left_alone() -> None:
    from crawler.extensions.unsettled import UnsettledExtension

    run: Any = SimpleNamespace(frontier=SimpleNamespace(leased={}.get))
    extension = UnsettledExtension(run)
    extension.item_failed(Media(lease=lease(), capture=capture()), SimpleNamespace(value=KeyError("x")))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    assert not extension._tasks
