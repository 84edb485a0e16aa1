"""A crawl of many hosts against one of as many pages of one host: pages a second, processor a page, and how long hosts wait.

    python -m benchmarks.many_hosts --hosts 300 --pages 900
    python -m benchmarks.many_hosts --hosts 300 --pages 900 --delay 5 --at-once 16

Without a delay both are as fast as the processor is; their ratio is what counts. With one, the longest wait of a host that had pages to be
asked for is told in delays. A server in this process answers for every host name.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from attrs import define, field

ROOT = Path(__file__).parents[1]
SENTENCE = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it. "
TEXT = "".join(f"<p>{SENTENCE * 5}</p>" for _ in range(20))


@define
class Server:
    """Pages of any host: the front page links to all others, each of these to ten."""

    each: int
    """Pages of a host."""
    times: dict[str, list[float]] = field(factory=dict)
    """When pages were asked for, by host."""
    port: int = 0

    def start(self) -> None:
        """Listen on loopback."""
        listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(listening.getsockname()[1])

        def accept() -> None:
            while True:
                threading.Thread(target=self._answer, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        data = b""
        with peer:
            while piece := peer.recv(65536):
                data += piece
                while b"\r\n\r\n" in data:
                    head, _, data = data.partition(b"\r\n\r\n")
                    host, path = head.partition(b"Host: ")[2].partition(b"\r\n")[0].decode(), head.split(b" ")[1].decode()
                    peer.sendall(self.page(host, path))

    def page(self, host: str, path: str) -> bytes:
        """Answer one request."""
        number = path.removeprefix("/")
        if number and not number.isdigit():
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        self.times.setdefault(host, []).append(time.monotonic())
        links = range(1, self.each) if not number else ((int(number) * 7 + n) % self.each for n in range(10))
        menu = "".join(f'<li><a href="/{n or ""}">Page {n} of {host}</a>' for n in links)
        title = f"Page {number or 'one'} of {host}"
        body = f"<html><head><title>{title}</title></head><body><ul>{menu}</ul><h1>{title}</h1>{TEXT}</body></html>".encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@define(kw_only=True)
class Figures:
    """What one crawl cost."""

    hosts: int
    pages: int
    cpu: float
    seconds: float
    longest: float
    """Seconds that a host with pages to be asked for waited, at most."""

    def line(self, delay: float) -> str:
        """Print them."""
        waits = f", longest wait {self.longest:.2f} s" + (f" = {self.longest / delay:.1f} delays" if delay else "")
        speed = f"{self.pages / self.seconds:7.1f} pages/s, {self.cpu / self.pages * 1000:6.2f} ms CPU a page"
        return f"{self.hosts:5} hosts, {self.pages:6} pages: {speed}{waits}"


def crawl(hosts: int, pages: int, *, delay: float, at_once: int, read: str) -> Figures:
    """Crawl so many pages of so many hosts."""
    server = Server(max(1, pages // hosts))
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        each = 1 if delay else max(1, at_once // hosts)  # connections to a host
        seeds = ",".join(f"http://h{n}.example/" for n in range(hosts))
        values = {
            "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{server.port}", "DOWNLOAD_DELAY": delay, "CONCURRENT_REQUESTS": at_once,
            "CONCURRENT_REQUESTS_PER_DOMAIN": each, "ARCHIVE_LEASES_PER_HOST": max(4, each),
            "ROBOTSTXT_OBEY": False, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
        environment = os.environ | {"ARCHIVE_DIR": folder, "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", "scrapy", "crawl", "web", "-a", f"seeds={seeds}", "-a", f"read={read}", "-a", "requisites=none"]
        subprocess.run([*command, *words], env=environment, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    gaps = [later - sooner for times in server.times.values() for sooner, later in itertools.pairwise(times)]
    return Figures(
        hosts=hosts, pages=sum(map(len, server.times.values())), seconds=ended - began, longest=max(gaps, default=0.0),
        cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )  # fmt: skip


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--pages", type=int, default=900)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--read", default="later")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    for _ in range(given.rounds):
        for hosts in (given.hosts,) if given.delay else (1, given.hosts):
            print(crawl(hosts, given.pages, delay=given.delay, at_once=given.at_once, read=given.read).line(given.delay), flush=True)


if __name__ == "__main__":
    main()
