"""Decode bytes as the Encoding Standard does, with Python's codecs and what they lack."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from itertools import chain

from crawler.parsers.encoding.charset_labels import READ_AS

REPLACED = "\ufffd"

_EUC_JP = {"\u301c": "\uff5e", "\u2016": "\u2225", "\u2212": "\uff0d", "\u00a2": "\uffe0", "\u00a3": "\uffe1", "\u00ac": "\uffe2"}
_BIG5 = {
    "\u2022": "\u2027", "\uff64": "\ufe51", "\u203e": "\u00af", "\u223c": "\uff5e", "\u2641": "\u2295", "\u2609": "\u2299",
    "\u00a5": "\uffe5", "\u00a2": "\uffe0", "\u00a3": "\uffe1",
}  # fmt: skip
_GB18030 = dict(
    zip(
        "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\u1e3f\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
        "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\ue7c7\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
        strict=True,
    )
)
_OTHERS = {
    "euc-jp": _EUC_JP,
    "big5hkscs": _BIG5,
    "gb18030": _GB18030,
    "cp932": dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", REPLACED),
    # KOI8-U of the standard is KOI8-RU in Python's words: the Belarusian letter stands for two box drawings.
    "koi8-u": {"\u255d": "\u045e", "\u256c": "\u040e"},
}
"""Signs that the standard has others in place of, wherever the codec gives them."""
_TABLES = {codec: str.maketrans(others) for codec, others in _OTHERS.items()}

_BIG5_MISSING = """
877a㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆㓦珄𥶹瓆鿇垳
87c4䤯呌䄱𣚎堘穲𧭥讏䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋 8e69箸 8e6f簆 8e7e糎 8eab緒 8eb4縝 8ecd者 8ed0耨 8f57菁
8f69蒨 8f6e萏 8fcb覦覩 8ffe起 906d都 907a銹 90dc靜 90f1響 91bf鼖 9244蔃 92af兙兛兝兞 92c8鍮 92d1瑹 9447浧 94ca禛 95d9邗
9644靝 96ed瀞 96fc嬨 9b76爁 9b78矗 9b7b纇 9bc6駖 9bde釔 9bec惞 9bf6澶 9c42輶 9c53侻 9c62營 9c68鄄 9c6b鷰 9c77菏 9cbc尐秣
9cd0婧 9d57輋 9d5a筑 9dc4拐 9ea9恢 9eef痹 9efd汊 9f60鬮 9f66鼗 9fcb僭 9fd8弌 a063蠏 a077拎 a0d5瑨 a0df煢 a0e4牐
a3c0␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟␡€ c6cf廴 c6d3无 c6d5癶 c6d7隶 c6de〃仝 fa5f倩 fa66偽 fabd包 fac5卄 fad5卿 fb48嘅
fbb8婷 fbf3幵 fbf9廐 fc4f彘 fc6c悤 fcb9撐 fce2晴 fcf1杞 fdb7沜渝 fdbb港 fdf1煮 fe52猪 fe6f瑜 feaa瓩 fedd砉
"""
"""Signs of the standard's Big5 that the codec lacks: the first pair of bytes of each run, and the signs from there on."""
_BIG5_TRAILS = bytes(chain(range(0x40, 0x7F), range(0xA1, 0xFF)))
_TWO_SIGNS = {
    "big5hkscs": (re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xff]"), {b"\xa2\x41": "\u2215", b"\xa2\x42": "\ufe68"}),
    "euc-jp": (re.compile(rb"\x8f[\xa1-\xfe][\x80-\xff]|[\x8e\x8f\xa1-\xfe][\x80-\xff]"), {b"\x8f\xa2\xb7": "\uff5e"}),
}
"""What is one sign in a charset, and the bytes for which the codec gives a sign that has other bytes, too."""
_ISO_2022_JP = re.compile(rb"(\x1b(?:\([BJI]|\$[@B]))")
_ISO_2022_JP_PAIRS = re.compile(rb"((?:[!-~]{2})+)|[!-~][^!-~\x1b]?|[^!-~]")
_TO_EUC = bytes((byte | 0x80) & 0xFF for byte in range(256))


def decoded(data: bytes, codec: str) -> str:
    """Decode bytes in a charset of `charset_labels`.

    Bytes of no sign become U+FFFD; an ASCII byte behind them stays.

    Source: Encoding Standard, decoders of the legacy encodings.
    """
    codec = READ_AS.get(codec, codec)
    if codec == "iso2022-jp":
        return _iso_2022_jp(data)
    signs, apart = _TWO_SIGNS.get(codec, (None, {}))
    if signs is None or not any(some in data for some in apart):
        return _plainly(data, codec)
    pieces, at = [], 0
    for found in signs.finditer(data):
        if sign := apart.get(found[0]):
            pieces += [_plainly(data[at : found.start()], codec), sign]
            at = found.end()
    return "".join(pieces) + _plainly(data[at:], codec)


