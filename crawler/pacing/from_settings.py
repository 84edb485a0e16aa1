"""Pace of a run, from settings and from the index of earlier runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from crawler.hosts.policy import HostPolicy
from crawler.index.connection import IndexConnection
from crawler.pacing.budget import DailyBudget
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


def make_pace(settings: SettingsLike, index: IndexConnection, policy: HostPolicy, started: datetime) -> Pace:
    """Make the pace of a run, which remembers hosts of earlier runs."""
    floor, most = settings.getfloat("DOWNLOAD_DELAY"), settings.getint("ARCHIVE_HOST_REQUESTS_PER_DAY")
    bounds = DelayPolicy(
        floor=floor, ceiling=settings.getfloat("ARCHIVE_MAX_DELAY"), factor=settings.getfloat("ARCHIVE_DELAY_FACTOR"),
        first=settings.getfloat("ARCHIVE_RETRY_DELAY"),
    )  # fmt: skip
    hours = read_hours(str(settings.get("ARCHIVE_HOURS") or ""), policy.site.timezone)
    pace = Pace(delay=floor, delays=Delays(policy=bounds), hours=hours)
    pace.delays.recall(signs_of_overload(index, started), started)
    if most:
        pace.budget = DailyBudget(most=most, clock=policy.clock)
        pace.budget.begin(requests_of_day(index, started))
    policy.health.closed = lambda: pace.closed_hosts
    return pace
