"""Full disks, bad disks, too few files, no right to write: a clear word, the right exit code, and nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from bare_writer import exchange, lease
from newsroom import Newspaper, environment, judge, write

from crawler.archive_files.verify import verify_file
from crawler.collection.collection import Collection, WriterOptions
from crawler.errors import SetupError, WriteFailed

MIB = 1024 * 1024


def limit(what: int, least: int) -> None:
    """In a child: how much it may have."""
    resource.setrlimit(what, (least, least))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Six MiB of tmpfs, where mounting is allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting a tmpfs is not allowed here; RLIMIT_FSIZE stands for it")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def told(writer: subprocess.Popen[str]) -> tuple[set[str], str]:
    """What was acknowledged before the disk failed, and what the writer said of it."""
    out, err = writer.communicate(timeout=120)
    assert writer.returncode == 1
    assert "WriteFailed" in err, err[-2000:]
    return set(out.split()), err


@pytest.mark.parametrize("ballast", [0, 3 * MIB])
def test_a_disk_that_fills_is_used_again_when_there_is_room(small_disk: Path, ballast: int) -> None:
    (small_disk / "ballast").write_bytes(bytes(ballast))
    path = small_disk / "demo"
    first, err = told(write(path, 5000, max_bytes=MIB))
    assert "No space left" in err or "full" in err
    assert len(first) > 20
    for file in (path / "archive").glob("*.warc.gz"):
        assert verify_file(file).faults == [], "nothing torn in a sealed file"
    (small_disk / "ballast").unlink()
    grow(small_disk, 24)
    second = write(path, 300, max_bytes=MIB)
    out, err = second.communicate(timeout=120)
    assert second.returncode == 0, err
    assert judge(path, first | set(out.split())) == []


def grow(disk: Path, mib: int) -> None:
    """Somebody makes room."""
    subprocess.run(["mount", "-o", f"remount,size={mib}m", str(disk)], check=True)


class Log:
    """What a crawl says on stderr, as it says it."""

    def __init__(self, crawl: subprocess.Popen[str], place: Path) -> None:
        self._crawl, self._place = crawl, place

    def wait_for(self, word: str) -> None:
        """Until it has said a word."""
        for _ in range(1200):
            if word in self._place.read_text():
                return
            assert self._crawl.poll() is None, self._place.read_text()
            time.sleep(0.05)
        raise AssertionError(f"never said {word}: {self._place.read_text()}")


@pytest.mark.parametrize("least", [0, 3 * MIB], ids=["full", "low"])
def test_a_crawl_pauses_on_a_full_disk_and_goes_on_when_there_is_room(small_disk: Path, tmp_path: Path, least: int) -> None:
    """Low: below the threshold nothing more is asked for. Full: writes fail, are taken back, and are done again."""
    newspaper = Newspaper(small_disk, pages=240, size=20_000, log=tmp_path / "asked.log")
    try:
        with (tmp_path / "err").open("w") as err:
            crawl = newspaper.crawl("-s", f"ARCHIVE_MIN_FREE_BYTES={least}", "-s", "ARCHIVE_DISK_WAIT_SECONDS=60", stderr=err)
            log = Log(crawl, tmp_path / "err")
            log.wait_for("disk-low")
            time.sleep(1.0)
            asked = newspaper.asked()
            assert 5 < len(asked) < 240
            time.sleep(1.5)
            assert newspaper.asked() == asked, "nothing more is asked for"
            assert crawl.poll() is None
            grow(small_disk, 64)
            out, _ = crawl.communicate(timeout=120)
        said = (tmp_path / "err").read_text()
        assert crawl.returncode == 0, out + said
        assert "disk-room" in said
        assert "pause for room on disk" in out
        assert newspaper.held() == newspaper.wanted()
        assert len(newspaper.asked()) == len(newspaper.wanted()), "nothing was asked for twice"
        assert judge(newspaper.collection, again=False) == []
    finally:
        newspaper.close()


def test_a_crawl_that_gets_no_room_seals_and_ends_and_the_next_goes_on(small_disk: Path, tmp_path: Path) -> None:
    newspaper = Newspaper(small_disk, pages=240, size=20_000, log=tmp_path / "asked.log")
    try:
        for size, least, reserve in ((6, 0, MIB), (8, 3 * MIB, 0)):
            grow(small_disk, size)  # what the first crawl leaves free is less than the second asks for
            crawl = newspaper.crawl(
                "-s", f"ARCHIVE_MIN_FREE_BYTES={least}", "-s", "ARCHIVE_DISK_WAIT_SECONDS=1", "-s", f"ARCHIVE_RESERVE_BYTES={reserve}"
            )
            out, err = crawl.communicate(timeout=60)
            assert crawl.returncode == 12, out + err
            assert "WRITE FAILED (exit code 12)" in out + err
            assert "Traceback" not in err, err
            files = list((newspaper.collection / "archive").iterdir())
            assert files
            assert all(file.suffix == ".gz" and not verify_file(file).faults for file in files), "sealed, and whole"
        held = newspaper.held()
        assert len(held) > 5
        grow(small_disk, 64)
        crawl = newspaper.crawl()
        out, err = crawl.communicate(timeout=120)
        assert crawl.returncode == 0, out + err
        assert newspaper.held() == newspaper.wanted()
        assert judge(newspaper.collection, again=False) == []
    finally:
        newspaper.close()


def test_a_disk_that_fills_during_a_checkpoint(small_disk: Path) -> None:
    path = small_disk / "demo"

    async def go() -> set[str]:
        collection = Collection.open(path, options=WriterOptions(disk_wait=60))
        known = {(await collection.record(exchange(n, 3000), lease(n))).record_id for n in range(60)}
        # The log holds more than the index has room for.
        assert (path / "index.db-wal").stat().st_size > 300_000
        with (small_disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while ballast.write(bytes(4096)):
                pass
        with pytest.raises(sqlite3.OperationalError, match="full"), closing(sqlite3.connect(path / "index.db")) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        pending = [asyncio.ensure_future(collection.record(exchange(7 * n, 3000), lease(n))) for n in range(60, 70)]
        await asyncio.sleep(1.5)
        assert not any(job.done() for job in pending), "pending, not acknowledged"
        (small_disk / "ballast").unlink()
        known |= {capture.record_id for capture in await asyncio.gather(*pending)}
        collection.close()
        assert collection.broken is None
        return known

    assert judge(path, asyncio.run(go()), again=False) == []


def test_a_limit_on_file_size_is_a_failed_write(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    # The log of a new index alone is nearly a MiB.
    first, err = told(write(path, 4000, max_bytes=10**9, preexec_fn=partial(limit, resource.RLIMIT_FSIZE, 2 * MIB)))
    assert "File too large" in err or "full" in err or "disk I/O" in err
    assert first
    assert judge(path, first) == []


@pytest.mark.parametrize(
    "point", ["append:before", "append:middle", "sync:before", "sync:after", "commit:middle", "seal:renamed", "create:middle"]
)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_an_error_at_any_step_is_final_and_loses_nothing(tmp_path: Path, point: str, error: str) -> None:
    nth = 2 if point.startswith(("seal", "create")) else 60 if point == "append:middle" else 12
    first, _ = told(write(tmp_path / "demo", 200, fault=f"{point}={error}@{nth}"))
    assert first
    assert judge(tmp_path / "demo", first) == []


def test_a_failed_sync_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fail(fd: int) -> None:
        calls.append(fd)
        raise OSError(5, "Input/output error")

    async def go() -> None:
        collection = Collection.open(tmp_path / "demo")
        monkeypatch.setattr(os, "fdatasync", fail)
        for n in range(3):
            with pytest.raises(WriteFailed, match="Input/output"):
                await collection.record(exchange(n, 500), lease(n))
        collection.close()

    asyncio.run(go())
    assert len(calls) == 1
    monkeypatch.undo()
    assert list((tmp_path / "demo" / "archive").glob("*.open")), "not sealed: what it holds is not known to be on disk"
    assert judge(tmp_path / "demo") == []


def test_a_full_disk_ends_a_crawl_with_its_own_exit_code(tmp_path: Path) -> None:
    newspaper = Newspaper(tmp_path, pages=40)
    try:
        for fault in ("append:middle=ENOSPC@30", "sync:before=EIO@4", "commit:middle=ENOSPC@20"):
            crawl = newspaper.crawl(fault=fault)
            out, err = crawl.communicate(timeout=60)
            assert crawl.returncode == 12, out + err
            assert "WRITE FAILED" in out
        crawl = newspaper.crawl()
        out, err = crawl.communicate(timeout=60)
        assert crawl.returncode == 0, out + err
        assert newspaper.held() == newspaper.wanted()
        assert judge(newspaper.collection, again=False) == []
    finally:
        newspaper.close()


def test_sixty_four_files_are_enough_for_any_number_of_requests(tmp_path: Path) -> None:
    newspaper = Newspaper(tmp_path, pages=100, delay=0.2)
    try:
        few = partial(limit, resource.RLIMIT_NOFILE, 64)
        crawl = newspaper.crawl("-s", "CONCURRENT_REQUESTS=64", at_once=64, preexec_fn=few)
        out, err = crawl.communicate(timeout=60)
        assert crawl.returncode == 0, out + err
        assert "files-limit limit=64" in err
        assert re.search(r"failed attempts +none", out)
        assert newspaper.held() == newspaper.wanted()
        assert judge(newspaper.collection, again=False) == []
    finally:
        newspaper.close()


def test_where_nothing_can_be_written_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(SetupError, match="cannot write there"):
        Collection.open(tmp_path / "file" / "demo")
    with pytest.raises(SetupError, match="no such directory"):
        Collection.open(tmp_path / "not mounted" / "archives" / "demo")
    assert not (tmp_path / "not mounted").exists()
    place = tmp_path / "read-only"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        place.chmod(0o500)
        if os.access(place, os.W_OK):
            pytest.skip("mounting is not allowed here, and this user may write anywhere")
    try:
        command = [sys.executable, "-m", "scrapy", "crawl", "web", "-a", "seeds=http://paper.example/", "-s", "LOG_LEVEL=WARNING"]
        done = subprocess.run(command, env=environment(place), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert done.stderr.count("cannot write there: Read-only file system") == 1 or "Permission denied" in done.stderr
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", str(place)], check=True)
