"""HTTP/1.1 heads and body framing: tolerant, byte-exact, no I/O.

Source: RFC 9110, RFC 9112. If a peer breaks them, the bytes are kept and `problem` tells how.
"""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

from crawler.items import Headers

MAX_HEAD_BYTES = 256 * 1024
MAX_HEADER_LINE_BYTES = 64 * 1024
MAX_HEADER_COUNT = 256

HARMLESS = frozenset(
    {"no blank behind the status code", "status outside 100 to 599", "Content-Length more than once", "204 with Content-Length 0"}
)
"""Problems of a head that leave the end of its response certain."""

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_VALID_HEAD = re.compile(
    rb"HTTP/1\.[01] [1-5][0-9][0-9] [\t -~\x80-\xff]*+\r\n"
    rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t -~\x80-\xff]*+\r\n)*+(?:\r\n)?"
)
_VALID_STATUS_LINE = re.compile(rb"HTTP/[0-9]\.[0-9] [0-9]{3} .*", re.DOTALL)
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# RFC 9112 section 4 lets a recipient take any white space for the blank; HTTP/2, http/1.1 and no version at all are what clients take.
_STATUS_LINE = re.compile(rb"HTTP(?:/([0-9]{1,3})(?:\.([0-9]{1,3}))?)?[ \t\x0b\x0c\r]+([0-9]{3})(?![0-9])(.*)", re.DOTALL | re.IGNORECASE)
_STORED_STATUS_LINE = re.compile(rb"^(?:HTTP(?:/[^ \t]{0,20})?|ICY)[ \t]+(\d{3})(?![0-9])[ \t]*(.*)$", re.DOTALL | re.IGNORECASE)
_VERSION = re.compile(rb"HTTP/(\d(?:\.\d)?)[ \t]", re.IGNORECASE)
# Any number of leading zeros; 18 digits beyond them.
_LENGTH = re.compile(r"0*+[0-9]{1,18}|0+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")

Framing = Literal["none", "length", "chunked", "close"]


@frozen(kw_only=True)
class Head:
    """A parsed head; `status` is None unless it is that of a response."""

    start_line: str
    status: int | None
    reason: str
    version: str
    """`1.1`, `1.0`; empty if the first line is no status line or names none."""
    fields: Headers
    """Names and values in order, latin-1; folded lines joined by one blank."""
    problem: str | None = None


def head_end(data: bytes | bytearray, start: int = 0) -> int:
    """The offset behind the blank line of a head, or -1 without one.

    Args:
        data: Bytes received so far.
        start: Offset to search from: three bytes before the end of the last search.

    >>> head_end(b"HTTP/1.1 200 OK\\r\\n\\r\\nbody")
    19
    """
    found = _HEAD_END.search(data, start)
    return found.end() if found else -1


def parse_head(data: bytes, *, stored: bool = False) -> Head:
    """Parse a head; never raises, tells faults in `problem`.

    Args:
        data: Start line, header lines and blank line, line ends CRLF or LF.
        stored: From an archive, whose writer may have made the status line itself: `HTTP/2 200` is taken, too.

    >>> parse_head(b"HTTP/1.1 200 Tout Va Bien\\r\\nX-Odd-CASE: 1\\r\\n\\r\\n").fields
    (('X-Odd-CASE', '1'),)
    """
    if _VALID_HEAD.fullmatch(data):
        return _valid_head(data, stored)
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    first = lines[0] if lines else b""
    status, version, reason = _status(first, stored)
    problems = _problems(data, lines, status, version)
    return Head(
        start_line=_text(first),
        status=status,
        reason=_text(reason),
        version=version,
        fields=_fields(lines[1:]),
        problem="; ".join(dict.fromkeys(problems)) or None,
    )


def _valid_head(data: bytes, stored: bool) -> Head:
    """Parse a head without fault: each line is a name, a colon, a value."""
    first, *lines = data.decode("latin-1").split("\r\n")
    status, version, reason = _status(first.encode("latin-1"), stored)
    fields = [(name, value.strip(" \t")) for name, colon, value in (line.partition(":") for line in lines) if colon]
    return Head(start_line=first, status=status, reason=_text(reason), version=version, fields=Headers(fields))


def may_begin(start: bytes) -> bool:
    """True if up to five bytes may begin a status line: `HTTP/` or `HTTP `."""
    return b"HTTP/".startswith(start.upper()) or (start[:4].upper() == b"HTTP" and start[4:] in (b" ", b"\t"))


def problem_of_part(data: bytes) -> str | None:
    """The problem of an incomplete head, by its whole lines and a folded last one."""
    stop = data.rfind(b"\n") + 1
    lines = (data if data[stop : stop + 1] in (b" ", b"\t") else data[:stop]).lstrip(b"\r\n")
    return parse_head(lines).problem if lines else None


def other_protocol(start: bytes) -> str:
    """The protocol of a server by its first bytes, in words; empty if unknown.

    HTTP/2 begins with a SETTINGS or GOAWAY frame (RFC 9113, 3.4), TLS with an alert.
    """
    if len(start) >= 9 and start[0] == 0 and start[3] in (4, 7) and start[5:9] == b"\0\0\0\0":
        return ", the server speaks only HTTP/2"
    return ", the server speaks TLS here" if start[:2] == b"\x15\x03" else ""


