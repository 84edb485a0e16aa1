"""Captures that pages of a part need to be shown: styles, scripts, pictures.

A file that many pages share is fetched once, and belongs to the story that needed it first. So it is found by what a page names, and by
what its styles name in turn: of each address the capture nearest in time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from attrs import Factory, define

from crawler.collection.reader import CollectionReader
from crawler.errors import ArchiveError
from crawler.index.index import Index
from crawler.items import Capture
from crawler.requisites.of_file import kind_of_file, requisites_of_file
from crawler.requisites.of_page import requisites_of
from crawler.subsets.row_numbers import RowNumbers

_NEAREST = (
    "SELECT id FROM captures WHERE url = ? AND state = 'ok' AND status = 200 AND role NOT IN ('story', 'page')"
    " ORDER BY abs(julianday(date) - julianday(?)), id LIMIT 1"
)
_PAGES = ("story", "page", "seed", "section")
_HTML = ("text/html", "application/xhtml+xml")


@define
class PageNeeds:
    """Finds them for the captures of a part."""

    index: Index
    collection: Path
    _found: set[int] = Factory(set)
    _read: set[str] = Factory(set)
    """Payloads that were looked through."""

    def of(self, ids: array[int]) -> array[int]:
        """Row numbers of what selected captures need and are not themselves selected."""
        selected, reader = RowNumbers(ids), CollectionReader(self.collection)
        try:
            for capture in self.index.captures_at(ids):
                if capture.role in _PAGES and capture.status == 200 and capture.mime in _HTML:
                    self._look(reader, capture)
        finally:
            reader.close()
        return array("q", sorted(number for number in self._found if number not in selected))

    def _look(self, reader: CollectionReader, capture: Capture) -> None:
        """Take what a page or style needs; damage is told when it is copied."""
        digest = f"{capture.url} {capture.payload_digest}"
        if digest in self._read:
            return
        self._read.add(digest)
        with suppress(ArchiveError, OSError):
            for url in self._needs(reader, capture):
                rows = self.index.query(_NEAREST, [url, capture.date.isoformat()])
                if not rows or rows[0][0] in self._found:
                    continue
                self._found.add(rows[0][0])
                for needed in self.index.captures_at(array("q", [rows[0][0]])):
                    self._look(reader, needed)

    def _needs(self, reader: CollectionReader, capture: Capture) -> Iterator[str]:
        if capture.role in _PAGES:
            yield from requisites_of(reader.page(capture)).urls()
            return
        headers = [("Content-Type", capture.mime or "")]
        if kind_of_file(capture.url, headers):
            yield from requisites_of_file(capture.url, headers, reader.payload(capture)).urls()
