"""The shared frontier alone under faults, by workers that do nothing but ask and tell."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import define
from fault_injector import Injector, Worker, end
from fault_scene import Tail, wait_for
from light_worker import JOB
from postgres import PostgresServer, postgres_server
from stalls import STOPPED, Stalls, were_stopped
from stands import ROOT

from benchmarks.hosts_server import Hosts
from benchmarks.requests_log import judge, read
from benchmarks.workers import hosts_server
from crawler.cluster.store import PgJobStore
from crawler.jobs.rows import Job

pytestmark = [pytest.mark.outer, pytest.mark.slow]
SITE, DELAY, LEASE = Hosts(hosts=50, pages=260), 0.05, 1.0
STARVED = 2
"""Requests again for which no fault was done: a worker that waited a whole lease for the processor."""


@define
class Forked:
    """A process that somebody else waits for."""

    pid: int

    def poll(self) -> int | None:
        try:
            words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return 0 if words[0] == "Z" else None

    def wait(self, timeout: float | None = None) -> int:
        wait_for(lambda: self.poll() is not None, timeout or 60)
        return 0


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the processes out of coverage: most are killed before they could tell theirs, and it costs half as much time again."""
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with postgres_server(durable=True) as made:
        yield made


def test_the_shared_frontier_loses_nothing_when_its_workers_are_killed_and_paused(server: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """200 SIGKILLs, 100 pauses of twice the lease; a short delay and a short lease."""
    address, log = server.new_database(), tmp_path / "requests"
    with closing(PgJobStore.open(address)) as store, hosts_server(SITE, log, latency_ms=3) as port, Stalls(tmp_path, LEASE / 4) as stalls:
        store.enqueue(Job(id=JOB, site="web", created=datetime.now(UTC), lanes=tuple(SITE.name(n) for n in range(SITE.hosts))))
        words = [sys.executable, str(ROOT / "tests" / "cluster" / "light_worker.py"), port, SITE.hosts, SITE.pages, DELAY, LEASE, address]
        with (tmp_path / "errors").open("wb") as errors:
            nursery = subprocess.Popen(list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        assert nursery.stdout.readline() == "ready\n"

        def start(name: str) -> Forked:
            nursery.stdin.write(f"{name}\n")
            nursery.stdin.flush()
            return Forked(int(nursery.stdout.readline()))

        tail = Tail(log)
        workers = [Worker(name=f"w{n}", start=start, ready=lambda worker: tail.look().get(worker.name, 0.0) > worker.born) for n in range(8)]
        injector = Injector(workers=workers, seed=9, kills={"worker": 200}, pauses={"worker": 100}, pause=2 * LEASE, every=0.1, most_paused=4)
        try:
            for worker in workers:
                worker.begin()
            limit = threading.Timer(150, injector.stop.set)
            limit.start()
            began = time.monotonic()
            injector.run(lambda: not injector.plan)
            limit.cancel()
            took, worked = time.monotonic() - began, tail.requests

            def ended() -> bool:
                report = store.report(JOB)
                return report is not None and report.ended

            wait_for(ended, 90, lambda: f"{store.report(JOB)} {store.lanes(most=5)}")
        finally:
            end(workers)
            nursery.kill()
            nursery.communicate()
    faults = [*injector.faults, *stalls.faults(worker.name for worker in workers)]
    found = judge(read(log), SITE.expected(), delay=DELAY, jitter=0.0005, faults=faults, settle=LEASE)
    with capsys.disabled():
        print(f"\n{found.line()}; {Counter(fault.kind for fault in injector.faults)} in {took:.0f} s, {worked} requests meanwhile; {len(stalls.found)} stalls")
    assert not injector.plan, Counter(injector.plan)
    assert not found.lost
    short = stalls.unexplained(found.short)
    stopped = were_stopped(short, injector.faults, LEASE / 20)
    assert len(stopped) <= STOPPED, stopped
    assert not (others := [gap for gap in short if gap not in stopped]), others[:5]
    assert len(found.unexcused) <= STARVED, found.unexcused[:5]
    assert not (tmp_path / "errors").read_text()
