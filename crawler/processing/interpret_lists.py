"""Outcomes of feeds and sitemaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from crawler.items import LIST_NOT_READ_TO_END, NO_LIST, LeasedRequest, Link, Listing, ListKind, Unusable
from crawler.parsers.document.page import Page
from crawler.parsers.encoding.content_coding import content_decoded
from crawler.parsers.encoding.list_text import charset_named
from crawler.parsers.listings.entries import Entry
from crawler.parsers.listings.feeds import Feed, read_feed
from crawler.parsers.listings.gathered import NO_ENTRY
from crawler.parsers.listings.sitemaps import Sitemap, read_sitemap
from crawler.processing.received import Received
from crawler.sites.site import Site
from crawler.urls import path_of

_BROKEN = ("cut off", "damaged", "Premature end", "document brings a DTD")
"""In the problems of a feed or sitemap: what ends its reading."""
_OVER = ("over ", "too many", "a tag over")
"""Beginnings of the problems that name a limit."""


def interpret_sitemap(site: Site, received: Received, page: Page) -> Listing:
    """The entries of a sitemap, or of a feed that is used as one."""
    data, decoding = content_decoded(received.payload, page.headers, page.limits)
    found = read_sitemap(data, received.capture.url, page.limits, charset_named(page.headers))
    links = (evolve(_link(entry), listing=found.kind == "index") for entry in found.entries)
    pictures = dict.fromkeys(picture for entry in found.entries for picture in entry.images)
    return _listing(
        received, found, found.kind, links, pictures=tuple(pictures),
        left_out=_left_out(found, decoding, due=not only_announced(site, received.lease)),
    )  # fmt: skip


def interpret_feed(site: Site, received: Received, page: Page) -> Listing | Unusable:
    """The entries of a feed."""
    data, decoding = content_decoded(received.payload, page.headers, page.limits)
    feed = read_feed(data, received.capture.url, page.limits, charset_named(page.headers))
    if feed.kind is None:
        detail = "; ".join(feed.problems) or "no feed"
        return Unusable(
            lease=received.lease, capture=received.capture, reason="malformed", detail=detail[:200], read_state="unreadable",
            bytes=received.size,
        )  # fmt: skip
    numbers = [int(n) for entry in feed.entries if (n := site.number(entry.url)) and n.isdecimal()]
    links = tuple(map(_link, feed.entries))
    listing = _listing(received, feed, "feed", links, newest=max(numbers, default=None), left_out=_left_out(feed, decoding))
    return evolve(listing, stories=stories_among(site, links))


def stories_among(site: Site, links: Iterable[Link]) -> int | None:
    """Count the stories of a site that links lead to; None without story addresses."""
    return len({site.story_id(link.url) for link in links} - {None}) if site.stories else None


def only_announced(site: Site, lease: LeasedRequest) -> bool:
    """Test for a sitemap that only robots.txt names.

    If a site has mirrors, another of them may have it.
    """
    return lease.role == "sitemap" and not site.mirrors and path_of(lease.found_on or "") == "/robots.txt"


def _listing(
    received: Received, found: Sitemap | Feed, kind: ListKind | None, links: Iterable[Link], *, left_out: tuple[tuple[str, int], ...],
    pictures: tuple[str, ...] = (), newest: int | None = None,
) -> Listing:  # fmt: skip
    further = (Link(url=found.next_page, listing=True),) if found.next_page else ()
    limited = ("sitemap size",) if any(problem.startswith(_OVER) for problem in found.problems) else ()
    return Listing(
        lease=received.lease, capture=received.capture, links=(*links, *further), bytes=received.size, limited=limited, left_out=left_out,
        kind=kind, pictures=pictures, newest=newest,
    )  # fmt: skip


def _left_out(found: Sitemap | Feed, decoding: Sequence[str], *, due: bool = True) -> tuple[tuple[str, int], ...]:
    """Count parts of a feed or sitemap that were not read.

    Args:
        due: Whether anything but robots.txt names it as a list.
    """
    broken = any(words in problem for problem in (*found.problems, *decoding) for words in _BROKEN)
    faulty_text = any(problem.startswith(("XML", "JSON:")) for problem in found.problems)
    counts = {
        "entry of a feed or sitemap without an address fit to be asked for": found.skipped,
        LIST_NOT_READ_TO_END: int(broken),
        NO_LIST if due else "sitemap named by robots.txt that is none": int(found.kind is None and not broken),
        "list without a usable entry, though it is not empty": int(found.kind is not None and NO_ENTRY in found.problems),
        "feed or sitemap with faults in its text, read on behind them": int(faulty_text and not broken),
    }  # fmt: skip
    return tuple((reason, count) for reason, count in counts.items() if count)


def _link(entry: Entry) -> Link:
    title = entry.title or (entry.news.title if entry.news else None) or ""
    when = entry.published or entry.modified or (entry.news.published if entry.news else None)
    return Link(url=entry.url, text=title, date=when.isoformat() if isinstance(when, datetime) else None)
