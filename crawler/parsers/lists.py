"""Feeds and sitemaps read into entries, and pages into links: where a crawl finds out what there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from attrs import field, frozen
from lxml import etree

from crawler.limits import ReadLimits
from crawler.parsers.decode import LIMITS
from crawler.parsers.json_feed import json_feed
from crawler.parsers.links import page_links, page_requisites
from crawler.parsers.untrusted_xml import XML_BASE, XmlEntries, attribute, bases_of, local
from crawler.urls import join

__all__ = ["Entry", "Feed", "News", "Sitemap", "page_links", "page_requisites", "read_feed", "read_sitemap"]

MAX_TEXT = 1000

_BLANKS = re.compile(r"\s+")
_HTTP = re.compile(r"https?:", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"https?:/{2}[^\s<>\"]+", re.IGNORECASE)
_XML_LIST = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*|<\?[^>]*>\s*|<!DOCTYPE[^<]*)*+<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\b"
    r"|\x1f", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
NO_ENTRY = "nothing under the name of an entry"
"""The problem of a feed or sitemap that is not empty, and of which no entry is taken."""
START_CHARACTERS = 4096
"""Of an answer: enough to tell whether it is a list."""


@frozen(kw_only=True)
class News:
    """What a news sitemap says about one story."""

    title: str | None = None
    published: datetime | None = None
    name: str | None = None
    """Of the publication."""
    language: str | None = None
    keywords: tuple[str, ...] = ()


@frozen(kw_only=True)
class Entry:
    """One address a feed or sitemap names, and what it says about it. Times are aware UTC; absent is None."""

    url: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    """Atom's updated, a sitemap's lastmod."""
    news: News | None = None
    images: tuple[str, ...] = ()


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

    kind: str | None
    """`urlset`, `index`, `text` (one address a line) or `feed`; None where the document is none of them."""
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


def read_feed(data: bytes | str, base_url: str, limits: ReadLimits = LIMITS) -> Feed:
    """Read an RSS 0.9x, 1.0 (RDF) or 2.0 feed, an Atom feed or a JSON Feed; never raises.

    Args:
        data: The payload, content coding removed; `.gz` files are inflated here.
        base_url: The feed's own address, for relative links.
    """
    xml, got = XmlEntries(data, frozenset({"item", "entry"}), limits.sitemap_bytes), _Gathered(limits.sitemap_urls)
    if xml.text.lstrip().startswith("{"):
        return _json_feed(xml, base_url, got)
    based = "xml:base" in xml.text
    for element in xml:
        base = _seen_from(base_url, bases_of(element)) if based else base_url
        if not got.take((_atom_entry if local(element) == "entry" else _rss_item)(element, base)):
            xml.problems.append(f"over {got.most} entries: the rest not read")
            break
    kind = {"rss": "rss", "feed": "atom", "rdf": "rdf"}.get(xml.root or "")
    if kind is None and xml.root and not xml.problems:
        xml.problems.append(f"no feed: <{xml.root[:40]}>")
    xml.problems += [NO_ENTRY] if got.empty and xml.unknown else []
    return Feed(
        kind=kind,
        title=_text(xml.head.get("title")),
        language=_text(xml.head.get("language")),
        built=when(xml.head.get("lastbuilddate") or xml.head.get("updated") or xml.head.get("pubdate")),
        entries=tuple(got.entries.values()),
        next_page=_seen_from(base_url, xml.next) if xml.next else None,
        problems=tuple(xml.problems),
        repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )


def _json_feed(xml: XmlEntries, base_url: str, got: _Gathered) -> Feed:
    feed = json_feed(xml.text)
    if isinstance(feed, str):
        return Feed(kind=None, problems=(*xml.problems, feed))
    for item in feed.items:
        url = _first_address(base_url, list(item.addresses))
        entry = Entry(url=url, title=_text(item.title), published=when(item.published), modified=when(item.modified)) if url else None
        if not got.take(entry):
            xml.problems.append(f"over {got.most} entries: the rest not read")
            break
    return Feed(
        kind="json", title=_text(feed.title), language=_text(feed.language), entries=tuple(got.entries.values()),
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
    if _XML_LIST.match(start):
        return True
    if start.lstrip().startswith("{"):
        return mime == "application/feed+json" or "jsonfeed.org/version/" in (text if "json" in mime else start)
    if not _HTTP.match(start.lstrip()):
        return False
    whole = start if len(text) <= START_CHARACTERS else start.rpartition("\n")[0] or start
    return all(_ADDRESS_LINE.fullmatch(line.strip()) for line in whole.splitlines() if line.strip())


def read_sitemap(data: bytes | str, base_url: str, limits: ReadLimits = LIMITS) -> Sitemap:
    """Read a sitemap, a sitemap index, a list of addresses in plain text, or a feed offered as a sitemap; never raises.

    At most 50,000 addresses and 50 MiB are read; what lies beyond is told in `problems`.

    Args:
        data: The payload, content coding removed; `.gz` files are inflated here.
        base_url: The sitemap's own address, for relative links.
    Source: sitemaps.org protocol 0.9; Google's news and image extensions.
    """
    xml, got = XmlEntries(data, frozenset({"url", "sitemap"}), limits.sitemap_bytes), _Gathered(limits.sitemap_urls)
    if _HTTP.match(xml.text.lstrip()):
        return _text_sitemap(xml.text, base_url, xml.problems, got)
    if xml.text.lstrip().startswith("{"):
        return _feed_sitemap(_json_feed(xml, base_url, got))
    others: dict[str, None] = {}
    for element in xml:
        entry = _sitemap_entry(element, base_url)
        if entry is not None and len(others) < got.most:
            others |= dict.fromkeys(_other_forms(element, base_url))
        if not got.take(entry):
            xml.problems.append(f"over {got.most} addresses: the rest not read")
            break
    if xml.root in ("rss", "feed", "rdf"):
        return _feed_sitemap(read_feed(xml.text, base_url, limits))
    for url in others:
        if url not in got.entries and not got.take(Entry(url=url)):
            xml.problems.append(f"over {got.most} addresses: the rest not read")
            break
    kind = {"urlset": "urlset", "sitemapindex": "index"}.get(xml.root or "")
    if kind is None and xml.root and not xml.problems:
        xml.problems.append(f"no sitemap: <{xml.root[:40]}>")
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


def _other_forms(element: etree._Element, base_url: str) -> list[str]:
    """The same page in other languages or for other screens (`xhtml:link`)."""
    links = (
        child for child in element if local(child) == "link" and {"alternate", "amphtml"} & set(attribute(child, "rel").lower().split())
    )
    return [url for link in links if (url := join(base_url, attribute(link, "href")))]


def when(text: str | None) -> datetime | None:
    """A feed's date as aware UTC, or None: RFC 822 or ISO 8601; a date without a zone is taken for UTC.

    >>> when("Sat, 15 Aug 2026 21:39:28 +0330").isoformat()
    '2026-08-15T18:09:28+00:00'
    """
    text = (text or "").strip()[:64]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _text_sitemap(text: str, base_url: str, problems: list[str], got: _Gathered) -> Sitemap:
    for found in re.finditer(r"[^\r\n]+", text):
        line = found[0].strip()
        url = join(base_url, line) if _HTTP.match(line) else None
        if line and not got.take(Entry(url=url) if url else None):
            problems.append(f"over {got.most} addresses: the rest not read")
            break
    return Sitemap(
        kind="text",
        entries=tuple(got.entries.values()),
        problems=tuple(problems),
        repeated=got.counts["repeated"],
        skipped=got.counts["skipped"],
    )


def _rss_item(item: etree._Element, base_url: str) -> Entry | None:
    fields = _fields(item)
    guid = next((child for child in item if local(child) == "guid"), None)
    candidates = [fields.get("link")]
    if guid is not None and attribute(guid, "ispermalink", "true") != "false":
        candidates.append(_HTTP.match((guid.text or "").strip()) and guid.text)
    links = [child for child in item if local(child) == "link"]
    candidates += [_href(link, base_url) for link in links if attribute(link, "rel", "alternate") == "alternate"]
    # Behind a tag that is never closed (`<title>one<br>two</title>`) the link stands within it.
    candidates += [child.text for child in item.iterdescendants() if local(child) == "link"]
    url = _first_address(base_url, candidates)
    published = when(fields.get("pubdate")) or when(fields.get("date")) or when(fields.get("published"))
    return Entry(url=url, title=_text(fields.get("title")), published=published, modified=when(fields.get("modified"))) if url else None


def _atom_entry(entry: etree._Element, base_url: str) -> Entry | None:
    fields = _fields(entry)
    links = [child for child in entry if local(child) == "link" and attribute(child, "rel", "alternate") == "alternate"]
    links.sort(key=lambda link: "html" not in attribute(link, "type", "html"))
    # An id is a name; where nothing else is told and it is an address, it leads to the entry in practice.
    named = [identity for identity in [fields.get("id")] if identity and _HTTP.match(identity.strip())]
    url = _first_address(base_url, [*(_href(link, base_url) for link in links), *named])
    published = when(fields.get("published")) or when(fields.get("issued"))
    return Entry(url=url, title=_text(fields.get("title")), published=published, modified=when(fields.get("updated"))) if url else None


def _sitemap_entry(element: etree._Element, base_url: str) -> Entry | None:
    fields, news, images = _fields(element), None, []
    for child in element:
        if local(child) == "news":
            news = _news(child)
        elif local(child) == "image" and (address := _first_address(base_url, [_fields(child).get("loc")])):
            images.append(address)
    url = _first_address(base_url, [fields.get("loc")])
    if url is None:
        return None
    told = news or News()
    return Entry(url=url, title=told.title, published=told.published, modified=when(fields.get("lastmod")), news=news, images=tuple(images))


def _news(element: etree._Element) -> News:
    fields = _fields(element)
    publication = next((_fields(child) for child in element if local(child) == "publication"), {})
    return News(
        title=_text(fields.get("title")),
        published=when(fields.get("publication_date")),
        name=_text(publication.get("name")),
        language=_text(publication.get("language")),
        keywords=tuple(word for part in fields.get("keywords", "").split(",") if (word := _BLANKS.sub(" ", part).strip())),
    )


def _fields(element: etree._Element) -> dict[str, str]:
    """The first text of each direct child, by its lower-case name; text of the child's own children counts for titles with markup."""
    found: dict[str, str] = {}
    for child in element:
        name = local(child)
        if name and name not in found and (text := "".join(child.itertext()) if name == "title" else child.text or "").strip():
            found[name] = text
    return found


def _href(link: etree._Element, base_url: str) -> str | None:
    """The `href` of a link, seen from its own `xml:base` where it has one."""
    own, href = link.get(XML_BASE), attribute(link, "href")
    return join(join(base_url, own) or base_url, href) if own and href else href


def _first_address(base_url: str, candidates: list[str | None]) -> str | None:
    return next((url for href in candidates if href and href.strip() and (url := join(base_url, href))), None)


def _text(value: str | None) -> str | None:
    """Blanks and newlines trimmed; None where nothing is left."""
    return _BLANKS.sub(" ", value).strip()[:MAX_TEXT] or None if value else None
