"""Dates and moments of the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.errors import Usage

_DAY = len("2026-11-24")


def moment_of(text: str, *, option: str = "--since", ended: bool = False) -> datetime:
    """Read a date or moment of the command line; without a zone it is UTC.

    Args:
        ended: Of a day its end is meant.
    Raises:
        Usage: It is none.

    >>> moment_of("2026-11-24").isoformat(), moment_of("2026-11-24T12:30+02:00").isoformat()
    ('2026-11-24T00:00:00+00:00', '2026-11-24T10:30:00+00:00')
    """
    try:
        when = datetime.fromisoformat(text.strip())
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        return when + timedelta(days=1) if ended and len(text.strip()) <= _DAY else when
    except (ValueError, OverflowError) as error:
        raise Usage(f"{option} {text[:40]}: no date; write it as 2026-11-24, or 2026-11-24T12:30") from error
