"""Age of a story, from the best date that is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

_DAY = timedelta(days=1)


def begun(*, addressed: date | None, printed: str | None, announced: str | None, first_seen: str | None, added: str) -> datetime | None:
    """Date a story by its address, page, announcement or first capture.

    A day without a time is narrowed by the time at which the story was found, if that is within it.

    Args:
        addressed: Day in the address.
        printed: As the page or the index has it: a bare date or a time.
        announced: As the list gave it by which the story was found.
        first_seen, added: When it was first captured, and found.
    """
    if addressed is None and (exact := _moment(printed)) is not None:
        return exact
    found = _moment(added) or _moment(first_seen)
    if addressed is not None:
        exact = _moment(printed)
        if exact is not None and abs(exact.date() - addressed) <= _DAY:
            return exact
        return _within(addressed, found)
    for text in (printed, announced, first_seen):
        if (exact := _moment(text)) is not None:
            return exact
        if (day := day_of(text)) is not None:
            return _within(day, found)
    return found


def day_of(text: str | None) -> date | None:
    """Read the day of a date, with or without a time.

    >>> day_of("2026-08-14T23:00:00+03:30"), day_of("no day")
    (datetime.date(2026, 8, 14), None)
    """
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _moment(text: str | None) -> datetime | None:
    """Read a time; None for a bare date."""
    try:
        found = datetime.fromisoformat(text) if text and len(text) > len("2026-08-14") else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _within(day: date, found: datetime | None) -> datetime:
    """Choose the time of a day that is nearest to that of the find."""
    start = datetime.combine(day, time(), UTC)
    return start if found is None else min(max(found, start), start + _DAY)
