"""Names looked up, as resource records of `dns:` addresses: what is written, when, and who minds it."""

from __future__ import annotations

import asyncio
import http.server
import io
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from exchange_makers import exchange as page
from exchange_makers import lease as errand
from fastwarc.warc import ArchiveIterator as FastIterator
from stands import Scrapy
from warc_makers import START, exchange, lease, warc_record, writer
from warcio.archiveiterator import ArchiveIterator

from crawler.archive_files.reader import archived, cdxj_lines, records
from crawler.archive_files.verify import verify_file
from crawler.collection.collection import Collection
from crawler.collection.ingest import unanswered
from crawler.collection.open_files import seal_open_files
from crawler.errors import FetchFailed
from crawler.http.resolver import CachedResolver
from crawler.index.index import Index
from crawler.items import Lookup, Omissions
from crawler.maintenance.verify import verify_collection
from crawler.warc.builder import lookup_text
from crawler.warc.writer import Sealed

LOOKUP = Lookup(host="a.example", date=START, addresses=("192.0.2.7", "2001:db8::7"))


def test_a_look_up_is_a_resource_of_dns_that_every_reader_takes(tmp_path: Path) -> None:
    w = writer(tmp_path, algorithm="both")
    w.write_lookup(LOOKUP)
    capture = w.write_exchange(exchange(), lease())
    done = w.close()
    assert isinstance(done, Sealed)
    about, found, *others = records(done.path)
    assert (about.type, found.type, [record.type for record in others]) == ("warcinfo", "resource", ["request", "metadata", "response"])
    assert found.block() == b"20261124030142\na.example.\tIN\tA\t192.0.2.7\na.example.\tIN\tAAAA\t2001:db8::7\n"
    assert [found.fields.first(name) for name in ("warc-target-uri", "content-type", "warc-date", "warc-warcinfo-id")] == [
        "dns:a.example", "text/dns", "2026-11-24T03:01:42.123456Z", f"<{about.record_id}>",
    ]  # fmt: skip
    # Which server answered is not known, and the look-up belongs to no one exchange.
    assert (found.fields.first("warc-ip-address"), found.fields.all("warc-concurrent-to")) == (None, [])
    assert found.fields.first("warc-payload-digest") == found.fields.first("warc-block-digest")
    assert (verify_file(done.path, strict=True).faults, [one.capture for one in archived(done.path)]) == ([], [capture])
    assert len(list(cdxj_lines(done.path))) == 1
    with done.path.open("rb") as file:
        assert all(record.verify_block_digest() for record in FastIterator(file, parse_http=False))
    with done.path.open("rb") as file:
        theirs = [(r.rec_headers.get_header("WARC-Target-URI"), r.raw_stream.read()) for r in ArchiveIterator(file, check_digests="raise")]
    assert ("dns:a.example", lookup_text(LOOKUP)) in theirs


def test_our_own_are_passed_over_in_silence_and_those_of_others_are_told(tmp_path: Path) -> None:
    w = writer(tmp_path)
    w.write_lookup(LOOKUP)
    w.write_exchange(exchange(), lease())
    done = w.close()
    assert isinstance(done, Sealed)
    passed = Omissions()
    assert len(list(archived(done.path, passed=passed))) == 1
    assert list(passed) == []
    theirs = tmp_path / "theirs.warc"
    theirs.write_bytes(warc_record("resource", lookup_text(LOOKUP), "WARC-Target-URI: dns:a.example", "Content-Type: text/dns"))
    assert list(archived(theirs, passed=passed)) == []
    assert [(one.reason, one.count) for one in passed] == [("WARC record of type resource that is not of the web", 1)]


def test_a_torn_one_goes_to_the_quarantine_and_a_whole_one_stays(tmp_path: Path) -> None:
    w = writer(tmp_path)
    capture = w.write_exchange(exchange(), lease())
    w.write_lookup(LOOKUP)
    w.sync()
    assert w._file is not None
    w._file.release()
    path, start = w._file.path, capture.offset + capture.length
    whole = path.read_bytes()
    for size, kept in ((len(whole), len(whole)), (len(whole) - 1, start), (start + 9, start)):
        path.write_bytes(whole[:size])
        (mended,) = seal_open_files(tmp_path / "archive", tmp_path / "quarantine")
        assert mended.path is not None
        assert (mended.bytes, mended.cut, verify_file(mended.path).faults) == (kept, size - kept, [])
        mended.path.rename(path)


