"""From the outcome of one request to the requests that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from crawler.frontier.rows import FrontierRow
from crawler.items import FrontierRequest, Unusable, Usable

PRIORITY = {"feed": 90, "seed": 80, "sitemap": 70, "section": 60, "requisite": 50, "story": 40, "page": 40}
"""Lists first, so that the newest is known early; then a story's pictures before the next story."""


class Discovery(Protocol):
    """Finds what to ask for next, within the arguments of one run."""

    def seeds(self) -> Iterable[FrontierRequest]:
        """Yield the requests that a run begins with."""

    def found(self, outcome: Usable | Unusable, *, run_id: int | None = None) -> Iterator[FrontierRequest | None]:
        """Yield the requests that follow from one outcome; None for each link left out.

        Links that lead to rows of this run, as urgent as they would make them, are passed over.

        Args:
            run_id: The run that they are queued for; None for this one.
        """

    def sitemaps_named(self, origin: str, urls: Sequence[str]) -> Iterator[FrontierRequest | None]:
        """Yield requests for the sitemaps that a host's robots.txt names.

        Args:
            origin: Scheme, host and port of that host.
        """


def asked_again(row: FrontierRow, *, priority: int | None = None) -> FrontierRequest:
    """Make the request that asks for a known row again, due or not."""
    return FrontierRequest(target=row.target, priority=PRIORITY.get(row.role, 0) if priority is None else priority, again=True)
