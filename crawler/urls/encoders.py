"""Encoders of the charsets of pages, for what a page's links and forms send back.

Source: Encoding Standard (WHATWG), encoders, error mode "html". Python's codecs with the signs in which browsers differ.
"""

from __future__ import annotations

from functools import cache

_UTF8_ONLY = frozenset({"utf-16-le", "utf-16-be", "utf-16", "hz", "iso2022-kr"})
"""Codecs of pages whose queries are sent as UTF-8: the standard has no encoder for them."""
_LIKE_ASCII = {"\u00a5": "\\", "\u203e": "~"}
_SINGLE = {
    ("koi8-u", "ў"): b"\xae", ("koi8-u", "Ў"): b"\xbe", ("koi8-u", "╝"): b"", ("koi8-u", "╬"): b"", ("cp1255", "\u05ba"): b"\xca",
}  # fmt: skip
"""Signs for which browsers have another byte than Python's codec; without a byte where they have none."""


def encoded(text: str, codec: str) -> bytes:
    """Encode as browsers do.

    Args:
        codec: A Python codec, by its name as in the table of labels; an unknown one is UTF-8.
    Returns:
        What the charset lacks as an escaped decimal reference: `%26%238224%3B`.

    >>> encoded("Иran †", "koi8-r"), encoded("新", "cp932"), encoded("é", "utf-16-le")
    (b'\\xe9ran %26%238224%3B', b'\\x90V', b'\\xc3\\xa9')
    """
    if codec in _UTF8_ONLY or not _is_codec(codec):
        return text.encode()
    if codec == "iso2022-jp":
        return _iso2022_jp(text)
    return b"".join([_one(character, codec) or _reference(character) for character in text])


def _reference(character: str) -> bytes:
    return b"%%26%%23%d%%3B" % ord(character)


@cache
def _is_codec(name: str) -> bool:
    try:
        "a".encode(name)
    except LookupError:
        return False
    return True


def _one(character: str, codec: str) -> bytes:
    """The bytes of one sign; none where the charset lacks it."""
    if character.isascii():
        return character.encode()
    if codec == "euc-jp":
        return _euc_jp(character)
    if codec == "cp932":
        character = _LIKE_ASCII.get(character, character)
    elif codec in ("gbk", "gb18030") and character in "€\ue5e5":
        return b"" if character == "\ue5e5" else b"\x80" if codec == "gbk" else b"\xa2\xe3"
    if (codec, character) in _SINGLE:
        return _SINGLE[codec, character]
    try:
        data = character.encode("gb18030" if codec == "gbk" else codec)
    except UnicodeEncodeError:
        return _open_byte(character, codec)
    if (codec == "gbk" and len(data) == 4) or (codec == "big5hkscs" and data[0] < 0xA1):
        return b""
    return data


def _open_byte(character: str, codec: str) -> bytes:
    """A control sign as the byte of that number, where the charset gives it to nothing else."""
    if not ("\x80" <= character <= "\x9f") or not codec.startswith(("cp12", "cp874", "cp932")):
        return b""
    byte = character.encode("latin-1")
    try:
        byte.decode(codec)
    except UnicodeDecodeError:
        return b"" if codec == "cp932" and character != "\x80" else byte
    return b""


@cache
def _jis_pairs() -> dict[str, bytes]:
    """The signs of JIS X 0208 and of NEC's rows, each with its row and cell, from 0x21 on."""
    found: dict[str, bytes] = {}
    for pointer in range(94 * 94):
        row, cell = divmod(pointer, 94)
        lead = row // 2 + (0x81 if row < 62 else 0xC1)
        trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)
        character = bytes([lead, trail]).decode("cp932", "ignore")
        if character and character not in found:
            found[character] = bytes([row + 0x21, cell + 0x21])
    found["\u2212"] = found["\uff0d"]
    return found


def _euc_jp(character: str) -> bytes:
    if character in _LIKE_ASCII:
        return _LIKE_ASCII[character].encode()
    if "\uff61" <= character <= "\uff9f":
        return bytes([0x8E, ord(character) - 0xFF61 + 0xA1])
    return bytes(byte | 0x80 for byte in _jis_pairs().get(character, b""))


def _iso2022_jp(text: str) -> bytes:
    """ISO-2022-JP: escape sequences switch between ASCII, JIS X 0201 and JIS X 0208."""
    out, state = b"", b"(B"
    for character in text:
        if character in "\x0e\x0f\x1b":
            character = "\ufffd"
        character = _HALF_WIDTH.get(character, character)
        if character.isascii():
            wanted, data = (state if state == b"(J" and character not in "\\~" else b"(B"), character.encode()
        elif character in _LIKE_ASCII:
            wanted, data = b"(J", _LIKE_ASCII[character].encode()
        elif pair := _jis_pairs().get(character):
            wanted, data = b"$B", pair
        else:
            wanted, data = (b"(B" if state == b"$B" else state), _reference(character)
        out += (b"\x1b" + wanted if wanted != state else b"") + data
        state = wanted
    return out + (b"\x1b(B" if state != b"(B" else b"")


_HALF_WIDTH = dict(
    zip(
        map(chr, range(0xFF61, 0xFFA0)),
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜",
        strict=True,
    )
)
