"""From a page's bytes to its text: the charset by byte order mark, HTTP header, `meta`, XML declaration; checked against the bytes.

Source: Encoding Standard, and HTML Standard 13.2.3 (determining the character encoding).
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from crawler.parsers.encoding.charset_guess import fits, guessed
from crawler.parsers.encoding.charset_labels import REPLACEMENT
from crawler.parsers.encoding.codecs import decoded
from crawler.parsers.encoding.declared import declared

UTF8_SHARE = 0.8
"""Share of the signs beyond ASCII that must be whole UTF-8 for a text to be called so: less is another charset's chance hits."""
TELLING = 3
"""Signs of several bytes that make it certain that a text is UTF-8 although another charset is named."""
POOR = 0.5
"""How badly a charset must fit, by the commonest letters, before another is looked for in its place."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
"""The longer of two that begin alike first. Browsers know no UTF-32; feeds are written in it."""
_WIDE_STARTS = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"))
_REPLACED = "\ufffd"
_HIGH = bytes(range(0x80, 0x100))


def charset_decoded(data: bytes, headers: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    """Text of a page, and the problems met; see `charset_read`."""
    return charset_read(data, headers)[:2]


def charset_read(data: bytes, headers: Sequence[tuple[str, str]]) -> tuple[str, list[str], str]:
    """Text of a page.

    A byte order mark wins, then the HTTP header, the first `meta` that browsers would believe, the XML declaration; each only where its
    label is known. Text that is UTF-8 beyond doubt is read so whatever is named; where the bytes are not what is named, another name
    that fits better is taken. A few broken bytes do not make a text another charset's.

    Returns:
        The text, the problems met, and the codec: that of the page's queries too, so for ASCII the one that is named.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), [], encoding
    named = declared(data, headers)
    readable = [codec for codec in named if codec != REPLACEMENT]
    text, problems, codec = _by_names(data, readable)
    return text, problems if len(readable) == len(named) else [*problems, "charset: one is named that cannot be read"], codec


def _by_names(data: bytes, named: list[str]) -> tuple[str, list[str], str]:
    """Text without a byte order mark, by the codecs that are named and by what the bytes are."""
    if wide := _wide(data, named):
        return data.decode(wide, "replace"), [], wide
    named = [codec for codec in named if not codec.startswith("utf-16")]
    if data.isascii() and not (named and _escaped(named[0], data)) and b"\x1b$" not in data:
        return data.decode("ascii"), [], named[0] if named else "utf-8"
    text = data.decode("utf-8", "replace")
    replaced = text.count(_REPLACED)
    broken = replaced - data.count(b"\xef\xbf\xbd") if replaced else 0
    if named and named[0] != "utf-8":
        if not broken and _foreign(data, text) >= TELLING and not _escaped(named[0], data):
            return text, [f"charset: {_name(named[0])} named, is utf-8"], "utf-8"
        return _legacy(data, named)
    if not broken and b"\x1b$" not in data:
        return text, [], "utf-8"
    whole = _foreign(data, text) - replaced
    if whole and whole >= UTF8_SHARE * (whole + broken):
        return text, ["charset: broken bytes in utf-8"], "utf-8"
    others = [codec for codec in named if codec != "utf-8"]
    if others:
        return _legacy(data, others)
    codec = guessed(data)
    if named and codec is None:
        return text, ["charset: bytes that are no utf-8"], "utf-8"
    said = "utf-8 named" if named else "none named"
    problem = f"charset: {said}, {_name(codec or 'cp1252')} {'found' if codec else 'assumed'}"
    return decoded(data, codec or "cp1252"), [problem], codec or "cp1252"


def _wide(data: bytes, named: Sequence[str]) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, told by where the zero bytes of its markup and blanks lie; None where it is none."""
    if wide := next((codec for first, codec in _WIDE_STARTS if data.startswith(first)), None):
        return wide
    start = data[:400]
    low, high = start[1::2].count(0), start[::2].count(0)
    expected = 0.02 if named and named[0].startswith("utf-16") else 0.1
    if low + high < max(1, expected * len(start)) or min(low, high) * 10 > max(low, high):
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _legacy(data: bytes, named: Sequence[str]) -> tuple[str, list[str], str]:
    """Text in a charset of one language or family: the first named, unless the letters speak for another."""
    codec = named[0]
    problems: list[str] = []
    fitting = fits(data, codec)
    if fitting is None or fitting < POOR:
        # Western Europe's is what servers name by default: another that the page itself names, and that fits, is meant.
        later = [name for name in named[1:] if (fits(data, name) or 0) >= 1]
        other = later[0] if later else guessed(data) if fitting is not None else None
        if other and other != codec and (fits(data, other) or 0) >= 1:
            problems.append(f"charset: {_name(codec)} named, {_name(other)} found")
            codec = other
    text = decoded(data, codec)
    if _REPLACED in text and _REPLACED.encode() not in data:
        problems.append(f"charset: bytes that are no {_name(codec)}")
    return text, problems, codec


def _foreign(data: bytes, text: str) -> int:
    """How many signs of a text are not ASCII."""
    return len(text) - len(data.translate(None, _HIGH))


def _escaped(codec: str, data: bytes) -> bool:
    """Whether the text is in a charset of seven bits, which is UTF-8, too, and means something else."""
    return codec in ("iso2022-jp", "iso2022-kr", "hz") and (b"\x1b" in data or b"~{" in data)


def _name(codec: str) -> str:
    return "windows-" + codec[2:] if codec.startswith("cp12") or codec == "cp874" else codec
