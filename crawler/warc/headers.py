"""Heads of WARC records and `application/warc-fields`: written strictly, read tolerantly.

Source: WARC 1.1 (ISO 28500:2017) sections 4 and 5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import quote

from crawler.items import Headers

MAX_RECORD_HEAD_BYTES = 256 * 1024
RECORD_END = b"\r\n\r\n"

_URI_SAFE = "!#$%&'()*+,-./:;=?@[]^_`{|}~"
_VERSION = re.compile(rb"^WARC/\d{1,3}\.\d{1,3}[ \t]*$", re.IGNORECASE)
# Line ends that were translated twice.
_FIRST_LINE_BYTES = 24
_ODD_HEAD_END = re.compile(rb"\n\r+\n")
_DIGITS_ONLY = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\d{0,3}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)


def write_head(fields: Iterable[tuple[str, str]]) -> bytes:
    """A record head: version line, the fields in order, blank line.

    Raises:
        ValueError: A value holds a control character: it would start a header line of its own.
    """
    pairs = list(fields)
    lines = [f"{name}: {value}" for name, value in pairs]
    if not "".join(lines).isprintable():
        name, value = next((name, value) for name, value in pairs if not value.isprintable())
        raise ValueError(f"{name}: control character in {value!r}")
    return ("\r\n".join(["WARC/1.1", *lines]) + "\r\n\r\n").encode()


def read_head(data: bytes) -> tuple[Headers, int] | None:
    """Read a record head at the beginning of `data`.

    Returns:
        The fields in order and the length of the head, blank line included; None if `data` does not begin with a whole head.
    """
    end = _head_end(data)
    first, _, rest = data[:end].partition(b"\n")
    if not end or not _VERSION.match(first.rstrip(b"\r")):
        return None
    return Headers(read_fields(rest.rstrip(b"\r\n"))), end


def _head_end(data: bytes) -> int:
    """The offset behind the blank line, or 0 without one.

    Two searches for fixed bytes cost a tenth of one for a pattern.
    """
    crlf = data.find(b"\n\r\n", 0, MAX_RECORD_HEAD_BYTES)
    lf = data.find(b"\n\n", 0, crlf if crlf >= 0 else MAX_RECORD_HEAD_BYTES)
    first = data.find(b"\n", 0, _FIRST_LINE_BYTES)
    if first > 1 and data.startswith(b"\r\r", first - 2):
        odd = _ODD_HEAD_END.search(data, 0, MAX_RECORD_HEAD_BYTES)
        return odd.end() if odd else 0
    return lf + 2 if lf >= 0 else crlf + 3 if crlf >= 0 else 0


def read_fields(data: bytes) -> tuple[tuple[str, str], ...]:
    """Names and values of `Name: value` lines, folded lines joined; other lines are ignored."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\n " in text or "\n\t" in text:
        return _folded_fields(text)
    fields: list[tuple[str, str]] = []
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon and (name := name.strip()):
            fields.append((name, value.strip()))
    return tuple(fields)


def _folded_fields(text: str) -> tuple[tuple[str, str], ...]:
    fields: list[tuple[str, str]] = []
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            fields.append((name.strip(), value.strip()))
    return tuple(fields)


def write_fields(pairs: Iterable[tuple[str, str | int | None]]) -> bytes:
    """An `application/warc-fields` block, without values that are None.

    A value that one line cannot hold becomes a JSON string.

    >>> write_fields([("role", "story"), ("problem", "a\\nb"), ("story", None)])
    b'role: story\\r\\nproblem: "a\\\\nb"\\r\\n'
    """
    return "".join(f"{name}: {_one_line(str(value))}\r\n" for name, value in pairs if value is not None).encode()


def _one_line(value: str) -> str:
    plain = value.isprintable() and value and value == value.strip() and value[0] != '"'
    return value if plain else json.dumps(value)


def read_value(value: str) -> str:
    """Read a value as `write_fields` writes it.

    >>> read_value('"a\\\\nb"')
    'a\\nb'
    """
    if not value.startswith('"'):
        return value
    try:
        text = json.loads(value)
    except ValueError:
        return value
    return text if isinstance(text, str) else value


@lru_cache(maxsize=256)
def header_uri(url: str) -> str:
    """An address as WARC-Target-URI, percent-encoded outside printable ASCII, blanks and angle brackets too.

    Cached, since the records of an exchange share it.

    >>> header_uri("http://a.example/x y\\r\\nWARC-Type: é")
    'http://a.example/x%20y%0D%0AWARC-Type:%20%C3%A9'
    """
    return quote(url, safe=_URI_SAFE, errors="surrogatepass")


def uri_of_bytes(raw: bytes, *, blanks: bool = False) -> str:
    """The bytes of an address in an old file as WARC-Target-URI, percent-encoded.

    Args:
        blanks: Whether blanks may stay.

    >>> uri_of_bytes("http://a.example/ü x".encode("latin-1"))
    'http://a.example/%FC%20x'
    """
    return quote(raw, safe=_URI_SAFE + " " * blanks)


def write_date(date: datetime) -> str:
    """WARC-Date with microseconds.

    >>> write_date(datetime(2026, 11, 23, 20, 17, tzinfo=UTC))
    '2026-11-23T20:17:00.000000Z'
    """
    return date.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def write_timestamp(date: datetime) -> str:
    """A date in the 14 digits of CDXJ and of file names.

    >>> write_timestamp(datetime(2026, 11, 23, 20, 17, tzinfo=UTC))
    '20261123201700'
    """
    text = write_date(date)  # in a fifth of the time of strftime
    return text[:4] + text[5:7] + text[8:10] + text[11:13] + text[14:16] + text[17:19]


@lru_cache(maxsize=16)
def read_date(text: str | None) -> datetime | None:
    """Parse a WARC-Date, aware UTC, or None; cached, since records of a capture share theirs.

    Taken are the precisions of the W3C profile of ISO 8601 (year, month, day, minutes, seconds, fractions, with or without offset),
    the 14 digits of ARC files and replay tools, and the date of an HTTP header. A date of lower precision stands for its earliest moment.

    >>> read_date("2016-09").isoformat(), read_date("20160102030405").isoformat()
    ('2016-09-01T00:00:00+00:00', '2016-01-02T03:04:05+00:00')
    """
    word = (text or "").strip().upper().replace(":60", ":59")
    try:
        if found := _DIGITS_ONLY.fullmatch(word) or _MONTH.fullmatch(word):
            year, *rest = (int(part) for part in found.groups() if part is not None)
            return datetime(year, *(rest + [1, 1][len(rest) :]), tzinfo=UTC)  # type: ignore[arg-type, misc]
        date = datetime.fromisoformat(word) if word[:4].isdecimal() else parsedate_to_datetime(word)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, OverflowError, IndexError):
        return None


def bare(value: str | None) -> str | None:
    """A URI without angle brackets, or None if nothing is left."""
    text = (value or "").strip().removeprefix("<").removesuffix(">")
    return text or None
