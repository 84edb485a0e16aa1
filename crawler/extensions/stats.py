"""Scrapy's statistics: counted without a detour, and by their own names."""

from __future__ import annotations

from typing import Any

from scrapy.extensions.corestats import CoreStats
from scrapy.statscollectors import MemoryStatsCollector

from crawler.pipelines import NotAnArticle


class PlainStats(MemoryStatsCollector):
    """Statistics in memory whose methods are called as they are.

    Scrapy looks at each access whether it has to warn of an argument that is given up, several times a page.
    """

    __getattribute__ = object.__getattribute__


class OutcomeStats(CoreStats):
    """Scrapy's counts, with what is filed but not exported by its role: `filed_count/feed`.

    Scrapy would call each feed and each picture a dropped item.
    """

    def item_dropped(self, item: Any, spider: Any, exception: BaseException) -> None:
        """Count an outcome that is no article as filed, anything else as dropped."""
        if isinstance(exception, NotAnArticle):
            self.stats.inc_value(f"filed_count/{exception.role}")
        else:
            super().item_dropped(item, spider, exception)
