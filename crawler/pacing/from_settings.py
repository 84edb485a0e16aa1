"""Pace of a run, from settings and from the index of earlier runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from crawler.hosts.policy import HostPolicy
from crawler.index.connection import IndexConnection
from crawler.pacing.budget import DailyBudget
from crawler.pacing.crowd import Crowd
from crawler.pacing.delays import DelayPolicy, Delays
from crawler.pacing.hours import read_hours
from crawler.pacing.pace import Pace
from crawler.pacing.past import requests_of_day, signs_of_overload


class SettingsLike(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getint(self, name: str, default: int = 0) -> int:
        """One setting as a whole number."""

    def getfloat(self, name: str, default: float = 0.0) -> float:
        """One setting as a number."""


def make_pace(settings: SettingsLike, index: IndexConnection, policy: HostPolicy, started: datetime, crowd: Crowd | None = None) -> Pace:
    """Make the pace of a run, which remembers hosts of earlier runs.

    Args:
        crowd: Of a process that has begun with what the index tells; None for a run of its own.
    """
    hours, joined = read_hours(str(settings.get("ARCHIVE_HOURS") or ""), policy.site.timezone), crowd is not None
    crowd = crowd or make_crowd(settings, index, policy.clock)
    pace = Pace(delay=settings.getfloat("DOWNLOAD_DELAY"), delays=crowd.delays, hours=hours, budget=crowd.budget)
    if joined:
        crowd.join(pace)
    policy.health.closed = lambda: pace.closed_hosts
    return pace


def make_crowd(settings: SettingsLike, index: IndexConnection, clock: Callable[[], datetime]) -> Crowd:
    """Make what runs keep together, with what earlier ones have learnt of hosts."""
    most, now = settings.getint("ARCHIVE_HOST_REQUESTS_PER_DAY"), clock()
    bounds = DelayPolicy(
        floor=settings.getfloat("DOWNLOAD_DELAY"), ceiling=settings.getfloat("ARCHIVE_MAX_DELAY"),
        factor=settings.getfloat("ARCHIVE_DELAY_FACTOR"), first=settings.getfloat("ARCHIVE_RETRY_DELAY"),
    )  # fmt: skip
    crowd = Crowd(delays=Delays(policy=bounds), budget=DailyBudget(most=most, clock=clock) if most else None)
    crowd.delays.recall(signs_of_overload(index, now), now)
    if crowd.budget is not None:
        crowd.budget.begin(requests_of_day(index, now))
    return crowd
