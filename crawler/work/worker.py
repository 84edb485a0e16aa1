"""Loop of a worker: claims lanes, runs parts of jobs on them, releases them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from attrs import define, evolve, field

from crawler import clock
from crawler.errors import EXIT_COMPLETE, EXIT_SIGNAL, EXIT_UNREACHABLE, EXIT_WRITE_FAILED, ArchiveError, SetupError, Unreachable
from crawler.jobs.rows import Claim, LaneState
from crawler.work.crawlers import collect
from crawler.work.lane_keeper import LaneKeeper
from crawler.work.lane_states import without_given_up
from crawler.work.part_run import STOPPED, PartRun, refused
from crawler.work.parts import Parts
from crawler.work.shard import Shard
from crawler.work.told import Told

if TYPE_CHECKING:
    from crawler.jobs.protocol import JobStore

logger = logging.getLogger(__name__)

T = TypeVar("T")

TURN_SECONDS = 1.0
"""Between two looks at what waits, if nothing happens before."""
SCHEDULE_SECONDS = 5.0
"""Between two looks at schedules."""
AGAIN_SECONDS = 1.0
"""Before a store that is away is asked again."""
MOST_GRACE = 20.0
"""Seconds that what is in flight may take at the end, at most: a stop takes no more than 30."""
COLLECT_PARTS = 10
"""Parts whose leavings are collected together."""


@define(kw_only=True, eq=False)
class Worker:
    """One worker, from its first claim to its last release."""

    store: JobStore
    shard: Shard
    keeper: LaneKeeper
    parts: Parts
    told: Told
    grace: float
    """ARCHIVE_SHUTDOWN_SECONDS."""
    until_idle: bool = False
    stopping: bool = field(default=False, init=False)
    exit_code: int = field(default=EXIT_COMPLETE, init=False)
    """Why it ends before its work is done; 0 until then."""
    turned: float = field(factory=time.monotonic, init=False)
    """When the loop turned last, by the monotonic clock."""
    _wake: asyncio.Event = field(factory=asyncio.Event, init=False)
    _running: dict[asyncio.Task[None], PartRun] = field(factory=dict, init=False)
    _beginning: set[asyncio.Task[None]] = field(factory=set, init=False)
    _gates: dict[str, asyncio.Lock] = field(factory=dict, init=False)
    """By job: held while a lane is added to it."""
    _scheduled: float = field(default=0.0, init=False)
    _gathered: float = field(default=0.0, init=False)
    _ended: int = field(default=0, init=False)
    _trouble: ArchiveError | None = field(default=None, init=False)
    _store_gone: bool = field(default=False, init=False)
    """It could not be reached while the worker ended."""

    # -- from outside

    def stop(self) -> None:
        """Begin the end: a signal came; in the event loop."""
        self._end(EXIT_SIGNAL)

    def _end(self, code: int) -> None:
        self.stopping, self.exit_code = True, self.exit_code or code
        self.store.hurry()
        self._wake.set()

    @property
    def running(self) -> list[PartRun]:
        """The parts that run now."""
        return list(self._running.values())

    # -- the loop

    async def work(self) -> int:
        """Work until idle, a signal or a fault; return the exit code.

        Raises:
            ArchiveError: The store cannot be worked on.
        """
        self.keeper.start()
        try:
            while not self.stopping:
                self._wake.clear()
                self.turned = time.monotonic()
                await self._turn()
                if self.stopping or (self.until_idle and await self._is_idle()):
                    break
                await _within(self._wake.wait(), TURN_SECONDS)
        finally:
            await self._end_all()
        if self._trouble is not None:
            raise self._trouble
        return self.exit_code or self.told.exit_code

    async def _turn(self) -> None:
        if self.keeper.trouble is not None:
            raise self.keeper.trouble
        self._look_after()
        now = time.monotonic()
        try:
            if now - self._scheduled >= SCHEDULE_SECONDS:
                for job in await asyncio.to_thread(self.store.fire, clock.now()):
                    logger.info("job-scheduled job=%s site=%s", job.id, job.site)
                self._scheduled = now
            await self.parts.renewed(self.running)
            await self.parts.let_lanes_go(self.running, self.told, full=self._room() <= 0)
            if (room := self._room()) > 0 or self.keeper.unbegun:
                for claim in await asyncio.to_thread(self.keeper.claim, room):
                    self._start(claim)
        except Unreachable as error:
            if self.keeper.overdue() >= self.keeper.options.wait:
                logger.critical("store-unreachable seconds=%.0f error=%s", self.keeper.overdue(), error)
                self._end(EXIT_UNREACHABLE)

    def _room(self) -> int:
        return self.keeper.options.lanes - len(self.keeper.claims)

    def _look_after(self) -> None:
        """Look at the parts that run: deadlines, disk, states to be saved."""
        collection, now = self.shard.collection, time.monotonic()
        full = collection.broken or collection.disk.out_of_patience()
        if full:
            for part in self.running:
                part.crawler.stop("write-failed")
            logger.critical("write-failed %s", full)
            self._end(EXIT_WRITE_FAILED)
        for part in self.running:
            part.lose()
        if now - self._gathered >= self.keeper.options.lease / 6:
            self._gathered = now
            self.keeper.states = {lane: state for part in self.running for lane, state in part.gather().items()}

    def _start(self, claim: Claim) -> None:
        task = asyncio.ensure_future(self._started(claim))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _started(self, claim: Claim) -> None:
        """Begin what a claim is for, and follow it to its end."""
        job = claim.jobs[0].id if claim.jobs else ""
        try:
            # One after the other: lanes of a job over seeds go to the part that the first of them begins.
            async with self._gates.setdefault(job, asyncio.Lock()):
                part = None if self.stopping or not job else await self.parts.begin(claim, self.running, self.told)
                if part is not None:
                    self._follow(part)
        except Unreachable as error:
            logger.warning("store-away lane=%s error=%s", claim.lane, error)
            part = None
        except Exception:
            logger.exception("part-fault lane=%s", claim.lane)
            part = None
        if part is None and not any(claim.lane in one.scope.lanes for one in self.running):
            await self._released([claim.lane])
        if (gate := self._gates.get(job)) is not None and not gate.locked():
            del self._gates[job]
        self._wake.set()

    def _follow(self, part: PartRun) -> None:
        if self.stopping:
            part.crawler.stop(STOPPED)
        task = part.crawler.start()
        self._running[asyncio.ensure_future(self._followed(part, task))] = part

    async def _followed(self, part: PartRun, crawling: asyncio.Task[None]) -> None:
        await asyncio.wait({crawling})
        try:
            await self._finished(part)
        except Exception as error:
            # A fault of ours: the part counts as failed, and its lanes go on to what waits next.
            logger.exception("part-end-fault part=%s", part.part.id)
            await self._failed(part, error)
        finally:
            for task in [task for task, one in self._running.items() if one is part]:
                del self._running[task]
            part.let_go()
            self._ended += 1
            if self._ended % COLLECT_PARTS == 0:
                collect()
            self._wake.set()

    async def _finished(self, part: PartRun) -> None:
        """Report on a part, tell the store, and give its lanes back."""
        lanes, states = sorted(part.scope.lanes), part.gather()
        left = part.left_open()
        report = await part.end()
        ended, again = part.ended(report), part.again(report)
        if left and again is None:
            # They came as its crawler was ending.
            now, rest = clock.now(), evolve(ended, id=uuid4().hex, lanes=tuple(left), exit_code=EXIT_SIGNAL, reason="not begun")
            await self._asked(lambda: self.parts.told_end(rest, now))
        self.told.part(ended, part.job, report, again)
        if again is None:
            # Whoever takes the lane for another job asks these hosts again.
            states = {lane: without_given_up(state) for lane, state in states.items()}
        await self._asked(lambda: self.parts.told_end(ended, again))
        await self._released(lanes, states)

    async def _failed(self, part: PartRun, error: Exception) -> None:
        """Give up a part whose end has failed."""
        ended = refused(part.part, SetupError(f"{type(error).__name__}: {error}"))
        self.told.part(ended, part.job, None, None)
        await self._asked(lambda: self.parts.told_end(ended, None))
        await self._released(sorted(part.scope.lanes))

    async def _released(self, lanes: list[str], states: dict[str, LaneState] | None = None) -> None:
        for lane in lanes:
            claim = self.keeper.claims.get(lane)
            state = (states or {}).get(lane) or (claim.state if claim else None)
            if state is not None:
                await self._asked(lambda lane=lane, state=state: self.keeper.release(lane, state))  # type: ignore[misc]

    async def _asked(self, call: Callable[[], T]) -> T | None:
        """Ask the store in a thread, again while it is away; at last None.

        At the end it is asked until it cannot be reached once: lanes that are not given back run out by themselves.
        """
        while not self._store_gone:
            try:
                return await asyncio.to_thread(call)
            except Unreachable as error:
                self._store_gone = self.stopping
                if self.stopping or self.keeper.overdue() >= self.keeper.options.wait:
                    logger.warning("store-untold error=%s", error)
                    return None
                await asyncio.sleep(AGAIN_SECONDS)
        return None

    async def _is_idle(self) -> bool:
        """Tell whether nothing runs, and no job waits."""
        if self._running or self._beginning:
            return False
        try:
            return await asyncio.to_thread(self.store.idle) and not await asyncio.to_thread(self._is_due)
        except Unreachable:
            return False

    def _is_due(self) -> bool:
        return any(schedule.next_at <= clock.now() for schedule in self.store.schedules())

    # -- the end

    async def _end_all(self) -> None:
        """End all parts in time, and give the lanes back."""
        self.stopping = True
        if self._beginning:
            await asyncio.wait(self._beginning, timeout=MOST_GRACE / 2)
        for part in self.running:
            part.crawler.stop(STOPPED)
        if self._running:
            await asyncio.wait(list(self._running), timeout=min(self.grace, MOST_GRACE))
        if left := self.running:
            await asyncio.gather(*(part.crawler.give_up() for part in left))
            await asyncio.wait(list(self._running), timeout=5.0)
        await asyncio.to_thread(self.keeper.close)
        for lane in list(self.keeper.claims):
            await self._released([lane])


async def _within(waited: object, seconds: float) -> None:
    """Wait for something, but not longer than some seconds."""
    try:
        async with asyncio.timeout(seconds):
            await waited  # type: ignore[misc]
    except TimeoutError:
        pass
