"""Main program of a worker process: jobs and replies over a socket pair."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from crawler.errors import Unreadable

PATIENCE = 12
"""How many times its processor seconds a job may take on the clock: the machine may be busy with others."""
NICE = 5


def serve(jobs: Connection, seconds: float) -> None:
    """Run jobs until the socket closes; the kernel ends a job that takes too long."""
    while True:
        try:
            function, arguments = jobs.recv()
        except EOFError:
            return
        except MemoryError:
            jobs.send_bytes(_packed((False, Unreadable("reading took too much memory and was given up"), "")))
            continue
        except Exception as error:  # noqa: BLE001 - raised again in the process that asked
            jobs.send_bytes(_packed((False, RuntimeError(f"cannot be taken: {type(error).__name__}: {error}"), traceback.format_exc())))
            continue
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
        answer = _packed(_reply_of(function, arguments))
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        jobs.send_bytes(answer)


_Reply = tuple[bool, Any, str]
"""Whether it was done, what it gave or raised, and the traceback."""


def _reply_of(function: Callable[..., Any], arguments: tuple[Any, ...]) -> _Reply:
    try:
        return True, function(*arguments), ""
    except MemoryError:
        return False, Unreadable("reading took too much memory and was given up"), ""
    except Exception as error:  # noqa: BLE001 - raised again in the process that asked
        told = traceback.format_exc()
        with contextlib.suppress(Exception):
            pickle.loads(pickle.dumps(error))
            return False, error, told
        return False, RuntimeError(f"{type(error).__name__}: {error}"), told


def _packed(reply: _Reply) -> bytes:
    """Pickle a reply; one that cannot be pickled becomes a fault."""
    try:
        return pickle.dumps(reply)
    except MemoryError:
        return pickle.dumps((False, Unreadable("reading took too much memory and was given up"), ""))
    except Exception as error:  # noqa: BLE001 - raised again in the process that asked
        return pickle.dumps((False, RuntimeError(f"cannot be sent: {type(error).__name__}: {error}"), traceback.format_exc()))


def main(handle: str, memory: str, seconds: str) -> None:
    """Serve the other end of a socket pair."""
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)  # the process that talks to the network goes first
    with Connection(int(handle)) as jobs:
        serve(jobs, float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
