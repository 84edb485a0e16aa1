"""From a page's bytes to its text: the charset by byte order mark, HTTP header, XML declaration, `meta`; checked against the bytes.

Source: Encoding Standard, and HTML Standard 13.2.3 (determining the character encoding).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from crawler.parsers.charset_guess import fits, guessed
from crawler.parsers.charset_labels import codec_of

HEAD_BYTES = 1024 * 1024
"""How far a `meta` that names the charset is looked for. Browsers look at 1024 bytes, and begin anew when one comes later."""
MAX_TAGS = 3000
MAX_TAG_BYTES = 8192
UTF8_SHARE = 0.8
"""Share of the signs beyond ASCII that must be whole UTF-8 for a text to be called so: less is another charset's chance hits."""
TELLING = 3
"""Signs of several bytes that make it certain that a text is UTF-8 although another charset is named."""
POOR = 0.5
"""How badly a charset must fit, by the commonest letters, before another is looked for in its place."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]{1,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*["']\s*([\w.:-]{2,40})""", re.IGNORECASE)
_TAG = re.compile(rb"<(?:(!--)|(meta)(?=[\s/])|(script|style|title|textarea|template)(?=[\s/>])|[a-z/!?])", re.IGNORECASE)
_TAG_END = re.compile(rb"""(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""([^\s=/>"']+)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_CONTENT_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([^\s"';]{1,40})""", re.IGNORECASE)
_REPLACED = "\ufffd"
_HIGH = bytes(range(0x80, 0x100))


