"""One worker process, seen from the process that asks it; no call waits."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from math import inf
from pathlib import Path

from attrs import frozen

from crawler.errors import Unreadable
from crawler.workers.messages import PATIENCE, READY, BadMessage, Frames

logger = logging.getLogger(__name__)

MIB = 1024 * 1024
START_SECONDS = 60.0
"""On the clock, for which the first job may take longer: a process starts and imports the readers."""
END_SECONDS = 1.0
"""For which a process that has closed its end is waited for."""
_PIECE = 256 * 1024


@frozen(kw_only=True)
class JobLimits:
    """Limits of time and memory for one job, and the number of workers."""

    seconds: float = 5.0
    """Of processor time."""
    memory: int = 1024 * MIB
    """Address space of a worker, bytes; 0: as much as there is."""
    workers: int = 3


class Worker:
    """One child process, started at its first job and again after each death."""

    def __init__(
        self, limits: JobLimits, lacking: Callable[[str], None] = lambda what: None, modules: Sequence[str] = ()
    ) -> None:  # fmt: skip
        self._limits, self._modules = limits, modules
        self._lacking = lacking
        """Called with what confinement the kernel does not offer, or with an empty text."""
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._frames = Frames()
        self._unsent: list[memoryview] = []
        self._is_new = False
        """Whether it has not told yet that it is ready."""
        self.is_watched = False
        """Whether an event loop hears at once of what it sends unasked, and of its end."""
        self.asked: deque[float] = deque()
        """Jobs without a reply: the processor seconds that each may take."""
        self.deadline = inf
        """On the monotonic clock: when a worker that gives no answer is ended."""

    @property
    def pid(self) -> int | None:
        """Of its process, if there is one."""
        return self._process.pid if self._process is not None else None

    @property
    def is_started(self) -> bool:
        """Return True once it has a process, as far as is known."""
        return self._process is not None

    @property
    def is_sending(self) -> bool:
        """Return True while a part of a job was not sent."""
        return bool(self._unsent)

    def fileno(self) -> int:
        """Of the socket, for a selector."""
        assert self._socket is not None
        return self._socket.fileno()

    # -- jobs

    def send(self, job: Iterable[bytes | memoryview], seconds: float) -> None:
        """Begin to send a job; the rest goes when the socket takes it (`go_on`).

        Raises:
            Unreadable: No process can be started.
        """
        if not self.is_started or (not self.asked and not self._is_usable()):
            try:
                self.start()
            except OSError as error:
                raise Unreadable(f"no process could be started to read it: {error}") from None
        if not self.asked:
            self.deadline = time.monotonic() + PATIENCE * seconds + (START_SECONDS if self._is_new else 0)
        self.asked.append(seconds)
        self._unsent += [memoryview(piece) for piece in job if piece]
        self.go_on()

    def _is_usable(self) -> bool:
        """Test for bytes that were not asked for, and for a closed end."""
        if self._is_new:
            return self._process is not None and self._process.poll() is None
        # Where a loop watches, it hears of both at once.
        return not (self._frames.is_partial or (not self.is_watched and select.select([self], [], [], 0)[0]))

    def go_on(self) -> bool:
        """Send what the socket takes; whether anything is left."""
        handle = self._socket
        while self._unsent and handle is not None:
            try:
                sent = handle.sendmsg(self._unsent)
            except BlockingIOError:
                return True
            except OSError:
                break  # it has died: its end is read from the socket
            while self._unsent and sent >= len(self._unsent[0]):
                sent -= len(self._unsent.pop(0))
            if self._unsent:
                self._unsent[0] = self._unsent[0][sent:]
        self._unsent = []
        return False

    def received(self) -> bytes | None:
        """The reply to the first job that is asked, once it is whole.

        Raises:
            Unreadable: The process has ended, or what it sends is no reply: none of its jobs is answered any more.
        """
        try:
            while (reply := next(self._frames.whole(), None)) is None or reply[:1] == READY:
                if reply is not None:
                    self._is_new = False
                    self._lacking(reply[1:201].decode("utf-8", "replace"))
                    continue
                piece = self._socket.recv(_PIECE) if self._socket is not None else b""
                if not piece:
                    raise Unreadable(f"{self._ended()} and was given up")
                self._frames.add(piece)
        except BlockingIOError:
            return None
        except BadMessage as error:
            raise self.disbelieved(error) from None
        except OSError:
            raise Unreadable(f"{self._ended()} and was given up") from None
        if not self.asked:
            raise self.disbelieved(BadMessage("it was not asked"))
        self.asked.popleft()
        self.deadline = time.monotonic() + PATIENCE * self.asked[0] + START_SECONDS if self.asked else inf
        return reply

    def disbelieved(self, error: BadMessage) -> Unreadable:
        """End a worker that sent something else than a reply."""
        logger.error("worker-reply %s: the worker is ended", error)
        self.stop()
        return Unreadable("reading gave no answer that could be understood and was given up")

    def overdue(self) -> Unreadable:
        """End a worker that gives no answer in time."""
        seconds = self._seconds
        self.stop()
        return Unreadable(f"reading took over {PATIENCE * seconds:g} s on the clock and was given up")

    @property
    def _seconds(self) -> float:
        """Of processor time, for the job that is being done."""
        return self.asked[0] if self.asked else self._limits.seconds

    # -- the process

    def start(self) -> None:
        """Start a process in place of the one that may be there.

        Raises:
            OSError: None can be started.
        """
        self.stop()
        try:
            self._start()
        except OSError:
            self.stop()
            raise

    def _start(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
        self._frames, self._unsent, self._is_new = Frames(), [], True
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawler.workers.process", str(theirs.fileno()), str(self._limits.memory), *self._modules],
                pass_fds=[theirs.fileno()], env=environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def _ended(self) -> str:
        """Wait for the end of the process, and name its reason."""
        process = self._process
        code, seconds = None, self._seconds
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(END_SECONDS) if process is not None else None
        self.stop()
        if code == -signal.SIGPROF:
            return f"reading took over {seconds:g} s"
        if code == -signal.SIGALRM:
            return f"reading took over {PATIENCE * seconds:g} s on the clock"
        return f"reading took over {self._limits.memory // MIB} MiB or failed (worker ended with {code})"

    def stop(self) -> None:
        """End the process."""
        # First the process, so that a thread that waits for its answer hears of its end.
        process, self._process = self._process, None
        handle, self._socket = self._socket, None
        self.asked, self.deadline, self.is_watched = deque(), inf, False
        if process is not None:
            process.kill()
            process.wait()
        if handle is not None:
            handle.close()


def wait_for_some(workers: Sequence[Worker]) -> None:
    """Wait until a worker sends, takes more of its job, or is overdue."""
    poll = select.poll()
    for worker in workers:
        poll.register(worker, select.POLLIN | (select.POLLOUT if worker.go_on() else 0))
    left = min(worker.deadline for worker in workers) - time.monotonic()
    poll.poll(None if left == inf else max(0.0, left) * 1000)
