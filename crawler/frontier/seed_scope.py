"""Scope: which addresses belong to a crawl of pages of no known site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from crawler.urls import host_of, registrable_domain

Kind = Literal["host", "domain", "page"]


class SeedScope:
    """The hosts, or registered domains, of the seeds and of where their redirects led."""

    def __init__(self, kind: Kind, urls: Iterable[str]) -> None:
        self.kind = kind
        self._places: set[str] = set()
        for url in urls:
            self.take_in(url)

    def take_in(self, url: str) -> None:
        """Let the scope take in the place of an address: where a seed's redirect led."""
        if self.kind != "page" and (place := self._place(url)):
            self._places.add(place)

    def holds(self, url: str) -> bool:
        """Whether an address is within the scope; with `page`, none but the seeds themselves is."""
        return self.kind != "page" and self._place(url) in self._places

    def _place(self, url: str) -> str:
        host = host_of(url)
        return registrable_domain(host) if self.kind == "domain" else host
