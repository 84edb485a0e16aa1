"""Scrapy's statistics, counted without a detour."""

from __future__ import annotations

from scrapy.statscollectors import MemoryStatsCollector


class PlainStats(MemoryStatsCollector):
    """Statistics in memory whose methods are called as they are.

    Scrapy looks at each access whether it has to warn of an argument that is given up, several times a page.
    """

    __getattribute__ = object.__getattribute__
