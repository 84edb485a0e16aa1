"""Hosts that are nobody's mirror, and when to stop asking them: one that only fails must not be hammered address by address."""

from __future__ import annotations

from attrs import define, field

from crawler.errors import HOST_REASONS


@define(kw_only=True)
class Hosts:
    """Failures in a row, by host; any answer that is not a failure of the host ends the row."""

    most: int = 20
    """After so many in a row a host is given up for the rest of the run."""
    _rows: dict[str, int] = field(factory=dict, init=False)
    _last: dict[str, str] = field(factory=dict, init=False)

    def report(self, host: str, reason: str | None, status: int | None) -> bool:
        """Note how an attempt ended; True where the host is given up for it."""
        against = reason in HOST_REASONS or (reason == "status" and status is not None and (status >= 500 or status == 429))
        if not against:
            if host not in self._last:
                self._rows.pop(host, None)
            return False
        self._rows[host] = self._rows.get(host, 0) + 1
        if self._rows[host] < self.most or host in self._last:
            return False
        self._last[host] = str(reason)
        return True

    def given_up(self, host: str) -> tuple[str, str] | None:
        """The reason and detail for every further address of a host that was given up, or None."""
        if host not in self._last:
            return None
        return self._last[host], f"host given up after {self.most} failures in a row"
