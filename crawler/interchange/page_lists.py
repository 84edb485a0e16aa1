"""Lists of pages of a WACZ: the stories with their text, then other pages."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Container, Iterator

from crawler.index.index import Index
from crawler.subsets.row_numbers import RowNumbers
from crawler.subsets.selection import Selection, numbers

_CHUNK = 500
_PLACE = "c.id AS capture, c.record_id, coalesce(c.via, c.url) AS url, c.date"
_VERSIONS = (
    f"SELECT v.id, v.story_id, v.n, v.headline, v.deck, v.body, {_PLACE} FROM versions v JOIN sightings s ON s.version_id = v.id"
    " JOIN captures c ON c.id = s.capture_id WHERE v.id IN ({}) AND c.state = 'ok' ORDER BY v.story_id, v.n, c.date, c.record_id"
)
_PICTURES = "SELECT version_id, caption, credit FROM images WHERE version_id IN ({}) ORDER BY version_id, n"
_PAGES = (
    "SELECT id FROM captures WHERE state = 'ok' AND status = 200 AND mime IN ('text/html', 'application/xhtml+xml')"
    " AND role IN ('story', 'page', 'seed', 'section') AND {} ORDER BY date, record_id"
)
_OTHERS = (
    f"SELECT {_PLACE},"
    " (SELECT v.headline FROM sightings s JOIN stored_versions v ON v.id = s.version_id WHERE s.capture_id = c.id) AS headline"
    " FROM captures c WHERE c.id IN ({}) ORDER BY c.date, c.record_id"
)
_FRONT = (
    "SELECT id, url, date FROM captures WHERE state = 'ok' AND status = 200 AND record_type = 'response' AND mime = 'text/html'"
    " AND via IS NULL AND {} ORDER BY role = 'seed' DESC, role IN ('story', 'page') DESC, date DESC, record_id"
)


class PageLists:
    """The lists of pages of some captures.

    Args:
        held: Row numbers of the captures that the package holds.
    """

    def __init__(self, index: Index, selection: Selection, held: Container[int]) -> None:
        self._index, self._selection, self._held = index, selection, held
        self._listed = array("q")
        """Captures in the list of stories."""

    def stories(self) -> Iterator[bytes]:
        """Lines of pages.jsonl: one a version, its earliest capture that is held, with its text."""
        yield _line({"format": "json-pages-1.0", "id": "pages", "title": "Stories", "hasText": True})
        for chunk in _chunks(self._selection.versions(self._index)):
            captions: dict[int, list[str]] = {}
            for row in self._rows(_PICTURES, chunk):
                captions.setdefault(row["version_id"], []).append(f"{row['caption'] or ''} {row['credit'] or ''}".strip())
            last = 0
            for row in self._rows(_VERSIONS, chunk):
                if row["id"] != last and row["capture"] in self._held:
                    last = row["id"]
                    self._listed.append(row["capture"])
                    yield _story(row, captions.get(last, []))

    def others(self) -> Iterator[bytes]:
        """Lines of extraPages.jsonl: pages that the other list does not hold, which comes first."""
        yield _line({"format": "json-pages-1.0", "id": "extra-pages", "title": "Other captures of pages", "hasText": False})
        listed = RowNumbers(self._listed)
        ids = numbers(self._index, _PAGES.format(self._selection.of_captures), self._selection.values())
        for chunk in _chunks(ids):
            for row in self._rows(_OTHERS, [one for one in chunk if one in self._held and one not in listed]):
                yield _line({**_place(row), "title": row["headline"] or row["url"]})

    def main_page(self) -> tuple[str, str] | None:
        """Address and date of the newest front page, else of the newest story."""
        rows = self._index.conn.execute(_FRONT.format(self._selection.of_captures), self._selection.values())
        return next(((url, date) for number, url, date in rows if number in self._held), None)

    def _rows(self, sql: str, chunk: list[int]) -> Iterator[sqlite3.Row]:
        return self._index.rows(sql.format(", ".join("?" * len(chunk))), chunk)


def counted(lines: Iterator[bytes], count: Callable[[], object]) -> Iterator[bytes]:
    """Pass the lines of a list through; count those behind its head."""
    yield next(lines)
    for line in lines:
        count()
        yield line


def _chunks(ids: array[int]) -> Iterator[list[int]]:
    return (ids[at : at + _CHUNK].tolist() for at in range(0, len(ids), _CHUNK))


def _story(row: sqlite3.Row, captions: list[str]) -> bytes:
    text = "\n".join(part for part in (row["headline"], row["deck"], row["body"], *captions) if part)
    values = {"title": row["headline"] or row["url"], "text": text, "story": row["story_id"], "version": row["n"]}
    return _line({**_place(row), **values})


def _place(row: sqlite3.Row) -> dict[str, object]:
    return {"id": row["record_id"].removeprefix("urn:uuid:"), "url": row["url"], "ts": row["date"]}


def _line(values: dict[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
