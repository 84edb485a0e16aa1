"""Choice of the WARCs that one call reads: a rotating share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import frozen

PAUSE = timedelta(days=31)
"""The longest pause between two calls for which the promise is kept: a month."""
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@frozen(kw_only=True)
class HeldFile:
    """A sealed WARC of a collection."""

    name: str
    path: Path
    bytes: int
    read: datetime
    """When all of it was last read; when it was sealed if never since."""
    verified: bool = False
    """Whether it was read by an earlier call."""
    fault: str | None = None
    """What the last reading found."""


def share_of(files: Sequence[HeldFile], now: datetime, *, days: float) -> list[HeldFile]:
    """Choose the files that one call reads, those read longest ago first.

    Each file has an instant of its own in a cycle that is a month shorter than `days` (by half, if that is longer), and is read by the
    first call behind it. So no file waits longer than `days` if no pause between calls is longer than that month; the work is spread over
    the calls, and a call that was stopped is gone on with by the next one. What is overdue before the first call is taken in shares.
    Files found damaged are read by each call until they are mended.

    Args:
        days: In how many days each byte is to be read once.
    """
    if not files:
        return []
    every = timedelta(days=days)
    pause = min(PAUSE, every / 2)
    cycle = every - pause
    last = max((file.read for file in files if file.verified), default=now)
    most = sum(file.bytes for file in files) * min(1.0, max(pause, now - last) / cycle)
    due = [file for file in files if file.fault or _instant(file, cycle) <= now]
    due.sort(key=lambda file: (file.fault is None, not file.verified, file.read, file.name))
    chosen, late = list[HeldFile](), 0
    for file in due:
        if file.verified or now - file.read <= every:
            chosen.append(file)
        elif late < most:
            chosen.append(file)
            late += file.bytes
    return chosen


def _instant(file: HeldFile, cycle: timedelta) -> datetime:
    """The file's own instant of the cycle that is the first behind its last reading."""
    place = int.from_bytes(hashlib.sha256(file.name.encode("utf-8", "surrogateescape")).digest()[:6]) / 2**48
    first = _BEGIN + cycle * place
    return first + cycle * ((file.read - first) // cycle + 1)


def overdue(files: Sequence[HeldFile], now: datetime, *, days: float) -> int:
    """Count the files that were not read for longer than `days`."""
    return sum(now - file.read > timedelta(days=days) for file in files)