def charset_decoded(data: bytes, headers: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    """Text of a page.

    A byte order mark wins, then the HTTP header, the XML declaration, the first `meta` that browsers would believe; each only where its
    label is known. Text that is UTF-8 beyond doubt is read so whatever is named; where the bytes are not what is named, another name
    that fits better is taken. A few broken bytes do not make a text another charset's.

    Returns:
        The text, and the problems met.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), []
    named = _named(data, headers)
    if wide := _wide(data, named):
        return data.decode(wide, "replace"), []
    named = [codec for codec in named if not codec.startswith("utf-16")]
    if data.isascii() and not (named and _escaped(named[0], data)) and b"\x1b$" not in data:
        return data.decode("ascii"), []
    text = data.decode("utf-8", "replace")
    replaced = text.count(_REPLACED)
    broken = replaced - data.count(b"\xef\xbf\xbd") if replaced else 0
    if named and named[0] != "utf-8":
        if not broken and _foreign(data, text) >= TELLING and not _escaped(named[0], data):
            return text, [f"charset: {_name(named[0])} named, is utf-8"]
        return _legacy(data, named)
    if not broken and b"\x1b$" not in data:
        return text, []
    whole = _foreign(data, text) - replaced
    if whole and whole >= UTF8_SHARE * (whole + broken):
        return text, ["charset: broken bytes in utf-8"]
    others = [codec for codec in named if codec != "utf-8"]
    if others:
        return _legacy(data, others)
    codec = guessed(data)
    if named and codec is None:
        return text, ["charset: bytes that are no utf-8"]
    said = "utf-8 named" if named else "none named"
    return _decoded(data, codec or "cp1252"), [f"charset: {said}, {_name(codec or 'cp1252')} {'found' if codec else 'assumed'}"]


def _wide(data: bytes, named: Sequence[str]) -> str | None:
    """UTF-16 without a byte order mark, told by where the zero bytes of its markup and blanks lie; None where it is none."""
    start = data[:400]
    low, high = start[1::2].count(0), start[::2].count(0)
    expected = 0.02 if named and named[0].startswith("utf-16") else 0.1
    if low + high < max(1, expected * len(start)) or min(low, high) * 10 > max(low, high):
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _legacy(data: bytes, named: Sequence[str]) -> tuple[str, list[str]]:
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
    text = _decoded(data, codec)
    if _REPLACED in text and _REPLACED.encode() not in data:
        problems.append(f"charset: bytes that are no {_name(codec)}")
    return text, problems


def _decoded(data: bytes, codec: str) -> str:
    """The text as browsers make it: bytes that a charset of one byte leaves open are the control signs of that number."""
    if codec == "euc-jp":
        return data.decode(codec, "euc-jp-vendor")
    if codec == "gb18030":
        return data.decode(codec, "gbk-euro")
    text = data.decode(codec, "open-byte" if codec.startswith(("cp12", "cp874", "cp866")) else "replace")
    # KOI8-U of the standard is KOI8-RU here: the Belarusian letter stands for two box drawings.
    return text.replace("\u255d", "\u045e").replace("\u256c", "\u040e") if codec == "koi8-u" else text


def _foreign(data: bytes, text: str) -> int:
    """How many signs of a text are not ASCII."""
    return len(text) - len(data.translate(None, _HIGH))


def _escaped(codec: str, data: bytes) -> bool:
    """Whether the text is in a charset of seven bits, which is UTF-8, too, and means something else."""
    return codec in ("iso2022-jp", "iso2022-kr", "hz") and (b"\x1b" in data or b"~{" in data)


def _name(codec: str) -> str:
    return "windows-" + codec[2:] if codec.startswith("cp12") or codec == "cp874" else codec


# -- what is named


def _named(data: bytes, headers: Sequence[tuple[str, str]]) -> list[str]:
    """The codecs of the labels that the page is given, best first; unknown labels left out."""
    found: list[str] = []
    for name, value in headers:
        if name.lower() == "content-type":
            found += filter(None, map(codec_of, _HEADER_CHARSET.findall(value)))
    if inside := _XML_CHARSET.match(data[:1024]):
        found += _inside(inside[1])
    if re.search(rb"charset", data[:HEAD_BYTES], re.IGNORECASE):
        found += next(filter(None, map(_inside, _meta_labels(data[:HEAD_BYTES]))), [])
    return list(dict.fromkeys(found))


def _inside(label: bytes) -> list[str]:
    """The codec of a label that the page itself names: one that can say so in ASCII is no UTF-16."""
    codec = codec_of(label.decode("ascii", "replace"))
    return [] if codec is None else ["utf-8" if codec.startswith("utf-16") else codec]


def _meta_labels(data: bytes) -> Iterator[bytes]:
    """The labels of the page's `meta` elements; what stands in comments, scripts, titles and attributes is none."""
    at = 0
    for _ in range(MAX_TAGS):
        tag = _TAG.search(data, at)
        if tag is None:
            return
        if tag[1]:
            at = _behind(data, b"-->", tag.end() - 2)
            continue
        end = _TAG_END.match(data, tag.end(), tag.end() + MAX_TAG_BYTES)
        at = end.end() if end else tag.end()
        if tag[2] and (label := _meta_label(data[tag.end() : at - 1])):
            yield label
        elif tag[3]:
            close = re.compile(rb"</" + tag[3], re.IGNORECASE).search(data, at)
            at = close.end() if close else len(data)


def _meta_label(attributes: bytes) -> bytes | None:
    values: dict[bytes, bytes] = {}
    for found in _ATTRIBUTE.finditer(attributes[:4096]):
        values.setdefault(found[1].lower(), (found[2] or b"").strip(b"\"' \t\r\n\f"))
    if values.get(b"charset"):
        return values[b"charset"]
    if values.get(b"http-equiv", b"").lower() == b"content-type" and (inside := _CONTENT_CHARSET.search(values.get(b"content", b""))):
        return inside[1]
    return None


def _behind(data: bytes, mark: bytes, at: int) -> int:
    found = data.find(mark, at)
    return found + len(mark) if found >= 0 else len(data)


# -- what Python's codecs lack


def _open_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(byte) for byte in error.object[error.start : error.end]), error.end


def _gbk_euro(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return ("€" if error.object[error.start] == 0x80 else _REPLACED), error.start + 1


def _euc_jp_vendor(error: UnicodeError) -> tuple[str, int]:
    """The signs of NEC and IBM, which stand in rows of EUC-JP that its own standard leaves open: read as Shift_JIS has them."""
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and min(pair) >= 0xA1 and max(pair) <= 0xFE:
        row, cell = pair[0] - 0xA1, pair[1] - 0xA1
        lead = row // 2 + (0x81 if row < 62 else 0xC1)
        trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)
        return bytes([lead, trail]).decode("cp932", "replace")[:1], error.start + 2
    return _REPLACED, error.start + 1


codecs.register_error("open-byte", _open_byte)
codecs.register_error("gbk-euro", _gbk_euro)
codecs.register_error("euc-jp-vendor", _euc_jp_vendor)
