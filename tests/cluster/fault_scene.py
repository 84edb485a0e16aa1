"""A web of many hosts, a database, and workers of `scrapy work` that faults are done to."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import define, field
from fault_injector import Process, Worker, end
from stalls import Stalls
from work_nursery import Nursery, modules_of

from benchmarks.hosts_server import Hosts
from benchmarks.requests_log import Asked, Fault, Verdict, judge, read
from benchmarks.workers import command, hosts_server, settings_of


@define(kw_only=True)
class Scene:
    """Everything of one run.

    Args:
        frontier: Address of the database.
        more: Settings beside the usual ones.
    """

    folder: Path
    site: Hosts
    port: int
    frontier: str
    delay: float
    lease: float
    stalls: Stalls
    more: Mapping[str, object] = field(factory=dict)
    workers: list[Worker] = field(factory=list, init=False)

    @property
    def archives(self) -> Path:
        """ARCHIVE_DIR of all workers."""
        return self.folder / "archives"

    def settings(self, name: str, *, address: str = "127.0.0.1") -> dict[str, object]:
        """Settings of a worker, which writes its name into its User-Agent."""
        usual = settings_of(self.port, delay=self.delay, at_once=16, address=address, worker=name)
        # A pause of the worker counts as a slow answer of the host, whose delay would grow to five times that.
        return usual | {"ARCHIVE_LEASE_SECONDS": self.lease, "ARCHIVE_WORK_LANES": 12, "ARCHIVE_MAX_DELAY": self.delay} | dict(self.more)

    def scrapy(self, *words: str, exits: int | None = 0) -> str:
        """Run a command whole; return what it printed."""
        line = command(words, archives=self.archives, settings=self.settings("test"), frontier=self.frontier)
        done = subprocess.run(**line, check=False, capture_output=True, text=True, timeout=180)
        assert exits is None or done.returncode == exits, f"{words}: exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        return done.stdout

    def enqueue(self) -> str:
        """Make one job of all hosts; return its id."""
        document = json.loads(self.scrapy("enqueue", *self.site.seeds(), "-a", "requisites=none", "-a", "read=later", "--json"))
        return str(document["jobs"][0]["id"])

    def log(self, name: str) -> Path:
        """The file that a worker writes its log to, in all its lives."""
        return self.folder / f"{name}.log"

    def popen(self, name: str, *words: str, before: Sequence[str] = (), address: str = "127.0.0.1", frontier: str | None = None) -> subprocess.Popen[bytes]:
        """Start `scrapy work` as a process of its own."""
        settings = self.settings(name, address=address)
        line = command(["work", *words], archives=self.archives, settings=settings, worker=name, frontier=frontier or self.frontier)
        line["args"] = ["setpriv", "--pdeathsig", "KILL", "--", *before, *line["args"]]  # none is left when the tests are killed
        with self.log(name).open("ab") as out:
            return subprocess.Popen(**line, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)

    def fork(self, nursery: Nursery, name: str, *words: str) -> Process:
        """Start `scrapy work` in a fork of the nursery."""
        line = command(["work", *words], archives=self.archives, settings=self.settings(name), worker=name, frontier=self.frontier)
        environment = {key: value for key, value in line["env"].items() if os.environ.get(key) != value}
        return nursery.start(name, line["args"][3:], log=self.log(name), environment=environment)

    @contextmanager
    def nursery(self, warm: str) -> Iterator[Nursery]:
        """A nursery of workers, ended with them.

        Args:
            warm: Address of another database: one page is fetched once, to learn which modules a worker imports.
        """
        modules, archives, settings = self.folder / "modules", self.folder / "warm", self.settings("warm")
        seed = ["enqueue", self.site.seeds()[0], "-a", "max_pages=1", "-a", "requisites=none", "-a", "read=later"]
        subprocess.run(**command(seed, archives=archives, settings=settings, frontier=warm), check=True, capture_output=True, timeout=60)
        line = command(["work", "--until-idle"], archives=archives, settings=settings, worker="warm", frontier=warm)
        modules_of(line["args"][3:], line["env"], modules)
        made = Nursery.open(modules)
        try:
            yield made
        finally:
            end(self.workers)
            made.close()

    def asked(self) -> list[Asked]:
        """Requests so far."""
        return read(self.folder / "requests")

    def terminate(self, seconds: float = 60) -> list[int]:
        """Ask all workers to stop, and return their exit codes."""
        running = [worker.process for worker in self.workers if worker.process is not None and worker.runs]
        for process in running:
            os.kill(process.pid, signal.SIGTERM)
        return [process.wait(seconds) for process in running]

    def verdict(self, faults: Sequence[Fault], *, jitter: float, settle: float) -> Verdict:
        """Hold the server's log against what was to be fetched."""
        asked = [one for one in self.asked() if one.sender != "warm"]
        stalls = self.stalls.faults(worker.name for worker in self.workers)
        return judge(asked, self.site.expected(), delay=self.delay, jitter=jitter, faults=[*faults, *stalls], settle=settle)

    def shards(self) -> list[Path]:
        """The collections of the workers."""
        return sorted(file.parent for file in self.archives.glob("*/index.db"))

    def captured(self) -> Counter[tuple[str, str]]:
        """Count the captures of each page over all shards."""
        found = Counter[tuple[str, str]]()
        for shard in self.shards():
            with closing(sqlite3.connect(f"file:{shard / 'index.db'}?mode=ro", uri=True)) as db:
                for (url,) in db.execute("SELECT url FROM captures WHERE status = 200"):
                    host, _, path = url.removeprefix("http://").partition("/")
                    found[host, f"/{path}"] += 1
        return found


@contextmanager
def scene(folder: Path, site: Hosts, frontier: str, *, delay: float, lease: float, listen: str = "127.0.0.1", **more: object) -> Iterator[Scene]:
    """A scene with its web server running; workers that are left are killed at the end."""
    with hosts_server(site, folder / "requests", latency_ms=3, listen=listen) as port, Stalls(folder, lease / 8) as stalls:
        made = Scene(folder=folder, site=site, port=port, frontier=frontier, delay=delay, lease=lease, stalls=stalls, more=more)
        try:
            yield made
        finally:
            end(made.workers)


@define
class Tail:
    """Time of the last request of each sender, kept up with a log that grows."""

    log: Path
    last: dict[str, float] = field(factory=dict, init=False)
    requests: int = 0
    _offset: int = field(default=0, init=False)

    def look(self) -> dict[str, float]:
        """Read what is new."""
        if self.log.exists():
            with self.log.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
            whole = data.rpartition(b"\n")[0]
            self._offset += len(whole) + 1 if whole else 0
            for line in whole.splitlines():
                at, _, _, _, sender = line.decode().split()
                self.last[sender] = max(self.last.get(sender, 0.0), int(at) / 1e9)
                self.requests += 1
        return self.last


def wait_for(what: Callable[[], bool], seconds: float, why: Callable[[], str] = lambda: "") -> float:
    """Wait until something holds; return how long it took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, why()
        time.sleep(0.05)
    return time.monotonic() - began
