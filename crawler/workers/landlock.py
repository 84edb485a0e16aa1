"""Landlock for a worker process: no writable file, no TCP port.

Source: Linux, Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
"""Numbers of system calls, the same on every architecture but alpha."""
_VERSION = 1
"""Flag: ask for the version of the interface."""
_PR_SET_NO_NEW_PRIVS = 38
EXECUTE, WRITE_FILE = 1 << 0, 1 << 1
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_BIND_AND_CONNECT = 3
_SIGNALS_AND_ABSTRACT_SOCKETS = 3


def handled(version: int) -> bytes:
    """`struct landlock_ruleset_attr` of all that this version can refuse, but reading."""
    files = EXECUTE | WRITE_FILE | _REMOVE_AND_MAKE
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        files |= right if version >= since else 0
    if version < 4:
        return struct.pack("=Q", files)
    if version < 6:
        return struct.pack("=QQ", files, _BIND_AND_CONNECT)
    return struct.pack("=QQQ", files, _BIND_AND_CONNECT, _SIGNALS_AND_ABSTRACT_SOCKETS)


def restrict() -> tuple[int, str | None]:
    """Restrict this thread, and those it starts, to reading files.

    Returns:
        The version of the kernel's interface, 0 for none; and None, or why it does not restrict.
    """
    if sys.platform != "linux":
        return 0, f"Landlock: not on {sys.platform}"
    libc = ctypes.CDLL(None, use_errno=True)

    def call(number: int, *arguments: object) -> int:
        return int(libc.syscall(ctypes.c_long(number), *arguments))

    version = call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return 0, f"Landlock: {os.strerror(ctypes.get_errno())}"
    attributes = handled(version)
    ruleset = call(_CREATE_RULESET, ctypes.c_char_p(attributes), ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return 0, f"Landlock: {os.strerror(ctypes.get_errno())}"
    try:
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)) != 0:
            return 0, f"Landlock: {os.strerror(ctypes.get_errno())}"
    finally:
        os.close(ruleset)
    return version, None
