"""Entries of feeds and sitemaps: addresses, titles, times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain

from attrs import frozen
from lxml import etree

from crawler.parsers.dates.list_dates import when
from crawler.parsers.encoding.list_text import ListText
from crawler.parsers.listings.titles import headline, plain
from crawler.parsers.markup.xml_names import XML_BASE, attribute, local, split
from crawler.urls import host_of, join

_HTTP = re.compile(r"https?:", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d{1,5})?(?=[/?#]|$)", re.IGNORECASE)
_LINES = re.compile(r"\s*[\r\n]\s*")
_PICTURES = re.compile(r"mrss|media|image|video|photo", re.IGNORECASE)
"""In the namespace of elements that tell of a picture, not of the story."""
_PROXY = re.compile(r"https?://[^/]*(?:feedburner|feedproxy|pheedo|feedsportal)", re.IGNORECASE)
"""Services that put their own address in place of the story's, and most of which are gone."""
_ALTERNATE = re.compile(r"(?:https?://www\.iana\.org/assignments/(?:link-)?relation(?:s|/)?/?)?alternate/?", re.IGNORECASE)
_NOT_OWN = frozenset({"source", "content", "summary", "encoded", "image", "author", "contributor", "group", "textinput", "item", "entry"})
"""Elements of an entry in which an address is not the entry's."""
_NO = ("false", "0", "no")
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "available")
_MODIFIED = ("updated", "modified", "lastmod")


@frozen(kw_only=True)
class News:
    """Fields of a news sitemap for one story."""

    title: str | None = None
    published: datetime | None = None
    name: str | None = None
    """Of the publication."""
    language: str | None = None
    keywords: tuple[str, ...] = ()


@frozen(kw_only=True)
class Entry:
    """One address in a feed or sitemap, with its fields; times are aware UTC."""

    url: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    """Atom's updated, a sitemap's lastmod."""
    news: News | None = None
    images: tuple[str, ...] = ()


@frozen
class EntryReader:
    """Reader for the entries of one list.

    Args:
        source: The list's text.
        base_url: The list's own address.
    """

    source: ListText
    base_url: str

    def rss(self, item: etree._Element, base: str) -> Entry | None:
        """Read an item of RSS; None if it has no address."""
        found = _Fields(item)
        return self._entry(found, self._first(base, self._rss_addresses(item, found, base)))

    def atom(self, entry: etree._Element, base: str) -> Entry | None:
        """Read an entry of Atom; None if it has no address."""
        return self._entry(_Fields(entry), self._first(base, self._atom_addresses(entry, base)))

    def sitemap(self, element: etree._Element, base: str) -> list[Entry]:
        """The addresses of one `url` or `sitemap`: as a rule one."""
        found = _Fields(element)
        places = found.own("loc") or list(_deep(element, "loc"))
        urls = [(url, loc) for loc in places if (url := self._first(base, chain([_text_of(loc)], _within_markup(loc))))]
        if not urls and not len(element):
            urls = self._bare(element, base)
        if not urls:
            return []
        news = None
        for child in found.all("news"):
            news = self._news(child)
        pictures = (self._first(self.base_url, iter([_Fields(image).text("loc")])) for image in found.pictures)
        images = tuple(address for address in pictures if address)
        told, modified = news or News(), found.time(_MODIFIED)
        if urls[1:]:
            # Of several addresses by fault each has what follows it.
            return [Entry(url=url, modified=_following(loc)) for url, loc in urls]
        return [Entry(url=urls[0][0], title=told.title, published=told.published, modified=modified, news=news, images=images)]

    def _bare(self, element: etree._Element, base: str) -> list[tuple[str, etree._Element]]:
        """The address in an element's own text.

        That of a `loc` outside any entry, or of an entry without a `loc`.
        """
        space, name = split(element)
        written = (element.text or "").strip()
        own = _HTTP.match(written) or (name == "loc" and not _of_picture(space))
        return [(url, element)] if own and (url := self.address(base, written)) else []

    def words(self, text: str | None) -> str | None:
        """Clean a text for display; None if nothing is left."""
        return plain(self.source.shown(text)) if text else None

    def address(self, base: str, href: str | None) -> str | None:
        """Make an address of the list absolute; None if it cannot be requested.

        A host without scheme is one where it is the list's own.
        """
        href = href.strip() if href else ""
        if not href:
            return None
        if href[0] in "<\"'":
            # Escaped CDATA, and quotes: no address begins with them.
            href = href.removeprefix("<![CDATA[").removesuffix("]]>").strip(" \t\r\n\"'<>")
        if "\n" in href or "\r" in href:
            href = _LINES.sub("", href)
        if not _HTTP.match(href) and (host := _HOST.match(href)) and _bare(host[0]) == _bare(host_of(self.base_url)):
            href = f"{self.base_url.partition(':')[0]}://{href}"
        return join(base, self.source.address(href))

    def _href(self, link: etree._Element, base: str) -> str | None:
        """The `href` of a link, relative to its own `xml:base` if it has one."""
        own, href = link.get(XML_BASE), attribute(link, "href")
        return self.address(self.address(base, own) or base, href) if own and href else href

    def _first(self, base: str, candidates: Iterator[str | None]) -> str | None:
        return next((url for href in candidates if (url := self.address(base, href))), None)

    def _entry(self, found: _Fields, url: str | None) -> Entry | None:
        if url is None:
            return None
        return Entry(
            url=url, title=self.words(headline(found.one("title"))), published=found.time(_PUBLISHED), modified=found.time(_MODIFIED)
        )

    def _rss_addresses(self, item: etree._Element, found: _Fields, base: str) -> Iterator[str | None]:
        """Candidates for the address of an item, the best first."""
        links, guids = found.all("link"), found.all("guid")
        if any(_PROXY.search(link.text or "") for link in links):
            yield from _originals(item)
        yield from (link.text for link in links if _is_alternate(link))
        yield from _http_texts(filter(_is_lasting, guids))
        yield from (self._href(link, base) for link in _children(item, "link") if _is_alternate(link))
        yield from (guid.text for guid in guids if _is_lasting(guid) and _is_path(guid))
        yield from (link.text or attribute(link, "href") for link in _deep(item, "link"))
        yield from _http_texts(guids)
        yield _about(item)
        yield from _originals(item)
        yield from (address for link in _children(item, "link") for address in _within_markup(link))

    def _atom_addresses(self, entry: etree._Element, base: str) -> Iterator[str | None]:
        """Candidates for the address of an entry, the best first."""
        links = list(filter(_is_alternate, _children(entry, "link")))
        links.sort(key=lambda link: "html" not in attribute(link, "type", "html").lower())
        yield from (self._href(link, base) for link in links)
        yield from (link.text for link in links)
        # An id is a name; if nothing else is given and it is an address, it leads to the entry in practice.
        yield from (text for name in ("id", "guid") for text in _http_texts(_children(entry, name)))
        yield from (attribute(link, "href") or link.text for link in _deep(entry, "link") if _is_alternate(link))
        yield from (one.text for one in _children(entry, "id") if _is_path(one))

    def _news(self, element: etree._Element) -> News:
        found = _Fields(element)
        publication = next((_Fields(child) for child in element if local(child) == "publication"), None)
        return News(
            title=self.words(headline(found.one("title"))),
            published=when(found.text("publication_date")),
            name=self.words(publication.text("name")) if publication else None,
            language=self.words(publication.text("language")) if publication else None,
            keywords=tuple(word for part in found.text("keywords").split(",") if (word := self.words(part))),
        )


