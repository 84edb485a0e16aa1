"""Ingest: rows for captures, failures and parsed pages, for crawl, replay and rebuild alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from crawler import clock
from crawler.coverage.writing import announce
from crawler.failpoints import failpoint
from crawler.frontier.changes import mark_recovered, queue_lost, rename_record
from crawler.index.article_pages import page_number
from crawler.index.index import Filed, Index
from crawler.index.rows import iso
from crawler.items import (
    Capture,
    CutOff,
    Failed,
    Failure,
    LeasedRequest,
    Listing,
    Media,
    Outcome,
    Parsed,
    Redirect,
    Unusable,
    Usable,
    content_of,
    is_whole_answer,
)
from crawler.processing.parse_failures import state_told
from crawler.schema.compare_stories import compare_story, note_listed

if TYPE_CHECKING:
    from crawler.archive_files.reader import Archived
    from crawler.collection.open_files import Recovered


def add_capture(index: Index, capture: Capture, *, run_id: int | None = None, reader_version: str | None = None) -> None:
    """Index a capture, and link an archived picture to the articles that show it."""
    index.add_capture(capture, run_id=run_id, reader_version=reader_version)
    if capture.role == "requisite" and capture.status == 200:
        index.link_image(capture)


def file_outcome(index: Index, outcome: Outcome, *, run_id: int | None = None) -> Filed | None:
    """File the outcome of a capture: article, links, failure, state of its story.

    Live crawl, replay and reindex all come through here. Of several attempts whose answers were cut off the longest is filed, and none
    once a whole one is.
    """
    capture = outcome.capture
    if capture is None:
        return None
    if _has_rivals(outcome, capture) and not index.give_way(capture):
        index.set_read_state(capture.record_id, "unreadable", outcome.reader_version)
        return None
    if outcome.read_state != "unread":
        index.set_read_state(capture.record_id, outcome.read_state, outcome.reader_version)
    if isinstance(outcome, Unusable) and not outcome.noted and not outcome.unused:
        index.add_failure(failure_of(outcome.lease, capture, outcome.reason, outcome.detail, size=outcome.bytes), run_id=run_id)
    filed = _file_content(index, content_of(outcome), capture)
    for story in {capture.story, filed.story if filed else None} - {None} if capture.role != "requisite" else ():
        compare_story(index.conn, str(story), capture.host)
    announce(index, outcome)
    return filed


def _file_content(index: Index, content: Usable | Unusable, capture: Capture) -> Filed | None:
    if isinstance(content, Media) and content.imprint is not None:
        index.add_imprint(capture, content.imprint)
    if isinstance(content, Listing) and content.stories is not None:
        note_listed(index.conn, capture.record_id, content.stories)
    if content.links:
        index.add_links(capture.record_id, content.links)
    if isinstance(content, Parsed):
        return index.file_article(capture, content.article, reader_version=content.reader_version, further=len(content.further))
    if capture.status == 304 and capture.story and capture.revisit_of:
        return index.sight_again(capture, capture.revisit_of)
    if (told := state_told(content)) and _is_of_story(capture):
        index.deny(capture, told)
    return None


def _has_rivals(outcome: Outcome, capture: Capture) -> bool:
    """Test if an outcome may conflict with other attempts."""
    if outcome.read_state in ("unread", "unreadable"):
        return False
    usable = not isinstance(outcome, Failed)
    if isinstance(outcome, CutOff) or capture.is_cut:
        return isinstance(outcome, CutOff) or usable
    # A redirect or refresh says nothing that an earlier attempt could have said.
    whole = not isinstance(outcome, Redirect) and (capture.status == 304 or is_whole_answer(capture.status))
    return capture.attempt > 1 and usable and whole


def failure_of(lease: LeasedRequest, capture: Capture, reason: str, detail: str, *, size: int = 0) -> Failure:
    """The failure that a capture stands for."""
    return Failure(
        target=capture.target.at(capture.via or capture.url), date=capture.date, reason=reason, detail=detail, attempt=lease.attempt,
        bytes=size, record_id=capture.record_id, elapsed_ms=capture.elapsed_ms,
    )  # fmt: skip


def _is_of_story(capture: Capture) -> bool:
    """Test if a mirror's own answer is about a story as a whole."""
    if not capture.story or capture.role not in ("story", "page") or capture.via is not None:
        return False
    return page_number(capture) == 1 and not capture.target.is_comparison


