"""Delays between requests to hosts, by response times and signs of overload.

The delay of a host is the longest of three: a floor (DOWNLOAD_DELAY, the site's Crawl-delay), a multiple of its smoothed response
time, and a penalty that doubles the delay at each sign of overload and decays with good answers. Sources: RFC 6298 (smoothing), RFC 9110
10.2.3 (503, Retry-After), RFC 6585 4 (429), Heyden and Najork, "Mercator" (ten times the download time), Heritrix (`delayFactor` 5, at most
30 s); docs/decisions/0022 says why Scrapy's AutoThrottle is not used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from attrs import define, field, frozen

from crawler.items import Exchange

SMOOTHING = 1 / 8
"""Weight of the newest response time: RFC 6298."""
SLOWER = 1 / 4
"""Weight of one that is longer than those before: a host that slows down is left alone soon."""
FALL = 0.9
"""What a good answer leaves of a penalty: seven of them halve it."""
HALF_LIFE = timedelta(hours=1)
"""Time in which half of a penalty of an earlier run is forgotten."""
MEMORY = timedelta(hours=6)
"""Age up to which signs of overload of earlier runs count."""
OVERLOADED = frozenset({429, 503, 504, 509, 529})
"""Statuses by which a server, or the gateway before it, says that it has too much to do."""
WHOLE = 1024 * 1024
"""Bytes above which the time of an answer is counted by the part: a large file says nothing of its host's load."""
EARLIER = "overload in an earlier run"
"""Why a run begins with a longer delay, beside the signs that it meets itself."""
TOLD = 2.0
"""How many times its floor a delay must have been for the report to tell of it; of signs of overload it always tells."""


class Slotted(Protocol):
    """Slot of the downloader, as far as it matters here."""

    delay: float


@frozen(kw_only=True)
class DelayPolicy:
    """Bounds of delays, in seconds."""

    floor: float = 0.0
    """DOWNLOAD_DELAY. 0: response times count for nothing."""
    ceiling: float = 60.0
    """ARCHIVE_MAX_DELAY; a floor above it stands."""
    factor: float = 5.0
    """ARCHIVE_DELAY_FACTOR: how many times its response time a host is left alone."""
    first: float = 2.0
    """ARCHIVE_RETRY_DELAY: least delay after a sign of overload."""


@define
class _Host:
    """State of one host, in seconds."""

    floor: float
    smoothed: float | None = None
    """Response time."""
    slowest: float = 0.0
    """Longest smoothed response time."""
    penalty: float = 0.0
    doubled: datetime | None = None
    """When the answer came by which it was last doubled."""
    peak: float = 0.0
    """Longest delay so far."""
    signs: Counter[str] = field(factory=Counter)
    """Signs of overload in this run: `429`, `503`, `timeout`."""

    def delay(self, policy: DelayPolicy) -> float:
        wanted = policy.factor * self.smoothed if self.floor and self.smoothed else 0.0
        return max(self.floor, min(max(wanted, self.penalty), policy.ceiling))


