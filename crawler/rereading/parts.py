"""Parquet parts of one WARC: written under temporary names, then put in their places together."""

from __future__ import annotations

import errno
import fcntl
import heapq
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from operator import itemgetter
from pathlib import Path
from typing import Any

from attrs import Factory, define, field, frozen

from crawler.columns.column import Column, schema_of
from crawler.errors import CollectionLocked, SetupError
from crawler.failpoints import failpoint
from crawler.rereading.part_columns import PARTS, RECORDS
from crawler.rereading.rows import Row

HOW_TO_INSTALL = "reread needs pyarrow: python -m pip install 'news-archive-crawler[export]'"
RECORDS_TABLE = "records"
_COLUMNS = {**PARTS, RECORDS_TABLE: RECORDS}
_ABOUT = b"reread"
_SORTED = {"captures": ("url_surtkey", "fetch_time")}
_GROUP_ROWS = 10_000
_GROUP_BYTES = 8 * 1024 * 1024


@frozen(kw_only=True)
class PartState:
    """The file and the readers of which a part is."""

    where: str
    size: int
    changed: str
    readers: str


def part_path(folder: Path, table: str, name: str) -> Path:
    """The path of a part."""
    return folder / table / f"{name}.parquet"


def about(folder: Path, table: str, name: str) -> dict[str, Any] | None:
    """Notes of a part; None if it is not there or not whole."""
    from pyarrow import ArrowException, parquet

    try:
        noted = parquet.read_metadata(part_path(folder, table, name)).metadata or {}
        return dict(json.loads(noted[_ABOUT]))
    except (OSError, ArrowException, KeyError, ValueError):
        return None


def check_folder(folder: Path) -> None:
    """Make the folders of all tables, and remove what killed calls left.

    Raises:
        SetupError: pyarrow is not installed, or the folder cannot be made.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise SetupError(HOW_TO_INSTALL) from error
    try:
        for table in _COLUMNS:
            (folder / table).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{folder}: cannot be made: {error.strerror or error}; name another place with --out") from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder of parts, so that no other call writes there.

    Raises:
        CollectionLocked: Another call holds it.
    """
    with (folder / ".lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            file.seek(0)
            raise CollectionLocked(folder, file.read(200).strip()) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of a killed call; no other may be at work."""
    for table in _COLUMNS:
        for file in (folder / table).glob(".*.tmp"):
            file.unlink(missing_ok=True)


class PartWriter:
    """Writer of some tables of one WARC; nothing is seen of them before `commit`.

    Args:
        state: Noted in each part.
        tables: In the order in which they are put in their places.
    """

    def __init__(self, folder: Path, name: str, state: PartState, tables: Sequence[str]) -> None:
        self.counts: Counter[str] = Counter()
        self._folder, self._name, self._state = folder, name, state
        self._tables = {table: _Table(path=self._temporary(table), columns=_COLUMNS[table], by=_SORTED.get(table)) for table in tables}

    def _temporary(self, table: str) -> Path:
        return self._folder / table / f".{self._name}.{os.getpid()}-{os.urandom(4).hex()}.tmp"

    def add(self, row: Row) -> None:
        """Add a row."""
        self.counts[row.table] += 1
        self._tables[row.table].add(row.values)

    def commit(self, noted: Mapping[str, Any]) -> None:
        """Write what is held, and put the parts in place of earlier ones.

        The last table goes first and comes last: where it is there, all are of one reading.

        Args:
            noted: JSON values beside the state.
        """
        state = {"where": self._state.where, "size": self._state.size, "changed": self._state.changed, "readers": self._state.readers}
        data = json.dumps({**state, **noted, "rows": dict(self.counts)})
        for table in self._tables.values():
            table.close({_ABOUT: data.encode()})
        part_path(self._folder, [*self._tables][-1], self._name).unlink(missing_ok=True)
        for name, table in self._tables.items():
            table.path.replace(part_path(self._folder, name, self._name))
            failpoint("reread:replaced")

    def discard(self) -> None:
        """Remove what was written."""
        for table in self._tables.values():
            table.discard()


@define(kw_only=True)
class _Table:
    """One table of one WARC, written in row groups, sorted if wanted."""

    path: Path
    columns: Sequence[Column]
    by: tuple[str, ...] | None = None
    _writer: Any = field(init=False, default=None)
    _rows: list[tuple[Any, ...]] = field(init=False, default=Factory(list))
    _size: int = field(init=False, default=0)
    _runs: list[Path] = field(init=False, default=Factory(list))

    def add(self, values: Mapping[str, Any]) -> None:
        """Add a row."""
        row = tuple([column.value(values) for column in self.columns])
        self._rows.append(row)
        self._size += sum([len(value) if value.__class__ in (str, bytes) else 8 for value in row])
        if len(self._rows) >= _GROUP_ROWS or self._size >= _GROUP_BYTES:
            if self.by is None:
                self._write(self._opened(), self._rows)
            else:
                self._write_run()
            self._rows, self._size = [], 0

    def close(self, noted: Mapping[bytes, bytes]) -> None:
        """Write what is held, and the notes; end the file."""
        writer = self._opened()
        if self.by is not None:
            self._rows.sort(key=self._key())
            if self._runs:
                self._write_run()
                self._rows = []
                self._merge(writer)
        self._write(writer, self._rows)
        writer.add_key_value_metadata(dict(noted))
        writer.close()
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        self._remove_runs()

    def discard(self) -> None:
        """Remove the file."""
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()
        self.path.unlink(missing_ok=True)
        self._remove_runs()

    def _opened(self) -> Any:
        if self._writer is None:
            self._writer = self._open(self.path)
        return self._writer

    def _open(self, path: Path) -> Any:
        import pyarrow
        from pyarrow import parquet

        return parquet.ParquetWriter(path, schema_of(pyarrow, self.columns), compression="zstd")

    def _write(self, writer: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        import pyarrow

        if rows:
            schema = schema_of(pyarrow, self.columns)
            arrays = [pyarrow.array(values, type=one.type) for values, one in zip(zip(*rows, strict=True), schema, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

    # -- order

    def _key(self) -> Any:
        names = [column.name for column in self.columns]
        return itemgetter(*(names.index(name) for name in self.by or ()))

    def _write_run(self) -> None:
        """Write the rows held, sorted, into a file of their own."""
        self._rows.sort(key=self._key())
        run = self.path.with_name(f"{self.path.name.removesuffix('.tmp')}-{len(self._runs)}.tmp")
        self._runs.append(run)
        writer = self._open(run)
        for at in range(0, len(self._rows), 1000):
            self._write(writer, self._rows[at : at + 1000])
        writer.close()

    def _merge(self, writer: Any) -> None:
        some: list[tuple[Any, ...]] = []
        for row in heapq.merge(*map(self._run_rows, self._runs), key=self._key()):
            some.append(row)
            if len(some) >= _GROUP_ROWS:
                self._write(writer, some)
                some = []
        self._write(writer, some)

    def _run_rows(self, run: Path) -> Iterator[tuple[Any, ...]]:
        from pyarrow import parquet

        with parquet.ParquetFile(run) as file:
            for group in range(file.num_row_groups):
                columns = file.read_row_group(group).to_pydict()
                yield from zip(*(columns[column.name] for column in self.columns), strict=True)

    def _remove_runs(self) -> None:
        for run in self._runs:
            run.unlink(missing_ok=True)
