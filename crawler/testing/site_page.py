"""A page as the author of a site file looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attrs import define

from crawler.collection.parse_tasks import tasks
from crawler.errors import ArchiveError, Damaged, SetupError, Unreadable
from crawler.index.index import Index
from crawler.items import Article, Capture, Headers
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Trace
from crawler.parsers.links.page_links import page_links
from crawler.processing.parse_again import bytes_of
from crawler.processing.read_page import page_from, parse_page
from crawler.sites import load_sites
from crawler.sites.site import Site


@define(kw_only=True)
class SitePage:
    """A page, its site, and the article read from it, if any."""

    page: Page
    source: str
    """Where its bytes come from, in words."""
    capture: Capture | None = None
    site: Site | None = None
    article: Article | None = None
    problem: str = ""
    """Why there is no article."""
    payload: bytes = b""
    headers: Headers | None = None
    folders: tuple[str, ...] = ()

    def links(self) -> list[dict[str, str | None]]:
        """List the links with what the site takes each for: story, section, or nothing."""
        return [self._link(link.url, link.text) for link in page_links(self.page)]

    def _link(self, url: str, text: str) -> dict[str, str | None]:
        site, story, role = self.site, None, None
        if site is not None and site.owns(url):
            story = site.story_id(url)
            role = "story" if story else "section" if site.section(url) else None
        return {"url": url, "text": text, "role": role, "story": story}


def site_page(
    payload: bytes, url: str, *, source: str, folders: Iterable[str], capture: Capture | None = None, headers: Headers | None = None
) -> SitePage:
    """Read a page by the site that owns its address, else by the generic reader.

    Raises:
        SetupError: A site file cannot be loaded.
    """
    date = capture.date if capture is not None else None
    page = page_from(payload, url, date=date, headers=tuple(headers or ()))
    page.trace = Trace()
    places = tuple(map(str, folders))
    found = SitePage(page=page, source=source, capture=capture, payload=payload, headers=headers, folders=places)
    found.site = next((site for site in load_sites(places).values() if url and site.owns(url)), None)
    try:
        found.article = parse_page(page, found.site)
    except Unreadable as error:
        found.problem = str(error)
    return found


def reread(found: SitePage) -> SitePage:
    """Read the page once more, with its site file loaded anew."""
    import sys

    if found.site is not None and found.site.file is not None:
        for name in [name for name, module in sys.modules.items() if getattr(module, "__file__", None) == str(found.site.file)]:
            del sys.modules[name]
    return site_page(
        found.payload, found.page.url, source=found.source, folders=found.folders, capture=found.capture, headers=found.headers
    )  # fmt: skip


def page_of_capture(index: Index, path: Path, capture: Capture, *, folders: Iterable[str]) -> SitePage:
    """Read a capture of a collection again.

    Raises:
        SetupError: Its record cannot be read.
    """
    (task,) = tasks(index, path, [capture])
    try:
        capture, headers, payload = bytes_of(task)
    except (ArchiveError, Damaged, OSError) as error:
        raise SetupError(f"{capture.url}: its record in {capture.warc} cannot be read: {error}") from error
    source = f"{path.name}: {capture.warc}, offset {capture.offset}, captured {capture.date:%Y-%m-%d %H:%M:%S} UTC"
    return site_page(payload, capture.url, source=source, folders=folders, capture=capture, headers=headers)


def newest_capture(index: Index, words: str, stories: Iterable[str]) -> Capture | None:
    """Find the capture that a record id, row number, address or story names.

    A row number is written `#12`. Of several captures of an address or a story the newest answer with status 200.
    """
    text = words.strip()
    if text.startswith("#") and text[1:].isdecimal():
        from array import array

        return next(index.captures_at(array("q", [int(text[1:])])), None)
    if named := index.captures_of_id(text):
        return named[-1]
    some = list(index.captures(url=text)) or [c for story in stories for c in index.captures(story_id=story, role="story")]
    return max(some, key=lambda c: (c.status == 200, c.date), default=None)
