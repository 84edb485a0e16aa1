"""A crawl that runs in this process, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from attrs import define

from crawler.crawl.opening import finish_run
from crawler.crawl.run import Run
from crawler.errors import EXIT_SETUP, ArchiveError

if TYPE_CHECKING:
    from crawler.crawl.report import Report

STOPPED_SECONDS = 15.0
"""For which a run that was stopped waits for its store."""


class Uploads(Protocol):
    """The part of an uploader that the end of a run needs."""

    def settled(self, seconds: float) -> ArchiveError | None:
        """Wait until all is uploaded; return what kept it from that."""

    def close(self) -> None:
        """End."""


@define(kw_only=True)
class Started:
    """One of the crawls that run in this process."""

    run: Run
    spider: Any
    """Class of the spider."""
    texts: Mapping[str, str]
    began: float
    ended: float | None = None
    """By the monotonic clock."""
    failed: bool = False
    """Whether its spider could not start."""
    crawler: Any = None
    """Scrapy's, once it is made."""
    uploader: Uploads | None = None

    def end(self, task: object) -> None:
        """Take note of the end of its crawler."""
        self.ended = monotonic()
        if isinstance(task, asyncio.Future):
            self.failed = task.cancelled() or task.exception() is not None

    @property
    def finish_reason(self) -> str:
        """Scrapy's word for its end."""
        if self.failed or self.crawler is None:
            return "start_error"
        # A forced stop (second signal, slow servers) leaves no reason.
        return str(self.crawler.stats.get_value("finish_reason") or "shutdown")


def finish(started: Started, patience: float) -> Report | ArchiveError:
    """Finish a run and report on it."""
    # Its time is that until its own end, not that of the last run.
    waited = monotonic() - started.ended if started.ended is not None else 0.0
    exit_code, uploader = EXIT_SETUP if started.failed else None, started.uploader

    def upload() -> ArchiveError | None:
        # A run that was stopped does not wait for a store that is away.
        most = patience if started.finish_reason == "finished" else min(patience, STOPPED_SECONDS)
        return uploader.settled(most) if uploader is not None else None

    try:
        return finish_run(
            started.run, finish_reason=started.finish_reason, began=started.began + waited, exit_code=exit_code, upload=upload
        )  # fmt: skip
    except ArchiveError as error:
        return error
    finally:
        if uploader is not None:
            uploader.close()
