"""Pages read outside a crawl: HTML files, and pages of WARCs of any origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from attrs import evolve

from crawler import clock
from crawler.archive_files.reader import archived
from crawler.errors import Unreadable
from crawler.items import Article, Capture
from crawler.parsers.classify.listing import LOOKS_LIKE_A_LIST, is_listing
from crawler.parsers.document.page import Page
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.encoding.media_type import is_html
from crawler.parsers.template import parse
from crawler.sites import load_sites
from crawler.sites.site import Site
from crawler.urls import host_of

Headers = Sequence[tuple[str, str]]
Folders = Sequence[str | Path]


def read_page(
    html: str | bytes, url: str = "", *, date: datetime | None = None, headers: Headers = (), folders: Folders = ()
) -> Article:  # fmt: skip
    """Read the article of one page.

    Args:
        html: Text, or the body as received, in any charset and content coding.
        url: Address of the page; it chooses the site file and resolves links. Without one the generic reader reads.
        date: Time of the capture, aware; it chooses among dated layouts. Default: now.
        headers: HTTP header fields of the answer, such as ("Content-Type", "text/html; charset=big5").
        folders: Further folders with site files.
    Raises:
        Unreadable: Nothing on the page can be parsed.
        SetupError: A site file cannot be loaded.
    """
    return parse_page(page_from(html, url, date=date, headers=headers), site_at(url, folders))


def read_warc(path: str | Path, *, folders: Folders = ()) -> Iterator[tuple[Capture, Article]]:
    """Read the HTML pages of a WARC file, in file order.

    Other status codes than 200, other media types, revisits without payload and unreadable pages are left out.

    Args:
        folders: Further folders with site files.
    Raises:
        NotAWarc, Damaged: The file, when its end or a damaged record is reached.
    """
    for entry in archived(Path(path)):
        capture, payload = entry.capture, entry.payload()
        if capture is None or not payload or capture.status not in (200, None):
            continue
        page = page_from(payload, capture.url, date=capture.date, headers=entry.headers)
        if is_html(page.media_type):
            try:
                yield capture, parse_page(page, site_at(capture.url, folders))
            except Unreadable:
                continue


def page_from(html: str | bytes, url: str, *, date: datetime | None = None, headers: Headers = ()) -> Page:
    """Decode a page; text over ARCHIVE_MAX_HTML_BYTES is cut."""
    known, date = date is not None, date or clock.now()
    if isinstance(html, bytes):
        page = Page.from_payload(url=url, date=date, headers=headers, payload=html)
    else:
        most = LIMITS.html_bytes
        problems = (f"cut at {most} characters",) if len(html) > most else ()
        page = Page(url=url, date=date, headers=headers, text=html[:most], problems=problems)
    page.is_capture = known
    return page


def parse_page(page: Page, site: Site | None) -> Article:
    """Parse a page by its site's templates, else by the generic reader.

    Raises:
        Unreadable: Nothing on the page can be parsed.
    """
    if site is None:
        article = parse(page)
        return evolve(article, problems=(*article.problems, LOOKS_LIKE_A_LIST)) if is_listing(page, article) else article
    return parse(
        page, site.templates, story=site.story_id(page.url), language=site.language_in(page.url, site.language_of(host_of(page.url))),
        languages=site.languages(), timezone=site.timezone, key_of_picture=site.key_of_picture,
    )  # fmt: skip


def site_at(url: str, folders: Folders = ()) -> Site | None:
    """Find the site of an address, or None.

    Raises:
        SetupError: A site file cannot be loaded.
    """
    return next((site for site in _sites(tuple(map(str, folders))) if url and site.owns(url)), None)


@cache
def _sites(folders: tuple[str, ...]) -> tuple[Site, ...]:
    """Load the site files once a process."""
    return tuple(load_sites(folders).values())
