"""Charset of a page, by byte order mark, HTTP header, `meta` or XML declaration.

Checked against the bytes.

Source: Encoding Standard, and HTML Standard 13.2.3 (determining the character encoding).
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

from attrs import frozen

from crawler.parsers.encoding.charset_guess import doubted, fits, guessed
from crawler.parsers.encoding.charset_labels import REPLACEMENT
from crawler.parsers.encoding.codecs import decoded
from crawler.parsers.encoding.declared import declared

UTF8_SHARE = 0.6
"""Share of the signs beyond ASCII that must be whole UTF-8 for a text to be called so: less is another charset's chance hits."""
TELLING = 3
"""Signs of several bytes that make it certain that a text is UTF-8 although another charset is named."""
MANY = 5
"""The same where some bytes are broken."""
WHOLE_SHARE = 0.75
"""Share of the signs beyond ASCII that must be whole UTF-8 where another charset is named."""
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
    """Decode a page; see `charset_read`.

    Returns:
        The text and the problems met.
    """
    return charset_read(data, headers)[:2]


def charset_read(data: bytes, headers: Sequence[tuple[str, str]]) -> tuple[str, list[str], str]:
    """Decode a page.

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


@frozen
class _Source:
    """Bytes without a byte order mark, and the codecs that are named for them."""

    data: bytes
    named: Sequence[str]

    @property
    def first(self) -> str | None:
        """The codec that is named first, UTF-16 left out: zeros tell that one."""
        return self.others[0] if self.others else None

    @cached_property
    def others(self) -> list[str]:
        """The codecs named, without UTF-16."""
        return [codec for codec in self.named if not codec.startswith("utf-16")]

    @property
    def escaped(self) -> bool:
        """True for escapes of the codec that is named, of seven bits."""
        return self.first is not None and _escaped(self.first, self.data)

    @cached_property
    def wide_escapes(self) -> bool:
        """True for escapes to sets of two bytes."""
        return b"\x1b" in self.data and b"\x1b$" in self.data

    @cached_property
    def whole(self) -> str | None:
        """The bytes read as UTF-8, or None if they are not."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @cached_property
    def utf8(self) -> str:
        """The bytes read as UTF-8, with U+FFFD for those that are not."""
        return self.data.decode("utf-8", "replace") if self.whole is None else self.whole

    @cached_property
    def replaced(self) -> int:
        """U+FFFD in the text read as UTF-8."""
        return self.utf8.count(_REPLACED)

    @cached_property
    def broken(self) -> int:
        """Places that are no UTF-8."""
        if self.whole is not None:
            return 0
        return self.replaced - self.data.count(b"\xef\xbf\xbd") if self.replaced else 0

    @cached_property
    def whole_signs(self) -> int:
        """Whole signs beyond ASCII in the text read as UTF-8."""
        return _count_foreign(self.data, self.utf8) - self.replaced

    @property
    def is_utf8(self) -> bool:
        """True for signs of several bytes, a few broken ones among them."""
        if not self.broken:
            return self.whole_signs >= TELLING
        return self.whole_signs >= MANY and self.whole_signs >= WHOLE_SHARE * (self.whole_signs + self.broken)


Decoded: TypeAlias = tuple[str, list[str], str]
"""Text, problems, codec."""


def _by_names(data: bytes, named: Sequence[str]) -> Decoded:
    """Decode bytes without a byte order mark by the first rule that applies."""
    source = _Source(data, named)
    return next((found for rule in _RULES if (found := rule(source)) is not None), None) or _as_guessed(source)


def _as_wide(source: _Source) -> Decoded | None:
    wide = _wide(source.data, source.named)
    return (source.data.decode(wide, "replace"), [], wide) if wide else None


def _as_ascii(source: _Source) -> Decoded | None:
    if not source.data.isascii() or source.escaped or source.wide_escapes:
        return None
    return source.data.decode("ascii"), [], source.first or "utf-8"


