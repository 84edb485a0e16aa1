"""Tie each revisit to the capture it repeats, over all files of a collection, whatever their order."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from attrs import define, field

from crawler.filing import failure_of, lease_for
from crawler.index.imports import gone_later
from crawler.index.originals import open_revisits, original_of, unsighted
from crawler.index.store import Index
from crawler.items import Capture

CHUNK = 500
"""Revisits looked at in one transaction."""
NO_ORIGINAL = "no-original"
_REDIRECTS = (300, 301, 302, 303, 307, 308)


@define
class Resolution:
    """What came of the revisits whose original was not known."""

    reopened: array[int] = field(factory=lambda: array("q"))
    """Row numbers of captures that were read, or given up, and have another original now: they are to be read."""
    unresolved: array[int] = field(factory=lambda: array("q"))
    """Row numbers of captures whose payload no file of the collection holds."""
    given_up: set[int] = field(factory=set)
    """Those of them that are given up now; the others were before."""


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Row numbers some at a time, a transaction each."""
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]


def resolve_revisits(index: Index) -> Resolution:
    """Resolve every revisit whose original is not known for certain; for an index that nobody else writes."""
    result = Resolution()
    for some in chunks(open_revisits(index.conn)):
        with index.atomic():
            resolve(index, some, result)
    return result


def resolve(index: Index, ids: Sequence[int], result: Resolution) -> None:
    """Resolve some revisits, by row number, inside a transaction."""
    for row in ids:
        original = original_of(index.conn, row)
        for capture in index.captures_at(array("q", [row])):
            if original is not None:
                _tie(index, row, capture, original, result)
            elif capture.status not in _REDIRECTS:
                # What a redirect says stands in its own head.
                _give_up(index, row, capture, result)


def _tie(index: Index, row: int, capture: Capture, original: str, result: Resolution) -> None:
    (state,) = index.query("SELECT read_state FROM captures WHERE id = ?", [row])[0]
    index.conn.execute("UPDATE captures SET revisit_of = ? WHERE id = ?", [original, row])
    given_up = index.conn.execute("DELETE FROM failures WHERE capture_id = ? AND reason = ?", [row, NO_ORIGINAL]).rowcount
    if state == "unread" or not (given_up or original != capture.revisit_of):
        return
    index.conn.execute("UPDATE captures SET read_state = 'unread' WHERE id = ? AND role NOT IN ('requisite', 'robots')", [row])
    result.reopened.append(row)


def _give_up(index: Index, row: int, capture: Capture, result: Resolution) -> None:
    (state,) = index.query("SELECT read_state FROM captures WHERE id = ?", [row])[0]
    if state not in ("unread", "unreadable") and capture.role not in ("requisite", "robots"):
        return  # it was read while the original was there
    named = capture.revisit_of or " ".join(
        text for text in (capture.refers_to_url, capture.refers_to_date and capture.refers_to_date.isoformat()) if text
    )  # fmt: skip
    detail = f"no file of the collection holds {named or capture.payload_digest or 'what this revisit repeats'}"
    index.add_failure(failure_of(lease_for(capture), capture, NO_ORIGINAL, detail[:200]))
    index.conn.execute("UPDATE captures SET read_state = 'unreadable' WHERE id = ? AND read_state = 'unread'", [row])
    result.unresolved.append(row)
    if state == "unread":
        result.given_up.add(row)


def file_late(index: Index) -> None:
    """File what could not be while a story was not known, since its captures came out of order, inside a transaction.

    Answers `304 Not Modified` whose original was filed after them, and pages that were gone later than they were seen.
    """
    for story, date in gone_later(index):
        index.mark_story(story, "gone", date)
    for capture in index.captures_at(array("q", unsighted(index.conn))):
        if capture.revisit_of:
            index.sight_again(capture, capture.revisit_of)
