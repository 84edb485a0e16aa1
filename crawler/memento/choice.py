"""Choice among the mementos of a page: spread over time, each text once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from crawler.items import Link
from crawler.memento.endpoints import Archive
from crawler.urls import host_of
from crawler.urls.memento_address import MementoAddress, date_of_timestamp, timestamp_of

_USABLE = (None, 200)


@frozen(kw_only=True)
class Candidate:
    """A memento that may be asked for."""

    address: str
    """As its archive lists it."""
    raw: str
    """As it came, if the archive serves it so."""
    original: str
    date: datetime
    status: int | None = None
    digest: str | None = None


def candidates_of(archive: Archive, links: Iterable[Link], url: str) -> tuple[list[Candidate], int]:
    """Make candidates of an archive's list.

    Args:
        url: The address asked for, of which a TimeMap tells.
    Returns:
        Those on the archive's own hosts, and how many others there were.
    """
    listed = [link for link in links if not link.listing and link.date is not None]
    found = [one for link in listed if (one := _candidate(archive, link, url)) is not None]
    return found, len(listed) - len(found)


def _candidate(archive: Archive, link: Link, url: str) -> Candidate | None:
    """The candidate of a link; None on a host that is not the archive's."""
    timestamp, _, told = link.text.partition(" ")
    status, _, digest = told.partition(" ")
    date = datetime.fromisoformat(str(link.date))
    of = MementoAddress.of(link.url)
    if archive.kind == "cdx" or (archive.replay and archive.kind == "timemap" and of is None):
        stamp = timestamp if date_of_timestamp(timestamp) else timestamp_of(date)
        of = MementoAddress(prefix=archive.replay or "", timestamp=stamp, original=link.url)
    elif host_of(link.url) not in archive.hosts:
        return None
    return Candidate(
        address=of.url if of else link.url, raw=of.raw().url if of else link.url, original=of.original if of else url, date=date,
        status=int(status) if status.isdecimal() else None, digest=digest or None,
    )  # fmt: skip


def in_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Put candidates in the order in which they are asked for.

    Copies of pages that were there first, one of each payload the archive tells apart; among them the first, the last, then always the
    one that is farthest in time from those before it.
    """
    by_date = sorted(candidates, key=lambda one: (one.date, one.address))
    good = [one for one in by_date if one.status in _USABLE]
    seen: set[str] = set()
    distinct = [one for one in good if one.digest is None or not (one.digest in seen or seen.add(one.digest))]  # type: ignore[func-returns-value]
    chosen = {one.address for one in distinct}
    rest = [one for one in good if one.address not in chosen]
    redirects = [one for one in by_date if one.status is not None and 300 <= one.status < 400]
    return [*_spread(distinct), *_spread(rest), *redirects]


def _spread(by_date: Sequence[Candidate]) -> list[Candidate]:
    left = list(dict.fromkeys(by_date))[:MOST_COMPARED]
    order: list[Candidate] = left[:1]
    left = left[1:]
    if left:
        order.append(left.pop())
    while left:
        nearest = [min(abs((one.date - other.date).total_seconds()) for other in order) for one in left]
        order.append(left.pop(max(range(len(left)), key=lambda at: nearest[at])))
    return order


MOST_COMPARED = 60
"""Candidates that are put in order: far more than are asked for."""
