"""Feeds read into entries: RSS, Atom, JSON Feed."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from crawler.parsers.dates.list_dates import when
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.parsers.listings.entries import Entry, EntryReader
from crawler.parsers.listings.gathered import NO_ENTRY, Gathered, kind_by_entries, seen_from
from crawler.parsers.listings.json_feed import json_feed
from crawler.parsers.listings.titles import without_markup
from crawler.parsers.markup.xml import XmlEntries
from crawler.parsers.markup.xml_names import bases_of, local
from crawler.urls import join

_KINDS = {"rss": "rss", "feed": "atom", "rdf": "rdf"}
"""Kind of a feed by its root element."""


@frozen(kw_only=True)
class Feed:
    """An RSS or Atom feed, read as far as it goes."""

    kind: str | None
    """`rss`, `atom`, `rdf` or `json`; None if the document is none of them."""
    title: str | None = None
    language: str | None = None
    built: datetime | None = None
    """lastBuildDate or updated: when the server says it made the feed."""
    entries: tuple[Entry, ...] = ()
    """In document order, each address once."""
    repeated: int = 0
    """Entries left out because their address had come before."""
    skipped: int = 0
    """Entries left out because they have no address fit to be asked for."""
    next_page: str | None = None
    """The address of the next page of a feed in several pages."""
    problems: tuple[str, ...] = ()


def read_feed(data: bytes | str, base_url: str, limits: ReadLimits = LIMITS, charset: str | None = None) -> Feed:
    """Read a feed: RSS 0.9x, 1.0 (RDF), 2.0, Atom or JSON Feed; never raises.

    Args:
        data: The payload, content coding removed; `.gz` files are inflated here.
        base_url: The feed's own address, for relative links.
        charset: What the Content-Type names.
    """
    xml, got = XmlEntries(data, frozenset({"item", "entry"}), limits.sitemap_bytes, charset), Gathered(limits.sitemap_urls)
    if xml.text.lstrip().startswith("{"):
        return read_json_feed(xml, base_url, got)
    read, based = EntryReader(xml.source, base_url), "xml:base" in xml.text
    for element in xml:
        base = seen_from(base_url, bases_of(element)) if based else base_url
        if not got.take_from(xml, [(read.atom if local(element) == "entry" else read.rss)(element, base)]):
            got.note_rest(xml, "entries")
            break
    kind = _KINDS.get(xml.root or "") or kind_by_entries(xml, got, {"entry": "atom"}, "rss", "feed")
    xml.problems += [NO_ENTRY] if got.empty and xml.unknown else []
    return Feed(
        kind=kind,
        title=read.words(without_markup(xml.head.get("title", ""))),
        language=read.words(xml.head.get("language")),
        built=when(xml.head.get("lastbuilddate")) or when(xml.head.get("updated")) or when(xml.head.get("pubdate")),
        entries=tuple(got.entries.values()),
        next_page=seen_from(base_url, xml.next) if xml.next else None,
        problems=tuple(xml.problems),
        repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )


def read_json_feed(xml: XmlEntries, base_url: str, got: Gathered) -> Feed:
    """Read a JSON Feed."""
    feed = json_feed(xml.text)
    if isinstance(feed, str):
        return Feed(kind=None, problems=(*xml.problems, feed))
    xml.problems += [feed.problem] if feed.problem else []
    read = EntryReader(xml.source, base_url)
    for item in feed.items:
        url = next((url for address in item.addresses if (url := read.address(base_url, address))), None)
        title = read.words(without_markup(item.title or ""))
        entry = Entry(url=url, title=title, published=when(item.published), modified=when(item.modified)) if url else None
        if not got.take(entry):
            xml.problems.append(f"over {got.most} entries: the rest not read")
            break
    return Feed(
        kind="json", title=read.words(feed.title), language=read.words(feed.language), entries=tuple(got.entries.values()),
        next_page=join(base_url, feed.next_url) if feed.next_url else None, problems=tuple(xml.problems),
        repeated=got.counts["repeated"], skipped=got.counts["skipped"],
    )  # fmt: skip
