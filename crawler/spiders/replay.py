"""Replay: web archive files of any origin into an index, without network.

First every file is warcs into the collection and its records are indexed; then revisits are tied to what they repeat, whichever file
holds it; then what is unread is read. `reindex` does the same in the same order, so both give one index.
"""

from __future__ import annotations

import asyncio
import logging
from array import array
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from attrs import evolve
from scrapy import signals

from crawler.archive_files.inputs import Input, inputs_of
from crawler.archive_files.reader import Archived, Fault, archived
from crawler.collection.foreign_records import assign_site
from crawler.collection.ingest import add_archived
from crawler.collection.parse_tasks import tasks
from crawler.collection.revisits import NO_ORIGINAL, DigestSearch, Resolution, chunks, file_out_of_order, resolve, resolve_again
from crawler.disk.disk_space import CHECK_SECONDS
from crawler.errors import ArchiveError, Usage
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.importing.import_warc import Imported, check_input, import_file
from crawler.importing.page_lists import add_page_lists
from crawler.index.imports import open_revisits, to_parse
from crawler.index.index import Index
from crawler.items import Capture, Outcome
from crawler.maintenance.index_file import add_file
from crawler.maintenance.repeats import Repeats
from crawler.sites.known import WEB, sites_known
from crawler.spiders.argument_help import REPLAY_ARGUMENTS
from crawler.spiders.base import ArchiveSpider
from crawler.warc import cdxj

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
T = TypeVar("T")
logger = logging.getLogger(__name__)

_AT_ONCE = 16
_BATCH = 500
"""Records indexed in one transaction."""


