"""Rows that one worker shares: told after their commit, taken over with each lane."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from functools import partial
from itertools import islice
from time import monotonic
from typing import Protocol

from crawler.cluster.rows import Pushed, SharedRow
from crawler.collection.collection import Collection
from crawler.errors import ArchiveError, Unreachable
from crawler.index.index import Index
from crawler.jobs.held import HeldLanes
from crawler.jobs.rows import Claim
from crawler.outbox.noted import NotedRow, forget, install, noted_keys, noted_rows, unsent
from crawler.outbox.taken_over import TakenOver, take_over

logger = logging.getLogger(__name__)

BATCH = 32
MOST_AT_ONCE = 256
"""Rows sent at a time: as soon as there are some, and more when many wait."""
GATHER_SECONDS = 0.02
LOOK_SECONDS = 0.1
"""Between two looks for changes that nobody spoke of."""
FORGET_SECONDS = 1.0
PAGE = 2000
"""Rows of a lane written at a time."""
_SLOWEST = 5.0


class StoreOfRows(Protocol):
    """Needed part of a job store; see `store.PgJobStore`."""

    def push(self, worker: str, tokens: Mapping[str, int], rows: list[SharedRow]) -> Pushed:
        """Write rows of lanes held under tokens, and queue what is new in other lanes."""

    def pull(self, lane: str, since_seq: int = 0) -> Generator[SharedRow]:
        """Yield the rows of a lane."""

    def tokens(self, worker: str, lanes: Iterable[str]) -> dict[str, int]:
        """The tokens of lanes that no other worker has claimed since."""


class SharedRows:
    """Working copy of the rows of one worker's lanes, with a thread that tells changes.

    Args:
        collection: The worker's; its name is the worker's.
        held: Lanes held now.
    """

    def __init__(self, store: StoreOfRows, collection: Collection, held: HeldLanes, owners: Mapping[str, str] | None = None) -> None:
        self._store, self._collection, self._held, self._worker = store, collection, held, collection.name
        self.pushed = Pushed()
        """Counts of all rows told, also of those told too late."""
        self.unreachable_since: float | None = None
        """By the monotonic clock; None while the database answers."""
        self.unsent = 0
        """Changes not told yet, as last looked at."""
        self._taken: dict[str, tuple[int, int]] = {}
        """Token and seq of lanes, as far as their rows were taken over."""
        self._told: dict[str, str] = {}
        """Changes that were told and are not forgotten yet, by key."""
        self._changes = threading.Condition()
        self._wanted: list[dict[str, str]] = []
        """What callers of `flush` wait for: changes by key."""
        self._nudge, self._ending, self._forgotten = threading.Event(), threading.Event(), 0.0
        self._thread: threading.Thread | None = None

    # -- in any thread that may wait

    def start(self) -> None:
        """Have the collection's changes noted, and begin to tell them."""
        self._collection.now(lambda index: install(index.conn))
        self._thread = threading.Thread(target=self._run, name="rows to the database", daemon=True)
        self._thread.start()

    def take(self, claim: Claim) -> list[str]:
        """Take over the rows of a claimed lane, or those that others have added since.

        Returns:
            Keys of rows that are new in the index.
        Raises:
            Unreachable: The lane cannot be worked.
        """
        before = self._taken.get(claim.lane)
        still_ours = claim.same_owner or (before is not None and before[0] == claim.token)
        since = before[1] if before is not None and still_ours else 0
        if before is not None and still_ours and claim.seq <= since:
            self._taken[claim.lane] = claim.token, since
            return []
        new: list[str] = []
        written = dropped = 0
        with closing(self._store.pull(claim.lane, since)) as rows:
            while page := list(islice(rows, PAGE)):
                taken = self._collection.now(partial(_take_page, page, still_ours))
                new += taken.new
                written, dropped = written + taken.written, dropped + taken.dropped
        self._taken[claim.lane] = claim.token, claim.seq
        self.pushed += Pushed(refused=dropped)
        if written or dropped:
            logger.info("lane-taken lane=%s rows=%d new=%d ours-too-late=%d", claim.lane, written, len(new), dropped)
        return new

    def told(self) -> None:
        """Look for changes at once."""
        self._nudge.set()

    def flush(self, seconds: float) -> bool:
        """Wait until all that has changed so far is told; False if time runs out."""
        until = monotonic() + seconds
        wanted = self._collection.now(lambda index: noted_keys(index.conn))
        with self._changes:
            # What the round under way has read may be older than what is noted now: only later rounds count.
            wanted = {key: change for key, change in wanted.items() if self._told.get(key) != change}
            self._wanted.append(wanted)
            self._nudge.set()
            try:
                while wanted:
                    left = until - monotonic()
                    if left <= 0 or self._thread is None or not self._thread.is_alive():
                        return False
                    self._changes.wait(left)
            finally:
                self._wanted = [one for one in self._wanted if one is not wanted]
        return True

    def close(self) -> None:
        """Tell once more, and end; the next start tells the rest."""
        self._ending.set()
        self._nudge.set()
        if self._thread is not None:
            self._thread.join(15)
        if not self._collection.broken:
            self._forget_told()

    @property
    def refused(self) -> int:
        """Changes that came too late: another worker had claimed their lane."""
        return self.pushed.refused

    # -- in the thread

    def _run(self) -> None:
        reader = self._collection.reader()
        wait = LOOK_SECONDS
        try:
            while True:
                closing = self._wait(reader, wait)
                try:
                    sent = self._round(reader)
                    wait = GATHER_SECONDS if sent else LOOK_SECONDS
                except Unreachable as error:
                    wait = min(max(wait, LOOK_SECONDS) * 2, _SLOWEST)
                    self._away(error)
                    sent = 0
                except Exception:
                    # A fault of ours: what is not told stays in the outbox and is tried again, `flush` says that it is not told, and parts
                    # that end meanwhile wait again.
                    if not self._collection.broken:
                        logger.exception("rows-not-told")
                    sent, wait = 0, _SLOWEST
                if self._collection.broken or (closing and not sent):
                    return
        finally:
            reader.close()
            with self._changes:
                self._changes.notify_all()

    def _wait(self, reader: Index, seconds: float) -> bool:
        """Wait for changes, or while the database is away; return True at the end."""
        if self.unreachable_since is None:
            self._nudge.wait(seconds)
        again = monotonic() + seconds
        while self.unreachable_since is not None and monotonic() < again and not self._ending.wait(min(seconds, LOOK_SECONDS)):
            self.unsent = unsent(reader.conn, self._told)
        self._nudge.clear()
        return self._ending.is_set()

    def _away(self, error: Unreachable) -> None:
        if self.unreachable_since is None:
            self.unreachable_since = monotonic()
            logger.warning("database-away unsent=%d error=%s", self.unsent, error)

    def _round(self, reader: Index) -> int:
        """Tell one batch of changes; return their number."""
        self.unsent = unsent(reader.conn, self._told)
        many = BATCH if self.unsent <= BATCH else MOST_AT_ONCE
        claimed = {lane for lane, token in self._held.tokens().items() if self._taken.get(lane, (None,))[0] != token}
        rows = [row for row in noted_rows(reader.conn, many, skip=self._told) if row.lane not in claimed]
        if rows:
            self._push(rows)
        self._reached()
        with self._changes:
            self._told.update((row.key, row.noted) for row in rows)
            for wanted in self._wanted:
                for row in rows:
                    if wanted.get(row.key, "~") <= row.noted:
                        del wanted[row.key]
        if self._told and (len(self._told) > 4 * MOST_AT_ONCE or monotonic() > self._forgotten + FORGET_SECONDS):
            self._forget_told()
        with self._changes:
            self.unsent = unsent(reader.conn, self._told)
            self._changes.notify_all()
        return len(rows)

    def _reached(self) -> None:
        if self.unreachable_since is not None:
            logger.info("database-back seconds=%.0f", monotonic() - self.unreachable_since)
            self.unreachable_since = None

    def _forget_told(self) -> None:
        told, self._forgotten = dict(self._told), monotonic()
        if told:
            self._collection.now(lambda index: forget(index.conn, told.items()))
            with self._changes:
                self._told.clear()

    def _push(self, rows: list[NotedRow]) -> None:
        """Send rows: under the tokens of lanes held, and under those of lanes held before."""
        held = self._held.tokens()
        late = [row for row in rows if row.lane not in held and row.state != "queued"]
        self._push_under(held, [row for row in rows if row.lane in held or row.state == "queued"])
        self._push_under(self._past(late), late)

    def _push_under(self, tokens: Mapping[str, int], rows: list[NotedRow]) -> None:
        """Send rows; those that the server refuses are given up, and hold up no others."""
        shared = [_shared(row) for row in rows]
        try:
            pushed = self._store.push(self._worker, tokens, shared)
        except Unreachable:
            raise
        except ArchiveError:
            pushed = sum((self._push_alone(tokens, row) for row in shared), Pushed())
        self.pushed += pushed
        if pushed.refused:
            logger.warning("rows-too-late count=%d", pushed.refused)

    def _push_alone(self, tokens: Mapping[str, int], row: SharedRow) -> Pushed:
        try:
            return self._store.push(self._worker, tokens, [row])
        except Unreachable:
            raise
        except ArchiveError as error:
            logger.error("row-refused key=%s error=%s", row.key, error)
            return Pushed(refused=1)

    def _past(self, rows: Iterable[NotedRow]) -> dict[str, int]:
        """The tokens under which lanes of rows were held last."""
        lanes = {row.lane for row in rows}
        past = {lane: self._taken[lane][0] for lane in lanes if lane in self._taken}
        asked = lanes - set(past)
        return past | (self._store.tokens(self._worker, asked) if asked else {})


def _take_page(page: list[SharedRow], still_ours: bool, index: Index) -> TakenOver:
    return take_over(index.conn, page, still_ours=still_ours)


def _shared(row: NotedRow) -> SharedRow:
    return SharedRow(
        key=row.key, lane=row.lane, job=row.job, state=row.state, due=row.due, priority=row.priority, warc=row.warc, columns=row.columns
    )  # fmt: skip


