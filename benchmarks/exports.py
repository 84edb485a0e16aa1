"""Measure `scrapy export`: megabytes of WARC a second, processor time and peak memory, by format.

python -m benchmarks.exports [COLLECTION] [--make MEGABYTES] [--formats wacz,warc,...] [--story ID]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import frozen

from crawler.collection.collection import Collection
from crawler.items import Exchange, LeasedRequest, SpooledBytes, Target

FORMATS = ("wacz", "warc", "cdxj", "jsonl", "csv", "parquet", "bag", "csl-json")
BODY_BYTES = 64 * 1024
_AT_ONCE = 32
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"
_START = datetime(2026, 1, 1, tzinfo=UTC)


@frozen(kw_only=True)
class Figures:
    """Figures of one export."""

    format: str
    exit_code: int
    wall: float
    cpu: float
    rss: int
    """Highest resident memory, in bytes."""
    written: int


def make(path: Path, megabytes: int) -> None:
    """Make a collection of bodies that do not compress; each tenth repeats an earlier one."""
    source = random.Random(7)
    collection = Collection.open(path)

    async def fill() -> None:
        count = megabytes * 1_000_000 // BODY_BYTES
        for begin in range(0, count, _AT_ONCE):
            await asyncio.gather(*(collection.record(*_exchange(n, source)) for n in range(begin, min(begin + _AT_ONCE, count))))

    asyncio.run(fill())
    collection.close()


def _exchange(n: int, source: random.Random) -> tuple[Exchange, LeasedRequest]:
    body = random.Random(n // 10).randbytes(BODY_BYTES) if n % 10 in (0, 1) else source.randbytes(BODY_BYTES)
    url, story = f"https://a.example/{n}", f"bench/{n % 1000}"
    target = Target(key=f"k{n}", url=url, site="bench", role="requisite", story=story)
    exchange = Exchange(
        url=url, method="GET", started=_START + timedelta(seconds=n), ended=_START + timedelta(seconds=n, milliseconds=9),
        request=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", response=SpooledBytes(_HEAD + body), payload=SpooledBytes(body),
        head_length=len(_HEAD), status=200, headers=(("Content-Type", "image/jpeg"),), ip="192.0.2.1",
    )  # fmt: skip
    return exchange, LeasedRequest(target=target)


def measure(collection: Path, form: str, folder: Path, more: list[str]) -> Figures:
    """Run one export as a process of its own."""
    place = folder / f"out.{form}"
    command = [sys.executable, "-m", "scrapy", "export", str(collection), f"--{form}", str(place), "--force", *more]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    files = place.rglob("*") if place.is_dir() else [place]
    return Figures(
        format=form, exit_code=process.returncode, wall=time.monotonic() - began, cpu=used.ru_utime + used.ru_stime,
        rss=used.ru_maxrss * 1024, written=sum(file.stat().st_size for file in files if file.is_file()),
    )  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Print a line a format; exit code 1 if an export failed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__.split("\n")[0])
    options.add_argument("collection", nargs="?", type=Path, help="default: one that is made")
    options.add_argument("--make", type=int, default=1000, metavar="MEGABYTES", help="size of the one that is made (default: 1000)")
    options.add_argument("--formats", default=",".join(FORMATS), help="names with commas between them")
    options.add_argument("--story", help="export this story only")
    given = options.parse_args(words)
    codes = []
    with tempfile.TemporaryDirectory() as scratch:
        collection = given.collection or Path(scratch) / "made"
        if given.collection is None:
            make(collection, given.make)
        size = sum(file.stat().st_size for file in (collection / "archive").iterdir())
        print(f"{collection.name}: {size / 1e6:,.0f} MB of WARC")
        for form in given.formats.split(","):
            one = measure(collection, form, Path(scratch), ["--story", given.story] if given.story else [])
            codes.append(one.exit_code)
            rate = f"{size / 1e6 / max(one.wall, 0.001):7,.0f} MB/s"
            told = f"{one.wall:6.1f} s {one.cpu:6.1f} CPU s {one.rss / 1e6:6.0f} MB of memory {one.written / 1e6:9,.1f} MB written"
            print(f"  {one.format:<9}{told} {rate}  exit {one.exit_code}", flush=True)
    return int(any(code not in (0, 10) for code in codes))


if __name__ == "__main__":
    sys.exit(main())
