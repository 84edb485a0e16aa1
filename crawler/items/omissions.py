"""Offers that a run did not take: by reason, with count and example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

MAX_EXAMPLE_CHARACTERS = 200


@frozen(kw_only=True)
class Omission:
    """One reason for which something was not taken."""

    reason: str
    """In words for the run report, an address or a file never among them: `link out of scope`."""
    count: int
    example: str
    """The first one met: an address, or file and offset."""
    incomplete: bool
    """Whether it was due in this run, so that the run cannot be called complete."""


@define
class Omissions:
    """The omissions of one run.

    Whoever leaves something out (scope, a limit, a record type, a revisit without its original, a part of a sitemap, an address under
    another's key) says so here at the place where the decision is taken; the run report shows it and the verdict weighs it.
    """

    _found: dict[str, Omission] = field(factory=dict)

    def add(self, reason: str, example: str = "", *, count: int = 1, incomplete: bool = False) -> None:
        """Count something left out.

        Args:
            example: Kept where it is the first of its reason.
            incomplete: It was due: an input file not read, a page named by the user. Once said, it stays said for the reason.
        """
        if count <= 0:
            return
        known = self._found.get(reason)
        self._found[reason] = Omission(
            reason=reason, count=count + (known.count if known else 0), example=(known.example if known else "") or _short(example),
            incomplete=incomplete or bool(known and known.incomplete),
        )  # fmt: skip

    def copy(self) -> Omissions:
        """An independent copy."""
        return Omissions(dict(self._found))

    def __iter__(self) -> Iterator[Omission]:
        """The most frequent first."""
        return iter(sorted(self._found.values(), key=lambda one: (-one.count, one.reason)))

    def __len__(self) -> int:
        return len(self._found)

    def incomplete(self) -> list[Omission]:
        """Omissions that were due."""
        return [one for one in self if one.incomplete]

    def document(self) -> Mapping[str, Any]:
        """As `runs.stats` keeps them: reason to count, example, incomplete."""
        return {one.reason: {"count": one.count, "example": one.example, "incomplete": one.incomplete} for one in self}


def _short(text: str) -> str:
    return text if len(text) <= MAX_EXAMPLE_CHARACTERS else text[: MAX_EXAMPLE_CHARACTERS - 3] + "..."
