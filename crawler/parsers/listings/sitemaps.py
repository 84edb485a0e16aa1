"""Sitemaps read into entries: XML, plain text, feeds used as sitemaps."""

from __future__ import annotations

from attrs import frozen
from lxml import etree

from crawler.items import ListKind
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.parsers.listings.entries import Entry, EntryReader
from crawler.parsers.listings.feeds import Feed, read_feed, read_json_feed
from crawler.parsers.listings.gathered import NO_ENTRY, Gathered, kind_by_entries, seen_from
from crawler.parsers.listings.lines import addresses_in, begins_with_address, looks_like_address
from crawler.parsers.markup.xml import XmlEntries
from crawler.parsers.markup.xml_names import attribute, bases_of, local

_KINDS: dict[str, ListKind] = {"urlset": "urlset", "sitemapindex": "index"}
_KINDS_BY_ENTRY: dict[str, ListKind] = {"sitemap": "index"}
_FEED_ROOTS = ("rss", "feed", "rdf")


@frozen(kw_only=True)
class Sitemap:
    """A sitemap or sitemap index, read as far as it goes."""

    kind: ListKind | None
    """`urlset`, `index`, `text` (one address a line) or `feed`; None if the document is none of them."""
    entries: tuple[Entry, ...] = ()
    """Pages; of an index: further sitemaps."""
    repeated: int = 0
    skipped: int = 0
    next_page: str | None = None
    """Of a feed: its next page."""
    problems: tuple[str, ...] = ()


def read_sitemap(data: bytes | str, base_url: str, limits: ReadLimits = LIMITS, charset: str | None = None) -> Sitemap:
    """Read a sitemap, sitemap index, plain list of addresses, or feed; never raises.

    At most 50,000 addresses and 50 MiB are read; what lies beyond is told in `problems`.

    Args:
        data: The payload, content coding removed; `.gz` files are inflated here.
        base_url: The sitemap's own address, for relative links.
        charset: What the Content-Type names.
    Source: sitemaps.org protocol 0.9; Google's news and image extensions.
    """
    xml, got = XmlEntries(data, frozenset({"url", "sitemap", "loc"}), limits.sitemap_bytes, charset), Gathered(limits.sitemap_urls)
    read = EntryReader(xml.source, base_url)
    if begins_with_address(xml.text):
        return _text_sitemap(xml, read, got)
    if xml.text.lstrip().startswith("{"):
        return _feed_sitemap(read_json_feed(xml, base_url, got))
    others = _read_elements(xml, read, got)
    if xml.root in _FEED_ROOTS:
        return _feed_sitemap(read_feed(data, base_url, limits, charset))
    got.take_all(xml, (Entry(url=url) for url in others if url not in got.entries), "addresses")
    kind = _KINDS.get(xml.root or "") or kind_by_entries(xml, got, _KINDS_BY_ENTRY, "urlset", "sitemap")
    kind = "index" if kind and xml.handed == {"sitemap"} else kind
    xml.problems += [NO_ENTRY] if got.empty and (xml.unknown or any(xml.head.values())) else []
    return _sitemap(kind, xml, got)


def _read_elements(xml: XmlEntries, read: EntryReader, got: Gathered) -> dict[str, None]:
    """Gather the entries; returns the addresses of their other forms."""
    others: dict[str, None] = {}
    based = "xml:base" in xml.text
    for element in xml:
        base = seen_from(read.base_url, bases_of(element)) if based else read.base_url
        entries = read.sitemap(element, base)
        if entries and len(others) < got.most:
            others |= dict.fromkeys(_other_forms(read, element, base))
        if not got.take_from(xml, entries or (None,)):
            got.note_rest(xml, "addresses")
            break
    return others


def _sitemap(kind: ListKind | None, xml: XmlEntries, got: Gathered) -> Sitemap:
    return Sitemap(
        kind=kind, entries=tuple(got.entries.values()), problems=tuple(xml.problems), repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )  # fmt: skip


def _feed_sitemap(feed: Feed) -> Sitemap:
    return Sitemap(
        kind="feed" if feed.kind else None, entries=feed.entries, repeated=feed.repeated, skipped=feed.skipped, next_page=feed.next_page,
        problems=feed.problems,
    )  # fmt: skip


def _other_forms(read: EntryReader, element: etree._Element, base: str) -> list[str]:
    """The same page in other languages or for other screens (`xhtml:link`)."""
    links = (
        child for child in element if local(child) == "link" and {"alternate", "amphtml"} & set(attribute(child, "rel").lower().split())
    )
    return [url for link in links if (url := read.address(base, attribute(link, "href")))]


def _text_sitemap(xml: XmlEntries, read: EntryReader, got: Gathered) -> Sitemap:
    """Read a list of addresses, one a line.

    What stands behind an address is no part of it, and a line of `#` is a comment.
    """
    lines = ((read.address(read.base_url, line), line) for line in addresses_in(xml.text))
    got.take_all(xml, (Entry(url=url) if url and looks_like_address(line) else None for url, line in lines), "addresses")
    return _sitemap("text", xml, got)
