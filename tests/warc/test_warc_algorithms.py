"""Digests by SHA-1, SHA-256 or both: what is written, that everybody finds it right, and that it is read back as it was."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve
from exchange_makers import exchange as page
from exchange_makers import lease as errand
from fastwarc.warc import ArchiveIterator as FastIterator
from warc_makers import PAGE, chunked, exchange, lease, response, writer
from warcio.archiveiterator import ArchiveIterator

from crawler.archive_files.reader import archived, records
from crawler.archive_files.verify import verify_file
from crawler.collection.collection import Collection, WriterOptions
from crawler.index.index import Index
from crawler.items import Capture
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.verify import verify_collection
from crawler.processing.parse_again import Readers
from crawler.warc.algorithms import Algorithm
from crawler.warc.writer import Sealed
from crawler.workers.pool import JobLimits, Workers

SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
SHA1 = re.compile(r"sha1:[A-Z2-7]{32}")
ALGORITHMS: list[Algorithm] = ["sha1", "sha256", "both"]
FIRST = {"sha1": SHA1, "sha256": SHA256, "both": SHA1}


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(workers=Workers(JobLimits(workers=1)))
    yield readers
    readers.close()


def written(folder: Path, algorithm: Algorithm) -> tuple[list[Capture], Path]:
    """A response, its revisit, its confirmation, a chunked response and what is no HTTP."""
    w = writer(folder, algorithm=algorithm)
    first = w.write_exchange(exchange(), lease())
    captures = [
        first, w.write_exchange(exchange(), lease(), original=first),
        w.write_exchange(exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"), lease(validates=first.record_id), original=first),
        w.write_exchange(exchange(chunked()), lease()), w.write_exchange(exchange(b"garbage"), lease()),
    ]  # fmt: skip
    done = w.close()
    assert isinstance(done, Sealed)
    return captures, done.path


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_record_has_its_digests_and_every_tool_finds_them_right(tmp_path: Path, algorithm: Algorithm) -> None:
    _, path = written(tmp_path, algorithm)
    for record in records(path):
        assert FIRST[algorithm].fullmatch(record.fields.first("warc-block-digest") or "")
        names = [name.lower() for name, _ in record.fields]
        assert [name for name in names if "digest" in name and names.count(name) > 1] == []
        assert ("warc-block-digest-sha256" in names) is (algorithm == "both")
        if named := record.fields.first("warc-payload-digest"):
            assert FIRST[algorithm].fullmatch(named)
            assert SHA256.fullmatch(record.fields.first("warc-payload-digest-sha256") or "") or algorithm != "both"
    payload = next(record for record in records(path) if record.type == "response")
    also = payload.fields.first("warc-payload-digest" if algorithm == "sha256" else "warc-payload-digest-sha256")
    assert also == (None if algorithm == "sha1" else f"sha256:{hashlib.sha256(PAGE).hexdigest()}")
    report = verify_file(path)
    assert (report.faults, report.notes, report.ours) == ([], [], True)
    with path.open("rb") as file:
        assert all(record.verify_block_digest() for record in FastIterator(file, parse_http=False))
    with path.open("rb") as file:
        for theirs in ArchiveIterator(file, check_digests=True):
            theirs.raw_stream.read()
            framed = theirs.http_headers and theirs.http_headers.get_header("transfer-encoding")
            # It takes the framing for a part of the payload (webrecorder/warcio#74).
            assert theirs.digest_checker.problems == [] or framed


@pytest.mark.parametrize("algorithm", ["sha256", "both"])
@pytest.mark.parametrize("name", ["WARC-Block-Digest", "WARC-Payload-Digest"])
def test_a_wrong_sha256_is_damage(tmp_path: Path, algorithm: Algorithm, name: str) -> None:
    _, path = written(tmp_path, algorithm)
    field = f"{name}-SHA256: sha256:".encode() if algorithm == "both" else f"{name}: sha256:".encode()
    plain = gzip.decompress(path.read_bytes())
    at = plain.index(field, plain.index(b"WARC-Type: response")) + len(field)
    damaged = tmp_path / "damaged.warc"
    damaged.write_bytes(plain[:at] + (b"0" if plain[at : at + 1] != b"0" else b"1") + plain[at + 1 :])
    assert [fault.what.split(" sha")[0] for fault in verify_file(damaged).faults] == [
        f"the {'block' if 'Block' in name else 'payload'} does not have its digest"
    ]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_captures_are_read_back_as_they_were_written(tmp_path: Path, algorithm: Algorithm) -> None:
    captures, path = written(tmp_path, algorithm)
    assert [item.capture for item in archived(path)] == captures
    assert all(SHA1.fullmatch(capture.payload_digest) for capture in captures if capture.payload_digest)
    assert all(SHA1.fullmatch(capture.block_digest or "") for capture in captures)
    known = {capture.written_digest for capture in captures if capture.payload_digest}
    assert (known == {None}) is (algorithm == "sha1")


def test_what_agrees_in_sha1_alone_is_written_anew(tmp_path: Path) -> None:
    w = writer(tmp_path, algorithm="both")
    first = w.write_exchange(exchange(), lease())
    forged = evolve(first, written_digest=f"sha256:{'0' * 64}")
    assert w.write_exchange(exchange(), lease(), original=forged).revisit_of is None
    assert w.write_exchange(exchange(), lease(), original=evolve(first, written_digest="md5:49f68a5c8493ec2c0bf489821c21fc3b")).revisit_of
    w.close()


@pytest.mark.parametrize("before", ALGORITHMS)
@pytest.mark.parametrize("after", ALGORITHMS)
def test_a_page_seen_before_is_found_whatever_it_was_digested_by(
    tmp_path: Path, readers: Readers, before: Algorithm, after: Algorithm
) -> None:
    path = tmp_path / "mixed"
    captures = []
    for n, algorithm in enumerate((before, after), 1):
        with closing(Collection.open(path, options=WriterOptions(algorithm=algorithm))) as collection:
            captures.append(asyncio.run(collection.record(page(n), errand(n, site="web", role="page"))))
    first, second = captures
    assert (second.revisit_of, second.payload_digest) == (first.record_id, first.payload_digest)
    told = [record.fields.first("warc-payload-digest") for file in sorted((path / "archive").glob("*.warc.gz")) for record in records(file)]
    if before == "sha1" or before == after:
        # What a revisit names is what the record says that holds the payload.
        assert len(set(filter(None, told))) == 1
    assert [fault for report in verify_collection(path, lambda _: lambda _: None) for fault in report.faults] == []
    with Index.open(path / "index.db", readonly=True) as index:
        live = list(index.captures())
    rebuild(path, readers)
    with Index.open(path / "index.db", readonly=True) as index:
        assert list(index.captures()) == live
    lines = [line for file in (path / "indexes").glob("*.cdxj") for line in file.read_text().splitlines()]
    assert len({re.findall(r'"digest": "([^"]*)"', line)[0] for line in lines}) == 1


def test_a_chunked_payload_left_out_of_the_record_is_left_out_of_the_index_alike(tmp_path: Path) -> None:
    w = writer(tmp_path, algorithm="sha256", chunked_digest="omit")
    capture = w.write_exchange(exchange(chunked()), lease())
    plain = w.write_exchange(exchange(response(b"other")), lease())
    done = w.close()
    assert isinstance(done, Sealed)
    assert (capture.written_digest, SHA256.fullmatch(plain.written_digest or "") is not None) == (None, True)
    assert [item.capture for item in archived(done.path)] == [capture, plain]