def _plainly(data: bytes, codec: str) -> str:
    errors = f"as-standard-{codec}" if codec in _HANDLERS else "open-byte" if codec.startswith(("cp12", "cp874")) else "replace"
    text = data.decode(codec, errors)
    table = _OTHERS.get(codec)
    return text.translate(_TABLES[codec]) if table and any(sign in text for sign in table) else text


def _iso_2022_jp(data: bytes) -> str:
    """Decode runs of one or two bytes a sign between escape sequences.

    The pairs are those of EUC-JP; an escape sequence right behind another is an error.
    """
    first, *rest = _ISO_2022_JP.split(data)
    pieces = [_seven_bits(first)]
    for n in range(0, len(rest), 2):
        escape, run = rest[n], rest[n + 1]
        if n and not rest[n - 1]:
            pieces.append(REPLACED)
        if escape[1:2] == b"$":
            pieces += [
                _plainly(found[0].translate(_TO_EUC), "euc-jp") if found[1] else REPLACED for found in _ISO_2022_JP_PAIRS.finditer(run)
            ]
        elif escape.endswith(b"I"):
            pieces += [chr(0xFF40 + byte) if 0x21 <= byte <= 0x5F else REPLACED for byte in run]
        else:
            text = _seven_bits(run)
            pieces.append(text.replace("\\", "\xa5").replace("~", "\u203e") if escape.endswith(b"J") else text)
    return "".join(pieces)


def _seven_bits(run: bytes) -> str:
    return re.sub("[\x0e\x0f\x1b]", REPLACED, run.decode("ascii", "replace"))


# -- what stands where a codec finds no sign


def _open_byte(error: UnicodeError) -> tuple[str, int]:
    """The control sign of an open byte.

    Beyond those nothing, but for a Hebrew point that windows-1255 has since got.
    """
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start]
    return chr(byte) if byte < 0xA0 else "\u05ba" if byte == 0xCA else REPLACED, error.start + 1


def _euc_jp(start: bytes) -> tuple[str, int]:
    """Decode signs of NEC and IBM, in rows that EUC-JP leaves open, as Shift_JIS."""
    if start[0] in (0xAD, 0xF9, 0xFA, 0xFB, 0xFC) and len(start) > 1 and 0xA1 <= start[1] <= 0xFE:
        row, cell = start[0] - 0xA1, start[1] - 0xA1
        lead = row // 2 + (0x81 if row < 62 else 0xC1)
        trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)
        return bytes([lead, trail]).decode("cp932", "replace")[:1], 2
    if start[0] == 0x8F and len(start) > 1 and 0xA1 <= start[1] <= 0xFE:
        return REPLACED, 3 if len(start) > 2 and start[2] >= 0x80 else 2
    return _pair(start) if start[0] in (0x8E, 0x8F) or 0xA1 <= start[0] <= 0xFE else (REPLACED, 1)


def _gb18030(start: bytes) -> tuple[str, int]:
    if start[0] in (0x80, 0xFF):
        return "€" if start[0] == 0x80 else REPLACED, 1
    if len(start) > 1 and 0x30 <= start[1] <= 0x39:
        cut_off = len(start) == 2 or (len(start) == 3 and 0x81 <= start[2] <= 0xFE)
        return REPLACED, len(start) if cut_off else 1
    return _pair(start)


def _big5(start: bytes) -> tuple[str, int]:
    if sign := _MISSING.get(start[:2]):
        return sign, 2
    return _pair(start) if 0x81 <= start[0] <= 0xFE else (REPLACED, 1)


def _cp932(start: bytes) -> tuple[str, int]:
    return _pair(start) if 0x81 <= start[0] <= 0x9F or 0xE0 <= start[0] <= 0xFC else (REPLACED, 1)


def _cp949(start: bytes) -> tuple[str, int]:
    return _pair(start) if 0x81 <= start[0] <= 0xFE else (REPLACED, 1)


def _pair(start: bytes) -> tuple[str, int]:
    """Replace a pair that is no sign; an ASCII second byte stays."""
    return REPLACED, 2 if len(start) > 1 and start[1] >= 0x80 else 1


def _missing() -> dict[bytes, str]:
    found = {}
    for run in _BIG5_MISSING.split():
        lead, first = bytes.fromhex(run[:4])
        trails = _BIG5_TRAILS[_BIG5_TRAILS.index(first) :]
        found.update({bytes([lead, trail]): sign for trail, sign in zip(trails, run[4:], strict=False)})
    return found


_MISSING = _missing()
_HANDLERS: dict[str, Callable[[bytes], tuple[str, int]]] = {
    "euc-jp": _euc_jp, "gb18030": _gb18030, "big5hkscs": _big5, "cp932": _cp932, "cp949": _cp949,
}  # fmt: skip


def _registered(handler: Callable[[bytes], tuple[str, int]]) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        sign, size = handler(error.object[error.start : error.start + 4])
        return sign, error.start + size

    return handle


codecs.register_error("open-byte", _open_byte)
for _codec, _handler in _HANDLERS.items():
    codecs.register_error(f"as-standard-{_codec}", _registered(_handler))
