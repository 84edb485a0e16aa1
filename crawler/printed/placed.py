"""Answer of `scrapy enqueue`, as text and as one JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crawler.enqueueing.placed import Placed
from crawler.formatting import counted, one_line, table
from crawler.printed.jobs import arguments_told, job_document, schedule_document, span, start_a_worker


def document(placed: Sequence[Placed]) -> Mapping[str, Any]:
    """Jobs and schedules as JSON; `again` is true of a job that was open already."""
    return {
        "jobs": [job_document(one.job) | {"again": one.again, "note": one.wanted.note or None} for one in placed if one.job],
        "schedules": [schedule_document(one.schedule) | {"note": one.wanted.note or None} for one in placed if one.schedule],
    }


def text(placed: Sequence[Placed], *, works: bool) -> str:
    """Jobs and schedules for people, a line each, with what the user may not expect."""
    lines = [table([_row(one) for one in placed], indent="")]
    lines += [f"note: {one_line(one.wanted.note)}" for one in placed if one.wanted.note]
    return "\n".join([*lines, *([] if works else [start_a_worker()])])


def _row(one: Placed) -> tuple[str, str, str, str]:
    what = arguments_told(one.wanted.site, one.wanted.arguments)
    if one.schedule:
        return "schedule", one.schedule.id[:8], one_line(one.wanted.site), f"every {span(one.schedule.every)}{what and f'  {what}'}"
    assert one.job is not None
    lanes = "" if len(one.job.lanes) == 1 else f"  {counted(len(one.job.lanes), 'lane')}"
    return "job", one.job.id[:8], one_line(one.wanted.site), f"{'open already' if one.again else 'enqueued'}{what and f'  {what}'}{lanes}"
