"""What a worker of the tests tries: each a function that a worker can import, answering with plain data."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

PTRACE_ATTACH = 16


def raw(number: int, *arguments: int) -> int:
    """Make a system call; its errno, 0 for none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return ctypes.get_errno() if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0 else 0


def attach(pid: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return ctypes.get_errno() if libc.ptrace(PTRACE_ATTACH, pid, 0, 0) < 0 else 0


def opened(path: str, flags: int) -> str:
    """Open a file; the kind of error, or that it was none."""
    return tried(os.open, path, flags, 0o600)


def tried(function: Callable[..., Any], *arguments: Any) -> str:
    try:
        function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    except ValueError as error:
        return str(error)
    return "done"


def connected() -> str:
    """Reach out by every family of addresses."""
    return " ".join(tried(socket.socket, family, kind) for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK)
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))  # fmt: skip


def forked() -> str:
    return tried(os.fork)


def in_a_thread() -> list[int]:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(len(Path(os.__file__).read_bytes())))
    thread.start()
    thread.join()
    return found


def suicide(number: int) -> int:
    """Die at every fifth job."""
    if number % 5 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
