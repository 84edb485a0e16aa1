"""Named points at which a test can kill the process or fail a step.

Nothing happens at any of them unless the environment variable ARCHIVE_FAULT is set.

ARCHIVE_FAULT=sync:after=kill       the process is killed there as by `kill -9`
ARCHIVE_FAULT=commit:middle=kill@3  ... when it comes there for the third time
ARCHIVE_FAULT=seal:before=hold      the process waits there for half a minute, or until it is ended
ARCHIVE_FAULT=sync:before=EIO       the step fails there with that error of the operating system
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from itertools import count

POINTS = (
    "create:before", "create:middle", "create:after", "append:before", "append:middle", "append:after", "sync:before", "sync:after",
    "commit:before", "commit:middle", "commit:after", "acknowledge:after", "seal:before", "seal:listed", "seal:renamed", "seal:after",
    "read:after", "found:after", "filed:after", "settled:after",
    "recover:before", "recover:copied", "recover:cut", "recover:synced", "recover:sealed", "recover:indexed", "recover:listed",
    "resume:before", "resume:read", "rebuild:before", "rebuild:indexed", "rebuild:read", "rebuild:written", "rebuild:replaced",
    "migrate:middle", "reread:row", "reread:replaced", "upload:stored", "upload:verified", "upload:referred",
    "gather:added", "gather:resolve", "gather:filed", "gather:written",
)  # fmt: skip
"""Every point, in the order in which a run comes to them."""

VARIABLE = "ARCHIVE_FAULT"
_place, _, _rest = os.environ.get(VARIABLE, "").partition("=")
_what, _, _nth = _rest.partition("@")
_times = count(1)


def failpoint(point: str) -> None:
    """Fail here if ARCHIVE_FAULT names this point.

    Raises:
        OSError: The error that ARCHIVE_FAULT names.
    """
    if point != _place or next(_times) != int(_nth or 1):
        return
    if _what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if _what == "hold":
        print(f"held at {point}", file=sys.stderr, flush=True)
        time.sleep(30)
        return
    number = getattr(errno, _what)
    raise OSError(number, os.strerror(number))
