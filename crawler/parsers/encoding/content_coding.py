"""Take content codings off a payload, under caps; pure."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence

from crawler.items import Headers
from crawler.parsers.encoding.inflate import GZIP_MAGIC, decompressor, gunzipped_at_once, inflated, is_wrapped
from crawler.parsers.limits import ReadLimits

RATIO_FREE_BYTES = 1024 * 1024
MAX_CODINGS = 2

LIMITS = ReadLimits()
_CODING_MAGIC = {"gzip": GZIP_MAGIC, "zstd": b"\x28\xb5\x2f\xfd"}
_TEXT_WORDS = ("text/", "html", "xml", "json", "javascript")
_PLAIN_STARTS = (
    codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF", b"wOF", b"PK\x03",
)  # fmt: skip
_ASCII_TEXT_BYTES = bytes([9, 10, 12, 13, *range(32, 127)])
_TEXT_BYTES = _ASCII_TEXT_BYTES + bytes([27, *range(128, 256)])
_PLAIN_SAMPLE_BYTES = 1024
_SHORT_SAMPLE_BYTES = 64
"""In so few bytes of a compressed stream there may be no control byte by chance."""
_CHUNK = 32 * 1024
_BEYOND = "grows beyond"


class _Damaged(Exception):
    pass


def content_decoded(payload: bytes, headers: Sequence[tuple[str, str]], limits: ReadLimits = LIMITS) -> tuple[bytes, list[str]]:
    """Remove the content codings of a payload, by its header fields and its bytes.

    Stored copies often keep the header and have lost the coding; servers send gzip and do not say so, or compress twice and say it once.

    Returns:
        The bytes (up to the cap or the damage), and the problems met.
    """
    codings = [coding.strip().lower() for coding in Headers(headers).elements("content-encoding")]
    codings = [c for c in codings if c and c != "identity"]
    problems: list[str] = []
    if len(codings) > MAX_CODINGS:
        return payload, [f"content-coding: {len(codings)} codings, at most {MAX_CODINGS} are taken off"]
    for coding in reversed(codings):
        payload, problem = _without(coding, payload, limits)
        if problem:
            problems.append(f"content-coding: {problem}")
    for _ in range(MAX_CODINGS):
        # What was cut at its limit stays: it is as long as it may be.
        unsaid = None if any(_BEYOND in problem for problem in problems) else _unsaid(payload, headers)
        if unsaid is None:
            break
        payload, problem = _inflated(unsaid, payload, limits)
        problems.append(f"content-coding: {problem or f'{unsaid} found, not said'}")
    return payload, problems


def grows_beyond(payload: bytes, headers: Sequence[tuple[str, str]], size: int) -> bool:
    """Test for a payload larger than a size, as received or decoded; at little cost."""
    if len(payload) > size:
        return True
    if not Headers(headers).joined("content-encoding") and not _unsaid(payload, headers):
        return False
    body, _ = content_decoded(payload, headers, ReadLimits(text_bytes=size + 1))
    return len(body) > size


def _unsaid(payload: bytes, headers: Sequence[tuple[str, str]]) -> str | None:
    """The coding that the first bytes of a text show, and no header field names."""
    found = _by_magic(payload)
    mime = Headers(headers).joined("content-type").lower()
    return found if found and (not mime or any(word in mime for word in _TEXT_WORDS)) else None


def _by_magic(data: bytes) -> str | None:
    return next((name for name, magic in _CODING_MAGIC.items() if data.startswith(magic)), None)


def _is_plain(data: bytes) -> bool:
    """Test for bytes that are no compressed stream: text, or a known file type."""
    sample = data[:_PLAIN_SAMPLE_BYTES]
    if sample.startswith(_PLAIN_STARTS):
        return True
    return bool(sample) and not sample.translate(None, _TEXT_BYTES if len(sample) >= _SHORT_SAMPLE_BYTES else _ASCII_TEXT_BYTES)


def _without(coding: str, data: bytes, limits: ReadLimits) -> tuple[bytes, str | None]:
    """Remove one coding named by a header field, or the one in its place."""
    said = coding.removeprefix("x-")
    if said not in _PIECES and said not in _ZLIB:
        return data, f"{coding[:40]} is unknown"
    if not data:
        return data, None
    out: bytes = data
    problem: str | None = f"{said} said, not found"
    if data.startswith(_CODING_MAGIC.get(said, b"")):
        out, problem = _inflated(said, data, limits)
        if problem is None or said in _CODING_MAGIC or _BEYOND in problem:
            return out, problem
    if other := _another(said, data, limits):
        return other
    return (data, f"{said} said, not found") if _is_plain(data) else (out, problem)


def _another(said: str, data: bytes, limits: ReadLimits) -> tuple[bytes, str] | None:
    """Remove another coding than the one named; None if none is found or ends well."""
    if found := _by_magic(data):
        out, problem = _inflated(found, data, limits)
        return (out, f"{found} found, {said} said{f'; {problem}' if problem else ''}") if out else None
    if _is_plain(data):
        return None
    for name in ("deflate", "br"):
        # Neither has a magic: what comes must be whole, and a text.
        if name != said and (name == "br" or is_wrapped(data)):
            out, problem = _inflated(name, data, limits)
            if problem is None and _is_plain(out):
                return out, f"{name} found, {said} said"
    return None


def _inflated(name: str, data: bytes, limits: ReadLimits) -> tuple[bytes, str | None]:
    """Inflate a coded stream, up to the cap or the damage; returns any problem."""
    limit = min(limits.text_bytes, max(RATIO_FREE_BYTES, limits.ratio * len(data)))
    if name == "gzip" and (whole := gunzipped_at_once(data, limit)) is not None:
        return whole, None
    out = bytearray()
    try:
        damage = _of_zlib(name, data, out, limit + 1) if name in _ZLIB else _in_pieces(_PIECES[name](data), out, limit)
    except ImportError:
        return data, f"{name} cannot be read here"
    if len(out) > limit:
        return bytes(out[:limit]), f"{name} {_BEYOND} {limit} bytes"
    return bytes(out), f"{name} damaged: {damage[:80]}" if damage else None


def _of_zlib(name: str, data: bytes, out: bytearray, most: int) -> str | None:
    """Inflate gzip, of any number of members, or deflate; returns the damage."""
    at, damage = 0, None
    while damage is None and len(out) < most and (inflater := decompressor(name, data)):
        damage, at = inflated(inflater, data, out, most, start=at)
        if name != "gzip" or not data.startswith(GZIP_MAGIC, at):
            break
    return damage


def _in_pieces(pieces: Iterator[bytes], out: bytearray, limit: int) -> str | None:
    """Take pieces until they are over the limit; returns the damage."""
    try:
        for piece in pieces:
            out += piece
            if len(out) > limit:
                break
    except _Damaged as error:
        return str(error)
    return None


def _unbrotli(data: bytes) -> Iterator[bytes]:
    import brotli  # type: ignore[import-untyped, import-not-found, unused-ignore]

    inflater = brotli.Decompressor()
    try:
        for at in range(0, len(data), _CHUNK):
            yield inflater.process(data[at : at + _CHUNK], output_buffer_limit=_CHUNK * 8)
            while not inflater.can_accept_more_data():
                yield inflater.process(b"", output_buffer_limit=_CHUNK * 8)
    except brotli.error as error:
        raise _Damaged(str(error)[:80]) from None
    if not inflater.is_finished():
        raise _Damaged("cut off")


def _unzstd(data: bytes) -> Iterator[bytes]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd  # type: ignore[import-not-found, unused-ignore, no-redef]
    inflater = zstd.ZstdDecompressor()
    try:
        for at in range(0, len(data), _CHUNK):
            yield inflater.decompress(data[at : at + _CHUNK], _CHUNK * 8)
            while not inflater.eof and not inflater.needs_input:
                yield inflater.decompress(b"", _CHUNK * 8)
            if inflater.eof:
                return
    except zstd.ZstdError as error:
        raise _Damaged(str(error)[:80]) from None
    raise _Damaged("cut off")


_ZLIB = ("gzip", "deflate")
_PIECES: dict[str, Callable[[bytes], Iterator[bytes]]] = {"br": _unbrotli, "zstd": _unzstd}
