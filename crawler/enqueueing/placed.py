"""Wanted crawls put into a job store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from attrs import frozen

from crawler.enqueueing.wanted import Wanted
from crawler.errors import Usage
from crawler.jobs.protocol import JobStore
from crawler.jobs.rows import Job, Schedule

_SPAN = re.compile(r"(\d{1,6})\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
MOST_OPEN = 100_000
"""Open jobs among which the same one is looked for."""


@frozen(kw_only=True)
class Placed:
    """A crawl in the store."""

    wanted: Wanted
    job: Job | None = None
    again: bool = False
    """The same job is open already, and was not made twice."""
    schedule: Schedule | None = None


def seconds_of(text: str) -> float:
    """Read a time span: `30m`, `2h`, `1d`.

    Raises:
        Usage: It is none.

    >>> seconds_of("30m"), seconds_of("1d")
    (1800.0, 86400.0)
    """
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or not int(found[1]):
        raise Usage(f"--every {text[:40]}: no time span; write it as 30m, 2h or 1d")
    return float(int(found[1]) * _SECONDS[found[2]])


def enqueued(store: JobStore, crawls: Iterable[Wanted], now: datetime) -> list[Placed]:
    """Make jobs; of one that is open already no second one is made."""
    there = {_identity(job.site, job.arguments): job for job in store.jobs(open_only=True, most=MOST_OPEN)}
    found: list[Placed] = []
    for one in crawls:
        same = there.get(_identity(one.site, one.arguments))
        if same is None:
            job = Job(id=uuid4().hex, site=one.site, arguments=one.arguments, created=now, lanes=one.lanes)
            store.enqueue(job)
            found.append(Placed(wanted=one, job=job))
        else:
            found.append(Placed(wanted=one, job=same, again=True))
    return found


def scheduled(store: JobStore, crawls: Iterable[Wanted], every: float, now: datetime) -> list[Placed]:
    """Make schedules, due at once."""
    wanted = list(crawls)
    for one in wanted:
        store.schedule(Schedule(id=uuid4().hex, site=one.site, arguments=one.arguments, lanes=one.lanes, every=every, next_at=now))
    there = {_identity(made.site, made.arguments): made for made in store.schedules()}
    return [Placed(wanted=one, schedule=there[_identity(one.site, one.arguments)]) for one in wanted]


def removed(store: JobStore, beginning: str) -> Schedule:
    """Remove the schedule whose id begins so.

    Raises:
        Usage: There is none, or several.
    """
    found = [one for one in store.schedules() if beginning and one.id.startswith(beginning)]
    if len(found) != 1:
        told = "several schedules begin" if found else "no schedule begins"
        raise Usage(f"--remove: {told} with {beginning[:40]!r}; `scrapy jobs` lists them")
    store.unschedule(found[0].id)
    return found[0]


def _identity(site: str, arguments: Mapping[str, str]) -> tuple[str, frozenset[tuple[str, str]]]:
    return site, frozenset(arguments.items())
