"""No host starves: three hundred hosts of a slow web, played in a time of their own, each asked within three delays of the time it may be."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from runs import NOW, fixture_of_runs
from scrapy import Request
from targets import made

from crawler.crawl import dispatcher
from crawler.crawl.run import Run
from crawler.hosts.policy import RetryPolicy
from crawler.items import FrontierRequest
from crawler.pacing import pace
from crawler.pacing.pace import Pace
from crawler.sites.known import WEB
from crawler.spiders.paced_slots import PacedSlot
from crawler.urls import host_of

make = fixture_of_runs("web")


class Played:
    """A run whose requests take a time each, with so many at once, in a time that is moved by hand."""

    def __init__(self, run: Run, *, delay: float, at_once: int, takes: Callable[[], float], monkeypatch: pytest.MonkeyPatch) -> None:
        self.run, self.delay, self.at_once, self.takes, self.time = run, delay, at_once, takes, 1000.0
        self.slots: dict[str, PacedSlot] = {}
        self.sent: dict[str, list[float]] = defaultdict(list)
        self.ends: list[tuple[float, int, str, str, Request]] = []
        for module in (pace, dispatcher):
            monkeypatch.setattr(module, "monotonic", lambda: self.time)
        clock: Any = lambda: NOW + timedelta(seconds=self.time - 1000)  # noqa: E731
        # What is not committed counts in memory: nothing here waits for a disk.
        cast(Any, run.frontier)._unsaved._submit = lambda change, committed: None
        cast(Any, run.policy).clock = cast(Any, run.frontier)._clock = clock
        run.dispatcher.pace = Pace(delay=delay)
        run.dispatcher.use_slots(self.slots)

    def play(self) -> None:
        """Send what may be sent and let time pass, until all is done."""
        for number in range(100_000):
            while len(self.ends) < self.at_once and (lease := self.run.dispatcher.lease()) is not None:
                host, request = host_of(lease.url), Request(lease.url)
                slot = self.slots.setdefault(host, PacedSlot(1, self.delay, 0.3))
                # A request waits for the rest of its host's delay in its slot, and then for nothing.
                slot.lastseen = max(self.time, slot.ready_at())
                slot.transferring.add(request)
                self.sent[host].append(slot.lastseen)
                heapq.heappush(self.ends, (slot.lastseen + self.takes(), number * 1000 + len(self.ends), host, lease.key, request))
            wait = self.run.dispatcher.wait() if len(self.ends) < self.at_once else None
            wakes = self.time + wait + 0.001 if wait is not None else None
            if self.ends and (wakes is None or self.ends[0][0] <= wakes):
                self.time, _, host, key, request = heapq.heappop(self.ends)
                self.slots[host].transferring.discard(request)
                self.run.frontier.settle(key, "done")
            elif wakes is not None:
                self.time = wakes
            else:
                return
        raise AssertionError("the crawl does not end")


def test_no_host_waits_three_delays(make: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    # Sixteen requests of 0.4 s at once are 40 a second, and 300 hosts would take 60: all wait a little, none for long.
    delay, hosts, each, at_once, takes = 5.0, 300, 4, 16, 0.4
    random.seed(12)
    played = Played(
        make(WEB, retry=RetryPolicy(leases_per_host=4)), delay=delay, at_once=at_once, takes=lambda: takes * random.uniform(0.5, 1.5),
        monkeypatch=monkeypatch,
    )  # fmt: skip
    # Each host's rows in a row, as they come from its front page: the order in the table is not that of the hosts.
    rows = [(host, n) for host in range(hosts) for n in range(each)]
    played.run.frontier.add(
        [
            made(FrontierRequest, {"key": f"k{host}-{n}", "url": f"https://h{host}.example/{n}", "site": "web", "role": "page"})
            for host, n in rows
        ]
    )
    began = played.time
    played.play()
    assert sum(map(len, played.sent.values())) == hosts * each, "all were asked for"
    for host, times in played.sent.items():
        gaps = [later - sooner for sooner, later in zip([began, *times], times, strict=False)]
        assert max(gaps) <= 3 * delay, f"{host} waited {max(gaps):.1f} s"
        assert min(gaps[1:]) >= 0.7 * delay, f"{host} was asked after {min(gaps[1:]):.1f} s"
    assert played.time - began <= hosts * each * takes / at_once * 1.3, "places stood empty while hosts could be asked"
