"""`scrapy import`: no command, since `crawl replay` imports."""

from __future__ import annotations

from typing import ClassVar

from crawler.cli import UnusedCommand


class Command(UnusedCommand):
    """Refuse, and name the command that imports."""

    instead: ClassVar[str] = "`scrapy crawl replay -a warcs=FILE -a collection=NAME` reads WARC, ARC and WACZ files of any origin"
    why: ClassVar[str] = "to import is to replay"
