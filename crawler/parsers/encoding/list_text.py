"""Text of a feed or sitemap, from bytes, within limits."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from attrs import frozen

from crawler.items import Headers
from crawler.parsers.encoding.charset import charset_decoded
from crawler.parsers.encoding.charset_guess import guessed
from crawler.parsers.encoding.charset_labels import codec_of
from crawler.parsers.encoding.inflate import GZIP_MAGIC, gunzip

MAX_GZIP_MEMBERS = 64
MAX_GZIP_LAYERS = 3
"""A file that was compressed again by a server that compresses all it sends."""

_STARTS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip
"""Byte order marks, and a `<` without one; the longer of two that begin alike first."""
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]{1,40})""", re.IGNORECASE)
_SEVEN_BITS = 48 * 1024
"""Bytes in which escapes of a charset of seven bits are looked for, if none is named."""
_FIRST_MARK = 0x10F700
"""A private character that no text has: with the number of a byte added it stands for that byte, which is no part of any character."""
_MARKS = re.compile(f"[{chr(_FIRST_MARK + 0x80)}-{chr(_FIRST_MARK + 0xFF)}]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


@frozen
class ListText:
    """Text of a list, with the bytes of its characters."""

    text: str
    guess: str | None = None
    """The codec, if it was guessed."""
    marked: bool = False
    """True if bytes that are no UTF-8 stand in it as marks."""

    def shown(self, words: str) -> str:
        """Text for display: bytes that are no UTF-8 as Western characters."""
        return _MARKS.sub(lambda mark: bytes([ord(mark[0]) - _FIRST_MARK]).decode("cp1252", "replace"), words) if self.marked else words

    def address(self, words: str) -> str:
        """Text of an address, with the bytes of the document."""
        if self.marked:
            return _MARKS.sub(lambda mark: f"%{ord(mark[0]) - _FIRST_MARK:02X}", words)
        if self.guess and not words.isascii():
            codec = self.guess
            return _FOREIGN.sub(lambda part: "".join(f"%{byte:02X}" for byte in part[0].encode(codec, "replace")), words)
        return words


def list_text(data: bytes, charset: str | None = None) -> tuple[ListText, list[str]]:
    """Decode a list: byte order mark, the charset of HTTP, the XML declaration, a guess.

    Args:
        data: The document, inflated.
        charset: What the Content-Type names.
    Returns:
        The text, and the problems met.
    """
    for start, wide in _STARTS:
        if data.startswith(start):
            return ListText(data.decode(wide, "replace").lstrip("\ufeff")), []
    declared = _DECLARED.match(data[:1024])
    labels = [charset or "", declared[1].decode("ascii", "replace") if declared else ""]
    named = [codec for label in labels if (codec := codec_of(label))]
    foreign = any(codec != "utf-8" and not codec.startswith("utf-16") for codec in named)
    if foreign or b"\0" in data[:400] or b"\x1b$" in data[:_SEVEN_BITS]:
        text, problems = charset_decoded(data, (("content-type", f"text/xml; charset={charset}"),) if charset else ())
        return ListText(text), problems
    try:
        return ListText(data.decode("utf-8")), []
    except UnicodeDecodeError:
        return _unnamed(data)


def charset_named(headers: Sequence[tuple[str, str]]) -> str | None:
    """The charset of the Content-Type, or None."""
    found = _HEADER_CHARSET.search(Headers(headers).joined("content-type"))
    return found[1] if found else None


def _unnamed(data: bytes) -> tuple[ListText, list[str]]:
    """Decode bytes that are no UTF-8, and for which no charset is named."""
    text, problems = charset_decoded(data, ())
    if "\ufffd" not in text:
        found = guessed(data) or "cp1252"
        return ListText(text, guess=found), problems
    return ListText(data.decode("utf-8", _MARKED), marked=True), problems or ["charset: bytes that are no utf-8"]


def list_bytes(data: bytes, most: int) -> tuple[bytes, list[str]]:
    """Inflate a list if it is a gzip file; returns the problems met, too."""
    problems: list[str] = []
    for _ in range(MAX_GZIP_LAYERS):
        if not data.startswith(GZIP_MAGIC):
            break
        data, problem = gunzip(data, most, max_members=MAX_GZIP_MEMBERS)
        problems += [f"gzip: {problem}"] if problem else []
    if len(data) > most:
        problems.append(f"over {most} bytes: the rest not read")
        data = data[:most]
    return data, problems


_MARKED = "list-byte-marked"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_FIRST_MARK + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_MARKED, _mark)
