"""Search for the number at which the stories of a day begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import define, field

from crawler.backfill.number_range import NEAR, Anchor

CLOSE = 64
"""Numbers between the two ends at which the search is over."""
MOST_PROBES = 48
"""Numbers that one search may ask for."""
MOST_MISSES = 8
"""Numbers without a dated story around one place, after which another place is tried."""
_PLACES = (0.5, 0.25, 0.75, 0.375, 0.625)
"""Where the next number is asked for, as shares of what lies between the ends."""


@define
class DaySearch:
    """Bisect between two anchors; numbers without a story are holes that are searched around.

    The answer is always on the safe side: the ends are dated stories on either side of the day, so what lies between is asked for.
    """

    below: Anchor
    """Its day is before the one searched for."""
    above: Anchor
    """Its day is not."""
    day: date
    probes: int = field(default=0, init=False)
    _place: int = field(default=0, init=False)
    _tried: list[int] = field(factory=list, init=False)
    """Numbers around the present place that gave no day."""

    def next(self) -> int | None:
        """Return the number to ask for; None if the search is over."""
        if self.above.number - self.below.number <= CLOSE or self.probes >= MOST_PROBES:
            return None
        while self._place < len(_PLACES):
            number = next((n for n in self._around() if n not in self._tried), None)
            if number is not None and len(self._tried) < MOST_MISSES:
                return number
            self._place, self._tried = self._place + 1, []
        return None

    def learn(self, number: int, day: date | None) -> None:
        """Take note of what a number gave.

        Args:
            day: Of its story; None for no story, or none with a day.
        """
        self.probes += 1
        # A day outside those of the ends is of a story that was dated anew, or misread.
        if day is None or not self.below.day - NEAR <= day <= self.above.day + NEAR or not self.below.number < number < self.above.number:
            self._tried.append(number)
            return
        if day < self.day:
            self.below = Anchor(number, day)
        else:
            self.above = Anchor(number, day)
        self._place, self._tried = 0, []

    def _around(self) -> Iterator[int]:
        """Yield numbers from a place outwards."""
        low, high = self.below.number, self.above.number
        place = low + round((high - low) * _PLACES[self._place])
        for step in range(MOST_MISSES):
            for number in dict.fromkeys((place + step, place - step)):
                if low < number < high:
                    yield number


def search_between(known: Sequence[Anchor], day: date) -> DaySearch | None:
    """Begin a search between the known stories that enclose a day; None if none do.

    A story that was dated anew lies among others of other days. So the place is where the fewest known stories lie on the wrong side, and
    the ends are the second on either side of it: one wrong day leaves no story out.

    Args:
        known: By number.
    """
    wrong = sum(one.day < day for one in known)
    fewest, place = wrong, 0
    for at, one in enumerate(known, 1):
        wrong += -1 if one.day < day else 1
        if wrong < fewest:
            fewest, place = wrong, at
    below, above = [one for one in known[:place] if one.day < day], [one for one in known[place:] if one.day >= day]
    return DaySearch(below[-2:][0], above[:2][-1], day) if below and above else None
