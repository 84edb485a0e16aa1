"""Places in long lists by the values of a row, as addresses hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Generic, TypeVar

from attrs import frozen

Row = TypeVar("Row")

_PLACE = re.compile(r"(?P<date>.{0,100})~(?P<row>-?\d{1,18})", re.ASCII | re.DOTALL)


@frozen
class Place:
    """A row of a list that runs from the newest date back.

    Of one date the higher row number stands first.
    """

    date: str
    """As in the index; of a page that prints none that can be read, whatever it prints."""
    row: int

    def __str__(self) -> str:
        return f"{self.date}~{self.row}"

    @classmethod
    def read(cls, text: str) -> Place:
        """Read what `str` wrote.

        Raises:
            ValueError: It is no place.

        >>> Place.read("2026-11-01~17")
        Place(date='2026-11-01', row=17)
        """
        if (found := _PLACE.fullmatch(text)) is None:
            raise ValueError(text[:80])
        return cls(found["date"], int(found["row"]))


@frozen(kw_only=True)
class Stretch(Generic[Row]):
    """Some rows of a long list."""

    rows: Sequence[Row]
    further: Place | None
    """The last of these, where there are more behind it."""


def stretch(rows: Sequence[tuple[Place, Row]], most: int) -> Stretch[Row]:
    """Cut rows, of which one more was asked for than is shown."""
    shown = rows[:most]
    return Stretch(rows=[row for _, row in shown], further=shown[-1][0] if shown and len(rows) > most else None)
