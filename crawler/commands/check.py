"""`scrapy check`: Scrapy's own, not used here."""

from __future__ import annotations

from typing import ClassVar

from crawler.cli import UnusedCommand


class Command(UnusedCommand):
    """Refuse, and name the command to use instead."""

    instead: ClassVar[str] = "`scrapy fixture URL` makes the fixtures of a site file, `pytest tests/sites/test_fixtures.py` tests them"
    why: ClassVar[str] = "sites have no contracts"
