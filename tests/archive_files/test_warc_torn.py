"""A file of others that ends within a record: what is there of a page is kept, marked and told; in ours it is not held."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from foreign_warcs import HOST, answer, record, sha1, story
from warc_makers import exchange, lease, writer

from crawler.archive_files import convert as foreign
from crawler.archive_files.in_place import unreadable
from crawler.archive_files.reader import Fault, archived, payload_at
from crawler.index.index import Index
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.verify import verify_collection
from crawler.processing.parse_again import Readers
from crawler.workers.pool import JobLimits, Workers

BODY = story("the pier") + b"<!-- " + bytes(range(33, 127)) * 9 + b" -->"
FIRST = record(answer(b"<p>first"), "/first", n=1)
LAST = record(answer(BODY), "/pier", f"WARC-Payload-Digest: {sha1(BODY)}", n=2)
CUT = 500
ARC = b"filedesc://x.arc 0.0.0.0 20240301120000 text/plain 8\n1 0 test\n\n"
ARC_LAST = b"%s/pier 192.0.2.1 20240301120000 text/html %d\n%s" % (HOST.encode(), len(answer(BODY)), answer(BODY))
FILES = {
    "plain.warc": (FIRST + LAST)[:-CUT],
    "members.warc.gz": (gzip.compress(FIRST) + gzip.compress(LAST, 0))[:-CUT],
    "whole.warc.gz": gzip.compress(FIRST + LAST, 0)[:-CUT],
    "plain.arc": (ARC + ARC_LAST)[:-CUT],
    "members.arc.gz": (gzip.compress(ARC) + gzip.compress(ARC_LAST, 0))[:-CUT],
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_there_of_the_last_page_is_a_capture(tmp_path: Path, name: str) -> None:
    file, faults = tmp_path / name, list[Fault]()
    file.write_bytes(FILES[name])
    if unreadable(file):
        faults += foreign.convert(file, tmp_path / "copy.warc.gz").faults
        file = tmp_path / "copy.warc.gz"
    *_, last = [entry.capture for entry in archived(file, faults=faults) if entry.capture]
    assert faults
    assert (last.url, last.status, last.truncated) == (f"{HOST}/pier", 200, "unspecified" if file.name == "copy.warc.gz" else "torn")
    payload = payload_at(file, last.offset, torn=True)[1]
    assert BODY.startswith(payload)
    assert len(BODY) - CUT <= len(payload) < len(BODY)
    assert last.payload_digest == sha1(payload)


@pytest.mark.slow
def test_it_is_read_marked_and_the_file_stays_damaged(tmp_path: Path) -> None:
    for name in ("plain.warc", "members.warc.gz"):
        path = tmp_path / name.partition(".")[0]
        (path / "archive").mkdir(parents=True)
        (path / "quarantine").mkdir()
        (path / "archive" / name).write_bytes(FILES[name])
        with_workers = Readers(workers=Workers(JobLimits(workers=1)))
        done = rebuild(path, with_workers)
        with_workers.close()
        assert len(done.problems) == 1
        with Index.open(path / "index.db", readonly=True) as index:
            rows = [tuple(row) for row in index.query("SELECT url, truncated, read_state FROM captures ORDER BY url")]
        assert rows[-1] == (f"{HOST}/pier", "torn", "read")
        faults = [fault.what for report in verify_collection(path, lambda _: lambda _: None) for fault in report.faults]
        assert len(faults) == 1
        assert "ends within this" in faults[0]


@pytest.mark.parametrize("left", [1, 200])
def test_a_record_without_any_of_its_page_is_only_told(tmp_path: Path, left: int) -> None:
    file, faults = tmp_path / "x.warc", list[Fault]()
    head = LAST.index(b"\r\n\r\n") + 4 + min(left, len(answer(BODY)) - len(BODY))
    file.write_bytes(FIRST + LAST[:head])
    assert [entry.capture.url for entry in archived(file, faults=faults) if entry.capture] == [f"{HOST}/first"]
    assert len(faults) == 1


def captures_of(file: Path, faults: list[Fault]) -> Iterator[str]:
    return (entry.capture.url for entry in archived(file, faults=faults) if entry.capture)


def test_of_a_file_of_ours_nothing_is_held_that_is_not_whole(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    for n in (1, 2):
        warc.write_exchange(exchange(url=f"https://a.example/{n}"), lease())
    warc.close()
    (file,) = (tmp_path / "archive").glob("*.warc.gz")
    whole, faults = list(captures_of(file, [])), list[Fault]()
    data = file.read_bytes()
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(data[:-30])
    assert list(captures_of(cut, faults)) == whole[:-1]
    assert faults


@pytest.mark.parametrize(
    ("said", "kept"), [("length", "length"), ("Disconnect", "disconnect"), ("unspecified", "unspecified"), ("mischief", "unspecified")]
)
def test_what_a_record_says_of_its_end_is_kept(tmp_path: Path, said: str, kept: str) -> None:
    (tmp_path / "x.warc").write_bytes(record(answer(b"<p>x"), "/x", f"WARC-Truncated: {said}"))
    (entry,) = archived(tmp_path / "x.warc")
    assert entry.capture is not None
    assert entry.capture.truncated == kept
