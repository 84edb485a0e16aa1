"""Heads and fields of records: what is written is read back, no value starts a line of its own, dates of every writer are read."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.digest import base32, canonical_digest, digest_bytes, same_digest
from crawler.warc.fetch_metadata import read_facts, tells_ours
from crawler.warc.headers import (
    bare,
    header_uri,
    read_date,
    read_fields,
    read_head,
    read_value,
    uri_of_bytes,
    write_date,
    write_fields,
    write_head,
)

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Co", "Cn"]), max_size=30)


@given(st.lists(st.tuples(NAMES, LINES), max_size=6), st.binary(max_size=20))
def test_a_head_is_read_back_as_it_was_written(fields: list[tuple[str, str]], behind: bytes) -> None:
    data = write_head(fields)
    found = read_head(data + behind)
    assert found is not None
    head, length = found
    assert length == len(data)
    assert [tuple(pair) for pair in head] == fields


@pytest.mark.parametrize("value", ["a\r\nWARC-Type: forged", "a\nb", "\x00", "a\tb", "\u2028", "\u202e", "\x7f"])
def test_a_value_that_would_be_a_line_of_its_own_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="WARC-Target-URI: control character in"):
        write_head([("WARC-Target-URI", value)])


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"WARC/1.1\r\nA: 1\r\n\r\nblock", [("A", "1")]),
        (b"WARC/1.0\nA: 1\nB: 2\n\nblock", [("A", "1"), ("B", "2")]),
        (b"WARC/0.18\r\nA: 1\r\n\r\n", [("A", "1")]),
        (b"WARC/1.1\r\r\nA: 1\r\r\n\r\r\nblock", [("A", "1")]),
        (b"WARC/1.1\r\nA: one\r\n two\r\n\tthree\r\n\r\n", [("A", "one two three")]),
        (b"WARC/1.1\r\nA:1\r\nno colon\r\n: no name\r\nB :  2  \r\n\r\n", [("A", "1"), ("B", "2")]),
        (b"WARC/1.1\r\nA: caf\xe9\r\n\r\n", [("A", "café")]),
        ("WARC/1.1\r\nA: café\r\n\r\n".encode(), [("A", "café")]),
        (b"WARC/1.1\r\n\r\n", []),
        (b"WARC/1.1\r\nA:\r\nA: again\r\n\r\n", [("A", ""), ("A", "again")]),
    ],
)
def test_heads_as_others_write_them(data: bytes, fields: list[tuple[str, str]]) -> None:
    found = read_head(data)
    assert found is not None
    assert [tuple(pair) for pair in found[0]] == fields
    assert data[found[1] :] in (b"", b"block")


@pytest.mark.parametrize("data", [b"", b"WARC/1.1\r\nA: 1\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"WARC\r\n\r\n", b"\r\n\r\nWARC/1.1\r\n\r\n", b"warc/1.1 " + b"x" * 100_000])
def test_what_is_no_whole_head_is_none(data: bytes) -> None:
    assert read_head(data) is None


VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_value_of_a_metadata_record_is_read_back(pairs: dict[str, str]) -> None:
    block = write_fields(pairs.items())
    assert read_facts(block).pairs == pairs
    assert block.count(b"\r\n") == len(pairs)


def test_of_a_field_that_comes_twice_the_first_counts_and_none_is_left_out() -> None:
    assert write_fields([("a", None), ("b", 7), ("c", "")]) == b'b: 7\r\nc: ""\r\n'
    facts = read_facts(b"role: story\r\nrole: feed\r\nattempt: 12\r\nbytes: 1e3\r\nlarge: 99999999999999999\r\n")
    assert (facts.text("role"), facts.number("attempt"), facts.number("bytes"), facts.number("large"), facts.number("none")) == ("story", 12, None, None, None)
    assert facts.role() == "story"
    assert read_facts(b"role: other\r\n").role() == "page"


@pytest.mark.parametrize(("block", "ours"), [(b"site: a\r\nrole: story\r\nkey: k\r\n", True), (b"site: a\r\nrole: story\r\n", False), (b"", False)])
def test_metadata_of_ours(block: bytes, ours: bool) -> None:
    assert read_facts(block).ours is ours


def test_a_warcinfo_of_ours_tells_how_chunked_payloads_are_digested() -> None:
    assert tells_ours(read_facts(b"software: x\r\nchunkedPayloadDigest: spec\r\n"))
    assert not tells_ours(read_facts(b"software: Heritrix\r\n"))


@pytest.mark.parametrize(("value", "read"), [('"', '"'), ('"unclosed', '"unclosed'), ('"a\\nb"', "a\nb"), ('""', ""), ("plain", "plain"), ('"a" b', '"a" b')])
def test_a_value_that_only_looks_quoted_is_kept(value: str, read: str) -> None:
    assert read_value(value) == read


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://a.example/", "http://a.example/"), ("http://a.example/x y", "http://a.example/x%20y"), ("http://a.example/<b>", "http://a.example/%3Cb%3E"),
        ("http://a.example/é?q=ü#f", "http://a.example/%C3%A9?q=%C3%BC#f"), ("http://a.example/%20", "http://a.example/%20"), ("a\r\nb", "a%0D%0Ab"), ("\ud800", "%ED%A0%80"),
        ("http://[::1]/|{}^`\"\\", "http://[::1]/|{}^`\"\\"),
    ],
)  # fmt: skip
def test_addresses_in_a_head_are_printable(url: str, written: str) -> None:
    found = header_uri(url)
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found
    if not set(url) & set("|{}^`\"\\"):
        assert found == written


def test_bytes_of_an_old_address_keep_their_charset() -> None:
    assert uri_of_bytes(b"http://a.example/\xfc x") == "http://a.example/%FC%20x"
    assert uri_of_bytes(b"http://a.example/\xfc x", blanks=True) == "http://a.example/%FC x"


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_dates_are_read_back_to_the_microsecond(time: datetime, minutes: int) -> None:
    aware = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_date(write_date(aware)) == aware


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2016", "2016-01-01T00:00:00"), ("2016-09", "2016-09-01T00:00:00"), ("2016-09-19", "2016-09-19T00:00:00"), ("2016-09-19T17:20Z", "2016-09-19T17:20:00"),
        ("2016-09-19T17:20:24Z", "2016-09-19T17:20:24"), ("2016-09-19T17:20:24.123456789Z", "2016-09-19T17:20:24.123456"), ("2016-09-19T19:20:24+02:00", "2016-09-19T17:20:24"),
        ("20160919172024", "2016-09-19T17:20:24"), ("20160919172024123", "2016-09-19T17:20:24"), ("201609", "2016-09-01T00:00:00"), (" 2016-09-19t17:20:24z ", "2016-09-19T17:20:24"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"), ("Mon, 19 Sep 2016 17:20:24 GMT", "2016-09-19T17:20:24"), ("2016-09-19 17:20:24", "2016-09-19T17:20:24"),
    ],
)  # fmt: skip
def test_dates_as_others_write_them(text: str, date: str) -> None:
    assert read_date(text) == datetime.fromisoformat(date).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "", "never", "2016-13-01", "2016-09-31", "99999999999999", "0000", "2016-09-19T25:00:00Z", "1"])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(("value", "uri"), [("<urn:uuid:1>", "urn:uuid:1"), ("urn:uuid:1", "urn:uuid:1"), (" <x> ", "x"), ("<>", None), ("", None), (None, None), ("<x", "x")])
def test_addresses_in_angle_brackets(value: str | None, uri: str | None) -> None:
    assert bare(value) == uri


@given(st.binary(min_size=1, max_size=64))
def test_base32_is_that_of_the_standard_library(data: bytes) -> None:
    assert base32(data) == base64.b32encode(data).decode().rstrip("=")


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha512"])
@given(data=st.binary(max_size=20))
def test_one_digest_in_each_spelling_is_the_same_and_no_other_is(name: str, data: bytes) -> None:
    raw, other = hashlib.new(name, data).digest(), hashlib.new(name, data + b"x").digest()
    spellings = [raw.hex(), raw.hex().upper(), base64.b32encode(raw).decode(), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")]
    assert all(same_digest(written, raw) and not same_digest(written, other) for written in spellings)
    assert {digest_bytes(written, len(raw)) for written in spellings} == {raw}
    assert len({canonical_digest(f"{name}:{written}") for written in spellings}) == 1


@given(st.text(max_size=80))
def test_no_written_digest_raises(written: str) -> None:
    canonical_digest(written)
    same_digest(written, b"\x00" * 20)
    digest_bytes(written, 20)
    read_fields(written.encode("utf-8", "surrogatepass"))
