"""The job store against a plain model in memory, through random sequences of calls, deaths and pauses."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from crawler.jobs.rows import Job, LaneState, Part, Schedule
from crawler.jobs.sqlite_store import SqliteJobStore

LANES = ("a", "b", "c")
START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
lanes = st.lists(st.sampled_from(LANES), min_size=1, max_size=3, unique=True).map(tuple)


@attrs.define
class Entry:
    state: str
    due: float
    more: bool = False


@attrs.define
class Lane:
    held: bool = False
    token: int = 0
    free_at: float = 0.0


class Machine(RuleBasedStateMachine):
    """One worker, killed now and then, and users that enqueue."""

    jobs = Bundle("jobs")
    parts = Bundle("parts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.time = 0.0
        self.number = 0
        self.entries: dict[tuple[str, str], Entry] = {}
        self.order: list[str] = []
        self.lanes = {lane: Lane() for lane in LANES}
        self.left: dict[str, int] = {}
        self.schedules: dict[str, list[float]] = {}
        self.made: dict[str, str | None] = {}

    @initialize()
    def begin(self) -> None:
        self.store = self.opened()

    def opened(self) -> SqliteJobStore:
        return SqliteJobStore(Path(self.folder.name) / "jobs.db", now=lambda: self.now, ticks=lambda: 10.0 + self.time)

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.time)

    def fresh(self) -> str:
        self.number += 1
        return f"{self.number:032x}"

    def is_open(self, job: str) -> bool:
        return any(entry.state != "ended" for (of, _), entry in self.entries.items() if of == job)

    def waits(self, job: str, lane: str) -> None:
        entry = self.entries.setdefault((job, lane), Entry("ended", 0.0))
        if entry.state == "running":
            entry.more = True
        elif entry.state == "ended":
            entry.state, entry.due = "waiting", self.time
        else:
            entry.due = min(entry.due, self.time)

    def known(self, job: str, lanes: tuple[str, ...], schedule: str | None = None) -> None:
        self.order.append(job)
        self.made[job] = schedule
        for lane in lanes:
            self.waits(job, lane)

    # -- users

    @rule(target=jobs, lanes=lanes, most=st.integers(0, 9))
    def enqueue(self, lanes: tuple[str, ...], most: int) -> Any:
        job = Job(id=self.fresh(), site="web", arguments={"max_pages": str(most)}, created=self.now, lanes=lanes)
        with closing(self.opened()) as user:
            user.enqueue(job)
        self.known(job.id, lanes)
        self.left[job.id] = most
        return job

    @rule(job=jobs)
    def enqueue_again(self, job: Job) -> None:
        self.store.enqueue(job)

    @rule(name=st.sampled_from("xy"), every=st.sampled_from([10.0, 60.0]), lane=st.sampled_from(LANES))
    def schedule(self, name: str, every: float, lane: str) -> None:
        one = Schedule(id=f"{name}{self.fresh()}", site=name, lanes=(lane,), every=every, next_at=self.now)
        self.store.schedule(one)
        before = self.schedules.get(name)
        self.schedules[name] = [every, min(before[1], self.time + every) if before else self.time]

    @rule(most=st.integers(1, 5), job=jobs)
    def take(self, most: int, job: Job) -> None:
        taken = min(most, self.left[job.id])
        assert self.store.take_budget(job.id, "max_pages", most) == taken
        self.left[job.id] -= taken

    # -- time, and the worker

    @rule(seconds=st.sampled_from([1.0, 7.0, 100.0]))
    def wait(self, seconds: float) -> None:
        self.time += seconds

    @rule()
    def fire(self) -> None:
        expected = set()
        for name, one in self.schedules.items():
            if one[1] <= self.time:
                while one[1] <= self.time:
                    one[1] += one[0]
                if not any(self.is_open(job) for job, of in self.made.items() if of == name):
                    expected.add(name)
        made = self.store.fire(self.now)
        assert {job.site for job in made} == expected
        for job in made:
            self.known(job.id, job.lanes, schedule=job.site)
            self.left[job.id] = 10**9

    @rule(most=st.integers(1, 3))
    def claim(self, most: int) -> None:
        due = {
            lane: min(entry.due for (_, of), entry in self.entries.items() if of == lane and entry.state == "waiting" and entry.due <= self.time)
            for lane in LANES if self.due(lane) and not self.lanes[lane].held and self.lanes[lane].free_at <= self.time
        }  # fmt: skip
        claims = self.store.claim("work", most, lease=60)
        assert [claim.lane for claim in claims] == sorted(due, key=lambda lane: (due[lane], lane))[:most]
        for claim in claims:
            lane = self.lanes[claim.lane]
            assert claim.token > lane.token
            lane.held, lane.token = True, claim.token
            assert [job.id for job in claim.jobs] == self.due(claim.lane)

    def due(self, lane: str) -> list[str]:
        found = [(self.entries[job, lane], job) for job in self.order if (job, lane) in self.entries]
        return [job for entry, job in sorted(found, key=lambda one: one[0].due) if entry.state == "waiting" and entry.due <= self.time]

    @rule(lane=st.sampled_from(LANES))
    def renew(self, lane: str) -> None:
        held = self.store.renew("work", {lane: LaneState()}, lease=60)
        assert set(held) == ({lane} if self.lanes[lane].held else set())
        if held:
            assert [job.id for job in held[lane].jobs] == self.due(lane)

    @rule(lane=st.sampled_from(LANES), delay=st.sampled_from([0.0, 5.0]))
    def release(self, lane: str, delay: float) -> None:
        self.store.release("work", lane, LaneState(delay=delay))
        if self.lanes[lane].held:
            self.lanes[lane].held, self.lanes[lane].free_at = False, self.time + delay
            self.stopped(lane)

    def stopped(self, lane: str) -> None:
        for (_, of), entry in self.entries.items():
            if of == lane and entry.state == "running":
                entry.state, entry.due, entry.more = "waiting", self.time, False

    @rule(target=parts, job=jobs, lanes=lanes)
    def begin_part(self, job: Job, lanes: tuple[str, ...]) -> Any:
        part = Part(id=self.fresh(), job=job.id, worker="work", lanes=lanes, started=self.now)
        self.store.begin_part(part)
        for lane in lanes:
            entry = self.entries.get((job.id, lane))
            if entry and self.lanes[lane].held and entry.state == "waiting":
                entry.state = "running"
        return part

    @rule(part=parts, later=st.sampled_from([None, 0.0, 20.0]), code=st.sampled_from([0, 10]))
    def end_part(self, part: Part, later: float | None, code: int) -> None:
        again = None if later is None else self.now + timedelta(seconds=later)
        self.store.end_part(attrs.evolve(part, ended=self.now, exit_code=code), again=again)
        for lane in part.lanes:
            entry = self.entries.get((part.job, lane))
            if not entry or not self.lanes[lane].held or entry.state == "ended":
                continue
            if later is None and not entry.more:
                entry.state = "ended"
            else:
                entry.state, entry.due = "waiting", self.time if entry.more or later is None else self.time + later
            entry.more = False

    @rule(job=jobs, lanes=lanes)
    def add_lanes(self, job: Job, lanes: tuple[str, ...]) -> None:
        self.store.add_lanes(job.id, lanes)
        for lane in lanes:
            self.waits(job.id, lane)

    @precondition(lambda self: any(lane.held for lane in self.lanes.values()))
    @rule()
    def die(self) -> None:
        """The process is gone; the next one works at once."""
        self.store.close()
        self.store = self.opened()
        self.store.claim("work", 0, lease=60)
        for name, lane in self.lanes.items():
            if lane.held:
                lane.held = False
                lane.free_at = self.time + self.delay_of(name)
            self.stopped(name)

    def delay_of(self, lane: str) -> float:
        return float(self.store._conn.execute("SELECT delay FROM lanes WHERE lane = ?", (lane,)).fetchone()[0])

    # -- what always holds

    @invariant()
    def the_store_stands_as_the_model_does(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.store.idle() == (not any(map(self.is_open, self.order)) and not any(lane.held for lane in self.lanes.values()))
        assert [job.id for job in self.store.jobs(open_only=True, most=1000)] == [job for job in reversed(self.order) if self.is_open(job)]
        for one in self.store.lanes():
            entries = [entry for (_, lane), entry in self.entries.items() if lane == one["lane"]]
            assert bool(one["owner"]) == self.lanes[str(one["lane"])].held
            assert one["waiting"] == sum(entry.state == "waiting" for entry in entries)
            assert one["running"] == sum(entry.state == "running" for entry in entries)
        assert {one.site: (one.next_at - START).total_seconds() for one in self.store.schedules()} == {
            name: one[1] for name, one in self.schedules.items()
        }  # fmt: skip

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        self.folder.cleanup()


TestStoreAgainstModel = Machine.TestCase
TestStoreAgainstModel.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
