"""Records of others whose type is wrong or missing have the roles and readings that their bytes ask for."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from foreign_warcs import HOST, answer, record, story, write

from crawler.archive_files.reader import archived
from crawler.collection.foreign_records import assign_site
from crawler.index.index import Index
from crawler.items import Capture, Target
from crawler.maintenance.reindex import rebuild
from crawler.processing.parse_again import Readers
from crawler.sites.site import Mirror, Site
from crawler.spiders.earlier_answers import is_list
from crawler.workers.pool import JobLimits, Workers

PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01"
FONT = b"wOF2\x00\x01\x00\x00\x00\x00\x00\x00"
PAGE = story("the crane")
FEED = f"<?xml version='1.0'?><rss version='2.0'><channel><item><link>{HOST}/1</link></item></channel></rss>".encode()
SITEMAP = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{HOST}/1</loc></url></urlset>".encode()
TYPES = ["", "text/html", "text/plain", "image/jpeg", "application/octet-stream", "application/javascript"]
COURIER = Site(name="courier", title="Courier", language="en", mirrors=(Mirror("courier.example"),), stories=())


def head(mime: str, *more: bytes) -> bytes:
    return b"".join([b"HTTP/1.1 200 OK\r\n", f"Content-Type: {mime}\r\n".encode() if mime else b"", *more])


def role_of(path: Path, body: bytes, mime: str, sites: dict[str, Site]) -> str:
    coded = head(mime, b"Content-Encoding: gzip\r\n"), gzip.compress(body, mtime=0)
    found = set()
    for start, entity in ((head(mime), body), coded):
        (entry,) = archived(write(path, record(answer(entity, start), "/a")))
        found.add(assign_site(entry, sites, warc=path.name).lease.role)
    (role,) = found
    return role


@pytest.mark.parametrize("mime", TYPES)
@pytest.mark.parametrize(
    ("body", "anywhere", "at_home"),
    [
        (PICTURE, "requisite", "requisite"),
        (FONT, "requisite", "requisite"),
        (PAGE, "page", "section"),
        (FEED, "page", "feed"),
        (SITEMAP, "page", "sitemap"),
    ],
)
def test_the_role_of_a_record_is_told_by_its_bytes(tmp_path: Path, body: bytes, anywhere: str, at_home: str, mime: str) -> None:
    assert role_of(tmp_path / "a.warc.gz", body, mime, {}) == anywhere
    assert role_of(tmp_path / "a.warc.gz", body, mime, {"courier": COURIER}) == at_home


def test_a_page_typed_as_a_picture_is_read_and_a_picture_typed_as_a_page_is_not(tmp_path: Path) -> None:
    made = (record(answer(PAGE, head("image/gif")), "/page", n=1), record(answer(PICTURE, head("text/html")), "/picture", n=2))
    write(tmp_path / "archive" / "a.warc.gz", *made)
    (tmp_path / "quarantine").mkdir()
    readers = Readers(workers=Workers(JobLimits(workers=1)))
    try:
        rebuild(tmp_path, readers)
    finally:
        readers.close()
    with Index.open(tmp_path / "index.db", readonly=True) as index:
        rows = [tuple(row) for row in index.query("SELECT url, role, read_state FROM captures ORDER BY url")]
    assert rows == [(f"{HOST}/page", "page", "read"), (f"{HOST}/picture", "requisite", "not-a-story")]


@pytest.mark.parametrize("mime", TYPES)
def test_what_a_304_stands_for_is_a_list_by_its_bytes(mime: str) -> None:
    capture = Capture(
        target=Target(url=HOST, site="web", role="page", key="k"), record_id="urn:uuid:1", host="courier.example",
        date=datetime(2026, 11, 28, tzinfo=UTC), warc="w", offset=0, length=1, status=200,
    )  # fmt: skip
    headers = [("Content-Type", mime)] if mime else []
    assert [is_list(capture, headers, body) for body in (FEED, SITEMAP, PAGE)] == [True, True, False]
