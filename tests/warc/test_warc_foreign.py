"""Files of other makers: whole-file gzip and ARC become WARCs with a member a record; what is neither is refused."""

import gzip
from pathlib import Path

import pytest

from crawler.errors import SetupError
from crawler.warc import foreign
from crawler.warc.reader import archived
from crawler.warc.verify import verify_file

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
    assert foreign.unreadable(source)
    assert foreign.name_of(source).endswith(".warc.gz")
    foreign.convert(source, target)
    assert not [fault for fault in verify_file(target).faults if "pair" not in fault.what and "request" not in fault.what]
    captures = [entry for entry in archived(target) if entry.capture is not None]
    assert {entry.capture.url for entry in captures if entry.capture} == {"http://a.example/"}
    assert {entry.payload() for entry in captures} == {b"<p>hi"}


def test_a_readable_warc_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "plain.warc").write_bytes(WARC)
    assert foreign.unreadable(tmp_path / "plain.warc") is None
    assert foreign.name_of(tmp_path / "plain.warc") == "plain.warc"


@pytest.mark.parametrize("data", [b"", b"not an archive", b"five words like an ARC", gzip.compress(b"nor this"), b"\x1f\x8b\x08broken"])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "fake.warc.gz").write_bytes(data)
    if data:
        with pytest.raises(SetupError, match=r"fake\.warc\.gz"):
            foreign.unreadable(tmp_path / "fake.warc.gz")


def test_records_of_a_warc_are_copied_as_they_stand(tmp_path: Path) -> None:
    large = (
        warc(7)
        .replace(HTTP, HTTP + b"x" * 3_000_000)
        .replace(b"Content-Length: %d\r\n\r\nHTTP" % len(HTTP), b"content-length:  %d\r\n\r\nHTTP" % (len(HTTP) + 3_000_000))
    )
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(WARC + large))
    assert foreign.convert(tmp_path / "whole.warc.gz", tmp_path / "copy.warc.gz") == 4
    info, rest = gzip.decompress((tmp_path / "copy.warc.gz").read_bytes()).split(b"\r\n\r\n\r\n", 1)
    assert b"WARC-Type: warcinfo" in info
    assert rest.removeprefix(b"\r\n") == WARC + large
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("whole.warc.gz", "copy.warc.gz")] == []


def test_a_file_cut_short_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "cut.warc.gz").write_bytes(gzip.compress(WARC)[:-12])
    with pytest.raises(SetupError, match="not replayed"):
        foreign.convert(tmp_path / "cut.warc.gz", tmp_path / "copy.warc.gz")
    assert not (tmp_path / "copy.warc.gz").exists()
