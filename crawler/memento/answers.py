"""Original and date of an archive's copy, by the answer."""

from __future__ import annotations

from datetime import timedelta

from attrs import evolve

from crawler.items import Exchange, Headers, LeasedRequest
from crawler.parsers.timemaps.link_format import read_links
from crawler.parsers.timemaps.memento_list import http_date
from crawler.urls import host_of, join
from crawler.urls.memento_address import MementoAddress

MAX_LINKS = 50
"""Links of a `Link` header that are read."""
LEEWAY = timedelta(days=1)
"""By which an archive's clock may be ahead of ours."""
_ARCHIVED = "x-archive-orig-"
"""Beginning of the names under which archives keep the header fields of the original."""


def with_answer(lease: LeasedRequest, exchange: Exchange) -> LeasedRequest:
    """Set the original's address and the date of a copy, as the archive's answer says.

    The date is that of Memento-Datetime (RFC 7089), else the timestamp in the address where the answer is a page, or has header fields of
    the original. An answer that says neither, or a date that is yet to come, is no copy: its date is None.
    """
    if lease.original is None:
        return lease
    headers = Headers(exchange.headers)
    at = MementoAddress.of(exchange.url)
    date = http_date(said) if (said := headers.first("memento-datetime")) else None
    if said is None and at is not None and (exchange.status == 200 or any(name.lower().startswith(_ARCHIVED) for name, _ in headers)):
        date = at.date
    if date is not None and date > exchange.started + LEEWAY:
        date = None
    return evolve(lease, original=_original(headers) or (at.original if at else None) or lease.original, memento_date=date)


def _original(headers: Headers) -> str | None:
    """The address in the `Link` header with the relation `original`."""
    links, _ = read_links(", ".join(headers.all("link")), MAX_LINKS)
    found = next((link.target for link in links if "original" in link.relations), None)
    url = join(found, found) if found and found.startswith(("http://", "https://")) else None
    return url if url is not None and host_of(url) else None
