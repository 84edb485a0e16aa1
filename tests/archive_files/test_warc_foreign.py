"""Files of other makers: whole-file gzip, zstd and ARC become WARCs with a member a record; what is none is refused."""

import gzip
from pathlib import Path

import pytest
from warc_makers import zst

from crawler.archive_files import convert as foreign
from crawler.archive_files.in_place import unreadable
from crawler.archive_files.reader import Archived, archived, record_at
from crawler.archive_files.verify import verify_file
from crawler.errors import SetupError

HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n<p>hi"


def warc(n: int) -> bytes:
    """One response record."""
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n"
        b"WARC-Target-URI: http://a.example/\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (n, len(HTTP), HTTP)
    )


WARC = b"".join(map(warc, range(3)))
ARC_HEAD = b"1 0 test\nURL IP-address Archive-date Content-type Archive-length\n\n"
ARC = b"filedesc://test.arc 0.0.0.0 20200102030405 text/plain %d\n%s\n" % (
    len(ARC_HEAD),
    ARC_HEAD,
) + b"http://a.example/ 127.0.0.1 20200102030405 text/html %d\n%s\n" % (len(HTTP), HTTP)


@pytest.mark.parametrize(("name", "data"), [("whole.warc.gz", gzip.compress(WARC)), ("old.arc", ARC), ("old.arc.gz", gzip.compress(ARC))])
def test_a_convertible_file_becomes_a_warc(tmp_path: Path, name: str, data: bytes) -> None:
    source, target = tmp_path / name, tmp_path / "copy.warc.gz"
    source.write_bytes(data)
    assert unreadable(source)
    foreign.convert(source, target)
    assert not [fault for fault in verify_file(target).faults if "pair" not in fault.what and "request" not in fault.what]
    captures = [entry for entry in archived(target) if entry.capture is not None]
    assert {entry.capture.url for entry in captures if entry.capture} == {"http://a.example/"}
    assert {entry.payload() for entry in captures} == {b"<p>hi"}


def test_a_readable_warc_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "plain.warc").write_bytes(WARC)
    assert unreadable(tmp_path / "plain.warc") is None


@pytest.mark.parametrize("data", [b"", b"not an archive", b"five words like an ARC", gzip.compress(b"nor this"), b"\x1f\x8b\x08broken"])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "fake.warc.gz").write_bytes(data)
    if data:
        with pytest.raises(SetupError, match=r"fake\.warc\.gz"):
            unreadable(tmp_path / "fake.warc.gz")


def test_records_of_a_warc_are_copied_as_they_stand(tmp_path: Path) -> None:
    large = (
        warc(7)
        .replace(HTTP, HTTP + b"x" * 3_000_000)
        .replace(b"Content-Length: %d\r\n\r\nHTTP" % len(HTTP), b"content-length:  %d\r\n\r\nHTTP" % (len(HTTP) + 3_000_000))
    )
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(WARC + large))
    assert foreign.convert(tmp_path / "whole.warc.gz", tmp_path / "copy.warc.gz").records == 4
    info, rest = gzip.decompress((tmp_path / "copy.warc.gz").read_bytes()).split(b"\r\n\r\n\r\n", 1)
    assert b"WARC-Type: warcinfo" in info
    assert rest.removeprefix(b"\r\n") == WARC + large
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("whole.warc.gz", "copy.warc.gz")] == []


def read(source: Path) -> tuple[list[Archived], foreign.Converted]:
    target = source.with_name("copy-of-it.warc.gz")
    done = foreign.convert(source, target)
    assert verify_file(target).faults == []
    return [entry for entry in archived(target) if entry.capture is not None], done


@pytest.mark.parametrize("cut", [9, 12, 300])
def test_of_a_file_cut_short_what_is_readable_is_read_and_the_rest_told(tmp_path: Path, cut: int) -> None:
    data = gzip.compress(WARC, 0)
    (tmp_path / "cut.warc.gz").write_bytes(data[:-cut])
    assert "several records" in (unreadable(tmp_path / "cut.warc.gz") or "")
    entries, done = read(tmp_path / "cut.warc.gz")
    assert len(entries) == (2 if cut == 300 else 3)
    assert "the file ends within this gzip member" in [fault.what for fault in done.faults]


