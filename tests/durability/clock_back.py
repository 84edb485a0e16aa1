"""`scrapy` with a clock that goes wrong: `clock_back.py SECONDS [AFTER STEP] ARGUMENTS...` is SECONDS ahead of the true one, and STEP more
after it was read AFTER times. Only what asks `datetime.now` is deceived: dates in records, names and rows, and when what is due.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from itertools import count

MODULES = (
    "spiders.web", "http.handler", "middlewares.recorder", "middlewares.redirect", "middlewares.robotstxt", "extensions.logformatter",
    "crawl.opening",
)  # fmt: skip
for room in MODULES:
    import_module(f"crawler.{room}")

ahead, after, step = map(int, sys.argv[1:4])
reads = count()


class Any(type):
    """Calls every datetime one of its own."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Clock(datetime, metaclass=Any):
    """The time as this machine has it."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Wrong."""
        return datetime.now(tz) + timedelta(seconds=ahead + (step if next(reads) >= after else 0))


for name, module in list(sys.modules.items()):
    if name.startswith("crawler.") and getattr(module, "datetime", None) is datetime:
        module.datetime = Clock  # type: ignore[attr-defined]

from scrapy.cmdline import execute  # noqa: E402

execute(["scrapy", *sys.argv[4:]])
