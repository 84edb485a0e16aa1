"""Links and refreshes of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from attrs import frozen
from lxml import etree

from crawler.errors import Unreadable
from crawler.items import Link
from crawler.parsers.document.display import text_shown
from crawler.parsers.document.page import Page
from crawler.parsers.encoding.encoders import encoder_of
from crawler.urls import join, rule_against

MAX_TEXT = 300
MOST_COUNTED = 10
"""How many times the limit of links those beyond it are counted; a page of more has as many, at least."""

_BLANKS = re.compile(r"\s+")
# As WHATWG reads it: seconds, a mark or blank, perhaps `url=`; without seconds only where `url=` stands.
_REFRESH = re.compile(r"(?:(\d+)[\d.]*|\.[\d.]*)(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(.*)|[\d.]*\s*[;,]?\s*url\s*=\s*(.*)", re.IGNORECASE)
_NEIGHBOURS = frozenset({"canonical", "next", "prev", "previous", "alternate", "amphtml"})
_PAGE_TYPES = frozenset(
    {"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "application/rss+xml", "application/atom+xml",
     "application/rdf+xml", "application/feed+json"}
)  # fmt: skip
"""Media types of what is linked as another form of a page: oEmbed and programming interfaces are no pages."""
_PAGE_ENDINGS = frozenset({"", "htm", "html", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "cgi", "cfm"})
_EMBEDDED = {"frame": "src", "iframe": "src", "object": "data", "embed": "src"}
_ANCHORS = frozenset({"a", "area"})
_WITHOUT_TEXT = frozenset({"meta", *_EMBEDDED})


@frozen
class Refresh:
    """Redirect by mark-up or header field, after some seconds."""

    url: str
    seconds: int
    scripted: bool
    """Whether only readers without scripts are sent there."""


def page_links(page: Page) -> tuple[Link, ...]:
    """The links of a page, as a browser would follow them; never raises.

    `a` and `area`, also in the `noframes` of a frameset; frames and embedded documents; `link` where it says canonical, next, prev,
    alternate or amphtml; where it refreshes to.

    Returns:
        Absolute addresses in page order, each once, with the first text that is not blank; at most the page's limit (5000).
    """
    found: dict[str, str] = {}
    urls: dict[str, str | None] = {"": None}
    base, encode, beyond, refused, most = page.base, encoder_of(page.charset), 0, Counter[str](), page.limits.links
    for href, element in _hrefs(page):
        if len(found) >= most:
            page.limited["links per page"] = None
            beyond += 1
            if beyond >= MOST_COUNTED * most:
                break
            continue
        if href not in urls:
            urls[href] = join(base, href, encode)
        url = urls[href]
        if url is None:
            if rule := rule_against(base, href):
                refused[f"links not asked for: {rule}"] += 1
        elif not found.get(url):
            found[url] = _link_text(element) if element is not None else ""
    page.left_out |= refused
    if beyond:
        page.left_out["links of pages beyond the number that is read"] = beyond
    return tuple(Link(url=url, text=text) for url, text in found.items())


def page_refresh(page: Page) -> Refresh | None:
    """The first refresh to another address; never raises.

    By header or mark-up; one to the page's own address counts if a cookie is set.
    """
    base, encode, cookie = page.base, encoder_of(page.charset), page.headers.has("set-cookie")
    for value, element in _refreshes(page):
        seconds, href = refreshed(value)
        url = join(base, href, encode) if href else None
        if url and (url != page.url or cookie):
            scripted = element is not None and any(parent.tag == "noscript" for parent in element.iterancestors())
            return Refresh(url, seconds, scripted)
    return None


def _hrefs(page: Page) -> Iterator[tuple[str, etree._Element | None]]:
    """Addresses that a page refers to, as written, each with the element for its text."""
    for value in page.headers.all("refresh"):
        yield refreshed(value)[1], None
    unframed: list[etree._Element] = []
    for element in elements_of(page, "a", "area", "link", "meta", "noframes", *_EMBEDDED):
        tag = element.tag
        if tag in _ANCHORS:
            yield element.get("href") or element.get("xlink:href") or "", element
        elif tag == "noframes":
            unframed.append(element)
        elif (href := _href(element)) is not None:
            yield href, element if tag not in _WITHOUT_TEXT else None
    if unframed and next(page.root.iter("frameset"), None) is not None:
        for box in unframed:
            yield from _hrefs_without_frames(page, box)


def _href(element: etree._Element) -> str | None:
    """The address that a `link`, `meta` or embedding element refers to, or None."""
    tag = element.tag
    if tag == "meta":
        return refreshed(element.get("content") or "")[1] if words_in(element, "http-equiv") == {"refresh"} else None
    if tag in _EMBEDDED:
        return _embedded(element)
    words = words_in(element, "rel")
    if words & _NEIGHBOURS and ("alternate" not in words or _is_page_form(element, words)):
        return element.get("href") or ""
    return None


def _hrefs_without_frames(page: Page, box: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The links in the `noframes` of a frameset, whose mark-up libxml2 reads as text."""
    if text := box.text:
        inner = Page(url=page.url, date=page.date, text=text, limits=page.limits)
        yield from ((element.get("href") or "", element) for element in elements_of(inner, "a", "area"))


