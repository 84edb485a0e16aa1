"""A worker without Scrapy and without a collection: it claims lanes, asks for pages, and tells the shared frontier; as fast as it can.

    python light_worker.py PORT DELAY LEASE FRONTIER      # reads names, one a line, and forks a worker of each

Page k of host n finds page 2k + 1 of its own host and page 2k + 2 of the next, so half of all rows are found by holders of other lanes, and
lanes run empty and are woken all the time.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import sys
import threading
import time
from collections import deque
from datetime import UTC, datetime
from uuid import uuid4

from attrs import define, field

from crawler.cluster.rows import SharedRow
from crawler.cluster.store import PgJobStore
from crawler.jobs.held import HeldLanes, margin
from crawler.jobs.rows import Claim, LaneState, Part

BATCH, BATCH_SECONDS = 32, 0.02


@define(kw_only=True)
class Lane:
    """A lane held: its rows to be asked for, and when the next may be."""

    claim: Claim
    parts: list[Part]
    rows: deque[str]
    known: set[str]
    following: float = 0.0


@define(kw_only=True)
class LightWorker:
    """One worker.

    Args:
        pages: Of each host.
        hosts: How many.
    """

    name: str
    store: PgJobStore
    port: int
    hosts: int
    pages: int
    delay: float
    lease: float
    most: int = 12
    lanes: dict[str, Lane] = field(factory=dict, init=False)
    held: HeldLanes = field(factory=HeldLanes, init=False)
    _told: list[tuple[str, str, str]] = field(factory=list, init=False)
    _told_at: float = field(default=0.0, init=False)
    _connection: http.client.HTTPConnection = field(init=False)

    def work(self) -> None:
        """Work until killed."""
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        threading.Thread(target=self._renew, daemon=True).start()
        while True:
            if len(self.lanes) < self.most:
                self._claim()
            if not self._round():
                time.sleep(0.005)
            if self._told and (len(self._told) >= BATCH or time.monotonic() - self._told_at > BATCH_SECONDS):
                self._tell()

    def _claim(self) -> None:
        self._tell()  # nothing that was found while a lane was not held is told under its token
        for claim in self.store.claim(self.name, self.most - len(self.lanes), lease=self.lease):
            states = {claim.lane: LaneState(delay=self.delay)}
            if claim.lane not in self.store.renew(self.name, states, lease=self.lease):
                continue
            parts = [Part(id=uuid4().hex, job=job.id, worker=self.name, lanes=(claim.lane,), started=datetime.now(UTC)) for job in claim.jobs]
            for part in parts:
                self.store.begin_part(part)
            rows = {row.key: row.state for row in self.store.pull(claim.lane)}
            waiting = deque(key for key, state in rows.items() if state == "queued")
            self.lanes[claim.lane] = Lane(claim=claim, parts=parts, rows=waiting, known=set(rows))
            self._find(claim.lane, f"http://{claim.lane}/")
            self.held.take(claim.lane, token=claim.token, deadline=claim.deadline - margin(self.lease))

    def _round(self) -> bool:
        """Ask one page of each lane whose turn it is; False if none was."""
        asked = False
        for name, lane in list(self.lanes.items()):
            if not self.held.holds(name):
                self._drop(name)
            elif not lane.rows:
                self._end(name)
            elif time.monotonic() >= lane.following:
                self._ask(name, lane, lane.rows.popleft())
                asked = True
        return asked

    def _ask(self, name: str, lane: Lane, key: str) -> None:
        path = key.removeprefix(f"http://{name}")
        if not self.held.holds(name):
            self._drop(name)
            return
        self._connection.request("GET", path, headers={"Host": name, "User-Agent": f"light {self.name}"})
        lane.following = time.monotonic() + self.delay
        answer = self._connection.getresponse()
        answer.read()
        self._add(name, key, "done" if answer.status == 200 else "failed")
        page, number = int(path[1:] or 0), int(name[1:].partition(".")[0])
        if (own := 2 * page + 1) < self.pages:
            self._find(name, f"http://{name}/{own}")
        if (next_ := 2 * page + 2) < self.pages:
            other = f"h{(number + 1) % self.hosts}.example"
            self._find(other, f"http://{other}/{next_}")

    def _find(self, lane: str, key: str) -> None:
        """Queue a row, unless it is known in a lane held."""
        held = self.lanes.get(lane)
        if held is None or key not in held.known:
            self._add(lane, key, "queued")
            if held is not None:
                held.known.add(key)
                held.rows.append(key)

    def _add(self, lane: str, key: str, state: str) -> None:
        if not self._told:
            self._told_at = time.monotonic()
        self._told.append((lane, key, state))

    def _tell(self) -> None:
        if not self._told:
            return
        now = datetime.now(UTC).isoformat()
        told, self._told = self._told, []
        rows = [SharedRow(key=key, lane=lane, job=JOB, state=state, due=now, priority=0, columns={"url": key}) for lane, key, state in told]
        self.store.push(self.name, {name: lane.claim.token for name, lane in self.lanes.items()}, rows)

    def _end(self, name: str) -> None:
        """Give a lane back that has run empty."""
        self._tell()
        if self.lanes[name].rows:
            return
        lane = self.lanes.pop(name)
        for part in lane.parts:
            self.store.end_part(part)
        self.held.drop([name])
        self.store.release(self.name, name, LaneState(delay=self.delay))

    def _drop(self, name: str) -> None:
        """Forget a lane whose deadline has passed."""
        self._tell()
        self.lanes.pop(name, None)
        self.held.drop([name])

    def _renew(self) -> None:
        while True:
            time.sleep(self.lease / 3)
            claims = self.store.renew(self.name, {name: LaneState(delay=self.delay) for name in list(self.lanes)}, lease=self.lease)
            for name, claim in claims.items():
                lane = self.lanes.get(name)
                if lane is not None and lane.claim.token == claim.token:
                    self.held.take(name, token=claim.token, deadline=claim.deadline - margin(self.lease))


JOB = "0" * 31 + "1"


def main() -> None:
    """Fork a worker of each name that is read."""
    import crawler.cluster.rows
    import crawler.jobs.held  # noqa: F401 - before the forks
    from crawler.cluster.store import PgJobStore

    port, hosts, pages, delay, lease, frontier = sys.argv[1:]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            with contextlib.suppress(KeyboardInterrupt):
                LightWorker(
                    name=line.strip(), store=PgJobStore(frontier), port=int(port), hosts=int(hosts), pages=int(pages), delay=float(delay),
                    lease=float(lease),
                ).work()  # fmt: skip
            os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