def _fields(lines: list[bytes]) -> Headers:
    """Names and values, folded lines joined; other lines are dropped with their folds."""
    fields: list[tuple[str, str]] = []
    whole = False
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            if whole:
                last, value = fields[-1]
                fields[-1] = (last, f"{value} {_text(line.strip())}".strip())
            continue
        name, colon, rest = line.partition(b":")
        name = name.strip()
        whole = bool(colon and name)
        if whole:
            fields.append((_text(name), _text(rest.strip())))
    return Headers(fields)


def _problems(data: bytes, lines: list[bytes], status: int | None, version: str) -> list[str]:
    """Problems of a head, in the order of RFC 9112."""
    found: list[str] = []
    first = lines[0] if lines else b""
    if first and not _VALID_STATUS_LINE.fullmatch(first):
        missing = status is not None and _VALID_STATUS_LINE.fullmatch(first + b" ")
        found.append("no blank behind the status code" if missing else "status line")
    if version not in ("", "1.0", "1.1"):
        found.append(f"HTTP version {version}")
    if status is not None and not 100 <= status < 600:
        found.append("status outside 100 to 599")
    if data.count(b"\n") != data.count(b"\r\n"):
        found.append("bare LF")
    if _CONTROL.search(b"\n".join(lines)):
        found.append("control character in the head")
    return found + [problem for line in lines[1:] for problem in line_problems(line)]


def line_problems(line: bytes) -> list[str]:
    """Problems of one header or trailer line, but for control characters.

    >>> line_problems(b"X Y : z")
    ['white space around a header name', 'header name that is no token']
    """
    if line[:1] in (b" ", b"\t"):
        return ["folded header line"]
    name, colon, _ = line.partition(b":")
    bare = name.strip()
    if not colon or not bare:
        return ["header line without a name" if colon else "header line without a colon"]
    found = ["white space around a header name"] if bare != name else []
    return found if _TOKEN.fullmatch(bare) else [*found, "header name that is no token"]


def _status(line: bytes, stored: bool) -> tuple[int | None, str, bytes]:
    """Status, version and reason phrase of a status line; status None if it is none."""
    if stored and (found := _STORED_STATUS_LINE.match(line)):
        said = _VERSION.match(line)
        return int(found[1]), _text(said[1]) if said else "", found[2]
    if found := _STATUS_LINE.fullmatch(line):
        version = ".".join(str(int(number)) for number in found.groups()[:2] if number)
        reason = found[4]
        return int(found[3]), version, reason[1:] if reason.startswith((b" ", b"\t")) else reason
    return None, "", b""


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def response_framing(head: Head, method: str) -> tuple[Framing, int, str | None]:
    """Delimitation of the body of a response.

    Returns:
        The framing, the length in bytes for framing `length` (else 0), and a problem or None.
    Source: RFC 9112 section 6.3.
    """
    codings = [coding.lower() for coding in head.fields.elements("transfer-encoding")]
    lengths = head.fields.elements("content-length")
    framing, length, problem = _by_coding(codings, lengths) if codings else _by_length(lengths)
    early = head.status is not None and (100 <= head.status < 200 or head.status == 204)
    if codings or early:
        problem = "; ".join(filter(None, [problem, *_misplaced(head, codings, lengths, early=early)])) or None
    if early or head.status == 304 or method == "HEAD":
        return "none", 0, problem
    return framing, length, problem


def _misplaced(head: Head, codings: list[str], lengths: list[str], *, early: bool) -> list[str]:
    """Breaches of RFC 9112 section 6 by Content-Length and Transfer-Encoding.

    Args:
        early: The status allows no body: 1xx or 204.
    """
    found = []
    if codings and lengths:
        found.append("both Content-Length and Transfer-Encoding")
    if codings and head.version in ("0.9", "1.0"):
        found.append(f"Transfer-Encoding in HTTP/{head.version}")
    if "" in codings and len(codings) > 1:
        found.append("empty element in Transfer-Encoding")
    if early and (codings or lengths):
        found.append(f"{head.status} with {'Transfer-Encoding' if codings else f'Content-Length {lengths[0][:20]}'}")
    return found


def _by_coding(elements: list[str], lengths: list[str]) -> tuple[Framing, int, str | None]:
    """Framing, length and problem by Transfer-Encoding; by Content-Length if it names no coding."""
    codings = [element for element in elements if element]
    if codings == ["chunked"]:
        return "chunked", 0, None
    if not codings:
        return _by_length(lengths)
    problem = f"transfer coding {', '.join(codings)[:80]}"
    if codings == ["identity"]:
        framing, length, more = _by_length(lengths)
        return framing, length, f"{problem}; {more}" if more else problem
    # Only chunked as the last coding delimits the body.
    return ("chunked" if codings[-1] == "chunked" else "close"), 0, problem


def _by_length(lengths: list[str]) -> tuple[Framing, int, str | None]:
    """Framing, length and problem by Content-Length; equal repeated values count as one."""
    values = [length for length in lengths if length] or lengths
    if not values:
        return "close", 0, None
    wrong = next((value for value in values if not _LENGTH.fullmatch(value)), None)
    if wrong is not None:
        return "close", 0, f"Content-Length {wrong[:40]!r}"
    length = int(values[0][-18:])
    if any(int(value[-18:]) != length for value in values[1:]):
        return "close", 0, "Content-Lengths that differ"
    return "length", length, "Content-Length more than once" if len(lengths) > 1 else None
