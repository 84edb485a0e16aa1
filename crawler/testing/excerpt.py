"""Excerpts: one page as a small plain WARC, for fixtures."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from crawler import clock
from crawler.errors import Damaged
from crawler.warc.builder import new_id
from crawler.warc.digest import digest_of
from crawler.warc.gzip_members import Window, inflate
from crawler.warc.headers import RECORD_END, bare, header_uri, write_date, write_fields, write_head
from crawler.warc.records import Record, records

# The record it names tells of the machine that fetched, and stays behind.
_WARCINFO = re.compile(rb"^WARC-Warcinfo-ID: [^\r\n]*\r\n", re.MULTILINE)


def exchange(path: Path, record_id: str) -> bytes:
    """The records of one exchange, request first, uncompressed, blocks unchanged.

    Args:
        record_id: Of the response.
    Raises:
        Damaged: The file holds no such exchange.
    """
    found = [one for one in records(path) if record_id in (one.record_id, *map(bare, one.fields.all("warc-concurrent-to")))]
    if not any(record.record_id == record_id and record.type == "response" for record in found):
        raise Damaged(path, 0, f"no response {record_id}")
    return _warcinfo() + b"".join(map(_plain, found))


def resource(url: str, date: datetime, page: bytes) -> bytes:
    """A page without an exchange as a `resource` record.

    Args:
        date: When it was saved; aware.
    """
    fields = [
        ("WARC-Type", "resource"), ("WARC-Record-ID", f"<{new_id()}>"), ("WARC-Date", write_date(date)),
        ("WARC-Target-URI", header_uri(url)), ("WARC-Block-Digest", digest_of([page])), ("Content-Type", "text/html"),
        ("Content-Length", str(len(page))),
    ]  # fmt: skip
    return _warcinfo() + write_head(fields) + page + RECORD_END


def _warcinfo() -> bytes:
    """The first record of a file, with the required fields only."""
    block = write_fields([("format", "WARC File Format 1.1"), ("description", "a page for the tests of news-archive-crawler")])
    fields = [
        ("WARC-Type", "warcinfo"), ("WARC-Record-ID", f"<{new_id()}>"), ("WARC-Date", write_date(clock.now())),
        ("Content-Type", "application/warc-fields"), ("Content-Length", str(len(block))),
    ]  # fmt: skip
    return write_head(fields) + block + RECORD_END


def page_of(path: Path) -> Record:
    """The record that holds the page of an excerpt.

    Raises:
        NotAWarc, Damaged: It is no excerpt: there is none, or several.
    """
    found = [record for record in records(path) if record.type in ("response", "resource")]
    if len(found) != 1:
        raise Damaged(path, 0, f"{len(found)} pages in it; a fixture holds one")
    return found[0]


def _plain(record: Record) -> bytes:
    """The record uncompressed, without the reference to its warcinfo."""
    with record.path.open("rb") as file:
        if record.gzipped:
            data = b"".join(inflate(Window(file, record.offset)))
        else:
            file.seek(record.offset)
            data = file.read(record.length)
    return _WARCINFO.sub(b"", data[: record.head_length], count=1) + data[record.head_length :]
