"""Large pages are read aside: in a worker process with a memory limit and a deadline, which may die without harm.

The record is on disk before anything is read, so a page that a worker cannot digest costs that one reading: it is filed as
unreadable. Workers speak over their own pipes, are started when first needed, and are replaced when they die.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import queue
import resource
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from attrs import define, evolve, field, frozen

from crawler.items import Capture, Lease, Reading
from crawler.limits import MIB, ReadLimits
from crawler.parsers.decode import grows_beyond
from crawler.reading import read, unreadable
from crawler.rebuild import site_of
from crawler.sites._site import Site

START_SECONDS = 60.0
"""A worker may take so long to load its libraries."""
GRACE_SECONDS = 5
"""After so much longer a worker ends itself: whoever watched over it is gone."""
_LENGTH = struct.Struct(">Q")


@frozen(kw_only=True)
class Effort:
    """What reading one page may cost; the settings of similar names."""

    seconds: float = 5.0
    memory: int = 1024 * MIB
    """Address space of a worker, bytes."""
    from_bytes: int = 256 * 1024
    """Pages above this, inflated, are read aside; smaller ones in a thread."""
    workers: int = 2
    limits: ReadLimits = field(factory=ReadLimits)


@define
class Aside:
    """The workers of one crawl.

    Args:
        folders: With site files beside our own: a worker loads a site by its name.
    """

    effort: Effort = field(factory=Effort)
    folders: tuple[str, ...] = ()
    _gate: asyncio.Semaphore = field(init=False)
    _idle: queue.SimpleQueue[_Worker] = field(factory=queue.SimpleQueue, init=False)
    _all: list[_Worker] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.effort.workers)

    async def read(
        self, site: Site, lease: Lease, capture: Capture, headers: Sequence[tuple[str, str]], payload: bytes, **options: Any
    ) -> Reading:
        """What `reading.read` makes of a capture; unreadable where that takes too long or too much."""
        options["limits"] = self.effort.limits
        light = capture.role == "requisite" or not await asyncio.to_thread(self._heavy, payload, headers)
        if light:
            return await asyncio.to_thread(read, site, lease, capture, headers, payload, **options)
        job = pickle.dumps((site.name, self.folders, lease, capture, tuple(headers), payload, options))
        async with self._gate:
            answer, fault = await asyncio.to_thread(self._ask, job)
        if isinstance(answer, Reading):
            return answer
        return evolve(unreadable(lease, capture, fault, len(payload)), limited=("reading",))

    def _heavy(self, payload: bytes, headers: Sequence[tuple[str, str]]) -> bool:
        return (payload.startswith(b"\x1f\x8b") and not _coded(headers)) or grows_beyond(payload, headers, self.effort.from_bytes)

    def _ask(self, job: bytes) -> tuple[object, str]:
        """Have one worker do one job; its answer, or why there is none."""
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = _Worker(self.effort)
            self._all.append(worker)
        try:
            return worker.ask(job)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End the workers."""
        for worker in self._all:
            worker.stop()


class _Worker:
    """One child process, started at its first job and again after each death."""

    def __init__(self, effort: Effort) -> None:
        self._effort = effort
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ask(self, job: bytes) -> tuple[object, str]:
        """Send a job and wait for its answer, no longer than the deadline."""
        try:
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()
            process = self._process
            with _deadline(process, self._effort.seconds) as over:
                _send(process.stdin, job)
                answer = _receive(process.stdout)
        except (OSError, EOFError) as error:
            self.stop()
            self._closed = False
            return None, f"the reader's process: {error}"[:200]
        if answer is not None:
            return pickle.loads(answer), ""
        code = process.wait()
        self._process = None
        if over.is_set():
            return None, f"reading took over {self._effort.seconds:g} s and was given up"
        return None, f"reading took over {self._effort.memory // MIB} MiB or failed (worker ended with {code}) and was given up"

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parent.parent)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}
        command = [sys.executable, "-m", "crawler.aside", str(self._effort.memory), str(int(self._effort.seconds) + GRACE_SECONDS)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
        )
        with _deadline(process, START_SECONDS):
            if _receive(process.stdout) is None:
                process.wait()
                raise EOFError("it did not start")
        return process

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                # A pipe whose other end has died may have something left to flush.
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._process = None


@contextlib.contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill a process when its time is over; the event tells that it was."""
    over = threading.Event()

    def end() -> None:
        over.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()


def _coded(headers: Sequence[tuple[str, str]]) -> bool:
    return any(name.lower() == "content-encoding" for name, _ in headers)


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None
    try:
        pipe.write(_LENGTH.pack(len(data)))
        pipe.write(data)
        pipe.flush()
    except BrokenPipeError:
        return  # it died: that no answer comes says so


def _receive(pipe: IO[bytes] | None) -> bytes | None:
    """One message; None where the other end is gone."""
    assert pipe is not None
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None


# -- in the worker


def main(memory: int, seconds: int) -> None:
    """Serve jobs from standard input until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not disturb the answers
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _send(answers, b"ready")
    while (job := _receive(sys.stdin.buffer)) is not None:
        signal.alarm(seconds)
        _send(answers, pickle.dumps(_work(job)))
        signal.alarm(0)


def _work(job: bytes) -> Reading:
    name, folders, lease, capture, headers, payload, options = pickle.loads(job)
    try:
        return read(site_of(name, folders), lease, capture, headers, payload, **options)
    except MemoryError:
        return evolve(unreadable(lease, capture, "reading took too much memory", len(payload)), limited=("reading",))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
