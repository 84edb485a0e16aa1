"""From settings to the schedule of rechecks."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import Any, Protocol

from crawler.errors import SetupError
from crawler.rechecks.schedule import Schedule


class SettingsLike(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getfloat(self, name: str, default: float = 0.0) -> float:
        """One setting as a number."""


def recheck_hours(text: str) -> list[tuple[float, float]]:
    """Read ARCHIVE_RECHECK_HOURS.

    Raises:
        SetupError: A piece of it is not `AGE:EVERY`.

    >>> recheck_hours("24:3,168:24")
    [(24.0, 3.0), (168.0, 24.0)]
    """
    try:
        pairs = [piece.split(":") for piece in text.split(",") if piece.strip()]
        hours = sorted((float(age), float(every)) for age, every in pairs)
        if not all(0 <= number < inf for pair in hours for number in pair):
            raise ValueError(text)
        return hours
    except ValueError as error:
        raise SetupError(f"ARCHIVE_RECHECK_HOURS: {text!r}; write AGE:EVERY,... in hours") from error


def files_after(settings: SettingsLike) -> timedelta:
    """Time after which a style sheet or script is asked for again."""
    return timedelta(hours=settings.getfloat("ARCHIVE_REQUISITE_HOURS"))


def recheck_schedule(settings: SettingsLike) -> Schedule:
    """Intervals of rechecks by age, without any experience, and their bounds.

    Raises:
        SetupError: A setting means nothing.
    """
    fastest, slowest = settings.getfloat("ARCHIVE_RECHECK_FASTEST"), settings.getfloat("ARCHIVE_RECHECK_SLOWEST")
    for name, factor, fine in (
        ("ARCHIVE_RECHECK_FASTEST", fastest, 0 < fastest <= 1), ("ARCHIVE_RECHECK_SLOWEST", slowest, 1 <= slowest < inf)
    ):  # fmt: skip
        if not fine:
            raise SetupError(f"{name}: {factor:g}; a factor, {'over 0 and at most 1' if name.endswith('FASTEST') else '1 or more'}")
    return Schedule(hours=recheck_hours(str(settings.get("ARCHIVE_RECHECK_HOURS"))), fastest=fastest, slowest=slowest)
