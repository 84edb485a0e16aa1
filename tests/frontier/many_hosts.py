"""What many hosts cost: the first row of a queue of so many hosts, and a crawl of one page of each against as many pages of one.

    python tests/frontier/many_hosts.py queue 10 300 3000
    python tests/frontier/many_hosts.py crawl 400

Not a test: it prints numbers, for docs/evidence.md. Ratios hold on a busy machine; seconds do not.
"""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from crawler.frontier.changes import save  # noqa: E402
from crawler.frontier.rows import FrontierRow  # noqa: E402
from crawler.frontier.store import SqliteFrontier  # noqa: E402
from crawler.index.index import Index  # noqa: E402
from crawler.index.rows import iso  # noqa: E402
from crawler.items import Target  # noqa: E402

TEXT = "<p>" + "The harbour wall was mended on Monday, after a storm had taken eleven metres of it. " * 20


def queue(hosts: int) -> None:
    """Time the first row of a fresh frontier, and of the same one again."""
    with tempfile.TemporaryDirectory() as folder:
        index, now = Index.open(Path(folder) / "index.db"), iso(datetime.now(UTC))
        with index.atomic():
            for n in range(hosts * 5):
                url = f"https://h{n // 5}.example/{n % 5}"
                save(index.conn, FrontierRow(target=Target(key=f"k{n}", url=url, site="web", role="page"), due=now, added=now))
        frontier = SqliteFrontier(index.path, submit=lambda *work: None, run_id=1, clock=lambda: datetime.now(UTC))
        times = []
        for _ in range(hosts // 64 + 20):
            began = time.perf_counter()
            next(frontier.queued())
            times.append((time.perf_counter() - began) * 1000)
        print(f"{hosts:6} hosts: first row {times[0]:.2f} ms, then {sorted(times)[len(times) // 2]:.2f} ms")


def serve() -> int:
    """A server for any host name; its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)

    def answer(peer: socket.socket) -> None:
        data = b""
        with peer:
            while piece := peer.recv(65536):
                data += piece
                while b"\r\n\r\n" in data:
                    head, _, data = data.partition(b"\r\n\r\n")
                    host, path = head.partition(b"Host: ")[2].partition(b"\r\n")[0], head.split(b" ")[1]
                    title = (host + path).decode()
                    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{TEXT}</body></html>".encode()
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def accept() -> None:
        while True:
            threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listening.getsockname()[1])


def crawl(seeds: list[str]) -> tuple[float, float]:
    """CPU and clock seconds of a crawl of these addresses."""
    with tempfile.TemporaryDirectory() as folder:
        values = {
            "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{PORT}", "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "ROBOTSTXT_OBEY": False,
            "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
        environment = os.environ | {"ARCHIVE_DIR": folder, "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", "scrapy", "crawl", "web", "-a", f"seeds={','.join(seeds)}", "-a", "scope=page", *words]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - began


if __name__ == "__main__":
    what, *counts = sys.argv[1:]
    PORT = serve()
    for count in map(int, counts):
        if what == "queue":
            queue(count)
        else:
            one = crawl([f"http://one.example/{n}" for n in range(count)])
            many = crawl([f"http://h{n}.example/" for n in range(count)])
            print(f"{count} pages: 1 host {one[0]:.1f} s CPU, {one[1]:.1f} s; {count} hosts {many[0]:.1f} s CPU, {many[1]:.1f} s", end="")
            print(f"; CPU ratio {many[0] / one[0]:.2f}")
