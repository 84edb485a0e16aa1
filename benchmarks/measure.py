"""Run a contestant against the newspaper, and measure its whole tree of processes; Linux only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from benchmarks.contestants import ROOT, Contestant, Task

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_SAMPLE_SECONDS = 0.05


@frozen(kw_only=True)
class Run:
    """Figures of one run; sizes in bytes, times in seconds."""

    contestant: str
    exit_code: int
    pages: int
    """Distinct pages that the server sent."""
    requests: int
    wire: int
    """Bytes that the server sent."""
    wall: float
    """From the start of the process to its end."""
    cpu: float
    """Processor time of all its processes, user and system."""
    rss: int
    """Highest sum of resident memory over its processes."""
    warc: int
    index: int
    other: float
    """Share of the machine that other programs used meanwhile: 0.1 is a tenth."""

    def document(self) -> dict[str, Any]:
        """As JSON is written."""
        return asdict(self)


class Server:
    """The newspaper's server, a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port = int(self._line())

    def counts(self) -> dict[str, Any]:
        """Counts since the last call."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        counts: dict[str, Any] = json.loads(self._line())
        return counts

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def serving(articles: int, *, small: bool = False, latency_ms: float = 0) -> Iterator[Server]:
    """Run the server until the end of the block."""
    command = [sys.executable, "-m", "benchmarks.server", str(articles), "--latency-ms", str(latency_ms), *(["--small"] if small else [])]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Server(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


def run(contestant: Contestant, server: Server, *, at_once: int, timeout: float) -> Run:
    """Run a contestant in an empty directory, which is deleted afterwards.

    Args:
        timeout: Seconds after which it is ended.
    """
    out = Path(tempfile.mkdtemp(prefix=f"bench-{contestant.name}-"))
    try:
        server.counts()
        began, busy = time.monotonic(), _busy()
        with (out / "log").open("wb") as log:
            process = subprocess.Popen(
                contestant.command(Task(port=server.port, at_once=at_once, out=out)), cwd=ROOT, stdout=log, stderr=log,
                env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"} if contestant.name != "scrapy-plain" else None,
            )  # fmt: skip
        status, cpu, rss = _wait(process, timeout)
        wall, counts = time.monotonic() - began, server.counts()
        others = max(0.0, _busy() - busy - cpu - counts["cpu"]) / (wall * (os.cpu_count() or 1))
        return Run(
            contestant=contestant.name, exit_code=status, pages=counts["pages"], requests=counts["requests"], wire=counts["bytes"],
            wall=wall, cpu=cpu, rss=rss, warc=_size(out, "*.warc*"), index=_size(out, "index.db*"), other=others,
        )  # fmt: skip
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], timeout: float) -> tuple[int, float, int]:
    """Wait for a process; return its exit code, processor seconds and highest memory."""
    highest, ends = 0, time.monotonic() + timeout
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime, max(highest, usage.ru_maxrss * 1024)
        highest = max(highest, sum(map(resident, tree(process.pid))))
        if time.monotonic() > ends:
            process.terminate()
            ends += 30
        time.sleep(_SAMPLE_SECONDS)


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = children.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from tree(int(child))


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 once it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _busy() -> float:
    """Processor seconds that the machine has spent on anything."""
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def _size(folder: Path, pattern: str) -> int:
    return sum(file.stat().st_size for file in folder.rglob(pattern) if file.is_file())
