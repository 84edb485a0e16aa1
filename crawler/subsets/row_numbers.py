"""Sets of row numbers, eight bytes each."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable


class RowNumbers:
    """A set of row numbers that is filled once and then asked."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._numbers = array("q", sorted(numbers))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        at = bisect_left(self._numbers, number)
        return at < len(self._numbers) and self._numbers[at] == number

    def __len__(self) -> int:
        return len(self._numbers)
