"""The scope of a crawl of no known site: the addresses that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from crawler.urls import host_of, registrable_domain

Kind = Literal["host", "domain", "page"]


class SeedScope:
    """Hosts, or registered domains, of the seeds and of their redirects' targets."""

    def __init__(self, kind: Kind, urls: Iterable[str]) -> None:
        self.kind = kind
        self._places: set[str] = set()
        for url in urls:
            self.take_in(url)

    def take_in(self, url: str) -> bool:
        """Extend the scope by the target of a seed's redirect; True if it grew."""
        size = len(self._places)
        if self.kind != "page" and (place := self._place(url)):
            self._places.add(place)
        return len(self._places) > size

    def holds(self, url: str) -> bool:
        """Return True for an address within the scope; never with `page`."""
        return self.kind != "page" and self._place(url) in self._places

    def _place(self, url: str) -> str:
        host = host_of(url)
        return registrable_domain(host) if self.kind == "domain" else host
