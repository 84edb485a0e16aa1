"""The Encoding Standard's own tables (labels, and every pointer of every index), and html5lib's cases of finding a page's encoding."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.parsers.encoding.charset_labels import REPLACEMENT, codec_of
from crawler.parsers.encoding.codecs import decoded
from crawler.parsers.encoding.declared import declared
from suites import Case, judged

Pointers = Iterator[tuple[bytes, str]]
OLD = "hz and iso-2022-kr are read"
USER = "x-user-defined is read as windows-1252"
SCRIPTS = "no meta in a script or style is believed"


def of_standard(checkout: Path) -> Iterator[Case]:
    """`encodings.json` and `indexes.json`."""
    indexes = json.loads((checkout / "indexes.json").read_text("utf-8"))
    for group in json.loads((checkout / "encodings.json").read_text("utf-8")):
        for encoding in group["encodings"]:
            yield from _encoding(encoding["name"].lower(), encoding["labels"], group["heading"], indexes)


def of_html5lib(checkout: Path) -> Iterator[Case]:
    """The .dat files of encoding/: a page's bytes, and the encoding a browser begins to read it in."""
    for path in sorted((checkout / "encoding").glob("*.dat")):
        for part in re.split(rb"(?m)^#data\n", path.read_bytes())[1:]:
            data, _, wanted = part.partition(b"\n#encoding\n")
            named = "utf-8" if data.startswith(b"\xef\xbb\xbf") else (declared(data, []) or ["cp1252"])[0]
            label = wanted.split(b"\n")[0].decode("ascii")
            yield judged(
                path.name, repr(data[:120]), codec_of(label), named, rule=SCRIPTS if re.search(rb"<(?:script|style)", data) else ""
            )


def _encoding(name: str, labels: list[str], heading: str, indexes: dict[str, list[int | None]]) -> Iterator[Case]:
    codecs = {label: codec_of(label) for label in labels}
    rule = OLD if name == REPLACEMENT else USER if name == "x-user-defined" else ""
    wanted = {"replacement": REPLACEMENT, "x-user-defined": name}.get(name, codecs[name])
    for label, codec in codecs.items():
        yield judged("labels", label, wanted, codec, rule=rule)
    if heading == "Legacy single-byte encodings":
        index = indexes["iso-8859-8" if name == "iso-8859-8-i" else name]
        pointers: Pointers = ((bytes([0x80 + at]), _sign(code)) for at, code in enumerate(index))
    elif name in _POINTERS:
        pointers = _POINTERS[name](indexes)
    else:
        return
    codec = codecs[name]
    assert codec is not None
    for data, sign in pointers:
        # What is no sign may leave its second byte: as far as it is one of ASCII.
        kept = sign + chr(data[-1]) if sign == "\ufffd" and len(data) == 2 and data[-1] < 0x80 else sign
        yield judged(name, data.hex(" "), kept, decoded(data, codec))


def _sign(code: int | None) -> str:
    return "\ufffd" if code is None else chr(code)


def _big5(indexes: dict[str, list[int | None]]) -> Pointers:
    composed = {1133: "\xca\u0304", 1135: "\xca\u030c", 1164: "\xea\u0304", 1166: "\xea\u030c"}
    for at, code in enumerate(indexes["big5"]):
        lead, trail = divmod(at, 157)
        yield bytes([lead + 0x81, trail + (0x40 if trail < 0x3F else 0x62)]), composed.get(at) or _sign(code)


def _euc_kr(indexes: dict[str, list[int | None]]) -> Pointers:
    for at, code in enumerate(indexes["euc-kr"]):
        yield bytes([at // 190 + 0x81, at % 190 + 0x41]), _sign(code)


def _euc_jp(indexes: dict[str, list[int | None]]) -> Pointers:
    for prefix, name in ((b"", "jis0208"), (b"\x8f", "jis0212")):
        for at, code in enumerate(indexes[name][: 94 * 94]):
            yield prefix + bytes([at // 94 + 0xA1, at % 94 + 0xA1]), _sign(code)
    yield from ((bytes([0x8E, byte]), chr(0xFEC0 + byte)) for byte in range(0xA1, 0xE0))


def _shift_jis(indexes: dict[str, list[int | None]]) -> Pointers:
    for at, code in enumerate(indexes["jis0208"]):
        lead, trail = divmod(at, 188)
        sign = chr(0xE000 - 8836 + at) if 8836 <= at <= 10715 else _sign(code)
        yield bytes([lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41)]), sign
    yield from ((bytes([byte]), chr(0xFEC0 + byte)) for byte in range(0xA1, 0xE0))
    yield from ((bytes([byte]), "\x80" if byte == 0x80 else "\ufffd") for byte in (0x80, 0xA0, 0xFD, 0xFE, 0xFF))


def _iso_2022_jp(indexes: dict[str, list[int | None]]) -> Pointers:
    for at, code in enumerate(indexes["jis0208"][: 94 * 94]):
        yield b"\x1b$B" + bytes([at // 94 + 0x21, at % 94 + 0x21]) + b"\x1b(B", _sign(code)
    yield from ((b"\x1b(I" + bytes([byte]), chr(0xFF40 + byte)) for byte in range(0x21, 0x60))


def _gb18030(indexes: dict[str, list[int | None]]) -> Pointers:
    yield b"\x80", "€"
    for at, code in enumerate(indexes["gb18030"]):
        lead, trail = divmod(at, 190)
        yield bytes([lead + 0x81, trail + (0x40 if trail < 0x3F else 0x41)]), _sign(code)
    ranges = indexes["gb18030-ranges"]
    for n, pair in enumerate(ranges):
        first, code = pair  # type: ignore[misc]  # this index alone holds pairs
        last = ranges[n + 1][0] - 1 if n + 1 < len(ranges) else 1237575  # type: ignore[index]
        for at in {first, (first + last) // 2, last} if first >= 189000 else range(first, min(last, 39419) + 1):
            parts = at // 12600 + 0x81, at // 1260 % 10 + 0x30, at // 10 % 126 + 0x81, at % 10 + 0x30
            yield bytes(parts), "\ue7c7" if at == 7457 else chr(code + at - first)


_POINTERS = {
    "big5": _big5, "euc-kr": _euc_kr, "euc-jp": _euc_jp, "shift_jis": _shift_jis, "iso-2022-jp": _iso_2022_jp,
    "gb18030": _gb18030, "gbk": _gb18030,
}  # fmt: skip
SUITES = {"whatwg+encoding": of_standard, "html5lib+html5lib-tests": of_html5lib}
