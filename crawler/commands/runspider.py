"""`scrapy runspider`: Scrapy's own, not used here."""

from __future__ import annotations

from typing import ClassVar

from crawler.cli import UnusedCommand


class Command(UnusedCommand):
    """Refuse, and name the command to use instead."""

    instead: ClassVar[str] = "`scrapy crawl SITE` runs a site file of ARCHIVE_SITES, `scrapy crawl web -a seeds=URL` any site"
