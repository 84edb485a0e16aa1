"""Filter of system calls for a worker process: seccomp-BPF through `prctl`.

A list of what is refused, not of what is allowed: a library that makes a call nobody thought of loses that call's safety, not every page.
Source: Linux, Documentation/userspace-api/seccomp_filter.rst; numbers from asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

from attrs import frozen

REFUSED: dict[str, tuple[int | None, int | None]] = {
    # network
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242),
    # processes, and other processes' memory
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440), "kcmp": (312, 272),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # files
    "creat": (85, None), "truncate": (76, 45), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "link": (86, None), "linkat": (265, 37), "unlink": (87, None),
    "unlinkat": (263, 35), "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55),
    "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None), "futimesat": (261, None),
    "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "setxattrat": (463, 463), "removexattrat": (466, 466),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "memfd_create": (319, 279), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "msgget": (68, 186), "semget": (64, 190), "shmget": (29, 194), "shmat": (30, 196),
    # the machine
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "personality": (135, 92), "vhangup": (153, 58),
    # rights and limits
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143), "setgroups": (116, 159),
    "setresuid": (117, 147), "setresgid": (119, 149), "setfsuid": (122, 151), "setfsgid": (123, 152), "capset": (126, 91),
    "setrlimit": (160, 164), "setpriority": (141, 140), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "ioprio_set": (251, 30),
}  # fmt: skip
"""Calls that are refused with EPERM: their numbers on x86_64 and on aarch64."""
ABSENT = {"clone3": (435, 435), "openat2": (437, 437)}
"""Calls whose arguments lie in memory, where a filter cannot look: ENOSYS, so that libc takes the older call."""
_CLONE, _OPENAT, _PRLIMIT, _KILL, _TGKILL = (56, 220), (257, 56), (302, 261), (62, 129), (234, 131)
_OPEN = 2
"""Of x86_64 alone."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | (getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY)
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000
"""First number of x86_64's second table of calls."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""BPF: load a word, jump if equal, if not less, if a bit is set; return."""
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`; each argument takes 8 bytes, its lower word first."""
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2

Instruction = tuple[int, int, int, int]


@frozen
class Machine:
    """One processor architecture, as seccomp names it."""

    column: int
    audit: int
    """AUDIT_ARCH_*."""


MACHINES = {"x86_64": Machine(0, 0xC000003E), "aarch64": Machine(1, 0xC00000B7)}
"""By `platform.machine()`; little-endian, 64 bits."""


def machine() -> Machine | None:
    """The architecture of this process; None if no filter is written for it."""
    fits = sys.platform == "linux" and sys.byteorder == "little" and struct.calcsize("P") == 8
    return MACHINES.get(platform.machine()) if fits else None


def filter_calls() -> str | None:
    """Refuse this thread, and those it starts, network, files to write, and other processes.

    Returns:
        None, or why the kernel does not take the filter.
    """
    here = machine()
    if here is None:
        return f"no filter of system calls for {platform.machine()}"
    program = program_for(here, os.getpid())
    packed = b"".join(struct.pack("=HBBI", *one) for one in program)
    buffer = ctypes.create_string_buffer(packed, len(packed))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return f"PR_SET_NO_NEW_PRIVS: {os.strerror(ctypes.get_errno())}"
    described = Program(len(program), ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(described), 0, 0) != 0:
        return f"seccomp: {os.strerror(ctypes.get_errno())}"
    return None


def program_for(here: Machine, pid: int) -> list[Instruction]:
    """Write the filter: a BPF program over one system call."""
    refuse: Instruction = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, here.audit), (_RETURN, 0, 0, _KILL_PROCESS), (_LOAD, 0, 0, _NUMBER),
    ]  # fmt: skip
    if here.column == 0:
        program += [(_AT_LEAST, 0, 1, _X32), refuse]
    for table, code in ((ABSENT, errno.ENOSYS), (REFUSED, errno.EPERM)):
        for numbers in table.values():
            if (number := numbers[here.column]) is not None:
                program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | code)]
    return program + _by_arguments(here, pid, refuse)


def _by_arguments(here: Machine, pid: int, refuse: Instruction) -> list[Instruction]:
    """The rules that look at arguments, and the end: all else is allowed."""
    allow: Instruction = (_RETURN, 0, 0, _ALLOW)

    def rule(number: int, *steps: Instruction) -> list[Instruction]:
        return [(_EQUAL, 0, len(steps), number), *steps]

    def argument(which: int, *, upper: bool = False) -> Instruction:
        return _LOAD, 0, 0, _ARGUMENTS + 8 * which + (4 if upper else 0)

    def opened(which: int) -> tuple[Instruction, ...]:
        return argument(which), (_ANY_BIT, 0, 1, _WRITES), refuse, allow

    program = [*rule(_OPEN, *opened(1))] if here.column == 0 else []
    program += rule(_OPENAT[here.column], *opened(2))
    program += rule(_CLONE[here.column], argument(0), (_ANY_BIT, 1, 0, _CLONE_THREAD), refuse, allow)
    for call in (_KILL, _TGKILL):  # itself only, as `abort` does
        program += rule(call[here.column], argument(0), (_EQUAL, 1, 0, pid), refuse, allow)
    # Limits may be asked for, and not set.
    program += rule(
        _PRLIMIT[here.column], argument(2), (_EQUAL, 0, 2, 0), argument(2, upper=True), (_EQUAL, 1, 0, 0), refuse, allow
    )  # fmt: skip
    return [*program, allow]
