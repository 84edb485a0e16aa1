"""Many small newspapers on loopback, their site files, and a worker over them, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SITE = '''"""A small newspaper of the tests."""

from crawler import Feed, Mirror, Section, Site

SITE = Site(
    name="{name}", title="{name}", language="en", mirrors=(Mirror(host="{host}", scheme="http"),),
    stories=(r"^/story/(?P<id>\\d+)$",), seeds=(Section("/"),),
)
'''
WORDS = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it. " * 5


class Papers:
    """Newspapers `paperN.example` with some stories each, and a picture of a host that they share.

    Args:
        wait: Seconds before each answer.
        robots: Of every host; "" for none.
    """

    def __init__(self, *, stories: int = 5, wait: float = 0.0, robots: str = "", picture_host: str = "") -> None:
        self.stories, self.wait, self.robots, self.picture_host = stories, wait, robots, picture_host
        self.asked: list[tuple[float, str, str]] = []
        """When (monotonic), host and path of each request."""
        self.held = threading.Event()
        self.held.set()
        papers = self

        class Desk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers["Host"].partition(":")[0]
                papers.asked.append((time.monotonic(), host, self.path))
                papers.held.wait(60)
                time.sleep(papers.wait)
                status, kind, body = papers.answer(host, self.path)
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    if 300 <= status < 400:
                        self.send_header("Location", body.decode())
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # whoever asked was killed

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_: object) -> None:
                """A client that went away is no fault."""

        self._server = Server(("127.0.0.1", 0), Desk)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, host: str, path: str) -> tuple[int, str, bytes]:
        if path == "/robots.txt":
            return (200, "text/plain", self.robots.encode()) if self.robots else (404, "text/plain", b"none")
        if path == "/":
            links = "".join(f"<li><a href='/story/{n}'>Story {n} of {host} about the harbour</a></li>" for n in range(1, self.stories + 1))
            return 200, "text/html", f"<html><head><title>{host}</title></head><body><h1>{host}</h1><ul>{links}</ul></body></html>".encode()
        number = path.removeprefix("/story/")
        if path.startswith("/story/") and number.isdigit() and 1 <= int(number) <= self.stories:
            picture = f"<figure><img src='http://{self.picture_host}/{number}.jpg' width='600' height='400'></figure>" if self.picture_host else ""
            text = "".join(f"<p>{number}.{n} of {host}: {WORDS}</p>" for n in range(4))
            body = f"<html><head><title>Story {number}</title></head><body><article><h1>Story {number} of {host}</h1>{picture}{text}</article></body></html>"
            return 200, "text/html; charset=utf-8", body.encode()
        if path.endswith(".jpg"):
            return 200, "image/jpeg", b"\xff\xd8\xff\xe0 a picture \xff\xd9"
        return 404, "text/html", b"<html><head><title>Not found</title></head><body>404</body></html>"

    def gaps(self, paths: str = "") -> dict[str, list[float]]:
        """Seconds between two requests, by host; of paths that begin so."""
        times = defaultdict(list)
        for when, host, path in sorted(self.asked):
            if path.startswith(paths):
                times[host].append(when)
        return {host: [later - before for before, later in pairwise(some)] for host, some in times.items()}

    def close(self) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()


class Office:
    """A folder with site files and an ARCHIVE_DIR, and the commands of a worker in it."""

    def __init__(self, folder: Path, papers: Papers, *, sites: int = 3, shared_host: bool = False) -> None:
        self.archives, self.papers = folder / "archives", papers
        self.names = [f"paper{n}" for n in range(sites)]
        shelf = folder / "sites"
        shelf.mkdir(parents=True)
        for name in self.names:
            host = "shared.example" if shared_host else f"{name}.example"
            (shelf / f"{name}.py").write_text(SITE.format(name=name, host=host))
        self.settings: dict[str, Any] = {
            "ARCHIVE_SITES": shelf, "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{papers.port}", "ARCHIVE_MIN_FREE_BYTES": 0,
            "ARCHIVE_RESERVE_BYTES": 0, "DOWNLOAD_DELAY": 0, "ARCHIVE_CHECKS": "", "ARCHIVE_RETRY_DELAY": 0.1, "LOG_LEVEL": "WARNING",
        }  # fmt: skip

    @property
    def shard(self) -> Path:
        """The worker's collection."""
        return self.archives / "work"

    def start(self, *words: str, clocks: Path | None = None, **settings: Any) -> subprocess.Popen[str]:
        """Start a command.

        Args:
            clocks: Folder of `work_shifted.py`, which runs it then.
        """
        program = ["-m", "scrapy"] if clocks is None else [str(ROOT / "tests" / "work_shifted.py"), str(clocks)]
        options = [word for name, value in {**self.settings, **settings}.items() for word in ("-s", f"{name}={value}")]
        environment = {**os.environ, "ARCHIVE_DIR": str(self.archives), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [sys.executable, *program, *words, *options], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *words: str, seconds: float = 120, **settings: Any) -> tuple[int, str, str]:
        """Run a command to its end; its exit code, and what it printed."""
        process = self.start(*words, **settings)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"not ended in time:\n{out}\n{err}") from None
        return process.returncode, out, err

    def enqueue(self, *sites: str, **arguments: str) -> list[str]:
        """Enqueue sites; the ids of the jobs."""
        from crawler.clock import now
        from crawler.jobs.rows import Job
        from crawler.jobs.sqlite_store import SqliteJobStore

        self.archives.mkdir(exist_ok=True)
        store, ids = SqliteJobStore(self.archives / "jobs.db"), []
        for site in sites or self.names:
            ids.append(f"{len(ids):02d}{time.monotonic_ns():030d}")
            store.enqueue(Job(id=ids[-1], site=site, arguments=arguments, created=now(), lanes=(site,)))
        store.close()
        return ids

    def work(self, *words: str, **more: Any) -> tuple[int, str, str]:
        """Run a worker until there is nothing more to do."""
        return self.run("work", "--until-idle", *words, **more)

    def report(self, job: str) -> Any:
        """The report of a job."""
        from crawler.jobs.sqlite_store import SqliteJobStore

        store = SqliteJobStore(self.archives / "jobs.db")
        try:
            return store.report(job)
        finally:
            store.close()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the worker's index."""
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(self.shard / "index.db")) as db:
            return db.execute(sql, values).fetchall()


@contextmanager
def office(folder: Path, *, sites: int = 3, shared_host: bool = False, **papers: Any) -> Iterator[Office]:
    """An office over papers that are served until the end."""
    served = Papers(**papers)
    try:
        yield Office(folder, served, sites=sites, shared_host=shared_host)
    finally:
        served.close()


def told(out: str) -> Any:
    """The JSON document that a worker printed."""
    return json.loads(out)


def until(holds: Any, seconds: float = 30.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


__all__ = ["Office", "Papers", "Sequence", "office", "told", "until"]
