"""Readings in a worker process: the same as here, within a time and a memory, and no harm where it dies."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve
from outcomes import article_of, read

from crawler.items import Capture, Headers, LeasedRequest, Target, Unusable
from crawler.processing.parse_again import Readers
from crawler.processing.parser_pool import ParserPool
from crawler.processing.received import Received
from crawler.sites.known import WEB
from crawler.workers.pool import JobLimits, Workers

WHEN = datetime(2026, 11, 24, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)
LEASE = LeasedRequest(target=Target(key="k", url="https://a.example/x", site="web", role="page", story="web/x"))
LARGE = (
    b"<html><body><h1>A headline of some words</h1>" + b"<p>A sentence that says something about the day.</p>" * 9000 + b"</body></html>"
)


def capture() -> Capture:
    return Capture(
        target=Target(url=LEASE.url, site="web", role="page", key="k", story="web/x"), record_id="urn:uuid:1", host="a.example",
        date=WHEN, status=200, mime="text/html", payload_digest=None, block_digest=None, warc="w", offset=0, length=1, method="GET",
        ip=None, protocol="http/1.1", elapsed_ms=1,
    )  # fmt: skip


def made(**options: Any) -> ParserPool:
    return ParserPool(readers=Readers(workers=Workers(JobLimits(workers=1, **options))))


@pytest.fixture
async def aside() -> AsyncIterator[ParserPool]:
    aside = made(seconds=20)
    yield aside
    aside.close()


@pytest.mark.slow
async def test_a_worker_reads_as_we_do(aside: ParserPool) -> None:
    reading = await aside.interpret(WEB, Received(LEASE, capture(), HTML, LARGE))
    assert article_of(reading) is not None
    assert reading == read(WEB, LEASE, capture(), HTML, LARGE)
    assert aside.readers.workers.started == 1


async def test_small_pages_need_no_worker(aside: ParserPool) -> None:
    reading = await aside.interpret(WEB, Received(LEASE, capture(), HTML, LARGE[:2000]))
    assert article_of(reading) is not None
    assert await aside.call("a.example", 10, len, "ab") == 2
    assert aside.readers.workers.started == 0


async def test_threads_that_wait_for_small_pages_need_no_further_thread(aside: ParserPool) -> None:
    """As many lists that have not changed as the loop has threads, all at once: each is read again in its own thread."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    pool, received = aside.for_threads(), Received(LEASE, capture(), HTML, LARGE[:2000])
    waiting = [asyncio.to_thread(pool.interpret, WEB, received) for _ in range(8)]
    readings = await asyncio.wait_for(asyncio.gather(*waiting), 20)
    assert {reading == read(WEB, LEASE, capture(), HTML, LARGE[:2000]) for reading in readings} == {True}


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"seconds": 0.01}, {"seconds": 20, "memory": 200 * 2**20}], ids=["time", "memory"])
async def test_what_takes_too_much_costs_one_reading(options: dict[str, Any]) -> None:
    aside = made(**options)
    try:
        reading = await aside.interpret(WEB, Received(LEASE, capture(), HTML, b"<p>" + b"<b>x</b>" * 2_000_000))
        assert isinstance(reading, Unusable)
        assert (reading.read_state, reading.reason, reading.fault) == ("unreadable", "malformed", None)
        assert "memory" in options or ("given up" in reading.detail and reading.limited == ("reading",))
        assert await aside.call("a.example", 20_000, pow, 2, 3) == 8
    finally:
        aside.close()


async def test_one_host_never_has_all_workers() -> None:
    aside = ParserPool(readers=Readers(workers=Workers(JobLimits(workers=2, seconds=20))))
    try:
        await aside.call("good.example", 20_000, pow, 2, 3)
        slow = [asyncio.ensure_future(aside.call("bad.example", 20_000, time.sleep, 1)) for _ in range(4)]
        await asyncio.sleep(0.1)
        assert await aside.call("good.example", 20_000, pow, 2, 3) == 8
        assert not any(job.done() for job in slow)
        await asyncio.gather(*slow)
    finally:
        aside.close()


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_capture_comes_to_a_worker_as_it_was(protocol: int) -> None:
    lease = LeasedRequest(target=LEASE.target, attempt=3, etag='"x"')
    other = evolve(capture(), target=evolve(LEASE.target, url="https://a.example/other"), refers_to_date=WHEN, tls="{}")
    east = evolve(capture(), date=WHEN.astimezone(timezone(timedelta(hours=3))))
    for held in (capture(), other, east):
        for whole in (None, 10**9):
            sent = Received(lease, held, Headers([("Vary", "x"), ("vary", "y")]), b"bytes" * 1000, whole)
            made = pickle.loads(pickle.dumps(sent, protocol))
            assert made == sent
            assert made.capture.date.utcoffset() == held.date.utcoffset()
            assert (type(made.headers), type(made.payload), made.headers.all("vary")) == (Headers, bytes, ["x", "y"])
    aside = list[pickle.PickleBuffer]()
    head = pickle.dumps(sent, 5, buffer_callback=aside.append)
    assert len(head) < 1000, "the payload is not copied"
    assert pickle.loads(head, buffers=[one.raw().tobytes() for one in aside]) == sent
