"""Readings in a worker process: the same as here, within a time and a memory, and no harm where it dies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from crawler.aside import Aside, Effort
from crawler.items import Capture, Lease
from crawler.reading import read
from crawler.rebuild import WEB

WHEN = datetime(2026, 11, 24, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)
LEASE = Lease(key="k", url="https://a.example/x", site="web", role="page", story="web/x")
LARGE = (
    b"<html><body><h1>A headline of some words</h1>" + b"<p>A sentence that says something about the day.</p>" * 9000 + b"</body></html>"
)


def capture() -> Capture:
    return Capture(
        record_id="urn:uuid:1", url=LEASE.url, host="a.example", date=WHEN, status=200, mime="text/html", payload_digest=None, block_digest=None,
        warc="w", offset=0, length=1, site="web", role="page", key="k", story_id="web/x", method="GET", ip=None, protocol="http/1.1", elapsed_ms=1,
    )  # fmt: skip


@pytest.fixture
async def aside() -> AsyncIterator[Aside]:
    made = Aside(Effort(workers=1, seconds=20))
    yield made
    made.close()


async def test_a_worker_reads_as_we_do(aside: Aside) -> None:
    reading = await aside.read(WEB, LEASE, capture(), HTML, LARGE)
    assert reading.article is not None
    assert reading == read(WEB, LEASE, capture(), HTML, LARGE)
    assert len(aside._all) == 1


async def test_small_pages_need_no_worker(aside: Aside) -> None:
    reading = await aside.read(WEB, LEASE, capture(), HTML, LARGE[:2000])
    assert reading.article is not None
    assert aside._all == []


async def test_what_takes_too_long_costs_one_reading() -> None:
    aside = Aside(Effort(workers=1, seconds=0.05))
    try:
        reading = await aside.read(WEB, LEASE, capture(), HTML, LARGE * 20)
        assert reading.read_state == "unreadable"
        assert "given up" in reading.detail
        assert reading.limited == ("reading",)
        object.__setattr__(aside.effort, "seconds", 20.0)
        assert (await aside.read(WEB, LEASE, capture(), HTML, LARGE)).article is not None
    finally:
        aside.close()


async def test_what_takes_too_much_memory_costs_one_reading() -> None:
    aside = Aside(Effort(workers=1, seconds=20, memory=200 * 2**20))
    try:
        reading = await aside.read(WEB, LEASE, capture(), HTML, b"<p>" + b"<b>x</b>" * 2_000_000)
        assert reading.read_state == "unreadable"
        assert (await aside.read(WEB, LEASE, capture(), HTML, LARGE)).article is not None
    finally:
        aside.close()


async def test_a_killed_worker_is_replaced(aside: Aside) -> None:
    await aside.read(WEB, LEASE, capture(), HTML, LARGE)
    process = aside._all[0]._process
    assert process is not None
    process.kill()
    process.wait()
    assert (await aside.read(WEB, LEASE, capture(), HTML, LARGE)).article is not None
