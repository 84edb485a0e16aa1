"""Counts of one crawl, for its progress line and its report."""

from __future__ import annotations

from collections import Counter

from attrs import define, field

from crawler.processing.reading_stats import ReadingStats


@define
class CrawlStats(ReadingStats):
    """Counts of one crawl: attempts, captures, stories, fields and hosts."""

    stories: Counter[str] = field(factory=Counter)
    """new, changed, unchanged, gone"""
    captures: int = 0
    revisits: int = 0
    bytes: int = 0
    failures: Counter[str] = field(factory=Counter)
    """Attempts without a usable answer, by reason: as many as there are rows of `failures`."""
    failing: Counter[tuple[str, str]] = field(factory=Counter)
    """The same by reason and host."""
    statuses: Counter[str] = field(factory=Counter)
    """Status codes of the failures whose reason is `status`."""
    asked: Counter[str] = field(factory=Counter)
    """Attempts by host, robots.txt among them."""
    answered: Counter[str] = field(factory=Counter)
    """Of these, those that got an answer: a page, or that it is not there."""
    fallbacks: Counter[str] = field(factory=Counter)
    """Fields that another than a template's first reader found."""
    missing: Counter[str] = field(factory=Counter)
    """Fields that a template has a reader for, and that none found."""
    problems: Counter[str] = field(factory=Counter)
    leased_stories: int = 0
    bare: int = 0
    """Articles without headline, or without text, picture and video."""
    last_host: str = ""
    delays: dict[str, float] = field(factory=dict)
    """Crawl-delay applied, by host, seconds; those clamped are in `clamped`."""
    clamped: dict[str, float] = field(factory=dict)
    gone: set[str] = field(factory=set)
    """Stories that a mirror says are not there; counted once, whoever says it."""
    files: int | None = None
    """Of a replay: WARC files that were read; None where pages are asked for."""
    damaged: list[str] = field(factory=list)
    """WARCs that could not be replayed to their end."""
    not_due: int = 0
    """Known pages that were not asked for, since they are due later."""

    def failed(self, reason: str, host: str) -> None:
        """Count an attempt without a usable answer."""
        self.failures[reason] += 1
        self.failing[reason, host] += 1