async def test_it_comes_before_what_is_recorded_next_and_brings_no_file_about(tmp_path: Path) -> None:
    with closing(Collection.open(tmp_path / "demo")) as collection:
        collection.resolved([LOOKUP])
        assert not list((tmp_path / "demo" / "archive").iterdir())
        await collection.record(page(1), errand(1))
        collection.resolved([LOOKUP])
        await collection.fail(unanswered(errand(2), "connect", "refused"))
        await collection.record(page(2), errand(2))
    (path,) = (tmp_path / "demo" / "archive").iterdir()
    group = ["request", "metadata"]
    assert [r.type for r in records(path)] == ["warcinfo", "resource", *group, "response", "resource", "metadata", *group, "revisit"]
    with Index.open(tmp_path / "demo" / "index.db", readonly=True) as index:
        assert index.counts()["captures"] == 2


async def test_a_look_up_is_told_once_and_again_where_the_addresses_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, Sequence[str]] = {"a.example": ["192.0.2.7", "2001:db8::7"]}
    asked = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        if host not in answers:
            raise OSError("no such host")
        return answers[host]

    monkeypatch.setattr("crawler.http.resolver.KEEP_SECONDS", -1.0)
    names = CachedResolver(resolver=resolver)
    await asyncio.gather(names.addresses("a.example", 80), names.addresses("a.example", 443), names.addresses("192.0.2.9", 80))
    (made,) = names.made()
    assert (made.host, made.addresses, names.made()) == ("a.example", ("192.0.2.7", "2001:db8::7"), [])
    answers["a.example"] = ["2001:db8::7", "192.0.2.7"]
    await names.addresses("a.example", 80)
    with pytest.raises(FetchFailed):
        await names.addresses("b.example", 80)
    assert (len(asked), names.made()) == (4, [])
    answers["a.example"] = ["192.0.2.8"]
    await names.addresses("a.example", 80)
    assert [one.addresses for one in names.made()] == [("192.0.2.8",)]
    names.close()


@pytest.fixture
def site() -> Iterator[int]:
    """The port of a site of three pages on this machine's own name."""

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            links = "".join(f'<a href="/{n}">{n}</a>' for n in range(2)) if self.path == "/" else ""
            body = io.BytesIO(f"<html><head><title>{self.path}</title></head><body><p>{self.path}</p>{links}</body></html>".encode())
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body.getvalue())))
            self.end_headers()
            self.wfile.write(body.getvalue())

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_crawls_of_a_collection_under_changing_algorithms(tmp_path: Path, site: int) -> None:
    """Each crawl writes one look-up and finds the pages of the crawl before; verify, reindex and other tools are content."""
    scrapy = Scrapy(tmp_path)
    values = {
        "ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{site},[::1]:{site}", "DOWNLOAD_DELAY": 0, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0,
    }  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    types, known = [], set[Path]()
    for algorithm in ("sha256", "both"):
        scrapy("crawl", "web", "-a", f"seeds=http://localhost:{site}/", "-s", f"ARCHIVE_DIGEST={algorithm}", *words)
        (path,) = set((tmp_path / "web" / "archive").glob("*.warc.gz")) - known
        known.add(path)
        found = list(records(path))
        names = [record for record in found if record.type == "resource"]
        assert [record.target_uri for record in names] == ["dns:localhost"]
        assert b"localhost.\tIN\tA\t127.0.0.1\n" in names[0].block()
        assert ((names[0].fields.first("warc-block-digest") or "")[:7] == "sha256:") is (algorithm == "sha256")
        types.append({record.type for record in found if record.target_uri == f"http://localhost:{site}/" and record.is_http})
        with path.open("rb") as file:
            assert all(record.verify_block_digest() for record in FastIterator(file, parse_http=False))
        with path.open("rb") as file:
            assert all(record.raw_stream.read() is not None for record in ArchiveIterator(file, check_digests="raise"))
    assert types == [{"request", "response"}, {"request", "revisit"}]
    done = scrapy("reindex", "web")
    assert "not of the web" not in done.stdout + done.stderr
    assert [fault for report in verify_collection(tmp_path / "web", lambda _: lambda _: None, strict=True) for fault in report.faults] == []
    with closing(sqlite3.connect(tmp_path / "web" / "index.db")) as db:
        assert db.execute("SELECT count(*) FROM captures WHERE url LIKE 'dns:%' OR record_type = 'resource'").fetchone() == (0,)
