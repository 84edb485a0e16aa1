"""Health of all hosts of a run: states of mirrors, failures in a row, waits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from attrs import define, field

from crawler.errors import HOST_REASONS
from crawler.hosts.mirror_health import MirrorBoard
from crawler.items import Mirror


@define(kw_only=True)
class HostHealth:
    """Book of the hosts of one run: those that rest, wait, or are given up."""

    mirrors: MirrorBoard
    give_up_after: int = 20
    """Failures in a row after which a host that is no mirror is given up for the rest of the run."""
    keep: Callable[[bool], None] = lambda changed: None
    """Called after each report on a mirror, with whether its state has changed: saves the board now and then."""
    closed: Callable[[], Collection[str]] = tuple
    """Hosts that are asked no more in this run."""
    _failures: dict[str, int] = field(factory=dict, init=False)
    """Failures in a row, by host; any answer that is not a failure of the host ends the row."""
    _given_up: dict[str, str] = field(factory=dict, init=False)
    """The last reason, by host."""
    _waits: dict[str, datetime] = field(factory=dict, init=False)
    """Until when a host has asked us to wait."""

    def choose(self, candidates: Sequence[Mirror], *, now: datetime) -> Mirror | None:
        """Choose the mirror in the best health; None if there is none."""
        return self.mirrors.choose(candidates, now=now)

    def report_mirror(
        self, host: str, reason: str | None, *, status: int | None, now: datetime, wait: float = 0.0, newest: int | None = None
    ) -> None:
        """Note how an attempt at a mirror ended.

        Args:
            reason: Why it speaks against the mirror, or None.
            wait: Seconds of its Retry-After, limited already.
            newest: The highest story number of its feed.
        """
        changed = self.mirrors.report(host, reason, now=now, status=status)
        if wait:
            self.mirrors.wait(host, wait, now=now)
        if newest is not None:
            changed = self.mirrors.newest(host, newest, now=now) or changed
        self.keep(changed is not None)

    def report_host(self, host: str, reason: str | None, status: int | None) -> bool:
        """Note an attempt at any other host; True if it is given up now."""
        against = reason in HOST_REASONS or (reason == "status" and status is not None and (status >= 500 or status == 429))
        if not against:
            if host not in self._given_up:
                self._failures.pop(host, None)
            return False
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] < self.give_up_after or host in self._given_up:
            return False
        self._given_up[host] = str(reason)
        return True

    def give_up(self, host: str, reason: str) -> None:
        """Give a host up as an earlier run had, for a reason."""
        self._given_up[host] = reason

    def told(self, now: datetime) -> tuple[dict[str, datetime], dict[str, str]]:
        """Return until when hosts wait, and why hosts are given up, each by host."""
        return {host: until for host, until in self._waits.items() if until > now}, dict(self._given_up)

    def is_well(self, host: str) -> bool:
        """Tell whether a mirror is well, or was never asked."""
        return self.mirrors.state(host) == "well"

    def given_up(self, host: str) -> tuple[str, str] | None:
        """Reason and detail for further addresses of a host that was given up, or None."""
        if host not in self._given_up:
            return None
        return self._given_up[host], f"host given up after {self.give_up_after} failures in a row"

    def wait(self, host: str, seconds: float, now: datetime) -> None:
        """Heed a Retry-After, limited already; a shorter wait takes none back."""
        if seconds:
            self._waits[host] = max(now + timedelta(seconds=seconds), self._waits.get(host, now))

    def waits_until(self, host: str, now: datetime) -> datetime | None:
        """End of the wait that a host asked for; None if it is over."""
        until = self._waits.get(host)
        if until is None or until > now:
            return until
        del self._waits[host]
        return None

    def next_wait(self, now: datetime) -> float | None:
        """Seconds until the first wait is over; None if no host is waited for."""
        return min(((until - now).total_seconds() for until in self._waits.values() if until > now), default=None)
