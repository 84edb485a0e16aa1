"""Counts of what was looked for in web archives, for the run report."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import define, field

MAX_NAMED = 20
"""Stories that are named beside a count."""


@define(kw_only=True)
class ArchiveCounts:
    """Stories looked for, found and not found; requests by archive."""

    wanted: int = 0
    """Stories that no mirror serves, and that are due to be looked for."""
    looked_for: int = 0
    found: dict[str, str] = field(factory=dict)
    """Story to archive."""
    absent: list[str] = field(factory=list)
    """Stories of which no archive lists a copy that can be read."""
    undecided: list[str] = field(factory=list)
    """Stories for which an archive gave no answer, or the budget ended: looked for again in the next run."""
    asked: Counter[str] = field(factory=Counter)
    """Requests by archive."""
    lists: Counter[str] = field(factory=Counter)
    """Lists that name a copy, by archive."""
    copies: Counter[str] = field(factory=Counter)
    """Copies that were read as the story, by archive."""
    unusable: Counter[str] = field(factory=Counter)
    """Copies that were not, by reason."""
    pictures: Counter[str] = field(factory=Counter)
    """Pictures that came, by archive."""
    given_up: dict[str, str] = field(factory=dict)
    """Archives that were not asked any more, with the reason."""
    elsewhere: int = 0
    """Copies listed on hosts that are none of the archive's."""
    budget: str = ""
    """The limit that ended the search, if one did."""
    fault: str = ""
    """The fault of ours that ended it, if one did."""

    def document(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "wanted": self.wanted, "looked_for": self.looked_for, "found": dict(list(self.found.items())[:MAX_NAMED]),
            "found_count": len(self.found), "not_found": len(self.absent), "not_found_first": self.absent[:MAX_NAMED],
            "undecided": len(self.undecided), "undecided_first": self.undecided[:MAX_NAMED], "asked": dict(self.asked),
            "lists": dict(self.lists), "copies": dict(self.copies), "unusable": dict(self.unusable), "pictures": dict(self.pictures),
            "given_up": dict(self.given_up), "elsewhere": self.elsewhere, "budget": self.budget,
            "fault": self.fault,
        }  # fmt: skip
