"""Where the parts of a running crawl find the run they belong to."""

from __future__ import annotations

from typing import Any, Protocol

from crawler.crawl.run import Run
from crawler.errors import SetupError

_SETTING = "ARCHIVE_RUN"


class HasSettings(Protocol):
    """A Scrapy crawler, as far as it matters here."""

    settings: Any


def attach(crawler: HasSettings, run: Run) -> None:
    """Give a crawler, not yet started, its run."""
    crawler.settings.set(_SETTING, run, priority="cmdline")


def find_run(crawler: HasSettings) -> Run | None:
    """The run of a crawler, or None outside `scrapy crawl` (`scrapy shell`, `scrapy fetch`)."""
    run = crawler.settings.get(_SETTING)
    return run if isinstance(run, Run) else None


def run_of(crawler: HasSettings) -> Run:
    """The run of a crawler.

    Raises:
        SetupError: It has none: it was not started by `scrapy crawl`.
    """
    run = find_run(crawler)
    if run is None:
        raise SetupError("no collection is open: start crawls with `scrapy crawl SITE`")
    return run
