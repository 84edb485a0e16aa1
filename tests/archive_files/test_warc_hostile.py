"""WARCs made to harm whoever reads them: told with their offset, in bounded memory, and what else is in the file is read."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from stands import ROOT, Scrapy

from crawler.archive_files.in_place import unreadable
from crawler.archive_files.reader import Fault, archived
from crawler.errors import Damaged

MIB = 1024 * 1024
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><h1>A story of the day</h1><p>" + b"Words of the story. " * 30
FIELDS = (
    b"WARC-Type: response\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/%d\r\nContent-Type: application/http\r\n"
)
LENGTH = b"Content-Length: %d" % len(HTTP)
MEMORY_KIB = 250 * 1024
MEASURE = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run([sys.executable, '-m', 'scrapy', *sys.argv[2:]])\n"
    "open(sys.argv[1], 'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
    "sys.exit(done.returncode)"
)
"""Run from a small process: Linux counts the memory of whoever starts a child as the child's own."""


def record(n: int, *lines: bytes, block: bytes = HTTP) -> bytes:
    """A response record; its length stands in `lines`."""
    fields = FIELDS % n + b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\n" % n
    return b"WARC/1.1\r\n" + fields + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + block + b"\r\n\r\n"


def packed(start: bytes, repeated: bytes, times: int, end: bytes) -> bytes:
    """A gzip member that inflates to much."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [deflater.compress(start), *(deflater.compress(repeated) for _ in range(times)), deflater.compress(end)]
    return b"".join([*pieces, deflater.flush()])


HOSTILE: dict[str, Callable[[], bytes]] = {
    "length-huge": lambda: gzip.compress(record(2, b"Content-Length: 1000000000000000")),
    "length-beyond-integers": lambda: gzip.compress(record(2, b"Content-Length: " + b"9" * 50_000)),
    "length-negative": lambda: gzip.compress(record(2, b"Content-Length: -5")),
    "length-missing": lambda: gzip.compress(record(2)),
    "nested-gzip": lambda: gzip.compress(gzip.compress(record(2, LENGTH))),
    "head-of-128-mib": lambda: packed(b"WARC/1.1\r\nX: ", b"a" * MIB, 128, b"\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
    "fields-without-end": lambda: packed(b"WARC/1.1\r\n", b"X: b\r\n" * 100_000, 100, b"Content-Length: 0\r\n\r\n\r\n\r\n"),
    "no-date": lambda: gzip.compress(record(2, LENGTH).replace(b"2026-01-01T00", b"yesterday")),
    "not-a-record": lambda: gzip.compress(b"GIF89a" + bytes(1000)),
}


def run(scrapy: Scrapy, *arguments: str) -> tuple[subprocess.CompletedProcess[str], int]:
    """A command, and the most memory that it or a child of it had, in KiB."""
    options = ("-s", "ARCHIVE_MIN_FREE_BYTES=0", "-s", "ARCHIVE_RESERVE_BYTES=0")
    place = scrapy.archives.parent / "peak"
    environment = os.environ | {"ARCHIVE_DIR": str(scrapy.archives), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", MEASURE, str(place), *arguments, *options]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    return done, int(place.read_text())


def test_bad_records_between_good_ones(scrapy: Scrapy, tmp_path: Path) -> None:
    places, data = {}, gzip.compress(record(1, LENGTH))
    for name, make in HOSTILE.items():
        places[name] = len(data)
        data += make()
    data += gzip.compress(record(3, LENGTH))
    (tmp_path / "foreign.warc.gz").write_bytes(data)
    done, peak = run(scrapy, "crawl", "replay", "-a", f"warcs={tmp_path / 'foreign.warc.gz'}", "-a", "collection=x")
    assert done.returncode == 10
    assert [name for name, offset in places.items() if f"offset {offset}:" not in done.stdout + done.stderr] == []
    assert peak <= MEMORY_KIB
    with closing(sqlite3.connect(scrapy.archives / "x" / "index.db")) as db:
        assert [url for (url,) in db.execute("SELECT url FROM captures ORDER BY url")] == ["http://a.example/1", "http://a.example/3"]
    checked, peak = run(scrapy, "verify", str(tmp_path / "foreign.warc.gz"))
    assert checked.returncode == 13
    assert [name for name, offset in places.items() if f"offset {offset}" not in checked.stdout] == []
    assert peak <= MEMORY_KIB


def test_a_bad_record_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "foreign.warc.gz"
    file.write_bytes(HOSTILE["length-huge"]() + gzip.compress(record(1, LENGTH)))
    assert unreadable(file) is None  # nothing to convert: it is read as far as it goes
    faults: list[Fault] = []
    assert [entry.capture.url for entry in archived(file, faults=faults) if entry.capture] == ["http://a.example/1"]
    assert [fault.offset for fault in faults] == [0]
    with pytest.raises(Damaged, match="offset 0"):
        list(archived(file))


def test_a_large_body_is_digested_in_bounded_memory(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    start = record(2, b"Content-Length: %d" % (len(head) + 64 * MIB), block=head).removesuffix(b"\r\n\r\n")
    (tmp_path / "foreign.warc.gz").write_bytes(packed(start, bytes(MIB), 64, b"\r\n\r\n"))
    tracemalloc.start()
    (entry,) = archived(tmp_path / "foreign.warc.gz")
    payload = entry.payload(limit=MIB)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert payload == bytes(MIB)
    assert peak < 16 * MIB
