"""Retry-After of HTTP answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.items import Headers

_SECONDS = re.compile(r"\d+(?:\.\d*)?", re.ASCII)


def retry_after(headers: Sequence[tuple[str, str]], now: datetime | None) -> float | None:
    """Read the seconds of a Retry-After header; None if missing or invalid.

    Seconds with decimals, which RFC 9110 does not know and servers send, and a date in any of its three forms. A date is held against
    the answer's own Date, so that a server whose clock is wrong is understood.

    >>> retry_after([("Retry-After", "120")], None), retry_after([("Retry-After", "4.0")], None)
    (120.0, 4.0)
    """
    headers = Headers(headers)
    value = (headers.first("retry-after") or "").strip()
    if _SECONDS.fullmatch(value):
        return float(value[:12])
    until, sent = _http_date(value), _http_date(headers.first("date") or "") or now
    if until is None or sent is None:
        return None
    return max((until - sent).total_seconds(), 0.0)


def _http_date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
