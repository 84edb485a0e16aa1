"""A WARC is sealed by its age while captures go on: listed, in index, manifest and chain; its records name their site."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from exchange_makers import exchange, lease

from crawler.archive_files.reader import archived
from crawler.collection.collection import Collection, WriterOptions
from crawler.index.index import Index
from crawler.items import Failure, Target
from crawler.proofs.chain import read_chain
from crawler.warc.cdxj import place


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def sealed(path: Path) -> list[str]:
    return sorted(file.name for file in (path / "archive").glob("*.warc.gz"))


async def test_an_old_file_is_sealed_though_nothing_comes_any_more(tmp_path: Path) -> None:
    path, told = tmp_path / "work", list[list[str]]()
    collection = Collection.open(path, options=WriterOptions(max_seconds=0.1))
    collection.on_sealed = lambda: told.append([entry.path for entry in read_chain(path).entries])
    await collection.record(exchange(1), lease(1))
    assert not sealed(path)
    await until(lambda: bool(told))
    (name,) = sealed(path)
    assert told == [[f"archive/{name}"]]
    assert name in (path / "manifest-sha256.txt").read_text()
    assert place(path / "indexes", name).read_text().count("\n") == 1
    with Index.open(path / "index.db", readonly=True) as index:
        assert [(row["name"], bool(row["sealed"])) for row in index.warcs()] == [(name, True)]
    # What comes later goes into the next file, and nothing is sealed twice or empty.
    await asyncio.sleep(0.5)
    assert len(told) == 1
    await collection.record(exchange(2), lease(2))
    await until(lambda: len(told) == 2)
    collection.close()
    assert len(sealed(path)) == 2
    assert [entry.path for entry in read_chain(path).entries] == [f"archive/{name}" for name in sealed(path)]


async def test_an_old_file_is_sealed_while_captures_go_on(tmp_path: Path) -> None:
    path = tmp_path / "work"
    collection = Collection.open(path, options=WriterOptions(max_seconds=0.2))
    began, n = time.monotonic(), 0
    while time.monotonic() - began < 1.0:
        n += 1
        await collection.record(exchange(n, b"%d" % n), lease(n))
    assert 2 <= len(sealed(path)) <= 6
    collection.close()
    with Index.open(path / "index.db", readonly=True) as index:
        assert index.counts()["captures"] == n == sum(1 for name in sealed(path) for entry in archived(path / "archive" / name) if entry.capture)


async def test_records_of_a_shared_file_name_their_site(tmp_path: Path) -> None:
    for part_of_site in (False, True):
        path = tmp_path / str(part_of_site)
        collection = Collection.open(path, options=WriterOptions(part_of_site=part_of_site))
        await collection.record(exchange(1), lease(1, site="courier"))
        target = Target(url="https://a.example/2", site="gazette", role="story", key="gazette/2")
        await collection.fail(Failure(target=target, date=exchange(1).started, reason="dns", detail="no such host"))
        collection.close()
        (name,) = sealed(path)
        entries = list(archived(path / "archive" / name))
        assert len(entries) == 2
        text = b"".join(path_member(path / "archive" / name))
        assert (b"isPartOf: courier\r\n" in text, b"isPartOf: gazette\r\n" in text) == (part_of_site, part_of_site)


async def test_failures_are_counted_by_their_run(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "work")
    assert [collection.now(lambda index: index.start_run("demo", {}, exchange(1).started)) for _ in range(3)] == [1, 2, 3]
    counted: dict[int, list[str]] = {1: [], 2: []}
    for run in counted:
        collection.counters[run] = lambda reason, host, run=run: counted[run].append(reason)  # type: ignore[misc]
    for run, reason in ((1, "dns"), (2, "timeout"), (1, "tls"), (3, "connect")):
        target = Target(url="https://a.example/2", site="gazette", role="story", key="gazette/2")
        await collection.fail(Failure(target=target, date=exchange(1).started, reason=reason, detail=""), run_id=run)
    collection.close()
    assert counted == {1: ["dns", "tls"], 2: ["timeout"]}


def path_member(warc: Path) -> list[bytes]:
    """The whole file, inflated."""
    import gzip

    with gzip.open(warc) as file:
        return [file.read()]
