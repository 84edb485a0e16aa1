"""Share of a limit that all parts of a job have together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define, field
from scrapy.exceptions import DontCloseSpider

from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from crawler.crawl.dispatcher import Dispatcher
    from crawler.jobs.protocol import JobStore

logger = logging.getLogger(__name__)

AT_ONCE = 10
"""Pages taken from the limit at a time: so many at most are lost to it when a worker is killed."""


@define(kw_only=True, eq=False)
class Allowance:
    """Pages that one part may ask for: a few of the job's limit."""

    store: JobStore
    job: str
    name: str
    """`max_pages` or `max_stories`."""
    dispatcher: Dispatcher
    wake: Callable[[], None]
    _task: asyncio.Task[None] | None = field(default=None, init=False)
    _spent: bool = field(default=False, init=False)

    async def top_up(self) -> None:
        """Take some more."""
        try:
            taken = await asyncio.to_thread(self.store.take_budget, self.job, self.name, AT_ONCE)
        except ArchiveError as error:
            logger.warning("budget-untaken job=%s error=%s", self.job, error)
            await asyncio.sleep(1.0)
            return
        self.dispatcher.most = (self.dispatcher.most or 0) + taken
        self._spent = taken == 0
        self.wake()

    def idle(self) -> None:
        """Go on while the job has something left.

        Raises:
            DontCloseSpider
        """
        if self._spent or not self.dispatcher.enough():
            return
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self.top_up())
        raise DontCloseSpider
