"""Result of reading WARCs again, on stdout, for `scrapy reindex` and `repair`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE
from crawler.formatting import one_line

if TYPE_CHECKING:
    from crawler.processing.reading_stats import ReadingStats


def told(stats: ReadingStats) -> int:
    """Print omissions and failed checks; return 10 if something due was not read, else 0."""
    for one in stats.omitted:
        print(one_line(f"  left out: {one.count} {one.reason}" + (f", first {one.example}" if one.example else "")))
    failed = failed_checks(stats)
    for what in failed:
        print(one_line(f"  NOT {what}"))
    return EXIT_INCOMPLETE if failed else EXIT_COMPLETE


def failed_checks(stats: ReadingStats) -> list[str]:
    """List the checks that failed, name and detail of each."""
    from crawler.crawl.verdict import Facts, page_checks

    facts = Facts(omitted=stats.omitted.incomplete(), read=sum(stats.templates.values()), unreadable=stats.unreadable)
    return [f"{check.name}: {check.detail}" for check in page_checks(facts) if not check.passed]
