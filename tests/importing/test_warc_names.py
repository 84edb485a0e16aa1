"""Names of imported files, and faults of writing that are not the disk's."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from pathlib import Path

import pytest

from crawler.disk.write_errors import told_if_full
from crawler.errors import SetupError, WriteFailed
from crawler.importing.warc_names import free_name

DATA = b"one\n"
SHA256 = hashlib.sha256(DATA).hexdigest()


def test_a_name_grows_by_the_digest_until_it_is_free_or_none_is(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    taken = ["x.warc.gz", f"x-{SHA256[:8]}.warc", f"x-{SHA256[:16]}.warc.gz.open", f"x-{SHA256}.warc.gz"]
    wanted = [*taken[:1], *(f"x-{SHA256[:length]}.warc.gz" for length in (8, 16, 64))]
    for name, other in zip(wanted, taken, strict=True):
        assert free_name(tmp_path, "x.warc.gz", SHA256) == (name, False)
        (archive / other).write_bytes(b"another")
    with pytest.raises(SetupError, match=r"no free name for x\.warc\.gz"):
        free_name(tmp_path, "x.warc.gz", SHA256)
    (archive / taken[2]).write_bytes(DATA)
    assert free_name(tmp_path, "x.warc.gz", SHA256) == (taken[2], True)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "full"), WriteFailed),
        (sqlite3.OperationalError("database or disk is full"), sqlite3.OperationalError),  # without SQLite's code it is no such fault
        (PermissionError(errno.EACCES, "denied"), PermissionError),
        (sqlite3.IntegrityError("not unique"), sqlite3.IntegrityError),
    ],
)
def test_only_a_full_or_failing_disk_is_told_as_one(tmp_path: Path, error: Exception, told: type[Exception]) -> None:
    with pytest.raises(told) as raised, told_if_full(tmp_path):
        raise error
    assert type(raised.value) is told
