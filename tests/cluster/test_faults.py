"""Faults done to real workers of one PostgreSQL: nothing is lost, little is fetched again, no host is asked faster than its delay."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fault_injector import Injector, Worker
from fault_scene import Scene, Tail, scene, wait_for
from network_namespaces import machine
from postgres import PostgresServer, postgres_server
from stalls import STOPPED, were_stopped
from stands import outer

from benchmarks.hosts_server import Hosts
from benchmarks.requests_log import Fault
from crawler.cluster.store import PgJobStore

pytestmark = [pytest.mark.outer, pytest.mark.slow]
NETWORKS = ("127.0.0.1/32", "10.0.0.0/8")
JITTER = 0.1
"""Seconds by which a request may leave earlier than its delay: the time from Scrapy's look at the clock to the wire."""


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the processes out of coverage: most are killed before they could tell theirs, and it costs half as much time again."""
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server(durable=True, listen="*", networks=NETWORKS) as made:
        yield made


def _finish(place: Scene, job: str, *, seconds: float, faults: list[Fault], settle: float, again: float) -> str:
    """Wait for the job, stop the workers, and hold everything against what was to be; return the figures.

    Args:
        again: As many requests may have been in flight, or not told yet, when the faults came.
    """
    store = PgJobStore.open(place.frontier)

    def ended() -> bool:
        report = store.report(job)
        return report is not None and report.ended

    def left() -> str:
        report = store.report(job)
        assert report is not None
        ask = "SELECT f.lane, f.state, e.state, count(*) FROM frontier f JOIN entries e ON e.lane = f.lane AND e.job = f.job WHERE f.state = 'queued' GROUP BY 1, 2, 3"
        return f"{report.states} {store.lanes(most=10)} {store._db.rows(ask)}"

    wait_for(ended, seconds, left)
    report = store.report(job)
    assert report is not None
    assert set(report.states) == {"done"}, left()
    store.close()
    codes = place.terminate()
    assert set(codes) <= {0, 14}, codes
    for shard in place.shards():
        place.scrapy("verify", str(shard))
    captured, expected = place.captured(), place.site.expected()
    assert not expected - set(captured), "a page that no shard has"
    found = place.verdict(faults, jitter=JITTER, settle=settle)
    assert not found.lost
    short = place.stalls.unexplained(found.short)
    stopped = were_stopped(short, faults, place.lease / 20)
    assert len(stopped) <= STOPPED, stopped
    assert not (others := [gap for gap in short if gap not in stopped]), others[:5]
    print(found.line(), f"{len(place.stalls.found)} stalls, {len(stopped)} past their last look when stopped")
    # A worker that waited a whole lease for the processor has lost its lanes too, so not every repeat has a fault of ours.
    assert found.again <= again
    assert "COMPLETE" in place.scrapy("report", job)
    return f"{found.line()}; {Counter(fault.kind for fault in faults)}; captures beyond the first: {captured.total() - len(captured)}"


def test_workers_that_are_killed_and_paused_lose_nothing(server: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """60 SIGKILLs and 30 pauses of twice the lease; three workers are processes, three are forks that run the same command."""
    site, lease = Hosts(hosts=50, pages=80), 4.0
    with scene(tmp_path, site, server.new_database(), delay=1.0, lease=lease, ARCHIVE_WORK_LANES=9) as place:
        job = place.enqueue()
        tail = Tail(tmp_path / "requests")
        with place.nursery(server.new_database()) as nursery:

            def ready(worker: Worker) -> bool:
                return tail.look().get(worker.name, 0.0) > worker.born

            forks = [Worker(name=f"f{n}", start=lambda name: place.fork(nursery, name), ready=ready) for n in range(3)]
            processes = [Worker(name=f"p{n}", start=place.popen, ready=ready) for n in range(3)]
            place.workers = [*forks, *processes]
            injector = Injector(
                workers=place.workers, seed=16, kills={"worker": 60}, pauses={"worker": 30}, pause=2 * lease, every=0.8, most_paused=2,
            )  # fmt: skip
            for worker in place.workers:
                worker.begin()
            began = time.monotonic()
            injecting = threading.Timer(240, injector.stop.set)
            injecting.start()
            injector.run(lambda: not injector.plan)
            injecting.cancel()
            took, worked = time.monotonic() - began, tail.requests
            line = _finish(place, job, seconds=180, faults=injector.faults, settle=lease, again=9 * len(injector.faults))
        with capsys.disabled():
            print(f"\n{line}; faults in {took:.0f} s, {worked} requests meanwhile; starts {sum(worker.started for worker in place.workers)}")
        assert not injector.plan
        of_processes = Counter(fault.kind for fault in injector.faults if fault.worker.startswith("p"))
        assert of_processes["kill"] >= 10, of_processes
        assert worked < len(site.expected()), "there was work to the last fault"


def test_workers_go_on_until_their_deadline_when_the_database_is_gone_and_wait(server: PostgresServer, tmp_path: Path) -> None:
    lease = 4.0
    with scene(tmp_path, Hosts(hosts=20, pages=60), server.new_database(), delay=0.5, lease=lease, ARCHIVE_WORK_LANES=7) as place:
        job = place.enqueue()
        patient = [Worker(name=f"w{n}", start=place.popen) for n in range(2)]
        hasty = Worker(name="hasty", start=lambda name: place.popen(name, "-s", "ARCHIVE_FRONTIER_WAIT=6"))
        place.workers = [*patient, hasty]
        tail = Tail(tmp_path / "requests")
        for worker in place.workers:
            worker.begin()
        wait_for(lambda: len(tail.look()) == 3 and tail.requests > 60, 60)
        server.kill()
        killed = time.monotonic()
        assert hasty.process is not None
        assert hasty.process.wait(30) == 15
        assert time.monotonic() - killed > 5
        wait_for(lambda: time.monotonic() - killed > 3 * lease, 30)
        assert all(worker.runs for worker in patient)
        server.start()
        back = time.monotonic()
        meanwhile = [one for one in place.asked() if one.at > killed]
        assert any(one.at > killed + 0.25 * lease for one in meanwhile), "they went on"
        assert all(one.at < killed + lease for one in meanwhile), "and stopped at their deadline"
        hasty.start = place.popen
        hasty.begin()
        faults = [Fault(at=killed - 1, kind="database", worker=worker.name, until=back) for worker in place.workers]
        print(_finish(place, job, seconds=120, faults=faults, settle=lease, again=20 * lease / place.delay))


def test_a_signal_ends_a_worker_in_time_whose_database_stands_still(tmp_path: Path) -> None:
    with postgres_server() as still, scene(tmp_path, Hosts(hosts=12, pages=20), still.new_database(), delay=0.5, lease=10.0) as place:
        place.enqueue()
        worker = Worker(name="w", start=place.popen)
        place.workers = [worker]
        worker.begin()
        tail = Tail(tmp_path / "requests")
        wait_for(lambda: bool(tail.look()) and tail.requests > 40, 60)
        with still.stopped():
            time.sleep(0.5)
            assert worker.process is not None
            os.kill(worker.process.pid, signal.SIGTERM)
            assert worker.process.wait(30) == 14
        assert "cannot be reached: no answer in 5 seconds" in place.log("w").read_text()
        again = place.popen("w", "--until-idle", "-s", "DOWNLOAD_DELAY=0.001")
        assert again.wait(180) in (0, 10)
        assert set(place.captured()) == place.site.expected()


def test_a_worker_whose_wire_to_the_database_is_cut_stops_asking_at_its_deadline(server: PostgresServer, tmp_path: Path) -> None:
    lease, site = 4.0, Hosts(hosts=16, pages=60)
    with machine(93) as other, scene(tmp_path, site, server.new_database(), delay=0.5, lease=lease, listen="0.0.0.0") as place:
        job = place.enqueue()
        address = place.frontier.replace("127.0.0.1", other.database)
        few = ("-s", "ARCHIVE_WORK_LANES=6")
        home = Worker(name="home", start=lambda name: place.popen(name, "-s", "ARCHIVE_WORK_LANES=16"))
        away = Worker(name="away", start=lambda name: place.popen(name, *few, before=other.command(), address=other.web, frontier=address))
        place.workers = [home, away]
        tail = Tail(tmp_path / "requests")
        away.begin()
        wait_for(lambda: "away" in tail.look(), 60)
        home.begin()
        wait_for(lambda: len(tail.look()) == 2 and tail.requests > 100, 60)
        other.cut()
        cut = time.monotonic()
        wait_for(lambda: time.monotonic() - cut > 4 * lease, 30)
        zombie = [one for one in place.asked() if one.sender == "away"]
        theirs = {one.host for one in zombie}
        assert cut + 0.25 * lease < zombie[-1].at < cut + lease
        assert {one.host for one in place.asked() if one.sender == "home" and one.at > cut + lease} & theirs, "its lanes went to the other"
        other.mend()
        print(_finish(place, job, seconds=120, faults=[Fault(at=cut - 1, kind="cut", worker="away", until=time.monotonic())], settle=lease, again=12 * lease / place.delay))


@pytest.mark.parametrize("offset", ["+3600s", "-3600s"])
def test_nothing_depends_on_the_clock_of_a_worker(server: PostgresServer, tmp_path: Path, offset: str) -> None:
    # Not by the program `faketime`, which would take the signals.
    library = next(Path(outer("faketime")).parents[1].glob("lib/*/faketime/libfaketime.so.1"))
    wrong = ["env", f"LD_PRELOAD={library}", f"FAKETIME={offset}", "DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
    with scene(tmp_path, Hosts(hosts=10, pages=20), server.new_database(), delay=0.25, lease=4.0, ARCHIVE_WORK_LANES=5) as place:
        job = place.enqueue()
        place.workers = [Worker(name="right", start=place.popen), Worker(name="wrong", start=lambda name: place.popen(name, before=wrong))]
        for worker in place.workers:
            worker.begin()
        line = _finish(place, job, seconds=90, faults=[], settle=1.0, again=5)
        print(line)
        assert {one.sender for one in place.asked()} == {"right", "wrong"}
        with closing(sqlite3.connect(place.archives / "wrong" / "index.db")) as db:
            (date,) = db.execute("SELECT max(date) FROM captures").fetchone()
        assert abs((datetime.fromisoformat(date) - datetime.now(UTC)).total_seconds()) > 3000, "its clock was wrong indeed"
