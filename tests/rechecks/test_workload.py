"""The work a day that docs/rechecks.md states is that of the default schedule."""

from __future__ import annotations

from stands import ROOT

from crawler import settings
from crawler.rechecks.from_settings import recheck_hours
from crawler.rechecks.schedule import Schedule
from crawler.rechecks.workload import work_a_day


def test_the_table_of_the_docs_is_that_of_the_default_schedule() -> None:
    loads = list(work_a_day(Schedule(hours=recheck_hours(settings.ARCHIVE_RECHECK_HOURS)), new=100, known=100_000))
    told = (ROOT / "docs" / "rechecks.md").read_text()
    for one in loads:
        assert f"| {one.age} | {one.stories:,.0f} | {one.every:.0f} h | {one.requests:,.0f} |" in told
    assert f"| all | {sum(one.stories for one in loads):,.0f} | | {sum(one.requests for one in loads):,.0f} |" in told
    assert sum(one.requests for one in loads) < settings.ARCHIVE_RECHECKS_PER_RUN * 48, "a run each half hour keeps up"
