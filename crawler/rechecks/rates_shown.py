"""Rates of change of an index, as `scrapy stats` shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.index.index import Index
from crawler.rechecks.rates import experienced
from crawler.rechecks.schedule import Schedule


def recheck_rates(index: Index, plain: Schedule, now: datetime) -> list[dict[str, Any]]:
    """List for each site and age class the checks, changes, rate and interval in force."""
    return [
        {
            "site": site, "age": rate.age.name, "checks": rate.checks, "changes": rate.changes,
            "changes_a_day": round(24 * rate.rate, 4), "interval_hours": round(rate.interval, 2),
        }
        for (site,) in index.query("SELECT DISTINCT site FROM stories ORDER BY site")
        for rate in experienced(plain, index, site, now).rates()
    ]  # fmt: skip
