"""Media type of a payload, by its first bytes and its name.

The type that a server named is believed only if the bytes do not speak against it.

Source: MIME Sniffing Standard (WHATWG), sections 7 and 8. An archive reads more than a browser shows: HTML typed as plain text
or XML is read, too.
"""

from __future__ import annotations

import re

HEADER_BYTES = 4096
"""Of a payload, content coding removed: what `sniffed` looks at (the standard asks for 1445)."""
HTML = "text/html"
XHTML = "application/xhtml+xml"
PLAIN = "text/plain"
BINARY = "application/octet-stream"

UNKNOWN = frozenset(
    [
        "", "*/*", "no-type", "unknown/unknown", "application/unknown", BINARY, "binary/octet-stream", "application/x-unknown-content-type",
        "application/force-download", "application/download", "application/x-download", "content/unknown", "x-unknown/x-unknown",
    ]
)  # fmt: skip
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+", re.ASCII)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"), (b"%!PS-Adobe-", "application/postscript"),
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"), (b"\x00\x00\x01\x00", "image/x-icon"), (b"\x00\x00\x02\x00", "image/x-icon"), (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS\x00", "application/ogg"), (b"ID3", "audio/mpeg"), (b"fLaC", "audio/flac"), (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"\x1aE\xdf\xa3", "video/webm"), (b"FLV\x01", "video/x-flv"),
    (b"\x1f\x8b\x08", "application/gzip"), (b"PK\x03\x04", "application/zip"), (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"), (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"), (b"{\\rtf", "application/rtf"),
    (b"wOFF", "font/woff"), (b"wOF2", "font/woff2"), (b"OTTO", "font/otf"), (b"\x00\x01\x00\x00", "font/ttf"),
    (b"\x00asm", "application/wasm"),
    (b"FWS", "application/x-shockwave-flash"), (b"CWS", "application/x-shockwave-flash"),
)  # fmt: skip
_RIFF = {b"WEBPVP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif",
    b"M4A ": "audio/mp4",
}  # fmt: skip
_CONTROLS = frozenset([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
"""Binary data bytes of the standard: text holds one only if it begins with mark-up, or is called mark-up and holds few."""
_BEGINS_AS_MARKUP = re.compile(rb"[\0-\x20]{0,100}<(?:[a-z]|!--|!doctype\b|\?xml\b)", re.IGNORECASE)
_SKIPPED = re.compile(r"(?>\s+|<!--.{0,20000}?-->|<\?(?!xml[\s?]).{0,2000}?>)*+", re.DOTALL)
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:.-]+)[^\[>]{0,1000}(?:\[.{0,20000}?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([\w.-]{1,60})(?=[\s/>])")
_ROOTS = {
    "html": XHTML, "rss": "application/rss+xml", "feed": "application/atom+xml", "rdf": "application/rdf+xml", "svg": "image/svg+xml",
    "urlset": "application/xml", "sitemapindex": "application/xml",
}  # fmt: skip
_HTML_SURE = re.compile(r"<(?:!doctype\s+html|html|head|body)(?=[\s>/])", re.IGNORECASE)
"""What no plain text begins with."""
_HTML_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|script|iframe|h[1-6]|div|font|table|a|style|title|b|body|br|p|meta|link|base|center|img|ul|ol|dl|section"
    r"|article|main|header|nav|span|frameset|noscript|form|strong|em|hr|pre|blockquote|figure)(?=[\s>/])", re.IGNORECASE,
)  # fmt: skip


def sniffed(mime: str | None, start: bytes) -> str:
    """Determine the media type by the first bytes, else by the server's name for it.

    Args:
        mime: As the server named it, parameters or not; None if it named none.
        start: The first bytes, content coding removed; 4096 are enough.
    Returns:
        A type in lower case. Text in which nothing is told: `text/plain`; other bytes: `application/octet-stream`.

    >>> sniffed("application/octet-stream", b"<!DOCTYPE html><title>x"), sniffed("text/html", b"%PDF-1.4"), sniffed("text/css", b"p{}")
    ('text/html', 'application/pdf', 'text/css')
    """
    named = _essence(mime)
    start = start[:HEADER_BYTES]
    if not start.strip():
        return named if named not in UNKNOWN else PLAIN
    if magic := _magic(start, named):
        return magic
    text = _as_text(start, named)
    if text is None:
        return named if named not in UNKNOWN and named != PLAIN and not _is_markup(named) else BINARY
    return _of_text(named, text)


def is_html(mime: str) -> bool:
    """Test for the media types of web pages."""
    return mime in (HTML, XHTML)


def _essence(mime: str | None) -> str:
    """The type alone, lower case; empty if it is invalid."""
    first = re.split(r"[;,]", (mime or "").strip().strip("\"'"), maxsplit=1)[0].strip().strip("\"'").lower()
    return first if _TOKEN.fullmatch(first) else ""


def _is_markup(named: str) -> bool:
    return named == HTML or named.endswith(("/xml", "+xml"))


def _of_text(named: str, text: str) -> str:
    """The type of a text, by its root element, its first tag, or its name."""
    declared, root = _root(text)
    if root is not None and (declared or root in _ROOTS):
        return _of_root(root, named, declared=declared)
    behind = text[_skip(text, 0) :]
    if named == HTML:
        return HTML
    if named in UNKNOWN:
        return HTML if _HTML_TAG.match(behind) or text.lstrip().startswith("<!--") else PLAIN
    sure = _HTML_SURE.match(behind) is not None
    return HTML if sure and (named == PLAIN or not named.startswith("text/")) else named


def _of_root(root: str, named: str, *, declared: bool) -> str:
    """The type of a document with this root element.

    HTML behind an XML declaration is XHTML, unless it is named HTML.
    """
    if root == "html" and (named == HTML or (not declared and not named.endswith("xml"))):
        return HTML
    return _ROOTS.get(root, named if named.endswith("xml") else "text/xml")


def _root(text: str) -> tuple[bool, str | None]:
    """Find an XML declaration, and the name of the first element in lower case.

    A doctype of HTML counts as such an element.
    """
    at, declared = _skip(text, 0), False
    if found := _DECLARATION.match(text, at):
        declared, at = True, _skip(text, found.end())
    if found := _DOCTYPE.match(text, at):
        if found[1].lower() == "html":
            return declared, "html"
        at = _skip(text, found.end())
    root = _ROOT.match(text, at)
    return declared, root[1].lower() if root else None


def _skip(text: str, at: int) -> int:
    found = _SKIPPED.match(text, at)
    return found.end() if found else at


def _magic(start: bytes, named: str) -> str | None:
    for magic, mime in _MAGIC:
        if start.startswith(magic):
            # Short ones stand at the head of texts, too: those count where a byte follows that no text holds.
            return mime if len(magic) > 3 or not _CONTROLS.isdisjoint(start[:64]) else None
    if start[:4] == b"RIFF":
        return next((mime for kind, mime in _RIFF.items() if start[8:14].startswith(kind)), None)
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], named if named.startswith(("video/", "audio/")) else "video/mp4")
    # Of a PDF other bytes may stand in front; that alone does not make a text one.
    return "application/pdf" if start.lstrip().startswith(b"%PDF-") else None


def _as_text(start: bytes, named: str) -> str | None:
    """Decode the start roughly, since only ASCII matters; None for binary data."""
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return start[len(bom) :].decode(encoding, "replace")
    for encoding, nul in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(start) >= 8 and nul[:32].count(0) >= len(nul[:32]) * 3 // 4 and start.count(0) <= len(start) // 2 + 1:
            return start.decode(encoding, "replace")
    if _CONTROLS.isdisjoint(start):
        return start.decode("latin-1")
    # Pages and feeds hold a control character now and then, by a copied word or a torn write.
    few = _is_markup(named) and sum(byte in _CONTROLS for byte in start) * 50 < len(start)
    return start.translate(None, bytes(_CONTROLS)).decode("latin-1") if few or _BEGINS_AS_MARKUP.match(start) else None
