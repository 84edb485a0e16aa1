"""Gather shards into Parquet tables: a part a shard, and stories merged.

Memory does not grow with the rows.

    captures/w1-2026-11.parquet    sorted by url_surtkey and time; also links, failures: a part a shard
    versions/part-00000.parquet    of all shards, sorted by story and number; also images, stories
    gathered.json                  the shards, and how far each was gathered
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from attrs import Factory, define, field, frozen

from crawler.collection import layout
from crawler.columns.column import Column, schema_of
from crawler.disk.write_errors import told_if_full
from crawler.errors import SetupError
from crawler.failpoints import failpoint
from crawler.gathering.merged_stories import merged, with_pictures
from crawler.gathering.shard import SAMPLES, Shard, opened_shard
from crawler.gathering.shard_rows import Row, ShardRows
from crawler.gathering.table_columns import OF_SHARDS, OF_STORIES
from crawler.maintenance.fill_index import Progress, quiet
from crawler.subsets.sorted_lines import SortedLines
from crawler.warc.output_file import sync_folder

NOTES = "gathered.json"
HOW_TO_INSTALL = "--parquet needs pyarrow: python -m pip install 'news-archive-crawler[export]'"
_GROUP_ROWS = 10_000
_GROUP_BYTES = 8 * 1024 * 1024
_PART_ROWS = 500_000
_BREAKS = str.maketrans("\n\r\x00", "   ")


@define(kw_only=True)
class Tables:
    """Result: rows by table, and what was taken over."""

    rows: Counter[str] = Factory(Counter)
    shards: int = 0
    unchanged: int = 0
    """Shards whose parts were taken over as they are."""


def gather_tables(paths: Sequence[Path], folder: Path, *, tell: Progress = quiet) -> Tables:
    """Write the tables of shards into a folder, whole or not at all.

    Parts of shards that have not changed since are taken over; a killed call leaves the folder as it was.

    Raises:
        SetupError: pyarrow is not installed, a shard cannot be read, or the folder is no earlier gathering.
        CollectionLocked: Another process gathers into it.
        WriteFailed: The disk is full.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise SetupError(HOW_TO_INSTALL) from error
    if folder.exists() and not (folder / NOTES).is_file():
        raise SetupError(f"{folder}: not replaced: it is no earlier gathering of tables; name another place with --into")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir(exist_ok=True)
    with closing(layout.lock(part)), told_if_full(folder), ExitStack() as stack:
        for left in part.iterdir():
            if left.name != "archive.lock":
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        shards = [stack.enter_context(opened_shard(path)) for path in dict.fromkeys(paths)]
        result = _Writing(part, folder, shards, tell).write()
        (part / "archive.lock").unlink()
        failpoint("gather:written")
        _replace(part, folder)
    return result


def _replace(part: Path, folder: Path) -> None:
    for file in part.rglob("*"):
        if file.is_file():
            with file.open("rb") as written:
                os.fsync(written.fileno())
    old = folder.with_name(f"{folder.name}.old")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    part.rename(folder)
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


@frozen
class _Writing:
    part: Path
    before: Path
    shards: Sequence[Shard]
    tell: Progress

    def write(self) -> Tables:
        """Write all tables, and the notes."""
        result, names, owned = Tables(shards=len(self.shards)), _names(self.shards), dict[tuple[str, str], str]()
        known = json.loads((self.before / NOTES).read_text("utf-8"))["shards"] if self.before.exists() else {}
        notes: dict[str, dict[str, Any]] = {}
        for number, (name, shard) in enumerate(zip(names, self.shards, strict=True)):
            others = _others(shard, name, owned)
            state = {**_state(shard), "others": sorted(others)}
            if known.get(name, {}).get("state") == state:
                rows = self._take_over(name, known[name]["rows"])
                result.unchanged += 1
            else:
                rows = self._of_shard(name, ShardRows(shard, others))
            notes[name] = {"path": str(shard.path), "state": state, "rows": rows}
            result.rows.update(rows)
            self.tell("shards written", number + 1, (number + 1) / len(self.shards) * 0.5)
            failpoint("gather:added")
        result.rows.update(self._of_stories())
        (self.part / NOTES).write_text(json.dumps({"tables": dict(result.rows), "shards": notes}, indent=1) + "\n", "utf-8")
        return result

    def _take_over(self, name: str, rows: Mapping[str, int]) -> Mapping[str, int]:
        """Take the parts of a shard as they are: another name of the same files."""
        for table in OF_SHARDS:
            (self.part / table).mkdir(exist_ok=True)
            os.link(self.before / table / f"{name}.parquet", self.part / table / f"{name}.parquet")
        return rows

    def _of_shard(self, name: str, rows: ShardRows) -> dict[str, int]:
        with SortedLines(self.part) as lines:
            for key, row in rows.captures():
                lines.add(_line(key, row))
            sources = {"captures": (row for _, row in _rows(lines)), "links": rows.links(), "failures": rows.failures()}
            return {table: _write(self.part / table / f"{name}.parquet", OF_SHARDS[table], source) for table, source in sources.items()}

    def _images(self, images: SortedLines, table: _Parts) -> None:
        """Write images with their archived pictures, by story."""
        with SortedLines(self.part) as lines:
            for row in with_pictures(_rows(images)):
                lines.add(_line(_images_key(row), row))
            for _, row in _rows(lines):
                table.add(row)

    def _of_stories(self) -> dict[str, int]:
        """Merge stories and versions of all shards."""
        with SortedLines(self.part) as lines, SortedLines(self.part) as images, ExitStack() as stack:
            for shard in self.shards:
                rows = ShardRows(shard)
                for key, row in rows.pictures():
                    images.add(_line(key, row))
                for source in (rows.stories(), rows.versions()):
                    for key, row in source:
                        lines.add(_line(key, row))
            tables = {name: stack.enter_context(closing(_Parts(self.part / name, columns))) for name, columns in OF_STORIES.items()}
            for count, story in enumerate(merged(_rows(lines)), 1):
                tables["stories"].add(story.story)
                for version in story.versions:
                    tables["versions"].add(version)
                    for image in version["images"]:
                        images.add(_line(f"{image['key']}\t1\t", image))
                if count % 1000 == 0:
                    self.tell("stories merged", count, 0.75)
            self._images(images, tables["images"])
        return {name: table.rows for name, table in tables.items()}


