"""Ending a running crawl: in order, or at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.05


class Stoppable(Protocol):
    """A Scrapy crawler, as far as it matters here."""

    crawling: bool
    _engine: Any

    async def stop_async(self) -> None:
        """Finish what is in flight and end."""


def from_handler(call: Callable[..., object], *arguments: object) -> None:
    """Have the event loop call something soon; for signal handlers, which may do no more than that."""
    from twisted.internet import reactor

    reactor.callFromThread(call, *arguments)


def stop_crawl(crawler: Stoppable) -> None:
    """Begin an orderly end: what is in flight is finished."""
    logger.info("stop-asked")
    _stops.add(asyncio.ensure_future(_stop(crawler)))


async def _stop(crawler: Stoppable) -> None:
    # Scrapy forgets a stop that it is asked for before its engine runs.
    while crawler.crawling and not (crawler._engine is not None and crawler._engine.running):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(_LOOK_SECONDS)
    await crawler.stop_async()


def stop_reactor() -> None:
    """End the event loop at once."""
    from twisted.internet import reactor

    with suppress(RuntimeError):  # it is ending already
        reactor.stop()  # type: ignore[misc]


_stops: set[asyncio.Future[None]] = set()
"""So that nobody collects them before they are done."""
