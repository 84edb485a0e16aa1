"""`scrapy startproject`: Scrapy's own, not used here."""

from __future__ import annotations

from typing import ClassVar

from crawler.cli import UnusedCommand


class Command(UnusedCommand):
    """Refuse, and name the command to use instead."""

    instead: ClassVar[str] = "name the folder of your own site files in ARCHIVE_SITES (docs/add-a-site.md)"
    why: ClassVar[str] = "this is the project"
