"""What is written is what came, byte for byte, and nothing a page says becomes a header of ours."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from warc_makers import PAGE, START, TLS, URL, chunked, exchange, lease, response, writer
from warcio.archiveiterator import ArchiveIterator

from crawler.archive_files.reader import records
from crawler.archive_files.verify import Ledger, verify_file
from crawler.errors import WriteFailed
from crawler.items import Failure, SpooledBytes, Target
from crawler.warc.digest import digest_of
from crawler.warc.gzip_members import members
from crawler.warc.writer import Sealed


def tool(name: str) -> str:
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.skip(f"{name} is not installed beside this Python: it comes with the extra `test`")
    return str(path)


def sealed(found: Sealed | None) -> Sealed:
    assert found is not None
    return found


def test_blocks_are_byte_exact_for_us_and_for_warcio(tmp_path: Path) -> None:
    exchanges = [exchange(), exchange(chunked()), exchange(b"HTTP/1.1 200 OK\nX: lf only\n\nbody"), exchange(b"garbage \x00\xff")]
    w = writer(tmp_path)
    for one in exchanges:
        w.write_exchange(one, lease())
    path = sealed(w.close()).path
    ours = [record.block() for record in records(path) if record.is_http]
    assert ours == [block for one in exchanges for block in (one.request, one.response.read())]
    with path.open("rb") as file:
        theirs = [(r.rec_type, r.raw_stream.read()) for r in ArchiveIterator(file, no_record_parse=True)]
    assert [block for kind, block in theirs if kind in ("request", "response")] == ours
    assert [kind for kind, _ in theirs] == ["warcinfo"] + ["request", "metadata", "response"] * 4


def test_outside_tools_are_content(tmp_path: Path) -> None:
    w = writer(tmp_path)
    first = w.write_exchange(exchange(tls=TLS), lease())
    w.write_exchange(exchange(chunked()), lease())
    w.write_exchange(exchange(started=START + timedelta(hours=1), ended=START + timedelta(hours=1)), lease(), original=first)
    path = sealed(w.close()).path
    subprocess.run(["gzip", "-t", path], check=True)
    subprocess.run([tool("fastwarc"), "check", "-q", path], check=True, capture_output=True)
    # warcio digests the chunk framing; without that record it has nothing to say.
    w = writer(tmp_path, chunked_digest="omit")
    w.write_exchange(exchange(chunked()), lease())
    subprocess.run([tool("warcio"), "check", sealed(w.close()).path], check=True, capture_output=True)


def test_members_hold_one_record_each_and_lie_where_the_capture_says(tmp_path: Path) -> None:
    w = writer(tmp_path)
    capture = w.write_exchange(exchange(), lease())
    done = sealed(w.close())
    with done.path.open("rb") as file:
        found = list(members(file))
    assert [m.offset + m.length for m in found[:-1]] == [m.offset for m in found[1:]]
    assert (found[-1].offset, found[-1].length) == (capture.offset, capture.length)
    assert all(m.data.startswith(b"WARC/1.1\r\n") for m in found)
    assert done.path.read_bytes()[4:8] == b"\0\0\0\0"
    assert done.sha256 == hashlib.sha256(done.path.read_bytes()).hexdigest()
    assert done.bytes == done.path.stat().st_size
    assert capture.warc == done.name == done.path.name


def test_record_heads_say_what_is_known(tmp_path: Path) -> None:
    w = writer(tmp_path, operator="An Archivist <a@b.example>", user_agent="crawler/1", is_part_of="presstv")
    w.write_exchange(exchange(tls=TLS, truncated="time"), lease(), record_id="urn:uuid:0-0")
    info, request, facts, answer = records(sealed(w.close()).path)
    assert info.fields.first("WARC-Filename") == info.path.name
    assert b"operator: An Archivist <a@b.example>\r\n" in info.block()
    assert b"chunkedPayloadDigest: spec\r\n" in info.block()
    assert answer.fields.all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
    assert answer.fields.first("WARC-Cipher-Suite") == TLS.cipher
    assert answer.fields.first("WARC-Truncated") == "time"
    assert answer.fields.first("WARC-IP-Address") == "192.0.2.7"
    assert answer.record_id == "urn:uuid:0-0"
    assert answer.fields.first("WARC-Payload-Digest") == digest_of([PAGE])
    assert request.fields.first("WARC-Concurrent-To") == facts.fields.first("WARC-Concurrent-To") == "<urn:uuid:0-0>"
    assert answer.fields.first("WARC-Concurrent-To") == f"<{request.record_id}>"
    assert {r.fields.first("WARC-Date") for r in (request, facts, answer)} == {"2026-11-24T03:01:42.123456Z"}
    assert {r.fields.first("WARC-Warcinfo-ID") for r in (request, facts, answer)} == {f"<{info.record_id}>"}


def test_an_identical_payload_becomes_a_revisit_of_the_capture_that_holds_it(tmp_path: Path) -> None:
    w = writer(tmp_path)
    first = w.write_exchange(exchange(), lease())
    second = w.write_exchange(exchange(url="https://www.presstv.ir/x"), lease(), original=first)
    assert second.revisit_of == first.record_id
    assert second.payload_digest == first.payload_digest
    path = sealed(w.close()).path
    last = list(records(path))[-1]
    assert last.type == "revisit"
    assert last.fields.first("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert last.fields.first("WARC-Refers-To-Target-URI") == first.url
    assert last.fields.first("WARC-Refers-To-Date") == "2026-11-24T03:01:42.123456Z"
    assert last.fields.first("WARC-Truncated") == "length"
    assert last.block() == response()[: -len(PAGE)]
    ledger = Ledger()
    assert not verify_file(path, ledger=ledger).faults
    assert not ledger.faults() + ledger.unresolved()


def test_a_304_confirms_the_capture_whose_validators_were_sent(tmp_path: Path) -> None:
    w = writer(tmp_path)
    first = w.write_exchange(exchange(), lease())
    raw = b'HTTP/1.1 304 Not Modified\r\nETag: "e1"\r\n\r\n'
    again = w.write_exchange(exchange(raw), lease(validates=first.record_id), original=first)
    assert (again.status, again.revisit_of, again.payload_digest) == (304, first.record_id, first.payload_digest)
    last = list(records(sealed(w.close()).path))[-1]
    assert last.fields.first("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert last.block() == raw
    assert last.fields.first("WARC-Truncated") is None


def test_no_revisit_of_a_revisit_of_nothing_of_another_payload_or_of_what_was_cut(tmp_path: Path) -> None:
    w = writer(tmp_path)
    first = w.write_exchange(exchange(), lease())
    revisit = w.write_exchange(exchange(), lease(), original=first)
    empty = w.write_exchange(exchange(response(b"")), lease())
    for one, original in (
        (exchange(), revisit),
        (exchange(response(b"")), empty),
        (exchange(response(b"other")), first),
        (exchange(truncated="disconnect"), first),
    ):
        assert w.write_exchange(one, lease(), original=original).revisit_of is None
    w.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x\r\nWARC-Type: warcinfo",
        "https://a.example/\udc80",
        "https://a.example/<é ü>",
        "\x00",
        "",
        "https://a.example/\u2028",
    ],
)
def test_no_address_makes_a_header_line(tmp_path: Path, url: str) -> None:
    w = writer(tmp_path)
    capture = w.write_exchange(
        exchange(url=url, problem="a\r\nrole: robots\u2028\udc80"), lease(key=f"k\r\n{url}"), detail="x\ny", reason="tls"
    )
    w.write_failure(Failure(target=Target(url=url, site="s", role="page", key=url), date=START, reason="bad-url", detail=f"not {url}"))
    path = sealed(w.close()).path
    assert [r.type for r in records(path)] == ["warcinfo", "request", "metadata", "response", "metadata"]
    assert capture.url == url
    with path.open("rb") as file:
        assert len(list(ArchiveIterator(file))) == 5
    assert not verify_file(path).faults


@pytest.mark.parametrize("piece", [os.urandom(1 << 16), b"as text is " * 6000])
def test_large_bodies_pass_in_constant_memory(tmp_path: Path, piece: bytes) -> None:
    raw, payload = SpooledBytes(b"HTTP/1.1 200 OK\r\n\r\n"), SpooledBytes()
    for _ in range(64):
        raw.write(piece)
        payload.write(piece)
    w = writer(tmp_path)
    w.write_exchange(evolve(exchange(b"HTTP/1.1 200 OK\r\n\r\n"), response=raw, payload=payload), lease())
    path = sealed(w.close()).path
    last = list(records(path))[-1]
    assert digest_of(last.chunks()) == digest_of(raw.chunks())
    assert len(last.start) < 1 << 21
    assert last.length < len(raw) * 1.001
    assert not verify_file(path).faults


def test_rotation_keeps_an_exchange_together_and_counts_on(tmp_path: Path) -> None:
    seals: list[Sealed] = []
    w = writer(tmp_path, max_bytes=3000, on_seal=seals.append)
    for _ in range(9):
        w.write_exchange(exchange(), lease())
    w.close()
    assert len(seals) > 2
    assert [f"-{n:05d}-" in file.name for n, file in enumerate(seals, 1)] == [True] * len(seals)
    for file in seals:
        kinds = [r.type for r in records(file.path)]
        assert kinds == ["warcinfo"] + ["request", "metadata", "response"] * (len(kinds) // 3)
        assert not verify_file(file.path).faults
    assert not list(tmp_path.rglob("*.open"))
    assert len(list((tmp_path / "indexes").glob("*.cdxj"))) == len(seals)


def test_names_stay_unique_when_the_clock_steps_back(tmp_path: Path) -> None:
    names = []
    for hours in range(3):
        w = writer(tmp_path, now=lambda back=hours: datetime(2026, 11, 24, tzinfo=UTC) - timedelta(hours=back), prefix="press tv/..")
        w.write_exchange(exchange(), lease())
        names.append(sealed(w.close()).name)
    assert names[0] == "press-tv-20261124000000000-00001-archivist.warc.gz"
    assert [name.split("-")[3] for name in names] == ["00001", "00002", "00003"]


def test_nothing_written_leaves_no_file(tmp_path: Path) -> None:
    w = writer(tmp_path)
    w.sync()
    assert w.close() is None
    assert not list(tmp_path.rglob("*.warc*"))


@pytest.mark.parametrize("allowed", [0, 100, 700, 1500])
def test_a_full_disk_rolls_back_to_the_last_whole_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
    w = writer(tmp_path)
    if allowed:
        w.write_exchange(exchange(), lease())
    good, left, write = w.good_offset, allowed, os.write

    def full(fd: int, data: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(28, "No space left on device")
        done = write(fd, data[:left])
        left -= done
        return done

    with monkeypatch.context() as patch:
        patch.setattr("crawler.warc.output_file.os.write", full)
        with pytest.raises(WriteFailed, match="No space left"):
            w.write_exchange(exchange(chunked()), lease())
    assert w.good_offset == good
    capture = w.write_exchange(exchange(chunked()), lease())
    path = sealed(w.close()).path
    assert not verify_file(path).faults
    assert list(records(path))[-1].offset == capture.offset


def test_a_file_size_limit_is_a_write_error(tmp_path: Path) -> None:
    w = writer(tmp_path)
    w.write_exchange(exchange(), lease())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (w.good_offset + 500, before[1]))
    try:
        with pytest.raises(WriteFailed, match="File too large"):
            w.write_exchange(exchange(response(os.urandom(5000))), lease())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not verify_file(sealed(w.close()).path).faults


def test_a_failed_sync_is_final_and_leaves_the_file_for_recovery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    w = writer(tmp_path)
    w.write_exchange(exchange(), lease())

    def fail(fd: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("crawler.warc.output_file.os.fdatasync", fail)
        with pytest.raises(WriteFailed, match="Input/output"):
            w.sync()
    for call in (w.sync, lambda: w.write_exchange(exchange(), lease()), w.close):
        with pytest.raises(WriteFailed, match="Input/output"):
            call()
    assert [path.suffix for path in (tmp_path / "archive").iterdir()] == [".open"]
    assert w.close() is None


def test_a_name_that_is_taken_is_never_replaced(tmp_path: Path) -> None:
    w = writer(tmp_path)
    w.write_exchange(exchange(), lease())
    assert w.name
    (tmp_path / "archive" / w.name).write_bytes(b"somebody else's")
    with pytest.raises(WriteFailed):
        w.close()
    assert (tmp_path / "archive" / w.name if w.name else next((tmp_path / "archive").glob("*.gz"))).read_bytes() == b"somebody else's"


def test_address_in_the_header_has_no_brackets(tmp_path: Path) -> None:
    w = writer(tmp_path)
    w.write_exchange(exchange(), lease())
    assert f"WARC-Target-URI: {URL}\r\n".encode() in b"".join(m.data for m in members((tmp_path / "archive" / f"{w.name}.open").open("rb")))
    w.close()


def test_a_control_character_in_a_header_value_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    w = writer(tmp_path)
    with pytest.raises(ValueError, match="control character"):
        w.write_exchange(exchange(), lease(), record_id="urn:x>\r\nWARC-Type: warcinfo")
    assert w.good_offset == 0
    assert w.close() is None
