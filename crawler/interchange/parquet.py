"""Tables of a selection as Parquet, by month, for DuckDB, Spark and their like.

One folder a table, in it one a month (`captures/month=2026-11/part-0.parquet`, UTC): versions and their images by the month in which they
were first seen. Rows are sorted by date and written in batches, so memory does not grow with the collection.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from attrs import Factory, define, frozen

from crawler import __version__, clock
from crawler.columns.column import Column, schema_of, types_of
from crawler.columns.tables import TABLES
from crawler.errors import SetupError
from crawler.index.index import Index
from crawler.index.rows import WHOLE_VERSION
from crawler.schema.link_lists import links_at
from crawler.schema.packed_blocks import unpack_blocks
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection, numbers

HOW_TO_INSTALL = "--parquet needs pyarrow: python -m pip install 'news-archive-crawler[export]'"
DESCRIPTION = "export.json"
_CHUNK = 500
_BATCH_ROWS = 10_000
_BATCH_BYTES = 16 * 1024 * 1024
_CAPTURES = "SELECT c.*, :collection AS collection, c.date AS at FROM captures c WHERE c.id IN ({}) ORDER BY c.date, c.record_id"
_PLACE = "c.record_id, c.url, c.host, c.warc, c.offset, c.length"
_VERSIONS = (
    f"SELECT {WHOLE_VERSION}, v.n AS version_n, t.newest, {_PLACE}, v.first_seen AS at FROM versions v"
    " JOIN stored_versions t ON t.id = v.id JOIN captures c ON c.id = v.capture_id WHERE v.id IN ({})"
    " ORDER BY v.first_seen, v.story_id, v.n"
)
_IMAGES = (
    "SELECT i.*, v.story_id, v.n AS version_n, v.first_seen AS at, c.record_id, c.warc, c.offset, c.length FROM images i"
    " JOIN stored_versions v ON v.id = i.version_id LEFT JOIN captures c ON c.id = i.capture_id"
    " WHERE i.version_id IN ({}) ORDER BY v.first_seen, v.story_id, v.n, i.n"
)
_PAGES = "SELECT c.id, c.record_id, c.url AS page_url, c.date FROM captures c WHERE c.id IN ({}) ORDER BY c.date, c.record_id"


def write_parquet(folder: Path, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, collection: str) -> None:
    """Write the tables into a folder.

    Raises:
        SetupError: pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise SetupError(HOW_TO_INSTALL) from error
    outcome.left_out += selection.lost(index)
    source = _Source(index=index, selection=selection, collection=collection)
    sources = (("captures", source.captures), ("versions", source.versions), ("images", source.images), ("links", source.links))
    for step, (name, rows) in enumerate(sources):
        with ExitStack() as stack:
            table = _MonthTable(folder=folder / name, columns=TABLES[name], stack=stack)
            for row, share in rows():
                table.add(row)
                outcome.counts[name] += 1
                tell(name, outcome.counts[name], (step + share) / len(sources))
            table.flush()
    about = {
        "software": f"news-archive-crawler/{__version__}", "created": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", "collection": collection,
        "selection": selection.words, "rows": dict(outcome.counts), "left_out": [str(one) for one in outcome.left_out],
        "columns": {name: {column.name: column.about for column in columns} for name, columns in TABLES.items()},
    }  # fmt: skip
    (folder / DESCRIPTION).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")


Rows = Iterator[tuple[Mapping[str, Any] | sqlite3.Row, float]]


@frozen(kw_only=True)
class _Source:
    """Rows of the tables, each by date, with the share done."""

    index: Index
    selection: Selection
    collection: str

    def captures(self) -> Rows:
        name = self.collection.replace("'", "''")
        yield from self._rows(_CAPTURES.replace(":collection", f"'{name}'"), self.selection.captures(self.index))

    def versions(self) -> Rows:
        for row, share in self._rows(_VERSIONS, self._versions()):
            unpacked = unpack_blocks(row["packed_blocks"], row["body"])
            yield {**dict(row), "blocks": json.dumps(unpacked, ensure_ascii=False, separators=(",", ":"))}, share

    def images(self) -> Rows:
        yield from self._rows(_IMAGES, self._versions())

    def links(self) -> Rows:
        ids = self.selection.captures(self.index)
        for at, chunk in _chunks(ids):
            marks = ", ".join("?" * len(chunk))
            for page in self.index.query(_PAGES.format(marks), chunk):
                facts = {"record_id": page["record_id"], "page_url": page["page_url"], "date": page["date"], "at": page["date"]}
                for _, position, url, text in links_at(self.index.conn, [page["id"]]):
                    yield {**facts, "position": position, "url": url, "text": text}, at / len(ids)

    def _versions(self) -> array[int]:
        sql = f"SELECT v.id FROM stored_versions v WHERE {self.selection.of_versions} ORDER BY v.first_seen, v.story_id, v.n"
        return numbers(self.index, sql, self.selection.values())

    def _rows(self, sql: str, ids: array[int]) -> Rows:
        for at, chunk in _chunks(ids):
            for row in self.index.rows(sql.format(", ".join("?" * len(chunk))), chunk):
                yield row, at / len(ids)


def _chunks(ids: array[int]) -> Iterator[tuple[int, list[int]]]:
    return ((min(at + _CHUNK, len(ids)), ids[at : at + _CHUNK].tolist()) for at in range(0, len(ids), _CHUNK))


@define(kw_only=True)
class _MonthTable:
    """A table that is written by month, one file open at a time."""

    folder: Path
    columns: Sequence[Column]
    stack: ExitStack
    _month: str = ""
    _writer: Any = None
    _rows: list[list[Any]] = Factory(list)
    _size: int = 0

    def __attrs_post_init__(self) -> None:
        self._rows = [[] for _ in self.columns]
        self.folder.mkdir()

    def add(self, row: Mapping[str, Any] | sqlite3.Row) -> None:
        """Add a row; they come by date."""
        month = row["at"][:7]
        if month != self._month:
            self.flush()
            self._begin(month)
        for values, column in zip(self._rows, self.columns, strict=True):
            value = column.value(row)  # type: ignore[arg-type]
            values.append(value)
            self._size += len(value) if isinstance(value, str) else 8
        if len(self._rows[0]) >= _BATCH_ROWS or self._size >= _BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the rows held as a row group."""
        if self._writer is None or not self._rows[0]:
            return
        import pyarrow as pa

        types = types_of(pa)
        arrays = [pa.array(values, type=types[column.kind]) for values, column in zip(self._rows, self.columns, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=schema_of(pa, self.columns)))
        self._rows, self._size = [[] for _ in self.columns], 0

    def _begin(self, month: str) -> None:
        import pyarrow
        from pyarrow import parquet

        self.stack.close()
        place = self.folder / f"month={month}"
        place.mkdir()
        self._month = month
        schema = schema_of(pyarrow, self.columns)
        self._writer = self.stack.enter_context(parquet.ParquetWriter(place / "part-0.parquet", schema, compression="zstd"))
