"""Messages between the crawl and a worker process, in frames of bounded length.

A job may be pickled: it comes from the process that is trusted. A reply comes from one that has read bytes of anybody: it is plain data of
a known type, or the worker is ended.
"""

from __future__ import annotations

import json
import pickle
import struct
import traceback
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec

from crawler.errors import SetupError, Unreadable

PATIENCE = 12
"""How many times its processor seconds a job may take on the clock: the machine may be busy with others."""
MAX_REPLY_BYTES = 64 * 1024 * 1024
"""Of one reply; more than the text, links and pictures of any page within the limits of reading take."""
MAX_WORDS = 20_000
"""Characters of an error's message, and of its traceback."""
LENGTH = struct.Struct(">Q")
"""In front of each message: how long it is."""
JOB = struct.Struct(">QQ")
"""In front of each job: lengths of its pickle and of the payload behind it."""
READY, DONE, DONE_AS_JSON, FAILED = b"r", b"d", b"j", b"f"
"""First byte of a reply."""
OUT_OF_MEMORY = "reading took too much memory and was given up"
TOO_LONG = f"reading gave over {MAX_REPLY_BYTES // 1024 // 1024} MiB and was given up"

ERRORS: dict[str, type[Exception]] = {
    one.__name__: one
    for one in (
        ArithmeticError, AssertionError, AttributeError, IndexError, NotImplementedError, OSError, RuntimeError, SetupError, TypeError,
        Unreadable, ValueError, ZeroDivisionError,
    )
}  # fmt: skip
"""Errors that are raised again as what they were; any other is a RuntimeError with its name in front."""


class BadMessage(Exception):
    """A reply that is none."""


class Elsewhere(Exception):
    """The cause of what a worker raised: its traceback there, as text."""


class _Failure(msgspec.Struct, array_like=True):
    name: str
    message: str
    told: str


# -- in the process that asks


def job_of(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> tuple[bytes, memoryview]:
    """Write a job: an importable function, its arguments, and the processor seconds it may take.

    Returns:
        A head with the pickle, and the first `PickleBuffer` among the arguments, which is not copied.
    """
    aside: list[pickle.PickleBuffer] = []

    def stays_within(buffer: pickle.PickleBuffer) -> bool:
        if not aside:
            aside.append(buffer)
            return False
        return True

    body = pickle.dumps((function, arguments, seconds), protocol=5, buffer_callback=stays_within)
    payload = aside[0].raw() if aside else memoryview(b"")
    return JOB.pack(len(body), len(payload)) + body, payload


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, dec_hook=_checked)


def _checked(kind: Any, value: Any) -> Any:
    """Make a value of a type that checks its plain form itself."""
    return kind.from_plain(value)


def answer_in(reply: bytes, kind: Any) -> Any:
    """Read the answer in a reply, of a type made of plain data.

    Raises:
        BadMessage: It is of another type, or no reply at all.
        Exception: What the job raised.
    """
    mark, body = reply[:1], memoryview(reply)[1:]
    try:
        if mark == DONE:
            return _decoder(kind).decode(body)
        if mark == DONE_AS_JSON:
            return msgspec.convert(json.loads(bytes(body)), kind, dec_hook=_checked)
        failure = _decoder(_Failure).decode(body) if mark == FAILED else None
    except (msgspec.MsgspecError, ValueError, RecursionError, MemoryError) as error:
        raise BadMessage(str(error)[:200]) from None
    if failure is None:
        raise BadMessage(f"it begins with {bytes(mark)!r}")
    known = ERRORS.get(failure.name)
    message = failure.message if known else f"{failure.name}: {failure.message}"
    raise (known or RuntimeError)(message) from (Elsewhere(failure.told) if failure.told else None)


# -- in the worker


def _plainer(value: Any) -> Any:
    """Plain data of a subclass of what is plain."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, tuple):
        return tuple.__getitem__(value, slice(None))
    raise TypeError(f"cannot send {type(value).__name__!r} object")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plainer)


def reply_of(value: Any) -> bytes:
    """Write a reply with an answer; an answer that cannot be sent is an error."""
    try:
        try:
            body = DONE + _ENCODER.encode(value)
        except (UnicodeEncodeError, OverflowError):
            # Half of a surrogate pair, as scripts' JSON may have it, is no UTF-8; a number of an address may have any length.
            body = DONE_AS_JSON + json.dumps(msgspec.to_builtins(value, enc_hook=_plainer)).encode()
    except MemoryError:
        return failure_of(Unreadable(OUT_OF_MEMORY), traced=False)
    except Exception as error:  # noqa: BLE001 - raised again in the process that asked
        return failure_of(RuntimeError(f"cannot be sent: {type(error).__name__}: {error}"))
    return body if len(body) <= MAX_REPLY_BYTES else failure_of(Unreadable(TOO_LONG), traced=False)


def failure_of(error: BaseException, *, traced: bool = True) -> bytes:
    """Write a reply with an error."""
    told = "".join(traceback.format_exception(error))[-MAX_WORDS:] if traced else ""
    words = (type(error).__name__, str(error)[:MAX_WORDS], told)
    return FAILED + _ENCODER.encode([one.encode("utf-8", "backslashreplace").decode() for one in words])


def framed(body: bytes) -> bytes:
    """Put its length in front of a message."""
    return LENGTH.pack(len(body)) + body


class Frames:
    """Messages as they come in pieces from a worker."""

    def __init__(self, most: int = MAX_REPLY_BYTES) -> None:
        self._most = most
        self._held = bytearray()

    @property
    def is_partial(self) -> bool:
        """Return True while a message has begun and is not whole."""
        return bool(self._held)

    def add(self, piece: bytes) -> None:
        """Take a piece."""
        self._held += piece

    def whole(self) -> Iterator[bytes]:
        """Take out each message that is whole.

        Raises:
            BadMessage: A message is longer than any may be.
        """
        while len(self._held) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._held)
            if length > self._most:
                raise BadMessage(f"a message of {length} bytes")
            end = LENGTH.size + length
            if len(self._held) < end:
                return
            message = bytes(memoryview(self._held)[LENGTH.size : end])
            del self._held[:end]
            yield message