def test_rubbish_behind_the_only_member_is_told(tmp_path: Path) -> None:
    data = gzip.compress(WARC)
    (tmp_path / "odd.warc.gz.open").write_bytes(data + b"rubbish")
    entries, done = read(tmp_path / "odd.warc.gz.open")
    assert len(entries) == 3
    assert [(fault.offset, fault.length) for fault in done.faults] == [(len(data), 7)]
    (tmp_path / "none.warc.gz").write_bytes(gzip.compress(WARC[:40]))
    with pytest.raises(SetupError, match=r"none\.warc\.gz.*not replayed"):
        foreign.convert(tmp_path / "none.warc.gz", tmp_path / "none-copy.warc.gz")
    assert not (tmp_path / "none-copy.warc.gz").exists()


def test_the_same_file_always_gives_the_same_copy(tmp_path: Path) -> None:
    for name, data in (("a.arc", ARC), ("b.warc.gz", gzip.compress(WARC)), ("c.warc.zst", zst(WARC))):
        (tmp_path / name).write_bytes(data)
        for copy in ("1", "2"):
            foreign.convert(tmp_path / name, tmp_path / copy)
        assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


# -- ARC


LINE = b"http://a.example/%d 192.0.2.1 20080101000000 text/html %d\n"
V2_LINE = b"http://a.example/%d 192.0.2.1 20080101000000 text/html 200 - - 1234 old.arc %d\n"
FILEDESC = b"filedesc://test.arc 0.0.0.0 20200102030405 text/plain %d\n%s" % (len(ARC_HEAD), ARC_HEAD)


def arc_record(n: int, block: bytes = HTTP, line: bytes = LINE, off: int = 0) -> bytes:
    return line % (n, len(block) + off) + block


@pytest.mark.parametrize("between", [b"\n", b"", b"\n\n", b"\r\n"])
@pytest.mark.parametrize("line", [LINE, V2_LINE])
@pytest.mark.parametrize("compressed", [True, False])
def test_arc_records_are_read_with_and_without_lines_between(tmp_path: Path, between: bytes, line: bytes, compressed: bool) -> None:
    parts = [FILEDESC, arc_record(1, line=line), arc_record(2, b"<p>no head", line), arc_record(3, line=line)]
    data = b"".join(gzip.compress(part + between) if compressed else part + between for part in parts)
    (tmp_path / "x.arc").write_bytes(data)
    entries, done = read(tmp_path / "x.arc")
    assert [(e.capture.url, e.capture.record_type, e.payload(), e.capture.ip) for e in entries if e.capture] == [
        ("http://a.example/1", "response", b"<p>hi", "192.0.2.1"),
        ("http://a.example/2", "resource", b"<p>no head", "192.0.2.1"),
        ("http://a.example/3", "response", b"<p>hi", "192.0.2.1"),
    ]
    assert (done.records, done.faults) == (4, ())


def test_blocks_of_an_arc_are_copied_byte_for_byte(tmp_path: Path) -> None:
    odd = b"HTTP/1.0 200\nserver:x\nSERVER : y\n folded\nContent-Length: 3\n\n<p>longer than three\xff"
    (tmp_path / "x.arc").write_bytes(FILEDESC + b"\n" + arc_record(1, odd) + b"\n" + arc_record(2, b"z" * 3_000_000) + b"\n")
    (first, second), _ = read(tmp_path / "x.arc")
    assert first.capture is not None
    assert record_at(tmp_path / "copy-of-it.warc.gz", first.capture.offset).block() == odd
    assert first.payload() == b"<p>longer than three\xff"
    assert second.payload() == b"z" * 3_000_000


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("off", [-3, 30, 1000, 100_000])
def test_a_wrong_length_in_an_arc_costs_no_other_record(tmp_path: Path, off: int, compressed: bool) -> None:
    parts = [FILEDESC + b"\n", arc_record(1, off=off) + b"\n", arc_record(2) + b"\n", arc_record(3)]
    (tmp_path / "x.arc").write_bytes(b"".join(gzip.compress(part) if compressed else part for part in parts))
    entries, done = read(tmp_path / "x.arc")
    assert [e.capture.url[-1] for e in entries if e.capture] == ["1", "2", "3"]
    assert entries[0].payload() == b"<p>hi"[: min(off, 0) or None]
    start = len(gzip.compress(parts[0]) if compressed else parts[0])
    assert len(done.faults) == 1
    assert start <= done.faults[0].offset < start + len(gzip.compress(parts[1]) if compressed else parts[1])


