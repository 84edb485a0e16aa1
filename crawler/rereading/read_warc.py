"""Read one WARC into rows, without Scrapy's engine and without an index.

The readers, their worker processes and their limits are those of `scrapy reindex`. Rows come in the order of the file, so memory does not
grow with it. What follows from several captures (numbers of versions, states of stories, which of several attempts stands) is none of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from attrs import evolve, field, frozen

from crawler.archive_files.captures import TORN
from crawler.archive_files.reader import Archived, Fault, archived
from crawler.collection.foreign_records import assign_site
from crawler.errors import ArchiveError
from crawler.items import Capture, LeasedRequest, Outcome
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.processing.interpreter import MODULES
from crawler.processing.parse_again import Readers, Task
from crawler.processing.reading_stats import ReadingStats
from crawler.rereading.copies import local_copy
from crawler.rereading.rows import BY_RECORD, BY_REVISIT, Row, capture_row, failure_row, record_row, rows_of
from crawler.sites.known import sites_known
from crawler.storage.store_path import is_address, store_path
from crawler.workers.pool import Workers
from crawler.workers.worker import JobLimits

NO_ORIGINAL = "no-original"
_REDIRECTS = (300, 301, 302, 303, 307, 308)


@frozen(kw_only=True)
class ReadOptions:
    """Site files and limits of reading; the same values give the same rows."""

    folders: tuple[str, ...] = ()
    """With site files beside our own."""
    limits: ReadLimits = LIMITS
    seconds: float = JobLimits().seconds
    """Of processor time that a page may take."""
    memory: int = JobLimits().memory
    """Bytes of address space of a worker process."""
    workers: int = 1
    """Processes that read for this one: Dask's threads share them."""


@frozen(kw_only=True)
class Original:
    """The record that a revisit repeats."""

    record_id: str
    where: str
    """Path or address of its file."""
    offset: int
    status: int | None
    torn: bool = False
    sha1: str | None = None
    """Of the payload, if the revisit names it by another digest."""


Originals = Mapping[int, Original]
"""Originals of a file's revisits, by the offset of the revisit."""


@frozen(kw_only=True)
class Tally:
    """Damage and counts of a file, filled while its rows are taken."""

    faults: list[Fault] = field(factory=list)
    """Damage that was passed over."""
    problems: list[str] = field(factory=list)
    """Why the file could be read no further."""
    stats: ReadingStats = field(factory=ReadingStats)
    """Counts of what was read, of what could not be, and of records of which no capture is made."""


def read_warc(
    where: str | Path, *, options: ReadOptions | None = None, originals: Originals | None = None, tally: Tally | None = None,
    name: str | None = None,
) -> Iterator[Row]:  # fmt: skip
    """Yield the rows of one WARC or ARC file of any origin.

    Their tables are captures, versions, images, links, failures and faults.

    A page that exceeds a limit, or ends its worker process, is unreadable; the others are read.

    Args:
        where: A path, or the `s3://` address of an object.
        originals: Of its revisits; None to look for them in this file only.
        tally: Where damage is noted, and what was left out.
        name: Of the file in the rows; its own by default.
    Raises:
        SetupError: It is no web archive file, or is not there.
    """
    options, tally = options or ReadOptions(), tally or Tally()
    name = name or str(where).rpartition("/")[2].removesuffix(".open")
    if originals is None:
        originals = _own_originals(where, options, name)
    readers = readers_for(options)
    with ExitStack() as stack:
        path = stack.enter_context(local_copy(str(where)))
        tasks = _Tasks(path=path, where=str(where), originals=originals, stack=stack)
        entries = _entries(path, name, options, tally)
        for entry, outcome in readers.interpret_beside((entry, tasks.of(entry)) for entry in entries):
            if outcome is not None:
                tally.stats.account(outcome)
            elif entry.capture is not None and entry.failure is None:
                tally.stats.count_unresolved(entry.capture, fresh=True)
            yield from _rows(entry, outcome, tasks)
    for fault in tally.faults:
        yield Row("faults", {"warc": name, "offset": fault.offset, "length": fault.length, "what": fault.what})
    for problem in tally.problems:
        yield Row("faults", {"warc": name, "offset": None, "length": None, "what": problem})


def walk_warc(where: str | Path, *, options: ReadOptions | None = None, name: str | None = None) -> Iterator[Row]:
    """Yield a row of table `records` for each capture of a file, without reading it."""
    options = options or ReadOptions()
    name = name or str(where).rpartition("/")[2].removesuffix(".open")
    with local_copy(str(where)) as path:
        for entry in _entries(path, name, options, Tally()):
            if entry.capture is not None:
                yield record_row(entry.capture)


def _own_originals(where: str | Path, options: ReadOptions, name: str) -> Originals:
    """Originals of the revisits that a file itself holds."""
    rows = [row.values for row in walk_warc(where, options=options, name=name)]
    if not any(values["record_type"] == "revisit" for values in rows):
        return {}
    from crawler.rereading.originals import originals_among

    return originals_among(rows, {name: str(where)}).get(name, {})


