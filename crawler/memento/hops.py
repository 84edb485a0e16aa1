"""Redirects of one request to an archive: bounded, and within the archive."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from crawler.errors import FetchFailed
from crawler.memento.endpoints import Archive
from crawler.urls import host_of
from crawler.urls.memento_address import MementoAddress

MAX_HOPS = 5
"""Redirects from one address to another that are followed."""


@define(kw_only=True)
class Hops:
    """The addresses that one request has led to."""

    archive: Archive
    forbidden: Callable[[str], bool]
    """Tells whether an original is on the site's never-fetch list."""
    asked: list[str] = field(factory=list)

    def check(self, target: str) -> None:
        """Refuse a redirect that is not followed; what refuses it is written beside the answer.

        Raises:
            FetchFailed: Reason `redirect`: out of the archive, in a loop, or too many.
        """
        to = MementoAddress.of(target)
        if host_of(target) not in self.archive.hosts:
            raise FetchFailed("redirect", f"out of the archive, to {target}"[:300])
        if to is not None and self.forbidden(to.original):
            raise FetchFailed("redirect", f"to an address on the never-fetch list: {to.original}"[:300])
        if target in self.asked:
            raise FetchFailed("redirect", f"in a loop, back to {target}"[:300])
        if len(self.asked) > MAX_HOPS:
            raise FetchFailed("redirect", f"more than {MAX_HOPS} redirects")
