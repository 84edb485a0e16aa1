"""`scrapy genspider`: Scrapy's own, not used here."""

from __future__ import annotations

from typing import ClassVar

from crawler.cli import UnusedCommand


class Command(UnusedCommand):
    """Refuse, and name the command to use instead."""

    instead: ClassVar[str] = "a site is one file of data (docs/add-a-site.md); `scrapy shell URL` and `scrapy parse URL` help to write it"
    why: ClassVar[str] = "sites have no spiders of their own"
