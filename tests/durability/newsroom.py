"""What the durability tests share: a generated newspaper, crawls of it, a bare writer, and the judge who comes after the crash."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import invariants  # noqa: E402
from stands import Command  # noqa: E402

from crawler.collection.collection import Collection, WriterOptions  # noqa: E402
from crawler.index.index import Index  # noqa: E402
from crawler.maintenance.verify import verify_collection  # noqa: E402


class Newspaper:
    """The generated newspaper as a child process, and crawls of it."""

    def __init__(self, folder: Path, *, pages: int = 300, size: int = 2000, delay: float = 0.0, log: Path | None = None) -> None:
        self.folder, self.pages, self.log = folder, pages, log or folder / "asked.log"
        self.log.touch()
        command = [sys.executable, str(HERE / "paper_server.py"), "--pages", str(pages), "--size", str(size), "--delay", str(delay)]
        self._server = subprocess.Popen([*command, "--log", str(self.log)], stdout=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        self.port = json.loads(self._server.stdout.readline())["port"]

    def close(self) -> None:
        """Stop the server."""
        self._server.terminate()
        self._server.wait(10)

    def asked(self) -> list[str]:
        """The pages asked for, in order."""
        return [line for line in self.log.read_text().splitlines() if line != "/robots.txt"]

    def crawl(
        self, *arguments: str, at_once: int = 8, fault: str = "", seed: str = "/", clock: tuple[int, int, int] | None = None, **more: Any
    ) -> Command:
        """Begin a crawl into the collection `paper`.

        Args:
            clock: Seconds that it is ahead; after how many looks it steps; by how many seconds.
        """
        settings = {
            "ARCHIVE_CONNECT_TO": f"paper.example:80=127.0.0.1:{self.port}", "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
            "ARCHIVE_LEASES_PER_HOST": at_once, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_DISK_WAIT_SECONDS": 0, "LOG_LEVEL": "WARNING",
            "ARCHIVE_WARC_MAX_BYTES": 200_000, "ARCHIVE_COLLECTION": "paper",
        }  # fmt: skip
        scrapy = ["-m", "scrapy"] if clock is None else [str(HERE / "clock_back.py"), *map(str, clock)]
        words = ["crawl", "web", "-a", f"seeds=http://paper.example{seed}"]
        words += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        return Command(
            [sys.executable, *scrapy, *words, *arguments], words=[*words, *arguments], archives=self.folder, cwd=ROOT,
            env=environment(self.folder, fault), **pipes,
        )  # fmt: skip

    def kill(self, crawl: subprocess.Popen[str], pages: int, more: float = 0.0) -> bool:
        """Kill a crawl once it has asked for so many pages more, and then some seconds have passed; False where it came to its end before.

        Args:
            pages: 0 for none of its own: the seconds count from its start.
        """
        target, until = len(self.asked()) + pages, time.monotonic() + 60
        while len(self.asked()) < target and crawl.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        try:
            crawl.wait(more)
        except subprocess.TimeoutExpired:
            crawl.kill()
        crawl.communicate()
        assert time.monotonic() < until + more, "it stood still"
        return crawl.returncode == -signal.SIGKILL

    @property
    def collection(self) -> Path:
        """Where it lies."""
        return self.folder / "paper"

    def held(self) -> set[str]:
        """The pages that the collection holds."""
        with Index.open(self.collection / "index.db", readonly=True) as index:
            rows = index.query("SELECT url FROM captures WHERE role = 'page' AND status = 200 AND state = 'ok'")
        return {row[0].removeprefix("http://paper.example") for row in rows}

    def wanted(self) -> set[str]:
        """The pages that there are."""
        return {"/", *(f"/p/{n}" for n in range(1, self.pages))}


def environment(folder: Path, fault: str = "") -> dict[str, str]:
    """Where children find the crawler and keep their archives, and where they are to die."""
    ours = {"ARCHIVE_DIR": str(folder), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT), "ARCHIVE_FAULT": fault}
    return os.environ | ours


def write(
    path: Path, count: int, *, fault: str = "", max_bytes: int = 60_000, before: tuple[str, ...] = (), **more: Any
) -> subprocess.Popen[str]:
    """Begin a bare writer: `count` captures into a collection, its standard output one line an acknowledged capture."""
    command = [*before, sys.executable, str(HERE / "bare_writer.py"), str(path), str(count), str(max_bytes)]
    return subprocess.Popen(
        command, env=environment(path.parent, fault), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **more
    )


def peak(crawl: subprocess.Popen[str]) -> tuple[float, str]:
    """Wait for a crawl; the most memory that its own process ever had resident, in MiB, and its report."""
    most = 0
    while crawl.poll() is None:
        with suppress(OSError, TypeError):  # it has just ended
            status = Path(f"/proc/{crawl.pid}/status").read_text()
            most = max(most, int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]))  # type: ignore[index]
        time.sleep(0.1)
    return most / 1024, crawl.communicate()[0]


def committed(path: Path) -> set[str]:
    """The record ids of all captures whose rows are in an index, as a crash left it."""
    with closing(Index.open(path / "index.db", readonly=True)) as index:
        return {capture.record_id for capture in index.captures()}


def judge(path: Path, acknowledged: set[str] = frozenset(), *, again: bool = True) -> list[str]:  # type: ignore[assignment]
    """What is wrong with a collection after a crash, once it has been opened again: nothing, if we keep our word."""
    if again:
        Collection.open(path, options=WriterOptions()).close()
    wrong = [
        f"{fault.path.name}: {fault.offset}: {fault.what}"
        for report in verify_collection(path, lambda _: lambda _: None)
        for fault in report.faults
    ]
    wrong += [f"acknowledged and lost: {record_id}" for record_id in acknowledged - committed(path)]
    wrong += [f"left over: {file.name}" for file in (path / "archive").iterdir() if not file.name.endswith(".warc.gz")]
    wrong += [f"{one.check}: {one.what}" for one in invariants.complaints(path)]
    return wrong


class Tear:
    """A collection as a crash left it, with one open file, to be torn again and again within the last member of that file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        (self.file,) = (path / "archive").glob("*.open")
        with Index.open(path / "index.db") as index:
            self._captures = sorted(index.captures(), key=lambda capture: capture.offset)
            self._saved = {p: p.read_bytes() for p in path.rglob("*") if p.is_file() and not p.name.endswith("-shm")}
        self.whole, self.last = self.file.read_bytes(), self._captures[-1]

    def at(self, offset: int) -> list[str]:
        """What is wrong once the collection has been opened with the file cut there: the last capture is lost and asked for again."""
        for file in [p for p in self._path.rglob("*") if p.is_file()]:
            file.unlink()
        for file, data in self._saved.items():
            file.write_bytes(data)
        self.file.write_bytes(self.whole[:offset])
        with closing(Collection.open(self._path)) as collection, collection.reader() as index:
            states = {row["record_id"]: row["state"] for row in index.query("SELECT record_id, state FROM captures")}
            queue = [row[0] for row in index.query("SELECT state FROM frontier WHERE record_id = ?", [self.last.record_id])]
        wanted = {c.record_id: "ok" for c in self._captures[:-1]} | {self.last.record_id: "lost"}
        parts = b"".join(p.read_bytes() for p in (self._path / "quarantine").glob("*.part"))
        (kept,) = (self._path / "archive").iterdir()
        wrong = [] if (states, queue) == (wanted, ["queued"]) else [f"cut at {offset}: {states} {queue}"]
        wrong += [] if kept.read_bytes() + parts == self.whole[:offset] else [f"cut at {offset}: a byte is gone"]
        return wrong + judge(self._path, again=False)
