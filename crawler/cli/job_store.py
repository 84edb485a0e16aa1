"""Job store of the settings: a file, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from crawler.errors import SetupError, WriteFailed
from crawler.jobs.options import WorkOptions
from crawler.jobs.protocol import JobStore

STORE = "jobs.db"


def open_store(options: WorkOptions, archive_dir: Path, *, create: bool = True) -> JobStore:
    """Open `jobs.db` in ARCHIVE_DIR, or the server of ARCHIVE_FRONTIER.

    Args:
        create: Make the file at first use; else a store that is not there yet is empty.

    Raises:
        SetupError: The file is no job store, or the extra `cluster` is missing.
        Unreachable: The server does not answer.
    """
    if options.frontier is None:
        return _in_file(archive_dir / STORE, create)
    try:
        from crawler.cluster.store import PgJobStore
    except ModuleNotFoundError as error:
        wanted = "pip install 'news-archive-crawler[cluster]'"
        raise SetupError(f"ARCHIVE_FRONTIER: PostgreSQL needs the package {error.name}, which is not installed: {wanted}") from error
    return PgJobStore.open(options.frontier)


def _in_file(path: Path, create: bool) -> JobStore:
    from crawler.jobs.sqlite_store import SqliteJobStore

    if not create and not path.exists():
        return SqliteJobStore(None)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteFailed(path.parent, error) from error
    return SqliteJobStore(path)
