"""Observations of a replayed page."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from attrs import define, field, frozen


@define
class Answered:
    """One resource that a page asked for, and its answer."""

    url: str
    kind: str
    sent: bool
    """Something was sent, not asked for."""
    archived: datetime | None = None
    """Date of the archived answer."""
    status: int | None = None
    failure: str | None = None
    """What the browser says of a request without a usable answer."""


@define
class Look:
    """Observations of a page.

    Filled as they are made, so that a page that hangs leaves those before.
    """

    document: Answered | None = None
    """The page itself."""
    asked: dict[str, Answered] = field(factory=dict)
    """Its resources."""
    lost: list[str] = field(factory=list)
    """Addresses on pywb's host that were not rewritten, and that it does not have."""
    leaks: list[str] = field(factory=list)
    """Addresses elsewhere that it asked for; each was stopped."""
    problems: Counter[str] = field(factory=Counter)
    errors: list[str] = field(factory=list)
    """Messages of the page's scripts."""
    page_text: str = ""
    screen_text: str = ""
    broken: int = 0
    """Pictures that have a place and no content."""
    seconds: float = 0.0


@frozen(kw_only=True)
class Replayed:
    """Place and time limit of looks at one collection."""

    base: str
    collection: str
    """As in addresses: quoted."""
    seconds: float
    """For one page."""
