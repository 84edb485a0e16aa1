"""End of a crawl in a log that has a file of its own."""

from __future__ import annotations

import logging

logger = logging.getLogger(__name__)


def log_report(text: str) -> None:
    """Log a report for people, line by line."""
    for line in text.splitlines():
        if line.strip():
            logger.info("report %s", line)


def log_refusal(reason: str) -> None:
    """Log why a crawl did not begin."""
    logger.error("not-crawled %s", reason)
