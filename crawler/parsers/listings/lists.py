"""Feeds and sitemaps read into entries, and pages into links: where a crawl finds out what there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from attrs import field, frozen
from lxml import etree

from crawler.items import ListKind
from crawler.parsers.dates.list_dates import when
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.parsers.listings.entries import Entry, EntryReader, News
from crawler.parsers.listings.json_feed import json_feed
from crawler.parsers.listings.lines import addresses_in, begins_with_address, lines_of_addresses, looks_like_address
from crawler.parsers.listings.titles import without_markup
from crawler.parsers.markup.xml import XmlEntries, attribute, bases_of, local
from crawler.urls import join

K = TypeVar("K", bound=str)

__all__ = ["Entry", "Feed", "News", "Sitemap", "read_feed", "read_sitemap", "when"]

_XML_LIST = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*|<\?[^>]*>\s*|<!DOCTYPE[^<]*)*+<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\b"
    r"|\x1f", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_ROOT_BEHIND = re.compile(
    r"(?:<\?xml[^>]*>\s*(?:(?><!--.*?-->)\s*|<\?[^>]*>\s*)*+<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\b"
    r"|<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\s[^<>]{0,2000}(?:xmlns|version)\b)", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|article|main|pre|code)\b", re.IGNORECASE)
_SITEMAP_ROOTS: dict[str, ListKind] = {"urlset": "urlset", "sitemapindex": "index"}
_SITEMAP_ENTRIES: dict[str, ListKind] = {"sitemap": "index"}
NO_ENTRY = "nothing under the name of an entry"
"""The problem of a feed or sitemap that is not empty, and of which no entry is taken."""
START_CHARACTERS = 4096
"""Of an answer: enough to tell whether it is a list."""
PROLOG_CHARACTERS = 64 * 1024
"""Of comments and instructions before the first element."""


@frozen(kw_only=True)
class Feed:
    """An RSS or Atom feed, read as far as it goes."""

    kind: str | None
    """`rss`, `atom`, `rdf` or `json`; None where the document is none of them."""
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


@frozen
class _Gathered:
    """Entries as they come: each address once, at most so many."""

    most: int
    entries: dict[str, Entry] = field(factory=dict)
    counts: dict[str, int] = field(factory=lambda: {"repeated": 0, "skipped": 0})

    @property
    def empty(self) -> bool:
        """Whether there was no entry, not even one to be left out."""
        return not self.entries and not any(self.counts.values())

    def take(self, entry: Entry | None) -> bool:
        """Add one; False when there is no room for more."""
        if entry is None:
            self.counts["skipped"] += 1
        elif entry.url in self.entries:
            self.counts["repeated"] += 1
        elif len(self.entries) >= self.most:
            return False
        else:
            self.entries[entry.url] = entry
        # What is skipped or repeated must not make the work endless either.
        return sum(self.counts.values()) < self.most


def read_feed(data: bytes | str, base_url: str, limits: ReadLimits = LIMITS, charset: str | None = None) -> Feed:
    """Read an RSS 0.9x, 1.0 (RDF) or 2.0 feed, an Atom feed or a JSON Feed; never raises.

    Args:
        data: The payload, content coding removed; `.gz` files are inflated here.
        base_url: The feed's own address, for relative links.
        charset: What the Content-Type names.
    """
    xml, got = XmlEntries(data, frozenset({"item", "entry"}), limits.sitemap_bytes, charset), _Gathered(limits.sitemap_urls)
    if xml.text.lstrip().startswith("{"):
        return _json_feed(xml, base_url, got)
    read, based = EntryReader(xml.source, base_url), "xml:base" in xml.text
    for element in xml:
        base = _seen_from(base_url, bases_of(element)) if based else base_url
        if not _taken(xml, got, (read.atom if local(element) == "entry" else read.rss)(element, base)):
            xml.problems.append(f"over {got.most} entries: the rest not read")
            break
    kind = {"rss": "rss", "feed": "atom", "rdf": "rdf"}.get(xml.root or "") or _kind_of(xml, got, {"entry": "atom"}, "rss", "feed")
    xml.problems += [NO_ENTRY] if got.empty and xml.unknown else []
    return Feed(
        kind=kind,
        title=read.words(without_markup(xml.head.get("title", ""))),
        language=read.words(xml.head.get("language")),
        built=when(xml.head.get("lastbuilddate")) or when(xml.head.get("updated")) or when(xml.head.get("pubdate")),
        entries=tuple(got.entries.values()),
        next_page=_seen_from(base_url, xml.next) if xml.next else None,
        problems=tuple(xml.problems),
        repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )


def _kind_of(xml: XmlEntries, got: _Gathered, kinds: Mapping[str, K], otherwise: K, wanted: str) -> K | None:
    """The kind of a list whose root is none of a list's, by the names of its entries; None where there are none."""
    name = f"<{(xml.root or '')[:40]}>"
    if got.entries:
        xml.problems.append(f"XML: {name} in place of the root of a {wanted}")
        return next((kind for entry, kind in kinds.items() if xml.handed == {entry}), otherwise)
    xml.problems += [f"no {wanted}: {name}"] if xml.root and not xml.problems else []
    return None


