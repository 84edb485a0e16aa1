"""Backfill by number: the unknown numbers of a range, a few at a time.

What was asked for is a row of the frontier, story or not, so nothing else is needed to go on after a kill: what has no row is still
to be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from attrs import define, field

from crawler.backfill.day_search import DaySearch
from crawler.backfill.number_range import NEAR, NumberRange
from crawler.items import BY_NUMBER, FrontierRequest, Outcome, Parsed, Target
from crawler.sites.site import Site

PRIORITY = 20
"""Behind all that lists and links lead to."""
BATCH = 64
"""Numbers that are queued together."""
LOW = 16
"""Numbers yet to be answered at which the next are queued."""
_OPEN = ("queued", "leased", "captured")


class Rows(Protocol):
    """Frontier, as far as it matters here."""

    def rows(self, keys: Iterable[str]) -> Mapping[str, Any]:
        """Return the rows of some keys, by key."""

    def add(self, requests: Iterable[FrontierRequest]) -> int:
        """Queue requests."""


@define(kw_only=True)
class NumberBackfill:
    """Feeder of the frontier with the numbers of one range, the highest first."""

    site: Site
    host: str
    """Mirror in whose name they are queued; which one is asked is chosen as ever."""
    frontier: Rows
    span: NumberRange
    known: bytearray
    """As `known_numbers` gives it."""
    day_of: Callable[[str], date | None] = lambda story: None
    """The day of publication that the index knows for a story id."""
    low: DaySearch | None = None
    """Search for the first number of `since=`."""
    high: DaySearch | None = None
    """Search for the number behind the last of `until=`."""
    stories: int = field(default=0, init=False)
    unused: int = field(default=0, init=False)
    probes: int = field(default=0, init=False)
    """Numbers that were asked for to find the range."""
    _next: int = field(init=False)
    """The highest number not looked at yet."""
    _queued: dict[str, int] = field(factory=dict, init=False)
    """Keys that were queued and are not known to be settled, with their numbers."""
    _probe: int | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._next = self.span.last

    # -- what is asked for

    def top_up(self) -> bool:
        """Queue the next numbers once most of the last are settled; True if some were."""
        self._settle()
        if self._searching():
            return self._ask_probe()
        if len(self._queued) > LOW:
            return False
        batch = list[int]()
        while len(batch) < BATCH and self._next >= self.span.first:
            if not self.known[self._next - self.span.first]:
                batch.append(self._next)
            self._next -= 1
        self._queue(batch)
        return bool(batch)

    def more(self) -> bool:
        """Tell whether numbers are left that were not queued yet."""
        if self.low is not None or self.high is not None:
            return True
        if self._next >= self.span.first:
            # What is known at the lower end is passed over here, so that a run does not wait for it.
            last = self.known.rfind(0, 0, self._next - self.span.first + 1)
            self._next = self.span.first + last
        return self._next >= self.span.first

    def unqueued(self) -> int:
        """Count the numbers that are not queued yet."""
        return self.known.count(0, 0, max(0, self._next - self.span.first + 1))

    def left(self) -> int:
        """Count the numbers that are not answered yet."""
        self._settle()
        return self.unqueued() + len(self._queued)

    def _queue(self, numbers: list[int]) -> None:
        requests = [self._request(number) for number in numbers]
        self._queued.update((request.key, number) for request, number in zip(requests, numbers, strict=True))
        self.frontier.add(requests)

    def _request(self, number: int) -> FrontierRequest:
        story = f"{self.site.name}/{number}"
        target = Target(
            key=story, url=self.site.story_address(self.host, number), site=self.site.name, role="story", story=story,
            language=self.site.language, found_on=BY_NUMBER,
        )  # fmt: skip
        return FrontierRequest(target=target, priority=PRIORITY, only_new=True)

    def _settle(self) -> None:
        """Forget the keys that are settled."""
        rows = self.frontier.rows(self._queued)
        self._queued = {key: number for key, number in self._queued.items() if key in rows and rows[key].state in _OPEN}

    # -- the bounds

    def _searching(self) -> bool:
        """Go on with the searches for the bounds; False if both are known."""
        if self._probe is not None:
            if f"{self.site.name}/{self._probe}" in self._queued:
                return True
            self._learn(self._probe)
        for search in (self.low, self.high):
            while search is not None and (number := search.next()) is not None:
                if not self._is_known(number):
                    self._probe = number
                    return True
                search.learn(number, self.day_of(f"{self.site.name}/{number}"))
        self._bound()
        return False

    def _learn(self, number: int) -> None:
        day, self._probe = self.day_of(f"{self.site.name}/{number}"), None
        self.known[number - self.span.first] = 1
        self.probes += 1
        search = self.low if self.low is not None and self.low.next() is not None else self.high
        if search is not None:
            search.learn(number, day)

    def _is_known(self, number: int) -> bool:
        return not self.span.first <= number <= self.span.last or bool(self.known[number - self.span.first])

    def _ask_probe(self) -> bool:
        if self._probe is None or f"{self.site.name}/{self._probe}" in self._queued:
            return False
        self._queue([self._probe])
        return True

    def _bound(self) -> None:
        """Narrow the range to what the searches found."""
        if self.low is None and self.high is None:
            return
        first = max(self.span.first, self.low.below.number + 1) if self.low is not None else self.span.first
        last = min(self.span.last, self.high.above.number - 1) if self.high is not None else self.span.last
        self.known = self.known[first - self.span.first : max(first, last + 1) - self.span.first]
        self.span, self.low, self.high = NumberRange(first=first, last=last), None, None
        self._next = last

    # -- what came

    def note(self, outcome: Outcome) -> None:
        """Count how a request by number ended."""
        if isinstance(outcome, Parsed):
            self.stories += 1
        else:
            self.unused += 1

    def document(self) -> dict[str, int]:
        """For the run report: range, numbers asked for and left."""
        return {
            "first": self.span.first, "last": self.span.last, "stories": self.stories, "unused": self.unused, "probes": self.probes,
            "left": self.left(),
        }  # fmt: skip


def days_searched(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """Return the first day within and the first behind, widened by `NEAR`."""
    return since - NEAR if since else None, until + NEAR + timedelta(days=1) if until else None
