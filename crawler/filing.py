"""What goes into the index, and how: the live crawl, replay and rebuild all file through here."""

from __future__ import annotations

from pathlib import Path

from crawler.errors import GONE_REASONS
from crawler.faults import at
from crawler.index.store import Filed, Index
from crawler.items import Capture, Failure, Lease, Reading
from crawler.warc.reader import Archived
from crawler.warc.recover import Recovered


def add_capture(index: Index, capture: Capture, *, run_id: int | None = None) -> None:
    """Index a capture, and tie an archived picture to the articles that show it."""
    index.add_capture(capture, run_id=run_id)
    if capture.role == "requisite" and capture.status == 200 and not capture.truncated:
        index.tie_picture(capture)


def file_reading(index: Index, reading: Reading, *, run_id: int | None = None) -> Filed | None:
    """File what a capture turned out to be: its article, links, failure, and the state of its story.

    Pure bookkeeping from the reading: live crawl, replay and rebuild all come through here.
    """
    capture = reading.capture
    if capture is None:
        return None
    if reading.read_state != "unread":
        index.set_read_state(capture.record_id, reading.read_state)
    if reading.reason and not reading.noted:
        index.add_failure(failure_of(reading.lease, capture, reading.reason, reading.detail, size=reading.bytes), run_id=run_id)
    if reading.imprint is not None:
        index.add_imprint(capture, reading.imprint)
    if reading.links:
        index.add_links(capture.record_id, reading.links)
    if reading.article is not None:
        return index.file_article(capture, reading.article)
    if capture.status == 304 and capture.story_id and capture.revisit_of:
        return index.sight_again(capture, capture.revisit_of)
    if reading.reason in GONE_REASONS and reading.answer and capture.story_id and capture.role == "story":
        index.mark_story(capture.story_id, "moved" if reading.moved_to else "gone", capture.date)
    return None


def failure_of(lease: Lease, capture: Capture, reason: str, detail: str, *, size: int = 0) -> Failure:
    """The failure that a capture stands for."""
    return Failure(
        url=capture.url, site=capture.site, role=capture.role, key=capture.key, date=capture.date, reason=reason, detail=detail,
        story_id=capture.story_id, language=capture.language, found_on=capture.found_on, attempt=lease.attempt,
        bytes=size, record_id=capture.record_id, elapsed_ms=capture.elapsed_ms,
    )  # fmt: skip


def take_in(index: Index, collection: Path, file: Recovered) -> None:
    """Index what a recovered WARC holds and the index does not know, and mark lost what the index knows and it does not hold.

    An errand whose capture is found is `captured`, to be read; one whose capture is lost is asked for again.
    """
    with index.atomic():
        for entry in file.entries:
            # What another program wrote is adopted by replay, which knows where it belongs.
            if entry.ours and add_archived(index, entry) and entry.capture is not None:
                index.conn.execute(
                    "UPDATE frontier SET state = 'captured', record_id = ? WHERE key = ? AND state IN ('queued', 'leased', 'captured')",
                    [entry.capture.record_id, entry.capture.key],
                )
        if file.path is not None:
            where = str(file.path.relative_to(collection))
            index.add_warc(file.name, where, bytes=file.bytes, sealed=file.sealed, sha256=None)
        held = {entry.capture.record_id for entry in file.entries if entry.capture}
        sql = "SELECT record_id FROM captures WHERE state = 'ok' AND warc = ? AND offset >= ?"
        give_up(index, [row[0] for row in index.query(sql, [file.name, file.began]) if row[0] not in held])
    at("recover:indexed")


def give_up(index: Index, record_ids: list[str]) -> None:
    """Mark captures lost whose record no WARC holds any more, and ask for them again."""
    for record_id in record_ids:
        index.mark_lost(record_id)
        index.conn.execute("UPDATE frontier SET state = 'queued' WHERE record_id = ?", [record_id])


def add_archived(index: Index, entry: Archived) -> bool:
    """Index one archived exchange or failure, unless it is known; whether a capture was added."""
    if entry.capture is not None and index.capture(entry.capture.record_id) is not None:
        return False
    if entry.capture is not None:
        add_capture(index, entry.capture)
    if entry.failure is not None:
        index.add_failure(entry.failure)
    return entry.capture is not None