def _taken(xml: XmlEntries, got: _Gathered, entry: Entry | None) -> bool:
    """Take an entry; that on which the document breaks off is none without an address."""
    return (entry is None and xml.cut) or got.take(entry)


def _json_feed(xml: XmlEntries, base_url: str, got: _Gathered) -> Feed:
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


def _seen_from(base_url: str, addresses: list[str]) -> str:
    """The last of some addresses, each seen from the one before."""
    for address in addresses:
        base_url = join(base_url, address) or base_url
    return base_url


def list_in(text: str, mime: str) -> bool:
    """Whether an answer is a list by its bytes: a feed, a sitemap, addresses in plain text; whatever its type or address say.

    >>> list_in("http://a.example/1\\nhttp://a.example/2", "text/html"), list_in("http://a.example/ is down", "text/plain")
    (True, False)
    """
    start = text[:START_CHARACTERS].lstrip("\ufeff")
    if _XML_LIST.match(text[:PROLOG_CHARACTERS].lstrip("\ufeff")) or _behind_junk(start):
        return True
    if start.lstrip().startswith("{"):
        return mime == "application/feed+json" or "jsonfeed.org/version/" in (text if "json" in mime else start)
    whole = start if len(text) <= START_CHARACTERS else start.rpartition("\n")[0] or start
    return lines_of_addresses(whole)


def _behind_junk(start: str) -> bool:
    """Whether a feed or sitemap begins behind words that are none of it, a server's warning as a rule."""
    found = _ROOT_BEHIND.search(start)
    return found is not None and not _PAGE.search(start, 0, found.start())


def read_sitemap(data: bytes | str, base_url: str, limits: ReadLimits = LIMITS, charset: str | None = None) -> Sitemap:
    """Read a sitemap, a sitemap index, a list of addresses in plain text, or a feed offered as a sitemap; never raises.

    At most 50,000 addresses and 50 MiB are read; what lies beyond is told in `problems`.

    Args:
        data: The payload, content coding removed; `.gz` files are inflated here.
        base_url: The sitemap's own address, for relative links.
        charset: What the Content-Type names.
    Source: sitemaps.org protocol 0.9; Google's news and image extensions.
    """
    xml, got = XmlEntries(data, frozenset({"url", "sitemap", "loc"}), limits.sitemap_bytes, charset), _Gathered(limits.sitemap_urls)
    read = EntryReader(xml.source, base_url)
    if begins_with_address(xml.text):
        return _text_sitemap(xml, read, got)
    if xml.text.lstrip().startswith("{"):
        return _feed_sitemap(_json_feed(xml, base_url, got))
    others: dict[str, None] = {}
    based = "xml:base" in xml.text
    for element in xml:
        base = _seen_from(base_url, bases_of(element)) if based else base_url
        entries = read.sitemap(element, base)
        if entries and len(others) < got.most:
            others |= dict.fromkeys(_other_forms(read, element, base))
        taken = [_taken(xml, got, entry) for entry in entries or (None,)]
        if not all(taken):
            xml.problems.append(f"over {got.most} addresses: the rest not read")
            break
    if xml.root in ("rss", "feed", "rdf"):
        return _feed_sitemap(read_feed(data, base_url, limits, charset))
    for url in others:
        if url not in got.entries and not got.take(Entry(url=url)):
            xml.problems.append(f"over {got.most} addresses: the rest not read")
            break
    kind = _SITEMAP_ROOTS.get(xml.root or "") or _kind_of(xml, got, _SITEMAP_ENTRIES, "urlset", "sitemap")
    kind = "index" if kind and xml.handed == {"sitemap"} else kind
    xml.problems += [NO_ENTRY] if got.empty and (xml.unknown or any(xml.head.values())) else []
    return Sitemap(
        kind=kind,
        entries=tuple(got.entries.values()),
        problems=tuple(xml.problems),
        repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )


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


def _text_sitemap(xml: XmlEntries, read: EntryReader, got: _Gathered) -> Sitemap:
    """A list of addresses, one a line; what stands behind one is no part of it, and a line of `#` is a comment."""
    for line in addresses_in(xml.text):
        url = read.address(read.base_url, line)
        if not got.take(Entry(url=url) if url and looks_like_address(line) else None):
            xml.problems.append(f"over {got.most} addresses: the rest not read")
            break
    return Sitemap(
        kind="text",
        entries=tuple(got.entries.values()),
        problems=tuple(xml.problems),
        repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )
