"""Things that a page or style sheet needs to be shown as it was."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from attrs import define, field, frozen

Kind = Literal["style", "script", "font", "picture", "icon", "manifest", "film"]

SPECK = "picture of one pixel: it counts readers, and shows nothing"
FALLBACK = "picture of another domain that only readers without scripts get, and that is named as none"
LATE = "script of another domain for which the page does not wait"
FILM = "film or sound"
MANY = "requisite beyond the number that is read of a page or style sheet"


@frozen
class Requisite:
    """One thing that is needed."""

    url: str
    """Absolute, without fragment."""
    kind: Kind


@define
class Requisites:
    """All that a page or style sheet needs, and what of it is left out."""

    most: int = 5000
    """Of what is needed; of what is left out for each reason."""
    needed: dict[str, Requisite] = field(factory=dict)
    """By address, in the order of the page."""
    left_out: dict[str, list[str]] = field(factory=dict)
    """Addresses that are not asked for, by the reason."""

    def need(self, url: str, kind: Kind) -> None:
        """Add what is needed, once."""
        if url in self.needed:
            return
        if len(self.needed) >= self.most:
            self.leave_out(url, MANY)
        else:
            self.needed[url] = Requisite(url, kind)

    def leave_out(self, url: str, reason: str) -> None:
        """Add what is not asked for."""
        addresses = self.left_out.setdefault(reason, [])
        if len(addresses) < self.most and url not in addresses:
            addresses.append(url)

    def files(self) -> tuple[tuple[str, Kind], ...]:
        """Addresses and kinds of what is needed."""
        return tuple((one.url, one.kind) for one in self.needed.values())

    def urls(self) -> Collection[str]:
        """The addresses of what is needed."""
        return self.needed.keys()
