"""Outcome of an export: counts, what could not be exported, and the exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from attrs import Factory, asdict, define, frozen

from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, EXIT_INCOMPLETE

Tell = Callable[[str, int, float], None]
"""Takes progress: what is counted, how many so far, and the share of the whole, 0 to 1."""


def tell_nobody(what: str, count: int, share: float) -> None:
    """Drop progress."""


@frozen(kw_only=True)
class LeftOut:
    """One thing that was selected and could not be exported."""

    what: str
    """Why: `the WARC does not hold it any more`."""
    file: str = ""
    """File name of the WARC."""
    offset: int | None = None
    url: str = ""
    damaged: bool = False
    """A file is not what it should be; else something is missing."""

    def __str__(self) -> str:
        place = f"{self.file} offset {self.offset}" if self.offset is not None else self.file
        return ": ".join(part for part in (place, self.url, self.what) if part)


@define
class Outcome:
    """Counts and shortfalls of one export, filled as it goes."""

    counts: Counter[str] = Factory(Counter)
    """By plural noun: `{"articles": 12}`; the first one is the chief one."""
    left_out: list[LeftOut] = Factory(list)
    notes: list[str] = Factory(list)
    """What a reader of the file has to know and is no shortfall."""

    @property
    def exit_code(self) -> int:
        """13 for damage, 10 for what is missing or if nothing was selected, else 0."""
        if any(one.damaged for one in self.left_out):
            return EXIT_DAMAGED
        return EXIT_INCOMPLETE if self.left_out or not sum(self.counts.values()) else EXIT_COMPLETE

    def document(self) -> dict[str, object]:
        """Everything as one JSON object."""
        return {
            "exit_code": self.exit_code,
            "counts": dict(self.counts),
            "left_out": [asdict(one) for one in self.left_out],
            "notes": self.notes,
        }
