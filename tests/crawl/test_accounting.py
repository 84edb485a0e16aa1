"""What could not be read is counted alike in a crawl, a replay and a rebuild."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from foreign_warcs import SAME, answer, record, revisit, sha1, story, write
from stands import Scrapy

from crawler.archive_files.reader import archived
from crawler.collection.foreign_records import assign_site
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE
from crawler.index.index import Index
from crawler.maintenance.reindex import rebuild
from crawler.printed.reread import told
from crawler.processing.parse_again import Readers
from crawler.processing.parse_failures import faulty
from crawler.processing.reading_stats import NO_ORIGINAL, UNREAD_RECORD, ReadingStats, is_page
from crawler.workers.pool import JobLimits, Workers

GONE = f"WARC-Payload-Digest: {sha1(b'gone')}"
HTML, TYPELESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(workers=Workers(JobLimits(workers=1)))
    yield readers
    readers.close()


@pytest.mark.parametrize(
    ("path", "head", "page"),
    [
        ("/a", HTML, True), ("/a", TYPELESS, True), ("/a", b"", True), ("/a.html", TYPELESS, True), ("/a.PNG?x=1", TYPELESS, False),
        ("/a.css", b"", False), ("/a.css", HTML, True), ("/a", HTML.replace(b"200 OK", b"404 Not Found"), False),
        ("/a", HTML.replace(b"text/html", b"image/png"), False), ("/a", HTML.replace(b"text/html", b"text/plain"), False),
        ("/a", HTML.replace(b"text/html", b"unknown/unknown"), True), ("/a", b"HTTP/1.1 304 Not Modified\r\n\r\n", True),
        ("/robots.txt", TYPELESS, False),
    ],
)  # fmt: skip
def test_a_revisit_of_a_page_without_its_original_is_a_page_that_cannot_be_read(tmp_path: Path, path: str, head: bytes, page: bool) -> None:
    (entry,) = archived(write(tmp_path / "x.warc.gz", revisit(1, path, SAME, GONE, head=head)))
    capture, stats = assign_site(entry, {}, warc="x.warc.gz").capture, ReadingStats()
    assert capture is not None
    assert is_page(capture) is page
    stats.count_unresolved(capture, fresh=True)
    stats.count_unresolved(capture, fresh=False)
    assert ([(one.reason, one.count, one.incomplete) for one in stats.omitted], stats.unreadable) == ([(NO_ORIGINAL, 2, False)], page)


@pytest.mark.parametrize(("read_pages", "exits"), [(9, EXIT_COMPLETE), (8, EXIT_INCOMPLETE)])
def test_one_in_ten_without_original_is_borne(tmp_path: Path, readers: Readers, read_pages: int, exits: int) -> None:
    pages = [record(answer(story(f"boat {n}")), f"/{n}", n=n + 2) for n in range(read_pages)]
    write(tmp_path / "archive" / "x.warc.gz", revisit(1, "/lost", SAME, GONE), *pages)
    done = rebuild(tmp_path, readers)
    assert (sum(done.stats.templates.values()), done.stats.unreadable) == (read_pages, 1)
    assert told(done.stats) == exits


def test_a_fault_of_ours_and_a_record_that_cannot_be_read_are_due(tmp_path: Path, readers: Readers) -> None:
    (entry,) = archived(write(tmp_path / "x.warc.gz", record(answer(story("the quay")), "/quay")))
    capture = entry.capture
    assert capture is not None
    stats = ReadingStats()
    stats.account(faulty(entry.lease, capture, ValueError("planted"), 9))
    assert told(stats) == EXIT_INCOMPLETE
    assert [one.incomplete for one in stats.omitted if "fault in our parser" in one.reason] == [True]


def unread(path: Path) -> None:
    with Index.open(path / "index.db") as index, index.atomic():
        index.conn.execute("UPDATE captures SET read_state = 'unread'")


def test_reading_what_was_left_tells_what_cannot_be_read(scrapy: Scrapy, tmp_path: Path) -> None:
    file = write(tmp_path / "x.warc.gz", *[record(answer(story(f"ship {n}")), f"/{n}", n=n) for n in (1, 2)])
    scrapy("crawl", "replay", "-a", f"warcs={file}", "-a", "collection=x")
    path, held = scrapy.archives / "x", scrapy.archives / "x" / "archive" / "x.warc.gz"
    good = held.read_bytes()
    unread(path)
    held.write_bytes(good[:200] + bytes(20) + good[220:])
    done = scrapy("reindex", "x", "--unread", exits=10, unchecked="a record is damaged on purpose")
    assert f"1 {UNREAD_RECORD}" in done.stdout
    held.write_bytes(good)
    unread(path)
    assert "2 captures read" in scrapy("reindex", "x", "--unread").stdout
