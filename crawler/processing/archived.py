"""Outcomes of what web archives answer: copies, and lists of copies.

A copy is judged by the status and the page that were archived. What an archive says itself (busy, not archived, a list of dates) is never
taken for a word of the host whose page it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.items import Link, Listing, Redirect, Unusable
from crawler.parsers.classify.retry_after import retry_after
from crawler.parsers.encoding.charset import charset_read
from crawler.parsers.encoding.content_coding import content_decoded
from crawler.parsers.timemaps.link_format import read_links
from crawler.parsers.timemaps.memento_list import Memento, http_date, read_memento_list
from crawler.processing.received import Options, Received
from crawler.processing.redirects import is_redirect
from crawler.sites.site import Site
from crawler.urls import join, location_of
from crawler.urls.memento_address import MementoAddress, timestamp_of

MOST_IN_HEAD = 50
"""Links of a `Link` header that are read."""
MOST_LINKS = 2000
"""Mementos of a list that are kept in the index; the record holds all."""


def archive_answer(site: Site, received: Received, options: Options) -> Redirect | Unusable | None:
    """Judge an archive's answer to a request for a copy; None if it is readable."""
    capture = received.capture
    if capture.via is None:
        return None
    if is_redirect(capture.status, received.headers):
        return _redirect(site, received, capture.via)
    if capture.memento_date is None:
        return _own_answer(received)
    if capture.role == "story" and received.lease.story and site.story_id(capture.url) != received.lease.story:
        detail = f"the archive gave a copy of {capture.url}"[:300]
        return _unusable(received, "wrong-article", detail)
    return None


def list_answer(site: Site, received: Received, options: Options) -> Listing | Redirect | Unusable | None:
    """Read a list of mementos; None for any other capture."""
    capture, headers = received.capture, received.headers
    if capture.role != "timemap":
        return None
    status = capture.status or 0
    if is_redirect(status, headers):
        location = location_of(capture.url, headers.first("location"))
        if location is None or location == capture.url:
            return _unusable(received, "redirect", "redirects to itself" if location else "without Location")
        return Redirect(lease=received.lease, capture=capture, target=location)
    named = tuple(_named_in_head(received))
    if status != 200:
        return _own_answer(received)
    body, problems = content_decoded(received.payload, headers, options.limits)
    found = read_memento_list(charset_read(body, headers)[0], capture.url)
    if named and not found.mementos:
        return Listing(lease=received.lease, capture=capture, links=named, bytes=received.size)
    if not found.recognised:
        detail = "; ".join(["no list of mementos", *problems])[:200]
        return _unusable(received, "malformed", detail, read_state="unreadable")
    links = [link for one in found.mementos if (link := _link(one)) is not None][:MOST_LINKS]
    links += [Link(url=page, listing=True) for page in found.pages]
    left_out = (("memento of a list that was not read: no date, or beyond the limit", found.passed_over),) if found.passed_over else ()
    return Listing(lease=received.lease, capture=capture, links=tuple(links), bytes=received.size, left_out=left_out)


def _named_in_head(received: Received) -> Iterator[Link]:
    """The copies that the head of a TimeGate's answer names, or that the answer is."""
    headers, url = received.headers, received.capture.url
    links, _ = read_links(", ".join(headers.all("link")), MOST_IN_HEAD)
    named = [(join(url, link.target), http_date(link.parameters.get("datetime"))) for link in links if "memento" in link.relations]
    if (date := http_date(headers.first("memento-datetime"))) is not None:
        named.append((url, date))
    for address, when in dict.fromkeys(named):
        if address is not None and when is not None:
            yield Link(url=address, text=timestamp_of(when), date=when.isoformat())


def _link(one: Memento) -> Link | None:
    """A copy as a link; timestamp, status and digest are its words."""
    url = one.address or one.original
    if not url:
        return None
    words = (one.timestamp or timestamp_of(one.date), "" if one.status is None else str(one.status), one.digest or "")
    return Link(url=url, text=" ".join(words).rstrip(), date=one.date.isoformat())


def _redirect(site: Site, received: Received, via: str) -> Redirect | Unusable:
    """Judge a redirect, of the archive itself or one that was archived."""
    location = location_of(via, received.headers.first("location"))
    if location is None or location == via:
        return _unusable(received, "redirect", "redirects to itself" if location else "without Location")
    to = MementoAddress.of(location)
    original = to.original if to is not None else location
    lease = received.lease
    if lease.role == "story" and lease.story and site.story_id(original) != lease.story:
        return _unusable(received, "redirect", f"the copy leads to {original}"[:300], answer=True)
    return Redirect(lease=lease, capture=received.capture, target=location)


def _own_answer(received: Received) -> Unusable:
    """The outcome of an answer that is the archive's own, and no copy."""
    capture, headers = received.capture, received.headers
    status = capture.status or 0
    if said := headers.first("memento-datetime"):
        return _unusable(received, "malformed", f"Memento-Datetime {said!r}"[:200])
    if status == 200:
        return _unusable(received, "soft-404", "the archive's own page, no copy", answer=True)
    wait = retry_after(headers, capture.date)
    return _unusable(received, "status", f"{status}, the archive's own answer", answer=status in (404, 410), wait=wait)


def _unusable(
    received: Received, reason: str, detail: str, *, answer: bool = False, wait: float | None = None, read_state: str = "not-a-story"
) -> Unusable:
    return Unusable(
        lease=received.lease, capture=received.capture, reason=reason, detail=detail, answer=answer, retry_after=wait, bytes=received.size,
        read_state="unreadable" if read_state == "unreadable" else "not-a-story",
    )  # fmt: skip
