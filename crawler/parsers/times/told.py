"""Times as pages tell them: by whom, with what label, and how exactly."""

from __future__ import annotations

from attrs import frozen

from crawler.parsers.dates.moments import Moment

DAY, LOCAL, EXACT = range(3)
"""How exact a time is: a bare day, a time without zone, a time with its zone."""
WEAK = "updated-class"
"""Label of a time that only a class calls updated: by many content systems this is said of the only time there is."""


@frozen(kw_only=True)
class Told:
    """One time that a page tells."""

    by: str
    """The reader that saw it."""
    text: str
    moment: Moment | None
    place: int | None = None
    """Of its line in the flow."""
    label: str = ""
    """As `dates.labels` tells it, or `WEAK`."""

    @property
    def exactness(self) -> int:
        """One of `DAY`, `LOCAL`, `EXACT`."""
        if self.moment is None or self.moment.time is None:
            return DAY
        return LOCAL if self.moment.time.tzinfo is None else EXACT
