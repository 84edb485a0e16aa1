"""Main program of a worker process: jobs and replies over a socket pair."""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from crawler.errors import Unreadable
from crawler.workers.confinement import confine
from crawler.workers.messages import JOB, OUT_OF_MEMORY, PATIENCE, READY, failure_of, framed, reply_of

NICE = 5
FREEZE_AFTER = (1, 8, 64)
"""Jobs after which all that is held is taken for lasting (modules, tables, patterns): the garbage collector looks at it no more."""
COLLECT_AFTER = 20_000
"""Objects made before the garbage collector looks for circles: a page is some thousands, and hardly one is in a circle."""
_PIECE = 1024 * 1024


def serve(handle: int) -> None:
    """Run jobs until the socket closes; the kernel ends a job that takes too long."""
    done = 0
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    while (job := _received(handle)) is not None:
        _send(handle, framed(_reply(job)))
        done += 1
        if done in FREEZE_AFTER:
            gc.collect()
            gc.freeze()


def _reply(job: tuple[bytes, bytes]) -> bytes:
    """Do one job."""
    try:
        function, arguments, seconds = pickle.loads(job[0], buffers=[job[1]])
    except MemoryError:
        return failure_of(Unreadable(OUT_OF_MEMORY), traced=False)
    except Exception as error:  # noqa: BLE001 - raised again in the process that asked
        return failure_of(RuntimeError(f"cannot be taken: {type(error).__name__}: {error}"))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
    try:
        return _done(function, arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _done(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return reply_of(function(*arguments))
    except MemoryError:
        return failure_of(Unreadable(OUT_OF_MEMORY), traced=False)
    except Exception as error:  # noqa: BLE001 - raised again in the process that asked
        return failure_of(error)


def _received(handle: int) -> tuple[bytes, bytes] | None:
    """Pickle and payload of the next job; None if the other end is closed."""
    if (head := _exactly(handle, JOB.size)) is None:
        return None
    job, payload = (_exactly(handle, length) for length in JOB.unpack(head))
    return (job, payload) if job is not None and payload is not None else None


def _exactly(handle: int, length: int) -> bytes | None:
    """Read so many bytes; None if the other end is closed before."""
    pieces, missing = [], length
    while missing:
        piece = os.read(handle, min(missing, _PIECE))
        if not piece:
            return None
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _send(handle: int, message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(handle, rest) :]


def main(handle: str, memory: str, *modules: str) -> None:
    """Serve the other end of a socket pair, confined; import modules before the first job."""
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)  # the process that talks to the network goes first
    sys.dont_write_bytecode = True  # it could not be written
    lacking = confine()
    _send(int(handle), framed(READY + lacking.encode()))
    for module in modules:
        with suppress(Exception):  # the job that needs it tells of it
            importlib.import_module(module)
    serve(int(handle))


if __name__ == "__main__":
    main(*sys.argv[1:])
