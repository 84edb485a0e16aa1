"""A process of the local engine: `python -m crawler.rereading.task_process FD`."""

from __future__ import annotations

import os
import signal
import sys
import time
from multiprocessing.connection import Connection

from crawler.rereading.read_warc import close_readers

_EVERY_SECONDS = 0.5


def serve(pipe: Connection) -> None:
    """Run tasks that come through a pipe, and send their results, until it is closed."""
    try:
        while True:
            function, task = pipe.recv()
            pipe.send(function(task, tell=_Counter(pipe)))
    except (EOFError, OSError) as error:
        # Whoever asked is gone.
        if not isinstance(error, EOFError | BrokenPipeError | ConnectionResetError):
            raise
    finally:
        close_readers()


class _Counter:
    """Sends how many captures came since the last time, twice a second."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._told, self._when = pipe, 0, time.monotonic()

    def __call__(self, count: int) -> None:
        now = time.monotonic()
        if now - self._when >= _EVERY_SECONDS:
            self._pipe.send(count - self._told)
            self._told, self._when = count, now


def _stop(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    serve(Connection(descriptor))
