"""The TimeMap of a story across mirrors and archives, in link format and JSON.

Source: RFC 7089 section 5 (link format); the JSON is that of MemGator and of the Memento Time Travel service.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from attrs import frozen

from crawler.index.rows import Sighting
from crawler.parsers.timemaps.link_format import LinkValue, write_links
from crawler.urls.memento_address import timestamp_of

_KEPT = "%:/?#[]@!$&'()*+,;=~|^`{}"
LINK_TYPE = "application/link-format"


@frozen(kw_only=True)
class Held:
    """One memento of a story: a capture of ours, or an archive's."""

    address: str
    """Where it is served (URI-M)."""
    original: str
    """The address that was captured (URI-R)."""
    date: datetime
    """When: of an archive's, as that archive says."""


@frozen(kw_only=True)
class TimeMap:
    """The mementos of one story by date."""

    original: str
    """The story's own address: the one called canonical, else the first that was captured."""
    mementos: tuple[Held, ...]
    timegate: str | None = None
    address: str | None = None
    """Where the TimeMap itself is to be had (URI-T), if anywhere."""


def make_timemap(original: str, held: Iterable[Held], *, base: str, address: str | None = None) -> TimeMap:
    """Put the mementos of a story in order, each address once.

    Args:
        base: Address of a pywb collection that serves what we hold; its TimeGate is named.
    """
    by_address = {one.address: one for one in sorted(held, key=_order, reverse=True)}
    ordered = sorted(by_address.values(), key=_order)
    return TimeMap(original=original, mementos=tuple(ordered), timegate=f"{base}{original}", address=address)


def memento_at(base: str, url: str, date: datetime) -> str:
    """The address of a capture of ours in a pywb collection.

    >>> memento_at("http://localhost:8080/demo/", "http://a.example/", datetime(2026, 1, 2, tzinfo=UTC))
    'http://localhost:8080/demo/20260102000000/http://a.example/'
    """
    return f"{base}{timestamp_of(date)}/{url}"


def timemap_text(canonical: str | None, sightings: Sequence[Sighting], *, base: str, as_json: bool) -> str:
    """Write the TimeMap of a story of which there are some sightings.

    Args:
        canonical: The address that its newest version calls canonical; else that of the first sighting stands for the story.
        base: Address of a pywb collection that serves what we hold.
    """
    base = base if base.endswith("/") else f"{base}/"
    held = [Held(address=_plain(one.via or memento_at(base, one.url, one.date)), original=one.url, date=one.date) for one in sightings]
    original = canonical or (sightings[0].url if sightings else base)
    kind = "json" if as_json else "link"
    timemap = make_timemap(_plain(original), held, base=base, address=_plain(f"{base}timemap/{kind}/{original}"))
    return json_format(timemap) if as_json else link_format(timemap)


def _plain(url: str) -> str:
    """An address in ASCII, as link format wants it."""
    return quote(url, safe=_KEPT)


def link_format(timemap: TimeMap) -> str:
    """Write a TimeMap as `application/link-format`: original, TimeGate, self, mementos.

    Relations of the mementos are `first memento`, `last memento` and `memento`; times are those of RFC 1123.
    """
    links = [LinkValue(timemap.original, {"rel": "original"})]
    if timemap.timegate:
        links.append(LinkValue(timemap.timegate, {"rel": "timegate"}))
    if timemap.address:
        links.append(LinkValue(timemap.address, {"rel": "self", "type": LINK_TYPE, **_span(timemap.mementos)}))
    last = len(timemap.mementos) - 1
    for number, one in enumerate(timemap.mementos):
        words = ["first"] * (number == 0) + ["last"] * (number == last)
        told = {"rel": " ".join([*words, "memento"]), "datetime": http_time(one.date)}
        links.append(LinkValue(one.address, told))
    return write_links(links)


def json_format(timemap: TimeMap) -> str:
    """Write a TimeMap as JSON: `original_uri`, `timegate_uri`, `timemap_uri`, `mementos`."""
    listed = [{"datetime": _iso(one.date), "uri": one.address, "original_uri": one.original} for one in timemap.mementos]
    document = {
        "original_uri": timemap.original,
        "timegate_uri": timemap.timegate,
        "timemap_uri": {"json_format": timemap.address} if timemap.address else {},
        "self": timemap.address,
        "from": listed[0]["datetime"] if listed else None,
        "until": listed[-1]["datetime"] if listed else None,
        "mementos": {"list": listed} | ({"first": listed[0], "last": listed[-1]} if listed else {}),
    }
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"


def http_time(when: datetime) -> str:
    """A time in the form of RFC 1123.

    >>> http_time(datetime(2019, 2, 3, 4, 5, 6, tzinfo=UTC))
    'Sun, 03 Feb 2019 04:05:06 GMT'
    """
    return format_datetime(when.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _span(mementos: Sequence[Held]) -> dict[str, str]:
    return {"from": http_time(mementos[0].date), "until": http_time(mementos[-1].date)} if mementos else {}


def _order(one: Held) -> tuple[datetime, str]:
    return one.date, one.address


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