def _as_named(source: _Source) -> Decoded | None:
    """Decode by a named codec other than UTF-8, unless the bytes are UTF-8 beyond doubt."""
    first = source.first
    if first is None or first == "utf-8":
        return None
    if source.is_utf8 and not source.escaped:
        broken = ["charset: broken bytes in utf-8"] if source.broken else []
        return source.utf8, [f"charset: {_name(first)} named, is utf-8", *broken], "utf-8"
    return _legacy(source.data, source.others)


def _as_utf8(source: _Source) -> Decoded | None:
    return (source.utf8, [], "utf-8") if not source.broken and not source.wide_escapes else None


def _as_broken_utf8(source: _Source) -> Decoded | None:
    if source.whole_signs and source.whole_signs >= UTF8_SHARE * (source.whole_signs + source.broken):
        return source.utf8, ["charset: broken bytes in utf-8"], "utf-8"
    return None


def _as_named_later(source: _Source) -> Decoded | None:
    """Decode by a codec that is named behind UTF-8."""
    others = [codec for codec in source.others if codec != "utf-8"]
    return _legacy(source.data, others) if others else None


def _as_guessed(source: _Source) -> Decoded:
    codec = guessed(source.data)
    if source.others and codec is None:
        return source.utf8, ["charset: bytes that are no utf-8"], "utf-8"
    said = "utf-8 named" if source.others else "none named"
    problem = f"charset: {said}, {_name(codec or 'cp1252')} {'found' if codec else 'assumed'}"
    return decoded(source.data, codec or "cp1252"), [problem], codec or "cp1252"


_RULES = (_as_wide, _as_ascii, _as_named, _as_utf8, _as_broken_utf8, _as_named_later)


def _wide(data: bytes, named: Sequence[str]) -> str | None:
    """Recognise UTF-16 or UTF-32 by the places of the zero bytes of mark-up and blanks."""
    if wide := next((codec for first, codec in _WIDE_STARTS if data.startswith(first)), None):
        return wide
    start = data[:400]
    low, high = start[1::2].count(0), start[::2].count(0)
    expected = 0.02 if named and named[0].startswith("utf-16") else 0.1
    if low + high < max(1, expected * len(start)) or min(low, high) * 10 > max(low, high):
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _legacy(data: bytes, named: Sequence[str]) -> Decoded:
    """Decode by the codec named first, unless the letters speak for another."""
    codec, problems = named[0], list[str]()
    if other := _better(data, named):
        problems.append(f"charset: {_name(codec)} named, {_name(other)} found")
        codec = other
    text = decoded(data, codec)
    if _REPLACED in text and _REPLACED.encode() not in data:
        problems.append(f"charset: bytes that are no {_name(codec)}")
    return text, problems, codec


def _better(data: bytes, named: Sequence[str]) -> str | None:
    """The codec that fits the letters better than the first one named; or None.

    Western Europe's is what servers name by default: another that the page itself names, and that fits, is meant.
    """
    fitting = fits(data, named[0])
    if fitting is not None and fitting >= POOR:
        return None
    later = next((name for name in named[1:] if (fits(data, name) or 0) >= 1), None)
    if later is None and fitting is None:
        return doubted(data, named[0])
    other = later or guessed(data)
    return other if other and other != named[0] and (fits(data, other) or 0) >= 1 else None


def _count_foreign(data: bytes, text: str) -> int:
    """Count the signs of a text beyond ASCII."""
    return len(text) - len(data.translate(None, _HIGH))


def _escaped(codec: str, data: bytes) -> bool:
    """Test for the escapes of a charset whose bytes are ASCII as well."""
    return codec in ("iso2022-jp", "iso2022-kr", "hz") and (b"\x1b" in data or b"~{" in data)


def _name(codec: str) -> str:
    return "windows-" + codec[2:] if codec.startswith("cp12") or codec == "cp874" else codec
