"""Gather shards into one collection; see the package for the steps."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from attrs import define, frozen

from crawler.collection import layout
from crawler.collection.ingest import file_outcome
from crawler.collection.parse_tasks import tasks
from crawler.collection.revisits import file_out_of_order, resolve_revisits
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.disk.write_errors import told_if_full
from crawler.errors import Usage
from crawler.failpoints import failpoint
from crawler.gathering.adding import add_captures, add_failures
from crawler.gathering.beside import copy_page_lists, know_stories, merge_mirrors, merge_runs
from crawler.gathering.facts import ShardFacts
from crawler.gathering.filing import file_facts
from crawler.gathering.frontier import merge_row
from crawler.gathering.notes import Notes, ShardNotes
from crawler.gathering.places import add_warcs
from crawler.gathering.shard import Shard, opened_shard
from crawler.importing.page_lists import add_page_lists
from crawler.index.index import Index
from crawler.maintenance.fill_index import Progress, quiet
from crawler.maintenance.half_made import remove
from crawler.maintenance.repeats import Repeats
from crawler.processing.parse_again import Readers
from crawler.proofs.enter import enter_of_index
from crawler.sites.known import WEB, sites_known
from crawler.warc import cdxj
from crawler.warc.output_file import sync_folder

MAKING = "index.db.gather"
"""An index that is being made: it gets its name when it is whole."""
MOST_CAPTURES = 5_000_000
"""Captures of one SQLite index: about 40 GB with texts and links."""
_TOGETHER = 256
"""Captures filed in one transaction."""
_UNREAD = (
    "SELECT id, date FROM captures WHERE read_state = 'unread' AND state = 'ok' AND (date, id) > (?, ?) AND date >= ?"
    f" ORDER BY date, id LIMIT {_TOGETHER}"
)


@define(kw_only=True)
class Gathered:
    """Result of a gathering."""

    shards: int = 0
    captures: int = 0
    """Captures added."""
    filed: int = 0
    """Captures whose content was filed."""
    read: int = 0
    """Captures that had to be read here: what they repeat lies in another shard."""
    waiting: int = 0
    """Captures in WARCs that are still being written."""
    unread: int = 0
    """Captures that their shard has not read."""
    warcs: int = 0
    anew: bool = False
    """It was made anew."""
    seconds: float = 0.0


@frozen
class _Gathering:
    """Shards, and the index into which they are gathered."""

    folder: Path
    index: Index
    shards: Sequence[Shard]
    notes: Notes
    result: Gathered
    tell: Progress

    @property
    def indexes(self) -> list[Index]:
        """Of the shards."""
        return [shard.index for shard in self.shards]

    def add(self, *, copy: bool) -> None:
        """Add WARCs, captures and failures."""
        whole = max(1, sum(shard.captures for shard in self.shards))
        count = 0

        def reached(rows: int) -> None:
            nonlocal count
            count += rows
            self.notes.save(self.folder)
            self.tell("captures added", count, min(1.0, count / whole) * 0.3)
            failpoint("gather:added")

        for shard in self.shards:
            notes = self.notes.shards.setdefault(str(shard.path), ShardNotes())
            fresh = add_warcs(self.index, self.folder, shard, notes.warcs, copy=copy)
            added, waiting = add_captures(self.index, shard, notes, reached)
            for key in add_failures(self.index, shard, notes):
                with self.index.atomic():
                    merge_row(self.index, self.indexes, key)
            self._list(fresh)
            notes.mirrors = [dict(row) for row in shard.index.query("SELECT * FROM mirrors")]
            self.result.captures, self.result.waiting = self.result.captures + added, self.result.waiting + waiting
            self.result.warcs += len(fresh)
            self.notes.save(self.folder)

    def _list(self, warcs: Sequence[str]) -> None:
        """Write the CDXJ of WARCs."""
        for name in warcs:
            cdxj.write(self.folder / "indexes", name, (cdxj.line(capture) for capture in self.index.captures(warc=name)))

    def file(self, readers: Readers) -> None:
        """File what the shards read of captures, then those that are left."""
        places, facts = self._places(), {str(shard.path): ShardFacts(shard) for shard in self.shards}
        again, left = array("q"), array("q")
        whole = max(1, self.index.query("SELECT unread FROM totals")[0][0])
        for ids in self._unread():
            with self.index.atomic():
                self._file_some(ids, places, facts, again, left)
            self.tell("captures filed", self.result.filed, 0.3 + min(1.0, self.result.filed / whole) * 0.6)
            failpoint("gather:filed")
        with self.index.atomic():
            self._file_some(again, places, facts, array("q"), left)
        self._read(left, readers)
        with self.index.atomic():
            file_out_of_order(self.index)
        catch_up_all(self.index)

    def _places(self) -> dict[str, tuple[Shard, str]]:
        """Name of a WARC here to a shard that has it, and its name there."""
        return {here: (one, there) for one in self.shards for there, here in self.notes.shards[str(one.path)].warcs.items()}

    def _unread(self) -> Iterator[array[int]]:
        """Yield row numbers of unread captures, by date."""
        after = ("", 0)
        while rows := self.index.query(_UNREAD, [*after, after[0]]):
            after = (rows[-1]["date"], rows[-1]["id"])
            yield array("q", (row["id"] for row in rows))

    def _file_some(
        self, ids: array[int], places: Mapping[str, tuple[Shard, str]], facts: Mapping[str, ShardFacts], again: array[int],
        left: array[int],
    ) -> None:  # fmt: skip
        for row, capture in zip(_by_date(self.index, ids), self.index.captures_at(ids), strict=True):
            if capture.warc not in places:
                continue
            shard, there = places[capture.warc]
            found = facts[str(shard.path)].of(there, capture.offset)
            if found is None:
                continue
            done = file_facts(self.index, capture, found)
            merge_row(self.index, self.indexes, capture.key)
            if done == "again":
                again.append(row)
            elif done == "left" and found.read_state != "unread":
                left.append(row)
            self.result.filed += done == "filed"
            self.result.unread += found.read_state == "unread"

    def _read(self, left: array[int], readers: Readers) -> None:
        """Read captures whose payload lies in another shard, unless it was read before."""
        if not left:
            return
        # Without its site file nobody can read a page: it stays unread, and is counted.
        known = {*sites_known(readers.folders), WEB.name}
        readable = [capture for capture in self.index.captures_at(left) if capture.site in known]
        self.result.unread += len(left) - len(readable)
        jobs = tasks(self.index, self.folder, readable)
        for outcome in readers.interpret_all(Repeats(self.index, self.folder, readers.folders, readers.limits).among(jobs)):
            with self.index.atomic():
                file_outcome(self.index, outcome)
            self.result.read += 1


def _by_date(index: Index, ids: array[int]) -> array[int]:
    """Row numbers in the order in which `captures_at` gives their captures."""
    found = array("q")
    for at in range(0, len(ids), 500):
        chunk = ids[at : at + 500].tolist()
        sql = f"SELECT id FROM captures WHERE id IN ({', '.join('?' * len(chunk))}) ORDER BY date, record_id"
        found.extend(row[0] for row in index.query(sql, chunk))
    return found


def gather(
    paths: Sequence[Path], folder: Path, readers: Readers, *, copy: bool = False, again: bool = False, tell: Progress = quiet
) -> Gathered:  # fmt: skip
    """Gather shards into a collection, or what is new in them.

    Killed and called again, it goes on; called once more, it changes nothing.

    Args:
        folder: Of the collection; made if it is not there. Its lock is held.
        copy: Copy WARCs; else they are referred to where they lie.
        again: Make it anew from all its shards.
    Raises:
        SetupError: A shard cannot be read.
        CollectionLocked: Another process writes the collection.
        WriteFailed: The disk is full; what was done is kept for the next call.
    """
    began = time.monotonic()
    layout.make_folders(folder)
    with closing(layout.lock(folder)), told_if_full(folder), ExitStack() as stack:
        layout.write_layout(folder, folder.name)
        notes = Notes.read(folder)
        shards = [stack.enter_context(opened_shard(path)) for path in dict.fromkeys(paths)]
        making = _is_to_be_made(folder, notes, shards, again=again)
        if making:
            known = {str(shard.path) for shard in shards}
            shards += [stack.enter_context(opened_shard(Path(path))) for path in notes.shards if path not in known]
            notes = _begun(folder, notes, shards)
        notes.whole, result = False, Gathered(shards=len(shards), anew=making)
        notes.save(folder)
        file = folder / (MAKING if making else "index.db")
        with Index.open(file) as index:
            if making:
                index.conn.execute("PRAGMA synchronous = NORMAL")
            _fill(_Gathering(folder, index, shards, notes, result, tell), readers, copy=copy)
            index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if making:
            _put_in_place(folder)
        notes.whole, notes.making = True, False
        notes.save(folder)
        enter_of_index(folder)
    tell("captures filed", result.filed, 1.0)
    result.seconds = time.monotonic() - began
    return result


def check_size(paths: Sequence[Path]) -> None:
    """Refuse more captures than one SQLite file is made for.

    Raises:
        Usage: There are more.
    """
    with ExitStack() as stack:
        count = sum(stack.enter_context(opened_shard(path)).captures for path in dict.fromkeys(paths))
    if count > MOST_CAPTURES:
        advice = "`--parquet` writes tables of any number (--any-size: make one index nevertheless)"
        raise Usage(f"{count:,} captures: one index.db is made for {MOST_CAPTURES:,}; {advice}")


def _fill(gathering: _Gathering, readers: Readers, *, copy: bool) -> None:
    index, folder = gathering.index, gathering.folder
    know_sites(index, readers.folders)
    gathering.add(copy=copy)
    failpoint("gather:resolve")
    resolve_revisits(index, folder)
    gathering.file(readers)
    with index.atomic():
        for shard in gathering.shards:
            merge_runs(index, shard)
            know_stories(index, shard)
            copy_page_lists(folder, shard.path)
        merge_mirrors(index, [one.mirrors for one in gathering.notes.shards.values()])
        add_page_lists(index, folder)
    index.tidy()


def _is_to_be_made(folder: Path, notes: Notes, shards: Sequence[Shard], *, again: bool) -> bool:
    """Test if the index must be made anew: none there, or shards changed."""
    if again or notes.making or not (folder / "index.db").exists():
        return True
    with Index.open(folder / "index.db") as index:
        known = [shard for shard in shards if str(shard.path) in notes.shards]
        return any(_has_changed(shard, notes) or not notes.is_gathered(index, str(shard.path)) for shard in known)


def _has_changed(shard: Shard, notes: Notes) -> bool:
    """Test if a shard was made anew, or read again, since it was gathered."""
    noted = notes.shards[str(shard.path)].samples
    return shard.sample([one for one, *_ in noted]) != [rest for _, *rest in noted]


def _begun(folder: Path, notes: Notes, shards: Sequence[Shard]) -> Notes:
    """Notes with which an index is made: of one that was begun, or empty."""
    file = folder / MAKING
    if notes.making and file.exists():
        with Index.open(file) as index:
            known = [shard for shard in shards if str(shard.path) in notes.shards and notes.shards[str(shard.path)].samples]
            if not any(_has_changed(shard, notes) or not notes.is_gathered(index, str(shard.path)) for shard in known):
                return notes
    remove(file)
    return Notes(making=True)


def _put_in_place(folder: Path) -> None:
    """Give the index that was made its name."""
    failpoint("gather:written")
    for suffix in ("-wal", "-shm"):
        (folder / f"index.db{suffix}").unlink(missing_ok=True)
    (folder / MAKING).replace(folder / "index.db")
    sync_folder(folder)
