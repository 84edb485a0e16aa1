"""Settings of the checks for silent outages: which are made, and how grave each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from crawler.errors import SetupError

Level = Literal["off", "warn", "fail"]
LEVELS: tuple[Level, ...] = ("off", "warn", "fail")
DEFAULTS: Mapping[str, Level] = {"quiet": "warn", "feed-stuck": "warn", "empty-lists": "warn", "fields": "fail", "template": "fail"}
"""By check. What is read otherwise than before is a fault on this side; a site may be quiet without one."""


@frozen(kw_only=True)
class OutagePolicy:
    """Levels of the checks, and the silence that is allowed."""

    levels: Mapping[str, Level] = field(factory=lambda: dict(DEFAULTS))
    quiet_hours: float = 0.0
    """Hours without a new story; 0: learned from the site's own rhythm."""

    def wants(self, *names: str) -> bool:
        """Test if any of some checks is made."""
        return any(self.levels[name] != "off" for name in names)


def levels_of(text: str) -> dict[str, Level]:
    """Read ARCHIVE_CHECKS, over the defaults.

    Raises:
        SetupError: A piece of it is not `CHECK=LEVEL`.

    >>> levels_of("quiet=fail")["quiet"], levels_of("")["fields"]
    ('fail', 'fail')
    """
    levels = dict(DEFAULTS)
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, word = (part.strip() for part in piece.partition("="))
        level = next((level for level in LEVELS if level == word), None)
        if name not in DEFAULTS or level is None:
            raise SetupError(f"ARCHIVE_CHECKS: {piece!r}; write CHECK=LEVEL,... of {', '.join(DEFAULTS)} and {', '.join(LEVELS)}")
        levels[name] = level
    return levels
