"""Parts that were read on their own and filed give the index that `scrapy reindex` makes of the same WARCs, row for row."""

from __future__ import annotations

import gzip
import sqlite3
from base64 import b32encode
from contextlib import closing
from hashlib import md5
from pathlib import Path

from foreign_warcs import HEAD, HOST, NOT_MODIFIED, SAME, answer, record, revisit, sha1, story, uid, write
from rereading_makers import differences, parts_of, rebuilt

BODY = story("the old pier")
FAR = "2024-03-05T09:00:00Z"


def equal(path: Path, tmp_path: Path, *, folders: tuple[str, ...] = ()) -> sqlite3.Connection:
    """Read a collection both ways; the connection is to the index of the parts."""
    with rebuilt(path, folders=folders):
        pass
    parts_of([path], tmp_path / "parts", folders=folders)
    assert differences(path, tmp_path / "parts", tmp_path / "filed.db", folders=folders) == []
    return sqlite3.connect(tmp_path / "filed.db")


def test_revisits_whose_originals_lie_in_other_files_by_id_place_digest_and_validation(tmp_path: Path) -> None:
    archive = tmp_path / "c" / "archive"
    digest = f"WARC-Payload-Digest: {sha1(BODY)}"
    other = f"WARC-Payload-Digest: md5:{b32encode(md5(BODY, usedforsecurity=False).digest()).decode().rstrip('=')}"
    write(
        archive / "b.warc.gz", record(answer(BODY), "/pier", digest, n=1), record(answer(story("a boat")), "/boat", n=2),
        record(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "/gone", n=3),
    )
    write(
        archive / "a.warc.gz", revisit(11, "/pier", SAME, f"WARC-Refers-To: <{uid(1)}>", digest),
        revisit(12, "/pier-again", SAME, f"WARC-Refers-To-Target-URI: {HOST}/boat", "WARC-Refers-To-Date: 2024-03-01T12:00:00Z"),
        revisit(13, "/pier-by-digest", SAME, digest, date=FAR), revisit(14, "/pier-by-md5", SAME, other, date=FAR),
        revisit(15, "/boat", NOT_MODIFIED, head=b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        revisit(16, "/nowhere", SAME, "WARC-Payload-Digest: " + sha1(b"never seen"), date=FAR),
        revisit(17, "/chain", SAME, f"WARC-Refers-To: <{uid(11)}>", date=FAR),
        revisit(18, "/moved", SAME, head=b"HTTP/1.1 301 Moved\r\nLocation: /pier\r\n\r\n"),
    )  # fmt: skip
    with closing(equal(tmp_path / "c", tmp_path)) as db:
        found = dict(db.execute("SELECT record_id, revisit_of FROM captures WHERE record_type = 'revisit'"))
        assert found[uid(11)] == found[uid(13)] == found[uid(14)] == found[uid(17)] == uid(1)
        assert found[uid(12)] == found[uid(15)] == uid(2)
        assert db.execute("SELECT count(*) FROM failures WHERE reason = 'no-original'").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM versions").fetchone()[0] >= 4


def test_ids_used_twice_records_held_twice_and_torn_ends(tmp_path: Path) -> None:
    archive = tmp_path / "c" / "archive"
    same = record(answer(BODY), "/pier", n=1)
    write(archive / "a.warc.gz", same, record(answer(story("x")), "/x", n=2))
    write(archive / "b.warc.gz", same, record(answer(story("another x")), "/y", n=2), record(answer(BODY), "/no-id", n=None))
    torn = gzip.compress(record(answer(story("a torn page")), "/torn", n=9), mtime=0)
    with (archive / "b.warc.gz").open("ab") as file:
        file.write(torn[: len(torn) - 30])
    equal(tmp_path / "c", tmp_path).close()


def test_cut_answers_soft_errors_lists_pictures_and_odd_text(tmp_path: Path) -> None:
    archive = tmp_path / "c" / "archive"
    feed = b"<rss version='2.0'><channel><title>t</title><item><title>A</title><link>http://courier.example/a</link></item></channel></rss>"
    half = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"half \\ud83d of a pair\",\"author\":\"A \\ud800 B\"}</script>"
    write(
        archive / "a.warc.gz", record(answer(BODY)[:900], "/cut", "WARC-Truncated: disconnect", n=1),
        record(answer(BODY), "/cut", n=2, date=FAR), record(answer(feed, HEAD.replace(b"text/html", b"application/rss+xml")), "/feed", n=3),
        record(answer(story("half of a pair").replace(b"</head>", half.encode() + b"</head>")), "/half", n=4),
        record(answer(b"<title>Just a moment...</title><div id=challenge-form>Checking your browser before accessing</div>"), "/ch", n=5),
        record(answer(b"\x89PNG\r\n\x1a\n" + bytes(50), HEAD.replace(b"text/html; charset=utf-8", b"image/png")), "/p.png", n=6),
        record(answer(b"<meta http-equiv=refresh content='0; url=/pier'>"), "/stub", n=7),
        record(answer(b"plain words " * 90, HEAD.replace(b"text/html", b"text/plain")), "/words.txt", n=8),
        record(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbroken", "/chunked", n=9),
        record(b"what is this", "/no-http", n=10),
    )  # fmt: skip
    equal(tmp_path / "c", tmp_path).close()


def test_pages_of_one_article_and_versions_over_files(tmp_path: Path) -> None:
    archive = tmp_path / "c" / "archive"
    page = story("a long walk").replace(b"</article>", b"</article><a href='/walk?page=2' rel=next>2</a>")
    behind = story("a longer walk")
    write(archive / "a.warc.gz", record(answer(page), "/walk", n=1), record(answer(behind), "/walk?page=2", n=2))
    write(archive / "b.warc.gz", record(answer(story("edited")), "/walk", n=3, date=FAR), record(answer(page), "/walk", n=4, date="2024-02-01T00:00:00Z"))
    with closing(equal(tmp_path / "c", tmp_path)) as db:
        assert db.execute("SELECT count(*) FROM captures").fetchone() == (4,)


def test_a_whole_crawl_with_cuts_archives_and_mirrors(tmp_path: Path, _demo: Path) -> None:
    parts_of([_demo / "demo"], tmp_path / "parts")
    assert differences(_demo / "demo", tmp_path / "parts", tmp_path / "filed.db") == []
