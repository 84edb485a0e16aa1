"""Ending a running crawl: in order, or at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from attrs import define, field

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.05


class Stoppable(Protocol):
    """A Scrapy crawler, as far as it matters here."""

    crawling: bool
    _engine: Any

    async def stop_async(self) -> None:
        """Finish what is in flight and end."""


def from_handler(call: Callable[..., object], *arguments: object) -> None:
    """Have the event loop call something soon: a signal handler may do no more."""
    from twisted.internet import reactor

    reactor.callFromThread(call, *arguments)


@define
class CrawlStopper:
    """Orderly end of a crawl: what is in flight is finished."""

    _crawler: Stoppable
    _task: asyncio.Future[None] | None = field(default=None, init=False)

    def stop(self) -> None:
        """Begin the end; in the event loop."""
        logger.info("stop-asked")
        if self._task is None:
            self._task = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        # Scrapy forgets a stop that it is asked for before its engine runs.
        crawler = self._crawler
        while crawler.crawling and not (crawler._engine is not None and crawler._engine.running):  # noqa: ASYNC110 - Scrapy has no signal for it
            await asyncio.sleep(CHECK_SECONDS)
        await crawler.stop_async()


def stop_reactor() -> None:
    """End the event loop at once."""
    from twisted.internet import reactor

    with suppress(RuntimeError):  # it is ending already
        reactor.stop()  # type: ignore[misc]
