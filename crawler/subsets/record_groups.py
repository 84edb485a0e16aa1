"""Find the record of a capture, and the records beside it, in a WARC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

from crawler.errors import Damaged
from crawler.index.index import Index
from crawler.index.rows import Value
from crawler.items import Capture
from crawler.warc.headers import bare
from crawler.warc.records import Fault, Record, record_at, scan

_BESIDE = ("request", "metadata")


@frozen(kw_only=True)
class RecordGroup:
    """The records of one exchange."""

    capture: Capture
    response: Record
    before: tuple[Record, ...] = ()
    """Request and metadata that stand before it."""
    after: tuple[Record, ...] = ()

    @property
    def all(self) -> Iterator[Record]:
        """Every record, in the order of the file."""
        yield from (*self.before, self.response, *self.after)


@frozen(kw_only=True)
class RecordFinder:
    """Finds records of captures by the places that the index has."""

    index: Index
    _warcinfos: dict[Path, Record | None] = field(factory=dict)

    def group(self, capture: Capture, file: Path) -> RecordGroup:
        """The records of a capture.

        Raises:
            Damaged: There is no whole record at its place, or that of another capture.
            OSError: The file cannot be read.
        """
        response = record_at(file, capture.offset)
        if response.record_id and response.record_id not in self._ids(capture):
            raise Damaged(file, capture.offset, f"the record of another capture lies here: {response.record_id}")
        begin, end = self._between(capture)
        before = (one for one in _records(file, begin, capture.offset) if _is_of(one, response))
        after = list[Record]()
        for one in _records(file, capture.offset + response.length, end):
            if not _is_of(one, response):
                break  # in our files it is of the next capture
            after.append(one)
        return RecordGroup(capture=capture, response=response, before=tuple(before), after=tuple(after))

    def warcinfo(self, file: Path) -> Record | None:
        """The warcinfo that begins a file, or None."""
        if file not in self._warcinfos:
            first = next(scan(file), None)
            self._warcinfos[file] = first if isinstance(first, Record) and first.type == "warcinfo" else None
        return self._warcinfos[file]

    def _ids(self, capture: Capture) -> tuple[str, ...]:
        rows = self.index.query("SELECT written_id FROM captures WHERE record_id = ?", [capture.record_id])
        return (capture.record_id, *(row[0] for row in rows if row[0]))

    def _between(self, capture: Capture) -> tuple[int, int | None]:
        """End of the capture before and beginning of the one behind, if any."""
        place: list[Value] = [capture.warc, capture.offset]
        before = self.index.query(
            "SELECT offset + length FROM captures WHERE warc = ? AND offset < ? AND state = 'ok' ORDER BY offset DESC LIMIT 1", place
        )
        behind = self.index.query(
            "SELECT offset FROM captures WHERE warc = ? AND offset > ? AND state = 'ok' ORDER BY offset LIMIT 1", place
        )
        return min(before[0][0], capture.offset) if before else 0, behind[0][0] if behind else None


def _records(file: Path, begin: int, end: int | None) -> Iterator[Record]:
    """Whole records between two offsets; damage is passed over: it is none of these records."""
    if end is not None and begin >= end:
        return
    for found in scan(file, start=begin):
        if end is not None and found.offset >= end:
            return
        if not isinstance(found, Fault):
            yield found


def _is_of(one: Record, response: Record) -> bool:
    """True if a request or metadata record and a response name each other."""
    if one.type not in _BESIDE:
        return False
    named = [bare(value) for value in one.fields.all("warc-concurrent-to")]
    back = [bare(value) for value in response.fields.all("warc-concurrent-to")]
    return response.record_id in named or (bool(one.record_id) and one.record_id in back)


