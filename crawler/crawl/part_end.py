"""End of a run in a collection that others go on to use."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from crawler.coverage.writing import catch_up_some
from crawler.crawl.opening import save_health
from crawler.crawl.run import Run
from crawler.errors import WriteFailed
from crawler.index.index import Index
from crawler.index.rows import iso

if TYPE_CHECKING:
    from crawler.crawl.report import Report


async def end_part(run: Run, *, finish_reason: str, began: float) -> Report:
    """Bring all of a run to disk, judge it, and write down how it ended.

    Args:
        began: `time.monotonic()` of its start.
    """
    from crawler.crawl.report import failed, make_report

    collection = run.collection
    try:
        put_back(run)
        await collection.changed(lambda index: None)  # all that was handed over is committed when this is
        while await collection.changed(catch_up_some):
            pass
    except (WriteFailed, sqlite3.Error):
        finish_reason = "write-failed"
    report = make_report(run, finish_reason=finish_reason, seconds=time.monotonic() - began)

    def end(index: Index) -> None:
        save_health(index, rows=run.policy.health.mirrors.rows())
        stats = {**report.stats, "checks": report.document()["checks"]}
        index.end_run(run.id, ended=run.clock(), exit_code=report.exit_code, reason=report.reason, stats=stats)

    try:
        await collection.changed(end, tries_after_failure=True)
    except (WriteFailed, sqlite3.Error) as error:
        report = failed(report, error)
    return report


def put_back(run: Run) -> None:
    """Queue again what was handed out and not answered: no attempt counts."""
    for row in run.frontier.handed_out():
        if row.state == "leased":
            due, attempts = iso(run.clock()), max(0, row.attempts - 1)
            run.frontier.settle(row.key, "queued", due=due, attempts=attempts, tried=row.tried[:-1])