def lease_for(capture: Capture) -> LeasedRequest:
    """The request a capture was made for."""
    return LeasedRequest(target=capture.target, attempt=capture.attempt, confirms=capture.confirms)


def unanswered(lease: LeasedRequest, reason: str, detail: str) -> Failure:
    """An attempt of which no byte came."""
    return Failure(target=lease.target, date=clock.now(), reason=reason, detail=detail, attempt=lease.attempt)


def index_recovered(index: Index, collection: Path, file: Recovered) -> None:
    """Reconcile the index with a recovered WARC: add missing captures, mark absent ones `lost`.

    A request whose capture is found is `captured`, to be parsed; one whose capture is lost is queued again.
    """
    with index.atomic():
        for entry in file.entries:
            # Records of another program are indexed by replay, which knows their site and role.
            if entry.ours and add_archived(index, entry) and entry.capture is not None and entry.capture.via is None:
                mark_recovered(index.conn, entry.capture.key, entry.capture.record_id)
        if file.path is not None:
            where = str(file.path.relative_to(collection))
            index.add_warc(file.name, where, bytes=file.bytes, sealed=file.sealed, sha256=None)
        found = {entry.capture.offset for entry in file.entries if entry.capture}
        sql = "SELECT record_id, offset FROM captures WHERE state = 'ok' AND warc = ? AND offset >= ?"
        mark_lost(index, [row[0] for row in index.query(sql, [file.name, file.began]) if row[1] not in found])
    failpoint("recover:indexed")


def mark_lost(index: Index, record_ids: list[str]) -> None:
    """Mark captures whose record no WARC holds any more `lost`, and queue their requests again."""
    for record_id in record_ids:
        index.mark_lost(record_id)
        queue_lost(index.conn, record_id)


def add_archived(index: Index, entry: Archived) -> bool:
    """Index one archived exchange or failure, unless it is known; whether a capture was added.

    A record_id of two records which differ in address, date or digest names neither: each gets an id made of what it holds,
    and keeps the written one in `written_id`. So the ids follow from the records, not from the order in which they came.
    """
    capture = entry.capture
    if capture is not None:
        capture = identified(index, capture)
        if capture is None:
            return False
        add_capture(index, capture, reader_version=entry.reader_version)
    if entry.failure is not None:
        failure = entry.failure
        if capture is not None:
            failure = evolve(failure, record_id=capture.record_id)
            if not capture.is_cut:
                index.set_read_state(capture.record_id, "unreadable")
        index.add_failure(failure)
    return capture is not None


def identified(index: Index, capture: Capture) -> Capture | None:
    """The capture under its id in this index; None if the record is known."""
    from crawler.archive_files.captures import derived_id

    written = capture.record_id
    same_id = index.captures_of_id(written)
    for known in same_id:
        if _record(known) == _record(capture):
            return _at_another_place(index, known, capture)
    if not same_id:
        return capture
    for known in same_id:
        if known.record_id == written:
            index.rename_capture(written, derived_id(known))
            rename_record(index.conn, written, derived_id(known))
    return evolve(capture, record_id=derived_id(capture), written_id=written)


def _at_another_place(index: Index, known: Capture, capture: Capture) -> Capture | None:
    """Handle a known record at another place: the first by file name and offset counts."""
    if index.is_lost(known.record_id):
        return evolve(capture, record_id=known.record_id, written_id=known.written_id)
    if (capture.warc, capture.offset) < (known.warc, known.offset):
        index.move_capture(known.record_id, capture)
    return None


def _record(capture: Capture) -> tuple[str, ...]:
    """Values that tell two records with one id apart."""
    return capture.url, iso(capture.date), capture.record_type, capture.payload_digest or "", capture.block_digest or ""
