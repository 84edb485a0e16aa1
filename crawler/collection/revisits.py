"""Resolve each revisit to its original, over all files of a collection in any order."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import define, field

from crawler.archive_files.reader import record_at
from crawler.collection.ingest import failure_of, lease_for
from crawler.collection.layout import find_warc
from crawler.errors import ArchiveError
from crawler.index.index import Index
from crawler.index.originals import EMPTY_PAYLOAD, candidates, note_sha1, open_revisits, original_of, other_digests, unsighted
from crawler.items import Capture
from crawler.schema.compare_stories import compare_story, denied_on_several_hosts
from crawler.warc.digest import algorithm_of, digests, split_digest
from crawler.warc.payload import digests_of

CHUNK = 500
"""Revisits looked at in one transaction."""
NO_ORIGINAL = "no-original"
_REDIRECTS = (300, 301, 302, 303, 307, 308)


@define
class Resolution:
    """Result for the revisits whose original was not known."""

    reopened: array[int] = field(factory=lambda: array("q"))
    """Row numbers of captures that have another original now, and are to be parsed again."""
    unresolved: array[int] = field(factory=lambda: array("q"))
    """Row numbers of captures whose payload is in no file of the collection."""
    given_up: set[int] = field(factory=set)
    """Those of them that are new; the others were unresolved before."""


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Split row numbers into chunks, a transaction each."""
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]


@define
class DigestSearch:
    """Search for the SHA-1 of payloads that revisits name by MD5 or SHA-256 only."""

    path: Path
    """Of the collection."""
    wanted: dict[int, str] = field(factory=dict)
    """By row number of a revisit, the digest that it names."""
    found: dict[str, str] = field(factory=dict)
    """By such a digest, the SHA-1."""

    def begin(self, index: Index, revisits: Collection[int], warcs: Collection[str] | None = None) -> array[int]:
        """Add revisits to the search; the row numbers of captures to give to `look`.

        Args:
            warcs: Files in which to look; None for all.
        """
        asked = {row: name for row, name in other_digests(index.conn, revisits).items() if algorithm_of(split_digest(name)[0])}
        self.wanted |= asked
        for name in set(asked.values()):
            if name in digests(_algorithms([name]), [b""]):
                self.found[name] = EMPTY_PAYLOAD
        return candidates(index.conn, asked, warcs) if asked else array("q")

    def look(self, index: Index, ids: Sequence[int]) -> None:
        """Digest the payloads of some captures, until all are found."""
        for capture in index.captures_at(array("q", ids)):
            left = set(self.wanted.values()) - self.found.keys()
            if not left:
                return
            with suppress(ArchiveError, OSError):  # damage is told by the parser of that record
                record = record_at(find_warc(self.path, capture.warc), capture.offset)
                self.found |= dict.fromkeys(left & digests_of(record, _algorithms(left)), str(capture.payload_digest))

    def note(self, index: Index) -> array[int]:
        """Write the digests found, inside a transaction; the revisits to resolve again."""
        known = {row: self.found[name] for row, name in self.wanted.items() if name in self.found}
        for row, sha1 in known.items():
            note_sha1(index.conn, row, sha1)
        return array("q", known)


def _algorithms(names: Collection[str]) -> list[str]:
    return sorted({algorithm for name in names if (algorithm := algorithm_of(split_digest(name)[0]))})


def resolve_revisits(index: Index, path: Path) -> Resolution:
    """Resolve every revisit whose original is uncertain; no other thread may write the index.

    Args:
        path: Of the collection.
    """
    result = Resolution()
    for some in chunks(open_revisits(index.conn)):
        with index.atomic():
            resolve(index, some, result)
    search = DigestSearch(path)
    for some in chunks(search.begin(index, result.unresolved)):
        search.look(index, some)
    with index.atomic():
        resolve_again(index, search.note(index), result)
    return result


def resolve_again(index: Index, ids: Collection[int], result: Resolution) -> None:
    """Resolve revisits again after more became known, inside a transaction."""
    again = set(ids)
    fresh = again & result.given_up
    result.unresolved = array("q", (row for row in result.unresolved if row not in again))
    result.given_up -= again
    resolve(index, list(again), result)
    # Given up a moment ago, they are unread as before, and are read with the rest of their file.
    result.reopened = array("q", (row for row in result.reopened if row not in fresh))


def resolve(index: Index, ids: Sequence[int], result: Resolution) -> None:
    """Resolve some revisits, by row number, inside a transaction."""
    for row in ids:
        original = original_of(index.conn, row)
        for capture in index.captures_at(array("q", [row])):
            if original is not None:
                _link(index, row, capture, original, result)
            elif capture.status not in _REDIRECTS:
                # What a redirect says stands in its own head.
                _mark_unresolved(index, row, capture, result)


def _link(index: Index, row: int, capture: Capture, original: str, result: Resolution) -> None:
    (state,) = index.query("SELECT read_state FROM captures WHERE id = ?", [row])[0]
    index.conn.execute("UPDATE captures SET revisit_of = ? WHERE id = ?", [original, row])
    given_up = index.conn.execute("DELETE FROM failures WHERE capture_id = ? AND reason = ?", [row, NO_ORIGINAL]).rowcount
    if state == "unread" or not (given_up or original != capture.revisit_of):
        return
    index.conn.execute("UPDATE captures SET read_state = 'unread' WHERE id = ?", [row])
    result.reopened.append(row)


def _mark_unresolved(index: Index, row: int, capture: Capture, result: Resolution) -> None:
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


def file_out_of_order(index: Index) -> None:
    """File captures that came before their story was known, inside a transaction.

    These are 304s whose original was filed after them, and pages that were gone on one mirror only.
    """
    for capture in index.captures_at(unsighted(index.conn)):
        if capture.revisit_of and (filed := index.sight_again(capture, capture.revisit_of)):
            compare_story(index.conn, filed.story)
    for story in denied_on_several_hosts(index.conn):
        compare_story(index.conn, story)
