"""WARCs of any origin read into an index: the same readings that the live crawl would have made, no network."""

from __future__ import annotations

import asyncio
import glob
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import evolve
from scrapy import signals

from crawler.errors import ArchiveError, SetupError, Usage
from crawler.index.store import Index
from crawler.items import Reading
from crawler.limits import Limits
from crawler.place import ELSEWHERE, LOOK_SECONDS
from crawler.reread import WEB, adopt, sites_known, tasks
from crawler.spiders.news import NewsSpider
from crawler.warc import foreign
from crawler.warc.reader import Archived, Fault, archived

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_AT_ONCE = 16


class ReplaySpider(NewsSpider):
    """Adopts WARCs into a collection and reads what they hold."""

    name = "replay"
    site = evolve(WEB, name="replay", title="WARCs of any origin")
    arguments: ClassVar[tuple[str, ...]] = ("warcs", "collection", "copy")

    @classmethod
    def check(cls, limits: Limits) -> None:
        """Refuse what cannot work before anything is opened."""
        if not limits.warcs or not limits.collection:
            raise Usage("replay: name the files and the collection: -a warcs=GLOB -a collection=NAME")
        for file in files_of(limits.warcs):
            if (problem := foreign.unreadable(file)) and not limits.copy:
                raise SetupError(f"{problem}: only a copy of it, converted, can be replayed; leave out copy=no")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ReplaySpider:
        """Scrapy's way in."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, ReplaySpider)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.one_done, signal=signal)
        return spider

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def one_done(self) -> None:
        """A reading has been filed: there is room for the next."""
        self._slots.release()

    async def start(self) -> AsyncIterator[Any]:
        """Adopt, then read, file by file; each reading is an item, and no more are under way than there are slots."""
        async for reading in self._readings():
            await self._slots.acquire()
            yield reading
        for _ in range(_AT_ONCE):
            await self._slots.acquire()

    async def _readings(self) -> AsyncIterator[Reading]:
        readers, collection = self.aside.readers, self.run.collection
        sites = sites_known(readers.folders)
        for file in files_of(self.limits.warcs or ""):
            await self._room()
            placed = await asyncio.to_thread(place, file, collection.path, copy=self.limits.copy)
            faults: list[Fault] = []
            entries = archived(placed, faults=faults)
            while batch := await asyncio.to_thread(self._some, entries, faults):
                await self._room()
                adopted = [adopt(entry, sites, warc=placed.name) for entry in batch]
                fresh = [entry for entry in adopted if await collection.adopt(entry)]
                self.run.tally.captures += len(fresh)
                captures = [entry.capture for entry in fresh if entry.capture is not None and entry.failure is None]
                jobs = await asyncio.to_thread(self._tasks, collection.path, captures)
                for reading in await asyncio.to_thread(list, readers.read_all(jobs)):
                    yield reading

    async def _room(self) -> None:
        """Wait until the disk has room; where it gets none in time, the crawl is being stopped."""
        room = self.run.collection.room
        while not room.enough():
            if full := room.over():
                raise full
            await asyncio.sleep(LOOK_SECONDS)

    def _tasks(self, path: Path, captures: list[Any]) -> list[Any]:
        with Index.open(path / "index.db", readonly=True) as index:
            return list(tasks(index, path, captures))

    def _some(self, entries: Iterator[Archived], faults: list[Fault]) -> list[Archived]:
        """The next entries of a file; what is damaged is told and passed over, and the run is not complete."""
        found: list[Archived] = []
        told = len(faults)
        try:
            found.extend(islice(entries, _AT_ONCE))
        except ArchiveError as error:
            self._damaged(str(error))
        for fault in faults[told:]:
            self._damaged(f"{fault.path}: offset {fault.offset}: {fault.what}")
        return found

    def _damaged(self, what: str) -> None:
        logger.error("damaged %s", what)
        self.run.tally.damaged.append(what)


def files_of(pattern: str) -> list[Path]:
    """The files that a glob names.

    Raises:
        SetupError: None.
    """
    found = sorted(Path(name) for name in glob.glob(str(Path(pattern).expanduser()), recursive=True) if Path(name).is_file())  # noqa: PTH207
    if not found:
        raise SetupError(f"no file matches {pattern}")
    return found


def place(file: Path, collection: Path, *, copy: bool) -> Path:
    """Bring a WARC into the collection, or note where it lies.

    Raises:
        SetupError: Another file of that name is there.
    """
    target = collection / "archive" / (foreign.name_of(file) if copy else file.name)
    if file.resolve() == target.resolve():
        return target
    if not copy:
        listed = collection / ELSEWHERE
        known = listed.read_text().splitlines() if listed.exists() else []
        if str(file.resolve()) not in known:
            with listed.open("a") as out:
                out.write(f"{file.resolve()}\n")
        return file.resolve()
    if target.exists():
        if target.name == file.name and target.stat().st_size != file.stat().st_size:
            raise SetupError(f"{target} is another file of that name; rename {file}")
        return target
    part = target.with_name(target.name + ".part")
    if foreign.unreadable(file):
        foreign.convert(file, part)
    else:
        shutil.copyfile(file, part)
    part.replace(target)
    return target
