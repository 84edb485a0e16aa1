"""Workers of `scrapy work`: one against four on a shared frontier, and one site against 200 sites on one worker without a server.

    python -m benchmarks.workers crew                 # 50 hosts, 1 and 4 workers on PostgreSQL
    python -m benchmarks.workers crew --latency-ms 500
    python -m benchmarks.workers sites                # 1 and 200 sites, one worker, `jobs.db`

Pages a second are those between the first and the last request; processor time and memory are of whole process trees, from /proc. The log
of the server tells whether any host was asked faster than its delay. PostgreSQL is started here (`--frontier` names one that runs).
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.hosts_server import Hosts
from benchmarks.measure import resident, tree
from benchmarks.requests_log import Verdict, judge, read

ROOT = Path(__file__).resolve().parents[1]
MIB = 1 << 20
_SAMPLE_SECONDS = 0.25
SITE = '''"""One of many small sites."""
from crawler import Mirror, Section, Site

SITE = Site(
    name="s{number}", title="Site {number}", language="en", mirrors=(Mirror(host="h{number}.example", scheme="http"),),
    stories=(r"^/(?P<id>\\d+)$",), seeds=(Section("/"),), templates=(),
)
'''


@frozen(kw_only=True)
class Figures:
    """Cost of one crawl by some workers."""

    what: str
    codes: Sequence[int]
    seconds: float
    """From the first request to the last."""
    wall: float
    """From the start of the workers to the end of the last."""
    cpu: float
    """Of the workers, without server and database."""
    rss: int
    """Highest sum of resident memory of one worker's processes."""
    verdict: Verdict
    database: float = 0.0
    """Processor seconds of PostgreSQL."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.verdict.requests / max(self.seconds, 0.001)

    @property
    def cpu_a_page(self) -> float:
        """Processor seconds a request."""
        return self.cpu / max(1, self.verdict.requests)

    def line(self) -> str:
        """Print them."""
        speed = f"{self.rate:7.1f} pages/s, wall {self.wall:5.1f} s, {self.cpu_a_page * 1000:5.2f} ms CPU a page"
        database = f" (PostgreSQL {self.database / max(1, self.verdict.requests) * 1000:.2f})" if self.database else ""
        return f"{self.what}: {speed}{database}, RSS {self.rss // MIB} MiB, exit {sorted(set(self.codes))}; {self.verdict.line()}"


@contextmanager
def hosts_server(site: Hosts, log: Path, *, latency_ms: float, listen: str = "127.0.0.1") -> Iterator[int]:
    """Run the server of many hosts; yield its port."""
    numbers = {"--hosts": site.hosts, "--pages": site.pages, "--paragraphs": site.paragraphs, "--latency-ms": latency_ms}
    words = [str(word) for pair in numbers.items() for word in pair]
    words = [sys.executable, "-m", "benchmarks.hosts_server", "--log", str(log), "--listen", listen, *words]
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate()


def command(
    words: Sequence[str], *, archives: Path, settings: Mapping[str, object], worker: str = "", frontier: str | None = None
) -> dict[str, Any]:
    """Return what Popen takes to run a `scrapy` command."""
    pairs = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    named = {"ARCHIVE_DIR": str(archives), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
    shared = {"ARCHIVE_FRONTIER": frontier} if frontier else {}
    return {
        "args": [sys.executable, "-m", "scrapy", *words, *pairs], "cwd": ROOT,
        "env": os.environ | named | shared | ({"ARCHIVE_WORKER": worker} if worker else {}),
    }  # fmt: skip


def settings_of(port: int, *, delay: float, at_once: int, address: str = "127.0.0.1", worker: str = "") -> dict[str, object]:
    """Return the settings of a crawl of the many hosts."""
    return {
        "ARCHIVE_CONNECT_TO": f"*:*={address}:{port}", "DOWNLOAD_DELAY": delay, "DOWNLOAD_DELAY_JITTER": 0, "ROBOTSTXT_OBEY": False,
        "CONCURRENT_REQUESTS": at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else at_once, "ARCHIVE_MIN_FREE_BYTES": 0,
        "ARCHIVE_RESERVE_BYTES": 0, "LOG_LEVEL": "WARNING", "USER_AGENT": f"benchmark {worker or 'worker'}",
    }  # fmt: skip


def watch(processes: Sequence[subprocess.Popen[bytes]], *, timeout: float) -> tuple[list[int], float, int]:
    """Wait for processes; return their exit codes, processor seconds and the highest memory of one with all below it."""
    cpu, highest, ends = dict[int, float](), 0, time.monotonic() + timeout
    codes = dict[int, int]()
    while len(codes) < len(processes):
        for process in processes:
            if process.pid in codes:
                continue
            highest = max(highest, sum(map(resident, tree(process.pid))))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = codes[pid] = os.waitstatus_to_exitcode(status)
                cpu[pid] = usage.ru_utime + usage.ru_stime
            elif time.monotonic() > ends:
                process.kill()
        time.sleep(_SAMPLE_SECONDS)
    return [codes[process.pid] for process in processes], sum(cpu.values()), highest


def crew(workers: int, site: Hosts, *, delay: float, latency_ms: float, at_once: int, read_when: str, frontier: str, lanes: int) -> Figures:
    """Crawl every host by so many workers on a shared frontier."""
    with tempfile.TemporaryDirectory(prefix="bench-crew-") as name:
        folder = Path(name)
        with hosts_server(site, folder / "log", latency_ms=latency_ms) as port:
            settings = settings_of(port, delay=delay, at_once=at_once) | {"ARCHIVE_WORK_LANES": lanes}
            words = ["enqueue", *site.seeds(), "-a", "requisites=none", "-a", f"read={read_when}"]
            asked = command(words, archives=folder / "a", settings=settings, frontier=frontier)
            subprocess.run(**asked, check=True, stdout=subprocess.DEVNULL)
            began = time.monotonic()
            started = []
            for number in range(workers):
                mark = f"w{number}"
                mine = settings | {"USER_AGENT": f"benchmark {mark}"}
                words = ["work", "--until-idle"]
                line = command(words, archives=folder / "a", settings=mine, worker=mark, frontier=frontier)
                started.append(subprocess.Popen(**line, stdout=subprocess.DEVNULL))
            codes, cpu, rss = watch(started, timeout=1800)
            wall = time.monotonic() - began
        return _figures(f"{workers} workers", folder / "log", site, delay, codes=codes, wall=wall, cpu=cpu, rss=rss)


def many_sites(site: Hosts, *, at_once: int, read_when: str) -> Figures:
    """Crawl so many sites by one worker without a server."""
    with tempfile.TemporaryDirectory(prefix="bench-sites-") as name:
        folder = Path(name)
        (folder / "sites").mkdir()
        for number in range(site.hosts):
            (folder / "sites" / f"s{number}.py").write_text(SITE.format(number=number))
        with hosts_server(site, folder / "log", latency_ms=3) as port:
            settings = settings_of(port, delay=0, at_once=at_once) | {"ARCHIVE_SITES": folder / "sites", "ARCHIVE_WORK_LANES": site.hosts}
            settings |= {"ARCHIVE_LEASES_PER_HOST": at_once}
            words = ["enqueue", ",".join(f"s{number}" for number in range(site.hosts)), "-a", "requisites=none", "-a", f"read={read_when}"]
            subprocess.run(**command(words, archives=folder / "a", settings=settings), check=True, stdout=subprocess.DEVNULL)
            began = time.monotonic()
            line = command(["work", "--until-idle"], archives=folder / "a", settings=settings)
            process = subprocess.Popen(**line, stdout=subprocess.DEVNULL)
            codes, cpu, rss = watch([process], timeout=1800)
            wall = time.monotonic() - began
        return _figures(f"{site.hosts} sites", folder / "log", site, 0.0, codes=codes, wall=wall, cpu=cpu, rss=rss)


def _figures(what: str, log: Path, site: Hosts, delay: float, **more: Any) -> Figures:
    asked = read(log)
    seconds = asked[-1].at - asked[0].at if asked else 0.0
    return Figures(what=what, seconds=seconds, verdict=judge(asked, site.expected(), delay=delay, jitter=delay / 10), **more)


@contextmanager
def database(frontier: str | None) -> Iterator[Any]:
    """Yield a function that returns the address of an empty database."""
    if frontier:
        yield lambda: frontier
        return
    sys.path.append(str(ROOT / "tests"))
    with importlib.import_module("postgres").postgres_server(durable=True) as server:
        yield server.new_database


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["crew", "sites"])
    parser.add_argument("--hosts", type=int, default=0, help="50, or 200 sites")
    parser.add_argument("--pages", type=int, default=0, help="in all; 5000")
    parser.add_argument("--paragraphs", type=int, default=20)
    parser.add_argument("--workers", default="1,4")
    parser.add_argument("--delay", type=float, default=0.1)
    parser.add_argument("--latency-ms", type=float, default=3.0)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--lanes", type=int, default=64, help="of a worker at a time")
    parser.add_argument("--read", default="", help="later or yes; default: later for crew, yes for sites")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--frontier", help="postgresql://...")
    given = parser.parse_args()
    hosts, pages = given.hosts or (50 if given.what == "crew" else 200), given.pages or 5000
    print(f"{os.cpu_count()} cores, {pages} pages of {hosts} hosts, latency {given.latency_ms:g} ms")
    for turn in range(given.rounds):
        for one in _sites(given, hosts, pages, turn) if given.what == "sites" else _crews(given, hosts, pages, turn):
            print(one.line(), flush=True)


def has_postgresql() -> bool:
    """Whether a server is installed."""
    return shutil.which("postgres") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def compared(*, short: bool) -> Iterator[Figures]:
    """Measure one and four workers, if there is a PostgreSQL server to share, then one and many sites."""
    hosts, pages = (10, 200) if short else (50, 5000)
    if has_postgresql():
        site = Hosts(hosts=hosts, pages=pages // hosts, paragraphs=20)
        with database(None) as new:
            for count in (1, 4):
                yield crew(count, site, delay=0.1, latency_ms=3.0, at_once=16, read_when="later", frontier=new(), lanes=-(-hosts // count))
    else:
        print("one worker against four is not run: PostgreSQL is not installed", file=sys.stderr)
    for count in (1, hosts * 4):
        yield many_sites(Hosts(hosts=count, pages=pages // count, paragraphs=20), at_once=16, read_when="later")


def _sites(given: argparse.Namespace, hosts: int, pages: int, turn: int) -> Iterator[Figures]:
    for count in ((1, hosts), (hosts, 1))[turn % 2]:
        site = Hosts(hosts=count, pages=pages // count, paragraphs=given.paragraphs)
        yield many_sites(site, at_once=given.at_once, read_when=given.read or "yes")


def _crews(given: argparse.Namespace, hosts: int, pages: int, turn: int) -> Iterator[Figures]:
    site = Hosts(hosts=hosts, pages=pages // hosts, paragraphs=given.paragraphs)
    counts = [int(word) for word in given.workers.split(",")]
    with database(given.frontier) as new:
        for count in counts if turn % 2 == 0 else counts[::-1]:
            yield crew(
                count, site, delay=given.delay, latency_ms=given.latency_ms, at_once=given.at_once, read_when=given.read or "later",
                frontier=new(), lanes=given.lanes,
            )  # fmt: skip


if __name__ == "__main__":
    main()
