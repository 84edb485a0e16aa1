"""`scrapy parse`: Scrapy's own, not used here."""

from __future__ import annotations

from typing import ClassVar

from crawler.cli import UnusedCommand


class Command(UnusedCommand):
    """Refuse, and name the command to use instead."""

    instead: ClassVar[str] = "`scrapy fixture URL` fetches one page of a site and shows what is read, `scrapy read FILE` reads a saved one"
