"""Process that runs a server and ends it when its own parent has gone.

Run as a script, by its path: `python -I keeper.py COMMAND ...`. It reads its standard input to the end, which comes when whoever holds the
other end closes it, or was killed. The server's last lines of log go to standard error when it ends by itself.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

LAST_LINES = 20
GRACE = 5.0
"""Seconds between the request to end and the kill."""
_PR_SET_PDEATHSIG = 1


def keep(command: Sequence[str]) -> int:
    """Run a command until it ends or standard input does; return its exit code."""
    last: deque[bytes] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_end_with_parent
    ) as child:  # fmt: skip
        threading.Thread(target=_end_with_input, args=[child], daemon=True).start()
        assert child.stdout is not None
        for line in child.stdout:
            last.append(line[:500])
    sys.stderr.buffer.write(b"".join(last))
    sys.stderr.flush()
    return child.returncode


def _end_with_parent() -> None:
    """Have Linux kill this process when its parent dies; a no-op elsewhere."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _end_with_input(child: subprocess.Popen[bytes]) -> None:
    """End a child when standard input has ended."""
    while os.read(sys.stdin.fileno(), 4096):  # `sys.stdin.read` holds a lock, over which the interpreter stumbles as it ends
        pass
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