def _entries(path: Path, name: str, options: ReadOptions, tally: Tally) -> Iterator[Archived]:
    """Yield the captures and failed attempts of a file as far as it goes."""
    sites = sites_known(options.folders)
    try:
        for entry in archived(path, faults=tally.faults, passed=tally.stats.omitted):
            yield assign_site(entry, sites, warc=name)
    except ArchiveError as error:
        tally.problems.append(str(error).replace(str(path), name))
    except OSError as error:
        tally.problems.append(f"{name}: cannot be read: {error.strerror or error}")


@frozen(kw_only=True)
class _Tasks:
    """Tasks of the captures of one file."""

    path: Path
    where: str
    originals: Originals
    stack: ExitStack
    copies: dict[str, Path] = field(factory=dict)

    def of(self, entry: Archived) -> Task | None:
        """The task of a capture, as `parse_tasks` gives it; None for none."""
        capture, failure = entry.capture, entry.failure
        if capture is None or (failure is not None and not capture.is_cut):
            return None
        original = self.original(capture)
        if capture.record_type == "revisit" and original is None and capture.status not in _REDIRECTS:
            return None
        capture = self.linked(capture)
        lease = LeasedRequest(target=capture.target, attempt=capture.attempt, confirms=capture.confirms)
        noted = (failure.reason, failure.detail or "") if failure is not None and capture.is_cut else None
        own = self.path, capture.offset
        if capture.record_type != "revisit" or original is None or capture.status == 304:
            return Task(
                capture=capture, lease=lease, warc=self.path, offset=capture.offset, status=capture.status, failure=noted,
                torn=capture.truncated == TORN, head=own if capture.record_type == "revisit" else None,
            )  # fmt: skip
        return Task(
            capture=capture, lease=lease, warc=self._copy(original.where), offset=original.offset, status=original.status, failure=noted,
            torn=original.torn, head=own,
        )  # fmt: skip

    def original(self, capture: Capture) -> Original | None:
        """The original of a revisit."""
        return self.originals.get(capture.offset) if capture.record_type == "revisit" else None

    def linked(self, capture: Capture) -> Capture:
        """A capture with the original that was found."""
        original = self.original(capture)
        return capture if original is None else evolve(capture, revisit_of=original.record_id, written_digest=original.sha1)

    def _copy(self, where: str) -> Path:
        """The path of the file of an original."""
        if where == self.where:
            return self.path
        if is_address(where):  # of another object one record is wanted, not all
            return store_path(where)
        if where not in self.copies:
            self.copies[where] = self.stack.enter_context(local_copy(where))
        return self.copies[where]


def _rows(entry: Archived, outcome: Outcome | None, tasks: _Tasks) -> Iterator[Row]:
    """Rows of one exchange or failed attempt."""
    capture, failure, state = entry.capture, entry.failure, "unread"
    if failure is not None:
        yield failure_row(evolve(failure, record_id=capture.record_id if capture else None), capture, told_by=BY_RECORD)
        state = "unreadable" if capture is not None and not capture.is_cut else state
    if capture is None:
        return
    if failure is None and outcome is None and capture.record_type == "revisit":
        yield _unresolved(capture)
        state = "unreadable"
    row = capture_row(capture, outcome=outcome, read_state=state, reader_version=entry.reader_version)
    linked = tasks.linked(capture)
    yield Row(row.table, {**row.values, "revisit_of": linked.revisit_of, "written_digest": linked.written_digest})
    if outcome is not None:
        yield from rows_of(capture, outcome)


def _unresolved(capture: Capture) -> Row:
    """The failure of a revisit whose original is in no file."""
    from crawler.items import Failure

    date = capture.refers_to_date
    named = capture.revisit_of or " ".join(text for text in (capture.refers_to_url, date and date.isoformat()) if text)
    detail = f"no file of the collection holds {named or capture.payload_digest or 'what this revisit repeats'}"[:200]
    failure = Failure(
        target=capture.target.at(capture.via or capture.url), date=capture.date, reason=NO_ORIGINAL, detail=detail,
        attempt=capture.attempt, record_id=capture.record_id, elapsed_ms=capture.elapsed_ms,
    )  # fmt: skip
    return failure_row(failure, capture, told_by=BY_REVISIT)


# -- worker processes of this process


_READERS: dict[ReadOptions, Readers] = {}
_LOCK = threading.Lock()


def readers_for(options: ReadOptions) -> Readers:
    """Worker processes for these options, which stay for the next file.

    They are shared by the threads of this process, as in a Dask worker.
    """
    with _LOCK:
        if options not in _READERS:
            limits = JobLimits(seconds=options.seconds, memory=options.memory, workers=options.workers)
            workers = Workers(limits, modules=MODULES)
            _READERS[options] = Readers(workers=workers, folders=options.folders, limits=options.limits)
        return _READERS[options]


def close_readers() -> None:
    """End the worker processes."""
    with _LOCK:
        for readers in _READERS.values():
            readers.close()
        _READERS.clear()
