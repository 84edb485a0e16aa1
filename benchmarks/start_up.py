"""What the start of a command costs over a large collection, beside a bare Scrapy crawl.

    python -m benchmarks.start_up --captures 100000 --warcs 1000 --rounds 5

Makes a collection of as many captures, requests and sealed WARC files (their records are none: nothing should read them), and prints
in medians the seconds on the clock and of the processor from exec to the first request on the wire, of bare Scrapy and of ours, and of
the whole commands.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from crawler.collection.collection import Collection
from crawler.frontier.rows import COLUMNS, FrontierRow, values_of
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Capture, Target

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\n<p>nothing</p>\n"
BARE = """
import scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name, start_urls = "bare", [{url!r}]
    def parse(self, response): pass
process = CrawlerProcess({{"LOG_LEVEL": "WARNING", "ROBOTSTXT_OBEY": False}})
process.crawl(Bare)
process.start()
"""


def captures(count: int, warcs: int, began: datetime) -> Iterator[Capture]:
    """Make captures of pages of a host, a second apart, spread over the files."""
    each = -(-count // warcs)
    for n in range(count):
        url = f"http://h.example/story/{n:07}/a-headline-of-some-length"
        yield Capture(
            target=Target(key=url, url=url, site="web", role="page", found_on="http://h.example/", depth=2),
            record_id=f"urn:uuid:00000000-0000-4000-8000-{n:012}", host="h.example", date=began + timedelta(seconds=n), status=200,
            mime="text/html", warc=name_of(n // each), offset=n % each * 20_000, length=20_000, payload_digest=f"sha1:{n:032}",
            ip="192.0.2.1", etag=f'"{n}"',
        )  # fmt: skip


def name_of(number: int) -> str:
    """Name a WARC file."""
    return f"web-20260101000000000-{number + 1:05}-host.warc.gz"


def make_collection(path: Path, count: int, warcs: int) -> None:
    """Make a collection with rows for captures, requests and sealed files."""
    Collection.open(path).close()
    began = datetime(2026, 1, 1, tzinfo=UTC)
    insert = f"INSERT INTO frontier ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
    with Index.open(path / "index.db") as index, index.atomic():
        for capture in captures(count, warcs, began):
            index.add_capture(capture)
            index.set_read_state(capture.record_id, "read")
            when, later = iso(capture.date), iso(capture.date + timedelta(days=3650))
            row = FrontierRow(
                target=capture.target, priority=40, state="done", due=later, added=when, changed=when, record_id=capture.record_id
            )  # fmt: skip
            index.conn.execute(insert, values_of(row))
        for number in range(warcs):
            file = path / "archive" / name_of(number)
            file.touch()
            index.add_warc(file.name, f"archive/{file.name}", bytes=0, sealed=began, sha256="0" * 64)


class Watch:
    """A server on loopback that notes the moment of the first request, and the processor time of the process that made it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.process = 0
        self.first: Moment | None = None
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                connection.recv(4096)
                self.first = self.first or Moment(time.monotonic(), processor_seconds(self.process))
                connection.sendall(HEAD)


class Moment(NamedTuple):
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float


def processor_seconds(process: int) -> float:
    """Seconds that a running process has had the processor."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(command: list[str], folder: Path, watch: Watch) -> tuple[Moment, Moment]:
    """Time until the first request, and in all; the first is that in all if none came."""
    environment = {**os.environ, "ARCHIVE_DIR": str(folder), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    watch.first, began = None, time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watch.process = process.pid
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    whole = Moment(time.monotonic() - began, usage.ru_utime + usage.ru_stime)
    first = Moment(watch.first.clock - began, watch.first.processor) if watch.first else whole
    return first, whole


def measured(folder: Path, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Yield the name of each command and medians of its times, taken in turns."""
    watch = Watch()
    scrapy = [sys.executable, "-m", "scrapy"]
    crawl = [
        *scrapy, "crawl", "web", "-a", "read=later", "-s", f"ARCHIVE_ALLOW_ADDRESSES=127.0.0.1:{watch.port}", "-s", "ROBOTSTXT_OBEY=False",
        "-s", "ARCHIVE_MIN_FREE_BYTES=0", "-L", "WARNING", "-a",
    ]  # fmt: skip
    url = f"http://127.0.0.1:{watch.port}/"
    commands = {
        "bare Scrapy": [sys.executable, "-c", BARE.format(url=url)], "crawl web": [*crawl, f"seeds={url}"], "list": [*scrapy, "list"],
        "search": [*scrapy, "search", "harbour"], "stats": [*scrapy, "stats"],
    }  # fmt: skip
    taken: dict[str, list[tuple[Moment, Moment]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(timed(command, folder, watch))
    for name, times in taken.items():
        yield name, [statistics.median(column) for column in zip(*((*first, *whole) for first, whole in times), strict=True)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=100_000)
    parser.add_argument("--warcs", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the collection here, or take the one that is there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        if not (folder / "web").exists():
            folder.mkdir(exist_ok=True)
            make_collection(folder / "web", chosen.captures, chosen.warcs)
        print(f"{'command':<14}{'first request s':>16}{'CPU s':>8}{'whole s':>10}{'CPU s':>8}")
        for name, (first, used, whole, used_in_all) in measured(folder, chosen.rounds):
            print(f"{name:<14}{first:>16.2f}{used:>8.2f}{whole:>10.2f}{used_in_all:>8.2f}")


if __name__ == "__main__":
    main()
