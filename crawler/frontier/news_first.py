"""Limits by which rechecks never hold up news."""

from __future__ import annotations

from attrs import define, evolve, field

from crawler.frontier.due_rechecks import RECHECK
from crawler.frontier.rows import FrontierRow, is_asked_for
from crawler.items import FrontierRequest

MANY = 1_000_000_000
"""More rechecks than there can be stories."""
FOUND_ON_A_LIST = 1_000_000
"""By how much rechecks that a list brings come behind those that were planned."""
_LISTS = ("feed", "seed", "section", "sitemap")


@define
class NewsFirst:
    """Rechecks that one run may still queue, and its lists not answered yet.

    Args:
        rechecks: Known stories that lists may still queue because they are due.
    """

    rechecks: int = MANY
    _lists: set[str] = field(factory=set, init=False)

    def take_recheck(self) -> bool:
        """Take one of the rechecks that are left; False if there is none."""
        self.rechecks -= 1
        return self.rechecks >= 0

    def limited(self, again: FrontierRow | None, row: FrontierRow, request: FrontierRequest) -> FrontierRow | None:
        """Put a known story that is only due behind news, or leave it.

        Args:
            again: The row as it would be queued, or None.
            row: As it stands.
        """
        if again is None or row.state != "done" or row.role not in ("story", "page") or is_asked_for(row, request):
            return again
        return evolve(again, priority=RECHECK - FOUND_ON_A_LIST) if self.take_recheck() else None

    def note(self, row: FrontierRow) -> None:
        """Note a changed row: lists at depth 0 count until their first answer."""
        if row.role in _LISTS and row.depth == 0:
            first = row.state in ("queued", "leased") and row.attempts == (row.state == "leased")
            (self._lists.add if first else self._lists.discard)(row.key)

    def lists_pending(self) -> bool:
        """Return True while a feed or front is not answered for the first time."""
        return bool(self._lists)
