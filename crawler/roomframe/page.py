"""Pages: data from the index, shown by a template or as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from crawler.roomframe.addresses import Addresses, decoded

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.index.index import Index


class NotThere(Exception):
    """The collection does not have it; the text names it."""


class BadRequest(Exception):
    """An argument of the address means nothing; the text says which."""


@frozen(kw_only=True)
class Asked:
    """One request to one collection.

    A page is made in one thread with one connection, and sees one moment of the index.
    """

    collection: str
    """Its name."""
    path: Path
    """Its folder."""
    index: Index
    """Open read-only; `index.query` runs a SELECT."""
    to: Addresses
    words: Mapping[str, str] = field(factory=dict)
    """Named groups of the route's pattern, decoded."""
    args: Mapping[str, str] = field(factory=dict)
    """Query arguments; of repeated ones the first."""
    root: str = ""
    """Scheme and host that were asked, for absolute addresses: `http://127.0.0.1:8001`."""
    if_none_match: str = ""
    """ETag of what the browser has already."""
    options: Mapping[str, Any] = field(factory=dict)
    """Of this room: `replay` has the address of pywb by collection."""

    def replay(self, date: str, url: str) -> str | None:
        """The address at which pywb shows a capture; None without one.

        Args:
            url: In its WARC record: `via`, else `url`.
        """
        from crawler.playback.replay import Replay

        base = self.options.get("replay", {}).get(self.collection)
        return Replay(base).address(self.collection, date, url) if base else None

    def number(self, name: str, default: int, *, least: int = 1, most: int = 10**9) -> int:
        """A query argument that is a whole number.

        Raises:
            BadRequest: It is none, or out of range.
        """
        text = self.args.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and len(text) < 11 and least <= int(text) <= most):
            raise BadRequest(f"{name}={text[:40]}")
        return int(text)

    def text(self, name: str, *, most: int = 500) -> str | None:
        """A query argument without blanks around it; None if it is absent or blank."""
        return self.args.get(name, "").strip()[:most] or None


@frozen(kw_only=True)
class Page:
    """A page: what it shows, and by which template of `templates/room`."""

    template: str
    title: str
    """Of the window; plain text, may be of any origin."""
    data: Any
    """An attrs instance: the template has it as `page`, `.json` shows it as an object."""
    policy: str | None = None
    """Content-Security-Policy, if another than that of all pages."""
    status: int = 200


@frozen(kw_only=True)
class File:
    """Bytes as they are, with a media type of ours."""

    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(factory=dict)
    """Names in lower case; those of `headers.py` are added where they lack."""
    part: tuple[Path, int, int] | None = None
    """In place of `body`: a file, an offset, a length; sent in pieces."""
    status: int = 200


@frozen
class Elsewhere:
    """A redirect to a page of this room."""

    address: str


Made: TypeAlias = "Page | File | Elsewhere"


@frozen
class Route:
    """Address and maker of a page, below `/COLLECTION/-/`."""

    pattern: str
    """Regular expression of the rest of the path; `(?P<name>[^/.]+)` becomes `Asked.words["name"]`."""
    make: Callable[[Asked], Made]
    """Makes the page; runs in a thread, may raise NotThere or BadRequest."""
    json: bool = True
    """Whether `.json` behind the path gives the data."""

    @property
    def regex(self) -> re.Pattern[str]:
        """Of the whole path."""
        ending = r"(?:\.(?P<format>json))?$" if self.json else "$"
        return re.compile(r"^/(?P<collection>[^/.]+)/-/" + self.pattern + ending)


def words_of(found: Mapping[str, str | None]) -> dict[str, str]:
    """The named groups of a path, decoded."""
    return {name: decoded(value) for name, value in found.items() if value is not None and name not in ("collection", "format")}
