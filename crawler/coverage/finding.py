"""Result of one check for a silent outage."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Finding:
    """Result of one check, before its level is known."""

    check: str
    """As in setting ARCHIVE_CHECKS."""
    name: str
    """What it holds the run to, in words."""
    good: bool
    detail: str
    advice: str = ""
    """What to do next, one sentence, if it is not good."""