def _refreshes(page: Page) -> Iterator[tuple[str, etree._Element | None]]:
    yield from ((value, None) for value in page.headers.all("refresh"))
    for element in elements_of(page, "meta"):
        if words_in(element, "http-equiv") == {"refresh"}:
            yield element.get("content") or "", element


def _is_page_form(element: etree._Element, words: set[str]) -> bool:
    """Test for a `link rel=alternate` to a page or feed."""
    return "stylesheet" not in words and _media_type(element) in _PAGE_TYPES


def _embedded(element: etree._Element) -> str:
    """The address of an embedded document; empty for a film, picture or program."""
    href = (element.get(_EMBEDDED[element.tag]) or "").strip()
    if element.tag in ("frame", "iframe"):
        return href
    kind, name = _media_type(element), re.split("[?#]", href, maxsplit=1)[0].rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return href if kind in ("text/html", "application/xhtml+xml") or (not kind and ending in _PAGE_ENDINGS) else ""


def _media_type(element: etree._Element) -> str:
    return (element.get("type") or "").partition(";")[0].strip().lower()


def refreshed(value: str) -> tuple[int, str]:
    """Seconds and address of a refresh; no address if it is the page itself again.

    Source: WHATWG HTML, shared declarative refresh steps.

    >>> refreshed("0; URL='/next'"), refreshed("180"), refreshed(" 3 , /x y "), refreshed("url=/z"), refreshed("1;/a?url=b")
    ((0, '/next'), (180, ''), (3, '/x y'), (0, '/z'), (1, '/a?url=b'))
    """
    value = _BLANKS.sub(" ", value[:4096]).strip()
    found = _REFRESH.match(value)
    if not found:
        return (int(value[:9]) if value.isascii() and value.isdecimal() else 0), ""
    href = (found[2] if found[3] is None else found[3]).strip()
    quote = href[:1]
    if quote and quote in "'\"":
        href = href[1:].partition(quote)[0]
    return int((found[1] or "0")[:9]), href.strip()


def elements_of(page: Page, *tags: str) -> Iterator[etree._Element]:
    """Iterate over the elements of a page; empty if it has no tree."""
    try:
        yield from page.root.iter(*(tags or (etree.Element,)))
    except Unreadable:
        return


def words_in(element: etree._Element, attribute: str) -> set[str]:
    """The words of an attribute in lower case."""
    return set((element.get(attribute) or "").lower().split())


def _link_text(element: etree._Element) -> str:
    """The words of a link; of a link that is a picture, the picture's."""
    # Of what has no children, comments among them, the text is all there is.
    text = " ".join(text_shown(element).split())
    if not text:
        picture = next(element.iter("img"), None)
        told = [element.get("title"), element.get("aria-label"), element.get("alt"), picture.get("alt") if picture is not None else None]
        text = " ".join(next((t for t in told if t), "").split())
    return text[:MAX_TEXT]
