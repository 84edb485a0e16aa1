"""Reading from the WARC during a crawl: unread captures of earlier runs, unchanged lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from attrs import evolve

from crawler.errors import ArchiveError
from crawler.failpoints import failpoint
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.index.index import Index
from crawler.items import Capture, Headers, LeasedRequest, Listing, NotModified, Outcome, Redirect, Unusable, Usable
from crawler.processing.parse_again import bytes_of
from crawler.processing.received import Options, Received
from crawler.processing.truncated import cut_off
from crawler.sites.site import Site

START_BYTES = 64 * 1024
"""Of an answer: enough to tell a list from a page."""


class Interpreter(Protocol):
    """Interpreter of captures: `Readers`, or the pool of an event loop for its threads."""

    def interpret(self, site: Site, received: Received, options: Options = ...) -> Usable | Unusable:
        """Interpret a capture."""


def read_left_over(path: Path, row: FrontierRow, site: Site, arguments: CrawlArguments, readers: Interpreter) -> Outcome | None:
    """Read the capture of a `captured` row; None if it must be fetched again.

    It must if it is a redirect's hop, or no longer readable.

    Args:
        arguments: Of the run that fetched it.
    """
    from crawler.collection.parse_tasks import tasks

    failpoint("resume:before")
    with Index.open(path / "index.db", readonly=True) as index:
        capture = index.capture(row.record_id or "")
        if capture is None:
            return None
        lease = LeasedRequest(target=row.target.at(capture.url), attempt=capture.attempt, record_id=row.record_id)
        # One that was read and filed, and not settled any more, is read again: its row of failures does not say whether it was an answer.
        sql = (
            "SELECT f.reason, f.detail FROM failures f JOIN captures c ON c.id = f.capture_id"
            " WHERE c.record_id = ? AND c.read_state != 'not-a-story'"
        )
        cut = index.failure_at(capture.record_id) if capture.is_cut else None
        for noted in () if cut else index.query(sql, [capture.record_id]):
            return Unusable(
                lease=lease, capture=capture, reason=noted["reason"], detail=noted["detail"] or "", noted=True, read_state="unreadable"
            )
        (task,) = tasks(index, path, [capture])
    try:
        capture, headers, payload = bytes_of(task)
    except (ArchiveError, OSError):
        return None
    options = Options(parse=arguments.read == "yes", requisites=arguments.requisites == "all")
    outcome = readers.interpret(site, Received(lease, capture, headers, payload), options)
    failpoint("resume:read")
    if cut is not None:
        return cut_off(outcome, *cut)
    return None if isinstance(outcome, Redirect) else outcome


def as_if_sent(path: Path, unchanged: NotModified, site: Site, readers: Interpreter) -> NotModified | Listing:
    """Take the links behind a 304 from the answer it repeats; not to be filed.

    A list is read again from the record that the 304 validates; of a page its links are taken from the index. If neither is held any
    more, the outcome is returned as it is.
    """
    from crawler.collection.parse_tasks import tasks

    capture, lease = unchanged.capture, unchanged.lease
    with Index.open(path / "index.db", readonly=True) as index:
        held = index.capture(capture.revisit_of or "")
        if held is None:
            return unchanged
        (task,) = tasks(index, path, [held])
        links = tuple(index.links_of(capture.url)) if capture.role == "page" else ()
    try:
        _, headers, payload = bytes_of(task)
    except (ArchiveError, OSError):
        return Listing(lease=lease, capture=capture, links=links) if links else unchanged
    if capture.role == "page" and not is_list(held, headers, payload):
        return Listing(lease=lease, capture=capture, links=links)
    # The record may be that of another mirror with the same payload: relative links are those of the address that was asked for.
    asked = evolve(held, target=capture.target, host=capture.host)
    sent = readers.interpret(site, Received(lease, asked, headers, payload))
    if isinstance(sent, Unusable):
        return unchanged
    return Listing(lease=lease, capture=capture, links=sent.links, kind=sent.kind if isinstance(sent, Listing) else None)


def is_list(capture: Capture, headers: Headers, payload: bytes) -> bool:
    """Tell a feed or sitemap from a page by its bytes, as `interpret` does."""
    from crawler.parsers.document.page import Page
    from crawler.parsers.encoding.content_coding import LIMITS
    from crawler.parsers.listings.recognise import list_in

    start = Page.from_payload(
        url=capture.url, date=capture.date, headers=headers, payload=payload, limits=evolve(LIMITS, text_bytes=START_BYTES)
    )  # fmt: skip
    return list_in(start.text, start.mime)


def arguments_of(path: Path, run_id: int | None) -> Mapping[str, str]:
    """The spider arguments of an earlier run; empty if it is unknown."""
    with Index.open(path / "index.db", readonly=True) as index:
        rows = index.query("SELECT arguments FROM runs WHERE id = ?", [run_id])
    found = json.loads(rows[0]["arguments"] or "{}") if rows else {}
    return {str(name): str(value) for name, value in found.items()}
