"""Encoders for a page's charset, as browsers use them for queries of links.

Source: Encoding Standard, encoders, error mode "html". The tables are those of `charset_codecs`, turned round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial

from crawler.parsers.encoding.codecs import REPLACED, decoded

Encoder = Callable[[str], bytes]

_UTF8 = frozenset({"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "hz", "iso2022-kr", "replacement"})
"""Codecs of pages whose queries are sent as UTF-8: the standard has no other encoder for them."""
_DOUBLE = {"euc-jp": 0xA1, "cp932": 0x81, "cp949": 0x81, "gbk": 0x81, "gb18030": 0x81, "big5hkscs": 0xA1}
"""The first byte from which on pairs of a charset are written; signs of Hong Kong below it are read only."""
_LAST_OF_BIG5 = "\u2550\u255e\u2561\u256a\u5341\u5345"
_LIKE_ASCII = {"\u00a5": b"\\", "\u203e": b"~"}
_NOT_WRITTEN = frozenset([0xED, 0xEE, *range(0xF0, 0xFA)])
"""First bytes of rows of Shift_JIS that are read only: NEC's copies of IBM's signs, and private ones."""


@cache
def encoder_of(codec: str) -> Encoder | None:
    """The encoder for a codec of `charset_labels`; None if queries are sent as UTF-8.

    What the charset lacks comes out as an escaped decimal reference.

    >>> encoder_of("koi8-r")("Иran †"), encoder_of("cp932")("新"), encoder_of("utf-16-le")
    (b'\\xe9ran %26%238224%3B', b'\\x90V', None)
    """
    if codec in _UTF8:
        return None
    return _iso2022_jp if codec == "iso2022-jp" else partial(_encoded, codec)


def _encoded(codec: str, text: str) -> bytes:
    table = _table(codec)
    return b"".join([
        character.encode() if character.isascii() else table.get(character) or _other(codec, character) for character in text
    ])  # fmt: skip


def _other(codec: str, character: str) -> bytes:
    """Encode a sign without a pair of bytes, or a private sign of GBK."""
    if codec not in ("gbk", "gb18030") or character == "\ue5e5":
        return _reference(character)
    data = b"\x81\x35\xf4\x37" if character == "\ue7c7" else character.encode("gb18030")
    return data if len(data) == 2 or codec == "gb18030" else _reference(character)


def _reference(character: str) -> bytes:
    return b"%%26%%23%d%%3B" % ord(character)


@cache
def _table(codec: str) -> dict[str, bytes]:
    """The bytes of every sign beyond ASCII; of several the first."""
    found: dict[str, bytes] = {}
    for data in _codes(codec):
        character = decoded(data, codec)
        if (
            len(character) == 1
            and character != REPLACED
            and (character not in found or (codec == "big5hkscs" and character in _LAST_OF_BIG5))
        ):
            found[character] = data
    if codec in ("euc-jp", "cp932"):
        found |= {**_LIKE_ASCII, "\u2212": found["\uff0d"]}
    if codec == "gbk":
        found["€"] = b"\x80"
    if codec == "gb18030":
        found["€"] = b"\xa2\xe3"
    return found


def _codes(codec: str) -> Iterator[bytes]:
    """Byte sequences that may be one sign, in the order of the standard's index."""
    yield from (bytes([byte]) for byte in range(0x80, 0x100))
    if codec in _DOUBLE:
        least = 0xA1 if codec == "euc-jp" else 0x40
        first = [byte for byte in range(_DOUBLE[codec], 0xFF) if codec != "cp932" or byte not in _NOT_WRITTEN]
        first = [0x8E, *first] if codec == "euc-jp" else first
        yield from (bytes([lead, trail]) for lead in first for trail in range(least, 0xFF) if trail != 0x7F)


def _iso2022_jp(text: str) -> bytes:
    """Encode with escape sequences between ASCII, JIS X 0201 and JIS X 0208.

    The pairs are those of EUC-JP.
    """
    out, state = b"", b"(B"
    for character in text:
        if character in "\x0e\x0f\x1b":
            character = REPLACED
        if "\uff61" <= character <= "\uff9f":
            character = {"\uff9e": "\u309b", "\uff9f": "\u309c"}.get(character) or unicodedata.normalize("NFKC", character)
        pair = _table("euc-jp").get(character, b"")
        if character.isascii():
            wanted, data = (state if state == b"(J" and character not in "\\~" else b"(B"), character.encode()
        elif character in _LIKE_ASCII:
            wanted, data = b"(J", _LIKE_ASCII[character]
        elif len(pair) == 2:
            wanted, data = b"$B", bytes(byte & 0x7F for byte in pair)
        else:
            wanted, data = (b"(B" if state == b"$B" else state), _reference(character)
        out += (b"\x1b" + wanted if wanted != state else b"") + data
        state = wanted
    return out + (b"\x1b(B" if state != b"(B" else b"")
