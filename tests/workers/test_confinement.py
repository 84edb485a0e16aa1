"""A worker that tries: no network, no file to write, no further process, nobody else's memory; reading goes on."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tries import attach, connected, forked, in_a_thread, opened, raw, tried

from crawler.workers import confinement, landlock, seccomp
from crawler.workers.pool import JobLimits, Workers


def offered() -> str:
    """What confinement lacks here, told by a process of its own."""
    code = "from crawler.workers.confinement import confine; print(confine())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


LACKING = offered()
confined = pytest.mark.skipif(bool(LACKING), reason=f"this kernel cannot: {LACKING}")


@pytest.fixture(scope="module")
def worker() -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch, Workers(JobLimits(workers=1, seconds=20)) as made:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        yield made


@confined
def test_no_network(worker: Workers) -> None:
    assert set(worker.call(connected).split()) == {"EPERM"}
    assert worker.call(tried, socket.socketpair) == "EPERM"
    assert worker.call(raw, seccomp.REFUSED["connect"][seccomp.machine().column], 0, 0, 0) == errno.EPERM  # type: ignore[union-attr]


@confined
@pytest.mark.parametrize(
    "flags", [os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_CREAT, os.O_RDONLY | os.O_TRUNC, os.O_WRONLY | os.O_APPEND, os.O_RDONLY | os.O_CREAT],
    ids=["write", "both", "create", "truncate", "append", "create to read"],
)  # fmt: skip
def test_no_file_to_write(worker: Workers, tmp_path: Path, flags: int) -> None:
    (tmp_path / "held").write_text("held")
    assert worker.call(opened, str(tmp_path / "held"), flags) in ("EPERM", "EACCES")
    assert worker.call(opened, str(tmp_path / "fresh"), flags) in ("EPERM", "EACCES", "ENOENT")
    assert [one.name for one in tmp_path.iterdir()] == ["held"]
    assert (tmp_path / "held").read_text() == "held"


@confined
@pytest.mark.parametrize(
    ("function", "arguments"),
    [(os.unlink, ("held",)), (os.rename, ("held", "new")), (os.mkdir, ("new",)), (os.link, ("held", "new")), (os.symlink, ("held", "new")),
     (os.truncate, ("held", 0)), (os.chmod, ("held", 0o777)), (os.chown, ("held", 0, 0)), (os.utime, ("held", (0, 0))), (os.mkfifo, ("new",)),
     (os.rmdir, ("folder",)), (os.setxattr, ("held", "user.x", b"1"))],
    ids=lambda one: one.__name__ if callable(one) else "",
)  # fmt: skip
def test_nothing_is_changed_in_a_folder(worker: Workers, tmp_path: Path, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    (tmp_path / "held").write_text("held")
    (tmp_path / "folder").mkdir()
    before = (tmp_path / "held").stat()
    named = [str(tmp_path / one) if isinstance(one, str) and one in ("held", "new", "folder") else one for one in arguments]
    assert worker.call(tried, function, *named) in ("EPERM", "EACCES")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "held"]
    assert (tmp_path / "held").stat() == before


@confined
def test_no_further_process_and_nobody_elses(worker: Workers) -> None:
    assert worker.call(forked) == "EPERM"
    assert worker.call(tried, os.execv, "/bin/true", ["true"]) == "EPERM"
    assert worker.call(tried, subprocess.run, ["/bin/true"]) == "EPERM"
    assert worker.call(attach, os.getpid()) == errno.EPERM
    assert worker.call(tried, os.kill, os.getpid(), 0) == "EPERM"
    assert worker.call(tried, os.kill, -1, 0) == "EPERM"


@confined
def test_limits_stay_and_rights_do_not_grow(worker: Workers) -> None:
    most = worker.call(resource.getrlimit, resource.RLIMIT_AS)
    assert worker.call(tried, resource.setrlimit, resource.RLIMIT_AS, (-1, -1)) in ("EPERM", "not allowed to raise maximum limit")
    assert worker.call(resource.getrlimit, resource.RLIMIT_AS) == most
    assert worker.call(tried, os.setuid, 0) == "EPERM"


@confined
def test_a_call_that_a_filter_cannot_look_into_is_not_there(worker: Workers) -> None:
    for numbers in seccomp.ABSENT.values():
        assert worker.call(raw, numbers[seccomp.machine().column], 0, 0, 0, 0) == errno.ENOSYS  # type: ignore[union-attr]


@confined
def test_it_reads_and_computes_as_before(worker: Workers) -> None:
    assert worker.call(in_a_thread) == [Path(os.__file__).stat().st_size]
    assert worker.call(tried, __import__, "trafilatura") == "done"
    assert worker.call(os.listdir, str(Path(__file__).parent)) == os.listdir(Path(__file__).parent)  # noqa: PTH208


@confined
def test_it_may_end_itself(worker: Workers) -> None:
    with pytest.raises(Exception, match=f"ended with -{signal.SIGABRT}"):
        worker.call(os.abort)


@pytest.mark.skipif("LACKING and 'Landlock' in LACKING", reason=f"this kernel cannot: {LACKING}")
def test_either_wall_alone_keeps_files_from_being_written(tmp_path: Path) -> None:
    for name, wall in (("landlock", "restrict"), ("seccomp", "filter_calls")):
        code = f"import os\nfrom crawler.workers.{name} import {wall}\n{wall}()\nopen({str(tmp_path / 'new')!r}, 'w')"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "PermissionError" in done.stderr, (name, done.stderr)


def test_a_kernel_that_offers_nothing_is_told_once_and_all_works(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with Workers(JobLimits(workers=2)) as workers:
        for worker in workers._all:
            worker._lacking("seccomp: Invalid argument")
            worker._lacking("")
        assert list(workers.lacking) == ["seccomp: Invalid argument"]
    assert [record.message for record in caplog.records] == ["workers-not-confined seccomp: Invalid argument"]
    monkeypatch.setattr(confinement, "restrict", lambda: (0, "Landlock: none"))
    monkeypatch.setattr(confinement, "filter_calls", lambda: None)
    assert confinement.confine() == "", "the filter alone keeps all of it"
    monkeypatch.setattr(confinement, "filter_calls", lambda: "seccomp: none")
    assert confinement.confine() == "seccomp: none; Landlock: none"
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seccomp.filter_calls() == "no filter of system calls for riscv64"


# -- the filter itself, without a kernel


def ruled(here: seccomp.Machine, number: int, *arguments: int, audit: int | None = None) -> int:
    """Run the filter over one call, as the kernel does."""
    words = {0: number, 4: here.audit if audit is None else audit}
    for which, argument in enumerate(arguments):
        words[16 + 8 * which], words[20 + 8 * which] = argument & 0xFFFFFFFF, argument >> 32
    program, at, held = seccomp.program_for(here, 4321), 0, 0
    while True:
        code, if_true, if_false, k = program[at]
        at += 1
        if code == 0x06:
            return k
        if code == 0x20:
            held = words.get(k, 0)
        else:
            holds = {0x15: held == k, 0x35: held >= k, 0x45: bool(held & k)}[code]
            at += if_true if holds else if_false


ALLOWED, REFUSED, ABSENT, KILLED = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000


@pytest.mark.parametrize("name", seccomp.MACHINES)
def test_the_filter_rules_on_either_machine(name: str) -> None:
    here = seccomp.MACHINES[name]

    def rule(numbers: tuple[int | None, int | None], *arguments: int) -> int:
        number = numbers[here.column]
        assert number is not None
        return ruled(here, number, *arguments)

    assert all(rule(numbers) == REFUSED for numbers in seccomp.REFUSED.values() if numbers[here.column] is not None)
    assert all(rule(numbers) == ABSENT for numbers in seccomp.ABSENT.values())
    assert rule(seccomp._OPENAT, 0, 0, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY) == ALLOWED
    assert {rule(seccomp._OPENAT, 0, 0, flag) for flag in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_TMPFILE)} == {REFUSED}
    assert (rule(seccomp._CLONE, 17), rule(seccomp._CLONE, 0x3D0F00)) == (REFUSED, ALLOWED)
    assert (rule(seccomp._KILL, 4321), rule(seccomp._KILL, 1), rule(seccomp._TGKILL, 4321), rule(seccomp._TGKILL, 1)) == (ALLOWED, REFUSED) * 2
    assert (rule(seccomp._PRLIMIT, 0, 9, 0), rule(seccomp._PRLIMIT, 0, 9, 4096), rule(seccomp._PRLIMIT, 0, 9, 1 << 40)) == (ALLOWED, REFUSED, REFUSED)
    read, write = ((0, 63), (1, 64))
    assert (rule(read), rule(write)) == (ALLOWED, ALLOWED)
    assert ruled(here, 0, audit=0x40000003) == KILLED, "a call by the table of another architecture"
    if name == "x86_64":
        assert ruled(here, 0x40000000 + 41) == REFUSED, "x32"
        assert (ruled(here, 2, 0, os.O_RDONLY), ruled(here, 2, 0, os.O_WRONLY)) == (ALLOWED, REFUSED)


def test_landlock_is_asked_for_what_its_version_knows() -> None:
    sizes = [len(landlock.handled(version)) for version in range(1, 8)]
    assert sizes == [8, 8, 8, 16, 16, 24, 24]
    assert all(landlock.handled(version)[0] & landlock.WRITE_FILE for version in range(1, 8))


def test_the_numbers_are_those_of_this_machines_headers() -> None:
    header = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}.get(platform.machine())
    here = seccomp.machine()
    if here is None or header is None or not Path(header).exists():
        pytest.skip("no headers of this kernel")
    known: dict[str, int] = {}
    for line in Path(header).read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[1].startswith("__NR_"):
            with contextlib.suppress(ValueError):
                known[words[1].removeprefix("__NR_")] = int(words[2])
    wrong = {name: numbers[here.column] for name, numbers in (seccomp.REFUSED | seccomp.ABSENT).items()
             if name in known and known[name] != numbers[here.column]}  # fmt: skip
    assert not wrong
