"""Take content codings off a payload, under caps; pure."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Protocol

from crawler.items import Headers
from crawler.parsers.limits import ReadLimits

RATIO_FREE_BYTES = 1024 * 1024
MAX_CODINGS = 2

LIMITS = ReadLimits()
_CODING_MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
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


class _Inflater(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _TooLarge(Exception):
    pass


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
    if said not in _PIECES:
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
        if name != said and (name == "br" or _is_wrapped(data)):
            out, problem = _inflated(name, data, limits)
            if problem is None and _is_plain(out):
                return out, f"{name} found, {said} said"
    return None


def _inflated(name: str, data: bytes, limits: ReadLimits) -> tuple[bytes, str | None]:
    """Inflate a stream up to the cap or the damage; returns the problem met, too."""
    limit = min(limits.text_bytes, max(RATIO_FREE_BYTES, limits.ratio * len(data)))
    out = bytearray()
    try:
        for piece in _PIECES[name](data):
            out += piece
            if len(out) > limit:
                raise _TooLarge
    except _TooLarge:
        return bytes(out[:limit]), f"{name} {_BEYOND} {limit} bytes"
    except _Damaged as error:
        return bytes(out), f"{name} damaged: {error}"
    except ImportError:
        return data, f"{name} cannot be read here"
    return bytes(out), None


def _drained(make: Callable[[], _Inflater], data: bytes, step: int) -> Generator[bytes, None, bytes]:
    """Feed one inflater until it ends; yields output, returns the bytes behind the stream."""
    inflater = make()
    for at in range(0, len(data), step):
        piece = data[at : at + step]
        while True:
            out = inflater.decompress(piece, _CHUNK * 8)
            yield out
            piece = inflater.unconsumed_tail
            if not piece or inflater.eof or not out:
                break
        if inflater.eof:
            return inflater.unused_data + data[at + step :]
    raise _Damaged("cut off")


def _members(make: Callable[[], _Inflater], data: bytes, magic: bytes, errors: tuple[type[Exception], ...]) -> Iterator[bytes]:
    while data:
        sent = 0
        try:
            for out in (stream := _Resting(_drained(make, data, _CHUNK))):
                sent += len(out)
                yield out
        except errors:
            yield from _to_the_damage(make, data, sent, errors)
        data = stream.rest if stream.rest.startswith(magic) and magic else b""


class _Resting:
    """An iterator that remembers what its generator returned."""

    def __init__(self, source: Generator[bytes, None, bytes]) -> None:
        self.source, self.rest = source, b""

    def __iter__(self) -> Iterator[bytes]:
        self.rest = yield from self.source


def _to_the_damage(make: Callable[[], _Inflater], data: bytes, sent: int, errors: tuple[type[Exception], ...]) -> Iterator[bytes]:
    """Inflate again in small steps, up to the damage."""
    done = 0
    try:
        for out in _drained(make, data, max(1, len(data) // 65536)):
            if done + len(out) > sent:
                yield out[max(0, sent - done) :]
            done += len(out)
    except errors as error:
        raise _Damaged(str(error)[:80]) from None


def _gunzip(data: bytes) -> Iterator[bytes]:
    yield from _members(lambda: zlib.decompressobj(31), data, b"\x1f\x8b", (zlib.error,))


def _is_wrapped(data: bytes) -> bool:
    """Test for a zlib header."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0


def _inflate(data: bytes) -> Iterator[bytes]:
    # RFC 9110 means zlib's wrapping; some servers send the bare stream.
    wrapped = _is_wrapped(data)
    yield from _members(lambda: zlib.decompressobj(15 if wrapped else -15), data, b"", (zlib.error,))


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


_PIECES: dict[str, Callable[[bytes], Iterator[bytes]]] = {"gzip": _gunzip, "deflate": _inflate, "br": _unbrotli, "zstd": _unzstd}
