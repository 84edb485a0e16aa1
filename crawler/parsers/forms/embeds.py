"""Posts of social networks and films set into the text, with their addresses and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from attrs import frozen
from lxml import etree

from crawler.items import Block
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, ancestry, named, words
from crawler.parsers.forms.entry_lines import Placed
from crawler.parsers.forms.frame import Frame
from crawler.parsers.forms.platforms import ADDRESSES, AMP, PLAYERS, POSTS, QUOTES

MAX_EMBEDS = 500
MAX_WORDS = 3_000
"""Characters of a quotation that may be a post."""

MIN_KEY = 8
"""Letters by which a line of the body is told as a post's."""

MIN_LINKED = 60
"""Letters of a link that are words of the post."""

_QUOTE = re.compile(QUOTES)
_SOURCES = ("src", "data-src", "data-lazy-src", "data-url", "data-original", "data-litespeed-src", "data-cookieblock-src")
_MASTODON = re.compile(r"/(?:@[\w.]+|users/[\w.]+/statuses)/\d+/embed")
_TWEET = re.compile(r"/embed/Tweet\.html\?(?:[^#]*&)?id=(\d+)")
_ADDRESS = re.compile(r"https?://\S+")


@frozen(kw_only=True, eq=False)
class Embed:
    """One post or film on the page."""

    element: etree._Element
    url: str
    is_quoted: bool
    """Whether the page quotes its words."""


@lru_cache(maxsize=1024)
def is_post(url: str) -> bool:
    """Tell whether an address is that of one post of a social network.

    >>> is_post("https://twitter.com/morrow/status/1767"), is_post("https://twitter.com/morrow")
    (True, False)
    """
    return _is_at(url, POSTS)


@lru_cache(maxsize=1024)
def is_player(url: str) -> bool:
    """Tell whether an address is that of a post or film in a frame."""
    return _is_at(url, PLAYERS) or _MASTODON.search(url) is not None


def _is_at(url: str, places: dict[str, str]) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    labels = host.split(".")
    path = next((places[name] for n in range(len(labels) - 1) if (name := ".".join(labels[n:])) in places), None)
    return path is not None and re.match(path, parts.path) is not None


def embeds(page: Page) -> list[Embed]:
    """Find the posts and films of a page, in order, each address once."""
    out: dict[str, Embed] = {}
    for found in islice(_found(page), MAX_EMBEDS):
        out.setdefault(found.url, found)
    return [*out.values()]


def _found(page: Page) -> Iterator[Embed]:
    """The posts and films by kind of mark-up."""
    for element in tagged(page, "iframe"):
        if (url := _framed(page, element)) is not None:
            yield Embed(element=element, url=url, is_quoted=False)
    for element in tagged(page, "blockquote"):
        if (url := _quoted(page, element)) is not None:
            yield Embed(element=element, url=url, is_quoted=True)
    yield from _by_component(page)
    yield from _by_attribute(page)


def _framed(page: Page, element: etree._Element) -> str | None:
    """The address of the post or film in a frame, if a platform's."""
    sources = (page.join(value) for name in _SOURCES if (value := (element.get(name) or "").strip()))
    url = next((url for url in sources if url and is_player(url)), None)
    if url is not None and (number := _TWEET.search(url)) is not None:
        return f"https://twitter.com/i/status/{number[1]}"
    return url


def _by_component(page: Page) -> Iterator[Embed]:
    """Posts and films by elements that stand for them."""
    for element in (element for tag in AMP for element in tagged(page, tag)):
        url = _component(page, element, *AMP[str(element.tag)])
        if url and (element.tag != "amp-iframe" or is_player(url)):
            yield Embed(element=element, url=url, is_quoted=False)


def _quoted(page: Page, element: etree._Element) -> str | None:
    """The address of the post that a quotation holds, if it is one."""
    told = _joined(page, [element.get(name) for name in ADDRESSES])
    links = _joined(page, [link.get("href") for link in element.iter("a")])[::-1]
    if _QUOTE.search(named(element)):
        return next(filter(is_post, [*told, *links]), next(iter(told), None))
    # Without a name, the post's address is the last thing in the quotation: the date under it.
    return next(filter(is_post, links[:1]), None)


