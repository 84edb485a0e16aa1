"""Lanes that the worker holds: claimed, renewed by a thread, released."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from attrs import define, evolve, field

from crawler.errors import ArchiveError, Unreachable
from crawler.jobs.held import HeldLanes, margin
from crawler.jobs.options import WorkOptions
from crawler.jobs.protocol import JobStore
from crawler.jobs.rows import Claim, LaneState

logger = logging.getLogger(__name__)


@define(kw_only=True, eq=False)
class LaneKeeper:
    """Claims of one worker, kept alive by a thread of its own.

    A deadline is that of the claim or renewal that was answered last: by this process's monotonic clock, read before it was sent. While
    the store is away nothing is extended, so nothing is asked for past it.
    """

    store: JobStore
    options: WorkOptions
    held: HeldLanes = field(factory=HeldLanes)
    states: Mapping[str, LaneState] = field(factory=dict)
    """Gathered last, by lane; a new mapping each time."""
    floor: float = 0.0
    """DOWNLOAD_DELAY: of lanes in which nothing was asked for yet."""
    tell: Callable[[], None] = lambda: None
    """Called in the thread after each renewal."""
    about: Callable[[], Mapping[str, object]] = dict
    """What other workers and `scrapy jobs` are told of this one."""
    claims: dict[str, Claim] = field(factory=dict, init=False)
    """By lane, as claimed or renewed last."""
    reached: float = field(factory=time.monotonic, init=False)
    """When the store last answered, by the monotonic clock."""
    trouble: ArchiveError | None = field(default=None, init=False)
    """A fault of the store that is no outage."""
    unbegun: set[str] = field(factory=set, init=False)
    """Lanes that were claimed and not handed out yet."""
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _ending: threading.Event = field(factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the thread that renews every third of the lease."""
        self._thread = threading.Thread(target=self._run, name="renewal of lanes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(self.options.lease)

    def claim(self, most: int) -> list[Claim]:
        """Take lanes, and renew them at once, so that the store knows their delay.

        What an earlier call claimed and could not hand out, as the store was away then, comes with them.

        Raises:
            Unreachable, CollectionLocked
        """
        found = self.store.claim(self.options.worker, most, lease=self.options.lease) if most > 0 else []
        self.reached = time.monotonic()
        with self._lock:
            for claim in found:
                self._take(claim)
                self.unbegun.add(claim.lane)
            new = [claim for lane, claim in self.claims.items() if lane in self.unbegun]
        if new:
            self.renew({claim.lane: evolve(claim.state, delay=max(claim.state.delay, self.floor)) for claim in new})
        with self._lock:
            given = [claim for claim in new if self.held.holds(claim.lane) and claim.lane in self.unbegun]
            self.unbegun -= {claim.lane for claim in given}
        return given

    def renew(self, states: Mapping[str, LaneState]) -> None:
        """Extend the deadlines of lanes; those that another worker holds are dropped.

        Raises:
            Unreachable
        """
        tokens = {lane: claim.token for lane, claim in list(self.claims.items()) if lane in states}
        still = self.store.renew(self.options.worker, states, lease=self.options.lease)
        self.reached = time.monotonic()
        with self._lock:
            for lane, token in tokens.items():
                claim, now = still.get(lane), self.claims.get(lane)
                if now is None or now.token != token:
                    continue  # released meanwhile, or even claimed again
                if claim is None or claim.token != token:
                    logger.warning("lane-lost lane=%s", lane)
                    self._drop(lane)
                else:
                    self._take(claim)

    def _take(self, claim: Claim) -> None:
        self.claims[claim.lane] = claim
        self.held.take(claim.lane, token=claim.token, deadline=claim.deadline - margin(self.options.lease))

    def drop(self, lane: str) -> None:
        """Hold a lane no longer, whatever the store says."""
        with self._lock:
            self._drop(lane)

    def _drop(self, lane: str) -> None:
        self.claims.pop(lane, None)
        self.unbegun.discard(lane)
        self.held.drop([lane])

    def release(self, lane: str, state: LaneState) -> None:
        """Give a lane back.

        Raises:
            Unreachable: Its lease runs out by itself.
        """
        self.drop(lane)
        self.store.release(self.options.worker, lane, state)
        self.reached = time.monotonic()

    def overdue(self) -> float:
        """Seconds since the store was reached."""
        return time.monotonic() - self.reached

    def _run(self) -> None:
        wait = 0.0  # at once: workers that are known to live have a share of the lanes
        while not self._ending.wait(wait):
            wait = self.options.lease / 3
            try:
                lanes = list(self.claims)
                states = self.states
                self.renew({lane: states.get(lane, self.claims[lane].state) for lane in lanes if lane in self.claims})
                self.store.beat(self.options.worker, self.about())
            except Unreachable as error:
                # Tried again soon: the lanes are held until their deadlines only.
                wait = min(1.0, self.options.lease / 10)
                logger.warning("store-away seconds=%.0f error=%s", self.overdue(), error)
            except ArchiveError as error:
                self.trouble = error
            except Exception:
                logger.exception("renewal-fault")
            self.tell()