@define(kw_only=True)
class Delays:
    """Delay of each host of the runs of this process."""

    policy: DelayPolicy = field(factory=DelayPolicy)
    _hosts: dict[str, _Host] = field(factory=dict, init=False)
    _slots: dict[str, list[Mapping[str, Slotted]]] = field(factory=dict, init=False)
    """By host: the slots of each downloader that has asked it."""

    def watch(self, slots: Mapping[str, Slotted], host: str) -> None:
        """Keep the delay of a host in a downloader's slots."""
        if not any(slots is one for one in self._slots.setdefault(host, [])):
            self._slots[host].append(slots)

    def unwatch(self, slots: Mapping[str, Slotted]) -> None:
        """Let go of a downloader that has ended.

        Hosts of which nothing is to be remembered are forgotten.
        """
        for host in [host for host, some in self._slots.items() if any(slots is one for one in some)]:
            self._slots[host] = [one for one in self._slots[host] if one is not slots]
            if self._slots[host]:
                continue
            del self._slots[host]
            known = self._hosts.get(host)
            if known is not None and not known.penalty and known.floor <= self.policy.floor:
                del self._hosts[host]
            elif known is not None:
                known.peak, known.signs = known.delay(self.policy), Counter({EARLIER: 1} if known.penalty else {})

    def of(self, host: str) -> float:
        """Seconds between two requests to a host."""
        known = self._hosts.get(host)
        return self.policy.floor if known is None else known.delay(self.policy)

    def begin(self, host: str, delay: float) -> float:
        """Return the delay of a new slot.

        Args:
            delay: Of the settings: DOWNLOAD_DELAY, or that of DOWNLOAD_SLOTS for this host, in seconds.
        """
        if delay != self.policy.floor:
            self.keep(host, delay)
        return self.of(host)

    def keep(self, host: str, seconds: float) -> None:
        """Raise the floor of a host: a Crawl-delay, already limited."""
        known = self._known(host)
        known.floor = max(known.floor, seconds)
        self._apply(host, known)

    def note(self, host: str, exchange: Exchange) -> None:
        """Take note of an exchange with a host, before anything else is asked of it."""
        seconds = exchange.elapsed_ms / 1000
        if exchange.status in OVERLOADED:
            self.overloaded(host, str(exchange.status), sent=exchange.started, took=seconds)
        else:
            good = (exchange.status or 500) < 500 and exchange.truncated is None
            self.answered(host, seconds, good=good, size=len(exchange.response))

    def answered(self, host: str, seconds: float, *, good: bool = True, size: int = 0) -> None:
        """Take note of an answer.

        Args:
            seconds: From the first byte of the request to the last of the answer.
            good: It speaks for the host: a penalty falls.
            size: Bytes of the answer.
        """
        known = self._hosts.get(host)
        if known is None:
            if not self.policy.floor:
                return
            known = self._known(host)
        if size > WHOLE:
            seconds *= WHOLE / size
        before = seconds if known.smoothed is None else known.smoothed
        known.smoothed = before + (SLOWER if seconds > before else SMOOTHING) * (seconds - before)
        known.slowest = max(known.slowest, known.smoothed)
        if good and known.penalty:
            # Below half of what a first sign gives, nothing is left of it.
            known.penalty = left if (left := known.penalty * FALL) > max(known.floor, self.policy.first / 2) else 0.0
        self._apply(host, known)

    def overloaded(self, host: str, sign: str, *, sent: datetime | None = None, took: float = 0.0) -> None:
        """Double the delay of a host that says it is overloaded.

        Several answers to requests that were sent before the delay was last doubled say nothing new.

        Args:
            sign: What it said: a status, or `timeout`.
            sent: When the request was sent, if it is known.
            took: Seconds until the answer was there.
        """
        known = self._known(host)
        known.signs[sign] += 1
        if sent is not None:
            if known.doubled is not None and sent < known.doubled:
                return
            known.doubled = sent + timedelta(seconds=took)
        known.penalty = min(max(2 * known.delay(self.policy), self.policy.first), max(self.policy.ceiling, known.floor))
        self._apply(host, known)

    def recall(self, signs: Iterable[tuple[str, datetime]], now: datetime) -> None:
        """Begin with what is left of the penalties of earlier runs.

        Args:
            signs: Host and time of each sign of overload, by time.
        """
        last: dict[str, datetime] = {}
        for host, when in signs:
            known = self._known(host)
            known.penalty *= _left(when - last.get(host, when))
            known.penalty = min(max(2 * known.delay(self.policy), self.policy.first), max(self.policy.ceiling, known.floor))
            last[host] = when
        for host, when in last.items():
            known = self._hosts[host]
            left = known.penalty * _left(now - when)
            known.penalty = left if left > max(known.floor, self.policy.first / 2) else 0.0
            known.peak = known.delay(self.policy)
            if known.penalty:
                known.signs[EARLIER] += 1

    def join(self, other: Delays) -> None:
        """Take over the delays of another run that are longer."""
        for host, theirs in other._hosts.items():
            known = self._known(host)
            known.floor, known.penalty = max(known.floor, theirs.floor), max(known.penalty, theirs.penalty)
            known.peak = max(known.peak, theirs.peak)

    def slowed(self) -> dict[str, dict[str, Any]]:
        """For the run report, by host: floor, longest and last delay in seconds, and why."""
        return {
            host: {
                "from": round(one.floor, 3), "to": round(one.peak, 3), "now": round(one.delay(self.policy), 3),
                "signs": dict(one.signs), "answers_in": round(one.slowest, 3),
            }
            for host, one in self._hosts.items()
            if one.signs or one.peak > one.floor * TOLD
        }  # fmt: skip

    def _known(self, host: str) -> _Host:
        known = self._hosts.get(host)
        if known is None:
            known = self._hosts[host] = _Host(self.policy.floor)
        return known

    def _apply(self, host: str, known: _Host) -> None:
        """Give a host's delay to its slots."""
        delay = known.delay(self.policy)
        known.peak = max(known.peak, delay)
        for slots in self._slots.get(host, ()):
            slot = slots.get(host)
            if slot is not None and slot.delay != delay:
                slot.delay = delay


def _left(passed: timedelta) -> float:
    """Share of a penalty that is left after some time."""
    return math.exp2(-max(0.0, passed / HALF_LIFE))
