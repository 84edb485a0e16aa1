"""Claims of lanes where one process holds all of them."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.frontier.protocol import Lane, LaneState

EVERY_LANE = "*"
"""Name of the one lane that is held for ever."""


class OneLane:
    """Lane methods of a frontier with a single lane, which is always held."""

    def claim(self, most: int) -> list[Lane]:
        """Return the one lane."""
        return [Lane(name=EVERY_LANE)][:most]

    def renew(self, states: Mapping[str, LaneState]) -> frozenset[str]:
        """Return every lane named: none can be lost."""
        return frozenset(states)

    def release(self, lane: str) -> None:
        """Do nothing: no other process could take the lane."""
