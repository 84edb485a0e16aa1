"""A process that does nothing but write captures, and says which are acknowledged: to be killed, starved, traced and measured."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.collection.collection import Collection, WriterOptions
from crawler.frontier.store import SqliteFrontier
from crawler.items import Exchange, FrontierRequest, LeasedRequest, Lookup, Media, SpooledBytes, Target

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def exchange(n: int, size: int) -> Exchange:
    """One exchange with a body that does not deflate well; every seventh repeats an earlier one."""
    body = random.Random(n - n % 7).randbytes(size // 2) + b"<p>words and words</p>" * (size // 44)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return Exchange(
        url=f"https://a.example/{n}", method="GET", started=START + timedelta(seconds=n), ended=START + timedelta(seconds=n + 1),
        request=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", response=SpooledBytes(head + body), payload=SpooledBytes(body), head_length=len(head),
        status=200, headers=(("Content-Type", "text/html"),), ip="127.0.0.1",
    )  # fmt: skip


def lease(n: int) -> LeasedRequest:
    """Its errand."""
    return LeasedRequest(target=Target(key=f"k{n}", url=f"https://a.example/{n}", site="demo", role="page"))


async def write(path: Path, count: int, max_bytes: int, size: int, at_once: int) -> list[float]:
    """Write captures with their frontier rows; how long each took to be acknowledged."""
    collection = Collection.open(path, options=WriterOptions(max_bytes=max_bytes))
    frontier = SqliteFrontier(path / "index.db", submit=collection.change, run_id=None, clock=lambda: datetime.now(UTC))
    numbers, seconds = iter(range(count)), []

    async def one() -> None:
        for n in numbers:
            key = f"demo/{os.getpid()}-{n}"
            frontier.add([FrontierRequest(target=Target(key=key, url=f"https://a.example/{n}", site="demo", role="page"))])
            row = frontier.row(key)
            assert row is not None
            row = frontier.lease(row, "a.example")
            lease = LeasedRequest(target=Target(key=key, url=row.url, site="demo", role="page"), record_id=row.record_id)
            if n % 5 == 0:
                collection.resolved([Lookup(host="a.example", date=START + timedelta(seconds=n), addresses=("192.0.2.1",))])
            began = time.monotonic()
            # Small ones repeat each other, as pages do; those that are measured do not.
            capture = await collection.record(exchange(n if size < 10_000 else 7 * n, size), lease)
            seconds.append(time.monotonic() - began)
            os.write(1, f"{capture.record_id}\n".encode())
            await collection.file(Media(lease=lease, capture=capture))
            frontier.settle(key, "done")

    try:
        await asyncio.gather(*(one() for _ in range(at_once)))
    finally:
        frontier.close()
        collection.close()
    return seconds


if __name__ == "__main__":
    where, how_many, most, *rest = sys.argv[1:]
    size, at_once = (int(rest[0]), int(rest[1])) if rest else (3000, 6)
    began = time.monotonic()
    took = sorted(asyncio.run(write(Path(where), int(how_many), int(most), size, at_once)))
    rate = len(took) / (time.monotonic() - began)
    print(f"{rate:.0f}/s p50 {took[len(took) // 2] * 1000:.0f} ms p99 {took[len(took) * 99 // 100] * 1000:.0f} ms", file=sys.stderr)
