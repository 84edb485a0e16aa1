"""Tables of `jobs.db`, and opening it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import ArchiveError, SetupError, Unreachable, WriteFailed

APPLICATION = 0x4E4A6F62
"""`PRAGMA application_id` of a job store."""
VERSION = 1
"""`PRAGMA user_version`; a change of a table raises it and adds a step to `_STEPS`."""
BUSY_SECONDS = 30.0
"""A writer waits so long for another process's transaction."""

TABLES = """
CREATE TABLE jobs (             -- one crawl to do: of a site, or of seeds of no known site
    seq INTEGER PRIMARY KEY,    -- grows with each job, whatever the clock says
    id TEXT NOT NULL UNIQUE,    -- UUID, 32 hexadecimal digits
    site TEXT NOT NULL,         -- a site file's name, or web
    arguments TEXT NOT NULL,    -- spider arguments, a JSON object with sorted keys
    created TEXT NOT NULL,      -- time, ISO 8601 UTC with microseconds, as all times here
    schedule TEXT,              -- id of the schedule that made it
    lanes TEXT NOT NULL         -- lanes it began in, a JSON list
);
CREATE INDEX jobs_schedule ON jobs (schedule, seq);

CREATE TABLE schedules (        -- jobs that are made again and again
    id TEXT PRIMARY KEY,        -- UUID, 32 hexadecimal digits
    site TEXT NOT NULL,         -- as in jobs
    arguments TEXT NOT NULL,    -- as in jobs
    lanes TEXT NOT NULL,        -- as in jobs
    every REAL NOT NULL,        -- seconds between two jobs
    next_at TEXT NOT NULL,      -- when the next job is made
    UNIQUE (site, arguments)
) WITHOUT ROWID;

CREATE TABLE lanes (            -- publishers, and hosts that are nobody's
    lane TEXT PRIMARY KEY,      -- a site's name, or a host
    owner TEXT,                 -- worker that holds it
    last_owner TEXT,            -- worker that held it last, or holds it
    token INTEGER NOT NULL,     -- grows with each claim
    released REAL,              -- monotonic clock of this machine when it was given back
    delay REAL NOT NULL,        -- seconds after `released` in which it is not given out
    state TEXT NOT NULL         -- a LaneState, a JSON object
) WITHOUT ROWID;
CREATE INDEX lanes_owner ON lanes (owner) WHERE owner IS NOT NULL;

CREATE TABLE entries (          -- lanes of jobs
    job TEXT NOT NULL,          -- id of the job
    lane TEXT NOT NULL,         -- name of the lane
    state TEXT NOT NULL,        -- waiting, running, ended
    since TEXT NOT NULL,        -- when `due` was set; a clock that shows less was set back, and the lane is due
    due TEXT NOT NULL,          -- a waiting one is not taken before
    more INTEGER NOT NULL,      -- 1: came again while it ran, and waits again when its part has ended
    PRIMARY KEY (job, lane)
) WITHOUT ROWID;
CREATE INDEX entries_waiting ON entries (due, lane) WHERE state = 'waiting';
CREATE INDEX entries_lane ON entries (lane, state, due);
CREATE INDEX entries_open_job ON entries (job) WHERE state != 'ended';

CREATE TABLE budgets (          -- limits of whole jobs, of which parts take
    job TEXT NOT NULL,          -- id of the job
    name TEXT NOT NULL,         -- spider argument, such as max_pages
    left INTEGER NOT NULL,      -- not taken yet
    PRIMARY KEY (job, name)
) WITHOUT ROWID;

CREATE TABLE parts (            -- workers' shares of jobs
    id TEXT PRIMARY KEY,        -- UUID
    job TEXT NOT NULL,          -- id of the job
    worker TEXT NOT NULL,       -- name of the worker
    lanes TEXT NOT NULL,        -- its lanes, a JSON list
    run_id INTEGER,             -- row of table runs in the worker's index
    started TEXT NOT NULL,      -- time
    ended TEXT,                 -- time
    exit_code INTEGER,          -- as a command's; null: not ended, or died
    reason TEXT,                -- as of a run
    stats TEXT NOT NULL         -- the run report's figures, a JSON object
) WITHOUT ROWID;
CREATE INDEX parts_job ON parts (job);

CREATE TABLE workers (          -- workers that gave a sign of life
    name TEXT PRIMARY KEY,      -- name of the worker
    seen TEXT NOT NULL,         -- time of the last sign
    about TEXT NOT NULL         -- its figures, a JSON object
) WITHOUT ROWID;
"""
_STEPS: dict[int, str] = {}
"""Version to the statements that lead on from it."""


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours.

    Raises:
        Unreachable: Another process has held the file for too long.
        WriteFailed: The disk is full or fails.
        SetupError: No job store, or a damaged one.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _named(path, error) from error


def _named(path: Path, error: sqlite3.Error) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unreachable(str(path), f"another process has held it for {BUSY_SECONDS:.0f} s")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY):
        return WriteFailed(path, OSError(0, str(error)))
    if code == sqlite3.SQLITE_CANTOPEN:
        return SetupError(f"{path}: cannot be opened: {error}")
    return SetupError(f"{path}: not a readable job store ({error}): move it away and enqueue again; nothing that was crawled is lost")


def connect(path: Path | None) -> sqlite3.Connection:
    """Open a job store, made at first use; None for an empty one in memory.

    Raises:
        SetupError: The file is something else, damaged, or of a newer version.
    """
    name = path or Path("jobs.db")
    with in_words(name):
        conn = sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            conn.execute("PRAGMA synchronous = FULL")
            _make(conn, name)
            conn.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            conn.close()
            raise
    return conn


def _make(conn: sqlite3.Connection, path: Path) -> None:
    if _kind(conn) == (APPLICATION, VERSION):
        return
    conn.execute("BEGIN IMMEDIATE")
    try:
        application, version = _kind(conn)
        if application == 0 and version == 0 and not conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            _run(conn, TABLES)
        elif application != APPLICATION:
            raise SetupError(f"{path}: another program's database, not a job store: move it away, or choose another ARCHIVE_DIR")
        elif version > VERSION:
            raise SetupError(f"{path}: written by a newer version of this program (schema {version}, ours is {VERSION}): update this one")
        else:
            for step in range(version, VERSION):
                _run(conn, _STEPS[step])
        conn.execute(f"PRAGMA application_id = {APPLICATION}")
        conn.execute(f"PRAGMA user_version = {VERSION}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _kind(conn: sqlite3.Connection) -> tuple[int, int]:
    return conn.execute("PRAGMA application_id").fetchone()[0], conn.execute("PRAGMA user_version").fetchone()[0]


def _run(conn: sqlite3.Connection, statements: str) -> None:
    """Run statements within the open transaction, which `executescript` would commit."""
    left = statements
    while left.strip():
        end = left.index(";") + 1
        while not sqlite3.complete_statement(left[:end]):
            end = left.index(";", end) + 1
        conn.execute(left[:end])
        left = left[end:]
