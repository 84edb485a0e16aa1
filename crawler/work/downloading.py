"""Downloads of a worker's runs: one client, and nothing of a lost lane."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from attrs import frozen
from scrapy import Request
from scrapy.http import Response

from crawler.errors import Unreachable
from crawler.frontier.lane_names import lane_name
from crawler.http.client import Client
from crawler.http.handler import ArchiveDownloadHandler
from crawler.items import LeasedRequest
from crawler.items import request_meta as keys
from crawler.sites.known import WEB
from crawler.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy.core.downloader import Downloader
    from scrapy.crawler import Crawler

    from crawler.frontier.run_scope import RunScope

HANDLER = "crawler.work.downloading.LaneHandler"


_AGAIN_SECONDS = 1.0
"""Before a store that is away is asked again for a turn."""
_LATENESS = 0.05
"""Seconds by which a request may leave later than its turn."""


@frozen
class SharedHosts:
    """Turns at hosts that belong to no lane held.

    Workers of other publishers may ask them at the same time.

    Args:
        take_turn: Of the job store.
        owners: Names of sites by host.
    """

    take_turn: Callable[[str, float], float]
    owners: Mapping[str, str]

    async def wait(self, url: str, lanes: set[str], gap: float, check: Callable[[], None]) -> None:
        """Wait for a turn at a request's host, unless a lane held has it.

        Args:
            check: Raises an error if the request may not be sent any more; asked while the store is away.
        """
        if lane_name(WEB.name, url, self.owners) in lanes:
            return
        while True:
            try:
                seconds = await asyncio.to_thread(self.take_turn, host_of(url), gap + _LATENESS)
            except Unreachable:
                await asyncio.sleep(_AGAIN_SECONDS)
                check()
            else:
                await asyncio.sleep(seconds)
                return


class LaneHandler(ArchiveDownloadHandler):
    """Download handler of one run, which asks whether its lane is held before each request.

    Redirect hops, robots.txt and what pages need of foreign hosts pass here, too: they belong to the lane of the row that led to them.
    """

    client: Client
    """Of all runs; set by the worker before the first one."""
    shared_hosts: SharedHosts | None = None
    """Turns at hosts that other workers may ask, too; set by the worker of a shared frontier."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler, self.client)
        run = crawler.spider.run  # type: ignore[union-attr]
        self._scope: RunScope = run.scope
        self._frontier = run.frontier
        self._crowd = run.dispatcher.pace.crowd
        self._crawler = crawler
        self._turns: dict[int, tuple[str, float]] = {}
        """By request under way: its host, and the seconds until the next one to it."""

    @property
    def _downloader(self) -> Downloader:
        return self._crawler.engine.downloader

    async def download_request(self, request: Request) -> Response:
        """Fetch one request if its lane is held.

        Raises:
            LaneLost: It is not; nothing was sent.
        """
        self.check(request)
        slot = self._downloader.slots.get(request.meta.get(keys.SLOT, ""))
        if slot is not None and slot.delay:
            host, gap = host_of(request.url), slot.delay * (1 - slot.jitter)
            if (wait := self._crowd.turn(host, gap)) > 0:
                await asyncio.sleep(wait)
            if self.shared_hosts is not None:
                await self.shared_hosts.wait(request.url, self._scope.lanes, gap, lambda: self.check(request))
            self._turns[id(request)] = host, gap
        try:
            return await super().download_request(request)
        finally:
            self._turns.pop(id(request), None)

    def check(self, request: Request) -> None:
        """Raise `LaneLost` for a request that must not be sent now."""
        if (turn := self._turns.get(id(request))) is not None:
            self._crowd.sent(*turn)  # the loop may have stood still since the turn was taken
        lease, scope = request.meta.get(keys.LEASE), self._scope
        if not isinstance(lease, LeasedRequest):
            return
        row = self._frontier.leased(lease.key)
        lane = row.lane if row is not None and row.lane else scope.lane_of(lease.site, lease.url)
        if row is not None or lane in scope.lanes or lane in scope.past or not any(map(scope.may_ask, scope.lanes)):
            scope.check(lane)  # else it is the robots.txt of a host to which a redirect of a lane that is held has led

    async def close(self) -> None:
        """Leave the client to the other runs."""
