"""Answers of earlier runs, read again from the WARC for what they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from crawler.crawl.resume import Interpreter
from crawler.errors import ArchiveError
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow
from crawler.index.index import Index
from crawler.items import Capture, Headers, LeasedRequest, Listing, NotModified, Role, Unusable, Usable
from crawler.processing.parse_again import bytes_of
from crawler.processing.received import ALL, Options, Received
from crawler.sites.site import Site

START_BYTES = 64 * 1024
"""Of an answer: enough to tell a list from a page."""
PAGES: tuple[Role, ...] = ("seed", "section", "story", "page")
"""Roles of what is shown to readers."""


def without_requisites(frontier: Frontier, site: str, arguments: CrawlArguments) -> Iterator[FrontierRow]:
    """Yield the settled pages whose requisites a run asks for and no run queued."""
    for role in PAGES:
        for row in frontier.known(site, role):
            if row.state == "done" and row.record_id and not row.target.is_comparison and arguments.lacks_requisites(row.requisites):
                yield row


def options_again(role: Role, row: FrontierRow | None, arguments: CrawlArguments) -> Options | None:
    """Choose how the answer behind a 304 is read again; None for not."""
    files = arguments.with_files
    if role == "robots" or (role == "requisite" and not files):
        return None
    queued = row.requisites if row is not None else None
    lacks = row is not None and arguments.lacks_requisites(queued)
    if role == "story" and not lacks:
        return None
    # The article is read for its pictures alone.
    return Options(parse=lacks and not queued and arguments.read == "yes", requisites=files and (lacks or role == "requisite"))


def held_page(path: Path, row: FrontierRow, site: Site, readers: Interpreter, options: Options) -> Usable | Unusable | None:
    """Read the last whole answer of a row again; None if it is not held.

    Args:
        path: Of the collection.
    """
    with Index.open(path / "index.db", readonly=True) as index:
        capture = index.capture(row.record_id or "")
        held = index.capture(row.validates or (capture.revisit_of if capture else None) or "") or capture
    kept = _bytes(path, held) if held is not None and held.status == 200 else None
    if held is None or capture is None or kept is None:
        return None
    target = row.target.at(capture.url)
    asked = evolve(held, target=target, host=capture.host)
    return readers.interpret(site, Received(LeasedRequest(target=target), asked, *kept), options)


def as_if_sent(path: Path, unchanged: NotModified, site: Site, readers: Interpreter, options: Options = ALL) -> Usable:
    """Take what is behind a 304 from the answer it repeats; not to be filed.

    A list is read again from the record that the 304 validates; so are pages, for what they need to be shown, and style sheets. The links
    of a page are taken from the index. If neither is held any more, the outcome is returned as it is.
    """
    capture, lease = unchanged.capture, unchanged.lease
    with Index.open(path / "index.db", readonly=True) as index:
        held = index.capture(capture.revisit_of or "")
        links = tuple(index.links_of(capture.url)) if held is not None and capture.role == "page" else ()
    kept = _bytes(path, held) if held is not None else None
    if held is None or kept is None:
        return Listing(lease=lease, capture=capture, links=links) if links else unchanged
    is_page = capture.role == "page" and not is_list(held, *kept)
    if is_page and not options.requisites:
        return Listing(lease=lease, capture=capture, links=links)
    # The record may be that of another mirror with the same payload: relative links are those of the address that was asked for.
    asked = evolve(held, target=capture.target, host=capture.host)
    sent = readers.interpret(site, Received(lease, asked, *kept), options)
    if isinstance(sent, Unusable):
        return unchanged
    return evolve(sent, capture=capture, links=links) if is_page or capture.role in ("story", "requisite") else _list_of(sent, unchanged)


def _list_of(sent: Usable, unchanged: NotModified) -> Listing:
    """The list behind a 304, by the answer that it repeats."""
    kind, needed = (sent.kind, sent.requisites) if isinstance(sent, Listing) else (None, ())
    return Listing(lease=unchanged.lease, capture=unchanged.capture, links=sent.links, kind=kind, requisites=needed)


def _bytes(path: Path, held: Capture) -> tuple[Headers, bytes] | None:
    from crawler.collection.parse_tasks import tasks

    try:
        with Index.open(path / "index.db", readonly=True) as index:
            (task,) = tasks(index, path, [held])
        _, headers, payload = bytes_of(task)
    except (ArchiveError, OSError):
        return None
    return headers, payload


def is_list(capture: Capture, headers: Headers, payload: bytes) -> bool:
    """Tell a feed or sitemap from a page by its bytes, as `interpret` does."""
    from crawler.parsers.document.page import Page
    from crawler.parsers.encoding.content_coding import LIMITS
    from crawler.parsers.listings.recognise import list_in

    start = Page.from_payload(
        url=capture.url, date=capture.date, headers=headers, payload=payload, limits=evolve(LIMITS, text_bytes=START_BYTES)
    )  # fmt: skip
    return list_in(start.text, start.mime)
