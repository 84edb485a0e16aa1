"""Table `announced`: which capture of a list or page named each story first.

What counts follows from the captures alone, in any order of filing: of all captures that name a story the earliest stands, by date, then
record id.

    feed, sitemap, seed, section   every link that the site file says is a story
    story                          the same, but for links to the story itself
    a page without a site file     nothing; entries of feeds and sitemaps are announced as `web/ADDRESS`

Nearly all links of a page are known: those met last are kept in memory, so that they need neither a pattern nor a statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import define, field

from crawler.index.rows import clean, iso, row_of_capture
from crawler.items import Capture, Link, Listing, Outcome, Parsed, content_of
from crawler.items.link_list import urls_of
from crawler.sites.known import WEB
from crawler.sites.site import Site
from crawler.urls import web_story

SITE_ROLES = frozenset({"feed", "sitemap", "seed", "section", "story"})
"""Roles of captures of a site whose links announce stories."""
WEB_KINDS = frozenset({"feed", "urlset", "text"})
"""Kinds of lists whose entries are announced without a site file."""
REMEMBERED = 16_384
"""Addresses in each half of the memory; the half not met for longest is forgotten."""
NO_STORY = ""
"""In the memory: the address announces nothing, whatever names it."""
_CHUNK = 200
_ORDER = "c.date, coalesce(c.written_id, c.record_id), c.record_id"
_KNOWN = f"SELECT a.story_id, {_ORDER}, a.capture_id, a.url FROM announced a JOIN captures c ON c.id = a.capture_id WHERE a.story_id IN"
_PUT = (
    "INSERT INTO announced (story_id, capture_id, url) VALUES (?, ?, ?)"
    " ON CONFLICT(story_id) DO UPDATE SET capture_id = excluded.capture_id, url = excluded.url"
)

Order = tuple[str, str, str]
"""Sort key of captures: the least announced first."""
SiteOf = Callable[[str], Site | None]


@define
class _Met:
    """Addresses met last on one site, with the date that announced each."""

    new: dict[str, str] = field(factory=dict)
    old: dict[str, str] = field(factory=dict)

    def others(self, urls: Iterable[str], date: str) -> list[str]:
        """List the addresses that a capture of that date may announce first."""
        new, old = self.new.get, self.old
        fresh = [url for url in urls if (until := new(url)) is None or until >= date]
        return list(dict.fromkeys(url for url in fresh if not self._recalled(old, url, date)))

    def _recalled(self, old: dict[str, str], url: str, date: str) -> bool:
        until = old.get(url)
        if until is None or until >= date:
            return False
        self.put(url, until)
        return True

    def put(self, url: str, first: str) -> None:
        """Remember an address."""
        if len(self.new) >= REMEMBERED:
            self.old, self.new = self.new, {}
        self.new[url] = first


@define
class Announcements:
    """Writer of table `announced`, inside the transactions of one index."""

    site_of: SiteOf
    """Finds a site by its name; None for one whose file is not there."""
    _met: dict[str, _Met] = field(factory=dict, init=False)
    """By site."""

    def forget(self) -> None:
        """Forget what is in memory: a transaction was rolled back, or announcements were taken back."""
        self._met = {}

    def file(self, conn: sqlite3.Connection, outcome: Outcome) -> None:
        """File what one capture announces. Its links are filed before."""
        content = content_of(outcome)
        if not content.links or not isinstance(content, Parsed | Listing):
            return
        if content.capture.site == WEB.name and isinstance(content, Listing) and content.kind in WEB_KINDS:
            conn.execute("INSERT OR IGNORE INTO web_lists VALUES (?)", [row_of_capture(conn, content.capture.record_id)])
        if announces(conn, content.capture):
            self.add(conn, content.capture, urls_of(content.links), nested={link.url for link in _nested(content)})

    def add(self, conn: sqlite3.Connection, capture: Capture, urls: Sequence[str], *, nested: Iterable[str] = ()) -> None:
        """File what a capture with these links announces.

        Args:
            nested: Those of them that are lists themselves.
        """
        met = self._met.setdefault(capture.site, _Met())
        fresh = met.others(urls, iso(capture.date))
        named = self._named(capture, fresh, frozenset(nested), met) if fresh else {}
        for story, first in _filed(conn, capture, {story: urls[0] for story, urls in named.items()}).items():
            for url in named[story]:
                met.put(url, first)

    def _named(self, capture: Capture, urls: Iterable[str], nested: frozenset[str], met: _Met) -> dict[str, list[str]]:
        """Gather the stories that addresses name, each with its addresses as linked."""
        found: dict[str, list[str]] = {}
        site = self.site_of(capture.site)
        own = capture.story and clean(capture.story)
        for url in urls:
            story = None if site is None or url in nested else story_named(site, url)
            if story is None:
                met.put(url, NO_STORY)
            elif story != own:
                found.setdefault(story, []).append(url)
        return found


def announces(conn: sqlite3.Connection, capture: Capture) -> bool:
    """Test if the links of a capture announce stories."""
    if capture.via is not None:
        return False  # a web archive's copy shows what was announced long ago
    if capture.site != WEB.name:
        return capture.role in SITE_ROLES
    sql = "SELECT 1 FROM captures c JOIN web_lists w ON w.capture_id = c.id WHERE c.record_id = ?"
    return capture.role != "story" and conn.execute(sql, [capture.record_id]).fetchone() is not None


def story_named(site: Site, url: str) -> str | None:
    """The story id that an address names; None for any other address."""
    if site.name == WEB.name:
        return clean(web_story(url))
    story = site.story_id(url)
    return None if story is None or site.forbidden(url) else clean(story)


def _nested(content: Parsed | Listing) -> Iterator[Link]:
    """Yield the links of a list that are lists themselves."""
    if isinstance(content, Listing) and content.kind is not None:
        yield from (link for link in content.links if link.listing)


def _filed(conn: sqlite3.Connection, capture: Capture, stories: Mapping[str, str]) -> dict[str, str]:
    """File the stories that a capture names, where none before it did.

    Args:
        stories: Story to address.
    Returns:
        Story to the date of the capture that stands now.
    """
    if not stories:
        return {}
    known = dict(_known(conn, list(stories)))
    mine, date = _order_of(capture), iso(capture.date)
    row, first = None, dict.fromkeys(stories, date)
    for story, url in stories.items():
        if (there := known.get(story)) is not None and there[0] < mine:
            first[story] = there[0][0]
            continue
        row = row_of_capture(conn, capture.record_id) if row is None else row
        if there is None or there[1:] != (row, clean(url)):
            conn.execute(_PUT, [story, row, clean(url)])
    return first


def _known(conn: sqlite3.Connection, stories: Sequence[str]) -> Iterator[tuple[str, tuple[Order, int, str]]]:
    """Yield those of some stories that are announced, with order, row and address."""
    for at in range(0, len(stories), _CHUNK):
        some = stories[at : at + _CHUNK]
        for story, date, written, record_id, row, url in conn.execute(f"{_KNOWN} ({', '.join('?' * len(some))})", some):
            yield story, ((date, written, record_id), row, url)


def _order_of(capture: Capture) -> Order:
    return iso(capture.date), capture.written_id or capture.record_id, capture.record_id
