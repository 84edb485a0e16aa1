"""A part of a collection as one WARC: records copied, revisits made whole.

Beside each capture stand its request and metadata records. The warcinfo of each file that something is copied from stands before it. A
revisit whose original is not in the part becomes a response with the payload; of a 304, which has none, the original comes along. Failed
attempts without a byte received have no place in the index: their metadata records are written anew from table `failures`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import Factory, define, evolve

from crawler import __version__, clock
from crawler.collection.layout import find_warc
from crawler.errors import Damaged
from crawler.formatting import counted
from crawler.index.index import Index
from crawler.index.rows import CAPTURE_COLUMNS, capture_of, moment
from crawler.items import Capture, Failure, Target
from crawler.subsets.outcome import LeftOut, Outcome, Tell
from crawler.subsets.page_needs import PageNeeds
from crawler.subsets.record_groups import RecordFinder, RecordGroup
from crawler.subsets.row_numbers import RowNumbers
from crawler.subsets.selection import Selection, numbers
from crawler.subsets.warc_output import Stream, WarcOutput
from crawler.subsets.whole_revisits import Whole, make_whole
from crawler.warc.builder import RecordBuilder
from crawler.warc.headers import write_fields
from crawler.warc.records import record_at
from crawler.warc.writer import CONFORMS_TO

_CHUNK = 500
_COLUMNS = ", ".join(f"c.{name}" for name in CAPTURE_COLUMNS)
_ORIGINALS_OF_304 = (
    "SELECT o.id FROM captures c JOIN captures o ON o.record_id = c.revisit_of WHERE c.id IN ({}) AND c.status = 304 AND o.state = 'ok'"
)
_FAILURE_COLUMNS = (
    "url", "site", "story_id", "role", "key", "language", "found_on", "date", "reason", "detail", "attempt", "bytes", "elapsed_ms",
)  # fmt: skip
_FAILURE_IDS = "SELECT id FROM failures WHERE capture_id IS NULL AND {} ORDER BY date, url, attempt"


@define(kw_only=True)
class WarcSubset:
    """Writes the selected captures as a WARC.

    Args:
        name: File name of the WARC.
        folder: For what does not fit into memory.
        written: Called with the row number and the capture of each record written.
    """

    index: Index
    collection: Path
    selection: Selection
    name: str
    folder: Path
    outcome: Outcome
    tell: Tell
    written: Callable[[int, Capture], None]
    _builder: RecordBuilder = Factory(lambda self: RecordBuilder(folder=self.folder, algorithm="sha1"), takes_self=True)
    _finder: RecordFinder = Factory(lambda self: RecordFinder(index=self.index), takes_self=True)
    _files: dict[str, Path | None] = Factory(dict)
    _infos: set[Path] = Factory(set)

    def write(self, out: Stream) -> None:
        """Write the WARC; nothing at all where nothing is selected."""
        ids = self.selection.captures(self.index, order="warc, offset")
        needed = array("q") if self.selection.is_all else PageNeeds(self.index, self.collection).of(ids)
        along = self._originals_of_304(array("q", [*ids, *needed]))
        failures = numbers(self.index, _FAILURE_IDS.format(self.selection.of_failures), self.selection.values())
        if not ids and not failures:
            return
        self.outcome.left_out += self.selection.lost(self.index)
        warc = WarcOutput(out, self.folder)
        warc.add_member(self._builder.warcinfo(self.name, self._about(len(ids)), clock.now()))
        selected, total = RowNumbers([*ids, *needed, *along]), len(ids) + len(needed) + len(along)
        for n, (number, capture) in enumerate(self._captures(ids, needed, along), 1):
            self._take(warc, number, capture, selected)
            self.tell("captures", n, n / total)
        if along:
            told = "came along that were not selected: an answer 304 (not modified) stands for them"
            self.outcome.notes.append(f"{counted(len(along), 'capture')} {told}")
        if needed:
            told = "came along that were not selected: pages that were need them (styles, scripts, fonts, pictures)"
            self.outcome.notes.append(f"{counted(len(needed), 'capture')} {told}")
        for failure in self._failures(failures):
            warc.add_member(self._builder.failure(failure))
            self.outcome.counts["failed attempts"] += 1
        self.outcome.counts["records"] += warc.records

    def _take(self, warc: WarcOutput, number: int, capture: Capture, selected: RowNumbers) -> None:
        """Write the records of one capture, or note why not."""
        file = self._file(capture.warc)
        if file is None:
            self._leave_out(capture, "its WARC is not there")
            return
        try:
            group = self._finder.group(capture, file)
        except Damaged as error:
            self._leave_out(capture, error.what, damaged=True)
            return
        except OSError as error:
            self._leave_out(capture, f"its WARC cannot be read: {error.strerror or error}")
            return
        whole = self._whole(group, selected)
        self._take_warcinfo(warc, file)
        place = (0, 0)
        if whole is not None:
            capture = whole.capture
            for new in whole.records:
                place = warc.add(new)
            self.outcome.counts["revisits made whole"] += 1
        else:
            for record in group.all:
                at = warc.copy(record)
                place = at if record is group.response else place
        self.outcome.counts["captures"] += 1
        self.written(number, evolve(capture, warc=self.name, offset=place[0], length=place[1]))

    def _whole(self, group: RecordGroup, selected: RowNumbers) -> Whole | None:
        """The records in place of a revisit whose original stays outside, else None."""
        capture = group.capture
        if group.response.type != "revisit":
            return None
        rows = self.index.query(
            "SELECT o.id FROM captures c JOIN captures o ON o.record_id = c.revisit_of WHERE c.record_id = ? AND o.state = 'ok'"
            " AND o.record_type != 'revisit'",
            [capture.record_id],
        )
        if rows and rows[0][0] in selected:
            return None
        original = self.index.capture(capture.revisit_of or "") if rows else None
        file = self._file(original.warc) if original else None
        if original is None or file is None:
            self._leave_out(capture, "copied as a revisit: what it repeats is in no file of the collection")
            return None
        try:
            record = record_at(file, original.offset)
            warcinfo = self._builder.warcinfo_id
            return make_whole(group, record, original_of=original, warcinfo_id=warcinfo, folder=self.folder)
        except Damaged as error:
            self._leave_out(capture, f"copied as a revisit: what it repeats is damaged: {error}", damaged=True)
            return None

    def _take_warcinfo(self, warc: WarcOutput, file: Path) -> None:
        """Copy the warcinfo of a file before the first record that is copied from it."""
        if file not in self._infos:
            self._infos.add(file)
            if info := self._finder.warcinfo(file):
                warc.copy(info)

    def _file(self, name: str) -> Path | None:
        """The path of a WARC; None if it is not there."""
        if name not in self._files:
            path = find_warc(self.collection, name)
            self._files[name] = path if path.is_file() else None
        return self._files[name]

    def _leave_out(self, capture: Capture, what: str, *, damaged: bool = False) -> None:
        one = LeftOut(file=capture.warc, offset=capture.offset, url=capture.via or capture.url, what=what, damaged=damaged)
        self.outcome.left_out.append(one)

    def _captures(self, *many: array[int]) -> Iterator[tuple[int, Capture]]:
        """Captures of row numbers, in the order given."""
        for ids in many:
            for at in range(0, len(ids), _CHUNK):
                chunk = ids[at : at + _CHUNK].tolist()
                sql = f"SELECT c.id AS number, {_COLUMNS} FROM captures c WHERE c.id IN ({', '.join('?' * len(chunk))})"
                found = {row["number"]: capture_of(row) for row in self.index.rows(sql, chunk)}
                yield from ((number, found[number]) for number in chunk)

    def _originals_of_304(self, ids: array[int]) -> array[int]:
        """Row numbers of captures, not selected, for which a selected 304 stands."""
        selected, found = RowNumbers(ids), set[int]()
        for at in range(0, len(ids), _CHUNK):
            chunk = ids[at : at + _CHUNK].tolist()
            rows = self.index.rows(_ORIGINALS_OF_304.format(", ".join("?" * len(chunk))), chunk)
            found.update(row[0] for row in rows if row[0] not in selected)
        return array("q", sorted(found))

    def _failures(self, ids: array[int]) -> Iterator[Failure]:
        for number in ids:
            row = self.index.query(f"SELECT {', '.join(_FAILURE_COLUMNS)} FROM failures WHERE id = ?", [number])[0]
            target = Target(
                url=row["url"], site=row["site"], story=row["story_id"], role=row["role"], key=row["key"], language=row["language"],
                found_on=row["found_on"],
            )  # fmt: skip
            yield Failure(
                target=target, date=moment(row["date"]), reason=row["reason"], detail=row["detail"] or "", attempt=row["attempt"],
                bytes=row["bytes"], elapsed_ms=row["elapsed_ms"],
            )  # fmt: skip

    def _about(self, captures: int) -> bytes:
        """The block of the warcinfo: what was selected."""
        return write_fields(
            [
                ("software", f"news-archive-crawler/{__version__} (export)"),
                ("format", "WARC File Format 1.1"),
                ("conformsTo", CONFORMS_TO),
                ("isPartOf", self.collection.name),
                ("description", f"A part of a collection: {self.selection.words}; {captures} captures"),
            ]
        )


def write_warc(
    out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, collection: Path, name: str, folder: Path
) -> None:
    """Write the selected captures as one WARC.

    Args:
        name: Of the file, for its warcinfo.
        folder: For what does not fit into memory.
    """
    subset = WarcSubset(
        index=index, collection=collection, selection=selection, name=name, folder=folder, outcome=outcome, tell=tell,
        written=lambda *_: None,
    )  # fmt: skip
    subset.write(out)
