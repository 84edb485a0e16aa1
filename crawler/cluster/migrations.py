"""Schema of the shared database, brought up to date by whichever program comes first."""

from __future__ import annotations

import logging
from importlib.resources import files
from typing import TYPE_CHECKING

from crawler.cluster.database import SCHEMA, Database
from crawler.errors import SetupError

if TYPE_CHECKING:
    import psycopg

    from crawler.cluster.database import Row

logger = logging.getLogger(__name__)

_LOCK = 0x6E657773
"""Number of the advisory lock under which one program at a time changes the schema."""
_OLDEST = 150000
_MADE = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.schema_version (version integer PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL);
COMMENT ON TABLE {SCHEMA}.schema_version IS 'Migrations of this schema that were applied';
COMMENT ON COLUMN {SCHEMA}.schema_version.version IS 'number of the migration';
COMMENT ON COLUMN {SCHEMA}.schema_version.name IS 'name of the migration';
COMMENT ON COLUMN {SCHEMA}.schema_version.applied IS 'when';
"""


def migrations() -> list[tuple[int, str, str]]:
    """List the migrations that this program knows: number, name, SQL."""
    folder = files("crawler.cluster").joinpath("migrations")
    found = sorted((path for path in folder.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
    return [(int(path.name[:3]), path.name[4:-4], path.read_text(encoding="utf-8")) for path in found]


def migrate(db: Database) -> list[str]:
    """Apply what is missing, each migration in a transaction of its own; return their names.

    Raises:
        SetupError: The server is too old, the schema is newer than this program, or may not be changed by this user.
    """
    known, shown = migrations(), db.address.shown
    server = db.run(lambda conn: conn.info.server_version)
    if server < _OLDEST:
        raise SetupError(f"{shown}: PostgreSQL {server // 10000}; 15 or newer is needed")
    if _version(db, shown, known[-1][0]) == known[-1][0]:
        return []
    return db.run(lambda conn: _apply(conn, known, shown), patient=True)


def _version(db: Database, shown: str, newest: int) -> int:
    if not db.rows("SELECT to_regclass(%s) IS NOT NULL", [f"{SCHEMA}.schema_version"])[0][0]:
        return 0
    return _checked(db.rows(f"SELECT coalesce(max(version), 0) FROM {SCHEMA}.schema_version")[0][0], shown, newest)


def _checked(version: int, shown: str, newest: int) -> int:
    if version > newest:
        raise SetupError(f"{shown}: its schema has version {version}, this program knows {newest}; upgrade the program")
    return version


def _apply(conn: psycopg.Connection[Row], known: list[tuple[int, str, str]], shown: str) -> list[str]:
    import psycopg

    done: list[str] = []
    conn.execute("SET lock_timeout = 0")
    conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        if conn.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.schema_version",)).fetchone() == (None,):
            conn.execute(_MADE.encode())
        before = conn.execute(f"SELECT coalesce(max(version), 0) FROM {SCHEMA}.schema_version").fetchone()
        version = _checked(before[0] if before else 0, shown, known[-1][0])
        for number, name, sql in known:
            if number > version:
                with conn.transaction():
                    conn.execute(sql.encode())
                    conn.execute(f"INSERT INTO {SCHEMA}.schema_version VALUES (%s, %s, clock_timestamp())", (number, name))
                done.append(name)
                logger.info("cluster: schema at=%s migration=%s", number, name)
    except psycopg.errors.InsufficientPrivilege as error:
        told = "its schema is older than this program, and this user may not change it; run `scrapy jobs` as its owner once"
        raise SetupError(f"{shown}: {told}") from error
    finally:
        if not conn.closed:
            conn.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
            conn.execute("SET lock_timeout = '20s'")
    return done
