"""Answer of `scrapy jobs`, as text and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED
from crawler.formatting import counted, one_line, shown, table
from crawler.jobs.protocol import JobStore
from crawler.jobs.rows import Job, JobReport, Part, Schedule, iso
from crawler.terminal.durations import duration
from crawler.terminal.program import as_typed

MOST_LANES = 1000
"""Lanes that are looked at; `--json` names them."""
SHOWN_LANES = 15
SHOWN_SCHEDULES = 20
SHOWN_CHARACTERS = 60
"""Of the arguments of a job."""
_VERDICTS = {
    EXIT_COMPLETE: "COMPLETE", EXIT_INCOMPLETE: "INCOMPLETE", EXIT_WRITE_FAILED: "WRITE FAILED", EXIT_SIGNAL: "STOPPED",
}  # fmt: skip


@frozen(kw_only=True)
class Standing:
    """Everything that the job store knows, at one moment."""

    now: datetime
    reports: Sequence[JobReport]
    schedules: Sequence[Schedule]
    workers: Sequence[Mapping[str, Any]]
    lanes: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, store: JobStore, now: datetime, *, open_only: bool, most: int) -> Standing:
        """Ask the store."""
        found = [store.report(job.id) for job in store.jobs(open_only=open_only, most=most)]
        return cls(
            now=now, reports=[report for report in found if report], schedules=store.schedules(), workers=store.workers(),
            lanes=store.lanes(most=MOST_LANES),
        )  # fmt: skip

    @property
    def alive(self) -> frozenset[str]:
        """Names of the workers that work."""
        return frozenset(str(worker["name"]) for worker in self.workers if worker["alive"])

    def document(self) -> Mapping[str, Any]:
        """All of it as JSON."""
        return {
            "jobs": [
                job_document(one.job) | {
                    "state": state_of(one, self.alive), "verdict": verdict_of(one), "open_lanes": one.open_lanes, "rows": dict(one.states),
                    "parts": len(one.parts),
                } for one in self.reports
            ],
            "schedules": [schedule_document(one) for one in self.schedules], "workers": list(self.workers), "lanes": list(self.lanes),
        }  # fmt: skip

    def text(self) -> str:
        """All of it for people."""
        parts = [
            _titled("Jobs", [("job", "site", "enqueued", "state", "parts", "open lanes", "arguments"), *map(self._job, self.reports)]),
            _titled("Schedules", [("schedule", "site", "every", "next", "arguments"), *map(_schedule, self.schedules[:SHOWN_SCHEDULES])]),
            _titled("Workers", [("worker", "", "last sign of life", "lanes", "of itself"), *map(self._worker, self.workers)]),
            _titled("Lanes", [("lane", "worker", "due", "jobs waiting", "running"), *map(_lane, self.lanes[:SHOWN_LANES])]),
        ]
        if (more := len(self.schedules) - SHOWN_SCHEDULES) > 0:
            parts[1] += f"\n  and {counted(more, 'more schedule')}; all: --json"
        if (more := len(self.lanes) - SHOWN_LANES) > 0:
            parts[-1] += f"\n  and {'at least ' if len(self.lanes) == MOST_LANES else ''}{counted(more, 'more lane')}; all: --json"
        waits = any(report.open_lanes for report in self.reports) or self.schedules
        return "\n\n".join([*filter(None, parts), *([start_a_worker()] if waits and not self.alive else [])]) or "no jobs, no schedules"

    def _job(self, one: JobReport) -> tuple[str, ...]:
        what = arguments_told(one.job.site, one.job.arguments)
        state = verdict_of(one) or state_of(one, self.alive)
        row = one.job.id[:8], one_line(one.job.site), shown(iso(one.job.created)), state
        return *row, shown(len(one.parts)), shown(one.open_lanes), what

    def _worker(self, one: Mapping[str, Any]) -> tuple[str, ...]:
        silent = (self.now - datetime.fromisoformat(one["seen"])).total_seconds()
        seen = f"{duration(silent)} ago" if silent >= 0 else shown(one["seen"])
        about = ", ".join(f"{name} {shown(value)}" for name, value in one["about"].items() if isinstance(value, str | int | float))
        return one_line(one["name"]), "at work" if one["alive"] else "gone", seen, shown(one["lanes"]), one_line(about)[:SHOWN_CHARACTERS]


def _titled(title: str, rows: Sequence[Sequence[str]]) -> str:
    return f"{title}\n{table(rows)}" if len(rows) > 1 else ""


def _schedule(one: Schedule) -> tuple[str, ...]:
    return one.id[:8], one_line(one.site), span(one.every), shown(iso(one.next_at)), arguments_told(one.site, one.arguments)


def _lane(one: Mapping[str, Any]) -> tuple[str, ...]:
    return one_line(one["lane"]), one_line(one["owner"] or "-"), shown(one["due"]), shown(one["waiting"]), shown(one["running"])


def state_of(report: JobReport, alive: frozenset[str]) -> str:
    """Name the state of a job: waiting, running, ended."""
    if report.ended:
        return "ended"
    return "running" if any(part.ended is None and part.worker in alive for part in report.parts) else "waiting"


def verdict_of(report: JobReport) -> str:
    """Name the end of a job by the gravest of its last parts; empty before."""
    if not report.ended:
        return ""
    words = [part_verdict(part) for part in report.last_parts]
    order = ("FAILED", "WRITE FAILED", "DIED", "STOPPED", "INCOMPLETE")
    return next((word for word in order if word in words), "COMPLETE" if report.complete else "INCOMPLETE")


def part_verdict(part: Part) -> str:
    """Name the end of a part."""
    if part.exit_code is None:
        return "DIED" if part.ended else "NOT ENDED"
    return _VERDICTS.get(part.exit_code, "FAILED")


def job_document(job: Job) -> dict[str, Any]:
    """A job as JSON."""
    return {
        "id": job.id, "site": job.site, "arguments": dict(job.arguments), "created": iso(job.created), "schedule": job.schedule,
        "lanes": list(job.lanes),
    }  # fmt: skip


def schedule_document(one: Schedule) -> dict[str, Any]:
    """A schedule as JSON."""
    return {
        "id": one.id, "site": one.site, "arguments": dict(one.arguments), "every": one.every, "next_at": iso(one.next_at),
        "lanes": list(one.lanes),
    }  # fmt: skip


def arguments_told(site: str, arguments: Mapping[str, str]) -> str:
    """Format spider arguments on one line, cut where they are long."""
    told = " ".join(_argument(name, value) for name, value in arguments.items())
    return one_line(told if len(told) <= SHOWN_CHARACTERS else told[: SHOWN_CHARACTERS - 3] + "...")


def _argument(name: str, value: str) -> str:
    first, *more = value.split() or [""]
    return f"{name}={first}" + (f" (and {len(more)} more)" if more and name in ("seeds", "url") else " ".join(["", *more]))


def span(seconds: float) -> str:
    """Format a time span of a schedule.

    >>> span(1800), span(86400), span(5400)
    ('30 min', '1 d', '1 h 30 min')
    """
    parts = list(_units(round(seconds)))
    return " ".join(parts)


def _units(left: int) -> Iterator[str]:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if count := left // length:
            yield f"{count} {unit}"
            left -= count * length


def start_a_worker() -> str:
    """Say that nothing happens without a worker."""
    return as_typed("no worker is at work; start one: `scrapy work`, or `scrapy work --until-idle` for what is there now")