def test_a_broken_member_of_an_arc_costs_only_itself(tmp_path: Path) -> None:
    parts = [gzip.compress(part + b"\n") for part in (FILEDESC, arc_record(1), arc_record(2), arc_record(3))]
    parts[2] = parts[2][:30] + b"\xff\xff\xff" + parts[2][33:]
    (tmp_path / "x.arc.gz").write_bytes(b"".join(parts))
    entries, done = read(tmp_path / "x.arc.gz")
    assert [e.capture.url[-1] for e in entries if e.capture] == ["1", "3"]
    assert {fault.offset for fault in done.faults} == {len(parts[0]) + len(parts[1])}


@pytest.mark.parametrize(
    ("line", "url", "date", "mime"),
    [
        (b"http://a.example/\xfc x 192.0.2.1 20080101000000 text/html %d\n", "http://a.example/%FC%20x", "2008-01-01T00:00:00", "text/html"),
        ("http://a.example/ü 192.0.2.1 20080101000000 text/html %d\n".encode(), "http://a.example/%C3%BC", "2008-01-01T00:00:00", "text/html"),
        (b"http://a.example/ 2001:db8::1 20080101000000 text/html; charset=x %d\n", "http://a.example/", "2008-01-01T00:00:00", "text/html"),
        (b"http://a.example/ - 200801010000 no-type %d\r\n", "http://a.example/", "2008-01-01T00:00:00", "no-type"),
        (b"http://a.example/ 0.0.0.0 99999999999999  %d \n", "http://a.example/", "2020-01-02T03:04:05", None),
        (b"http://a.example/ None 2008010112 text/html %d\n", "http://a.example/", "2008-01-01T12:00:00", "text/html"),
        (b"http://a.example/ 192.0.2.1 200801011213149999 text/html %d\n", "http://a.example/", "2008-01-01T12:13:14", "text/html"),
        (b"http://a.example/ 192.0.2.1 20080101121314jpg text/html %d\n", "http://a.example/", "2008-01-01T12:13:14", "text/html"),
        (b"http://a.example/ 192.0.2.1 a0d1fdddf3165d04 text/html %d\n", "http://a.example/", "2020-01-02T03:04:05", "text/html"),
        (b"http://a.example/ 20080101121314 192.0.2.1 text/html %d\n", "http://a.example/", "2008-01-01T12:13:14", "text/html"),
        (b"http://a.example/a\rb 192.0.2.1 20080101121314 text/html %d\n", "http://a.example/a%0Db", "2008-01-01T12:13:14", "text/html"),
        (b"http://a.example/a 1.2.3.4 20010101000000 x 7 192.0.2.1 20080101000000 text/html %d\n",
         "http://a.example/a", "2001-01-01T00:00:00", "x"),
    ],
)  # fmt: skip
def test_odd_lines_of_an_arc(tmp_path: Path, line: bytes, url: str, date: str, mime: str | None) -> None:
    (tmp_path / "x.arc").write_bytes(FILEDESC + b"\n" + line % 5 + b"<p>hi\n")
    (entry,), _ = read(tmp_path / "x.arc")
    assert entry.capture is not None
    assert (entry.capture.url, entry.capture.date.isoformat()[:19]) == (url, date)
    assert entry.capture.mime == (mime or "application/octet-stream")