def _images_key(row: Row) -> str:
    return f"{row['story_id']}\t{row['version_n']:09}\t{row['n']:09}"


def _names(shards: Sequence[Shard]) -> list[str]:
    """A name for each shard's parts: its folder's, with a number where two have one."""
    names: list[str] = []
    for shard in shards:
        name, number = shard.path.name, 2
        while name in names:
            name, number = f"{shard.path.name}-{number}", number + 1
        names.append(name)
    return names


def _others(shard: Shard, name: str, owned: dict[tuple[str, str], str]) -> set[str]:
    """Names of a shard's WARCs whose content an earlier shard has."""
    return {
        warc
        for warc, row in shard.sealed().items()
        if row["sha256"] and owned.setdefault((warc, str(row["sha256"])), name) != name
    }  # fmt: skip


def _state(shard: Shard) -> dict[str, Any]:
    """Figures by which it is seen that a shard has changed."""
    counts = shard.index.query("SELECT captures, revisits, lost, unread, stories, versions, pictures FROM totals")[0]
    (last,) = shard.index.query("SELECT coalesce(max(id), 0) FROM captures")[0]
    (failures,) = shard.index.query("SELECT coalesce(max(id), 0) FROM failures")[0]
    ids = sorted({max(1, last * part // SAMPLES) for part in range(1, SAMPLES + 1)}) if last else []
    return {"counts": list(counts), "failures": failures, "sealed": len(shard.sealed()), "samples": shard.sample(ids)}


def _line(key: str, row: Row) -> bytes:
    return f"{key.translate(_BREAKS)}\x00{json.dumps(row)}\n".encode("utf-8", "replace")


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[str, Row]]:
    for line in lines:
        key, _, row = line.decode().partition("\x00")
        yield key, json.loads(row)


def _write(file: Path, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write a part; the number of its rows."""
    file.parent.mkdir(exist_ok=True)
    with closing(_Part(file, columns)) as part:
        for row in rows:
            part.add(row)
    return part.rows


@define
class _Part:
    """One Parquet file, written in groups of rows."""

    file: Path
    columns: Sequence[Column]
    rows: int = 0
    _values: list[list[Any]] = field(init=False)
    _size: int = 0
    _writer: Any = field(init=False)
    _schema: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        import pyarrow
        from pyarrow import parquet

        self._schema = schema_of(pyarrow, self.columns)
        self._values = [[] for _ in self.columns]
        self._writer = parquet.ParquetWriter(self.file, self._schema, compression="zstd")

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row."""
        for values, column in zip(self._values, self.columns, strict=True):
            value = column.value(row)
            values.append(value)
            self._size += len(value) if isinstance(value, str) else 8
        self.rows += 1
        if len(self._values[0]) >= _GROUP_ROWS or self._size >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        if self._values[0]:
            arrays = [pyarrow.array(values, type=kind.type) for values, kind in zip(self._values, self._schema, strict=True)]
            self._writer.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))
            self._values, self._size = [[] for _ in self.columns], 0

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        self._flush()
        self._writer.close()


@define
class _Parts:
    """A table in several files of so many rows."""

    folder: Path
    columns: Sequence[Column]
    rows: int = 0
    _part: _Part | None = None

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row."""
        if self.rows % _PART_ROWS == 0:
            self._begin()
        assert self._part is not None
        self._part.add(row)
        self.rows += 1

    def _begin(self) -> None:
        self.folder.mkdir(exist_ok=True)
        if self._part is not None:
            self._part.close()
        self._part = _Part(self.folder / f"part-{self.rows // _PART_ROWS:05}.parquet", self.columns)

    def close(self) -> None:
        """End the last file; an empty table has one too."""
        if self._part is None:
            self._begin()
        assert self._part is not None
        self._part.close()