def _joined(page: Page, hrefs: Sequence[str | None]) -> list[str]:
    """The addresses of the web among some, absolute."""
    return [url for href in hrefs if href and (url := page.join(href.strip())) and url.startswith("http")]


def _component(page: Page, element: etree._Element, attribute: str, address: str) -> str | None:
    """The address of the post or film that an element stands for."""
    value = (element.get(attribute) or "").strip()
    if not value:
        return None
    if value.startswith("http"):
        return page.join(value)
    player = element.get("data-player") or element.get("data-player-id") or "default"
    return page.join(address.format(value, account=element.get("data-account") or "", player=player))


def _by_attribute(page: Page) -> Iterator[Embed]:
    """Posts that an attribute of a box or script names."""
    for element in tagged(page, "script"):
        if name := element.get("data-telegram-post"):
            yield Embed(element=element, url=f"https://t.me/{name}", is_quoted=False)
    for element in page.root.iterfind(".//div[@data-href]") if "data-href=" in page.text else ():
        url = page.join(element.get("data-href") or "")
        if url and (is_post(url) or is_player(url)):
            yield Embed(element=element, url=url, is_quoted=True)


def with_embeds(page: Page, segments: Sequence[Segment], headline: int, blocks: Sequence[Placed]) -> list[Placed]:
    """Set the posts and films of the article into its body.

    The lines of a body that are words of a post become that post's.
    """
    out = [*blocks]
    found = [*embeds(page), *_bare(segments)]
    places = [place for _, place in blocks if place is not None]
    if not found or not places:
        return out
    order = {element: n for n, element in enumerate(page.root.iter("*"))}
    frame = Frame(segments, headline, places)
    for one in found:
        inside = _inside(segments, one)
        at = inside[0].n if inside else _place(segments, order, one.element)
        if sum(p.size for p in inside) <= MAX_WORDS and frame.holds(one.element, at):
            text = "\n".join(p.line for p in inside if not _is_label(p, one.url)) or None
            out = _inserted(_without(out, inside), (Block(kind="embed", text=text, url=one.url), at if inside else None), at)
    return out


def _inside(segments: Sequence[Segment], embed: Embed) -> list[Segment]:
    """The texts that quote a post."""
    return [p for p in segments if p.text and embed.element in ancestry(p.element)] if embed.is_quoted else []


def _is_label(segment: Segment, url: str) -> bool:
    """Tell whether a line only leads to the post: `View this post`, its bare address."""
    return segment.line == url or (segment.linked > 0.9 and segment.size < MIN_LINKED)


def _bare(segments: Sequence[Segment]) -> Iterator[Embed]:
    """Lines that are the address of a post or film and nothing else."""
    for p in segments:
        if p.text.startswith("http") and _ADDRESS.fullmatch(p.text) and (is_post(p.text) or is_player(p.text)):
            yield Embed(element=p.element, url=p.text, is_quoted=True)


def _place(segments: Sequence[Segment], order: dict[etree._Element, int], element: etree._Element) -> int:
    """The place in the flow of the first segment behind an element."""
    own = order.get(element, -1)
    return next((p.n for p in segments if order.get(p.element, -1) > own), len(segments))


def _without(blocks: Sequence[Placed], inside: Sequence[Segment]) -> list[Placed]:
    """The blocks that are no words of a post."""
    if not inside:
        return [*blocks]
    places = {p.n for p in inside}
    key = "".join(p.key for p in inside)
    return [
        (block, place)
        for block, place in blocks
        if place not in places and not (place is None and len(line := words(block.text or "")) >= MIN_KEY and line in key)
    ]


def _inserted(blocks: list[Placed], embed: Placed, at: int) -> list[Placed]:
    """Put an embed before the first block that stands behind its place."""
    for n, (_, place) in enumerate(blocks):
        if place is not None and place >= at:
            return [*blocks[:n], embed, *blocks[n:]]
    return [*blocks, embed]