class ReplaySpider(ArchiveSpider):
    """Brings web archive files into a collection and reads what they hold."""

    name = "replay"
    site = evolve(WEB, name="replay", title="WARCs of any origin")
    argument_names: ClassVar[tuple[str, ...]] = REPLAY_ARGUMENTS

    @classmethod
    def check(cls, arguments: CrawlArguments) -> None:
        """Refuse arguments that cannot work, and a single file that is no web archive."""
        if not arguments.warcs or not arguments.collection:
            raise Usage("replay: name the files and the collection: -a warcs=GLOB -a collection=NAME")
        inputs = inputs_of(arguments.warcs)
        if len(inputs.files) == 1 and not inputs.missing:
            check_input(inputs.files[0], copy=arguments.copy)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of a run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.one_done, signal=signal)
        return spider

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="replay")
        """Reads files and the index: a connection to it belongs to one thread."""

    def closed(self, reason: str) -> None:
        """End the reading thread."""
        self._reader.shutdown(wait=False, cancel_futures=True)

    def one_done(self) -> None:
        """Free a slot: an outcome has been filed."""
        self._slots.release()

    async def start(self) -> AsyncIterator[Any]:
        """Import, resolve revisits, parse; yield outcomes as slots become free."""
        inputs = inputs_of(self.arguments.warcs or "")
        self.run.stats.files = 0
        for word in inputs.missing:
            self._not_taken(f"no file matches {word}")
        names: dict[str, None] = {}
        for one in inputs.files:
            await self._import(one, names)
        await self._change(lambda index: add_page_lists(index, self.run.collection.path))
        reopened = await self._resolve(names)
        outcomes = self._outcomes(list(names), reopened)
        while (outcome := await self._in_reader(next, outcomes, None)) is not None:
            await self._room()
            await self._slots.acquire()
            yield outcome
        for _ in range(_AT_ONCE):
            await self._slots.acquire()
        await self._change(file_out_of_order)

    # -- import

    async def _import(self, one: Input, names: dict[str, None]) -> None:
        """Import one file and index its records; a refused file is counted."""
        warcs = import_file(one, self.run.collection.path, copy=self.arguments.copy)
        while True:
            await self._room()
            try:
                imported = await self._in_reader(next, warcs, None)
            except (ArchiveError, OSError) as error:
                self._refused(one, str(error))
                return
            if imported is None:
                return
            for fault in imported.faults:
                self._damaged(f"{fault.path}: offset {fault.offset}: {fault.what}")
            if imported.file.name in names:
                self.run.stats.omitted.add("file of the same content as another", imported.source)
                continue
            names[imported.file.name] = None
            await self._index(imported)

    async def _index(self, imported: Imported) -> None:
        """Index the records of a file, and write its row and its CDXJ."""
        file, stats, collection = imported.file, self.run.stats, self.run.collection
        stats.files = (stats.files or 0) + 1
        if imported.renamed:
            logger.info("warc-renamed source=%s name=%s", imported.source, file.name)
        sites = sites_known(self.run.parsers.readers.folders)
        faults: list[Fault] = []
        entries = (assign_site(entry, sites, warc=file.name) for entry in archived(file.path, faults=faults, passed=stats.omitted))
        added = held = 0
        while batch := await self._in_reader(self._some, entries, faults):
            await self._room()
            fresh = await self._change(partial(_add_all, entries=batch))
            captures = [(entry.capture, is_new) for entry, is_new in zip(batch, fresh, strict=True) if entry.capture is not None]
            known = [capture for capture, is_new in captures if not is_new]
            added, held = added + sum(fresh), held + len(known)
            if known:
                stats.omitted.add("record held already", f"{file.name} offset {known[0].offset}", count=len(known))
            stats.captures += sum(fresh)
            stats.revisits += sum(capture.record_type == "revisit" for capture, is_new in captures if is_new)
            stats.last_host = file.name
        stats.bytes += file.path.stat().st_size
        await self._change(lambda index: add_file(index, collection.path, file, sha256=imported.sha256))
        await self._in_reader(self._list, file.name)
        logger.info("warc-indexed source=%s name=%s captures=%d held=%d", imported.source, file.name, added, held)

    def _list(self, name: str) -> None:
        """Write the CDXJ of a file."""
        collection = self.run.collection
        with collection.reader() as index:
            cdxj.write(collection.path / "indexes", name, (cdxj.line(capture) for capture in index.captures(warc=name)))

    def _some(self, entries: Iterator[Archived], faults: list[Fault]) -> list[Archived]:
        """Return the next entries of a file; damage is logged and skipped."""
        found: list[Archived] = []
        told = len(faults)
        try:
            # Without the records, whose blocks would add up.
            found.extend(evolve(entry, record=None) for entry in islice(entries, _BATCH))
        except (ArchiveError, OSError) as error:
            self._damaged(str(error))
        for fault in faults[told:]:
            self._damaged(f"{fault.path}: offset {fault.offset}: {fault.what}")
        return found

    def _refused(self, one: Input, why: str) -> None:
        if one.is_due:
            self._not_taken(why)
        else:
            logger.info("no-archive %s", why)
            self.run.stats.omitted.add("file in a folder that is no web archive", why)

    def _not_taken(self, why: str) -> None:
        self._damaged(why)
        self.run.stats.omitted.add("input file not taken", why, incomplete=True)

    def _damaged(self, what: str) -> None:
        logger.error("damaged %s", what)
        self.run.stats.damaged.append(what)

    # -- revisits

    async def _resolve(self, names: dict[str, None]) -> array[int]:
        """Link every revisit to its original; return row numbers to parse again."""
        result = Resolution()
        for some in chunks(await self._in_reader(self._open_revisits)):
            await self._change(partial(_resolve_some, ids=some, result=result))
        await self._search(names, result)
        if result.unresolved:
            for capture, fresh in await self._in_reader(self._left_over, result, names):
                self.run.stats.count_unresolved(capture, fresh=fresh)
                self.run.stats.failures[NO_ORIGINAL] += 1
        return result.reopened

    async def _search(self, names: dict[str, None], result: Resolution) -> None:
        """Search originals by payload, for revisits whose digest no capture names."""
        if not result.unresolved:
            return
        # Of those that an earlier run gave up, only the files of this one can hold the original.
        search, earlier = DigestSearch(self.run.collection.path), set(result.unresolved) - result.given_up
        for revisits, files in ((result.given_up, None), (earlier, list(names))):
            for some in chunks(await self._in_reader(self._begin, search, revisits, files)):
                await self._in_reader(self._look, search, some)
        if search.found:
            await self._change(partial(_resolve_again, search=search, result=result))

    def _begin(self, search: DigestSearch, revisits: set[int], files: list[str] | None) -> array[int]:
        with self.run.collection.reader() as index:
            return search.begin(index, revisits, files)

    def _look(self, search: DigestSearch, ids: Sequence[int]) -> None:
        with self.run.collection.reader() as index:
            search.look(index, ids)

    def _open_revisits(self) -> array[int]:
        with self.run.collection.reader() as index:
            return open_revisits(index.conn)

    def _left_over(self, result: Resolution, names: dict[str, None]) -> list[tuple[Capture, bool]]:
        """List revisits without original in the files of this run."""
        earlier = array("q", (row for row in result.unresolved if row not in result.given_up))
        with self.run.collection.reader() as index:
            lists = ((array("q", result.given_up), True), (earlier, False))
            found = ((capture, fresh) for ids, fresh in lists for capture in index.captures_at(ids))
            return [(capture, fresh) for capture, fresh in found if capture.warc in names]

    # -- reading

    def _outcomes(self, names: list[str], reopened: array[int]) -> Iterator[Outcome]:
        """Parse unparsed captures of this run's files, and resolved ones of earlier runs."""
        collection, readers = self.run.collection, self.run.parsers.readers
        with collection.reader() as index:
            for ids in chain([reopened], (to_parse(index, name) for name in names)):
                jobs = tasks(index, collection.path, index.captures_at(ids))
                yield from readers.interpret_all(Repeats(index, collection.path, readers.folders, readers.limits).among(jobs))

    # -- threads

    async def _in_reader(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in the reading thread."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, function, *arguments)

    async def _change(self, job: Callable[[Index], T]) -> T:
        """Have the writer change the index; return when it is on disk."""
        return await asyncio.to_thread(self.run.collection.now, job)

    async def _room(self) -> None:
        """Wait for disk space; raise if there is none in time."""
        disk = self.run.collection.disk
        while not disk.enough():
            if full := disk.out_of_patience():
                raise full
            await asyncio.sleep(CHECK_SECONDS)


def _add_all(index: Index, entries: list[Archived]) -> list[bool]:
    return [add_archived(index, entry) for entry in entries]


def _resolve_some(index: Index, ids: Sequence[int], result: Resolution) -> None:
    resolve(index, ids, result)


def _resolve_again(index: Index, search: DigestSearch, result: Resolution) -> None:
    resolve_again(index, search.note(index), result)