class _Fields:
    """Children of an entry by name: own namespace first, none of pictures only."""

    def __init__(self, element: etree._Element) -> None:
        space = split(element)[0]
        self._own: dict[str, list[etree._Element]] = {}
        self._others: dict[str, list[etree._Element]] = {}
        self.pictures: list[etree._Element] = []
        for child in element:
            its_space, name = split(child)
            if its_space == space:
                self._own.setdefault(name, []).append(child)
            elif not _of_picture(its_space):
                self._others.setdefault(name, []).append(child)
            if name == "image":
                self.pictures.append(child)

    def all(self, name: str) -> Sequence[etree._Element]:
        """All of a name."""
        own, others = self._own.get(name), self._others.get(name)
        return [*own, *others] if own and others else own or others or ()

    def own(self, name: str) -> Sequence[etree._Element]:
        """Those of the entry's own namespace, or where there are none all."""
        return self._own.get(name) or self._others.get(name) or ()

    def one(self, name: str) -> etree._Element | None:
        """The first of a name that holds text."""
        return next((child for child in self.all(name) if _text_of(child).strip()), None)

    def text(self, name: str) -> str:
        """The text of the first of a name; empty where there is none."""
        child = self.one(name)
        return _text_of(child).strip() if child is not None else ""

    def time(self, names: tuple[str, ...]) -> datetime | None:
        """The first time that can be read among elements of these names."""
        return next((time for name in names for child in self.all(name) if (time := when(child.text))), None)


def _text_of(element: etree._Element) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def _following(loc: etree._Element) -> datetime | None:
    """The time between an address and the next one."""
    for sibling in loc.itersiblings():
        if local(sibling) == "loc":
            return None
        if local(sibling) in _MODIFIED and (time := when(_text_of(sibling))):
            return time
    return None


@lru_cache(maxsize=1024)
def _of_picture(space: str) -> bool:
    return _PICTURES.search(space) is not None


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if local(child) == name and not _of_picture(split(child)[0]))


def _within_markup(element: etree._Element) -> Iterator[str | None]:
    """Addresses behind or in HTML mark-up inside a link, such as a PHP notice."""
    for child in element:
        yield from (written for written in (child.tail, attribute(child, "href")) if written and _HTTP.match(written.strip()))


def _deep(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements of a name at any depth, for entries with broken mark-up."""
    for child in element:
        if local(child) not in _NOT_OWN and not _of_picture(split(child)[0]):
            if local(child) == name:
                yield child
            yield from _deep(child, name)


def _originals(item: etree._Element) -> Iterator[str]:
    """Original addresses behind the links of a click-counting service."""
    return _http_texts(_children(item, "origlink"))


def _http_texts(elements: Iterable[etree._Element]) -> Iterator[str]:
    """Texts of these elements that begin as addresses of http."""
    return (text for element in elements if _HTTP.match(text := (element.text or "").strip()))


def _is_lasting(guid: etree._Element) -> bool:
    """Test for a guid that is no mere identifier."""
    return attribute(guid, "ispermalink", "true").strip().lower() not in _NO


def _about(item: etree._Element) -> str | None:
    """The `rdf:about` of an item."""
    return next((value for key, value in item.items() if key.rpartition("}")[2].rpartition(":")[2].lower() == "about"), None)


def _is_alternate(link: etree._Element) -> bool:
    rel = attribute(link, "rel").strip()
    return not rel or any(_ALTERNATE.fullmatch(word) for word in rel.split())


def _is_path(guid: etree._Element) -> bool:
    """Test for an id or permalink relative to the list's address.

    A number is taken for one only if it says that it is a permalink.
    """
    text = (guid.text or "").strip()
    return bool(text) and not re.search(r"\s", text) and (text.startswith("/") or attribute(guid, "ispermalink").strip().lower() == "true")


def _bare(host: str) -> str:
    return host.lower().partition(":")[0].removeprefix("www.")
