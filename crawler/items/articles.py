"""Articles read from pages, with their parts, and versions of a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from attrs import field, fields, frozen

BlockKind = Literal["paragraph", "heading", "quote", "list", "table", "correction", "picture", "related", "embed", "entry"]
APART: frozenset[BlockKind] = frozenset(("picture", "related", "entry"))
"""Kinds of blocks whose text is no text of the body."""


@frozen(kw_only=True)
class Link:
    """One address on a page, in page order."""

    url: str
    text: str = ""
    date: str | None = None
    """As a feed or sitemap prints it: when published or last changed."""
    listing: bool = False
    """Whether it leads to a further list: a part of a sitemap index, the next page of a feed."""


@frozen(kw_only=True)
class Image:
    """One editorial picture of an article."""

    url: str
    key: str = ""
    """What stays the same when the picture's host changes; the address itself where nothing is known."""
    caption: str | None = None
    credit: str | None = None
    agency: str | None = None
    alt: str | None = None
    raw: str | None = None
    """The figcaption as printed, credit included."""


@frozen(kw_only=True)
class Imprint:
    """The maker of a picture as named in its file's IPTC and XMP."""

    byline: str | None = None
    """Who made it; several names joined by commas."""
    credit: str | None = None
    copyright: str | None = None
    """The copyright notice."""


@frozen(kw_only=True)
class Block:
    """One piece of a body, in order."""

    kind: BlockKind
    text: str | None = None
    image: int | None = None
    """Index into the article's images, for kind `picture`."""
    url: str | None = None
    """Where the post or film is published, for kind `embed`."""


@frozen(kw_only=True)
class Article:
    """One reading of one capture. Absent is None or (), never a guess."""

    url: str
    story: str | None = None
    template: str = "generic"
    headline: str | None = None
    headline_alternatives: tuple[str, ...] = ()
    deck: str | None = None
    blocks: tuple[Block, ...] = ()
    authors: tuple[str, ...] = ()
    published: str | None = None
    """ISO 8601 with zone; a bare date where no time is known."""
    modified: str | None = None
    published_raw: str | None = None
    section: str | None = None
    breadcrumb: tuple[Link, ...] = ()
    language: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    videos: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    """Hosts printed in the page's alternate-addresses line."""
    related: tuple[Link, ...] = ()
    canonical_url: str | None = None
    read_by: Mapping[str, str] = field(factory=dict)
    """Field name to the name of the reader that won it."""
    problems: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text blocks joined by a newline."""
        return "\n".join(b.text for b in self.blocks if b.text and b.kind not in APART)

    @property
    def embeds(self) -> str:
        """The posts and films set into the body, address and words, one a line."""
        lines = (f"{b.url or ''} {b.text or ''}" for b in self.blocks if b.kind == "embed")
        return "\n".join(" ".join(line.split()) for line in lines)


_PARTS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "blocks": (Block, ("kind", "text", "image", "url")),
    "breadcrumb": (Link, ("text", "url")),
    "images": (Image, ("url", "caption", "credit", "agency", "alt", "raw")),
    "related": (Link, ("text", "url")),
}
"""Fields of an article that hold parts, with the fields of a part that are kept."""
_FIELDS = tuple(f.name for f in fields(Article))


def plain(article: Article) -> dict[str, Any]:
    """Turn an article into JSON values, field by field, in order."""
    values: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(article, name)
        if name in _PARTS:
            kept = _PARTS[name][1]
            value = [{part: getattr(one, part) for part in kept} for one in value]
            if name == "blocks":
                for block in value:
                    if block["url"] is None:  # most blocks have none, and rows of old indexes know no such field
                        del block["url"]
        elif name == "videos":
            value = [{"url": url} for url in value]
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        values[name] = value
    return values


def article_of(values: Mapping[str, Any]) -> Article:
    """Make an article of values as `plain` gives them.

    Further keys are passed over; missing ones get their default.
    """
    made: dict[str, Any] = {}
    for name in _FIELDS:
        if name not in values:
            continue
        value = values[name]
        if name in _PARTS:
            value = tuple(_PARTS[name][0](**part) for part in value)
        elif name == "videos":
            value = tuple(video["url"] for video in value)
        elif isinstance(value, list):
            value = tuple(value)
        made[name] = value
    return Article(**made)


@frozen(kw_only=True)
class Version:
    """One distinct text of a story."""

    story: str
    n: int
    """1, 2, ... in the order seen."""
    text_digest: str
    first_seen: datetime
    last_seen: datetime
    article: Article