def test_an_arc_without_its_description_is_read(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(arc_record(1) + b"\n" + arc_record(2))
    entries, _ = read(tmp_path / "part")
    assert len(entries) == 2


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (b"filedesc://a.arc 0 19960923142103 text/plain %d", 0),
        (b"filedesc:// - - - %d", 0),
        (b"FILEDESC://a.arc nobody never x/y %d", 0),
        (b"filedesc://one two %d three", 1),
    ],
)
@pytest.mark.parametrize("compressed", [True, False])
def test_whatever_an_arc_says_of_itself_its_records_are_read(tmp_path: Path, line: bytes, faults: int, compressed: bool) -> None:
    parts = [line % len(ARC_HEAD) + b"\n" + ARC_HEAD + b"\n", arc_record(1)]
    (tmp_path / "x.arc").write_bytes(b"".join(map(gzip.compress, parts) if compressed else parts))
    entries, done = read(tmp_path / "x.arc")
    assert [(e.capture.url, e.payload()) for e in entries if e.capture] == [("http://a.example/1", b"<p>hi")]
    assert len(done.faults) == faults


@pytest.mark.parametrize("off", [0, 1, 3, 6])
@pytest.mark.parametrize("end", [b"<p>hi\n", b"<p>xhttp", b"<p>\nx"])
def test_a_length_that_takes_letters_of_the_next_address_is_told(tmp_path: Path, off: int, end: bytes) -> None:
    first = LINE % (1, len(end) + off) + end
    (tmp_path / "x.arc").write_bytes(FILEDESC + b"\n" + first + arc_record(2))
    entries, done = read(tmp_path / "x.arc")
    if off == 6 and not end.endswith(b"\n"):
        # No line begins where the next record does.
        assert done.faults
        return
    found = [(e.capture.url, (e.payload() or b"").rstrip(b"\n")) for e in entries if e.capture]
    assert found == [("http://a.example/1", end.rstrip(b"\n")), ("http://a.example/2", b"<p>hi")]
    assert len(done.faults) == bool(off)


# -- zstd


@pytest.mark.parametrize("dictionary", ["none", "raw", "trained", "compressed"])
def test_zstd_frames_are_read_with_their_dictionary(tmp_path: Path, dictionary: str) -> None:
    (tmp_path / "x.warc.zst").write_bytes(zst(*map(warc, range(9)), dictionary=dictionary))
    entries, done = read(tmp_path / "x.warc.zst")
    assert ([e.payload() for e in entries], done.records, done.faults) == ([b"<p>hi"] * 9, 9, ())


def test_a_bad_zstd_frame_costs_only_itself(tmp_path: Path) -> None:
    frames = [zst(warc(n)) for n in range(3)]
    frames[1] = frames[1][:20] + bytes(40) + frames[1][60:]
    (tmp_path / "x.warc.zst").write_bytes(b"".join(frames) + b"rubbish")
    entries, done = read(tmp_path / "x.warc.zst")
    assert [e.capture.record_id[-1] for e in entries if e.capture] == ["0", "2"]
    assert [fault.offset for fault in done.faults if fault.length] == [len(frames[0]), sum(map(len, frames))]


@pytest.mark.parametrize("fault", [b"", b"\x1f\x8b broken", gzip.compress(b"WARC/1.1\r\nContent-Length: 1\r\n\r\nx\r\n\r\n")], ids=["lost", "broken", "another"])
def test_a_copy_that_does_not_hold_what_was_written_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: bytes) -> None:
    source, target, whole = tmp_path / "old.arc", tmp_path / "copy.warc.gz", foreign._members
    source.write_bytes(ARC)
    monkeypatch.setattr(foreign, "_members", lambda head, block, tail: [fault] if b"http://a.example/" in head else whole(head, block, tail))
    with pytest.raises(SetupError, match=r"cannot be converted: the copy .*not replayed, nothing was changed"):
        foreign.convert(source, target)
    assert not target.exists()
